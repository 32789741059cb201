"""Reminders of one's own entries and shipments, as cron runs them: real files, real state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent
HEADER = "entry_number,entry_date,liquidation_date,origin,headings,duty\n"
OPEN = "B76-0324527-8,2026-01-05,,CN,9903.01.24,1000.00\n"
LIQUIDATED = "B76-0324527-8,2026-01-05,2026-10-09,CN,9903.01.24,1000.00\n"
OTHER = "9K7-4400210-3,2026-02-20,,CN,9903.01.24,2000.00\n"
SETTINGS = """\
# ours
[[reminders]]
name = "own"  # the broker's
ledger = false
channels = ["print"]
{more}

[[channels]]
name = "print"
kind = "stdout"
"""


class Desk:
    """A user's folder, and runs of the program in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.toml"
        self.entries = path / "entries.csv"
        self.write('entries = ["entries.csv"]')
        self.hold(OPEN)

    def write(self, more: str) -> None:
        self.config.write_text(SETTINGS.format(more=more), encoding="utf-8")

    def hold(self, *rows: str) -> None:
        self.entries.write_text(HEADER + "".join(rows), encoding="utf-8")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "TARIFFWATCH_CONFIG": str(self.config),
            "TARIFFWATCH_STATE": str(self.path / "state"),
        }
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", *map(str, arguments)],
            env=env, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    def told(self, at: str, code: int = 0) -> str:
        done = self.run("remind", "--as-of", at)
        assert (done.returncode, done.stderr) == (code, "")
        return done.stdout

    def log(self) -> list[dict[str, object]]:
        told: list[dict[str, object]] = json.loads(self.run("remind", "log", "--format", "json").stdout)[
            "deliveries"
        ]
        return told


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_clock_is_told_at_each_rung_once(desk: Desk) -> None:
    first = desk.told("2026-10-17T00:05")
    assert first.startswith(
        "tariffwatch: in 14 days, 10 business days: filing due: Entry B76-0324527-8, goods of CN (2026-10-31)"
    )
    assert "filing due (estimate): Post-summary correction (entered 2026-01-05, liquidation expected" in first
    assert "nothing was asked of CBP. No legal advice." in first
    assert "Source: entries.csv row 2" in first
    assert "tariffwatch show" not in first
    assert desk.told("2026-10-17T00:10") == desk.told("2026-10-19T12:00") == ""
    assert "in 7 days" in desk.told("2026-10-24T00:05")


def test_a_liquidation_in_the_file_is_told_once_and_nothing_fires_for_the_estimate(desk: Desk) -> None:
    assert "(estimate)" in desk.told("2026-10-08T10:00")
    desk.hold(LIQUIDATED)
    news = desk.told("2026-10-12T10:00")
    assert news.startswith("tariffwatch: liquidated: Entry B76-0324527-8, goods of CN")
    assert "new date: 2027-04-07 filing due: Protest (liquidated 2026-10-09); duty paid $1,000.00" in news
    assert "settled: 2026-11-15 determination due (estimate): Liquidation, by the usual cycle" in news
    assert "settled: 2026-10-31 filing due (estimate): Post-summary correction" in news
    assert "2026-10-09 milestone: Liquidated on 2026-10-09" in news
    assert desk.told("2026-10-12T10:05") == ""
    for at in ("2026-10-30T10:00", "2026-11-01T10:00", "2026-11-14T10:00", "2026-11-16T10:00"):
        assert desk.told(at) == ""  # the rungs of what was settled
    later = [desk.told(at) for at in ("2027-03-08T10:00", "2027-03-09T10:00", "2027-03-24T10:00")]
    assert ["Protest (liquidated 2026-10-09)" in text for text in later] == [True, False, True]
    assert not any("estimate" in text for text in later)


def test_a_protest_settles_its_own_clock(desk: Desk) -> None:
    desk.hold(LIQUIDATED)
    desk.told("2026-10-12T10:00")
    desk.entries.write_text(
        HEADER.replace("duty\n", "duty,protest_date\n") + LIQUIDATED.replace("\n", ",2026-11-02\n"),
        encoding="utf-8",
    )
    news = desk.told("2026-11-03T10:00")
    assert "settled: 2027-04-07 filing due: Protest" in news
    assert "new date: 2028-11-02 determination due: CBP decides a protest" in news
    assert "Protest (" not in desk.told("2027-03-09T10:00")


def test_what_the_day_alone_changes_is_told_though_no_file_changed(desk: Desk) -> None:
    """A year without a liquidation: deemed liquidated, 19 U.S.C. 1504(a)(1); the run looks every day."""
    desk.told("2027-01-05T23:00")
    assert "new date: 2027-07-02 filing due (estimate): Protest (deemed liquidated 2027-01-05)" in desk.told(
        "2027-01-06T00:05"
    )
    assert desk.told("2027-01-06T00:10") == ""


