"""One table of every key that a ledger file may hold.

It drives the reader, and every message about a key; nothing else lists keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.model import (
    RATE_PATTERN,
    TURNING_KINDS,
    YEARS,
    Basis,
    DeadlineKind,
    EventKind,
    Evidence,
    Finding,
    Moment,
    Rate,
    Transit,
)

Read = Callable[[Any, ZoneInfo], Any]
"""Turns a TOML value into the model's; raises ValueError whose text ends the sentence "KEY ..."."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how it is read, what a JSON Schema says of it, and what people call it."""

    read: Read
    schema: Mapping[str, Any]
    word: str


NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Field:
    """A key: its name, the kind of its value, what it means, and whether it is needed."""

    key: str
    kind: Kind
    meaning: str
    example: str
    needed: bool = False


def _text(value: Any, zone: ZoneInfo) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a text in quotes that is not empty, not {_shown(value)}")
    return value


def _texts(value: Any, zone: ZoneInfo) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'must be a list of texts, such as ["a", "b"], not {_shown(value)}')
    return tuple(_text(item, zone) for item in value)


def matching(pattern: str, what: str) -> Kind:
    """A text of a certain form."""

    def read(value: Any, zone: ZoneInfo) -> str:
        if not re.fullmatch(pattern, _text(value, zone)):
            raise ValueError(f"must be {what}, not {_shown(value)}")
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

    def read(value: Any, zone: ZoneInfo) -> StrEnum:
        if value not in words:
            near = nearest(value, words)
            raise ValueError(
                f"is {_shown(value)}, which is not one of {', '.join(words)}"
                + (f'; did you mean "{near}"?' if near else "")
            )
        return vocabulary(value)

    return Kind(read, {"enum": words}, "one of " + ", ".join(words))


def _day(value: Any, zone: ZoneInfo) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"must be a day without quotes, such as 2025-02-04, not {_shown(value)}")
    return value


def _moment(value: Any, zone: ZoneInfo) -> Moment:
    """A day or an instant; one without an offset is in the action's zone."""
    if isinstance(value, datetime):
        stamp = value if value.tzinfo else value.replace(tzinfo=zone)
        day_only = False
    elif isinstance(value, date):
        stamp = datetime(value.year, value.month, value.day, tzinfo=zone)
        day_only = True
    else:
        raise ValueError(
            "must be a day or a time without quotes, such as 2025-02-04 or 2025-02-04T00:01:00, "
            f"not {_shown(value)}"
        )
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
        return Rate.parse(_text(value, zone))
    except ValueError as error:
        raise ValueError(f"is wrong: {error}") from None


def _rates(value: Any, zone: ZoneInfo) -> Mapping[str, Rate]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f'must give lines their rates, such as {{ general = "25%" }}, not {_shown(value)}')
    return {line: _rate(given, zone) for line, given in value.items()}


def _transit(value: Any, zone: ZoneInfo) -> Transit:
    keys = ("loaded_before", "entered_before", "note")
    if not isinstance(value, dict) or "loaded_before" not in value or set(value) - set(keys):
        raise ValueError(f"must be {{ loaded_before = ..., entered_before = ... }}, not {_shown(value)}")
    entered = value.get("entered_before")
    return Transit(
        loaded_before=_moment(value["loaded_before"], zone),
        entered_before=None if entered is None else _moment(entered, zone),
        note=None if value.get("note") is None else _text(value["note"], zone),
    )


