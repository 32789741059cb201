"""What of an action was public when."""

from __future__ import annotations

from collections.abc import Callable

from conftest import instant

from tariffwatch.facts import learned
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
