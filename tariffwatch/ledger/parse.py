"""One file's text -> records and problems. Every problem of form is reported, never only the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.calendars import Closing
from tariffwatch.clocks import Clock
from tariffwatch.errors import Problem
from tariffwatch.ledger import fields
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK
from tariffwatch.ledger.records import Records, decode, nested, toml
from tariffwatch.model import (
    END,
    Action,
    Condition,
    Event,
    Instrument,
    Line,
    Loc,
    Moment,
    Rate,
    StatedDeadline,
)

UNWORKED = Moment(END)
"""Stands for the date of a deadline until its rule has been worked out."""

NO_RATES: Mapping[str, Rate] = {}

MAX_BYTES = 1_000_000
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
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES:,} bytes"
        fix = "a ledger file holds one action; move anything else out of the data folder"
        parsed.problems.append(Problem(Loc(name, 1), "TW003", message, fix))
        return parsed
    text = decode(data, name, parsed.problems)
    document = None if text is None else toml(text, name, parsed.problems)
    if text is not None and document is not None:
        try:
            _Reader(text, name, parsed.problems, zone).read(document, parsed)
        except RecursionError:  # a message that quotes a value which is nested too deeply
            parsed.problems.append(nested(name))
    return parsed


class _Reader(Records):
    """Turns one parsed document into records."""

    def read(self, document: dict[str, Any], parsed: Parsed) -> None:
        shared = fields.SHARED.get(self.name.rsplit("/", 1)[-1])
        allowed = shared or fields.TABLES
        known = {*fields.TABLES, *allowed}
        top = {key: value for key, value in document.items() if key not in known}
        overlay = "extends_action" in top
        head_fields = () if shared else fields.OVERLAY if overlay else fields.ACTION
        head = self.record(top, head_fields, tables=fields.TABLES)
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
            parsed.overlay = Overlay(**head | tables, loc=self.loc(key="extends_action"))
        else:
            parsed.action = Action(**head | tables, loc=self.loc(key="id"))

    def _table(self, value: Any, table: str, allowed: Mapping[str, Sequence[Field]]) -> tuple[Any, ...]:
        if table not in allowed:
            file = self.name.rsplit("/", 1)[-1]
            self.problem("TW104", table, 0, None, f"[[{table}]] has no place in {file}", "move it")
            return ()
        if not self.are_tables(value, table):
            return ()
        return tuple(self._build(item, table, allowed[table], index) for index, item in enumerate(value))

    def _build(self, item: dict[str, Any], table: str, known: Sequence[Field], index: int) -> Any:
        before = len(self.problems)
        values = self.record(item, known, table, index)
        if table == "events":
            values.setdefault("rates", NO_RATES)
        if table == "deadlines" and "at" not in values:
            if "rule" not in values:
                self.problem(
                    "TW102", table, index, None, '[[deadlines]] lacks "at"', "add at = 2025-10-29, or a rule"
                )
            values["at"] = UNWORKED
        if len(self.problems) > before:
            return None
        return _RECORDS[table](**values, loc=self.loc(table, index))
