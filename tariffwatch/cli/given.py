"""What people give on the command line for a table of the ledger: options made of the table of keys."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from tariffwatch.cli.times import parse_moment
from tariffwatch.errors import UsageError
from tariffwatch.ledger import fields, kinds
from tariffwatch.ledger.append import Value
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.rules import NEEDS
from tariffwatch.model import TURNING_KINDS, DeadlineKind, EventKind

TABLES = {kind.value: "events" for kind in EventKind} | {
    "condition": "conditions",
    "deadline": "deadlines",
    "instrument": "instruments",
    "line": "lines",
}
"""What can be recorded: each kind of event, and the other tables."""

_NOT_GIVEN = {"recorded", "affects"}
"""The program sets the first; the second belongs to shared instruments."""

_PARTS = {
    "transit": {"loaded_before": "loaded_before", "entered_before": "entered_before", "note": "transit_note"},
    "rule": {"clock": "rule", "from": "start", "of": "of", "part": "part"},
}
"""Keys that hold a small table: the option of each of its keys."""

_STATED = [kind.value for kind in DeadlineKind if kind not in TURNING_KINDS]
_ABOUT = {
    "id": "The name of what you record; made of its kind and date unless given.",
    "kind": f"Of a deadline: {', '.join(_STATED)}; of an instrument: order, notice, ...",
    "condition": "assessed: the condition.",
    "text": "What must be done, or falls due.",
    "note": "In one sentence, what happened.",
    "rates": "The rate of one line, as LINE=RATE; give as many as you like.",
    "lines": "A line that it touches, when not all.",
    "known": "When the public could know it; for events and deadlines, today unless given.",
    "loaded_before": "In transit: spared if loaded before.",
    "entered_before": "In transit: ... and entered before.",
    "transit_note": "What else the clause says.",
    "rule": "deadline: the legal clock that dates it, instead of --at.",
    "start": "deadline: the event, or the day, that starts the clock.",
    "of": "deadline: effective or known, the date of that event which counts.",
    "part": "deadline: a further date of the clock, such as the opening of its window.",
}
_METAVARS = {
    "rate": "RATE",
    "rates": "LINE=RATE",
    "rule": "CLOCK",
    "start": "EVENT",
    "lines": "ID",
    "url": "URL",
}
_NAMES = {"start": "from"}
"""Options whose names Python keeps for itself."""


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every key that can be given; it receives them as one dict, first."""
    keys = options()
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        command({key.name: values.pop(key.name) for key in keys}, **values)

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *keys)]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapper


def options() -> list[inspect.Parameter]:
    """An option for every key that the tables may hold."""
    found: dict[str, inspect.Parameter] = {}
    for table in ("events", "deadlines", "conditions", "instruments", "lines"):
        for field in _fields(table):
            for name in _PARTS.get(field.key, {"": field.key}).values():
                found.setdefault(name, _option(name, field))
    return list(found.values())


def made_of(
    kind: str, given: Mapping[str, Any], now: datetime, zone: ZoneInfo, taken: Iterable[str] = ()
) -> dict[str, Value]:
    """One table of the ledger of what was given for a kind of ``TABLES``; ``recorded`` is set.

    Times are in ``zone``, the action's. ``taken`` are the ids that its own must not be. Raises UsageError
    for what cannot be understood, is missing or means nothing there.
    """
    table = TABLES[kind]
    known = _fields(table)
    asked = {name: value for name, value in given.items() if value not in (None, [], ())}
    _refuse_strangers(kind, asked, known)
    if table == "events":
        asked["kind"] = kind
    if table in ("events", "deadlines"):
        asked.setdefault("known", "today")
    if table == "deadlines" and not {"at", "rule"} & asked.keys():
        raise UsageError('"deadline" needs --at, such as --at 2025-10-29, or --rule')
    values = {field.key: value for field in known if (value := _value(field, asked, now, zone)) is not None}
    if "id" not in values and table in ("events", "deadlines"):
        day = values.get("at" if table == "deadlines" else "known")
        values["id"] = _free(f"{asked.get('kind')}" + (f"-{day:%Y-%m-%d}" if day else ""), taken)
    for field in known:
        if field.key not in values and (field.needed or field.key in _needs(kind)):
            raise UsageError(f'"{kind}" needs {such_as(field)}')
    _refuse_future(values.get("known"), now, zone)
    if any(field.key == "recorded" for field in fields.TABLES[table]):
        values["recorded"] = now.astimezone(zone).date()
    return {field.key: values[field.key] for field in fields.TABLES[table] if field.key in values}


def spelled(name: str) -> str:
    """The option of a key: ``--decided-by``; an argument, ``ID``, as it is."""
    return name if name.isupper() else "--" + _NAMES.get(name, name).replace("_", "-")