def test_a_liquidation_scheduled_ahead_starts_the_protest_on_its_day(desk: Desk) -> None:
    desk.hold(LIQUIDATED)
    desk.told("2026-10-08T23:00")
    assert "new date: 2027-04-07 filing due: Protest" in desk.told("2026-10-09T00:05")


def test_entries_that_are_new_in_the_file_are_no_news_but_are_watched(desk: Desk) -> None:
    desk.told("2026-10-08T10:00")
    desk.hold(OPEN, OTHER)
    assert desk.told("2026-10-08T10:05") == ""
    told = desk.told("2026-12-02T10:00")
    assert "Entry 9K7-4400210-3" in told


def test_an_entry_that_has_left_the_file_is_told_once(desk: Desk) -> None:
    desk.hold(OPEN, OTHER)
    desk.told("2026-10-08T10:00")
    desk.hold(OTHER)
    gone = desk.told("2026-10-09T10:00")
    assert "Entry B76-0324527-8, no longer in your file" in gone
    assert "dropped: 2026-10-31 filing due (estimate): Post-summary correction" in gone
    assert "9K7-4400210-3" not in gone
    assert desk.told("2026-10-09T10:05") == desk.told("2026-10-28T10:00") == ""


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_watched(desk: Desk) -> None:
    desk.write('entries = ["entries.csv", "more.csv"]')
    more = desk.path / "more.csv"
    more.write_text(HEADER + OTHER, encoding="utf-8")
    assert "in 23 days" in desk.told("2026-10-08T10:00")
    desk.entries.rename(desk.path / "away.csv")
    told = desk.told("2026-11-16T10:00", code=3)
    assert "1 OF YOUR OWN FILES CANNOT BE READ, OR NOT ALL OF IT" in told
    assert f"{desk.entries}:1: cannot be read: no such file or directory" in told
    assert ": 2026-12-16\nEntry 9K7-4400210-3" in told
    assert "dropped" not in told
    assert desk.told("2026-11-16T10:05", code=3) == ""
    assert "entries.csv is not there, and a reminder watches it" in desk.run("doctor").stdout
    (desk.path / "away.csv").rename(desk.entries)
    back = desk.told("2026-11-16T10:10")
    assert "dropped" not in back
    assert "cannot be read" not in back


def test_a_bad_row_is_told_and_its_entry_is_not_taken_for_gone(desk: Desk) -> None:
    desk.hold(OPEN, OTHER)
    desk.told("2026-10-08T10:00")
    desk.hold(OPEN.replace("2026-01-05", "01/05/2026"), OTHER)
    told = desk.told("2026-10-09T10:00", code=3)
    assert f'{desk.entries}:2: left out: entry_date: "01/05/2026"' in told
    assert "dropped" not in told
    desk.hold(OPEN, OTHER)
    assert desk.told("2026-10-09T10:05") == ""
    assert "in 14 days" in desk.told("2026-10-17T10:00")


def test_a_file_that_is_being_written_is_looked_at_when_it_is_done(desk: Desk) -> None:
    """Half of it looks like a whole one in which an entry is missing, or is not liquidated."""
    desk.hold(OPEN, OTHER)
    desk.told("2026-10-08T10:00")
    half, late = desk.path / "half.csv", datetime.fromisoformat("2026-10-12T14:04:30+00:00").timestamp()
    half.write_text(HEADER + OPEN[:25], encoding="utf-8")
    os.utime(half, (late, late))
    half.rename(desk.entries)
    assert desk.told("2026-10-12T10:05") == ""
    desk.hold(LIQUIDATED, OTHER)
    os.utime(desk.entries, (late, late))
    news = desk.told("2026-10-12T10:06")
    assert "new date: 2027-04-07 filing due: Protest" in news
    assert "dropped" not in news


def test_a_pipe_in_the_place_of_a_file_does_not_hang_the_run(desk: Desk) -> None:
    desk.entries.unlink()
    os.mkfifo(desk.entries)
    assert "entries.csv:1: is no file that stays" in desk.told("2026-10-08T10:00", code=3)


def test_a_shipments_boundary_is_told_at_its_rungs_and_when_it_has_passed_is_not_dropped(desk: Desk) -> None:
    desk.write('shipments = ["shipments.csv"]\nbefore = ["7d", "1d"]')
    (desk.path / "shipments.csv").write_text(
        "shipment,origin,measures,loaded_at,mode,expected_entry,value\n"
        "PO 1,VN,9903.03.01,,vessel,2026-07-23,50000\nPO 1,VN,9903.03.01,,vessel,2026-07-25,50000\n",
        encoding="utf-8",
    )
    told = desk.told("2026-07-17T10:00")
    assert "Shipment PO 1, goods of VN (shipment:PO-1)" in told
    assert "(shipment:PO-1-2)" in told
    assert "10% -> nothing (expired); duty by the ledger's rate $5,000.00 -> $0.00" in told
    assert "entry expected 2026-07-23, before it" in told
    assert "entry expected 2026-07-25, after it" in told
    assert "IN 1 DAY" in desk.told("2026-07-23T00:05")
    assert desk.told("2026-07-24T10:00") == desk.told("2026-08-01T10:00") == ""


