"""Which duty a later event touched: a court's judgment, an order that reaches back, an exclusion.

What is compared is the ledger as it was known at the entry with the ledger as it is known now:

* *invalidation*: a court found the duty without authority. It touches whatever was paid before the end of
  collection, also between the judgment and that end: goods entered on 20 to 23 February 2026 paid the IEEPA
  duties until 2026-02-24 00:00 (CSMS # 67834313), not until the judgment of 20 February.
* *retroactive*: what became known after the entry holds from before it, for the line that was paid; or, of
  an event that paints nothing, may hold for the goods.
* *exclusion*: another line of the action, or of the headings beside it, was exempted or given its own rate
  back to before the entry. It helps only goods that are in that line, which the file does not say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tariffwatch.entries.matching import Headings, Match
from tariffwatch.entries.model import Duty, Entry
from tariffwatch.model import Action, Event, EventKind, Phase, citations
from tariffwatch.timeline import Stretch, at, paint


class Reach(StrEnum):
    """In which way a later event touches a duty."""

    INVALIDATION = "invalidation"
    RETROACTIVE = "retroactive"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Touch:
    """A later event that touched a duty."""

    action: Action
    event: Event
    reach: Reach
    certain: bool
    """It changes what the ledger says of the line that was paid; else it may, depending on the goods."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid under one heading, and what the ledger says of it."""

    duty: Duty
    origin: str
    matches: tuple[Match, ...]
    touches: tuple[Touch, ...]
    ended: Event | None = None
    """The event by which the duty had ended when the goods were entered: it should not have been paid."""
    idle: Phase | None = None
    """The phase, not in force, in which the ledger has the line on the entry date."""

    @property
    def invalid(self) -> bool:
        """A court found it without authority."""
        return any(touch.reach is Reach.INVALIDATION for touch in self.touches)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the ledger says of a heading for goods of an origin, over a stretch of entry dates."""

    matches: tuple[Match, ...]
    touches: tuple[Touch, ...]
    ended: Event | None
    idle: Phase | None


class Ledgers:
    """The measures of a ledger as known at one instant, and as they were known at entries."""

    def __init__(self, actions: Mapping[str, Action], knowing: datetime) -> None:
        self.actions = actions
        self.knowing = knowing
        self._headings = Headings(actions.values())
        self._judgments = _judgments(actions.values())
        self._edges: dict[tuple[str, str], list[datetime]] = {}
        self._told: dict[tuple[str, str, int], Told] = {}

    def paid(self, entry: Entry) -> tuple[Paid, ...]:
        """What was paid on an entry; nothing is said of headings on which nothing was paid."""
        return tuple(self._of(entry, origin, duty) for origin, duty in entry.duties if duty.amount)

    def _of(self, entry: Entry, origin: str, duty: Duty) -> Paid:
        told = self.told(duty.heading, origin, entry.instant)
        return Paid(duty, origin, told.matches, told.touches, told.ended, told.idle)

    def told(self, heading: str, origin: str, entered: datetime) -> Told:
        """What the ledger says of duty paid under a heading on an entry of an instant.

        It is worked out once for all entries between two dates of the actions concerned: nothing that is
        compared with an entry changes on other days.
        """
        goods = heading, origin
        if goods not in self._edges:
            self._edges[goods] = self._dates(heading, origin)
        key = heading, origin, bisect_right(self._edges[goods], entered)
        if key not in self._told:
            self._told[key] = self._tell(heading, origin, entered)
        return self._told[key]

    def _dates(self, heading: str, origin: str) -> list[datetime]:
        """Every instant at which an action that may bear on these goods changes, or becomes known to."""
        matches = self._headings.match(heading, origin)
        beside = [other for match in matches for other, _ in self._headings.beside(match, heading, origin)]
        events = (event for action in [*(m.action for m in matches), *beside] for event in action.events)
        moments = (m for event in events for m in (event.known, event.effective, event.until) if m)
        return sorted({moment.at for moment in moments})

    def _tell(self, heading: str, origin: str, entered: datetime) -> Told:
        matches = self._headings.match(heading, origin)
        found = {
            (touch.action.id, touch.event.id): touch
            for match in matches
            for touch in self._touches(match, heading, origin, entered)
        }
        ended = [self._ended(match, entered) for match in matches]
        idle = [self._idle(match, entered) for match in matches]
        return Told(
            matches=matches,
            touches=tuple(sorted(found.values(), key=lambda t: t.event.known.at)),
            ended=ended[0] if matches and all(ended) else None,
            idle=idle[0] if matches and all(idle) else None,
        )

    def _touches(self, match: Match, heading: str, origin: str, entered: datetime) -> Iterator[Touch]:
        action = match.action
        if self._ended(match, entered):
            return
        for event in self._later(action, entered):
            if self._strikes(event, match):
                yield Touch(action, event, Reach.INVALIDATION, certain=True)
            elif _reaches_back(event, entered) and match.touched_by(event):
                changes = match.line is not None and self._changes(action, match.line.id, event, entered)
                if changes or event.kind is EventKind.MILESTONE:
                    yield Touch(action, event, Reach.RETROACTIVE, certain=changes)
        for other, line in self._headings.beside(match, heading, origin):
            for event in other.events:
                given = event.kind in _BEGINS and event.rates.get(line.id)
                if given and event.known.at <= self.knowing and _reaches_back(event, entered):
                    yield Touch(other, event, Reach.EXCLUSION, certain=False)

    def invalidations(self, match: Match, entered: datetime) -> list[Touch]:
        """The judgments alone that touched duty of a line paid on an entry of an instant."""
        if self._ended(match, entered):
            return []
        events = [event for event in self._later(match.action, entered) if self._strikes(event, match)]
        return [Touch(match.action, event, Reach.INVALIDATION, certain=True) for event in events]

    def _strikes(self, event: Event, match: Match) -> bool:
        """Whether a court ended the duty; of a duty that an order had ended before, that is only told."""
        told = event.kind is EventKind.MILESTONE and _first_source(event) in self._judgments
        return (told or event.kind is EventKind.INVALIDATED) and match.touched_by(event)

    def _later(self, action: Action, entered: datetime) -> list[Event]:
        """What became known after an entry, and whatever a court ended that was still collected."""
        return [
            event
            for event in action.events
            if event.known.at <= self.knowing
            and (event.known.at > entered or event.kind is EventKind.INVALIDATED)
        ]

    def _changes(self, action: Action, line: str, event: Event, entered: datetime) -> bool:
        """Whether the strip at the entry is another one with an event than without it."""
        without = [other for other in action.events if other is not event]
        before, after = (_here(events, line, entered, self.knowing) for events in (without, action.events))
        return (before.phase, before.rate) != (after.phase, after.rate)

    def _ended(self, match: Match, entered: datetime) -> Event | None:
        """The event by which a duty had ended for good before an entry.

        A judgment is not such an end where collection went on: the order that stops collection is.
        """
        ends = [
            event
            for event in match.action.events
            if event.kind in _ENDS and event.known.at <= self.knowing and match.touched_by(event)
        ]
        stops = [event for event in ends if event.kind is not EventKind.INVALIDATED] or ends
        gone = [event for event in stops if event.effective and event.effective.at <= entered]
        return gone[0] if gone and self._is_over(match, entered) else None

    def _is_over(self, match: Match, entered: datetime) -> bool:
        line = match.line or (match.action.lines or (None,))[0]
        return line is not None and _here(match.action.events, line.id, entered, self.knowing).phase in _OVER

    def _idle(self, match: Match, entered: datetime) -> Phase | None:
        """The phase in which nothing is collected by the ledger, if the line was in one."""
        if match.line is None:
            return None
        phase = _here(match.action.events, match.line.id, entered, self.knowing).phase
        return phase if phase in _IDLE else None


_BEGINS = frozenset({EventKind.ORDERED, EventKind.MODIFIED})
_ENDS = frozenset({EventKind.TERMINATED, EventKind.INVALIDATED, EventKind.SUPERSEDED, EventKind.WITHDRAWN})
_OVER = frozenset({Phase.TERMINATED, Phase.INVALIDATED, Phase.SUPERSEDED, Phase.WITHDRAWN, Phase.EXPIRED})
_IDLE = frozenset({Phase.SCHEDULED, Phase.SUSPENDED, Phase.EXPIRED, Phase.THREATENED})


def _judgments(actions: Iterable[Action]) -> frozenset[str]:
    """The instruments by which courts ended duties."""
    events = (event for action in actions for event in action.events)
    return frozenset(filter(None, (_first_source(e) for e in events if e.kind is EventKind.INVALIDATED)))


def _first_source(event: Event) -> str | None:
    return citations(event.source)[0][0] if event.source else None


def _reaches_back(event: Event, entered: datetime) -> bool:
    """Whether an event known later holds from before an entry, and not for goods in transit alone."""
    effective = event.effective
    return (
        effective is not None
        and effective.at <= entered < event.known.at
        and (event.until is None or event.until.at > entered)
        and event.kind is not EventKind.INVALIDATED
        and not (event.kind is EventKind.MILESTONE and event.transit)
    )


def _here(
    events: tuple[Event, ...] | list[Event], line: str, instant: datetime, knowing: datetime
) -> Stretch:
    return at(paint(events, [line], knowing)[line], instant)
