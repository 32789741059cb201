"""What is told, in words: a warning, and the news of an action."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from tariffwatch import query, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Event, EventKind, citations
from tariffwatch.remind.items import Followed, Item, ItemKind
from tariffwatch.results import Deadline, Due

NEW_DATE = "new date"
DROPPED = "dropped"
_TOLD_ONLY = frozenset({EventKind.ASSESSED, EventKind.MILESTONE})


class Change(NamedTuple):
    """A deadline that is not where it was: moved (both), new (``after``), or gone (``before``)."""

    before: Followed | None
    after: Deadline | None


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes items of facts, at ``now``, as known at ``knowing``."""

    ledger: Ledger
    now: datetime
    knowing: datetime

    def warning(self, kind: ItemKind, deadline: Deadline, rung: datetime) -> Item:
        """A rung reached, or missed."""
        action = deadline.action
        lines = [words.what_changes(deadline)]
        if deadline.decided_by:
            lines.append(f"Decides: {deadline.decided_by}")
        if not query.checked(action, self.now):
            lines.append(f"By its own terms; sources were read through {action.verified or 'no day'}")
        return Item(
            id=_id(*deadline.key, deadline.at, rung),
            kind=kind,
            action=action.id,
            title=action.title,
            head=deadline.kind.words,
            due=deadline.due,
            lines=tuple(lines),
            sources=self._sources(action, [deadline.source]),
            threads=(deadline.key,),
        )

    def news(self, action: Action, changes: Sequence[Change], events: Sequence[Event], *, new: bool) -> Item:
        """Everything that changed for an action; ``new`` if it was not public before."""
        told = [self._told(change, action, events) for change in changes]
        after = [c.after for c in changes if c.after]
        keys = tuple(one.key for c in changes for one in [c.after or c.before] if one)
        dates = [(*key, c.after and c.after.at) for key, c in zip(keys, changes, strict=True)]
        lines = [f"{head}: {text}" for head, text in told] + [_line(event, action) for event in events]
        return Item(
            id=_id(action.id, *(e.id for e in events), *(part for date in dates for part in date)),
            kind=ItemKind.NEW if new else ItemKind.CHANGED,
            action=action.id,
            title=action.title,
            head="new action" if new else _head([head for head, _ in told], events),
            due=min((d.due for d in after), key=lambda due: due.at, default=None),
            lines=tuple(lines),
            sources=self._sources(action, [*(e.source for e in events), *(d.source for d in after)]),
            threads=keys,
        )

    def _told(self, change: Change, action: Action, events: Iterable[Event]) -> tuple[str, str]:
        """A changed deadline as (what befell it, the dates)."""
        old, new = change
        if new is None:
            assert old is not None, "a change has at least one side"
            settled = query.settled(action, old.key.id, self.knowing)
            return "settled" if settled else DROPPED, f"{_date(old.due)} {old.what}"
        what = f"{_date(new.due)} {words.what_changes(new)}"
        past = " (already past)" if new.due.passes <= self.now else ""
        if old is None:
            return NEW_DATE, what + past
        extended = new.at > old.due.at and any(e.kind is EventKind.EXTENDED for e in events)
        return "extended" if extended else "moved", f"from {_date(old.due)} to {what}{past}"

    def _sources(self, action: Action, sources: Iterable[str | None]) -> tuple[str, ...]:
        """Each source once: the instrument's citation, section and link."""
        told: dict[str, None] = {}
        for name, rest in (c for source in dict.fromkeys(sources) if source for c in citations(source)):
            instrument = self.ledger.instrument(action, name)
            title = (instrument.cite or instrument.title) if instrument else name
            link = f" {instrument.url}" if instrument and instrument.url else ""
            told[f"{title} {rest}".rstrip() + link] = None
        return tuple(told)


def _date(due: Due) -> str:
    return words.instant(due.at, due.zone, due.day_only)


def _head(changes: Sequence[str], events: Sequence[Event]) -> str:
    """What happened, in a few words: the law's acts first, then what became of the dates."""
    acts = [event.kind.value for event in events if event.kind not in _TOLD_ONLY]
    moves = [change for change in changes if change not in (NEW_DATE, DROPPED)]
    findings = [f"found {event.finding.value}" for event in events if event.finding]
    kinds = [event.kind.value for event in events]
    return ", ".join(dict.fromkeys([*acts, *moves] or findings or [*changes] or kinds))


def _line(event: Event, action: Action) -> str:
    """``2025-03-06 modified: what happened``; a finding names its condition."""
    kind = event.kind.value
    if event.finding:
        condition = next((c.text for c in action.conditions if c.id == event.condition), event.condition)
        kind = f"found {event.finding.value}: {(condition or '').rstrip('.')}"
    return ": ".join(filter(None, [f"{words.moment(event.known, action.zone)} {kind}", event.note]))


def _id(*parts: object) -> str:
    """A short name that is the same for the same parts."""
    text = "\n".join(str(part.astimezone(UTC) if isinstance(part, datetime) else part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
