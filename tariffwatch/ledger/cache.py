"""What was parsed, kept between runs. Deleting it is always safe; a damaged or foreign one is ignored.

An entry counts only for the same path, size and modification time, and only if the file was last
changed before the cache was written: a file changed within the same tick is read again.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tariffwatch import __version__, stamps
from tariffwatch.ledger import sealed
from tariffwatch.ledger.parse import Parsed
from tariffwatch.model import Moment

FILE = "ledger.cache"
A_PART = 500
"""Files that are written in one go: what is alike in them is kept once, but all of it in mind till then."""

_NAMES: sealed.Names = {
    **sealed.RECORDS,
    "tariffwatch.errors": {"Problem"},
    "tariffwatch.clocks": {"Clock", "Part", "Count", "Roll", "Group"},
    "tariffwatch.calendars": {"Closing"},
    "tariffwatch.ledger.parse": {"Parsed", "Overlay"},
}


def _reader(stream: io.BytesIO) -> sealed.Reader:
    return sealed.Reader(stream, _NAMES)


@dataclass(slots=True)
class Cache:
    """The parsed files of one cache folder; ``folder`` None keeps nothing."""

    folder: Path | None
    _entries: dict[tuple[str, str], tuple[int, int, Parsed]] = field(default_factory=dict)
    _dates: dict[tuple[object, ...], Moment] = field(default_factory=dict)
    _written: int = 0
    _changed: bool = False

    @classmethod
    def open(cls, folder: Path | None) -> Cache:
        """Read the cache of a folder; an empty one if there is none that can be used."""
        cache = cls(folder)
        if folder is not None:
            with suppress(Exception):  # whatever is wrong with it: the files themselves are the truth
                cache._written = (folder / FILE).stat().st_mtime_ns
                parts = sealed.read(folder / FILE, _reader)
                if next(parts) == version():
                    dates = dict(next(parts))
                    entries = [entry for part in parts for entry in part]
                    cache._entries, cache._dates = dict(entries), dates
        return cache

    def get(self, file: Path, name: str) -> Parsed | None:
        """What the file held, if it is unchanged since."""
        entry = self._entries.get((str(file), name))
        if entry is None:
            return None
        with suppress(OSError):
            stat = file.stat()
            if entry[:2] == (stat.st_size, stat.st_mtime_ns) and stat.st_mtime_ns < self._written:
                return entry[2]
        return None

    def put(self, file: Path, name: str, parsed: Parsed) -> None:
        """Keep what the file holds now."""
        with suppress(OSError):
            stat = file.stat()
            self._entries[str(file), name] = (stat.st_size, stat.st_mtime_ns, parsed)
            self._changed = True

    def date(self, key: tuple[object, ...], work: Callable[[], Moment]) -> Moment:
        """The date that a legal clock gave for a key, worked out once: calendars are slow to load."""
        if (kept := self._dates.get(key)) is None:
            kept = self._dates[key] = work()
            self._changed = True
        return kept

    def save(self) -> None:
        """Write the cache in one piece, if anything changed; a disk that refuses is no error.

        What a file held that is gone is not kept any longer.
        """
        if self.folder is None or not self._changed:
            return
        self._entries = {key: entry for key, entry in self._entries.items() if os.path.exists(key[0])}
        entries = list(self._entries.items())
        parts = (entries[start : start + A_PART] for start in range(0, len(entries), A_PART))
        sealed.write(self.folder / FILE, (version(), self._dates, *parts))


def version() -> str:
    """What the entries depend on beside the files: this program, Python, and the calendars."""
    here = Path(__file__).parent
    calendars = find_spec("holidays")
    files = [*here.glob("*.py"), *here.parent.glob("*.py"), Path((calendars and calendars.origin) or "")]
    return "\n".join(
        [__version__, str(sys.version_info[:2]), *sorted(str(stamps.of(file)) for file in files)]
    )
