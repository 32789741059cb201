"""Which lines of the ledger a heading of chapter 99 belongs to, for goods of an origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tariffwatch.entries.model import EU_MEMBERS
from tariffwatch.model import Action, Event, Line
from tariffwatch.timeline import touches


class Basis(StrEnum):
    """How sure it is that a duty is one of a line."""

    HEADING = "heading"
    """The line names the heading, and no other line does for that origin."""
    SEVERAL = "several"
    """Several lines name the heading: it is one of them."""
    FAMILY = "family"
    """No line names the heading; the action is the only one for that origin with headings of its first six
    digits, and only what touches all its lines is said."""


@dataclass(frozen=True, slots=True)
class Match:
    """An action, and the line that is meant."""

    action: Action
    line: Line | None
    """None where only the family of headings is known."""
    basis: Basis

    def touched_by(self, event: Event) -> bool:
        """Whether an event bears on what was matched."""
        if self.line is None:
            return not (event.lines or event.rates)
        return touches(event, self.line.id)


class Headings:
    """The chapter 99 headings of the actions of the United States."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._lines: dict[str, list[tuple[Action, Line]]] = {}
        self._families: dict[str, dict[str, Action]] = {}
        for action in actions:
            for line in action.lines if action.imposed_by == "US" else ():
                for heading in line.headings:
                    self._lines.setdefault(heading, []).append((action, line))
                    self._families.setdefault(heading[:7], {})[action.id] = action

    def match(self, heading: str, origin: str) -> tuple[Match, ...]:
        """The lines that a heading may be, for goods of an origin (empty is not known).

        An action on the origin itself goes before one on all countries.
        """
        named = self._lines.get(heading, [])
        if named:
            chosen = _nearest(((action, line) for action, line in named), origin)
            basis = Basis.HEADING if len(chosen) == 1 else Basis.SEVERAL
            return tuple(Match(action, line, basis) for action, line in chosen)
        family = self._families.get(heading[:7], {})
        actions = _nearest(((action, None) for action in family.values()), origin)
        return tuple(Match(action, None, Basis.FAMILY) for action, _ in actions if len(actions) == 1)

    def beside(self, match: Match, heading: str, origin: str) -> list[tuple[Action, Line]]:
        """Other lines to which goods of that heading may have been moved: of the action, or of its family."""
        found = {(match.action.id, line.id): (match.action, line) for line in match.action.lines}
        for other, lines in self._lines.items():
            if other[:7] == heading[:7]:
                found |= {(a.id, line.id): (a, line) for a, line in lines if reaches(a, origin)}
        return [
            (action, line)
            for action, line in found.values()
            if line != match.line and _line_reaches(line, origin)
        ]


def reaches(action: Action, origin: str) -> bool:
    """Whether an action is on goods of an origin; where that is not known, it may be."""
    return not origin or "*" in action.on or _own(action, origin)


def _own(action: Action, origin: str) -> bool:
    return origin in action.on or ("EU" in action.on and origin in EU_MEMBERS)


def _nearest(lines: Iterable[tuple[Action, Line | None]], origin: str) -> list[tuple[Action, Line | None]]:
    """Those on the origin itself; else those on all countries; where it is not known, all."""
    reached = [(action, line) for action, line in lines if reaches(action, origin)]
    return [(action, line) for action, line in reached if origin and _own(action, origin)] or reached


_PARTNERS: Mapping[str, str] = {
    "uk": "GB",
    "eu": "EU",
    "japan": "JP",
    "korea": "KR",
    "taiwan": "TW",
    "russia": "RU",
    "switzerland": "CH",
    "liechtenstein": "LI",
    "brazil": "BR",
    "argentina": "AR",
    "haiti": "HT",
}
"""Words in the ids of lines that are for goods of one country."""


def _line_reaches(line: Line, origin: str) -> bool:
    """Whether a line may be for goods of an origin, by the country in its id if it names any."""
    named = {_PARTNERS[word] for word in line.id.split("-") if word in _PARTNERS}
    return not named or not origin or origin in named or ("EU" in named and origin in EU_MEMBERS)
