"""New text for ledger files: one more table below what is there, or a new file. Text in, text out.

tomli-w writes every key and value; how tables are laid out is decided here, for it may spread small
tables over lines, or gather tables into one list, which cannot be added to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tariffwatch.ledger import fields
from tariffwatch.ledger.fields import Field

Value = str | bool | date | datetime | Sequence["Value"] | Mapping[str, "Value"]
Record = Mapping[str, Value]
"""One table of a ledger file, by key. A datetime without a zone stands in the zone of the file."""


class AppendError(ValueError):
    """A text to which no table can be added; the message says why, and the mend."""


def append(data: bytes, table: str, record: Record) -> bytes:
    """A file's bytes with one more ``[[table]]`` at the end. Every byte that was there stays as it was.

    The new lines end as the last one does, CRLF or LF; one that has no end gets it first. Raises
    AppendError for a text that is not TOML, or whose table is written in a form that has no room below.
    """
    before = _document(data)
    line_end = b"\r\n" if data[: data.rfind(b"\n") + 1].endswith(b"\r\n") else b"\n"
    after = data + _gap(data, line_end) + entry(table, record).encode().replace(b"\n", line_end)
    held = before.get(table, [])
    try:
        fits = isinstance(held, list) and _document(after) == before | {table: [*held, record]}
    except AppendError:
        fits = False
    if not fits:
        raise AppendError(f"its {table} do not stand as tables; begin each with a line [[{table}]]")
    return after


def entry(table: str, record: Record) -> str:
    """The lines of one ``[[table]]``, a key on each."""
    return f"[[{table}]]\n" + "".join(f"{_line(key, value)}\n" for key, value in record.items())


def new_action(head: Record, lines: Iterable[Record], instruments: Iterable[Record]) -> str:
    """The text of a new file of one action: what is given, and what else may stand there as comments."""
    slug = head["id"]
    tables = {"lines": list(lines), "instruments": list(instruments)}
    return "\n".join(
        [
            "# One tariff action. Lines that begin with # are comments: remove the # to use them.",
            "# `tariffwatch check` finds slips; `tariffwatch record` adds what happens, below.",
            "",
            *(_explained(field, head) for field in fields.ACTION),
            "",
            *(f"{_table(name, records)}" for name, records in tables.items()),
            "# What happens is added below, each fact as a table of its own; nothing is rewritten. Such as:",
            f"# tariffwatch record {slug} ordered --known today --effective '2027-01-01 00:01' --rate 25%"
            " --source '19 U.S.C. 1862(c)'",
            "",
        ]
    )


def new_overlay(slug: str, zone: str) -> str:
    """The text of a new file that adds to an action of another folder."""
    return (
        f"# What you add to {slug}, which stands in another folder and is left as it is there.\n"
        f"{_line('extends_action', slug)}\n{_line('zone', zone)}\n"
    )


def _table(name: str, records: Sequence[Record]) -> str:
    """The tables of one name; without any, an example as comments."""
    if records:
        return "\n".join(entry(name, record) for record in records)
    needed = [field for field in fields.TABLES[name] if field.needed]
    return f"# [[{name}]]\n" + "".join(f"# {field.key} = {field.example}\n" for field in needed)


def _explained(field: Field, head: Record) -> str:
    """A line of the head with what it means; as a comment if it is not given."""
    given = field.key in head
    line = _line(field.key, head[field.key]) if given else f"# {field.key} = {field.example}"
    return f"{line}  # {field.meaning}"


def _line(key: str, value: Value) -> str:
    return f"{_plain({key: True})[:-7]} = {_value(value)}"


def _value(value: Value) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_line(key, one) for key, one in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_value, value)) + "]"
    written = _plain({"x": value})[4:]
    return written.replace(" ", "T", 1) if isinstance(value, datetime) else written


def _plain(document: Mapping[str, Value]) -> str:
    from tomli_w import dumps

    return dumps(document).rstrip("\n")


def _gap(data: bytes, line_end: bytes) -> bytes:
    """What parts a new table from the text above: the missing line end, and an empty line."""
    text = data.removeprefix(b"\xef\xbb\xbf")
    if not text.strip(b"\r\n"):
        return b""
    if not text.endswith(b"\n"):
        return line_end * 2
    return b"" if text.endswith((b"\n\n", b"\n\r\n")) else line_end


def _document(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise AppendError(f"it is not TOML ({error}); tariffwatch check shows where") from None
