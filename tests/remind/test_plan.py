"""The plan: what is told, when, and how often. Every boundary, and laws under hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from conftest import HEAD, NEW_YORK, instant
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffwatch.ledger.load import Ledger, load
from tariffwatch.model import DeadlineKind, Loc, Phase
from tariffwatch.remind.items import Item, ItemKind, Memory
from tariffwatch.remind.plan import fingerprint, forget_future, plan
from tariffwatch.results import Filters
from tariffwatch.settings.model import LADDER, Quiet, Reminder, Rung, Unit

MakeLedger = Callable[..., Ledger]

PAUSE = """
[[lines]]
id = "general"
label = "All goods"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01T12:00:00
effective = 2025-02-04T00:01:00
rate = "25%"
source = "eo-1"

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03T18:00:00
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
END = """
[[events]]
id = "over"
kind = "terminated"
known = 2025-02-20T12:00:00
effective = 2025-02-20T12:00:00
source = "eo-4"
note = "The order is revoked."
"""
REPORT = """
[[events]]
id = "opened"
kind = "opened"
known = 2025-01-02
source = "notice-1"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-03-10
text = "The report is due"
source = "notice-1"
settled_by = "handed-in"

[[events]]
id = "handed-in"
kind = "milestone"
known = 2025-03-05T10:00:00
source = "notice-2"
note = "The report was handed in."
"""


def reminder(**given: object) -> Reminder:
    fields: dict[str, object] = {"watch": Filters(), "before": LADDER, "channels": ("print",)}
    return Reminder(name="all", loc=Loc("config.toml", 1), **(fields | given))  # type: ignore[arg-type]


def rungs(*texts: str) -> tuple[Rung, ...]:
    return tuple(Rung(int(t.rstrip("hdwb")), Unit(t.lstrip("0123456789"))) for t in texts)


class Walk:
    """A reminder that is run at instants, as cron does."""

    def __init__(self, ledger: Ledger, **given: object) -> None:
        self.ledger = ledger
        self.reminder = reminder(**given)
        self.memory = Memory()

    def at(self, text: str | datetime) -> list[Item]:
        now = text if isinstance(text, datetime) else instant(text)
        planned = plan(self.reminder, self.ledger, forget_future(self.memory, now), now, NEW_YORK)
        self.memory = planned.memory
        return list(planned.items)

    def kinds(self, text: str) -> list[tuple[str, str]]:
        return [(item.kind.value, item.head) for item in self.at(text)]


@pytest.mark.parametrize(
    ("rung", "at", "due"),
    [
        ("2h", "2025-03-04 00:01", "2025-03-03 22:01"),
        ("1d", "2025-03-04 00:01", "2025-03-03 00:01"),
        ("2w", "2025-03-04 00:01", "2025-02-18 00:01"),
        # the clocks go forward on 9 March 2025 and back on 2 November: a day keeps its hour, hours do not
        ("1d", "2025-03-10 00:01", "2025-03-09 00:01"),
        ("2h", "2025-03-09 03:30", "2025-03-09 00:30"),
        ("1d", "2025-11-03 00:01", "2025-11-02 00:01"),
        ("24h", "2025-11-03 00:01", "2025-11-02 01:01"),
        ("24h", "2025-11-02 12:00", "2025-11-01 13:00"),
        # business days of the United States: Presidents' Day and two week-ends are skipped
        ("5bd", "2025-02-21 12:00", "2025-02-13 12:00"),
        ("1bd", "2025-03-03 12:00", "2025-02-28 12:00"),
        ("1d", "2024-03-01 00:00", "2024-02-29 00:00"),
    ],
)
def test_when_a_rung_is_reached(ledger: MakeLedger, rung: str, at: str, due: str) -> None:
    body = REPORT.partition("settled_by")[0].replace("2025-01-02", "2024-01-02")
    body = body.replace("at = 2025-03-10", f"at = {at.replace(' ', 'T')}:00")
    walk = Walk(ledger(us_example=body), before=rungs(rung))
    before = instant(due) - timedelta(seconds=1)
    assert walk.at(before) == []
    assert [item.kind for item in walk.at(instant(due))] == [ItemKind.WARNING]
    assert walk.at(instant(due) + timedelta(seconds=1)) == []


