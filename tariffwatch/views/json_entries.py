"""One's own entries in JSON, within the contract ``tariffwatch/1``: the same bytes for the same question.

Amounts are text, ``"2500.00"``, in US dollars: no digit is lost. Days are days, without a zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tariffwatch.entries.model import Entry, Remark
from tariffwatch.entries.reading import ReadEntries
from tariffwatch.entries.refunds import Standing
from tariffwatch.entries.review import Reach, Review, Reviewed, Week
from tariffwatch.entries.running import Running
from tariffwatch.entries.touched import Paid, Touch
from tariffwatch.views import json
from tariffwatch.views.report import When


def entries(found: Review, read: ReadEntries, when: When) -> dict[str, Any]:
    """The answer of ``entries``: each with its clocks, then totals; every amount rests on the file alone."""
    body = {
        "entries": [reviewed(one, when.as_of) for one in found.entries],
        "running": [{"entry_number": r.entry.number} | running(r, when.as_of) for r in found.running],
        "weeks": [_week(week) for week in found.weeks],
        "events": [_reach(reach) for reach in found.reaches],
        "not_in_ledger": {heading: dollars(duty) for heading, duty in found.unknown.items()},
        "duty_paid": dollars(found.paid),
        "counts": _counts(found, read),
        "file": file(read.rows, read.remarks, read.unread),
    }
    return json.envelope(when, body)


def _counts(found: Review, read: ReadEntries) -> dict[str, int]:
    """How many there are, where the lists hold only the worst or the first of them."""
    bad = sum(remark.bad for remark in read.remarks)
    return {
        "entries": found.count,
        "running": found.whole.running if found.whole else len(found.running),
        "left_out": bad + read.more_bad,
        "warnings": len(read.remarks) - bad + read.more_warnings,
    }


def file(rows: int, remarks: Iterable[Remark], unread: Iterable[str]) -> dict[str, Any]:
    """What was read of a file: its rows, those left out, and what to look at again."""
    held = sorted(remarks, key=lambda remark: remark.row)
    return {
        "rows": rows,
        "left_out": [{"row": remark.row, "reason": remark.text} for remark in held if remark.bad],
        "warnings": [{"row": remark.row, "text": remark.text} for remark in held if not remark.bad],
        "unread": list(unread),
    }


def running(of: Running, as_of: datetime) -> dict[str, Any]:
    """A clock that runs: ``by`` is the day (or instant) to count down to, ``last_day`` the law's own."""
    worked, clock = of.worked, of.worked.clock
    at = of.due.at.astimezone(clock.zone)
    return {
        "by": at.date().isoformat() if worked.day_only else at.isoformat(),
        "days_left": of.due.days_left(as_of),
        "clock": of.name,
        "title": clock.title,
        "whose": of.side.value,
        "estimate": of.estimate,
        "duty_at_stake": dollars(of.stake),
        "trigger": of.trigger,
        "last_day": worked.last_day.isoformat(),
        "safe_day": worked.safe_day.isoformat(),
        "rolled_day": _day(worked.rolled),
        "law": clock.cite,
        "law_from": _day(clock.law_from),
        "law_until": _day(clock.law_until),
        "reading": clock.reading,
        "rests_on": list(of.notes),
        "steps": list(worked.steps),
    }


def reviewed(of: Reviewed, as_of: datetime) -> dict[str, Any]:
    """An entry: what the file says, the clocks that run and that ended, what touched its duty."""
    return {
        **_entry(of.entry),
        "liquidation": {
            "actual": _day(of.liquidation.actual),
            "deemed": _day(of.liquidation.deemed),
            "expected": _day(of.liquidation.expected),
            "estimate": of.liquidation.estimate,
        },
        "running": [running(one, as_of) for one in of.running],
        "ended": [running(one, as_of) for one in of.ended],
        "duties": [_paid(one) for one in of.paid],
        "refund": _standing(of.refund),
        "look_at": list(of.notes),
    }


def _entry(of: Entry) -> dict[str, Any]:
    return {
        "entry_number": of.number,
        "rows": list(of.rows),
        "entry_date": of.entered.isoformat(),
        "summary_date": _day(of.summary),
        "deposit_date": _day(of.deposited),
        "import_date": _day(of.imported),
        "liquidation_date": _day(of.liquidated),
        "origin": list(of.origins),
        "duty_paid": dollars(of.paid),
    }


def _paid(of: Paid) -> dict[str, Any]:
    return {
        "heading": of.duty.heading,
        "origin": of.origin or None,
        "amount": dollars(of.duty.amount),
        "lines": [
            {"action": m.action.id, "line": m.line and m.line.id, "basis": m.basis.value} for m in of.matches
        ],
        "touched_by": [_touch(touch) for touch in of.touches],
        "ended_by": of.ended and of.ended.id,
        "not_in_force": of.idle and of.idle.value,
    }


def _touch(of: Touch) -> dict[str, Any]:
    effective = of.event.effective
    return {
        "action": of.action.id,
        "event": of.event.id,
        "reach": of.reach.value,
        "certain": of.certain,
        "known": of.event.known.at.astimezone(of.action.zone).isoformat(),
        "effective": effective and effective.at.astimezone(of.action.zone).isoformat(),
        "source": of.event.source,
        "evidence": of.event.evidence,
        "note": of.event.note,
    }


def _standing(of: Standing | None) -> dict[str, Any] | None:
    if of is None:
        return None
    source = {"event": of.event.id, "source": of.event.source, "evidence": of.event.evidence}
    return {"stage": of.stage.value, "text": of.text, **source}


def _week(of: Week) -> dict[str, Any]:
    return {
        "monday": of.monday.isoformat(),
        "entries": of.entries,
        "duty": dollars(of.duty),
        "clocks": {name: {"entries": n, "duty": dollars(duty)} for name, (n, duty) in of.clocks.items()},
    }


def _reach(of: Reach) -> dict[str, Any]:
    told = {key: value for key, value in _touch(of.touch).items() if key != "action"}
    actions = [touch.action.id for touch in of.touches]
    return {"actions": actions, **told, "entries": of.entries, "duty": dollars(of.duty)}


def dollars(amount: Decimal) -> str:
    """``2500.00``."""
    return f"{amount:.2f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
