"""Calendar files: read back with two libraries, and imported into a calendar that people use."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from conftest import NEW_YORK, instant
from dateutil import tz
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tariffwatch import facts, query, words
from tariffwatch.changes import Trail, Version, on_calendar, trails
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, DeadlineKind, Event, EventKind, Instrument, Loc, Moment, Phase
from tariffwatch.results import Deadline, Filters, State
from tariffwatch.views import ics
from tariffwatch.views.report import When

ROOT = Path(__file__).parent.parent.parent
TRUCE = "china-us-reciprocal-2025"
TRUCE_UID = f"{TRUCE}_truce_rate-changes_end@tariffwatch"
QUESTIONS = [
    ("2025-02-02 23:59:59", None),
    ("2025-02-10 23:59:59", None),
    ("2025-02-10 23:59:59", "2026-11-22 12:00"),
    ("2025-08-13 12:00", None),
    ("2026-11-22 12:00", None),
    ("2026-11-22 12:00", "2025-08-13 12:00"),
]
LOC = Loc("us-example.toml", 1)


def when(as_of: str, knowing: str | None = None) -> When:
    return When(instant(as_of), instant(knowing or as_of), NEW_YORK)


def made(ledger: Ledger, at: When, *ids: str, ladder: Sequence[timedelta] = ics.LADDER) -> bytes:
    filters = Filters(ids=frozenset(ids))
    found = on_calendar(ledger.actions.values(), at.as_of, at.knowing, filters)
    return ics.calendar(found, ledger.instruments, at, ladder)


def read(file: bytes) -> dict[str, icalendar.Event]:
    """The events of a file by their names; no name twice."""
    events = icalendar.Calendar.from_ical(file).walk("VEVENT")
    names = Counter(str(event["uid"]) for event in events)
    assert set(names.values()) <= {1}
    return {str(event["uid"]): event for event in events}


def unfolded(file: bytes) -> str:
    """RFC 5545 3.1, by hand: octets first, then characters."""
    return file.replace(b"\r\n ", b"").replace(b"\r\n", b"\n").decode()


# The file as a whole -------------------------------------------------------------------------------


def test_golden(shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    file = made(shipped_ledger, when("2025-02-10 23:59:59"), "ieepa-canada-border", "ieepa-china-fentanyl")
    golden("calendar-2025-02-10.ics", unfolded(file))


@pytest.mark.parametrize(("as_of", "knowing"), QUESTIONS)
def test_every_deadline_of_the_countdown_is_one_event_at_its_time(
    shipped_ledger: Ledger, as_of: str, knowing: str | None
) -> None:
    at = when(as_of, knowing)
    coming = query.countdown(shipped_ledger.actions.values(), at.as_of, at.knowing)
    assert coming
    expected = Counter(
        (_start(d), words.clean(f"{words.what_changes(d)} - {d.action.title}")) for d in coming
    )
    events = read(made(shipped_ledger, at)).values()
    due = Counter((e["dtstart"].dt, str(e["summary"])) for e in events if e["status"] == "CONFIRMED")
    assert expected <= due
    if at.knowing <= at.as_of:
        past = {start.date() if isinstance(start, datetime) else start for start, _ in due - expected}
        day = at.as_of.astimezone(NEW_YORK).date()
        assert all(day - timedelta(days=31) <= start <= day + timedelta(days=1) for start in past)


def _start(deadline: Deadline) -> date:
    local = deadline.at.astimezone(deadline.action.zone)
    return local.date() if deadline.due.whole_day else local


def test_the_same_question_gives_the_same_bytes_on_every_run() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/views'); sys.path.insert(0, 'tests')\n"
        "from test_ics import *\n"
        "from tariffwatch.ledger.load import load, shipped\n"
        "sys.stdout.buffer.write(made(load([shipped()]), when('2026-11-22 12:00')))"
    )
    files = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone, "HOME": "/"},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    ]
    assert files[0] == files[1]
    assert b"BEGIN:VEVENT" in files[0]


def test_the_library_is_loaded_only_where_a_calendar_is_made() -> None:
    code = "import sys, tariffwatch.views.ics; print('icalendar' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "False\n"


def test_a_calendar_without_events_is_still_a_calendar() -> None:
    file = ics.calendar([], {}, when("2025-02-10"))
    assert file.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert read(file) == {}


# A deadline through time ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("knowing", "sequence", "start"),
    [
        ("2025-05-15", 0, "2025-08-12 12:01"),
        ("2025-08-11 11:59", 0, "2025-08-12 12:01"),
        ("2025-08-12", 1, "2025-11-10 12:01"),
        ("2025-11-04 11:00", 2, "2026-11-10 13:01"),
    ],
)
def test_an_extension_moves_the_event(
    shipped_ledger: Ledger, knowing: str, sequence: int, start: str
) -> None:
    event = read(made(shipped_ledger, when(knowing), TRUCE))[TRUCE_UID]
    assert event["sequence"] == sequence
    assert event["status"] == "CONFIRMED"
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstart"].dt == datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert event["description"].count("moved from") == sequence


def test_what_an_event_known_in_time_has_ended_is_cancelled(shipped_ledger: Ledger) -> None:
    uid = "ieepa-reciprocal-china_truce_rate-changes_end@tariffwatch"
    before = read(made(shipped_ledger, when("2026-02-19"), "ieepa-reciprocal-china"))[uid]
    after = read(made(shipped_ledger, when("2026-02-21"), "ieepa-reciprocal-china"))[uid]
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert before["dtstart"].dt == after["dtstart"].dt
    assert after["sequence"] == before["sequence"] + 1
    assert after["summary"].startswith("No longer due: ")
    assert "known since 2026-02-20" in after["description"]
    assert len(before.walk("VALARM")) == len(ics.LADDER)
    assert not after.walk("VALARM")


@pytest.mark.parametrize(("days", "there"), [(1, True), (29, True), (31, False)])
def test_what_has_passed_stays_for_thirty_days(ledger: Callable[..., Ledger], days: int, there: bool) -> None:
    found = ledger(us_example=COMMENTS)
    before = read(made(found, when("2025-02-10 12:00")))
    passed = instant("2025-03-01 00:00") + timedelta(days=days)
    later = read(made(found, When(passed, passed, NEW_YORK)))
    assert list(later) == (list(before) if there else [])
    for uid, event in later.items():
        assert event.to_ical() == before[uid].to_ical()


COMMENTS = """
    [[events]]
    id = "opened"
    kind = "opened"
    known = 2025-02-01
    recorded = 2025-02-03
    source = "x"

    [[deadlines]]
    id = "comments"
    kind = "comment-closes"
    at = 2025-02-28
    text = "Comments; also on annex I, II"
    known = 2025-02-03T18:43:00
    recorded = 2025-02-05
    source = "eo-1 sec. 2; 19 U.S.C. 2414"

    [[instruments]]
    id = "eo-1"
    title = "Executive Order 1"
    cite = "90 FR 1"
    url = "https://example.org/eo-1?a=1,2;b"
    """


def test_names_are_lasting_and_sequences_only_rise(shipped_ledger: Ledger) -> None:
    """Whatever becomes known, at any instant, of any action of the ledger."""
    for action in shipped_ledger.actions.values():
        seen: dict[str, int] = {}
        for known, _ in facts.learned(action, instant("2026-11-22")):
            now = {ics.uid(trail): len(trail.moves) for trail in trails(action, known)}
            assert all(now[uid] >= sequence for uid, sequence in seen.items())
            seen = now


# One event ------------------------------------------------------------------------------------------


def test_a_day_stated_alone_is_the_whole_day(ledger: Callable[..., Ledger]) -> None:
    (event,) = read(made(ledger(us_example=COMMENTS), when("2025-02-10"))).values()
    assert event["uid"] == "us-example_comments_comment-closes@tariffwatch"
    assert event["dtstart"].params["VALUE"] == event["dtend"].params["VALUE"] == "DATE"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2025, 2, 28), date(2025, 3, 1))


def test_what_an_event_tells(ledger: Callable[..., Ledger]) -> None:
    (event,) = read(made(ledger(us_example=COMMENTS), when("2025-02-10"))).values()
    assert event["summary"] == "comment closes: Comments; also on annex I, II - Example duty on Freedonia"
    assert event["url"] == "https://example.org/eo-1?a=1,2;b"
    assert event["transp"] == "TRANSPARENT"
    assert event["categories"].cats == ["comment closes", "IEEPA"]
    assert event["description"].splitlines() == [
        "2025-02-28: comment closes: Comments; also on annex I, II",
        "The source gives the day alone: it is a day in America/New_York.",
        "Source: eo-1 sec. 2; 19 U.S.C. 2414",
        "Executive Order 1, 90 FR 1, https://example.org/eo-1?a=1,2;b",
        "Sources checked: to 2030-01-01",
        "us-example: US on FD, under IEEPA",
    ]


def test_the_stamp_is_the_day_of_the_record_and_never_before_the_fact(
    ledger: Callable[..., Ledger],
) -> None:
    def stamp(text: str) -> datetime:
        (event,) = read(made(ledger(us_example=text), when("2025-02-10"))).values()
        assert event["dtstamp"].dt == event["last-modified"].dt
        return event["dtstamp"].dt

    assert stamp(COMMENTS) == datetime(2025, 2, 5, tzinfo=UTC)
    assert stamp(COMMENTS.replace("recorded = 2025-02-05", "")) == instant("2025-02-03 18:43")
    assert stamp(COMMENTS.replace("2025-02-05", "2025-02-03")) == instant("2025-02-03 18:43")


def test_a_turning_point_is_an_instant_on_the_clock_of_its_law(shipped_ledger: Ledger) -> None:
    events = read(made(shipped_ledger, when("2025-02-10"), "ieepa-canada-border"))
    event = events["ieepa-canada-border_pause_pause-ends_end@tariffwatch"]
    assert event["dtstart"].params["TZID"] == "America/New_York"
    assert event["dtstart"].dt.isoformat() == "2025-03-04T00:01:00-05:00"
    assert event["duration"].dt == timedelta()
    assert event["summary"].startswith("pause ends: in force at 25% (energy 10%")
    assert event["description"].startswith("If nobody acts, 2025-03-04 00:01 EST: pause ends: in force at")


def test_a_start_that_comes_back_is_told_with_its_trail(ledger: Callable[..., Ledger]) -> None:
    found = ledger(us_example=PAUSED_AND_RESUMED)
    (event,) = read(made(found, when("2025-02-10"))).values()
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    (event,) = read(made(found, when("2025-02-20"))).values()
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 2)
    assert "Known since 2025-02-15: due again, 2025-03-04 00:01 EST" in event["description"]


PAUSED_AND_RESUMED = """
    [[lines]]
    id = "general"
    label = "All goods"

    [[events]]
    id = "start"
    kind = "ordered"
    known = 2025-02-01
    effective = 2025-03-04T00:01:00
    rate = "25%"
    source = "x"

    [[events]]
    id = "pause"
    kind = "suspended"
    known = 2025-02-05
    effective = 2025-02-05
    source = "x"

    [[events]]
    id = "on"
    kind = "resumed"
    known = 2025-02-15
    effective = 2025-02-15
    source = "x"
    """


def test_a_turning_point_of_which_the_day_alone_is_known_is_its_midnight(shipped_ledger: Ledger) -> None:
    events = read(made(shipped_ledger, when("2025-02-05"), "china-us-energy-machinery-2025"))
    event = events["china-us-energy-machinery-2025_start_takes-effect@tariffwatch"]
    assert event["dtstart"].dt.isoformat() == "2025-02-10T00:00:00+08:00"
    assert "the day alone: it holds from 2025-02-10 00:00 Shanghai." in event["description"]


def test_alarms_by_ladder(ledger: Callable[..., Ledger]) -> None:
    ladder = [timedelta(hours=2), timedelta(days=30), timedelta(hours=2)]
    file = made(ledger(us_example=COMMENTS), when("2025-02-10"), ladder=ladder)
    (event,) = read(file).values()
    alarms = event.walk("VALARM")
    assert [alarm["trigger"].dt for alarm in alarms] == [timedelta(days=-30), timedelta(hours=-2)]
    assert {(str(alarm["action"]), str(alarm["description"])) for alarm in alarms} == {
        ("DISPLAY", str(event["summary"]))
    }


# Zones ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["America/New_York", "Europe/Brussels", "Asia/Shanghai", "Australia/Lord_Howe"],
)
def test_a_zone_tells_every_hour_as_it_is(name: str) -> None:
    """With dateutil's reader: all hours of the years in which the calendar has dates."""
    zone = ZoneInfo(name)
    ends = [trail("T", instant(f"{year}-06-01", zone), zone) for year in (2025, 2026)]
    told = tz.tzical(io.StringIO(ics.calendar(ends, {}, when("2025-02-10")).decode()))
    assert told.keys() == [name]
    for hours in range(24 * 365 * 2):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        here, there = at.astimezone(told.get(name)), at.astimezone(zone)
        assert (here.replace(tzinfo=None), here.tzname()) == (there.replace(tzinfo=None), there.tzname())


