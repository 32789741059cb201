"""Two worlds side by side: what became known between them, what moved, what entered the ledger. Pure.

A world is an instant asked about together with the instant up to which facts count, as in
:mod:`tariffwatch.query`. What moved is read off the trails of the deadlines (:mod:`tariffwatch.changes`),
so that a date that moved twice is one change, told with the facts behind both moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from tariffwatch.changes import Trail, Version, trails
from tariffwatch.facts import history, lasting_id, learned, settled
from tariffwatch.model import TOLD_ONLY, Action, Condition, Event, EventKind, Fact, StatedDeadline
from tariffwatch.prospect import deadlines, status
from tariffwatch.query import NO_FILTERS, by_phase
from tariffwatch.results import Deadline, Due, Fate, Filters, Key, Status


class World(NamedTuple):
    """An instant asked about, and the instant up to which facts count."""

    as_of: datetime
    knowing: datetime


class Recorded(NamedTuple):
    """Days in which the ledger grew: those after ``after``, through ``through``."""

    after: date
    through: date


class Dated(Protocol):
    """A deadline, or what somebody remembers of one."""

    @property
    def key(self) -> Key: ...

    @property
    def due(self) -> Due: ...


@dataclass(frozen=True, slots=True)
class DateChange:
    """A deadline that is not what it was; None on the side of a world that does not have it."""

    fate: Fate
    before: Deadline | None
    after: Deadline | None
    behind: tuple[Event | StatedDeadline, ...]
    """The facts that made it so, oldest first."""

    @property
    def deadline(self) -> Deadline:
        """As it stands, or stood last."""
        one = self.after or self.before
        assert one is not None, "a change has at least one side"
        return one


@dataclass(frozen=True, slots=True)
class ActionChange:
    """Everything about one action that is not the same in two worlds."""

    before: Status
    after: Status
    dates: tuple[DateChange, ...]
    """By date."""
    came: tuple[Deadline, ...]
    """Turning points whose date came, as it had been told before."""
    events: tuple[Event, ...]
    """What became known in between, oldest first."""
    entered: tuple[Event | StatedDeadline, ...]
    """What entered the ledger in between, though it was public before."""

    @property
    def action(self) -> Action:
        """The action that changed."""
        return self.after.action

    @property
    def turned(self) -> bool:
        """Its phase, or the phase or rate of one of its lines, is another."""
        return standing(self.before) != standing(self.after)

    @property
    def changed(self) -> bool:
        """Something happened; else it is only the ledger that knows more of older times."""
        return bool(self.turned or self.dates or self.came or self.events)


def compared(
    actions: Iterable[Action],
    before: World,
    after: World,
    recorded: Recorded | None = None,
    filters: Filters = NO_FILTERS,
) -> list[ActionChange]:
    """The actions asked for of which anything differs between two worlds, in the order of ``status``.

    ``before`` is the one with the earlier knowledge. A phase asks for actions that are in it in the later
    world; a kind, or a time within which, for those with such a deadline among what changed.
    """
    found = [compare(action, before, after, recorded) for action in actions if filters.takes(action)]
    wanted = [change for change in found if (change.changed or change.entered) and _asked(change, filters)]
    return sorted(wanted, key=lambda change: by_phase(change.after))


def compare(action: Action, before: World, after: World, recorded: Recorded | None = None) -> ActionChange:
    """What is not the same of one action in two worlds."""
    dates: list[DateChange] = []
    came: list[Deadline] = []
    if any(known > before.knowing for known, _ in learned(action, after.knowing)):
        for trail in trails(action, after.knowing):
            if change := _date_change(action, trail, before, after):
                dates.append(change)
            elif kept := _kept(trail, before, after):
                came.append(kept)
    else:
        came = deadlines(action, before.as_of, before.knowing)
    return ActionChange(
        before=status(action, *before),
        after=status(action, *after),
        dates=tuple(sorted(dates, key=lambda change: change.deadline.at)),
        came=tuple(d for d in came if d.after is not None and before.as_of < d.at <= after.as_of),
        events=tuple(e for e in history(action, after.knowing) if e.known.at > before.knowing),
        entered=_entered(action, before.knowing, recorded) if recorded else (),
    )


def standing(of: Status) -> tuple[object, ...]:
    """How an action and each of its lines stand, as something that is equal when they stand the same."""
    return (of.phase, *((line.id, line.phase, line.rate) for line in of.lines))


def fate(
    action: Action,
    before: Dated | None,
    after: Deadline | None,
    events: Iterable[Event],
    knowing: datetime,
) -> Fate:
    """What befell a deadline that is not where it was; ``events`` are what became known meanwhile."""
    if after is None:
        assert before is not None, "a change has at least one side"
        return Fate.SETTLED if settled(action, before.key.id, knowing) else Fate.DROPPED
    if before is None:
        return Fate.NEW_DATE
    extended = after.at > before.due.at and any(event.kind is EventKind.EXTENDED for event in events)
    return Fate.EXTENDED if extended else Fate.MOVED


def newest_record(actions: Iterable[Action]) -> date | None:
    """The last day on which any fact of these actions entered the ledger."""
    facts: Iterable[Event | StatedDeadline] = (
        fact for action in actions for facts in (action.events, action.deadlines) for fact in facts
    )
    return max((fact.recorded for fact in facts if fact.recorded), default=None)


def _date_change(action: Action, trail: Trail, before: World, after: World) -> DateChange | None:
    """What befell the deadline of a trail, if it lay ahead of the earlier world on either side.

    A date that was past when it became known is told by its event alone. One that was settled on its day
    or later is settled all the same, though it was not called off.
    """
    old, new = _standing_at(trail, before.knowing), _standing_at(trail, after.knowing)
    later = [version for version in _changes(trail) if version.known > before.knowing]
    facts = [fact for version in later for fact in version.facts]
    if ending := _settled_between(action, trail, before, after):
        new, facts = None, [ending]
    if _same(old, new) or not any(one and one.due.passes > before.as_of for one in (old, new)):
        return None
    if old is None and not any(version.deadline.at > version.known for version in later):
        return None
    if old and new and _when(old) == _when(new):
        befell = Fate.OTHER_OUTCOME
    else:
        events = (fact for fact in facts if isinstance(fact, Event))
        befell = fate(action, old, new, events, after.knowing)
    return DateChange(befell, old, new, _behind(action, trail.key.id, facts))


def _changes(trail: Trail) -> list[Version]:
    """The versions of a trail in which its date or outcome is another than before."""
    told = zip((None, *trail.versions), trail.versions)  # noqa: B905 - one longer than the other
    return [
        version
        for last, version in told
        if last is None or last.dropped != version.dropped or not _same(last.deadline, version.deadline)
    ]


def _standing_at(trail: Trail, knowing: datetime) -> Deadline | None:
    """The deadline of a trail as it stood at an instant of knowledge; None if there was none, or no more."""
    known = [version for version in trail.versions if version.known <= knowing]
    return known[-1].deadline if known and not known[-1].dropped else None


def _kept(trail: Trail, before: World, after: World) -> Deadline | None:
    """The deadline of a trail, if it is the same in both worlds."""
    old, new = _standing_at(trail, before.knowing), _standing_at(trail, after.knowing)
    return new if _same(old, new) else None


def _settled_between(action: Action, trail: Trail, before: World, after: World) -> Event | None:
    """The event that settled a stated deadline, if that became known between the two worlds."""
    if trail.last.deadline.after is not None:
        return None
    found = settled(action, trail.key.id, after.knowing)
    return found if found and found.known.at > before.knowing else None


def _same(old: Deadline | None, new: Deadline | None) -> bool:
    """Whether nothing has befallen a deadline: its date is the same, and what changes on it."""
    if old is None or new is None:
        return old is new
    return (_when(old), old.kind, old.after, old.text) == (_when(new), new.kind, new.after, new.text)


def _when(of: Deadline) -> tuple[datetime, bool]:
    return (of.at, of.due.whole_day)


def _behind(action: Action, id: str, facts: Sequence[Fact]) -> tuple[Event | StatedDeadline, ...]:
    """Of what became known with a change, the facts of the deadline itself, of that id.

    Where there is none, those that can move a date; and without any such, all.
    """
    told = [fact for fact in facts if not isinstance(fact, Condition)]
    own = [fact for fact in told if lasting_id(action, fact) == id]
    movers = [fact for fact in told if isinstance(fact, StatedDeadline) or fact.kind not in TOLD_ONLY]
    return tuple(own or movers or told)


def _entered(action: Action, knowing: datetime, recorded: Recorded) -> tuple[Event | StatedDeadline, ...]:
    """What was public at an instant, and was written down in these days."""
    public = [fact for _, facts in learned(action, knowing) for fact in facts]
    return tuple(
        fact
        for fact in public
        if not isinstance(fact, Condition)
        and fact.recorded
        and recorded.after < fact.recorded <= recorded.through
    )


def _asked(change: ActionChange, filters: Filters) -> bool:
    """Whether a change is of the phase, and of deadlines, that are asked for."""
    if filters.phases and change.after.phase not in filters.phases:
        return False
    if not (filters.kinds or filters.by_then):
        return True
    told = (*(date.deadline for date in change.dates), *change.came)
    return any(map(filters.takes_deadline, told))
