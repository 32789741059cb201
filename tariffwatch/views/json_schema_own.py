"""The JSON Schema of what ``entries`` and ``shipments`` answer, beside that of the other answers."""

from __future__ import annotations

from tariffwatch.entries.matching import Basis
from tariffwatch.entries.model import Mode
from tariffwatch.entries.refunds import Stage
from tariffwatch.entries.running import Side
from tariffwatch.entries.touched import Reach
from tariffwatch.views.json_shapes import (
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
    list_of,
    object_of,
    one_of,
    or_null,
    to,
)

NUMBER: Schema = {"type": "string", "pattern": "^[A-Z0-9]{3}-[0-9]{7}-[0-9]$"}
HEADING: Schema = {"type": "string", "pattern": r"^99\d\d\.\d\d\.\d\d$"}
DOLLARS: Schema = {"type": "string", "pattern": r"^\d+\.\d\d$", "description": "US dollars."}
ROW: Schema = {"type": "integer", "minimum": 2, "description": "The header is row 1."}
DAY_OR_INSTANT: Schema = {"anyOf": [DAY, INSTANT]}
DAYS: Schema = {"type": "integer"}
NO_DUTY: Schema = or_null(DOLLARS) | {"description": "Null where the ledger cannot tell it."}
SIDE: Schema = {"enum": ["before", "after", None]}

_ASKED: dict[str, Schema] = {"schema": VERSION, "as_of": INSTANT, "knowing": INSTANT}
_LINE: dict[str, Schema] = {"action": TEXT, "line": or_null(TEXT)}
_RUNNING: dict[str, Schema] = {
    "by": DAY_OR_INSTANT | {"description": "What to count down to; a day is due through its close."},
    "days_left": DAYS,
    "clock": TEXT,
    "title": TEXT,
    "whose": one_of(Side),
    "estimate": TRUTH | {"description": "It rests on a day that is not known yet."},
    "duty_at_stake": DOLLARS,
    "trigger": TEXT,
    "last_day": DAY | {"description": "The law's own, unrolled."},
    "safe_day": DAY | {"description": "The last open day not after it."},
    "rolled_day": or_null(DAY),
    "law": TEXT,
    "law_from": or_null(DAY),
    "law_until": or_null(DAY),
    "reading": or_null(TEXT),
    "rests_on": list_of(TEXT),
    "steps": list_of(TEXT),
}
_EVENT: dict[str, Schema] = {
    "event": TEXT,
    "reach": one_of(Reach),
    "certain": TRUTH | {"description": "Else it depends on the goods."},
    "known": INSTANT,
    "effective": or_null(INSTANT),
    "source": or_null(TEXT),
    "evidence": or_null(EVIDENCE),
    "note": or_null(TEXT),
}
_TOUCH: dict[str, Schema] = {"action": TEXT, **_EVENT}
_TREATMENT: dict[str, Schema] = {
    "phase": or_null(PHASE),
    "rate": or_null(RATE),
    "duty": NO_DUTY,
    "spared_by": or_null(TEXT),
}

ANSWERS: dict[str, Schema] = {
    "entries": object_of(
        {
            **_ASKED,
            "entries": list_of(to("entry")),
            "running": list_of(object_of({"entry_number": NUMBER, **_RUNNING})),
            "weeks": list_of(to("week")),
            "events": list_of(
                object_of({"actions": list_of(TEXT), **_EVENT, "entries": COUNT, "duty": DOLLARS})
            ),
            "not_in_ledger": {"type": "object", "additionalProperties": DOLLARS},
            "duty_paid": DOLLARS,
            "counts": object_of(dict.fromkeys(("entries", "running", "left_out", "warnings"), COUNT))
            | {"description": "Of the whole file; of a large one the lists hold the worst, or the first."},
            "file": to("file"),
        }
    )
    | {"description": "entries FILE: the worst first. No legal advice; amounts rest on the file alone."},
    "shipments": object_of({**_ASKED, "shipments": list_of(to("shipment")), "file": to("file")})
    | {"description": "shipments FILE. No legal advice; duty is the value times the ledger's rate."},
}