def test_zones_stand_in_order() -> None:
    names = [
        "America/New_York",
        "Asia/Kolkata",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Europe/Brussels",
        "Europe/London",
    ]
    file = ics.calendar([trail("T", zone=ZoneInfo(name)) for name in names], {}, when("2025-02-10"))
    zones = icalendar.Calendar.from_ical(file).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == names


def test_two_deadlines_that_share_a_key_have_two_names() -> None:
    first = trail("T")
    second = replace(first, number=2)
    assert ics.uid(first) == "us-example_pause_ends@tariffwatch"
    assert ics.uid(second) == "us-example_pause_ends_2@tariffwatch"


def test_the_clock_goes_forward_at_two_in_new_york() -> None:
    file = ics.calendar([trail("T")], {}, when("2025-02-10"))
    daylight = unfolded(file).split("BEGIN:DAYLIGHT\n")[1].split("END:DAYLIGHT")[0]
    assert daylight.splitlines() == [
        "DTSTART:20250309T020000",
        "TZNAME:EDT",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
    ]


# Text from files ------------------------------------------------------------------------------------


def action(title: str, authority: str = "A", zone: ZoneInfo = NEW_YORK) -> Action:
    return Action(
        id="us-example",
        title=title,
        imposed_by="US",
        on=("FD",),
        authority=authority,
        zone=zone,
        instruments=(Instrument(id="eo-1", title=title, url="http://x.org/\r\nATTENDEE:x", loc=LOC),),
        events=(
            Event(
                id="start",
                kind=EventKind.MILESTONE,
                known=Moment(instant("2025-01-01")),
                rates={},
                source="eo-1",
                loc=LOC,
            ),
        ),
        loc=LOC,
    )


