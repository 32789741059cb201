"""Pages about newer ledgers: what one would change, and which is in use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.ledger.store import Taken
from tariffwatch.remind.exchange import Exchange, Tally
from tariffwatch.views.document import Block, Document, Heading, Paragraph
from tariffwatch.views.json import SCHEMA

DIM = "dim"
WARN = "yellow"


@dataclass(frozen=True, slots=True)
class Named:
    """A ledger as people are told of it."""

    folder: str
    """Where it stands; empty for one that is not in use yet."""
    day: date | None
    taken: Taken | None = None
    """How it was taken; None if it came with the program."""

    @property
    def words(self) -> str:
        """``the ledger of 2026-12-05``."""
        return f"the ledger of {self.day}" if self.day else "a ledger without a date"


def exchange(found: Exchange, new: Named, old: Named) -> Document:
    """What a newer ledger would change: the counts, then action by action."""
    document: list[Block] = [
        Paragraph(
            f"{_upper(new.words)}, {found.actions.total:,} actions and {found.events.total:,} events, "
            f"in the place of {old.words}."
        ),
        Paragraph(f"Actions: {_tally(found.actions, 'changed', 'gone')}; {found.checked} checked again."),
        Paragraph(f"Events: {_tally(found.events, 'corrected', 'taken out')}."),
        Paragraph(f"Coming dates: {_tally(found.dates, 'moved', 'dropped or settled')}."),
    ]
    if new.day and old.day and new.day < old.day:
        document.append(Paragraph(f"It is older than {old.words}, which is in use.", WARN))
    for item in found.items:
        document += [Heading(item.head), Paragraph(f"{item.title} ({item.action})")]
        document += map(Paragraph, item.lines)
        document += [Paragraph(f"Source: {source}", DIM) for source in item.sources]
    if found.gone:
        document.append(Heading("no longer there"))
        document += [Paragraph(f"{action.title} ({action.id})", WARN) for action in found.gone]
    return document


def exchange_facts(found: Exchange, new: Named, old: Named) -> dict[str, Any]:
    """The same as JSON holds it."""
    return {
        "schema": SCHEMA,
        "ledger": _facts(new),
        "in_place_of": _facts(old),
        "actions": asdict(found.actions) | {"checked": found.checked},
        "events": asdict(found.events),
        "dates": asdict(found.dates),
        "changes": [
            {
                "action": item.action,
                "kind": item.kind.value,
                "head": item.head,
                "lines": list(item.lines),
                "sources": list(item.sources),
            }
            for item in found.items
        ],
        "gone": [action.id for action in found.gone],
    }


def status(in_use: Named, former: Named | None, zone: ZoneInfo) -> Document:
    """Which ledger is in use, and which would be again."""
    document = [Paragraph(f"In use: {_origin(in_use, zone)}."), Paragraph(f"  {in_use.folder}", DIM)]
    if former is None:
        return [*document, Paragraph("No other ledger was taken.")]
    back = Paragraph(f"Former: {_origin(former, zone)}; back to it: tariffwatch update --rollback")
    return [*document, back, Paragraph(f"  {former.folder}", DIM)]


def status_facts(in_use: Named, former: Named | None) -> dict[str, Any]:
    """The same as JSON holds it."""
    return {"schema": SCHEMA, "in_use": _facts(in_use), "former": _facts(former) if former else None}


def _facts(of: Named) -> dict[str, Any]:
    return {
        "day": of.day.isoformat() if of.day else None,
        "folder": of.folder or None,
        "taken_from": of.taken.source if of.taken else None,
        "taken": of.taken.on if of.taken else None,
    }


def _origin(of: Named, zone: ZoneInfo) -> str:
    if of.taken is None:
        return f"{of.words}, which came with the program"
    on = words.instant(datetime.fromisoformat(of.taken.on), zone)
    return f"{of.words}, taken {on} from {of.taken.source}"


def _tally(of: Tally, changed: str, gone: str) -> str:
    return f"{of.new} new, {of.changed} {changed}, {of.gone} {gone}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
