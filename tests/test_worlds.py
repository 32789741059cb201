"""Two worlds compared: every boundary, what befell each date, and that reminders say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import DeadlineKind, Loc, Phase
from tariffwatch.remind.items import ItemKind, Memory
from tariffwatch.remind.plan import plan
from tariffwatch.results import Fate, Filters
from tariffwatch.settings.model import LADDER, Reminder
from tariffwatch.worlds import ActionChange, Recorded, World, compare, compared, newest_record

MakeLedger = Callable[..., Ledger]
SECOND = timedelta(seconds=1)

PAUSE = """
[[lines]]
id = "general"
label = "All goods"

[[lines]]
id = "energy"
label = "Energy"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01T12:00:00
recorded = 2025-02-02
effective = 2025-02-04T00:01:00
rates = { general = "25%", energy = "10%" }
source = "eo-1"

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03T18:00:00
recorded = 2025-02-10
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "eo-2"
"""
EXTENSION = """
[[events]]
id = "longer"
kind = "extended"
extends = "pause"
known = 2025-03-03T12:00:00
until = 2025-04-02T00:01:00
source = "eo-3 sec. 1"
note = "The pause runs on to 2 April."
"""
RISE = """
[[events]]
id = "rise"
kind = "modified"
known = 2025-02-20T12:00:00
effective = 2025-02-21
rates = { general = "35%" }
source = "eo-4"
"""
END = """
[[events]]
id = "over"
kind = "terminated"
known = 2025-02-20T12:00:00
effective = 2025-02-20T12:00:00
source = "eo-4"
"""
REPORT = """
[[events]]
id = "opened"
kind = "opened"
known = 2025-01-02
recorded = 2025-01-03
source = "notice-1"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-03-10
known = 2025-01-02
recorded = 2025-01-05
text = "The report is due"
source = "notice-1"
settled_by = "handed-in"

[[events]]
id = "handed-in"
kind = "milestone"
known = {known}
source = "notice-2"
"""
MOVED = """
[[deadlines]]
id = "report-later"
kind = "report-due"
at = 2025-03-20
known = 2025-03-01T12:00:00
replaces = "report"
text = "The report is due, later"
source = "notice-3"
"""


def world(at: str | datetime, knowing: str | datetime | None = None) -> World:
    as_of, known = (instant(t) if isinstance(t, str) else t for t in (at, knowing or at))
    return World(as_of, known)


@pytest.fixture
def between(ledger: MakeLedger) -> Callable[..., ActionChange]:
    """What changed of a ledger's one action between two worlds."""

    def changes(
        text: str, before: str | datetime | World, after: str | datetime | World, *days: date
    ) -> ActionChange:
        (action,) = ledger(us_example=text).actions.values()
        worlds = [at if isinstance(at, World) else world(at) for at in (before, after)]
        return compare(action, *worlds, Recorded(*days) if days else None)

    return changes


Between = Callable[..., ActionChange]


def told(change: ActionChange) -> list[tuple[str, str | None, str | None, list[str]]]:
    """Each change of a date: its fate, both dates, the ids behind it."""
    return [
        (
            date.fate.value,
            date.before and words.due_date(date.before.due),
            date.after and words.due_date(date.after.due),
            [fact.id for fact in date.behind],
        )
        for date in change.dates
    ]


