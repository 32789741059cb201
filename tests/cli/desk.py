"""A user's own desk: folders of its own, runs of the program on them, and a disk that refuses."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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


Running = subprocess.Popen[str]


def without_privileges() -> None:
    """Take from this process, root or not, the right to write where the mode forbids it."""
    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # noqa: N806 (prctl(2), capabilities(7))
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


def disk_of(size: int) -> Callable[[], None]:
    """Let no file of this process grow beyond some bytes, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
