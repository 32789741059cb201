"""How one action stands, and what comes: status, deadlines, conditions, honesty."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
from conftest import PAUSED, instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.model import END, DeadlineKind, Evidence, Finding, Phase
from tariffwatch.prospect import deadlines, status
from tariffwatch.query import statuses
from tariffwatch.words import checked, then

Make = Callable[..., Ledger]


def test_a_pause_as_it_stood(paused: Ledger) -> None:
    now = instant("2025-02-10 23:59:59")
    found = status(paused.actions["us-example"], now, now)
    assert (found.phase, found.mixed) == (Phase.SUSPENDED, False)
    assert (found.since, found.until) == (instant("2025-02-03 00:00"), instant("2025-03-04 00:01"))
    (then,) = found.next
    assert (then.kind, then.id) == (DeadlineKind.PAUSE_ENDS, "pause")
    assert then.source == "19 U.S.C. 2"
    assert then.decided_by == "The President"
    assert then.after
    assert {line: str(rate) for line, rate in then.after.rates.items()} == {
        "general": "25%",
        "energy": "10%",
    }


@pytest.mark.parametrize(
    ("as_of", "phase"),
    [
        ("2025-01-31 23:59:59", None),
        ("2025-02-01 00:00:00", Phase.SCHEDULED),
        ("2025-02-02 23:59:59", Phase.SCHEDULED),
        ("2025-02-03 00:00:00", Phase.SUSPENDED),
        ("2025-03-04 00:00:59", Phase.SUSPENDED),
        ("2025-03-04 00:01:00", Phase.IN_FORCE),
        ("2025-03-04 00:01:01", Phase.IN_FORCE),
    ],
)
def test_boundaries_to_the_second(paused: Ledger, as_of: str, phase: Phase | None) -> None:
    assert status(paused.actions["us-example"], instant(as_of), instant(as_of)).phase is phase


def test_findings_are_those_of_the_date_asked_about(paused: Ledger) -> None:
    action = paused.actions["us-example"]

    def finding(as_of: str, knowing: str) -> tuple[Finding, str | None]:
        found = status(action, instant(as_of), instant(knowing)).conditions[0]
        return found.finding, found.assessed and found.assessed.id

    assert finding("2025-02-04 12:00", "2025-02-04 12:00") == (Finding.UNKNOWN, None)
    assert finding("2025-02-10 12:00", "2025-02-10 12:00") == (Finding.PROGRESS, "found")
    assert finding("2025-02-10 12:00", "2026-01-01 12:00") == (Finding.PROGRESS, "found")
    assert finding("2025-04-01 12:00", "2026-01-01 12:00") == (Finding.UNMET, "failed")


def test_conditions_are_unknown_before_they_were_made(paused: Ledger) -> None:
    now = instant("2025-02-02 12:00")
    assert status(paused.actions["us-example"], now, now).conditions == ()


def test_turning_points_and_stated_deadlines_are_one_list(paused: Ledger) -> None:
    now = instant("2025-02-10 12:00")
    found = [(d.id, d.kind.value, d.day_only) for d in deadlines(paused.actions["us-example"], now, now)]
    assert found == [("pause", "pause-ends", False), ("report", "report-due", True)]


def test_a_deadline_is_not_due_at_its_own_instant(paused: Ledger) -> None:
    at = instant("2025-03-04 00:01:00")
    action = paused.actions["us-example"]
    assert next(d.id for d in deadlines(action, instant("2025-03-04 00:00:59"), at)) == "pause"
    assert [d.id for d in deadlines(action, at, at)] == ["report"]


def test_a_deadline_unknown_then_is_not_listed_then(paused: Ledger) -> None:
    now = instant("2025-02-02 12:00")
    assert [d.id for d in deadlines(paused.actions["us-example"], now, now)] == ["start"]


@pytest.mark.parametrize(
    ("as_of", "listed"),
    [
        ("2025-05-31 23:59:59", True),
        ("2025-06-01 00:00:00", True),
        ("2025-06-01 23:59:59", True),
        ("2025-06-02 00:00:00", False),
    ],
)
def test_a_day_stated_alone_is_due_through_its_close(paused: Ledger, as_of: str, listed: bool) -> None:
    now = instant(as_of)
    assert bool(deadlines(paused.actions["us-example"], now, now)) is listed


def test_moved_and_settled_deadlines(ledger: Make) -> None:
    action = ledger(
        us_example="""
        [[events]]
        id = "begin"
        kind = "opened"
        known = 2025-01-01
        [[events]]
        id = "sent"
        kind = "milestone"
        known = 2025-05-01
        [[deadlines]]
        id = "report"
        kind = "report-due"
        at = 2025-06-01
        [[deadlines]]
        id = "report-2"
        kind = "report-due"
        at = 2025-07-01
        known = 2025-03-01
        replaces = "report"
        settled_by = "sent"
        """
    ).actions["us-example"]

    def listed(day: str) -> list[tuple[str, str]]:
        now = instant(f"{day} 12:00")
        return [(d.id, f"{d.at:%m-%d}") for d in deadlines(action, now, now)]

    assert listed("2025-02-01") == [("report", "06-01")]
    assert listed("2025-04-01") == [("report", "07-01")], "a moved deadline keeps its identity"
    assert listed("2025-05-01") == []


def test_an_action_shows_its_first_phase_and_a_mark_when_lines_differ(ledger: Make) -> None:
    action = ledger(
        us_example="""
        [[lines]]
        id = "a"
        label = "A"
        [[lines]]
        id = "b"
        label = "B"
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2025-01-01
        effective = 2025-02-01
        rates = { a = "10%", b = "5%" }
        [[events]]
        id = "gone"
        kind = "terminated"
        known = 2025-03-01
        effective = 2025-03-01
        lines = ["a"]
        """
    ).actions["us-example"]
    now = instant("2025-03-02 12:00")
    found = status(action, now, now)
    assert (found.phase, found.mixed, found.since) == (Phase.IN_FORCE, True, instant("2025-02-01 00:00"))
    assert [(line.id, line.phase, str(line.rate)) for line in found.lines] == [
        ("a", Phase.TERMINATED, "None"),
        ("b", Phase.IN_FORCE, "5%"),
    ]


def test_line_bounds_are_of_its_rate_while_the_actions_are_of_its_phase(ledger: Make) -> None:
    action = ledger(
        us_example="""
        [[lines]]
        id = "a"
        label = "A"
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2025-01-01
        effective = 2025-02-01
        rate = "34%"
        [[events]]
        id = "truce"
        kind = "modified"
        known = 2025-03-01
        effective = 2025-03-02
        until = 2025-04-01
        rate = "10%"
        """
    ).actions["us-example"]
    now = instant("2025-03-05 12:00")
    found = status(action, now, now)
    assert (found.since, found.until) == (instant("2025-02-01 00:00"), END)
    line = found.lines[0]
    assert (line.since, line.until) == (instant("2025-03-02 00:00"), instant("2025-04-01 00:00"))
    assert [then.kind for then in found.next] == [DeadlineKind.RATE_CHANGES]


def test_everything_of_the_next_instant_is_told(ledger: Make) -> None:
    more = """
    [[events]]
    id = "rise"
    kind = "modified"
    known = 2025-02-04
    effective = 2025-03-04T00:01:00
    rates = { energy = "15%" }
    [[events]]
    id = "carved"
    kind = "ordered"
    known = 2025-02-04
    effective = 2025-03-04T00:01:00
    rates = { parts = "5%" }
    [[lines]]
    id = "parts"
    label = "Parts"
    """
    now = instant("2025-02-10 12:00")
    found = status(ledger(us_example=PAUSED + textwrap.dedent(more)).actions["us-example"], now, now)
    assert [(d.id, d.kind.value) for d in found.next] == [("carved", "takes-effect"), ("pause", "pause-ends")]
    energy = next(d for d in found.next if d.id == "pause").after
    assert energy
    assert str(energy.rates["energy"]) == "15%", "what takes over is what lies beneath at that instant"


def test_beyond_the_day_of_the_last_check_the_status_is_by_its_own_terms(ledger: Make) -> None:
    action = ledger(us_example=PAUSED[: PAUSED.index("[[events]]")]).actions["us-example"]
    before, after = instant("2030-01-01 23:59:59"), instant("2030-01-02 00:00:00")
    assert not status(action, before, before).unchecked
    assert status(action, after, after).unchecked


def test_a_pause_that_ran_out_with_nothing_recorded_since_is_marked(ledger: Make) -> None:
    action = ledger(us_example=PAUSED).actions["us-example"]
    now = instant("2025-03-05 12:00")
    found = status(action, now, now)
    assert found.phase is Phase.IN_FORCE
    assert found.lapsed
    assert found.lapsed.id == "pause"
    assert found.unchecked
    later = PAUSED + '[[events]]\nid = "told"\nkind = "milestone"\nknown = 2025-03-04T06:00:00\n'
    found = status(ledger(us_example=later).actions["us-example"], now, now)
    assert (found.lapsed, found.unchecked) == (None, False)


def test_not_yet_public(paused: Ledger) -> None:
    now = instant("2025-01-01 12:00")
    found = status(paused.actions["us-example"], now, now)
    assert (found.phase, found.since, found.lines) == (None, None, ())
    assert statuses(paused.actions.values(), now, now) == []


@pytest.mark.parametrize(
    ("start", "as_of", "hours"),
    [
        ("2025-03-10T00:01:00", "2025-03-08 00:01", 47),
        ("2025-11-03T00:01:00", "2025-11-01 00:01", 49),
        ("2024-03-01T00:00:00", "2024-02-28 00:00", 48),
    ],
)
def test_elapsed_time_is_exact_across_clock_changes_and_leap_days(
    ledger: Make, start: str, as_of: str, hours: int
) -> None:
    action = ledger(
        us_example=f"""
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2020-01-01
        effective = {start}
        """
    ).actions["us-example"]
    coming = deadlines(action, instant(as_of), instant(as_of))[0]
    assert (coming.at - instant(as_of)).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("at", "single"),
    [
        ("2025-01-31 12:00", False),
        ("2025-02-02 12:00", False),  # the order, which was read
        ("2025-02-20 12:00", False),  # its pause
        ("2025-03-03 23:59", False),
        ("2025-03-04 00:01", True),  # that it goes on, one account says
        ("2025-03-20 12:00", True),
        ("2025-04-02 00:01", False),  # the duty that lies beneath
    ],
)
def test_what_stands_by_a_single_account_alone_is_marked(ledger: Make, at: str, single: bool) -> None:
    graded = PAUSED.replace('source = "19 U.S.C', 'evidence = "text"\nsource = "19 U.S.C')
    longer = """
        [[events]]
        id = "longer"
        kind = "extended"
        known = 2025-02-10
        extends = "pause"
        until = 2025-04-02T00:01:00
        source = "Report"
        evidence = "single"
        """
    action = ledger(us_example=graded + textwrap.dedent(longer)).actions["us-example"]
    now = instant(at)
    found = status(action, now, now)
    assert found.single_source is single
    assert ("[single source]" in checked(found)) is single
    ahead = {of.id: of.evidence for of in deadlines(action, now, now)}
    if now < instant("2025-04-02 00:01") and "pause" in ahead:
        told = now >= instant("2025-02-10")
        assert ahead["pause"] is (Evidence.SINGLE if told else Evidence.TEXT)
        assert ("[single source]" in then(found)) is told
