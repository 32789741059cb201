"""What of an action was public when, and which of its records are one thing that moved. Pure functions.

``knowing`` is the instant up to which facts count; it is aware and always given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from tariffwatch.model import (
    BEGINNING,
    Action,
    Condition,
    Event,
    EventKind,
    Fact,
    Finding,
    Moment,
    StatedDeadline,
)
from tariffwatch.results import ConditionStatus
from tariffwatch.timeline import root

_A_DAY, _A_SECOND = timedelta(days=1), timedelta(seconds=1)
_Fact = TypeVar("_Fact", Event, Condition, StatedDeadline)


def by_days(action: Action, closes: Sequence[datetime], zone: ZoneInfo) -> Action:
    """The action for one who asks about whole days of a zone, by their closes, soonest first.

    Where a source gives the day alone, a day is compared with a day: of 14 July in Brussels nothing is
    known at the close of 13 July in New York, though the day has begun there. It is known a second later.
    """
    if action.zone == zone:
        return action

    def told(fact: _Fact) -> _Fact:
        known = fact.known
        if not known or not known.day_only:
            return fact
        for close in closes:
            if close - _A_DAY < known.at <= close:
                day = known.at.astimezone(action.zone).date()
                if day > close.astimezone(zone).date():
                    return replace(fact, known=Moment(close + _A_SECOND, day_only=True))
        return fact

    return replace(
        action,
        events=tuple(map(told, action.events)),
        conditions=tuple(map(told, action.conditions)),
        deadlines=tuple(map(told, action.deadlines)),
    )


def history(action: Action, knowing: datetime) -> list[Event]:
    """The events that were known, in the order in which they became so."""
    return sorted((e for e in action.events if e.known.at <= knowing), key=lambda e: e.known.at)


def learned(action: Action, knowing: datetime) -> list[tuple[datetime, tuple[Fact, ...]]]:
    """The instants up to ``knowing`` at which something of an action became known, and what; oldest first."""
    facts: tuple[Fact, ...] = (*action.events, *action.deadlines, *action.conditions)
    known = [(known_at(action, fact), fact) for fact in facts]
    ordered = sorted((fact for fact in known if fact[0] <= knowing), key=lambda fact: fact[0])
    return [
        (at, tuple(fact for _, fact in facts)) for at, facts in groupby(ordered, key=lambda fact: fact[0])
    ]


def conditions(action: Action, knowing: datetime) -> tuple[ConditionStatus, ...]:
    """The conditions that were public at an instant, each with its latest finding then."""
    findings: dict[str, Event] = {}
    for event in history(action, knowing):
        if event.kind is EventKind.ASSESSED and event.condition:
            findings[event.condition] = event
    return tuple(
        ConditionStatus(
            condition,
            (found.finding if (found := findings.get(condition.id)) else None) or Finding.UNKNOWN,
            findings.get(condition.id),
        )
        for condition in action.conditions
        if _condition_known(action, condition) <= knowing
    )


def public_deadlines(action: Action, knowing: datetime) -> list[StatedDeadline]:
    """The stated deadlines that were public, also those moved or settled since."""
    return [d for d in action.deadlines if _deadline_known(action, d) <= knowing]


def known_at(action: Action, fact: Fact) -> datetime:
    """When a fact became public."""
    if isinstance(fact, Event):
        return fact.known.at
    if isinstance(fact, StatedDeadline):
        return _deadline_known(action, fact)
    return _condition_known(action, fact)


def _condition_known(action: Action, condition: Condition) -> datetime:
    """When a condition became public: as its file says, or with the event or deadline it bears on."""
    if condition.known:
        return condition.known.at
    facts: tuple[Event | StatedDeadline, ...] = (*action.events, *action.deadlines)
    known = next((fact.known for fact in facts if fact.id == condition.bears_on), None)
    return known.at if known else _public(action)


def _deadline_known(action: Action, deadline: StatedDeadline) -> datetime:
    return deadline.known.at if deadline.known else _public(action)


def _public(action: Action) -> datetime:
    """When the action became public."""
    return min((event.known.at for event in action.events), default=BEGINNING)


def settled(action: Action, id: str, knowing: datetime) -> Event | None:
    """The event that met, cancelled or overtook a stated deadline, by the id that lasts through its moves.

    It is its last date that counts: an event may well settle the first one by setting another.
    """
    public = public_deadlines(action, knowing)
    moved = {deadline.replaces for deadline in public}
    chain = {d.settled_by for d in public if d.id not in moved and first_of(action, d).id == id}
    return next((event for event in history(action, knowing) if event.id in chain), None)


def lasting_id(action: Action, fact: Event | StatedDeadline) -> str:
    """The id of the first of a chain of extensions and postponements, or of moves: that of its deadlines."""
    if isinstance(fact, StatedDeadline):
        return first_of(action, fact).id
    return root(fact, {event.id: event for event in action.events}).id


def chain_of(event: Event, events: Mapping[str, Event]) -> list[Event]:
    """The events of one lasting identity, of those given: the first, its extensions and postponements."""
    origin = root(event, events)
    return [e for e in events.values() if root(e, events).id == origin.id]


def moves_of(
    action: Action, deadline: StatedDeadline, among: Iterable[StatedDeadline]
) -> list[StatedDeadline]:
    """Those of one lasting identity: a deadline with what moved it, or was moved by it."""
    first = first_of(action, deadline)
    return [d for d in among if first_of(action, d).id == first.id]


def first_of(action: Action, deadline: StatedDeadline) -> StatedDeadline:
    """The deadline at the start of a chain of moves: its lasting identity."""
    by_id = {d.id: d for d in action.deadlines}
    seen = {deadline.id}
    while (before := by_id.get(deadline.replaces or "")) and before.id not in seen:
        seen.add(before.id)
        deadline = before
    return deadline
