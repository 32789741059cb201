"""Stamps: another one as soon as a ledger file is written, comes or goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tariffwatch.stamps import Stamp, below, of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one.toml", "deep/er/two.toml", "notes.md"):
        file = tmp_path / "ledger" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("id = 1\n")
        os.utime(file, ns=(5, 5))
    return tmp_path / "ledger"


def test_every_ledger_file_below_a_folder_has_one(folder: Path) -> None:
    names = ("deep/er/two.toml", "one.toml")
    assert sorted(below(folder)) == [Stamp(str(folder / name), 7, 5) for name in names]


def test_a_folder_that_is_named_like_a_file_has_one(folder: Path) -> None:
    before = set(below(folder))
    (folder / "odd.toml").mkdir()
    assert [stamp.file for stamp in set(below(folder)) - before] == [str(folder / "odd.toml")]


def test_a_file_is_stamped_itself(folder: Path) -> None:
    assert list(below(folder / "notes.md")) == [Stamp(str(folder / "notes.md"), 7, 5)]


@pytest.mark.parametrize("name", ["gone.toml", "one.toml/below", "x" * 300, "nul\0"])
def test_what_is_not_there_has_one_too(folder: Path, name: str) -> None:
    gone = Stamp(str(folder / name), -1, -1)
    assert of(folder / name) == gone
    assert list(below(folder / name)) == [gone]


def test_it_tells_of_every_change(folder: Path) -> None:
    seen = {frozenset(below(folder))}
    (folder / "one.toml").write_text("id = 12\n")
    os.utime(folder / "one.toml", ns=(5, 5))
    seen.add(frozenset(below(folder)))
    os.utime(folder / "one.toml", ns=(6, 6))
    seen.add(frozenset(below(folder)))
    (folder / "deep" / "new.toml").write_text("")
    seen.add(frozenset(below(folder)))
    (folder / "one.toml").unlink()
    seen.add(frozenset(below(folder)))
    assert len(seen) == 5
    assert len({str(stamp) for one in seen for stamp in one}) == 5
