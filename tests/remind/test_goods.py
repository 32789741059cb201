"""Goods of one's own in the plan: what their naming changes for the ledger's news, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.entries.model import Entry
from tariffwatch.entries.own_entries import of_entries
from tariffwatch.errors import Problem
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Loc
from tariffwatch.remind.items import ItemKind, Memory, Plan
from tariffwatch.remind.plan import Goods, plan
from tariffwatch.results import Filters
from tariffwatch.settings.model import LADDER, Files, Reminder

ENTRY = Entry(number="B76-0324527-8", entered=date(2026, 1, 5), rows=(2,))
FILES = Files(entries=("/entries.csv",))
LOC = Loc("config.toml", 1)
PROBLEM = Problem(Loc("/entries.csv", 3), "TW702", "left out", "mend the row")
REMINDER = Reminder(
    name="own", watch=Filters(), ledger=False, files=FILES, before=LADDER, channels=("print",), loc=LOC
)
NEWS = """
[[events]]
id = "start"
kind = "opened"
known = 2026-10-01
source = "notice-1"

[[events]]
id = "more"
kind = "milestone"
known = 2026-10-07
source = "notice-2"
"""
Look = Callable[..., Plan]


@pytest.fixture
def look(shipped_ledger: Ledger) -> Look:
    """A look at entries at an instant."""

    def looked(memory: Memory, now: str, *entries: Entry, problems: tuple[Problem, ...] = ()) -> Plan:
        at = instant(now)
        found: list[Action] = of_entries(
            entries, "entries.csv", shipped_ledger.actions, shipped_ledger.work, at, at
        )
        return plan(REMINDER, shipped_ledger, memory, at, NEW_YORK, Goods(tuple(found), problems))

    return looked


def test_a_file_that_is_named_later_takes_no_news_of_the_ledger_away(ledger: Callable[..., Ledger]) -> None:
    books = ledger(us_example=NEWS)
    without = replace(REMINDER, ledger=True, files=Files())
    first = plan(without, books, Memory(), instant("2026-10-02 10:00"), NEW_YORK)
    now = instant("2026-10-08 10:00")
    found = of_entries([ENTRY], "entries.csv", {}, books.work, now, now)
    second = plan(replace(without, files=FILES), books, first.memory, now, NEW_YORK, Goods(tuple(found)))
    assert [(item.kind, item.action) for item in second.items] == [
        (ItemKind.CHANGED, "us-example"),
        (ItemKind.WARNING, "entry:B76-0324527-8"),
    ]


def test_it_is_looked_at_every_day_though_nothing_falls_due(look: Look) -> None:
    assert look(Memory(), "2026-10-08 10:00", ENTRY).wake == instant("2026-10-09 00:00")
    assert look(Memory(), "2026-10-31 23:59:59", ENTRY).wake == instant("2026-11-01 00:00")


def test_while_part_of_a_file_cannot_be_read_nothing_is_taken_for_gone(look: Look) -> None:
    first = look(Memory(), "2026-10-08 10:00", ENTRY)
    torn = look(first.memory, "2026-10-08 10:05", problems=(PROBLEM,))
    assert not torn.items
    assert torn.memory.followed.keys() == first.memory.followed.keys()
    gone = look(torn.memory, "2026-10-08 10:10")
    assert [(item.kind, item.head) for item in gone.items] == [(ItemKind.CHANGED, "dropped")]
    assert gone.items[0].title == "Entry B76-0324527-8, no longer in your file"
    assert not gone.memory.followed
    assert not look(gone.memory, "2026-10-08 10:15").items


def test_an_entry_that_comes_back_is_watched_again(look: Look) -> None:
    first = look(Memory(), "2026-10-01 10:00", ENTRY)
    gone = look(first.memory, "2026-10-02 10:00")
    back = look(gone.memory, "2026-10-03 10:00", ENTRY)
    assert back.memory.followed.keys() == first.memory.followed.keys()
    assert [item.head for item in back.items] == ["new date"]
    assert not look(back.memory, "2026-10-03 10:05", ENTRY).items


def test_a_file_that_is_being_written_is_looked_at_again_soon_and_nothing_is_told(
    look: Look, shipped_ledger: Ledger
) -> None:
    first = look(Memory(), "2026-10-08 10:00", ENTRY)
    now, again = instant("2026-10-08 10:05"), instant("2026-10-08 10:06")
    held = plan(REMINDER, shipped_ledger, first.memory, now, NEW_YORK, Goods(again=again))
    assert (held.items, held.wake) == ((), again)
    assert held.memory.followed == first.memory.followed
