"""What questions are answered with: the types that queries make and views show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tariffwatch.calendars import calendar
from tariffwatch.clocks import Calendar, business_days, weekends
from tariffwatch.model import (
    Action,
    Condition,
    DeadlineKind,
    Event,
    Evidence,
    Fact,
    Finding,
    Instrument,
    Line,
    Loc,
    Moment,
    Phase,
    Rate,
    Rule,
    StatedDeadline,
)
from tariffwatch.timeline import Stretch

CALENDARS = {"US": "us-federal", "CA": "ca", "EU": "eu"}
"""Whose holidays count for whose measures; elsewhere only weekends are known to be closed."""


class LineStatus(NamedTuple):
    """How one line stands; ``since`` and ``until`` bound this phase and, when in force, this rate."""

    id: str
    label: str
    phase: Phase
    rate: Rate | None
    since: datetime
    until: datetime


class State(NamedTuple):
    """A phase and the rate of each line that it concerns."""

    phase: Phase | None
    rates: Mapping[str, Rate]


class Key(NamedTuple):
    """The identity of a deadline, which moving its date leaves alone."""

    action: str
    id: str
    """The event at the root of a turning point, or the first of a chain of stated deadlines."""
    kind: DeadlineKind
    ends: bool


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due, and on whose calendar its days are counted."""

    at: datetime
    day_only: bool
    """The source gives the day alone."""
    whole_day: bool
    """Due through the close of the day of ``at``; else at the instant ``at``."""
    zone: ZoneInfo
    """The zone of the action."""
    government: str
    """Whose closed days count."""

    @property
    def passes(self) -> datetime:
        """When it is over: a day stated alone is due through its close."""
        return close_of_day(self.at, self.zone) if self.whole_day else self.at

    def days_left(self, as_of: datetime) -> int:
        """Days from the day of ``as_of`` to its own, on the calendar of the action's zone."""
        return (self._day(self.at) - self._day(as_of)).days

    def business_days_left(self, as_of: datetime) -> int:
        """Open days after the day of ``as_of`` on which something can still be done about it.

        The day of an instant is not one of them, a day stated alone is. Closed days are those of the
        government that imposes the measure.
        """
        last = self._day(self.at) - timedelta(days=0 if self.whole_day else 1)
        return business_days(self._day(as_of), last, self.closed)

    @property
    def closed(self) -> Calendar:
        """The days on which the government's offices are closed.

        Saturdays everywhere: that a Canadian period may end on one (Interpretation Act s. 35) opens no desk.
        """
        holidays = calendar(CALENDARS.get(self.government))
        return lambda day: weekends(day) or holidays(day)

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Deadline:
    """What comes: a turning point of the strips, or a stated deadline. One type for both."""

    action: Action
    id: str
    kind: DeadlineKind
    at: datetime
    day_only: bool
    """The source gives the day alone."""
    before: State | None
    """How it stands before; None for a stated deadline."""
    after: State | None
    text: str | None
    source: str | None
    decided_by: str | None
    """Who decides the conditions that bear on it."""
    lines: tuple[str, ...] = ()
    """The lines that change; empty for a stated deadline, and for an action without lines."""
    partial: bool = False
    """Other lines that stood in the same phase do not change, so that these must be named."""
    ends: bool = False
    """A turning point at the end of what the event painted, not at its beginning."""
    rule: Rule | None = None
    """The legal clock that dates it, and what starts that."""
    conditions: tuple[str, ...] = ()
    """The ids of the conditions that bear on it, those of the law first."""
    estimate: bool = False
    """It rests on a day that is not known yet."""
    evidence: Evidence | None = None
    """What the date rests on."""
    loc: Loc | None = field(default=None, compare=False)
    """Where what dates it stands: the stated deadline, or the event that set the turning point."""

    @property
    def due(self) -> Due:
        """When it falls due. A turning point is an instant: a day alone means its 00:00."""
        whole_day = self.day_only and self.after is None
        return Due(self.at, self.day_only, whole_day, self.action.zone, self.action.imposed_by)

    @property
    def key(self) -> Key:
        """What stays the same when the date is moved."""
        return Key(self.action.id, self.id, self.kind, self.ends)


