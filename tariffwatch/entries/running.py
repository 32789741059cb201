"""The clocks that run for an entry, each with the version of the rule that was law at its trigger.

What starts a clock is told with it. Nothing counts from the entry summary: the time for a protest runs from
the liquidation (19 U.S.C. 1514(c)(3)), the correction window from the entry and back from the liquidation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

from tariffwatch.clocks import ClockError, Worked
from tariffwatch.entries.model import ZONE, Entry, Held
from tariffwatch.results import Due

Work = Callable[[str, date, Mapping[str, date] | None], Worked]
"""Works a clock of the ledger out: ``ledger.work`` as far as it is needed here."""

PROTEST_180 = date(2004, 12, 18)
"""Entries made before have 90 days, whenever they liquidate (Pub. L. 108-429 sec. 2108)."""


class Side(StrEnum):
    """Whose time it is."""

    YOURS = "yours"
    CBP = "cbp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock that runs for an entry."""

    entry: Entry
    worked: Worked
    trigger: str
    """What it counts from: ``liquidated 2025-12-15``."""
    side: Side
    stake: Decimal
    """The duty that hangs on it, in US dollars, as far as the file says."""
    estimate: bool = False
    """It rests on a day that is not known yet."""
    notes: tuple[str, ...] = ()
    """What it rests on, and what else may hold."""
    by: date | None = None
    """A later day than the safe one, where that has passed and the law's own has not."""

    @property
    def name(self) -> str:
        """The clock's id."""
        return self.worked.clock.id

    @property
    def due(self) -> Due:
        """When it ends, on the calendar of federal offices."""
        zone, day = self.worked.clock.zone, self.worked.day_only
        at = datetime.combine(self.by, time(), tzinfo=zone).astimezone(UTC) if self.by else self.worked.at
        return Due(at, day, day, zone, "US")

    @property
    def order(self) -> tuple[datetime, bool, Decimal, str, str]:
        """The worst first: what ends soonest, one's own time before CBP's, then the most duty."""
        return self.due.at, self.side is Side.CBP, -self.stake, self.entry.number, self.name


@dataclass(frozen=True, slots=True)
class Liquidation:
    """When an entry was liquidated, is to be, or would have been."""

    actual: date | None = None
    deemed: date | None = None
    """A year has passed and the file knows of no liquidation: by law it would have happened then."""
    expected: date | None = None
    estimate: bool = False
    """``expected`` is the usual cycle, not a day that CBP has scheduled."""

    @property
    def done(self) -> date | None:
        """The day from which the time for a protest counts, as far as is known."""
        return self.actual or self.deemed


