"""Mending what is mechanical in one ledger file: bytes in, bytes out, every other byte as it was.

Each mend is one edit of the text, taken only if it does what it should and no more
(:mod:`tariffwatch.ledger.edits`). What has no edit of that kind is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, pairwise
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.ledger import fields, kinds
from tariffwatch.ledger.edits import BOM, Document, Edit, Hammer, Path, Renamed, Slip
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK, Kind
from tariffwatch.ledger.parse import MAX_BYTES
from tariffwatch.ledger.records import decode, toml
from tariffwatch.ledger.spelling import certain, reads, respelt, respelt_item, zone_name
from tariffwatch.model import citations

_SCHEMA_LINE = re.compile(BOM + r"?#:schema[ \t]+(\S+)")
_KNOWN = re.compile(r"""([ \t]*)(?:known|"known"|'known')[ \t]*=""")
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


def mend(
    content: bytes, file: str, today: date, schema: str | None = None, names: Names | None = None
) -> Mended:
    """Mend one file; ``file`` is its name, ``today`` the day on which it is written down.

    ``schema`` is the path that its schema line should give; None leaves that line alone. Without ``names``,
    no name of an event, a line, an instrument or an action is touched.
    """
    if len(content) > MAX_BYTES:
        return Mended(content)
    bare = decode(content, file, [])
    document = None if bare is None else toml(bare, file, [])
    if document is None:
        return Mended(content)
    text = content.decode("utf-8")
    work = _Work(text, document, PurePath(file).name)
    work.spelling()
    if names is not None:
        work.names(names)
    work.recorded(today)
    work.order()
    if schema is not None:
        work.schema_line(schema)
    return Mended(work.hammer.text.encode("utf-8"), tuple(work.hammer.said))


def named_schema(content: bytes) -> str | None:
    """What the schema line of a file names."""
    found = _SCHEMA_LINE.match(content.decode("utf-8", errors="replace"))
    return found[1] if found else None


class _Work:
    """One text under the hammer."""

    def __init__(self, text: str, document: Document, name: str) -> None:
        self.hammer = Hammer(text, document)
        self._tables = fields.SHARED.get(name) or fields.TABLES
        overlay = "extends_action" in document
        self._head = () if name in fields.SHARED else fields.OVERLAY if overlay else fields.ACTION

    @property
    def _known(self) -> dict[str, Sequence[Field]]:
        """The keys of each table; the head of the file has no name."""
        return {"": self._head, **self._tables}

    def spelling(self) -> None:
        """Keys, words of a vocabulary, zones, dates in quotes: what the table of keys decides alone.

        What a key or the zone must mean decides what a value can mean, and goes before it.
        """
        document = self.hammer.document
        for key in document.keys() - self._tables.keys() - {field.key for field in self._head}:
            meant = certain(key, [*self._tables, *(field.key for field in self._head)])
            if meant and meant in self._tables and meant not in document:
                self._table_name(key, meant)
        self.hammer.mend([slip for table, known in self._known.items() for slip in self._keys(table, known)])
        for tables in ([""], self._tables):
            self.hammer.mend([slip for table in tables for slip in self._values(table)])

    def names(self, names: Names) -> None:
        """Names of what is there: a slip of one letter, where only one thing can be meant.

        To which action the file adds decides what there is, and goes before it.
        """
        for head in (True, False):
            references = [one for one in _REFERENCES if (not one[0]) is head]
            self.hammer.mend([slip for one in references for slip in self._references(*one, names)])
        self.hammer.mend([*self._sources({*names.instruments, *self._there("instruments", names)})])

    def _references(self, table: str, key: str, there: str, names: Names) -> Iterator[Slip]:
        known = self._there(there, names)
        for index, item in enumerate(self._items(table)):
            own = {str(item.get("id"))}
            for place, word, named in _words(item.get(key)):
                if word in known or not (meant := certain(word, known - own)):
                    continue
                if named:
                    yield Slip(table, index, key, [(word, meant)], (key, word), Renamed(meant))
                else:
                    yield from _swap(table, index, key, place, word, meant)

    def _there(self, what: str, names: Names) -> set[str]:
        """The ids that there are of a table, in the file and in the action to which it adds."""
        if what == "actions":
            return set(names.actions)
        tables = ("events", "deadlines") if what == "bears_on" else (what,)
        base = names.actions.get(str(self.hammer.document.get("extends_action")), {})
        return {id for table in tables for id in (*self._ids(table), *base.get(table, ()))}

    def recorded(self, today: date) -> None:
        """Give each event that lacks it the day of entering the ledger; never before it was known.

        It goes below the line of "known".
        """
        wanted = []
        for index, event in enumerate(self._items("events")):
            known = self._moment(event.get("known"))
            if "recorded" in event or known is None or known.astimezone(self._zone).date() > today:
                continue
            line = self.hammer.line("events", index, "known")
            if found := _KNOWN.match(self._lines[line - 1]):
                said = f'recorded = {today} added to event "{event.get("id")}"'
                wanted.append((index, f"{found[1]}recorded = {today}", said))
        self.hammer.all(wanted, lambda some: self._record(some, today))

    def _record(self, wanted: Sequence[tuple[int, str, str]], today: date) -> bool:
        """Write a line into each of these events; with them goes what is then said."""
        edits = []
        for index, new, _ in wanted:
            line = self.hammer.line("events", index, "known")
            edits.append(_line_after(self._lines, line, self.hammer.offset(line), new))
        changes = [(("events", index, "recorded"), today) for index, *_ in wanted]
        return self.hammer.take(self.hammer.edited(edits), changes, [said for *_, said in wanted])

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
        self.hammer.take(text, [(("events",), [events[index] for index in wanted])], [said])

    def schema_line(self, schema: str) -> None:
        """Let the first line name the schema, so that editors check the file while one types."""
        found = _SCHEMA_LINE.match(self.hammer.text)
        if found and found[1] == schema:
            return
        if found:
            new = self.hammer.text[: found.start(1)] + schema + self.hammer.text[found.end(1) :]
        else:
            at = len(BOM) if self.hammer.text.startswith(BOM) else 0
            new = self.hammer.edited([_line_after(self._lines, 0, at, f"#:schema {schema}")])
        self.hammer.take(new, [], [f"the schema line names {schema}"])

    def _table_name(self, name: str, meant: str) -> None:
        """The headers of tables whose name is a slip."""
        pattern = rf"(?m)^([ \t]*\[\[[ \t]*){re.escape(name)}(?=[ \t]*\]\])"
        new = re.sub(pattern, rf"\g<1>{meant}", self.hammer.text)
        self.hammer.take(new, [((name,), Renamed(meant))], [f"[[{name}]] -> [[{meant}]]"])

    def _keys(self, table: str, known: Sequence[Field]) -> Iterator[Slip]:
        """Keys that are slips of one that is not there yet, and that takes their value."""
        by_key = {field.key: field for field in known}
        for index, item in enumerate(self._items(table)):
            for key, value in item.items():
                other = key in by_key or (not table and key in self._tables)
                meant = None if other else certain(key, by_key)
                if not meant or meant in item:
                    continue
                kind = by_key[meant].kind
                if reads(kind, value, self._zone) or respelt(kind, value, self._zone) is not None:
                    yield Slip(table, index, key, [(key, meant)], (key,), Renamed(meant))

    def _values(self, table: str) -> Iterator[Slip]:
        """Values that their keys do not take, where one thing only can be meant; zones by former names."""
        for index, item in enumerate(self._items(table)):
            for field in self._known[table]:
                for place, value, meant in _wrong(field.kind, item.get(field.key), self._zone):
                    yield from _swap(table, index, field.key, place, value, meant)

    def _sources(self, there: Collection[str]) -> Iterator[Slip]:
        """Instruments that sources name."""
        for table in ("events", "conditions", "deadlines"):
            for index, item in enumerate(self._items(table)):
                source = str(item.get("source", ""))
                for name, _ in citations(source):
                    if name not in there and (meant := certain(name, there)):
                        source = source.replace(name, meant, 1)
                        yield Slip(table, index, "source", [(name, meant)], ("source",), source)

    def _pieces(self, count: int) -> list[str] | None:
        """The text cut into gap, event, gap, event, ..., gap; None where that is not certain.

        An event begins with the comments that stand directly above it, and ends with its last line that is
        neither blank nor a comment. What is left between two of them, and after the last, must be blank.
        """
        lines = self._lines
        starts = [self.hammer.line("events", index, None) - 1 for index in range(count)]
        if sorted(set(starts)) != starts:
            return None
        later = (line for line in self._headers() if line > starts[-1])
        edges = [*starts, min(later, default=len(lines))]
        offsets = [0, *accumulate(map(len, lines))]
        cuts = [0]
        for start, limit in pairwise(edges):
            last = limit - 1
            while last > start and (not lines[last].strip() or _is_comment(lines[last])):
                last -= 1
            cuts += [offsets[_with_comments(lines, start)], offsets[last] + len(lines[last].rstrip("\r\n"))]
        pieces = [self.hammer.text[start:end] for start, end in pairwise([*cuts, len(self.hammer.text)])]
        tail = self.hammer.text[cuts[-1] : offsets[_with_comments(lines, edges[-1])]]
        strange = any(gap.strip() for gap in [*pieces[2:-1:2], tail])
        return None if strange or any(map(_OTHER_HEADER.search, pieces[1::2])) else pieces

    def _headers(self) -> Iterator[int]:
        """Where the tables other than events begin, the first line being 0."""
        for table in self._tables.keys() - {"events"}:
            yield from (self.hammer.line(table, n, None) - 1 for n in range(len(self._items(table))))

    @property
    def _lines(self) -> list[str]:
        return self.hammer.lines

    @property
    def _zone(self) -> ZoneInfo:
        """The zone of the times of the file."""
        given = self.hammer.document.get("zone")
        return (
            ZoneInfo(given) if isinstance(given, str) and reads(kinds.timezone, given, NEW_YORK) else NEW_YORK
        )

    def _moment(self, value: Any) -> datetime | None:
        zone = self._zone
        return kinds.moment.read(value, zone).at if reads(kinds.moment, value, zone) else None

    def _items(self, table: str) -> list[dict[str, Any]]:
        """The tables of a name; the head of the file is the only one of no name."""
        rows = self.hammer.document.get(table, []) if table else [self.hammer.document]
        whole = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        return rows if whole else []

    def _ids(self, table: str) -> set[str]:
        return {item["id"] for item in self._items(table) if isinstance(item.get("id"), str)}


def _line_after(lines: Sequence[str], after: int, at: int, new: str) -> Edit:
    """A line more after so many lines, at this place: with the line end that it has there, or elsewhere."""
    before = lines[after - 1] if after else ""
    own = _end(before)
    end = own or next(filter(None, map(_end, lines)), "\n")
    kept = not after or own  # a last line without an end keeps the file without one
    return Edit(at, "", new + end if kept else end + new)


def _end(line: str) -> str:
    """How a line ends."""
    return line[len(line.rstrip("\r\n")) :]


def _with_comments(lines: Sequence[str], start: int) -> int:
    """The first of the comment lines that stand directly above a line; else that line."""
    while start and _is_comment(lines[start - 1]) and not _SCHEMA_LINE.match(lines[start - 1]):
        start -= 1
    return start


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _wrong(kind: Kind, value: Any, zone: ZoneInfo) -> Iterator[tuple[Path, Any, Any]]:
    """What a key of a kind does not take: where in its value it stands, what it is, and what it must mean."""
    if kind is kinds.timezone and isinstance(value, str):
        yield (), value, zone_name(value)
    elif isinstance(value, list) and "items" in kind.schema:
        wrong = ((place, one) for place, one in enumerate(value) if not reads(kind, [one], zone))
        yield from (((place,), one, respelt_item(kind, one, zone)) for place, one in wrong)
    elif isinstance(value, dict) and kind is kinds.rates:
        bad = ((name, one) for name, one in value.items() if not reads(kinds.rate, one, zone))
        yield from (((name,), one, respelt(kinds.rate, one, zone)) for name, one in bad)
    elif value is not None and not reads(kind, value, zone):
        yield (), value, respelt(kind, value, zone)


def _words(value: Any) -> Iterator[tuple[Path, str, bool]]:
    """The texts that a value is, lists, or has as keys: where in it, and whether it is a key."""
    if isinstance(value, str):
        yield (), value, False
    elif isinstance(value, list):
        yield from (((place,), word, False) for place, word in enumerate(value) if isinstance(word, str))
    elif isinstance(value, dict):
        yield from (((), word, True) for word in value)


def _swap(table: str, index: int, key: str, place: Path, old: Any, new: Any) -> Iterator[Slip]:
    """Put one value in the place of another: what a key holds, or inside that."""
    if new is None or new == old:
        return
    tokens = []
    for quote in "\"'":
        token = f"{quote}{new}{quote}" if isinstance(new, str) else new.isoformat()
        tokens.append((f"{quote}{old}{quote}", token))
    yield Slip(table, index, key, tokens, (key, *place), new)
