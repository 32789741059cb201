"""The present of a ledger, kept between runs: how each action stands, until that may change.

An action stands as it does from one of its edges to the next (:func:`tariffwatch.query.edges`), however
often it is asked about. What was worked out once is therefore kept with the two edges around it, and
holds for every instant between them: as long as no file of the ledger changed, nothing is read or
painted again. A ledger with problems is not kept, so that these are found, and told, every time.

Deleting what is kept is always safe; what is damaged, foreign or out of date is ignored and written anew.
"""

from __future__ import annotations

import functools
import io
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tariffwatch import stamps
from tariffwatch.errors import LedgerError
from tariffwatch.ledger import cache, sealed
from tariffwatch.ledger.load import CLOCKS_FILE, Ledger, load, shipped
from tariffwatch.model import BEGINNING, END, Action
from tariffwatch.prospect import edges, prospect
from tariffwatch.results import Filters, Prospect

FILE = "present.cache"
A_PART = 500
"""Actions that are written in one go: what is alike in them is kept once, but all of it in mind till then."""

HEAD = ("id", "title", "imposed_by", "on", "authority", "zone", "verified", "line_ids")
"""The fields of an action that are kept, for lists show them; any other is read when it is asked for."""

_NAMES: sealed.Names = {
    **sealed.RECORDS,
    "tariffwatch.kept": {"Kept"},
    "tariffwatch.results": {"Prospect", "Status", "LineStatus", "Deadline", "State", "ConditionStatus"},
}


class Kept(NamedTuple):
    """How an action stands from one edge to the next: at ``since``, and before ``until``."""

    since: datetime
    until: datetime
    prospect: Prospect


class Present:
    """A ledger, and how its actions stand now."""

    def __init__(self, paths: Sequence[Path], folder: Path | None) -> None:
        """Open the ledger of these folders and files; ``folder`` None keeps nothing.

        Raises LedgerError as :func:`tariffwatch.ledger.load.load` does.
        """
        self._whole = functools.cache(lambda: load(paths, folder))
        self._file = folder / FILE if folder else None
        self._key, self._newest = _key(paths) if folder else ("", 0)
        self._kept: dict[str, Kept] = {}
        self.ledger: Ledger = (self._file and self._read(self._file)) or self._whole()

    def prospects(self, as_of: datetime, filters: Filters) -> list[Prospect]:
        """How each action asked for stands at an instant, as known then, and what comes after it."""
        asked = [action.id for action in self.ledger.actions.values() if filters.takes(action)]
        turned = [id for id in asked if not self._holds(id, as_of)]
        for id in turned:
            self._kept[id] = _worked_out(self._whole().actions[id], as_of)
        if turned:
            self._write()
        return [self._kept[id].prospect for id in asked]

    def _holds(self, id: str, as_of: datetime) -> bool:
        kept = self._kept.get(id)
        return kept is not None and kept.since <= as_of < kept.until

    def _read(self, file: Path) -> Ledger | None:
        """The ledger as it was kept; None if it was not, or is another by now."""
        actions: dict[str, Action] = {}

        def reader(stream: io.BytesIO) -> _Reader:
            return _Reader(stream, actions)

        with suppress(Exception):  # whatever is wrong with it: the files themselves are the truth
            parts = sealed.read(file, reader)
            if file.stat().st_mtime_ns > self._newest and next(parts) == self._key:
                for values in next(parts):
                    action = _record(_Head, self._whole, zip(HEAD, values, strict=True))
                    actions[action.id] = action
                self._kept = {id: kept for part in parts for id, kept in part}
                return _record(_Opened, self._whole, (("actions", actions), ("problems", ())))
        return None

    def _write(self) -> None:
        """Keep how everything stands, unless something is wrong in the ledger: that is told every time."""
        if self._file is None or self.ledger.problems:
            return
        heads = [tuple(getattr(action, name) for name in HEAD) for action in self.ledger.actions.values()]
        kept = list(self._kept.items())
        parts = (kept[start : start + A_PART] for start in range(0, len(kept), A_PART))
        sealed.write(self._file, (self._key, heads, *parts), _Writer)


def _worked_out(action: Action, as_of: datetime) -> Kept:
    at = [BEGINNING, *edges(action), END]
    turn = bisect_right(at, as_of)
    return Kept(at[turn - 1], at[turn], prospect(action, as_of, as_of))


def _key(paths: Sequence[Path]) -> tuple[str, int]:
    """What the present depends on beside the time, and when the last of it was written.

    These are the files, the law that is taken where they hold none, and the program; and where one stands,
    if files are named from there.
    """
    found = [stamps.of(shipped() / CLOCKS_FILE)]
    here, places = os.path.join(os.getcwd(), ""), [os.path.abspath(path) for path in paths]
    for place in places:
        found += sorted(stamps.below(Path(place)))
    folders = [os.path.join(place, "") for place in places]
    near = any(folder.startswith(here) or here.startswith(folder) for folder in folders)
    key = "\n".join([cache.version(), here if near else "", *map(str, found)])
    return key, max(stamp.changed for stamp in found)


class _Writer(sealed.Writer):
    """Writes an action as its id: it stands in its ledger."""

    def persistent_id(self, value: Any) -> str | None:
        return value.id if isinstance(value, Action) else None


class _Reader(sealed.Reader):
    def __init__(self, stream: io.BytesIO, actions: dict[str, Action]) -> None:
        super().__init__(stream, _NAMES)
        self._actions = actions

    def persistent_load(self, id: str) -> Action:
        return self._actions[id]


class _Head(Action):
    """An action of which only the head is here; the rest is read when it is asked for."""

    __slots__ = ("_whole", "line_ids")
    _whole: Callable[[], Ledger]

    def __getattr__(self, name: str) -> Any:
        if name not in Action.__slots__:
            raise AttributeError(name)
        if self.id not in (actions := self._whole().actions):
            raise LedgerError(f"{self.id} went out of the ledger while it was read: ask again")
        return _filled(self, actions[self.id], name)


class _Opened(Ledger):
    """A ledger of which only the actions' heads are here; the rest is read when it is asked for."""

    __slots__ = ("_whole",)
    _whole: Callable[[], Ledger]

    def __getattr__(self, name: str) -> Any:
        if name not in Ledger.__slots__:
            raise AttributeError(name)
        return _filled(self, self._whole(), name)


T = TypeVar("T", _Head, _Opened)


def _record(kind: type[T], whole: Callable[[], Ledger], fields: Iterable[tuple[str, object]]) -> T:
    """A record with these fields alone."""
    made = object.__new__(kind)
    for name, value in (("_whole", whole), *fields):
        object.__setattr__(made, name, value)
    return made


def _filled(record: object, whole: object, name: str) -> Any:
    """A field that a record lacks, taken from the whole one."""
    value = getattr(whole, name)
    object.__setattr__(record, name, value)
    return value
