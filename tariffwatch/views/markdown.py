"""The same documents as Markdown, to paste into an issue, a wiki or a report: tables and links.

GitHub Flavored Markdown: a row of a table is one line (4.10), so a text is made one line, and then what
would be markup in it is escaped, which ASCII punctuation may always be (6.1). A dollar is escaped
because GitHub and Pandoc read formulas between two of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import assert_never
from urllib.parse import quote

from tariffwatch.model import citations
from tariffwatch.views import plain
from tariffwatch.views.document import Cell, Chart, Document, Heading, Key, Link, Paragraph, Table
from tariffwatch.words import clean

Address = Callable[[str, str], str | None]
"""Where the instrument that an action (its slug) calls by an id can be read, if that is known."""

_MARKUP = re.compile(r"[\\`*_\[\]<|~$]|&(?=#?\w+(;|$))")
"""What is markup anywhere in a line. A ``>`` is none without its ``<``, so that arrows stay readable; an
``&`` is where the name of a character follows, also one that is cut off before its semicolon."""
_OPENING = re.compile(r"\d{1,9}(?=[.)])|(?=[#>+=-])")
"""What begins a heading, quote, list or rule when a line begins with it, up to where it is escaped."""
_IN_ADDRESS = "/:?#@!$&'*+,;=%~"
"""What may stay in an address; brackets, bars and blanks are written as percent codes (RFC 3986, 2.1)."""


def render(document: Document, address: Address) -> str:
    """The document as text that ends with a line end; a heading that comes first is its title."""
    parts: list[str] = []
    for number, block in enumerate(document):
        match block:
            case Heading():
                # A "#" at the end of a heading would be taken for its closing (4.2).
                parts.append(f"{'##' if number else '#'} {_text(block.text)}".replace(" #", r" \#"))
            case Paragraph():
                parts.append(_paragraph(block.text))
            case Link():
                parts.append(f"<{_safe(block.url)}>")
            case Table():
                parts.append(_table(block, address))
            case Key():
                parts.append("  ".join(_text(sign.text) for sign in block.signs))
            case Chart():  # as code, so that its columns stay in place (4.5)
                parts.append("\n".join(["```text", *plain.drawn(block), "```"]))
            case _:
                assert_never(block)
    return "\n\n".join(parts) + "\n"


def _paragraph(text: str) -> str:
    line = _text(text)
    if opening := _OPENING.match(line):
        line = f"{line[: opening.end()]}\\{line[opening.end() :]}"
    return line


def _table(table: Table, address: Address) -> str:
    """Columns without any text are left out, as in plain text."""
    used = [n for n in range(len(table.columns)) if any(row[n].text for row in table.rows)]
    header = [_text(table.columns[n].name) for n in used]
    rows = [[_cell(row[n], address) for n in used] for row in table.rows]
    return "\n".join(_line(cells) for cells in [header, ["---"] * len(used), *rows])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, address: Address) -> str:
    if not cell.cites:
        return _text(cell.text)
    return "; ".join(
        f"{_linked(name, address(cell.cites, name))} {_text(section)}".rstrip()
        for name, section in citations(cell.text)
    )


def _linked(name: str, url: str | None) -> str:
    return f"[{_text(name)}]({_safe(url)})" if url else _text(name)


def _text(text: str) -> str:
    """Text from a ledger as one line without markup."""
    return _MARKUP.sub(r"\\\g<0>", clean(text).strip())


def _safe(url: str) -> str:
    """An address that ends where it should."""
    return quote(url, safe=_IN_ADDRESS)
