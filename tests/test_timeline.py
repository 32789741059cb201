"""Painting: the table of the design as cases, then its laws with hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.model import (
    BEGINNING,
    END,
    ENDED,
    DeadlineKind,
    Event,
    EventKind,
    Loc,
    Moment,
    Phase,
    Rate,
)
from tariffwatch.timeline import WHOLE, Strip, at, lapsed_pause, paint, root, turning_points

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def event(
    id: str, kind: str, known: int, effective: int | None = None, until: int | None = None, **more: object
) -> Event:
    """An event at whole hours; ``rates`` may be given as texts."""
    given = more.pop("rates", {})
    assert isinstance(given, dict)
    moments = {"effective": effective, "until": until}
    return Event(
        id=id,
        kind=EventKind(kind),
        known=Moment(hour(known)),
        rates={line: Rate.parse(text) for line, text in given.items()},
        loc=Loc("test.toml", 1),
        **{key: Moment(hour(value)) for key, value in moments.items() if value is not None},
        **more,  # type: ignore[arg-type]
    )


def shape(strip: Strip) -> list[tuple[int | None, str | None, str | None]]:
    """A strip as (hour at which it begins, phase, rate); None is the beginning of time, or no value."""
    return [
        (
            None if s.start == BEGINNING else int((s.start - NOON) / timedelta(hours=1)),
            s.phase and s.phase.value,
            s.rate and s.rate.text,
        )
        for s in strip
    ]


START = event("start", "ordered", 0, 10, rates={"a": "25%"})
PAUSE = event("pause", "suspended", 5, 5, 40)

CASES: dict[str, tuple[list[Event], list[tuple[int | None, str | None, str | None]]]] = {
    "an order is scheduled, then in force": (
        [START],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%")],
    ),
    "a pause before the start: beneath it lies the duty": (
        [START, PAUSE],
        [(None, None, None), (0, "scheduled", "25%"), (5, "suspended", "25%"), (40, "in-force", "25%")],
    ),
    "ordered and paused at one instant: the rate with which it would have started": (
        [START, event("pause", "suspended", 0, 0, 40)],
        [(None, None, None), (0, "suspended", "25%"), (40, "in-force", "25%")],
    ),
    "an order without a rate is not scheduled with a temporary one that ends as it starts": (
        [event("start", "ordered", 0, 10), event("temporary", "modified", 1, 2, 10, rates={"a": "10%"})],
        [(None, None, None), (0, "scheduled", None), (10, "in-force", None)],
    ),
    "a sunset with nothing beneath has expired": (
        [event("start", "ordered", 0, 10, 30, rates={"a": "10%"})],
        [(None, None, None), (0, "scheduled", "10%"), (10, "in-force", "10%"), (30, "expired", None)],
    ),
    "a truce paints a lower rate over a higher one": (
        [
            START,
            event("truce", "modified", 12, 20, 30, rates={"a": "10%"}),
            event("again", "extended", 25, until=50, extends="truce"),
        ],
        [
            (None, None, None),
            (0, "scheduled", "25%"),
            (10, "in-force", "25%"),
            (20, "in-force", "10%"),
            (50, "in-force", "25%"),
        ],
    ),
    "an extension may name the extension before it": (
        [
            START,
            PAUSE,
            event("more", "extended", 6, until=60, extends="pause"),
            event("most", "extended", 7, until=80, extends="more"),
        ],
        [(None, None, None), (0, "scheduled", "25%"), (5, "suspended", "25%"), (80, "in-force", "25%")],
    ),
    "a postponement moves the start": (
        [START, event("later", "postponed", 5, 70, postpones="start")],
        [(None, None, None), (0, "scheduled", "25%"), (70, "in-force", "25%")],
    ),
    "a postponed change of rate shows the old rate in between": (
        [
            START,
            event("rise", "modified", 1, 20, rates={"a": "50%"}),
            event("later", "postponed", 15, 70, postpones="rise"),
        ],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%"), (70, "in-force", "50%")],
    ),
    "a postponed start keeps its sunset": (
        [
            event("start", "ordered", 0, 10, 50, rates={"a": "25%"}),
            event("later", "postponed", 5, 20, postpones="start"),
        ],
        [(None, None, None), (0, "scheduled", "25%"), (20, "in-force", "25%"), (50, "expired", None)],
    ),
    "a start put off beyond its sunset never comes": (
        [
            event("start", "ordered", 0, 10, 50, rates={"a": "25%"}),
            event("later", "postponed", 5, 70, postpones="start"),
        ],
        [(None, None, None), (0, "scheduled", "25%"), (70, "expired", None)],
    ),
    "a postponement to no date moves nothing": (
        [START, event("later", "postponed", 5, postpones="start")],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%")],
    ),
    "a resumption at the instant of the pause": (
        [START, event("pause", "suspended", 12, 20, 40), event("resume", "resumed", 15, 20)],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%")],
    ),
    "a resumption ends a pause early": (
        [START, PAUSE, event("resume", "resumed", 20, 22)],
        [(None, None, None), (0, "scheduled", "25%"), (5, "suspended", "25%"), (22, "in-force", "25%")],
    ),
    "a resumed duty still has its sunset": (
        [
            event("start", "ordered", 0, 10, 50, rates={"a": "25%"}),
            event("pause", "suspended", 12, 12),
            event("resume", "resumed", 20, 22),
        ],
        [
            (None, None, None),
            (0, "scheduled", "25%"),
            (10, "in-force", "25%"),
            (12, "suspended", "25%"),
            (22, "in-force", "25%"),
            (50, "expired", None),
        ],
    ),
    "an ending lets nothing beneath show": (
        [START, event("gone", "terminated", 20, 30), event("told", "milestone", 40)],
        [
            (None, None, None),
            (0, "scheduled", "25%"),
            (10, "in-force", "25%"),
            (30, "terminated", None),
        ],
    ),
    "a duty ended can be ordered anew": (
        [
            START,
            event("gone", "invalidated", 20, 20),
            event("anew", "ordered", 30, 40, rates={"a": "15%"}),
        ],
        [
            (None, None, None),
            (0, "scheduled", "25%"),
            (10, "in-force", "25%"),
            (20, "invalidated", None),
            (30, "scheduled", "15%"),
            (40, "in-force", "15%"),
        ],
    ),
    "a retroactive order was never scheduled": (
        [event("start", "ordered", 20, 10, rates={"a": "25%"})],
        [(None, None, None), (10, "in-force", "25%")],
    ),
    "a threat starts nothing on its announced date": (
        [event("threat", "threatened", 0, 10, rates={"a": "30%"})],
        [(None, None, None), (0, "threatened", "30%")],
    ),
    "a threat dropped": (
        [event("threat", "threatened", 0, 10), event("dropped", "withdrawn", 5, 5)],
        [(None, None, None), (0, "threatened", None), (5, "withdrawn", None)],
    ),
    "an order uses up the threat, even after its own sunset": (
        [event("threat", "threatened", 0), event("start", "ordered", 5, 10, 20)],
        [
            (None, None, None),
            (0, "threatened", None),
            (5, "scheduled", None),
            (10, "in-force", None),
            (20, "expired", None),
        ],
    ),
    "a threat to raise does not hide a duty in force": (
        [START, event("threat", "threatened", 12, 20, rates={"a": "100%"})],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%")],
    ),
    "a threat tells no rate of a duty whose own is not known": (
        [event("start", "ordered", 0, 10), event("threat", "threatened", 12, 20, rates={"a": "100%"})],
        [(None, None, None), (0, "scheduled", None), (10, "in-force", None)],
    ),
    "a rate alone, with no measure to it, is nothing public": (
        [event("rise", "modified", 0, 3, rates={"a": "50%"}), event("start", "ordered", 5, 10)],
        [(None, None, None), (5, "scheduled", "50%"), (10, "in-force", "50%")],
    ),
    "a rate ordered anew is not the rate before its day": (
        [event("start", "ordered", 0, 10), event("raise", "ordered", 12, 20, rates={"a": "50%"})],
        [(None, None, None), (0, "scheduled", None), (10, "in-force", None), (20, "in-force", "50%")],
    ),
    "a threat hides no order": (
        [START, event("threat", "threatened", 5, rates={"a": "100%"})],
        [(None, None, None), (0, "scheduled", "25%"), (10, "in-force", "25%")],
    ),
    "a threat shows before an investigation, whichever came first": (
        [event("begin", "opened", 0), event("threat", "threatened", 5), event("next", "opened", 9)],
        [(None, None, None), (0, "open", None), (5, "threatened", None)],
    ),
    "a threat after an ending shows": (
        [START, event("gone", "terminated", 20, 20), event("threat", "threatened", 30)],
        [
            (None, None, None),
            (0, "scheduled", "25%"),
            (10, "in-force", "25%"),
            (20, "terminated", None),
            (30, "threatened", None),
        ],
    ),
    "a proceeding ends although it was open": (
        [event("begin", "opened", 0), event("end", "closed", 20, 30)],
        [(None, None, None), (0, "open", None), (30, "closed", None)],
    ),
    "a proceeding with an end of its own expires": (
        [event("begin", "opened", 0, until=20)],
        [(None, None, None), (0, "open", None), (20, "expired", None)],
    ),
    "a scheduled duty shows the rate with which it will start": (
        [START, event("raised", "modified", 5, 10, rates={"a": "50%"})],
        [(None, None, None), (0, "scheduled", "50%"), (10, "in-force", "50%")],
    ),
    "an order ended before its start is not scheduled any more": (
        [START, event("dropped", "superseded", 4, 5)],
        [(None, None, None), (0, "scheduled", "25%"), (5, "superseded", None)],
    ),
    "findings and milestones paint nothing": (
        [event("told", "milestone", 0, 5), event("found", "assessed", 1)],
        [(None, None, None)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_painting(case: str) -> None:
    events, expected = CASES[case]
    assert shape(paint(events, ["a"], END)["a"]) == expected


def test_a_line_carved_out_later_was_not_paused_before_it_began() -> None:
    carved = event("carved", "ordered", 50, 60, rates={"b": "exempt"})
    strips = paint([START, PAUSE, carved], ["a", "b"], END)
    assert shape(strips["b"]) == [(None, None, None), (50, "scheduled", "exempt"), (60, "in-force", "exempt")]


def test_the_extension_of_a_pause_does_not_reach_a_line_that_was_not_paused() -> None:
    carved = event("carved", "ordered", 30, 35, rates={"b": "exempt"})
    more = event("more", "extended", 38, until=60, extends="pause")
    strips = paint([START, PAUSE, carved, more], ["a", "b"], END)
    assert shape(strips["a"])[-1] == (60, "in-force", "25%")
    assert shape(strips["b"]) == [(None, None, None), (30, "scheduled", "exempt"), (35, "in-force", "exempt")]


def test_a_pause_that_names_a_line_paints_it_though_nothing_began_there() -> None:
    pause = event("pause", "suspended", 12, 20, 30, lines=("b",))
    strips = paint([START, pause], ["a", "b"], END)
    assert shape(strips["b"]) == [(None, None, None), (20, "suspended", None), (30, "expired", None)]


def test_lines_narrow_an_event() -> None:
    both = event("start", "ordered", 0, 10, rates={"a": "25%", "b": "10%"})
    pause = event("pause", "suspended", 12, 20, 30, lines=("b",))
    strips = paint([both, pause], ["a", "b"], END)
    assert [s.phase for s in strips["a"]] == [None, Phase.SCHEDULED, Phase.IN_FORCE]
    assert [s.phase for s in strips["b"]][-2:] == [Phase.SUSPENDED, Phase.IN_FORCE]


def test_an_action_without_lines_has_one_strip() -> None:
    assert list(paint([event("begin", "opened", 0)], [], END)) == [WHOLE]


def test_knowledge_of_a_later_day_is_left_out() -> None:
    events = [START, PAUSE, event("more", "extended", 30, until=60, extends="pause")]
    assert shape(paint(events, ["a"], hour(29))["a"])[-1] == (40, "in-force", "25%")
    assert shape(paint(events, ["a"], hour(30))["a"])[-1] == (60, "in-force", "25%")


def points(events: list[Event], lines: list[str]) -> list[tuple[int, str, str, str]]:
    return [
        (int((p.at - NOON) / timedelta(hours=1)), p.kind.value, p.id, p.cause.id)
        for p in turning_points(events, paint(events, lines, END), BEGINNING)
    ]


def test_turning_points_name_the_event_that_set_them_and_keep_the_first_ones_id() -> None:
    events = [
        START,
        PAUSE,
        event("more", "extended", 30, until=60, extends="pause"),
        event("rise", "modified", 61, 70, rates={"a": "50%"}),
        event("later", "postponed", 62, 80, postpones="rise"),
        event("gone", "invalidated", 90, 95),
    ]
    assert points(events, ["a"]) == [
        (5, "pause-begins", "pause", "pause"),
        (60, "pause-ends", "pause", "more"),
        (80, "rate-changes", "rise", "later"),
        (95, "ends", "gone", "gone"),
    ]


def test_turning_points_of_an_order_with_a_sunset() -> None:
    assert points([event("start", "ordered", 0, 10, 30)], ["a"]) == [
        (10, "takes-effect", "start", "start"),
        (30, "expires", "start", "start"),
    ]


def test_a_resumption_sets_the_end_of_a_pause_only_if_it_comes_before_it() -> None:
    ends = {22: "resume", 40: "pause"}
    for hours, cause in ends.items():
        events = [START, PAUSE, event("resume", "resumed", 20, hours)]
        assert points(events, ["a"])[-1] == (hours, "pause-ends", cause, cause)


def test_an_expectation_that_changes_its_rate_is_no_turning_point() -> None:
    threats = [event(f"threat{n}", "threatened", n, rates={"a": f"{10 + n}%"}) for n in (0, 5)]
    assert shape(paint(threats, ["a"], END)["a"])[1:] == [(0, "threatened", "10%"), (5, "threatened", "15%")]
    assert points(threats, ["a"]) == []


@pytest.mark.parametrize(
    ("events", "causes"),
    [
        ([START], ["start", "start"]),
        # an order that is over when it becomes known uses up the threat on that day
        (
            [event("threat", "threatened", 0), event("start", "ordered", 20, 5, 10)],
            ["threat", "start", "start", "start"],
        ),
        # a postponement beyond the sunset sets the day on which the expectation ends
        (
            [event("start", "ordered", 0, 10, 50), event("later", "postponed", 5, 70, postpones="start")],
            ["start", "later"],
        ),
        # the rate with which it will start changes when a new order becomes known, long before its day
        (
            [
                event("start", "ordered", 0, 30, rates={"a": "25%"}),
                event("cut", "modified", 1, 3, rates={"a": "7%"}),
                event("anew", "ordered", 5, 20, rates={"a": "5%"}),
            ],
            ["start", "anew", "anew"],
        ),
    ],
)
def test_each_stretch_names_the_event_that_began_it(events: list[Event], causes: list[str]) -> None:
    strip = paint(events, ["a"], END)["a"]
    assert [stretch.cause and stretch.cause.id for stretch in strip] == [None, *causes]


def test_a_chain_that_runs_in_a_circle_has_an_end() -> None:
    circle = [
        event("first", "extended", 0, until=1, extends="second"),
        event("second", "extended", 1, until=2, extends="third"),
        event("third", "extended", 2, until=3, extends="second"),
    ]
    assert root(circle[0], {e.id: e for e in circle}).id == "third"


@pytest.mark.parametrize(
    ("events", "now", "lapsed"),
    [
        ([START, PAUSE], 39, None),
        ([START, PAUSE], 40, "pause"),
        ([START, PAUSE], 99, "pause"),
        ([START, PAUSE, event("told", "milestone", 39)], 40, "pause"),
        ([START, PAUSE, event("told", "milestone", 40)], 40, None),
        ([START, PAUSE, event("more", "extended", 30, until=60, extends="pause")], 60, "more"),
        # a lower rate for a time, while it holds and after it
        ([START, event("truce", "modified", 12, 20, 30, rates={"a": "10%"})], 20, None),
        ([START, event("truce", "modified", 12, 20, 30, rates={"a": "10%"})], 30, "truce"),
        # a sunset of the duty itself is no pause, and a pause with nothing beneath ends with nothing
        ([event("start", "ordered", 0, 10, 30)], 30, None),
        ([event("pause", "suspended", 0, 0, 40, lines=("a",))], 40, None),
    ],
)
def test_a_pause_that_ran_out_in_silence(events: list[Event], now: int, lapsed: str | None) -> None:
    found = lapsed_pause(events, paint(events, ["a"], END).values(), hour(now))
    assert (found and found.id) == lapsed


def test_a_pause_of_any_line_may_have_run_out() -> None:
    both = event("start", "ordered", 0, 10, rates={"a": "25%", "b": "10%"})
    pause = event("pause", "suspended", 12, 20, 30, lines=("b",))
    found = lapsed_pause([both, pause], paint([both, pause], ["a", "b"], END).values(), hour(30))
    assert found is pause


def test_lines_that_turn_together_are_one_point() -> None:
    both = event("start", "ordered", 0, 10, rates={"a": "25%", "b": "10%"})
    found = turning_points([both], paint([both], ["a", "b"], END), BEGINNING)
    assert [(p.kind, list(p.changes)) for p in found] == [(DeadlineKind.TAKES_EFFECT, ["a", "b"])]


# Laws -------------------------------------------------------------------------------------------

HOURS = st.integers(0, 60)
PAINTING_KINDS = st.sampled_from(
    ["threatened", "ordered", "modified", "suspended", "resumed", "terminated", "invalidated", "milestone"]
)


@st.composite
def histories(draw: st.DrawFn, kinds: st.SearchStrategy[str] = PAINTING_KINDS) -> list[Event]:
    """A ledger's worth of events on the lines a and b, each known at an hour of its own."""
    known = draw(st.lists(HOURS, min_size=1, max_size=7, unique=True))
    events = []
    for number, hours in enumerate(known):
        effective = draw(HOURS)
        until = draw(st.none() | st.integers(effective + 1, 70))
        line = draw(st.sampled_from(["a", "b"]))
        rated = draw(st.booleans())
        events.append(
            event(
                f"e{number}",
                draw(kinds),
                hours,
                effective,
                until,
                rates={line: draw(st.sampled_from(["10%", "25%", "exempt"]))} if rated else {},
            )
        )
    return events


