"""The present that is kept between runs says what would be worked out anew, or is not used."""

from __future__ import annotations

import json as lib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import instant
from hypothesis import given
from hypothesis import strategies as st
from test_timeline import HOURS, hour
from test_timeline import histories as events

from tariffwatch import kept
from tariffwatch.errors import LedgerError
from tariffwatch.kept import Present
from tariffwatch.ledger import sealed
from tariffwatch.ledger.load import Ledger, load, shipped
from tariffwatch.model import (
    Action,
    Condition,
    DeadlineKind,
    Line,
    Loc,
    Moment,
    StatedDeadline,
)
from tariffwatch.prospect import edges, prospect
from tariffwatch.query import NO_FILTERS, ahead, prospects, standing
from tariffwatch.results import Filters, Prospect
from tariffwatch.views import csv, json, plain, report

NOW = instant("2026-11-22 12:00")
SECOND = timedelta(seconds=1)
PAUSE = """
[[lines]]
id = "general"
label = "All goods"

[[events]]
id = "start"
kind = "ordered"
known = 2026-01-01
effective = 2026-02-01T00:01:00
rates = { general = "25%" }

[[events]]
id = "pause"
kind = "suspended"
known = 2026-03-01
until = 2026-12-01T00:01:00
"""
DEADLINE = (
    '\n[[deadlines]]\nid = "report"\nkind = "report-due"\nat = 2026-12-24\ntext = "The report is due"\n'
)
BORDER = """
[[conditions]]
id = "border"
party = "FD"
text = "Guard the border."
bears_on = "pause"
"""

ROOT = Path(__file__).parent.parent
AT_NOON = f"""
from datetime import datetime
from tariffwatch.cli import present
present.now = lambda: datetime.fromisoformat({NOW.isoformat()!r})
from tariffwatch.cli.main import run
run()
"""
"""The program, at a given instant."""

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def ledger(write: Write) -> Path:
    """Two actions, in files older than anything that is kept of them."""
    return aged(write(us_one=PAUSE + BORDER + DEADLINE, us_two=PAUSE.replace('"25%"', '"10%"')))


def aged(ledger: Path) -> Path:
    for file in ledger.rglob("*.toml"):
        os.utime(file, ns=(1, 1))
    return ledger


def told(found: Sequence[Prospect], ledger: Ledger, now: datetime = NOW) -> str:
    """All that the lists tell, in every form."""
    when = report.When(now, now, ZoneInfo("America/New_York"), ZoneInfo("Europe/Brussels"))
    statuses, coming = standing(found), ahead(found)
    pages = [report.status(statuses, when, sources=True), report.countdown(coming, when)]
    values = [json.statuses(statuses, when), json.countdown(coming, when)]
    tables = [csv.statuses(statuses, when), csv.deadlines(coming, when)]
    return "\n".join([*map(plain.render, pages), *map(lib.dumps, values), *tables])


def anew(ledger: Path, now: datetime = NOW) -> str:
    whole = load([ledger])
    return told(prospects(whole.actions.values(), now, now), whole, now)


def asked(ledger: Path, folder: Path | None, now: datetime = NOW, filters: Filters = NO_FILTERS) -> str:
    present = Present([ledger], folder)
    return told(present.prospects(now, filters), present.ledger, now)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows whenever a whole ledger is read."""
    seen: list[object] = []
    monkeypatch.setattr(kept, "load", lambda paths, folder: (seen.append(paths), load(paths, folder))[1])
    return seen


def test_from_one_edge_to_the_next_the_shipped_actions_stand_the_same(shipped_ledger: Ledger) -> None:
    for action in shipped_ledger.actions.values():
        for since, until in pairwise([instant("2000-01-01"), *edges(action), instant("2100-01-01")]):
            if until - since > 2 * SECOND:
                first, last = (prospect(action, at, at) for at in (since, until - SECOND))
                assert first == last, (action.id, since)


MOMENTS = st.builds(lambda number, day_only: Moment(hour(number), day_only), HOURS, st.booleans())


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """An action with lines, events, findings, conditions and deadlines, moved and settled ones too."""
    place = Loc("test.toml", 1)
    happened = draw(events())
    names = st.sampled_from([event.id for event in happened])
    deadlines = [
        StatedDeadline(
            id=f"d{number}",
            kind=DeadlineKind.REPORT_DUE,
            at=draw(MOMENTS),
            known=draw(st.none() | MOMENTS),
            replaces=f"d{number - 1}" if number and draw(st.booleans()) else None,
            settled_by=draw(st.none() | names),
            loc=place,
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    conditions = [
        Condition(
            id="c", party="FD", text="T", known=draw(st.none() | MOMENTS), bears_on=draw(names), loc=place
        )
    ]
    return Action(
        id="us-example",
        title="T",
        imposed_by="US",
        on=("FD",),
        authority="A",
        zone=ZoneInfo(draw(st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]))),
        verified=draw(st.none() | st.builds(lambda number: hour(number).date(), HOURS)),
        lines=tuple(Line(id=id, label=id, loc=place) for id in ("a", "b")),
        events=tuple(happened),
        conditions=tuple(conditions),
        deadlines=tuple(deadlines),
        loc=place,
    )


@given(actions(), st.integers(-30, 130))
def test_nothing_turns_between_two_edges(action: Action, number: int) -> None:
    at = hour(number) + timedelta(minutes=30)
    since = max((edge for edge in edges(action) if edge <= at), default=at)
    until = min((edge for edge in edges(action) if edge > at), default=at + SECOND)
    now = prospect(action, at, at)
    assert prospect(action, since, since) == now == prospect(action, until - SECOND, until - SECOND)


def test_what_is_kept_says_what_is_worked_out(folder: Path, loads: list[object]) -> None:
    first = asked(shipped(), folder)
    assert len(loads) == 1
    assert asked(shipped(), folder) == first == anew(shipped())
    assert len(loads) == 1, "nothing was read for the second answer"


def test_without_a_folder_nothing_is_kept(ledger: Path, folder: Path, loads: list[object]) -> None:
    assert asked(ledger, None) == asked(ledger, None) == anew(ledger)
    assert len(loads) == 2
    assert not folder.exists()


@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.parametrize(
    "edge",
    ["2026-12-01 00:01", "2026-12-24 00:00", "2026-12-25 00:00", "2030-01-02 00:00", "2026-03-01 00:00"],
)
def test_at_an_edge_it_is_worked_out_anew(ledger: Path, folder: Path, edge: str, seconds: int) -> None:
    """The pause ends; the deadline's day begins and is over; the sources were checked until then."""
    asked(ledger, folder)
    then = instant(edge) + seconds * SECOND
    assert asked(ledger, folder, then) == anew(ledger, then)
    assert asked(ledger, folder) == anew(ledger), "nor is what was kept then taken for now"


