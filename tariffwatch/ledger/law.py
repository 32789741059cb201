"""What painting would hide: checks that look at the strips, and at the day on which one asks.

Form and references are checked in :mod:`tariffwatch.ledger.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tariffwatch.errors import Problem
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import (
    END,
    ENDED,
    LIVE,
    Action,
    Event,
    EventKind,
    Phase,
)
from tariffwatch.timeline import Strip, at, lapsed_pause, paint, root, touches

STALE = timedelta(days=60)
"""How long an action may go without a look at its sources."""

_TELLING = frozenset({EventKind.ASSESSED, EventKind.MILESTONE})


def every_stroke_shows(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """On the day it became known, each event that paints changed some strip.

    If it did not, it repeats what stood there, or was laid under something that hides it.
    """
    for action in ledger.actions.values():
        history = sorted(action.events, key=lambda event: event.known.at)
        for number, event in enumerate(history):
            if event.kind in _TELLING:
                continue
            before, after = (_strips(action, history[:count]) for count in (number, number + 1))
            if before == after:
                fix = "correct its dates or lines, or make it a milestone"
                yield _problem(event, "TW501", f'is "{event.kind}" and changes nothing on any line', fix)


def orders_are_new(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """A duty that is in force already is not ordered again: its rate is modified, or it is extended."""
    for action in ledger.actions.values():
        history = sorted(action.events, key=lambda event: event.known.at)
        for number, event in enumerate(history):
            if event.kind is not EventKind.ORDERED or event.effective is None:
                continue
            for line, strip in _strips(action, history[:number]).items():
                if touches(event, line) and at(strip, event.effective.at).phase is Phase.IN_FORCE:
                    what = f'orders line "{line}", which is' if line else "orders what is"
                    fix = 'make it "modified" (another rate), "extended" (a later end), or name other lines'
                    yield _problem(event, "TW503", f"{what} in force then already", fix)


def extensions_in_time(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """What is extended is not over yet when the extension becomes known, unless it says so.

    A law that reaches back gives the extension an ``effective``, at or before the old end.
    """
    for action in ledger.actions.values():
        by_id = {event.id: event for event in action.events}
        ends = {event.id: event.until for event in action.events}
        for event in sorted(action.events, key=lambda e: e.known.at):
            if event.kind is not EventKind.EXTENDED or event.extends not in by_id:
                continue
            target = root(event, by_id).id
            end = ends.get(target)
            reached_back = end and event.effective and event.effective.at <= end.at
            if end and end.at < event.known.at and not reached_back:
                message = f'extends "{target}", which was over already'
                fix = "order or suspend anew; or, if the law reached back, add effective = the old end"
                yield _problem(event, "TW504", message, fix)
            ends[target] = event.until


def postponements_leave_something(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """What is put off still starts before its end: else it never takes effect, and no view would say why."""
    for action in ledger.actions.values():
        by_id = {event.id: event for event in action.events}
        starts, ends = {}, {event.id: event.until for event in action.events}
        for event in sorted(action.events, key=lambda e: e.known.at):
            if event.kind is EventKind.POSTPONED:
                starts[root(event, by_id).id] = event
            elif event.kind is EventKind.EXTENDED:
                ends[root(event, by_id).id] = event.until
        for target, last in starts.items():
            end = ends[target]
            if end and last.effective and last.effective.at >= end.at:
                message = f'puts off the start of "{target}" to its end or beyond: it never takes effect'
                fix = "extend it to a later end, or record that it was withdrawn"
                yield _problem(last, "TW508", message, fix)


def no_gaps(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """A line does not lapse for less than a day between two live stretches."""
    for action in ledger.actions.values():
        for line, strip in _strips(action, action.events).items():
            for before, gap, after in zip(strip, strip[1:], strip[2:], strict=False):
                lapse = {before.phase, after.phase} <= LIVE and gap.phase not in LIVE
                if lapse and gap.end - gap.start < timedelta(days=1) and after.cause:
                    message = f'leaves line "{line}" out of force for {gap.end - gap.start} before it'
                    fix = "let the stretch before end where this one starts"
                    yield _problem(after.cause, "TW505", message, fix)


def nothing_stale(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """The sources of what is live or pending were looked at in the last 60 days."""
    for action in ledger.actions.values():
        phases = {at(strip, as_of).phase for strip in _strips(action, _known(action, as_of)).values()}
        if not phases - {None, *ENDED}:
            continue
        today = as_of.astimezone(action.zone).date()
        if action.verified is None or today - action.verified > STALE:
            since = f"was checked through {action.verified}" if action.verified else "was never checked"
            message = f"{since}, more than {STALE.days} days before {today}"
            fix = "read its sources, add what happened, and move verified"
            yield Problem(action.loc, "TW506", message, fix, warning=True)


def pauses_followed_up(ledger: Ledger, as_of: datetime) -> Iterator[Problem]:
    """After a pause or a temporary rate ran out, the ledger says what became of it."""
    for action in ledger.actions.values():
        strips = _strips(action, _known(action, as_of))
        if lapsed := lapsed_pause(action.events, strips.values(), as_of):
            message = "ran out, and nothing is recorded since: what holds is shown by its own terms"
            fix = "add what happened at its end, if only as a milestone"
            yield _problem(lapsed, "TW507", message, fix, warning=True)


CHECKS = (
    every_stroke_shows,
    orders_are_new,
    extensions_in_time,
    postponements_leave_something,
    no_gaps,
    nothing_stale,
    pauses_followed_up,
)
"""Each takes the ledger and the day on which one asks."""


def _strips(action: Action, events: Sequence[Event]) -> dict[str, Strip]:
    return paint(events, action.line_ids, END)


def _known(action: Action, knowing: datetime) -> list[Event]:
    return [event for event in action.events if event.known.at <= knowing]


def _problem(event: Event, code: str, message: str, fix: str, *, warning: bool = False) -> Problem:
    return Problem(event.loc, code, f'event "{event.id}" {message}', fix, warning)
