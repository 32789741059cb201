"""What tests share: ledgers written in the test, instants as one reads them, goldens."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from servers import endpoint, mail_server

from tariffwatch.ledger.load import Ledger, load, shipped

__all__ = ["endpoint", "mail_server"]  # fixtures of all tests

settings.register_profile("patient", deadline=None)  # how busy the machine is says nothing of the program
settings.load_profile("patient")

NEW_YORK = ZoneInfo("America/New_York")
GOLDEN = Path(__file__).parent / "golden"

HEAD = """
id = "{id}"
title = "Example duty on Freedonia"
imposed_by = "US"
on = ["FD"]
authority = "IEEPA"
zone = "America/New_York"
verified = 2030-01-01
"""


PAUSED = """
[[lines]]
id = "general"
label = "All goods"
[[lines]]
id = "energy"
label = "Energy"
[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rates = { general = "25%", energy = "10%" }
source = "19 U.S.C. 1"
[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "19 U.S.C. 2"
[[events]]
id = "found"
kind = "assessed"
known = 2025-02-05
condition = "border"
finding = "progress"
[[events]]
id = "failed"
kind = "assessed"
known = 2025-03-03
condition = "border"
finding = "unmet"
[[conditions]]
id = "border"
party = "FD"
text = "Guard the border."
decided_by = "The President"
bears_on = "pause"
[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-06-01
known = 2025-02-03
"""
"""A duty that was paused, with a condition, two findings and a deadline."""


def instant(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """``2025-03-04 00:01`` on New York's clock, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write ledger files into a folder; a file without a head gets the example's."""

    def write_files(**files: str) -> Path:
        folder = tmp_path / "ledger"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            slug = name.replace("_", "-")
            body = textwrap.dedent(text)
            has_head = body.lstrip().startswith(("id =", "extends_action", "#"))
            head = "" if has_head or slug == "instruments" else HEAD.format(id=slug)
            (folder / f"{slug}.toml").write_text(head + body, encoding="utf-8")
        return folder

    return write_files


@pytest.fixture
def ledger(write: Callable[..., Path]) -> Callable[..., Ledger]:
    """A ledger of files given as texts: ``ledger(us_example="[[lines]] ...")``."""
    return lambda **files: load([write(**files)])


@pytest.fixture
def paused(ledger: Callable[..., Ledger]) -> Ledger:
    """A ledger of one action that was paused: :data:`PAUSED`."""
    return ledger(us_example=PAUSED)


@pytest.fixture(scope="session")
def shipped_ledger() -> Ledger:
    """The ledger that ships with the program."""
    return load([shipped()])


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the golden of that name; ``UPDATE_GOLDENS=1 pytest`` remakes them."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDENS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; see UPDATE_GOLDENS in conftest.py"

    return compare


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the program as cron does: a subprocess with a bare environment."""

    def run_program(
        *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", *map(str, arguments)],
            env=bare | dict({"LC_ALL": "C.UTF-8", "TZ": "America/New_York"} if env is None else env),
            cwd=cwd or Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run_program


def on_a_terminal(arguments: list[str], env: dict[str, str]) -> str:
    """What a run writes to a pseudo-terminal of 80 columns."""
    import fcntl
    import pty
    import struct
    import termios

    main, second = pty.openpty()
    fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "tariffwatch", *arguments],
        cwd=Path(__file__).parent.parent,
        stdout=second,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **env},
    )
    os.close(second)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(timeout=60)
    os.close(main)
    return shown.decode()
