"""How actions run over a span of time, and which span shows them well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import prospect
from tariffwatch.courses import around, course, courses, fitted
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Phase
from tariffwatch.results import Course, Filters, Span
from tariffwatch.timeline import at

Make = Callable[..., Ledger]

LEDGER = """
[[lines]]
id = "general"
label = "All goods"
[[lines]]
id = "energy"
label = "Energy"
[[lines]]
id = "parts"
label = "Parts"
[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rates = { general = "25%", energy = "10%", parts = "25%" }
[[events]]
id = "rise"
kind = "modified"
known = 2025-07-30
effective = 2025-08-01
rates = { parts = "35%" }
[[events]]
id = "gone"
kind = "terminated"
known = 2026-02-01
effective = 2026-03-01
"""


@pytest.fixture
def example(ledger: Make) -> Ledger:
    return ledger(us_example=LEDGER)


def span(start: str, end: str) -> Span:
    return Span(instant(f"{start} 00:00"), instant(f"{end} 00:00"))


def told(of: Course) -> list[tuple[list[str], list[tuple[str, str]]]]:
    return [
        ([line.id for line in t.lines], [(str(s.phase), str(s.rate)) for s in t.stretches]) for t in of.tracks
    ]


def test_lines_that_run_alike_over_the_span_go_together(example: Ledger) -> None:
    action, now = example.actions["us-example"], instant("2026-11-22 12:00")
    alike = course(action, now, now, span("2025-03-01", "2025-04-01"))
    assert [track[0] for track in told(alike)] == [["general"], ["energy"], ["parts"]], "their ends differ"
    ended = course(action, now, now, span("2026-04-01", "2026-05-01"))
    assert told(ended) == [(["general", "energy", "parts"], [("terminated", "None")])]
    before = instant("2025-03-01 12:00")
    assert [track[0] for track in told(course(action, before, before, span("2025-03-01", "2025-04-01")))] == [
        ["general", "parts"],
        ["energy"],
    ]


def test_stretches_keep_their_own_beginnings_and_ends(example: Ledger) -> None:
    action, now = example.actions["us-example"], instant("2026-11-22 12:00")
    track = course(action, now, now, span("2025-09-01", "2025-10-01")).tracks[2]
    (stretch,) = track.stretches
    assert (stretch.start, stretch.end) == (instant("2025-08-01 00:00"), instant("2026-03-01 00:00"))
    assert stretch.cause is not None
    assert stretch.cause.id == "rise"


@pytest.mark.parametrize(
    ("start", "end", "phases"),
    [
        ("2025-01-01", "2025-02-01", []),
        ("2025-01-01", "2025-02-02", ["scheduled"]),
        ("2025-02-03", "2025-02-05", ["scheduled", "in-force"]),
        ("2026-02-28", "2026-03-01", ["in-force"]),
        ("2026-03-01", "2026-03-02", ["terminated"]),
    ],
)
def test_a_span_is_half_open(example: Ledger, start: str, end: str, phases: list[str]) -> None:
    action, now = example.actions["us-example"], instant("2026-11-22 12:00")
    of = course(action, now, now, span(start, end))
    assert [phase for phase, _ in (told(of)[0][1] if of.tracks else [])] == phases


def test_what_was_not_known_is_not_drawn(example: Ledger) -> None:
    action, then = example.actions["us-example"], instant("2025-03-01 12:00")
    of = course(action, then, then, span("2025-01-01", "2027-01-01"))
    assert {phase for _, stretches in told(of) for phase, _ in stretches} == {"scheduled", "in-force"}


def test_actions_over_which_nothing_happens_are_left_out_unless_named(example: Ledger) -> None:
    now, actions = instant("2026-11-22 12:00"), example.actions.values()

    def listed(over: Span, filters: Filters = Filters()) -> int:  # noqa: B008 - frozen
        return len(courses(actions, now, now, over, filters))

    ended, unborn = span("2026-04-01", "2026-05-01"), span("2024-01-01", "2024-12-31")
    named = Filters(ids=frozenset({"us-example"}))
    assert (listed(ended), listed(unborn)) == (0, 0)
    assert (listed(ended, named), listed(unborn, named)) == (1, 1)
    assert listed(span("2026-02-01", "2026-05-01")) == 1
    assert listed(span("2026-02-01", "2026-05-01"), Filters(phases=frozenset({Phase.IN_FORCE}))) == 0
    assert listed(span("2026-02-01", "2026-05-01"), Filters(on=frozenset({"CA"}))) == 0


@pytest.mark.parametrize(
    ("as_of", "zone", "start", "end"),
    [
        ("2026-11-22 12:00", "America/New_York", "2026-05-01", "2027-12-01"),
        ("2024-02-29 12:00", "America/New_York", "2023-08-01", "2025-03-01"),
        ("2025-01-31 23:59:59", "America/New_York", "2024-07-01", "2026-02-01"),
        ("2025-01-31 23:59:59", "Asia/Shanghai", "2024-08-01", "2026-03-01"),
    ],
)
def test_around_a_date_in_whole_months(as_of: str, zone: str, start: str, end: str) -> None:
    found = around(instant(as_of), ZoneInfo(zone))
    edges = [edge.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for edge in (found.start, found.end)]
    assert [f"{edge:%Y-%m-%d %H:%M}" for edge in edges] == [f"{start} 00:00", f"{end} 00:00"]


def test_fitted_to_the_history_and_to_the_date_unless_it_had_ended(example: Ledger) -> None:
    action = example.actions["us-example"]

    def fit(as_of: str) -> tuple[str, str]:
        found = fitted(action, instant(as_of), instant(as_of))
        return tuple(f"{edge.astimezone(NEW_YORK):%Y-%m-%d}" for edge in (found.start, found.end))  # type: ignore[return-value]

    assert fit("2025-02-02 12:00") == ("2025-02-01", "2025-03-01")
    assert fit("2025-12-15 12:00") == ("2025-02-01", "2026-02-01"), "the date asked about, and a twelfth"
    assert fit("2026-11-22 12:00") == ("2025-02-01", "2026-05-01"), "it has ended: its history alone"
    assert fit("2025-01-15 12:00") == ("2025-01-01", "2025-02-01"), "nothing of it was public"


def test_every_action_of_the_shipped_ledger_has_a_span_that_holds_all_its_changes(
    shipped_ledger: Ledger,
) -> None:
    now = instant("2026-11-22 12:00")
    for action in shipped_ledger.actions.values():
        over = fitted(action, now, now)
        strips = prospect.strips(action, now)
        for strip in strips.values():
            assert all(over.start <= s.start < over.end for s in strip if s.phase)
        if strips and prospect.status(action, now, now).phase:
            assert course(action, now, now, over).tracks


def test_a_course_is_the_strip_that_status_is_read_from(shipped_ledger: Ledger) -> None:
    """At any instant of the span, the stretch of a line is that of its status."""
    for as_of in (instant("2025-06-10 12:00"), instant("2026-02-22 12:00"), instant("2026-11-22 12:00")):
        over = Span(as_of - timedelta(days=30), as_of + timedelta(days=30))
        for action in shipped_ledger.actions.values():
            of = course(action, as_of, as_of, over)
            lines = {line.id: track for track in of.tracks for line in track.lines}
            for line in of.status.lines:
                stretch = at(lines[line.id].stretches, max(as_of, lines[line.id].stretches[0].start))
                assert (stretch.phase, stretch.rate) == (line.phase, line.rate)
