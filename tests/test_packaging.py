"""What is published holds the ledger, the manual and the completions, and works outside a checkout."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from tariffwatch import __version__
from tariffwatch.ledger.load import shipped

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


@pytest.fixture(scope="module")
def installed(built: Path) -> Path:
    """The wheel in an environment of its own, beside the libraries that these tests run with."""
    folder = built / "environment"
    (wheel,) = built.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    into = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet"]
    subprocess.run([*into, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    libraries = sysconfig.get_path("purelib")  # the checkout, if it is named there, is not followed
    (packages / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return folder


def test_the_installed_program_answers_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [installed / "bin/tariffwatch", *arguments],
            env=env, cwd=tmp_path, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    (ledger,) = installed.glob("lib/python*/site-packages/tariffwatch/data")
    assert json.loads(run("doctor", "--format", "json"))["ledger"]["folder"] == str(ledger)
    assert "s232-polysilicon" in run("--as-of", "2026-11-22")
    february = run("status", "--id", "ieepa-canada-border", "--as-of", "2025-02-10")
    assert "pause ends: in force at 25%" in february
    run("check", str(ledger), "--as-of", "2026-11-22")  # would fail if there were an error
    run("export", "html", "--output", "page.html")
    run("remind", "init")
    assert (tmp_path / ".config/tariffwatch/config.toml").is_file()


def test_the_manual_and_completions_stand_where_man_and_shells_look(installed: Path) -> None:
    page = installed / "share/man/man1/tariffwatch.1"
    assert page.read_bytes() == (ROOT / "tariffwatch/shell/tariffwatch.1").read_bytes()
    for place in ("bash-completion/completions/tariffwatch", "zsh/site-functions/_tariffwatch"):
        assert "_TARIFFWATCH_COMPLETE" in (installed / "share" / place).read_text(encoding="utf-8")


def test_an_editable_installation_reads_the_ledger_of_the_checkout(tmp_path: Path) -> None:
    make = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", make, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (file,) = tmp_path.glob("*.whl")
    names = ZipFile(file).namelist()
    assert not [name for name in names if "/data/" in name and ".data/data/" not in name], "no copy"
    (paths,) = (name for name in names if name.endswith(".pth"))
    assert Path(ZipFile(file).read(paths).decode().strip()) == ROOT
    assert shipped() == ROOT / "data"


def test_the_wheel_says_honestly_what_it_is(wheel: ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    told = email.message_from_bytes(wheel.read(name))
    assert (told["License-Expression"], told["License-File"]) == ("MIT", "LICENSE")
    assert told["Version"] == __version__
    pythons = [text for text in told.get_all("Classifier", []) if text.startswith("Programming Language")]
    assert told["Requires-Python"] == ">=" + pythons[0].rpartition(" ")[2]
    assert "Project-URL" not in told


def test_the_changelog_keeps_its_form() -> None:
    """That of keepachangelog.com, with news of the ledger apart: newest first, each group named once."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *releases = re.split(r"^## ", text, flags=re.M)
    assert first.startswith("# Changelog\n")
    heads = [release.partition("\n")[0] for release in releases]
    assert heads[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", head) for head in heads[1:])
    assert [head[-10:] for head in heads[1:]] == sorted((head[-10:] for head in heads[1:]), reverse=True)
    for release in releases:
        groups = re.findall(r"^### (.*)$", release, re.M)
        assert set(groups) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Ledger"}
        assert len(groups) == len(set(groups))
