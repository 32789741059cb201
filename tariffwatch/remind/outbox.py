"""What was seen, told, queued and sent, in the state file.

A look at the ledger and the items that it yields are stored in one transaction; an item is marked as
sent only after its channel took it. A crash at any instant therefore loses nothing, and repeats at most
the message that was under way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tariffwatch.model import DeadlineKind
from tariffwatch.remind.items import Followed, Item, ItemKind, Memory
from tariffwatch.remind.state import State, instant, text
from tariffwatch.results import Due, Key
from tariffwatch.zones import zone_named

FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=1)
"""A channel that fails is tried again after 5, 10, 20, 40 minutes, then every hour."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that a channel has not taken yet."""

    item: Item
    created: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line of the log."""

    item: Item
    channel: str
    state: str
    """``queued``, ``sent``, ``overtaken`` by a later item, or ``summed up`` by the brake."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the reminders are."""

    last_run: datetime | None
    last_good: datetime | None
    """The last run after which nothing was left undelivered."""
    every: timedelta
    """How often runs are meant to take place."""
    queued: int
    errors: Mapping[str, str]
    """What the channels that fail last said, by name."""


class Outbox:
    """What reminders remember and what waits to be sent. Instants are UTC, and given by the caller."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._run = state.execute

    def memory(self, reminder: str) -> Memory:
        """What a reminder has seen and told."""
        row = self._state.first("SELECT watch, latest FROM watches WHERE reminder = ?", reminder)
        if row is None:
            return Memory()
        seen: dict[str, set[str]] = {}
        for action, event in self._run("SELECT action, event FROM seen WHERE reminder = ?", reminder):
            seen.setdefault(action, set()).add(event)
        rows = self._run(f"SELECT {_COLUMNS} FROM followed WHERE reminder = ?", reminder)
        with self._state.understood():
            return Memory(
                row[0],
                _instant(row[1]),
                {action: frozenset(events) for action, events in seen.items()},
                {f.key: f for f in map(_followed, rows)},
            )

    def queue(
        self,
        looks: Mapping[str, tuple[Memory, Memory]],
        items: Iterable[tuple[Item, Sequence[str]]],
        now: datetime,
    ) -> None:
        """Store what each reminder remembers (before, after) and queue its items, all or nothing."""
        with self._state.writing():
            for reminder, (before, after) in looks.items():
                self._remember(reminder, before, after)
            told = list(items)
            self._overtake(told, now)
            for item, channels in told:
                facts = (item.id, now.isoformat(), json.dumps(_facts(item)))
                self._run("INSERT OR IGNORE INTO items (id, created, item) VALUES (?, ?, ?)", *facts)
                for channel in channels:
                    delivery = (item.id, channel, "queued", now.isoformat())
                    self._run("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?)", *delivery)

    def waiting(self, channel: str) -> list[Waiting]:
        """What a channel has not taken yet, the oldest first."""
        rows = self._run(
            "SELECT items.item, created FROM items JOIN deliveries ON deliveries.item = items.id "
            "WHERE channel = ? AND state = 'queued' ORDER BY number",
            channel,
        )
        with self._state.understood():
            return [Waiting(_item(item), instant(created)) for item, created in rows]

    def sent(self, channel: str, items: Iterable[Item], now: datetime, *, state: str = "sent") -> None:
        """A channel took these items; it is well again."""
        with self._state.writing():
            for item in items:
                self._mark(channel, item, state, now)
            self._run("DELETE FROM channels WHERE name = ?", channel)

    def failed(self, channel: str, error: str, now: datetime) -> datetime:
        """A channel did not take a message; says when to try again."""
        row = self._state.first("SELECT failures FROM channels WHERE name = ?", channel)
        with self._state.understood():
            failures = (min(int(row[0]), 1000) if row else 0) + 1
        retry_at = now + min(FIRST_RETRY * (1 << max(0, min(failures - 1, 10))), LAST_RETRY)
        with self._state.writing():
            self._run(
                "REPLACE INTO channels VALUES (?, ?, ?, ?)", channel, failures, retry_at.isoformat(), error
            )
        return retry_at

    def retry_at(self, channel: str) -> datetime | None:
        """Not before when a failing channel is tried again; None for one that is well."""
        row = self._state.first("SELECT retry_at FROM channels WHERE name = ?", channel)
        with self._state.understood():
            return _instant(row[0]) if row else None

    def log(self, most: int) -> list[Delivery]:
        """The last deliveries, newest first; those still queued come before all."""
        rows = self._run(
            "SELECT items.item, channel, state, at FROM items JOIN deliveries ON deliveries.item = items.id "
            "ORDER BY state != 'queued', at DESC, number DESC LIMIT ?",
            most,
        )
        with self._state.understood():
            return [
                Delivery(_item(item), text(channel), text(state), instant(at))
                for item, channel, state, at in rows
            ]

    def health(self) -> Health:
        """How the reminders are."""
        queued = self._run("SELECT count(*) FROM deliveries WHERE state = 'queued'")[0][0]
        rows = self._run("SELECT name, error FROM channels ORDER BY name")
        with self._state.understood():
            errors = {text(name): text(error) for name, error in rows}
            last_run, last_good = (_instant(self._state.note(name)) for name in ("last-run", "last-good"))
            every = timedelta(seconds=float(self._state.note("every") or 300))
            return Health(last_run, last_good, every, queued, errors)

    def followed(self) -> list[tuple[str, Followed]]:
        """Every deadline that is followed, with the reminder that does, by date."""
        rows = self._run(f"SELECT reminder, {_COLUMNS} FROM followed")
        with self._state.understood():
            return sorted(
                ((text(row[0]), _followed(row[1:])) for row in rows), key=lambda pair: pair[1].due.at
            )

    def settle(self, changed: Iterable[tuple[str, Followed]]) -> None:
        """Store what a person said of followed deadlines: acknowledged, or snoozed."""
        with self._state.writing():
            for reminder, followed in changed:
                self._store(reminder, followed)

    def reroute(self, channels: Sequence[str], now: datetime) -> None:
        """What waits for a channel that is no longer set up waits for these instead."""
        rows = self._run("SELECT item, channel FROM deliveries WHERE state = 'queued'")
        with self._state.writing():
            for item, gone in rows:
                if gone in channels:
                    continue
                self._run("DELETE FROM deliveries WHERE item = ? AND channel = ?", item, gone)
                for channel in channels:
                    delivery = (item, channel, "queued", now.isoformat())
                    self._run("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?)", *delivery)

    def forget_after(self, now: datetime) -> None:
        """Forget what was queued or sent at instants that have not come: the clock had been ahead."""
        with self._state.writing():
            self._run("DELETE FROM deliveries WHERE at > ?", now.isoformat())
            self._run("DELETE FROM items WHERE id NOT IN (SELECT item FROM deliveries)")
            self._run("DELETE FROM channels WHERE retry_at > ?", (now + LAST_RETRY).isoformat())

    def _remember(self, reminder: str, before: Memory, after: Memory) -> None:
        latest = after.latest.isoformat() if after.latest else None
        self._run("REPLACE INTO watches VALUES (?, ?, ?)", reminder, after.watch, latest)
        for action, events in after.seen.items():
            for event in events - before.seen.get(action, frozenset()):
                self._run("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", reminder, action, event)
        for key in before.followed.keys() - after.followed.keys():
            self._run(
                "DELETE FROM followed WHERE reminder = ? AND action = ? AND id = ? AND kind = ? AND ends = ?",
                *(reminder, key.action, key.id, key.kind.value, key.ends),
            )
        for key, followed in after.followed.items():
            if before.followed.get(key) != followed:
                self._store(reminder, followed)

    def _store(self, reminder: str, followed: Followed) -> None:
        key, told, snoozed = followed.key, followed.told, followed.snoozed
        self._run(
            f"REPLACE INTO followed (reminder, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(reminder, key.action, key.id, key.kind.value, key.ends),
            *(json.dumps(_due_facts(followed.due)), followed.what),
            *(told.isoformat() if told else None, snoozed.isoformat() if snoozed else None),
        )

    def _overtake(self, told: Sequence[tuple[Item, Sequence[str]]], now: datetime) -> None:
        """Drop warnings that still wait where something newer is told of the same deadline."""
        again = {item.id for item, _ in told}
        newer: dict[str, set[Key]] = {}
        for item, channels in told:
            for channel in channels:
                newer.setdefault(channel, set()).update(item.threads)
        for channel, threads in newer.items():
            for old in (waiting.item for waiting in self.waiting(channel)):
                warned = old.kind in (ItemKind.WARNING, ItemKind.MISSED) and old.id not in again
                if warned and not threads.isdisjoint(old.threads):
                    self._mark(channel, old, "overtaken", now)

    def _mark(self, channel: str, item: Item, state: str, now: datetime) -> None:
        self._run(
            "UPDATE deliveries SET state = ?, at = ? WHERE item = ? AND channel = ?",
            *(state, now.isoformat(), item.id, channel),
        )


_COLUMNS = "action, id, kind, ends, due, what, told, snoozed"


def _instant(held: object) -> datetime | None:
    return instant(held) if held else None


def _due_facts(due: Due) -> dict[str, object]:
    return {
        "at": due.at.isoformat(),
        "day_only": due.day_only,
        "whole_day": due.whole_day,
        "zone": due.zone.key,
        "government": due.government,
    }


def _due(facts: Mapping[str, object]) -> Due:
    return Due(
        at=instant(facts["at"]),
        day_only=bool(facts["day_only"]),
        whole_day=bool(facts["whole_day"]),
        zone=zone_named(text(facts["zone"])),
        government=text(facts["government"]),
    )


def _followed(row: Sequence[object]) -> Followed:
    action, id, kind, ends, due, what, told, snoozed = row
    return Followed(
        Key(text(action), text(id), DeadlineKind(text(kind)), bool(ends)),
        _due(json.loads(text(due))),
        text(what),
        _instant(told),
        _instant(snoozed),
    )


def _facts(item: Item) -> dict[str, object]:
    return {
        **{name: getattr(item, name) for name in ("id", "kind", "action", "title", "head")},
        "due": _due_facts(item.due) if item.due else None,
        "lines": item.lines,
        "sources": item.sources,
        "threads": item.threads,
    }


def _item(held: object) -> Item:
    facts = json.loads(text(held))
    return Item(
        **{name: text(facts[name]) for name in ("id", "action", "title", "head")},
        kind=ItemKind(facts["kind"]),
        due=_due(facts["due"]) if facts["due"] else None,
        lines=tuple(map(text, facts["lines"])),
        sources=tuple(map(text, facts["sources"])),
        threads=tuple(
            Key(text(a), text(i), DeadlineKind(text(k)), bool(e)) for a, i, k, e in facts["threads"]
        ),
    )
