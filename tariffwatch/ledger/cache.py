"""What was parsed, kept between runs. Deleting it is always safe; a damaged or foreign one is ignored.

An entry counts only for the same path, size and modification time, and only if the file was last
changed before the cache was written: a file changed within the same tick is read again.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch import __version__, model
from tariffwatch.ledger.parse import Parsed
from tariffwatch.model import Moment

FILE = "ledger.cache"

_SAFE = {
    "tariffwatch.model": {
        name
        for name, value in vars(model).items()
        if isinstance(value, type) and value.__module__ == model.__name__
    },
    "tariffwatch.errors": {"Problem"},
    "tariffwatch.clocks": {"Clock", "Part", "Count", "Roll", "Group"},
    "tariffwatch.calendars": {"Closing"},
    "tariffwatch.ledger.parse": {"Parsed", "Overlay"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "zoneinfo": {"ZoneInfo"},
}
"""The only names that a cache may call: it can build records, and nothing else."""


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
                path = folder / FILE
                cache._written = path.stat().st_mtime_ns
                content = path.read_bytes()
                if _seal(content[_SEAL:]) == content[:_SEAL]:
                    version, entries, dates = _Reader(io.BytesIO(content[_SEAL:])).load()
                    if version == _version():
                        cache._entries, cache._dates = entries, dates
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
        """Write the cache in one piece, if anything changed; a disk that refuses is no error."""
        if self.folder is None or not self._changed:
            return
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            held = io.BytesIO()
            _Writer(held, protocol=5).dump((_version(), self._entries, self._dates))
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as stream:
                try:
                    stream.write(_seal(held.getvalue()) + held.getvalue())
                    stream.close()
                    os.replace(stream.name, self.folder / FILE)
                except BaseException:
                    os.unlink(stream.name)
                    raise


_SEAL = 4
"""The bytes before the rest that tell whether it is as it was written."""


def _seal(content: bytes) -> bytes:
    """A sum over the content: one bit that fell over would else be another date, or a size of gigabytes."""
    return zlib.crc32(content).to_bytes(_SEAL)


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        return (ZoneInfo, (value.key,)) if isinstance(value, ZoneInfo) else NotImplemented


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in _SAFE.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a ledger cache")


def _version() -> tuple[object, ...]:
    """What the entries depend on beside the files: this program's own reading, and Python."""
    here = Path(__file__).parent
    names = ("parse.py", "fields.py", "kinds.py", "positions.py")
    core = ("model.py", "clocks.py", "calendars.py")
    sources = [*(here / name for name in names), *(here.parent / name for name in core)]
    stats = tuple((stat.st_size, stat.st_mtime_ns) for stat in map(Path.stat, sources))
    return (__version__, sys.version_info[:2], stats)
