"""Edits of a TOML text that change one value each and nothing else; where that is not certain, none is made.

An edit is taken if the text then reads, as TOML, exactly as it did with that one change: a comment, a text in
quotes or an odd layout cannot be hit by mistake. Many are tried at once, and halved where they fail together.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any, TypeVar

from tariffwatch.ledger.positions import Positions

Document = dict[str, Any]
Path = tuple[str | int, ...]
"""Where a value stands in a document."""

BOM = "\ufeff"
TRIES = 20
"""How many places that look like the one to be mended are tried."""
MOST_READ = 8_000_000
"""Characters of all the texts that are tried; what is left to mend after as many is left to a person."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Renamed:
    """Stands for a value that is kept under another key."""

    name: str


Change = tuple[Path, Any]
"""A path in a document, and the value that is to stand there."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A word to be put in the place of another, somewhere from the line of a key on."""

    table: str
    index: int
    key: str
    tokens: Sequence[tuple[str, str]]
    """What may stand there, and what is then to stand there: quotes are of two kinds."""
    path: Path
    """Where the value stands in its table."""
    value: Any

    @property
    def change(self) -> Change:
        """The change that it is to make, and no other."""
        return ((self.table, self.index, *self.path) if self.table else self.path), self.value

    def said(self, old: str, new: str) -> str:
        """What is told of it."""
        return f"{self.key}: {old} -> {new}"


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of the text, and what is to stand in its place."""

    start: int
    old: str
    new: str

    @property
    def end(self) -> int:
        return self.start + len(self.old)


class _Reading:
    """A text as it is: its lines, and where tables and keys stand in them."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self._positions = Positions(text.removeprefix(BOM))

    def line(self, table: str, index: int, key: str | None) -> int:
        return self._positions.line(table, index, key)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins."""
        found = [0]
        for line in self.lines:
            found.append(found[-1] + len(line))
        return found


class Hammer:
    """One text, what it reads as, and what was done to it."""

    def __init__(self, text: str, document: Document) -> None:
        self.text = text
        self.document = document
        self.said: list[str] = []
        self._read = 0
        self._reading = _Reading(text)

    @property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return self._reading.lines

    def line(self, table: str, index: int, key: str | None) -> int:
        """The line of a key, or of the header of its table; 1 is the first."""
        return self._reading.line(table, index, key)

    def offset(self, line: int) -> int:
        """Where a line begins; 0 is the first."""
        return self._reading.offsets[line]

    def take(self, text: str, changes: Sequence[Change], said: Sequence[str]) -> bool:
        """Take a text if it reads as the present one does with these changes, and say so."""
        if self._read > MOST_READ:
            return False
        self._read += len(text)
        try:
            wanted = _changed(self.document, changes)
            document = tomllib.loads(text.removeprefix(BOM))
        except (ValueError, LookupError):
            document, wanted = {}, None
        if document != wanted:
            return False
        self.text, self.document, self._reading = text, document, _Reading(text)
        self.said += said
        return True

    def all(self, items: Sequence[T], taken: Callable[[Sequence[T]], bool]) -> None:
        """Take as many as there are to take: all at once, or else those of each half."""
        if items and self._read <= MOST_READ and not taken(items) and len(items) > 1:
            half = len(items) // 2
            self.all(items[:half], taken)
            self.all(items[half:], taken)

    def mend(self, slips: Sequence[Slip]) -> None:
        """Mend those of the slips that can be."""
        self.all(slips, lambda some: self._each(some[0]) if len(some) == 1 else self._together(some))

    def edited(self, edits: Sequence[Edit]) -> str:
        """The text with pieces replaced; they stand one behind the other."""
        pieces, end = [], 0
        for edit in edits:
            pieces += [self.text[end : edit.start], edit.new]
            end = edit.end
        return "".join([*pieces, self.text[end:]])

    def _together(self, slips: Sequence[Slip]) -> bool:
        """Mend slips where each seems to stand first."""
        edits: list[tuple[Edit, Slip]] = []
        used: dict[int, int] = {}  # several may begin on one line
        for slip in slips:
            line = self.line(slip.table, slip.index, slip.key)
            start = used.get(line, self.offset(line - 1))
            found = [Edit(at, *one) for one in slip.tokens if (at := self.text.find(one[0], start)) >= 0]
            if not found:
                return False
            edit = min(found, key=lambda one: one.start)
            used[line] = edit.end
            edits.append((edit, slip))
        edits.sort(key=lambda pair: pair[0].start)
        if any(one.end > other.start for (one, _), (other, _) in pairwise(edits)):
            return False
        said = [slip.said(edit.old, edit.new) for edit, slip in edits]
        return self.take(self.edited([e for e, _ in edits]), [slip.change for slip in slips], said)

    def _each(self, slip: Slip) -> bool:
        """Mend one slip at the first place at which the edit does what it should and no more."""
        start = self.offset(self.line(slip.table, slip.index, slip.key) - 1)
        for old, new in slip.tokens:
            for found in islice(re.finditer(re.escape(old), self.text[start:]), TRIES):
                text = self.edited([Edit(start + found.start(), old, new)])
                if self.take(text, [slip.change], [slip.said(old, new)]):
                    return True
        return False


def _changed(document: Document, changes: Sequence[Change]) -> Document:
    """The document with values put at paths, or keys renamed. Raises LookupError where there is no place."""
    changed = deepcopy(document)
    for (*to, last), value in changes:
        held: Any = changed
        for step in to:
            held = held[step]
        if isinstance(value, Renamed):
            held[value.name] = held.pop(last)
        else:
            held[last] = value
    return changed
