"""Moves over a list longer than the screen: nothing is jumped over, and everything is reached."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.views.keys import DOWN, END, HOME, PAGE_DOWN, PAGE_UP, UP
from tariffwatch.views.scroll import BEGINNING, Place, Scroll

LISTS = st.builds(Scroll, st.lists(st.integers(1, 12), max_size=12).map(tuple), st.integers(1, 20))


def seen(of: Scroll, place: Place) -> set[int]:
    """The lines on the screen."""
    top = of.line(place)
    return set(range(top, min(top + of.room, of.total)))


@pytest.mark.parametrize("key", [DOWN, PAGE_DOWN])
@given(LISTS)
def test_going_down_shows_every_line_and_ends_at_the_last(key: str, of: Scroll) -> None:
    place, lines = BEGINNING, seen(of, BEGINNING)
    for _ in range(of.total + 1):
        new = of.moved(place, key)
        assert of.line(new) <= max(lines, default=0) + 1, "no line between the two screens"
        assert of.line(new) >= of.line(place)
        place, lines = new, lines | seen(of, new)
    assert lines == set(range(of.total))
    assert of.moved(place, key) == place
    assert of.line(place) == of.line(of.moved(BEGINNING, END))


@pytest.mark.parametrize("key", [UP, PAGE_UP])
@given(LISTS)
def test_going_up_shows_every_line_and_ends_at_the_first(key: str, of: Scroll) -> None:
    place = of.moved(BEGINNING, END)
    lines = seen(of, place)
    for _ in range(of.total + 1):
        new = of.moved(place, key)
        assert of.line(place) <= of.line(new) + of.room
        place, lines = new, lines | seen(of, new)
    assert lines == set(range(of.total))
    assert place == of.moved(place, HOME) == BEGINNING


@given(LISTS, st.integers(0, 20), st.integers(0, 20), st.sampled_from([UP, DOWN, PAGE_UP, PAGE_DOWN, "x"]))
def test_wherever_one_was_there_is_something_to_see(of: Scroll, part: int, above: int, key: str) -> None:
    place = of.moved(Place(part, above), key)
    assert seen(of, place) or not of.total
    first, last = of.parts(place)
    assert 0 <= first <= last <= len(of.heights)


def test_a_part_begins_at_the_top_where_it_can() -> None:
    of = Scroll((3, 3, 3, 3), 7)
    assert of.moved(BEGINNING, DOWN) == Place(1, 0)
    assert of.moved(BEGINNING, PAGE_DOWN) == Place(2, 0)
    assert of.moved(Place(1, 2), UP) == Place(1, 0)
    assert of.moved(BEGINNING, END) == Place(2, 0), "the first from which all the rest fits"
    assert of.parts(BEGINNING) == (1, 3)


def test_a_part_higher_than_the_screen_is_read_in_pieces() -> None:
    of = Scroll((2, 10), 4)
    assert [of.moved(Place(1, n), DOWN) for n in (0, 4)] == [Place(1, 4), Place(1, 6)]
    assert of.moved(Place(1, 6), UP) == Place(1, 2)
