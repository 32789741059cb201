"""iCalendar (RFC 5545): one event for each deadline, which moves when its date is moved.

Of the same question the same bytes: names come from the deadline, stamps from the record, and nothing from
the machine. An event that is imported again replaces the one before (same UID, higher SEQUENCE); one that
is no longer due is cancelled, with its last date. The library is imported only where a calendar is made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.changes import Trail, Version
from tariffwatch.citing import cited
from tariffwatch.entries import own
from tariffwatch.model import Event, Instrument, citations
from tariffwatch.prospect import status
from tariffwatch.results import Deadline
from tariffwatch.views.report import When

if TYPE_CHECKING:
    import icalendar

LADDER = (timedelta(days=7), timedelta(days=1))
"""How long before a deadline its calendar warns, unless told otherwise."""

NAME = "Tariff deadlines"
_DAY = timedelta(days=1)
_EARLIEST_STAMP = datetime(1970, 1, 1, tzinfo=UTC)
"""For a fact without any date."""


def calendar(
    trails: Iterable[Trail],
    instruments: Mapping[str, Instrument],
    when: When,
    ladder: Sequence[timedelta] = LADDER,
) -> bytes:
    """The calendar file of these deadlines, each with an alarm for every step of the ladder.

    ``instruments`` are the shared ones; the links of an event come from them and from its action. The
    trails come from ``changes.on_calendar``. Lines end in CRLF and are folded at 75 octets.
    """
    import icalendar

    file = icalendar.Calendar()
    file.add("prodid", "-//tariffwatch//tariff deadlines//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("name", NAME)  # RFC 7986 5.1, and the older name that clients know
    file.add("x-wr-calname", NAME)
    file.add("x-wr-caldesc", _text([when.heading()]))
    shown = list(trails)
    events = [_event(trail, instruments, when, ladder) for trail in shown]
    for event in events:
        file.add_component(event)
    zones = _timezones(file, [trail.last.deadline.at for trail in shown])
    file.subcomponents = [*zones, *events]
    return bytes(file.to_ical())


def uid(trail: Trail) -> str:
    """The name of an event: the identity of its deadline, whatever becomes of its date."""
    key = trail.first_key
    parts = [key.action, key.id, key.kind.value]
    parts += ["end"] if key.ends else []
    parts += [str(trail.number)] if trail.number > 1 else []
    return words.clean("_".join(parts)) + "@tariffwatch"


def _event(
    trail: Trail, instruments: Mapping[str, Instrument], when: When, ladder: Sequence[timedelta]
) -> icalendar.Event:
    import icalendar

    version, deadline = trail.last, trail.last.deadline
    sources = _sources(deadline, instruments, when)
    stamp = max(version.recorded, _EARLIEST_STAMP)
    event = icalendar.Event()
    event.add("uid", uid(trail))
    event.add("sequence", len(trail.moves))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    _put_date(event, deadline)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if version.dropped else _confirmed(deadline))
    event.add("summary", _text([_summary(version)]))
    event.add("description", _text(_description(trail, sources, when)))
    event.add("categories", [words.clean(c) for c in (deadline.kind.words, deadline.action.authority)])
    if url := next((source.url for source in sources if _is_link(source.url)), None):
        event.add("url", url)
    for before in () if version.dropped else sorted(set(ladder), reverse=True):
        event.add_component(_alarm(before, _summary(version)))
    return event


def _confirmed(deadline: Deadline) -> str:
    """An estimate is TENTATIVE (RFC 5545 3.8.1.11)."""
    return "TENTATIVE" if deadline.estimate else "CONFIRMED"


def _put_date(event: icalendar.Event, deadline: Deadline) -> None:
    """What is due through a day is that whole day; DTEND is the first day after (RFC 5545 3.6.1).

    Anything else is an instant in the action's zone, a turning point also where the source gives the day
    alone: 00:00 in Shanghai is on the day before in New York. That it has no length is said outright, for
    some clients make an hour of an event that has neither DTEND nor DURATION.
    """
    local = deadline.at.astimezone(deadline.action.zone)
    if deadline.due.whole_day:
        event.add("dtstart", local.date())
        event.add("dtend", local.date() + _DAY)
    else:
        event.add("dtstart", local)
        event.add("duration", timedelta())


def _alarm(before: timedelta, text: str) -> icalendar.Alarm:
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text([text]))
    alarm.add("trigger", -before)
    return alarm


def _summary(version: Version) -> str:
    """``pause ends: in force at 25% - Title``; clients that ignore STATUS must not show it as due."""
    deadline = version.deadline
    said = f"{words.what_changes(deadline)} - {deadline.action.title}"
    return f"No longer due: {said}" if version.dropped else said


def _description(trail: Trail, sources: Sequence[Instrument], when: When) -> Iterator[str]:
    """What one asks of a deadline, a line each."""
    version, deadline = trail.last, trail.last.deadline
    action = deadline.action
    if version.dropped:
        yield from _why_dropped(version)
    ahead = deadline.after and not version.dropped and deadline.due.passes > when.as_of
    yield f"{'If nobody acts, ' if ahead else ''}{_at(deadline)}: {words.what_changes(deadline)}"
    if deadline.day_only:
        yield _day_alone(deadline)
    if deadline.before:
        yield f"Until then: {words.state(deadline.before, action, deadline.partial)}"
    if deadline.decided_by:
        yield f"Decided by: {deadline.decided_by}"
    for old, new in trail.moves:
        if not new.dropped:
            moved = "due again," if old.dropped else f"moved from {_at(old.deadline)} to"
            yield f"Known since {_known(new)}: {moved} {_at(new.deadline)}"
    yield f"Source: {words.graded(deadline.source or 'none', deadline.evidence)}"
    for source in sources:
        yield ", ".join(part for part in (source.title, source.cite, source.url) if part)
    checked = words.checked(status(action, when.as_of, when.knowing))
    yield own.RESTS if own.is_own(action.id) else f"Sources checked: {checked}"
    yield f"{action.id}: {action.imposed_by} on {words.parties(action.on)}, under {action.authority}"


def _why_dropped(version: Version) -> Iterator[str]:
    yield f"No longer due: known since {_known(version)}."
    for fact in version.facts:
        if isinstance(fact, Event):
            yield f"{fact.kind.value}: {fact.note or fact.id} ({fact.source or 'no source'})"


def _day_alone(deadline: Deadline) -> str:
    zone = deadline.action.zone
    if deadline.due.whole_day:
        return f"The source gives the day alone: it is a day in {zone.key}."
    return f"The source gives the day alone: it holds from {words.instant(deadline.at, zone)}."


def _at(deadline: Deadline) -> str:
    return words.instant(deadline.at, deadline.action.zone, deadline.day_only)


def _known(version: Version) -> str:
    """The day on which it became known, on the calendar of the action's zone."""
    return words.instant(version.known, version.deadline.action.zone, day_only=True)


