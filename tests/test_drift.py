"""How often, and how far, announced dates moved: what is counted, and what is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import instant

from tariffwatch.drift import Drift, drift, together
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, DeadlineKind
from tariffwatch.results import Filters

MakeLedger = Callable[..., Ledger]

OPENED = '[[events]]\nid = "opened"\nkind = "opened"\nknown = 2025-01-02\nsource = "notice-1"\n'


def stated(id: str, at: str, known: str, **chain: str) -> str:
    more = "".join(f'{key} = "{value}"\n' for key, value in chain.items())
    head = f'[[deadlines]]\nid = "{id}"\nkind = "hearing"\nat = {at}\nknown = {known}\n'
    return f'{head}{more}source = "notice-2"\n'


def milestone(id: str, known: str) -> str:
    return f'[[events]]\nid = "{id}"\nkind = "milestone"\nknown = {known}\nsource = "notice-3"\n'


@pytest.fixture
def drifted(ledger: MakeLedger) -> Callable[..., Drift]:
    def rows(text: str, knowing: str = "2026-01-01 12:00", **asked: object) -> Drift:
        then = instant(knowing)
        found = drift(ledger(us_example=OPENED + text).actions.values(), then, then, Filters(**asked))  # type: ignore[arg-type]
        return together(found)

    return rows


Drifted = Callable[..., Drift]


def days(of: Drift) -> list[int]:
    return [move.days for move in of.moves]


FIRST = stated("hearing", "2025-03-01T10:00:00", "2025-01-02")


@pytest.mark.parametrize(
    ("at", "moved"),
    [
        ("2025-03-11T10:00:00", [10]),
        ("2025-02-24T10:00:00", [-5]),
        ("2025-03-31T09:00:00", [30]),  # the clocks go forward on 9 March: 29 days and 22 hours
        ("2025-03-02T00:00:00", [1]),
        ("2025-03-01T23:59:59", []),
        ("2025-03-01", []),  # the day alone, instead of the hour
    ],
)
def test_a_move_puts_a_date_on_another_day_of_its_calendar(
    drifted: Drifted, at: str, moved: list[int]
) -> None:
    found = drifted(FIRST + stated("hearing-2", at, "2025-02-01", replaces="hearing"))
    assert (len(found.paths), days(found), found.moved) == (1, moved, len(moved))


def test_a_date_that_moves_twice_is_one_deadline(drifted: Drifted) -> None:
    second = stated("hearing-2", "2025-03-11T10:00:00", "2025-02-01", replaces="hearing")
    third = stated("hearing-3", "2025-02-20T10:00:00", "2025-02-10", replaces="hearing-2")
    found = drifted(FIRST + second + third)
    assert (len(found.paths), found.moved, days(found)) == (1, 1, [10, -19])
    assert found.median == -4.5
    assert found.longest
    assert found.longest.days == -19
    assert days(drifted(FIRST + second + third, knowing="2025-02-05 12:00")) == [10]


def test_the_median_of_an_odd_number_and_of_none(drifted: Drifted) -> None:
    assert drifted(FIRST).median is None
    assert drifted(FIRST).longest is None
    second = stated("hearing-2", "2025-03-11T10:00:00", "2025-02-01", replaces="hearing")
    assert drifted(FIRST + second).median == 10


@pytest.mark.parametrize("known", ["2025-02-28", "2025-03-01T09:59:59", "2025-03-02"])
def test_what_an_event_settled_was_not_dropped(drifted: Drifted, known: str) -> None:
    settled = stated("hearing", "2025-03-01T10:00:00", "2025-01-02", settled_by="held")
    found = drifted(settled + milestone("held", known))
    assert (len(found.paths), found.dropped) == (1, 0)


ORDERED = """
[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-10
source = "eo-1"
[[events]]
id = "stop"
kind = "suspended"
known = {known}
effective = {known}
source = "eo-2"
"""


@pytest.mark.parametrize(
    ("known", "dropped"), [("2025-02-09T23:59:59", 1), ("2025-02-10T00:00:00", 0), ("2025-02-11", 0)]
)
def test_dropped_is_what_was_taken_back_before_its_day_came(
    drifted: Drifted, known: str, dropped: int
) -> None:
    assert drifted(ORDERED.format(known=known)).dropped == dropped


def test_what_was_taken_up_again_on_another_day_has_moved(drifted: Drifted) -> None:
    again = '[[events]]\nid = "later"\nkind = "postponed"\npostpones = "start"\nknown = 2025-02-08\n'
    again += 'effective = 2025-03-10\nsource = "eo-3"\n'
    lifted = '[[events]]\nid = "go-on"\nkind = "resumed"\nknown = 2025-02-08\neffective = 2025-02-08\n'
    found = drifted(ORDERED.format(known="2025-02-05") + again + lifted + 'source = "eo-3"\n')
    assert (days(found), found.dropped) == ([28], 0)


def test_a_date_that_was_past_when_it_became_known_is_not_counted(drifted: Drifted) -> None:
    past = stated("late", "2025-03-01", "2025-03-05")
    assert drifted(past).paths == ()
    assert len(drifted(stated("today", "2025-03-05", "2025-03-05")).paths) == 1, "due through its close"


def test_kinds_and_a_last_day_choose_deadlines(drifted: Drifted) -> None:
    second = stated("hearing-2", "2025-06-11T10:00:00", "2025-02-01", replaces="hearing")
    text = FIRST + second + stated("other", "2025-09-01", "2025-01-02")
    assert len(drifted(text).paths) == 2
    assert drifted(text, kinds=frozenset({DeadlineKind.REVIEW})).paths == ()
    near = drifted(text, by_then=instant("2025-04-01 12:00"))
    assert [path.deadline.id for path in near.paths] == ["hearing"], "it stood on such a day before it moved"


def test_a_row_for_each_government_and_authority(shipped_ledger: Ledger) -> None:
    then = instant("2026-11-22 12:00")
    actions = list(shipped_ledger.actions.values())
    rows = drift(actions, then, then)
    assert [(row.government, row.authority) for row in rows] == sorted(
        {(action.imposed_by, action.authority) for action in actions if action_has_dates(action, rows)}
    )
    total = together(rows)
    assert len(total.paths) == sum(len(row.paths) for row in rows)
    assert total.moved == sum(row.moved for row in rows)
    assert len(total.moves) == sum(len(row.moves) for row in rows)
    assert [move.known for move in total.moves] == sorted(move.known for move in total.moves)


def action_has_dates(action: Action, rows: list[Drift]) -> bool:
    return any(path.deadline.action is action for row in rows for path in row.paths)


def test_what_the_record_says_of_the_truces(shipped_ledger: Ledger) -> None:
    then = instant("2026-11-22 12:00")
    one = drift([shipped_ledger.actions["ieepa-reciprocal-china"]], then, then)
    moves = [(m.days, m.after.source, str(m.known.date())) for m in one[0].moves if m.after.id == "truce"]
    assert moves == [
        (90, "eo-14334 sec. 2; statement-stockholm", "2025-08-11"),
        (365, "eo-14358 sec. 1, 2", "2025-11-04"),
    ]