def test_what_turned_is_kept_again(ledger: Path, folder: Path, loads: list[object]) -> None:
    asked(ledger, folder)
    then = instant("2026-12-01 00:01")
    for _ in range(3):
        asked(ledger, folder, then)
    assert len(loads) == 2


def test_what_was_not_asked_for_is_worked_out_when_it_is(
    ledger: Path, folder: Path, loads: list[object]
) -> None:
    one = Filters(ids=frozenset({"us-one"}))
    assert "us-two" not in asked(ledger, folder, filters=one)
    assert asked(ledger, folder) == anew(ledger)
    assert len(loads) == 2
    assert "us-two" not in asked(ledger, folder, filters=one)
    assert asked(ledger, folder) == anew(ledger)
    assert len(loads) == 2


def edited(ledger: Path) -> None:
    file = ledger / "us-one.toml"
    file.write_text(file.read_text().replace("25%", "7.5%"))


def added(ledger: Path) -> None:
    (ledger / "us-three.toml").write_text((ledger / "us-one.toml").read_text().replace("us-one", "us-three"))


def overlaid(ledger: Path) -> None:
    text = 'extends_action = "us-one"\n[[events]]\nid = "end"\nkind = "terminated"\nknown = 2026-05-01\n'
    (ledger / "more.toml").write_text(text)


def removed(ledger: Path) -> None:
    (ledger / "us-two.toml").unlink()


def broken(ledger: Path) -> None:
    (ledger / "us-two.toml").write_text("id = \n")


@pytest.mark.parametrize("change", [edited, added, overlaid, removed, broken])
def test_a_ledger_that_changed_is_read_again(
    ledger: Path, folder: Path, change: Callable[[Path], None]
) -> None:
    before = asked(ledger, folder)
    change(ledger)
    aged(ledger)  # the size tells, or the names
    assert asked(ledger, folder) == asked(ledger, folder) == anew(ledger) != before


def test_a_file_written_as_late_as_what_is_kept_is_read_again(
    ledger: Path, folder: Path, loads: list[object]
) -> None:
    asked(ledger, folder)
    tick = (folder / kept.FILE).stat().st_mtime_ns
    os.utime(ledger / "us-one.toml", ns=(tick, tick))
    asked(ledger, folder)
    os.utime(folder / kept.FILE, ns=(tick, tick))
    asked(ledger, folder)
    assert len(loads) == 3


