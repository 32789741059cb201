"""Mending what is mechanical in one ledger file: bytes in, bytes out, every other byte as it was.

Each mend is one edit of the text. It is kept only if the text then reads, as TOML, exactly as the file did
with that one change: a comment, a text in quotes or an odd layout cannot be hit by mistake. What has no edit
of that kind is left to a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, islice, pairwise
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.ledger import fields, kinds
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK
from tariffwatch.ledger.parse import MAX_BYTES
from tariffwatch.ledger.positions import Positions
from tariffwatch.ledger.spelling import certain, reads, respelt, respelt_item, zone_name
from tariffwatch.model import citations

Document = dict[str, Any]
Path = tuple[str | int, ...]
"""Where a value stands in a document."""

BOM = "\ufeff"
TRIES = 20
"""How many places that look like the one to be mended are tried."""

_SCHEMA_LINE = re.compile(BOM + r"?#:schema[ \t]+(\S+)")
_OTHER_HEADER = re.compile(r"(?m)^[ \t]*\[(?!\[?[ \t]*events\b)")
_REFERENCES = (
    ("", "extends_action", "actions"),
    ("instruments", "affects", "actions"),
    ("events", "lines", "lines"),
    ("events", "rates", "lines"),
    ("events", "extends", "events"),
    ("events", "postpones", "events"),
    ("events", "condition", "conditions"),
    ("events", "by", "actions"),
    ("conditions", "bears_on", "bears_on"),
    ("deadlines", "replaces", "deadlines"),
    ("deadlines", "settled_by", "events"),
)
"""Table, key, and among which ids its value must be (:func:`tariffwatch.ledger.rules.names_known`)."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A file's new content, and what was done to it, a line each."""

    content: bytes
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a file may mean, beside what the file itself holds."""

    actions: Mapping[str, Mapping[str, Collection[str]]]
    """By slug and table, the ids that each action holds: a file may add to it."""
    instruments: Collection[str] = ()
    """The ids of the shared ones."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Stands for a value that is kept under another key."""

    name: str


def mend(
    content: bytes, file: str, today: date, schema: str | None = None, names: Names | None = None
) -> Mended:
    """Mend one file; ``file`` is its name, ``today`` the day on which it is written down.

    ``schema`` is the path that its schema line should give; None leaves that line alone. Without ``names``,
    no name of an event, a line, an instrument or an action is touched.
    """
    if len(content) > MAX_BYTES:
        return Mended(content)
    try:
        text = content.decode("utf-8")
        document = tomllib.loads(text.removeprefix(BOM))
    except (ValueError, RecursionError):
        return Mended(content)
    work = _Work(text, document, PurePath(file).name)
    work.spelling()
    if names is not None:
        work.names(names)
    work.recorded(today)
    work.order()
    if schema is not None:
        work.schema_line(schema)
    return Mended(work.text.encode("utf-8"), tuple(work.said))


def named_schema(content: bytes) -> str | None:
    """What the schema line of a file names."""
    found = _SCHEMA_LINE.match(content.decode("utf-8", errors="replace"))
    return found[1] if found else None


