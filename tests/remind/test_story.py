"""The year 2025 as a reminder would have lived it, on the shipped ledger, each fact known on its own day."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import prospect, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Loc
from tariffwatch.remind.channels import Outside
from tariffwatch.remind.items import Item, ItemKind
from tariffwatch.remind.message import Dispatch, time_left
from tariffwatch.remind.outbox import Outbox
from tariffwatch.remind.run import look, work
from tariffwatch.remind.state import State
from tariffwatch.results import Filters
from tariffwatch.settings.model import LADDER, Channel, ChannelKind, Reminder, Settings

Golden = Callable[[str, str], None]
Run = Callable[..., subprocess.CompletedProcess[str]]

IDS = (
    *("ieepa-canada-border", "ieepa-mexico-border", "ieepa-china-fentanyl"),
    *("ieepa-reciprocal-general", "ieepa-reciprocal-china", "china-us-reciprocal-2025"),
)
REMINDER = Reminder(
    name="border",
    watch=Filters(ids=frozenset(IDS)),
    before=LADDER,
    channels=("print",),
    loc=Loc("config.toml", 1),
)
CHANNEL = Channel(name="print", kind=ChannelKind.STDOUT, loc=Loc("config.toml", 5))
SETTINGS = Settings(reminders=(REMINDER,), channels=(CHANNEL,), brake=100)
STEP = timedelta(minutes=5)


class Told:
    """An item, and when it was told."""

    def __init__(self, at: datetime, item: Item) -> None:
        self.at = at
        self.item = item

    @property
    def text(self) -> str:
        """As the story has it."""
        left = f" ({time_left(self.item.due, self.at)})" if self.item.due else ""
        lines = "".join(f"\n    {line}" for line in self.item.lines)
        return f"  {self.item.kind.value}: {self.item.action}: {self.item.head}{left}{lines}"


@pytest.fixture(scope="module")
def year(shipped_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """Every item of the year: runs every five minutes, those before the next look leaving at once."""
    told: list[Told] = []
    now, wake = instant("2025-01-01 00:00"), instant("2025-01-01 00:00")
    with State.open(tmp_path_factory.mktemp("state")) as state:
        outbox = Outbox(state)
        while now < instant("2026-01-01 00:00"):
            if now >= wake:
                seen = look(outbox.memory, SETTINGS, shipped_ledger, now, NEW_YORK)
                outside = Outside(lambda text: None, {}, now)
                work(outbox, seen, SETTINGS, outside, Dispatch(now, NEW_YORK, SETTINGS.brake))
                told += [Told(now, item) for item, _ in seen.items]
                wake = seen.wake
            now += STEP
        sent = outbox.log(10_000)
    assert {delivery.state for delivery in sent} == {"sent"}
    assert sorted(d.item.id for d in sent) == sorted(one.item.id for one in told)
    return told


def test_the_story(year: list[Told], golden: Golden) -> None:
    parts = []
    for at in dict.fromkeys(one.at for one in year):
        parts.append(words.instant(at, NEW_YORK))
        parts += [one.text for one in year if one.at == at]
    golden("story-2025.txt", "\n".join(parts) + "\n")


def test_each_item_is_told_once(year: list[Told]) -> None:
    ids = [one.item.id for one in year]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("action", ["ieepa-canada-border", "ieepa-mexico-border"])
def test_the_pause_to_march_4_warns_on_its_ladder(year: list[Told], action: str) -> None:
    due = instant("2025-03-04 00:01")
    warned = [
        words.instant(one.at, NEW_YORK)
        for one in year
        if one.item.kind is ItemKind.WARNING and one.item.action == action
        if one.item.due and one.item.due.at == due
    ]
    assert warned == [
        "2025-02-18 00:05 EST",
        "2025-02-25 00:05 EST",
        "2025-03-01 00:05 EST",
        "2025-03-03 00:05 EST",
        "2025-03-03 22:05 EST",
    ]


@pytest.mark.parametrize(
    ("action", "day", "moved"),
    [
        ("ieepa-reciprocal-general", "2025-07-07", "from 2025-07-09 00:01 EDT to 2025-08-01 00:01 EDT"),
        ("ieepa-reciprocal-china", "2025-08-11", "from 2025-08-12 00:01 EDT to 2025-11-10 00:01 EST"),
        ("ieepa-reciprocal-china", "2025-11-04", "from 2025-11-10 00:01 EST to 2026-11-10 00:01 EST"),
        (
            "china-us-reciprocal-2025",
            "2025-08-1",
            "from 2025-08-12 12:01 Shanghai to 2025-11-10 12:01 Shanghai",
        ),
        ("china-us-reciprocal-2025", "2025-11-0", "from 2025-11-10 1"),
    ],
)
def test_extended_truces_are_told_as_moved(year: list[Told], action: str, day: str, moved: str) -> None:
    lines = [
        line
        for one in year
        if one.item.action == action and words.instant(one.at, NEW_YORK).startswith(day)
        for line in one.item.lines
    ]
    assert any(line.startswith(f"extended: {moved}") for line in lines), lines


def test_no_warning_of_a_date_that_had_gone(year: list[Told], shipped_ledger: Ledger) -> None:
    for one in year:
        if one.item.kind is ItemKind.WARNING:
            action = shipped_ledger.actions[one.item.action]
            coming = prospect.deadlines(action, one.at - STEP, one.at)
            assert one.item.threads[0] in {deadline.key for deadline in coming}


def test_nothing_was_missed(year: list[Told]) -> None:
    assert [one.text for one in year if one.item.kind is ItemKind.MISSED] == []


def test_days_of_the_story_as_real_runs(run: Run, tmp_path: Path, year: list[Told]) -> None:
    config = tmp_path / "config.toml"
    ids = ", ".join(f'"{id}"' for id in IDS)
    config.write_text(
        f'[[reminders]]\nname = "border"\nid = [{ids}]\nchannels = ["print"]\n'
        '[[channels]]\nname = "print"\nkind = "stdout"\n',
        encoding="utf-8",
    )
    env = {"TARIFFWATCH_CONFIG": str(config), "TARIFFWATCH_STATE": str(tmp_path / "state"), "LC_ALL": "C"}
    looks = [instant("2025-02-28 23:55") + n * STEP for n in (0, 2, 3)]
    looks += [instant("2025-03-02 23:55") + n * STEP for n in (0, 2, 150, 200, 266, 280, 290)]
    before = looks[0]
    for at in looks:
        done = run("remind", "--as-of", at.isoformat(), env=env)
        assert (done.returncode, done.stderr) == (0, "")
        if at is not looks[0]:  # the first look tells no news
            told = {one.item.action for one in year if before < one.at <= at}
            assert {id for id in IDS if f"({id})" in done.stdout} == told
        before = at
    last = run("remind", "--as-of", looks[-1].isoformat(), env=env)
    assert (last.returncode, last.stdout, last.stderr) == (0, "", "")
