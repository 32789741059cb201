"""The page of ``doctor``: where everything is, what is stale, what needs a hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.results import Status
from tariffwatch.views import ledgers
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.ledgers import Named, origin

WARN = "yellow"
DIM = "dim"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found."""

    versions: Mapping[str, str]
    """The program, Python and libraries, by name."""
    places: Mapping[str, str]
    """Where things are, by what they are called."""
    in_use: Named
    """The ledger that came with the program, or a newer one."""
    actions: int
    recorded: date | None
    """The day on which the latest fact entered the ledger."""
    stale: Sequence[Status]
    """Live and pending actions whose sources were not read for long."""
    ails: Sequence[str]
    """What needs a hand, each with the mend."""


def page(found: Diagnosis, zone: ZoneInfo) -> Document:
    """What needs a hand first, then everything else."""
    document: list[Block] = []
    if found.ails:
        document += [Heading("Needs a hand"), *(Paragraph(ail, WARN) for ail in found.ails)]
    else:
        document.append(Paragraph("Nothing needs a hand.", "bold"))
    document += [
        Heading("Ledger"),
        Paragraph(f"In use: {origin(found.in_use, zone)}."),
        Paragraph(_ledger(found)),
    ]
    if found.stale:
        ids = ", ".join(status.action.id for status in found.stale)
        document.append(Paragraph(f"Not checked for more than 60 days: {ids}", DIM))
    document += [Heading("Places"), _pairs("Where", found.places)]
    document += [Heading("Versions"), _pairs("Version", found.versions)]
    return document


def facts(found: Diagnosis) -> dict[str, Any]:
    """The same as JSON holds it."""
    return {
        "schema": "tariffwatch/1",
        "needs_a_hand": list(found.ails),
        "ledger": ledgers.facts(found.in_use),
        "actions": found.actions,
        "recorded": found.recorded.isoformat() if found.recorded else None,
        "stale": [status.action.id for status in found.stale],
        "places": dict(found.places),
        "versions": dict(found.versions),
    }


def _ledger(found: Diagnosis) -> str:
    return f"{found.actions} actions; the latest fact was recorded on {found.recorded or 'no day'}."


def _pairs(of: str, pairs: Mapping[str, str]) -> Table:
    return Table((Column("What"), Column(of)), [[Cell(name), Cell(text)] for name, text in pairs.items()])
