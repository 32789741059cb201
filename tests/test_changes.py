"""The same deadline is recognised in two worlds, and in all of them, whatever has become of its date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from test_timeline import HOURS as HOURS_KNOWN
from test_timeline import NOON, event, histories, hour

from tariffwatch.changes import Trail, Version, on_calendar, pair, trails
from tariffwatch.model import BEGINNING, Action, DeadlineKind, Event, Line, Loc, Moment, StatedDeadline
from tariffwatch.prospect import deadlines
from tariffwatch.results import Filters, Key

LOC = Loc("us-example.toml", 1)
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2025, 1, 1, tzinfo=UTC)


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


# The trail of a deadline ----------------------------------------------------------------------------


def told(found: Iterable[Trail]) -> dict[str, list[tuple[int, int, bool]]]:
    """Each trail by its first key, as (hour known, hour due, dropped) for each version."""
    return {
        f"{c.first_key.id} {c.first_key.kind.value}": [
            (hours(v.known), hours(v.deadline.at), v.dropped) for v in c.versions
        ]
        for c in found
    }


def hours(at: datetime) -> int:
    return int((at - NOON) / timedelta(hours=1))


def action(*events: Event, deadlines: Sequence[StatedDeadline] = ()) -> Action:
    return Action(
        id="us-example",
        title="T",
        imposed_by="US",
        on=("FD",),
        authority="A",
        zone=ZoneInfo("UTC"),
        lines=(Line(id="a", label="A", loc=LOC),),
        events=events,
        deadlines=tuple(deadlines),
        loc=LOC,
    )


def stated(id: str, known: int, at: int, *, day_only: bool = False, **more: str) -> StatedDeadline:
    return StatedDeadline(
        id=id,
        kind=DeadlineKind.HEARING,
        at=Moment(hour(at), day_only),
        known=Moment(hour(known)),
        loc=LOC,
        **more,  # type: ignore[arg-type]
    )


START = event("start", "ordered", 0, 10, rates={"a": "25%"})
PAUSE = event("pause", "suspended", 5, 5, 40)
MORE = event("more", "extended", 30, None, 60, extends="pause")


def test_an_extension_is_a_further_version_of_the_same_deadline() -> None:
    found = told(trails(action(START, PAUSE, MORE), hour(100)))
    assert found["pause pause-ends"] == [(5, 40, False), (30, 60, False)]


def test_what_is_not_yet_known_is_in_no_trail() -> None:
    found = told(trails(action(START, PAUSE, MORE), hour(29)))
    assert found["pause pause-ends"] == [(5, 40, False)]


def test_a_start_that_a_pause_forestalls_is_dropped() -> None:
    found = told(trails(action(START, PAUSE), hour(100)))
    assert found["start takes-effect"] == [(0, 10, False), (5, 10, True)]


def test_what_had_come_before_the_change_became_known_is_not_dropped() -> None:
    ending = event("late", "invalidated", 50, 1)
    found = told(trails(action(START, ending), hour(100)))
    assert found["start takes-effect"] == [(0, 10, False)]


def test_a_dropped_deadline_that_comes_back_keeps_its_trail() -> None:
    stop = event("stop", "suspended", 5, 5)
    again = event("again", "resumed", 8, 8)
    (trail,) = (
        c for c in trails(action(START, stop, again), hour(100)) if c.first_key.kind.value == "takes-effect"
    )
    assert [(hours(v.known), v.dropped) for v in trail.versions] == [(0, False), (5, True), (8, False)]
    assert len(trail.moves) == 2


def test_a_change_of_words_is_a_version_but_no_move() -> None:
    rates = event("rates", "modified", 20, 2, rates={"a": "10%"})
    (trail,) = (c for c in trails(action(START, PAUSE, rates), hour(100)) if c.first_key.ends)
    assert [str(v.deadline.after and v.deadline.after.rates["a"]) for v in trail.versions] == ["25%", "10%"]
    assert trail.moves == ()


@pytest.mark.parametrize(
    ("known", "day_known", "day_due", "dropped"),
    [
        (30, False, False, True),  # called off in the morning
        (33, False, False, False),  # held
        (18, True, False, True),  # settled on a day before
        (24, True, False, False),  # on its day, at some hour
        (30, False, True, False),  # the day alone is known, and it had come
        (18, False, True, True),
    ],
)
def test_what_is_settled_on_its_day_was_not_called_off(
    known: int, day_known: bool, day_due: bool, dropped: bool
) -> None:
    opened = event("opened", "opened", 0)
    held = replace(event("held", "milestone", known), known=Moment(MIDNIGHT + known * HOUR, day_known))
    due = MIDNIGHT + (24 if day_due else 32) * HOUR
    hearing = replace(stated("hearing", 0, 0, settled_by="held"), at=Moment(due, day_due))
    (trail,) = trails(action(opened, held, deadlines=[hearing]), MIDNIGHT + 100 * HOUR)
    assert trail.last.dropped is dropped


def test_a_stated_deadline_that_another_replaces_is_moved() -> None:
    first, second = stated("hearing", 0, 50), stated("hearing-2", 20, 90, replaces="hearing")
    found = told(trails(action(event("opened", "opened", 0), deadlines=[first, second]), hour(100)))
    assert found == {"hearing hearing": [(0, 50, False), (20, 90, False)]}


def named(of: Action, knowing: int) -> dict[tuple[Key, int], tuple[Version, ...]]:
    found = trails(of, hour(knowing))
    by_name = {(c.first_key, c.number): c.versions for c in found}
    assert len(by_name) == len(found)
    return by_name


@settings(deadline=None)
@given(histories(), HOURS_KNOWN, HOURS_KNOWN)
def test_what_is_in_a_trail_stays_there(events: list[Event], early: int, late: int) -> None:
    """Under the same name; and nothing that is due is in none, or in two."""
    of = action(*events)
    before, after = named(of, min(early, late)), named(of, max(early, late))
    for name, versions in before.items():
        assert after[name][: len(versions)] == versions
    for knowing in (early, late):
        standing = Counter(
            (c.last.deadline.key, c.last.deadline.at) for c in trails(of, hour(knowing)) if not c.last.dropped
        )
        assert Counter((d.key, d.at) for d in deadlines(of, BEGINNING, hour(knowing))) <= standing


def test_a_calendar_keeps_who_saw_an_earlier_date_informed() -> None:
    """Brought forward to a day long past, it is still told: the later date stands on somebody's calendar."""
    first, second = stated("hearing", 0, 50 * 24), stated("hearing-2", 20, 2 * 24, replaces="hearing")
    of = action(event("opened", "opened", 0), deadlines=[first, second])
    then = hour(40 * 24)
    assert [hours(c.last.deadline.at) for c in on_calendar([of], then, then)] == [2 * 24]
    then = hour(81 * 24)
    assert on_calendar([of], then, then) == []


