"""The frames of the live countdown: on the real ledger at two sizes, and at any size on an example.

``UPDATE_GOLDENS=1 pytest tests/views/test_live.py`` remakes the goldens; read the diff before you commit it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import NEW_YORK, instant
from hypothesis import example, given
from hypothesis import strategies as st
from strange import WHEN, action, texts

from tariffwatch import prospect, query
from tariffwatch.ledger.load import Ledger
from tariffwatch.results import Deadline, Filters
from tariffwatch.views import live, plain
from tariffwatch.views.fit import cells
from tariffwatch.views.keys import BACKSPACE, CLEAR, DOWN, END, ENTER, ESCAPE, HOME, PAGE_DOWN, PAGE_UP, UP
from tariffwatch.views.live import Frame, Look
from tariffwatch.views.report import When
from tariffwatch.views.scroll import BEGINNING, Place

NOW = "2026-11-22 12:00:05"
CANADA = "ieepa-canada-border"


def when(at: str | datetime, yours: str | None = None) -> When:
    asked = instant(at) if isinstance(at, str) else at
    return When(asked, asked, NEW_YORK, ZoneInfo(yours) if yours else None)


def coming(ledger: Ledger, at: When, *ids: str, on: str = "") -> list[Deadline]:
    filters = Filters(ids=frozenset(ids), on=frozenset([on] if on else []))
    return query.countdown(ledger.actions.values(), at.as_of - live.STAYS, at.knowing, filters)


def text(of: Frame) -> str:
    return "".join("".join(cell.text for cell in row) + "\n" for row in of.rows)


def drawn(ledger: Ledger, at: When, look: Look | None = None, size: tuple[int, int] = (80, 24)) -> str:
    return text(live.frame(coming(ledger, at), at, look or Look(), *size))


SCREENS: dict[str, tuple[str, str | None, Look, str]] = {
    "2026-11-22": (NOW, None, Look(), ""),
    "2026-11-22-brussels-steel": (NOW, "Europe/Brussels", Look(sought="steel", typing=True), "US"),
    "2026-11-22-further-down": (NOW, None, Look(top=Place(7, 0)), ""),
    "2026-11-22-help": (NOW, None, Look(help=BEGINNING), ""),
    "2025-03-03-last-hours": ("2025-03-03 23:58:30", "Asia/Shanghai", Look(), "CA"),
    "2025-03-04-just-passed": ("2025-03-04 00:01:17", None, Look(), ""),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    name: str, size: tuple[int, int], shipped_ledger: Ledger, golden: Callable[[str, str], None]
) -> None:
    at, yours, look, on = SCREENS[name]
    asking = when(at, yours)
    due = coming(shipped_ledger, asking, on=on)
    shown = live.frame(due, asking, look, *size, asked=f"--on {on}" if on else "")
    golden(f"live-{name}.{size[0]}x{size[1]}.txt", text(shown))
    assert len(shown.rows) == size[1]
    assert all(len(line) <= size[0] for line in text(shown).splitlines())


def left(ledger: Ledger, at: datetime, id: str = CANADA) -> str:
    """What stands before the instant of the first deadline of an action."""
    asking = when(at)
    shown = text(live.frame(coming(ledger, asking, id), asking, Look(), 120, 30))
    line = next(line for line in shown.splitlines() if "2025-03-04 00:01 EST" in line)
    return " ".join(line.partition("2025-03-04")[0].split())


def test_it_ticks_with_each_second(shipped_ledger: Ledger) -> None:
    at = instant("2025-03-04 00:01")
    seconds = timedelta(seconds=1)
    assert left(shipped_ledger, at - 3661 * seconds) == "!!! 1:01:01"
    assert left(shipped_ledger, at - 3660 * seconds) == "!!! 1:01:00"
    assert left(shipped_ledger, at - 3600 * seconds) == "!!! 1:00:00"
    assert left(shipped_ledger, at - 3599 * seconds) == "!!! 0:59:59"
    assert left(shipped_ledger, at - seconds) == "!!! 0:00:01"
    assert left(shipped_ledger, at) == "*** passed 0 s ago"
    assert left(shipped_ledger, at + 59 * seconds) == "*** passed 59 s ago"
    with pytest.raises(StopIteration):
        left(shipped_ledger, at + 60 * seconds)


def test_the_time_left_is_elapsed_time_over_a_clock_change(ledger: Callable[..., Ledger]) -> None:
    """Clocks go forward on 9 March 2025 in New York: of 48 hours by the wall, 47 pass."""
    example = ledger(
        us_example="""
        [[lines]]
        id = "general"
        label = "All"
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2025-03-01
        effective = 2025-03-10T00:01:00
        rate = "25%"
        source = "19 U.S.C. 1"
        """
    )
    shown = drawn(example, when("2025-03-08 00:01:00"))
    assert "47:00:00" in shown
    assert "in 2 days" in shown
    assert "1:00:00" in drawn(example, when("2025-03-09 23:01:00"))


@pytest.mark.parametrize(
    ("before", "sign"),
    [
        (timedelta(hours=23), "!!!"),
        (timedelta(days=1), "!!"),
        (timedelta(days=6, hours=23), "!!"),
        (timedelta(days=7), "!"),
        (timedelta(days=28), "!"),
    ],
    ids=str,
)
def test_urgency_has_a_sign_beside_its_colour(before: timedelta, sign: str, shipped_ledger: Ledger) -> None:
    at = instant("2025-03-04 00:01") - before
    assert left(shipped_ledger, at).split()[0] == sign
    asking = when(at)
    shown = live.frame(coming(shipped_ledger, asking, CANADA), asking, Look(), 120, 30)
    styles = {cell.text: cell.style for row in shown.rows for cell in row}
    assert styles[sign] == next(style for _, mark, style in live.URGENCY if mark == sign)


def test_a_day_stated_alone_has_no_clock_and_lasts_through_it(shipped_ledger: Ledger) -> None:
    def shown(at: str) -> str:
        asking = when(at)
        due = coming(shipped_ledger, asking, "s201-fine-denier-psf")
        return text(live.frame(due, asking, Look(sought="mid-point"), 120, 30))

    assert "today" in shown("2026-11-22 23:59:59")
    assert not re.search(r"\d:\d\d:\d\d ", shown("2026-11-22 12:00:00").partition("\n")[2])
    assert "passed 0 s ago" in shown("2026-11-23 00:00:00")
    assert "mid-point" not in shown("2026-11-23 00:01:00").partition("\n")[2]


def test_soonest_first_and_all_of_them_are_reached(shipped_ledger: Ledger) -> None:
    asking = when(NOW)
    due = coming(shipped_ledger, asking)
    look, seen = Look(), ""
    for _ in range(2000):
        shown = live.frame(due, asking, look, 60, 24)
        seen += text(shown)
        further = live.pressed(look, DOWN, shown)
        if further == look:
            break
        look = further
    flat = "".join(seen.split())
    for deadline in due:
        for part in (deadline.action.title, deadline.source or "", f"{deadline.kind.words}"):
            assert "".join(part.split()) in flat, part


def test_a_filter_narrows_as_it_is_typed(shipped_ledger: Ledger) -> None:
    asking = when(NOW)
    due = coming(shipped_ledger, asking)
    look = Look()
    counts = []
    for key in "/Poly 11052":
        look = live.pressed(look, key, live.frame(due, asking, look, 80, 24))
        counts.append(len(live.frame(due, asking, look, 80, 24).scroll.heights))
    assert look == Look(sought="Poly 11052", typing=True)
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (len(due), 1)
    shown = text(live.frame(due, asking, look, 80, 24))
    assert f'1 of {len(due)} deadlines with "Poly 11052"' in shown
    assert shown.splitlines()[-1] == "/Poly 11052_"


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("turkiye", True),
        ("TÜRKIYE", True),
        ("türkiye steel", False),
        ("us", True),
        ("  ", True),
        ("[", False),
    ],
)
def test_what_a_filter_finds(sought: str, found: bool) -> None:
    deadline = prospect.deadlines(action("Duty on Türkiye"), WHEN.as_of, WHEN.knowing)[0]
    assert live.matches(deadline, sought, WHEN) is found


def shown_to(look: Look) -> Frame:
    due = prospect.deadlines(action("Duty"), WHEN.as_of, WHEN.knowing)
    return live.frame(due, WHEN, replace(look, sought=""), 80, 6)


@pytest.mark.parametrize(
    ("look", "key", "then"),
    [
        (Look(), "q", Look(done=True)),
        (Look(), "/", Look(typing=True)),
        (Look(), "?", Look(help=BEGINNING)),
        (Look(), "x", Look()),
        (Look(), "<nonsense>", Look()),
        (Look(sought="a", top=Place(1, 0)), ESCAPE, Look()),
        (Look(typing=True), "q", Look(sought="q", typing=True)),
        (Look(typing=True), "?", Look(sought="?", typing=True)),
        (Look(typing=True), "é", Look(sought="é", typing=True)),
        (Look(typing=True), "\x07", Look(typing=True)),
        (Look(sought="ab", typing=True, top=Place(1, 0)), "c", Look(sought="abc", typing=True)),
        (Look(sought="ab", typing=True), BACKSPACE, Look(sought="a", typing=True)),
        (Look(typing=True), BACKSPACE, Look(typing=True)),
        (Look(sought="ab", typing=True), CLEAR, Look(typing=True)),
        (Look(sought="ab ", typing=True), ENTER, Look(sought="ab")),
        (Look(sought="ab", typing=True), ESCAPE, Look()),
        (Look(sought="x" * live.LONGEST, typing=True), "y", Look(sought="x" * live.LONGEST, typing=True)),
        (Look(help=BEGINNING, sought="a", top=Place(1, 0)), "q", Look(sought="a", top=Place(1, 0))),
        (Look(help=BEGINNING), DOWN, Look(help=Place(1, 0))),
    ],
    ids=repr,
)
def test_keys(look: Look, key: str, then: Look) -> None:
    assert live.pressed(look, key, shown_to(look)) == then


@pytest.mark.parametrize("key", [UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END, " "])
@pytest.mark.parametrize("look", [Look(), Look(top=Place(1, 1)), Look(help=Place(2, 0)), Look(typing=True)])
def test_keys_that_move_leave_all_else_alone(look: Look, key: str) -> None:
    at = shown_to(look)
    then = live.pressed(look, key, at)
    if key == " ":
        if look.typing or look.help:
            return
        key = PAGE_DOWN
    if look.help:
        assert then == replace(look, help=at.scroll.moved(look.help, key))
    else:
        assert then == replace(look, top=at.scroll.moved(look.top, key))


def test_the_same_deadline_stays_at_the_top_when_the_screen_is_resized(shipped_ledger: Ledger) -> None:
    asking = when(NOW)
    due = coming(shipped_ledger, asking)
    look = live.pressed(Look(), PAGE_DOWN, live.frame(due, asking, Look(), 80, 24))
    look = live.pressed(look, PAGE_DOWN, live.frame(due, asking, look, 80, 24))
    first = due[look.top.part].action.title.split()[:2]
    for width, height in ((80, 24), (120, 40), (64, 10), (200, 60), (40, 24)):
        shown = text(live.frame(due, asking, look, width, height)).splitlines()
        body = next(n for n, line in enumerate(shown) if re.match(r"(!{1,3}|\s{3})\s+[\d:i]", line))
        assert " ".join(first) in " ".join(shown[body : body + 6])


SIZES = st.integers(1, 200), st.integers(1, 60)
LOOKS = st.builds(
    Look,
    sought=st.sampled_from(["", "duty", "nothing like that", "中文 é", "\x1b[2J"]),
    typing=st.booleans(),
    top=st.builds(Place, st.integers(0, 5), st.integers(0, 200)),
    help=st.none() | st.builds(Place, st.integers(0, 30), st.integers(0, 3)),
)


@given(texts, *SIZES, LOOKS, st.sampled_from(["", "1 problem in the ledger", "long " * 40]))
@example("", 1, 58, Look(sought="中文 é"), "")
def test_any_size_is_filled_and_never_overrun(
    told: str, width: int, height: int, look: Look, trouble: str
) -> None:
    due = prospect.deadlines(action(told), WHEN.as_of, WHEN.knowing)
    shown = live.frame(due, WHEN, look, width, height, asked="--on CA", trouble=trouble)
    assert len(shown.rows) == height
    for row in shown.rows:
        line = "".join(cell.text for cell in row)
        assert cells(line) <= width
        assert line.isprintable()
    for key in (UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END, "/", "?", ENTER, ESCAPE, "x"):
        live.frame(due, WHEN, live.pressed(look, key, shown), width, height)


@given(texts)
def test_in_an_ascii_locale_it_is_ascii(told: str) -> None:
    due = prospect.deadlines(action(told), WHEN.as_of, WHEN.knowing)
    look = Look(sought=told[:10], typing=True)
    assert text(live.frame(due, WHEN, look, 80, 24, asked=told, spell=plain.speller(True))).isascii()


def test_trouble_stands_above_the_keys(shipped_ledger: Ledger) -> None:
    asking = when(NOW)
    shown = live.frame(coming(shipped_ledger, asking), asking, Look(), 80, 24, trouble="It is gone.")
    assert text(shown).splitlines()[-2] == "It is gone."


def test_nothing_lies_ahead() -> None:
    shown = text(live.frame([], WHEN, Look(), 80, 24))
    assert "0 deadlines" in shown
    assert "No deadline matches." in shown
