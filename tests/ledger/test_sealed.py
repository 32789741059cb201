"""Files of records: what was written comes back whole, anything else not at all."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.ledger import sealed
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Loc, Phase

LOC = Loc("a.toml", 7)


def reader(stream: io.BytesIO) -> sealed.Reader:
    return sealed.Reader(stream, sealed.RECORDS)


def parts(path: Path) -> Iterator[object]:
    return sealed.read(path, reader)


def test_parts_come_back_as_they_were_written(tmp_path: Path, shipped_ledger: Ledger) -> None:
    actions = list(shipped_ledger.actions.values())
    sealed.write(tmp_path / "new" / "file", ("head", actions[:3], actions[3:]))
    assert list(parts(tmp_path / "new" / "file")) == ["head", actions[:3], actions[3:]]
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["file"]


def test_records_come_back_frozen(tmp_path: Path, shipped_ledger: Ledger) -> None:
    action = next(iter(shipped_ledger.actions.values()))
    sealed.write(tmp_path / "file", [action])
    (back,) = parts(tmp_path / "file")
    assert isinstance(back, Action)
    assert all(getattr(back, field.name) == getattr(action, field.name) for field in fields(action))
    with pytest.raises(AttributeError):
        back.id = "other"  # type: ignore[misc]


@given(st.lists(st.text(), max_size=4), st.integers(0, 10**6), st.integers(1, 255))
def test_one_changed_byte_and_nothing_is_read(
    tmp_path_factory: pytest.TempPathFactory, given: list[str], place: int, change: int
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "file"
    sealed.write(path, given)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= change
    path.write_bytes(content)
    assert list(parts(path)) == []


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\0\0", b"nonsense", pickle.dumps([LOC])])
def test_what_bears_no_seal_is_not_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert list(parts(tmp_path / "file")) == []


@pytest.mark.parametrize("value", [os.system, Path("x"), io.BytesIO(), {1, 2}.__class__, eval])
def test_no_other_name_is_read_back(tmp_path: Path, value: object) -> None:
    sealed.write(tmp_path / "file", [value])
    with pytest.raises(pickle.UnpicklingError, match="has no place"):
        list(parts(tmp_path / "file"))


def test_a_name_cannot_be_reached_through_another() -> None:
    """Protocol 4 allows dotted names; none of them leads out of the model."""
    forged = pickle.PROTO + bytes([4]) + pickle.SHORT_BINUNICODE + b"\x11tariffwatch.model"
    forged += pickle.SHORT_BINUNICODE + b"\x0dre.enum.sys.x" + pickle.STACK_GLOBAL + pickle.STOP
    with pytest.raises(pickle.UnpicklingError):
        reader(io.BytesIO(forged)).load()


@pytest.mark.parametrize("kind", [int, str, Phase, Path, dict])
def test_only_records_are_put_together(kind: type) -> None:
    with pytest.raises(TypeError):
        sealed.record(kind)


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    sealed.write(path, ["before"])

    def halfway() -> Iterator[object]:
        yield "part"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sealed.write(path, halfway())
    assert list(parts(path)) == ["before"]
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_refuses_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    sealed.write(tmp_path / "file" / "below", ["part"])
    assert (tmp_path / "file").read_text() == "no folder"
