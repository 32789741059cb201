"""Stamps of files: what tells, without reading them, that one was written, came or went."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """A file by its name, and what changes when it is written; -1 for one that is not there."""

    file: str
    size: int
    changed: int
    """The time of its last modification, in nanoseconds of the epoch."""

    def __str__(self) -> str:
        return f"{self.file} {self.size} {self.changed}"


def below(path: Path) -> Iterator[Stamp]:
    """A stamp of all that is named like a ledger file below a folder, in no order; or of the file itself."""
    if not os.path.isdir(path):  # no error for a name that no system allows
        yield of(path)
        return
    for place, folders, files in os.walk(path):
        yield from (of(os.path.join(place, name)) for name in files + folders if name.endswith(".toml"))


def of(file: Path | str) -> Stamp:
    """The stamp of one file."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):  # ValueError: a name that no system allows
        return Stamp(str(file), -1, -1)
    return Stamp(str(file), found.st_size, found.st_mtime_ns)
