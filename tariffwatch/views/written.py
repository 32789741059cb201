"""What is about to be recorded, read back: each date with its weekday, on the clock of the action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.model import Condition, Event, Instrument, Line, Moment, StatedDeadline, Transit, record_word
from tariffwatch.results import Status

Record = Event | Condition | StatedDeadline | Instrument | Line


def understood(slug: str, records: Iterable[Record], zone: ZoneInfo) -> str:
    """The new records of an action, and every date in them as it was understood."""
    lines = [f"{slug} (times in {zone.key})"]
    for record in records:
        kind = f" ({record.kind})" if isinstance(record, Event | StatedDeadline) else ""
        lines.append(f"  {record_word(record)} {record.id}{kind}")
        lines += [f"    {name:<14} {words.with_weekday(at, zone)}" for name, at in _dates(record)]
    return "\n".join(map(words.clean, lines))


def stands(status: Status) -> str:
    """How the action stands with what was recorded, and what comes next."""
    if not status.action.events and not status.action.deadlines:
        return words.clean(f"{status.action.id}: nothing has happened yet, as far as is recorded")
    action, rate = status.action, words.standing(status)
    text = f"{action.id}: {words.phase_word(status)}" + (f", {rate}" if rate else "")
    if status.next:
        first = status.next[0]
        text += f"; next {words.instant(first.at, action.zone, first.day_only)}: {words.then(status)}"
    return words.clean(text)


def _dates(record: object) -> Iterable[tuple[str, Moment | date]]:
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name) if field.name != "recorded" else None
        if isinstance(value, Moment | date):
            yield field.name.replace("_", " "), value
        elif isinstance(value, Transit):
            yield from _dates(value)
