"""Entries by columns: the same answers as the plain path gives, row for row."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks import made_entries
from conftest import NEW_YORK, instant

from tariffwatch.columns import reading as columns
from tariffwatch.columns.review import Large
from tariffwatch.entries import reading
from tariffwatch.entries.fields import Layout
from tariffwatch.entries.model import noon
from tariffwatch.entries.review import Review, review
from tariffwatch.entries.touched import Ledgers
from tariffwatch.errors import UsageError
from tariffwatch.ledger.load import Ledger
from tariffwatch.views import csv_entries, csv_large
from tariffwatch.views.report import When

SAMPLE = Path(__file__).parent.parent / "sample" / "entries.csv"
AS_OF = instant("2026-11-22 23:59:59")
WHEN = When(AS_OF, AS_OF, NEW_YORK)
HEADER = list(made_entries.HEADER)
Rows = list[list[str]]


def sample() -> Rows:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def made() -> Rows:
    """Rows of every kind, with one in ten spoilt in some way; some entries disagree with themselves."""
    return list(made_entries.rows(3000, seed=7, spoilt=0.1))


def row(**cells: str) -> list[str]:
    good = {
        "entry_number": "B76-0324527-8",
        "entry_date": "2025-03-10",
        "origin": "CN",
        "headings": "9903.01.24",
        "duty": "2000.00",
    }
    return [(good | cells).get(name, "") for name in HEADER]


@pytest.fixture(scope="module", params=[sample, made], ids=["sample", "made"])
def rows(request: pytest.FixtureRequest) -> Rows:
    found: Rows = request.param()
    return found


@pytest.fixture(scope="module")
def plain(rows: Rows) -> reading.ReadEntries:
    return reading.entries(rows, Layout())


@pytest.fixture(scope="module")
def table(rows: Rows) -> columns.Table:
    return columns.table(iter(rows), Layout())


def plain_review(plain: reading.ReadEntries, ledger: Ledger, **asked: Any) -> Review:
    return review(plain.entries, ledger.actions, ledger.work, AS_OF, AS_OF, **asked)


def large(table: columns.Table, ledger: Ledger, **asked: Any) -> Large:
    return Large(table, ledger.actions, ledger.work, AS_OF, AS_OF, **asked)


def test_the_made_rows_are_of_every_kind() -> None:
    read = reading.entries(made(), Layout())
    told = "\n".join(remark.text for remark in read.remarks)
    for words in (
        "is not the",
        "is empty",
        "check digit",
        "in every cell",
        "lies before",
        "is not an amount",
    ):
        assert words in told
    assert {entry.held for entry in read.entries} == {None, "extended", "suspended"}
    assert any(len(entry.rows) > 2 for entry in read.entries)
    assert any(entry.reliquidated for entry in read.entries)
    assert any(entry.denied for entry in read.entries)


def test_every_entry_is_read_alike(plain: reading.ReadEntries, table: columns.Table) -> None:
    found = table.take(range(len(table.entries)))
    assert [found[place] for place in range(len(found))] == plain.entries


def test_every_remark_is_alike(plain: reading.ReadEntries, table: columns.Table) -> None:
    assert replace(table.read, entries=[]) == replace(plain, entries=[])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"only": {"protest-180"}},
        {"by_then": AS_OF + timedelta(days=45)},
        {"only": {"psc", "cape-80"}, "by_then": AS_OF + timedelta(days=20)},
    ],
    ids=["everything", "one clock", "soon", "two clocks soon"],
)
def test_a_review_is_alike(
    asked: dict[str, Any],
    plain: reading.ReadEntries,
    table: columns.Table,
    shipped_ledger: Ledger,
) -> None:
    expected, found = plain_review(plain, shipped_ledger, **asked), large(table, shipped_ledger, **asked)
    for most in (1, 25, 1_000_000):
        assert found.review(most) == expected.worst(most)


def test_every_clock_of_every_entry_is_alike(
    plain: reading.ReadEntries, table: columns.Table, shipped_ledger: Ledger
) -> None:
    """The columns put the rows of CSV together without looking at an entry again."""
    written = b"".join(csv_large.running(large(table, shipped_ledger), WHEN)).decode()
    expected = csv_entries.running(plain_review(plain, shipped_ledger), WHEN)
    assert written.split("\r\n") == expected.split("\r\n")


def test_the_first_clocks_of_csv_are_the_worst(table: columns.Table, shipped_ledger: Ledger) -> None:
    every = b"".join(csv_large.running(large(table, shipped_ledger), WHEN)).split(b"\r\n")
    few = b"".join(csv_large.running(large(table, shipped_ledger), WHEN, most=5)).split(b"\r\n")
    assert few == [*every[:6], b""]


def test_many_batches_are_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = columns.table(iter(made()), Layout())
    steps: list[None] = []
    monkeypatch.setattr(columns, "BATCH", 97)
    table = columns.table(iter(made()), Layout(), lambda: steps.append(None))
    assert len(steps) == -(-whole.read.rows // 97)
    assert table.entries.equals(whole.entries)
    assert table.duties.equals(whole.duties)
    assert table.read == whole.read


def test_what_is_too_much_to_tell_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made()
    plain = reading.entries(rows, Layout())
    bad = [remark for remark in plain.remarks if remark.bad]
    monkeypatch.setattr(columns, "MOST_REMARKS", 10)
    read = columns.table(iter(rows), Layout()).read
    assert len([remark for remark in read.remarks if remark.bad]) == 10
    assert read.more_bad == len(bad) - 10
    assert read.more_warnings == len(plain.remarks) - len(bad) - 10


def test_a_file_without_a_good_row(shipped_ledger: Ledger) -> None:
    table = columns.table(iter([HEADER, row(entry_date="")]), Layout())
    found = large(table, shipped_ledger).review(10)
    assert (found.entries, found.running, found.weeks, found.reaches) == ((), (), (), ())
    assert [remark.text for remark in table.read.remarks] == ["entry_date is empty"]
    assert len(list(csv_large.running(large(table, shipped_ledger), WHEN))) == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UsageError, match='no column "entry_number"'):
        columns.table(iter([["a", "b"], ["1", "2"]]), Layout())


def test_a_column_that_the_file_does_not_have() -> None:
    names = ["entry_number", "entry_date", "liquidation_date", "headings", "duty"]
    rows = [names, ["B76-0324527-8", "2025-03-10", "", "9903.01.24", "2000.00"]]
    layout = Layout(without=frozenset({"origin"}))
    assert list(columns.table(iter(rows), layout).take([0]).values()) == reading.entries(rows, layout).entries


def test_sums_lose_no_cent(shipped_ledger: Ledger) -> None:
    """Ten cents have no exact binary fraction."""
    rows = [row(duty="0.10") for _ in range(3000)]
    found = large(columns.table(iter([HEADER, *rows]), Layout()), shipped_ledger).review(1)
    assert str(found.paid) == "300.00"


@pytest.mark.parametrize(
    ("heading", "origin"),
    [
        ("9903.01.24", "CN"),
        ("9903.01.10", "CA"),
        ("9903.02.09", "BR"),
        ("9903.94.01", "DE"),
        ("9903.03.01", "VN"),
        ("9903.01.25", ""),
        ("9903.88.03", "CN"),
    ],
)
def test_what_is_told_of_a_duty_changes_only_between_two_dates_of_its_actions(
    heading: str, origin: str, shipped_ledger: Ledger
) -> None:
    """It is worked out once for all entry dates between them; here for the first and for the last."""
    days = [noon(date(2025, 1, 15) + timedelta(days=place)) for place in range(700)]
    one, other = (Ledgers(shipped_ledger.actions, AS_OF) for _ in range(2))
    forwards = [one.told(heading, origin, day) for day in days]
    backwards = [other.told(heading, origin, day) for day in reversed(days)]
    for told, again in zip(forwards, reversed(backwards), strict=True):
        assert (told.matches, told.touches, told.ended, told.idle) == (
            *(again.matches, again.touches, again.ended, again.idle),
        )
    assert len({id(told) for told in forwards}) > 1
