"""``tariffwatch changes`` and ``drift`` as people run them; and what the overview says of the last look."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tariffwatch.cli.looks import FILE, Look, Looks, keep, read

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent
HOUR = timedelta(hours=1)
CANADA = ["--id", "ieepa-canada-border"]
FEBRUARY = ["changes", "--since", "2025-02-02", "--as-of", "2025-02-10", *CANADA]


def told(answer: subprocess.CompletedProcess[str]) -> dict[str, dict[str, object]]:
    assert (answer.returncode, answer.stderr) == (0, "")
    value = json.loads(answer.stdout)
    assert value["schema"] == "tariffwatch/1"
    return {row["action"]: row for row in value["changes"]}


def test_what_became_known_since_a_day(run: Run) -> None:
    answer = run(*FEBRUARY)
    assert (answer.returncode, answer.stderr) == (0, "")
    first, *rows = answer.stdout.splitlines()
    assert first == (
        "As of Mon 2025-02-10 23:59:59 EST, since Sun 2025-02-02 23:59:59 EST: "
        "1 action changed, 3 events became known."
    )
    text = "\n".join(rows)
    assert "scheduled, 25% (energy 10%) -> suspended, 25% (energy 10%)" in text
    assert re.search(r"dropped +2025-02-04 00:01 EST takes effect: 25% \(energy 10%\) +eo-14197", text)
    assert re.search(r"new date +2025-03-04 00:01 EST pause ends: in force at 25%", text)
    (row,) = told(run(*FEBRUARY, "--format", "json")).values()
    assert [date["what"] for date in row["deadlines"]] == ["dropped", "new-date"]  # type: ignore[attr-defined]


def test_what_brussels_dates_to_a_day_is_told_on_that_day(run: Run) -> None:
    """When 13 July closes in New York it is 14 July in Brussels, the day of the act that put it off again."""
    asked = ["--id", "eu-us-rebalancing-2025", "--format", "json"]

    def events(since: str, day: str) -> list[str]:
        rows = told(run("changes", "--since", since, "--as-of", day, *asked))
        return [event["kind"] for row in rows.values() for event in row["events"]]  # type: ignore[attr-defined]

    assert events("2025-07-12", "2025-07-13") == ["milestone"]
    assert events("2025-07-13", "2025-07-14") == ["extended"]
    between = told(run("changes", "--between", "2025-07-13", "2025-07-14", *asked))
    assert [date["what"] for row in between.values() for date in row["deadlines"]] == ["extended"]  # type: ignore[attr-defined]
    for day, until in (("2025-07-13", "2025-07-15"), ("2025-07-14", "2025-08-07")):
        (row,) = json.loads(run("status", "--as-of", day, *asked).stdout)["actions"]
        assert row["until"].startswith(until)


def test_a_day_means_its_close_in_the_zone_asked_for(run: Run) -> None:
    """The pause became known on 3 February at 19:27 in New York: 4 February, 08:27 in Shanghai."""
    asked = ["changes", "--as-of", "2025-02-10", *CANADA, "--format", "json", "--since"]

    def events(*since: str) -> list[str]:
        rows = told(run(*asked, *since))
        return [event["id"] for row in rows.values() for event in row["events"]]  # type: ignore[attr-defined]

    assert "pause" in events("2025-02-02")
    assert "pause" in events("2025-02-03T19:26:59")
    assert "pause" not in events("2025-02-03T19:27")
    assert "pause" not in events("2025-02-03")
    assert "pause" in events("2025-02-03", "--zone", "Asia/Shanghai")
    assert "pause" not in events("2025-02-04", "--zone", "Asia/Shanghai")


def test_two_worlds_side_by_side(run: Run) -> None:
    answer = run("changes", "--between", "2025-02-10", "2025-03-05", *CANADA)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "KNOWN ON 2025-02-10 23:59:59 EST" in answer.stdout
    assert re.search(r"stands +suspended, 25% \(energy 10%\) +in force, 25% \(energy 10%\)", answer.stdout)
    assert re.search(
        r"came +2025-03-04 00:01 EST pause ends: in force at 25% \(energy 10%\) +past", answer.stdout
    )


def test_one_day_as_it_was_expected_and_as_it_came(run: Run) -> None:
    asked = ["changes", "--between", "2025-02-02", "2025-02-10", "--as-of", "2025-02-06", *CANADA]
    answer = run(*asked)
    assert "of Thu 2025-02-06 23:59:59 EST: 1 action differs" in answer.stdout
    assert re.search(r"stands +in force, 25% \(energy 10%\) +suspended, 25% \(energy 10%\)", answer.stdout)
    value = json.loads(run(*asked, "--format", "json").stdout)
    assert value["from"] == {"as_of": "2025-02-06T23:59:59-05:00", "knowing": "2025-02-02T23:59:59-05:00"}
    assert (value["as_of"], value["knowing"]) == ("2025-02-06T23:59:59-05:00", "2025-02-10T23:59:59-05:00")


def test_up_to_now(run: Run) -> None:
    value = json.loads(run("changes", "--between", "2025-02-10", "now", "--format", "json").stdout)
    since = json.loads(run("changes", "--since", "2025-02-10", "--format", "json").stdout)
    assert value["changes"] == since["changes"]


def test_markdown_links_the_sources(run: Run) -> None:
    answer = run(*FEBRUARY, "--format", "markdown")
    assert "[eo-14197](https://www.whitehouse.gov/" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], '--since: "yesterday" is not a date; write a day such as'),
        (["--since", ""], '--since: "" is not a date'),
        (
            ["--since", "2025-02-10", "--as-of", "2025-02-10"],
            "--since: 2025-02-10 is not before 2025-02-10 23:59",
        ),
        (["--since", "2199-01-01"], "--since: 2199-01-01 is not before"),
        (["--since", "2025-02-10", "--between", "2025-01-01", "2025-02-01"], "leave out --since"),
        (["--between", "2025-01-01", "2025-02-01", "--knowing", "now"], "leave out --knowing"),
        (["--between", "2025-03-01", "2025-02-01"], "write the earlier date first"),
        (["--between", "2025-02-01", "2025-02-01"], "write the earlier date first"),
        (["--between", "soon", "2025-02-01"], '--between: "soon" is not a date'),
        (["--between", "2025-01-01", "later"], '--between: "later" is not a date'),
        (["--since", "last", "--as-of", "2025-02-10"], "--since last is about now"),
        (["--since", "last", "--knowing", "2025-02-10"], "--since last is about now"),
        (["--since", "2025-02-10", "--format", "csv"], "write --format json"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_what_cannot_be_understood_is_refused_in_a_sentence(
    run: Run, arguments: list[str], said: str
) -> None:
    answer = run("changes", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_without_an_earlier_look_it_says_how_to_give_a_date(run: Run) -> None:
    for arguments in ([], ["--since", "last"]):
        answer = run("changes", *arguments)
        assert (answer.returncode, answer.stdout) == (2, "")
        found = re.search(
            r"no earlier look is known; .* Write a date: tariffwatch (changes --since \S+)$", answer.stderr
        )
        assert found
        assert run(*found[1].split()).returncode == 0


@pytest.mark.parametrize("command", ["changes", "drift"])
def test_it_is_listed_in_help_and_its_examples_run(run: Run, command: str) -> None:
    assert re.search(rf"^ +{command} +\w+", run("--help").stdout, re.M)
    text = run(command, "-h").stdout
    assert text == run(command, "--help").stdout
    examples = re.findall(r"^ +(tariffwatch(?: .*)?)$", text, re.M)
    assert len(examples) >= 3
    for example in examples:
        assert run(*example.split()[1:]).returncode == 0, example


@pytest.mark.parametrize("command", [["changes", "--since", "2025-02-01"], ["drift"]], ids=" ".join)
def test_in_a_pipe_under_cron_it_is_plain_ascii(run: Run, command: list[str]) -> None:
    answer = run(*command, env={"LC_ALL": "C"})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.isascii()
    assert "\x1b" not in answer.stdout


def test_drift_says_what_is_counted_and_who_moved_most(run: Run) -> None:
    answer = run("drift", "--id", "ieepa-reciprocal-china", "--as-of", "2025-12-31")
    first, counted, *_ = answer.stdout.splitlines()
    assert re.fullmatch(
        r"As of Wed 2025-12-31 23:59:59 EST: \d+ deadlines, 1 moved, 2 times in all, \d dropped; "
        r"the median move is \+227\.5 days, the longest \+365\.",
        first,
    )
    assert counted.startswith("Counted are the deadlines that were told before their day came")
    assert re.search(r"^US +IEEPA +\d+ +1 +2 +\d +\+227\.5 +\+365$", answer.stdout, re.M)
    assert re.search(r"ieepa-reciprocal-china +rate changes +2025-11-10 +2026-11-10$", answer.stdout, re.M)
    value = json.loads(run("drift", "--by", "US", "--format", "json").stdout)
    assert {row["imposed_by"] for row in value["drift"]} == {"US"}
    assert run("drift", "--format", "csv").returncode == 2


# The last look -----------------------------------------------------------------------------------

BOOK = """
id = "us-example"
title = "Example duty"
imposed_by = "US"
on = ["FD"]
authority = "Example Act"
zone = "UTC"
[[events]]
id = "opened"
kind = "opened"
known = {known}
recorded = {recorded}
source = "19 U.S.C. 1"
evidence = "text"
"""


class Desk:
    """Somebody before a terminal, with a ledger in which something became known two hours ago."""

    def __init__(self, path: Path) -> None:
        self.now = datetime.now(UTC)
        self.state = path / "state"
        self.books = path / "books"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(path),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "NO_COLOR": "1",
            "TERM": "xterm",
            "TARIFFWATCH_STATE": str(self.state),
            "TARIFFWATCH_DATA": str(self.books),
        }
        self.books.mkdir()
        known = (self.now - 2 * HOUR).isoformat(timespec="seconds")
        book = BOOK.format(known=known, recorded=self.now.date())
        (self.books / "us-example.toml").write_text(book, encoding="utf-8")

    def looked(self, *ago: timedelta) -> Looks:
        """Looks so long ago, the latest first, at a ledger that held everything of today."""
        held = self.now.date() + timedelta(days=1)
        looks = Looks(*(Look((self.now - one).replace(microsecond=0), held) for one in ago))
        keep(self.state, looks)
        return looks

    def piped(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "tariffwatch", *arguments]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout

    def shown(self, *arguments: str) -> str:
        """What stands on a terminal of 200 columns."""
        main, second = pty.openpty()
        fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        command = [sys.executable, "-m", "tariffwatch", *arguments]
        process = subprocess.Popen(command, stdout=second, env=self.env, cwd=ROOT)
        os.close(second)
        shown = b""
        while part := _read(main):
            shown += part
        os.close(main)
        assert process.wait(timeout=60) == 0
        return shown.decode().replace("\r", "")


def _read(stream: int) -> bytes:
    try:
        return os.read(stream, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


ONLY = ["--by", "US", "--authority", "Example Act"]


def test_the_overview_says_what_changed_since_the_last_look(desk: Desk) -> None:
    desk.looked(3 * HOUR)
    second_line = desk.shown().splitlines()[1]
    assert re.fullmatch(r"\d+ actions? changed since \w{3} [\d-]{10} \d\d:\d\d E[SD]T.*: "
                        r"tariffwatch changes --since last *", second_line)  # fmt: skip
    filtered = desk.shown(*ONLY).splitlines()[1]
    assert filtered.startswith("1 action changed since ")


def test_what_was_there_at_the_last_look_is_not_told_again(desk: Desk) -> None:
    desk.looked(HOUR + timedelta(minutes=30))
    assert desk.shown(*ONLY).splitlines()[1].startswith("Nothing changed since you looked on ")


def test_changes_since_last_tells_what_the_overview_counted(desk: Desk) -> None:
    desk.looked(3 * HOUR, 30 * HOUR)
    before = desk.piped("changes", "--since", "last", *ONLY)
    line = desk.shown().splitlines()[1]
    after = desk.piped("changes", *ONLY)
    for text in (before, after):
        assert "1 action changed, 1 event became known" in text
        assert "us-example  stands" in text
    assert "The look before that was on" in before
    counted = int(line.split(" ")[0])
    told = json.loads(desk.piped("changes", "--since", "last", "--format", "json"))["changes"]
    changed = [
        row for row in told if row["from"] != row["to"] or row["deadlines"] or row["came"] or row["events"]
    ]
    assert len(changed) == counted


def test_a_look_is_kept_and_looking_again_is_the_same_one(desk: Desk) -> None:
    first = desk.shown()
    assert "you looked on" not in first
    assert "--since last" not in first
    kept = read(desk.state)
    assert kept.latest
    assert kept.previous is None
    assert kept.latest.recorded
    assert abs(kept.latest.at - desk.now) < HOUR
    desk.shown()
    assert read(desk.state) == kept
    looks = desk.looked(3 * HOUR)
    desk.shown()
    assert read(desk.state).previous == looks.latest


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "2025-02-10"],
        ["--knowing", "2025-02-10"],
        ["--on", "CA"],
        ["--format", "json"],
        ["--format", "markdown"],
        ["status"],
    ],
    ids=" ".join,
)
def test_only_the_whole_overview_of_now_is_a_look(desk: Desk, arguments: list[str]) -> None:
    desk.shown(*arguments)
    assert not desk.state.exists()


def test_a_pipe_is_nobody_looking_but_is_told(desk: Desk) -> None:
    desk.piped()
    assert not desk.state.exists()
    looks = desk.looked(3 * HOUR)
    assert "tariffwatch changes --since last" in desk.piped().splitlines()[1]
    assert read(desk.state) == looks


def test_another_date_is_not_about_the_last_look(desk: Desk) -> None:
    desk.looked(3 * HOUR)
    assert "since" not in desk.piped("--as-of", "2025-02-10").splitlines()[1]


def test_a_state_that_cannot_be_kept_or_read_is_no_error(desk: Desk) -> None:
    desk.state.write_text("a file where a folder should be")
    assert desk.shown().startswith("As of ")
    desk.state.unlink()
    desk.state.mkdir()
    (desk.state / FILE).write_text("{")
    assert desk.shown().startswith("As of ")
    assert read(desk.state).latest


def test_what_entered_the_ledger_after_the_look_is_told_though_it_was_known_before(desk: Desk) -> None:
    """The look held nothing recorded today: somebody updated the ledger after it."""
    at = (desk.now - HOUR - timedelta(minutes=30)).replace(microsecond=0)
    keep(desk.state, Looks(Look(at, desk.now.date() - timedelta(days=2))))
    book = BOOK.format(known="2025-01-02", recorded=(desk.now.date() - timedelta(days=1)))
    (desk.books / "us-example.toml").write_text(book, encoding="utf-8")
    line = desk.shown(*ONLY).splitlines()[1]
    assert line.startswith("No action changed since ")
    assert "; older facts of 1 action entered the ledger: tariffwatch changes --since last" in line
    shown = desk.piped("changes", "--since", "last", *ONLY)
    assert "ENTERED THE LEDGER" in shown
    assert re.search(r"us-example +2025-01-02 +opened +19 U\.S\.C\. 1", shown)