def test_the_law_that_a_ledger_takes_counts(
    ledger: Path, folder: Path, loads: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(ledger, folder)
    (tmp_path / "law").mkdir()
    monkeypatch.setattr(kept, "shipped", lambda: tmp_path / "law")
    asked(ledger, folder)
    assert len(loads) == 2


def test_other_folders_are_another_ledger(
    ledger: Path, folder: Path, loads: list[object], tmp_path: Path
) -> None:
    asked(ledger, folder)
    other = tmp_path / "other"
    other.mkdir()
    present = Present([ledger, other], folder)
    assert told(present.prospects(NOW, NO_FILTERS), present.ledger) == anew(ledger)
    assert len(loads) == 1, "an empty folder adds nothing"
    (other / "us-one.toml").write_text((ledger / "us-one.toml").read_text().replace("us-one", "us-other"))
    os.rename(other / "us-one.toml", other / "us-other.toml")
    present = Present([ledger, other], folder)
    assert "us-other" in told(present.prospects(NOW, NO_FILTERS), present.ledger)


def test_files_are_named_from_where_one_stands(
    ledger: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in ((ledger, "us-one.toml"), (ledger.parent, "ledger/us-one.toml"), (Path("/"), None)):
        monkeypatch.chdir(place)
        for _ in range(2):
            present = Present([ledger], folder)
            present.prospects(NOW, NO_FILTERS)
            file = present.ledger.actions["us-one"].loc.file
            assert file == (name or str(ledger / "us-one.toml")[1:])


def test_elsewhere_it_does_not_matter_where_one_stands(
    ledger: Path, folder: Path, tmp_path: Path, loads: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("here", "there", "ledge"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        asked(ledger, folder)
    assert len(loads) == 1


def test_problems_are_found_every_time(ledger: Path, folder: Path, loads: list[object]) -> None:
    broken(ledger)
    for number in (1, 2):
        present = Present([ledger], folder)
        present.prospects(NOW, NO_FILTERS)
        assert [problem.code for problem in present.ledger.problems] == ["TW001"]
        assert len(loads) == number


def test_what_lists_do_not_need_is_read_when_it_is_asked_for(
    ledger: Path, folder: Path, loads: list[object]
) -> None:
    asked(ledger, folder)
    present = Present([ledger], folder)
    opened, whole = present.ledger, load([ledger])
    action = opened.actions["us-one"]
    assert action.line_ids == ("general",)
    assert len(loads) == 1
    assert action.events == whole.actions["us-one"].events
    assert action.event("pause") == whole.actions["us-one"].event("pause")
    assert (action.summary, action.loc) == (None, whole.actions["us-one"].loc)
    assert (opened.instruments, opened.clocks, opened.own) == (whole.instruments, whole.clocks, whole.own)
    assert len(loads) == 2, "once for all of it"
    for record in (action, opened):
        with pytest.raises(AttributeError):
            _ = record.nothing  # type: ignore[attr-defined, union-attr]


def test_an_action_that_went_meanwhile_is_told_of(ledger: Path, folder: Path) -> None:
    asked(ledger, folder)
    present = Present([ledger], folder)
    removed(ledger)
    with pytest.raises(LedgerError, match="us-two went out of the ledger"):
        _ = present.ledger.actions["us-two"].events


class Evil:
    def __init__(self, argument: str) -> None:
        self.argument = argument

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (os.system, (self.argument,))


def test_a_foreign_file_runs_nothing(ledger: Path, folder: Path, tmp_path: Path) -> None:
    asked(ledger, folder)
    key = next(sealed.read(folder / kept.FILE, lambda stream: sealed.Reader(stream, {})))
    witness = tmp_path / "witness"

    class Plain(sealed.Writer):
        def reducer_override(self, value: object) -> object:
            return NotImplemented

    sealed.write(folder / kept.FILE, [key, Evil(f"touch {witness}")], Plain)
    assert asked(ledger, folder) == anew(ledger)
    assert not witness.exists()


@pytest.mark.parametrize("place", [0, 4, 40, 4000, -1])
def test_a_damaged_file_is_ignored_and_written_anew(
    ledger: Path, folder: Path, loads: list[object], place: int
) -> None:
    asked(ledger, folder)
    content = bytearray((folder / kept.FILE).read_bytes())
    content[place % len(content)] ^= 1
    for damaged in (bytes(content), bytes(content)[: len(content) // 2], b"", pickle.dumps(7)):
        (folder / kept.FILE).write_bytes(damaged)
        before = len(loads)
        assert asked(ledger, folder) == asked(ledger, folder) == anew(ledger)
        assert len(loads) == before + 1


@pytest.mark.parametrize("size", [1, 2])
def test_what_is_kept_in_parts_is_put_together_again(
    ledger: Path, folder: Path, loads: list[object], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(kept, "A_PART", size)
    assert asked(ledger, folder) == asked(ledger, folder) == anew(ledger)
    assert len(loads) == 1


def test_a_folder_that_takes_nothing_is_no_error(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert asked(ledger, tmp_path / "file") == asked(ledger, tmp_path / "file") == anew(ledger)


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("status", "--format", "markdown", "--on", "CA"),
        ("status", "--format", "json", "--phase", "suspended"),
        ("status", "--format", "csv", "--within", "90d"),
        ("countdown",),
        ("countdown", "--format", "markdown"),
        ("countdown", "--format", "json", "--explain"),
        ("countdown", "--format", "csv", "--zone", "Asia/Tokyo"),
        ("countdown", "--explain", "--by", "CA"),
        ("status", "--id", "no-such-action"),
    ],
)
def test_the_program_answers_the_same(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Without a cache, while it fills one, and out of it: the same bytes at the same second."""

    def run(cache: str) -> tuple[int, bytes, bytes]:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TARIFFWATCH_CACHE": cache}
        program = [sys.executable, "-c", AT_NOON, *words]
        done = subprocess.run(program, env=env, cwd=ROOT, capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr

    first, second, third = (run(place) for place in ("", str(tmp_path / "cache"), str(tmp_path / "cache")))
    assert first == second == third
    assert (tmp_path / "cache" / kept.FILE).exists() == (first[0] == 0)