class Clocks:
    """Works out the clocks of entries as of an instant."""

    def __init__(self, work: Work, as_of: datetime) -> None:
        self.as_of = as_of
        self.today = as_of.astimezone(ZONE).date()
        self._work = work
        self._worked: dict[tuple[str, date, date | None], Worked | None] = {}

    def liquidation(self, entry: Entry) -> Liquidation:
        """When an entry was or will be liquidated. A day that lies ahead is the day it is scheduled for."""
        if entry.liquidated and entry.liquidated <= self.today:
            return Liquidation(actual=entry.liquidated)
        scheduled = entry.liquidated or entry.scheduled
        if entry.held:
            return Liquidation(expected=scheduled)
        deemed = self.worked("liquidation-1y", entry.entered)
        if deemed and deemed.last_day < self.today:
            return Liquidation(deemed=deemed.last_day)
        if scheduled:
            return Liquidation(expected=scheduled)
        usual = self.worked("liquidation-314", entry.entered)
        return Liquidation(expected=usual.last_day if usual else None, estimate=True)

    def running(self, entry: Entry, liquidation: Liquidation) -> Iterator[Running]:
        """The clocks that run or have run for an entry, in no order."""
        yield from self.before(entry, liquidation)
        yield from self.after(entry, liquidation)
        yield from self.suit(entry)
        yield from self.drawback(entry)

    def worked(self, name: str, start: date, liquidation: date | None = None) -> Worked | None:
        """A clock worked out; None where no version of the rule was law then."""
        key = name, start, liquidation
        if key not in self._worked:
            try:
                others = {"liquidation": liquidation} if liquidation else None
                self._worked[key] = self._work(name, start, others)
            except ClockError:
                self._worked[key] = None
        return self._worked[key]

    def runs(self, running: Running) -> bool:
        """Whether it has not ended."""
        return running.due.passes > self.as_of

    def before(self, entry: Entry, liquidation: Liquidation) -> Iterator[Running]:
        """The correction window, and when the entry will be liquidated."""
        if liquidation.done:
            return
        expected = liquidation.expected
        guess = (_ESTIMATED,) if liquidation.estimate else ()
        if entry.held is not Held.EXTENDED:
            worked = self.worked("psc", entry.entered, expected)
            text = f"entered {entry.entered}" + (f", liquidation {_said(liquidation)}" if expected else "")
            yield from self._one(entry, worked, text, Side.YOURS, estimate=liquidation.estimate, notes=guess)
        elif expected:
            worked = self.worked("psc-extended", expected)
            yield from self._one(entry, worked, f"liquidation scheduled for {expected}", Side.YOURS)
        if liquidation.estimate:
            worked = self.worked("liquidation-314", entry.entered)
            yield from self._one(
                entry, worked, f"entered {entry.entered}", Side.CBP, estimate=True, notes=guess
            )
        if entry.held is None:
            worked = self.worked("liquidation-1y", entry.entered)
            yield from self._one(entry, worked, f"entered {entry.entered}", Side.CBP)
        elif entry.held is Held.EXTENDED:
            worked = self.worked("liquidation-extension-4y", entry.entered)
            yield from self._one(entry, worked, f"entered {entry.entered}", Side.CBP)

    def after(self, entry: Entry, liquidation: Liquidation) -> Iterator[Running]:
        """Reliquidation, protest, and what follows a protest."""
        done = liquidation.done
        if done:
            yield from self._protest(entry, liquidation, done)
        if entry.denied:
            worked = self.worked("cit-summons-180", entry.denied)
            yield from self._one(entry, worked, f"denial mailed {entry.denied}", Side.YOURS)
        elif entry.protested:
            worked = self.worked("protest-2y", entry.protested)
            yield from self._one(entry, worked, f"protest filed {entry.protested}", Side.CBP)

    def _protest(self, entry: Entry, liquidation: Liquidation, done: date) -> Iterator[Running]:
        deemed = liquidation.actual is None
        notes = (_DEEMED,) if deemed else ()
        word = "deemed liquidated" if deemed else "liquidated"
        worked = self.worked("reliquidation-90", done)
        yield from self._one(entry, worked, f"{word} {done}", Side.CBP, estimate=deemed, notes=notes)
        if entry.protested or entry.denied:
            return
        if entry.reliquidated:
            word, done = "reliquidated", entry.reliquidated
            notes = (*notes, "A reliquidation opens only the questions that it touched.")
        name = "protest-90" if entry.entered < PROTEST_180 <= done else "protest-180"
        worked = self.worked(name, done)
        yield from self._one(entry, worked, f"{word} {done}", Side.YOURS, estimate=deemed, notes=notes)

    def suit(self, entry: Entry) -> Iterator[Running]:
        """Two years to sue over a duty of chapter 99, 28 U.S.C. 2636(i).

        The day on which the right arises is disputed: the earlier of entry and deposit is taken.
        """
        if not entry.paid:
            return
        days = {"entered": entry.entered} | ({"deposited": entry.deposited} if entry.deposited else {})
        word, first = min(days.items(), key=lambda item: item[1])
        notes = [_ACCRUAL]
        for other, day in days.items():
            if day != first and (later := self.worked("cit-1581i-2y", day)):
                notes.append(f"Counted from the day {other}, {day}: {_last(later)}.")
        worked = self.worked("cit-1581i-2y", first)
        yield from self._one(entry, worked, f"{word} {first}", Side.YOURS, notes=tuple(notes))

    def drawback(self, entry: Entry) -> Iterator[Running]:
        start = entry.imported or entry.entered
        notes: tuple[str, ...] = (_DRAWBACK,)
        if entry.imported is None:
            notes = (*notes, _NO_IMPORT)
        if entry.paid:
            word = "imported" if entry.imported else "entered"
            worked = self.worked("drawback-5y", start)
            yield from self._one(
                entry, worked, f"{word} {start}", Side.YOURS, estimate=entry.imported is None, notes=notes
            )

    def _one(
        self,
        entry: Entry,
        worked: Worked | None,
        trigger: str,
        side: Side,
        *,
        estimate: bool = False,
        notes: tuple[str, ...] = (),
    ) -> Iterator[Running]:
        """A clock, if the rule was law."""
        if worked:
            by = later_day(worked, self.as_of)
            yield Running(
                entry=entry,
                worked=worked,
                trigger=trigger,
                side=side,
                stake=entry.paid,
                estimate=estimate,
                notes=(_PAST_SAFE.format(worked.safe_day), *notes) if by else notes,
                by=by,
            )


def later_day(worked: Worked, as_of: datetime) -> date | None:
    """The day to count to where the safe day has passed: by statute, then by practice.

    A countdown runs to the safe day where the roll rests on practice; the time itself is not over then.
    """
    zone = worked.clock.zone
    today, first = as_of.astimezone(zone).date(), worked.at.astimezone(zone).date()
    if not worked.day_only or worked.rolled is None or today <= first:
        return None
    return worked.last_day if first < worked.last_day and today <= worked.last_day else worked.rolled


def _said(liquidation: Liquidation) -> str:
    return f"{'expected' if liquidation.estimate else 'scheduled for'} {liquidation.expected}"


def _last(worked: Worked) -> str:
    return f"{worked.rolled or worked.last_day}"


_PAST_SAFE = "The safe day {} has passed: a later one rests on the text, or on practice alone."
_ESTIMATED = (
    "The day of liquidation is an estimate, 314 days after entry by CBP's usual cycle, give or take a week: "
    "read the true one in the posted notice."
)
_DEEMED = (
    "A year has passed and the file has no liquidation date: if it was neither extended nor suspended, the "
    "entry is deemed liquidated (19 U.S.C. 1504(a)(1)); read the true date in the posted notice."
)
_ACCRUAL = (
    "When the right to sue arises is disputed: the order, its publication, the first payment, each entry. "
    "A strict court may count from the order."
)
_NO_IMPORT = "The file has no import date: the entry date is taken, and importation may be earlier."
_DRAWBACK = "Some chapter 99 duties admit no drawback: see the action's note."
