"""What goods on their way will meet: the next boundary, the duty on either side, and in-transit clauses.

Duty depends on the time of entry, not on export or arrival (19 CFR 141.68, 141.69). A clause for goods in
transit holds only if both tests do: loaded before one instant, and entered before another. Those of the
United States CBP reads for vessels alone, the same ship from the loading to the entry (its answers of April
and May 2025 on the reciprocal tariff); where such an order names no last day of entry, nothing is taken as
spared. Those of others stand as they are written: a Canadian surtax spares what is in transit on its first
day, by any means and until it arrives (SOR/2025-66 s. 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from tariffwatch.entries.matching import Basis, Headings, Match, reaches
from tariffwatch.entries.model import ZERO, ZONE, Mode, Shipment, Stamp
from tariffwatch.entries.values import heading
from tariffwatch.errors import UsageError
from tariffwatch.model import BEGINNING, END, Action, Event, EventKind, Line, Phase, Rate
from tariffwatch.results import Due
from tariffwatch.timeline import at, paint, touches

DELAYS = (0, 1, 3, 7)
"""Days by which the entry may come later than expected."""
_INSTANT = timedelta(microseconds=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the ledger says of goods of a line that are entered at an instant."""

    phase: Phase | None
    rate: Rate | None
    """What is collected; None if nothing is, or no rate is known."""
    duty: Decimal | None
    """In US dollars, rounded to cents; None where the ledger cannot tell."""
    spared_by: Event | None = None
    """The event whose in-transit clause spares the goods."""

    @property
    def collected(self) -> tuple[bool, Rate | None]:
        """What makes a difference to goods."""
        return self.phase is Phase.IN_FORCE, self.rate

    @property
    def words(self) -> str:
        """What is collected, or why nothing is."""
        if self.spared_by:
            return f"{self.rate or 'nothing'} (in transit)"
        if self.phase is Phase.IN_FORCE:
            return str(self.rate or "no rate known")
        return f"nothing ({self.phase.words if self.phase else 'not begun'})"


@dataclass(frozen=True, slots=True)
class Clause:
    """An in-transit clause, tested on a shipment."""

    event: Event
    loaded: bool
    """Loaded before its instant."""
    mode: bool | None
    """On a vessel; None where the file does not say, or nobody asks."""
    entered: bool | None
    """Expected to be entered before its other instant; None where the order names none."""
    by_us: bool
    """Of the United States: CBP asks for a vessel and for a last day of entry."""

    @property
    def holds(self) -> bool:
        """Every test does."""
        if self.by_us:
            return self.loaded and bool(self.mode) and bool(self.entered)
        return self.loaded and self.entered is not False


@dataclass(frozen=True, slots=True)
class Measure:
    """A line that a shipment names, and what it means for it."""

    named: str
    match: Match
    expected: Treatment
    clauses: tuple[Clause, ...]

    @property
    def words(self) -> str:
        """The action and the line."""
        return f"{self.match.action.id}, {self.match.line.id}" if self.match.line else self.match.action.id


@dataclass(frozen=True, slots=True)
class Boundary:
    """An instant at which the treatment of a shipment changes."""

    at: datetime
    changes: tuple[tuple[Measure, Treatment, Treatment], ...]
    """The measures that change: before, after."""
    before: Decimal | None
    """The duty of all measures together, if none displaces another; None where the ledger cannot tell."""
    after: Decimal | None
    transit: bool = False
    """It is the last instant of an in-transit clause."""

    @property
    def due(self) -> Due:
        """When it comes, on the calendar of the measure's zone."""
        action = self.changes[0][0].match.action
        return Due(self.at, False, False, action.zone, action.imposed_by)

    @property
    def words(self) -> str:
        """``s122-surcharge-2026, general: 10% -> nothing (expired)``."""
        return "; ".join(
            f"{measure.words}: {before.words} -> {after.words}" for measure, before, after in self.changes
        )


