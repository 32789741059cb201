"""What changes when one ledger takes the place of another, in the words of reminders. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from tariffwatch import prospect, words
from tariffwatch.changes import pair
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Event, record_word
from tariffwatch.remind.items import Followed, Item
from tariffwatch.remind.telling import Change, Telling

CORRECTED = "corrected"

_TABLES = ("lines", "instruments", "events", "conditions", "deadlines")
_HEAD = ("title", "imposed_by", "on", "authority", "zone", "summary", "disputed", "note")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are of something, and how many of them are other than before."""

    total: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one ledger says that another did not."""

    actions: Tally
    events: Tally
    dates: Tally
    """Coming deadlines and turning points; ``changed`` are those that moved."""
    checked: int
    """How many actions were compared with their sources through a later day than before."""
    items: tuple[Item, ...]
    """What is new or changed, action by action; new actions last."""
    gone: tuple[Action, ...]
    """Actions that are there no longer."""


def compare(old: Ledger, new: Ledger, now: datetime) -> Exchange:
    """What ``new`` would change at an instant, with all that is known then; both are read without trouble."""
    telling = Telling(new, now, now)
    found = [_compared(old.actions.get(action.id), action, telling) for action in new.actions.values()]
    gone = tuple(action for id, action in old.actions.items() if id not in new.actions)
    lost = Tally(gone=sum(len(action.events) for action in gone))
    before = {action.id: action.verified for action in old.actions.values()}
    later = [a for a in new.actions.values() if a.verified and a.verified > (before.get(a.id) or a.verified)]
    told = [one.item for one in found if one.item]
    return Exchange(
        actions=Tally(
            total=len(new.actions),
            new=sum(one.new for one in found),
            changed=sum(one.item is not None and not one.new for one in found),
            gone=len(gone),
        ),
        events=sum((one.events for one in found), lost),
        dates=sum((one.dates for one in found), Tally()),
        checked=len(later),
        items=tuple(sorted(told, key=lambda item: (item.kind.rank, item.action))),
        gone=gone,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What one action adds to an exchange."""

    new: bool
    item: Item | None
    events: Tally
    dates: Tally


def _compared(old: Action | None, new: Action, telling: Telling) -> _Found:
    now = telling.now
    before = [] if old is None else prospect.deadlines(old, now, now)
    followed = [Followed(d.key, d.due, words.what_changes(d)) for d in before]
    pairs = pair(followed, prospect.deadlines(new, now, now))
    changes = [Change(f, d) for f, d in pairs if f is None or d is None or f.due.at != d.at]
    dates = Tally(
        total=sum(d is not None for _, d in pairs),
        new=sum(c.before is None for c in changes),
        changed=sum(c.before is not None and c.after is not None for c in changes),
        gone=sum(c.after is None for c in changes),
    )
    if old is None:
        item = telling.news(new, changes, (), new=True)
        return _Found(True, item, Tally(len(new.events), new=len(new.events)), dates)
    fresh, events = _events(old, new)
    corrected = list(_corrections(old, new))
    if not (changes or fresh or corrected):
        return _Found(False, None, events, dates)
    item = telling.news(new, changes, fresh, new=False)
    told = replace(item, head=item.head or CORRECTED, lines=(*item.lines, *corrected))
    return _Found(False, told, events, dates)


def _events(old: Action, new: Action) -> tuple[list[Event], Tally]:
    """The events that were not there, in the order in which they became known, and how many were changed."""
    before, after = ({event.id: _facts(event) for event in action.events} for action in (old, new))
    fresh = sorted((event for event in new.events if event.id not in before), key=lambda e: e.known.at)
    changed = sum(before[id] != facts for id, facts in after.items() if id in before)
    return fresh, Tally(len(after), len(fresh), changed, len(before.keys() - after.keys()))


def _corrections(old: Action, new: Action) -> Iterator[str]:
    """What was changed in place, taken out, or added beside events and coming dates."""
    if head := [key for key in _HEAD if getattr(old, key) != getattr(new, key)]:
        yield f"{CORRECTED}: {', '.join(head)}"
    for table in _TABLES:
        before, after = ({record.id: record for record in getattr(action, table)} for action in (old, new))
        for id, record in after.items():
            name = f"{record_word(record)} {id}"
            if id in before:
                facts = _facts(before[id])
                if keys := [key for key, value in _facts(record).items() if facts[key] != value]:
                    yield f"{CORRECTED}: {name}: {', '.join(keys)}"
            elif table != "events":
                yield f"added: {name}"
        yield from (f"taken out: {record_word(before[id])} {id}" for id in before if id not in after)


def _facts(record: Any) -> Mapping[str, Any]:
    """What a record says, wherever it stands."""
    return {one.name: getattr(record, one.name) for one in fields(record) if one.name != "loc"}
