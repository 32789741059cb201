"""Strips drawn in rows of text: columns, letters, rates, the mark and the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffwatch import courses, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import END, Phase, Rate
from tariffwatch.results import Span
from tariffwatch.timeline import Stretch
from tariffwatch.views.chart import Row, column, draw, fill, letter, rates, strip
from tariffwatch.views.document import Chart

YEAR = Span(instant("2025-01-01 00:00"), instant("2026-01-01 00:00"))


def text(row: Row) -> str:
    return "".join(cell.text for cell in row)


def stretch(start: str, end: str | None, phase: Phase | None, rate: str | None = None) -> Stretch:
    until = instant(f"{end} 00:00") if end else END
    return Stretch(instant(f"{start} 00:00"), until, phase, Rate.parse(rate) if rate else None, None)


PAUSED = (
    stretch("2025-02-01", "2025-02-03", Phase.SCHEDULED, "25%"),
    stretch("2025-02-03", "2025-03-04", Phase.SUSPENDED, "25%"),
    stretch("2025-03-04", "2025-08-01", Phase.IN_FORCE, "25%"),
    stretch("2025-08-01", "2025-12-01", Phase.IN_FORCE, "35%"),
    stretch("2025-12-01", None, Phase.TERMINATED),
)

instants = st.timedeltas(-timedelta(days=400), timedelta(days=800)).map(lambda after: YEAR.start + after)


@st.composite
def strips(draw_one: st.DrawFn) -> tuple[Stretch, ...]:
    """A strip as painting makes them: without gaps, neighbours differ."""
    edges = sorted(draw_one(st.sets(instants, min_size=1, max_size=8)))
    some_rate = st.sampled_from(
        [None, Rate.parse("25%"), Rate.parse("15% floor"), Rate.parse("$100 per item")]
    )
    made: list[Stretch] = []
    for start, end in zip(edges, [*edges[1:], END], strict=True):
        unlike = (made[-1].phase, made[-1].rate) if made else None
        holds = draw_one(
            st.tuples(st.sampled_from(Phase), some_rate).filter(lambda pair, unlike=unlike: pair != unlike)
        )
        made.append(Stretch(start, end, *holds, None))
    return tuple(made)


@settings(deadline=None)
@given(instants, instants, st.integers(1, 200))
def test_columns_are_monotone_and_inside(one: datetime, other: datetime, width: int) -> None:
    first, last = (column(at, YEAR, width) for at in sorted((one, other)))
    assert 0 <= first <= last < width


@settings(deadline=None)
@given(st.integers(1, 200))
def test_a_column_is_an_equal_part_of_the_span(width: int) -> None:
    part = (YEAR.end - YEAR.start) / width
    for n in range(width):
        inside = YEAR.start + part * n + part / 2
        assert column(inside, YEAR, width) == n
    assert column(YEAR.start, YEAR, width) == 0
    assert column(YEAR.end - timedelta(microseconds=1), YEAR, width) == width - 1


def test_a_strip_as_one_reads_it() -> None:
    assert text(strip(PAUSED, YEAR, 73)) == (
        "      *~~~~~I=============================I=======================E......"
    )
    (row,) = rates(PAUSED, YEAR, 73)
    assert text(row).rstrip() == "      ^25%                                ^35%"


@settings(deadline=None)
@given(strips(), st.integers(5, 160))
def test_every_beginning_is_a_letter_or_a_star(made: tuple[Stretch, ...], width: int) -> None:
    shown = [s for s in made if s.start < YEAR.end and s.end > YEAR.start]
    cells = strip(shown, YEAR, width)
    assert len(cells) == width
    begun = [column(s.start, YEAR, width) for s in shown]
    assert begun == sorted(begun)
    for one, at in zip(shown, begun, strict=True):
        assert cells[at].text == ("*" if begun.count(at) > 1 else letter(one.phase))
    for n, cell in enumerate(cells):
        if n not in begun:
            running = [s for s, at in zip(shown, begun, strict=True) if at < n]
            assert cell.text == (fill(running[-1].phase) if running else " ")


@settings(deadline=None)
@given(strips(), st.integers(27, 160))
def test_every_rate_stands_whole_at_the_column_from_which_it_holds(
    made: tuple[Stretch, ...], width: int
) -> None:
    shown = [s for s in made if s.start < YEAR.end and s.end > YEAR.start]
    rows = [text(row) for row in rates(shown, YEAR, width)]
    assert all(len(row) == width for row in rows)
    held, expected = None, []
    for one in shown:
        if one.rate and one.rate != held:
            expected.append((column(one.start, YEAR, width), one.rate.text))
        held = one.rate
    assert sum(row.count("^") for row in rows) == len(expected)
    for at, rate in expected:
        assert any(
            row[at] == "^" and (row[at + 1 :].startswith(rate) or row[:at].endswith(rate)) for row in rows
        )


def test_rates_that_would_touch_go_one_below_the_other() -> None:
    hurried = (
        stretch("2025-04-02", "2025-04-05", Phase.SCHEDULED, "34%"),
        stretch("2025-04-05", "2025-04-09", Phase.IN_FORCE, "84%"),
        stretch("2025-04-09", "2025-12-29", Phase.IN_FORCE, "125%"),
        stretch("2025-12-29", None, Phase.IN_FORCE, "$100 per item"),
    )
    assert [text(row).rstrip() for row in [strip(hurried, YEAR, 60), *rates(hurried, YEAR, 60)]] == [
        "              CII==========================================I",
        "              ^34%                            $100 per item^",
        "               ^84%",
        "                ^125%",
    ]


def test_a_rate_without_room_on_either_side_is_never_cut_but_left_to_the_rows_below() -> None:
    costly = (stretch("2025-06-01", None, Phase.IN_FORCE, "$100 per item"),)
    assert [text(row) for row in rates(costly, YEAR, 20)] == ["        ^           "]


def chart(*made: tuple[str, tuple[Stretch, ...]], mark: str = "2025-02-10 12:00", span: Span = YEAR) -> Chart:
    return Chart(span, instant(mark), f"as of {mark[:10]}", NEW_YORK, made)


def test_a_chart_as_one_reads_it() -> None:
    energy = (stretch("2025-02-01", "2025-03-04", Phase.SUSPENDED, "10%"),)
    rows = draw(chart(("general", PAUSED), ("energy", energy)), 80)
    assert [text(row) for row in rows] == [
        "         |2025-01         |2025-04          |2025-07          |2025-10",
        "                v as of 2025-02-10",
        "general        *~~~~~I============================I======================E......",
        "               ^25%                               ^35%",
        "energy         S~~~~~",
        "               ^10%",
    ]


def test_one_strip_without_a_label_has_the_whole_width() -> None:
    rows = draw(chart(("", PAUSED)), 80)
    assert len(text(rows[2])) == 80


def test_long_labels_go_on_below_whole() -> None:
    label = "steel-and-aluminum-derivatives, antidiscriminationist-parts"
    rows = draw(chart((label, PAUSED)), 80)
    assert "".join(text(row)[:20] for row in rows[2:]).replace(" ", "") == label.replace(" ", "")
    assert all(len(text(row)) <= 80 for row in rows)


@pytest.mark.parametrize(
    ("mark", "row"),
    [
        ("2025-02-10 12:00", "      v as of 2025-02-10"),
        ("2025-12-20 12:00", "                                         as of 2025-12-20 v"),
        ("2025-01-01 00:00", "v as of 2025-01-01"),
        ("2024-12-31 23:59", "< as of 2024-12-31"),
        ("2025-12-31 23:59", "                                          as of 2025-12-31 v"),
        ("2026-01-01 00:00", "                                          as of 2026-01-01 >"),
    ],
)
def test_the_mark_points_at_the_date_or_to_its_side(mark: str, row: str) -> None:
    rows = draw(chart(("", PAUSED), mark=mark), 60)
    assert text(rows[1]) == row
    if "v" in row:
        assert row.index("v") == column(instant(mark), YEAR, 60)


def test_the_mark_is_led_down_past_the_rates() -> None:
    rows = draw(chart(("", PAUSED), mark="2025-06-10 12:00"), 80)
    at = text(rows[1]).index("v")
    assert text(rows[3])[at] == "|"
    hidden = draw(chart(("", PAUSED), mark="2025-02-06 12:00"), 80)
    assert "|" not in text(hidden[3]), "never between the signs of a rate"


@pytest.mark.parametrize(
    ("start", "end", "width", "named"),
    [
        (
            "2025-02-01 00:00",
            "2025-02-05 00:00",
            80,
            ["|2025-02-01", "|2025-02-02", "|2025-02-03", "|2025-02-04"],
        ),
        ("2025-02-28 12:00", "2025-03-15 00:00", 80, ["|2025-03-03", "|2025-03-10"]),
        ("2025-01-01 00:00", "2025-05-01 00:00", 60, ["|2025-01", "|2025-02", "|2025-03", "|2025-04"]),
        ("2025-02-01 00:00", "2026-02-01 00:00", 60, ["|2025-04", "|2025-07", "|2025-10"]),
        ("2018-06-01 00:00", "2027-09-01 00:00", 80, [f"|{year}" for year in range(2019, 2028)]),
        ("2015-01-01 00:00", "2046-01-01 00:00", 40, ["|2015", "|2020", "|2025", "|2030", "|2035", "|2040"]),
    ],
)
def test_the_calendar_names_days_weeks_months_or_years(
    start: str, end: str, width: int, named: list[str]
) -> None:
    span = Span(instant(start), instant(end))
    line = text(draw(chart(("", ()), span=span), width)[0])
    assert [tick for tick in line.split() if tick != "|"] == named
    for tick in named:
        day = tick[1:] + {5: "-01-01", 8: "-01", 11: ""}[len(tick)]
        assert line.index(tick) == column(instant(f"{day} 00:00"), span, width)


def test_the_calendar_is_that_of_the_legal_zone_also_across_a_clock_change() -> None:
    span = Span(instant("2025-03-08 00:00"), instant("2025-03-11 00:00"))
    line = text(draw(chart(("", ()), span=span), 71)[0])
    assert [line.index(f"|2025-03-{day:02}") for day in (8, 9, 10)] == [0, 24, 47], "the ninth has 23 hours"


@settings(deadline=None)
@given(st.integers(1, 200), strips())
def test_no_row_is_wider_than_asked(width: int, made: tuple[Stretch, ...]) -> None:
    assert all(len(text(row)) <= max(width, 1) for row in draw(chart(("", made)), width))


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_every_action_of_the_shipped_ledger(width: int, shipped_ledger: Ledger) -> None:
    now = instant("2026-11-22 12:00")
    for action in shipped_ledger.actions.values():
        over = courses.fitted(action, now, now)
        tracks = courses.course(action, now, now, over).tracks
        made = [(track.lines[0].id if track.lines else "", track.stretches) for track in tracks]
        rows = [text(row) for row in draw(Chart(over, now, "as of 2026-11-22", action.zone, made), width)]
        assert all(len(row) <= width for row in rows)
        said = {str(s.rate) for track in tracks for s in track.stretches if s.rate}
        assert not [rate for rate in said if len(rate) < 15 and not any(rate in row for row in rows)]


def test_text_is_spelled_before_it_is_measured() -> None:
    euro = (stretch("2025-02-01", None, Phase.IN_FORCE, "€3 per item"),)
    rows = draw(chart(("", euro)), 60, lambda said: said.replace("€", "EUR "))
    assert "^EUR 3 per item" in text(rows[3])


def test_letters_are_of_their_words_and_of_no_other_phase() -> None:
    assert set(words.LETTERS) == set(Phase)
    assert len(set(words.LETTERS.values())) == len(Phase)
    assert all(sign.lower() in phase.words for phase, sign in words.LETTERS.items())
    assert {fill(phase) for phase in Phase} == set("=~-.")