def test_the_filters_and_the_ledger_stay_as_they_are(desk: Desk) -> None:
    desk.write(
        'entries = ["entries.csv"]\nid = ["s122-surcharge-2026"]\nkind = ["expires"]\nbefore = ["30d"]'
    )
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace("ledger = false\n", ""), encoding="utf-8")
    assert "s122-surcharge-2026" in desk.told("2026-07-01T10:00")
    assert "Entry B76-0324527-8" in desk.told("2026-10-08T10:00")


def test_a_reminder_of_nothing_is_refused(desk: Desk) -> None:
    desk.write("")
    done = desk.run("remind")
    assert (done.returncode, "neither the ledger nor a file" in done.stderr) == (2, True)


def test_ack_and_log_know_an_entry(desk: Desk) -> None:
    desk.hold(OPEN.replace("2026-01-05", "2098-01-05"))
    desk.told("2098-10-17T10:00")
    assert {one["action"] for one in desk.log()} == {"entry:B76-0324527-8"}
    assert "Post-summary correction" in desk.run("remind", "ack", "entry:B76-0324527-8").stdout
    assert desk.told("2098-10-30T10:00") == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "ledger = false\n"),
        ("entries = []", 'entries = ["{file}"]\n'),
        ('entries = ["a.csv"]  # ours', 'entries = ["a.csv", "{file}"]  # ours\n'),
        ('entries = ["a.csv",]', 'entries = ["a.csv", "{file}"]\n'),
    ],
)
def test_entries_names_its_file_in_a_reminder(before: str, after: str, desk: Desk) -> None:
    desk.write(before)
    (desk.path / "a.csv").write_text(HEADER + OTHER, encoding="utf-8")
    old = desk.config.read_text(encoding="utf-8")
    done = desk.run("entries", desk.entries, "--as-of", "2026-10-08", "--remind", "own")
    assert (done.returncode, "B76-0324527-8" in done.stdout) == (0, True)
    assert f'the reminder "own" watches {desk.entries} from now on' in done.stderr
    new = desk.config.read_text(encoding="utf-8")
    assert after.format(file=desk.entries) in new
    assert new.startswith("# ours\n[[reminders]]\n")
    kept = [line for line in old.splitlines() if line != before]
    assert [line for line in new.splitlines() if line in kept] == kept
    assert "Post-summary correction" in desk.told("2026-10-08T10:00")
    again = desk.run("entries", desk.entries, "--as-of", "2026-10-08", "--remind", "own")
    assert ("already" in again.stderr, desk.config.read_text(encoding="utf-8")) == (True, new)


def test_shipments_name_their_file_with_its_mapping(desk: Desk) -> None:
    desk.write("")
    plan, mapping = desk.path / "plan.csv", desk.path / "map.toml"
    plan.write_text(
        "shipment,origin,measures,loaded_at,mode,ETA,value\nPO 1,VN,9903.03.01,,vessel,07/23/2026,50000\n"
    )
    mapping.write_text('dates = "us"\n[columns]\nETA = "expected_entry"\n')
    arguments = ("shipments", plan, "--as-of", "2026-07-01", "--map-file", mapping)
    refused = desk.run(*arguments, "--remind", "own", "--dates", "us")
    assert (refused.returncode, "for --map-file" in refused.stderr) == (2, True)
    assert desk.run(*arguments, "--remind", "own").returncode == 0
    assert f'shipments_map = "{mapping}"' in desk.config.read_text(encoding="utf-8")
    assert "Shipment PO 1" in desk.told("2026-07-01T10:00")


@pytest.mark.parametrize(
    ("more", "arguments", "said"),
    [
        ("", ("--remind", "owen"), 'did you mean "own"?'),
        ('entries = [\n  "a.csv",\n]', ("--remind", "own"), "by hand"),
        ("kind = [5]", ("--remind", "own"), "config.toml:6: "),
    ],
)
def test_where_the_settings_do_not_take_it_nothing_is_written(
    more: str, arguments: tuple[str, ...], said: str, desk: Desk
) -> None:
    desk.write(more)
    before = desk.config.read_text(encoding="utf-8")
    done = desk.run("entries", desk.entries, *arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert said in done.stderr
    assert desk.config.read_text(encoding="utf-8") == before
