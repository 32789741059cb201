"""A user's own desk: folders of its own, runs of the program on them, and a disk that refuses."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pty
import resource
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from select import select

Answer = Callable[[], str]
"""What is done before something is typed, and what that is."""
PATIENCE = 120
"""Seconds after which a run that says nothing hangs."""
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

    def talk(self, *arguments: str | Path, answers: Sequence[tuple[str, str | Answer]]) -> tuple[int, str]:
        """A run at a terminal: the exit code, and what was shown.

        As soon as it shows the first text, the answer to that is typed, then the same with the next.
        """
        main, second = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "tariffwatch", *map(str, arguments)],
            env=self.env, cwd=self.path, stdin=second, stdout=second, stderr=second,
            start_new_session=True, preexec_fn=_at_home,
        )  # fmt: skip
        os.close(second)
        shown, heard, waiting = "", 0, list(answers)
        while select([main], [], [], PATIENCE)[0] and (new := _read(main)):
            shown += new
            if waiting and waiting[0][0] in shown[heard:]:
                answer = waiting.pop(0)[1]
                heard = len(shown)
                os.write(main, (answer if isinstance(answer, str) else answer()).encode())
        os.close(main)
        code = process.wait(timeout=PATIENCE)
        assert not waiting, shown
        return code, shown.replace("\r\n", "\n")


def _at_home() -> None:
    """In the new process: the terminal controls it, and Ctrl-C is not ignored, as nohup leaves it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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