def _sources(deadline: Deadline, shared: Mapping[str, Instrument], when: When) -> list[Instrument]:
    """The instruments that the source of a deadline names."""
    by_id = {source.id: source for source in cited(deadline.action, shared, when.knowing)}
    names = dict.fromkeys(name for name, _ in citations(deadline.source or ""))
    return [by_id[name] for name in names if name in by_id]


def _is_link(url: str | None) -> bool:
    """Whether an address can be followed, and keeps to its line."""
    return (
        url is not None and url.startswith(("https://", "http://")) and url.isprintable() and " " not in url
    )


def _text(lines: Iterable[str]) -> icalendar.vText:
    """Lines of text from files, made harmless: the only line breaks are those between them."""
    return _text_type()("\n".join(words.clean(line) for line in lines))


@cache
def _text_type() -> type[icalendar.vText]:
    """Text escaped by RFC 5545 3.3.11. The library takes a backslash before N for a line break (7.3)."""
    import icalendar

    class Text(icalendar.vText):
        def to_ical(self) -> bytes:
            escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
            return escaped.replace("\n", "\\n").encode()

    return Text


def _timezones(file: icalendar.Calendar, instants: Sequence[datetime]) -> list[icalendar.Timezone]:
    """The zones that a file names, each for the years in which its events lie."""
    years = [instant.year for instant in instants] or [1970]
    first, last = datetime(min(years), 1, 1, tzinfo=UTC), datetime(max(years) + 1, 1, 1, tzinfo=UTC)
    return [_timezone(id, first - _DAY, last + _DAY) for id in sorted(file.get_missing_tzids())]


class _Observance(NamedTuple):
    """What a zone's clocks show for a while."""

    offset: timedelta
    name: str
    daylight: bool


def _timezone(id: str, first: datetime, last: datetime) -> icalendar.Timezone:
    """A zone's clock from one instant to another (RFC 5545 3.6.5).

    The library's own (7.3) goes forward an hour late: an onset is told on the clock that ends with it,
    02:00 in March in New York, not 03:00.
    """
    import icalendar

    zone = ZoneInfo(id)
    # Readers take summer time for what an onset adds, and the first adds nothing: begin in winter.
    starts = (first - n * 30 * _DAY for n in range(13))
    first = next((start for start in starts if not _observance(zone, start).daylight), first)
    onsets: dict[tuple[_Observance, _Observance], list[datetime]] = {}
    for at in [first, *_changes(zone, first, last)]:
        before, after = _observance(zone, at - timedelta(seconds=1)), _observance(zone, at)
        onsets.setdefault((before, after), []).append((at + before.offset).replace(tzinfo=None))
    told = icalendar.Timezone()
    told.add("tzid", id)
    for (before, after), (start, *more) in onsets.items():
        part = icalendar.TimezoneDaylight() if after.daylight else icalendar.TimezoneStandard()
        part.add("dtstart", start)
        part.add("tzname", after.name)
        part.add("tzoffsetfrom", before.offset)
        part.add("tzoffsetto", after.offset)
        if more:
            part.add("rdate", more)
        told.add_component(part)
    return told


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which a zone's clock is changed, to the second."""
    while first < last:
        start, here = first, _observance(zone, first)
        first = start + _DAY
        if _observance(zone, first) != here:
            second = timedelta(seconds=1)
            yield start + second * bisect_left(
                range(_DAY // second), True, key=lambda n: _observance(zone, start + second * n) != here
            )


def _observance(zone: ZoneInfo, at: datetime) -> _Observance:
    local = at.astimezone(zone)
    return _Observance(local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst()))
