"""The first day of each month from 2025-01 to 2026-12, as it looked on that day: goldens to be read.

``UPDATE_GOLDENS=1 pytest tests/test_history.py`` remakes them; anything odd is an error of the data or
of the painting, and is mended there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import instant

from tariffwatch import query, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import ENDED
from tariffwatch.results import Status

MONTHS = [f"{year}-{month:02}-01" for year in (2025, 2026) for month in range(1, 13)]


def line(status: Status) -> str:
    """One action: phase and rates, since when, and what comes next."""
    zone = status.action.zone
    parts = [f"{words.phase_word(status)} {words.standing(status)}".rstrip()]
    if status.since:
        parts.append(f"since {words.since(status)}")
    if status.next:
        at = words.instant(status.next[0].at, zone, status.next[0].day_only)
        parts.append(f"{at} {words.then(status)}")
    return f"{status.action.id}: " + " | ".join(parts)


@pytest.mark.parametrize("day", MONTHS)
def test_the_first_of_the_month(day: str, shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    at = instant(f"{day} 23:59:59")
    found = query.statuses(shipped_ledger.actions.values(), at, at)
    live = [line(status) for status in found if status.phase not in ENDED]
    ended = [f"{status.action.id} ({words.phase_word(status)})" for status in found if status.phase in ENDED]
    text = "\n".join([*live, "", "Ended: " + ", ".join(ended), ""])
    golden(f"history/{day}.txt", text)


def test_hindsight_of_a_past_day_never_changes_what_had_already_happened(shipped_ledger: Ledger) -> None:
    """With all that is known now, an action that was public then is still told of then."""
    now = instant("2026-11-22 12:00")
    for day in MONTHS[:-2]:
        at = instant(f"{day} 23:59:59")
        then = {s.action.id for s in query.statuses(shipped_ledger.actions.values(), at, at)}
        hindsight = {s.action.id for s in query.statuses(shipped_ledger.actions.values(), at, now)}
        assert then <= hindsight, day
