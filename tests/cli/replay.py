"""The commands by which a person would have kept an action: ``add``, then ``record`` for each fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from tariffwatch.model import (
    Action,
    Condition,
    Event,
    Instrument,
    Line,
    Moment,
    StatedDeadline,
)

Command = list[str]


def commands(action: Action, slug: str) -> Iterator[Command]:
    """Every command that makes an action anew under another slug, each fact when it became known.

    What names another fact comes after that one.
    """
    yield _add(action, slug)
    for line in action.lines:
        yield _line(line, slug)
    for instrument in action.instruments:
        yield _instrument(instrument, slug)
    conditions, deadlines = list(action.conditions), list(action.deadlines)
    there: set[str] = set()
    for event in sorted(action.events, key=lambda event: event.known.at):
        for condition in [c for c in conditions if _can_stand(c, event, there)]:
            conditions.remove(condition)
            for deadline in [d for d in deadlines if d.id == condition.bears_on]:
                deadlines.remove(deadline)
                yield _deadline(deadline, action, slug)
            yield _condition(condition, action, slug)
        yield _event(event, action, slug)
        there.add(event.id)
    for deadline in deadlines:
        yield _deadline(deadline, action, slug)
    for condition in conditions:
        yield _condition(condition, action, slug)


def _can_stand(condition: Condition, event: Event, there: set[str]) -> bool:
    """Whether a condition must, and can, be recorded before an event."""
    assessed = event.condition == condition.id
    return assessed or condition.bears_on in there


def _options(slug: str, kind: str, given: dict[str, object], zone: ZoneInfo) -> Command:
    command = ["record", slug, kind]
    for key, value in given.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if one is not None:
                command += [f"--{key.replace('_', '-')}", _typed(one, zone)]
    return command


def _typed(value: object, zone: ZoneInfo) -> str:
    """A value as one types it: times without an offset."""
    if isinstance(value, Moment):
        local = value.at.astimezone(zone)
        return f"{local:%Y-%m-%d}" if value.day_only else f"{local:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _take(record: object, *keys: str) -> dict[str, object]:
    return {key: getattr(record, key) for key in keys}


FACT = ("source", "evidence", "disputed", "note")


def _add(action: Action, slug: str) -> Command:
    command = ["add", slug, "--title", action.title, "--imposed-by", action.imposed_by]
    command += ["--authority", action.authority, "--zone", action.zone.key, "--on", ",".join(action.on)]
    for key in ("verified", "summary", "note"):
        if value := getattr(action, key):
            command += [f"--{key}", str(value)]
    return command


def _line(line: Line, slug: str) -> Command:
    return _options(slug, "line", _take(line, "id", "label", "headings", "note"), ZoneInfo("UTC"))


def _instrument(instrument: Instrument, slug: str) -> Command:
    keys = ("id", "title", "kind", "signed", "published", "cite", "doc", "url", "archive", "note")
    return _options(slug, "instrument", _take(instrument, *keys), ZoneInfo("UTC"))


def _event(event: Event, action: Action, slug: str) -> Command:
    keys = ("id", "known", "effective", "until", "lines", "rate", "extends", "postpones", "condition")
    given = _take(event, *keys, "finding", "by", *FACT)
    given["rates"] = [f"{line}={rate}" for line, rate in event.rates.items()]
    if event.transit:
        given |= _take(event.transit, "loaded_before", "entered_before")
        given["transit_note"] = event.transit.note
    return _options(slug, event.kind, given, action.zone)


def _condition(condition: Condition, action: Action, slug: str) -> Command:
    keys = ("id", "party", "text", "basis", "known", "decided_by", "if_met", "if_unmet", "bears_on")
    return _options(slug, "condition", _take(condition, *keys, *FACT), action.zone)


def _deadline(deadline: StatedDeadline, action: Action, slug: str) -> Command:
    keys = ("id", "kind", "text", "known", "replaces", "settled_by")
    given = _take(deadline, *keys, *FACT)
    given["known"] = deadline.known or min((e.known for e in action.events), key=lambda known: known.at)
    if rule := deadline.rule:
        given |= {"rule": rule.clock, "from": rule.start, "of": rule.of, "part": rule.part}
    else:
        given["at"] = deadline.at
    return _options(slug, "deadline", given, action.zone)
