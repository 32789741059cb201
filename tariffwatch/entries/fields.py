"""The columns of a file of entries, and of shipments: one table for the reader and for the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tariffwatch.entries import number, values
from tariffwatch.entries.model import Held, Mode
from tariffwatch.entries.values import DateForm
from tariffwatch.errors import UsageError
from tariffwatch.ledger.kinds import hint

Reader = Callable[[str, DateForm | None], Any]
"""Reads a cell that is not empty; raises ValueError."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file."""

    name: str
    meaning: str
    example: str
    read: Reader
    needed: bool = False
    """The file must have it."""
    filled: bool = False
    """No cell of it may be empty."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file names its columns and writes its days."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The file's own names -> ours."""
    dates: DateForm | None = None
    without: frozenset[str] = frozenset()
    """Needed columns that the file does not have, and that are taken as empty."""
    delimiter: str = ","
    """What parts the cells: one sign, or ``tab``."""


def _plain(read: Callable[[str], Any]) -> Reader:
    return lambda text, form: read(text)


def _word(kind: type[Held] | type[Mode], aliases: Mapping[str, str] | None = None) -> Reader:
    def read(text: str, form: DateForm | None) -> Held | Mode:
        word = text.strip().casefold()
        word = (aliases or {}).get(word, word)
        try:
            return kind(word)
        except ValueError:
            raise ValueError(f'"{text}" is none of: {", ".join(kind)}') from None

    return read


_DAY = values.day
_NUMBER, _HEADINGS = _plain(number.parse), _plain(values.headings)
_MODE = _word(Mode, {"ocean": "vessel", "sea": "vessel"})

ENTRIES = (
    Column(
        "entry_number", "filer code, number, check digit", "B76-0324527-8", _plain(number.parse), True, True
    ),
    Column("entry_date", "date of entry", "2025-03-10", _DAY, True, True),
    Column("liquidation_date", "date of liquidation; empty if not liquidated", "", _DAY, True),
    Column("origin", "country of origin", "CN", _plain(values.country), True),
    Column(
        "headings", "tariff numbers, several with semicolons", "9903.01.24", _plain(values.headings), True
    ),
    Column("duty", "dollars paid on each heading, in that order", "2000.00", _plain(values.amounts), True),
    Column("summary_date", "when the entry summary was filed", "2025-03-20", _DAY),
    Column("deposit_date", "when the duty was deposited", "2025-03-21", _DAY),
    Column("import_date", "date of importation; drawback counts from it", "2025-03-09", _DAY),
    Column("scheduled_liquidation", "the day for which CBP has scheduled it", "2026-01-18", _DAY),
    Column("held", "extended or suspended, if liquidation is", "", _word(Held)),
    Column("reliquidation_date", "date of the last reliquidation", "", _DAY),
    Column("protest_date", "when a protest was filed", "", _DAY),
    Column("denial_date", "when the notice was mailed that denies it", "", _DAY),
    Column("entry_type", "two digits", "01", _plain(values.entry_type)),
    Column("reconciliation", "yes if flagged for reconciliation", "no", _plain(values.yes)),
)
"""The columns of ``tariffwatch entries``. Several rows may have one entry number: their duty adds up."""

SHIPMENTS = (
    Column("shipment", "your name for it", "PO 4711", _plain(str.strip)),
    Column("origin", "country of origin", "CN", _plain(values.country), True, True),
    Column(
        "measures",
        "headings, actions, or lines as action/line; several with semicolons",
        "9903.03.01; s122-surcharge-2026",
        _plain(lambda text: tuple(part for part in re.split(r"[;|,\s]+", text) if part)),
        True,
        True,
    ),
    Column("loaded_at", "when it was loaded; empty if not yet", "2026-02-20", values.stamp, True),
    Column("mode", "vessel, air, truck, rail or mail", "vessel", _MODE, True),
    Column("expected_entry", "when entry is expected", "2026-03-02", values.stamp, True, True),
    Column("value", "entered value in dollars", "100000.00", _plain(values.amount), True),
)  # fmt: skip
"""The columns of ``tariffwatch shipments``; a time without an offset is New York's."""


def places(header: Sequence[str], columns: Sequence[Column], layout: Layout) -> dict[str, int]:
    """Where each column stands. Raises UsageError that names the nearest ones there for a missing one."""
    known = {column.name: column for column in columns}
    mapped = _mapped(header, known, layout)
    by_key: dict[str, int] = {}
    for place, name in enumerate(header):
        by_key.setdefault(_key(name), place)
    found = {name: by_key[name] for name in known if name in by_key and name not in mapped} | mapped
    missing = [c.name for c in columns if c.needed and c.name not in found and c.name not in layout.without]
    if missing:
        raise UsageError(_missing(missing, header, found))
    return found


def likely(header: Sequence[str], columns: Sequence[Column], found: Mapping[str, int]) -> list[str]:
    """What to look at: columns that may be meant for those that were not found, and are not read."""
    unread = [name for place, name in enumerate(header) if place not in found.values()]
    said = []
    for column in columns:
        if column.name not in found and (near := _near(column.name, unread)):
            option = f'--map "{near[0]}={column.name}"'
            said.append(f'column "{near[0]}" is not read; if it is {column.name}, add {option}')
    return said


def _mapped(header: Sequence[str], known: Mapping[str, Column], layout: Layout) -> dict[str, int]:
    found: dict[str, int] = {}
    stripped = [name.strip() for name in header]
    for theirs, ours in layout.columns.items():
        if ours not in known:
            fix = hint(ours, list(known), f"there are: {', '.join(known)}")
            raise UsageError(f'--map: there is no column "{ours}" to map to; {fix}')
        if theirs.strip() not in stripped:
            raise UsageError(f'--map: the file has no column "{theirs}"; {_there(theirs, header)}')
        if ours in found:
            raise UsageError(f"--map: two columns are mapped to {ours}; name one")
        found[ours] = stripped.index(theirs.strip())
    return found


def _missing(missing: Sequence[str], header: Sequence[str], found: Mapping[str, int]) -> str:
    free = [name for place, name in enumerate(header) if place not in found.values() and name.strip()]
    first = missing[0]
    near = _near(first, free)
    name = near[0] if near else "NAME"
    there = f"nearest there: {', '.join(near)}" if near else _there(first, free)
    more = f"; {', '.join(missing[1:])} too" if missing[1:] else ""
    return (
        f'the file has no column "{first}"{more}; {there}. Write --map "{name}={first}", '
        f"or --without {first} if the file does not have it"
    )


def _there(name: str, header: Iterable[str]) -> str:
    names = [text.strip() for text in header if text.strip()]
    near = _near(name, names)
    return f"nearest there: {', '.join(near)}" if near else f"there are: {', '.join(names) or 'none'}"


def _near(name: str, header: Sequence[str]) -> list[str]:
    """Up to three names like one, the likest first; a name that holds all its words is like it."""
    keys = {_key(text): text.strip() for text in header}
    words = set(name.split("_"))
    holding = [text for key, text in keys.items() if words & set(key.split("_")) - _COMMON]
    close = [keys[key] for key in get_close_matches(_key(name), keys, 3, 0.6)]
    return list(dict.fromkeys([*close, *holding]))[:3]


_COMMON = {"date", "number", "no", "of", "at", "entry"}
"""Words that say little about what a column holds."""


def _key(name: str) -> str:
    """``Entry Number`` as ``entry_number``: case and blanks make no difference."""
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")
