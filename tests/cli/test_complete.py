"""What the shell offers, asked as bash asks it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("tariffwatch")


def offered(line: str, **env: str) -> list[str]:
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_TARIFFWATCH_COMPLETE": "complete_bash"}
    done = subprocess.run([PROGRAM], env=os.environ | asked | env, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tariffwatch ", {"status", "show", "remind"}),
        ("tariffwatch sta", {"status"}),
        ("tariffwatch show ieepa-canada-b", {"ieepa-canada-border"}),
        ("tariffwatch status --id ieepa-canada-b", {"ieepa-canada-border"}),
        ("tariffwatch timeline s232-copp", {"s232-copper"}),
        ("tariffwatch remind ack s232-copp", {"s232-copper"}),
        ("tariffwatch status --on M", {"MX", "MU", "MY"}),
        ("tariffwatch status --by J", {"JP"}),
        ("tariffwatch status --phase su", {"suspended", "superseded"}),
        ("tariffwatch countdown --kind pause", {"pause-ends", "pause-begins"}),
        ("tariffwatch clock s122-150", {"s122-150-days"}),
        ("tariffwatch export mark", {"markdown"}),
        ("tariffwatch remind sch", {"schedule"}),
    ],
)
def test_words_are_offered(line: str, words: set[str]) -> None:
    assert words <= set(offered(line))


def test_settings_that_cannot_be_read_offer_nothing(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("zone = 5", encoding="utf-8")
    assert offered("tariffwatch show ieepa-canada-b", TARIFFWATCH_CONFIG=str(config)) == []


def test_ids_are_offered_without_reading_the_ledger() -> None:
    asked = {"COMP_WORDS": "tariffwatch show x", "COMP_CWORD": "2", "_TARIFFWATCH_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", PROGRAM],
        env=os.environ | asked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "tariffwatch.views.page" in loaded
    assert not loaded & {"rich", "holidays", "tariffwatch.views.reminders", "tariffwatch.views.changes"}