def trail(title: str, at: datetime | None = None, zone: ZoneInfo = NEW_YORK) -> Trail:
    """A trail of one version, whose texts are all the title."""
    of = action(title, authority=title, zone=zone)
    due = Deadline(
        action=of,
        id="pause",
        kind=DeadlineKind.ENDS,
        at=at or instant("2025-03-04 00:01"),
        day_only=False,
        before=State(Phase.SUSPENDED, {}),
        after=State(Phase.TERMINATED, {}),
        text=title,
        source="eo-1",
        decided_by=title,
    )
    return Trail((Version(of.events[0].known.at, due, False, of.events),))


TITLES = [
    "Steel, aluminum; copper",
    "C:\\new\\Name \\, \\; \\n",
    "line one\nline two\r\nBEGIN:VEVENT\rEND:VCALENDAR",
    "👩‍👩‍👧 🇪🇺 " * 40,
    "é" * 300,
    "x" * 74 + "\u4e2d" * 50,
    "\u2028\u2029\x85\x0b\x0c\x00\x1b[31m\u202e",
    '"quoted": a=b:c ^n',
]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=400))
@example(TITLES[0])
@example(TITLES[1])
@example(TITLES[2])
@example(TITLES[3])
@example(TITLES[4])
@example(TITLES[5])
@example(TITLES[6])
@example(TITLES[7])
def test_any_title_reads_back_and_stays_text(title: str) -> None:
    """Folding and escaping (RFC 5545 3.1, 3.3.11), with the library's reader and with another."""
    file = ics.calendar([trail(title)], {}, when("2025-02-10"))
    lines = file.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert [line.decode() for line in lines]  # no fold inside a character
    clean = words.clean(title)
    expected = f"ends: terminated - {clean}"
    (event,) = read(file).values()
    assert _unescaped(unfolded(file), "SUMMARY") == expected
    assert event["summary"] == expected
    assert f"Decided by: {clean}" in event["description"].split("\n")
    assert "url" not in event
    (other,) = vobject.readOne(file.decode()).vevent_list
    assert other.summary.value == expected
    assert other.description.value.split("\n") == event["description"].split("\n")
    assert other.dtstart.value == instant("2025-03-04 00:01")


