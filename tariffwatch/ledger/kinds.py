"""The kinds of values that ledger files hold: how each is read, shown to editors, and called."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.clocks import Count, Part
from tariffwatch.model import (
    RATE_PATTERN,
    Moment,
    Rate,
    Rule,
    Transit,
)
from tariffwatch.years import YEARS
from tariffwatch.zones import zone_named

MOST_KEPT = 50_000
"""Moments and rates that are kept while files are read: a ledger has few that differ."""

Read = Callable[[Any, ZoneInfo], Any]
"""Turns a TOML value into the model's; raises ValueError whose text ends the sentence "KEY ..."."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how it is read, what a JSON Schema says of it, and what people call it."""

    read: Read
    schema: Mapping[str, Any]
    word: str


NEW_YORK = ZoneInfo("America/New_York")


def _text(value: Any, zone: ZoneInfo) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a text in quotes that is not empty, not {shown(value)}")
    return sys.intern(value)  # the same few words stand in every file of a ledger


def _texts(value: Any, zone: ZoneInfo) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'must be a list of texts, such as ["a", "b"], not {shown(value)}')
    return tuple(_text(item, zone) for item in value)


def matching(pattern: str, what: str) -> Kind:
    """A text of a certain form."""

    def read(value: Any, zone: ZoneInfo) -> str:
        if not re.fullmatch(pattern, _text(value, zone)):
            raise ValueError(f"must be {what}, not {shown(value)}")
        return str(value)

    return Kind(read, {"type": "string", "pattern": f"^(?:{pattern})$"}, what)


def each(kind: Kind) -> Kind:
    """A list of texts, each of a certain kind."""

    def read(value: Any, zone: ZoneInfo) -> tuple[Any, ...]:
        return tuple(kind.read(item, zone) for item in _texts(value, zone))

    return Kind(read, {"type": "array", "items": kind.schema}, f"list: {kind.word}")


def one_of(vocabulary: type[StrEnum], *, without: frozenset[Any] = frozenset()) -> Kind:
    """A word of a vocabulary."""
    words = [word.value for word in vocabulary if word not in without]

    return _vocabulary(words, vocabulary)


def one_of_words(words: Iterable[str]) -> Kind:
    """One of some words that have no type of their own."""
    return _vocabulary(list(words), str)


def _vocabulary(words: list[str], made: Callable[[str], Any]) -> Kind:
    def read(value: Any, zone: ZoneInfo) -> Any:
        if value not in words:
            mend = hint(value, words, "")
            raise ValueError(
                f"is {shown(value)}, which is not one of {', '.join(words)}" + (mend and f"; {mend}")
            )
        return made(value)

    return Kind(read, {"enum": words}, "one of " + ", ".join(words))


def _day(value: Any, zone: ZoneInfo) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"must be a day without quotes, such as 2025-02-04, not {shown(value)}")
    return value


def _moment(value: Any, zone: ZoneInfo) -> Moment:
    """A day or an instant; one without an offset is in the action's zone."""
    if not isinstance(value, date):
        raise ValueError(
            "must be a day or a time without quotes, such as 2025-02-04 or 2025-02-04T00:01:00, "
            f"not {shown(value)}"
        )
    return _stamped(value, zone)


@functools.lru_cache(maxsize=MOST_KEPT)
def _stamped(value: date, zone: ZoneInfo) -> Moment:
    """The moment of a day or a datetime: the same one for the same value."""
    day_only = not isinstance(value, datetime)
    if isinstance(value, datetime):
        stamp = value if value.tzinfo else value.replace(tzinfo=zone)
    else:
        stamp = datetime(value.year, value.month, value.day, tzinfo=zone)
    if stamp.year not in YEARS:
        raise ValueError(f"is {value}; years run from {YEARS.start} to {YEARS.stop - 1}")
    instant = stamp.astimezone(UTC)
    if instant.astimezone(stamp.tzinfo).replace(tzinfo=None) != stamp.replace(tzinfo=None):
        raise ValueError(
            f"is {value}, a time that no clock in {zone.key} shows: the clocks jump over it. "
            "Take the next hour, or write an offset"
        )
    return Moment(instant, day_only)


def _rate(value: Any, zone: ZoneInfo) -> Rate:
    try:
        return _parsed_rate(_text(value, zone))
    except ValueError as error:
        raise ValueError(f"is wrong: {error}") from None


_parsed_rate = functools.lru_cache(maxsize=MOST_KEPT)(Rate.parse)


def _rates(value: Any, zone: ZoneInfo) -> Mapping[str, Rate]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f'must give lines their rates, such as {{ general = "25%" }}, not {shown(value)}')
    return {line: _rate(given, zone) for line, given in value.items()}


def _transit(value: Any, zone: ZoneInfo) -> Transit:
    keys = ("loaded_before", "entered_before", "note")
    if not isinstance(value, dict) or "loaded_before" not in value or set(value) - set(keys):
        raise ValueError(f"must be {{ loaded_before = ..., entered_before = ... }}, not {shown(value)}")
    entered = value.get("entered_before")
    return Transit(
        loaded_before=_moment(value["loaded_before"], zone),
        entered_before=None if entered is None else _moment(entered, zone),
        note=None if value.get("note") is None else _text(value["note"], zone),
    )


