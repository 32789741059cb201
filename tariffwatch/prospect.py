"""How one action stands, and what comes: its strips and stated deadlines, read at an instant. Pure functions.

``as_of`` is the instant asked about, ``knowing`` the instant up to which facts count; both are aware
and always given. Results are what the views show; nothing in them is worked out again there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import pairwise

from tariffwatch.facts import chain_of, conditions, first_of, history, known_at, moves_of, public_deadlines
from tariffwatch.model import (
    BEGINNING,
    END,
    Action,
    Condition,
    DeadlineKind,
    Event,
    Evidence,
    Phase,
    StatedDeadline,
)
from tariffwatch.results import Deadline, LineStatus, PastDeadline, Prospect, State, Status, close_of_day
from tariffwatch.timeline import WHOLE, Stretch, Strip, TurningPoint, at, lapsed_pause, paint, turning_points


def status(action: Action, as_of: datetime, knowing: datetime) -> Status:
    """How one action stands."""
    return prospect(action, as_of, knowing).status


def prospect(action: Action, as_of: datetime, knowing: datetime) -> Prospect:
    """How one action stands, and what comes after ``as_of``."""
    painted = strips(action, knowing)
    whole = _action_strip(list(painted.values()))
    here = at(whole, as_of)
    lines = tuple(
        LineStatus(line.id, line.label, stretch.phase, stretch.rate, *_bounds(painted[line.id], as_of))
        for line in action.lines
        if (stretch := at(painted[line.id], as_of)).phase is not None
    )
    phases = {line.phase for line in lines}
    coming = _coming(action, painted, as_of, knowing)
    turning = [deadline for deadline in coming if deadline.after is not None]
    lapsed = lapsed_pause(action.events, painted.values(), as_of)
    standing = Status(
        action=action,
        phase=here.phase,
        mixed=len(phases) > 1,
        since=None if here.start == BEGINNING else here.start,
        until=here.end,
        lines=lines,
        next=tuple(d for d in turning if d.at == turning[0].at) or tuple(coming[:1]),
        conditions=conditions(action, min(as_of, knowing)),
        unchecked=lapsed is not None or not checked(action, as_of),
        lapsed=lapsed,
        single_source=_single_source(action, painted, as_of, knowing),
    )
    return Prospect(standing, tuple(coming))


def _single_source(action: Action, painted: Mapping[str, Strip], as_of: datetime, knowing: datetime) -> bool:
    """Whether a line would stand otherwise without the events that rest on a single account."""
    events = [event for event in action.events if event.evidence is not Evidence.SINGLE]
    if len(events) == len(action.events):
        return False
    without = paint(events, action.line_ids, knowing)
    sides = ((at(strip, as_of), at(without[line], as_of)) for line, strip in painted.items())
    return any((here.phase, here.rate) != (there.phase, there.rate) for here, there in sides)


def edges(action: Action) -> list[datetime]:
    """The instants, in order, at which what :func:`prospect` says of an action's present may change.

    From one of them until the next its answer is the same as long as ``knowing`` is ``as_of``: it
    compares the two with nothing else.
    """
    moments = [moment for e in action.events for moment in (e.known, e.effective, e.until)]
    moments += [moment for d in action.deadlines for moment in (d.known, d.at)]
    moments += [condition.known for condition in action.conditions]
    closes = [close_of_day(d.at.at, action.zone) for d in action.deadlines if d.at.day_only]
    if action.verified:
        closes.append(close_of_day(datetime.combine(action.verified, time(), action.zone), action.zone))
    return sorted({*(moment.at for moment in moments if moment), *closes})


def checked(action: Action, as_of: datetime) -> bool:
    """Whether the action's sources were checked through the day of ``as_of``, in its own zone."""
    return action.verified is not None and as_of.astimezone(action.zone).date() <= action.verified


def deadlines(action: Action, as_of: datetime, knowing: datetime) -> list[Deadline]:
    """What comes after ``as_of``, soonest first."""
    return _coming(action, strips(action, knowing), as_of, knowing)


def past_deadlines(action: Action, as_of: datetime, knowing: datetime) -> list[PastDeadline]:
    """The stated deadlines that were public and are no longer to come: passed, moved or settled."""
    public = public_deadlines(action, knowing)
    moved = {d.replaces: d for d in public if d.replaces}
    events = {event.id: event for event in history(action, knowing)}
    past = [PastDeadline(d, moved.get(d.id), events.get(d.settled_by or "")) for d in public]
    return sorted(
        (
            p
            for p in past
            if p.moved_to or p.settled or _stated(action, p.stated, knowing).due.passes <= as_of
        ),
        key=lambda p: p.stated.at.at,
    )


def strips(action: Action, knowing: datetime) -> dict[str, Strip]:
    """The strip of each line, as known; an action without lines has one, by the name :data:`WHOLE`."""
    return paint(action.events, action.line_ids, knowing)


def _coming(
    action: Action, strips: Mapping[str, Strip], as_of: datetime, knowing: datetime
) -> list[Deadline]:
    events = {event.id: event for event in action.events if event.known.at <= knowing}
    points = turning_points(action.events, strips, as_of)
    turning = [_turning(action, point, events, strips, knowing) for point in points]
    stated = [_stated(action, deadline, knowing) for deadline in _standing(action, events, knowing)]
    coming = [*turning, *(deadline for deadline in stated if deadline.due.passes > as_of)]
    return sorted(coming, key=lambda d: (d.at, d.kind not in _URGENT, d.id))


