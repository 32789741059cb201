"""The same deadline is recognised in two worlds, whatever has become of its date."""

from __future__ import annotations

from dataclasses import dataclass

from tariffwatch.changes import pair
from tariffwatch.model import DeadlineKind
from tariffwatch.results import Key


@dataclass(frozen=True)
class Date:
    key: Key
    at: int


def date(id: str, at: int, kind: DeadlineKind = DeadlineKind.PAUSE_ENDS, ends: bool = True) -> Date:
    return Date(Key("us-example", id, kind, ends), at)


def test_a_moved_date_is_the_same_deadline() -> None:
    assert pair([date("pause", 1)], [date("pause", 2)]) == [(date("pause", 1), date("pause", 2))]


def test_what_comes_and_what_goes_stands_alone() -> None:
    changed = [(None, date("other", 2)), (date("pause", 1), None)]
    assert pair([date("pause", 1)], [date("other", 2)]) == changed


def test_a_pause_extended_past_the_order_is_the_same_deadline_under_another_kind() -> None:
    expires = date("pause", 2, DeadlineKind.EXPIRES)
    assert pair([date("pause", 1)], [expires]) == [(date("pause", 1), expires)]


def test_two_kinds_at_one_edge_are_two_deadlines() -> None:
    both = [date("pause", 1), date("pause", 1, DeadlineKind.EXPIRES)]
    assert pair(both, both) == [(one, one) for one in both]


def test_the_beginning_and_the_end_of_a_temporary_rate_are_two_deadlines() -> None:
    begins = date("truce", 1, DeadlineKind.RATE_CHANGES, ends=False)
    ends = date("truce", 9, DeadlineKind.RATE_CHANGES)
    assert pair([begins, ends], [ends]) == [(ends, ends), (begins, None)]