PARTS: dict[str, Schema] = {
    "file": object_of(
        {
            "rows": COUNT,
            "left_out": list_of(object_of({"row": ROW, "reason": TEXT})),
            "warnings": list_of(object_of({"row": ROW, "text": TEXT})),
            "unread": list_of(TEXT),
        }
    ),
    "entry": object_of(
        {
            "entry_number": NUMBER,
            "rows": list_of(ROW),
            "entry_date": DAY,
            "summary_date": or_null(DAY),
            "deposit_date": or_null(DAY),
            "import_date": or_null(DAY),
            "liquidation_date": or_null(DAY),
            "origin": list_of(TEXT),
            "duty_paid": DOLLARS,
            "liquidation": object_of(
                {
                    "actual": or_null(DAY),
                    "deemed": or_null(DAY),
                    "expected": or_null(DAY),
                    "estimate": TRUTH | {"description": "The expected day is the usual cycle's."},
                }
            ),
            "running": list_of(object_of(_RUNNING)),
            "ended": list_of(object_of(_RUNNING)),
            "duties": list_of(
                object_of(
                    {
                        "heading": HEADING,
                        "origin": or_null(TEXT),
                        "amount": DOLLARS,
                        "lines": list_of(object_of({**_LINE, "basis": one_of(Basis)})),
                        "touched_by": list_of(object_of(_TOUCH)),
                        "ended_by": or_null(TEXT),
                        "not_in_force": or_null(PHASE),
                    }
                )
            ),
            "refund": or_null(
                object_of(
                    {
                        "stage": one_of(Stage),
                        "text": TEXT,
                        "event": TEXT,
                        "source": or_null(TEXT),
                        "evidence": or_null(EVIDENCE),
                    }
                )
            ),
            "look_at": list_of(TEXT),
        }
    ),
    "week": object_of(
        {
            "monday": DAY,
            "entries": COUNT,
            "duty": DOLLARS | {"description": "Each entry once."},
            "clocks": {
                "type": "object",
                "additionalProperties": object_of({"entries": COUNT, "duty": DOLLARS}),
            },
        }
    ),
    "treatment": object_of(_TREATMENT),
    "boundary": object_of(
        {
            "at": INSTANT,
            "days_left": COUNT,
            "seconds_left": COUNT,
            "in_transit": TRUTH | {"description": "It ends an in-transit clause."},
            "duty_before": NO_DUTY,
            "duty_after": NO_DUTY,
            "changes": list_of(object_of({**_LINE, "before": to("treatment"), "after": to("treatment")})),
        }
    ),
    "shipment": object_of(
        {
            "shipment": TEXT,
            "row": ROW,
            "origin": TEXT,
            "expected_entry": DAY_OR_INSTANT,
            "loaded_at": or_null(DAY_OR_INSTANT),
            "mode": or_null(one_of(Mode)),
            "value": or_null(DOLLARS),
            "duty": NO_DUTY,
            "measures": list_of(
                object_of(
                    {
                        "named": TEXT,
                        **_LINE,
                        "basis": one_of(Basis),
                        "expected": to("treatment"),
                        "in_transit": list_of(
                            object_of(
                                {
                                    "event": TEXT,
                                    "loaded_before": INSTANT,
                                    "entered_before": or_null(INSTANT),
                                    "loaded": TRUTH,
                                    "vessel": {"enum": [True, False, None]},
                                    "entered": {"enum": [True, False, None]},
                                    "spared": TRUTH | {"description": "Every test holds."},
                                    "note": or_null(TEXT),
                                    "source": or_null(TEXT),
                                }
                            )
                        ),
                    }
                )
            ),
            "boundary": or_null(to("boundary"))
            | {"description": "The one to come that is nearest to the expected entry."},
            "boundaries": list_of(to("boundary")),
            "delays": list_of(object_of({"days": COUNT, "side": SIDE, "duty": NO_DUTY})),
            "look_at": list_of(TEXT),
        }
    ),
}