def test_each_rung_of_the_pause_is_told_once(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-03 19:00")
    told = []
    now, end = instant("2025-02-03 19:00"), instant("2025-03-05 00:00")
    while now < end:
        told += [(now, item.head) for item in walk.at(now)]
        now += timedelta(minutes=5)
    first_after = [
        "2025-02-18 00:05",
        "2025-02-25 00:05",
        "2025-03-01 00:05",
        "2025-03-03 00:05",
        "2025-03-03 22:05",
    ]
    assert told == [(instant(at), "pause ends") for at in first_after]


def test_the_first_look_warns_by_the_nearest_rung_and_tells_no_news(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    assert walk.kinds("2025-02-27 12:00") == [("warning", "pause ends")]
    assert walk.at("2025-02-27 12:05") == []


def test_a_new_order_is_news_and_stands_for_the_rungs_reached(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    assert walk.kinds("2025-01-30 12:00") == []
    [item] = walk.at("2025-02-01 12:00")
    assert (item.kind, item.head) == (ItemKind.NEW, "new action")
    assert item.lines[0] == "new date: 2025-02-04 00:01 EST takes effect: 25%"
    assert walk.at("2025-02-01 12:05") == []


def test_a_suspension_drops_one_date_and_sets_another(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-02 12:00")
    [item] = walk.at("2025-02-03 18:00")
    assert (item.kind, item.head) == (ItemKind.CHANGED, "suspended")
    assert item.lines[:2] == (
        "new date: 2025-03-04 00:01 EST pause ends: in force at 25%",
        "dropped: 2025-02-04 00:01 EST takes effect: 25%",
    )


def test_an_extension_is_told_as_one_date_that_moved(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + EXTENSION))
    walk.at("2025-03-03 11:00")
    [item] = walk.at("2025-03-03 12:00")
    assert item.head == "extended"
    assert item.lines[0] == (
        "extended: from 2025-03-04 00:01 EST to 2025-04-02 00:01 EDT pause ends: in force at 25%"
    )
    assert item.sources == ("eo-3 sec. 1",)
    assert walk.at("2025-03-04 00:02") == []
    assert walk.kinds("2025-03-19 00:01") == [("warning", "pause ends")]


def test_an_extension_that_came_while_the_machine_was_off_is_no_missed_date(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + EXTENSION))
    walk.at("2025-02-27 12:00")
    assert walk.kinds("2025-03-08 12:00") == [("changed", "extended")]


def test_a_revoked_order_drops_its_dates_and_nothing_fires_later(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + END))
    walk.at("2025-02-19 12:00")
    [item] = walk.at("2025-02-20 12:00")
    assert item.head == "terminated"
    assert item.lines[0] == "dropped: 2025-03-04 00:01 EST pause ends: in force at 25%"
    now = instant("2025-02-20 12:05")
    while now < instant("2025-03-06 00:00"):
        assert walk.at(now) == []
        now += timedelta(hours=1)


def test_a_settled_deadline_is_told_as_settled(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=REPORT))
    walk.at("2025-03-04 12:00")
    [item] = walk.at("2025-03-05 10:00")
    assert item.head == "settled"
    assert item.lines[0] == "settled: 2025-03-10 report due: The report is due"


def test_a_day_is_due_through_its_close(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=REPORT.partition("settled_by")[0]), before=rungs("0d"))
    walk.at("2025-03-09 23:59:59")
    assert walk.kinds("2025-03-10 00:00") == [("warning", "report due")]
    assert walk.at("2025-03-10 23:59:59") == walk.at("2025-03-11 00:00") == []


