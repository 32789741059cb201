"""The readable pages: each turns the results of a question into a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from tariffwatch.clocks import Clock, Group, Worked
from tariffwatch.model import (
    ENDED,
    LIVE,
    PENDING,
    Action,
    Basis,
    Event,
    EventKind,
    Evidence,
    Fact,
    Instrument,
    Phase,
)
from tariffwatch.query import ConditionStatus, Deadline, Status, cited, history, public_deadlines
from tariffwatch.views import words
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Link, Paragraph, Table

DIM = "dim"
WARN = "yellow"


@dataclass(frozen=True, slots=True)
class When:
    """The question's two dates, and the zone of the person who asks, if it is known."""

    as_of: datetime
    knowing: datetime
    zone: ZoneInfo
    """Where "today" is: days left are counted on this calendar."""
    yours: ZoneInfo | None = None
    """Shown beside the legal zone when it differs."""

    def heading(self) -> str:
        """``As of Mon 2025-02-10 23:59:59 EST``, and what was known if that is another date."""
        local = self.as_of.astimezone(self.zone)
        said = f"{local:%a} {words.instant(self.as_of, self.zone)}"
        if self.knowing == self.as_of:
            return f"As of {said}"
        return f"As of {said}, as known on {words.instant(self.knowing, self.zone)}"


def overview(
    statuses: Sequence[Status], coming: Sequence[Deadline], when: When, problems: int, most: int = 10
) -> Document:
    """The first screen: what comes next, what is in force, what is pending, what is stale."""
    live = [s for s in statuses if s.phase in LIVE]
    pending = [s for s in statuses if s.phase in PENDING]
    ended = [s for s in statuses if s.phase in ENDED]
    counted = f"{len(live)} in force or suspended, {len(pending)} pending, {len(ended)} ended"
    document: list[Block] = [Paragraph(f"{when.heading()}: {counted}.", "bold"), Heading("Next")]
    if coming:
        document.append(_countdown_table(coming[:most], when))
    else:
        document.append(Paragraph("No dated deadline lies ahead."))
    if len(coming) > most:
        document.append(Paragraph(f"... and {len(coming) - most} more: tariffwatch countdown", DIM))
    for title, group in (("In force and suspended", live), ("Pending", pending)):
        if group:
            document += [Heading(title), _brief_table(group)]
    document += _stale(live + pending)
    if problems:
        text = f"{problems} problem{'s' * (problems > 1)} in the ledger: run tariffwatch check"
        document.append(Paragraph(text, WARN))
    return document


def status(statuses: Sequence[Status], when: When) -> Document:
    """One row per action."""
    if not statuses:
        return [Paragraph(f"{when.heading()}: no action matches.")]
    return [Paragraph(f"{when.heading()}:"), _status_table(statuses), *_legend(statuses)]


def _status_table(statuses: Sequence[Status]) -> Table:
    """Phase, rate, since, until, then what."""
    columns = (
        Column("Action"),
        Column("Id", under=True, slugs=True),
        Column("Phase"),
        Column("Rate", under=True),
        Column("Since", under=True, label="since"),
        Column("Until"),
        Column("Then, if nobody acts", under=True, label="then:"),
        Column("Checked", under=True, label="checked"),
    )
    return Table(columns, [_status_row(s) for s in statuses])


def _status_row(status: Status) -> list[Cell]:
    until, then = "", words.then(status) or "no change is dated"
    if status.next:
        at = _at(status.next[0])
        until, then = (at, then) if status.next[0].after else ("", f"{at} {then}")
    return [
        Cell(status.action.title),
        Cell(status.action.id, DIM),
        Cell(words.phase_word(status), _phase_style(status.phase)),
        Cell(words.standing(status)),
        Cell(words.since(status)),
        Cell(until, "bold"),
        Cell(then),
        Cell(words.checked(status), WARN if status.unchecked else DIM),
    ]


def _brief_table(statuses: Sequence[Status]) -> Table:
    """What the overview says of each action, on one line; what comes is told above it."""
    columns = (
        Column("Action", slugs=True),
        Column("Now"),
        Column("Next date"),
        Column("Unchecked"),
        Column("Title", spare=True),
    )
    return Table(columns, [_brief_row(status) for status in statuses])


def _brief_row(status: Status) -> list[Cell]:
    zone = status.action.zone
    unchecked = str(status.action.verified or "ever") if status.unchecked else ""
    return [
        Cell(status.action.id),
        Cell(words.brief(status), _phase_style(status.phase)),
        Cell(words.instant(status.next[0].at, zone, day_only=True) if status.next else ""),
        Cell(unchecked, WARN),
        Cell(status.action.title, DIM),
    ]


def _phase_style(phase: Phase | None) -> str:
    return words.LIVE_STYLE.get(phase, DIM) if phase else DIM


def _at(deadline: Deadline) -> str:
    return words.instant(deadline.at, deadline.action.zone, deadline.day_only)


def countdown(coming: Sequence[Deadline], when: When) -> Document:
    """The coming deadlines, soonest first."""
    if not coming:
        return [Paragraph(f"{when.heading()}: no deadline matches.")]
    return [Paragraph(f"{when.heading()}:"), _countdown_table(coming, when)]


