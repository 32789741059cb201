"""A world of its own for each case: folders, environment, clock, streams, and a limit of time.

The program runs in this process, as ``tariffwatch ARGUMENTS`` would. Nothing outside the folder is
written, no process is started and no address is called: an audit hook refuses it, as a strict system would.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from tariffwatch.cli import main, present
from tariffwatch.errors import ExitCode
from tariffwatch.ledger import load

NOW = datetime(2025, 2, 10, 17, tzinfo=UTC)
"""The present of every case."""
MOST_SECONDS = 5.0
"""Of the processor's time, for one case; more is a hang. The slowest that is meant takes a tenth of it."""

GOOD = """
id = "us-good"
title = "Duty on Freedonia"
imposed_by = "US"
on = ["FD"]
authority = "IEEPA"
zone = "America/New_York"
verified = 2025-02-01

[[lines]]
id = "general"
label = "All goods"
headings = ["9903.01.24"]

[[instruments]]
id = "eo-1"
title = "Executive Order 1"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
recorded = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "eo-1 sec. 2"
evidence = "text"

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03
recorded = 2025-02-03
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "eo-1 sec. 3"
evidence = "text"

[[deadlines]]
id = "report"
kind = "report-due"
rule = { clock = "s122-150-days", from = "start" }
source = "eo-1 sec. 4"
evidence = "text"
"""
"""The one action of the shipped ledger of this world."""

SETTINGS = """
[[reminders]]
name = "all"
before = ["30d", "2bd", "1h"]
channels = ["print"]

[[channels]]
name = "print"
kind = "stdout"
"""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate",
            "os.chmod", "os.chown", "os.utime", "shutil.rmtree"}  # fmt: skip
_OUTWARD = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.kill",
            "socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"}  # fmt: skip


class Hang(BaseException):
    """A case took too long; no ``except Exception`` of the program swallows it."""


class BrokenError(AssertionError):
    """The program ended as it must not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a run ended, and what it wrote."""

    code: int
    out: bytes
    err: str


class Sandbox:
    """The folders of the present case; ``with sandbox.case()`` around it."""

    def __init__(self) -> None:
        shared = Path("/dev/shm")
        self.root = Path(tempfile.mkdtemp(prefix="fuzz-", dir=shared if shared.is_dir() else None)).resolve()
        self.shipped = self.root / "package" / "data"
        self.home = self.root / "home"
        self.config = self.home / "config.toml"
        self.state = self.home / "state"
        self.own = self.home / "own"
        self._inside = False
        atexit.register(shutil.rmtree, self.root, ignore_errors=True)
        self.root.joinpath("home").mkdir()
        _ship(self.shipped)
        sys.addaudithook(self._refuse)
        load.__file__ = str(
            self.root / "package" / "ledger" / "load.py"
        )  # where it looks for what is shipped
        present.datetime = _Fixed  # type: ignore[attr-defined, assignment, misc]

    @contextmanager
    def case(self) -> Iterator[None]:
        """A fresh home, its environment, the refusals, and the limit of time."""
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in (self.home, self.state, self.own, self.home / "work"):
            folder.mkdir()
        self.config.write_text(SETTINGS, encoding="utf-8")
        with self.limits():
            yield

    @contextmanager
    def limits(self) -> Iterator[None]:
        """The environment, the refusals and the limit of time, without folders: for what writes nothing."""
        assert not self._inside, "one case at a time"
        before, place = dict(os.environ), os.getcwd()
        streams, words = (sys.stdin, sys.stdout, sys.stderr), sys.argv
        os.environ.clear()
        os.environ.update(self.environment())
        os.chdir(self.home / "work" if (self.home / "work").is_dir() else self.root)
        signal.signal(signal.SIGVTALRM, _hung)
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            (sys.stdin, sys.stdout, sys.stderr), sys.argv = streams, words
            os.chdir(place)
            os.environ.clear()
            os.environ.update(before)

    def environment(self) -> Mapping[str, str]:
        """What the program finds: no program on its path, and every folder inside."""
        return {
            "PATH": str(self.home / "no-programs"),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "TARIFFWATCH_CONFIG": str(self.config),
            "TARIFFWATCH_STATE": str(self.state),
            "TARIFFWATCH_CACHE": str(self.root / "cache"),
            "TARIFFWATCH_UPDATES": str(self.home / "updates"),
            **{f"XDG_{name}_HOME": str(self.home / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        }

    def run(self, *arguments: str, stdin: bytes = b"", encoding: str = "utf-8", width: int = 0) -> Answer:
        """Run the program as its ``main`` does; before a terminal, if that has a width.

        Raises BrokenError for an end that is none of ExitCode.
        """
        out, err = io.BytesIO(), io.BytesIO()
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding=encoding, errors="surrogateescape")
        kind = _Terminal if width else io.TextIOWrapper
        sys.stdout, sys.stderr = (kind(stream, encoding=encoding) for stream in (out, err))
        if width:
            os.environ |= {"COLUMNS": str(width), "TERM": "xterm-256color"}
        sys.argv = ["tariffwatch", *arguments]
        code: Any = 0
        try:
            main.run()
        except SystemExit as end:
            code = 0 if end.code is None else end.code
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        answer = Answer(code, out.getvalue(), err.getvalue().decode(encoding, "replace"))
        if code not in list(ExitCode):
            raise BrokenError(f"exit code {code!r} of {arguments}")
        if "Traceback (most recent call last)" in answer.err:
            raise BrokenError(f"a traceback on stderr of {arguments}: {answer.err[-300:]}")
        if code == ExitCode.USAGE and not answer.err.strip():
            raise BrokenError(f"a refusal without a word: {arguments}")
        return answer

    def _refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook (PEP 578)."""
        if not self._inside:
            return
        if event in _OUTWARD:
            raise PermissionError(errno.EACCES, "Permission denied")
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES and not self._own(path):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
        elif event in _CHANGES and not all(map(self._own, arguments[: 1 + (event == "os.rename")])):
            raise PermissionError(errno.EACCES, "Permission denied", str(arguments[0]))

    def _own(self, path: object) -> bool:
        if not isinstance(path, (str, bytes)):
            return not isinstance(path, os.PathLike) or self._own(os.fspath(path))  # a number is open already
        place = os.path.abspath(os.fsdecode(path))
        return place == "/dev/null" or place.startswith(f"{self.root}{os.sep}")


class _Terminal(io.TextIOWrapper):
    """What is written to it is looked at by a person."""

    def isatty(self) -> bool:
        return True


class _Fixed(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz)


def _ship(folder: Path) -> None:
    """A small ledger, with those of the real clocks that rules and entries use; older than any cache."""
    data = Path(__file__).parent.parent.parent / "data"
    folder.mkdir(parents=True)
    (folder / "us-good.toml").write_text(GOOD, encoding="utf-8")
    head, *clocks = (data / "clocks.toml").read_text(encoding="utf-8").split("[[clocks]]\n")
    kept = [one for one in clocks if 'group = "entries"' in one or 'id = "s122' in one]
    (folder / "clocks.toml").write_text("[[clocks]]\n".join([head, *kept]), encoding="utf-8")
    for file in folder.iterdir():
        os.utime(file, (time.time() - 9999,) * 2)


def _hung(number: int, frame: object) -> None:
    raise Hang(f"more than {MOST_SECONDS} seconds of the processor")
