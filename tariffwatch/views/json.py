"""The JSON contract ``tariffwatch/1``: the same bytes for the same question.

Instants are ISO 8601 in the action's own zone; phases and kinds are hyphenated lower case; what has
no value is null. Keys may be added within version 1; none is removed or changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.citing import cited
from tariffwatch.clocks import Clock, Worked
from tariffwatch.facts import history
from tariffwatch.model import BEGINNING, END, Action, Event, Instrument, Rate, record_word
from tariffwatch.results import (
    Citation,
    ConditionOutlook,
    ConditionStatus,
    Course,
    Deadline,
    LineStatus,
    Span,
    State,
    Status,
)
from tariffwatch.timeline import Stretch
from tariffwatch.views.footnotes import footnote
from tariffwatch.views.report import When

if TYPE_CHECKING:  # a listing should not pay for what it does not answer
    from tariffwatch.drift import Drift, Move
    from tariffwatch.worlds import ActionChange, World

SCHEMA = "tariffwatch/1"


def dumps(value: Mapping[str, Any]) -> str:
    """JSON text, indented, ASCII only, with a line end."""
    return json.dumps(value, indent=2) + "\n"


def envelope(when: When, body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer: the schema and the question's dates, then the body."""
    head = {
        "schema": SCHEMA,
        "as_of": _instant(when.as_of, when.zone),
        "knowing": _instant(when.knowing, when.zone),
    }
    return head | dict(body)


def statuses(found: Iterable[Status], when: When) -> dict[str, Any]:
    """The answer of ``status``."""
    return envelope(when, {"actions": [status(s) for s in found]})


def countdown(coming: Iterable[Deadline], when: When) -> dict[str, Any]:
    """The answer of ``countdown``."""
    return envelope(when, {"deadlines": [deadline(d, when.as_of) for d in coming]})


def overview(found: Iterable[Status], coming: Iterable[Deadline], when: When) -> dict[str, Any]:
    """The answer of bare ``tariffwatch``: both of the above."""
    return statuses(found, when) | {"deadlines": [deadline(d, when.as_of) for d in coming]}


def status(of: Status) -> dict[str, Any]:
    """One action of ``status``."""
    action, zone = of.action, of.action.zone
    return {
        "id": action.id,
        "title": action.title,
        "imposed_by": action.imposed_by,
        "on": list(action.on),
        "authority": action.authority,
        "phase": of.phase.value if of.phase else None,
        "mixed": of.mixed,
        "since": _instant(of.since, zone),
        "until": _instant(of.until, zone),
        "lines": [_line(line, zone) for line in of.lines],
        "next": _next(of.next[0]) if of.next else None,
        "also": [_next(deadline) for deadline in of.next[1:]],
        "conditions": [_finding(condition, zone) for condition in of.conditions],
        "verified": action.verified.isoformat() if action.verified else None,
        "unchecked": of.unchecked,
        "single_source": of.single_source,
    }


def show(
    of: Status,
    coming: Sequence[Deadline],
    instruments: Mapping[str, Instrument],
    when: When,
    own: Collection[str] = (),
) -> dict[str, Any]:
    """The answer of ``show``: the object of ``status``, with everything else added.

    ``file`` says where the action or a fact stands, if that is one of the user's ``own`` files.
    """
    one = _whole(of, coming, instruments, when)
    locs = [event.loc for event in history(of.action, when.knowing)]
    locs += [c.condition.loc for c in of.conditions]
    rows = [one, *one["events"], *one["conditions"], *one["deadlines"]]
    for row, loc in zip(rows, [of.action.loc, *locs, *(d.loc for d in coming)], strict=True):
        if loc and loc.file in own:
            row["file"] = loc.file
    return envelope(when, {"actions": [one]})


def export(
    found: Iterable[tuple[Status, Iterable[Deadline]]],
    coming: Iterable[Deadline],
    instruments: Mapping[str, Instrument],
    when: When,
) -> dict[str, Any]:
    """The answer of ``export json``: the overview, with the whole of each action."""
    whole = [_whole(status, ahead, instruments, when) for status, ahead in found]
    return envelope(when, {"actions": whole, "deadlines": [deadline(d, when.as_of) for d in coming]})


