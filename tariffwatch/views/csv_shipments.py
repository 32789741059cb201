"""Goods on their way for spreadsheets: a row for each shipment, as :mod:`csv` writes tables."""

from __future__ import annotations

from collections.abc import Iterable

from tariffwatch.entries.shipments import Outlook
from tariffwatch.views import shipments as page
from tariffwatch.views.csv import Value, table
from tariffwatch.views.json_shipments import outlook
from tariffwatch.views.report import When

SHIPMENTS = (
    *("boundary_day", "boundary", "days_left", "shipment", "origin", "expected_entry", "loaded_at", "mode"),
    *("value", "what_changes", "duty_before", "duty_after", "duty_expected", "side"),
    *("side_1_day", "duty_1_day", "side_3_days", "duty_3_days", "side_7_days", "duty_7_days"),
    *("in_transit", "look_at", "row", "as_of", "knowing"),
)
"""The columns; amounts are in US dollars, empty where the ledger cannot tell."""


def shipments(found: Iterable[Outlook], when: When) -> str:
    """Each shipment with its next boundary."""
    return table(SHIPMENTS, [_row(one, when) for one in found])


def _row(of: Outlook, when: When) -> dict[str, Value]:
    told = outlook(of, when.as_of)
    coming = told["boundary"] or {}
    sides: dict[str, Value] = {}
    for delay in told["delays"][1:]:
        unit = "day" if delay["days"] == 1 else "days"
        sides[f"side_{delay['days']}_{unit}"] = delay["side"]
        sides[f"duty_{delay['days']}_{unit}"] = delay["duty"]
    same = ("shipment", "origin", "expected_entry", "loaded_at", "mode", "value", "row")
    clauses = [page.clause(one, measure) for measure in of.measures for one in measure.clauses]
    return {
        **{key: told[key] for key in same},
        **sides,
        "boundary_day": coming["at"].partition("T")[0] if coming else None,
        "boundary": coming.get("at"),
        "days_left": coming.get("days_left"),
        "what_changes": of.next.words if of.next else None,
        "duty_before": coming.get("duty_before"),
        "duty_after": coming.get("duty_after"),
        "duty_expected": told["duty"],
        "side": told["delays"][0]["side"],
        "in_transit": "; ".join(clauses),
        "look_at": "; ".join(of.notes),
        "as_of": when.as_of.astimezone(when.zone).isoformat(),
        "knowing": when.knowing.astimezone(when.zone).isoformat(),
    }