def test_a_date_that_passed_while_the_machine_was_off_was_missed(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-26 12:00")
    assert walk.kinds("2025-03-07 12:00") == [("missed", "pause ends")]
    assert walk.at("2025-03-07 12:05") == []


def test_after_a_week_off_only_the_nearest_rung_is_told(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-10 12:00")
    assert len(walk.at("2025-03-02 12:00")) == 1
    assert walk.at("2025-03-02 12:05") == []


def test_the_clock_set_back_a_day_repeats_nothing(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + EXTENSION))
    for at in ("2025-03-01 00:05", "2025-03-03 00:05", "2025-03-03 12:05", "2025-03-04 01:00"):
        walk.at(at)
    for hours in range(24):
        assert walk.at(instant("2025-03-03 01:00") + timedelta(hours=hours)) == []
    assert walk.kinds("2025-03-19 00:05") == [("warning", "pause ends")]


def test_a_clock_that_was_years_ahead_loses_no_warning(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-10 12:00")
    assert walk.kinds("2031-01-01 00:00") == [("missed", "pause ends")]
    walk.at("2025-02-10 12:05")
    assert walk.kinds("2025-02-25 00:05") == [("warning", "pause ends")]


@pytest.mark.parametrize(
    ("at", "kind"),
    [("2025-03-04 00:00:59", "warning"), ("2025-03-04 00:01", "missed"), ("2025-03-04 00:01:01", "missed")],
)
def test_a_date_is_missed_from_its_instant_on(ledger: MakeLedger, at: str, kind: str) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-26 12:00")
    assert walk.kinds(at) == [(kind, "pause ends")]


@pytest.mark.parametrize("at", ["2025-03-04 00:01", "2025-03-04 00:05"])
def test_a_rung_at_the_date_itself_misses_nothing(ledger: MakeLedger, at: str) -> None:
    walk = Walk(ledger(us_example=PAUSE), before=rungs("0h"))
    walk.at("2025-03-04 00:00")
    assert walk.kinds(at) == [("warning", "pause ends")]


@pytest.mark.parametrize(
    ("at", "told"),
    [("2025-03-04 00:00:59", [("warning", "pause ends")]), ("2025-03-04 00:01", [])],
)
def test_without_news_a_date_that_came_and_passed_between_two_looks_is_left(
    ledger: MakeLedger, at: str, told: list[tuple[str, str]]
) -> None:
    walk = Walk(ledger(us_example=PAUSE), news=False)
    walk.at("2025-02-03 17:00")
    assert walk.kinds(at) == told


@pytest.mark.parametrize(("looked", "kept"), [("2025-04-03 01:00:59", True), ("2025-04-03 01:01", False)])
def test_a_passed_date_is_remembered_for_thirty_days(ledger: MakeLedger, looked: str, kept: bool) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    for at in ("2025-03-03 23:00", looked, "2025-04-04 00:00"):
        walk.at(at)
    assert bool(walk.memory.followed) is kept


def test_a_clock_that_was_ahead_forgets_what_it_told_there(ledger: MakeLedger) -> None:
    """What was told up to two days ahead stays told, to the second."""
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-20 12:00")
    [(key, followed)] = walk.memory.followed.items()
    now, second = instant("2025-02-21 12:00"), timedelta(seconds=1)
    far = now + timedelta(days=2)
    told = (None, now - timedelta(days=1), now, now + second, far, far + second)
    kept = (*told[:-1], None)
    held = {key._replace(id=str(n)): replace(followed, told=at) for n, at in enumerate(told)}
    memory = replace(walk.memory, followed=held)
    found = forget_future(replace(memory, latest=far + second), now)
    assert tuple(one.told for one in found.followed.values()) == kept
    assert found.latest == now
    unmoved = replace(memory, latest=far)
    assert forget_future(unmoved, now) is unmoved
    assert forget_future(Memory(), now) == Memory()


@pytest.mark.parametrize(
    ("looks", "wake"),
    [
        (["2025-02-03 17:00"], "2025-02-03 18:00"),  # the pause becomes known
        (["2025-02-03 18:00"], "2025-02-18 00:01"),
        (["2025-02-18 00:00:59"], "2025-02-18 00:01"),
        (["2025-02-18 00:01"], "2025-02-25 00:01"),
        (["2025-03-03 22:01"], "2025-03-04 00:01"),
        # the clock was set back: what was known stays known, and is not waited for
        (["2025-02-03 18:00", "2025-02-03 17:00"], "2025-02-18 00:01"),
    ],
)
def test_when_to_look_again(ledger: MakeLedger, looks: list[str], wake: str) -> None:
    held, memory = ledger(us_example=PAUSE), Memory()
    for at in looks:
        planned = plan(reminder(), held, memory, instant(at), NEW_YORK)
        memory = planned.memory
    assert planned.wake == instant(wake)


def test_a_fingerprint_stays_as_it_is_stored_and_tells_watches_apart() -> None:
    """It stands in the state of those who run reminders: another text would swallow news once."""
    assert fingerprint(Filters()) == "[[], [], [], []] "
    one = Filters(
        ids=frozenset({"us-b", "us-a"}), on=frozenset({"CA"}), by=frozenset({"US"}), authority="301"
    )
    assert fingerprint(one) == "[['us-a', 'us-b'], ['CA'], ['US'], []] 301"


QUIET = Quiet(time(22), time(7))


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2025-02-25 21:59:59", None),
        ("2025-02-25 22:00", "2025-02-26 07:00"),
        ("2025-02-26 06:59:59", "2025-02-26 07:00"),
        ("2025-02-26 07:00", None),
        ("2025-03-09 01:30", "2025-03-09 07:00"),
    ],
)
def test_quiet_hours(now: str, ends: str | None) -> None:
    assert QUIET.ends(instant(now), NEW_YORK) == (instant(ends) if ends else None)


