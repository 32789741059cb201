"""``--version`` names program and ledger, quickly, and counts as the ledger itself would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from tariffwatch import __version__
from tariffwatch.cli.store import surveyed

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent


def test_it_names_the_program_and_the_ledger_in_use(run: Run) -> None:
    answer = run("--version")
    known = json.loads(run("doctor", "--format", "json").stdout)
    ledger = (
        f"{known['actions']} actions in the ledger of {known['ledger']['day']}, which came with the program"
    )
    assert (answer.stdout, answer.returncode) == (f"tariffwatch {__version__}\n{ledger}\n", 0)
    assert run("--on", "CA", "--version").stdout == answer.stdout, "also where it stands among other options"


def test_the_version_loads_neither_the_command_line_nor_the_ledger(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tariffwatch", "--version"],
        env=os.environ | {"TARIFFWATCH_CACHE": str(tmp_path)},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()}
    assert "tariffwatch.cli.version" in loaded
    assert not loaded & {"typer", "rich", "zipfile", "tariffwatch.timeline", "tariffwatch.words"}
    assert not list(tmp_path.iterdir()), "nothing was parsed, so nothing is kept"


def test_only_actions_are_counted(write: Callable[..., Path]) -> None:
    folder = write(
        us_example="",
        us_tables="""
            id = "us-tables"
            verified = 2026-01-01
            [[events]]
            recorded = 2026-02-02
        """,
        us_overlay='extends_action = "us-example"\n[[lines]]\nid = "a"\n',
        instruments='[[instruments]]\nid = "eo-1"\n',
        undated="# no day at all\n[[instruments]]\nrecorded = 2031-02-30\n",
    )
    assert surveyed(folder) == (date(2030, 1, 1), 2)


def test_a_ledger_that_cannot_be_told_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "current").write_text("{", encoding="utf-8")
    answer = run("--version", env={"TARIFFWATCH_UPDATES": str(tmp_path)})
    assert (answer.stdout, answer.returncode) == ("", 3)
    assert answer.stderr.startswith(f"tariffwatch: {tmp_path}/current cannot be understood; delete that file")
