"""Conditions: who must do what, when it is decided whether they did, how far it has come. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tariffwatch.facts import chain_of, conditions, history, moves_of, public_deadlines
from tariffwatch.model import ENDED, Action, Condition, Event, EventKind, Finding, Moment, Phase
from tariffwatch.prospect import deadlines, status
from tariffwatch.query import NO_FILTERS
from tariffwatch.results import ConditionOutlook, ConditionStatus, Deadline, Decision, Filters, Stage
from tariffwatch.timeline import root

FINAL = frozenset({Finding.MET, Finding.UNMET, Finding.BREACHED, Finding.WAIVED})
"""Findings after which a condition is no longer open."""


def outlooks(
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
    found = []
    for one in public:
        decided = decision(action, one.condition, coming, as_of, knowing)
        found.append(ConditionOutlook(standing, one, decided, _stage(one, decided, standing.phase)))
    return found


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

    * A deadline that was settled before its day is over when that became known.
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
    chain = chain_of(origin, events)
    if origin.kind is EventKind.THREATENED:
        announced = next((e.effective for e in reversed(chain) if e.effective), None)
        return Decision(announced, passed=announced is not None and announced.at <= as_of)
    until = next((e for e in reversed(chain) if e.kind is not EventKind.POSTPONED), origin).until
    if until is None:
        return Decision()
    return Decision(until if until.at <= as_of else None, passed=True)


def _gone(action: Action, id: str | None, events: Mapping[str, Event], knowing: datetime) -> Moment | None:
    """When a deadline that no longer comes was over: its date, or when it was settled before that."""
    public = public_deadlines(action, knowing)
    named = next((d for d in public if d.id == id), None)
    if named is None:
        return None
    moves = moves_of(action, named, public)
    last = next((d for d in moves if d.id not in {move.replaces for move in moves}), named)
    settled = events.get(last.settled_by or "")
    return min(settled.known, last.at, key=lambda moment: moment.at) if settled else last.at