class _Work:
    """One text under the hammer."""

    def __init__(self, text: str, document: Document, name: str) -> None:
        self.text = text
        self.document = document
        self.said: list[str] = []
        self._tables = fields.SHARED.get(name) or fields.TABLES
        overlay = "extends_action" in document
        self._head = () if name in fields.SHARED else fields.OVERLAY if overlay else fields.ACTION

    def spelling(self) -> None:
        """Keys, words of a vocabulary, zones, dates in quotes: what the table of keys decides alone."""
        for key in self.document.keys() - self._tables.keys() - {field.key for field in self._head}:
            meant = certain(key, [*self._tables, *(field.key for field in self._head)])
            if meant and meant in self._tables and meant not in self.document:
                self._table_name(key, meant)
        for table, known in {"": self._head, **self._tables}.items():
            for index, item in enumerate(self._items(table)):
                for key in [key for key in item if table or key not in self._tables]:
                    self._key(table, index, key, known)
                for field in known:
                    self._value(table, index, field)

    def names(self, names: Names) -> None:
        """Names of what is there: a slip of one letter, where only one thing can be meant."""
        for table, key, there in _REFERENCES:
            known = self._there(there, names)
            for index, item in enumerate(self._items(table)):
                own = {str(item.get("id"))}
                for word in _words(item.get(key)):
                    if word not in known and (meant := certain(word, known - own)):
                        self._swap(table, index, key, word, meant)
        self._sources({*names.instruments, *self._there("instruments", names)})

    def _there(self, what: str, names: Names) -> set[str]:
        """The ids that there are of a table, in the file and in the action to which it adds."""
        if what == "actions":
            return set(names.actions)
        tables = ("events", "deadlines") if what == "bears_on" else (what,)
        base = names.actions.get(str(self.document.get("extends_action")), {})
        return {id for table in tables for id in (*self._ids(table), *base.get(table, ()))}

    def recorded(self, today: date) -> None:
        """Give each event that lacks it the day of entering the ledger; never before it was known."""
        for index, event in enumerate(self._items("events")):
            known = self._moment(event.get("known"))
            if "recorded" in event or known is None or known.astimezone(self._zone).date() > today:
                continue
            line = self._line("events", index, "known")
            before = self._lines[line - 1]
            if found := re.match(r"""([ \t]*)(?:known|"known"|'known')[ \t]*=""", before):
                new = _inserted(self._lines, line, f"{found[1]}recorded = {today}")
                said = f'recorded = {today} added to event "{event.get("id")}"'
                self._attempt(new, ("events", index, "recorded"), today, said)

    def order(self) -> None:
        """Put the events in the order of the days on which they became known, as the guide has it.

        Painting takes them in that order anyway. Those of one day stay as they are: a day alone may mean
        any hour. All do where a comment between two of them may belong to either.
        """
        events = self._items("events")
        known = [self._moment(event.get("known")) for event in events]
        days = [at.astimezone(self._zone).date() for at in known if at]
        if len(days) < len(events) or days == sorted(days) or (pieces := self._pieces(len(events))) is None:
            return
        wanted = sorted(range(len(events)), key=lambda index: days[index])
        order = iter(wanted)
        text = "".join(pieces[2 * next(order) + 1] if n % 2 else piece for n, piece in enumerate(pieces))
        up = [str(events[index].get("id")) for place, index in enumerate(wanted) if place < index]
        said = f"events put in the order in which they became known; moved up: {', '.join(up)}"
        self._attempt(text, ("events",), [events[index] for index in wanted], said)

    def schema_line(self, schema: str) -> None:
        """Let the first line name the schema, so that editors check the file while one types."""
        found = _SCHEMA_LINE.match(self.text)
        if found and found[1] == schema:
            return
        if found:
            new = self.text[: found.start(1)] + schema + self.text[found.end(1) :]
        else:
            new = _inserted(self._lines, 0, f"#:schema {schema}")
        self._attempt(new, (), None, f"the schema line names {schema}")

    def _table_name(self, name: str, meant: str) -> None:
        """The headers of tables whose name is a slip."""
        pattern = rf"(?m)^([ \t]*\[\[[ \t]*){re.escape(name)}(?=[ \t]*\]\])"
        new = re.sub(pattern, rf"\g<1>{meant}", self.text)
        self._attempt(new, (name,), Renamed(meant), f"[[{name}]] -> [[{meant}]]")

    def _key(self, table: str, index: int, key: str, known: Sequence[Field]) -> None:
        """A key that is a slip of one that is not there yet, and that takes its value."""
        item, by_key = self._items(table)[index], {field.key: field for field in known}
        meant = None if key in by_key else certain(key, by_key)
        if not meant or meant in item:
            return
        kind, value = by_key[meant].kind, item[key]
        if reads(kind, value, self._zone) or respelt(kind, value, self._zone) is not None:
            self._try(table, index, key, key, meant, (key,), Renamed(meant))

    def _value(self, table: str, index: int, field: Field) -> None:
        """A value that its key does not take, and the one that it must mean; a zone by its former name."""
        item, zone = self._items(table)[index], self._zone
        if field.key not in item:
            return
        value = item[field.key]
        if field.kind is kinds.timezone and isinstance(value, str):
            self._swap(table, index, field.key, value, zone_name(value))
        elif isinstance(value, list) and "items" in field.kind.schema:
            for one in [one for one in value if not reads(field.kind, [one], zone)]:
                self._swap(table, index, field.key, one, respelt_item(field.kind, one, zone))
        elif isinstance(value, dict) and field.kind is kinds.rates:
            for one in [one for one in value.values() if not reads(kinds.rate, one, zone)]:
                self._swap(table, index, field.key, one, respelt(kinds.rate, one, zone))
        elif not reads(field.kind, value, zone):
            self._swap(table, index, field.key, value, respelt(field.kind, value, zone))

    def _sources(self, there: Collection[str]) -> None:
        """Instruments that sources name."""
        for table in ("events", "conditions", "deadlines"):
            for index, item in enumerate(self._items(table)):
                source = str(item.get("source", ""))
                for name, _ in citations(source):
                    if name not in there and (meant := certain(name, there)):
                        new = source.replace(name, meant, 1)
                        self._try(table, index, "source", name, meant, ("source",), new)

    def _swap(self, table: str, index: int, key: str, old: Any, new: Any) -> None:
        """Put one value, or key of a table, in the place of another: what a key holds, or inside that."""
        if new is None or new == old:
            return
        held = self._items(table)[index][key]
        if isinstance(held, dict) and old in held:
            self._try(table, index, key, old, new, (key, old), Renamed(new))
            return
        path = (key,) if held == old else (key, *_where(held, old))
        for quote in "\"'":
            token = f"{quote}{new}{quote}" if isinstance(new, str) else new.isoformat()
            self._try(table, index, key, f"{quote}{old}{quote}", token, path, new)

    def _try(self, table: str, index: int, key: str, old: str, new: str, path: Path, value: Any) -> None:
        """Edit the first place, from a key's line on, at which the edit does what it should and no more."""
        line = self._line(table, index, key)
        start = sum(map(len, self._lines[: line - 1]))
        for found in islice(re.finditer(re.escape(old), self.text[start:]), TRIES):
            at = start + found.start()
            text = self.text[:at] + new + self.text[at + len(old) :]
            whole = (table, index, *path) if table else path
            if self._attempt(text, whole, value, f"{key}: {old} -> {new}"):
                return

    def _attempt(self, text: str, path: Path, value: Any, said: str) -> bool:
        """Take a text if it reads as the file does now with one value changed; an empty path changes none."""
        wanted = _changed(self.document, path, value)
        try:
            document = tomllib.loads(text.removeprefix(BOM))
        except ValueError:
            return False
        if document != wanted:
            return False
        self.text, self.document = text, document
        self.said.append(said)
        return True

    def _pieces(self, count: int) -> list[str] | None:
        """The text cut into gap, event, gap, event, ..., gap; None where that is not certain.

        An event begins with the comments that stand directly above it, and ends with its last line that is
        neither blank nor a comment. What is left between two of them, and after the last, must be blank.
        """
        lines = self._lines
        starts = [self._line("events", index, None) - 1 for index in range(count)]
        later = (line for line in self._headers() if line > starts[-1])
        edges = [*starts, min(later, default=len(lines))]
        offsets = [0, *accumulate(map(len, lines))]
        cuts = [0]
        for start, limit in pairwise(edges):
            last = limit - 1
            while last > start and (not lines[last].strip() or _is_comment(lines[last])):
                last -= 1
            cuts += [offsets[_with_comments(lines, start)], offsets[last] + len(lines[last].rstrip("\r\n"))]
        pieces = [self.text[start:end] for start, end in pairwise([*cuts, len(self.text)])]
        tail = self.text[cuts[-1] : offsets[_with_comments(lines, edges[-1])]]
        strange = any(gap.strip() for gap in [*pieces[2:-1:2], tail])
        return None if strange or any(map(_OTHER_HEADER.search, pieces[1::2])) else pieces

    def _headers(self) -> Iterator[int]:
        """Where the tables other than events begin, the first line being 0."""
        for table in self._tables.keys() - {"events"}:
            yield from (self._line(table, n, None) - 1 for n in range(len(self._items(table))))

    @property
    def _lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)

    def _line(self, table: str, index: int, key: str | None) -> int:
        return Positions(self.text.removeprefix(BOM)).line(table, index, key)

    @property
    def _zone(self) -> ZoneInfo:
        """The zone of the times of the file."""
        given = self.document.get("zone")
        return (
            ZoneInfo(given) if isinstance(given, str) and reads(kinds.timezone, given, NEW_YORK) else NEW_YORK
        )

    def _moment(self, value: Any) -> datetime | None:
        zone = self._zone
        return kinds.moment.read(value, zone).at if reads(kinds.moment, value, zone) else None

    def _items(self, table: str) -> list[dict[str, Any]]:
        """The tables of a name; the head of the file is the only one of no name."""
        rows = self.document.get(table, []) if table else [self.document]
        whole = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        return rows if whole else []

    def _ids(self, table: str) -> set[str]:
        return {item["id"] for item in self._items(table) if isinstance(item.get("id"), str)}