def test_quiet_hours_by_day() -> None:
    lunch = Quiet(time(12), time(13))
    assert lunch.ends(instant("2025-02-25 12:30"), NEW_YORK) == instant("2025-02-25 13:00")
    assert lunch.ends(instant("2025-02-25 13:00"), NEW_YORK) is None


def test_in_quiet_hours_only_what_cannot_wait_is_told(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE), quiet=QUIET)
    assert walk.at("2025-02-24 12:00") != []
    assert walk.at("2025-02-25 00:05") == []  # the seven-day rung can wait
    assert walk.kinds("2025-02-25 07:00") == [("warning", "pause ends")]
    walk.at("2025-03-03 21:55")
    assert walk.kinds("2025-03-03 22:01") == [("warning", "pause ends")]  # ends at 00:01, before seven
    assert walk.at("2025-03-03 22:06") == []


@pytest.mark.parametrize(("ends", "told"), [(time(0, 1), "22:01"), (time(0, 0, 59), "00:00:59")])
def test_what_passes_as_quiet_hours_end_cannot_wait(ledger: MakeLedger, ends: time, told: str) -> None:
    walk = Walk(ledger(us_example=PAUSE), quiet=Quiet(time(22), ends))
    walk.at("2025-03-03 21:55")
    first = [at for at in ("03-03 22:01", "03-04 00:00:58", "03-04 00:00:59") if walk.at(f"2025-{at}")]
    assert first == [at for at in first if at.endswith(told)] != []


def test_a_date_that_moves_in_quiet_hours_to_one_within_them_is_told(ledger: MakeLedger) -> None:
    longer = EXTENSION.replace("2025-03-03T12:00:00", "2025-03-03T22:30:00")
    longer = longer.replace("2025-04-02T00:01:00", "2025-03-04T06:00:00")
    walk = Walk(ledger(us_example=PAUSE + longer), quiet=QUIET)
    walk.at("2025-03-03 22:05")
    assert walk.kinds("2025-03-03 22:35") == [("warning", "pause ends")]
    assert walk.at("2025-03-03 22:40") == []


def test_news_waits_for_the_end_of_quiet_hours(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + EXTENSION), quiet=Quiet(time(11), time(14)))
    walk.at("2025-03-03 10:00")
    assert walk.at("2025-03-03 12:30") == []
    assert walk.kinds("2025-03-03 14:00") == [("changed", "extended")]


def test_a_first_look_in_quiet_hours_tells_no_old_news_afterwards(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE), quiet=QUIET)
    assert walk.at("2025-02-26 23:00") == []
    assert walk.kinds("2025-02-27 07:00") == [("warning", "pause ends")]


