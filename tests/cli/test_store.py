"""Which ledger is in use: the chosen one, unless the program has brought a newer one since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tariffwatch.cli.store import Store, dated, stamp
from tariffwatch.errors import LedgerError, UsageError
from tariffwatch.ledger.load import CLOCKS_FILE

ONE = "2026-07-01-0123456789ab"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def files(day: str) -> dict[str, bytes]:
    return {CLOCKS_FILE: b"", "us/us-x.toml": f"verified = {day}\n".encode()}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The ledger that came with the program."""
    folder = tmp_path / "program"
    (folder / "us").mkdir(parents=True)
    for name, content in files("2026-06-01").items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "updates")


def take(store: Store, day: str, program: Path) -> Path:
    with store.opened():
        store.choose(store.stage(files(day)), "newer.zip", NOON, program)
    return store.in_use(program)


def renewed(program: Path, day: str) -> None:
    """The program is installed anew, with a ledger of that day."""
    (program / "us" / "us-y.toml").write_bytes(f"verified = {day}\n".encode())


def test_without_a_choice_it_is_the_one_that_came_with_the_program(store: Store, program: Path) -> None:
    assert store.in_use(program) == program
    assert not store.folder.exists(), "nothing is made by asking"


def test_a_folder_below_a_file_holds_no_choice(program: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Store(tmp_path / "file" / "updates").in_use(program) == program


def test_what_was_taken_is_used_with_every_byte(store: Store, program: Path) -> None:
    folder = take(store, "2026-07-01", program)
    held = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.toml")}
    assert held == files("2026-07-01")
    assert str(dated(folder)) == "2026-07-01"
    named = store.named(folder)
    assert (named.source, named.on) == ("newer.zip", NOON.isoformat())


def test_a_program_that_brings_a_newer_one_uses_it(store: Store, program: Path) -> None:
    taken = take(store, "2026-07-01", program)
    renewed(program, "2026-06-30")
    assert store.in_use(program) == taken, "what it brings is older"
    renewed(program, "2026-08-01")
    assert store.in_use(program) == program
    assert store.named(program).on == ""


def test_the_former_one_is_what_was_in_use(store: Store, program: Path) -> None:
    """Not what had been chosen, if the program has gone past it."""
    take(store, "2026-07-01", program)
    renewed(program, "2026-08-01")
    take(store, "2026-09-01", program)
    with store.opened():
        store.go_back(program)
    assert store.in_use(program) == program


def test_one_that_was_chosen_in_spite_of_a_newer_one_is_used(store: Store, program: Path) -> None:
    assert take(store, "2026-01-01", program) != program


def test_what_was_broken_off_is_swept_away_and_nothing_else(store: Store, program: Path) -> None:
    taken = take(store, "2026-07-01", program)
    with store.opened():
        left = store.stage(files("2026-08-01"))
    assert not left.exists()
    (store.folder / ".tariffwatch-0123").write_bytes(b"half")
    for name in ("notes", "2026-07-01"):
        (store.folder / name).mkdir()
    (store.folder / "2026-07-02-0123456789ab").mkdir()
    with store.opened():
        pass
    kept = {entry.name for entry in store.folder.iterdir()}
    assert kept == {".tariffwatch-lock", "current", "notes", "2026-07-01", taken.name}


def test_a_former_one_that_is_gone_is_said(store: Store, program: Path) -> None:
    first = take(store, "2026-07-01", program)
    take(store, "2026-08-01", program)
    (first / "us" / "us-x.toml").unlink()
    (first / "us").rmdir()
    (first / CLOCKS_FILE).unlink()
    first.rmdir()
    with pytest.raises(UsageError, match="the former ledger is not there any more"):
        store.go_back(program)


@pytest.mark.parametrize(
    "folder",
    ["../../etc", "/etc", "2026-07-01", "2026-07-01-0123456789ab/..", "2026-07-01-0123456789ab\n", ""],
)
def test_no_choice_leads_out_of_the_folder(store: Store, program: Path, folder: str) -> None:
    take(store, "2026-07-01", program)
    text = store.pointer.read_text(encoding="utf-8")
    name = store.in_use(program).name
    store.pointer.write_text(text.replace(name, folder.replace("\n", "\\n")), encoding="utf-8")
    with pytest.raises(LedgerError, match="cannot be understood; delete that file"):
        store.in_use(program)


def test_a_stamp_is_another_when_a_file_of_the_ledger_is(program: Path) -> None:
    before = stamp(program)
    (program / ".tariffwatch-lock").touch()
    assert stamp(program) == before
    renewed(program, "2026-06-01")
    assert stamp(program) != before


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("verified = 2026-01-02\nrecorded = 2026-01-03\n", "2026-01-03"),
        ("recorded=2026-13-45\nverified=2026-01-02\n", "2026-01-02"),
        ("known = 2027-01-01\n# recorded = 2027-01-01\n", "None"),
        ("", "None"),
    ],
)
def test_the_day_of_a_ledger_is_its_last_record_or_check(tmp_path: Path, text: str, day: str) -> None:
    (tmp_path / "us-x.toml").write_text(text, encoding="utf-8")
    assert str(dated(tmp_path)) == day
