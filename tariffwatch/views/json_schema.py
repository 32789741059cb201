"""The JSON contract as a JSON Schema (draft 2020-12): what ``export json-schema`` prints.

It holds for every answer of ``--format json`` and for ``export json``. Keys may be added within version
1, so it forbids none that it does not name; the tests do, so that it names all there are. The words of
phases, kinds and findings come from the vocabulary of the ledger.
"""

from __future__ import annotations

from tariffwatch.clocks import Count, Group, Roll
from tariffwatch.model import RATE_PATTERN, Basis, EventKind, Finding, Phase
from tariffwatch.results import Fate
from tariffwatch.views import json_schema_own as own
from tariffwatch.views.json import SCHEMA
from tariffwatch.views.json_shapes import (
    CODE,
    COUNT,
    DAY,
    EVIDENCE,
    INSTANT,
    KIND,
    LINK,
    PHASE,
    RATE,
    STATE,
    TEXT,
    TRUTH,
    VERSION,
    Schema,
    list_of,
    object_of,
    one_of,
    or_null,
    to,
)


def schema() -> Schema:
    """The schema of every answer."""
    answers = {**_ANSWERS, **own.ANSWERS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "What tariffwatch answers in JSON. What has no value is null.",
        "anyOf": [to(name) for name in answers],
        "$defs": {**answers, **_PARTS, **own.PARTS},
    }


DAYS: Schema = {"type": "number", "description": "Calendar days later; earlier if less than 0."}
_DRIFT: dict[str, Schema] = {
    "imposed_by": or_null(CODE),
    "authority": or_null(TEXT),
    "deadlines": COUNT | {"description": "Told before their day came."},
    "moved": COUNT | {"description": "How many of them were put on another day, once or more."},
    "times": COUNT | {"description": "How many moves there were."},
    "dropped": COUNT,
    "median_days": or_null(DAYS),
    "longest": or_null(to("move")),
}

_ANSWERS: dict[str, Schema] = {
    "answer": object_of(
        {"schema": VERSION, "as_of": INSTANT, "knowing": INSTANT},
        {"actions": list_of(to("action")), "deadlines": list_of(to("deadline"))},
    )
    | {
        "description": "status and show: actions; countdown: deadlines; the overview and export json: both.",
        "anyOf": [{"required": ["actions"]}, {"required": ["deadlines"]}],
    },
    "changes": object_of(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "from": object_of({"as_of": INSTANT, "knowing": INSTANT}),
            "changes": list_of(to("change")),
        }
    )
    | {"description": "changes: what is not the same in the world of from and in the one asked about."},
    "drift": object_of(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "drift": list_of(object_of({**_DRIFT, "moves": list_of(to("move"))})),
            "total": object_of(_DRIFT),
        }
    )
    | {"description": "drift: a row for each government and authority, and all of them together."},
    "clocks": object_of({"schema": VERSION, "clocks": list_of(to("clock"))})
    | {"description": "clock: the list of legal clocks."},
    "worked": object_of(
        {
            "schema": VERSION,
            "clock": to("clock"),
            "at": INSTANT,
            "day": TRUTH | {"description": "Due through the close of the day of at."},
            "last_day": DAY,
            "rolled_day": or_null(DAY),
            "safe_day": DAY,
            "parts": {"type": "object", "additionalProperties": DAY},
            "steps": list_of(TEXT),
        }
    )
    | {"description": "clock NAME --from DATE: a legal clock worked out."},
    "citations": object_of(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "action": TEXT,
            "citations": list_of(to("citation")),
        }
    )
    | {"description": "cite: what an action rests on."},
}
"""The shapes of an answer. A command that answers in another shape adds it here."""