@dataclass(frozen=True, slots=True)
class Delay:
    """Where an entry falls that comes some days later than expected."""

    days: int
    past: bool
    """At or after the boundary that is nearest to the expected entry."""
    duty: Decimal | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A shipment with all that was found."""

    shipment: Shipment
    measures: tuple[Measure, ...]
    boundaries: tuple[Boundary, ...]
    """Those after the instant asked about, through the first after the expected entry; soonest first."""
    delays: tuple[Delay, ...]
    duty: Decimal | None
    """On the expected entry, of all measures together, if none displaces another."""
    notes: tuple[str, ...]

    @property
    def next(self) -> Boundary | None:
        """The boundary to come that is nearest to the expected entry, before or after it."""
        return _nearest(self.boundaries, self.shipment.expected)


def outlooks(
    shipments: Iterable[Shipment], actions: Mapping[str, Action], as_of: datetime, knowing: datetime
) -> tuple[list[Outlook], list[tuple[Shipment, str]]]:
    """Look at shipments; those of which a measure is not in the ledger are told apart, with the reason.

    Those come first whose next boundary does.
    """
    finder = _Finder(actions)
    found, unread = [], []
    for shipment in shipments:
        try:
            matches = [match for named in shipment.measures for match in finder.find(named, shipment)]
        except UsageError as error:
            unread.append((shipment, str(error)))
            continue
        found.append(_outlook(shipment, matches, as_of, knowing))
    found.sort(key=lambda one: (one.next.at if one.next else END, one.shipment.row))
    return found, unread


class _Finder:
    """Finds the lines that a file names."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self._actions = actions
        self._headings = Headings(actions.values())

    def find(self, named: str, shipment: Shipment) -> list[tuple[str, Match]]:
        """The lines of a heading, an action (its first line) or ``action/line``. Raises UsageError."""
        slug, _, part = named.partition("/")
        if action := self._actions.get(slug):
            return [(named, Match(action, _line(action, part), Basis.HEADING))]
        try:
            matches = self._headings.match(heading(named), shipment.origin)
        except ValueError:
            raise UsageError(
                f'measures: "{named}" is neither a heading nor an action of the ledger'
            ) from None
        lines = [(named, match) for match in matches if match.line]
        if not lines:
            raise UsageError(
                f"measures: {named} is in no line of the ledger for goods of {shipment.origin}; "
                "name the line, such as ieepa-reciprocal-general/brazil"
            )
        return lines


def _line(action: Action, part: str) -> Line:
    """The line of that id, or the first. Raises UsageError."""
    if not action.lines:
        raise UsageError(f"measures: {action.id} has no lines: no goods pay under it")
    if not part:
        return action.lines[0]
    line = next((line for line in action.lines if line.id == part), None)
    if line is None:
        lines = ", ".join(line.id for line in action.lines)
        raise UsageError(f'measures: {action.id} has no line "{part}"; it has: {lines}')
    return line


def _outlook(
    shipment: Shipment, matches: Sequence[tuple[str, Match]], as_of: datetime, knowing: datetime
) -> Outlook:
    roads = [_Road(match, shipment, knowing) for _, match in matches]
    measures = [
        Measure(named, match, road.treatment(road.entry), road.clauses(road.entry))
        for (named, match), road in zip(matches, roads, strict=True)
    ]
    boundaries = _boundaries(list(zip(measures, roads, strict=True)), as_of, shipment.expected)
    nearest = _nearest(boundaries, shipment.expected)
    delays = []
    for days in DELAYS:
        later = timedelta(days=days)
        both = zip(measures, roads, strict=True)
        duty = _total([(one, road.treatment(road.entry + later)) for one, road in both])
        past = nearest is not None and shipment.expected.on(nearest.due.zone) + later >= nearest.at
        delays.append(Delay(days, past, duty))
    return Outlook(
        shipment=shipment,
        measures=tuple(measures),
        boundaries=tuple(boundaries),
        delays=tuple(delays),
        duty=delays[0].duty,
        notes=tuple(_notes(shipment, matches, measures, as_of)),
    )


def _nearest(boundaries: Sequence[Boundary], entry: Stamp) -> Boundary | None:
    return min(boundaries, key=lambda one: abs(one.at - entry.on(one.due.zone)), default=None)


def _boundaries(measures: Sequence[tuple[Measure, _Road]], as_of: datetime, entry: Stamp) -> list[Boundary]:
    """The instants that change something, after ``as_of`` and through the first after the entry."""
    edges = sorted({edge for _, road in measures for edge in road.edges if as_of < edge < END})
    found: list[Boundary] = []
    for edge in edges:
        sides = [(one, road.treatment(edge - _INSTANT), road.treatment(edge)) for one, road in measures]
        changes = tuple(side for side in sides if side[1].collected != side[2].collected)
        if not changes:
            continue
        before = _total([(one, treatment) for one, treatment, _ in sides])
        after = _total([(one, treatment) for one, _, treatment in sides])
        transit = any(before.spared_by for _, before, _ in changes)
        found.append(Boundary(edge, changes, before, after, transit))
        if edge > entry.on(found[-1].due.zone):
            break
    return found


def _total(treatments: Iterable[tuple[Measure, Treatment]]) -> Decimal | None:
    """The duty of all that a file names; None where one is not known, or of which line it is."""
    by_name: dict[str, set[Decimal | None]] = {}
    for one, treatment in treatments:
        by_name.setdefault(one.named, set()).add(treatment.duty)
    known = [duty for (duty, *others) in by_name.values() if duty is not None and not others]
    return sum(known, ZERO) if len(known) == len(by_name) else None


