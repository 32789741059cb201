"""Pages about reminders: the log, and how they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.remind.outbox import Delivery, Health
from tariffwatch.remind.pulse import stopped
from tariffwatch.views.document import Block, Cell, Column, Document, Paragraph, Table

DIM = "dim"
WARN = "yellow"


def log(deliveries: Sequence[Delivery], found: Health, zone: ZoneInfo) -> Document:
    """What was sent, when and where, newest first; what waits comes before."""
    document: list[Block] = []
    if not deliveries:
        document.append(Paragraph("Nothing was sent yet."))
    else:
        columns = (Column("When"), Column("State", under=True), Column("Channel", under=True), Column("What"))
        document.append(Table(columns, [_row(delivery, zone) for delivery in deliveries]))
    failing = [Paragraph(f"Channel {name} fails: {error}", WARN) for name, error in found.errors.items()]
    return [*document, *failing]


def health(found: Health | None, now: datetime, zone: ZoneInfo) -> Document:
    """Whether reminders run, for the overview; None where they are set up and never ran."""
    if wrong := ails(found, now, zone):
        return [Paragraph(sentence, WARN) for sentence in wrong]
    assert found is not None, "else something ails"
    assert found.last_good is not None, "else something ails"
    queued = f"{found.queued} queued" if found.queued else "nothing queued"
    good = words.instant(found.last_good, zone)
    return [Paragraph(f"Reminders run: last good run {good}, {queued}.", DIM)]


def ails(found: Health | None, now: datetime, zone: ZoneInfo) -> list[str]:
    """What is wrong with reminders that are set up, each with the mend."""
    if found is None or found.last_run is None:
        return ["Reminders are set up but never ran: tariffwatch remind schedule"]
    said = []
    if found.last_good is None or stopped(found.last_good, now, found.every):
        good = words.instant(found.last_good, zone) if found.last_good else "never"
        mend = "" if found.errors else "; see tariffwatch remind, and tariffwatch remind schedule"
        said.append(f"Reminders have stopped: last good run {good}{mend}")
    return said + [f"Channel {name} fails, {found.queued} wait: {e}" for name, e in found.errors.items()]


def health_facts(found: Health | None) -> dict[str, Any]:
    """How reminders are, as JSON holds it; instants are UTC."""
    if found is None:
        return {"last_run": None, "last_good_run": None, "queued": 0, "failing": {}}
    return {
        "last_run": found.last_run.isoformat() if found.last_run else None,
        "last_good_run": found.last_good.isoformat() if found.last_good else None,
        "queued": found.queued,
        "failing": dict(found.errors),
    }


def log_facts(deliveries: Sequence[Delivery], found: Health) -> dict[str, Any]:
    """The log as JSON holds it; instants are UTC."""
    return {
        "schema": "tariffwatch/1",
        **health_facts(found),
        "deliveries": [
            {
                "at": delivery.at.isoformat(),
                "state": delivery.state,
                "channel": delivery.channel,
                "kind": delivery.item.kind.value,
                "action": delivery.item.action,
                "head": delivery.item.head,
                "deadline": delivery.item.due.at.isoformat() if delivery.item.due else None,
                "lines": list(delivery.item.lines),
            }
            for delivery in deliveries
        ],
    }


def _row(delivery: Delivery, zone: ZoneInfo) -> list[Cell]:
    item = delivery.item
    date = f" {words.instant(item.due.at, item.due.zone, item.due.day_only)}" if item.due else ""
    return [
        Cell(words.instant(delivery.at.replace(microsecond=0), zone)),
        Cell(delivery.state, WARN if delivery.state == "queued" else ""),
        Cell(delivery.channel),
        Cell(f"{item.kind.value}: {item.head}{date}: {item.title}"),
    ]
