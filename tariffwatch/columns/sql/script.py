"""The script as a whole."""

from __future__ import annotations

from datetime import datetime

from tariffwatch.columns.sql import cells, clocks, duty
from tariffwatch.columns.sql.cells import Source
from tariffwatch.entries.model import ZONE
from tariffwatch.entries.refunds import Programme
from tariffwatch.ledger.load import Ledger


def script(source: Source, ledger: Ledger, as_of: datetime, knowing: datetime, heading: str) -> str:
    """The script as of an instant, with what was known at one; ``heading`` says so in words."""
    today = as_of.astimezone(ZONE).date()
    programme = Programme(ledger.actions, as_of, knowing)
    parts = (
        cells.head(source, heading),
        cells.lines(source),
        cells.texts(),
        cells.parsed(source.dates),
        cells.checked(),
        duty.paid(ledger, knowing),
        clocks.entries(),
        clocks.clocks(ledger, programme),
        clocks.closed(ledger, today),
        clocks.running(ledger, programme, today),
        clocks.WEEKS,
        _ANSWER,
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


_ANSWER = """
SELECT * FROM running
ORDER BY by_day, whose DESC, duty DESC, entry_number, clock;
"""
