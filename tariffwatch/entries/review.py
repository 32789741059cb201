"""A file of entries looked at as a whole: each with its clocks, worst first, and totals by week."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from tariffwatch.entries.model import ZERO, Entry
from tariffwatch.entries.refunds import Programme, Standing
from tariffwatch.entries.running import Clocks, Liquidation, Running, Side, Work
from tariffwatch.entries.touched import Ledgers, Paid, Touch
from tariffwatch.model import Action


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An entry with all that was found."""

    entry: Entry
    liquidation: Liquidation
    running: tuple[Running, ...]
    """What has not ended, the worst first."""
    ended: tuple[Running, ...]
    """One's own time that has ended, the latest first."""
    paid: tuple[Paid, ...]
    refund: Standing | None
    notes: tuple[str, ...]
    """What to look at again."""

    @property
    def touches(self) -> tuple[Touch, ...]:
        """The later events that touched its duty, each once."""
        return touches_of(self.paid)

    @property
    def first(self) -> Running | None:
        """One's own time that ends next."""
        return next((running for running in self.running if running.side is Side.YOURS), None)


@dataclass(frozen=True, slots=True)
class Week:
    """What ends in a week."""

    monday: date
    entries: int
    duty: Decimal
    """Each entry once, with the largest amount that hangs on a clock of it in that week."""
    clocks: Mapping[str, tuple[int, Decimal]]
    """For each clock by id: how many entries, and the duty that hangs on it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A later event with what it touched: one judgment or order, told in each action that it bears on."""

    touches: tuple[Touch, ...]
    """Of every action, alike in all but the action."""
    entries: int
    duty: Decimal

    @property
    def touch(self) -> Touch:
        """The first of them."""
        return self.touches[0]


@dataclass(frozen=True, slots=True)
class Whole:
    """What all entries come to, where only the worst of them are listed."""

    entries: int
    running: int
    """Clocks that run and are asked for."""
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Review:
    """Entries looked at as of an instant, those first whose own time ends soonest."""

    entries: tuple[Reviewed, ...]
    running: tuple[Running, ...]
    """The clocks of all entries that are asked for, the worst first."""
    weeks: tuple[Week, ...]
    reaches: tuple[Reach, ...]
    unknown: Mapping[str, Decimal]
    """Headings that no line of the ledger has, with the duty paid on them."""
    unchecked: Action | None
    """The refund programme, where nobody checked its sources for this date."""
    whole: Whole | None = None
    """Given where ``entries`` and ``running`` are only the worst; all else is of the whole file."""

    @property
    def paid(self) -> Decimal:
        """All duty under chapter 99, in US dollars."""
        return self.whole.paid if self.whole else sum((one.entry.paid for one in self.entries), ZERO)

    @property
    def count(self) -> int:
        """How many entries there are, listed or not."""
        return self.whole.entries if self.whole else len(self.entries)

    def worst(self, most: int) -> Review:
        """The same with no more than so many entries, and as many clocks, in its lists."""
        if len(self.entries) <= most:
            return self
        whole = Whole(len(self.entries), len(self.running), self.paid)
        return replace(self, entries=self.entries[:most], running=self.running[:most], whole=whole)


def review(
    entries: Iterable[Entry],
    actions: Mapping[str, Action],
    work: Work,
    as_of: datetime,
    knowing: datetime,
    *,
    only: Collection[str] = (),
    by_then: datetime | None = None,
) -> Review:
    """Look at entries as of an instant, using what was known at ``knowing``.

    ``only`` takes these clocks alone, ``by_then`` those that end up to an instant.
    """
    clocks, ledgers = Clocks(work, as_of), Ledgers(actions, knowing)
    programme = Programme(actions, as_of, knowing)
    reviewed = [look(entry, clocks, ledgers, programme) for entry in entries]
    asked = [running for one in reviewed for running in one.running if is_asked(running, only, by_then)]
    return Review(
        entries=tuple(sorted(reviewed, key=urgency)),
        running=tuple(sorted(asked, key=lambda running: running.order)),
        weeks=_weeks(asked),
        reaches=_reaches(reviewed),
        unknown=_unknown(reviewed),
        unchecked=programme.unchecked if any(one.refund for one in reviewed) else None,
    )


def touches_of(paid: Iterable[Paid]) -> tuple[Touch, ...]:
    """The later events that touched some duty, each once."""
    found = {(touch.action.id, touch.event.id): touch for one in paid for touch in one.touches}
    return tuple(found.values())


def is_asked(running: Running, only: Collection[str], by_then: datetime | None) -> bool:
    """Whether a clock is one of those asked for, and ends in time."""
    return (not only or running.name in only) and (by_then is None or running.due.at <= by_then)


