"""One writer at a time in a folder, on every system, also among several people who share it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tariffwatch.errors import UsageError

FILE = ".tariffwatch-lock"
"""Stays in the folder, empty: to remove it would let in two writers, one on each side of the removal."""
PATIENCE = 30.0
"""Seconds to wait for another writer, who is done in less than one."""
_STEP = 0.05


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a folder against other writers; the system lets go of it when this process ends, however.

    Raises UsageError if another writer holds it for longer, and OSError where no file can be written.
    """
    # Opened for reading: in a folder that several people share, it may be another's.
    with os.fdopen(os.open(folder / FILE, os.O_RDONLY | os.O_CREAT, 0o666)) as held:
        for _ in range(int(patience / _STEP)):
            if _take(held.fileno()):
                break
            time.sleep(_STEP)
        else:
            raise UsageError(f"another tariffwatch is writing in {folder}; try again in a moment")
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