def _unescaped(text: str, name: str) -> str:
    """A text property read character by character."""
    value = next(line for line in text.split("\n") if line.startswith(f"{name}:")).removeprefix(f"{name}:")
    read: list[str] = []
    rest = iter(value)
    for c in rest:
        read.append({"n": "\n", "N": "\n"}.get(after := next(rest), after) if c == "\\" else c)
    return "".join(read)


# A calendar that people use -------------------------------------------------------------------------


class Khal:
    """khal, with a calendar of its own and a clock of some zone."""

    def __init__(self, folder: Path, zone: str) -> None:
        self._folder = folder
        self._zone = zone
        (folder / "calendar").mkdir()
        (folder / "config").write_text(
            f"[calendars]\n[[tariffs]]\npath = {folder}/calendar\n[sqlite]\npath = {folder}/database\n"
            f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )

    def imports(self, file: bytes) -> None:
        (self._folder / "tariffs.ics").write_bytes(file)
        self._run("import", "--batch", "-a", "tariffs", f"{self._folder}/tariffs.ics")

    def shows(self, day: str, span: str = "400d") -> dict[str, list[str]]:
        """Where each event stands, on this clock, and whether it is struck out."""
        listed = self._run(
            *("list", "--day-format", "", "--format", "{uid}|{start-long} {cancelled}", day, span)
        )
        found: dict[str, list[str]] = {}
        for line in listed.splitlines():
            uid, _, start = line.partition("|")
            found.setdefault(uid, []).append(start.strip())
        return found

    def _run(self, *arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, "-m", "khal", "-c", f"{self._folder}/config", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            timeout=120,
        )
        assert answer.stderr == ""
        return answer.stdout


