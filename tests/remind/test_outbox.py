"""The outbox on real SQLite files: nothing forgotten, nothing twice, damage set aside."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.model import DeadlineKind
from tariffwatch.remind.items import Followed, Item, ItemKind, Memory
from tariffwatch.remind.outbox import Outbox
from tariffwatch.remind.state import FILE, BusyError, State, StateError
from tariffwatch.results import Due, Key

NOW = instant("2025-02-25 00:05")
KEY = Key("us-example", "pause", DeadlineKind.PAUSE_ENDS, True)
DUE = Due(instant("2025-03-04 00:01"), False, False, NEW_YORK, "US")
MEMORY = Memory(
    "all",
    NOW,
    {"us-example": frozenset({"start", "pause"})},
    {KEY: Followed(KEY, DUE, "pause ends: in force at 25%", NOW, None)},
)


def item(id: str = "a", kind: ItemKind = ItemKind.WARNING) -> Item:
    return Item(
        id=id, kind=kind, action="us-example", title="Zölle", head="pause ends", due=DUE, lines=("x", "y"),
        sources=("eo-1",), threads=(KEY,),
    )  # fmt: skip


def test_what_is_stored_is_read_back(tmp_path: Path) -> None:
    bare = replace(item("b"), due=None, threads=())
    with State.open(tmp_path) as state:
        Outbox(state).queue({"all": (Memory(), MEMORY)}, [(item(), ["print"]), (bare, ["print"])], NOW)
    with State.open(tmp_path) as state:
        assert Outbox(state).memory("all") == MEMORY
        assert [w.item for w in Outbox(state).waiting("print")] == [item(), bare]
        assert Outbox(state).memory("other") == Memory()


def test_a_memory_that_shrinks_is_stored_too(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({"all": (Memory(), MEMORY)}, [], NOW)
        less = replace(MEMORY, followed={})
        outbox.queue({"all": (MEMORY, less)}, [], NOW)
        assert outbox.memory("all") == less


def test_an_item_is_queued_once_for_each_channel(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({}, [(item(), ["print", "mail"])], NOW)
        outbox.sent("print", [item()], NOW)
        outbox.queue({}, [(item(), ["print", "mail"])], NOW)
        assert [len(outbox.waiting(name)) for name in ("print", "mail")] == [0, 1]


def test_what_is_newer_overtakes_a_warning_that_waits(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({}, [(item("first"), ["mail"]), (item("news", ItemKind.CHANGED), ["mail"])], NOW)
        outbox.queue({}, [(item("second"), ["mail"])], NOW)
        assert [w.item.id for w in outbox.waiting("mail")] == ["news", "second"]
        assert [d.state for d in outbox.log(9)] == ["queued", "queued", "overtaken"]


def test_a_failing_channel_is_tried_less_and_less_often(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        waits = [(outbox.failed("mail", "down", NOW) - NOW).total_seconds() / 60 for _ in range(7)]
        assert waits == [5, 10, 20, 40, 60, 60, 60]
        assert outbox.health().errors == {"mail": "down"}
        outbox.sent("mail", [], NOW)
        assert (outbox.retry_at("mail"), outbox.health().errors) == (None, {})


def test_what_waits_for_a_channel_that_is_gone_waits_for_the_others(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({}, [(item(), ["old"])], NOW)
        outbox.reroute(["print", "mail"], NOW)
        assert [len(outbox.waiting(name)) for name in ("old", "print", "mail")] == [0, 1, 1]


def test_a_clock_that_had_been_ahead_is_forgotten(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({}, [(item("now", ItemKind.CHANGED), ["print"])], NOW)
        outbox.queue({}, [(item("then"), ["print"])], NOW + timedelta(days=900))
        outbox.forget_after(NOW + timedelta(days=2))
        assert [w.item.id for w in outbox.waiting("print")] == ["now"]


def test_a_file_in_use_is_busy_and_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    with State.open(tmp_path):
        with pytest.raises(BusyError), State.open(tmp_path):
            pass
        with pytest.raises(BusyError), State.open(tmp_path, read_only=True):
            pass
    with State.open(tmp_path):
        pass


@pytest.mark.parametrize("damage", [b"this is no database" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    with State.open(tmp_path) as state:
        assert Outbox(state).memory("all") == Memory()
    assert (tmp_path / f"{FILE}.damaged-1").read_bytes() == damage


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="newer tariffwatch"), State.open(tmp_path):
        pass


def test_a_transaction_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        state.execute("PRAGMA max_page_count = 14")  # the tables take that many: the disk is full
        with pytest.raises(StateError, match="full"):
            outbox.queue({"all": (Memory(), MEMORY)}, [(item(str(n)), ["print"]) for n in range(200)], NOW)
        assert (outbox.memory("all"), outbox.waiting("print")) == (Memory(), [])


@pytest.mark.parametrize(
    ("table", "column"), [("items", "item"), ("followed", "due"), ("notes", "value"), ("watches", "latest")]
)
def test_what_another_program_wrote_is_refused_in_one_sentence(
    tmp_path: Path, table: str, column: str
) -> None:
    with State.open(tmp_path) as state:
        Outbox(state).queue({"all": (Memory(), MEMORY)}, [(item(), ["print"])], NOW)
        state.keep(last_run=NOW.isoformat(), every="300")
        state.execute(f"UPDATE {table} SET {column} = '[1, 2'")
        with pytest.raises(StateError, match="move the file away"):
            _read_all(Outbox(state))


@pytest.mark.parametrize(
    ("table", "column", "held"),
    [
        ("watches", "latest", "2025-02-25T00:05:00"),  # without an offset
        ("followed", "snoozed", "9999-12-31T23:59:59+00:00"),
        ("followed", "what", b"A"),
        ("deliveries", "channel", b"A"),
        ("deliveries", "at", "0001-01-01T00:00:00+00:00"),
        ("items", "item", "[" * 100_000),
        ("notes", "value", "inf"),
        ("channels", "error", b"A"),
    ],
)
def test_a_cell_of_another_kind_is_refused_too(tmp_path: Path, table: str, column: str, held: object) -> None:
    with State.open(tmp_path) as state:
        outbox = Outbox(state)
        outbox.queue({"all": (Memory(), MEMORY)}, [(item(), ["print"])], NOW)
        outbox.failed("print", "no such program", NOW)
        state.keep(every="300")
        _read_all(outbox)
        state.execute(f"UPDATE {table} SET {column} = ?", held)
        with pytest.raises(StateError, match="move the file away"):
            _read_all(outbox)


def _read_all(outbox: Outbox) -> None:
    outbox.memory("all")
    outbox.waiting("print")
    outbox.health()
    outbox.log(9)
    outbox.followed()
