"""Tables of TOML read by a table of fields: values, and every problem with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.errors import Problem
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import hint, shown
from tariffwatch.ledger.positions import Positions
from tariffwatch.model import Loc

MOST_NESTED = 50
"""How deep tables and lists may stand in one another; a ledger file needs four."""


def decode(data: bytes, name: str, problems: list[Problem]) -> str | None:
    """The text of a file; None, and a problem, if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8"
        problems.append(Problem(Loc(name, line), "TW002", message, "save the file as UTF-8"))
        return None


MOST_DOTS = 500
"""On one line. A key with more of them (a.b.c ...) nests so deeply that Python takes hours to read it."""


def toml(text: str, name: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The tables of a text; None, and a problem, if it is not TOML, or nested too deeply to be read."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > MOST_DOTS:
            problems.append(nested(name, number, f"more than {MOST_DOTS} dots are on this line"))
            return None
    try:
        document = tomllib.loads(text)
        _plain(document)
        return document
    except RecursionError:
        problems.append(nested(name))
    except ValueError as error:
        problems.append(_syntax_problem(error, name))
    return None


def nested(name: str, line: int = 1, how: str = "tables or lists stand within one another") -> Problem:
    """The problem of a file that is nested too deeply."""
    message = f"the file is nested too deeply: {how}"
    return Problem(Loc(name, line), "TW001", message, "a ledger file is flat; part the line, or take it out")


def _plain(document: dict[str, Any]) -> None:
    """Raise for what could not even be shown: RecursionError for what is nested too deeply, ValueError for a
    whole number of more than 64 bits (TOML 1.0: "an error must be thrown")."""
    level: list[Any] = [document]
    for _ in range(MOST_NESTED):
        level = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
        if any(isinstance(one, int) and not -(2**63) <= one < 2**63 for one in level):
            raise ValueError("a whole number has more than 64 bits")
        level = [one for one in level if isinstance(one, (dict, list))]
        if not level:
            return
    raise RecursionError


def _syntax_problem(error: Exception, name: str) -> Problem:
    words = str(error)
    at = re.search(r" \(at line (\d+), column (\d+)\)$", words)
    line = int(at[1]) if at else 1
    message = f"not TOML: {words[: at.start()] if at else words}" + (f" at column {at[2]}" if at else "")
    return Problem(Loc(name, line), "TW001", message, "correct the TOML here, or a line or two above")


class Records:
    """Reads the tables of one file into values, collecting problems with their lines."""

    def __init__(self, text: str, name: str, problems: list[Problem], zone: ZoneInfo) -> None:
        self.positions = Positions(text)
        self.name = name
        self.problems = problems
        self.zone = zone

    def record(
        self,
        item: dict[str, Any],
        known: Sequence[Field],
        table: str = "",
        index: int = 0,
        tables: Iterable[str] = (),
    ) -> dict[str, Any]:
        """The values of one table, by key; ``tables`` are further words that a slip may have meant."""
        where = f"[[{table}]]" if table else "the head of the file"
        by_key = {field.key: field for field in known}
        for key in item.keys() - by_key.keys():
            fix = hint(key, [*by_key, *tables], f"allowed here: {', '.join(by_key) or 'nothing'}")
            self.problem("TW101", table, index, key, f"unknown key {shown(key)} in {where}", fix)
        values: dict[str, Any] = {}
        for field in sorted(known, key=lambda f: f.key != "zone"):
            if field.key in item:
                self._value(values, item[field.key], field, table, index)
            elif field.needed:
                message = f'{where} lacks "{field.key}"'
                self.problem("TW102", table, index, None, message, f"add {field.key} = {field.example}")
        return values

    def are_tables(self, value: Any, table: str) -> bool:
        """Whether a value is a list of tables; a problem if not."""
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return True
        line = max(self.positions.line("", 0, table), self.positions.line(table))  # a key, or a header
        message = f'"{table}" must be written as tables'
        fix = f"begin each with a line [[{table}]]"
        self.problems.append(Problem(Loc(self.name, line), "TW104", message, fix))
        return False

    def problem(self, code: str, table: str, index: int, key: str | None, message: str, fix: str) -> None:
        """Note a problem at a key of a table, or at its header."""
        self.problems.append(Problem(self.loc(table, index, key), code, message, fix))

    def loc(self, table: str = "", index: int = 0, key: str | None = None) -> Loc:
        """Where a key stands, or the header of its table."""
        return Loc(self.name, self.positions.line(table, index, key))

    def _value(self, values: dict[str, Any], value: Any, field: Field, table: str, index: int) -> None:
        try:
            values[field.key] = field.kind.read(value, values.get("zone", self.zone))
        except (ValueError, OverflowError) as error:
            message, fix = f'"{field.key}" {error}', f"such as {field.key} = {field.example}"
            self.problem("TW103", table, index, field.key, message, fix)
