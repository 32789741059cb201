"""The page of timelines: strips drawn over time, and every change of them with its date, rate and source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.model import END, Line, Phase
from tariffwatch.results import Course, Span
from tariffwatch.timeline import Stretch
from tariffwatch.views.chart import POINTER, SEVERAL, fill, letter
from tariffwatch.views.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Key,
    Paragraph,
    Table,
)
from tariffwatch.views.report import DIM, WARN, When, phase_style, unchecked_note

COLUMNS = (
    Column("Action", piped=True),
    Column("From"),
    Column("Until", under=True, label="until"),
    Column("State"),
    Column("Lines", under=True, slugs=True),
    Column("Source"),
)


def timeline(found: Sequence[Course], span: Span, when: When, zone: ZoneInfo, named: bool = True) -> Document:
    """A chart for each action, and below it a row for each stretch of its strips.

    ``zone`` is the one on whose calendar the span was chosen; ``named`` says that each action was asked
    for by its id, so that none was left out.
    """
    drawn = f"{words.boundary(span.start, zone)} to {words.boundary(span.end, zone)}"
    if not found:
        return [Paragraph(f"{when.heading()}: no action matches that runs in {drawn}.")]
    document: list[Block] = [Paragraph(f"{when.heading()}, drawn from {drawn}.", "bold"), key(found, when)]
    for course in found:
        document += _course(course, when)
    if not named:
        left = "Left out: actions that had ended before, or were not public; name one to see it."
        document.append(Paragraph(left, DIM))
    return [*document, *unchecked_note([course.status for course in found])]


def _course(of: Course, when: When) -> list[Block]:
    action = of.status.action
    checked = f"{words.whose(action)}. Sources checked: {words.checked(of.status)}."
    blocks: list[Block] = [Heading(action.title), Paragraph(checked, WARN if of.status.unchecked else DIM)]
    if not of.tracks:
        return [*blocks, Paragraph("Nothing of it was public in this span.")]
    return [*blocks, chart(of, when), _changes(of, when.as_of)]


def chart(of: Course, when: When) -> Chart:
    """The strips of an action, each labelled with its lines where they do not all run alike."""
    action = of.status.action
    alone = len(of.tracks) == 1 and len(of.tracks[0].lines) == len(action.lines)
    labels = ["" if alone else _label(track.lines) for track in of.tracks]
    strips = [(label, track.stretches) for label, track in zip(labels, of.tracks, strict=True)]
    marked = f"as of {words.instant(when.as_of, when.zone, day_only=True)}"
    return Chart(of.span, when.as_of, marked, action.zone, strips)


def _label(lines: Sequence[Line]) -> str:
    """``general, energy``; of many, the first and how many more: the rows below name them all."""
    ids = [line.id for line in lines]
    return ", ".join(ids) if len(ids) <= 3 else f"{ids[0]} and {len(ids) - 1} more"


def _changes(of: Course, as_of: datetime) -> Table:
    """A row for each stretch, by its beginning; lines that share one whole stretch share its row."""
    action = of.status.action
    rows: dict[object, tuple[Stretch, list[str]]] = {}
    for track in of.tracks:
        for stretch in track.stretches:
            same = (
                stretch.start,
                stretch.end,
                stretch.phase,
                stretch.rate,
                stretch.cause and stretch.cause.id,
            )
            rows.setdefault(same, (stretch, []))[1].extend(line.id for line in track.lines)
    cells = []
    for stretch, lines in sorted(rows.values(), key=lambda row: row[0].start):
        cause, holds = stretch.cause, stretch.start <= as_of < stretch.end
        named = (
            "" if len(action.lines) < 2 else "all" if len(lines) == len(action.lines) else ", ".join(lines)
        )
        cells.append(
            [
                Cell(action.id),
                Cell(words.boundary(stretch.start, action.zone), "bold" if holds else ""),
                Cell("" if stretch.end == END else words.boundary(stretch.end, action.zone)),
                Cell(words.held(stretch), phase_style(stretch.phase)),
                Cell(named),
                Cell(words.sourced(cause.source, cause.evidence) if cause else "", DIM),
            ]
        )
    return Table(COLUMNS, cells)


def key(found: Sequence[Course], when: When) -> Key:
    """What the letters, fills and other signs of these strips mean."""
    shown = {stretch.phase for of in found for track in of.tracks for stretch in track.stretches}
    signs = [
        Cell(f"{letter(phase)}{fill(phase) * 2} {phase.words}", phase_style(phase))
        for phase in Phase
        if phase in shown
    ]
    ahead = "" if when.knowing > when.as_of else "; right of it, what comes if nobody acts"
    return Key(
        [
            *signs,
            Cell(f"{SEVERAL} several changes in one column"),
            Cell(f"{POINTER}10% the rate from there on"),
            Cell(f"v the date asked about{ahead}"),
        ]
    )