def test_the_watch_narrows_what_is_told(ledger: MakeLedger) -> None:
    both = ledger(us_example=PAUSE, us_other=REPORT)
    assert Walk(both, watch=Filters(ids=frozenset({"us-other"}))).kinds("2025-03-03 23:00") == [
        ("warning", "report due")
    ]
    kinds = Filters(kinds=frozenset({DeadlineKind.PAUSE_ENDS}))
    assert Walk(both, watch=kinds).kinds("2025-03-03 23:00") == [("warning", "pause ends")]
    phases = Filters(phases=frozenset({Phase.IN_FORCE}))
    assert Walk(both, watch=phases).kinds("2025-03-03 23:00") == []


def test_a_changed_watch_tells_no_old_news(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE, us_other=REPORT), watch=Filters(ids=frozenset({"us-other"})))
    walk.at("2025-02-10 12:00")
    walk.reminder = reminder()
    assert [item.kind for item in walk.at("2025-02-20 12:00")] == [ItemKind.WARNING]
    walk.reminder = reminder(watch=Filters(ids=frozenset({"us-other"})))
    assert walk.at("2025-02-20 12:05") == []


def test_without_news_a_moved_date_warns_by_its_rungs(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE + EXTENSION), news=False)
    walk.at("2025-03-03 11:00")
    [item] = walk.at("2025-03-03 12:05")
    assert (item.kind, item.head) == (ItemKind.WARNING, "pause ends")


def test_what_entered_the_ledger_late_is_no_news(ledger: MakeLedger) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-28 12:00")
    old = '[[events]]\nid = "talks"\nkind = "milestone"\nknown = 2024-11-25\nsource = "x"\n'
    new = old.replace("talks", "call").replace("2024-11-25", "2025-02-27")
    walk.ledger = ledger(us_example=PAUSE + old)
    assert walk.at("2025-02-28 12:05") == []
    walk.ledger = ledger(us_example=PAUSE + old + new)
    assert walk.kinds("2025-02-28 12:10") == [("changed", "milestone")]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        # the rungs of 25 February and 1 March are held back; the end of the snooze is a rung of its own
        (
            "2025-03-02 12:01",
            {"2025-03-02 12:01": "warning", "2025-03-03 00:01": "warning", "2025-03-03 22:01": "warning"},
        ),
        ("2025-03-05 12:01", {"2025-03-04 00:01": "missed"}),  # nothing before the date; then it is news
    ],
)
def test_a_snooze_holds_warnings_back_until_it_ends(
    ledger: MakeLedger, until: str, told: dict[str, str]
) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-20 12:00")
    [(key, followed)] = walk.memory.followed.items()
    walk.memory = replace(walk.memory, followed={key: replace(followed, snoozed=instant(until))})
    found: dict[str, str] = {}
    now = instant("2025-02-20 12:01")
    while now < instant("2025-03-06 00:00"):
        found |= {f"{now.astimezone(NEW_YORK):%Y-%m-%d %H:%M}": item.kind.value for item in walk.at(now)}
        now += timedelta(minutes=30)
    assert found == told


@pytest.mark.parametrize(("known", "told"), [("2025-01-29T12:00:00", False), ("2025-01-29T12:00:01", True)])
def test_what_was_known_thirty_days_before_the_last_look_is_no_news(
    ledger: MakeLedger, known: str, told: bool
) -> None:
    walk = Walk(ledger(us_example=PAUSE))
    walk.at("2025-02-28 12:00")
    talks = f'[[events]]\nid = "talks"\nkind = "milestone"\nknown = {known}\nsource = "x"\n'
    walk.ledger = ledger(us_example=PAUSE + talks)
    assert bool(walk.at("2025-02-28 12:05")) is told


def test_a_date_that_entered_the_ledger_without_an_event_is_news(ledger: MakeLedger) -> None:
    opened, _, dated = REPORT.partition("[[deadlines]]")
    walk = Walk(ledger(us_example=opened))
    walk.at("2025-02-20 12:00")
    walk.ledger = ledger(us_example=f"{opened}[[deadlines]]{dated}")
    [item] = walk.at("2025-02-20 12:05")
    assert item.kind is ItemKind.CHANGED
    assert item.lines == ("new date: 2025-03-10 report due: The report is due",)
    assert walk.at("2025-02-20 12:10") == []


