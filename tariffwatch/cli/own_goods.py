"""The options that mix the dates of one's own entries and shipments in; light, for what they need is not.

What reads the files is :mod:`own_reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

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


@dataclass(frozen=True, slots=True)
class Files:
    """Which files of one's own are read, and how they name their columns."""

    entries: Sequence[str] = ()
    shipments: Sequence[str] = ()
    entries_map: Path | None = None
    shipments_map: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.entries or self.shipments)