_STATUS: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "imposed_by": CODE,
    "on": list_of(CODE),
    "authority": TEXT,
    "phase": or_null(PHASE),
    "mixed": TRUTH | {"description": "Its lines are in different phases."},
    "since": or_null(INSTANT),
    "until": or_null(INSTANT),
    "lines": list_of(to("line")),
    "next": or_null(to("next")),
    "also": list_of(to("next")) | {"description": "What else happens at the instant of next."},
    "conditions": list_of(to("condition")),
    "verified": or_null(DAY),
    "unchecked": TRUTH | {"description": "By its own terms; its sources were not checked for this date."},
    "single_source": TRUTH | {"description": "A phase or rate rests on a single account."},
}
_SHOWN: dict[str, Schema] = {
    "summary": or_null(TEXT),
    "disputed": or_null(TEXT),
    "note": or_null(TEXT),
    "deadlines": list_of(to("deadline")),
    "events": list_of(to("event")),
    "sources": list_of(to("instrument")),
}
"""What ``show`` and ``export json`` add to an action: all of it or none."""

_FILE: dict[str, Schema] = {"file": TEXT | {"description": "show: the user's own file in which it stands."}}

_NEXT: dict[str, Schema] = {
    "at": INSTANT,
    "id": TEXT,
    "kind": KIND,
    "to": or_null(STATE),
    "source": or_null(TEXT),
}
_DEADLINE: dict[str, Schema] = {
    "at": INSTANT,
    "action": TEXT,
    "id": TEXT,
    "kind": KIND,
    "from": or_null(STATE),
    "to": or_null(STATE) | {"description": "If nobody acts; null where it changes no phase or rate."},
    "day": TRUTH | {"description": "The source gives the day alone; at is its 00:00."},
    "days_left": COUNT | {"description": "From the date of as_of to that of at, in the action's zone."},
    "business_days_left": COUNT,
    "seconds_left": COUNT | {"description": "Elapsed time, exact across a clock change."},
    "text": or_null(TEXT),
    "decided_by": or_null(TEXT),
    "source": or_null(TEXT),
    "evidence": or_null(EVIDENCE),
    "rule": or_null(TEXT) | {"description": "The legal clock that dates it."},
}
_ESTIMATE: dict[str, Schema] = {
    "estimate": {"const": True, "description": "Of one's own entry: it rests on a day not known yet."}
}
_DATE: dict[str, Schema] = {key: _DEADLINE[key] for key in ("at", "day", "id", "kind", "from", "to")} | {
    "text": or_null(TEXT),
    "source": or_null(TEXT),
}
_CHANGE: dict[str, Schema] = {
    "action": TEXT,
    "title": TEXT,
    "from": to("standing"),
    "to": to("standing"),
    "deadlines": list_of(
        object_of(
            {
                "what": one_of(Fate),
                "from": or_null(to("date")),
                "to": or_null(to("date")),
                "behind": list_of(TEXT) | {"description": "Ids of events, or of stated deadlines."},
            }
        )
    ),
    "came": list_of(to("date")) | {"description": "What came on the date that had been told."},
    "events": list_of(to("event")) | {"description": "What became known in between."},
    "entered": list_of(
        object_of(
            {
                "record": {"enum": ["event", "deadline"]},
                "id": TEXT,
                "known": or_null(INSTANT),
                "recorded": DAY,
            }
        )
    )
    | {"description": "What entered the ledger in between, though it was public before."},
    "verified": or_null(DAY),
    "unchecked": TRUTH,
}
_MOVE: dict[str, Schema] = {
    "action": TEXT,
    "id": TEXT,
    "kind": KIND,
    "from": INSTANT,
    "to": INSTANT,
    "days": DAYS | {"type": "integer"},
    "known": INSTANT,
    "source": or_null(TEXT),
}
_LINE: dict[str, Schema] = {
    "id": TEXT,
    "label": TEXT,
    "phase": PHASE,
    "rate": or_null(RATE),
    "since": or_null(INSTANT),
    "until": or_null(INSTANT),
}
_CONDITION: dict[str, Schema] = {
    "party": TEXT,
    "text": TEXT,
    "basis": one_of(Basis),
    "decided_by": or_null(TEXT),
    "if_met": or_null(TEXT),
    "if_unmet": or_null(TEXT),
    "bears_on": or_null(TEXT),
    "source": or_null(TEXT),
    "evidence": or_null(EVIDENCE),
    "disputed": or_null(TEXT),
    "note": or_null(TEXT),
}
_EVENT: dict[str, Schema] = {
    "id": TEXT,
    "kind": one_of(EventKind),
    "known": INSTANT,
    "effective": or_null(INSTANT),
    "until": or_null(INSTANT),
    "recorded": or_null(DAY),
    "lines": list_of(TEXT),
    "rates": to("rates"),
    "extends": or_null(TEXT),
    "postpones": or_null(TEXT),
    "condition": or_null(TEXT),
    "finding": or_null(one_of(Finding)),
    "by": or_null(TEXT),
    "source": or_null(TEXT),
    "evidence": or_null(EVIDENCE),
    "disputed": or_null(TEXT),
    "note": or_null(TEXT),
}
_TRANSIT: dict[str, Schema] = {
    "loaded_before": INSTANT,
    "entered_before": or_null(INSTANT),
    "note": or_null(TEXT),
}
_INSTRUMENT: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "kind": or_null(TEXT),
    "signed": or_null(DAY),
    "published": or_null(DAY),
    "cite": or_null(TEXT),
    "doc": or_null(TEXT),
    "url": or_null(LINK),
    "archive": or_null(LINK),
    "note": or_null(TEXT),
}
_CITATION: dict[str, Schema] = {
    "name": TEXT | {"description": "As sources name it: an instrument's id, or a law."},
    "instrument": or_null(to("instrument")),
    "footnote": TEXT,
    "grounds": list_of(to("ground")) | {"description": "The facts that rest on it."},
}
_GROUND: dict[str, Schema] = {
    "record": {"enum": ["event", "condition", "deadline"]},
    "id": TEXT,
    "section": or_null(TEXT),
    "told": TEXT,
    "evidence": or_null(EVIDENCE),
}
_CLOCK: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "group": one_of(Group),
    "trigger": TEXT,
    "length": TEXT,
    "count": one_of(Count),
    "cite": TEXT,
    "roll": one_of(Roll),
    "authority": or_null(TEXT),
    "calendar": or_null(TEXT),
    "zone": TEXT,
    "law_from": or_null(DAY),
    "law_until": or_null(DAY),
    "estimate": TRUTH | {"description": "Practice, not law."},
    "reading": or_null(TEXT),
    "evidence": or_null(EVIDENCE),
    "note": or_null(TEXT),
}

