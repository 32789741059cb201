"""How actions run over a span of time, and which span shows them well. Pure functions.

``as_of`` and ``knowing`` are what they are in :mod:`tariffwatch.query`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tariffwatch.model import ENDED, Action
from tariffwatch.prospect import status, strips
from tariffwatch.query import NO_FILTERS, by_phase, matches
from tariffwatch.results import Course, Filters, Span, Track


def courses(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, span: Span, filters: Filters = NO_FILTERS
) -> list[Course]:
    """How each action runs over a span of time, in the order of ``status``.

    Actions over which nothing happens, for they were not yet public or had ended before, are left out
    unless they are asked for by name.
    """
    found = [course(action, as_of, knowing, span) for action in actions if filters.takes(action)]
    wanted = [
        c
        for c in found
        if matches(c.status, filters)
        and (
            c.status.action.id in filters.ids
            or any(stretch.phase not in ENDED for track in c.tracks for stretch in track.stretches)
        )
    ]
    return sorted(wanted, key=lambda c: by_phase(c.status))


def course(action: Action, as_of: datetime, knowing: datetime, span: Span) -> Course:
    """How one action runs over a span of time; lines that run alike over it go together."""
    lines = {line.id: line for line in action.lines}
    tracks: dict[object, Track] = {}
    for id, strip in strips(action, knowing).items():
        shown = tuple(s for s in strip if s.phase and s.start < span.end and s.end > span.start)
        alike = tuple((s.start, s.end, s.phase, s.rate, s.cause and s.cause.id) for s in shown)
        before = tracks[alike].lines if alike in tracks else ()
        if shown:
            tracks[alike] = Track((*before, lines[id]) if id in lines else (), shown)
    return Course(status(action, as_of, knowing), span, tuple(tracks.values()))


def around(as_of: datetime, zone: ZoneInfo) -> Span:
    """Whole months on the calendar of a zone, from six before that of ``as_of`` to the twelfth after it."""
    return Span(_month(as_of, zone, -6), _month(as_of, zone, 13))


def fitted(action: Action, as_of: datetime, knowing: datetime) -> Span:
    """Whole months of the action's zone that hold its history, and what is dated ahead.

    A twelfth more shows what holds after the last change. ``as_of`` is held too, unless the action had
    ended by then.
    """
    painted = strips(action, knowing)
    edges = [s.start for strip in painted.values() for s in strip if s.phase]
    if not edges or status(action, as_of, knowing).phase not in ENDED:
        edges.append(as_of)
    first, last = min(edges), max(edges)
    return Span(_month(first, action.zone), _month(last + (last - first) / 12, action.zone, 1))


def _month(instant: datetime, zone: ZoneInfo, more: int = 0) -> datetime:
    """The beginning of the month of an instant on a zone's calendar, or of one so many months after."""
    local = instant.astimezone(zone)
    years, month = divmod(local.year * 12 + local.month - 1 + more, 12)
    return datetime(years, month + 1, 1, tzinfo=zone).astimezone(UTC)
