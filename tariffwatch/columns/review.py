"""A large file of entries looked at as a whole: the worst of them, and totals of all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import datetime
from decimal import Decimal

import polars as pl

from tariffwatch.columns.answers import PARTS, Answers, Rules, answers
from tariffwatch.columns.reading import Table, dollars
from tariffwatch.entries.model import ZERO
from tariffwatch.entries.refunds import Programme
from tariffwatch.entries.review import (
    Reach,
    Review,
    Reviewed,
    Week,
    Whole,
    by_event,
    is_asked,
    look,
    ranked,
)
from tariffwatch.entries.running import Clocks, Running, Work
from tariffwatch.entries.touched import Ledgers, Touch
from tariffwatch.model import Action

STEPS = 1 + len(PARTS)
"""How often ``step`` is called while :class:`Large` is made."""


class Large:
    """The entries of a large file, looked at as :func:`tariffwatch.entries.review.review` does."""

    def __init__(
        self,
        table: Table,
        actions: Mapping[str, Action],
        work: Work,
        as_of: datetime,
        knowing: datetime,
        *,
        only: Collection[str] = (),
        by_then: datetime | None = None,
        step: Callable[[], None] = lambda: None,
    ) -> None:
        self.table = table
        self.rules = Rules(Clocks(work, as_of), Ledgers(actions, knowing), Programme(actions, as_of, knowing))
        self.answers = answers(table, self.rules, lambda running: is_asked(running, only, by_then), step)

    def review(self, most: int) -> Review:
        """What the plain review says, with no more than the ``most`` worst in its lists."""
        found, entries = self.answers, self.table.entries
        running = sum(int(_cases(found, part).filter("asked")["entries"].sum()) for part in PARTS)
        few = len(entries) <= most
        urgent = _urgent(found, most)
        first = in_order(found, None if few else most)
        wanted = {*urgent, *first["entry"]}
        looked = {n: look(entry, *self.rules) for n, entry in self.table.take(wanted).items()}
        whole = Whole(len(entries), running, dollars(int(entries["paid"].sum())))
        return Review(
            entries=tuple(looked[n] for n in urgent),
            running=tuple(_named(looked[n], found.runs[run].name) for n, run, _ in first.iter_rows()),
            weeks=_weeks(found),
            reaches=_reaches(found),
            unknown=_unknown(found),
            unchecked=self.rules.programme.unchecked if any(found.refunds) else None,
            whole=None if few else whole,
        )


def _cases(found: Answers, part: str) -> pl.DataFrame:
    """The clocks of a part, each with how many ``entries`` it runs for and the ``duty`` that hangs on it."""
    stake = stake_of(part)
    cases = found.entries.group_by(part).agg(entries=pl.len().cast(pl.Int64), duty=pl.col(stake).sum())
    return found.clocks[part].join(cases, left_on="case", right_on=part)


def stake_of(part: str) -> str:
    """The column of the duty that hangs on the clocks of a part."""
    return "ieepa" if part == "refund" else "paid"


def running(found: Answers, part: str, *columns: str) -> pl.LazyFrame:
    """The clocks of a part that run for each entry: ``entry``, ``stake``, and columns of the clock."""
    entries = found.entries.lazy().select("entry", pl.col(part).alias("case"), stake=pl.col(stake_of(part)))
    return entries.join(found.clocks[part].lazy(), on="case").select("entry", "stake", *columns)


def _urgent(found: Answers, most: int) -> list[int]:
    """The entries whose own time ends first, those with the most duty before others, then by number."""
    entries = found.entries.select("entry", "number", "paid", *PARTS)
    for part in PARTS:
        due = (
            found.clocks[part].filter("yours").group_by("case").agg(pl.col("due").min().alias(f"{part}_due"))
        )
        entries = entries.join(due, left_on=part, right_on="case", how="left", maintain_order="left")
    entries = entries.with_columns(due=pl.min_horizontal(f"{part}_due" for part in PARTS))
    order = ["due", "paid", "number"]
    return (
        entries.select("entry", *order)
        .sort(order, descending=[False, True, False], nulls_last=True)
        .head(most)["entry"]
        .to_list()
    )


def in_order(found: Answers, most: int | None = None) -> pl.DataFrame:
    """The clocks asked for in the order of ``Running.order``: ``entry``, ``run``, and ``stake`` in cents."""
    columns = ("run", "due", "yours", "name")
    every = pl.concat(
        [running(found, part, *columns, "asked").filter("asked").drop("asked") for part in PARTS]
    )
    if most is not None:
        last = every.select(pl.col("due").bottom_k(most).max()).collect(engine="streaming").item()
        every = every.filter(pl.col("due") <= last)
    few = every.collect(engine="streaming")
    numbers = found.entries.select("entry", "number").join(few, on="entry", how="semi")
    places = pl.Series(found.names.words, dtype=pl.String).rank("ordinal")
    few = few.join(numbers.with_columns(pl.col("number").rank("ordinal")), on="entry")
    few = few.with_columns(name=places[few["name"]])
    few = few.sort("due", "yours", "stake", "number", "name", descending=[False, True, True, False, False])
    return few.select("entry", "run", "stake").head(most or len(few))


def _named(one: Reviewed, name: str) -> Running:
    return next(running for running in one.running if running.name == name)


def _weeks(found: Answers) -> tuple[Week, ...]:
    """What ends in each week of one's own time."""
    own = pl.col("asked") & pl.col("yours")
    clocks = pl.concat([_cases(found, part).filter(own) for part in PARTS])
    clocks = clocks.group_by("monday", "name").agg(pl.col("entries").sum(), pl.col("duty").sum())
    by_week: dict[object, dict[str, tuple[int, Decimal]]] = {}
    for monday, name, count, duty in clocks.iter_rows():
        by_week.setdefault(monday, {})[found.names[name]] = count, dollars(duty)
    each = pl.concat(
        [
            running(found, part, "monday", "yours", "asked").filter(own).select("entry", "monday", "stake")
            for part in PARTS
        ]
    )
    once = each.group_by("monday", "entry").agg(pl.col("stake").max())
    weeks = once.group_by("monday").agg(pl.len(), pl.col("stake").sum()).sort("monday")
    return tuple(
        Week(monday, count, dollars(duty), dict(sorted(by_week[monday].items())))
        for monday, count, duty in weeks.collect(engine="streaming").iter_rows()
    )


