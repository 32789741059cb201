"""Which ledger is in use: the one that came with the program, or a newer one that was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tariffwatch.views.document import Document


@dataclass(frozen=True, slots=True)
class Named:
    """A ledger as people are told of it."""

    folder: str
    """Where it stands; empty for one that is not in use yet."""
    day: date | None
    source: str = ""
    """The folder or file from which it was taken; empty for the one that came with the program."""
    on: str = ""
    """When it was taken, in ISO form, UTC."""
    actions: int | None = None
    """How many it holds; None where nobody has counted."""

    @property
    def words(self) -> str:
        """``the ledger of 2026-12-05``."""
        return f"the ledger of {self.day}" if self.day else "a ledger without a date"


def origin(of: Named, zone: ZoneInfo) -> str:
    """A ledger and where it came from."""
    if not of.on:
        return f"{of.words}, which came with the program"
    from tariffwatch import words

    on = words.instant(datetime.fromisoformat(of.on), zone)
    return f"{of.words}, taken {on} from {of.source}"


def facts(of: Named) -> dict[str, Any]:
    """The same as JSON holds it."""
    return {
        "day": of.day.isoformat() if of.day else None,
        "folder": of.folder or None,
        "taken_from": of.source or None,
        "taken": of.on or None,
    }


def status(in_use: Named, former: Named | None, zone: ZoneInfo) -> Document:
    """Which ledger is in use, and which would be again."""
    from tariffwatch.views.document import Paragraph
    from tariffwatch.views.report import DIM

    document = [Paragraph(f"In use: {origin(in_use, zone)}."), Paragraph(f"  {in_use.folder}", DIM)]
    if former is None:
        return [*document, Paragraph("No other ledger was taken.")]
    back = Paragraph(f"Former: {origin(former, zone)}; back to it: tariffwatch update --rollback")
    return [*document, back, Paragraph(f"  {former.folder}", DIM)]


def status_facts(in_use: Named, former: Named | None) -> dict[str, Any]:
    """The same as JSON holds it."""
    from tariffwatch.views.json import SCHEMA

    return {"schema": SCHEMA, "in_use": facts(in_use), "former": facts(former) if former else None}
