"""A made file of entry lines, as long as one likes: the same bytes for the same seed.

Run on request: ``python tests/benchmarks/made_entries.py FILE.csv [ROWS]``. A million rows are some 150 MB.
The mix is that of a large importer's report: most entries have one line, some have several, not always one
after the other; most old ones are liquidated on a Friday about 314 days later; a few are extended, suspended,
protested or denied. One row in two hundred has an odd cell, in every way that the reader knows.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from tariffwatch.entries import number

HEADER = (
    *("importer", "port", "entry_number", "entry_date", "summary_date", "deposit_date", "import_date"),
    *("liquidation_date", "scheduled_liquidation", "held", "reliquidation_date", "protest_date"),
    *("denial_date", "entry_type", "reconciliation", "origin", "headings", "duty", "description"),
)
"""Ours, and some that the program does not read."""

FIRST, FILED = date(2024, 9, 1), date(2026, 11, 20)
"""The first entry date, and the day of the report: nothing in it is later, but for what is scheduled."""

GOODS = {
    "CN": ("9903.01.20", "9903.01.24", "9903.01.25", "9903.88.03", "9903.88.15", "9903.01.24;9903.01.25"),
    "MX": ("9903.01.01", "9903.81.87", "9903.94.05"),
    "CA": ("9903.01.10", "9903.01.13", "9903.81.87"),
    "VN": ("9903.01.25", "9903.02.69"),
    "DE": ("9903.02.20", "9903.94.01", "9903.81.87"),
    "IN": ("9903.01.25", "9903.01.84"),
    "JP": ("9903.02.30", "9903.94.01"),
    "BR": ("9903.01.77", "9903.02.09"),
    "KR": ("9903.02.56",),
    "TH": ("9903.01.25", "8471.30.01;9903.01.25"),
    "TW": ("9903.01.25", "9903.85.02"),
    "CH": ("9903.02.58", "9999.99.99"),
}
"""Headings that goods of an origin have paid, one ordinary heading and one that no line of the ledger has."""
WEIGHTS = (30, 14, 12, 8, 8, 6, 6, 4, 4, 3, 3, 2)
FILERS = tuple(f"{letter}{digits}" for letter in "ABKSZ9" for digits in ("02", "K7", "9Z", "40", "TR", "J5"))


def rows(most: int, seed: int = 1, spoilt: float = 0.005) -> Iterator[list[str]]:
    """The header, and that many rows, of which a part is spoilt."""
    yield list(HEADER)
    yield from islice(_mixed(random.Random(seed), spoilt), most)


def _mixed(chance: random.Random, spoilt: float) -> Iterator[list[str]]:
    """Rows without end: some spoilt, some twice, and some long after the others of their entry."""
    late: list[list[str]] = []
    for serial in count():
        for row in _entry(chance, serial):
            cells = _spoilt(chance, row) if chance.random() < spoilt else row
            kind = chance.random()
            if kind < 0.02:
                late.append(cells)
                continue
            yield cells
            if kind > 0.9995:
                yield cells
            if late and kind < 0.04:
                yield late.pop(0 if len(late) > 500 else -1)


def _entry(chance: random.Random, serial: int) -> Iterator[list[str]]:
    """The rows of one entry."""
    bare = f"{chance.choice(FILERS)}-{serial:07d}"
    digit = number.check_digit(bare)
    name = f"{bare}-{(digit + (chance.random() < 0.003)) % 10}"
    days = _days(chance)
    importer, port = f"IMPORTER {chance.randrange(40):03d} LLC", f"{chance.randrange(1001, 5501)}"
    for _ in range(chance.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 4))):
        (origin,) = chance.choices(tuple(GOODS), WEIGHTS)
        headings = chance.choice(GOODS[origin])
        duty = ";".join(_amount(chance) for _ in headings.split(";"))
        text = f"Lot {chance.randrange(10**9):09d}, goods as invoiced"
        yield [importer, port, name, *days, origin, headings, duty, text]


def _amount(chance: random.Random) -> str:
    return "0.00" if chance.random() < 0.01 else f"{chance.randrange(100, 5_000_000) / 100:.2f}"


def _days(chance: random.Random) -> list[str]:
    """What an entry's rows have in common, from ``entry_date`` to ``reconciliation``."""
    told = dict.fromkeys(HEADER[3:15], "")
    entered = FIRST + timedelta(days=chance.randrange((FILED - FIRST).days))
    usual = entered + timedelta(days=314 + chance.randrange(-7, 8))
    usual += timedelta(days=(4 - usual.weekday()) % 7)  # notices are posted on Fridays
    told["entry_date"] = f"{entered}"
    told["entry_type"] = chance.choice(("01", "01", "01", "03", "06", "11"))
    if chance.random() < 0.9:
        told["summary_date"] = f"{entered + timedelta(days=10)}"
        told["deposit_date"] = f"{min(entered + timedelta(days=chance.randrange(8, 45)), FILED)}"
    if chance.random() < 0.7:
        told["import_date"] = f"{entered - timedelta(days=chance.randrange(6))}"
    if chance.random() < 0.04:
        told["reconciliation"] = "yes"
    kind = chance.random()
    if kind < 0.03:
        told["held"], told["scheduled_liquidation"] = "extended", f"{usual + timedelta(days=364)}"
    elif kind < 0.05:
        told["held"] = "suspended"
    elif usual <= FILED and kind < 0.95:
        told["liquidation_date"] = f"{usual}"
        _disputed(chance, told, usual)
    elif usual <= FILED + timedelta(days=30):
        told["scheduled_liquidation"] = f"{usual}"
    return list(told.values())


