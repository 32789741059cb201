"""The JSON Schema of what ``entries`` and ``shipments`` answer, beside that of the other answers."""

from __future__ import annotations

from tariffwatch.entries.matching import Basis
from tariffwatch.entries.model import Mode
from tariffwatch.entries.refunds import Stage
from tariffwatch.entries.running import Side
from tariffwatch.entries.touched import Reach
from tariffwatch.views.json_schema import (
    COUNT,
    DAY,
    EVIDENCE,
    INSTANT,
    PHASE,
    RATE,
    TEXT,
    TRUTH,
    VERSION,
    Schema,
    _list,
    _object,
    _one_of,
    _or_null,
    _to,
)

NUMBER: Schema = {"type": "string", "pattern": "^[A-Z0-9]{3}-[0-9]{7}-[0-9]$"}
HEADING: Schema = {"type": "string", "pattern": r"^99\d\d\.\d\d\.\d\d$"}
DOLLARS: Schema = {"type": "string", "pattern": r"^\d+\.\d\d$", "description": "US dollars."}
ROW: Schema = {"type": "integer", "minimum": 2, "description": "The header is row 1."}
DAY_OR_INSTANT: Schema = {"anyOf": [DAY, INSTANT]}
DAYS: Schema = {"type": "integer"}
NO_DUTY: Schema = _or_null(DOLLARS) | {"description": "Null where the ledger cannot tell it."}
SIDE: Schema = {"enum": ["before", "after", None]}

_ASKED: dict[str, Schema] = {"schema": VERSION, "as_of": INSTANT, "knowing": INSTANT}
_LINE: dict[str, Schema] = {"action": TEXT, "line": _or_null(TEXT)}
_RUNNING: dict[str, Schema] = {
    "by": DAY_OR_INSTANT | {"description": "What to count down to; a day is due through its close."},
    "days_left": DAYS,
    "clock": TEXT,
    "title": TEXT,
    "whose": _one_of(Side),
    "estimate": TRUTH | {"description": "It rests on a day that is not known yet."},
    "duty_at_stake": DOLLARS,
    "trigger": TEXT,
    "last_day": DAY | {"description": "The law's own, unrolled."},
    "safe_day": DAY | {"description": "The last open day not after it."},
    "rolled_day": _or_null(DAY),
    "law": TEXT,
    "law_from": _or_null(DAY),
    "law_until": _or_null(DAY),
    "reading": _or_null(TEXT),
    "rests_on": _list(TEXT),
    "steps": _list(TEXT),
}
_EVENT: dict[str, Schema] = {
    "event": TEXT,
    "reach": _one_of(Reach),
    "certain": TRUTH | {"description": "Else it depends on the goods."},
    "known": INSTANT,
    "effective": _or_null(INSTANT),
    "source": _or_null(TEXT),
    "evidence": _or_null(EVIDENCE),
    "note": _or_null(TEXT),
}
_TOUCH: dict[str, Schema] = {"action": TEXT, **_EVENT}
_TREATMENT: dict[str, Schema] = {
    "phase": _or_null(PHASE),
    "rate": _or_null(RATE),
    "duty": NO_DUTY,
    "spared_by": _or_null(TEXT),
}

ANSWERS: dict[str, Schema] = {
    "entries": _object(
        {
            **_ASKED,
            "entries": _list(_to("entry")),
            "running": _list(_object({"entry_number": NUMBER, **_RUNNING})),
            "weeks": _list(_to("week")),
            "events": _list(_object({"actions": _list(TEXT), **_EVENT, "entries": COUNT, "duty": DOLLARS})),
            "not_in_ledger": {"type": "object", "additionalProperties": DOLLARS},
            "duty_paid": DOLLARS,
            "counts": _object(dict.fromkeys(("entries", "running", "left_out", "warnings"), COUNT))
            | {"description": "Of the whole file; of a large one the lists hold the worst, or the first."},
            "file": _to("file"),
        }
    )
    | {"description": "entries FILE: the worst first. No legal advice; amounts rest on the file alone."},
    "shipments": _object({**_ASKED, "shipments": _list(_to("shipment")), "file": _to("file")})
    | {"description": "shipments FILE. No legal advice; duty is the value times the ledger's rate."},
}

