"""Legal clocks: a trigger and a period of law -> a last day or an instant, with the steps that led there.

Pure arithmetic on calendars; the periods themselves are data (``data/clocks.toml``). Days are added on
the wall calendar of the clock's zone, never as multiples of 24 hours; months and years keep the day's
number, or take the last day of a month that lacks it (Regulation 1182/71 art. 3(2)(c); Interpretation
Act, R.S.C. 1985, c. I-21, s. 28; practice elsewhere). Hours are counted in absolute time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from tariffwatch.model import Loc
from tariffwatch.years import YEARS


class Count(StrEnum):
    """How a period is counted from its trigger day D."""

    WITHIN = "within"
    """D is day 0; the last day is D+N, to its close."""
    PERIOD = "period"
    """D is day 1; the period ends on D+N at the trigger's own time of day; its last full day is D+N-1."""
    ON = "on"
    """It happens on D+N itself."""
    BEFORE = "before"
    """It must be done before D+N: the last day is D+N-1."""


class Roll(StrEnum):
    """Where a last day goes when offices are closed."""

    NONE = "none"
    NEXT = "next"
    """To the next open day, by the authority named."""
    PRACTICE = "practice"
    """To the next open day by practice only: countdowns run to the safe day."""


class Group(StrEnum):
    """Whose clocks they are."""

    MEASURES = "measures"
    ENTRIES = "entries"
    ELSEWHERE = "elsewhere"


Calendar = Callable[[date], str | None]
"""Why a day is closed (``Saturday``, ``Thanksgiving Day``); None if it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further date of the same rule, such as the opening of a window."""

    id: str
    label: str
    length: str
    count: Count = Count.WITHIN
    trigger: str | None = None
    """The name of a second event that starts it, as ``--trigger NAME=DATE`` gives it; None is the clock's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A period of law."""

    id: str
    title: str
    group: Group
    trigger: str
    """What starts it, in the law's words."""
    length: str
    """``150 days``, ``12 months``, ``10 business days``, ``4 years - 1 day``, ``-24 hours``."""
    count: Count
    cite: str
    zone: ZoneInfo
    roll: Roll = Roll.NONE
    authority: str | None = None
    """By what a last day is rolled, or why it is not."""
    calendar: str | None = None
    hour: time | None = None
    """The time of day of an effect, or the default of a trigger given as a day."""
    earlier_of: Part | None = None
    """A second limit: the earlier of the two counts."""
    parts: tuple[Part, ...] = ()
    law_from: date | None = None
    """The first trigger day for which this version was law; None is "as far back as we know"."""
    law_until: date | None = None
    """The first trigger day for which it no longer was."""
    estimate: bool = False
    """Practice, not law: the date is an estimate."""
    reading: str | None = None
    """Where the text is open: what else it may mean."""
    note: str | None = None
    evidence: str | None = None
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A clock worked out from a trigger."""

    clock: Clock
    last_day: date
    """The statutory last day, unrolled."""
    rolled: date | None
    """The day to which it rolls, if there is a rule or practice to roll and the day is closed."""
    safe_day: date
    """The last open day not after the statutory one."""
    at: datetime
    """What a countdown runs to, in UTC: an instant, or the 00:00 of the day on which it is due."""
    day_only: bool
    """Due through the close of the day of ``at``."""
    steps: tuple[str, ...]
    parts: Mapping[str, date]


class ClockError(ValueError):
    """A trigger that a clock cannot be worked from; its text says why, and the mend."""


END_OF_MONTH = "end of month"
"""May stand first in a length: the count goes on from the last day of the trigger's month."""
MOST_LENGTH = 100
"""The most characters of a length: each term of business days is walked day by day."""
TERM = re.compile(r"([+-]?) ?(\d{1,5}) (hour|day|week|business day|month|year)s?")
"""A term of a length: its sign, number and unit."""
WEEKEND = {5: "Saturday", 6: "Sunday"}


def version(versions: Sequence[Clock], trigger: date) -> Clock:
    """The version of a rule that was law on the trigger day; raises ClockError if none was."""
    for clock in versions:
        begun = clock.law_from is None or clock.law_from <= trigger
        if begun and (clock.law_until is None or trigger < clock.law_until):
            return clock
    known = "; ".join(f"{c.law_from or 'earlier'} to {c.law_until or 'now'}" for c in versions)
    raise ClockError(f"{versions[0].id} was not law on {trigger}: it is known for {known}")


