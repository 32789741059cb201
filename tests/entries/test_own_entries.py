"""Entries as actions of one's own: the dates are those of the review, and each change has its cause."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import instant

from tariffwatch import prospect
from tariffwatch.changes import trails
from tariffwatch.entries import reading
from tariffwatch.entries.fields import Layout
from tariffwatch.entries.model import Entry, Held
from tariffwatch.entries.own_entries import of_entries
from tariffwatch.entries.review import review
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action
from tariffwatch.results import Deadline, Fate
from tariffwatch.worlds import fate

SAMPLE = Path(__file__).parent.parent / "sample" / "entries.csv"
ENTRY = Entry(number="B76-0324527-8", entered=date(2026, 1, 5), rows=(2,))


@pytest.fixture(scope="module")
def sample() -> list[Entry]:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return reading.entries(csv.reader(stream), Layout()).entries


def told(ledger: Ledger, now: str, *entries: Entry) -> list[Action]:
    at = instant(now)
    return of_entries(entries, "mine.csv", ledger.actions, ledger.work, at, at)


def dates(action: Action, now: str, since: datetime | None = None) -> dict[str, Deadline]:
    return {d.id: d for d in prospect.deadlines(action, since or instant(now), instant(now))}


DAYS = ("2025-03-01", "2025-12-20", "2026-02-20", "2026-05-01", "2026-11-22", "2027-02-04", "2029-07-08")


@pytest.mark.parametrize("day", DAYS)
def test_on_any_day_the_clocks_are_those_of_the_review(
    day: str, sample: list[Entry], shipped_ledger: Ledger
) -> None:
    now = instant(f"{day} 10:00")
    listed = review(sample, shipped_ledger.actions, shipped_ledger.work, now, now).running
    known = told(shipped_ledger, f"{day} 10:00", *sample)
    found = [
        (action.id, d.id, d.due, d.estimate) for action in known for d in prospect.deadlines(action, now, now)
    ]
    assert len(found) > 30
    assert sorted(found, key=str) == sorted(
        ((f"entry:{one.entry.number}", one.name, one.due, one.estimate) for one in listed), key=str
    )


def test_a_liquidation_settles_the_estimates_and_starts_the_protest(shipped_ledger: Ledger) -> None:
    now = "2026-10-10 10:00"
    [before] = told(shipped_ledger, "2026-10-08 10:00", ENTRY)
    [after] = told(shipped_ledger, now, replace(ENTRY, liquidated=date(2026, 10, 9)))
    old, new = dates(before, now), dates(after, now)
    assert {id for id in old if old[id].estimate} == {"psc", "liquidation-314"}
    assert old.keys() - new.keys() == {"psc", "liquidation-314", "liquidation-1y"}
    assert new.keys() - old.keys() == {"protest-180", "reliquidation-90"}
    assert not any(deadline.estimate for deadline in new.values())
    for id in old.keys() - new.keys():
        assert fate(after, old[id], None, after.events, instant(now)) is Fate.SETTLED
    assert [event.note for event in after.events] == ["Entered", "Liquidated on 2026-10-09"]


def test_a_reliquidation_moves_the_protest_and_a_protest_settles_it(shipped_ledger: Ledger) -> None:
    entry = replace(ENTRY, liquidated=date(2026, 10, 9), reliquidated=date(2026, 11, 6))
    [action] = told(shipped_ledger, "2026-12-01 10:00", entry)
    [trail] = [t for t in trails(action, instant("2026-12-01 10:00")) if t.first_key.id == "protest-180"]
    days = [version.deadline.at.astimezone(action.zone).date() for version in trail.versions]
    assert days == [date(2026, 10, 9) + timedelta(days=180), date(2026, 11, 6) + timedelta(days=180)]
    [filed] = told(shipped_ledger, "2026-12-02 10:00", replace(entry, protested=date(2026, 12, 1)))
    left = dates(filed, "2026-12-02 10:00")
    assert "protest-180" not in left
    assert left["protest-2y"].at == instant("2028-12-01 00:00")


def test_a_year_without_a_liquidation_is_a_deemed_one(shipped_ledger: Ledger) -> None:
    """19 U.S.C. 1504(a)(1): an estimate, for the file may not know of an extension."""
    [before] = told(shipped_ledger, "2027-01-05 23:00", ENTRY)
    [after] = told(shipped_ledger, "2027-01-06 00:30", ENTRY)
    assert "protest-180" not in dates(before, "2027-01-05 23:00")
    protest = dates(after, "2027-01-06 00:30")["protest-180"]
    assert protest.estimate
    assert protest.at == instant("2027-07-02 00:00")  # the last open day before 4 July, a Sunday
    assert after.events[-1].id == "deemed"
    held = replace(ENTRY, held=Held.SUSPENDED)
    [kept] = told(shipped_ledger, "2027-01-06 00:30", held)
    assert [event.id for event in kept.events] == ["entered"]


def test_a_liquidation_ahead_is_the_day_for_which_it_is_scheduled(shipped_ledger: Ledger) -> None:
    [action] = told(shipped_ledger, "2026-06-01 10:00", replace(ENTRY, liquidated=date(2026, 11, 13)))
    coming = dates(action, "2026-06-01 10:00")
    assert "protest-180" not in coming
    assert not coming["psc"].estimate
    assert [event.id for event in action.events] == ["entered"]


def test_a_date_rests_on_the_law_and_on_a_row(shipped_ledger: Ledger) -> None:
    [action] = told(shipped_ledger, "2026-06-01 10:00", ENTRY)
    deemed = dates(action, "2026-06-01 10:00")["liquidation-1y"]
    assert (deemed.source or "").startswith("19 U.S.C. 1504(a)(1)")
    assert (deemed.source or "").endswith("; mine.csv row 2")
    [odd] = of_entries(
        [ENTRY], "my; file.csv", shipped_ledger.actions, shipped_ledger.work,
        instant("2026-06-01 10:00"), instant("2026-06-01 10:00"),
    )  # fmt: skip
    assert (odd.deadlines[0].source or "").endswith("; my, file.csv row 2")
