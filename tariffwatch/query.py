"""Questions asked of a ledger: status, deadlines, conditions, filters. Pure functions.

``as_of`` is the instant asked about, ``knowing`` the instant up to which facts count; both are aware
and always given. Results are what the views show; nothing in them is worked out again there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby, pairwise

from tariffwatch.model import (
    BEGINNING,
    END,
    ENDED,
    Action,
    Condition,
    DeadlineKind,
    Event,
    EventKind,
    Fact,
    Finding,
    Instrument,
    Moment,
    Phase,
    StatedDeadline,
    citations,
)
from tariffwatch.results import (
    Citation,
    ConditionOutlook,
    ConditionStatus,
    Deadline,
    Decision,
    Filters,
    Ground,
    LineStatus,
    PastDeadline,
    Prospect,
    Stage,
    State,
    Status,
    close_of_day,
)
from tariffwatch.timeline import (
    WHOLE,
    Stretch,
    Strip,
    TurningPoint,
    at,
    lapsed_pause,
    paint,
    root,
    turning_points,
)

NO_FILTERS = Filters()


def statuses(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Status]:
    """How each action stands, leaving out what was not yet public; live ones first."""
    return standing(prospects(actions, as_of, knowing, filters), filters)


def prospects(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Prospect]:
    """How each action asked for stands, and what comes: painted once for both."""
    return [prospect(action, as_of, knowing) for action in actions if filters.takes(action)]


def standing(found: Iterable[Prospect], filters: Filters = NO_FILTERS) -> list[Status]:
    """Of prospects, the statuses asked for, leaving out what was not yet public; live ones first."""
    statuses = (prospect.status for prospect in found)
    return sorted((s for s in statuses if s.phase is not None and matches(s, filters)), key=by_phase)


def ahead(found: Iterable[Prospect], filters: Filters = NO_FILTERS) -> list[Deadline]:
    """Of prospects, the coming deadlines asked for, soonest first."""
    taken = (one for one in found if not filters.phases or one.status.phase in filters.phases)
    return _countdown((deadline for one in taken for deadline in one.coming), filters)


def matches(of: Status, filters: Filters) -> bool:
    """Whether a status is of a phase, and with a next date, that is asked for."""
    return (not filters.phases or of.phase in filters.phases) and (
        not (filters.kinds or filters.by_then) or any(map(filters.takes_deadline, of.next))
    )


def watched(
    found: Iterable[Status], coming: Iterable[Deadline], watches: Sequence[Filters]
) -> tuple[list[Status], list[Deadline]]:
    """What of an answer is on any of several watches."""
    kept = [s for s in found if any(w.takes(s.action) and matches(s, w) for w in watches)]
    ids = {status.action.id for status in kept}
    dates = [d for d in coming if d.action.id in ids and any(_watches(w, d) for w in watches)]
    return kept, dates


def _watches(watch: Filters, deadline: Deadline) -> bool:
    return watch.takes(deadline.action) and watch.takes_deadline(deadline)


def by_phase(of: Status) -> tuple[int, str]:
    """The order in which actions are shown: live ones first."""
    return of.phase.rank if of.phase else len(Phase), of.action.id


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
    )
    return Prospect(standing, tuple(coming))


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


def countdown(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Deadline]:
    """The coming deadlines of all actions asked for, soonest first."""
    coming = (
        deadline
        for action in asked(actions, as_of, knowing, filters)
        for deadline in deadlines(action, as_of, knowing)
    )
    return _countdown(coming, filters)


def _countdown(coming: Iterable[Deadline], filters: Filters) -> list[Deadline]:
    taken = filter(filters.takes_deadline, coming)
    return sorted(taken, key=lambda d: (d.at, d.after is None, d.action.id))


def asked(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters
) -> Iterator[Action]:
    """The actions asked for, also by their phase."""
    for action in actions:
        if filters.takes(action) and (
            not filters.phases or status(action, as_of, knowing).phase in filters.phases
        ):
            yield action


def conditions(action: Action, knowing: datetime) -> tuple[ConditionStatus, ...]:
    """The conditions that were public at an instant, each with its latest finding then."""
    findings: dict[str, Event] = {}
    for event in history(action, knowing):
        if event.kind is EventKind.ASSESSED and event.condition:
            findings[event.condition] = event
    return tuple(
        ConditionStatus(
            condition,
            (found.finding if (found := findings.get(condition.id)) else None) or Finding.UNKNOWN,
            findings.get(condition.id),
        )
        for condition in action.conditions
        if _condition_known(action, condition) <= knowing
    )


FINAL = frozenset({Finding.MET, Finding.UNMET, Finding.BREACHED, Finding.WAIVED})
"""Findings after which a condition is no longer open."""


def outlook(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[ConditionOutlook]:
    """The conditions of all actions asked for: open ones first, by the date on which they are decided.

    Findings are those known at ``as_of``. A kind of deadline, or a time within which, asks for
    conditions that are decided by such a deadline.
    """
    found = [
        condition
        for action in actions
        if filters.takes(action)
        for condition in _outlook(action, as_of, knowing, filters.phases)
        if not (filters.kinds or filters.by_then)
        or ((ahead := condition.decision.deadline) and filters.takes_deadline(ahead))
    ]
    return sorted(found, key=_by_decision)


def _outlook(
    action: Action, as_of: datetime, knowing: datetime, phases: Collection[Phase]
) -> list[ConditionOutlook]:
    public = conditions(action, min(as_of, knowing))
    if not public:
        return []
    standing = status(action, as_of, knowing)
    if phases and standing.phase not in phases:
        return []
    coming = deadlines(action, as_of, knowing)
    outlooks = []
    for one in public:
        decided = decision(action, one.condition, coming, as_of, knowing)
        outlooks.append(ConditionOutlook(standing, one, decided, _stage(one, decided, standing.phase)))
    return outlooks


def _stage(of: ConditionStatus, decided: Decision, phase: Phase | None) -> Stage:
    """How far a condition of an action in a phase has come; what has a date ahead is not ended."""
    if phase in ENDED and decided.deadline is None:
        return Stage.ENDED
    if of.finding in FINAL:
        return Stage.FOUND
    return Stage.PASSED if decided.passed else Stage.OPEN


def _by_decision(of: ConditionOutlook) -> tuple[int, int, float, str, str]:
    """Within a stage: dates ahead, soonest first; no date; dates gone by, latest first.

    Where the action has ended, those without a date stand last.
    """
    at, passed = of.decision.at, of.decision.passed
    seconds = at.at.timestamp() if at else 0
    place = 1 if at is None else 2 if passed and of.stage is not Stage.ENDED else 0
    return of.stage.rank, place, -seconds if passed else seconds, of.status.condition.basis, of.action.id


def decision(
    action: Action, condition: Condition, coming: Iterable[Deadline], as_of: datetime, knowing: datetime
) -> Decision:
    """When it is decided whether a condition is met: the date of what it bears on.

    ``coming`` are the action's deadlines after ``as_of``. The first of them on which the condition bears
    counts: a deadline with its moves, or a turning point of an event with its extensions and
    postponements. Without one, the date has passed, or none is set: a condition on a duty without an
    end can be decided on any day.

    * A deadline that was settled is over when that became known.
    * An event with an ``until`` is over then; if the pause was lifted before, no date is left of it.
    * Of a threat, the announced day counts, though nothing starts by itself on it.
    """
    if ahead := next((d for d in coming if condition.id in d.conditions), None):
        return Decision(Moment(ahead.at, ahead.day_only), ahead)
    events = {event.id: event for event in history(action, knowing)}
    if gone := _gone(action, condition.bears_on, events, knowing):
        return Decision(gone, passed=True)
    if condition.bears_on not in events:
        return Decision()
    origin = root(events[condition.bears_on], events)
    chain = _chain(origin, events)
    if origin.kind is EventKind.THREATENED:
        announced = next((e.effective for e in reversed(chain) if e.effective), None)
        return Decision(announced, passed=announced is not None and announced.at <= as_of)
    until = next((e for e in reversed(chain) if e.kind is not EventKind.POSTPONED), origin).until
    if until is None:
        return Decision()
    return Decision(until if until.at <= as_of else None, passed=True)


def _gone(action: Action, id: str | None, events: Mapping[str, Event], knowing: datetime) -> Moment | None:
    """When a deadline that no longer comes was over: its date, or the day on which it was settled."""
    public = public_deadlines(action, knowing)
    named = next((d for d in public if d.id == id), None)
    if named is None:
        return None
    moves = _moves(action, named, public)
    last = next((d for d in moves if d.id not in {move.replaces for move in moves}), named)
    settled = events.get(last.settled_by or "")
    return settled.known if settled else last.at


def history(action: Action, knowing: datetime) -> list[Event]:
    """The events that were known, in the order in which they became so."""
    return sorted((e for e in action.events if e.known.at <= knowing), key=lambda e: e.known.at)


def learned(action: Action, knowing: datetime) -> list[tuple[datetime, tuple[Fact, ...]]]:
    """The instants up to ``knowing`` at which something of an action became known, and what; oldest first."""
    facts: tuple[Fact, ...] = (*action.events, *action.deadlines, *action.conditions)
    known = [(_fact_known(action, fact), fact) for fact in facts]
    ordered = sorted((fact for fact in known if fact[0] <= knowing), key=lambda fact: fact[0])
    return [
        (at, tuple(fact for _, fact in facts)) for at, facts in groupby(ordered, key=lambda fact: fact[0])
    ]


def cited(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Instrument]:
    """The instruments that the known facts of an action name, in the order of naming."""
    return [of.instrument for of in _named(action, shared, knowing) if of.instrument]


def citations_of(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Citation]:
    """What the known facts of an action rest on, in the order of dates.

    The date of an instrument is that of its signing, else of its printing, else that on which the first
    fact that names it became known. Laws that are cited by themselves come last.
    """
    return sorted(
        _named(action, shared, knowing), key=lambda of: (of.instrument is None, _citation_day(of, action))
    )


def _citation_day(of: Citation, action: Action) -> date:
    if of.instrument and (day := of.instrument.signed or of.instrument.published):
        return day
    return min(_fact_known(action, ground.fact) for ground in of.grounds).astimezone(action.zone).date()


def _named(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Citation]:
    """The sources of the known facts, in the order of naming."""
    facts: tuple[Fact, ...] = (
        *history(action, knowing),
        *(status.condition for status in conditions(action, knowing)),
        *public_deadlines(action, knowing),
    )
    by_id = {**shared, **{instrument.id: instrument for instrument in action.instruments}}
    grounds: dict[str, list[Ground]] = {}
    for fact in facts:
        for name, section in citations(fact.source or ""):
            source, part = (name, section) if name in by_id else (f"{name} {section}".rstrip(), "")
            grounds.setdefault(source, []).append(Ground(fact, part))
    return [Citation(name, by_id.get(name), tuple(found)) for name, found in grounds.items()]


def named(
    action: Action, shared: Mapping[str, Instrument], sources: Iterable[str | None]
) -> list[Instrument]:
    """The instruments that sources of an action name, in the order of naming."""
    by_id = {**shared, **{instrument.id: instrument for instrument in action.instruments}}
    names = dict.fromkeys(name for source in sources if source for name, _ in citations(source))
    return [by_id[name] for name in names if name in by_id]


def strips(action: Action, knowing: datetime) -> dict[str, Strip]:
    """The strip of each line, as known; an action without lines has one, by the name :data:`WHOLE`."""
    return paint(action.events, action.line_ids, knowing)


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
    bearing = _bearing(action, {event.id for event in _chain(origin, events)}, knowing)
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
        loc=point.cause.loc,
    )


def _stated(action: Action, deadline: StatedDeadline, knowing: datetime) -> Deadline:
    first = _first(action, deadline)
    moves = _moves(action, deadline, public_deadlines(action, knowing))
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
        loc=deadline.loc,
    )


def _partial(point: TurningPoint, strips: Mapping[str, Strip], phase: Phase | None) -> bool:
    """Whether a line that does not change stands in the phase from which the others turn."""
    return any(
        line not in point.changes and at(strip, point.at).phase is phase for line, strip in strips.items()
    )


def _chain(event: Event, events: Mapping[str, Event]) -> list[Event]:
    """The events of one lasting identity, of those given: the first, its extensions and postponements."""
    origin = root(event, events)
    return [e for e in events.values() if root(e, events).id == origin.id]


def _bearing(action: Action, ids: Collection[str], knowing: datetime) -> list[Condition]:
    """The public conditions that bear on one of these events or deadlines, the law's own first."""
    bearing = [
        condition
        for condition in action.conditions
        if condition.bears_on in ids and _condition_known(action, condition) <= knowing
    ]
    return sorted(bearing, key=lambda condition: condition.basis)


