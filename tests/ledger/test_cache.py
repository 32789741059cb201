"""The cache is only ever faster: damaged, foreign or out of date, it is ignored and rebuilt."""

from __future__ import annotations

import os
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tariffwatch.ledger import cache
from tariffwatch.ledger.load import Ledger, load, shipped

EVENT = '[[events]]\nid = "{id}"\nkind = "opened"\nknown = 2025-01-01\n'


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def age(folder: Path) -> None:
    """Make the ledger's files older than any cache: a file of this very tick is read again."""
    for path in folder.rglob("*.toml"):
        os.utime(path, ns=(1, 1))


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    from tariffwatch.ledger import load as module

    names: list[str] = []
    real = module.parse
    monkeypatch.setattr(module, "parse", lambda data, name: (names.append(name), real(data, name))[1])
    return names


def test_what_is_kept_equals_what_was_read(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = load([shipped()], kept)
    parsed = reads(monkeypatch)
    warm = load([shipped()], kept)
    assert warm == cold == load([shipped()])
    assert len(parsed) == len(list(shipped().rglob("*.toml"))), "parsed once, by the load without a cache"


def test_a_changed_file_is_read_again(write: Callable[..., Path], kept: Path) -> None:
    folder = write(us_good=EVENT.format(id="one"))
    age(folder)
    assert [e.id for e in load([folder], kept).actions["us-good"].events] == ["one"]
    path = folder / "us-good.toml"
    path.write_text(path.read_text().replace('"one"', '"two"'))
    assert [e.id for e in load([folder], kept).actions["us-good"].events] == ["two"]


def test_what_a_file_held_that_is_gone_is_not_kept(write: Callable[..., Path], kept: Path) -> None:
    folder = write(us_good=EVENT.format(id="one"), us_gone=EVENT.format(id="one"))
    age(folder)
    load([folder], kept)
    assert b"us-gone" in (kept / cache.FILE).read_bytes()
    (folder / "us-gone.toml").unlink()
    load([folder], kept)
    assert b"us-gone" in (kept / cache.FILE).read_bytes(), "nothing was read: nothing is written"
    write(us_good=EVENT.format(id="another"))
    load([folder], kept)
    assert b"us-gone" not in (kept / cache.FILE).read_bytes()


def test_a_file_changed_within_the_same_tick_is_read_again(write: Callable[..., Path], kept: Path) -> None:
    folder = write(us_good=EVENT.format(id="one"))
    load([folder], kept)
    path = folder / "us-good.toml"
    stat = path.stat()
    path.write_text(path.read_text().replace('"one"', '"two"'))
    later = (kept / cache.FILE).stat().st_mtime_ns + 1
    for changed in (path, kept / cache.FILE):
        os.utime(changed, ns=(later, later))
    assert stat.st_size == path.stat().st_size
    assert [e.id for e in load([folder], kept).actions["us-good"].events] == ["two"]


def test_problems_are_kept_too(write: Callable[..., Path], kept: Path) -> None:
    folder = write(us_bad="id = \n", us_good="")
    age(folder)
    assert load([folder], kept) == load([folder], kept)
    assert load([folder], kept).problems


@pytest.mark.parametrize("size", [1, 3, 7])
def test_what_is_kept_in_parts_is_put_together_again(
    write: Callable[..., Path], kept: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(cache, "A_PART", size)
    folder = write(**{f"us_{n}": EVENT.format(id=f"event-{n}") for n in range(7)})
    age(folder)
    cold = load([folder], kept)
    parsed = reads(monkeypatch)
    assert load([folder], kept) == cold
    assert parsed == []


class Evil:
    def __init__(self, call: Callable[..., object], argument: str) -> None:
        self.call, self.argument = call, argument

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (self.call, (self.argument,))


@pytest.mark.parametrize("call", [os.system, subprocess.check_output, eval])
def test_a_foreign_cache_runs_nothing(
    write: Callable[..., Path], kept: Path, tmp_path: Path, call: Callable[..., object]
) -> None:
    folder = write(us_good="")
    kept.mkdir()
    witness = tmp_path / "witness"
    (kept / cache.FILE).write_bytes(pickle.dumps(Evil(call, f"touch {witness}")))
    assert list(load([folder], kept).actions) == ["us-good"]
    assert not witness.exists()


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps(("other", {})), pickle.dumps(7)])
def test_a_damaged_cache_is_ignored_and_rebuilt(
    write: Callable[..., Path], kept: Path, content: bytes
) -> None:
    folder = write(us_good="")
    age(folder)
    kept.mkdir()
    (kept / cache.FILE).write_bytes(content)
    expected = load([folder])
    assert load([folder], kept) == expected
    assert (kept / cache.FILE).read_bytes() != content


def test_a_truncated_cache_is_ignored(kept: Path, write: Callable[..., Path]) -> None:
    folder = write(us_good="")
    age(folder)
    expected = load([folder], kept)
    whole = (kept / cache.FILE).read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        (kept / cache.FILE).write_bytes(whole[:length])
        assert load([folder], kept) == expected


def test_a_folder_that_cannot_be_made_is_no_error(write: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ledger: Ledger = load([write(us_good="")], tmp_path / "file" / "cache")
    assert list(ledger.actions) == ["us-good"]


def test_a_bit_that_fell_over_changes_nothing(kept: Path, write: Callable[..., Path]) -> None:
    """In a pickle it may be another date, or the size of a list that takes all memory."""
    folder = write(us_good=EVENT.format(id="one"))
    age(folder)
    expected = load([folder], kept)
    whole = (kept / cache.FILE).read_bytes()
    later = (kept / cache.FILE).stat().st_mtime_ns
    for place in range(0, len(whole), len(whole) // 20):
        (kept / cache.FILE).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        os.utime(kept / cache.FILE, ns=(later, later))
        assert load([folder], kept) == expected


def test_what_another_program_kept_is_read_again(
    write: Callable[..., Path], kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(us_good="")
    age(folder)
    load([folder], kept)
    parsed = reads(monkeypatch)
    load([folder], kept)
    assert parsed == []
    monkeypatch.setattr(cache, "version", lambda: "another")
    load([folder], kept)
    assert len(parsed) == len(["us-good.toml", "clocks.toml"])


def test_another_program_is_one_with_another_module_or_other_calendars() -> None:
    named = {line.split(" ")[0].rpartition(os.sep)[2] for line in cache.version().splitlines()}
    assert {"model.py", "closed_days.py", "timeline.py", "parse.py", "sealed.py", "__init__.py"} <= named
    assert any(f"{os.sep}holidays{os.sep}__init__.py" in line for line in cache.version().splitlines())
