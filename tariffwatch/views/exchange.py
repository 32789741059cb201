"""The page of what a newer ledger would change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tariffwatch import words
from tariffwatch.remind.exchange import Exchange, Tally
from tariffwatch.views import ledgers
from tariffwatch.views.document import Block, Document, Heading, Paragraph
from tariffwatch.views.json import SCHEMA
from tariffwatch.views.ledgers import Named
from tariffwatch.views.report import DIM, WARN


def exchange(found: Exchange, new: Named, old: Named) -> Document:
    """What a newer ledger would change: the counts, then action by action."""
    document: list[Block] = [
        Paragraph(
            f"{_upper(new.words)}, {words.many(found.actions.total, 'action')} and "
            f"{words.many(found.events.total, 'event')}, "
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
        "ledger": ledgers.facts(new),
        "in_place_of": ledgers.facts(old),
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


def _tally(of: Tally, changed: str, gone: str) -> str:
    return f"{of.new} new, {of.changed} {changed}, {of.gone} {gone}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
