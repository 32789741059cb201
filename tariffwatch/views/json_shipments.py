"""Goods on their way in JSON, within the contract ``tariffwatch/1``; amounts are text, in US dollars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from tariffwatch.entries.model import Stamp
from tariffwatch.entries.reading import ReadShipments
from tariffwatch.entries.shipments import Boundary, Clause, Measure, Outlook, Treatment
from tariffwatch.views import json
from tariffwatch.views.json_entries import dollars, file
from tariffwatch.views.report import When


def shipments(found: Iterable[Outlook], read: ReadShipments, when: When) -> dict[str, Any]:
    """The answer of ``shipments``."""
    body = {
        "shipments": [outlook(one, when.as_of) for one in found],
        "file": file(read.rows, read.remarks, read.unread),
    }
    return json.envelope(when, body)


def outlook(of: Outlook, as_of: datetime) -> dict[str, Any]:
    """A shipment: ``duty`` is null where the ledger cannot tell it."""
    shipment = of.shipment
    return {
        "shipment": shipment.name,
        "row": shipment.row,
        "origin": shipment.origin,
        "expected_entry": _stamp(shipment.expected),
        "loaded_at": shipment.loaded and _stamp(shipment.loaded),
        "mode": shipment.mode and shipment.mode.value,
        "value": _dollars(shipment.value),
        "duty": _dollars(of.duty),
        "measures": [_measure(one) for one in of.measures],
        "boundary": _boundary(of.next, as_of) if of.next else None,
        "boundaries": [_boundary(one, as_of) for one in of.boundaries],
        "delays": [
            {
                "days": delay.days,
                "side": None if of.next is None else "after" if delay.past else "before",
                "duty": _dollars(delay.duty),
            }
            for delay in of.delays
        ],
        "look_at": list(of.notes),
    }


def _measure(of: Measure) -> dict[str, Any]:
    return {
        "named": of.named,
        **_line(of),
        "basis": of.match.basis.value,
        "expected": _treatment(of.expected),
        "in_transit": [_clause(clause, of) for clause in of.clauses],
    }


def _line(of: Measure) -> dict[str, Any]:
    return {"action": of.match.action.id, "line": of.match.line and of.match.line.id}


def _treatment(of: Treatment) -> dict[str, Any]:
    return {
        "phase": of.phase and of.phase.value,
        "rate": of.rate and of.rate.text,
        "duty": _dollars(of.duty),
        "spared_by": of.spared_by and of.spared_by.id,
    }


def _clause(of: Clause, measure: Measure) -> dict[str, Any]:
    transit, zone = of.event.transit, measure.match.action.zone
    assert transit
    last = transit.entered_before
    return {
        "event": of.event.id,
        "loaded_before": transit.loaded_before.at.astimezone(zone).isoformat(),
        "entered_before": last and last.at.astimezone(zone).isoformat(),
        "loaded": of.loaded,
        "vessel": of.mode,
        "entered": of.entered,
        "spared": of.holds,
        "note": transit.note,
        "source": of.event.source,
    }


def _boundary(of: Boundary, as_of: datetime) -> dict[str, Any]:
    return {
        "at": of.at.astimezone(of.due.zone).isoformat(),
        "days_left": of.due.days_left(as_of),
        "seconds_left": int((of.at - as_of).total_seconds()),
        "in_transit": of.transit,
        "duty_before": _dollars(of.before),
        "duty_after": _dollars(of.after),
        "changes": [
            {**_line(measure), "before": _treatment(before), "after": _treatment(after)}
            for measure, before, after in of.changes
        ],
    }


def _stamp(of: Stamp) -> str:
    return of.at.isoformat() if of.at else of.day.isoformat()


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else dollars(amount)
