"""Entries as actions of one's own: what happened to each, and the dates that ran from then on.

A date that ends because of what happened is *settled* by it: the estimate of a liquidation by the
liquidation. One that becomes another day *replaces* the one before. So a calendar cancels and moves what it
has, and a reminder tells it once. Nothing is worked out here that :mod:`running` does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tariffwatch.clocks import ClockError, Worked
from tariffwatch.entries import own
from tariffwatch.entries.model import Entry, money, noon
from tariffwatch.entries.refunds import PROGRAMME, Programme
from tariffwatch.entries.running import Clocks, Running, Side, Work
from tariffwatch.entries.touched import Ledgers, Paid
from tariffwatch.model import Action, DeadlineKind, Loc, Moment, StatedDeadline


def of_entries(
    entries: Iterable[Entry],
    file: str,
    actions: Mapping[str, Action],
    work: Work,
    as_of: datetime,
    knowing: datetime,
) -> list[Action]:
    """An action for each entry of a file, with every clock that runs or has run for it."""
    books = _Books(file, actions, work, as_of, knowing)
    return [books.action(entry) for entry in entries]


@dataclass(frozen=True, slots=True)
class _Stage:
    """Something that happened to an entry, and the entry as it stood from then on."""

    id: str
    day: date
    note: str
    entry: Entry


_HAPPENED = {
    "liquidated": "Liquidated",
    "reliquidated": "Reliquidated",
    "protested": "Protest filed",
    "denied": "Denial of the protest mailed",
}
"""The fields of an entry that say what happened to it, in the order in which it can."""
_DEEMED = "Deemed liquidated, unless the liquidation was extended or suspended (19 U.S.C. 1504(a)(1))"


def _stages(entry: Entry, deemed: date | None, today: date) -> list[_Stage]:
    """What happened to an entry, oldest first. A liquidation ahead has not happened: it is scheduled."""
    days = {name: day for name in _HAPPENED if (day := getattr(entry, name))}
    if entry.liquidated and entry.liquidated > today:
        del days["liquidated"]
    unknown: dict[str, Any] = dict.fromkeys(days)
    stands = replace(entry, **unknown)
    if deemed:
        days["deemed"] = deemed + timedelta(days=1)
    stages = [_Stage("entered", min(entry.entered, today), "Entered", stands)]
    for name in sorted(days, key=lambda name: days[name]):
        if name in _HAPPENED:
            stands = replace(stands, **{name: days[name]})
        note = f"{_HAPPENED[name]} on {days[name]}" if name in _HAPPENED else _DEEMED
        stages.append(_Stage(name, min(days[name], today), note, stands))
    return stages


class _Books:
    """What entries of one file are compared with."""

    def __init__(
        self, file: str, actions: Mapping[str, Action], work: Work, as_of: datetime, knowing: datetime
    ) -> None:
        self._file = file
        self._work = _remembering(work)
        self._now = Clocks(self._work, as_of)
        self._then: dict[date, Clocks] = {}
        self._ledgers = Ledgers(actions, knowing)
        self._programme = Programme(actions, as_of, knowing)

    def action(self, entry: Entry) -> Action:
        """An entry as an action."""
        stages = _stages(entry, self._now.liquidation(entry).deemed, self._now.today)
        paid = self._ledgers.paid(entry)
        told: list[StatedDeadline] = []
        standing: dict[str, StatedDeadline] = {}
        for stage in stages:
            running = self._running(stage, paid, last=stage is stages[-1])
            told += _settled(standing, stage, running.keys())
            for name, new in running.items():
                told += _dated(standing, name, new, stage)
        origins = f", goods of {', '.join(entry.origins)}" if entry.origins else ""
        title = f"Entry {entry.number}{origins}"
        action = own.action(
            f"{own.ENTRY}{entry.number}", title, entry.origins, self._loc(entry), self._now.today
        )
        events = tuple(own.happened(stage.id, stage.day, stage.note, action) for stage in stages)
        programme = self._programme.action
        return replace(
            action,
            instruments=programme.instruments if programme else (),
            events=events,
            deadlines=(*told, *standing.values()),
        )

    def _loc(self, entry: Entry) -> Loc:
        return Loc(self._file, entry.rows[0])

    def _running(self, stage: _Stage, paid: tuple[Paid, ...], *, last: bool) -> dict[str, StatedDeadline]:
        """The clocks of an entry as it stood at a stage, by name: now, if that is the last one."""
        clocks = self._now if last else self._clocks(stage.day)
        liquidation = clocks.liquidation(stage.entry)
        known = own.start(stage.day)
        found = {one.name: self._deadline(one, known) for one in clocks.running(stage.entry, liquidation)}
        refund = self._programme.standing(stage.entry, liquidation, paid)
        if refund and refund.limit:
            since = max(known, refund.event.known.at)
            cite = f"{PROGRAMME} {refund.event.id}; {refund.event.source}"
            found[refund.limit.name] = self._deadline(refund.limit, since, cite)
        return found

    def _clocks(self, day: date) -> Clocks:
        if day not in self._then:
            self._then[day] = Clocks(self._work, noon(day))
        return self._then[day]

    def _deadline(self, of: Running, known: datetime, cite: str | None = None) -> StatedDeadline:
        title = of.worked.clock.title
        loc = self._loc(of.entry)
        return StatedDeadline(
            id=of.name,
            kind=DeadlineKind.FILING_DUE if of.side is Side.YOURS else DeadlineKind.DETERMINATION_DUE,
            at=Moment(of.due.at, of.due.day_only),
            text=f"{title} ({of.trigger}); duty paid {money(of.stake)}",
            known=Moment(known, day_only=True),
            recorded=self._now.today,
            source=own.source(cite or of.worked.clock.cite, loc),
            estimate=of.estimate,
            loc=loc,
        )


def _settled(
    standing: dict[str, StatedDeadline], stage: _Stage, running: Collection[str]
) -> list[StatedDeadline]:
    """Take out what no longer runs: what happened has settled it."""
    over = [name for name in standing if name not in running]
    return [replace(standing.pop(name), settled_by=stage.id) for name in over]


def _dated(
    standing: dict[str, StatedDeadline], name: str, new: StatedDeadline, stage: _Stage
) -> list[StatedDeadline]:
    """Put in a clock that runs; returns the one before, if its date was another."""
    old = standing.get(name)
    if old is None:
        standing[name] = new
    elif old.at == new.at:
        standing[name] = replace(new, id=old.id, known=old.known, replaces=old.replaces)
    else:
        standing[name] = replace(new, id=f"{name}-{stage.id}", replaces=old.id)
        return [old]
    return []


def _remembering(work: Work) -> Work:
    """The same, with each clock worked out once: many entries share their days."""
    worked: dict[tuple[str, date, tuple[tuple[str, date], ...]], Worked | ClockError] = {}

    def once(name: str, start: date, others: Mapping[str, date] | None) -> Worked:
        key = name, start, tuple((others or {}).items())
        if key not in worked:
            try:
                worked[key] = work(name, start, others)
            except ClockError as error:
                worked[key] = error
        found = worked[key]
        if isinstance(found, ClockError):
            raise found
        return found

    return once
