"""``tariffwatch remind`` as cron runs it: real processes, bare environment, real state, real servers."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from desk import without_privileges
from servers import Endpoint, Mailbox, free_port

ROOT = Path(__file__).parent.parent.parent
DATES = """
id = "us-{name}"
title = "Duty on {name}"
imposed_by = "US"
on = ["FD"]
authority = "Freedonia Act"
zone = "America/New_York"
verified = 2030-01-01

[[lines]]
id = "general"
label = "All goods"

[[instruments]]
id = "eo-1"
title = "Executive Order 1"
url = "https://example.com/eo-1"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "eo-1 sec. 2"
evidence = "text"

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03
effective = 2025-02-03
until = {until}
source = "eo-1 sec. 3"
evidence = "text"
"""
RUNG = "2025-02-25T00:05-05:00"
"""Five minutes after the seven-day rung of the pauses to 4 March."""


class Desk:
    """A user's folders, and runs of the program in them."""

    def __init__(self, path: Path) -> None:
        self.state = path / "state"
        self.config = path / "config.toml"
        self.books = path / "books"
        self.printed = path / "printed.txt"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(path),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "TARIFFWATCH_CONFIG": str(self.config),
            "TARIFFWATCH_STATE": str(self.state),
        }

    def actions(self, *names: str, until: str = "2025-03-04T00:01:00") -> list[str]:
        self.books.mkdir(exist_ok=True)
        for name in names:
            text = DATES.format(name=name, until=until)
            (self.books / f"us-{name}.toml").write_text(text, encoding="utf-8")
        return [f"us-{name}" for name in names]

    def settings(self, *channels: str, ids: list[str] | None = None, head: str = "", more: str = "") -> None:
        names = re.findall(r'^name = "(\w+)"', "\n".join(channels), re.M)
        watched = f"id = {json.dumps(ids)}\n" if ids else 'authority = "Freedonia"\n'
        text = f'data = ["books"]\n{head}\n[[reminders]]\nname = "all"\n{watched}{more}\n'
        text += f"channels = {json.dumps(names)}\n"
        self.config.write_text(text + "".join(f"[[channels]]\n{c}\n" for c in channels), encoding="utf-8")

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, before: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", "remind", *arguments],
            env=self.env | dict(env or {}), cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
            timeout=120, check=False, preexec_fn=before,
        )  # fmt: skip

    def start(self, at: str) -> subprocess.Popen[str]:
        """A run whose prints are added to a file, left to itself."""
        with self.printed.open("a") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "tariffwatch", "remind", "--as-of", at],
                env=self.env, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip


PRINT = 'name = "print"\nkind = "stdout"'


