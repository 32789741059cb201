"""Plain text for pipes, cron and files: one line per row, no escape codes, nothing cut off."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from tariffwatch.views import chart
from tariffwatch.views.document import Chart, Document, Heading, Key, Link, Paragraph, Table
from tariffwatch.words import clean

_ASCII = str.maketrans({"—": "-", "–": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "→": "->"})


CHART_WIDTH = 100
"""Columns of a chart in a pipe: fixed, so that a page is the same wherever it was made."""


def render(document: Document, *, ascii_only: bool = False) -> str:
    """The document as text that ends with a line end."""
    parts: list[str] = []
    for block in document:
        match block:
            case Heading():
                parts += ["", clean(block.text).upper()] if parts else [clean(block.text).upper()]
            case Paragraph():
                parts.append(clean(block.text))
            case Link():
                parts.append(f"  {clean(block.url)}")
            case Table():
                parts += _table(block)
            case Key():
                parts.append("  ".join(clean(sign.text) for sign in block.signs))
            case Chart():
                parts += [*drawn(block, ascii_only=ascii_only), ""]
    text = "\n".join(parts) + "\n"
    return to_ascii(text) if ascii_only else text


def drawn(block: Chart, *, ascii_only: bool = False) -> list[str]:
    """The lines of a chart."""
    rows = chart.draw(block, CHART_WIDTH, speller(ascii_only))
    return ["".join(cell.text for cell in row).rstrip() for row in rows]


def speller(ascii_only: bool) -> Callable[[str], str]:
    """What makes text from a ledger harmless, in the characters that can be shown."""
    return (lambda text: to_ascii(clean(text))) if ascii_only else clean


def to_ascii(text: str) -> str:
    """Text for a locale that has ASCII only: accents go, what is left is written as an escape."""
    bare = unicodedata.normalize("NFKD", text.translate(_ASCII))
    kept = "".join(c for c in bare if not unicodedata.combining(c))
    return kept.encode("ascii", "backslashreplace").decode("ascii")


def _table(table: Table) -> list[str]:
    header = [column.name.upper() for column in table.columns]
    rows = [[clean(cell.text) for cell in row] for row in table.rows]
    used = [n for n in range(len(header)) if any(row[n] for row in rows)]
    widths = [max(len(row[n]) for row in [header, *rows]) for n in used]
    return [_line([row[n] for n in used], widths) for row in [header, *rows]]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
