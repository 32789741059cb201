"""What is published holds the ledger, the manual and the completions, and works outside a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
LEDGER = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, and the wheel made from it."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> ZipFile:
    (file,) = built.glob("*.whl")
    return ZipFile(file)


def test_the_source_archive_holds_all_that_tests_need(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {*LEDGER, "README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py"} <= names


def test_the_wheel_holds_the_ledger_the_manual_and_the_completions(wheel: ZipFile) -> None:
    names = set(wheel.namelist())
    assert {f"tariffwatch/{name}" for name in LEDGER} <= names
    shared = {name.partition(".data/data/")[2] for name in names if ".data/data/" in name}
    assert shared == {
        "share/man/man1/tariffwatch.1",
        "share/bash-completion/completions/tariffwatch",
        "share/zsh/site-functions/_tariffwatch",
        "share/fish/vendor_completions.d/tariffwatch.fish",
    }
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_the_wheel_works_where_there_is_no_checkout(wheel: ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path / "site")}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "tariffwatch", *arguments],
            env=env, cwd=tmp_path, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    assert f"{tmp_path}/site/tariffwatch/data" in run("doctor", "--format", "json")
    assert "s232-polysilicon" in run("--as-of", "2026-11-22")
    run("check", "--as-of", "2026-11-22")  # would fail if there were an error