def work(
    clock: Clock, trigger: datetime | date, calendar: Calendar, others: Mapping[str, date] | None = None
) -> Worked:
    """Work a clock out.

    ``trigger`` is a day, or an aware instant; ``others`` holds further trigger days by name, where a
    limit hangs on a second event. Raises ClockError for a missing one, and for a period that leads out
    of the years that dates may be in.
    """
    try:
        worked = _worked(clock, trigger, calendar, others or {})
    except ClockError:
        raise
    except (OverflowError, ValueError):  # past the first or the last year of any calendar
        worked = None
    if worked is None or worked.at.year not in YEARS:
        years = f"{YEARS.start} to {YEARS.stop - 1}"
        raise ClockError(f'{clock.id}: "{clock.length}" from {trigger} leads out of the years {years}')
    return worked


def _worked(clock: Clock, trigger: datetime | date, calendar: Calendar, others: Mapping[str, date]) -> Worked:
    start = _local(clock, trigger)
    steps = [f"Trigger ({clock.trigger}): {_said(start, trigger)}"]
    end = _add(start, clock.length, calendar, steps)
    last = _last_day(end, clock.count)
    if not _in_hours(clock):
        steps.append(_counted(clock.count, clock.length, end, last))
    if clock.earlier_of:
        last = _earlier(clock, clock.earlier_of, start, last, calendar, others, steps)
    rolled, safe = _rolled(clock, last, calendar, steps)
    at, day_only = _instant(clock, start, end, last, rolled, safe, steps)
    return Worked(
        clock=clock,
        last_day=last,
        rolled=rolled,
        safe_day=safe,
        at=at,
        day_only=day_only,
        steps=tuple(steps),
        parts={
            part.id: _part_day(clock, part, start, calendar, others)
            for part in clock.parts
            if part.trigger is None or part.trigger in others
        },
    )


def business_days(start: date, end: date, calendar: Calendar) -> int:
    """How many open days lie after ``start``, through ``end``."""
    return sum(calendar(start + timedelta(days=n)) is None for n in range(1, (end - start).days + 1))


def weekends(day: date) -> str | None:
    """The calendar on which only Saturdays and Sundays are closed."""
    return WEEKEND.get(day.weekday())


def _local(clock: Clock, trigger: datetime | date) -> datetime:
    """The trigger on the clock's own wall calendar; a bare day has the clock's hour."""
    if isinstance(trigger, datetime):
        return trigger.astimezone(clock.zone)
    return datetime.combine(trigger, clock.hour or time(), tzinfo=clock.zone)


def _add(start: datetime, length: str, calendar: Calendar, steps: list[str]) -> datetime:
    """The start plus every term of a length, left to right."""
    from dateutil.relativedelta import relativedelta

    position, moved = 0, start
    text = length.strip()
    if text.startswith(END_OF_MONTH):
        moved = start + relativedelta(day=31)
        position = len(END_OF_MONTH) + 1
    while position < len(text):
        term = TERM.match(text, position)
        if not term or len(text) > MOST_LENGTH:
            raise ClockError(
                f'"{length}" is not a length; write such as 150 days, 12 months, 4 years - 1 day'
            )
        number = int(term[2]) * (-1 if term[1] == "-" else 1)
        match term[3]:
            case "hour":
                moved = (moved.astimezone(UTC) + timedelta(hours=number)).astimezone(start.tzinfo)
            case "business day":
                moved = _open_days(moved, number, calendar, steps)
            case "month" | "year":
                moved = moved + relativedelta(**{f"{term[3]}s": number})  # type: ignore[arg-type]
            case unit:
                moved = moved + timedelta(days=number * (7 if unit == "week" else 1))
        position = term.end()
        while text[position : position + 1] == " ":
            position += 1
    return moved


def _open_days(start: datetime, number: int, calendar: Calendar, steps: list[str]) -> datetime:
    """Step from day to day, counting only open ones; the closed ones are told."""
    day, skipped = start, []
    step = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        day += step
        if reason := calendar(day.date()):
            skipped.append(f"{day:%Y-%m-%d} ({reason})")
        else:
            left -= 1
    if skipped:
        steps.append(f"Not counted: {', '.join(skipped)}")
    return day


def _last_day(end: datetime, count: Count) -> date:
    return end.date() - timedelta(days=1) if count in (Count.PERIOD, Count.BEFORE) else end.date()


