"""The same documents on a terminal, with Rich: wrapped to its width, never cut off."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TextIO

from rich import box
from rich.console import Console, ConsoleDimensions
from rich.live import Live
from rich.table import Table as RichTable
from rich.text import Text

from tariffwatch.views import chart
from tariffwatch.views.document import Cell, Chart, Column, Document, Heading, Key, Link, Paragraph, Table
from tariffwatch.views.plain import speller

NARROW = 160
"""Below this many columns, the secondary columns of a table are stacked under the main ones."""


ROOMY = 110
"""From this many columns on, there is room for spare columns."""

Ink = Callable[[str, str], Text]
"""Makes harmless text of a style out of words from a ledger."""


def write(document: Document, stream: TextIO, *, width: int, colour: bool, ascii_only: bool) -> None:
    """Draw a document on a terminal ``width`` columns wide."""
    console = _console(stream, colour, width)
    spell = speller(ascii_only)

    def ink(words: str, style: str) -> Text:
        return Text(spell(words), style=style if colour else "", overflow="fold")

    for number, block in enumerate(document):
        match block:
            case Heading():
                if number:
                    console.print()
                console.print(ink(block.text.upper(), "bold"))
            case Paragraph():
                console.print(ink(block.text, block.style))
            case Link():
                console.print(ink(f"  {block.url}", "dim"), soft_wrap=True)
            case Table():
                console.print(_table(block, width, ink, ascii_only))
            case Key():
                for line in _lines([ink(sign.text, sign.style) for sign in block.signs], width):
                    console.print(Text("  ").join(line))
            case Chart():
                for row in chart.draw(block, width, spell):
                    console.print(Text("").join(ink(cell.text, cell.style) for cell in row))
                console.print()


class Canvas:
    """A terminal's whole screen, drawn over and over, and given back as it was when the block ends."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        self._console = _console(stream, colour)
        self._colour = colour

    def __enter__(self) -> Canvas:
        self._live = Live(
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._console.clear()  # tmux, resized meanwhile, would leave what is drawn on the screen below
        finally:
            self._live.stop()

    def draw(self, rows: Sequence[Sequence[Cell]], width: int, height: int) -> None:
        """Draw rows of harmless text on a screen of that size."""
        self._console.size = ConsoleDimensions(width, height)
        lines = [Text("").join(self._text(cell) for cell in row) for row in rows]
        page = Text("\n", no_wrap=True, overflow="crop").join(lines)
        self._live.update(page, refresh=True)

    def _text(self, cell: Cell) -> Text:
        return Text(cell.text, style=cell.style if self._colour else "")


class Bar:
    """A bar that says how far something is, drawn over itself and gone when the block ends."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=_console(stream, colour), transient=True)

    def __enter__(self) -> Bar:
        self._progress.start()
        self._task = self._progress.add_task("", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, doing: str, part: float | None) -> None:
        """Show what is being done, and which part of it is done; None is not known."""
        total = None if part is None else 1.0
        self._progress.update(self._task, description=doing, total=total, completed=part or 0.0, refresh=True)


def _console(stream: TextIO, colour: bool, width: int | None = None) -> Console:
    return Console(
        file=stream,
        width=width,
        force_terminal=True,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
    )


def _lines(signs: Sequence[Text], width: int) -> list[list[Text]]:
    """As many signs in a line as there is room for, two columns apart."""
    lines: list[list[Text]] = [[]]
    for sign in signs:
        if lines[-1] and sum(len(other) + 2 for other in lines[-1]) + len(sign) > width:
            lines.append([])
        lines[-1].append(sign)
    return lines


def _table(table: Table, width: int, ink: Ink, ascii_only: bool) -> RichTable:
    groups: list[list[int]] = []
    for n, column in enumerate(table.columns):
        empty = not any(row[n].text for row in table.rows)
        if empty or column.piped or (column.spare and width < ROOMY):
            continue
        if width < NARROW and column.under and groups:
            groups[-1].append(n)
        else:
            groups.append([n])
    stacked = any(len(group) > 1 for group in groups)
    drawn = RichTable(
        box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    for group in groups:
        drawn.add_column(ink(table.columns[group[0]].name, ""), overflow="fold")
    room = max(20, width // len(groups) - 4 if stacked else _room_for_ids(table, groups, width))
    for number, row in enumerate(table.rows):
        if number and stacked:
            drawn.add_row()
        drawn.add_row(*(_stack([(table.columns[n], row[n]) for n in group], room, ink) for group in groups))
    return drawn


def _room_for_ids(table: Table, groups: Sequence[Sequence[int]], width: int) -> int:
    """The columns left for ids when every other column takes what it needs, within reason."""
    others = [n for group in groups for n in group if not table.columns[n].slugs]
    longest = (max(len(row[n].text) for row in table.rows) for n in others)
    return width - sum(min(length, 30) + 2 for length in longest)


def _stack(cells: Sequence[tuple[Column, Cell]], room: int, ink: Ink) -> Text:
    """Cells one below the other, each after the first introduced by its label."""
    lines = []
    for number, (column, cell) in enumerate(cells):
        if not cell.text:
            continue
        if column.slugs:
            lines += [ink(part, cell.style) for part in textwrap.wrap(cell.text, room)]
        else:
            words = f"{column.label} {cell.text}" if number and column.label else cell.text
            lines.append(ink(words, cell.style))
    return Text("\n").join(lines)
