"""``tariffwatch --version``: the program, the ledger in use, and how many actions it holds.

Scripts ask it: neither Typer nor the ledger is loaded, the files are searched as text.
"""

from __future__ import annotations

from collections.abc import Mapping

from tariffwatch import __version__
from tariffwatch.cli.places import ledger_named
from tariffwatch.cli.times import NEW_YORK, own_zone
from tariffwatch.views.ledgers import origin


def told(environ: Mapping[str, str]) -> str:
    """Two lines. Raises LedgerError if it cannot be told which ledger is in use."""
    ledger = ledger_named(environ)
    held = f"{ledger.actions} action{'s' * (ledger.actions != 1)} in {origin(ledger, own_zone() or NEW_YORK)}"
    return f"tariffwatch {__version__}\n{held}"
