"""``doctor`` finds what needs a hand, and says where everything is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]
SETTINGS = (
    '[[reminders]]\nname = "all"\nchannels = ["print"]\n[[channels]]\nname = "print"\nkind = "stdout"\n'
)


def test_a_fresh_installation_is_well(run: Run) -> None:
    done = run("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing needs a hand.\n")
    told = json.loads(run("doctor", "--format", "json").stdout)
    assert told["needs_a_hand"] == []
    assert told["actions"] > 100
    assert told["places"]["settings"].endswith("config.toml (not there yet)")
    assert {"tariffwatch", "Python", "typer"} <= set(told["versions"])


def test_what_needs_a_hand_is_named_with_the_mend(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    env = {"TARIFFWATCH_CONFIG": str(config), "TARIFFWATCH_STATE": str(tmp_path / "state"), "LC_ALL": "C"}
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "us-bad.toml").write_text("id = ", encoding="utf-8")
    config.write_text('data = ["books", "gone"]\nbrake = 0\n' + SETTINGS, encoding="utf-8")
    done = run("doctor", env=env)
    assert done.returncode == 1
    assert f"{tmp_path}/gone is no ledger folder" in done.stdout
    assert "1 problem in ledger files: tariffwatch check says where" in done.stdout
    assert f"{config}:2: " in done.stdout
    assert "Reminders are set up but never ran" in done.stdout


def test_reminders_that_stopped_need_a_hand(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    env = {"TARIFFWATCH_CONFIG": str(config), "TARIFFWATCH_STATE": str(tmp_path / "state"), "LC_ALL": "C"}
    config.write_text(SETTINGS, encoding="utf-8")
    run("remind", env=env)
    assert run("doctor", env=env).returncode == 0
    run("remind", "--as-of", "2025-03-01", env=env)
    done = run("doctor", env=env)
    assert (done.returncode, "Reminders have stopped" in done.stdout) == (1, True)
