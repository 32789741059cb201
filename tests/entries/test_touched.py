"""Which lines a heading belongs to, and which later events touched what was paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from conftest import instant

from tariffwatch.entries.matching import Basis, Headings
from tariffwatch.entries.model import Duty, Entry
from tariffwatch.entries.touched import Ledgers, Paid, Reach
from tariffwatch.ledger.load import Ledger

NOW = instant("2026-11-22 12:00")
US = 'imposed_by = "US"\non = [{on}]\nauthority = "IEEPA"\nzone = "America/New_York"\nverified = 2030-01-01\n'
RECORDED = 'recorded = 2026-11-22\nsource = "19 U.S.C. 1"\nevidence = "text"\n'


def action(id: str, on: str, body: str) -> str:
    return f'id = "{id}"\ntitle = "{id}"\n{US.format(on=on)}{body}'


def line(id: str, *headings: str) -> str:
    named = ", ".join(f'"{heading}"' for heading in headings)
    return f'[[lines]]\nid = "{id}"\nlabel = "Goods"\nheadings = [{named}]\n'


def event(id: str, kind: str, known: str, more: str) -> str:
    return f'[[events]]\nid = "{id}"\nkind = "{kind}"\nknown = {known}\n{more}\n{RECORDED}'


START = event("start", "ordered", "2025-02-01", "effective = 2025-02-04T00:01:00\nrate = '10%'")
GENERAL = action("general", '"*"', line("all", "9903.01.25", "9903.02.01") + START)
SPECIAL = action("special", '"CN"', line("all", "9903.01.25") + START)


def entry(day: str, heading: str, origin: str = "CN", amount: str = "100") -> Entry:
    paid = ((origin, Duty(heading, Decimal(amount))),)
    return Entry(number="B76-0324527-8", entered=date.fromisoformat(day), duties=paid, rows=(2,))


def paid(ledger: Ledger, of: Entry, knowing: str = "2026-11-22 12:00") -> Paid:
    (one,) = Ledgers(ledger.actions, instant(knowing)).paid(of)
    return one


def touches(of: Paid) -> list[tuple[str, Reach, bool]]:
    return [(touch.event.id, touch.reach, touch.certain) for touch in of.touches]


def test_an_action_on_the_origin_goes_before_one_on_all(ledger: Callable[..., Ledger]) -> None:
    headings = Headings(ledger(general=GENERAL, special=SPECIAL).actions.values())
    assert [match.action.id for match in headings.match("9903.01.25", "CN")] == ["special"]
    assert [match.action.id for match in headings.match("9903.01.25", "VN")] == ["general"]
    unknown = headings.match("9903.01.25", "")
    assert {match.basis for match in unknown} == {Basis.SEVERAL}
    assert len(unknown) == 2


def test_members_of_the_union_are_of_the_union(ledger: Callable[..., Ledger]) -> None:
    union = action("union", '"EU"', line("all", "9903.01.25") + START)
    headings = Headings(ledger(general=GENERAL, union=union).actions.values())
    assert [match.action.id for match in headings.match("9903.01.25", "DE")] == ["union"]
    assert [match.action.id for match in headings.match("9903.01.25", "GB")] == ["general"]


def test_a_heading_that_no_line_names_belongs_to_its_family(ledger: Callable[..., Ledger]) -> None:
    headings = Headings(ledger(general=GENERAL).actions.values())
    (match,) = headings.match("9903.02.09", "BR")
    assert (match.action.id, match.line, match.basis) == ("general", None, Basis.FAMILY)
    assert headings.match("9903.88.03", "CN") == ()


def test_only_the_united_states_have_these_headings(ledger: Callable[..., Ledger]) -> None:
    other = GENERAL.replace('imposed_by = "US"', 'imposed_by = "CA"')
    assert Headings(ledger(general=other).actions.values()).match("9903.01.25", "CN") == ()


JUDGMENT = event("judgment", "invalidated", "2026-02-20", "effective = 2026-02-20")
END = event("collection-ends", "terminated", "2026-02-22", "effective = 2026-02-24T00:00:00")
COURT = action("court", '"CN"', line("all", "9903.01.24") + START + JUDGMENT + END)


@pytest.mark.parametrize(
    ("day", "touched"),
    [
        ("2025-02-04", True),
        ("2026-02-19", True),
        ("2026-02-20", True),  # the judgment does not stop collection
        ("2026-02-21", True),
        ("2026-02-23", True),
        ("2026-02-24", False),  # 00:00: the headings are inactive
        ("2026-03-02", False),
    ],
)
def test_the_end_of_collection_bounds_a_judgment(
    day: str, touched: bool, ledger: Callable[..., Ledger]
) -> None:
    one = paid(ledger(court=COURT), entry(day, "9903.01.24"))
    assert touches(one) == ([("judgment", Reach.INVALIDATION, True)] if touched else [])
    assert (one.ended.id if one.ended else None) == (None if touched else "collection-ends")


def test_what_is_not_known_yet_touches_nothing(ledger: Callable[..., Ledger]) -> None:
    held = ledger(court=COURT)
    assert touches(paid(held, entry("2025-02-04", "9903.01.24"), "2026-02-19 23:59")) == []
    assert touches(paid(held, entry("2025-02-04", "9903.01.24"), "2026-02-20 00:00")) != []


def test_a_judgment_that_is_only_told_counts_where_it_ended_others(ledger: Callable[..., Ledger]) -> None:
    ended = event("ended", "terminated", "2026-02-06", "effective = 2026-02-07T00:01:00")
    told = event("judgment", "milestone", "2026-02-20", "")
    over = action("over", '"IN"', line("all", "9903.01.84") + START + ended + told)
    of = entry("2025-08-27", "9903.01.84", "IN")
    assert touches(paid(ledger(over=over), of)) == []
    assert touches(paid(ledger(court=COURT, over=over), of)) == [("judgment", Reach.INVALIDATION, True)]


def test_an_order_that_reaches_back_touches_what_was_paid_between(ledger: Callable[..., Ledger]) -> None:
    cut = event("cut", "modified", "2025-09-04", "effective = 2025-08-07T00:01:00\nrate = '5%'")
    held = ledger(cut=action("cut", '"JP"', line("all", "9903.02.30") + START + cut))
    for day, touched in (("2025-08-06", 0), ("2025-08-07", 1), ("2025-09-03", 1), ("2025-09-05", 0)):
        one = paid(held, entry(day, "9903.02.30", "JP"))
        assert touches(one) == [("cut", Reach.RETROACTIVE, True)] * touched


def test_an_order_that_changes_nothing_touches_nothing(ledger: Callable[..., Ledger]) -> None:
    same = event("same", "modified", "2025-09-04", "effective = 2025-08-07T00:01:00\nrate = '10%'")
    held = ledger(same=action("same", '"JP"', line("all", "9903.02.30") + START + same))
    assert touches(paid(held, entry("2025-08-10", "9903.02.30", "JP"))) == []


def test_an_exclusion_beside_the_line_may_touch(ledger: Callable[..., Ledger]) -> None:
    lines = line("all", "9903.01.77") + line("farm", "9903.01.90") + line("korea", "9903.01.91")
    begun = event(
        "start", "ordered", "2025-02-01", "effective = 2025-02-04T00:01:00\nrates = { all = '10%' }"
    )
    out = event(
        "out", "ordered", "2025-11-20", "effective = 2025-11-13T00:01:00\nrates = { farm = 'exempt' }"
    )
    deal = event("deal", "ordered", "2025-11-20", "effective = 2025-11-13T00:01:00\nrates = { korea = '5%' }")
    held = ledger(farm=action("farm", '"*"', lines + begun + out + deal))
    one = paid(held, entry("2025-11-14", "9903.01.77", "BR"))
    assert touches(one) == [("out", Reach.EXCLUSION, False)]
    both = paid(held, entry("2025-11-14", "9903.01.77", "KR"))
    assert {touch.event.id for touch in both.touches} == {"out", "deal"}
    assert touches(paid(held, entry("2025-11-20", "9903.01.77", "BR"))) == []


def test_a_suspended_line_is_told(ledger: Callable[..., Ledger]) -> None:
    pause = event("pause", "suspended", "2025-02-03", "effective = 2025-02-03\nuntil = 2025-03-04T00:01:00")
    held = ledger(pause=action("pause", '"CA"', line("all", "9903.01.10") + START + pause))
    assert paid(held, entry("2025-02-10", "9903.01.10", "CA")).idle == "suspended"
    assert paid(held, entry("2025-03-04", "9903.01.10", "CA")).idle is None


def test_nothing_is_said_of_what_was_not_paid(ledger: Callable[..., Ledger]) -> None:
    nothing = entry("2025-02-10", "9903.01.24", amount="0")
    assert Ledgers(ledger(court=COURT).actions, NOW).paid(nothing) == ()