def _whole(
    of: Status, coming: Iterable[Deadline], instruments: Mapping[str, Instrument], when: When
) -> dict[str, Any]:
    action, zone = of.action, of.action.zone
    events = history(action, when.knowing)
    labels = {line.id: line for line in action.lines}
    one = status(of)
    for line in one["lines"]:
        line |= {"headings": list(labels[line["id"]].headings), "note": labels[line["id"]].note}
    one["conditions"] = [_condition(condition, zone) for condition in of.conditions]
    one |= {
        "summary": action.summary,
        "disputed": action.disputed,
        "note": action.note,
        "deadlines": [deadline(d, when.as_of) for d in coming],
        "events": [_event(event, zone) for event in events],
        "sources": [_instrument(instrument) for instrument in cited(action, instruments, when.knowing)],
    }
    return one


def deadline(of: Deadline, as_of: datetime) -> dict[str, Any]:
    """One row of ``countdown``. ``seconds_left`` is elapsed time, exact across a clock change.

    Where ``day`` is true the source gives the day alone: ``at`` is its 00:00, and for a stated
    deadline the seconds run to its close.
    """
    return {
        "at": _instant(of.at, of.action.zone),
        "action": of.action.id,
        "id": of.id,
        "kind": of.kind.value,
        "from": _state(of.before),
        "to": _state(of.after),
        "day": of.day_only,
        "days_left": of.due.days_left(as_of),
        "business_days_left": of.due.business_days_left(as_of),
        "seconds_left": int((of.due.passes - as_of).total_seconds()),
        "text": of.text,
        "decided_by": of.decided_by,
        "source": of.source,
        "evidence": of.evidence,
        "rule": of.rule.clock if of.rule else None,
        **({"estimate": True} if of.estimate else {}),
    }


def conditions(found: Iterable[ConditionOutlook], when: When) -> dict[str, Any]:
    """The answer of ``conditions``."""
    return envelope(when, {"conditions": [_outlook(of, when.as_of) for of in found]})


def timeline(found: Iterable[Course], span: Span, when: When) -> dict[str, Any]:
    """The answer of ``timeline``: the strips of each action, with every stretch that touches the span."""
    body = {
        "from": _instant(span.start, when.zone),
        "to": _instant(span.end, when.zone),
        "actions": [_course(of) for of in found],
    }
    return envelope(when, body)


def changes(found: Iterable[ActionChange], before: World, when: When) -> dict[str, Any]:
    """The answer of ``changes``: what is not the same in the world of ``from`` and in the one asked about."""
    world = {
        "as_of": _instant(before.as_of, when.zone),
        "knowing": _instant(before.knowing, when.zone),
    }
    return envelope(when, {"from": world, "changes": [_change(of) for of in found]})


def drift(rows: Iterable[Drift], total: Drift, when: When) -> dict[str, Any]:
    """The answer of ``drift``: a row for each government and authority, and all of them together."""
    told = [_drift(row) | {"moves": [_move(move) for move in row.moves]} for row in rows]
    return envelope(when, {"drift": told, "total": _drift(total)})


def citations(found: Iterable[Citation], action: Action, when: When) -> dict[str, Any]:
    """The answer of ``cite``: each source of an action, and the facts that rest on it."""
    return envelope(when, {"action": action.id, "citations": [_citation(of, action) for of in found]})


def clock(of: Clock) -> dict[str, Any]:
    """A clock, as ``clock`` lists it."""
    keys = ("id", "title", "group", "trigger", "length", "count", "cite", "roll", "authority", "calendar")
    more = ("law_from", "law_until", "estimate", "reading", "evidence", "note")
    return _facts(of, keys) | {"zone": of.zone.key} | _facts(of, more)


def explained(told: dict[str, Any], working: Iterable[tuple[str, str, Worked]]) -> dict[str, Any]:
    """An answer that holds deadlines, each computed one with its steps."""
    steps = {(slug, id): list(worked.steps) for slug, id, worked in working}
    rows = [*told.get("deadlines", ()), *(row for one in told.get("actions", ()) for row in one["deadlines"])]
    for row in rows:
        if row["rule"] and (found := steps.get((row["action"], row["id"]))):
            row["steps"] = found
    return told