def _reaches(found: Answers) -> tuple[Reach, ...]:
    """The later events with what they touched."""
    touches: dict[Hashable, dict[str, Touch]] = {}
    codes: dict[Hashable, int] = {}
    pairs = []
    for told in found.duties["told"].unique(maintain_order=True):
        for key, by_action in by_event(found.told[told].touches).items():
            touches.setdefault(key, {}).update(by_action)
            pairs.append((told, codes.setdefault(key, len(codes))))
    of = pl.DataFrame(pairs, {"told": pl.UInt32, "event": pl.UInt32}, orient="row")
    reached = found.duties.lazy().join(of.lazy(), on="told").group_by("event")
    totals = reached.agg(pl.col("entry").n_unique(), pl.col("cents").sum()).collect(engine="streaming")
    by_code = {event: (entries, dollars(cents)) for event, entries, cents in totals.iter_rows()}
    return ranked(Reach(tuple(touches[key].values()), *by_code[code]) for key, code in codes.items())


def _unknown(found: Answers) -> Mapping[str, Decimal]:
    """Headings that no line of the ledger has."""
    duty: dict[str, Decimal] = {}
    for told, cents in found.duties.group_by("told").agg(pl.col("cents").sum()).iter_rows():
        paid = found.told[told]
        if not paid.matches:
            duty[paid.duty.heading] = duty.get(paid.duty.heading, ZERO) + dollars(cents)
    return dict(sorted(duty.items()))
