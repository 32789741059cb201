"""The clocks of a large file of entries for spreadsheets: the rows of :mod:`csv_entries`, by column.

What a row says of its clock is worded once for all entries of a case, what it says of headings, origins and
later events once for all entries that have them alike. They are sorted as numbers and written piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tariffwatch.columns.reading import Codes
from tariffwatch.columns.review import Large, in_order
from tariffwatch.entries.review import notes_on_duty, touches_of
from tariffwatch.entries.touched import Paid
from tariffwatch.views.csv import MARK, Value, cell
from tariffwatch.views.csv_entries import RUNNING, clock, touches
from tariffwatch.views.report import When

BATCH = 50_000
"""Rows of a piece."""


def running(large: Large, when: When, most: int | None = None) -> Iterator[bytes]:
    """The file in pieces: the clocks that run and are asked for, the worst first, ``most`` of them."""
    yield f"{MARK}{','.join(RUNNING)}\r\n".encode()
    answers = large.answers
    order = in_order(answers, most)
    clocks = _texts([clock(one, when) for one in answers.runs])
    entries, lists = _parts(large)
    asked = {
        "as_of": when.as_of.astimezone(when.zone).isoformat(),
        "knowing": when.knowing.astimezone(when.zone).isoformat(),
    }
    for part in order.iter_slices(BATCH):
        told = entries[part["entry"]]
        pieces = [clocks[part["run"]], told, *(texts[told[code]] for code, texts in lists.items())]
        piece = pl.concat(pieces, how="horizontal").with_columns(
            _dollars(part["stake"]).alias("duty_at_stake"),
            pl.concat_str("days", "duty", separator="; ", ignore_nulls=True)
            .replace("", None)
            .alias("look_at"),
            **{name: pl.lit(text) for name, text in asked.items()},
        )
        words = piece.select(RUNNING).with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
        yield words.write_csv(include_header=False, line_terminator="\r\n").encode()


def _parts(large: Large) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """What rows say of each entry, by its place; and by the codes in it, what they say of many alike."""
    table, answers = large.table, large.answers
    rows = table.rows.group_by("entry").agg(rows=pl.col("row").cast(pl.String).str.join("; "))
    origin, origins = _alike(table.rows, "origin", len(table.entries))
    heading, headings = _alike(table.duties, "heading", len(table.entries))
    told, paid = _alike(answers.duties, "told", len(table.entries))
    entries = table.entries.join(rows, on="entry", maintain_order="left").select(
        entry_number="number",
        entry_date="entered",
        deposit_date="deposited",
        liquidation_date="liquidated",
        duty_paid=_dollars(pl.col("paid")),
        rows="rows",
    )
    codes = {"_origin": origin, "_heading": heading, "_told": told}
    cases = {"_before": answers.entries["before"], "_refund": answers.entries["refund"]}
    return entries.with_columns(**codes, **cases), {
        "_origin": _texts([{"origin": "; ".join(_names(table.codes, some))} for some in origins]),
        "_heading": _texts([{"headings": "; ".join(table.codes[one] for one in some)} for some in headings]),
        "_told": _texts([_of_duty([answers.told[one] for one in some]) for some in paid]),
        "_before": _texts([{"days": look} for look in answers.looks]),
        "_refund": _texts([{"refund_programme": one.text if one else None} for one in answers.refunds]),
    }


def _names(codes: Codes, some: Iterable[int]) -> Iterable[str]:
    """Origins, each once, in the order of the rows."""
    return filter(None, dict.fromkeys(codes[one] for one in some))


def _of_duty(paid: Sequence[Paid]) -> dict[str, Value]:
    found = touches_of(paid)
    return {
        "touched_by": touches(found, certain=True),
        "may_be_touched_by": touches(found, certain=False),
        "duty": "; ".join(notes_on_duty(paid)),
    }


def _alike(frame: pl.DataFrame, column: str, entries: int) -> tuple[pl.Series, list[list[int]]]:
    """For each entry, which of the lists of codes is its own; and these lists."""
    own = frame.group_by("entry").agg(pl.col(column).cast(pl.String).str.join(","))
    every = pl.DataFrame({"entry": pl.int_range(entries, dtype=pl.UInt32, eager=True)})
    every = every.join(own, on="entry", how="left", maintain_order="left")
    lists = every.select(column).unique(maintain_order=True).with_row_index("list")
    which = every.join(lists, on=column, nulls_equal=True, maintain_order="left")["list"]
    return which, [[int(code) for code in text.split(",")] if text else [] for text in lists[column]]


def _texts(rows: Sequence[Mapping[str, Value]]) -> pl.DataFrame:
    """Rows in words, as they stand in a file; none for an empty cell."""
    words = [{name: str(cell(value)) or None for name, value in row.items()} for row in rows]
    return pl.DataFrame(words, schema=dict.fromkeys(words[0], pl.String) if words else None)


def _dollars(cents: pl.Expr | pl.Series) -> Any:
    """``2500.00``."""
    return (cents // 100).cast(pl.String) + "." + (cents % 100).cast(pl.String).str.zfill(2)