class Fate(StrEnum):
    """What befell a deadline between two worlds."""

    NEW_DATE = "new-date"
    MOVED = "moved"
    EXTENDED = "extended"
    DROPPED = "dropped"
    SETTLED = "settled"
    """A stated deadline was met, cancelled or overtaken by an event."""
    OTHER_OUTCOME = "other-outcome"
    """The date stayed; what changes on it did not."""

    @property
    def words(self) -> str:
        """The fate as prose: ``new date``."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class PastDeadline:
    """A stated deadline that is no longer to come, and why."""

    stated: StatedDeadline
    moved_to: StatedDeadline | None
    """The one that replaced it."""
    settled: Event | None
    """What met, cancelled or overtook it; without either, its day has passed."""


@dataclass(frozen=True, slots=True)
class ConditionStatus:
    """A condition with its latest finding known."""

    condition: Condition
    finding: Finding
    """UNKNOWN while nothing has been found."""
    assessed: Event | None
    """The event that set the finding."""


class Stage(StrEnum):
    """How far a condition has come, in the order in which conditions are shown."""

    OPEN = "open"
    """Nothing final was found, and what it bears on is still to come, or has no date."""
    FOUND = "found"
    """It was found met, unmet, breached or waived."""
    PASSED = "passed"
    """What it bears on is over, and nothing final was found."""
    ENDED = "ended"
    """The action itself has ended, and no date is left on which the condition bears."""

    @property
    def rank(self) -> int:
        """The place in the display order, 0 first."""
        return list(Stage).index(self)


@dataclass(frozen=True, slots=True)
class Decision:
    """When it is decided whether a condition is met: the date of what it bears on."""

    at: Moment | None = None
    """None if no date is set, or what it bears on was overtaken by other events."""
    deadline: Deadline | None = None
    """What comes then; None for a date gone by, and for the announced date of a threat."""
    passed: bool = False
    """What it bears on is over."""


@dataclass(frozen=True, slots=True)
class Status:
    """How one action stands at ``as_of``, as known at ``knowing``."""

    action: Action
    phase: Phase | None
    """None is "not yet public"."""
    mixed: bool
    """Its lines are in different phases."""
    since: datetime | None
    """When the action's phase began; None if never."""
    until: datetime
    """When the action's phase ends by itself; END if never."""
    lines: tuple[LineStatus, ...]
    next: tuple[Deadline, ...]
    """What happens next if nobody acts: all turning points of the next instant that has any; without
    one, the next stated deadline."""
    conditions: tuple[ConditionStatus, ...]
    unchecked: bool
    """By its own terms only: nobody checked the sources for this date."""
    lapsed: Event | None
    """The pause or temporary rate that ran out, when nothing is recorded after its end."""
    single_source: bool
    """Without the events that rest on a single account, a line would stand otherwise."""


class Prospect(NamedTuple):
    """How an action stands at an instant, and what comes after it."""

    status: Status
    coming: tuple[Deadline, ...]
    """Soonest first."""


@dataclass(frozen=True, slots=True)
class ConditionOutlook:
    """A condition of an action: how it stands, when it is decided, how far it has come."""

    standing: Status
    """How the action stands."""
    status: ConditionStatus
    decision: Decision
    stage: Stage

    @property
    def action(self) -> Action:
        """The action that hangs on it."""
        return self.standing.action


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact of an action that rests on a source."""

    fact: Fact
    section: str
    """Where the source says so: ``sec. 2(a)``; empty for the whole of it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source on which an action rests, and all that it says of the action."""

    name: str
    """As the action's facts name it: an instrument's id, or ``19 U.S.C. 2132(a)``."""
    instrument: Instrument | None
    """None for a law that is cited by itself."""
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of time, ``[start, end)`` in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Track:
    """Lines of an action that run alike over a span of time, and how they run."""

    lines: tuple[Line, ...]
    """Empty for an action without lines."""
    stretches: tuple[Stretch, ...]
    """Those that touch the span, with their own beginnings and ends; without the time before the first."""


@dataclass(frozen=True, slots=True)
class Course:
    """How an action runs over a span of time: what a timeline draws."""

    status: Status
    """How it stands at the date asked about."""
    span: Span
    tracks: tuple[Track, ...]
    """In the order of their first lines; none if nothing was public in the span."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which actions and deadlines are asked for; what is empty lets all through."""

    ids: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    authority: str | None = None
    phases: frozenset[Phase] = frozenset()
    kinds: frozenset[DeadlineKind] = frozenset()
    by_then: datetime | None = None
    """The last instant of interest."""

    def takes(self, action: Action) -> bool:
        """Whether an action is asked for. A measure on every country is a measure on each."""
        return (
            (not self.ids or action.id in self.ids)
            and (not self.on or "*" in action.on or not self.on.isdisjoint(action.on))
            and (not self.by or action.imposed_by in self.by)
            and (self.authority is None or self.authority.casefold() in action.authority.casefold())
        )

    def takes_deadline(self, deadline: Deadline) -> bool:
        """Whether a deadline is of the kinds, and within the time, asked for."""
        return (not self.kinds or deadline.kind in self.kinds) and (
            self.by_then is None or deadline.at <= self.by_then
        )


def close_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the day of ``at`` on the calendar of a zone."""
    local = at.astimezone(zone)
    return (local.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC)
