"""One's own entries for spreadsheets: a row for each clock that runs, as :mod:`csv` writes tables."""

from __future__ import annotations

from collections.abc import Iterable

from tariffwatch.entries.review import Review, Reviewed
from tariffwatch.entries.running import Running
from tariffwatch.entries.touched import Touch
from tariffwatch.views.csv import Value, table
from tariffwatch.views.json_entries import dollars
from tariffwatch.views.json_entries import running as running_json
from tariffwatch.views.report import When

RUNNING = (
    *("by", "days_left", "entry_number", "clock", "title", "whose", "estimate", "duty_at_stake"),
    *("trigger", "last_day", "safe_day", "rolled_day", "law", "law_from", "law_until"),
    *("entry_date", "deposit_date", "liquidation_date", "origin", "headings", "duty_paid"),
    *(
        "touched_by",
        "may_be_touched_by",
        "refund_programme",
        "rests_on",
        "look_at",
        "rows",
        "as_of",
        "knowing",
    ),
)
"""The columns; amounts are in US dollars."""


def running(found: Review, when: When) -> str:
    """The clocks that run, the worst first."""
    by_number = {one.entry.number: one for one in found.entries}
    return table(RUNNING, [_row(one, by_number[one.entry.number], when) for one in found.running])


def _row(of: Running, reviewed: Reviewed, when: When) -> dict[str, Value]:
    entry = of.entry
    return {
        **clock(of, when),
        "duty_at_stake": dollars(of.stake),
        "entry_number": entry.number,
        "entry_date": entry.entered.isoformat(),
        "deposit_date": entry.deposited.isoformat() if entry.deposited else None,
        "liquidation_date": entry.liquidated.isoformat() if entry.liquidated else None,
        "origin": "; ".join(entry.origins),
        "headings": "; ".join(duty.heading for _, duty in entry.duties),
        "duty_paid": dollars(entry.paid),
        "touched_by": touches(reviewed.touches, certain=True),
        "may_be_touched_by": touches(reviewed.touches, certain=False),
        "refund_programme": reviewed.refund.text if reviewed.refund else None,
        "look_at": "; ".join(reviewed.notes),
        "rows": "; ".join(map(str, entry.rows)),
        "as_of": when.as_of.astimezone(when.zone).isoformat(),
        "knowing": when.knowing.astimezone(when.zone).isoformat(),
    }


def clock(of: Running, when: When) -> dict[str, Value]:
    """What a row says of a clock, whatever entry it runs for."""
    told = running_json(of, when.as_of)
    same = {key: told[key] for key in RUNNING if key in told and key != "duty_at_stake"}
    return same | {"rests_on": " ".join(of.notes)}


def touches(of: Iterable[Touch], *, certain: bool) -> str:
    """``ieepa-china-fentanyl: judgment``: the later events, those that are certain or those that are not."""
    return "; ".join(f"{touch.action.id}: {touch.event.id}" for touch in of if touch.certain is certain)