def _countdown_table(coming: Sequence[Deadline], when: When) -> Table:
    columns = (
        Column("In"),
        Column("When", under=True),
        Column("Yours", under=True),
        Column("Action"),
        Column("Id", under=True, slugs=True),
        Column("What changes"),
        Column("Decided by", under=True, label="decides:"),
        Column("Source", under=True, label="source:"),
    )
    return Table(columns, [_countdown_row(deadline, when) for deadline in coming])


def _countdown_row(deadline: Deadline, when: When) -> list[Cell]:
    style = "bold red" if (deadline.at - when.as_of).days < 7 else "bold"
    return [
        Cell(words.time_left(deadline, when.as_of), style),
        Cell(_at(deadline)),
        Cell(_yours(deadline, when.yours), DIM),
        Cell(deadline.action.title),
        Cell(deadline.action.id, DIM),
        Cell(words.what_changes(deadline)),
        Cell(deadline.decided_by or "", DIM),
        Cell(deadline.source or "", DIM),
    ]


def _yours(deadline: Deadline, zone: ZoneInfo | None) -> str:
    """The instant in the asker's own zone, where its clock shows another time."""
    if zone is None or deadline.day_only:
        return ""
    here, there = deadline.at.astimezone(zone), deadline.at.astimezone(deadline.action.zone)
    return words.instant(deadline.at, zone) if here.utcoffset() != there.utcoffset() else ""


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
        Paragraph(
            f"{action.id}: {action.imposed_by} on {words.parties(action.on)}, under {action.authority}", DIM
        ),
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
    document += _sources(cited(action, instruments, when.knowing))
    return document


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
        *(Paragraph(f"{number}. {step}") for number, step in enumerate(of.steps, start=1)),
    ]
    document += [Paragraph(f"{part.label}: {of.parts[part.id]:%a %Y-%m-%d}") for part in clock.parts]
    document.append(Paragraph(f"Law: {clock.cite}{_law_dates(clock)}"))
    if clock.estimate:
        document.append(Paragraph("An estimate from practice, not a period of law.", WARN))
    if clock.reading:
        document.append(Paragraph(f"Open: {clock.reading}", WARN))
    if clock.note:
        document.append(Paragraph(clock.note, DIM))
    return document


def _length(clock: Clock) -> str:
    """The length, with the dates between which it was law if it was not always."""
    return clock.length + _law_dates(clock)


def _law_dates(clock: Clock) -> str:
    if clock.law_from is None and clock.law_until is None:
        return ""
    return f" (for triggers from {clock.law_from or 'earlier'} to before {clock.law_until or 'now'})"


def _now(status: Status, when: When) -> list[Block]:
    rate = words.standing(status)
    said = words.phase_word(status) + (f", {rate}" if rate else "")
    since = f", since {words.since(status)}" if status.since else ""
    return [
        Paragraph(f"{when.heading()}: {said}{since}.", "bold"),
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
            Cell(line.phase.words, _phase_style(line.phase)),
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
        row = _countdown_row(deadline, when)
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
        rows = [_condition_row(c, status.action.zone) for c in group]
        blocks += [Heading(titles[basis]), Table(columns, rows)]
    return blocks


def _condition_row(status: ConditionStatus, zone: ZoneInfo) -> list[Cell]:
    condition, assessed = status.condition, status.assessed
    stands = "no finding yet"
    if assessed:
        stands = f"{status.finding.value} ({words.moment(assessed.known, zone)})"
        stands += f": {assessed.note}" if assessed.note else ""
    return [
        Cell(condition.party),
        Cell(condition.text),
        Cell(condition.decided_by or "", DIM),
        Cell(stands),
        Cell(condition.if_met or ""),
        Cell(condition.if_unmet or ""),
        Cell(_sourced(condition.source, condition.evidence), DIM),
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
            Cell(_sourced(event.source, event.evidence), DIM),
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


def _sources(instruments: Sequence[Instrument]) -> list[Block]:
    blocks: list[Block] = []
    for instrument in instruments:
        parts = (f"{instrument.id}: {instrument.title}", instrument.cite, instrument.doc)
        blocks.append(Paragraph(", ".join(part for part in parts if part)))
        if instrument.url:
            blocks.append(Link(instrument.url))
    return [Heading("Sources"), *blocks] if blocks else []


def _sourced(source: str | None, evidence: Evidence | None) -> str:
    """The source, with a mark when the fact rests on a single account."""
    mark = " [single source]" if evidence is Evidence.SINGLE else ""
    return f"{source or 'no source'}{mark}"


def _stale(statuses: Sequence[Status]) -> list[Block]:
    if not any(s.unchecked for s in statuses):
        return []
    text = (
        '"Unchecked" gives a day: sources were read through it; what is shown follows from the '
        "action's own terms."
    )
    return [Paragraph(text, DIM)]


def _legend(statuses: Sequence[Status]) -> list[Block]:
    if not any(s.unchecked for s in statuses):
        return []
    text = (
        '"checked not since DATE": the state is by the action\'s own terms; sources were read through DATE.'
    )
    return [Paragraph(text, DIM)]