def expected_starts(file: bytes, zone: ZoneInfo) -> dict[str, list[str]]:
    def start(event: icalendar.Event) -> str:
        at = event["dtstart"].dt
        local = at.astimezone(zone) if isinstance(at, datetime) else at
        text = f"{local:%Y-%m-%d %H:%M}" if isinstance(local, datetime) else f"{local:%Y-%m-%d}"
        return f"{text} CANCELLED" if event["status"] == "CANCELLED" else text

    return {uid: [start(event)] for uid, event in read(file).items()}


@pytest.mark.parametrize(
    ("zone", "truce", "extended", "pause"),
    [
        ("America/New_York", "2025-08-12 00:01", "2025-11-09 23:01", "2025-03-04 00:01"),
        ("Europe/Brussels", "2025-08-12 06:01", "2025-11-10 05:01", "2025-03-04 06:01"),
        ("Asia/Shanghai", "2025-08-12 12:01", "2025-11-10 12:01", "2025-03-04 13:01"),
    ],
)
def test_khal_shows_each_deadline_at_its_local_time_and_moves_it(
    shipped_ledger: Ledger, tmp_path: Path, zone: str, truce: str, extended: str, pause: str
) -> None:
    khal = Khal(tmp_path, zone)
    february = made(shipped_ledger, when("2025-02-10"), "ieepa-canada-border", "ieepa-mexico-border")
    khal.imports(february)
    shown = khal.shows("2025-01-01", "100d")
    assert shown == expected_starts(february, ZoneInfo(zone))
    assert shown["ieepa-canada-border_pause_pause-ends_end@tariffwatch"] == [pause]
    assert shown["ieepa-canada-border_start_takes-effect@tariffwatch"][0].endswith("CANCELLED")

    khal.imports(made(shipped_ledger, when("2025-05-15"), TRUCE))
    assert khal.shows("2025-06-01")[TRUCE_UID] == [truce]
    khal.imports(made(shipped_ledger, when("2025-08-13"), TRUCE))
    assert khal.shows("2025-06-01")[TRUCE_UID] == [extended]
