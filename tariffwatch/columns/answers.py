"""The plain rule, asked once for each different case: which clocks run, what the ledger says of a duty.

A clock of an entry depends on a few of its days; a later event touches all duty of a heading, an origin and
an entry date alike. :data:`PARTS` says which of an entry's columns an answer rests on; the cases that differ
in these are few, and for each of them an entry is made up and the rule of :mod:`tariffwatch.entries` asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from tariffwatch.columns.reading import Codes, Table, plain
from tariffwatch.entries.model import Duty, Entry, noon
from tariffwatch.entries.refunds import Programme, Standing, is_ieepa
from tariffwatch.entries.review import monday, notes_on_days
from tariffwatch.entries.running import Clocks, Liquidation, Running, Side
from tariffwatch.entries.touched import Ledgers, Paid

_SOME = Decimal(1)
_PAYS = (("", Duty("9903.01.25", _SOME)),)
"""Some duty, where a rule asks whether there is any."""

_LIQUIDATION = ("entered", "liquidated", "scheduled", "held")
PARTS: Mapping[str, tuple[str, ...]] = {
    "before": _LIQUIDATION,
    "after": (*_LIQUIDATION, "reliquidated", "protested", "denied"),
    "suit": ("entered", "deposited", "pays"),
    "drawback": ("entered", "imported", "pays"),
    "refund": (*_LIQUIDATION, "protested", "denied", "type", "reconciliation", "pays_ieepa"),
}
"""What each part of the rules rests on, by the columns of entries: the first four are methods of
:class:`Clocks`, the last is the refund programme."""

_RUN: Mapping[str, Any] = {
    "case": pl.UInt32,
    "run": pl.UInt32,
    "name": pl.UInt32,
    "due": pl.Int64,
    "monday": pl.Date,
    "yours": pl.Boolean,
    "asked": pl.Boolean,
}
"""A clock that runs for every entry of a case; ``run`` is its place in :attr:`Answers.runs`, ``due`` the
instant in microseconds."""


@dataclass(slots=True)
class Answers:
    """What the plain rule says of every case, and which case each entry is."""

    entries: pl.DataFrame
    """``entry``, ``number``, what was ``paid`` and the part of it that is ``ieepa``, in cents, and its case
    in each part."""
    clocks: dict[str, pl.DataFrame]
    """For each part, the clocks that run for its cases."""
    names: Codes
    """The ids of clocks."""
    runs: list[Running]
    """Each of those clocks, for an entry made up; ``stake`` says nothing."""
    refunds: list[Standing | None]
    """How the entries of each case of ``refund`` stand."""
    looks: list[str]
    """What to look at again in the days of the entries of each case of ``before``."""
    duties: pl.DataFrame
    """What was paid on headings, but for zeros: ``entry``, ``told``, ``cents``, in the order of entries."""
    told: list[Paid]
    """What the ledger says of them; ``amount`` says nothing."""


class Rules(NamedTuple):
    """The plain rules, as of an instant and as known at one."""

    clocks: Clocks
    ledgers: Ledgers
    programme: Programme


def answers(
    table: Table, rules: Rules, asked: Callable[[Running], bool], step: Callable[[], None]
) -> Answers:
    """Ask the plain rules of every case; ``step`` is called after the duties and after each part."""
    duties, told = _told(table, rules.ledgers)
    step()
    back = [place for place, paid in enumerate(told) if is_ieepa(paid)]
    ieepa = duties.filter(pl.col("told").is_in(back)).group_by("entry").agg(ieepa=pl.col("cents").sum())
    entries = table.entries.join(ieepa, on="entry", how="left", maintain_order="left").with_columns(
        pl.col("ieepa").fill_null(0), pays=pl.col("paid") > 0, pays_ieepa=pl.col("ieepa") > 0
    )
    asking = _Asking(table.codes, rules, told[back[0]] if back else None, asked)
    found: dict[str, pl.DataFrame] = {}
    for part, columns in PARTS.items():
        cases = entries.select(columns).unique(maintain_order=True).with_row_index(part)
        entries = entries.join(cases, on=columns, nulls_equal=True, maintain_order="left")
        found[part] = asking.clocks(part, cases)
        step()
    entries = entries.select("entry", "number", "paid", "ieepa", *PARTS)
    return Answers(entries, found, asking.names, asking.runs, asking.refunds, asking.looks, duties, told)


class _Asking:
    """Asks the plain rules about entries made up."""

    def __init__(
        self, codes: Codes, rules: Rules, back: Paid | None, asked: Callable[[Running], bool]
    ) -> None:
        self._codes, self._rules, self._asked = codes, rules, asked
        clocks = rules.clocks
        self._back = (back,) if back else ()
        self._parts: Mapping[str, Callable[[Entry, Liquidation], Iterable[Running]]] = {
            "before": self._before,
            "after": clocks.after,
            "suit": lambda entry, _: clocks.suit(entry),
            "drawback": lambda entry, _: clocks.drawback(entry),
            "refund": self._refund,
        }
        self.names = Codes()
        self.runs: list[Running] = []
        self.refunds: list[Standing | None] = []
        self.looks: list[str] = []

    def clocks(self, part: str, cases: pl.DataFrame) -> pl.DataFrame:
        """The clocks that run for each case of a part, in its order."""
        found: list[tuple[Any, ...]] = []
        for case, told in enumerate(cases.iter_rows(named=True)):
            pays = _PAYS if told.get("pays") or told.get("pays_ieepa") else ()
            entry = Entry(number="", duties=pays, **plain(told, self._codes))
            liquidation = self._rules.clocks.liquidation(entry)
            for running in self._parts[part](entry, liquidation):
                if self._rules.clocks.runs(running):
                    found.append((case, len(self.runs), *self._columns(running)))
                    self.runs.append(running)
        return pl.DataFrame(found, _RUN, orient="row")

    def _columns(self, running: Running) -> tuple[Any, ...]:
        due = (running.due.at - _EPOCH) // timedelta(microseconds=1)
        yours = running.side is Side.YOURS
        return self.names.code(running.name), due, monday(running), yours, self._asked(running)

    def _before(self, entry: Entry, liquidation: Liquidation) -> Iterable[Running]:
        self.looks.append("; ".join(notes_on_days(entry, liquidation, self._rules.clocks.today)))
        return self._rules.clocks.before(entry, liquidation)

    def _refund(self, entry: Entry, liquidation: Liquidation) -> Iterable[Running]:
        standing = self._rules.programme.standing(entry, liquidation, self._back if entry.duties else ())
        self.refunds.append(standing)
        return [standing.limit] if standing and standing.limit else []


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _told(table: Table, ledgers: Ledgers) -> tuple[pl.DataFrame, list[Paid]]:
    """What was paid, each with what the ledger says of it."""
    days = table.entries.select("entry", "entered")
    duties = table.duties.filter(pl.col("cents") > 0).join(days, on="entry", maintain_order="left")
    goods = duties.select("heading", "origin", "entered").unique(maintain_order=True)
    places: dict[int, int] = {}
    found: list[Paid] = []
    told: list[int] = []
    for heading_code, origin_code, entered in goods.iter_rows():
        heading, origin = table.codes[heading_code], table.codes[origin_code]
        one = ledgers.told(heading, origin, noon(entered))  # the same object over a stretch of days
        if id(one) not in places:
            places[id(one)] = len(found)
            found.append(Paid(Duty(heading, _SOME), origin, one.matches, one.touches, one.ended, one.idle))
        told.append(places[id(one)])
    goods = goods.with_columns(told=pl.Series(told, dtype=pl.UInt32))
    duties = duties.join(goods, on=["heading", "origin", "entered"], maintain_order="left")
    return duties.select("entry", "told", "cents"), found
