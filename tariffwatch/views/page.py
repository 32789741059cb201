"""The page of one action: everything about it, in the order in which one would ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from tariffwatch import words
from tariffwatch.citing import cited
from tariffwatch.courses import course, fitted
from tariffwatch.facts import history, public_deadlines
from tariffwatch.model import Action, Basis, Event, Fact, Instrument, Loc
from tariffwatch.outlook import outlooks
from tariffwatch.prospect import past_deadlines
from tariffwatch.results import ConditionOutlook, Deadline, Status
from tariffwatch.views import strips
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Link, Paragraph, Table
from tariffwatch.views.report import DIM, WARN, When, countdown_row, phase_style

Mark = Callable[[Loc | None], str]
"""Says from which file of the user's own a record was added, or nothing."""


def show(
    status: Status,
    coming: Sequence[Deadline],
    instruments: Mapping[str, Instrument],
    when: When,
    own: Collection[str] = (),
) -> Document:
    """Everything about one action, in the order in which one would ask.

    ``own`` are the files that did not come with the program: what was added from one is marked.
    """
    action = status.action
    mark = partial(words.added, action=action, own=own)
    events = history(action, when.knowing)
    past = [e for e in events if e.known.at <= when.as_of]
    later = [e for e in events if e.known.at > when.as_of]
    facts: tuple[Fact, ...] = (
        *events,
        *(c.condition for c in status.conditions),
        *public_deadlines(action, when.knowing),
    )
    return [
        *_head(status, when, own),
        *_strip(action, when),
        *_lines(status),
        *_coming(coming, when, mark),
        *_conditions(action, when, mark),
        *_history("History", past, action, mark),
        *_history("What became of it", later, action, mark),
        *_past(action, when, mark),
        *_transit(events, action),
        *_disputed(action, facts),
        *_notes(action, facts),
        *sources(cited(action, instruments, when.knowing), mark),
    ]


def _head(status: Status, when: When, own: Collection[str]) -> list[Block]:
    action, rate = status.action, words.standing(status)
    said = words.phase_word(status) + (f", {rate}" if rate else "")
    since = f", since {words.since(status)}" if status.since else ""
    terms = " What is told beyond that follows from its own terms." if status.unchecked else ""
    return [
        Heading(action.title),
        Paragraph(words.whose(action), DIM),
        *([Paragraph(action.summary)] if action.summary else []),
        *([Paragraph(f"Your own: {action.loc.file}", DIM)] if action.loc.file in own else []),
        Paragraph(f"{when.heading()}: {said}{since}.", "bold"),
        Paragraph(f"Sources checked: {words.checked(status)}.{terms}", WARN if status.unchecked else DIM),
    ]


def _strip(action: Action, when: When) -> list[Block]:
    """The action drawn over its whole history."""
    run = course(action, when.as_of, when.knowing, fitted(action, when.as_of, when.knowing))
    return [Heading("Timeline"), strips.chart(run, when), strips.key([run], when)] if run.tracks else []


def _lines(status: Status) -> list[Block]:
    if not status.lines:
        return []
    zone = status.action.zone
    by_id = {line.id: line for line in status.action.lines}
    columns = (
        Column("Line"),
        Column("Headings", under=True),
        Column("Goods"),
        Column("Note", under=True, label="note:"),
        Column("Phase"),
        Column("Rate", under=True),
        Column("Since"),
        Column("Until", under=True, label="until"),
    )
    rows = [
        [
            Cell(line.id),
            Cell(", ".join(by_id[line.id].headings), DIM),
            Cell(line.label),
            Cell(by_id[line.id].note or "", DIM),
            Cell(line.phase.words, phase_style(line.phase)),
            Cell(line.rate.text if line.rate else ""),
            Cell(words.boundary(line.since, zone)),
            Cell("" if (until := words.boundary(line.until, zone)) == words.NEVER else until),
        ]
        for line in status.lines
    ]
    return [Heading("Lines"), Table(columns, rows)]


def _coming(coming: Sequence[Deadline], when: When, mark: Mark) -> list[Block]:
    if not coming:
        return [Heading("If nobody acts"), Paragraph("No date is set: it stays as it is.")]
    columns = (
        Column("In"),
        Column("When", under=True),
        Column("Yours", under=True),
        Column("What changes"),
        Column("Id", under=True),
        Column("Decided by", under=True, label="decides:"),
        Column("Source"),
    )
    rows = []
    for deadline in coming:
        left, at, yours, _, _, changes, decides, source = countdown_row(deadline, when)
        source = source._replace(text=source.text + mark(deadline.loc))
        rows.append([left, at, yours, changes, Cell(deadline.id, DIM), decides, source])
    return [Heading("If nobody acts"), Table(columns, rows)]


