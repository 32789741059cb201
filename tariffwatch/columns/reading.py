"""Rows of a large file -> a table of entries: read by the plain rules, held in columns, joined by number."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import polars as pl

from tariffwatch.entries import number, reading
from tariffwatch.entries.fields import ENTRIES, Layout
from tariffwatch.entries.model import Duty, Entry, Held, Remark
from tariffwatch.entries.reading import SAME, BadRowError, ReadEntries

BATCH = 5_000
"""Rows that become columns at a time: as many as stand in the fast memory of a processor."""
MOST_REMARKS = 10_000
"""How many remarks are kept in words; the others are counted."""

DAYS = tuple(name for column, name in SAME.items() if column.endswith(("_date", "_liquidation")))
"""The days of an entry, by the names of its fields."""
WORDS = ("held", "type")
"""What else the rows of an entry agree on."""
_COLUMN = {name: column for column, name in SAME.items()}
_DAYS_IN_ORDER = ("entered", "liquidated", "reliquidated", "protested", "denied")
_ORDERED = tuple(_COLUMN[name] for name in _DAYS_IN_ORDER)
_KEPT_ORDERS = 200_000

_ROW: Mapping[str, Any] = {
    "row": pl.UInt32,
    "number": pl.String,
    **dict.fromkeys(DAYS, pl.Date),
    **dict.fromkeys(WORDS, pl.UInt32),
    "origin": pl.UInt32,
    "reconciliation": pl.Boolean,
    "same": pl.Int64,
}
"""A row of the file; words are codes, and ``same`` is alike for rows that are alike in every cell."""
_DUTY: Mapping[str, Any] = {"row": pl.UInt32, "heading": pl.UInt32, "origin": pl.UInt32, "cents": pl.Int64}


class Codes:
    """Short words that many rows have, as numbers."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.words: list[str] = []

    def code(self, word: str) -> int:
        """The number of a word, the same each time."""
        if word not in self._codes:
            self._codes[word] = len(self.words)
            self.words.append(word)
        return self._codes[word]

    def __getitem__(self, code: int) -> str:
        return self.words[code]


@dataclass(slots=True)
class Table:
    """The entries of a file."""

    read: ReadEntries
    """How reading went; its ``entries`` stay empty."""
    codes: Codes
    entries: pl.DataFrame
    """One each, in the file's order: ``entry`` counts from 0, ``row`` is the first of its rows,
    ``paid`` its duty in cents."""
    rows: pl.DataFrame
    """``entry``, ``row`` and ``origin`` of every row, by entry and row."""
    duties: pl.DataFrame
    """``entry``, ``heading``, ``origin`` and ``cents`` of each heading, by entry and row."""

    def take(self, wanted: Iterable[int]) -> dict[int, Entry]:
        """Some entries as the plain reader has them."""
        some = pl.DataFrame({"entry": list(wanted)}, schema={"entry": pl.UInt32})
        rows = _by_entry(self.rows.join(some, on="entry", how="semi", maintain_order="left"))
        duties = _by_entry(self.duties.join(some, on="entry", how="semi", maintain_order="left"))
        told = self.entries.join(some, on="entry", how="semi")
        return {
            one["entry"]: self._entry(one, rows[one["entry"]], duties.get(one["entry"], []))
            for one in told.iter_rows(named=True)
        }

    def _entry(
        self, one: Mapping[str, Any], rows: list[dict[str, Any]], duties: list[dict[str, Any]]
    ) -> Entry:
        origins = dict.fromkeys(self.codes[row["origin"]] for row in rows)
        return Entry(
            **plain(one, self.codes),
            number=one["number"],
            origins=tuple(origin for origin in origins if origin),
            duties=tuple(
                (self.codes[duty["origin"]], Duty(self.codes[duty["heading"]], dollars(duty["cents"])))
                for duty in duties
            ),
            rows=tuple(row["row"] for row in rows),
        )


def plain(one: Mapping[str, Any], codes: Codes) -> dict[str, Any]:
    """Those of an entry's fields that a row of columns has, as the plain reader has them."""
    told = {name: one[name] for name in (*DAYS, "reconciliation") if name in one}
    held, type = (codes[one[name]] if one.get(name) is not None else None for name in WORDS)
    return told | {"held": Held(held) if held else None, "type": type}


def dollars(cents: int) -> Decimal:
    """Cents as dollars."""
    return Decimal(cents).scaleb(-2)


def table(rows: Iterable[reading.Row], layout: Layout, step: Callable[[], None] = lambda: None) -> Table:
    """Read rows, the first of which names the columns; ``step`` is called after each batch of them.

    Raises UsageError for a missing column.
    """
    kept = _Kept()
    read = ReadEntries(remarks=kept)
    batches = _Batches(reading.opened(rows, ENTRIES, layout, read), read)
    while batches.take():
        step()
    read.more_bad = kept.more
    return _joined(pl.concat(batches.rows, rechunk=True), pl.concat(batches.duties), batches.codes, read)