def _boolean(value: Any, zone: ZoneInfo) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _hour(value: Any, zone: ZoneInfo) -> time:
    if not isinstance(value, time):
        raise ValueError(f"must be a time of day without quotes, such as 00:01:00, not {shown(value)}")
    return value


def _rule(value: Any, zone: ZoneInfo) -> Rule:
    if not isinstance(value, dict) or not {"clock", "from"} <= set(value) <= {"clock", "from", "of", "part"}:
        raise ValueError(f'must be {{ clock = "...", from = "..." }}, not {shown(value)}')
    start, of = value["from"], value.get("of", "effective")
    if of not in ("effective", "known"):
        raise ValueError(f'has of = {shown(of)}; it is "effective" or "known"')
    given = _day(start, zone) if isinstance(start, date) else _text(start, zone)
    part = value.get("part")
    return Rule(_text(value["clock"], zone), given, of, None if part is None else _text(part, zone))


def _part(value: Any, zone: ZoneInfo) -> Part:
    keys = {"id": slug, "label": text, "length": text, "count": one_of(Count), "trigger": text}
    if not isinstance(value, dict) or set(value) - set(keys) or not {"id", "label", "length"} <= set(value):
        raise ValueError(f'must be {{ id = "...", label = "...", length = "..." }}, not {shown(value)}')
    return Part(**{key: keys[key].read(given, zone) for key, given in value.items()})


def _parts(value: Any, zone: ZoneInfo) -> tuple[Part, ...]:
    if not isinstance(value, list):
        raise ValueError(f"must be a list of tables, not {shown(value)}")
    return tuple(_part(item, zone) for item in value)


def _timezone(value: Any, zone: ZoneInfo) -> ZoneInfo:
    try:
        return zone_named(_text(value, zone))
    except ValueError:
        raise ValueError(
            f'is {shown(value)}, which is no zone; write one such as "America/New_York"'
        ) from None


def hint(word: Any, words: Sequence[str], otherwise: str) -> str:
    """The mend for a word that is none of ``words``: the one that was meant, else what ``otherwise`` says.

    Meant is the one with its parts in another order, or with more of them; else the one most like it.
    """
    from difflib import get_close_matches

    parts = set(str(word).casefold().split("-"))
    holding = (other for other in words if len(parts) > 1 and parts <= set(other.casefold().split("-")))
    near = next(holding, None) or next(iter(get_close_matches(str(word), words, 1)), None)
    return f'did you mean "{near}"?' if near else otherwise


def shown(value: Any) -> str:
    """A value as a message quotes it, at most 60 characters."""
    shown = repr(value) if not isinstance(value, (date, str)) else f'"{value}"'
    return shown if len(shown) <= 60 else shown[:57] + "..."


_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = rf"{_DAY}[T ]\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}})?"
_RATE_SCHEMA = {"type": "string", "pattern": f"^(?:{RATE_PATTERN})$"}
_MOMENT_SCHEMA = {"type": "string", "pattern": f"^({_DAY}|{_TIME})$"}

text = Kind(_text, {"type": "string", "minLength": 1}, "text")
day = Kind(_day, {"type": "string", "pattern": f"^{_DAY}$"}, "day")
moment = Kind(_moment, _MOMENT_SCHEMA, "day or time")
rate = Kind(_rate, _RATE_SCHEMA, "rate")
rates = Kind(
    _rates,
    {"type": "object", "additionalProperties": _RATE_SCHEMA, "minProperties": 1},
    "table of rates by line",
)
transit = Kind(
    _transit,
    {
        "type": "object",
        "properties": {
            "loaded_before": _MOMENT_SCHEMA,
            "entered_before": _MOMENT_SCHEMA,
            "note": text.schema,
        },
        "required": ["loaded_before"],
        "additionalProperties": False,
    },
    "table: loaded_before, entered_before, note",
)
_PART_SCHEMA = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("id", "label", "length", "trigger"), text.schema),
        "count": one_of(Count).schema,
    },
    "required": ["id", "label", "length"],
    "additionalProperties": False,
}
part = Kind(_part, _PART_SCHEMA, "table: id, label, length, count, trigger")
parts = Kind(_parts, {"type": "array", "items": _PART_SCHEMA}, "list of such tables")
boolean = Kind(_boolean, {"type": "boolean"}, "true or false")
hour = Kind(_hour, {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}, "time of day")
rule = Kind(
    _rule,
    {
        "type": "object",
        "properties": {
            "clock": text.schema,
            "from": text.schema,
            "of": {"enum": ["effective", "known"]},
            "part": text.schema,
        },
        "required": ["clock", "from"],
        "additionalProperties": False,
    },
    "table: clock, from, of, part",
)
timezone = Kind(_timezone, {"type": "string"}, "time zone")
slug = matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "lower-case letters, digits and hyphens")
country = matching(r"[A-Z]{2}|\*", 'a country\'s two capital letters (ISO 3166), "EU", or "*" for all')
url = matching(r"https?://[^\s\x00-\x1f\"<>]+", "a link that begins with http:// or https://")
