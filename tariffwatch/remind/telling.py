"""What is told, in words: a warning, and the news of an action."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from tariffwatch import prospect, words
from tariffwatch.entries import own
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Event, citations
from tariffwatch.remind.items import Followed, Item, ItemKind
from tariffwatch.results import Deadline, Fate
from tariffwatch.worlds import fate


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
        if own.is_own(action.id):
            lines.append(own.RESTS)
        elif not prospect.checked(action, self.now):
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
        fates = [fate(action, *change, events, self.knowing) for change in changes]
        after = [c.after for c in changes if c.after]
        keys = tuple(one.key for c in changes for one in [c.after or c.before] if one)
        dates = [(*key, c.after and c.after.at) for key, c in zip(keys, changes, strict=True)]
        lines = [self._told(change, one) for change, one in zip(changes, fates, strict=True)]
        lines += [f"{words.moment(e.known, action.zone)} {words.happened(e, action)}" for e in events]
        lines += [own.RESTS] if own.is_own(action.id) else []
        return Item(
            id=_id(action.id, *(e.id for e in events), *(part for date in dates for part in date)),
            kind=ItemKind.NEW if new else ItemKind.CHANGED,
            action=action.id,
            title=action.title,
            head="new action" if new else _head(action, fates, events),
            due=min((d.due for d in after), key=lambda due: due.at, default=None),
            lines=tuple(lines),
            sources=self._sources(action, [*(e.source for e in events), *(d.source for d in after)]),
            threads=keys,
        )

    def _told(self, change: Change, fate: Fate) -> str:
        """A changed deadline: what befell it, and the dates."""
        before = (change.before.due, change.before.what) if change.before else None
        return f"{fate.words}: {words.befell(fate, before, change.after, self.now)}"

    def _sources(self, action: Action, sources: Iterable[str | None]) -> tuple[str, ...]:
        """Each source once: the instrument's citation, section and link."""
        told: dict[str, None] = {}
        for name, rest in (c for source in dict.fromkeys(sources) if source for c in citations(source)):
            instrument = self.ledger.instrument(action, name)
            title = (instrument.cite or instrument.title) if instrument else name
            link = f" {instrument.url}" if instrument and instrument.url else ""
            told[f"{title} {rest}".rstrip() + link] = None
        return tuple(told)


def _head(action: Action, fates: Sequence[Fate], events: Sequence[Event]) -> str:
    """What happened, in a few words; to an entry: ``liquidated``."""
    if own.is_own(action.id) and events:
        return ", ".join(event.id for event in events)
    return words.acts(fates, events)


def _id(*parts: object) -> str:
    """A short name that is the same for the same parts."""
    text = "\n".join(str(part.astimezone(UTC) if isinstance(part, datetime) else part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
