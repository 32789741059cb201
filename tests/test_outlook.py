"""When a condition is decided, how far it has come, and in which order conditions are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import instant
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffwatch import facts, query
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import DeadlineKind, Phase
from tariffwatch.outlook import outlooks
from tariffwatch.results import ConditionOutlook, Filters, Stage

Make = Callable[..., Ledger]

LEDGER = """
[[events]]
id = "threat"
kind = "threatened"
known = 2025-01-10
effective = 2025-02-01
source = "19 U.S.C. 1"
[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "19 U.S.C. 1"
[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "19 U.S.C. 2"
[[events]]
id = "longer"
kind = "extended"
extends = "pause"
known = 2025-03-01
until = 2025-04-02T00:01:00
source = "19 U.S.C. 3"
[[events]]
id = "guarded"
kind = "assessed"
known = 2025-03-10
condition = "border"
finding = "met"
source = "19 U.S.C. 3"
[[events]]
id = "sent"
kind = "milestone"
known = 2025-05-20
source = "19 U.S.C. 3"
[[events]]
id = "gone"
kind = "terminated"
known = 2025-07-01
effective = 2025-07-02
source = "19 U.S.C. 4"
[[lines]]
id = "general"
label = "All goods"
[[conditions]]
id = "talks"
party = "FD"
text = "Talk."
bears_on = "threat"
basis = "pledge"
source = "19 U.S.C. 1"
[[conditions]]
id = "border"
party = "FD"
text = "Guard the border."
decided_by = "The President"
bears_on = "pause"
source = "19 U.S.C. 2"
[[conditions]]
id = "longer-border"
party = "FD"
text = "Guard it longer."
bears_on = "longer"
source = "19 U.S.C. 3"
[[conditions]]
id = "peace"
party = "FD"
text = "Not retaliate."
bears_on = "start"
source = "19 U.S.C. 2"
[[conditions]]
id = "study"
party = "Commerce"
text = "Study it."
bears_on = "report"
source = "19 U.S.C. 2"
[[conditions]]
id = "second-report"
party = "Commerce"
text = "Study it well."
bears_on = "report-2"
source = "19 U.S.C. 2"
[[conditions]]
id = "general-good"
party = "FD"
text = "Be good."
known = 2025-02-03
source = "19 U.S.C. 2"
[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-05-01
known = 2025-02-03
source = "19 U.S.C. 2"
[[deadlines]]
id = "report-2"
kind = "report-due"
at = 2025-06-01
known = 2025-04-10
replaces = "report"
settled_by = "sent"
source = "19 U.S.C. 2"
"""


@pytest.fixture
def example(ledger: Make) -> Ledger:
    return ledger(us_example=LEDGER)


def outlook(ledger: Ledger, as_of: str, knowing: str | None = None) -> dict[str, ConditionOutlook]:
    found = outlooks(ledger.actions.values(), instant(as_of), instant(knowing or as_of))
    return {of.status.condition.id: of for of in found}


def told(of: ConditionOutlook) -> tuple[str, str | None, str | None]:
    """The stage, the day, and what comes then."""
    at, deadline = of.decision.at, of.decision.deadline
    return of.stage.value, at and f"{at.at.astimezone(of.action.zone):%m-%d %H:%M}", deadline and deadline.id


@pytest.mark.parametrize(
    ("as_of", "condition", "stage", "at", "deadline"),
    [
        # A threat: its announced day counts, though nothing starts by itself on it.
        ("2025-01-20 12:00", "talks", "open", "02-01 00:00", None),
        ("2025-02-02 12:00", "talks", "passed", "02-01 00:00", None),
        # A start: until it takes effect; afterwards a duty without an end can be decided on any day.
        ("2025-02-02 12:00", "peace", "open", "02-04 00:01", "start"),
        ("2025-05-02 12:00", "peace", "open", None, None),
        # A pause: its end, to the second, and the end of its extension once that is known.
        ("2025-02-10 12:00", "border", "open", "03-04 00:01", "pause"),
        ("2025-02-28 23:59:59", "border", "open", "03-04 00:01", "pause"),
        ("2025-03-01 00:00:00", "border", "open", "04-02 00:01", "pause"),
        ("2025-03-10 12:00", "border", "found", "04-02 00:01", "pause"),
        ("2025-04-02 00:00:59", "longer-border", "open", "04-02 00:01", "pause"),
        ("2025-04-02 00:01:00", "longer-border", "passed", "04-02 00:01", None),
        ("2025-04-03 12:00", "border", "found", "04-02 00:01", None),
        # A deadline, stated as a day: where it was moved to; settled when that became known.
        ("2025-04-09 12:00", "study", "open", "05-01 00:00", "report"),
        ("2025-04-10 12:00", "study", "open", "06-01 00:00", "report"),
        ("2025-04-10 12:00", "second-report", "open", "06-01 00:00", "report"),
        ("2025-05-20 12:00", "study", "passed", "05-20 00:00", None),
        # Nothing that it bears on.
        ("2025-05-02 12:00", "general-good", "open", None, None),
        # The action has ended.
        ("2025-07-01 23:59:59", "general-good", "open", None, None),
        ("2025-07-02 00:00:00", "general-good", "ended", None, None),
        ("2025-07-02 00:00:00", "border", "ended", "04-02 00:01", None),
    ],
)
def test_a_condition_is_decided_on_the_date_of_what_it_bears_on(
    example: Ledger, as_of: str, condition: str, stage: str, at: str | None, deadline: str | None
) -> None:
    assert told(outlook(example, as_of)[condition]) == (stage, at, deadline)


def test_a_deadline_that_nobody_settled_passes_at_its_close(ledger: Make) -> None:
    unsettled = ledger(us_example=LEDGER.replace('settled_by = "sent"\n', ""))
    assert told(outlook(unsettled, "2025-06-01 23:59:59")["study"]) == ("open", "06-01 00:00", "report")
    assert told(outlook(unsettled, "2025-06-02 00:00:00")["study"]) == ("passed", "06-01 00:00", None)


def test_a_condition_is_unknown_until_the_deadline_on_which_it_bears_is_known(example: Ledger) -> None:
    assert "second-report" not in outlook(example, "2025-04-09 23:59:59")
    assert "second-report" in outlook(example, "2025-04-10 00:00:00")


def test_a_pause_that_was_lifted_leaves_no_date(ledger: Make) -> None:
    lifted = '[[events]]\nid = "lifted"\nkind = "resumed"\nknown = 2025-02-20\neffective = 2025-02-21\n'
    now = outlook(ledger(us_example=LEDGER + lifted), "2025-02-22 12:00")["border"]
    assert told(now) == ("passed", None, None)


def test_what_has_a_date_ahead_is_open_though_the_duty_has_ended(ledger: Make) -> None:
    review = (
        '[[deadlines]]\nid = "review"\nkind = "review"\nat = 2025-12-31\n'
        '[[conditions]]\nid = "invest"\nparty = "FD"\ntext = "Invest."\nbears_on = "review"\n'
    )
    now = outlook(ledger(us_example=LEDGER + review), "2025-08-01 12:00")["invest"]
    assert told(now) == ("open", "12-31 00:00", "review")


def test_the_decision_is_that_of_countdown_and_names_who_decides(example: Ledger) -> None:
    now = instant("2025-02-10 12:00")
    (pause,) = (d for d in query.countdown(example.actions.values(), now, now) if d.id == "pause")
    decided = outlook(example, "2025-02-10 12:00")["border"].decision.deadline
    assert decided == pause
    assert decided is not None
    assert decided.conditions == ("border",)
    assert decided.decided_by == "The President"


def test_findings_are_those_of_the_date_asked_about_also_in_hindsight(example: Ledger) -> None:
    hindsight = outlook(example, "2025-02-10 12:00", "2025-12-31 12:00")["border"]
    assert told(hindsight) == ("open", "04-02 00:01", "pause")
    assert "longer-border" not in outlook(example, "2025-02-10 12:00", "2025-12-31 12:00")


def test_open_ones_first_by_date_then_those_without_one(example: Ledger) -> None:
    assert list(outlook(example, "2025-02-10 12:00")) == ["border", "study", "peace", "general-good", "talks"]
    stages = [of.stage for of in outlook(example, "2025-03-20 12:00").values()]
    assert stages == [*[Stage.OPEN] * 4, Stage.FOUND, Stage.PASSED]


@pytest.mark.parametrize(
    ("filters", "listed"),
    [
        (Filters(), {"border", "study", "peace", "general-good", "talks"}),
        (Filters(ids=frozenset({"us-other"})), set()),
        (Filters(on=frozenset({"CA"})), set()),
        (Filters(phases=frozenset({Phase.IN_FORCE})), set()),
        (Filters(phases=frozenset({Phase.SUSPENDED})), {"border", "study", "peace", "general-good", "talks"}),
        (Filters(kinds=frozenset({DeadlineKind.PAUSE_ENDS})), {"border"}),
        (Filters(by_then=instant("2025-03-04 00:01")), {"border"}),
        (Filters(by_then=instant("2025-03-04 00:00")), set()),
    ],
)
def test_filters(example: Ledger, filters: Filters, listed: set[str]) -> None:
    now = instant("2025-02-10 12:00")
    found = outlooks(example.actions.values(), now, now, filters)
    assert {of.status.condition.id for of in found} == listed


@settings(deadline=None, max_examples=25)
@given(day=st.integers(0, 1000), after=st.integers(0, 300))
def test_laws_on_the_shipped_ledger(shipped_ledger: Ledger, day: int, after: int) -> None:
    """A date ahead lies ahead, one gone by does not; no condition is lost or told twice."""
    as_of = instant("2025-01-01 12:00") + timedelta(days=day)
    knowing = as_of + timedelta(days=after)
    actions = shipped_ledger.actions.values()
    found = outlooks(actions, as_of, knowing)
    public = [c.condition.id for a in actions for c in facts.conditions(a, as_of)]
    assert sorted(of.status.condition.id for of in found) == sorted(public)
    for of in found:
        decided = of.decision
        if decided.deadline:
            assert decided.at is not None
            assert decided.deadline.due.passes > as_of
            assert not decided.passed
        assert of.stage is not Stage.OPEN or not decided.passed
    assert [of.stage.rank for of in found] == sorted(of.stage.rank for of in found)


def test_a_deadline_that_was_settled_late_was_over_on_its_own_day(ledger: Make) -> None:
    late = ledger(us_example=LEDGER.replace("known = 2025-05-20", "known = 2025-06-20"))
    for as_of in ("2025-06-02 00:00:00", "2025-06-21 00:00:00"):
        assert told(outlook(late, as_of)["study"]) == ("passed", "06-01 00:00", None)