def _deciders(bearing: Iterable[Condition]) -> str | None:
    """Who decides these conditions."""
    return "; ".join(dict.fromkeys(c.decided_by for c in bearing if c.decided_by)) or None


def _condition_known(action: Action, condition: Condition) -> datetime:
    """When a condition became public: as its file says, or with the event or deadline it bears on."""
    if condition.known:
        return condition.known.at
    facts: tuple[Event | StatedDeadline, ...] = (*action.events, *action.deadlines)
    known = next((fact.known for fact in facts if fact.id == condition.bears_on), None)
    return known.at if known else _public(action)


def _fact_known(action: Action, fact: Fact) -> datetime:
    """When a fact became public."""
    if isinstance(fact, Event):
        return fact.known.at
    if isinstance(fact, StatedDeadline):
        return _deadline_known(action, fact)
    return _condition_known(action, fact)


def _public(action: Action) -> datetime:
    """When the action became public."""
    return min((event.known.at for event in action.events), default=BEGINNING)


def _standing(action: Action, events: Mapping[str, Event], knowing: datetime) -> list[StatedDeadline]:
    """The stated deadlines that were public, neither moved nor settled."""
    public = public_deadlines(action, knowing)
    moved = {deadline.replaces for deadline in public}
    return [d for d in public if d.id not in moved and d.settled_by not in events]