@given(histories())
def test_strips_cover_time_without_gap_or_overlap(events: list[Event]) -> None:
    for strip in paint(events, ["a", "b"], END).values():
        assert strip[0].start == BEGINNING
        assert strip[-1].end == END
        for before, after in pairwise(strip):
            assert before.end == after.start
            assert (before.phase, before.rate) != (after.phase, after.rate)


@given(histories())
def test_phase_and_rate_change_only_at_painted_boundaries(events: list[Event]) -> None:
    painted = {m.at for e in events for m in (e.known, e.effective, e.until) if m}
    for strip in paint(events, ["a", "b"], END).values():
        assert {s.start for s in strip[1:]} <= painted


@given(histories(), HOURS, st.data())
def test_an_event_unknown_then_changes_nothing_then(
    events: list[Event], knowing: int, data: st.DataObject
) -> None:
    later = data.draw(histories())
    shifted = [
        event(f"late{n}", e.kind.value, knowing + 1 + n, n, None, rates={"a": "99%"})
        for n, e in enumerate(later)
    ]
    place = data.draw(st.integers(0, len(events)))
    mixed = [*events[:place], *shifted, *events[place:]]
    assert paint(mixed, ["a", "b"], hour(knowing)) == paint(events, ["a", "b"], hour(knowing))