class _Kept(list[Remark]):
    """Remarks, as many as anybody reads; the rest is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.more = 0

    def append(self, remark: Remark) -> None:
        if len(self) < MOST_REMARKS:
            super().append(remark)
        else:
            self.more += 1


class _Bad(tuple[()]):
    """What a cell says that the plain reader refuses: nothing."""


_BAD = _Bad()


class _Cells(dict[str, Any]):
    """What the texts of a column say, with a value for bad ones."""

    def __init__(self, cells: reading.Cells) -> None:
        super().__init__()
        self._cells = cells
        self.bad = False

    def __missing__(self, cell: str) -> Any:
        try:
            value = self._cells[cell]
        except BadRowError:
            self.bad = True
            return _BAD
        if len(self) < reading.MOST_KEPT:
            self[cell] = value
        return value


class _Batches:
    """Rows on their way into columns: a batch of them at a time, column by column."""

    def __init__(self, sheet: reading.Sheet, read: ReadEntries) -> None:
        self.codes = Codes()
        self.rows: list[pl.DataFrame] = []
        self.duties: list[pl.DataFrame] = []
        self._sheet, self._read = sheet, read
        self._cells = {name: (at, _Cells(cells)) for name, at, cells in sheet.cells}
        self._orders: set[tuple[date | None, ...]] = set()

    def take(self) -> int:
        """Take a batch, and tell how many rows it has."""
        batch = list(islice(self._sheet.rows, BATCH))
        self._read.rows += len(batch)
        told = self._columns([self._sheet.full(row) for _, row in batch])
        bad = self._odd(told)
        for n in sorted(bad):
            self._read.remarks.append(Remark(batch[n][0], self._why(*batch[n]), bad=True))
        rows = {
            "row": [place for place, _ in batch],
            "number": told["entry_number"],
            **{name: told[_COLUMN[name]] for name in DAYS},
            **{name: self._coded(told[_COLUMN[name]], None) for name in WORDS},
            "origin": self._coded(told["origin"], self.codes.code("")),
            "reconciliation": [flag is True for flag in told["reconciliation"]],
            "same": [hash(tuple(row)) for _, row in batch],
        }
        self.duties.append(self._paid(rows, told, bad))
        for column in (rows[name] for name in ("number", *DAYS)):
            for n in bad:
                column[n] = None
        good = pl.Series([n not in bad for n in range(len(batch))], dtype=pl.Boolean)
        self.rows.append(pl.DataFrame(rows, _ROW).filter(good))
        return len(batch)

    def _columns(self, rows: list[reading.Row]) -> dict[str, list[Any]]:
        """What each of our columns says, row by row; None throughout for one that is not there."""
        cells = list(zip(*rows, strict=False))
        told: dict[str, list[Any]] = {}
        for column in ENTRIES:
            if rows and column.name in self._cells:
                at, says = self._cells[column.name]
                told[column.name] = [says[cell] for cell in cells[at]]
            else:
                told[column.name] = [None] * len(rows)
        return told

    def _odd(self, told: Mapping[str, list[Any]]) -> set[int]:
        """The rows, by place in the batch, that the plain reader would or may refuse."""
        odd: set[int] = set()
        for name, (_, says) in self._cells.items():
            if says.bad:
                odd.update(n for n, value in enumerate(told[name]) if value is _BAD)
                says.bad = False
        counts = zip(told["headings"], told["duty"], strict=True)
        odd.update(n for n, (some, more) in enumerate(counts) if len(some or ()) != len(more or ()))
        for n, days in enumerate(zip(*(told[name] for name in _ORDERED), strict=True)):
            if days not in self._orders and n not in odd and not self._in_order(days):
                odd.add(n)
        return odd

    def _in_order(self, days: tuple[Any, ...]) -> bool:
        """Ask the plain reader about days that it was not asked about before."""
        try:
            fields: dict[str, Any] = dict(zip(_DAYS_IN_ORDER, days, strict=True))
            reading.in_order(Entry(number="", **fields))
        except BadRowError:
            return False
        if len(self._orders) < _KEPT_ORDERS:
            self._orders.add(days)
        return True

    def _why(self, place: int, row: reading.Row) -> str:
        """Why the plain reader refuses a row."""
        try:
            reading.one(place, self._sheet.values(row))
        except BadRowError as error:
            return str(error)
        raise AssertionError(f"row {place} was taken for a bad one")

    def _coded(self, words: Iterable[Any], nothing: int | None) -> list[int | None]:
        code = self.codes.code
        return [nothing if word is None or word is _BAD else code(word) for word in words]

    def _paid(
        self, rows: Mapping[str, list[Any]], told: Mapping[str, list[Any]], bad: set[int]
    ) -> pl.DataFrame:
        """What was paid under chapter 99 in the good rows of a batch."""
        code = self.codes.code
        paid: list[tuple[int, int, int, int]] = []
        columns = (rows["row"], rows["origin"], told["headings"], told["duty"])
        for n, (place, origin, headings, amounts) in enumerate(zip(*columns, strict=True)):
            if headings and n not in bad:
                for heading, amount in zip(headings, amounts, strict=True):
                    if reading.is_looked_at(heading):
                        paid.append((place, code(heading), origin, int(amount.scaleb(2))))
        cells = map(list, zip(*paid, strict=True)) if paid else ([] for _ in _DUTY)
        return pl.DataFrame(dict(zip(_DUTY, cells, strict=True)), _DUTY)


def _joined(rows: pl.DataFrame, duties: pl.DataFrame, codes: Codes, read: ReadEntries) -> Table:
    """The entries of rows: those with one number are one, as long as they agree."""
    left_out = _disagreeing(rows, codes)
    rows = rows.filter(~pl.col("row").is_in([remark.row for remark in left_out]))
    repeated = pl.col("number").is_duplicated()
    one = rows.filter(~repeated).drop("same", "origin").with_columns(first_imported="imported")
    several = (
        rows.filter(repeated)
        .group_by("number")
        .agg(
            pl.col("row").min(),
            *(pl.col(name).max() for name in (*DAYS, *WORDS)),  # they agree, or are empty
            pl.col("reconciliation").any(),
            pl.col("imported").first().alias("first_imported"),
        )
    )
    entries = pl.concat([one, several.select(one.columns)]).sort("row").with_row_index("entry")
    _remark(read, left_out, _looked_at(entries), _repeated(rows))
    rows = rows.select("row", "number", "origin").join(entries.select("number", "entry"), on="number")
    rows = rows.select("entry", "row", "origin").sort("entry", "row")
    duties = duties.join(rows.select("entry", "row"), on="row").sort("entry", "row", maintain_order=True)
    paid = duties.group_by("entry").agg(pl.col("cents").sum().alias("paid"))
    entries = entries.drop("first_imported").join(paid, on="entry", how="left", maintain_order="left")
    entries = entries.with_columns(pl.col("paid").fill_null(0))
    return Table(read, codes, entries, rows, duties.drop("row"))


def _disagreeing(rows: pl.DataFrame, codes: Codes) -> list[Remark]:
    """Why rows are left out that say other things of their entry than those before them."""
    names = (*DAYS, *WORDS)
    apart = pl.any_horizontal(pl.col(name).min() != pl.col(name).max() for name in names)
    several = rows.filter(pl.col("number").is_duplicated())
    odd = several.group_by("number").agg(apart.alias("apart")).filter("apart")
    remarks: list[Remark] = []
    before: dict[str, Entry] = {}
    for told in several.join(odd, on="number", how="semi").sort("row").iter_rows(named=True):
        entry = Entry(number=told["number"], rows=(told["row"],), **plain(told, codes))
        try:
            known = before.get(entry.number)
            before[entry.number] = reading.joined(known, entry) if known else entry
        except BadRowError as error:
            remarks.append(Remark(told["row"], str(error), bad=True))
    return remarks


def _looked_at(entries: pl.DataFrame) -> Iterator[Remark]:
    """What the plain reader has to say of an entry, where there may be something."""
    wrong = [text[-1] != str(number.check_digit(text)) for text in entries["number"]]
    odd = pl.Series(wrong, dtype=pl.Boolean) | (pl.col("first_imported") > pl.col("entered")).fill_null(False)
    for one in entries.filter(odd).iter_rows(named=True):
        imported, row = one["first_imported"], (one["row"],)
        yield from reading.looked_at(
            Entry(number=one["number"], entered=one["entered"], imported=imported, rows=row)
        )


def _repeated(rows: pl.DataFrame) -> Iterator[Remark]:
    twins = (
        rows.filter(pl.col("same").is_duplicated())
        .sort("row")
        .with_columns(twin=pl.col("row").min().over("same"))
    )
    for row, text, twin in (
        twins.filter(pl.col("row") != pl.col("twin")).select("row", "number", "twin").iter_rows()
    ):
        yield reading.repeated(text, row, twin)


def _remark(read: ReadEntries, left_out: Sequence[Remark], *warnings: Iterable[Remark]) -> None:
    """Put the remarks of all rows together, by row, as many as are kept."""
    warned: list[Remark] = []
    for warning in heapq.merge(*warnings, key=lambda remark: remark.row):
        if len(warned) < MOST_REMARKS:
            warned.append(warning)
        else:
            read.more_warnings += 1
    bad = sorted([*read.remarks, *left_out], key=lambda remark: remark.row)
    read.more_bad += len(bad[MOST_REMARKS:])
    kept = [*bad[:MOST_REMARKS], *warned]
    read.remarks = sorted(kept, key=lambda remark: remark.row)


def _by_entry(frame: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for one in frame.iter_rows(named=True):
        found.setdefault(one["entry"], []).append(one)
    return found
