"""What of an action was public when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from conftest import HEAD, NEW_YORK, instant

from tariffwatch.facts import by_days, learned
from tariffwatch.ledger.load import Ledger

Make = Callable[..., Ledger]


LEARNED = """
    [[events]]
    id = "opened"
    kind = "opened"
    known = 2025-02-01

    [[events]]
    id = "note"
    kind = "milestone"
    known = 2025-02-05

    [[events]]
    id = "later"
    kind = "milestone"
    known = 2025-02-05T12:01:00

    [[conditions]]
    id = "border"
    party = "FD"
    text = "Send troops."
    bears_on = "note"

    [[deadlines]]
    id = "hearing"
    kind = "hearing"
    at = 2025-03-01

    [[deadlines]]
    id = "moved"
    kind = "hearing"
    at = 2025-03-02
    known = 2025-02-05
    replaces = "hearing"
    """


def test_what_becomes_known_together_is_learned_together(ledger: Make) -> None:
    """A deadline without a date of its own is public with the action, a condition with its event."""
    action = ledger(us_example=LEARNED).actions["us-example"]
    found = [(at, [fact.id for fact in facts]) for at, facts in learned(action, instant("2025-02-05 12:00"))]
    assert found == [
        (instant("2025-02-01"), ["opened", "hearing"]),
        (instant("2025-02-05"), ["note", "moved", "border"]),
    ]


@pytest.mark.parametrize(
    ("theirs", "yours", "close", "seen"),
    [
        # The day has begun in Brussels and in Beijing when that before it closes in New York.
        ("Europe/Brussels", "America/New_York", "2025-02-04", ["opened"]),
        ("Asia/Shanghai", "America/New_York", "2025-02-04", ["opened", "later"]),
        ("Asia/Shanghai", "America/New_York", "2025-02-05", ["opened", "note", "later", "moved"]),
        # In one zone, and to the west, an instant says it all.
        ("Asia/Shanghai", "Asia/Shanghai", "2025-02-04", ["opened"]),
        ("Asia/Shanghai", "Asia/Shanghai", "2025-02-05", ["opened", "note", "later", "moved"]),
        ("America/New_York", "Asia/Shanghai", "2025-02-05", ["opened", "note", "moved"]),
        # The same holds of New York's day when it is seen from Los Angeles.
        ("America/New_York", "America/Los_Angeles", "2025-02-04", ["opened"]),
    ],
)
def test_at_the_close_of_a_day_nothing_is_known_of_the_next(
    ledger: Make, theirs: str, yours: str, close: str, seen: list[str]
) -> None:
    """A day alone is compared with the day asked about; a time counts as the instant that it is."""
    text = HEAD.format(id="us-example").replace("America/New_York", theirs) + dedent(LEARNED)
    action = ledger(us_example=text).actions["us-example"]
    zone = ZoneInfo(yours)
    end = instant(f"{close} 23:59:59", zone)
    told = by_days(action, [end], zone)
    known = [(fact.known.at, fact.id) for fact in (*told.events, *told.deadlines) if fact.known]
    assert [id for at, id in known if at <= end] == seen
    assert {at for at, id in known if id in {"note", "moved"} - set(seen)} <= {end + timedelta(seconds=1)}


def test_of_the_zone_asked_about_nothing_is_changed(ledger: Make) -> None:
    action = ledger(us_example=LEARNED).actions["us-example"]
    assert by_days(action, [instant("2025-02-04 23:59:59")], NEW_YORK) is action
