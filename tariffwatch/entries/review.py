"""A file of entries looked at as a whole: each with its clocks, worst first, and totals by week."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
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
        found = {(t.action.id, t.event.id): t for p in self.paid for t in p.touches}
        return tuple(found.values())

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

    @property
    def paid(self) -> Decimal:
        """All duty under chapter 99, in US dollars."""
        return sum((one.entry.paid for one in self.entries), ZERO)


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
    reviewed = [_reviewed(entry, clocks, ledgers, programme) for entry in entries]
    asked = [
        running
        for one in reviewed
        for running in one.running
        if (not only or running.name in only) and (by_then is None or running.due.at <= by_then)
    ]
    return Review(
        entries=tuple(sorted(reviewed, key=_urgency)),
        running=tuple(sorted(asked, key=lambda running: running.order)),
        weeks=_weeks(asked),
        reaches=_reaches(reviewed),
        unknown=_unknown(reviewed),
        unchecked=programme.unchecked if any(one.refund for one in reviewed) else None,
    )


def _reviewed(entry: Entry, clocks: Clocks, ledgers: Ledgers, programme: Programme) -> Reviewed:
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
        notes=tuple(_notes(entry, liquidation, paid, clocks)),
    )


def _notes(entry: Entry, liquidation: Liquidation, paid: tuple[Paid, ...], clocks: Clocks) -> Iterable[str]:
    today = clocks.today
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
    for one in paid:
        if one.ended:
            action = one.matches[0].action
            yield f"{one.duty.heading} had ended before the entry ({action.id}, {one.ended.id})"
        elif one.idle:
            action = one.matches[0].action
            yield f"{one.duty.heading} was {one.idle.words} on the entry date ({action.id})"
        elif not one.matches:
            yield f"{one.duty.heading} is in no line of the ledger: later events are not known for it"


def _urgency(of: Reviewed) -> tuple[bool, datetime | int, Decimal, str]:
    """The order of entries: those with time of one's own left first, by when it ends."""
    first = of.first
    return first is None, first.due.at if first else 0, -of.entry.paid, of.entry.number


def _weeks(running: Iterable[Running]) -> tuple[Week, ...]:
    """What ends in each week, from Monday on, of one's own time."""
    by_week: dict[date, list[Running]] = {}
    for one in running:
        if one.side is Side.YOURS:
            day = one.due.at.astimezone(one.due.zone).date()
            by_week.setdefault(day - timedelta(days=day.weekday()), []).append(one)
    return tuple(_week(monday, by_week[monday]) for monday in sorted(by_week))


def _week(monday: date, running: list[Running]) -> Week:
    stakes: dict[str, Decimal] = {}
    clocks: dict[str, tuple[int, Decimal]] = {}
    for one in running:
        stakes[one.entry.number] = max(stakes.get(one.entry.number, ZERO), one.stake)
        count, duty = clocks.get(one.name, (0, ZERO))
        clocks[one.name] = count + 1, duty + one.stake
    return Week(monday, len(stakes), sum(stakes.values(), ZERO), dict(sorted(clocks.items())))


def _reaches(reviewed: Iterable[Reviewed]) -> tuple[Reach, ...]:
    """The later events with what they touched: certain ones first, then by what hangs on them."""
    touches: dict[Hashable, dict[str, Touch]] = {}
    entries: dict[Hashable, set[str]] = {}
    duty: dict[Hashable, Decimal] = {}
    for one in reviewed:
        for paid in one.paid:
            for key, found in groupby(sorted(paid.touches, key=_same), key=_same):
                touches.setdefault(key, {}).update({touch.action.id: touch for touch in found})
                entries.setdefault(key, set()).add(one.entry.number)
                duty[key] = duty.get(key, ZERO) + paid.duty.amount
    reaches = [
        Reach(tuple(by_action.values()), len(entries[key]), duty[key]) for key, by_action in touches.items()
    ]
    return tuple(sorted(reaches, key=lambda r: (not r.touch.certain, -r.duty, r.touch.event.id)))


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
