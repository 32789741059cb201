"""What a file of one's own says: entries with the duty paid on them, shipments on their way.

Days are days: an entry date is a day on the calendar of the port, never an instant that a zone could
shift into the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
"""On whose calendar the days of a file are compared with the instants of the ledger."""

ZERO = Decimal(0)

EU_MEMBERS = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
"""Whose goods are goods of the European Union."""


class Held(StrEnum):
    """Why an entry does not liquidate in the usual time."""

    EXTENDED = "extended"
    """19 U.S.C. 1504(b)."""
    SUSPENDED = "suspended"
    """By statute or court order, 19 U.S.C. 1504(b), (d)."""


class Mode(StrEnum):
    """How goods travel on their last stretch."""

    VESSEL = "vessel"
    AIR = "air"
    TRUCK = "truck"
    RAIL = "rail"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Duty:
    """What was paid under one heading of chapter 99, in US dollars."""

    heading: str
    """As the schedule prints it: ``9903.01.24``."""
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, of one or more rows."""

    number: str
    """``B76-0324527-8``."""
    entered: date
    origins: tuple[str, ...] = ()
    """ISO 3166 alpha-2, in the order of the rows."""
    summary: date | None = None
    """When the entry summary was filed; no clock counts from it."""
    deposited: date | None = None
    imported: date | None = None
    liquidated: date | None = None
    reliquidated: date | None = None
    scheduled: date | None = None
    """The day for which CBP has scheduled the liquidation, where the file says it."""
    held: Held | None = None
    type: str | None = None
    """The entry type, two digits: ``01`` is consumption."""
    reconciliation: bool = False
    """Flagged for reconciliation."""
    protested: date | None = None
    denied: date | None = None
    """When the notice was mailed that denies the protest."""
    duties: tuple[tuple[str, Duty], ...] = ()
    """What was paid under chapter 99, each with the origin of its row (empty where the file has none)."""
    rows: tuple[int, ...] = ()
    """The rows of the file; the header is row 1."""

    @property
    def paid(self) -> Decimal:
        """The duty under chapter 99, in US dollars."""
        return sum((duty.amount for _, duty in self.duties), ZERO)

    @property
    def instant(self) -> datetime:
        """When the entry is compared with the ledger: noon of its day.

        US measures begin and end at 00:00 or 00:01, and offices are open by day.
        """
        return noon(self.entered)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day, or an instant where a file gives the time too."""

    day: date
    at: datetime | None = None
    """Aware, in the zone of the file."""

    def on(self, zone: ZoneInfo) -> datetime:
        """The instant; of a day alone, 18:00 on that zone's calendar.

        That is after the hours at which duties begin (00:01 in Washington is 12:01 or 13:01 in Beijing), and
        before the midnight at which they end.
        """
        return self.at or datetime.combine(self.day, time(18), zone)

    def after(self, other: Stamp) -> bool:
        """Whether it lies after another: of days, where one of the two is no more."""
        if self.at and other.at:
            return self.at > other.at
        return self.day > other.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods on their way, or still to be sent."""

    name: str
    origin: str
    measures: tuple[str, ...]
    """Headings of chapter 99, actions, or lines as ``action/line``."""
    expected: Stamp
    """When entry for consumption is expected."""
    loaded: Stamp | None = None
    """When it was loaded on the last means of transport; None is not yet, or not known."""
    mode: Mode | None = None
    value: Decimal | None = None
    """The entered value, in US dollars."""
    row: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row: why it could not be read, or what to look at again."""

    row: int
    text: str
    bad: bool = False
    """The row was left out."""


def money(amount: Decimal) -> str:
    """``$1,234.50``."""
    return f"${amount:,.2f}"


def noon(day: date) -> datetime:
    """12:00 of a day in New York."""
    return datetime.combine(day, time(12), tzinfo=ZONE)