def test_a_calendar_of_what_is_near_still_tells_that_it_moved_away() -> None:
    near, far = stated("hearing", 0, 24), stated("hearing-2", 20, 2400, replaces="hearing")
    of = action(event("opened", "opened", 0), deadlines=[near, far])
    then = hour(21)
    week = Filters(by_then=then + timedelta(days=7))
    assert [hours(c.last.deadline.at) for c in on_calendar([of], then, then, week)] == [2400]


def test_what_was_past_when_it_became_known_is_on_no_calendar() -> None:
    of = action(event("start", "ordered", 20, 10, rates={"a": "25%"}))
    assert on_calendar([of], hour(21), hour(21)) == []
    assert len(on_calendar([of], hour(5), hour(21))) == 1  # with hindsight it lay ahead


def test_two_deadlines_that_share_a_key_are_paired_in_order() -> None:
    before, after = [date("pause", 1), date("pause", 5)], [date("pause", 2), date("pause", 6)]
    assert pair(before, after) == list(zip(before, after, strict=True))
    assert pair(before, after[:1]) == [(before[0], after[0]), (before[1], None)]


def test_two_edges_of_one_event_that_share_a_key_are_two_trails() -> None:
    """A pause and its extension, with a new order in between: the pause begins twice."""
    pause = event("pause", "suspended", 0, 1, 6)
    order = event("order", "ordered", 2, 4, 10)
    longer = event("longer", "extended", 3, until=20, extends="pause")
    found = [
        c
        for c in trails(action(pause, order, longer), hour(100))
        if c.first_key.id == "pause" and c.last.deadline.kind is DeadlineKind.PAUSE_BEGINS
    ]
    assert [(c.number, hours(c.last.deadline.at)) for c in found] == [(1, 1), (2, 6)]
    assert found[0].first_key == found[1].first_key
