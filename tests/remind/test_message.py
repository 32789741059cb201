"""The words of a message: how long is left, and what stands in it for each kind of item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.remind.items import Item, ItemKind
from tariffwatch.remind.message import Dispatch, compose, time_left
from tariffwatch.results import Due


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2025-03-04 00:00:30", "in 30 s"),
        ("2025-03-04 00:01", "now"),
        ("2025-03-04 00:10:59", "now"),
        ("2025-03-04 00:11", "passed today"),
        ("2025-03-04 23:59:59", "passed today"),
        ("2025-03-05 00:00", "passed 1 day ago"),
        ("2025-03-07 12:00", "passed 3 days ago"),
    ],
)
def test_time_left_and_time_gone(now: str, said: str) -> None:
    due = Due(instant("2025-03-04 00:01"), False, False, NEW_YORK, "US")
    assert time_left(due, instant(now)) == said


def test_trouble_with_a_file_is_of_no_action() -> None:
    now = instant("2025-02-25 00:05")
    trouble = Item(
        id="trouble", kind=ItemKind.TROUBLE, action="", title="mend with tariffwatch check",
        head="1 ledger file cannot be read, and so not watched", due=None,
        lines=("us-example.toml:3: not TOML",),
    )  # fmt: skip
    found = compose([(trouble, now - timedelta(minutes=1))], Dispatch(now, NEW_YORK, 30))
    assert found.subject == "tariffwatch: 1 ledger file cannot be read, and so not watched: " + trouble.title
    assert found.body == ("1 LEDGER FILE CANNOT BE READ, AND SO NOT WATCHED\nus-example.toml:3: not TOML\n")