@given(histories(), st.randoms(use_true_random=False))
def test_painting_order_is_knowledge_order(events: list[Event], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert paint(shuffled, ["a", "b"], END) == paint(events, ["a", "b"], END)


@given(
    st.sampled_from(["suspended", "modified"]),
    st.integers(10, 30),
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(0, 60),
)
def test_an_extension_moves_exactly_one_boundary(
    kind: str, start: int, length: int, more: int, known: int
) -> None:
    stretch = event(
        "stretch", kind, 1, start, start + length, rates={"a": "5%"} if kind == "modified" else {}
    )
    longer = event("longer", "extended", known + 1, until=start + length + more, extends="stretch")
    before = {s.start for s in paint([START, stretch], ["a"], END)["a"]}
    after = {s.start for s in paint([START, stretch, longer], ["a"], END)["a"]}
    assert before - after == {hour(start + length)}
    assert after - before == {hour(start + length + more)}


@given(histories(), st.sampled_from(["terminated", "invalidated", "superseded", "withdrawn"]), HOURS)
def test_ended_phases_let_nothing_show_through(events: list[Event], kind: str, effective: int) -> None:
    begin = event("begin", "ordered", -2, -1)
    ending = event("ending", kind, 100, effective)
    for strip in paint([begin, *events, ending], ["a", "b"], END).values():
        last = strip[-1]
        assert last.phase is not None
        assert (last.phase.value, last.rate) == (kind, None)
        assert last.start <= hour(effective)


@given(histories(st.sampled_from(["ordered", "modified", "suspended", "terminated"])))
def test_painting_agrees_with_paint_on_squared_paper(events: list[Event]) -> None:
    """The same rule, hour by hour: each event in turn colours its squares, over whatever is there."""
    strip = paint(events, ["a"], END)["a"]
    phases: dict[int, Phase | None] = dict.fromkeys(range(-1, 80))
    rates: dict[int, Rate | None] = dict.fromkeys(range(-1, 80))
    others_begun = begun = False
    for e in sorted(events, key=lambda e: e.known.at):
        if e.rates and "a" not in e.rates:
            others_begun = True
            continue
        stops = e.kind in (EventKind.SUSPENDED, EventKind.TERMINATED)
        if stops and not e.rates and others_begun and not begun:
            continue  # nothing pauses or ends what has not begun
        begun = True
        assert e.effective
        first = int((e.effective.at - NOON) / timedelta(hours=1))
        last = int((e.until.at - NOON) / timedelta(hours=1)) if e.until else 80
        for square in range(first, last if e.kind is not EventKind.TERMINATED else 80):
            match e.kind:
                case EventKind.ORDERED:
                    phases[square] = Phase.IN_FORCE
                    rates[square] = e.rates.get("a", rates[square])
                case EventKind.MODIFIED:
                    rates[square] = e.rates.get("a", rates[square])
                case EventKind.SUSPENDED:
                    phases[square] = Phase.SUSPENDED
                case EventKind.TERMINATED:
                    phases[square], rates[square] = Phase.TERMINATED, None
    for square, phase in phases.items():
        seen = at(strip, hour(square))
        if phase in (Phase.IN_FORCE, Phase.SUSPENDED):
            assert seen.phase is phase
            if phase is Phase.IN_FORCE and rates[square]:
                assert seen.rate == rates[square]
        else:
            assert seen.phase not in (Phase.IN_FORCE, Phase.SUSPENDED)
        if phase is Phase.TERMINATED and seen.phase is not Phase.SCHEDULED:
            assert seen.phase is Phase.TERMINATED
        assert not (seen.phase in ENDED and seen.rate)
