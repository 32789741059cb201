"""The JSON contract as a JSON Schema (draft 2020-12): what ``export json-schema`` prints.

It holds for every answer of ``--format json`` and for ``export json``. Keys may be added within version
1, so it forbids none that it does not name; the tests do, so that it names all there are. The words of
phases, kinds and findings come from the vocabulary of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from tariffwatch.clocks import Count, Group, Roll
from tariffwatch.model import RATE_PATTERN, Basis, DeadlineKind, EventKind, Evidence, Finding, Phase
from tariffwatch.results import Fate
from tariffwatch.views.json import SCHEMA

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema of every answer."""
    from tariffwatch.views import json_schema_own as own

    answers = {**_ANSWERS, **own.ANSWERS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "What tariffwatch answers in JSON. What has no value is null.",
        "anyOf": [_to(name) for name in answers],
        "$defs": {**answers, **_PARTS, **own.PARTS},
    }


def _to(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(needed: Mapping[str, Schema], more: Mapping[str, Schema] | None = None) -> Schema:
    """An object that has all keys of ``needed``, and may have those of ``more``."""
    return {"type": "object", "properties": {**needed, **(more or {})}, "required": [*needed]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _one_of(words: Iterable[StrEnum]) -> Schema:
    return {"enum": [word.value for word in words]}


TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CODE: Schema = {"type": "string", "pattern": "^([A-Z]{2}|[*])$", "description": "ISO 3166 alpha-2, EU, or *"}
LINK: Schema = {"type": "string", "pattern": "^https?://"}
VERSION: Schema = {"const": SCHEMA}
INSTANT, DAY, RATE, PHASE, STATE = map(_to, ("instant", "day", "rate", "phase", "state"))
KIND, EVIDENCE = _one_of(DeadlineKind), _one_of(Evidence)

DAYS: Schema = {"type": "number", "description": "Calendar days later; earlier if less than 0."}
_DRIFT: dict[str, Schema] = {
    "imposed_by": _or_null(CODE),
    "authority": _or_null(TEXT),
    "deadlines": COUNT | {"description": "Told before their day came."},
    "moved": COUNT | {"description": "How many of them were put on another day, once or more."},
    "times": COUNT | {"description": "How many moves there were."},
    "dropped": COUNT,
    "median_days": _or_null(DAYS),
    "longest": _or_null(_to("move")),
}

_ANSWERS: dict[str, Schema] = {
    "answer": _object(
        {"schema": VERSION, "as_of": INSTANT, "knowing": INSTANT},
        {"actions": _list(_to("action")), "deadlines": _list(_to("deadline"))},
    )
    | {
        "description": "status and show: actions; countdown: deadlines; the overview and export json: both.",
        "anyOf": [{"required": ["actions"]}, {"required": ["deadlines"]}],
    },
    "changes": _object(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "from": _object({"as_of": INSTANT, "knowing": INSTANT}),
            "changes": _list(_to("change")),
        }
    )
    | {"description": "changes: what is not the same in the world of from and in the one asked about."},
    "drift": _object(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "drift": _list(_object({**_DRIFT, "moves": _list(_to("move"))})),
            "total": _object(_DRIFT),
        }
    )
    | {"description": "drift: a row for each government and authority, and all of them together."},
    "clocks": _object({"schema": VERSION, "clocks": _list(_to("clock"))})
    | {"description": "clock: the list of legal clocks."},
    "worked": _object(
        {
            "schema": VERSION,
            "clock": _to("clock"),
            "at": INSTANT,
            "day": TRUTH | {"description": "Due through the close of the day of at."},
            "last_day": DAY,
            "rolled_day": _or_null(DAY),
            "safe_day": DAY,
            "parts": {"type": "object", "additionalProperties": DAY},
            "steps": _list(TEXT),
        }
    )
    | {"description": "clock NAME --from DATE: a legal clock worked out."},
    "citations": _object(
        {
            "schema": VERSION,
            "as_of": INSTANT,
            "knowing": INSTANT,
            "action": TEXT,
            "citations": _list(_to("citation")),
        }
    )
    | {"description": "cite: what an action rests on."},
}
"""The shapes of an answer. A command that answers in another shape adds it here."""

