"""Dates as people type them for the ledger: what each means, on the clock of the action."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.cli.given import moment
from tariffwatch.cli.times import parse_moment
from tariffwatch.errors import UsageError

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = instant("2026-10-31 22:30:15")
"""A Saturday evening in New York, Sunday in Tokyo; the clocks are set back in New York that night."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-04", date(2026, 12, 4)),
        (" 2026-12-04 ", date(2026, 12, 4)),
        ("2026-12-04 00:01", instant("2026-12-04 00:01")),
        ("2026-12-04T00:01:30", instant("2026-12-04 00:01:30")),
        ("2026-12-04 00:01Z", datetime(2026, 12, 4, 0, 1, tzinfo=UTC)),
        ("2026-12-04T00:01+01:00", datetime(2026, 12, 3, 23, 1, tzinfo=UTC)),
        ("today", date(2026, 10, 31)),
        ("tomorrow", date(2026, 11, 1)),
        ("yesterday", date(2026, 10, 30)),
        ("tomorrow 00:01", instant("2026-11-01 00:01")),
        ("today 17:00", instant("2026-10-31 17:00")),
        ("+30d", date(2026, 11, 30)),
        ("-2w", date(2026, 10, 17)),
        ("+1m", date(2026, 11, 30)),
        ("+4m", date(2027, 2, 28)),
        ("-1y", date(2025, 10, 31)),
        ("+30d 00:01", instant("2026-11-30 00:01")),
        ("now", instant("2026-10-31 22:30:15")),
        ("+12h", instant("2026-11-01 09:30:15")),
    ],
)
def test_what_a_date_means(text: str, meant: date | datetime) -> None:
    assert parse_moment(text, "--at", NOW, NEW_YORK) == meant


def test_today_is_that_of_the_action() -> None:
    assert parse_moment("today", "--at", NOW, TOKYO) == date(2026, 11, 1)
    assert parse_moment("2026-12-04 00:01", "--at", NOW, TOKYO) == instant("2026-12-04 00:01", TOKYO)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "next week", "12/04/2026", "2026-13-01", "2026-02-30", "20261204", "2026-12-04 25:00"),
        *("30d", "+30", "+30d 7am", "tomorrow at noon", "+999999y", "+999999d", "0001-01-01", "9999-12-31"),
        *("2027-03-14 02:30", "2026-12-04 00:01 EST", "-999999d", "+1h 00:01"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_guessed(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--at: "):
        parse_moment(text, "--at", NOW, NEW_YORK)


def test_a_date_that_is_none_is_answered_with_what_can_be_written() -> None:
    with pytest.raises(UsageError) as raised:
        parse_moment("soon", "--at", NOW, NEW_YORK)
    assert str(raised.value) == (
        '--at: "soon" is not a date; write 2026-12-04, "2026-12-04 00:01" (in America/New_York), today, '
        '"tomorrow 00:01" or +30d'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-12-04", "2026-12-04"),
        ("2026-12-04 00:01", "2026-12-04T00:01:00"),
        ("2026-12-04T05:01Z", "2026-12-04T00:01:00"),
        ("2026-11-01 01:30", "2026-11-01T01:30:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T01:30:00"),
        ("2026-11-01T01:30-05:00", "2026-11-01T01:30:00-05:00"),
        ("+4h", "2026-11-01T01:30:15-05:00"),
    ],
)
def test_a_time_is_written_on_the_local_clock_unless_that_shows_it_twice(text: str, written: str) -> None:
    assert moment("at", text, NOW, NEW_YORK).isoformat() == written
