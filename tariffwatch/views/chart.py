"""Strips drawn in rows of text. Pure: a chart and a width give rows of cells.

A column is an equal part of the span. A strip shows the letter of a phase where a stretch begins, and
the fill of its kind as far as it reaches::

    |2025-02       |2025-03       |2025-04
             v as of 2025-02-10
    CS~~~~~~~~~~~~~~~I===========I=========
    ^25%                         ^35%

Where several stretches begin within one column, a ``*`` stands for them. A rate stands below the column
from which it holds, or on the left of it where there is no room on the right.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.model import ENDED, PENDING, Phase
from tariffwatch.results import Span
from tariffwatch.timeline import Stretch
from tariffwatch.views.document import Cell, Chart
from tariffwatch.views.report import phase_style

Row = list[Cell]
"""Cells side by side; their texts together are the line."""

Spell = Callable[[str], str]
"""Makes text from a ledger harmless, in the characters that can be shown."""

SEVERAL = "*"
POINTER = "^"
LABELS = 20
"""The most columns that labels take; longer ones go on below."""

_DIM = "dim"
_BLANK = Cell(" ")
_STEPS = ((0, 1), (0, 7), (1, 0), (3, 0), (6, 0), (12, 0), (24, 0), (60, 0), (120, 0), (600, 0))
"""Distances between the ticks of the calendar: months, days."""


def draw(chart: Chart, width: int, spell: Spell = str) -> list[Row]:
    """The chart in rows of at most ``width`` columns: the calendar, the mark, then every strip."""
    labels = [spell(label) for label, _ in chart.strips]
    margin = min(max(map(len, labels), default=0), LABELS)
    room = max(1, width - (margin + 2 if margin else 0))
    rows = [("", _calendar(chart.span, chart.zone, room)), ("", _mark(chart, room))]
    for label, (_, stretches) in zip(labels, chart.strips, strict=True):
        lines = [strip(stretches, chart.span, room), *rates(stretches, chart.span, room, spell)]
        names = textwrap.wrap(label, LABELS) or [""]
        lines += [[_BLANK] * room for _ in names[len(lines) :]]
        lines[1:] = [_led(line, chart) for line in lines[1:]]
        rows += zip([*names, *[""] * (len(lines) - len(names))], lines, strict=True)
    gap = "  " if margin else ""
    return [_runs([Cell(name.ljust(margin) + gap), *cells]) for name, cells in rows]


def column(at: datetime, span: Span, width: int) -> int:
    """The column, 0 to ``width`` - 1, of an instant; what lies outside the span is in the first or last."""
    inside = min(max(at, span.start), span.end)
    return min((inside - span.start) * width // (span.end - span.start), width - 1)


def strip(stretches: Sequence[Stretch], span: Span, width: int) -> Row:
    """The strip itself, a cell a column: letters, fills, blanks, and ``*`` for several beginnings."""
    cells = [_BLANK] * width
    begun = Counter(column(stretch.start, span, width) for stretch in stretches)
    for stretch in stretches:
        first = column(stretch.start, span, width)
        last = width if stretch.end >= span.end else column(stretch.end, span, width)
        style = phase_style(stretch.phase)
        for n in range(first, max(first + 1, last)):
            cells[n] = Cell(fill(stretch.phase), style)
        cells[first] = Cell(letter(stretch.phase), style)
    for n, count in begun.items():
        if count > 1:
            cells[n] = Cell(SEVERAL, "bold")
    return cells


def rates(stretches: Sequence[Stretch], span: Span, width: int, spell: Spell = str) -> list[Row]:
    """The rates below the columns from which they hold, in as many rows as keep them apart."""
    rows: list[Row] = []
    held = None
    for stretch in stretches:
        if stretch.rate and stretch.rate != held:
            said = spell(stretch.rate.text)
            _place(rows, said, column(stretch.start, span, width), width, phase_style(stretch.phase))
        held = stretch.rate
    return rows


def letter(phase: Phase | None) -> str:
    """The letter with which a phase begins."""
    return words.LETTERS[phase] if phase else " "


def fill(phase: Phase | None) -> str:
    """What a strip is filled with: by kind, so that it can be read without colour."""
    if phase in (Phase.IN_FORCE, Phase.SUSPENDED):
        return "=" if phase is Phase.IN_FORCE else "~"
    return "-" if phase in PENDING else "." if phase in ENDED else " "


def _place(rows: list[Row], said: str, at: int, width: int, style: str) -> None:
    """Write a rate under its column, in the first row that has room for it and a blank on each side."""
    text, first = POINTER + said, at
    if at + len(text) > width:
        text, first = (said + POINTER, at - len(said)) if at >= len(said) else (POINTER, at)
    last = first + len(text)
    for row in rows:
        if all(cell.text == " " for cell in row[max(0, first - 1) : last + 1]):
            break
    else:
        row = [_BLANK] * width
        rows.append(row)
    row[first:last] = [Cell(sign, style) for sign in text]


def _mark(chart: Chart, width: int) -> Row:
    """The row that points at the instant asked about, or to the side on which it lies."""
    said = chart.marked
    if chart.mark < chart.span.start:
        return _written(f"< {said}", 0, width)
    if chart.mark >= chart.span.end:
        return _written(f"{said} >", max(0, width - len(said) - 2), width)
    at = column(chart.mark, chart.span, width)
    if at + len(said) + 2 <= width:
        return _written(f"v {said}", at, width)
    if at >= len(said) + 1:
        return _written(f"{said} v", at - len(said) - 1, width)
    return _written("v", at, width)


def _led(row: Row, chart: Chart) -> Row:
    """A row below a strip, with the mark led down past what stands in it."""
    at = column(chart.mark, chart.span, len(row))
    inside = chart.span.start <= chart.mark < chart.span.end
    if inside and all(cell.text == " " for cell in row[max(0, at - 1) : at + 2]):
        return [*row[:at], Cell("|", _DIM), *row[at + 1 :]]
    return row


def _written(text: str, at: int, width: int) -> Row:
    cells = [_BLANK] * width
    cells[at : at + len(text)] = [Cell(sign, "bold") for sign in text]
    return cells[:width]


def _calendar(span: Span, zone: ZoneInfo, width: int) -> Row:
    """Ticks at the beginning of days, weeks, months or years, as close as their names allow."""
    part = (span.end - span.start) / width
    for months, days in _STEPS:
        form = "|%Y" if months >= 12 else "|%Y-%m" if months else "|%Y-%m-%d"
        if timedelta(days=days or 29 * months) >= part * (len(f"{span.start:{form}}") + 1):
            break
    cells = [_BLANK] * width
    for day in _days(span, zone, months, days):
        begins = datetime.combine(day, time(), zone).astimezone(UTC)
        if not span.start - part <= begins < span.end:
            continue
        at, name = column(begins, span, width), f"{day:{form}}"
        free = at + len(name) <= width and all(cell is _BLANK for cell in cells[at : at + len(name)])
        for n, sign in enumerate(name if free else "|"):
            cells[at + n] = Cell(sign, _DIM)
    return cells


def _days(span: Span, zone: ZoneInfo, months: int, days: int) -> Iterator[date]:
    """The days with a tick, from before the span to its end: every so many months or days."""
    day, end = (edge.astimezone(zone).date() for edge in (span.start, span.end))
    if months:
        count = (day.year * 12 + day.month - 1) // months * months
        while (day := date(count // 12, count % 12 + 1, 1)) <= end:
            yield day
            count += months
    else:
        day -= timedelta(days=day.weekday() if days == 7 else 0)
        while day <= end:
            yield day
            day += timedelta(days=days)


def _runs(cells: Row) -> Row:
    """Neighbours of one style as one cell; no blanks at the end."""
    runs = [
        Cell("".join(cell.text for cell in run), style) for style, run in groupby(cells, lambda c: c.style)
    ]
    while runs and not runs[-1].style and not runs[-1].text.strip():
        runs.pop()
    return runs
