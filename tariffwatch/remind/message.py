"""Items -> one message: a subject that says it all, and a text for small screens."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.entries.own import is_own
from tariffwatch.remind.items import Item, ItemKind
from tariffwatch.results import Due
from tariffwatch.words import clean

HELD = timedelta(hours=1)
"""An item that waited longer says so."""
SUMMED = 10
"""How many items a braked message still names."""
SUBJECT = 150
"""The longest subject."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends."""

    subject: str
    body: str
    id: str
    """The same for the same items: a message repeated after a crash is known as such by mail programs."""
    thread: str
    """The same for all messages about one deadline."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The circumstances of a message."""

    now: datetime
    zone: ZoneInfo | None
    """The reader's own zone, shown beside the legal one."""
    brake: int
    silent_since: datetime | None = None
    """The last good run, when runs had stopped."""


def compose(items: Sequence[tuple[Item, datetime]], dispatch: Dispatch) -> Message:
    """One message of items, each with the instant at which it was queued; the worst first."""
    ordered = sorted(items, key=lambda pair: _order(pair[0]))
    first = ordered[0][0]
    names = "\n".join(sorted(item.id for item, _ in ordered))
    key = first.threads[0] if first.threads else (first.action, first.head)
    return Message(
        subject=_subject([item for item, _ in ordered], dispatch),
        body=_body(ordered, dispatch),
        id=first.id if len(ordered) == 1 else hashlib.sha256(names.encode()).hexdigest()[:20],
        thread=hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()[:20],
    )


def headline(item: Item, now: datetime) -> str:
    """An item on one line: ``in 7 days, 4 business days: pause ends - IEEPA border duty on Canada``."""
    return f"{_lead(item, now)}: {clean(item.title)}"


def _lead(item: Item, now: datetime) -> str:
    if item.kind in (ItemKind.WARNING, ItemKind.MISSED) and item.due:
        return f"{time_left(item.due, now)}: {item.head}"
    return item.head


def time_left(due: Due, now: datetime) -> str:
    """How long until a date, or since."""
    if due.passes > now:
        return words.time_left(due, now)
    if due.passes > now - timedelta(minutes=10):
        return "now"
    days = -due.days_left(now)
    return f"passed {days} day{'s' * (days > 1)} ago" if days else "passed today"


def _order(item: Item) -> tuple[int, str, str]:
    return (item.kind.rank, item.due.at.isoformat() if item.due else "9", item.action)


def _subject(items: Sequence[Item], dispatch: Dispatch) -> str:
    """``tariffwatch: in 7 days: pause ends: US duty on Canada (2025-03-04 00:01 EST) and 2 more``."""
    first = items[0]
    date = f" ({_date(first.due)})" if first.due else ""
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    words_ = f"tariffwatch: {headline(first, dispatch.now)}"
    room = SUBJECT - len(date) - len(more)
    return (words_ if len(words_) <= room else words_[: room - 3] + "...") + date + more


def _body(items: Sequence[tuple[Item, datetime]], dispatch: Dispatch) -> str:
    parts = []
    if dispatch.silent_since:
        since = _instant(dispatch.silent_since, dispatch)
        parts.append(f"No reminder ran between {since} and now. What fell due in between is told here, once.")
    if len(items) > dispatch.brake:
        parts.append(
            f"{len(items)} things to tell at once, more than the {dispatch.brake} that one message lists "
            '("brake" in the settings). A new watch, an updated ledger or a machine that was off can be the '
            f"reason. The {SUMMED} most urgent, one line each; all of them: tariffwatch remind log"
        )
        parts.append("\n".join(f"- {headline(item, dispatch.now)}" for item, _ in items[:SUMMED]))
    else:
        parts += [_entry(item, created, dispatch) for item, created in items]
    actions = list(dict.fromkeys(item.action for item, _ in items if item.action))
    if actions:
        id = actions[0] if len(actions) == 1 else "ID"
        show = "" if all(map(is_own, actions)) else f"Everything about it: tariffwatch show {id}\n"
        parts.append(f"{show}No more warnings of its dates: tariffwatch remind ack {id}")
    return "\n\n".join(parts) + "\n"


def _entry(item: Item, created: datetime, dispatch: Dispatch) -> str:
    lines = [item.head.upper(), f"{clean(item.title)} ({item.action})"]
    if item.kind is ItemKind.TROUBLE:
        del lines[1]
    elif item.due and item.kind in (ItemKind.WARNING, ItemKind.MISSED):
        left = time_left(item.due, dispatch.now).upper()
        lines[0] = f"{left}: {_date(item.due)}{_yours(item.due, dispatch.zone)}"
    if item.kind is ItemKind.MISSED:
        lines.append("No run warned of it before it passed.")
    lines += [clean(line) for line in item.lines]
    lines += [f"Source: {clean(source)}" for source in item.sources]
    if dispatch.now - created > HELD:
        lines.append(f"Held back since {_instant(created, dispatch)}: it could not be sent then.")
    return "\n".join(lines)


def _date(due: Due) -> str:
    return words.instant(due.at, due.zone, due.day_only)


def _yours(due: Due, zone: ZoneInfo | None) -> str:
    """The same instant on the reader's clock, where that shows another time."""
    if zone is None or due.day_only:
        return ""
    here, there = due.at.astimezone(zone), due.at.astimezone(due.zone)
    return "" if here.utcoffset() == there.utcoffset() else f" ({words.instant(due.at, zone)})"


def _instant(at: datetime, dispatch: Dispatch) -> str:
    return words.instant(at.replace(microsecond=0), dispatch.zone or ZoneInfo("UTC"))