def look(entry: Entry, clocks: Clocks, ledgers: Ledgers, programme: Programme) -> Reviewed:
    """Look at one entry."""
    liquidation = clocks.liquidation(entry)
    paid = ledgers.paid(entry)
    refund = programme.standing(entry, liquidation, paid)
    all_clocks = [*clocks.running(entry, liquidation)]
    if refund and refund.limit:
        all_clocks.append(refund.limit)
    running = sorted((one for one in all_clocks if clocks.runs(one)), key=lambda one: one.order)
    ended = [one for one in all_clocks if not clocks.runs(one) and one.side is Side.YOURS]
    return Reviewed(
        entry=entry,
        liquidation=liquidation,
        running=tuple(running),
        ended=tuple(sorted(ended, key=lambda one: one.due.at, reverse=True)),
        paid=paid,
        refund=refund,
        notes=(*notes_on_days(entry, liquidation, clocks.today), *notes_on_duty(paid)),
    )


def notes_on_days(entry: Entry, liquidation: Liquidation, today: date) -> Iterable[str]:
    """What to look at again in the days of an entry."""
    if entry.entered > today:
        yield f"the entry date {entry.entered} lies ahead"
    if entry.liquidated and entry.liquidated > today:
        yield f"the liquidation date {entry.liquidated} lies ahead: taken as the day it is scheduled for"
    if liquidation.deemed:
        yield (
            f"no liquidation date, though a year ended on {liquidation.deemed}: deemed liquidated then, "
            "unless extended or suspended"
        )
    elif liquidation.expected and liquidation.expected <= today:
        yield (
            f"liquidation was to be expected about {liquidation.expected}: read the posted notice; "
            "if it was liquidated, the time for a protest runs"
        )


def notes_on_duty(paid: Iterable[Paid]) -> Iterable[str]:
    """What to look at again in the duty paid on an entry."""
    for one in paid:
        if one.ended:
            action = one.matches[0].action
            yield f"{one.duty.heading} had ended before the entry ({action.id}, {one.ended.id})"
        elif one.idle:
            action = one.matches[0].action
            yield f"{one.duty.heading} was {one.idle.words} on the entry date ({action.id})"
        elif not one.matches:
            yield f"{one.duty.heading} is in no line of the ledger: later events are not known for it"


def urgency(of: Reviewed) -> tuple[bool, datetime | int, Decimal, str]:
    """The order of entries: those with time of one's own left first, by when it ends."""
    first = of.first
    return first is None, first.due.at if first else 0, -of.entry.paid, of.entry.number


def _weeks(running: Iterable[Running]) -> tuple[Week, ...]:
    """What ends in each week, from Monday on, of one's own time."""
    by_week: dict[date, list[Running]] = {}
    for one in running:
        if one.side is Side.YOURS:
            by_week.setdefault(monday(one), []).append(one)
    return tuple(_week(first, by_week[first]) for first in sorted(by_week))


def monday(of: Running) -> date:
    """The first day of the week in which a clock ends."""
    day = of.due.at.astimezone(of.due.zone).date()
    return day - timedelta(days=day.weekday())


def _week(first: date, running: list[Running]) -> Week:
    stakes: dict[str, Decimal] = {}
    clocks: dict[str, tuple[int, Decimal]] = {}
    for one in running:
        stakes[one.entry.number] = max(stakes.get(one.entry.number, ZERO), one.stake)
        count, duty = clocks.get(one.name, (0, ZERO))
        clocks[one.name] = count + 1, duty + one.stake
    return Week(first, len(stakes), sum(stakes.values(), ZERO), dict(sorted(clocks.items())))


def _reaches(reviewed: Iterable[Reviewed]) -> tuple[Reach, ...]:
    """The later events with what they touched: certain ones first, then by what hangs on them."""
    touches: dict[Hashable, dict[str, Touch]] = {}
    entries: dict[Hashable, set[str]] = {}
    duty: dict[Hashable, Decimal] = {}
    for one in reviewed:
        for paid in one.paid:
            for key, found in by_event(paid.touches).items():
                touches.setdefault(key, {}).update(found)
                entries.setdefault(key, set()).add(one.entry.number)
                duty[key] = duty.get(key, ZERO) + paid.duty.amount
    return ranked(Reach(tuple(touches[key].values()), len(entries[key]), duty[key]) for key in touches)


def ranked(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """Certain ones first, then those with the most duty."""
    return tuple(sorted(reaches, key=lambda r: (not r.touch.certain, -r.duty, r.touch.event.id)))


def by_event(touches: Iterable[Touch]) -> Mapping[Hashable, dict[str, Touch]]:
    """Touches by judgment or order, then by action."""
    grouped = groupby(sorted(touches, key=_same), key=_same)
    return {key: {touch.action.id: touch for touch in found} for key, found in grouped}


def _same(of: Touch) -> tuple[str, datetime, str, str, bool]:
    """What makes events of several actions one: the same judgment or order."""
    return of.event.id, of.event.known.at, of.event.source or "", of.reach, of.certain


def _unknown(reviewed: Iterable[Reviewed]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in reviewed:
        for paid in one.paid:
            if not paid.matches:
                found[paid.duty.heading] = found.get(paid.duty.heading, ZERO) + paid.duty.amount
    return dict(sorted(found.items()))
