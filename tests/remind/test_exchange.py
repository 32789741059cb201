"""What one ledger says that another did not, action by action and in numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import HEAD, instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.remind.exchange import Exchange, Tally, compare
from tariffwatch.views import exchange as page
from tariffwatch.views.document import Heading, Paragraph
from tariffwatch.views.ledgers import Named

NOW = instant("2025-06-01 12:00")
OLD = """
[[lines]]
id = "general"
label = "All goods"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
recorded = 2025-02-01
effective = 2025-02-04
until = 2025-09-01
rate = "25%"
source = "19 U.S.C. 2411"
evidence = "text"

[[deadlines]]
id = "hearing"
kind = "hearing"
at = 2025-07-01
known = 2025-05-01
recorded = 2025-05-01
text = "Hearing"
source = "19 U.S.C. 2411"
evidence = "text"
"""
LATER = """
[[events]]
id = "more"
kind = "extended"
extends = "start"
known = 2025-05-20
recorded = 2025-05-20
until = 2025-12-01
source = "19 U.S.C. 2411"
evidence = "text"
"""


@pytest.fixture
def compared(ledger: Callable[..., Ledger]) -> Callable[[str, str], Exchange]:
    """Two ledgers of one action each, compared in summer 2025."""

    def compare_two(old: str, new: str) -> Exchange:
        return compare(ledger(us_example=old), ledger(us_example=new), NOW)

    return compare_two


def text(found: Exchange) -> list[str]:
    return [line for item in found.items for line in (item.head, *item.lines)]


def test_the_same_is_no_change(compared: Callable[..., Exchange]) -> None:
    found = compared(OLD, OLD)
    assert (found.items, found.gone, found.checked) == ((), (), 0)
    assert (found.actions, found.events) == (Tally(1), Tally(1))
    assert found.dates.total > 0
    assert (found.dates.new, found.dates.changed, found.dates.gone) == (0, 0, 0)


def test_an_event_more_and_the_date_that_it_moves(compared: Callable[..., Exchange]) -> None:
    found = compared(OLD, OLD + LATER)
    assert found.events == Tally(total=2, new=1)
    assert (found.dates.new, found.dates.changed, found.dates.gone) == (0, 1, 0)
    assert found.actions == Tally(total=1, changed=1)
    told = " ".join(text(found))
    assert "2025-09-01" in told
    assert "2025-12-01" in told


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('rate = "25%"', 'rate = "35%"', "corrected: event start: rate"),
        ('label = "All goods"', 'label = "All"', "corrected: line general: label"),
        ('text = "Hearing"', 'text = "Talk"', "corrected: deadline hearing: text"),
    ],
)
def test_what_was_changed_in_place(
    compared: Callable[..., Exchange], before: str, after: str, said: str
) -> None:
    found = compared(OLD, OLD.replace(before, after))
    assert [line for line in text(found) if line.startswith("corrected: ")] == [said]


def test_the_head_of_an_action(ledger: Callable[..., Ledger]) -> None:
    old = ledger(us_example=OLD)
    head = HEAD.format(id="us-example").replace("Example duty", "Duty").replace("2030-01-01", "2030-01-02")
    found = compare(old, ledger(us_example=head + OLD), NOW)
    assert "corrected: title" in text(found)
    assert found.checked == 1


def test_what_was_taken_out(compared: Callable[..., Exchange]) -> None:
    found = compared(OLD + LATER, OLD)
    assert "taken out: event more" in text(found)
    assert found.events == Tally(total=1, gone=1)
    assert found.dates.changed == 1


def test_a_deadline_that_is_gone(compared: Callable[..., Exchange]) -> None:
    found = compared(OLD, OLD[: OLD.index("[[deadlines]]")])
    assert found.dates.gone == 1
    assert "taken out: deadline hearing" in text(found)


def test_actions_that_are_new_or_gone(ledger: Callable[..., Ledger]) -> None:
    found = compare(ledger(us_example=OLD), ledger(us_a=OLD, us_example=OLD + LATER), NOW)
    assert [item.action for item in found.items] == ["us-example", "us-a"], "new ones last"
    assert found.actions == Tally(total=2, new=1, changed=1)
    back = compare(ledger(us_a=OLD, us_example=OLD), Ledger({}), NOW)
    assert [action.id for action in back.gone] == ["us-a", "us-example"]
    assert (back.actions, back.events) == (Tally(gone=2), Tally(gone=2))


def test_the_page_says_it_in_numbers_then_one_by_one(compared: Callable[..., Exchange]) -> None:
    found = compared(OLD, OLD + LATER)
    old, new = Named("/a", instant("2025-05-01").date()), Named("", instant("2025-06-01").date())
    document = page.exchange(found, new, old)
    words = [block.text for block in document if isinstance(block, Paragraph | Heading)]
    assert words[0] == (
        "The ledger of 2025-06-01, 1 action and 2 events, in the place of the ledger of 2025-05-01."
    )
    assert words[1] == "Actions: 0 new, 1 changed, 0 gone; 0 checked again."
    assert words[2] == "Events: 1 new, 0 corrected, 0 taken out."
    assert words[3] == "Coming dates: 0 new, 1 moved, 0 dropped or settled."
    assert "Example duty on Freedonia (us-example)" in words
    assert "Source: 19 U.S.C. 2411" in words
    facts = page.exchange_facts(found, new, old)
    assert facts["events"] == {"total": 2, "new": 1, "changed": 0, "gone": 0}
    assert facts["ledger"]["day"] == "2025-06-01"
    assert [change["action"] for change in facts["changes"]] == ["us-example"]


def test_an_older_one_is_told_as_such(compared: Callable[..., Exchange]) -> None:
    old, new = Named("/a", instant("2025-05-01").date()), Named("", instant("2025-04-01").date())
    words = [b.text for b in page.exchange(compared(OLD, OLD), new, old) if isinstance(b, Paragraph)]
    assert "It is older than the ledger of 2025-05-01, which is in use." in words