def public_deadlines(action: Action, knowing: datetime) -> list[StatedDeadline]:
    """The stated deadlines that were public, also those moved or settled since."""
    return [d for d in action.deadlines if _deadline_known(action, d) <= knowing]


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


def _deadline_known(action: Action, deadline: StatedDeadline) -> datetime:
    return deadline.known.at if deadline.known else _public(action)


def settled(action: Action, id: str, knowing: datetime) -> Event | None:
    """The event that met, cancelled or overtook a stated deadline, by the id that lasts through its moves.

    It is its last date that counts: an event may well settle the first one by setting another.
    """
    public = public_deadlines(action, knowing)
    moved = {deadline.replaces for deadline in public}
    chain = {d.settled_by for d in public if d.id not in moved and _first(action, d).id == id}
    return next((event for event in history(action, knowing) if event.id in chain), None)


def lasting_id(action: Action, fact: Event | StatedDeadline) -> str:
    """The id of the first of a chain of extensions and postponements, or of moves: that of its deadlines."""
    if isinstance(fact, StatedDeadline):
        return _first(action, fact).id
    return root(fact, {event.id: event for event in action.events}).id


def _moves(action: Action, deadline: StatedDeadline, among: Iterable[StatedDeadline]) -> list[StatedDeadline]:
    """Those of one lasting identity: a deadline with what moved it, or was moved by it."""
    first = _first(action, deadline)
    return [d for d in among if _first(action, d).id == first.id]


def _first(action: Action, deadline: StatedDeadline) -> StatedDeadline:
    """The deadline at the start of a chain of moves: its lasting identity."""
    by_id = {d.id: d for d in action.deadlines}
    seen = {deadline.id}
    while (before := by_id.get(deadline.replaces or "")) and before.id not in seen:
        seen.add(before.id)
        deadline = before
    return deadline