def worked(of: Worked) -> dict[str, Any]:
    """A clock worked out: ``at`` is what a countdown runs to; with ``day`` it is due through that day."""
    return {
        "clock": clock(of.clock),
        "at": _instant(of.at, of.clock.zone),
        "day": of.day_only,
        "last_day": of.last_day.isoformat(),
        "rolled_day": _plain(of.rolled),
        "safe_day": of.safe_day.isoformat(),
        "parts": {id: day.isoformat() for id, day in of.parts.items()},
        "steps": list(of.steps),
    }


def _next(of: Deadline) -> dict[str, Any]:
    return {
        "at": _instant(of.at, of.action.zone),
        "id": of.id,
        "kind": of.kind.value,
        "to": _state(of.after),
        "source": of.source,
    }


def _line(of: LineStatus, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": of.id,
        "label": of.label,
        "phase": of.phase.value,
        "rate": of.rate.text if of.rate else None,
        "since": _instant(of.since, zone),
        "until": _instant(of.until, zone),
    }


def _state(of: State | None) -> dict[str, Any] | None:
    if of is None:
        return None
    return {"phase": of.phase.value if of.phase else None, "rates": _rates(of.rates)}


def _rates(rates: Mapping[str, Rate]) -> dict[str, str]:
    return {line: rate.text for line, rate in rates.items()}


def _finding(of: ConditionStatus, zone: ZoneInfo) -> dict[str, Any]:
    found = of.assessed.known.at.astimezone(zone).date() if of.assessed else None
    return {"id": of.condition.id, "finding": of.finding.value, "as_found": _plain(found)}


def _condition(of: ConditionStatus, zone: ZoneInfo) -> dict[str, Any]:
    keys = ("party", "text", "basis", "decided_by", "if_met", "if_unmet", "bears_on")
    return _finding(of, zone) | _facts(of.condition, (*keys, "source", "evidence", "disputed", "note"))


def _outlook(of: ConditionOutlook, as_of: datetime) -> dict[str, Any]:
    """One row of ``conditions``: ``decision`` is null where no date is set.

    Its ``deadline`` is the row of ``countdown`` that comes then; null for a date gone by, and for the
    announced date of a threat.
    """
    zone, when, ahead = of.action.zone, of.decision.at, of.decision.deadline
    decided = when and {
        "at": _instant(when.at, zone),
        "day": when.day_only,
        "passed": of.decision.passed,
        "deadline": deadline(ahead, as_of) if ahead else None,
    }
    assessed = of.status.assessed
    return {
        "action": of.action.id,
        "stage": of.stage.value,
        **_condition(of.status, zone),
        "found_note": assessed and assessed.note,
        "found_source": assessed and assessed.source,
        "decision": decided,
        "verified": _plain(of.action.verified),
        "unchecked": of.standing.unchecked,
    }


def _course(of: Course) -> dict[str, Any]:
    """One action of ``timeline``; the one strip of an action without lines has no line."""
    action = of.status.action
    return {
        "id": action.id,
        "title": action.title,
        "phase": of.status.phase.value if of.status.phase else None,
        "strips": [
            {
                "line": line.id if line else None,
                "label": line.label if line else None,
                "stretches": [_stretch(stretch, action.zone) for stretch in track.stretches],
            }
            for track in of.tracks
            for line in track.lines or (None,)
        ],
        "verified": _plain(action.verified),
        "unchecked": of.status.unchecked,
    }


def _stretch(of: Stretch, zone: ZoneInfo) -> dict[str, Any]:
    """A whole stretch, ``[start, end)``; ``cause`` began it, and ``end`` is null where nothing ends it."""
    return {
        "phase": of.phase.value if of.phase else None,
        "rate": of.rate.text if of.rate else None,
        "start": _instant(of.start, zone),
        "end": _instant(of.end, zone),
        "cause": of.cause and of.cause.id,
        "source": of.cause and of.cause.source,
        "evidence": of.cause and of.cause.evidence,
    }


