"""The law of the ledger: one function per check, each ``(ledger) -> problems``.

Form (syntax, keys, types, vocabulary) is checked while reading; these checks look at what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from tariffwatch.errors import Problem
from tariffwatch.ledger import law
from tariffwatch.ledger.kinds import hint
from tariffwatch.ledger.load import Ledger, rule_date
from tariffwatch.model import (
    Action,
    Event,
    EventKind,
    Evidence,
    Fact,
    Instrument,
    Line,
    Loc,
    Moment,
    citations,
    record_word,
)
from tariffwatch.timeline import root

Check = Callable[[Ledger], Iterable[Problem]]

# "19 U.S.C. 1862(b)(3)(A)", "19 CFR 351.210", "90 FR 9113", "607 U.S. 229", "Regulation (EU) 2020/1"
_CITATION = re.compile(
    r"\d+ (U\.S\.C?\.?|CFR|FR|Stat\.|F\.[234]d|S\. ?Ct\.) ?[\w(].*|Regulation \(E[UC]+\) .+"
)

NEEDS: dict[EventKind, tuple[str, ...]] = {
    EventKind.ORDERED: ("effective",),
    EventKind.EXTENDED: ("extends",),
    EventKind.POSTPONED: ("postpones", "effective"),
    EventKind.ASSESSED: ("condition", "finding"),
}
"""The keys that a kind of event cannot be without."""
_FOR_ONE_KIND = {
    "extends": EventKind.EXTENDED,
    "postpones": EventKind.POSTPONED,
    "condition": EventKind.ASSESSED,
    "finding": EventKind.ASSESSED,
    "by": EventKind.SUPERSEDED,
}
_UNNAMED = 'add it to [[instruments]], which record --source-title does, or cite a law as "19 U.S.C. 2411"'
_FOREVER = frozenset(
    {
        EventKind.THREATENED,
        EventKind.TERMINATED,
        EventKind.INVALIDATED,
        EventKind.SUPERSEDED,
        EventKind.WITHDRAWN,
        EventKind.CLOSED,
    }
)

_RATELESS = _FOREVER - {EventKind.THREATENED} | {EventKind.SUSPENDED, EventKind.OPENED}


def check(ledger: Ledger, as_of: datetime) -> list[Problem]:
    """Every problem of the ledger: of reading it, of these checks, and of the law as of a day."""
    found = chain(
        ledger.problems,
        *(rule(ledger) for rule in CHECKS),
        *(rule(ledger, as_of) for rule in law.CHECKS),
    )
    return sorted(found, key=lambda problem: problem.order)


def unique_ids(ledger: Ledger) -> Iterator[Problem]:
    """Events and deadlines share one namespace (``bears_on`` names either); the rest have their own."""
    for action in ledger.actions.values():
        groups: tuple[Sequence[Fact | Line | Instrument], ...] = (
            (*action.events, *action.deadlines),
            action.lines,
            action.conditions,
            action.instruments,
        )
        for records in groups:
            seen: dict[str, Loc] = {}
            for record in records:
                if first := seen.get(record.id):
                    where = f"on line {first.line}" if first.file == record.loc.file else f"in {first}"
                    message = f'the id "{record.id}" stands already {where}'
                    yield Problem(record.loc, "TW106", message, "give each its own id")
                seen.setdefault(record.id, record.loc)


def dates_in_order(ledger: Ledger) -> Iterator[Problem]:
    """A stretch ends after it starts; a fact is not known before it can be, nor recorded before."""
    for action, event in _events(ledger):
        start, end = event.effective, event.until
        if start and end and end.at <= start.at:
            yield _problem(
                event, "TW203", f"ends (until = {_day(action, end)}) before it starts (effective = "
                f"{_day(action, start)})", f"correct one of the two{_see(event)}",
            )  # fmt: skip
        if event.recorded and event.recorded < event.known.at.astimezone(action.zone).date():
            yield _problem(
                event, "TW204", f"was recorded ({event.recorded}) before it was known ("
                f"{_day(action, event.known)})", "correct one of the two",
            )  # fmt: skip
        clause = event.transit
        if clause and clause.entered_before and clause.entered_before.at <= clause.loaded_before.at:
            message = "has a transit clause whose entry date is not after its loading date"
            yield _problem(event, "TW205", message, f"correct one of the two{_see(event)}")


def kinds_complete(ledger: Ledger) -> Iterator[Problem]:
    """Each kind of event has the keys that it needs, and none that mean nothing on it."""
    for _, event in _events(ledger):
        for key in NEEDS.get(event.kind, ()):
            if getattr(event, key) is None:
                yield _problem(event, "TW107", f'is "{event.kind}" and lacks "{key}"', f"add {key} = ...")
        if event.kind is EventKind.MODIFIED and not (event.rates or event.rate):
            fix = 'give rates = { ... }, or make it a "milestone" if no rate changed'
            yield _problem(event, "TW107", 'is "modified" and changes no rate', fix)
        for key, kind in _FOR_ONE_KIND.items():
            if getattr(event, key) is not None and event.kind is not kind:
                message = f'is "{event.kind}", and "{key}" means something only on "{kind}"'
                yield _problem(event, "TW108", message, f'remove {key}, or make the event "{kind}"')
        if event.kind in _RATELESS and (event.rate or event.rates):
            message = f'is "{event.kind}", which sets no rate, and gives one'
            yield _problem(event, "TW108", message, "remove the rate; name lines with lines = [...]")
        if event.kind in _FOREVER and event.until:
            message = f'is "{event.kind}", which has no end, and has an "until"'
            yield _problem(event, "TW108", message, "remove until; what follows is an event of its own")


def names_known(ledger: Ledger) -> Iterator[Problem]:
    """Every name of a line, an event, a condition or another action is there."""
    for action in ledger.actions.values():
        lines = action.line_ids
        events = [event.id for event in action.events]
        conditions = [condition.id for condition in action.conditions]
        deadlines = [deadline.id for deadline in action.deadlines]
        for event in action.events:
            for name in dict.fromkeys((*event.lines, *event.rates)):
                yield from _named(event, "TW302", "a line", name, lines)
            if event.rate and not lines:
                fix = "add [[lines]]; tariffwatch record ID line does"
                yield _problem(event, "TW302", "gives a rate, and the action has no lines", fix)
            yield from _named(event, "TW303", "an event", event.extends or event.postpones, events)
            yield from _named(event, "TW304", "a condition", event.condition, conditions)
            yield from _named(event, "TW305", "an action", event.by, list(ledger.actions))
        for condition in action.conditions:
            yield from _named(
                condition, "TW306", "an event or deadline", condition.bears_on, events + deadlines
            )
        for deadline in action.deadlines:
            yield from _named(deadline, "TW307", "a deadline", deadline.replaces, deadlines)
            yield from _named(deadline, "TW303", "an event", deadline.settled_by, events)


def extensions_fit(ledger: Ledger) -> Iterator[Problem]:
    """An extension prolongs a stretch that has an end, and to a later one; no chain is a circle."""
    for action in ledger.actions.values():
        by_id = {event.id: event for event in action.events}
        ends = {event.id: event.until for event in action.events}
        for event in sorted(action.events, key=lambda e: e.known.at):
            target = root(event, by_id)
            if (target.extends or target.postpones) in by_id:
                fix = "name the event that was extended or postponed first"
                yield _problem(event, "TW308", "is part of a circle of extensions", fix)
            elif event.kind is EventKind.EXTENDED and event.extends in by_id:
                end = ends[target.id]
                if end is None:
                    message = f'extends "{target.id}", which has no end'
                    yield _problem(event, "TW309", message, f"give {target.id} its until")
                elif event.until and event.until.at <= end.at:
                    message = f'extends "{target.id}" to no later than its end, {_day(action, end)}'
                    yield _problem(event, "TW309", message, f"correct until{_see(event)}")
                ends[target.id] = event.until


def sources_given(ledger: Ledger) -> Iterator[Problem]:
    """Every fact names an instrument that is there, or cites the law; and says what it rests on."""
    for action in ledger.actions.values():
        names = [i.id for i in (*action.instruments, *ledger.instruments.values())]
        for fact in _facts(action):
            if not fact.source:
                fix = 'add source = "INSTRUMENT sec. N"; a fact without one stays out'
                yield _problem(fact, "TW401", "has no source", fix)
                continue
            for name, section in citations(fact.source):
                if name not in names and not _CITATION.fullmatch(f"{name} {section}"):
                    message = f'cites "{name}", and no instrument has that id'
                    yield _problem(fact, "TW402", message, hint(name, names, _UNNAMED))
            if not fact.evidence:
                yield _problem(
                    fact, "TW403", "does not say what it rests on",
                    'add evidence = "text", "corroborated" or "single"', warning=True,
                )  # fmt: skip


def instruments_reach(ledger: Ledger) -> Iterator[Problem]:
    """Each action that an instrument affects has an event that cites it, so that none is left behind."""
    for instrument in ledger.instruments.values():
        for slug in instrument.affects:
            action = ledger.actions.get(slug)
            if action is None:
                fix = hint(slug, list(ledger.actions), "add the action, or take it out of affects")
                message = f'"{instrument.id}" affects "{slug}", and no action has that id'
                yield Problem(instrument.loc, "TW305", message, fix)
            elif not any(
                name == instrument.id
                for event in action.events
                if event.source
                for name, _ in citations(event.source)
            ):
                message = f'"{instrument.id}" ({instrument.loc}) affects this action, and no event cites it'
                fix = "add the event, or take the action out of affects"
                yield Problem(action.loc, "TW404", message, fix)


def rules_agree(ledger: Ledger) -> Iterator[Problem]:
    """A date stated beside its rule is the date that the rule gives, to the minute."""
    for action in ledger.actions.values():
        for deadline in action.deadlines:
            if deadline.rule is None:
                continue
            ruled = rule_date(action, deadline.rule, ledger)
            if ruled != deadline.at:
                message = f"states {_day(action, deadline.at)}, and its rule gives {_day(action, ruled)}"
                fix = "correct the date or the rule's start; if the instrument differs, drop the rule"
                yield _problem(deadline, "TW311", message, fix)


def recorded_given(ledger: Ledger) -> Iterator[Problem]:
    """Every event says on which day it entered the ledger."""
    for _, event in _events(ledger):
        if event.recorded is None:
            fix = "add recorded = the day of writing"
            yield _problem(event, "TW206", 'has no "recorded"', fix, warning=True)


def resting_on_one(ledger: Ledger) -> list[tuple[Action, Fact]]:
    """The facts that a single account supports."""
    return [
        (action, fact)
        for action in ledger.actions.values()
        for fact in _facts(action)
        if fact.evidence is Evidence.SINGLE
    ]


CHECKS: tuple[Check, ...] = (
    unique_ids,
    dates_in_order,
    kinds_complete,
    names_known,
    extensions_fit,
    sources_given,
    instruments_reach,
    recorded_given,
    rules_agree,
)
"""Every check, in the order of its codes' families."""


def _events(ledger: Ledger) -> Iterator[tuple[Action, Event]]:
    return ((action, event) for action in ledger.actions.values() for event in action.events)


def _facts(action: Action) -> Iterator[Fact]:
    return chain(action.events, action.conditions, action.deadlines)


def _named(record: Fact, code: str, what: str, name: str | None, names: Sequence[str]) -> Iterator[Problem]:
    if name is not None and name not in names:
        fix = hint(name, names, f"there is: {', '.join(names) or 'none'}")
        yield _problem(record, code, f'names "{name}" as {what}, and there is none', fix)


def _problem(record: Fact | Line, code: str, message: str, fix: str, *, warning: bool = False) -> Problem:
    return Problem(record.loc, code, f'{record_word(record)} "{record.id}" {message}', fix, warning)


def _see(event: Event) -> str:
    return f"; {event.source} is its source" if event.source else ""


def _day(action: Action, moment: Moment) -> str:
    local = moment.at.astimezone(action.zone)
    return f"{local:%Y-%m-%d}" if moment.day_only else f"{local:%Y-%m-%dT%H:%M:%S}"