def mail(port: int) -> str:
    return (
        f'name = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'from = "desk@example.com"\nto = ["a@example.com"]'
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.actions("example")
    made.settings(PRINT)
    return made


def test_what_is_due_is_printed_once_and_then_silence(desk: Desk) -> None:
    first = desk.run("--as-of", RUNG)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith(
        "tariffwatch: in 7 days, 4 business days: pause ends: Duty on example (2025-03-04 00:01 EST)\n"
    )
    assert "Source: Executive Order 1 sec. 3 https://example.com/eo-1" in first.stdout
    again = desk.run("--as-of", "2025-02-25T00:10-05:00")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_bad_file_in_a_folder_of_no_readable_name_is_told(desk: Desk) -> None:
    folder = desk.books.with_name("\udcad")
    folder.mkdir()
    (folder / "us-bad.toml").write_text("id = ", encoding="utf-8")
    for command in (["--dry-run"], ["--as-of", RUNG]):
        done = desk.run(*command, env={"TARIFFWATCH_DATA": str(folder)})
        assert "Traceback" not in done.stderr
        assert "1 ledger file cannot be read, and so not watched" in done.stdout
        assert "\\udcad/us-bad.toml:1" in done.stdout


def test_a_run_with_nothing_due_loads_neither_the_ledger_nor_a_view(desk: Desk) -> None:
    desk.run("--as-of", RUNG)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tariffwatch", "remind", "--as-of", RUNG],
        env=desk.env, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "sqlite3" in loaded
    roots = {name.split(".")[0] for name in loaded}
    assert not roots & {"rich", "apprise", "holidays", "dateutil", "smtplib", "tomllib", "platformdirs"}
    ours = {name for name in loaded if name.startswith("tariffwatch.")}
    rooms = {name.split(".")[1] for name in ours}
    assert rooms == {"cli", "errors", "remind", "stamps", "years", "zones"}


def test_a_ledger_that_changes_is_looked_at_again(desk: Desk) -> None:
    desk.run("--as-of", RUNG)
    desk.actions("example", until="2025-04-02T00:01:00")
    moved = desk.run("--as-of", "2025-02-25T00:10-05:00")
    assert "moved: from 2025-03-04 00:01 EST to 2025-04-02 00:01 EDT pause ends" in moved.stdout


def test_settings_that_change_are_looked_at_again(desk: Desk) -> None:
    desk.run("--as-of", RUNG)
    desk.settings(PRINT, more='before = ["8h", "151h"]')
    assert "pause ends" in desk.run("--as-of", "2025-02-25T20:10-05:00").stdout


@pytest.mark.parametrize("runs", [2, 20])
def test_runs_at_once_send_each_item_once(desk: Desk, runs: int) -> None:
    running = [desk.start(RUNG) for _ in range(runs)]
    codes = {process.wait(timeout=120) for process in running}
    assert codes == {0}
    assert desk.printed.read_text(encoding="utf-8").count("tariffwatch: in 7 days") == 1


KILLS = 200


@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_instant_nothing_is_lost_and_each_is_sent_twice_at_most(
    desk: Desk, mail_server: Mailbox, part: int
) -> None:
    """SIGKILL at a random instant of a run that has something to send; the next run goes on from there."""
    dice = random.Random(part)
    desk.settings(mail(mail_server.port))
    desk.run("--as-of", RUNG)
    started = time.perf_counter()
    desk.run("--dry-run", "--as-of", RUNG)
    length = time.perf_counter() - started
    names, kills = ["example"], 0
    while kills < KILLS // 4:
        (desk.books / f"us-{names[-1]}.toml").unlink()
        names.append(f"n{len(names)}")
        desk.actions(names[-1])
        process = desk.start(RUNG)
        time.sleep(dice.uniform(0, 1.2 * length))
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
        kills += killed
        done = desk.run("--as-of", RUNG)
        assert (done.returncode, done.stderr) == (0, "")
        copies = "".join(letter.get_content() for letter in mail_server.letters).count(f"(us-{names[-1]})")
        assert 1 <= copies <= 1 + killed
    with sqlite3.connect(desk.state / "remind.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ids = [str(letter["Message-ID"]) for letter in mail_server.letters]
    assert len(ids) - len(set(ids)) <= kills  # a repeat has the same id: mail programs show it once


def test_after_nine_days_off_one_message_says_what_was_missed(desk: Desk) -> None:
    desk.actions("late", until="2025-02-27T00:01:00")
    desk.run("--as-of", "2025-02-22T12:00-05:00")
    done = desk.run("--as-of", "2025-03-03T12:00-05:00")
    assert done.stdout.count("tariffwatch: ") == 1
    assert done.stdout.startswith("tariffwatch: passed 4 days ago: pause ends: Duty on late")
    assert "No reminder ran between 2025-02-22 12:00 EST and now." in done.stdout
    assert "No run warned of it before it passed." in done.stdout
    assert "IN 1 DAY (12 H 1 MIN): 2025-03-04 00:01 EST" in done.stdout
    assert desk.run("--as-of", "2025-03-03T12:05-05:00").stdout == ""


def test_the_clock_set_back_a_day_repeats_nothing(desk: Desk) -> None:
    for at in ("2025-02-25T00:05-05:00", "2025-03-01T00:05-05:00"):
        assert desk.run("--as-of", at).stdout
    for at in ("2025-02-28T00:05-05:00", "2025-02-28T12:00-05:00", "2025-03-01T00:10-05:00"):
        assert desk.run("--as-of", at).stdout == ""
    assert desk.run("--as-of", "2025-03-03T00:05-05:00").stdout


def test_a_state_folder_that_cannot_be_written_still_prints(desk: Desk) -> None:
    desk.run("--as-of", "2025-02-20T12:00-05:00")
    (desk.state / "remind.sqlite").chmod(0o400)
    desk.state.chmod(0o500)
    try:
        done = desk.run("--as-of", RUNG, before=without_privileges)
    finally:
        desk.state.chmod(0o700)
        (desk.state / "remind.sqlite").chmod(0o600)
    assert done.returncode == 4
    assert "pause ends: Duty on example" in done.stdout
    assert done.stderr.startswith("tariffwatch: reminders cannot be recorded: ")
    assert "will be sent again" in done.stderr
    assert "Traceback" not in done.stderr
    assert "pause ends: Duty on example" in desk.run("--as-of", RUNG).stdout


def test_a_state_folder_that_is_no_folder(desk: Desk) -> None:
    desk.state.write_text("", encoding="utf-8")
    done = desk.run("--as-of", RUNG)
    assert (done.returncode, "pause ends: Duty on example" in done.stdout) == (4, True)
    assert "TARIFFWATCH_STATE" in done.stderr


def test_a_full_disk_still_prints_and_loses_nothing(desk: Desk) -> None:
    desk.run("--as-of", "2025-02-20T12:00-05:00")
    size = (desk.state / "remind.sqlite").stat().st_size

    def full() -> None:
        """No file can grow any more."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, resource.RLIM_INFINITY))

    desk.actions(*(f"n{n}" for n in range(20)))
    done = desk.run("--as-of", RUNG, before=full, env={"TARIFFWATCH_CACHE": ""})
    assert (done.returncode, "Duty on example" in done.stdout) == (4, True)
    assert done.stderr.startswith("tariffwatch: reminders cannot be recorded: ")
    again = desk.run("--as-of", RUNG)
    assert (again.returncode, "Duty on n19" in again.stdout) == (0, True)


def test_a_channel_that_is_down_is_retried_while_the_others_have_theirs(
    desk: Desk, mail_server: Mailbox
) -> None:
    port = free_port()
    desk.settings(PRINT, mail(port))
    first = desk.run("--as-of", "2025-02-25T00:05-05:00")
    assert (first.returncode, "pause ends" in first.stdout) == (4, True)
    assert "channel mail: Connection refused; 1 to tell, tried again in 5 minutes" in first.stderr
    between = desk.run("--as-of", "2025-02-25T00:08-05:00")
    assert (between.returncode, between.stdout, between.stderr) == (4, "", "")
    second = desk.run("--as-of", "2025-02-25T00:10-05:00")
    assert (second.returncode, second.stdout) == (4, "")
    assert "tried again in 10 minutes" in second.stderr
    desk.settings(PRINT, mail(mail_server.port))
    done = desk.run("--as-of", "2025-02-25T00:20-05:00")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [letter["Subject"][:25] for letter in mail_server.letters] == ["tariffwatch: in 7 days, 4"]
    assert desk.run("--as-of", "2025-02-25T00:25-05:00").returncode == 0
    assert len(mail_server.letters) == 1


def test_a_channel_that_is_down_for_long_is_no_silence_of_the_others(desk: Desk) -> None:
    desk.settings(PRINT, mail(free_port()))
    for at in ("2025-02-25T00:05-05:00", "2025-02-28T23:59-05:00", "2025-03-01T00:05-05:00"):
        told = desk.run("--as-of", at).stdout
    assert "pause ends" in told
    assert "No reminder ran" not in told


def test_a_warning_that_could_not_be_sent_gives_way_to_the_next(desk: Desk, mail_server: Mailbox) -> None:
    desk.settings(mail(free_port()))
    desk.run("--as-of", "2025-02-25T00:05-05:00")
    desk.settings(mail(mail_server.port))
    desk.run("--as-of", "2025-03-01T00:05-05:00")
    [letter] = mail_server.letters
    assert letter["Subject"].startswith("tariffwatch: in 3 days")
    assert "in 7 days" not in letter.get_content()


@pytest.mark.parametrize(
    ("old", "new", "line", "mend"),
    [
        ('authority = "Freedonia"', 'autority = "Freedonia"', 5, 'did you mean "authority"?'),
        ('authority = "Freedonia"', 'on = ["FD"]\nbefore = ["soon"]', 6, '"7d"'),
        ('data = ["books"]', 'data = ["books"]\nzone = "Mars/Base"', 2, "America/New_York"),
        ('authority = "Freedonia"', 'id = ["us-exampel"]', 5, 'did you mean "us-example"?'),
        ('kind = "stdout"', 'kind = "apprise"\nurl = "bogus://x/y"', 11, "wiki"),
        ('kind = "stdout"', 'kind = "stdout"\nurl = "x"', 11, "allowed here"),
    ],
)
def test_a_slip_in_the_settings_is_refused_before_anything_is_sent(
    desk: Desk, old: str, new: str, line: int, mend: str
) -> None:
    text = desk.config.read_text(encoding="utf-8")
    assert text.count(old) == 1
    desk.config.write_text(text.replace(old, new), encoding="utf-8")
    done = desk.run("--as-of", RUNG)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{desk.config}:{line}: " in done.stderr
    assert mend in done.stderr
    assert "Traceback" not in done.stderr
    desk.config.write_text(text, encoding="utf-8")
    assert "pause ends" in desk.run("--as-of", RUNG).stdout


def test_a_ledger_file_that_breaks_is_told_and_the_rest_is_watched(desk: Desk) -> None:
    desk.actions("other")
    desk.run("--as-of", "2025-02-20T12:00-05:00")
    (desk.books / "us-example.toml").write_text("id = ", encoding="utf-8")
    done = desk.run("--as-of", RUNG)
    assert done.returncode == 3
    assert "1 LEDGER FILE CANNOT BE READ, AND SO NOT WATCHED" in done.stdout
    assert "Duty on other (us-other)" in done.stdout
    assert desk.run("--as-of", "2025-02-25T00:10-05:00").stdout == ""
    desk.actions("example")
    assert "Duty on example (us-example)" in desk.run("--as-of", "2025-02-25T00:15-05:00").stdout


def test_a_ledger_folder_that_is_gone_is_told_and_the_rest_is_watched(desk: Desk) -> None:
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace('["books"]', '["books", "drive"]'), encoding="utf-8")
    done = desk.run("--as-of", RUNG)
    assert (done.returncode, "Duty on example" in done.stdout) == (3, True)
    assert f"{desk.config.parent}/drive:1: there is no such ledger folder" in done.stdout


def test_a_sign_of_life_after_each_good_run(desk: Desk, endpoint: Endpoint) -> None:
    alive = desk.config.parent / "alive"
    head = f'heartbeat_file = "alive"\nheartbeat_url = "http://127.0.0.1:{endpoint.port}/beat"'
    desk.settings(PRINT, head=head)
    desk.run("--as-of", RUNG)
    assert (alive.exists(), endpoint.paths) == (True, ["/beat"])
    alive.unlink()
    desk.run("--as-of", RUNG)
    assert (alive.exists(), endpoint.paths) == (True, ["/beat", "/beat"])
    alive.unlink()
    desk.settings(PRINT, mail(free_port()), head=head)
    assert desk.run("--as-of", "2025-03-01T00:05-05:00").returncode == 4
    assert (alive.exists(), len(endpoint.paths)) == (False, 2)


def test_a_failing_sign_of_life_is_told_once(desk: Desk) -> None:
    desk.settings(PRINT, head=f'heartbeat_url = "http://127.0.0.1:{free_port()}/"')
    assert "the heartbeat failed" in desk.run("--as-of", RUNG).stderr
    assert desk.run("--as-of", RUNG).stderr == ""


def test_a_dry_run_shows_and_records_nothing(desk: Desk) -> None:
    shown = desk.run("--dry-run", "--as-of", RUNG)
    assert shown.stdout.startswith("To print (stdout):\n\ntariffwatch: in 7 days")
    assert not desk.state.exists()
    desk.run("--as-of", RUNG)
    nothing = desk.run("--dry-run", "--as-of", RUNG).stdout
    assert nothing == "Nothing is due. As things stand, the next date that matters is 2025-03-01 00:01 EST.\n"


def test_log_ack_and_snooze(desk: Desk) -> None:
    assert "has not run yet" in desk.run("log").stderr
    desk.actions("soon", until="2099-03-04T00:01:00")
    desk.settings(PRINT, more='before = ["90w", "30d"]')
    desk.run("--as-of", "2098-06-01")
    listed = json.loads(desk.run("log", "--format", "json").stdout)
    assert [(d["state"], d["action"], d["channel"]) for d in listed["deliveries"]] == [
        ("sent", "us-soon", "print")
    ]
    assert "Duty on soon" in desk.run("log").stdout
    assert 'did you mean "us-soon"?' in desk.run("ack", "us-son").stderr
    assert "coming are pause" in desk.run("ack", "us-soon", "report").stderr
    assert "would pass unheard" in desk.run("snooze", "us-soon", "--until", "2099-12-01").stderr
    assert desk.run("snooze", "us-soon").returncode == 2
    assert (
        "Held back until 2099-02-20 23:59 EST"
        in desk.run("snooze", "us-soon", "--until", "2099-02-20").stdout
    )
    assert desk.run("--as-of", "2099-02-10").stdout == ""
    assert "pause ends" in desk.run("--as-of", "2099-02-21").stdout
    assert "2099-03-04 00:01 EST" in desk.run("ack", "us-soon").stdout
    desk.settings(PRINT, more='before = ["2h"]')
    assert desk.run("--as-of", "2099-03-03T23:00-05:00").stdout == ""
    desk.actions("soon", until="2099-03-08T00:01:00")
    assert "moved" in desk.run("--as-of", "2099-03-03T23:05-05:00").stdout


def test_init_writes_settings_once_and_they_run(desk: Desk) -> None:
    desk.config.unlink()
    assert "tariffwatch remind init" in desk.run().stderr
    assert desk.run("init").returncode == 0
    again = desk.run("init")
    assert (again.returncode, str(desk.config) in again.stderr) == (2, True)
    assert desk.run("--as-of", "2025-02-25T00:05-05:00").returncode == 0


def test_test_sends_to_every_channel(desk: Desk, mail_server: Mailbox) -> None:
    desk.settings(PRINT, mail(mail_server.port))
    done = desk.run("test")
    assert (done.returncode, done.stderr) == (0, "print: taken\nmail: taken\n")
    assert "This is a test of the channel print" in done.stdout
    assert mail_server.letters[0]["Subject"] == "tariffwatch: test of the channel mail"
    assert "the settings have print, mail" in desk.run("test", "--channel", "male").stderr
    desk.settings(PRINT, mail(free_port()))
    failed = desk.run("test", "--channel", "mail")
    assert (failed.returncode, "Connection refused" in failed.stderr) == (4, True)


CRONTAB = """#!/bin/sh
# crontab(1) as far as it is needed: -l lists, - replaces from stdin
if [ "$1" = -l ]; then cat "$HOME/crontab" 2>/dev/null || { echo "no crontab" >&2; exit 1; }
else cat > "$HOME/crontab"; fi
"""


@pytest.fixture
def crontab(desk: Desk) -> Path:
    """A crontab of its own, in place of the machine's."""
    tool = desk.config.parent / "bin" / "crontab"
    tool.parent.mkdir()
    tool.write_text(CRONTAB, encoding="utf-8")
    tool.chmod(0o755)
    desk.env["PATH"] = f"{tool.parent}:{desk.env['PATH']}"
    return desk.config.parent / "crontab"


def test_schedule_installs_its_own_line_and_removes_no_other(desk: Desk, crontab: Path) -> None:
    others = "MAILTO=me\n0 5 * * * /bin/true # tariffwatch, by hand"
    crontab.write_text(others, encoding="utf-8")
    assert desk.run("schedule", "--install").returncode == 0
    assert desk.run("schedule", "--install").returncode == 0
    lines = crontab.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == others.splitlines()
    assert len(lines) == 3
    five, command = " ".join(lines[2].split()[:5]), " ".join(lines[2].split()[5:])
    assert five == "*/5 * * * *"
    assert f"TARIFFWATCH_CONFIG={desk.config} TARIFFWATCH_STATE={desk.state} {sys.executable} -m " in command
    assert desk.run("schedule", "--uninstall").returncode == 0
    assert crontab.read_text(encoding="utf-8") == others + "\n"
    assert "no line of tariffwatch" in desk.run("schedule", "--uninstall").stdout


def test_the_line_of_the_crontab_runs_in_crons_environment(desk: Desk, crontab: Path) -> None:
    desk.settings(PRINT, ids=["us-example"])
    odd = desk.config.with_name("my 100% own.toml")
    desk.config.rename(odd)
    desk.env["TARIFFWATCH_CONFIG"] = str(odd)
    assert desk.run("schedule", "--install").returncode == 0
    [line] = crontab.read_text(encoding="utf-8").splitlines()
    command = line.split(maxsplit=5)[5].replace("\\%", "%")  # as cron hands it to the shell
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace(" remind #", f" remind --as-of {RUNG} #")],
        env={"HOME": desk.env["HOME"], "PATH": "/usr/bin:/bin", "LOGNAME": "me", "SHELL": "/bin/sh"},
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "pause ends: Duty on example" in done.stdout


@pytest.mark.parametrize(
    ("every", "fields"),
    [
        ("1m", "*/1 * * * *"),
        ("7m", "*/6 * * * *"),
        ("1h", "0 */1 * * *"),
        ("5h", "0 */4 * * *"),
        ("1d", "0 7 * * *"),
    ],
)
def test_intervals_as_cron_writes_them(desk: Desk, every: str, fields: str) -> None:
    desk.settings(PRINT, head=f'every = "{every}"')
    assert f"\n{fields} TARIFFWATCH_CONFIG=" in desk.run("schedule", "--by", "cron").stdout


def test_systemd_files_are_written_and_removed(desk: Desk) -> None:
    tool = desk.config.parent / "bin" / "systemctl"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\necho "$@" >> "$HOME/calls"\n', encoding="utf-8")
    tool.chmod(0o755)
    env = {"PATH": f"{tool.parent}:{desk.env['PATH']}"}
    assert desk.run("schedule", "--by", "systemd", "--install", env=env).returncode == 0
    units = desk.config.parent / ".config" / "systemd" / "user"
    service = (units / "tariffwatch-remind.service").read_text(encoding="utf-8")
    assert f'ExecStart="{sys.executable}" "-m" "tariffwatch" "remind"' in service
    assert "OnUnitActiveSec=300s" in (units / "tariffwatch-remind.timer").read_text(encoding="utf-8")
    (units / "other.service").write_text("", encoding="utf-8")
    assert desk.run("schedule", "--by", "systemd", "--uninstall", env=env).returncode == 0
    assert [file.name for file in units.iterdir()] == ["other.service"]
    calls = (desk.config.parent / "calls").read_text(encoding="utf-8")
    assert "--user enable --now tariffwatch-remind.timer" in calls
    assert "--user disable --now tariffwatch-remind.timer" in calls


def test_the_overview_says_how_reminders_are(desk: Desk) -> None:
    def overview() -> str:
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", "--authority", "Freedonia"],
            env=desk.env, cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert "Reminders are set up but never ran" in overview()
    desk.run()
    assert re.search(r"Reminders run: last good run \d{4}-.* E[SD]T, nothing queued\.", overview())
    desk.run("--as-of", "2025-03-01")
    assert "Reminders have stopped: last good run 2025-03-01" in overview()
    desk.settings(mail(free_port()))
    desk.actions("soon", until="2099-03-04T00:01:00")
    desk.run()
    assert re.search(r"Channel mail fails, \d wait: Connection refused", overview())
    desk.config.unlink()
    assert "Reminders" not in overview()
