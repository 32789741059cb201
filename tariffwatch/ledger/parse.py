"""One file's text -> records and problems. Every problem of form is reported, never only the first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.calendars import Closing
from tariffwatch.clocks import Clock
from tariffwatch.errors import Problem
from tariffwatch.ledger import fields
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK, nearest
from tariffwatch.ledger.positions import Positions
from tariffwatch.model import END, Action, Condition, Event, Instrument, Line, Loc, Moment, StatedDeadline

UNWORKED = Moment(END)
"""Stands for the date of a deadline until its rule has been worked out."""

MAX_BYTES = 5_000_000
"""A ledger file is a few thousand bytes; one this large is something else."""

_RECORDS: Mapping[str, type] = {
    "lines": Line,
    "instruments": Instrument,
    "events": Event,
    "conditions": Condition,
    "deadlines": StatedDeadline,
    "clocks": Clock,
    "closings": Closing,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What a user's file adds to an action of another folder (``extends_action``)."""

    extends_action: str
    zone: ZoneInfo | None = None
    lines: tuple[Line, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    events: tuple[Event, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deadlines: tuple[StatedDeadline, ...] = ()
    loc: Loc


@dataclass(slots=True)
class Parsed:
    """What one file holds: an action, an overlay or shared records; or else only problems."""

    action: Action | None = None
    overlay: Overlay | None = None
    instruments: tuple[Instrument, ...] = ()
    clocks: tuple[Clock, ...] = ()
    closings: tuple[Closing, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def parse(data: bytes, name: str, zone: ZoneInfo = NEW_YORK) -> Parsed:
    """Read one ledger file.

    ``zone`` is used for the times of a file that names none (an overlay). A file with any problem
    of form yields no records: half an action would be a wrong answer.
    """
    parsed = Parsed()
    text = _decode(data, name, parsed.problems)
    if text is None:
        return parsed
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        parsed.problems.append(_syntax_problem(error, name))
        return parsed
    _Reader(text, name, parsed.problems, zone).read(document, parsed)
    return parsed


def _decode(data: bytes, name: str, problems: list[Problem]) -> str | None:
    if len(data) > MAX_BYTES:
        problems.append(
            Problem(
                Loc(name, 1),
                "TW003",
                f"the file is larger than {MAX_BYTES:,} bytes",
                "a ledger file holds one action; move anything else out of the data folder",
            )
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8"
        problems.append(Problem(Loc(name, line), "TW002", message, "save the file as UTF-8"))
        return None


def _syntax_problem(error: Exception, name: str) -> Problem:
    import re

    words = str(error) if not isinstance(error, RecursionError) else "the file is nested too deeply"
    at = re.search(r" \(at line (\d+), column (\d+)\)$", words)
    line = int(at[1]) if at else 1
    message = f"not TOML: {words[: at.start()] if at else words}" + (f" at column {at[2]}" if at else "")
    return Problem(Loc(name, line), "TW001", message, "correct the TOML here, or a line or two above")


class _Reader:
    """Turns one parsed document into records, collecting problems with their lines."""

    def __init__(self, text: str, name: str, problems: list[Problem], zone: ZoneInfo) -> None:
        self.positions = Positions(text)
        self.name = name
        self.problems = problems
        self.zone = zone

    def read(self, document: dict[str, Any], parsed: Parsed) -> None:
        shared = fields.SHARED.get(self.name.rsplit("/", 1)[-1])
        allowed = shared or fields.TABLES
        known = {*fields.TABLES, *allowed}
        top = {key: value for key, value in document.items() if key not in known}
        overlay = "extends_action" in top
        head_fields = () if shared else fields.OVERLAY if overlay else fields.ACTION
        head = self._record(top, head_fields, "", 0)
        self.zone = head.get("zone", self.zone)
        tables: dict[str, Any] = {
            table: self._table(value, table, allowed) for table, value in document.items() if table in known
        }
        if self.problems:
            return
        if shared:
            for table, records in tables.items():
                setattr(parsed, table, records)
        elif overlay:
            loc = Loc(self.name, self.positions.line("", 0, "extends_action"))
            parsed.overlay = Overlay(**head | tables, loc=loc)
        else:
            loc = Loc(self.name, self.positions.line("", 0, "id"))
            parsed.action = Action(**head | tables, loc=loc)

    def _table(self, value: Any, table: str, allowed: Mapping[str, Sequence[Field]]) -> tuple[Any, ...]:
        if table not in allowed:
            file = self.name.rsplit("/", 1)[-1]
            self._problem("TW104", table, 0, None, f"[[{table}]] has no place in {file}", "move it")
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            message = f'"{table}" must be written as tables'
            self._problem("TW104", "", 0, table, message, f"begin each with a line [[{table}]]")
            return ()
        return tuple(self._build(item, table, allowed[table], index) for index, item in enumerate(value))

    def _build(self, item: dict[str, Any], table: str, known: Sequence[Field], index: int) -> Any:
        before = len(self.problems)
        values = self._record(item, known, table, index)
        if table == "events":
            values.setdefault("rates", {})
        if table == "deadlines" and "at" not in values:
            if "rule" not in values:
                self._problem(
                    "TW102", table, index, None, '[[deadlines]] lacks "at"', "add at = 2025-10-29, or a rule"
                )
            values["at"] = UNWORKED
        if len(self.problems) > before:
            return None
        return _RECORDS[table](**values, loc=self._loc(table, index))

    def _record(self, item: dict[str, Any], known: Sequence[Field], table: str, index: int) -> dict[str, Any]:
        where = f"[[{table}]]" if table else "the head of the file"
        by_key = {field.key: field for field in known}
        for key in item.keys() - by_key.keys():
            near = nearest(key, [*by_key, *(() if table else fields.TABLES)])
            fix = f'did you mean "{near}"?' if near else f"allowed here: {', '.join(by_key) or 'nothing'}"
            self._problem("TW101", table, index, key, f'unknown key "{key}" in {where}', fix)
        values: dict[str, Any] = {}
        for field_ in sorted(known, key=lambda f: f.key != "zone"):
            if field_.key in item:
                self._value(values, item[field_.key], field_, table, index)
            elif field_.needed:
                message = f'{where} lacks "{field_.key}"'
                self._problem("TW102", table, index, None, message, f"add {field_.key} = {field_.example}")
        return values

    def _value(self, values: dict[str, Any], value: Any, field_: Field, table: str, index: int) -> None:
        try:
            values[field_.key] = field_.kind.read(value, values.get("zone", self.zone))
        except (ValueError, OverflowError) as error:
            message, fix = f'"{field_.key}" {error}', f"such as {field_.key} = {field_.example}"
            self._problem("TW103", table, index, field_.key, message, fix)

    def _problem(self, code: str, table: str, index: int, key: str | None, message: str, fix: str) -> None:
        loc = Loc(self.name, self.positions.line(table, index, key))
        self.problems.append(Problem(loc, code, message, fix))

    def _loc(self, table: str, index: int) -> Loc:
        return Loc(self.name, self.positions.line(table, index))