_PARTS: dict[str, Schema] = {
    "instant": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}:\d{2}(:\d{2})?$",
        "description": "ISO 8601 with offset, in the action's zone. An until is the first instant after.",
    },
    "day": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "rate": {"type": "string", "pattern": f"^(?:{RATE_PATTERN})$"},
    "rates": {
        "type": "object",
        "additionalProperties": RATE,
        "description": "The rate of each line; * is every line that the event touches.",
    },
    "phase": one_of(Phase),
    "state": object_of({"phase": or_null(PHASE), "rates": to("rates")}),
    "action": object_of(_STATUS, _SHOWN | _FILE) | {"dependentRequired": {key: [*_SHOWN] for key in _SHOWN}},
    "line": object_of(_LINE, {"headings": list_of(TEXT), "note": or_null(TEXT)}),
    "next": object_of(_NEXT),
    "date": object_of(_DATE),
    "change": object_of(_CHANGE),
    "standing": object_of(
        {
            "phase": or_null(PHASE),
            "lines": list_of(object_of({"id": TEXT, "phase": PHASE, "rate": or_null(RATE)})),
        }
    ),
    "move": object_of(_MOVE),
    "deadline": object_of(
        _DEADLINE,
        {"steps": list_of(TEXT) | {"description": "How its clock was worked out, with --explain."}}
        | _FILE
        | _ESTIMATE,
    ),
    "condition": object_of(
        {"id": TEXT, "finding": one_of(Finding), "as_found": or_null(DAY)}, _CONDITION | _FILE
    ),
    "event": object_of(_EVENT, {"transit": to("transit")} | _FILE),
    "transit": object_of(_TRANSIT),
    "instrument": object_of(_INSTRUMENT),
    "citation": object_of(_CITATION),
    "ground": object_of(_GROUND),
    "clock": object_of(_CLOCK),
}
