"""A user's own desk: folders of its own, runs of the program on them, and a disk that refuses."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pty
import resource
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from select import select

Answer = Callable[[], str]
"""What is done before something is typed, and what that is."""
Dialogue = Sequence[tuple[str, str | Answer]]
"""What is asked, and what is then typed."""
CTRL_C, CTRL_D = "\x03", "\x04"
ROOT = Path(__file__).parent.parent.parent
EXAMPLE = """\
# Our example; this comment and the order of the keys are the user's own.
zone = "America/New_York"
id = "us-example"
title = "Example duty on Freedonia"  # a comment behind a value
imposed_by = "US"
on = ["FD"]
authority = "Freedonia Act"
verified = 2026-01-01

[[lines]]
id = "general"
label = "All goods"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
recorded = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "19 U.S.C. 2411"
evidence = "text"
"""
KILLING = """
import os, signal, sys
last, folder = int(sys.argv.pop(1)), sys.argv.pop(1)
seen = 0
def hook(event, given):
    global seen
    if event.split(".")[0] in ("open", "os", "fcntl", "shutil") and any(folder in str(one) for one in given):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from tariffwatch.cli.main import run
run()
"""
"""A run that kills itself before the n-th time that it touches the folder: each instant once."""
FACT = ["--source", "19 U.S.C. 2411", "--evidence", "text"]
HEAD = ["--title", "T", "--imposed-by", "US", "--on", "FD", "--authority", "A"]

Done = subprocess.CompletedProcess[str]


class Desk:
    """The folders of one user, and runs of the program with a bare environment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledger = path / ".local" / "share" / "tariffwatch" / "ledger"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(path),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def example(self) -> Path:
        """The file of the example's action."""
        return self.ledger / "us-example.toml"

    def has_example(self, text: bytes = EXAMPLE.encode()) -> bytes:
        self.ledger.mkdir(parents=True, exist_ok=True)
        self.example.write_bytes(text)
        return text

    def toml_files(self) -> list[str]:
        return sorted(file.name for file in self.ledger.rglob("*.toml"))

    def run(self, *arguments: str | Path, before: Callable[[], None] | None = None) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", *map(str, arguments)],
            env=self.env, cwd=self.path, capture_output=True, text=True, encoding="utf-8",
            timeout=120, check=False, preexec_fn=before,
        )  # fmt: skip

    def start(self, *arguments: str, program: tuple[str, ...] = ("-m", "tariffwatch")) -> Running:
        """A run that is left to itself."""
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            env=self.env, cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def talk(self, dialogue: Dialogue, *arguments: str | Path) -> tuple[str, int]:
        """Run the program on a terminal of its own, and answer each question.

        What is shown, and how it ended.
        """
        main, second = pty.openpty()
        fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "tariffwatch", *map(str, arguments)],
            stdin=second, stdout=second, stderr=second, cwd=self.path, env=self.env | {"TERM": "dumb"},
            start_new_session=True, preexec_fn=as_from_a_shell,
        )  # fmt: skip
        os.close(second)
        shown, left = "", list(dialogue)
        try:
            since, waits = 0, 0
            while waits < 60:
                if not select([main], [], [], 1)[0]:
                    waits += 1
                    if not left and dialogue[-1][1] == CTRL_C:  # readline may miss one as it begins to read
                        os.write(main, CTRL_C.encode())
                    continue
                if not (part := _read(main)):
                    break
                shown += part
                if left and (asked := shown.find(left[0][0], since)) >= 0 and shown.endswith(": "):
                    since = asked + len(left[0][0])
                    _, answer = left.pop(0)
                    typed = answer if isinstance(answer, str) else answer()
                    os.write(main, (typed + ("" if typed in (CTRL_C, CTRL_D) else "\n")).encode())
            code = process.wait(timeout=60)
        finally:
            process.kill()
            os.close(main)
        assert not left, f"never asked: {left[0][0]}\n{shown}"
        return shown.replace("\r\n", "\n"), code


def as_from_a_shell() -> None:
    """In the new process: the terminal controls it, and no signal is ignored, as nohup leaves them."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _read(main: int) -> str:
    """What is shown, or nothing once the run has ended."""
    try:
        return os.read(main, 65536).decode(errors="replace")
    except OSError:
        return ""


Running = subprocess.Popen[str]


def without_privileges() -> None:
    """Take from this process, root or not, the right to write where the mode forbids it."""
    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # noqa: N806 (prctl(2), capabilities(7))
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


def disk_of(size: int) -> Callable[[], None]:
    """Let no file of this process grow beyond some bytes, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
