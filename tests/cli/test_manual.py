"""The manual page and the completions that are installed with the program say what its help says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from manual import ENDS, MADE, texts

import tariffwatch
from tariffwatch.cli.main import COMMANDS
from tariffwatch.errors import ExitCode

SHELL = Path(tariffwatch.__file__).parent / "shell"
ROOT = SHELL.parent.parent


PAGE = SHELL / "tariffwatch.1"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Made anew, with the day on which the page that is kept last changed."""
    kept = re.search(r"^\.TH TARIFFWATCH 1 (\d{4}-\d\d-\d\d)", PAGE.read_text(encoding="utf-8"), re.M)
    assert kept
    return texts(kept[1])


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_fresh(name: str, made: dict[str, str]) -> None:
    kept = (SHELL / name).read_text(encoding="utf-8")
    if os.environ.get("UPDATE_GOLDENS") and kept != made[name]:
        kept = texts(datetime.now(tz=UTC).date().isoformat())[name]
        (SHELL / name).write_text(kept, encoding="utf-8")
        pytest.fail("it was made anew: run again")
    assert kept == made[name]


@pytest.mark.parametrize("reader", [["man", "--warnings", "-l"], ["mandoc", "-T", "lint", "-W", "warning"]])
def test_readers_of_manuals_have_nothing_to_say(reader: list[str]) -> None:
    if shutil.which(reader[0]) is None:
        pytest.skip(f"{reader[0]} is not installed here")
    done = subprocess.run([*reader, PAGE], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout if reader[0] == "mandoc" else "", done.returncode) == ("", "", 0)


def test_the_manual_tells_every_command_and_every_exit_code(made: dict[str, str]) -> None:
    told = re.findall(r'^\.SS "?([a-z]+)', made["tariffwatch.1"], re.M)
    assert set(COMMANDS) <= set(told)
    assert {int(code) for code, _ in ENDS} == {code.value for code in ExitCode}


def test_no_line_of_the_manual_is_taken_for_a_request(made: dict[str, str]) -> None:
    requests = {line.split()[0] for line in made["tariffwatch.1"].splitlines() if line[:1] in {".", "'"}}
    assert requests <= {".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".B", ".BR", '.\\"'}


def test_each_file_is_installed_where_shells_and_man_look() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {Path(path).name for path in installed} == set(MADE)
