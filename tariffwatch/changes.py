"""Two worlds compared: what has moved, come or gone between one look at the deadlines and the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from tariffwatch.results import Key


class Keyed(Protocol):
    """A deadline, or what somebody remembers of one."""

    @property
    def key(self) -> Key: ...


Old = TypeVar("Old", bound=Keyed)
New = TypeVar("New", bound=Keyed)


def pair(before: Iterable[Old], after: Iterable[New]) -> list[tuple[Old | None, New | None]]:
    """Each deadline of the one world beside the same of the other; None where there is none.

    An extension may turn the end of a pause into the end of the measure: where no deadline of the same
    kind is left, one of the same event and edge is the same deadline under another kind.
    """
    left = {old.key: old for old in before}
    pairs: list[tuple[Old | None, New | None]] = []
    unmatched: list[New] = []
    for new in after:
        if old := left.pop(new.key, None):
            pairs.append((old, new))
        else:
            unmatched.append(new)
    for new in unmatched:
        alike = next((key for key in left if _edge(key) == _edge(new.key)), None)
        pairs.append((left.pop(alike) if alike else None, new))
    return [*pairs, *((old, None) for old in left.values())]


def _edge(key: Key) -> tuple[str, str, bool]:
    return (key.action, key.id, key.ends)