PARTS: dict[str, Schema] = {
    "file": _object(
        {
            "rows": COUNT,
            "left_out": _list(_object({"row": ROW, "reason": TEXT})),
            "warnings": _list(_object({"row": ROW, "text": TEXT})),
            "unread": _list(TEXT),
        }
    ),
    "entry": _object(
        {
            "entry_number": NUMBER,
            "rows": _list(ROW),
            "entry_date": DAY,
            "summary_date": _or_null(DAY),
            "deposit_date": _or_null(DAY),
            "import_date": _or_null(DAY),
            "liquidation_date": _or_null(DAY),
            "origin": _list(TEXT),
            "duty_paid": DOLLARS,
            "liquidation": _object(
                {
                    "actual": _or_null(DAY),
                    "deemed": _or_null(DAY),
                    "expected": _or_null(DAY),
                    "estimate": TRUTH | {"description": "The expected day is the usual cycle's."},
                }
            ),
            "running": _list(_object(_RUNNING)),
            "ended": _list(_object(_RUNNING)),
            "duties": _list(
                _object(
                    {
                        "heading": HEADING,
                        "origin": _or_null(TEXT),
                        "amount": DOLLARS,
                        "lines": _list(_object({**_LINE, "basis": _one_of(Basis)})),
                        "touched_by": _list(_object(_TOUCH)),
                        "ended_by": _or_null(TEXT),
                        "not_in_force": _or_null(PHASE),
                    }
                )
            ),
            "refund": _or_null(
                _object(
                    {
                        "stage": _one_of(Stage),
                        "text": TEXT,
                        "event": TEXT,
                        "source": _or_null(TEXT),
                        "evidence": _or_null(EVIDENCE),
                    }
                )
            ),
            "look_at": _list(TEXT),
        }
    ),
    "week": _object(
        {
            "monday": DAY,
            "entries": COUNT,
            "duty": DOLLARS | {"description": "Each entry once."},
            "clocks": {
                "type": "object",
                "additionalProperties": _object({"entries": COUNT, "duty": DOLLARS}),
            },
        }
    ),
    "treatment": _object(_TREATMENT),
    "boundary": _object(
        {
            "at": INSTANT,
            "days_left": COUNT,
            "seconds_left": COUNT,
            "in_transit": TRUTH | {"description": "It ends an in-transit clause."},
            "duty_before": NO_DUTY,
            "duty_after": NO_DUTY,
            "changes": _list(_object({**_LINE, "before": _to("treatment"), "after": _to("treatment")})),
        }
    ),
    "shipment": _object(
        {
            "shipment": TEXT,
            "row": ROW,
            "origin": TEXT,
            "expected_entry": DAY_OR_INSTANT,
            "loaded_at": _or_null(DAY_OR_INSTANT),
            "mode": _or_null(_one_of(Mode)),
            "value": _or_null(DOLLARS),
            "duty": NO_DUTY,
            "measures": _list(
                _object(
                    {
                        "named": TEXT,
                        **_LINE,
                        "basis": _one_of(Basis),
                        "expected": _to("treatment"),
                        "in_transit": _list(
                            _object(
                                {
                                    "event": TEXT,
                                    "loaded_before": INSTANT,
                                    "entered_before": _or_null(INSTANT),
                                    "loaded": TRUTH,
                                    "vessel": {"enum": [True, False, None]},
                                    "entered": {"enum": [True, False, None]},
                                    "spared": TRUTH | {"description": "Every test holds."},
                                    "note": _or_null(TEXT),
                                    "source": _or_null(TEXT),
                                }
                            )
                        ),
                    }
                )
            ),
            "boundary": _or_null(_to("boundary"))
            | {"description": "The one to come that is nearest to the expected entry."},
            "boundaries": _list(_to("boundary")),
            "delays": _list(_object({"days": COUNT, "side": SIDE, "duty": NO_DUTY})),
            "look_at": _list(TEXT),
        }
    ),
}