_STATUS: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "imposed_by": CODE,
    "on": _list(CODE),
    "authority": TEXT,
    "phase": _or_null(PHASE),
    "mixed": TRUTH | {"description": "Its lines are in different phases."},
    "since": _or_null(INSTANT),
    "until": _or_null(INSTANT),
    "lines": _list(_to("line")),
    "next": _or_null(_to("next")),
    "also": _list(_to("next")) | {"description": "What else happens at the instant of next."},
    "conditions": _list(_to("condition")),
    "verified": _or_null(DAY),
    "unchecked": TRUTH | {"description": "By its own terms; its sources were not checked for this date."},
}
_SHOWN: dict[str, Schema] = {
    "summary": _or_null(TEXT),
    "disputed": _or_null(TEXT),
    "note": _or_null(TEXT),
    "deadlines": _list(_to("deadline")),
    "events": _list(_to("event")),
    "sources": _list(_to("instrument")),
}
"""What ``show`` and ``export json`` add to an action: all of it or none."""

_FILE: dict[str, Schema] = {"file": TEXT | {"description": "show: the user's own file in which it stands."}}

_NEXT: dict[str, Schema] = {
    "at": INSTANT,
    "id": TEXT,
    "kind": KIND,
    "to": _or_null(STATE),
    "source": _or_null(TEXT),
}
_DEADLINE: dict[str, Schema] = {
    "at": INSTANT,
    "action": TEXT,
    "id": TEXT,
    "kind": KIND,
    "from": _or_null(STATE),
    "to": _or_null(STATE) | {"description": "If nobody acts; null where it changes no phase or rate."},
    "day": TRUTH | {"description": "The source gives the day alone; at is its 00:00."},
    "days_left": COUNT | {"description": "From the date of as_of to that of at, in the action's zone."},
    "business_days_left": COUNT,
    "seconds_left": COUNT | {"description": "Elapsed time, exact across a clock change."},
    "text": _or_null(TEXT),
    "decided_by": _or_null(TEXT),
    "source": _or_null(TEXT),
    "rule": _or_null(TEXT) | {"description": "The legal clock that dates it."},
}
_ESTIMATE: dict[str, Schema] = {
    "estimate": {"const": True, "description": "Of one's own entry: it rests on a day not known yet."}
}
_DATE: dict[str, Schema] = {key: _DEADLINE[key] for key in ("at", "day", "id", "kind", "from", "to")} | {
    "text": _or_null(TEXT),
    "source": _or_null(TEXT),
}
_CHANGE: dict[str, Schema] = {
    "action": TEXT,
    "title": TEXT,
    "from": _to("standing"),
    "to": _to("standing"),
    "deadlines": _list(
        _object(
            {
                "what": _one_of(Fate),
                "from": _or_null(_to("date")),
                "to": _or_null(_to("date")),
                "behind": _list(TEXT) | {"description": "Ids of events, or of stated deadlines."},
            }
        )
    ),
    "came": _list(_to("date")) | {"description": "What came on the date that had been told."},
    "events": _list(_to("event")) | {"description": "What became known in between."},
    "entered": _list(
        _object(
            {
                "record": {"enum": ["event", "deadline"]},
                "id": TEXT,
                "known": _or_null(INSTANT),
                "recorded": DAY,
            }
        )
    )
    | {"description": "What entered the ledger in between, though it was public before."},
    "verified": _or_null(DAY),
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
    "source": _or_null(TEXT),
}
_LINE: dict[str, Schema] = {
    "id": TEXT,
    "label": TEXT,
    "phase": PHASE,
    "rate": _or_null(RATE),
    "since": _or_null(INSTANT),
    "until": _or_null(INSTANT),
}
_CONDITION: dict[str, Schema] = {
    "party": TEXT,
    "text": TEXT,
    "basis": _one_of(Basis),
    "decided_by": _or_null(TEXT),
    "if_met": _or_null(TEXT),
    "if_unmet": _or_null(TEXT),
    "bears_on": _or_null(TEXT),
    "source": _or_null(TEXT),
    "evidence": _or_null(EVIDENCE),
    "disputed": _or_null(TEXT),
    "note": _or_null(TEXT),
}
_EVENT: dict[str, Schema] = {
    "id": TEXT,
    "kind": _one_of(EventKind),
    "known": INSTANT,
    "effective": _or_null(INSTANT),
    "until": _or_null(INSTANT),
    "recorded": _or_null(DAY),
    "lines": _list(TEXT),
    "rates": _to("rates"),
    "extends": _or_null(TEXT),
    "postpones": _or_null(TEXT),
    "condition": _or_null(TEXT),
    "finding": _or_null(_one_of(Finding)),
    "by": _or_null(TEXT),
    "source": _or_null(TEXT),
    "evidence": _or_null(EVIDENCE),
    "disputed": _or_null(TEXT),
    "note": _or_null(TEXT),
}
_TRANSIT: dict[str, Schema] = {
    "loaded_before": INSTANT,
    "entered_before": _or_null(INSTANT),
    "note": _or_null(TEXT),
}
_INSTRUMENT: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "kind": _or_null(TEXT),
    "signed": _or_null(DAY),
    "published": _or_null(DAY),
    "cite": _or_null(TEXT),
    "doc": _or_null(TEXT),
    "url": _or_null(LINK),
    "archive": _or_null(LINK),
    "note": _or_null(TEXT),
}
_CITATION: dict[str, Schema] = {
    "name": TEXT | {"description": "As sources name it: an instrument's id, or a law."},
    "instrument": _or_null(_to("instrument")),
    "footnote": TEXT,
    "grounds": _list(_to("ground")) | {"description": "The facts that rest on it."},
}
_GROUND: dict[str, Schema] = {
    "record": {"enum": ["event", "condition", "deadline"]},
    "id": TEXT,
    "section": _or_null(TEXT),
    "told": TEXT,
    "evidence": _or_null(EVIDENCE),
}
_CLOCK: dict[str, Schema] = {
    "id": TEXT,
    "title": TEXT,
    "group": _one_of(Group),
    "trigger": TEXT,
    "length": TEXT,
    "count": _one_of(Count),
    "cite": TEXT,
    "roll": _one_of(Roll),
    "authority": _or_null(TEXT),
    "calendar": _or_null(TEXT),
    "zone": TEXT,
    "law_from": _or_null(DAY),
    "law_until": _or_null(DAY),
    "estimate": TRUTH | {"description": "Practice, not law."},
    "reading": _or_null(TEXT),
    "evidence": _or_null(EVIDENCE),
    "note": _or_null(TEXT),
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
    "phase": _one_of(Phase),
    "state": _object({"phase": _or_null(PHASE), "rates": _to("rates")}),
    "action": _object(_STATUS, _SHOWN | _FILE) | {"dependentRequired": {key: [*_SHOWN] for key in _SHOWN}},
    "line": _object(_LINE, {"headings": _list(TEXT), "note": _or_null(TEXT)}),
    "next": _object(_NEXT),
    "date": _object(_DATE),
    "change": _object(_CHANGE),
    "standing": _object(
        {
            "phase": _or_null(PHASE),
            "lines": _list(_object({"id": TEXT, "phase": PHASE, "rate": _or_null(RATE)})),
        }
    ),
    "move": _object(_MOVE),
    "deadline": _object(
        _DEADLINE,
        {"steps": _list(TEXT) | {"description": "How its clock was worked out, with --explain."}}
        | _FILE
        | _ESTIMATE,
    ),
    "condition": _object(
        {"id": TEXT, "finding": _one_of(Finding), "as_found": _or_null(DAY)}, _CONDITION | _FILE
    ),
    "event": _object(_EVENT, {"transit": _to("transit")} | _FILE),
    "transit": _object(_TRANSIT),
    "instrument": _object(_INSTRUMENT),
    "citation": _object(_CITATION),
    "ground": _object(_GROUND),
    "clock": _object(_CLOCK),
}
