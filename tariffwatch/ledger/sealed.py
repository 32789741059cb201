"""Files of records that are kept between runs, in parts, under a seal.

Python's pickles, of which only named records are read back: what a stranger or a damaged disk made of
such a file is told by its seal or its names, and is then as good as none.
"""

from __future__ import annotations

import functools
import io
import os
import pickle
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch import model
from tariffwatch.model import Loc

Names = Mapping[str, Collection[str]]
"""By module, the only names that a file may call: it can build records, and nothing else."""

RECORDS: Names = {
    "tariffwatch.model": {
        name
        for name, value in vars(model).items()
        if isinstance(value, type) and value.__module__ == model.__name__
    },
    "tariffwatch.ledger.sealed": {"record", "placed"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "zoneinfo": {"ZoneInfo"},
}
"""What every such file may hold: the records of the model, and what their fields hold."""

SEAL = 4
"""The bytes before the rest that tell whether it is as it was written."""


class Writer(pickle.Pickler):
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


class Reader(pickle.Unpickler):
    """Reads records; raises UnpicklingError for any other name."""

    def __init__(self, stream: io.BytesIO, names: Names) -> None:
        super().__init__(stream)
        self._allowed = names

    def find_class(self, module: str, name: str) -> Any:
        if name in self._allowed.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of records")


def read(path: Path, reader: Callable[[io.BytesIO], pickle.Unpickler]) -> Iterator[Any]:
    """The parts of a file, one after the other; none of a file that is not as it was written.

    Raises OSError for a file that cannot be read, and whatever its content leads to.
    """
    stream = io.BytesIO(path.read_bytes())
    if stream.read(SEAL) == _sealed(zlib.crc32(stream.getbuffer()[SEAL:])):
        while stream.tell() < len(stream.getbuffer()):
            yield reader(stream).load()


def write(path: Path, parts: Iterable[object], writer: type[Writer] = Writer) -> None:
    """Write a file in one piece, each part pickled by itself; a disk that refuses is no error."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            try:
                stream.write(bytes(SEAL))
                checksum = 0
                for part in parts:
                    held = io.BytesIO()
                    writer(held, protocol=5).dump(part)
                    checksum = zlib.crc32(held.getbuffer(), checksum)
                    stream.write(held.getbuffer())
                stream.seek(0)
                stream.write(_sealed(checksum))
                stream.close()
                os.replace(stream.name, path)
            except BaseException:
                os.unlink(stream.name)
                raise


def _sealed(checksum: int) -> bytes:
    """The sum over the rest: one bit that fell over would else be another date, or a size of gigabytes."""
    return checksum.to_bytes(SEAL)


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