@pytest.mark.parametrize(("since", "known"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_what_was_known_at_that_instant_is_not_news(between: Between, since: timedelta, known: bool) -> None:
    at = instant("2025-03-03 12:00")
    change = between(PAUSE + EXTENSION, at + since, "2025-03-10 12:00")
    assert [event.id for event in change.events] == (["longer"] if known else [])
    assert bool(change.dates) is known


@pytest.mark.parametrize(("as_of", "known"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_what_becomes_known_at_the_instant_asked_about_is(
    between: Between, as_of: timedelta, known: bool
) -> None:
    at = instant("2025-03-03 12:00")
    change = between(PAUSE + EXTENSION, "2025-03-01 12:00", at + as_of)
    extended = [("extended", "2025-03-04 00:01 EST", "2025-04-02 00:01 EDT", ["longer"])]
    assert [event.id for event in change.events] == (["longer"] if known else [])
    assert told(change) == (extended if known else [])


@pytest.mark.parametrize(("as_of", "came"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_a_date_that_came_as_told_is_a_change_though_nothing_became_known(
    between: Between, as_of: timedelta, came: bool
) -> None:
    change = between(PAUSE, "2025-03-01 12:00", instant("2025-03-04 00:01") + as_of)
    assert [deadline.id for deadline in change.came] == (["pause"] if came else [])
    assert (change.turned, change.changed, change.dates) == (came, came, ())


@pytest.mark.parametrize(("since", "came"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_what_had_come_by_then_is_no_change(between: Between, since: timedelta, came: bool) -> None:
    change = between(PAUSE, instant("2025-03-04 00:01") + since, "2025-03-10 12:00")
    assert [deadline.id for deadline in change.came] == (["pause"] if came else [])


def test_what_comes_is_told_too_when_something_else_became_known(between: Between) -> None:
    milestone = '[[events]]\nid = "call"\nkind = "milestone"\nknown = 2025-03-02\nsource = "eo-9"\n'
    change = between(PAUSE + milestone, "2025-03-01 12:00", "2025-03-05 12:00")
    assert [deadline.id for deadline in change.came] == ["pause"]
    assert [event.id for event in change.events] == ["call"]


def test_a_pause_drops_the_start_and_sets_a_date(between: Between) -> None:
    change = between(PAUSE, "2025-02-02 12:00", "2025-02-10 12:00")
    assert told(change) == [
        ("dropped", "2025-02-04 00:01 EST", None, ["pause"]),
        ("new-date", None, "2025-03-04 00:01 EST", ["pause"]),
    ]
    assert words.turn(change.before, change.after) == (
        "scheduled, 25% (energy 10%) -> suspended, 25% (energy 10%)"
    )


def test_a_date_that_was_past_when_it_became_known_is_told_by_its_event(between: Between) -> None:
    change = between(PAUSE + END, "2025-02-19 12:00", "2025-02-25 12:00")
    assert told(change) == [("dropped", "2025-03-04 00:01 EST", None, ["over"])]
    assert [event.id for event in change.events] == ["over"]


def test_a_new_date_that_came_meanwhile_is_told(between: Between) -> None:
    change = between(PAUSE, "2025-01-31 12:00", "2025-03-10 12:00")
    assert told(change) == [("new-date", None, "2025-03-04 00:01 EST", ["pause"])]
    assert change.before.phase is None
    assert words.turn(change.before, change.after) == "not yet public -> in force, 25% (energy 10%)"


def test_what_came_and_went_in_between_is_told_by_its_events_alone(between: Between) -> None:
    change = between(PAUSE + END, "2025-02-02 12:00", "2025-02-25 12:00")
    assert told(change) == [("dropped", "2025-02-04 00:01 EST", None, ["pause"])]
    assert [event.id for event in change.events] == ["pause", "over"]


def test_a_pause_extended_after_it_ran_out_was_extended_all_the_same(between: Between) -> None:
    late = EXTENSION.replace("2025-03-03T12", "2025-03-06T12")
    change = between(PAUSE + late, "2025-03-05 12:00", "2025-03-07 12:00")
    assert ("extended", "2025-03-04 00:01 EST", "2025-04-02 00:01 EDT", ["longer"]) in told(change)


def test_another_outcome_on_the_same_day(between: Between) -> None:
    change = between(PAUSE + RISE, "2025-02-19 12:00", "2025-02-25 12:00")
    (date,) = change.dates
    assert told(change) == [("other-outcome", *["2025-03-04 00:01 EST"] * 2, ["rise"])]
    assert date.before
    before = (date.before.due, words.what_changes(date.before))
    assert words.befell(date.fate, before, date.after, instant("2025-02-25 12:00")) == (
        "2025-03-04 00:01 EST pause ends: in force at 35% (energy 10%); "
        "told before: pause ends: in force at 25% (energy 10%)"
    )


@pytest.mark.parametrize("known", ["2025-03-05T10:00:00", "2025-03-10", "2025-03-12T10:00:00"])
def test_what_was_met_is_settled_before_its_day_on_it_and_after(between: Between, known: str) -> None:
    change = between(REPORT.format(known=known), "2025-03-01 12:00", "2025-03-20 12:00")
    assert told(change) == [("settled", "2025-03-10", None, ["handed-in"])]


def test_what_had_passed_before_it_was_settled_is_told_by_the_event(between: Between) -> None:
    change = between(REPORT.format(known="2025-03-12T10:00:00"), "2025-03-11 12:00", "2025-03-20 12:00")
    assert told(change) == []
    assert [event.id for event in change.events] == ["handed-in"]


def test_a_stated_date_that_another_replaces_is_moved_though_an_event_settles_it(between: Between) -> None:
    """The event that sets the new date may stand as what settled the old one."""
    text = REPORT.format(known="2025-03-01T12:00:00") + MOVED
    change = between(text, "2025-02-20 12:00", "2025-03-02 12:00")
    assert told(change) == [("moved", "2025-03-10", "2025-03-20", ["report-later"])]


def test_both_worlds_can_be_asked_about_one_day(between: Between) -> None:
    """10 March as it was expected on 1 March, and as it was known to be on 5 March."""
    march = instant("2025-03-10 12:00")
    change = between(
        PAUSE + EXTENSION, World(march, instant("2025-03-01")), World(march, instant("2025-03-05"))
    )
    assert words.turn(change.before, change.after) == (
        "in force, 25% (energy 10%) -> suspended, 25% (energy 10%)"
    )
    assert change.came == ()


def test_lines_that_turn_are_named_where_the_action_sounds_the_same(between: Between) -> None:
    both = PAUSE.replace("effective = 2025-02-03\n", 'effective = 2025-02-03\nlines = ["energy"]\n')
    both += '[[events]]\nid = "more"\nkind = "suspended"\nknown = 2025-02-05\neffective = 2025-02-05\n'
    both += 'lines = ["energy"]\nuntil = 2025-06-01\nsource = "eo-5"\n'
    both += '[[events]]\nid = "swap"\nkind = "modified"\nknown = 2025-02-06\neffective = 2025-02-06\n'
    both += 'rates = { energy = "12%" }\nsource = "eo-6"\n'
    change = between(both, "2025-02-05 12:00", "2025-02-07 12:00")
    assert change.turned
    assert words.stands_at(change.before) == words.stands_at(change.after) == "in force (lines differ), 25%"
    assert words.turn(change.before, change.after) == "energy: suspended, 10% -> suspended, 12%"


@pytest.mark.parametrize(
    ("after", "through", "entered"),
    [
        (date(2025, 2, 1), date(2025, 3, 1), ["start", "pause"]),
        (date(2025, 2, 2), date(2025, 3, 1), ["pause"]),
        (date(2025, 2, 9), date(2025, 2, 10), ["pause"]),
        (date(2025, 2, 9), date(2025, 2, 9), []),
        (date(2025, 2, 10), date(2025, 3, 1), []),
    ],
)
def test_what_was_known_and_recorded_since(
    between: Between, after: date, through: date, entered: list[str]
) -> None:
    change = between(PAUSE, "2025-02-05 12:00", "2025-02-20 12:00", after, through)
    assert [fact.id for fact in change.entered] == entered
    assert not change.changed


def test_what_became_known_since_has_not_merely_entered_the_ledger(between: Between) -> None:
    change = between(PAUSE, "2025-02-02 12:00", "2025-02-20 12:00", date(2025, 2, 1), date(2025, 3, 1))
    assert [fact.id for fact in change.entered] == ["start"]
    assert [event.id for event in change.events] == ["pause"]


def test_stated_deadlines_enter_the_ledger_too(between: Between) -> None:
    text = REPORT.format(known="2025-03-05T10:00:00")
    change = between(text, "2025-02-01 12:00", "2025-02-20 12:00", date(2025, 1, 4), date(2025, 3, 1))
    assert [words.written(fact, change.action) for fact in change.entered] == [
        "2025-03-10 report due: The report is due"
    ]


def test_the_newest_record(ledger: MakeLedger) -> None:
    actions = ledger(us_example=PAUSE, us_other=REPORT.format(known="2025-03-05")).actions.values()
    assert newest_record(actions) == date(2025, 2, 10)
    assert newest_record([]) is None


def test_only_what_differs_and_is_asked_for(ledger: MakeLedger) -> None:
    actions = ledger(us_example=PAUSE, us_longer=PAUSE + EXTENSION).actions.values()
    worlds = world("2025-03-01 12:00"), world("2025-03-05 12:00")

    def ids(**asked: object) -> list[str]:
        filters = Filters(**asked)  # type: ignore[arg-type]
        return [change.action.id for change in compared(actions, *worlds, filters=filters)]

    assert ids() == ["us-example", "us-longer"]
    assert ids(ids=frozenset({"us-longer"})) == ["us-longer"]
    assert ids(phases=frozenset({Phase.SUSPENDED})) == ["us-longer"]
    assert ids(kinds=frozenset({DeadlineKind.PAUSE_ENDS})) == ["us-example", "us-longer"]
    assert ids(kinds=frozenset({DeadlineKind.HEARING})) == []
    assert ids(by_then=instant("2025-03-15 12:00")) == ["us-example"]
    assert compared(actions, *[world("2025-02-20 12:00"), world("2025-02-25 12:00")]) == []


def test_what_reminders_told_changes_tell_in_the_same_words(shipped_ledger: Ledger) -> None:
    """Every fortnight from 2025 on, over the whole ledger.

    Three things are told otherwise, for more is known here than what a reminder remembers: a date that
    was past when it became known is left to its event; a date that was moved after it had passed was
    moved; and another outcome on the same day is told.
    """
    reminder = Reminder(
        name="all", watch=Filters(), before=LADDER, channels=("p",), loc=Loc("config.toml", 1)
    )
    now, memory, lines = instant("2025-01-15 23:59:59"), Memory(), 0
    memory = plan(reminder, shipped_ledger, memory, now, NEW_YORK).memory
    while now < instant("2026-11-20 12:00"):
        before, now = now, now + timedelta(days=14)
        planned = plan(reminder, shipped_ledger, memory, now, NEW_YORK)
        memory = planned.memory
        news = [item for item in planned.items if item.kind in (ItemKind.CHANGED, ItemKind.NEW)]
        reminded = {(item.action, line) for item in news for line in item.lines}
        found = compared(shipped_ledger.actions.values(), world(before), world(now))
        changed = {(change.action.id, line) for change in found for line in as_told(change, now)}
        assert all(line.startswith("new date: ") for _, line in reminded - changed)
        late = {
            (change.action.id, date.fate)
            for change in found
            for date in change.dates
            if date.before and date.before.due.passes <= before
        }
        for action, line in changed - reminded:
            fate = line.partition(":")[0]
            assert fate == Fate.OTHER_OUTCOME.words or (action, fate) in late, line
        lines += len(reminded & changed)
    assert lines > 1500


def as_told(change: ActionChange, now: datetime) -> list[str]:
    """What a reminder would say of it."""
    lines = [
        f"{words.moment(e.known, change.action.zone)} {words.happened(e, change.action)}"
        for e in change.events
    ]
    for one in change.dates:
        before = (one.before.due, words.what_changes(one.before)) if one.before else None
        lines.append(f"{one.fate.words}: {words.befell(one.fate, before, one.after, now)}")
    return lines