def _change(of: ActionChange) -> dict[str, Any]:
    """One action of ``changes``; ``behind`` are ids of its events, or of its stated deadlines."""
    zone = of.action.zone
    return {
        "action": of.action.id,
        "title": of.action.title,
        "from": _stands(of.before),
        "to": _stands(of.after),
        "deadlines": [
            {
                "what": change.fate.value,
                "from": change.before and _date(change.before),
                "to": change.after and _date(change.after),
                "behind": [fact.id for fact in change.behind],
            }
            for change in of.dates
        ],
        "came": [_date(deadline) for deadline in of.came],
        "events": [_event(event, zone) for event in of.events],
        "entered": [
            {
                "record": record_word(fact),
                "id": fact.id,
                "known": fact.known and _instant(fact.known.at, zone),
                "recorded": _plain(fact.recorded),
            }
            for fact in of.entered
        ],
        "verified": _plain(of.action.verified),
        "unchecked": of.after.unchecked,
    }


def _stands(of: Status) -> dict[str, Any]:
    """How an action and its lines stand, without dates."""
    lines = [
        {"id": line.id, "phase": line.phase.value, "rate": line.rate and line.rate.text} for line in of.lines
    ]
    return {"phase": of.phase and of.phase.value, "lines": lines}


def _date(of: Deadline) -> dict[str, Any]:
    """A deadline without the time left to it."""
    return {
        "at": _instant(of.at, of.action.zone),
        "day": of.day_only,
        "id": of.id,
        "kind": of.kind.value,
        "from": _state(of.before),
        "to": _state(of.after),
        "text": of.text,
        "source": of.source,
    }


def _drift(of: Drift) -> dict[str, Any]:
    return {
        "imposed_by": of.government,
        "authority": of.authority,
        "deadlines": len(of.paths),
        "moved": of.moved,
        "times": len(of.moves),
        "dropped": of.dropped,
        "median_days": of.median,
        "longest": of.longest and _move(of.longest),
    }


def _move(of: Move) -> dict[str, Any]:
    """A date that was put on another day: ``days`` later, or earlier if less than 0."""
    zone = of.after.action.zone
    return {
        "action": of.after.action.id,
        "id": of.after.id,
        "kind": of.after.kind.value,
        "from": _instant(of.before.at, zone),
        "to": _instant(of.after.at, zone),
        "days": of.days,
        "known": _instant(of.known, zone),
        "source": of.after.source,
    }


def _citation(of: Citation, action: Action) -> dict[str, Any]:
    """One row of ``cite``; ``instrument`` is null for a law that is cited by itself."""
    grounds = [
        {
            "record": record_word(ground.fact),
            "id": ground.fact.id,
            "section": ground.section or None,
            "told": words.told(ground.fact, action),
            "evidence": ground.fact.evidence,
        }
        for ground in of.grounds
    ]
    return {
        "name": of.name,
        "instrument": of.instrument and _instrument(of.instrument),
        "footnote": footnote(of, action),
        "grounds": grounds,
    }


def _event(of: Event, zone: ZoneInfo) -> dict[str, Any]:
    told: dict[str, Any] = {"id": of.id, "kind": of.kind.value}
    for key in ("known", "effective", "until"):
        moment = getattr(of, key)
        told[key] = moment and _instant(moment.at, zone)
    rates = _rates(of.rates) or ({"*": of.rate.text} if of.rate else {})
    told |= {"recorded": _plain(of.recorded), "lines": list(of.lines), "rates": rates}
    if of.transit:
        entered = of.transit.entered_before
        told["transit"] = {
            "loaded_before": _instant(of.transit.loaded_before.at, zone),
            "entered_before": entered and _instant(entered.at, zone),
            "note": of.transit.note,
        }
    chains = ("extends", "postpones", "condition", "finding", "by")
    return told | _facts(of, (*chains, "source", "evidence", "disputed", "note"))


def _instrument(of: Instrument) -> dict[str, Any]:
    keys = (
        "id",
        "title",
        "kind",
        "signed",
        "published",
        "cite",
        "doc",
        "url",
        "archive",
        "note",
    )
    return _facts(of, keys)


def _facts(record: object, keys: Iterable[str]) -> dict[str, Any]:
    return {key: _plain(getattr(record, key)) for key in keys}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    """An instant in a zone; the ends of time are null."""
    if at is None or at in (BEGINNING, END):
        return None
    return at.astimezone(zone).isoformat()
