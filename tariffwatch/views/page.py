"""The page of one action: everything about it, in the order in which one would ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from tariffwatch import words
from tariffwatch.model import Action, Basis, Event, EventKind, Fact, Instrument
from tariffwatch.query import cited, history, public_deadlines
from tariffwatch.results import ConditionStatus, Deadline, Status
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Link, Paragraph, Table
from tariffwatch.views.report import DIM, WARN, When, countdown_row, phase_style


def show(
    status: Status, coming: Sequence[Deadline], instruments: Mapping[str, Instrument], when: When
) -> Document:
    """Everything about one action, in the order in which one would ask."""
    action = status.action
    events = history(action, when.knowing)
    past = [e for e in events if e.known.at <= when.as_of]
    later = [e for e in events if e.known.at > when.as_of]
    document: list[Block] = [
        Heading(action.title),
        Paragraph(words.whose(action), DIM),
    ]
    if action.summary:
        document.append(Paragraph(action.summary))
    document += [*_now(status, when), *_lines(status), *_coming(coming, when), *_conditions(status)]
    document += _history("History", past, action)
    document += _history("What became of it", later, action)
    facts: tuple[Fact, ...] = (
        *events,
        *(c.condition for c in status.conditions),
        *public_deadlines(action, when.knowing),
    )
    document += [*_transit(events, action), *_disputed(action, facts)]
    document += sources(cited(action, instruments, when.knowing))
    return document


def _now(status: Status, when: When) -> list[Block]:
    since = f", since {words.since(status)}" if status.since else ""
    return [
        Paragraph(f"{when.heading()}: {words.stands_at(status)}{since}.", "bold"),
        Paragraph(f"Sources checked: {words.checked(status)}.", WARN if status.unchecked else DIM),
    ]


def _lines(status: Status) -> list[Block]:
    if not status.lines:
        return []
    zone = status.action.zone
    headings = {line.id: ", ".join(line.headings) for line in status.action.lines}
    columns = (
        Column("Line"),
        Column("Headings", under=True),
        Column("Goods"),
        Column("Phase"),
        Column("Rate", under=True),
        Column("Since"),
        Column("Until", under=True, label="until"),
    )
    rows = [
        [
            Cell(line.id),
            Cell(headings[line.id], DIM),
            Cell(line.label),
            Cell(line.phase.words, phase_style(line.phase)),
            Cell(line.rate.text if line.rate else ""),
            Cell(words.boundary(line.since, zone)),
            Cell("" if (until := words.boundary(line.until, zone)) == words.NEVER else until),
        ]
        for line in status.lines
    ]
    return [Heading("Lines"), Table(columns, rows)]


def _coming(coming: Sequence[Deadline], when: When) -> list[Block]:
    if not coming:
        return [Heading("If nobody acts"), Paragraph("No date is set: it stays as it is.")]
    columns = (
        Column("In"),
        Column("When", under=True),
        Column("What changes"),
        Column("Decided by", under=True, label="decides:"),
        Column("Source"),
    )
    rows = []
    for deadline in coming:
        row = countdown_row(deadline, when)
        rows.append([row[0], row[1], row[5], row[6], row[7]])
    return [Heading("If nobody acts"), Table(columns, rows)]


def _conditions(status: Status) -> list[Block]:
    blocks: list[Block] = []
    ordered = sorted(status.conditions, key=lambda c: list(Basis).index(c.condition.basis))
    titles = {Basis.LEGAL: "Conditions in the law", Basis.PLEDGE: "Political pledges (in no legal text)"}
    columns = (
        Column("Who"),
        Column("Must"),
        Column("Decided by", under=True, label="decides:"),
        Column("Stands"),
        Column("If met", label="if met:"),
        Column("If not", under=True, label="if not:"),
        Column("Source", under=True),
    )
    for basis, group in groupby(ordered, key=lambda c: c.condition.basis):
        rows = [_condition_row(c, status.action) for c in group]
        blocks += [Heading(titles[basis]), Table(columns, rows)]
    return blocks


def _condition_row(status: ConditionStatus, action: Action) -> list[Cell]:
    condition = status.condition
    return [
        Cell(condition.party),
        Cell(condition.text),
        Cell(condition.decided_by or "", DIM),
        Cell(words.stands(status, action.zone)),
        Cell(condition.if_met or ""),
        Cell(condition.if_unmet or ""),
        Cell(words.sourced(condition.source, condition.evidence), DIM, cites=action.id),
    ]


def _history(title: str, events: Sequence[Event], action: Action) -> list[Block]:
    if not events:
        return []
    columns = (
        Column("Known"),
        Column("What"),
        Column("Effective", under=True, label="effective"),
        Column("Until", under=True, label="until"),
        Column("Told"),
        Column("Source", under=True),
    )
    rows = [
        [
            Cell(words.moment(event.known, action.zone)),
            Cell(_event_word(event, action), "bold"),
            Cell(words.moment(event.effective, action.zone) if event.effective else ""),
            Cell(words.moment(event.until, action.zone) if event.until else ""),
            Cell(event.note or ""),
            Cell(words.sourced(event.source, event.evidence), DIM, cites=action.id),
        ]
        for event in events
    ]
    return [Heading(title), Table(columns, rows)]


def _event_word(event: Event, action: Action) -> str:
    """``modified: general 35%``; ``assessed: border met``."""
    if event.kind is EventKind.ASSESSED and event.finding:
        return f"{event.condition} {event.finding.value}"
    given = dict(event.rates)
    if event.rate:
        given |= {line.id: event.rate for line in action.lines if line.id not in given}
    worded = words.rates(given, name_all=len(given) < len(action.lines))
    worded = worded or ", ".join(event.lines)
    return f"{event.kind.value}: {worded}" if worded else event.kind.value


def _transit(events: Iterable[Event], action: Action) -> list[Block]:
    blocks: list[Block] = []
    for event in events:
        if clause := event.transit:
            text = (
                f"Spared by {event.id}: goods loaded before {words.moment(clause.loaded_before, action.zone)}"
            )
            if clause.entered_before:
                text += f" and entered before {words.moment(clause.entered_before, action.zone)}"
            blocks.append(Paragraph(f"{text}. {clause.note or ''}".rstrip()))
    return [Heading("Goods in transit"), *blocks] if blocks else []


def _disputed(action: Action, facts: Iterable[Fact]) -> list[Block]:
    quarrels = [action.disputed] if action.disputed else []
    quarrels += [f"{fact.id}: {fact.disputed}" for fact in facts if fact.disputed]
    return [Heading("Disputed"), *(Paragraph(quarrel) for quarrel in quarrels)] if quarrels else []


def sources(instruments: Sequence[Instrument]) -> list[Block]:
    """What these instruments are called, and where they can be read."""
    blocks: list[Block] = []
    for instrument in instruments:
        parts = (f"{instrument.id}: {instrument.title}", instrument.cite, instrument.doc)
        blocks.append(Paragraph(", ".join(part for part in parts if part)))
        if instrument.url:
            blocks.append(Link(instrument.url))
    return [Heading("Sources"), *blocks] if blocks else []
