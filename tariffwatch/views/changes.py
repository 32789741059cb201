"""The pages of changes: what became known since a date, and two worlds side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.citing import named
from tariffwatch.model import Action, Event, Instrument, StatedDeadline
from tariffwatch.results import Deadline
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.page import sources
from tariffwatch.views.report import DIM, WARN, When, phase_style
from tariffwatch.worlds import ActionChange, DateChange, World

MANY = 20
"""Beyond as many records, what entered the ledger is only counted."""

COLUMNS = (
    Column("Action", piped=True),
    Column("What"),
    Column("Told"),
    Column("Source", under=True, label="source:"),
)
INDEX = (Column("Action", slugs=True), Column("What happened"), Column("Title", spare=True))
ENTERED = (
    Column("Action", slugs=True),
    Column("Known"),
    Column("Told"),
    Column("Source", under=True, label="source:"),
)


def since(
    found: Sequence[ActionChange], before: World, instruments: Mapping[str, Instrument], when: When
) -> Document:
    """What changed since a date, by action; then what entered the ledger."""
    asked = f"{when.heading()}, since {words.weekday(before.knowing, when.zone)}"
    if not found:
        return [Paragraph(f"{asked}: nothing changed.")]
    changed = [change for change in found if change.changed]
    known = sum(len(change.events) for change in changed)
    counted = f"{words.many(len(changed), 'action')} changed, {words.many(known, 'event')} became known"
    counted = counted if changed else "no action changed"
    document: list[Block] = [Paragraph(f"{asked}: {counted}.", "bold")]
    if len(changed) > 1:
        document.append(Table(INDEX, [_brief(change) for change in changed]))
    for change in changed:
        document += [*_head(change), Table(COLUMNS, _rows(change, when.as_of))]
    return [*document, *_entered(found), *_sources(found, instruments)]


def between(
    found: Sequence[ActionChange], before: World, instruments: Mapping[str, Instrument], when: When
) -> Document:
    """Two worlds side by side: each action that differs, and each of its deadlines that does."""
    then, now = (words.instant(knowing, when.zone) for knowing in (before.knowing, when.knowing))
    differing = [
        replace(change, events=(), entered=())
        for change in found
        if change.turned or change.dates or change.came
    ]
    asked = f"As known on {then}, and as known on {now}"
    if before.as_of == when.as_of:
        asked += f", of {words.weekday(when.as_of, when.zone)}"
    if not differing:
        return [Paragraph(f"{asked}: nothing differs.")]
    columns = (
        Column("Action", piped=True),
        Column("What"),
        Column(f"Known on {then}"),
        Column(f"Known on {now}"),
        Column("Source", under=True, label="source:"),
    )
    counted = f"{words.many(len(differing), 'action')} differ{'s' * (len(differing) == 1)}"
    document: list[Block] = [Paragraph(f"{asked}: {counted}.", "bold")]
    for change in differing:
        document += [*_head(change), Table(columns, _sides(change))]
    return [*document, *_sources(differing, instruments)]


def line(found: Sequence[ActionChange], since: datetime, zone: ZoneInfo) -> Paragraph:
    """What the overview says of the time since the last look."""
    changed = sum(change.changed for change in found)
    grew = len(found) - changed
    day = words.weekday(since.replace(second=0), zone)
    if not found:
        return Paragraph(f"Nothing changed since you looked on {day}.", DIM)
    actions = words.many(changed, "action") if changed else "No action"
    older = f"; older facts of {words.many(grew, 'other action' if changed else 'action')} entered the ledger"
    told = f"{actions} changed since {day}{older if grew else ''}: tariffwatch changes --since last"
    return Paragraph(told, "bold")


def earlier(look: datetime, zone: ZoneInfo) -> list[Block]:
    """How to ask about the look before the last one."""
    day, given = words.weekday(look.replace(second=0), zone), look.astimezone(zone).isoformat("T", "minutes")
    return [Paragraph(f"The look before that was on {day}: tariffwatch changes --since {given}", DIM)]


def _head(change: ActionChange) -> list[Block]:
    action, after = change.action, change.after
    text = f"{words.whose(action)}. Sources checked: {words.checked(after)}."
    return [Heading(action.title), Paragraph(text, WARN if after.unchecked else DIM)]


def _rows(change: ActionChange, as_of: datetime) -> list[list[Cell]]:
    """How it stands, then the dates, then what became known."""
    action, rows = change.action, []
    if change.turned:
        turned = words.turn(change.before, change.after)
        rows.append(_row(action, "stands", turned, "", phase_style(change.after.phase)))
    for date in change.dates:
        before = (date.before.due, words.what_changes(date.before)) if date.before else None
        told = words.befell(date.fate, before, date.after, as_of)
        rows.append(_row(action, date.fate.words, told, _source(date)))
    for came in change.came:
        rows.append(_row(action, "came", _deadline(came), came.source or ""))
    for event in change.events:
        known = words.moment(event.known, action.zone)
        told = words.happened(event, action)
        rows.append(_row(action, known, told, words.sourced(event.source, event.evidence), ""))
    return rows


def _row(action: Action, what: str, told: str, source: str, style: str = "bold") -> list[Cell]:
    return [Cell(action.id), Cell(what, style), Cell(told), Cell(source, DIM, cites=action.id)]


def _brief(change: ActionChange) -> list[Cell]:
    """An action, and what happened in a few words."""
    acts = words.acts([date.fate for date in change.dates], change.events)
    came = dict.fromkeys(deadline.kind.words for deadline in change.came)
    return [
        Cell(change.action.id),
        Cell(acts or ", ".join(came) or "changed"),
        Cell(change.action.title, DIM),
    ]


def _entered(found: Sequence[ActionChange]) -> list[Block]:
    """What entered the ledger; of many records, how many of each action."""
    grown = [change for change in found if change.entered]
    if not grown:
        return []
    text = "Public before, and written down since."
    if _listed(found):
        rows = [_record(change.action, fact) for change in grown for fact in change.entered]
    else:
        text += " There is much of it: tariffwatch show ID lists what is counted here."
        rows = [_row(change.action, "", _count(change.entered), "") for change in grown]
    return [Heading("Entered the ledger"), Paragraph(text, DIM), Table(ENTERED, rows)]


def _listed(found: Iterable[ActionChange]) -> bool:
    """Whether what entered the ledger is told one by one."""
    return sum(len(change.entered) for change in found) <= MANY


def _count(facts: Sequence[Event | StatedDeadline]) -> str:
    events = sum(isinstance(fact, Event) for fact in facts)
    counts = ((events, "event"), (len(facts) - events, "deadline"))
    return " and ".join(words.many(count, word) for count, word in counts if count)


def _record(action: Action, fact: Event | StatedDeadline) -> list[Cell]:
    known = words.moment(fact.known, action.zone) if fact.known else ""
    source = words.sourced(fact.source, fact.evidence)
    return _row(action, known, words.written(fact, action), source, "")


def _sides(change: ActionChange) -> list[list[Cell]]:
    """How it stands on either side, and each deadline that differs, or whose day lies between."""
    action = change.action
    rows = [_side(action, "stands", words.stands_at(change.before), words.stands_at(change.after), "")]
    for date in change.dates:
        before = _deadline(date.before) if date.before else ""
        after = _deadline(date.after) if date.after else date.fate.words
        rows.append(_side(action, date.fate.words, before, after, _source(date)))
    return rows + [_side(action, "came", _deadline(came), "past", came.source or "") for came in change.came]


def _deadline(of: Deadline) -> str:
    return f"{words.due_date(of.due)} {words.what_changes(of)}"


def _side(action: Action, what: str, before: str, after: str, source: str) -> list[Cell]:
    told = (Cell(before), Cell(after))
    return [Cell(action.id), Cell(what, "bold"), *told, Cell(source, DIM, cites=action.id)]


def _source(date: DateChange) -> str:
    """What sets the date; of one that is gone, what took it back."""
    return words.sources([date.after] if date.after else date.behind)


def _sources(found: Sequence[ActionChange], instruments: Mapping[str, Instrument]) -> list[Block]:
    """The instruments behind what is told, each once."""
    cited: dict[tuple[str, str], Instrument] = {}
    listed = _listed(found)
    for change in found:
        facts = (*change.came, *change.events, *(change.entered if listed else ()))
        told = (*(_source(date) for date in change.dates), *(fact.source for fact in facts))
        for instrument in named(change.action, instruments, told):
            cited.setdefault((instrument.id, instrument.title), instrument)
    return sources(list(cited.values()))
