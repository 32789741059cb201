"""Days left, and on whose calendar they are counted."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from conftest import instant

from tariffwatch.results import Due


@pytest.mark.parametrize(
    ("government", "as_of", "at", "open_days"),
    [
        # Thanksgiving is a holiday in the United States alone.
        ("US", "2026-11-23", "2026-11-30", 4),
        ("CA", "2026-11-23", "2026-11-30", 5),
        # A Canadian period may end on a Saturday (Interpretation Act s. 35); no office is open on one.
        ("CA", "2026-11-27", "2026-11-28", 0),
        # Easter Monday in Canada and Brussels.
        ("US", "2026-04-03", "2026-04-07", 2),
        ("CA", "2026-04-02", "2026-04-07", 1),
        ("EU", "2026-04-03", "2026-04-07", 1),
        ("CN", "2026-09-30", "2026-10-02", 2),
    ],
)
def test_business_days_are_those_of_the_government_that_imposes(
    government: str, as_of: str, at: str, open_days: int
) -> None:
    toronto = ZoneInfo("America/Toronto")
    due = Due(instant(f"{at} 00:00", toronto), True, True, toronto, government)
    assert due.business_days_left(instant(f"{as_of} 12:00", toronto)) == open_days
