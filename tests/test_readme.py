"""The README does what it says: every command of its blocks runs, and its exit codes are the program's."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import on_a_terminal

from tariffwatch.cli.store import dated
from tariffwatch.errors import ExitCode
from tariffwatch.ledger.load import shipped

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split(" #")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    for line in block.splitlines()
    if line.startswith("tariffwatch")
]


@pytest.mark.parametrize("command", [line for line in COMMANDS if "schedule --install" not in line])
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    if command.startswith("tariffwatch remind") and not command.endswith("init"):
        settings.write_text(
            '[[reminders]]\nname = "all"\nchannels = ["print"]\n'
            '[[channels]]\nname = "print"\nkind = "stdout"\n',
            encoding="utf-8",
        )
    own = {"TARIFFWATCH_CONFIG": str(settings), "TARIFFWATCH_STATE": str(tmp_path / "state")}
    shutil.copytree(ROOT / "tests/sample", tmp_path / "tests/sample")
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command.split(" > ")[0])],
        env=os.environ | own | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    written = re.search(r"--output (\S+)", command)
    assert (tmp_path / written[1]).stat().st_size > 1000 if written else done.stdout + done.stderr


def test_the_screen_of_the_readme_is_what_a_terminal_shows() -> None:
    command, screen = re.findall(r"^```console\n\$ tariffwatch (.*?)\n(.*?)^```", README, re.M | re.S)[0]
    shown = on_a_terminal(shlex.split(command), {"NO_COLOR": "1", "TZ": "America/New_York"})
    lines = [line.rstrip() for line in shown.replace("\r\n", "\n").strip().splitlines()]
    if os.environ.get("UPDATE_GOLDENS"):
        fresh = README.replace(screen, "\n".join([*lines, ""]), 1)
        (ROOT / "README.md").write_text(fresh, encoding="utf-8")
    assert screen.rstrip("\n").splitlines() == lines


def test_the_format_of_the_readme_is_one(tmp_path: Path) -> None:
    (example,) = (
        text for text in re.findall(r"^```toml\n(.*?)^```", README, re.M | re.S) if "[[" not in text
    )
    (tmp_path / "us-example.toml").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "tariffwatch"]
    checked = subprocess.run([*command, "check", tmp_path], capture_output=True, text=True, check=False)
    assert "1 action checked: 0 errors" in checked.stderr, checked.stdout
    asked = [*command, "status", "--data", tmp_path, "--id", "us-example", "--as-of", "2025-02-10"]
    assert "suspended  25%" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_the_exit_codes_of_the_readme_are_all() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.M)}
    assert codes == {code.value for code in ExitCode}


def test_the_readme_names_the_day_of_the_ledger_that_comes_with_it() -> None:
    day = dated(shipped())
    assert day is not None
    assert f"written down through {day.day} {day:%B %Y};" in README.replace("\n", " ")
