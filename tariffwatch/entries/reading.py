"""Rows of a file -> entries or shipments, and remarks on what could not be read. Opens nothing.

A bad row is left out and named by its number (the header is row 1); the rest is read. Rows with one entry
number are one entry: what they say of it must agree, and their duty adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Any

from tariffwatch.entries import number
from tariffwatch.entries.fields import ENTRIES, SHIPMENTS, Column, Layout, likely, places
from tariffwatch.entries.model import Duty, Entry, Remark, Shipment, Stamp
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


@dataclass(slots=True)
class ReadShipments:
    """What a file of shipments says."""

    shipments: list[Shipment] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    rows: int = 0
    unread: list[str] = field(default_factory=list)


class _BadRowError(ValueError):
    """Why a row is left out."""


def entries(rows: Iterable[Row], layout: Layout) -> ReadEntries:
    """Read rows, the first of which names the columns. Raises UsageError for a missing column."""
    read = ReadEntries()
    held: dict[str, Entry] = {}
    seen: dict[tuple[str, ...], int] = {}
    for place, row, cells in _cells(rows, ENTRIES, layout, read):
        try:
            entry = _entry(place, cells)
            before = held.get(entry.number)
            held[entry.number] = _joined(before, entry) if before else entry
        except _BadRowError as error:
            read.remarks.append(Remark(place, str(error), bad=True))
            continue
        if before is None:
            read.remarks += _looked_at(entry)
        if (twin := seen.setdefault(tuple(row), place)) != place:
            text = f"{entry.number}: the same as row {twin} in every cell; its duty is counted again"
            read.remarks.append(Remark(place, text))
    read.entries = list(held.values())
    return read


def shipments(rows: Iterable[Row], layout: Layout) -> ReadShipments:
    """Read rows, the first of which names the columns. Raises UsageError for a missing column."""
    read = ReadShipments()
    for place, _, cells in _cells(rows, SHIPMENTS, layout, read):
        loaded: Stamp | None = cells.get("loaded_at")
        expected: Stamp = cells["expected_entry"]
        shipment = Shipment(
            name=cells.get("shipment") or f"row {place}",
            origin=cells["origin"],
            measures=cells["measures"],
            expected=expected,
            loaded=loaded,
            mode=cells.get("mode"),
            value=cells.get("value"),
            row=place,
        )
        if loaded and loaded.instant > expected.instant:
            text = f"loaded_at {loaded.day} lies after expected_entry {expected.day}"
            read.remarks.append(Remark(place, text, bad=True))
            continue
        read.shipments.append(shipment)
    return read


def _cells(
    rows: Iterable[Row], columns: Sequence[Column], layout: Layout, read: ReadEntries | ReadShipments
) -> Iterable[tuple[int, Row, Mapping[str, Any]]]:
    """Each good row by its number, with the values of its cells; bad ones become remarks."""
    numbered = enumerate(rows, start=1)
    _, header = next(numbered, (1, None))
    if header is None or not any(name.strip() for name in header):
        raise UsageError("the file is empty; its first row names the columns")
    found = places(header, columns, layout)
    read.unread = likely(header, columns, found)
    for place, row in numbered:
        if not any(cell.strip() for cell in row):
            continue
        read.rows += 1
        try:
            yield place, row, _values(row, columns, found, layout)
        except _BadRowError as error:
            read.remarks.append(Remark(place, str(error), bad=True))


def _values(row: Row, columns: Sequence[Column], found: Mapping[str, int], layout: Layout) -> dict[str, Any]:
    """The values of the cells that hold any. Raises _BadRowError."""
    held: dict[str, Any] = {}
    for column in columns:
        place = found.get(column.name)
        text = row[place].strip() if place is not None and place < len(row) else ""
        if text:
            try:
                held[column.name] = column.read(text, layout.dates)
            except ValueError as error:
                raise _BadRowError(f"{column.name}: {error}") from None
        elif column.filled:
            raise _BadRowError(f"{column.name} is empty")
    return held


_SAME = {
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


def _entry(place: int, cells: Mapping[str, Any]) -> Entry:
    """The entry that one row tells of. Raises _BadRowError."""
    origin = cells.get("origin", "")
    entry = Entry(
        number=cells["entry_number"],
        origins=(origin,) if origin else (),
        reconciliation=cells.get("reconciliation", False),
        duties=tuple((origin, duty) for duty in _duties(cells)),
        rows=(place,),
        entered=cells["entry_date"],
        **{ours: cells.get(column) for column, ours in _SAME.items() if ours != "entered"},
    )
    _in_order(entry)
    return entry


def _duties(cells: Mapping[str, Any]) -> list[Duty]:
    """What was paid under chapter 99; other headings carry the ordinary duty, which is not looked at."""
    headings, amounts = cells.get("headings", []), cells.get("duty", [])
    if len(headings) != len(amounts):
        raise _BadRowError(
            f"{_some(len(headings), 'heading')} and {_some(len(amounts), 'amount')} of duty: "
            "write one amount for each heading, parted by semicolons"
        )
    paid = (Duty(heading, amount) for heading, amount in zip(headings, amounts, strict=True))
    return [duty for duty in paid if duty.heading.startswith("99")]


def _some(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _in_order(entry: Entry) -> None:
    """Raise _BadRowError for days that cannot follow each other so; no protest comes before liquidation."""
    order = ("entered", "liquidated"), ("liquidated", "reliquidated"), ("protested", "denied")
    for early, late in (*order, ("liquidated", "protested")):
        first, then = getattr(entry, early), getattr(entry, late)
        if then and first and then < first:
            raise _BadRowError(f"{_column(late)} {then} lies before {_column(early)} {first}")


def _column(ours: str) -> str:
    return next(column for column, name in _SAME.items() if name == ours)


def _joined(before: Entry, more: Entry) -> Entry:
    """One entry of two rows. An empty cell agrees with any; raises _BadRowError for what does not."""
    known = {}
    for column, ours in _SAME.items():
        old, new = getattr(before, ours), getattr(more, ours)
        if old is not None and new is not None and old != new:
            raise _BadRowError(f"{more.number}: {column} {new} is not the {old} of row {before.rows[0]}")
        known[ours] = new if old is None else old
    return replaced(
        before,
        **known,
        origins=tuple(dict.fromkeys((*before.origins, *more.origins))),
        reconciliation=before.reconciliation or more.reconciliation,
        duties=(*before.duties, *more.duties),
        rows=(*before.rows, *more.rows),
    )


def _looked_at(entry: Entry) -> Iterable[Remark]:
    """What to look at in an entry that is read all the same."""
    row, right = entry.rows[0], number.check_digit(entry.number)
    if entry.number[-1] != str(right):
        yield Remark(row, f"{entry.number}: the check digit should be {right} (CATAIR appendix E)")
    if entry.imported and entry.imported > entry.entered:
        yield Remark(row, f"{entry.number}: import_date {entry.imported} lies after the entry")
