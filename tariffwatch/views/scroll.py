"""A list longer than the screen, in parts of some lines each, and the moves over it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from tariffwatch.views.keys import DOWN, END, HOME, PAGE_DOWN, PAGE_UP, UP


class Place(NamedTuple):
    """The part at the top of the screen, and how many of its lines are above it.

    It is the same part however wide the screen becomes.
    """

    part: int
    above: int


BEGINNING = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Scroll:
    """The lines of each part, at least one, and the lines that the screen has room for, at least one."""

    heights: tuple[int, ...]
    room: int

    @property
    def starts(self) -> list[int]:
        """The line at which each part begins."""
        return [0, *accumulate(self.heights)][: len(self.heights)]

    @property
    def total(self) -> int:
        """The lines of all parts."""
        return sum(self.heights)

    @property
    def seen(self) -> bool:
        """Whether all of it is on the screen at once."""
        return self.total <= self.room

    def line(self, place: Place) -> int:
        """The line at the top for a place, or the nearest that there is: the list may have become shorter."""
        part, above = place
        if part >= len(self.heights):
            return self._nearest(self.total)
        return self._nearest(self.starts[part] + min(above, self.heights[part] - 1))

    def parts(self, place: Place) -> tuple[int, int]:
        """The first and the last part on the screen, counted from 1."""
        top = self.line(place)
        return self._begun(top), self._begun(top + self.room - 1)

    def moved(self, place: Place, key: str) -> Place:
        """The place after a key, from the beginning of one part to another; no line is jumped over."""
        top, room, starts = self.line(place), self.room, self.starts
        match key:
            case _ if key == DOWN:
                to = min((s for s in starts if top < s <= top + room), default=top + room)
            case _ if key == UP:
                to = max((s for s in starts if top - room <= s < top), default=top - room)
            case _ if key == PAGE_DOWN:
                to = max((s for s in starts if top < s <= top + room), default=top + room)
            case _ if key == PAGE_UP:
                to = min((s for s in starts if top - room <= s < top), default=top - room)
            case _:
                to = {HOME: 0, END: self.total}.get(key, top)
        return self._place(self._nearest(to))

    def _nearest(self, line: int) -> int:
        """A line that can be at the top: at the end, no more of the screen is empty than need be."""
        last = min((s for s in self.starts if self.total - s <= self.room), default=self.total - self.room)
        return max(0, min(line, last))

    def _place(self, line: int) -> Place:
        part = self._begun(line) - 1
        return Place(part, line - self.starts[part]) if part >= 0 else BEGINNING

    def _begun(self, line: int) -> int:
        """How many parts begin at a line or before it."""
        return sum(start <= line for start in self.starts)


MOVES = frozenset({UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END})
"""The keys that move."""
