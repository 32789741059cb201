"""What actions of one's own share: entries and shipments told as the ledger tells its actions.

So whatever takes deadlines takes theirs too, and no view needs to know. They paint nothing: what happened
to them is a milestone, their dates are stated deadlines. Each date rests on the law and on a row of a file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from tariffwatch.entries.model import ZONE
from tariffwatch.model import Action, Event, EventKind, Loc, Moment

ENTRY, SHIPMENT = "entry:", "shipment:"
"""How the id of an action of one's own begins; no slug of the ledger has a colon."""
AUTHORITY = "customs procedure"
"""Under what an entry's clocks run."""
RESTS = "By your own file; nothing was asked of CBP. No legal advice."
"""What dates of one's own rest on, in a line."""


def is_own(action: str) -> bool:
    """Whether the id of an action is that of an entry or a shipment."""
    return action.startswith((ENTRY, SHIPMENT))


def action(id: str, title: str, on: tuple[str, ...], loc: Loc, read: date | None = None) -> Action:
    """An action of one's own, without dates; its file was read on the day ``read``."""
    return Action(
        id=id,
        title=title,
        imposed_by="US",
        on=on,
        authority=AUTHORITY,
        zone=ZONE,
        verified=read,
        loc=loc,
    )


def gone(id: str) -> Action:
    """An entry or shipment that is no longer in its file: it has no dates any more."""
    kind, _, name = id.partition(":")
    return action(id, f"{kind.capitalize()} {name}, no longer in your file", (), Loc("", 1))


def happened(id: str, day: date, note: str, to: Action) -> Event:
    """A fact of the file, known on its day; it paints nothing."""
    return Event(
        id=id,
        kind=EventKind.MILESTONE,
        known=Moment(start(day), day_only=True),
        recorded=to.verified,
        rates={},
        source=source("", to.loc),
        note=note,
        loc=to.loc,
    )


def source(cite: str, loc: Loc) -> str:
    """What a date rests on: the law, and the row of the file."""
    row = f"{loc.file} row {loc.line}".replace(";", ",")
    return "; ".join(filter(None, [cite, row]))


def next_day(now: datetime) -> datetime:
    """When the next day begins in New York, in UTC: what a file says may be something else then."""
    return start(now.astimezone(ZONE).date() + timedelta(days=1))


def start(day: date) -> datetime:
    """00:00 of a day in New York, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZONE).astimezone(UTC)
