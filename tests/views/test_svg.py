"""Strips drawn over time: where things lie, what has room, what shares a band."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import prospect, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Phase
from tariffwatch.views import svg

NOON = instant("2026-11-22 12:00")
SPAN = svg.years(NOON, NEW_YORK)

TWO_LINES = """
[[lines]]
id = "general"
label = "All goods"

[[lines]]
id = "energy"
label = "Energy"

[[instruments]]
id = "eo-1"
title = "Order"

[[events]]
id = "start"
kind = "ordered"
known = 2025-10-01
effective = 2026-01-01
rates = { general = "25%", energy = "10%" }
source = "eo-1"
"""


def drawing(ledger: Ledger) -> svg.Drawing:
    action = ledger.actions["us-example"]
    return svg.draw(action, prospect.strips(action, NOON), SPAN)


def number(per_cent: str) -> float:
    assert per_cent.endswith("%")
    return float(per_cent[:-1])


def test_the_span_is_three_calendar_years_of_the_zone() -> None:
    assert instant("2025-01-01 00:00") == SPAN.start
    assert instant("2028-01-01 00:00") == SPAN.end
    assert svg.years(instant("2026-12-31 23:59:59"), NEW_YORK) == SPAN
    assert svg.years(instant("2027-01-01 00:00"), NEW_YORK) != SPAN


@pytest.mark.parametrize(
    ("at", "place"),
    [
        *(("2024-06-01", 0), ("2025-01-01", 0), ("2028-01-01", 100), ("2030-01-01", 100)),
        *(("2026-01-01", 365 / 1095 * 100), ("2027-01-01", 730 / 1095 * 100)),
    ],
)
def test_places_are_parts_of_the_span(at: str, place: float) -> None:
    assert svg.place(SPAN, instant(f"{at} 00:00")) == pytest.approx(place)


def test_the_calendar_has_a_tick_a_quarter_and_names_the_years() -> None:
    axis = svg.axis(SPAN, NOON, NEW_YORK)
    assert [tick.name for tick in axis.ticks if tick.year] == ["2025", "2026", "2027"]
    assert [tick.name for tick in axis.ticks][:5] == ["2025", "Apr", "Jul", "Oct", "2026"]
    assert axis.now
    assert number(axis.now) == pytest.approx(svg.place(SPAN, NOON), abs=0.005)


def test_lines_with_the_same_phases_share_a_band(ledger: Callable[..., Ledger]) -> None:
    (band,) = drawing(ledger(us_example=TWO_LINES)).bands
    assert band.label == ""
    assert [(bar.phase, bar.rate) for bar in band.bars] == [
        (Phase.SCHEDULED, "25% +"),
        (Phase.IN_FORCE, "25% (energy 10%)"),
    ]
    assert [bar.letter for bar in band.bars] == ["C", "I"]


def test_lines_that_part_have_a_band_each(ledger: Callable[..., Ledger]) -> None:
    pause = """
    [[events]]
    id = "pause"
    kind = "suspended"
    known = 2026-02-01
    effective = 2026-02-01
    until = 2026-08-01T00:01:00
    lines = ["energy"]
    source = "eo-1"
    """
    general, energy = drawing(ledger(us_example=TWO_LINES + pause.replace("\n    ", "\n"))).bands
    assert (general.label, energy.label) == ("general", "energy")
    assert energy.y >= general.y + svg.BAR + svg.LABEL
    assert [bar.letter for bar in energy.bars] == ["C", "I", "S", "I"]
    assert energy.told == (
        "energy: scheduled at energy 10%: from 2025-10-01 to 2026-01-01; "
        "in force at energy 10%: from 2026-01-01 to 2026-02-01; "
        "suspended at energy 10%: from 2026-02-01 to 2026-08-01 00:01 EDT; "
        "in force at energy 10%: from 2026-08-01 00:01 EDT on"
    )


def test_a_change_of_rate_begins_a_bar_without_a_letter(ledger: Callable[..., Ledger]) -> None:
    change = """
[[events]]
id = "up"
kind = "modified"
known = 2026-05-01
effective = 2026-07-01
rates = { energy = "15%" }
source = "eo-1"
"""
    (band,) = drawing(ledger(us_example=TWO_LINES + change)).bands
    assert [(bar.letter, bar.rate) for bar in band.bars][1:] == [
        ("I", "25% +"),
        ("", "25% (energy 15%)"),
    ]


@pytest.mark.parametrize(
    ("days", "letter", "rate"),
    [(5, "", ""), (12, "I", ""), (60, "I", ""), (90, "I", "25% +"), (250, "I", "25% (energy 10%)")],
)
def test_what_has_no_room_is_left_to_the_words(
    ledger: Callable[..., Ledger], days: int, letter: str, rate: str
) -> None:
    start = instant("2026-01-01 00:00").astimezone(NEW_YORK)
    short = TWO_LINES.replace("rates", f"until = {(start + timedelta(days)).date()}\nrates")
    bars = drawing(ledger(us_example=short)).bands[0].bars
    bar = next(bar for bar in bars if bar.phase is Phase.IN_FORCE)
    assert (bar.letter, bar.rate) == (letter, rate)
    assert "in force at 25% (energy 10%): from 2026-01-01 to" in bar.told


def test_what_is_not_in_the_span_is_not_drawn(ledger: Callable[..., Ledger]) -> None:
    later = TWO_LINES.replace("effective = 2026-01-01", "effective = 2029-01-01")
    (band,) = drawing(ledger(us_example=later)).bands
    assert [bar.phase for bar in band.bars] == [Phase.SCHEDULED]
    old = svg.years(instant("2020-06-01 00:00"), NEW_YORK)
    action = ledger(us_example=TWO_LINES).actions["us-example"]
    empty = svg.draw(action, prospect.strips(action, NOON), old)
    assert (empty.bands, empty.told) == ((), "Nothing in this span")


def test_the_shipped_ledger_is_drawn_without_gaps(shipped_ledger: Ledger) -> None:
    """In every band the bars touch, and the last one reaches the end of the span."""
    drawn = 0
    for action in shipped_ledger.actions.values():
        strips = prospect.strips(action, NOON)
        picture = svg.draw(action, strips, SPAN)
        for band in picture.bands:
            drawn += 1
            for before, after in pairwise(band.bars):
                assert number(before.x) + number(before.width) == pytest.approx(number(after.x), abs=0.011)
            last = band.bars[-1]
            assert number(last.x) + number(last.width) == pytest.approx(100, abs=0.011)
            assert all(bar.letter in ("", words.LETTERS[bar.phase]) for bar in band.bars)
        assert picture.height >= len(picture.bands) * svg.BAR
    assert drawn > 150
