"""Files are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tariffwatch.cli.files import replace_file
from tariffwatch.errors import UsageError

ROOT = Path(__file__).parent.parent.parent


def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path: Path) -> None:
    path, other = tmp_path / "x.csv", tmp_path / "other"
    replace_file(str(path), b"new\r\n", "--output")
    other.write_bytes(b"")
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode == other.stat().st_mode


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"old, and longer than the new one")
    path.chmod(0o640)
    replace_file(str(path), b"new", "--output")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["x.csv"]


def test_through_a_link_the_file_behind_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "behind").mkdir()
    path, link = tmp_path / "behind" / "x.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    link.symlink_to(path)
    replace_file(str(link), b"new", "--output")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        replace_file(str(pipe), b"new", "--output")
        assert reader.communicate(timeout=60)[0] == b"new"
    assert pipe.is_fifo()


def test_when_there_is_no_room_the_old_file_stays(tmp_path: Path) -> None:
    """The size of files is limited by the shell, as a full disk would."""
    path = tmp_path / "x.json"
    path.write_bytes(b"old")
    line = f'ulimit -f 8; exec {sys.executable} -m tariffwatch export json --output "{path}"'
    answer = subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TARIFFWATCH_CACHE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert (
        answer.stderr
        == f"tariffwatch: --output: {path} cannot be written: file too large; name another file\n"
    )
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x.json"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is a folder"),
        ("folder", "folder is a folder; name a file in it"),
        ("nowhere/x.csv", "nowhere; make it, or name another"),
        ("file/x.csv", "file; make it, or name another"),
        ("x" * 300, "cannot be written: file name too long; name another"),
        ("round", "cannot be written: its links go round in a circle; name another"),
    ],
)
def test_what_cannot_be_written_is_told_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(UsageError) as raised:
        replace_file(name, b"new", "--output")
    assert str(raised.value).startswith("--output: ")
    assert words in str(raised.value)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "round"]