def _timezone(value: Any, zone: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(_text(value, zone))
    except (ValueError, OSError, LookupError):
        raise ValueError(
            f'is {_shown(value)}, which is no zone; write one such as "America/New_York"'
        ) from None


def nearest(word: Any, words: list[str]) -> str | None:
    """The one of ``words`` most like a mistyped one, if any is like it at all."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(word), words, 1)), None)


def _shown(value: Any) -> str:
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
timezone = Kind(_timezone, {"type": "string"}, "time zone")
slug = matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "lower-case letters, digits and hyphens")
country = matching(r"[A-Z]{2}|\*", 'a country\'s two capital letters (ISO 3166), "EU", or "*" for all')
url = matching(r"https?://[^\s\x00-\x1f\"<>]+", "a link that begins with http:// or https://")

_FACT = (
    Field(
        "source",
        text,
        "The instrument that says so, with its section, or a legal citation; several with semicolons.",
        '"eo-1 sec. 2(a)"',
    ),
    Field(
        "evidence",
        one_of(Evidence),
        "What the fact rests on: the text itself, two independent accounts, or one.",
        '"text"',
    ),
    Field("disputed", text, "Who says otherwise, and why this is right.", '"The press says 30 days."'),
    Field("note", text, "In one sentence, what happened.", '"Signed in the evening."'),
)
_RECORDED = Field("recorded", day, "The day it entered this ledger.", "2026-11-22")

ACTION = (
    Field("id", slug, "The slug; also the file's name.", '"us-example"', needed=True),
    Field("title", text, "What the measure is called.", '"Example duty on Freedonia"', needed=True),
    Field(
        "imposed_by", country, "The government that imposes it: ISO 3166 alpha-2, or EU.", '"US"', needed=True
    ),
    Field("on", each(country), "Whose goods or acts it is on; * is every country.", '["FD"]', needed=True),
    Field("authority", text, "The law it rests on, in short.", '"IEEPA"', needed=True),
    Field("zone", timezone, "The zone of every time without an offset.", '"America/New_York"', needed=True),
    Field("verified", day, "The day through which it was checked against sources.", "2026-11-22"),
    Field("summary", text, "What it is, in one sentence.", '"A duty on all goods of Freedonia."'),
    Field("disputed", text, "Quarrels about the action as a whole.", '"The press calls it a ban."'),
    Field("note", text, "Anything else that a reader should know.", '"Succeeded by us-example-2."'),
)
OVERLAY = (
    Field(
        "extends_action",
        slug,
        "The action of another folder to which this adds.",
        '"us-example"',
        needed=True,
    ),
    Field("zone", timezone, "The zone of its times, if not New York.", '"Europe/Brussels"'),
)
LINE = (
    Field("id", slug, "The line's name within the action.", '"general"', needed=True),
    Field("label", text, "What goods it covers.", '"All goods not named below"', needed=True),
    Field("headings", each(text), "Tariff headings as the schedule prints them.", '["9903.01.99"]'),
    Field("note", text, "Anything else about the line.", '"Free under the USMCA."'),
)
INSTRUMENT = (
    Field("id", slug, "The name by which sources cite it.", '"eo-1"', needed=True),
    Field("title", text, "Its title.", '"Executive Order 1, Imposing an example"', needed=True),
    Field(
        "kind", text, "Order, proclamation, notice, guidance, judgment, statute, post or report.", '"order"'
    ),
    Field("signed", day, "The day it was signed, adopted or decided.", "2025-02-01"),
    Field("published", day, "The day the official gazette printed it.", "2025-02-07"),
    Field("cite", text, "The official citation.", '"90 FR 1"'),
    Field("doc", text, "The register's document number.", '"2025-00001"'),
    Field("url", url, "Where it can be read.", '"https://www.federalregister.gov/d/2025-00001"'),
    Field("archive", url, "A lasting copy of that page.", '"https://www.govinfo.gov/..."'),
    Field("affects", each(slug), "The actions it changed, when they are several.", '["us-example"]'),
    Field("note", text, "Anything else about it.", '"Printed with a wrong date."'),
)
EVENT = (
    Field("id", slug, "The event's name within the action.", '"start"', needed=True),
    Field("kind", one_of(EventKind), "What it does to the strip.", '"ordered"', needed=True),
    Field("known", moment, "When the public could know it.", "2025-02-01", needed=True),
    _RECORDED,
    Field("effective", moment, "When it bites.", "2025-02-04T00:01:00"),
    Field("until", moment, "The first instant at which it no longer holds.", "2025-03-04T00:01:00"),
    Field("lines", each(slug), "The lines it touches, when not all.", '["general"]'),
    Field("rate", rate, "The rate for every line that it touches.", '"25%"'),
    Field("rates", rates, "The rate of each line.", '{ general = "25%" }'),
    Field("extends", slug, "The event whose stretch it prolongs.", '"pause"'),
    Field("postpones", slug, "The event whose start it moves.", '"start"'),
    Field("condition", slug, "The condition that was assessed.", '"border"'),
    Field("finding", one_of(Finding), "How that condition was found to stand.", '"met"'),
    Field("by", slug, "The action that supersedes this one.", '"us-example-2"'),
    Field(
        "transit",
        transit,
        "The in-transit clause that softens it.",
        "{ loaded_before = 2025-02-01T00:01:00, entered_before = 2025-03-07T00:01:00 }",
    ),
    *_FACT,
)
CONDITION = (
    Field("id", slug, "The condition's name within the action.", '"border"', needed=True),
    Field("party", text, "Who must do it: a country's two letters, or a name.", '"FD"', needed=True),
    Field("text", text, "What must be done.", '"Send 10,000 troops to the border."', needed=True),
    Field(
        "basis",
        one_of(Basis),
        'Whether the law says so, or only politicians: "legal" or "pledge".',
        '"legal"',
    ),
    Field("known", moment, "When it became public, if not with what it bears on.", "2025-02-03"),
    Field("decided_by", text, "Who decides whether it is met.", '"The President"'),
    Field("if_met", text, "What follows if it is met.", '"The duty is removed."'),
    Field("if_unmet", text, "What follows if it is not.", '"The duty takes effect."'),
    Field("bears_on", slug, "The event or deadline that hangs on it.", '"pause"'),
    *_FACT,
)
DEADLINE = (
    Field("id", slug, "The deadline's name within the action.", '"report"', needed=True),
    Field(
        "kind", one_of(DeadlineKind, without=TURNING_KINDS), "What falls due.", '"report-due"', needed=True
    ),
    Field("at", moment, "When.", "2025-10-29", needed=True),
    Field("text", text, "What falls due, in a few words.", '"Report to the President"'),
    Field("known", moment, "When it became public, if not with the action.", "2025-02-01"),
    Field("replaces", slug, "The deadline that it moves.", '"first-report"'),
    Field("settled_by", slug, "The event that met, cancelled or overtook it.", '"report-sent"'),
    _RECORDED,
    *_FACT,
)

TABLES: Mapping[str, tuple[Field, ...]] = {
    "lines": LINE,
    "instruments": INSTRUMENT,
    "events": EVENT,
    "conditions": CONDITION,
    "deadlines": DEADLINE,
}
"""The arrays of tables that a file may hold, by name."""