def _inserted(lines: Sequence[str], after: int, new: str) -> str:
    """The text with a line more after so many lines: with the line end that it has there, or elsewhere."""
    before = lines[after - 1] if after else ""
    ends = [line[len(line.rstrip("\r\n")) :] for line in (before, *lines)]
    end = next(filter(None, ends), "\n")
    if not after:
        mark = BOM if lines and lines[0].startswith(BOM) else ""
        return mark + new + end + "".join(lines).removeprefix(mark)
    added = new + end if ends[0] else end + new  # a last line without an end keeps the file without one
    return "".join([*lines[:after], added, *lines[after:]])


def _with_comments(lines: Sequence[str], start: int) -> int:
    """The first of the comment lines that stand directly above a line; else that line."""
    while start and _is_comment(lines[start - 1]) and not _SCHEMA_LINE.match(lines[start - 1]):
        start -= 1
    return start


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _words(value: Any) -> list[str]:
    """The texts that a value is, lists, or has as keys."""
    given = value if isinstance(value, (list, dict)) else [value]
    return [word for word in given if isinstance(word, str)]


def _where(held: Any, value: Any) -> tuple[str | int, ...]:
    """Where in a list or a table a value stands."""
    pairs = held.items() if isinstance(held, dict) else enumerate(held)
    return next(((place,) for place, one in pairs if one == value), ())


def _changed(document: Document, path: Path, value: Any) -> Document:
    """The document with one value put at a path, or a key renamed; an empty path changes nothing."""
    if not path:
        return document
    changed: Any = deepcopy(document)
    *to, last = path
    held = changed
    for step in to:
        held = held[step]
    if isinstance(value, Renamed):
        held[value.name] = held.pop(last)
    else:
        held[last] = value
    return changed  # type: ignore[no-any-return]
