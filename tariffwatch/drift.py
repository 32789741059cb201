"""How often, and how far, announced dates moved: read off the trails of all deadlines. Pure functions.

What is counted, and how:

* *A deadline* is one that was told before its day came: a turning point or a stated date that lay ahead
  when it became known. It is one deadline however often it moves.
* *A move* puts it on another day of the calendar of its law. An hour that was named later is none.
  One order that moves a date of many actions moves one of each.
* *Dropped* is what was taken back before its day came and does not stand again. What an event has settled
  (a report handed in early) was not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from tariffwatch.changes import Trail, trails
from tariffwatch.facts import settled
from tariffwatch.model import Action
from tariffwatch.query import NO_FILTERS, asked
from tariffwatch.results import Deadline, Filters


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline that was put on another day."""

    before: Deadline
    after: Deadline
    known: datetime
    """When that became known."""

    @property
    def days(self) -> int:
        """How many days later, on the calendar of its zone; less than 0 if it was brought forward."""
        return self.after.due.days_left(self.before.at)


@dataclass(frozen=True, slots=True)
class Path:
    """What became of one deadline."""

    deadline: Deadline
    """As it stands, or stood last."""
    moves: tuple[Move, ...]
    dropped: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """How the dates of a government, under one law, have kept."""

    government: str | None
    """None is every one."""
    authority: str | None
    """None is every one."""
    paths: tuple[Path, ...]

    @property
    def moved(self) -> int:
        """How many deadlines were moved, once or more."""
        return sum(bool(path.moves) for path in self.paths)

    @property
    def dropped(self) -> int:
        """How many were dropped."""
        return sum(path.dropped for path in self.paths)

    @property
    def moves(self) -> tuple[Move, ...]:
        """All moves, in the order in which they became known."""
        return tuple(sorted((m for path in self.paths for m in path.moves), key=lambda m: m.known))

    @property
    def median(self) -> float | None:
        """The median of all moves in days; None without any."""
        days = sorted(move.days for move in self.moves)
        if not days:
            return None
        middle = len(days) // 2
        return float(days[middle]) if len(days) % 2 else (days[middle - 1] + days[middle]) / 2

    @property
    def longest(self) -> Move | None:
        """The move over most days, either way; of several, the one that became known first."""
        return max(self.moves, key=lambda move: abs(move.days), default=None)


def drift(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Drift]:
    """A row for each government and authority that has any deadline, in alphabetical order.

    Phases are those at ``as_of``. A kind, or a time within which, asks for deadlines of which some
    version is such a one.
    """
    found = sorted(asked(actions, as_of, knowing, filters), key=_group)
    rows = []
    for (government, authority), group in groupby(found, key=_group):
        paths = [path for action in group for path in _paths(action, knowing, filters)]
        if paths:
            rows.append(Drift(government, authority, tuple(paths)))
    return rows


def together(rows: Iterable[Drift], government: str | None = None) -> Drift:
    """Several rows as one: all of a government, or all there are."""
    return Drift(government, None, tuple(path for row in rows for path in row.paths))


def _group(action: Action) -> tuple[str, str]:
    return (action.imposed_by, action.authority)


def _paths(action: Action, knowing: datetime, filters: Filters) -> Iterable[Path]:
    for trail in trails(action, knowing):
        told = any(v.deadline.due.passes > v.known for v in trail.versions if not v.dropped)
        if told and any(filters.takes_deadline(v.deadline) for v in trail.versions):
            over = trail.last.dropped and not _settled(action, trail, knowing)
            yield Path(trail.last.deadline, tuple(_moves(trail)), over)


def _settled(action: Action, trail: Trail, knowing: datetime) -> bool:
    return trail.last.deadline.after is None and settled(action, trail.key.id, knowing) is not None


def _moves(trail: Trail) -> Iterable[Move]:
    """The moves of a deadline; one that was taken up again on another day has moved."""
    for before, after in pairwise(trail.versions):
        move = Move(before.deadline, after.deadline, after.known)
        if not after.dropped and move.days:
            yield move