def such_as(field: Field) -> str:
    """A key's option with an example, as one types it."""
    if field.key == "source":
        return f'{spelled("source")}: a law, "19 U.S.C. 2411", or a name of a document with --source-title'
    words = typed(field)
    return f"{spelled(field.key)}, such as {spelled(field.key)} " + (f'"{words}"' if " " in words else words)


def typed(field: Field) -> str:
    """The example of a key without the signs that only TOML needs."""
    return field.example.strip('[]"')


def _needs(kind: str) -> tuple[str, ...]:
    """What a kind cannot be without, beside what its table needs: a fact has a source."""
    facts = ("source",) if TABLES[kind] in ("events", "conditions", "deadlines") else ()
    return facts + (NEEDS.get(EventKind(kind), ()) if TABLES[kind] == "events" else ())


def _refuse_future(known: Value | None, now: datetime, zone: ZoneInfo) -> None:
    if known is not None and kinds.moment.read(known, zone).at > now:
        raise UsageError(
            f"--known {known} is still to come: it is when the public could know the fact; "
            "when it bites is --effective, when it falls due is --at"
        )


def read(field: Field, name: str, given: Any, now: datetime, zone: ZoneInfo) -> Value:
    """The value of one key as TOML holds it; raises UsageError that names the option."""
    value = _toml(field, name, given, now, zone)
    try:
        field.kind.read(value, zone)
        str(given).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{spelled(name)}: these bytes are no text in UTF-8") from None
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{spelled(name)} {error}") from None
    return value


def moment(name: str, text: str, now: datetime, zone: ZoneInfo) -> date | datetime:
    """A day, or a local time of the zone; with its offset where the local clock shows it twice."""
    at = parse_moment(text, spelled(name), now, zone)
    if not isinstance(at, datetime):
        return at
    local = at.astimezone(zone).replace(tzinfo=None, fold=0)
    if local.replace(tzinfo=zone).timestamp() == at.timestamp():
        return local
    return datetime.fromisoformat(at.astimezone(zone).isoformat())


def pair(name: str, text: str) -> tuple[str, str]:
    """``energy=10%`` as its two sides; raises UsageError."""
    key, sign, value = (part.strip() for part in text.partition("="))
    if not (key and sign and value):
        raise UsageError(f'{spelled(name)}: "{text}" has no two sides; write NAME=VALUE')
    return key, value


def several(given: Sequence[str]) -> list[str]:
    """What was given several times, or with commas."""
    return [part.strip() for one in given for part in one.split(",") if part.strip()]


def _fields(table: str) -> list[Field]:
    return [field for field in fields.TABLES[table] if field.key not in _NOT_GIVEN]


def _option(name: str, field: Field) -> inspect.Parameter:
    repeated = field.key == "rates" or field.kind.schema.get("type") == "array"
    about = typer.Option(spelled(name), metavar=_metavar(name, field), help=_ABOUT.get(name, field.meaning))
    wanted: Any = list[str] | None if repeated else str | None
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[wanted, about]
    )


def _metavar(name: str, field: Field) -> str:
    """What stands for the value in the help."""
    if field.kind in (kinds.moment, kinds.day) or name.endswith("_before"):
        return "DATE"
    if name in _METAVARS:
        return _METAVARS[name]
    words = field.kind.schema.get("enum")
    return "|".join(words) if words and len(words) <= 6 else "ID" if field.kind is kinds.slug else "TEXT"


def _refuse_strangers(kind: str, asked: Mapping[str, Any], known: Sequence[Field]) -> None:
    allowed = {name for field in known for name in _PARTS.get(field.key, {"": field.key}).values()}
    if TABLES[kind] == "events":
        allowed -= {"kind"}
    for name in asked:
        if name not in allowed:
            raise UsageError(f'{spelled(name)} means nothing for "{kind}"; leave it out')


def _value(field: Field, asked: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Value | None:
    if field.key not in _PARTS:
        return read(field, field.key, asked[field.key], now, zone) if field.key in asked else None
    parts = _PARTS[field.key]
    inside = {key: asked[name] for key, name in parts.items() if name in asked}
    return read(field, next(iter(parts.values())), inside, now, zone) if inside else None


def _toml(field: Field, name: str, given: Any, now: datetime, zone: ZoneInfo) -> Value:
    if field.key == "rates":
        return dict(pair(name, one) for one in given)
    if field.key == "transit":
        return {key: one if key == "note" else moment(key, one, now, zone) for key, one in given.items()}
    if field.key == "rule":
        return {key: _start(one) if key == "from" else one for key, one in given.items()}
    if field.kind in (kinds.moment, kinds.day):
        return moment(name, given, now, zone)
    if field.kind.schema.get("type") == "array":
        return several(given)
    return str(given)


def _start(text: str) -> str | date:
    """What starts a clock: a day, or the id of an event."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _free(id: str, taken: Iterable[str]) -> str:
    """An id that is not taken: the one given, or with a number."""
    taken, free, number = set(taken), id, 1
    while free in taken:
        number += 1
        free = f"{id}-{number}"
    return free
