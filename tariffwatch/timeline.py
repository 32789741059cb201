"""Painting: events -> strips -> phase, rate and turning points. Pure functions.

Each line of an action is a strip of paper from the beginning of time to its end. Events are taken in
the order in which they became known (ties: file order); each paints a phase and/or a rate on its
stretch ``[effective, until)``, over whatever is there. A stretch without ``until`` runs on for ever;
one with ``until`` leaves visible after it what lies beneath. What happens "if nobody acts" is simply
what lies beneath.

=============================  =======================================================================
event                          paints
=============================  =======================================================================
threatened                     threatened, from ``known`` on
ordered                        scheduled, ``known`` to ``effective``; in force, with rates, to ``until``
modified                       rates only
suspended                      suspended
extended                       what the event named by ``extends`` paints, from its old ``until`` on
postponed                      nothing: it moves the ``effective`` of the event named by ``postpones``
resumed                        nothing: it lifts suspensions and ended phases from ``effective`` on
terminated, invalidated,       that phase and no rate, from ``effective`` on
superseded, withdrawn
opened, closed                 open; closed
assessed, milestone            nothing
=============================  =======================================================================

Four refinements make the table say what the law says:

* *Expectations are thin paint.* Scheduled, threatened and open never hide a duty that is in force or
  suspended: a threat to raise a duty does not stop its collection. Everything else they do cover.
* *An order uses up the expectations before it.* From its ``known`` on, earlier threats and
  investigations no longer show, not even after the order's own end.
* *A resumption lifts, it does not cover.* What shows from it on is what lay beneath the suspension,
  so a duty never outlives its own ``until`` by having been paused and resumed.
* *Nothing pauses or ends what has not begun.* A suspension or an ending that names no line touches
  the lines begun before it; a line carved out later starts clean.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from tariffwatch.model import (
    BEGINNING,
    END,
    ENDED,
    LIVE,
    PENDING,
    DeadlineKind,
    Event,
    EventKind,
    Phase,
    Rate,
)

WHOLE = ""
"""The one strip of an action that has no lines: a proceeding."""

_PHASES = {
    EventKind.THREATENED: Phase.THREATENED,
    EventKind.ORDERED: Phase.IN_FORCE,
    EventKind.SUSPENDED: Phase.SUSPENDED,
    EventKind.OPENED: Phase.OPEN,
    EventKind.TERMINATED: Phase.TERMINATED,
    EventKind.INVALIDATED: Phase.INVALIDATED,
    EventKind.SUPERSEDED: Phase.SUPERSEDED,
    EventKind.WITHDRAWN: Phase.WITHDRAWN,
    EventKind.CLOSED: Phase.CLOSED,
}
_EXPECTED: Mapping[Phase | None, int] = {phase: phase.rank for phase in PENDING}
"""Expectations in the order in which they hide each other: an order, a threat, a proceeding."""
_PAINTING = frozenset({*_PHASES, EventKind.MODIFIED, EventKind.RESUMED})
_LIFTED = frozenset({Phase.SUSPENDED, *ENDED})
_RATELESS = frozenset({Phase.SUSPENDED, Phase.OPEN, *ENDED})
"""Phases whose events paint no rate of their own."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a strip, ``[start, end)`` in UTC, on which phase and rate are constant."""

    start: datetime
    end: datetime
    phase: Phase | None
    """None is "not yet public"; a blank after anything that was public has become EXPIRED."""
    rate: Rate | None
    cause: Event | None
    """The event to which the left boundary is due; None at the beginning of time."""


