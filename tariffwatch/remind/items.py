"""What a reminder remembers, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tariffwatch.results import Due, Key


class ItemKind(StrEnum):
    """Why something is told, the worst first."""

    TROUBLE = "trouble"
    """Part of the ledger cannot be read, and so is not watched."""
    MISSED = "missed"
    """A date passed, and no run had warned of it."""
    WARNING = "warning"
    """A rung of the ladder is reached."""
    CHANGED = "changed"
    """Dates of an action moved, came or went, or something was recorded about it."""
    NEW = "new"
    """An action became public."""

    @property
    def rank(self) -> int:
        """The place in a message, 0 first."""
        return list(ItemKind).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to tell. Complete: it can be told when the ledger no longer holds what it is about."""

    id: str
    """The same for the same fact, whichever reminder and run finds it."""
    kind: ItemKind
    action: str
    title: str
    head: str
    """What it is about in a few words: ``pause ends``."""
    due: Due | None
    """The date that it is about."""
    lines: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    threads: tuple[Key, ...] = ()
    """The deadlines concerned: what is told of one replaces a warning still waiting to be sent."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A deadline as a reminder last saw it."""

    key: Key
    due: Due
    what: str
    """What changes on it, in words."""
    told: datetime | None = None
    """Rungs up to this instant have been told, or overtaken; None if nothing was told yet."""
    snoozed: datetime | None = None
    """Nothing is told of it until then; that instant is a rung of its own."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one reminder has seen and told."""

    watch: str = ""
    """A fingerprint of what was watched; empty before the first run."""
    latest: datetime | None = None
    """The latest instant at which a run looked."""
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The events that were public then, by action."""
    followed: Mapping[Key, Followed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be told now, what is to be remembered once that is queued, and when to look again."""

    items: tuple[Item, ...]
    memory: Memory
    wake: datetime
    """The next instant at which anything can be due, if ledger and settings stay as they are."""
