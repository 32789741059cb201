"""The holidays that are written out are those of the library, and of the law."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from holidays import country_holidays

from tariffwatch import calendars
from tariffwatch.calendars import calendar
from tariffwatch.closed_days import CLOSED_DAYS

YEARS = range(2017, 2036)
HEAD = '''"""The holidays of two countries, written out as the ``holidays`` library has them.

Made by ``UPDATE_GOLDENS=1 pytest tests/test_calendars.py``, which also compares the two.
"""

CLOSED_DAYS: dict[str, dict[int, dict[str, str]]] = '''


def library(country: str, year: int) -> dict[str, str]:
    found = country_holidays(country, years=year, language=calendars.LANGUAGE)
    return {day.isoformat(): name for day, name in sorted(found.items())}


def test_what_is_written_out_is_what_the_library_says() -> None:
    expected = {country: {year: library(country, year) for year in YEARS} for country in ("US", "BE")}
    if os.environ.get("UPDATE_GOLDENS"):
        text = json.dumps(expected, indent=4).replace('"\n', '",\n').replace("}\n", "},\n")
        text = re.sub(r'"(\d{4})":', r"\1:", text)
        path = Path(calendars.__file__).with_name("closed_days.py")
        path.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    assert expected == CLOSED_DAYS


@pytest.mark.parametrize(
    ("id", "day", "reason"),
    [
        ("us-federal", date(2026, 7, 3), "Independence Day (observed)"),
        ("us-federal", date(2021, 12, 31), "New Year's Day (observed)"),
        ("us-federal", date(2025, 11, 27), "Thanksgiving Day"),
        ("us-federal", date(2025, 11, 28), None),
        ("us-federal", date(2050, 7, 4), "Independence Day"),
        ("us-washington", date(2025, 1, 20), "Martin Luther King Jr. Day"),
        ("us-washington", date(2029, 1, 20), "Saturday"),
        ("us-washington", date(2026, 1, 20), None),
        ("us-washington", date(1985, 1, 21), "Inauguration Day"),  # the 20th was a Sunday
        ("eu", date(2026, 5, 1), "Labor Day"),
        ("ca", date(2026, 7, 1), "Canada Day"),
        ("ca", date(2026, 5, 18), "Victoria Day"),
    ],
)
def test_closed_days(id: str, day: date, reason: str | None) -> None:
    assert calendar(id)(day) == reason
