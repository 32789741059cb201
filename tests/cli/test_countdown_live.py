"""``countdown --live``: its loop driven by a clock of the test, and the program on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import instant
from desk import as_from_a_shell

from tariffwatch.cli.live import Machine, Watch, loop
from tariffwatch.cli.question import Format, ask
from tariffwatch.cli.terminal import Screen, screen
from tariffwatch.ledger.load import shipped
from tariffwatch.views import live
from tariffwatch.views.document import Cell
from tariffwatch.views.keys import DOWN, ENTER
from tariffwatch.words import clean

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent
SECOND = timedelta(seconds=1)

EXAMPLE = """
id = "{id}"
title = "{title}"
imposed_by = "US"
on = ["FD"]
authority = "Freedonia Act"
zone = "America/New_York"
verified = 2030-01-01

[[lines]]
id = "general"
label = "All goods"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = {effective}
rate = "25%"
source = "19 U.S.C. 1"
evidence = "text"
"""
NOON = instant("2025-03-03 12:00")


class Keys:
    """Keys pressed in a test, one list a tick; then Ctrl-C."""

    def __init__(self, *ticks: Sequence[str]) -> None:
        self._ticks = list(ticks)
        self.hung_up = self.interrupted = False
        self.quiet = True
        self.waited: list[float] = []

    def wait(self, seconds: float) -> list[str]:
        self.waited.append(seconds)
        if self._ticks:
            return list(self._ticks.pop(0))
        self.interrupted = True
        return []


class Desk:
    """A ledger folder, a clock that tells what it is told to, and the screens drawn meanwhile."""

    def __init__(self, path: Path) -> None:
        self.books = path / "books"
        self.books.mkdir()
        self.environ = {"TARIFFWATCH_CONFIG": str(path / "none.toml"), "TARIFFWATCH_CACHE": ""}
        self.screens: list[str] = []
        self.write("us-example", "2025-03-04T00:01:00")

    def write(self, id: str, effective: str, title: str = "Duty on Freedonia") -> None:
        text = EXAMPLE.format(id=id, title=title, effective=effective)
        (self.books / f"{id}.toml").write_text(text, encoding="utf-8")

    def watch(self, now: datetime, **more: Any) -> tuple[Watch, Any]:
        names = ("on", "by", "authority", "phase", "kind", "within", "id", "as_of", "knowing", "zone")
        given: dict[str, Any] = dict.fromkeys(names) | {"format": Format.TABLE, "data": [self.books]}
        given |= {"authority": "Freedonia", "zone": "America/New_York"} | more
        question = ask(now, screen(self.environ), self.environ, **given)
        return Watch(given, question, self.environ), question.when

    def run(self, times: Iterator[datetime], *ticks: Sequence[str], **more: Any) -> live.Look:
        first = next(times)
        watch, when = self.watch(first, **more)
        keys = Keys(*ticks)

        def draw(rows: Sequence[Sequence[Cell]], width: int, height: int) -> None:
            assert len(rows) == height
            self.screens.append("\n".join("".join(cell.text for cell in row) for row in rows))

        machine = Machine(lambda: next(times), keys, lambda: (80, 24), draw, clean)
        return loop(watch, when, live.Look(), machine)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def clock(*times: datetime) -> Iterator[datetime]:
    """The times that a clock tells; the first is that of the start."""
    return iter((times[0], *times))


def test_it_tells_the_time_left_at_each_tick(desk: Desk) -> None:
    look = desk.run(clock(NOON, NOON + SECOND, NOON + 2 * SECOND), [], [])
    assert [re.findall(r"\d+:\d\d:\d\d(?= )", shown)[1] for shown in desk.screens] == [
        "12:01:00",
        "12:00:59",
        "12:00:58",
    ]
    assert look.done


def test_it_waits_for_the_next_full_second(desk: Desk) -> None:
    watch, when = desk.watch(NOON)
    times = iter([NOON + timedelta(microseconds=250_000)] * 2)
    keys = Keys([])
    machine = Machine(lambda: next(times), keys, lambda: (80, 24), lambda *_: None, clean)
    loop(watch, when, live.Look(), machine)
    assert keys.waited == [0.75, 0.75]


def test_after_the_machine_slept_it_is_right_at_once(desk: Desk) -> None:
    desk.write("us-later", "2025-03-10T00:01:00", "Later duty")
    desk.run(clock(NOON, NOON + SECOND, instant("2025-03-09 23:01:00")), [], [])
    assert "Duty on Freedonia" in desk.screens[1]
    assert "Duty on Freedonia" not in desk.screens[2], "it passed during the sleep"
    assert "1:00:00" in desk.screens[2], "and a clock change lay in between"


def test_a_clock_that_is_set_back_brings_back_what_had_passed(desk: Desk) -> None:
    after = instant("2025-03-04 00:05")
    desk.run(clock(NOON, after, NOON), [], [])
    assert "0 deadlines" in desk.screens[1]
    assert "12:01:00" in desk.screens[2]


def test_what_passes_stays_for_a_minute(desk: Desk) -> None:
    at = instant("2025-03-04 00:01")
    desk.run(clock(*(at + n * SECOND for n in (-1, 0, 59, 60))), [], [], [])
    assert [("0:00:01" in s, "passed" in s, "No deadline" in s) for s in desk.screens] == [
        (True, False, False),
        (False, True, False),
        (False, True, False),
        (False, False, True),
    ]


def test_within_moves_on_with_the_clock(desk: Desk) -> None:
    desk.run(clock(NOON, NOON + timedelta(minutes=5)), [], within="12h")
    assert ["0 deadlines (--authority Freedonia --within 12h)" in s for s in desk.screens] == [True, False]


def test_the_ledger_is_read_again_when_its_files_change(desk: Desk) -> None:
    def times() -> Iterator[datetime]:
        yield from (NOON, NOON)
        desk.write("us-example", "2025-03-05T00:01:00", "Duty put off")
        yield NOON + 3 * SECOND
        desk.write("us-other", "2025-03-04T00:01:00", "Another duty")
        yield NOON + 6 * SECOND
        (desk.books / "us-example.toml").unlink()
        yield NOON + 9 * SECOND

    desk.run(times(), [], [], [])
    assert "12:01:00" in desk.screens[0]
    assert "36:00:57" in desk.screens[1]
    assert ["Duty put off" in s for s in desk.screens] == [False, True, True, False]
    assert ["Another duty" in s for s in desk.screens] == [False, False, True, True]


def test_a_file_that_is_half_written_and_a_folder_that_is_gone(desk: Desk, tmp_path: Path) -> None:
    def times() -> Iterator[datetime]:
        yield from (NOON, NOON)
        (desk.books / "us-other.toml").write_text("id = ", encoding="utf-8")
        yield NOON + 3 * SECOND
        desk.books.rename(tmp_path / "moved")
        yield NOON + 6 * SECOND
        (tmp_path / "moved").rename(desk.books)
        (desk.books / "us-other.toml").unlink()
        yield NOON + 9 * SECOND

    desk.run(times(), [], [], [])
    assert all("Duty on Freedonia" in shown for shown in desk.screens)
    assert "1 problem in the ledger: run tariffwatch check" in desk.screens[1]
    told = " ".join(desk.screens[2].split())
    assert "there is no ledger folder or file" in told
    assert "shown is what was read before" in told
    assert "problem" not in desk.screens[3]
    assert "no ledger" not in desk.screens[3]


def test_keys_lead_from_screen_to_screen(desk: Desk) -> None:
    desk.write("us-other", "2025-03-05T00:01:00", "Another duty")
    times = clock(*[NOON] * 6)
    look = desk.run(times, ["/"], list("oth"), [ENTER, DOWN], ["?"], ["x", "q"])
    assert look == live.Look(sought="oth", done=True)
    assert [shown.splitlines()[-1].split()[0] for shown in desk.screens] == ["q", "/_", "/oth_", "q", "q"]
    assert '1 of 2 deadlines with "oth"' in " ".join(desk.screens[3].split())
    assert "Quit." in desk.screens[4]


# The program itself, on a pseudo-terminal.


class Terminal:
    """A terminal with the program on it, as its session's own."""

    def __init__(self, folder: Path, *arguments: str, **env: str) -> None:
        self.main, self.second = pty.openpty()
        self.resize(80, 24)
        self.before = termios.tcgetattr(self.second)
        self.shown = ""
        bare = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tariffwatch", "countdown", "--live", *arguments],
            cwd=ROOT,
            stdin=self.second,
            stdout=self.second,
            stderr=self.second,
            env=bare | {"TERM": "xterm-256color", "NO_COLOR": "1"} | env,
            start_new_session=True,
            preexec_fn=as_from_a_shell,
        )

    def resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self.second, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self) -> str:
        """What has been written since it was last read."""
        new = b""
        while select.select([self.main], [], [], 0.05)[0]:
            try:
                part = os.read(self.main, 65536)
            except OSError:
                break
            if not part:
                break
            new += part
        text = new.decode()
        self.shown += text
        return text

    def until(self, pattern: str) -> str:
        """What is written until a pattern is met."""
        new, end = "", time.monotonic() + 30
        while not re.search(pattern, new):
            new += self.read()
            if time.monotonic() > end:
                raise AssertionError(f"{pattern!r} was not seen in {new[-3000:]!r}")
        return new

    def press(self, keys: str) -> None:
        os.write(self.main, keys.encode())

    def ends(self) -> int:
        """The exit code, once it has ended; all that it wrote is read."""
        end = time.monotonic() + 30
        while self.process.poll() is None:
            self.read()
            assert time.monotonic() < end, "it did not end"
        self.read()
        return self.process.returncode

    def is_sane(self) -> bool:
        """Whether the terminal is as it was: its mode, its cursor, its own screen."""
        alternate = re.findall(r"\x1b\[\?1049([hl])", self.shown)
        cursor = re.findall(r"\x1b\[\?25([hl])", self.shown)
        assert alternate
        assert cursor
        return (alternate[-1], cursor[-1]) == ("l", "h") and termios.tcgetattr(self.second) == self.before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for end in (self.main, self.second):
            os.close(end)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A ledger whose one deadline is far from whenever the tests run."""
    folder = tmp_path / "books"
    folder.mkdir()
    text = EXAMPLE.format(id="us-example", title="Duty on Freedonia", effective="2150-03-04T00:01:00")
    (folder / "us-example.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def terminal(tmp_path: Path, books: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path, "--data", str(books), "--authority", "Freedonia")
    yield made
    made.close()


def test_it_ticks_filters_and_quits(terminal: Terminal) -> None:
    first = terminal.until(r"\d+:\d\d:\d\d .*Duty on Freedonia")
    left = re.findall(r"(\d+:\d\d:\d\d) +Duty", first)[0]
    terminal.until(rf"(?!{left})\d+:\d\d:\d\d +Duty on Freedonia")
    terminal.press("/")
    terminal.until(r"/_")
    terminal.press("nothing")
    assert "No deadline matches." in terminal.until(r"/nothing_")
    terminal.press("\x1b")
    terminal.until(r"Duty on Freedonia")
    terminal.press("?")
    terminal.until(r"Quit\.")
    terminal.press("xq")
    assert terminal.ends() == 0
    assert terminal.is_sane()
    assert terminal.shown.rpartition("\x1b[?1049l")[2].strip() in ("", "\x1b[?25h"), "nothing is left behind"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, -signal.SIGTERM),
        (signal.SIGHUP, -signal.SIGHUP),
        (signal.SIGQUIT, -signal.SIGQUIT),
        (signal.SIGINT, 0),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_signal_ends_it_and_leaves_the_terminal_sane(terminal: Terminal, number: int, code: int) -> None:
    terminal.until("Duty on Freedonia")
    assert termios.tcgetattr(terminal.second) != terminal.before
    terminal.process.send_signal(number)
    assert terminal.ends() == code
    assert terminal.is_sane()


def test_ctrl_c_quits(terminal: Terminal) -> None:
    terminal.until("Duty on Freedonia")
    terminal.press("\x03")
    assert terminal.ends() == 0
    assert terminal.is_sane()
    assert "Aborted" not in terminal.shown
    assert "Traceback" not in terminal.shown


def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(terminal: Terminal) -> None:
    terminal.until("Duty on Freedonia")
    terminal.press("\x1a")
    assert os.WIFSTOPPED(os.waitpid(terminal.process.pid, os.WUNTRACED)[1])
    terminal.read()
    assert terminal.is_sane()
    terminal.process.send_signal(signal.SIGCONT)
    terminal.until("Duty on Freedonia")
    assert termios.tcgetattr(terminal.second) != terminal.before
    terminal.press("q")
    assert terminal.ends() == 0
    assert terminal.is_sane()


def test_it_follows_the_size_of_the_window(terminal: Terminal) -> None:
    terminal.until("What changes, if nobody acts")
    terminal.resize(30, 8)
    narrow = terminal.until(r"/ filter  \? help")
    last = narrow.rpartition("\x1b[H")[2]
    assert all(len(line) <= 30 for line in last.split("\r\n"))
    terminal.resize(120, 40)
    terminal.until(r"When +What changes, if nobody acts")
    terminal.press("q")
    assert terminal.ends() == 0


def test_it_reads_the_ledger_again(terminal: Terminal, books: Path) -> None:
    terminal.until("Duty on Freedonia")
    file = books / "us-example.toml"
    file.write_text(file.read_text().replace("Duty on Freedonia", "Duty put off"), encoding="utf-8")
    terminal.until("Duty put off")
    file.write_text("id = ", encoding="utf-8")
    terminal.until("1 problem in the ledger")
    terminal.press("q")
    assert terminal.ends() == 3
    assert terminal.is_sane()
    assert "us-example.toml:1: error" in terminal.shown.rpartition("\x1b[?1049l")[2]


def test_a_terminal_that_goes_away_ends_it(terminal: Terminal) -> None:
    terminal.until("Duty on Freedonia")
    os.close(terminal.main)
    terminal.process.wait(timeout=30)
    assert terminal.process.returncode == -signal.SIGHUP
    terminal.main = os.open(os.devnull, os.O_RDONLY)


def test_an_error_on_the_way_leaves_the_terminal_sane(tmp_path: Path, books: Path) -> None:
    """Whatever goes wrong inside: here a mistake in the program, made by the test."""
    package = tmp_path / "broken" / "tariffwatch"
    shutil.copytree(shipped().parent / "tariffwatch", package)
    shutil.copytree(shipped(), package / "data")
    with (package / "views" / "live.py").open("a", encoding="utf-8") as out:
        out.write("\n\ndef frame(*_, **__):\n    raise RuntimeError('a mistake')\n")
    program = Terminal.__new__(Terminal)
    program.main, program.second = pty.openpty()
    program.resize(80, 24)
    program.before, program.shown = termios.tcgetattr(program.second), ""
    program.process = subprocess.Popen(
        [sys.executable, "-m", "tariffwatch", "countdown", "--live"],
        cwd=package.parent,
        stdin=program.second,
        stdout=program.second,
        stderr=program.second,
        env=os.environ | {"TERM": "xterm", "HOME": str(tmp_path), "PYTHONPATH": str(package.parent)},
    )
    try:
        assert program.ends() == 1
        assert program.is_sane()
        after = re.sub(r"\x1b\[[0-9;]*m", "", program.shown.rpartition("\x1b[?1049l")[2])
        assert "RuntimeError: a mistake" in after
    finally:
        program.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "needs a terminal"),
        (["--as-of", "2025-02-10"], "leave out --as-of, or --live"),
        (["--knowing", "2025-02-10"], "leave out --knowing, or --live"),
        (["--format", "json"], "leave out --format json, or --live"),
        (["--format", "csv"], "leave out --format csv, or --live"),
        (["--exit-code"], "does not go with --exit-code"),
        (["--explain"], "does not go with --explain"),
    ],
    ids=" ".join,
)
def test_where_it_makes_no_sense_it_is_refused_in_a_sentence(
    run: Run, arguments: list[str], words: str
) -> None:
    answer = run("countdown", "--live", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("tariffwatch: --live ")
    assert answer.stderr.count("\n") == 1
    assert words in answer.stderr


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_be_drawn_on(term: str, tmp_path: Path) -> None:
    program = Terminal(tmp_path, TERM=term)
    try:
        assert program.ends() == 2
        assert f"tariffwatch: --live cannot draw on a terminal of TERM={term or '(not set)'}" in program.shown
        assert "\x1b" not in program.shown
    finally:
        program.close()


def test_keys_from_a_pipe_are_refused(tmp_path: Path) -> None:
    main, second = pty.openpty()
    answer = subprocess.run(
        [sys.executable, "-m", "tariffwatch", "countdown", "--live"],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=second, stderr=subprocess.PIPE, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm"},
    )  # fmt: skip
    os.close(main)
    os.close(second)
    assert answer.returncode == 2
    assert "needs a terminal to draw on and to read keys from" in answer.stderr


def test_without_termios_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from tariffwatch.cli import live as command
    from tariffwatch.errors import UsageError

    monkeypatch.setattr(command, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "stdin", open("/dev/null"))  # noqa: SIM115
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    given = {"as_of": None, "knowing": None, "format": Format.TABLE}
    here = Screen(sys.stdout, sys.stderr, True, 80, False, False)
    with pytest.raises(UsageError, match="reads keys as Unix terminals give them"):
        command.refuse(given, {}, here, "xterm")


def test_colour_and_an_ascii_locale(tmp_path: Path, books: Path) -> None:
    program = Terminal(tmp_path, "--data", str(books), "--id", "us-example", NO_COLOR="", LC_ALL="C")
    try:
        shown = program.until("Duty on Freedonia")
        assert "\x1b[1mDuty" in shown
        assert shown.isascii()
        program.press("q")
        assert program.ends() == 0
    finally:
        program.close()
