"""The options that mix the dates of one's own entries and shipments in; light, for what they need is not.

What reads the files is :mod:`own_reading`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.settings.model import Files

ENTRIES_FILES = Annotated[
    list[str] | None,
    typer.Option("--entries", metavar="FILE", help="A CSV file of your entries, to mix in their clocks."),
]
SHIPMENTS_FILES = Annotated[
    list[str] | None,
    typer.Option("--shipments", metavar="FILE", help="... of your shipments, to mix in their boundaries."),
]
ENTRIES_MAP = Annotated[
    Path | None,
    typer.Option("--entries-map", metavar="FILE", help="How it names its columns, as --map-file of entries."),
]
SHIPMENTS_MAP = Annotated[
    Path | None,
    typer.Option("--shipments-map", metavar="FILE", help="The same for shipments."),
]


def named(
    entries: list[str] | None,
    shipments: list[str] | None,
    entries_map: Path | None,
    shipments_map: Path | None,
) -> Files:
    """The files that the options name."""
    return Files(tuple(entries or ()), tuple(shipments or ()), entries_map, shipments_map)
