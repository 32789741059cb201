"""Two worlds compared: what has moved, come or gone between one look at the deadlines and the next.

A trail strings all worlds together: every version of one deadline, from the instant at which it first
became known. It is worked out from the events alone, whatever day is asked about, so that what is once in
a trail stays there as more becomes known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from tariffwatch.facts import learned
from tariffwatch.model import BEGINNING, Action, Condition, Fact
from tariffwatch.prospect import deadlines
from tariffwatch.query import NO_FILTERS, asked
from tariffwatch.results import Deadline, Filters, Key

KEPT = timedelta(days=30)
"""How long a deadline stays on a calendar after it has passed."""


class Keyed(Protocol):
    """A deadline, or what somebody remembers of one."""

    @property
    def key(self) -> Key: ...


Old = TypeVar("Old", bound=Keyed)
New = TypeVar("New", bound=Keyed)


def pair(before: Iterable[Old], after: Iterable[New]) -> list[tuple[Old | None, New | None]]:
    """Each deadline of the one world beside the same of the other; None where there is none.

    An extension may turn the end of a pause into the end of the measure: where no deadline of the same
    kind is left, one of the same event and edge is the same deadline under another kind. Deadlines that
    share a key are paired in the order in which they are given.
    """
    left: dict[Key, list[Old]] = {}
    for old in before:
        left.setdefault(old.key, []).append(old)
    pairs: list[tuple[Old | None, New | None]] = []
    unmatched: list[New] = []
    for new in after:
        if same := left.get(new.key):
            pairs.append((same.pop(0), new))
        else:
            unmatched.append(new)
    for new in unmatched:
        alike = next((olds for key, olds in left.items() if olds and _edge(key) == _edge(new.key)), None)
        pairs.append((alike.pop(0) if alike else None, new))
    return [*pairs, *((old, None) for olds in left.values() for old in olds)]


def _edge(key: Key) -> tuple[str, str, bool]:
    return (key.action, key.id, key.ends)


@dataclass(frozen=True, slots=True)
class Version:
    """A deadline as it was told from one instant of knowledge to the next."""

    known: datetime
    """From when on the public could know it so."""
    deadline: Deadline
    """As it stood then; once dropped, as it stood last."""
    dropped: bool
    """Nothing is due any more, and it was so before its day came."""
    facts: tuple[Fact, ...]
    """What became known at that instant."""

    @property
    def recorded(self) -> datetime:
        """When the ledger held it: 00:00 UTC of the day of the record, but not before it was known."""
        days = [fact.recorded for fact in self.facts if not isinstance(fact, Condition) and fact.recorded]
        return max([self.known, *(datetime.combine(day, time(), tzinfo=UTC) for day in days)])


@dataclass(frozen=True, slots=True)
class Trail:
    """All versions of one deadline, the oldest first. Each differs in something from the one before."""

    versions: tuple[Version, ...]
    number: int = 1
    """1; counts on where deadlines of one action began under the same key."""

    @property
    def last(self) -> Version:
        """The deadline as it stands."""
        return self.versions[-1]

    @property
    def key(self) -> Key:
        """The key under which it stands now."""
        return self.last.deadline.key

    @property
    def first_key(self) -> Key:
        """The key under which it first stood; with the number, a name that never changes."""
        return self.versions[0].deadline.key

    @property
    def moves(self) -> tuple[tuple[Version, Version], ...]:
        """Each time that its date was moved, or it was dropped or taken up again: before and after."""
        return tuple((a, b) for a, b in pairwise(self.versions) if _date(a) != _date(b))


def trails(action: Action, knowing: datetime) -> list[Trail]:
    """The trail of every deadline that an action had, as known at ``knowing``, in the order of beginning.

    A deadline that is no longer there was dropped, if its day had not come; else it has passed, and stays
    as it was. The date of one that has passed may still be moved, as by a late extension.
    """
    found: list[Trail] = []
    for known, facts in learned(action, knowing):
        pairs = pair(sorted(found, key=_latest), deadlines(action, BEGINNING, known))
        found = [_continued(old, new, known, facts) for old, new in pairs]
    began = Counter[Key]()
    numbered = []
    for trail in sorted(found, key=lambda trail: (trail.versions[0].known, _earliest(trail))):
        began[trail.first_key] += 1
        numbered.append(replace(trail, number=began[trail.first_key]))
    return numbered


def on_calendar(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Trail]:
    """The trails of the deadlines asked for that lie ahead of ``as_of`` or passed lately; soonest first.

    One of its versions is enough: who has an earlier one on a calendar must hear that it was moved or
    dropped, also when the new date lies elsewhere. What was past when it became known was on no calendar.
    """
    found = [
        trail
        for action in asked(actions, as_of, knowing, filters)
        for trail in trails(action, knowing)
        if any(_shown(version, as_of, filters) for version in trail.versions)
    ]
    return sorted(found, key=lambda trail: (_latest(trail), trail.first_key, trail.number))


def _shown(version: Version, as_of: datetime, filters: Filters) -> bool:
    passes = version.deadline.due.passes
    lately = as_of - KEPT < passes and version.known < passes
    return (passes > as_of or lately) and filters.takes_deadline(version.deadline)


def _continued(old: Trail | None, new: Deadline | None, known: datetime, facts: tuple[Fact, ...]) -> Trail:
    """A trail with what an instant of knowledge adds to it."""
    if old is None:
        assert new is not None  # pairs have at least one side
        return Trail((Version(known, new, False, facts),))
    last = old.last
    if new is None:
        if last.dropped or _had_come(last.deadline, known, facts):
            return old
        return replace(old, versions=(*old.versions, Version(known, last.deadline, True, facts)))
    if new == last.deadline and not last.dropped:
        return old
    return replace(old, versions=(*old.versions, Version(known, new, False, facts)))


def _had_come(deadline: Deadline, known: datetime, facts: Sequence[Fact]) -> bool:
    """Whether the day of a deadline had come when facts became known that no longer have it.

    A hearing that was held, a paper that was filed on its day was not called off: where the day of a stated
    deadline, or of the facts, is all that is known, days are compared. A turning point is an instant.
    """
    due = deadline.due
    day_known = all(fact.known is None or fact.known.day_only for fact in facts)
    if due.whole_day or (deadline.after is None and day_known):
        return due.days_left(known) <= 0
    return due.at <= known


def _date(version: Version) -> tuple[datetime, bool, bool]:
    return (version.deadline.at, version.deadline.due.whole_day, version.dropped)


def _latest(trail: Trail) -> datetime:
    return trail.last.deadline.at


def _earliest(trail: Trail) -> datetime:
    return trail.versions[0].deadline.at
