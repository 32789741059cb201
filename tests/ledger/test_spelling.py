"""What a slip must mean, and where nobody can say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.ledger import fields, kinds
from tariffwatch.ledger.kinds import Kind
from tariffwatch.ledger.spelling import OLD_ZONES, certain, respelt, respelt_item, slips, zone_name
from tariffwatch.model import EventKind, Finding

KINDS = [kind.value for kind in EventKind]
FINDINGS = [finding.value for finding in Finding]


@pytest.mark.parametrize(
    ("word", "words", "meant"),
    [
        ("Suspended", KINDS, "suspended"),
        ("suspnded", KINDS, "suspended"),
        ("suspenedd", KINDS, "suspended"),
        ("mile stone", KINDS, "milestone"),
        ("pause_1", ["pause-1", "pause-2"], "pause-1"),
        ("puase", ["pause", "start"], "pause"),
        ("paus", ["pause", "start"], "pause"),
        ("order", KINDS, None),  # two letters short
        ("suspension", KINDS, None),
        ("umet", FINDINGS, None),  # met, or unmet
        ("pause-3", ["pause-1", "pause-2"], None),
        ("pause-3", ["pause-1"], None),  # a number is no slip of another
        ("eo-14257", ["eo-14256"], None),
        ("eo-14257", ["eo-14275"], None),
        ("pauze", ["pause", "pauses"], None),  # the second is two slips away
        ("on", ["no"], None),
        ("", ["pause"], None),
        ("anything", [], None),
    ],
)
def test_certain_only_where_one_thing_can_be_meant(word: str, words: list[str], meant: str | None) -> None:
    assert certain(word, words) == meant


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "ab", 1), ("abc", "acb", 1), ("abc", "axc", 1),
     ("abc", "abcd", 1), ("abc", "cab", 2), ("abc", "xyz", 3), ("a", "abcde", 3)],
)  # fmt: skip
def test_slips_are_counted(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_slips_are_none_only_between_equals(one: str, other: str) -> None:
    assert (slips(one, other) == 0) == (one == other)


@pytest.mark.parametrize("old", OLD_ZONES)
def test_a_former_name_means_the_same_clock(old: str) -> None:
    former, now = ZoneInfo(old), ZoneInfo(OLD_ZONES[old])
    start = datetime(1990, 1, 1, tzinfo=UTC)
    for day in range(0, 45 * 365, 5):
        at = start + timedelta(days=day)
        assert at.astimezone(former).utcoffset() == at.astimezone(now).utcoffset()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US/Eastern", "America/New_York"),
        ("us/eastern", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        (" Europe/Brussels ", "Europe/Brussels"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),  # a link to Brussels, and still the name for its country
        ("utc", "UTC"),
        ("EST", "EST"),
        ("Eastern", None),
        ("New York", None),
        ("America/New_Yrok", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_zones(text: str, name: str | None) -> None:
    assert zone_name(text) == name


FINDING = next(field.kind for field in fields.EVENT if field.key == "finding")


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        (kinds.moment, "2025-02-04", date(2025, 2, 4)),
        (kinds.moment, "2025-02-04T00:01:00", datetime.fromisoformat("2025-02-04T00:01")),
        (kinds.moment, "2025-02-04 00:01:00-05:00",
         datetime(2025, 2, 4, 0, 1, tzinfo=timezone(timedelta(hours=-5)))),
        (kinds.moment, "2025-02-30", None),
        (kinds.moment, "2025-03-09T02:30:00", None),  # no clock in New York shows it
        (kinds.moment, "4 February 2025", None),
        (kinds.moment, "02/04/2025", None),
        (kinds.moment, 20250204, None),
        (kinds.day, "2025-02-04", date(2025, 2, 4)),
        (kinds.day, "2025-02-04T00:01:00", None),
        (kinds.country, "us", "US"),
        (kinds.country, "usa", None),
        (kinds.country, "Canada", None),
        (kinds.rate, "25 %", "25%"),
        (kinds.rate, "15 % floor", "15% floor"),
        (kinds.rate, "25", None),  # percent, or dollars?
        (kinds.rate, "25-30%", None),
        (kinds.timezone, "us/pacific", "America/Los_Angeles"),
        (kinds.slug, "US Example", None),
        (FINDING, "Met", "met"),
        (FINDING, "done", None),
    ],
)  # fmt: skip
def test_values(kind: Kind, value: Any, meant: Any) -> None:
    found = respelt(kind, value)
    assert (found, type(found)) == (meant, type(meant))


def test_items_of_lists() -> None:
    assert respelt_item(kinds.each(kinds.country), "ca") == "CA"
    assert respelt_item(kinds.each(kinds.country), "Canada") is None
    assert respelt_item(kinds.each(kinds.slug), "ENERGY") is None