_URGENT = frozenset({DeadlineKind.TAKES_EFFECT, DeadlineKind.PAUSE_ENDS})


def _turning(
    action: Action,
    point: TurningPoint,
    events: Mapping[str, Event],
    strips: Mapping[str, Strip],
    knowing: datetime,
) -> Deadline:
    before, after = (
        State(
            min((s[side].phase for s in point.changes.values()), key=lambda p: p.rank if p else len(Phase)),
            {line: rate for line, s in point.changes.items() if line != WHOLE and (rate := s[side].rate)},
        )
        for side in (0, 1)
    )
    until = point.cause.until
    ends = until is not None and until.at == point.at
    moment = until if ends else point.cause.effective
    origin = events.get(point.id, point.cause)
    bearing = _bearing(action, {event.id for event in chain_of(origin, events)}, knowing)
    return Deadline(
        action=action,
        id=point.id,
        kind=point.kind,
        at=point.at,
        day_only=bool(moment and moment.at == point.at and moment.day_only),
        before=before,
        after=after,
        text=None,
        source=point.cause.source,
        decided_by=_deciders(bearing),
        lines=tuple(line for line in point.changes if line != WHOLE),
        partial=_partial(point, strips, before.phase),
        ends=ends,
        conditions=tuple(condition.id for condition in bearing),
        evidence=point.cause.evidence,
        loc=point.cause.loc,
    )


def _stated(action: Action, deadline: StatedDeadline, knowing: datetime) -> Deadline:
    first = first_of(action, deadline)
    moves = moves_of(action, deadline, public_deadlines(action, knowing))
    bearing = _bearing(action, {move.id for move in moves}, knowing)
    return Deadline(
        action=action,
        id=first.id,
        kind=deadline.kind,
        at=deadline.at.at,
        day_only=deadline.at.day_only,
        before=None,
        after=None,
        text=deadline.text or deadline.note,
        source=deadline.source,
        decided_by=_deciders(bearing),
        rule=deadline.rule,
        conditions=tuple(condition.id for condition in bearing),
        estimate=deadline.estimate,
        evidence=deadline.evidence,
        loc=deadline.loc,
    )


def _standing(action: Action, events: Mapping[str, Event], knowing: datetime) -> list[StatedDeadline]:
    """The stated deadlines that were public, neither moved nor settled."""
    public = public_deadlines(action, knowing)
    moved = {deadline.replaces for deadline in public}
    return [d for d in public if d.id not in moved and d.settled_by not in events]


def _partial(point: TurningPoint, strips: Mapping[str, Strip], phase: Phase | None) -> bool:
    """Whether a line that does not change stands in the phase from which the others turn."""
    return any(
        line not in point.changes and at(strip, point.at).phase is phase for line, strip in strips.items()
    )


def _bearing(action: Action, ids: Collection[str], knowing: datetime) -> list[Condition]:
    """The public conditions that bear on one of these events or deadlines, the law's own first."""
    bearing = [
        condition
        for condition in action.conditions
        if condition.bears_on in ids and known_at(action, condition) <= knowing
    ]
    return sorted(bearing, key=lambda condition: condition.basis)


def _deciders(bearing: Iterable[Condition]) -> str | None:
    """Who decides these conditions."""
    return "; ".join(dict.fromkeys(c.decided_by for c in bearing if c.decided_by)) or None


def _action_strip(strips: Sequence[Strip]) -> Strip:
    """The strip of the action as a whole: at each instant the first phase that any line has."""
    if len(strips) == 1:
        pieces = list(strips[0])
    else:
        edges = sorted({stretch.start for strip in strips for stretch in strip} | {END})
        pieces = []
        upon = zip(*(_upon(strip, edges[:-1]) for strip in strips), strict=True)
        for (start, end), here in zip(pairwise(edges), upon, strict=True):
            first = min(here, key=lambda s: s.phase.rank if s.phase else len(Phase))
            pieces.append(Stretch(start, end, first.phase, None, first.cause))
    joined: list[Stretch] = []
    for piece in pieces:
        if joined and joined[-1].phase is piece.phase:
            last = joined.pop()
            piece = Stretch(last.start, piece.end, last.phase, None, last.cause)
        joined.append(piece)
    return tuple(joined)


def _upon(strip: Strip, starts: Iterable[datetime]) -> Iterator[Stretch]:
    """The stretch of a strip at each of these instants, in order; its own starts are among them."""
    stretches = iter(strip)
    here = next(stretches)
    for start in starts:
        if start >= here.end:
            here = next(stretches)
        yield here


def _bounds(strip: Strip, instant: datetime) -> tuple[datetime, datetime]:
    """Where the phase, and in force the rate, of an instant begins and ends."""
    here = at(strip, instant)

    def alike(other: Stretch) -> bool:
        return other.phase is here.phase and (here.phase is not Phase.IN_FORCE or other.rate == here.rate)

    place = strip.index(here)
    first = last = place
    while first > 0 and alike(strip[first - 1]):
        first -= 1
    while last + 1 < len(strip) and alike(strip[last + 1]):
        last += 1
    return strip[first].start, strip[last].end