def _disputed(chance: random.Random, told: dict[str, str], liquidated: date) -> None:
    """Reliquidation, protest and denial, where they have come by the day of the report."""
    kind = chance.random()
    again, filed = (liquidated + timedelta(days=chance.randrange(1, days)) for days in (90, 180))
    denied = filed + timedelta(days=chance.randrange(20, 300))
    if kind < 0.01 and again <= FILED:
        told["reliquidation_date"] = f"{again}"
    elif kind < 0.05 and filed <= FILED:
        told["protest_date"] = f"{filed}"
        if kind < 0.025 and denied <= FILED:
            told["denial_date"] = f"{denied}"


SPOILT = (
    *(("entry_number", "26110316-2"), ("entry_number", "2.6110316E+10"), ("entry_number", "")),
    *(("entry_date", "03/10/2025"), ("entry_date", "2025-02-30"), ("entry_date", "45700")),
    *(("entry_date", ""), ("liquidation_date", "2024-01-05"), ("deposit_date", "2025-03-10T23:30:00Z")),
    *(("origin", "China"), ("headings", "9903.01"), ("headings", "9903.01.24;9903.01.25;9903.01.33")),
    *(("duty", "-5.00"), ("duty", "2.500,00"), ("duty", ""), ("held", "late")),
    *(("reconciliation", "perhaps"), ("entry_type", "ABC"), ("entry_date", " 2025-03-10 ")),
    *(("duty", "$1,250.00"), ("headings", "9903012500"), ("entry_number", "b76 0324527 8")),
    *(("origin", "cn"), ("import_date", "2026-11-30"), ("duty", "1250"), ("origin", "")),
)  # fmt: skip
"""Cells that are refused, but for the last ones, which are read or only warned of."""


def _spoilt(chance: random.Random, row: list[str]) -> list[str]:
    """A row with one cell that is not as it should be, cut short, or empty."""
    kind = chance.random()
    if kind < 0.03:
        return row[: chance.randrange(1, len(row))]
    if kind < 0.05:
        return [""] * len(row)
    column, text = chance.choice(SPOILT)
    place = HEADER.index(column)
    return [*row[:place], text, *row[place + 1 :]]


def write(path: Path, most: int, seed: int = 1) -> Path:
    """Write the file, and give it back."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows(most, seed))
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