Strip = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A boundary at which something changes for one or more lines of an action."""

    at: datetime
    kind: DeadlineKind
    id: str
    """The id of the event at the root of the boundary: it stays when the boundary is moved."""
    cause: Event
    """The event that set the boundary where it is now."""
    changes: Mapping[str, tuple[Stretch, Stretch]]
    """For each line that changes, the stretch before and the stretch after."""


class _Stroke(NamedTuple):
    """One stroke of paint. ``phase`` None leaves the phase beneath, ``paints_rate`` False the rate."""

    start: datetime
    end: datetime
    phase: Phase | None
    rate: Rate | None
    paints_rate: bool
    started_by: Event
    ended_by: Event


def paint(events: Iterable[Event], lines: Sequence[str], knowing: datetime) -> dict[str, Strip]:
    """Paint the strip of every line with the events known at the instant ``knowing`` (inclusive)."""
    known = sorted((e for e in events if e.known.at <= knowing), key=lambda e: e.known.at)
    by_id = {event.id: event for event in known}
    movers = {root(e, by_id).id: e for e in known if e.kind is EventKind.POSTPONED and e.effective}
    painters = [
        (event, painted)
        for event in known
        if (painted := root(event, by_id) if event.kind is EventKind.EXTENDED else event).kind in _PAINTING
    ]
    return {line: _strip(_strokes(painters, movers, line)) for line in lines or (WHOLE,)}


def touches(event: Event, line: str) -> bool:
    """Whether an event paints a line: the named ones, else those it gives rates, else every one."""
    named = event.lines or tuple(event.rates)
    return not named or line in named


def root(event: Event, by_id: Mapping[str, Event]) -> Event:
    """The event at the start of a chain of extensions and postponements: its lasting identity."""
    seen = {event.id}
    while (parent := by_id.get(event.extends or event.postpones or "")) and parent.id not in seen:
        seen.add(parent.id)
        event = parent
    return event


def at(strip: Strip, instant: datetime) -> Stretch:
    """The stretch of a strip that covers an instant."""
    return strip[bisect_right(strip, instant, key=lambda stretch: stretch.start) - 1]


def turning_points(
    events: Iterable[Event], strips: Mapping[str, Strip], since: datetime
) -> list[TurningPoint]:
    """Every turning point after an instant on the strips of one action, by time.

    Changes of one cause are together.
    """
    by_id = {event.id: event for event in events}
    found: dict[tuple[datetime, DeadlineKind, str], TurningPoint] = {}
    for line, strip in strips.items():
        first = bisect_right(strip, since, key=lambda stretch: stretch.start)
        for before, after in pairwise(strip[first - 1 :]):
            kind = _turning_kind(before, after)
            if kind is None or after.cause is None:
                continue
            id = root(after.cause, by_id).id
            point = found.get((after.start, kind, id))
            changes = {**(point.changes if point else {}), line: (before, after)}
            found[after.start, kind, id] = TurningPoint(after.start, kind, id, after.cause, changes)
    return sorted(found.values(), key=lambda point: point.at)


def lapsed_pause(events: Sequence[Event], strips: Iterable[Strip], as_of: datetime) -> Event | None:
    """The pause or temporary rate that ran out and so began what holds at an instant.

    None if some later event is recorded: silence is then not taken for knowledge.
    """
    by_id = {event.id: event for event in events}
    for here in (at(strip, as_of) for strip in strips):
        cause = here.cause
        if cause is None or cause.until is None or cause.until.at != here.start or here.phase in ENDED:
            continue
        temporary = root(cause, by_id).kind in (EventKind.SUSPENDED, EventKind.MODIFIED)
        if temporary and not any(event.known.at >= here.start for event in events):
            return cause
    return None


def _turning_kind(before: Stretch, after: Stretch) -> DeadlineKind | None:
    """What kind of turning point a boundary is; None for one that only tells of an expectation."""
    if before.phase is after.phase:
        return DeadlineKind.RATE_CHANGES if after.phase is Phase.IN_FORCE else None
    match after.phase:
        case Phase.EXPIRED:
            return DeadlineKind.EXPIRES
        case Phase.SUSPENDED:
            return DeadlineKind.PAUSE_BEGINS
        case phase if phase in ENDED:
            return DeadlineKind.ENDS
    if before.phase is Phase.SUSPENDED:
        return DeadlineKind.PAUSE_ENDS
    return DeadlineKind.TAKES_EFFECT if after.phase is Phase.IN_FORCE else None


def _strokes(
    painters: Iterable[tuple[Event, Event]], movers: Mapping[str, Event], line: str
) -> list[_Stroke]:
    """The strokes that fall on one line, the last on top.

    ``painters`` are events in the order in which they became known, each with the one whose paint it uses.
    """
    strokes: list[_Stroke] = []
    until: dict[str, datetime] = {}
    begun = False
    for event, painted in painters:
        phase = _PHASES.get(painted.kind)
        missing, begun = begun and not strokes and not (painted.lines or painted.rates), True
        if not touches(painted, line) or (missing and phase in _LIFTED):
            continue
        starter = movers.get(event.id, event)
        start = starter.effective.at if starter.effective else event.known.at
        if event is not painted:
            start = until.get(painted.id, END)
        end = until[painted.id] = event.until.at if event.until else END
        rate = None if phase in _RATELESS else painted.rate_of(line)
        if event.kind is EventKind.ORDERED:
            strokes = _cut(strokes, PENDING, event.known.at, event)
            strokes.append(_Stroke(event.known.at, start, Phase.SCHEDULED, rate, True, event, starter))
        elif event.kind is EventKind.RESUMED:
            strokes = _cut(strokes, _LIFTED, start, event)
        elif event.kind is EventKind.THREATENED:
            start = event.known.at
        if phase in ENDED or phase is Phase.THREATENED:
            end = END  # nothing beneath an ending shows again, and a threat has no end of its own
        paints_rate = phase in ENDED or rate is not None
        strokes.append(_Stroke(start, end, phase, rate, paints_rate, starter, event))
    return [stroke for stroke in strokes if stroke.start < stroke.end]


def _cut(strokes: list[_Stroke], phases: frozenset[Phase], at: datetime, by: Event) -> list[_Stroke]:
    """End, at an instant, every stroke of these phases that covers it."""
    return [
        s._replace(end=at, ended_by=by) if s.phase in phases and s.start <= at < s.end else s for s in strokes
    ]


def _strip(strokes: Sequence[_Stroke]) -> Strip:
    """Look down on the strokes: cut at every edge, see what shows, join what is alike."""
    edges = sorted({BEGINNING, END, *(s.start for s in strokes), *(s.end for s in strokes)})
    strip: list[Stretch] = []
    shown: tuple[_Stroke | None, _Stroke | None] = (None, None)
    public = False
    for start, end in pairwise(edges):
        before, shown = shown, _top(strokes, start)
        phase = shown[0].phase if shown[0] else (Phase.EXPIRED if public else None)
        rate = shown[1].rate if shown[1] else None
        public = public or phase is not None
        if strip and (strip[-1].phase, strip[-1].rate) == (phase, rate):
            last = strip[-1]
            strip[-1] = Stretch(last.start, end, phase, rate, last.cause)
            continue
        layer = 0 if not strip or strip[-1].phase is not phase else 1
        strip.append(Stretch(start, end, phase, rate, _cause(before[layer], shown[layer], start)))
    return tuple(strip)


def _top(strokes: Sequence[_Stroke], at: datetime) -> tuple[_Stroke | None, _Stroke | None]:
    """The strokes whose phase, and whose rate, show at an instant."""
    solid = thin = rated = None
    for stroke in reversed(strokes):
        if not stroke.start <= at < stroke.end:
            continue
        if stroke.phase in _EXPECTED:
            if solid is None and (thin is None or _EXPECTED[stroke.phase] < _EXPECTED[thin.phase]):
                thin = stroke
            continue
        if rated is None and stroke.paints_rate:
            rated = stroke
        if solid is None and stroke.phase:
            solid = stroke
        if solid and rated:
            break
    shown = solid if thin is None or (solid and solid.phase in LIVE) else thin
    if shown and shown.phase is Phase.SCHEDULED:
        starting = _rated(strokes, shown.end)  # the rate with which it will start
        return shown, shown if starting is None or starting.phase in ENDED else starting
    if shown is None or shown.phase not in LIVE:
        return shown, shown
    if rated is None and shown.phase is Phase.SUSPENDED:
        # Suspended before its start: the rate with which it would have started.
        rated = next(
            (s for s in reversed(strokes) if s.phase is Phase.SCHEDULED and s.start <= at < s.end), None
        )
    return shown, rated


def _rated(strokes: Sequence[_Stroke], at: datetime) -> _Stroke | None:
    """The stroke whose rate shows at an instant, of those that are more than an expectation."""
    return next(
        (s for s in reversed(strokes) if s.start <= at < s.end and s.paints_rate and s.phase not in PENDING),
        None,
    )


def _cause(before: _Stroke | None, after: _Stroke | None, edge: datetime) -> Event | None:
    """The event that made an edge: the stroke that begins there, else the one that ends there."""
    if after and after.start == edge:
        return after.started_by
    if before and before.end == edge:
        return before.ended_by
    return after.started_by if after else None
