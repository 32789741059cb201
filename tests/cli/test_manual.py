"""The manual page and the completions that are installed with the program say what its help says."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
from manual import ENDS, FILES, texts

import tariffwatch
from tariffwatch.cli.main import COMMANDS
from tariffwatch.errors import ExitCode

SHELL = Path(tariffwatch.__file__).parent / "shell"
ROOT = SHELL.parent.parent


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return texts()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_fresh(name: str, made: dict[str, str]) -> None:
    if os.environ.get("UPDATE_GOLDENS"):
        (SHELL / name).write_text(made[name], encoding="utf-8")
    assert (SHELL / name).read_text(encoding="utf-8") == made[name]


def test_the_manual_tells_every_command_and_every_exit_code(made: dict[str, str]) -> None:
    told = re.findall(r'^\.SS "?([a-z]+)', made["tariffwatch.1"], re.M)
    assert set(COMMANDS) <= set(told)
    assert {int(code) for code, _ in ENDS} == {code.value for code in ExitCode}


def test_no_line_of_the_manual_is_taken_for_a_request(made: dict[str, str]) -> None:
    requests = {line.split()[0] for line in made["tariffwatch.1"].splitlines() if line[:1] in {".", "'"}}
    assert requests <= {".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".B", ".BR", '.\\"'}


def test_each_file_is_installed_where_shells_and_man_look() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {Path(path).name for path in installed} == set(FILES)
