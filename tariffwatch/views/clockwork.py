"""Legal clocks as pages: the list of them, and one worked out."""

from __future__ import annotations

from collections.abc import Sequence

from tariffwatch import words
from tariffwatch.clocks import Clock, Group, Worked
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.report import DIM, WARN


def clocks(versions: Sequence[Clock]) -> Document:
    """All clocks, by group, with length and citation."""
    columns = (
        Column("Clock", slugs=True),
        Column("Length"),
        Column("From", under=True, label="from:"),
        Column("What it is"),
        Column("Citation", under=True),
    )
    titles = {Group.MEASURES: "Measures", Group.ENTRIES: "Importers' entries", Group.ELSEWHERE: "Elsewhere"}
    document: list[Block] = []
    for group, title in titles.items():
        rows = [
            [Cell(c.id), Cell(_length(c)), Cell(c.trigger, DIM), Cell(c.title), Cell(c.cite, DIM)]
            for c in versions
            if c.group is group
        ]
        if rows:
            document += [Heading(title), Table(columns, rows)]
    return document


def worked(of: Worked) -> Document:
    """A clock worked out: the answer, then each step on a line, then what it rests on."""
    clock, zone = of.clock, of.clock.zone
    answer = words.instant(of.at, zone, of.day_only)
    document: list[Block] = [
        Paragraph(f"{clock.title}: {answer}", "bold"),
        *_steps(of),
    ]
    document += [
        Paragraph(f"{part.label}: {of.parts[part.id]:%a %Y-%m-%d}")
        for part in clock.parts
        if part.id in of.parts
    ]
    document.append(Paragraph(f"Law: {clock.cite}{_law_dates(clock)}"))
    if clock.estimate:
        document.append(Paragraph("An estimate from practice, not a period of law.", WARN))
    if clock.reading:
        document.append(Paragraph(f"Open: {clock.reading}", WARN))
    if clock.note:
        document.append(Paragraph(clock.note, DIM))
    return document


def explained(working: Sequence[tuple[str, str, Worked]]) -> list[Block]:
    """How each computed deadline (slug, id, clock worked out) came about."""
    if not working:
        return [Paragraph("No date here is computed: each stands in its source.", DIM)]
    blocks: list[Block] = [Heading("How the dates were worked out")]
    for slug, id, worked in working:
        blocks.append(Paragraph(f"{slug}, {id}: {worked.clock.title} ({worked.clock.cite})", "bold"))
        blocks += _steps(worked)
    return blocks


def _steps(of: Worked) -> list[Block]:
    return [Paragraph(f"{number}. {step}") for number, step in enumerate(of.steps, start=1)]


def _length(clock: Clock) -> str:
    """The length, with the dates between which it was law if it was not always."""
    return clock.length + _law_dates(clock)


def _law_dates(clock: Clock) -> str:
    begun = f" from {clock.law_from} on" if clock.law_from else ""
    ended = f" before {clock.law_until}" if clock.law_until else ""
    return f" (for triggers{begun}{ended})" if begun or ended else ""