def _counted(count: Count, length: str, end: datetime, last: date) -> str:
    match count:
        case Count.WITHIN:
            return f"{length}, the trigger day not counted: last day {last:%a %Y-%m-%d}, to its close"
        case Count.PERIOD:
            return f"{length}, the trigger day counted: last full day {last:%a %Y-%m-%d}"
        case Count.ON:
            return f"{length} later: {end:%a %Y-%m-%d}"
        case Count.BEFORE:
            return f"Before the day {length} later, {end:%a %Y-%m-%d}: last day {last:%a %Y-%m-%d}"
        case _:
            assert_never(count)


def _earlier(
    clock: Clock,
    part: Part,
    start: datetime,
    last: date,
    calendar: Calendar,
    others: Mapping[str, date],
    steps: list[str],
) -> date:
    """The earlier of the clock's own limit and a second one, where that one is known."""
    named = others.get(part.trigger) if part.trigger else start
    if named is None:
        steps.append(f"Or earlier, {part.label}: give its day with --trigger {part.trigger}=DATE")
        return last
    second = _last_day(_add(_local(clock, named), part.length, calendar, steps), part.count)
    earlier = min(last, second)
    steps.append(f"{part.label}: {second:%a %Y-%m-%d}; the earlier counts, {earlier:%a %Y-%m-%d}")
    return earlier


def _part_day(
    clock: Clock, part: Part, start: datetime, calendar: Calendar, others: Mapping[str, date]
) -> date:
    """A further date of the rule, from its own trigger if that is known."""
    named = others.get(part.trigger or "")
    return _last_day(_add(_local(clock, named) if named else start, part.length, calendar, []), part.count)


def _rolled(clock: Clock, last: date, calendar: Calendar, steps: list[str]) -> tuple[date | None, date]:
    """The day to which a closed last day rolls, if it does, and the last open day before it.

    What is counted in hours falls due at any time (Regulation 1182/71 art. 3(4)).
    """
    reason = None if _in_hours(clock) else calendar(last)
    safe = last
    if reason is None:
        return None, safe
    while calendar(safe):
        safe -= timedelta(days=1)
    if clock.roll is Roll.NONE:
        why = f" ({clock.authority})" if clock.authority else ""
        closed = f"{last:%Y-%m-%d} is closed ({reason}), and the day does not move{why}"
        steps.append(f"{closed}; safe day {safe:%a %Y-%m-%d}")
        return None, safe
    rolled = last
    while calendar(rolled):
        rolled += timedelta(days=1)
    by = "by practice only" if clock.roll is Roll.PRACTICE else "by law"
    steps.append(
        f"{last:%Y-%m-%d} is closed ({reason}): rolls to {rolled:%a %Y-%m-%d} {by}, {clock.authority}; "
        f"safe day {safe:%a %Y-%m-%d}"
    )
    return rolled, safe


def _instant(
    clock: Clock,
    start: datetime,
    end: datetime,
    last: date,
    rolled: date | None,
    safe: date,
    steps: list[str],
) -> tuple[datetime, bool]:
    """What a countdown runs to, and whether it is a whole day."""
    if _in_hours(clock):
        steps.append(f"{clock.length}, in absolute time: {end:%a %Y-%m-%d %H:%M %Z}")
        return end.astimezone(UTC), False
    day = last
    if rolled:
        day = safe if clock.roll is Roll.PRACTICE else rolled
        if clock.roll is Roll.PRACTICE:
            steps.append(f"Countdowns run to the safe day, {safe:%a %Y-%m-%d}: the roll rests on practice")
    hour = start.time() if clock.count is Count.PERIOD else clock.hour
    if hour is not None and clock.count in (Count.PERIOD, Count.ON):
        day += timedelta(days=clock.count is Count.PERIOD)
        instant = datetime.combine(day, hour, tzinfo=clock.zone)
        steps.append(f"At {instant:%Y-%m-%d %H:%M %Z}, by the same clock")
        return instant.astimezone(UTC), False
    return datetime.combine(day, time(), tzinfo=clock.zone).astimezone(UTC), True


def _in_hours(clock: Clock) -> bool:
    """Such a period ends at an instant, on open and closed days alike."""
    return clock.length.strip().endswith(("hour", "hours"))


def _said(start: datetime, trigger: datetime | date) -> str:
    clocked = isinstance(trigger, datetime) or (start.hour, start.minute) != (0, 0)
    return f"{start:%a %Y-%m-%d %H:%M %Z}" if clocked else f"{start:%a %Y-%m-%d}"
