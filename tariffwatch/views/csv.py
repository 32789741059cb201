"""One table a file, for spreadsheets: RFC 4180, in UTF-8 with a byte order mark.

What people do with these files is open them in Excel, and that decides three things:

* *The mark.* Without it, Excel takes a file that is double-clicked for the code page of the machine, and
  every dash and accent in a title turns into garbage. Whatever else reads CSV passes over it (in Python,
  ``encoding="utf-8-sig"``).
* *Lines end in CRLF*, as RFC 4180 (2.1) has it, and no cell holds one: a row is a line.
* *A day beside each instant.* An instant is ISO 8601 with its offset, in the action's zone, as in JSON.
  Excel keeps that as text, so that nothing is lost; the ``_day`` beside it is what it can sort, filter and
  subtract: the date of that instant on the calendar of the zone.

Where Windows parts lists with semicolons, as in Germany, a double click shows one column: open the file
there with Data, From Text/CSV. A semicolon here, or a first line ``sep=,``, would mislead every other reader.

The columns have the names of the JSON contract where it tells the same. Numbers stay numbers, and truth
is ``true`` or ``false``. Each row names the question's own dates: days left mean nothing without them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tariffwatch import words
from tariffwatch.model import Action
from tariffwatch.results import Deadline, Status
from tariffwatch.views import json
from tariffwatch.views.report import When
from tariffwatch.words import clean

MARK = "\ufeff"

DEADLINES = (
    *("at_day", "at", "day_only", "days_left", "business_days_left"),
    *("action", "title", "id", "kind", "what_changes"),
    *("from_phase", "from_rates", "to_phase", "to_rates", "decided_by", "source", "rule"),
    *("imposed_by", "on", "authority", "zone", "verified", "as_of", "knowing", "evidence"),
)
"""The columns of a file of deadlines. Where ``day_only`` is true, the source gives the day alone."""

STATUS = (
    *("action", "title", "imposed_by", "on", "authority", "phase", "mixed", "rate", "lines"),
    *("since_day", "since", "until_day", "until"),
    *("next_at_day", "next_at", "next_day_only", "next_kind", "then", "next_source", "conditions"),
    *("verified", "unchecked", "checked", "zone", "as_of", "knowing", "single_source"),
)
"""The columns of a file of statuses, a row for each action."""

_FORMULA = tuple("=+-@\t\r" + "\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take the text that begins with it for a formula; also in full width."""

Value = str | int | bool | None


def deadlines(coming: Iterable[Deadline], when: When) -> str:
    """The coming deadlines, in the order given."""
    return table(DEADLINES, [_deadline(deadline, when) for deadline in coming])


def statuses(found: Iterable[Status], when: When) -> str:
    """How the actions stand, in the order given."""
    return table(STATUS, [_status(status, when) for status in found])


def _deadline(of: Deadline, when: When) -> dict[str, Value]:
    told = json.deadline(of, when.as_of)
    before, after = told["from"] or _NO_STATE, told["to"] or _NO_STATE
    same = ("at", "days_left", "business_days_left", "action", "id", "kind")
    return {
        **{key: told[key] for key in (*same, "decided_by", "source", "rule", "evidence")},
        "at_day": _day(told["at"]),
        "day_only": of.day_only,
        "title": of.action.title,
        "what_changes": words.what_changes(of),
        "from_phase": before["phase"],
        "from_rates": _pairs(before["rates"]),
        "to_phase": after["phase"],
        "to_rates": _pairs(after["rates"]),
        **_common(of.action, when),
    }


def _status(of: Status, when: When) -> dict[str, Value]:
    told = json.status(of)
    coming = told["next"] or {"at": None, "kind": None}
    return {
        **{
            key: told[key]
            for key in ("title", "phase", "mixed", "since", "until", "unchecked", "single_source")
        },
        "action": of.action.id,
        "rate": words.standing(of),
        "lines": _pairs({line["id"]: f"{line['phase']} {line['rate'] or ''}" for line in told["lines"]}),
        "since_day": _day(told["since"]),
        "until_day": _day(told["until"]),
        "next_at_day": _day(coming["at"]),
        "next_at": coming["at"],
        "next_day_only": of.next[0].day_only if of.next else None,
        "next_kind": coming["kind"],
        "then": words.then(of),
        "next_source": words.sources(of.next),
        "conditions": _pairs({condition["id"]: condition["finding"] for condition in told["conditions"]}),
        "checked": words.checked(of),
        **_common(of.action, when),
    }


_NO_STATE: Mapping[str, Any] = {"phase": None, "rates": {}}


def _common(action: Action, when: When) -> dict[str, Value]:
    """What every row says of its action, and of the question."""
    asked = json.envelope(when, {})
    return {
        "imposed_by": action.imposed_by,
        "on": words.parties(action.on) if "*" in action.on else "; ".join(action.on),
        "authority": action.authority,
        "zone": action.zone.key,
        "verified": action.verified.isoformat() if action.verified else None,
        "as_of": asked["as_of"],
        "knowing": asked["knowing"],
    }


def _day(instant: str | None) -> str | None:
    """The date of an instant in ISO 8601, on the clock that it is written in."""
    return instant and instant.partition("T")[0]


def _pairs(given: Mapping[str, str]) -> str:
    """``general: 25%; energy: 10%``: none is left out, however many there are."""
    return "; ".join(f"{name}: {value}".rstrip() for name, value in given.items())


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> str:
    """A file of one table, whose rows may hold more than its columns."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return MARK + stream.getvalue()


def cell(value: Value) -> str | int:
    """A value as it stands in the file: a number as it is, text as a line that no spreadsheet runs.

    A leading apostrophe is what a person would type to have a formula shown as text.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return value
        case str():
            line = clean(value)
            return f"'{line}" if value.startswith(_FORMULA) or line.lstrip().startswith(_FORMULA) else line
