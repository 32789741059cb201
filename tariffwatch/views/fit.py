"""Cells fitted into columns: wrapped and cropped by what they take on a terminal. Pure.

:mod:`tariffwatch.views.terminal` leaves this to Rich; a screen that is scrolled must know its lines before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len

from tariffwatch.views.chart import Row
from tariffwatch.views.document import Cell


def beside(columns: Sequence[tuple[int, Sequence[Cell]]], width: int) -> list[Row]:
    """Columns side by side, each of a width, its cells wrapped below one another; at least one line."""
    blocks = [
        [line for cell in stacked if cell.text for line in wrapped(cell.text, room, cell.style)]
        for room, stacked in columns
    ]
    rows: list[Row] = []
    for parts in zip_longest(*blocks, fillvalue=[]) if any(blocks) else [[[]]]:
        row: Row = []
        for number, ((room, _), part) in enumerate(zip(columns, parts, strict=False)):
            text = part[0].text if part else ""
            gap = " " * (1 if number == 0 else 2)
            row += [*part, Cell(" " * (room - cells(text)) + gap)]
        rows.append(cropped(row, width))
    return rows


def cropped(row: Row, width: int) -> Row:
    """A row without the blanks at its end, no wider than the screen."""
    while row and not row[-1].text.strip():
        row.pop()
    kept: Row = []
    for cell in row:
        text = fitting(cell.text, width)
        kept.append(cell._replace(text=text))
        width -= cells(text)
    return kept


def wrapped(text: str, width: int, style: str) -> list[Row]:
    """A text in lines of at most a width, broken at blanks; a word that is too long, at a hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) <= width:
            line += f" {word}"
            continue
        lines += [line] if line else []
        while cells(word) > width:
            piece = fitting(word, width)
            cut = piece.rfind("-") + 1 or len(piece) or 1
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    lines += [line] if line else []
    return [[Cell(line, style)] for line in lines]


def fitting(text: str, width: int) -> str:
    """As much of the beginning of a text as a width holds."""
    while cells(text) > max(0, width):
        text = text[:-1]
    return text


def cells(text: str) -> int:
    """The columns that a text takes on a terminal: wide characters take two, marks above others none."""
    return cell_len(text)