def test_the_end_of_a_pause_that_becomes_the_end_of_the_measure_is_one_date(ledger: MakeLedger) -> None:
    sunset = "effective = 2025-02-04T00:01:00\nuntil = 2025-04-01"
    ends = (PAUSE + EXTENSION).replace("effective = 2025-02-04T00:01:00", sunset)
    walk = Walk(ledger(us_example=ends))
    walk.at("2025-03-03 11:00")
    [item] = walk.at("2025-03-03 12:00")
    assert item.lines[0].startswith("extended: from 2025-03-04 00:01 EST to 2025-04-02 00:01 EDT expires")
    assert [key.kind for key in walk.memory.followed] == [DeadlineKind.EXPIRES]
    assert walk.at("2025-03-03 12:05") == []


def test_a_file_that_cannot_be_read_for_a_while_loses_nothing(ledger: MakeLedger) -> None:
    whole = ledger(us_example=PAUSE)
    walk = Walk(whole)
    walk.at("2025-02-20 12:00")
    walk.ledger = Ledger({})
    assert walk.at("2025-02-22 12:00") == []
    walk.ledger = whole
    assert walk.kinds("2025-02-25 12:00") == [("warning", "pause ends")]


def test_a_finding_is_news(ledger: MakeLedger) -> None:
    found = (
        '[[conditions]]\nid = "border"\nparty = "FD"\ntext = "Send troops."\n'
        'bears_on = "pause"\nsource = "eo-2"\n'
        '[[events]]\nid = "found"\nkind = "assessed"\ncondition = "border"\nfinding = "met"\n'
        'known = 2025-02-15T12:00:00\nsource = "x"\nnote = "They went."\n'
    )
    walk = Walk(ledger(us_example=PAUSE + found))
    walk.at("2025-02-15 11:00")
    [item] = walk.at("2025-02-15 12:00")
    assert item.head == "found met"
    assert item.lines == ("2025-02-15 12:00 EST found met: Send troops: They went.",)


def _folder(path: Path, body: str) -> Ledger:
    (path / "us-example.toml").write_text(HEAD.format(id="us-example") + body, encoding="utf-8")
    return load([path])


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Ledger]:
    bodies = (PAUSE, PAUSE + EXTENSION, PAUSE + END, REPORT)
    return [_folder(tmp_path_factory.mktemp("world"), body) for body in bodies]


BEGIN = instant("2025-01-30 00:00")
RUNS = st.lists(st.integers(0, 70 * 288), min_size=1, max_size=60, unique=True).map(sorted)
"""Runs at multiples of five minutes over 70 days: any, with gaps of any length."""


@settings(deadline=None, max_examples=150)
@given(world=st.integers(0, 3), runs=RUNS)
def test_law_nothing_is_told_twice_and_no_rung_is_lost(
    worlds: list[Ledger], world: int, runs: list[int]
) -> None:
    walk = Walk(worlds[world])
    told: list[str] = []
    for step in runs:
        now = BEGIN + timedelta(minutes=5 * step)
        told += [item.id for item in walk.at(now)]
        for followed in walk.memory.followed.values():
            reached = [rung.instant(followed.due) for rung in LADDER]
            last = max((at for at in reached if at <= now), default=None)
            assert last is None or (followed.told is not None and followed.told >= last)
    assert len(told) == len(set(told))


@settings(deadline=None, max_examples=25)
@given(world=st.integers(0, 3), start=st.integers(0, 40 * 288), quiet=st.booleans())
def test_law_until_the_next_look_nothing_can_be_due(
    worlds: list[Ledger], world: int, start: int, quiet: bool
) -> None:
    asked = reminder(quiet=QUIET if quiet else None)
    now = BEGIN + timedelta(minutes=5 * start)
    memory = Memory()
    for _ in range(4):
        planned = plan(asked, worlds[world], memory, now, NEW_YORK)
        memory = planned.memory
        for instant_between in _between(now, min(planned.wake, now + timedelta(days=40))):
            assert plan(asked, worlds[world], memory, instant_between, NEW_YORK).items == ()
        if planned.wake > now + timedelta(days=400):
            break
        now = planned.wake


def _between(start: datetime, end: datetime) -> Iterable[datetime]:
    yield from (start + (end - start) * n / 12 for n in range(1, 12))
    yield end - timedelta(seconds=1)