class _Road:
    """One line on the way of a shipment."""

    def __init__(self, match: Match, shipment: Shipment, knowing: datetime) -> None:
        assert match.line
        self._line = match.line.id
        self._action = match.action
        self._shipment = shipment
        self.entry = shipment.expected.on(match.action.zone)
        """When entry is expected, on the measure's own calendar."""
        self._events = _collected(match.action.events, knowing)
        self._clauses = [
            (event, _softened(event, self._events))
            for event in self._events
            if event.transit and touches(event, self._line)
        ]
        self._strip = paint(self._events, [self._line], knowing)[self._line]

    @property
    def edges(self) -> set[datetime]:
        """Where something may change: the edges of the strip, and the last instants of clauses."""
        transits = (clause.transit for clause, _ in self._clauses)
        lasts = {t.entered_before.at for t in transits if t and t.entered_before}
        return ({stretch.start for stretch in self._strip} | lasts) - {BEGINNING}

    def treatment(self, instant: datetime) -> Treatment:
        """What goods entered at an instant meet; spared ones, what held before the event that spares them."""
        plain = here = at(self._strip, instant)
        spared = None
        for clause, softened in self._clauses:
            begun = softened.effective.at if softened.effective else END
            if begun <= instant and self._test(clause, instant).holds:
                former = at(self._strip, begun - _INSTANT)
                if plain.phase is Phase.IN_FORCE and (former.phase, former.rate) != (plain.phase, plain.rate):
                    here, spared = former, clause
                    break
        rate = here.rate if here.phase is Phase.IN_FORCE else None
        return Treatment(here.phase, rate, _duty(self._shipment.value, here.phase, rate), spared)

    def clauses(self, instant: datetime) -> tuple[Clause, ...]:
        """The in-transit clauses of what has begun at an instant, tested; without those far out of reach."""
        begun = (
            self._test(event, instant)
            for event, softened in self._clauses
            if softened.effective and softened.effective.at <= instant
        )
        return tuple(clause for clause in begun if clause.loaded or clause.entered)

    def _test(self, event: Event, entered: datetime) -> Clause:
        transit, shipment = event.transit, self._shipment
        assert transit
        last = transit.entered_before
        by_us = self._action.imposed_by == "US"
        return Clause(
            event=event,
            loaded=_loaded_before(shipment.loaded, transit.loaded_before.at, self._action.zone),
            mode=shipment.mode is Mode.VESSEL if by_us and shipment.mode else None,
            entered=None if last is None else entered < last.at,
            by_us=by_us,
        )


def _collected(events: Iterable[Event], knowing: datetime) -> list[Event]:
    """The events by which duty is collected: not a judgment, where collection went on to an end."""
    known = [event for event in events if event.known.at <= knowing]
    stopped = [e.effective.at for e in known if e.kind is EventKind.TERMINATED and e.effective]
    return [
        event
        for event in known
        if not (
            event.kind is EventKind.INVALIDATED
            and event.effective
            and any(event.effective.at < stop for stop in stopped)
        )
    ]


def _softened(clause: Event, events: Sequence[Event]) -> Event:
    """The event that a clause softens: its own, or of a notice that only prints it, the order of that day."""
    if clause.kind in (EventKind.ORDERED, EventKind.MODIFIED):
        return clause
    orders = [e for e in events if e.kind in (EventKind.ORDERED, EventKind.MODIFIED)]
    return next((e for e in reversed(orders) if e.effective == clause.effective), clause)


def _loaded_before(loaded: Stamp | None, limit: datetime, zone: ZoneInfo) -> bool:
    """Whether goods were loaded before an instant; of a day alone, by its close in the zone."""
    if loaded is None:
        return False
    if loaded.at:
        return loaded.at < limit
    return loaded.day < limit.astimezone(zone).date()


def _duty(value: Decimal | None, phase: Phase | None, rate: Rate | None) -> Decimal | None:
    """What is due on a value, as far as the ledger's rate tells."""
    if phase is not Phase.IN_FORCE:
        return ZERO
    if rate and rate.text == "exempt":
        return ZERO
    if value is None or rate is None or rate.percent is None or rate.floor:
        return None
    return (value * rate.percent / 100).quantize(_CENT, ROUND_HALF_UP)


def _notes(
    shipment: Shipment, matches: Sequence[tuple[str, Match]], measures: Sequence[Measure], as_of: datetime
) -> Iterable[str]:
    if shipment.expected.on(ZONE) < as_of:
        yield "the expected entry lies behind"
    for named in dict.fromkeys(named for named, match in matches if match.basis is Basis.SEVERAL):
        lines = [f"{m.action.id}/{m.line.id}" for name, m in matches if name == named and m.line]
        yield f"{named} stands in {len(lines)} lines; name the one that is meant: {', '.join(lines)}"
    for named, match in matches:
        ids = [line.id for line in match.action.lines]
        if named == match.action.id and len(ids) > 1 and ids[0] != "general":
            yield f"{named} has {len(ids)} lines, and {ids[0]} is taken: name yours, such as {named}/{ids[1]}"
        if not reaches(match.action, shipment.origin):
            yield f"{match.action.id} is not on goods of {shipment.origin}"
    if len({one.named for one in measures}) > 1:
        yield "the duties are added up; one may displace another (no stacking)"
    if any(one.expected.rate and one.expected.rate.floor for one in measures):
        yield "a floor is a total that includes the ordinary duty, which is not known here"
