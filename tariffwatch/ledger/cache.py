"""What was parsed, kept between runs. Deleting it is always safe; a damaged or foreign one is ignored.

An entry counts only for the same path, size and modification time, and only if the file was last
changed before the cache was written: a file changed within the same tick is read again.
"""

from __future__ import annotations

import functools
import io
import os
import pickle
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from tariffwatch import __version__, model
from tariffwatch.ledger.parse import Parsed
from tariffwatch.model import Loc, Moment

FILE = "ledger.cache"
A_PART = 500
"""Files that are written in one go: what is alike in them is kept once, but all of it in mind till then."""

_SAFE = {
    "tariffwatch.model": {
        name
        for name, value in vars(model).items()
        if isinstance(value, type) and value.__module__ == model.__name__
    },
    "tariffwatch.errors": {"Problem"},
    "tariffwatch.clocks": {"Clock", "Part", "Count", "Roll", "Group"},
    "tariffwatch.calendars": {"Closing"},
    "tariffwatch.ledger.cache": {"record", "placed"},
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
                stream = io.BytesIO(path.read_bytes())
                seal = stream.read(_SEAL)
                if seal == _sealed(zlib.crc32(stream.getbuffer()[_SEAL:])):
                    version, parts = _Reader(stream).load()
                    if version == _version():
                        dates = dict(_Reader(stream).load())
                        entries = [entry for _ in range(parts) for entry in _Reader(stream).load()]
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
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as stream:
                try:
                    self._write(stream)
                    stream.close()
                    os.replace(stream.name, self.folder / FILE)
                except BaseException:
                    os.unlink(stream.name)
                    raise

    def _write(self, stream: IO[bytes]) -> None:
        """The seal, the version and the number of parts, the dates, then the entries, some at a time."""
        entries = list(self._entries.items())
        parts = [entries[start : start + A_PART] for start in range(0, len(entries), A_PART)]
        stream.write(bytes(_SEAL))
        checksum = 0
        for part in ((_version(), len(parts)), self._dates, *parts):
            held = io.BytesIO()
            _Writer(held, protocol=5).dump(part)
            checksum = zlib.crc32(held.getbuffer(), checksum)
            stream.write(held.getbuffer())
        stream.seek(0)
        stream.write(_sealed(checksum))


_SEAL = 4
"""The bytes before the rest that tell whether it is as it was written."""


def _sealed(checksum: int) -> bytes:
    """The sum over the rest: one bit that fell over would else be another date, or a size of gigabytes."""
    return checksum.to_bytes(_SEAL)


class _Writer(pickle.Pickler):
    """Writes a record as its class and the values of its fields: dataclasses' own way takes far longer."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, ZoneInfo):
            return ZoneInfo, (value.key,)
        if is_dataclass(value) and not isinstance(value, type):
            kind = type(value)
            values = [getattr(value, name) for name in _names(kind)]
            if isinstance(loc := values[-1], Loc):
                return placed, (kind, loc.file, loc.line, *values[:-1])
            return record, (kind, *values)
        return NotImplemented


def record(kind: type, *values: object) -> object:
    """A record with these values in its fields, which may be frozen; TypeError for any other class."""
    made: object = object.__new__(kind)
    for put, value in zip(_puts(kind), values, strict=True):
        put(made, value)
    return made


def placed(kind: type, file: str, line: int, *values: object) -> object:
    """A record whose last field is its place: one call for both, since every record of a ledger has one."""
    loc = object.__new__(Loc)
    _put_file(loc, file)
    _put_line(loc, line)
    return record(kind, *values, loc)


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@functools.cache
def _puts(kind: type) -> tuple[Callable[[object, object], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in _names(kind))


_put_file, _put_line = _puts(Loc)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in _SAFE.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a ledger cache")


def _version() -> tuple[object, ...]:
    """What the entries depend on beside the files: this program's own reading, and Python."""
    here = Path(__file__).parent
    names = ("cache.py", "parse.py", "fields.py", "kinds.py", "positions.py")
    core = ("years.py", "zones.py", "model.py", "clocks.py", "calendars.py")
    sources = [*(here / name for name in names), *(here.parent / name for name in core)]
    stats = tuple((stat.st_size, stat.st_mtime_ns) for stat in map(Path.stat, sources))
    return (__version__, sys.version_info[:2], stats)