def _conditions(action: Action, when: When, mark: Mark) -> list[Block]:
    blocks: list[Block] = []
    order = [condition.id for condition in action.conditions]
    found = sorted(
        outlooks([action], when.as_of, when.knowing),
        key=lambda of: (list(Basis).index(of.status.condition.basis), order.index(of.status.condition.id)),
    )
    titles = {Basis.LEGAL: "Conditions in the law", Basis.PLEDGE: "Political pledges (in no legal text)"}
    columns = (
        Column("Who"),
        Column("Id", under=True),
        Column("Must", under=True),
        Column("Decided by", under=True, label="decides:"),
        Column("When", under=True, label="when:"),
        Column("Stands"),
        Column("If met", under=True, label="if met:"),
        Column("If not", under=True, label="if not:"),
        Column("Source", under=True, label="source:"),
    )
    for basis, group in groupby(found, key=lambda of: of.status.condition.basis):
        blocks += [Heading(titles[basis]), Table(columns, [_condition_row(of, mark) for of in group])]
    return blocks


def _condition_row(of: ConditionOutlook, mark: Mark) -> list[Cell]:
    condition = of.status.condition
    source = words.sourced(condition.source, condition.evidence) + mark(condition.loc)
    return [
        Cell(condition.party, "bold"),
        Cell(condition.id, DIM),
        Cell(condition.text),
        Cell(condition.decided_by or "", DIM),
        Cell(words.decided_on(of)),
        Cell(words.stands(of.status, of.action.zone)),
        Cell(condition.if_met or ""),
        Cell(condition.if_unmet or ""),
        Cell(source, DIM, cites=of.action.id),
    ]


def _history(title: str, events: Sequence[Event], action: Action, mark: Mark) -> list[Block]:
    if not events:
        return []
    columns = (
        Column("Known"),
        Column("Id", under=True),
        Column("What"),
        Column("Effective", under=True, label="effective"),
        Column("Until", under=True, label="until"),
        Column("Told"),
        Column("Source", under=True),
    )
    rows = [
        [
            Cell(words.moment(event.known, action.zone)),
            Cell(event.id, DIM),
            Cell(words.event_kind(event, action), "bold"),
            Cell(words.moment(event.effective, action.zone) if event.effective else ""),
            Cell(words.moment(event.until, action.zone) if event.until else ""),
            Cell(event.note or ""),
            Cell(words.sourced(event.source, event.evidence) + mark(event.loc), DIM, cites=action.id),
        ]
        for event in events
    ]
    return [Heading(title), Table(columns, rows)]


def _past(action: Action, when: When, mark: Mark) -> list[Block]:
    past = past_deadlines(action, when.as_of, when.knowing)
    if not past:
        return []
    columns = (
        Column("When"),
        Column("Id", under=True),
        Column("What was due"),
        Column("Outcome"),
        Column("Source", under=True),
    )
    rows = []
    for of in past:
        stated = of.stated
        due = f"{stated.kind.words}: {stated.text}" if stated.text else stated.kind.words
        rows.append(
            [
                Cell(words.moment(stated.at, action.zone)),
                Cell(stated.id, DIM),
                Cell(due),
                Cell(words.outcome(of, action.zone)),
                Cell(words.sourced(stated.source, stated.evidence) + mark(stated.loc), DIM, cites=action.id),
            ]
        )
    return [Heading("Dates passed, moved or settled"), Table(columns, rows)]


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


def _notes(action: Action, facts: Iterable[Fact]) -> list[Block]:
    """What is noted of the action, its conditions and deadlines; the history holds the notes of events."""
    noted = [action.note] if action.note else []
    noted += [f"{of.id}: {of.note}" for of in facts if of.note and not isinstance(of, Event)]
    return [Heading("Notes"), *map(Paragraph, noted)] if noted else []


def sources(instruments: Sequence[Instrument], mark: Mark = lambda _: "") -> list[Block]:
    """Each with its citation, links, and what is to be known of it."""
    blocks: list[Block] = []
    for of in instruments:
        note = f". {of.note}" if of.note else ""
        blocks.append(Paragraph(f"{of.id}: {words.citation(of)}{note}{mark(of.loc)}"))
        blocks += [Link(url) for url in (of.url, of.archive) if url]
    return [Heading("Sources"), *blocks] if blocks else []
