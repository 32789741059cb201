"""Rows of a file -> entries or shipments, and remarks on what could not be read. Opens nothing.

A bad row is left out and named by its number (the header is row 1); the rest is read. Rows with one entry
number are one entry: what they say of it must agree, and their duty adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Any

from tariffwatch.entries import number
from tariffwatch.entries.fields import ENTRIES, SHIPMENTS, Column, Layout, likely, places
from tariffwatch.entries.model import Duty, Entry, Remark, Shipment, Stamp
from tariffwatch.entries.values import DateForm
from tariffwatch.errors import UsageError

Row = Sequence[str]


@dataclass(slots=True)
class ReadEntries:
    """What a file of entries says."""

    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    rows: int = 0
    """Rows read, without the header and without empty ones."""
    unread: list[str] = field(default_factory=list)
    """Columns that may be meant for one of ours."""
    more_bad: int = 0
    """Rows left out beside those that are remarked on, where these are too many to keep."""
    more_warnings: int = 0


@dataclass(slots=True)
class ReadShipments:
    """What a file of shipments says."""

    shipments: list[Shipment] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    rows: int = 0
    unread: list[str] = field(default_factory=list)


class BadRowError(ValueError):
    """Why a row is left out."""


MOST_KEPT = 10_000
"""How many different texts of a column are remembered with what they say."""


class Cells(dict[str, Any]):
    """What the texts of a column say, None for nothing: each that many rows have is read once."""

    def __init__(self, column: Column, form: DateForm | None) -> None:
        super().__init__()
        self._column, self._form = column, form

    def __missing__(self, cell: str) -> Any:
        """Read a text. Raises BadRowError."""
        text, value = cell.strip(), None
        if text:
            try:
                value = self._column.read(text, self._form)
            except ValueError as error:
                raise BadRowError(f"{self._column.name}: {error}") from None
        elif self._column.filled:
            raise BadRowError(f"{self._column.name} is empty")
        if len(self) < MOST_KEPT:
            self[cell] = value
        return value


def entries(rows: Iterable[Row], layout: Layout) -> ReadEntries:
    """Read rows, the first of which names the columns. Raises UsageError for a missing column."""
    read = ReadEntries()
    held: dict[str, Entry] = {}
    seen: dict[tuple[str, ...], int] = {}
    for place, row, values in _good(rows, ENTRIES, layout, read):
        try:
            entry = one(place, values)
            before = held.get(entry.number)
            held[entry.number] = joined(before, entry) if before else entry
        except BadRowError as error:
            read.remarks.append(Remark(place, str(error), bad=True))
            continue
        if before is None:
            read.remarks += looked_at(entry)
        if (twin := seen.setdefault(tuple(row), place)) != place:
            read.remarks.append(repeated(entry.number, place, twin))
    read.entries = list(held.values())
    return read


def shipments(rows: Iterable[Row], layout: Layout) -> ReadShipments:
    """Read rows, the first of which names the columns. Raises UsageError for a missing column."""
    read = ReadShipments()
    for place, _, values in _good(rows, SHIPMENTS, layout, read):
        loaded: Stamp | None = values.get("loaded_at")
        expected: Stamp = values["expected_entry"]
        shipment = Shipment(
            name=values.get("shipment") or f"row {place}",
            origin=values["origin"],
            measures=values["measures"],
            expected=expected,
            loaded=loaded,
            mode=values.get("mode"),
            value=values.get("value"),
            row=place,
        )
        if loaded and loaded.after(expected):
            text = f"loaded_at {loaded.day} lies after expected_entry {expected.day}"
            read.remarks.append(Remark(place, text, bad=True))
            continue
        read.shipments.append(shipment)
    return read


@dataclass(slots=True)
class Sheet:
    """The rows below a header, by their numbers, and what the texts of each column say."""

    rows: Iterator[tuple[int, Row]]
    width: int
    cells: list[tuple[str, int, Cells]]
    """The columns that were found: by name, where they stand, and their texts."""

    def full(self, row: Row) -> Row:
        """A row with as many cells as the header has, or more."""
        return row if len(row) >= self.width else [*row, *[""] * (self.width - len(row))]

    def values(self, row: Row) -> dict[str, Any]:
        """The values of the cells that hold any. Raises BadRowError."""
        full = self.full(row)
        return {name: value for name, at, says in self.cells if (value := says[full[at]]) is not None}


def opened(
    rows: Iterable[Row], columns: Sequence[Column], layout: Layout, read: ReadEntries | ReadShipments
) -> Sheet:
    """Find the columns in the first row. Raises UsageError for a missing one."""
    numbered = enumerate(rows, start=1)
    _, header = next(numbered, (1, None))
    if header is None or not any(name.strip() for name in header):
        raise UsageError("the file is empty; its first row names the columns")
    found = places(header, columns, layout)
    read.unread = likely(header, columns, found)
    there = [column for column in columns if column.name in found]
    cells = [(column.name, found[column.name], Cells(column, layout.dates)) for column in there]
    return Sheet(((n, row) for n, row in numbered if any(map(str.strip, row))), len(header), cells)


def _good(
    rows: Iterable[Row], columns: Sequence[Column], layout: Layout, read: ReadEntries | ReadShipments
) -> Iterable[tuple[int, Row, Mapping[str, Any]]]:
    """Each good row by its number, with the values of its cells; bad ones become remarks."""
    sheet = opened(rows, columns, layout, read)
    for place, row in sheet.rows:
        read.rows += 1
        try:
            values = sheet.values(row)
        except BadRowError as error:
            read.remarks.append(Remark(place, str(error), bad=True))
            continue
        yield place, row, values


SAME = {
    "entry_date": "entered",
    "summary_date": "summary",
    "deposit_date": "deposited",
    "import_date": "imported",
    "liquidation_date": "liquidated",
    "reliquidation_date": "reliquidated",
    "scheduled_liquidation": "scheduled",
    "held": "held",
    "entry_type": "type",
    "protest_date": "protested",
    "denial_date": "denied",
}
"""What the rows of one entry must agree on: the column, and the field."""


def one(place: int, values: Mapping[str, Any]) -> Entry:
    """The entry that one row tells of. Raises BadRowError."""
    origin = values.get("origin", "")
    entry = Entry(
        number=values["entry_number"],
        origins=(origin,) if origin else (),
        reconciliation=values.get("reconciliation", False),
        duties=tuple((origin, duty) for duty in duties(values)),
        rows=(place,),
        entered=values["entry_date"],
        **{ours: values.get(column) for column, ours in SAME.items() if ours != "entered"},
    )
    in_order(entry)
    return entry


def duties(values: Mapping[str, Any]) -> list[Duty]:
    """What was paid under chapter 99; other headings carry the ordinary duty, which is not looked at."""
    headings, amounts = values.get("headings", []), values.get("duty", [])
    if len(headings) != len(amounts):
        raise BadRowError(
            f"{_some(len(headings), 'heading')} and {_some(len(amounts), 'amount')} of duty: "
            "write one amount for each heading, parted by semicolons"
        )
    paid = (Duty(heading, amount) for heading, amount in zip(headings, amounts, strict=True))
    return [duty for duty in paid if is_looked_at(duty.heading)]


def is_looked_at(heading: str) -> bool:
    """Whether a heading is one of chapter 99."""
    return heading.startswith("99")


def _some(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def in_order(entry: Entry) -> None:
    """Raise BadRowError for days that cannot follow each other so; no protest comes before liquidation."""
    order = ("entered", "liquidated"), ("liquidated", "reliquidated"), ("protested", "denied")
    for early, late in (*order, ("liquidated", "protested")):
        first, then = getattr(entry, early), getattr(entry, late)
        if then and first and then < first:
            raise BadRowError(f"{_column(late)} {then} lies before {_column(early)} {first}")


def _column(ours: str) -> str:
    return next(column for column, name in SAME.items() if name == ours)


def joined(before: Entry, more: Entry) -> Entry:
    """One entry of two rows. An empty cell agrees with any; raises BadRowError for what does not."""
    known = {}
    for column, ours in SAME.items():
        old, new = getattr(before, ours), getattr(more, ours)
        if old is not None and new is not None and old != new:
            raise BadRowError(f"{more.number}: {column} {new} is not the {old} of row {before.rows[0]}")
        known[ours] = new if old is None else old
    return replaced(
        before,
        **known,
        origins=tuple(dict.fromkeys((*before.origins, *more.origins))),
        reconciliation=before.reconciliation or more.reconciliation,
        duties=(*before.duties, *more.duties),
        rows=(*before.rows, *more.rows),
    )


def looked_at(entry: Entry) -> Iterable[Remark]:
    """What to look at in an entry that is read all the same."""
    row, right = entry.rows[0], number.check_digit(entry.number)
    if entry.number[-1] != str(right):
        yield Remark(row, f"{entry.number}: the check digit should be {right} (CATAIR appendix E)")
    if entry.imported and entry.imported > entry.entered:
        yield Remark(row, f"{entry.number}: import_date {entry.imported} lies after the entry")


def repeated(number: str, place: int, twin: int) -> Remark:
    """Said of a row that is the same as an earlier one of its entry."""
    return Remark(place, f"{number}: the same as row {twin} in every cell; its duty is counted again")
