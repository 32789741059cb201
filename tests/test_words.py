"""One spelling for instants, spans and rates."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import words
from tariffwatch.model import BEGINNING, END, Action, Loc, Moment, Rate
from tariffwatch.prospect import status
from tariffwatch.results import Due


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/New_York", "2025-03-04 00:01 EST"),
        ("UTC", "2025-03-04 05:01 UTC"),
        ("Europe/Brussels", "2025-03-04 06:01 CET"),
        ("Asia/Shanghai", "2025-03-04 13:01 Shanghai"),
        ("America/Sao_Paulo", "2025-03-04 02:01 Sao Paulo"),
    ],
)
def test_an_instant_names_its_zone_without_doubt(zone: str, shown: str) -> None:
    assert words.instant(instant("2025-03-04 00:01"), ZoneInfo(zone)) == shown


def test_instants_at_the_edges() -> None:
    assert words.instant(instant("2025-07-04 00:01:30"), NEW_YORK) == "2025-07-04 00:01:30 EDT"
    assert words.instant(instant("2027-01-01 00:00"), NEW_YORK, day_only=True) == "2027-01-01"
    assert words.boundary(instant("2025-02-03 00:00"), NEW_YORK) == "2025-02-03"
    assert words.boundary(BEGINNING, NEW_YORK) == words.boundary(END, NEW_YORK) == "-"


@pytest.mark.parametrize(
    ("now", "at", "shown"),
    [
        ("2026-11-23 12:00", "2026-12-04 00:01", "in 11 days, 7 business days"),
        ("2025-01-01 12:00", "2025-04-01 00:01", "in 90 days"),
        ("2025-02-10 23:59:59", "2025-03-04 00:01", "in 22 days, 14 business days"),
        ("2025-03-01 23:59:59", "2025-03-04 00:01", "in 3 days, 1 business day"),
        ("2025-03-02 12:00", "2025-03-04 00:01", "in 2 days (36 h 1 min)"),
        ("2025-03-03 23:00", "2025-03-04 00:01", "in 1 day (1 h 1 min)"),
        ("2025-03-03 23:59:59", "2025-03-04 00:01", "in 1 day (1 min 1 s)"),
        ("2025-03-04 00:00:30", "2025-03-04 00:01", "in 30 s"),
        ("2025-03-08 12:00", "2025-03-10 00:01", "in 2 days (35 h 1 min)"),
        ("2025-11-01 12:00", "2025-11-03 00:01", "in 2 days (37 h 1 min)"),
    ],
)
def test_time_left_counts_days_on_the_calendar_and_hours_as_they_pass(now: str, at: str, shown: str) -> None:
    assert words.time_left(due(at), instant(now)) == shown


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2025-05-30 12:00", "in 2 days, 0 business days"),
        ("2025-05-31 23:59:59", "in 1 day, 0 business days"),
        ("2025-06-01 00:00", "today"),
        ("2025-06-01 23:59:59", "today"),
    ],
)
def test_a_day_stated_alone_is_counted_in_days(now: str, shown: str) -> None:
    assert words.time_left(due("2025-06-01 00:00", day_only=True), instant(now)) == shown


def due(at: str, *, day_only: bool = False) -> Due:
    return Due(instant(at), day_only, day_only, NEW_YORK, "US")


ACTION = Action(
    id="us-example",
    title="T",
    imposed_by="US",
    on=("FD",),
    authority="A",
    zone=NEW_YORK,
    loc=Loc("us-example.toml", 1),
)


def rates(**given: str) -> dict[str, Rate]:
    return {line: Rate.parse(text) for line, text in given.items()}


def test_rates_name_the_lines_that_differ() -> None:
    assert words.rates({}) == ""
    assert words.rates(rates(general="25%")) == "25%"
    assert words.rates(rates(general="25%", other="25%")) == "25%"
    given = rates(general="25%", energy="10%", potash="10%", usmca="exempt")
    assert words.rates(given) == "25% (energy and potash 10%, usmca exempt)"
    assert words.rates(rates(usmca="exempt"), name_all=True) == "usmca exempt"


def test_a_date_that_is_told_back_names_its_weekday() -> None:
    hour = Moment(instant("2025-03-04 00:01"))
    assert words.with_weekday(hour, NEW_YORK) == "2025-03-04 00:01 EST, Tuesday"
    day = Moment(instant("2027-01-01 00:00"), day_only=True)
    assert words.with_weekday(day, NEW_YORK) == "2027-01-01, Friday"
    assert words.with_weekday(date(2026, 11, 22), NEW_YORK) == "2026-11-22, Sunday"


def test_what_is_not_public_began_never() -> None:
    at = instant("2025-02-10 12:00")
    assert words.since(status(ACTION, at, at)) == ""


def test_problems_are_counted() -> None:
    assert words.problems(1) == "1 problem in the ledger: run tariffwatch check"
    assert words.problems(2) == "2 problems in the ledger: run tariffwatch check"


def test_countries() -> None:
    assert words.parties(("*",)) == "all countries"
    assert words.parties(("CA", "MX")) == "CA, MX"
    assert words.parties(("CA",) * 60) == "60 economies"
