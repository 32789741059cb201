"""What cases are made of: files from the tables of keys, command lines from the program's own options."""

# ruff: noqa: E501  (lists of examples)

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import click
import tomli_w
import typer
from hypothesis import strategies as st

from tariffwatch.cli.main import COMMANDS, program
from tariffwatch.ledger import fields, kinds
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import Kind
from tariffwatch.settings import fields as settings_fields
from tariffwatch.settings.model import ChannelKind

Document = dict[str, Any]

IDS = ("a", "b", "c", "start", "pause", "report", "general", "us-good", "fuzz", "eo-1", "s122-150-days")
ZONES = ("America/New_York", "UTC", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Europe/Dublin")
STRANGE = (
    *(
        "=1+1",
        "a|b",
        "<script>x</script>",
        "[x](y)",
        "two\nlines\r\nor three",
        'a,b;c\t."',
        "\x1b[31m",
        "\u202e",
    ),
    *(
        "\x00",
        "\x85\u2028",
        "🚢",
        "e\u0301" * 40,
        "x" * 300,
        "\ufeff",
        " ",
        "\\",
        "%s %(a)s {0} {a}",
        "~no-such-user/x",
    ),
)

texts = st.one_of(st.sampled_from(STRANGE), st.text(max_size=20))
days = st.one_of(
    st.dates(date(2025, 1, 25), date(2025, 3, 20)),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.sampled_from([date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2025, 3, 9)]),
)
hours = st.sampled_from([time(), time(0, 1), time(2, 30), time(23, 59, 59), time(12, 0, 0, 1)])
offsets = st.sampled_from(
    [None, UTC, timezone(timedelta(hours=-23, minutes=-59)), timezone(timedelta(hours=14))]
)
instants = st.builds(datetime.combine, days, hours, offsets)
moments = st.one_of(days, instants)
rates = st.sampled_from(["25%", "0%", "15% floor", "$100 per item", "exempt", "9999.9999%", "EUR 1,5 per t"])
lengths = st.one_of(
    st.sampled_from(["150 days", "12 months", "end of month 1 month", "4 years - 1 day", "-24 hours", "0 days"]),
    st.builds("{}{} {}s".format, st.sampled_from(["", "-", "+ "]), st.integers(0, 99999),
              st.sampled_from(["hour", "day", "week", "business day", "month", "year"])),
)  # fmt: skip
wrong = st.one_of(
    texts,
    st.integers(),
    st.booleans(),
    st.floats(),
    moments,
    st.just(16**5000),
    st.recursive(st.integers(0, 9), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)),
)  # fmt: skip
"""A value of TOML that may be of no use where it stands."""


def _transit() -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"loaded_before": moments}, optional={"entered_before": moments, "note": texts}
    )


def _rule() -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"clock": st.sampled_from([*IDS, "protest-180", "s232-report"]), "from": st.sampled_from(IDS) | days},
        optional={"of": st.sampled_from(["effective", "known"]), "part": st.sampled_from(["a", "opens"])},
    )


def _part() -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"id": st.sampled_from(IDS), "label": texts, "length": lengths},
        optional={"trigger": texts, "count": st.sampled_from(["within", "period", "on", "before"])},
    )


_BY_KIND: Mapping[int, st.SearchStrategy[Any]] = {
    id(kind): strategy
    for kind, strategy in (
        *((kinds.text, texts), (kinds.day, days), (kinds.moment, moments), (kinds.rate, rates)),
        (kinds.rates, st.dictionaries(st.sampled_from(["general", "a", "b"]), rates, max_size=3)),
        *((kinds.transit, _transit()), (kinds.rule, _rule()), (kinds.part, _part())),
        *((kinds.parts, st.lists(_part(), max_size=2)), (kinds.hour, hours), (kinds.boolean, st.booleans())),
        *((kinds.timezone, st.sampled_from(ZONES)), (kinds.slug, st.sampled_from(IDS))),
        (kinds.country, st.sampled_from(["US", "FD", "EU", "*", "CA"])),
        (kinds.url, st.sampled_from(["https://example.com/a?b=c&d=(e)", "http://x/%0a'];"])),
        (settings_fields.rung, st.builds("{}{}".format, st.integers(0, 999), st.sampled_from(["h", "d", "w", "bd"]))),
        (settings_fields.path, st.sampled_from(["own", "~/own", "~no-such-user/x", "x" * 300, "a\x00b", "", "/proc/self/mem"])),
    )
}  # fmt: skip


def value(kind: Kind, key: str = "") -> st.SearchStrategy[Any]:
    """Values of a kind; what has no strategy of its own is made of its schema."""
    if key == "length":
        return lengths
    if key == "source":
        return st.sampled_from(["eo-1 sec. 2", "19 U.S.C. 1862", "eo-1; eo-2 x", ";", "nothing"]) | texts
    if id(kind) in _BY_KIND:
        return _BY_KIND[id(kind)]
    schema = kind.schema
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "array":
        return st.lists(value(_Item(schema["items"])), max_size=3)
    if schema["type"] == "integer":
        return st.integers(schema["minimum"] - 1, schema["maximum"] + 1)
    if "pattern" in schema:
        if schema["pattern"] == kinds.slug.schema["pattern"]:
            return st.sampled_from(IDS)
        return st.from_regex(schema["pattern"])
    return st.sampled_from(["5m", "999d", "22:00-07:00", "24:00-1", "00:00-00:00"]) | texts


def _Item(schema: Mapping[str, Any]) -> Kind:  # noqa: N802  (it makes a Kind)
    known = (kinds.text, kinds.slug, kinds.country, kinds.day, settings_fields.path)
    same = next((kind for kind in known if kind.schema == schema), None)
    return same or Kind(lambda given, zone: given, schema, "")


def record(known: Sequence[Field], **fixed: Any) -> st.SearchStrategy[Document]:
    """A table of some keys: what is needed nearly always, the rest often; now and then a wrong value."""
    needed = {f.key: value(f.kind, f.key) for f in known if f.needed and f.key not in fixed}
    optional = {f.key: value(f.kind, f.key) for f in known if not f.needed and f.key not in fixed}
    whole = st.fixed_dictionaries(
        needed | {key: st.just(one) for key, one in fixed.items()}, optional=optional
    )
    return _sometimes(whole, _spoilt(whole, [f.key for f in known]))


def _spoilt(whole: st.SearchStrategy[Document], keys: Sequence[str]) -> st.SearchStrategy[Document]:
    def spoil(document: Document, key: str, bad: Any, drop: bool) -> Document:
        rest = {name: one for name, one in document.items() if name != key}
        return rest if drop else rest | {key: bad}

    return st.builds(spoil, whole, st.sampled_from([*keys, "unknown"]), wrong, st.booleans())


def _sometimes(usual: st.SearchStrategy[Any], rare: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 39).flatmap(lambda n: rare if n == 39 else usual)


def _tables(tables: Mapping[str, Sequence[Field]]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.lists(record(known), max_size=4) for name, known in tables.items()}


LINES = [{"id": "general", "label": "All goods"}, {"id": "a", "label": "Some"}]


def actions() -> st.SearchStrategy[Document]:
    """One action's file, or one that adds to an action."""
    lines = st.sampled_from([[], LINES[:1], LINES])
    tables = _tables(fields.TABLES) | {"lines": lines | _tables(fields.TABLES)["lines"]}
    bodies = st.fixed_dictionaries({"events": tables.pop("events")}, optional=tables)
    heads = st.one_of(
        record(fields.ACTION, id="fuzz"),
        record(fields.ACTION, id="fuzz", zone="America/New_York"),
        record(fields.OVERLAY, extends_action="us-good"),
    )
    return st.builds(lambda head, body: head | body, heads, bodies)


def shared(name: str) -> st.SearchStrategy[Document]:
    """A file of shared records: clocks.toml or instruments.toml."""
    return st.fixed_dictionaries(_tables(fields.SHARED[name]))


def settings() -> st.SearchStrategy[Document]:
    """A settings file; its channels only print, or cannot be reached."""
    head = record(settings_fields.HEAD + settings_fields.REMIND)
    channels = st.sampled_from(list(ChannelKind)).flatmap(
        lambda kind: record(settings_fields.CHANNELS[kind], kind=kind.value)
    )
    plain = record(settings_fields.REMINDER, channels=["a"])
    return st.builds(
        lambda head, reminders, channels: head | {"reminders": reminders, "channels": channels},
        head,
        st.lists(_sometimes(plain, record(settings_fields.REMINDER)), max_size=3),
        st.lists(_sometimes(record(settings_fields.CHANNELS[ChannelKind.STDOUT], name="a", kind="stdout"), channels),
                 max_size=3),
    )  # fmt: skip


def toml(document: Document) -> bytes:
    """A document as a file; what TOML cannot hold is left out."""
    return tomli_w.dumps(_held(document)).encode("utf-8", "replace")


def _held(one: Any) -> Any:
    if isinstance(one, dict):
        return {str(key).encode("utf-8", "replace").decode(): _held(each) for key, each in one.items()}
    if isinstance(one, (list, tuple)):
        return [_held(each) for each in one]
    if isinstance(one, str):
        return one.encode("utf-8", "replace").decode()
    if isinstance(one, int) and not isinstance(one, bool) and abs(one) > 10**4000:
        return math.inf
    return one


# Command lines ---------------------------------------------------------------------------------------

WORDS = st.one_of(
    st.sampled_from(
        [
            *("2025-02-10", "2025-03-09T02:30", "2025-02-10T23:59-05:00", "now", "today", "+30d", "tomorrow 00:01"),
            *("0001-01-01", "9999-12-31", "1900-01-01T00:00+14:00", "2199-12-31T23:59-12:00", "2025-02-30"),
            *("30d", "12h", "999999y", "0d", "6m", "999999w", "CA", "us", "FD", "IEEPA", "us-good", "fuzz", "pause"),
            *("America/New_York", "Mars/Olympus", "America", "", "-", "--", "-1", "=", "a=b", "general=25%", "general=x"),
            *("table", "json", "csv", "markdown", "ics", "html", "hearing", "ordered", "deadline", "instrument", "line"),
            *("entries.csv", "shipments.csv", "map.toml", "own", ".", "none.toml", "out/x", "x" * 300, "~no-such-user", "\udcff"),
            *("s122-150-days", "protest-180", "liquidation=2025-12-15", "eo-1 sec. 2", "https://example.com/", "tab", "\n"),
        ]
    ),
    st.text(st.characters(exclude_characters="/\x00", exclude_categories=()), max_size=8),
    st.builds(date.isoformat, days),
    st.builds("{}{}".format, st.integers(0, 10**6), st.sampled_from("hdwmy")),
    st.integers().map(str),
)  # fmt: skip
"""A word of a command line. Only names without a folder: nothing outside can be meant."""

_NEVER = {"install_completion", "show_completion", "help"}
"""Options of Typer's own, which look at the shell outside."""


def _commands() -> dict[tuple[str, ...], click.Command]:
    """Every command of the program, by its words."""
    found: dict[tuple[str, ...], click.Command] = {}
    for name in COMMANDS:
        group: Any = typer.main.get_command(program([name]))
        command = group.commands[name]
        found[(name,)] = command
        found |= {(name, sub): one for sub, one in getattr(command, "commands", {}).items()}
    found[()] = typer.main.get_command(program(["--help"]))
    return found


def _given(option: Any) -> st.SearchStrategy[list[str]]:
    """An option with a value, as one writes it."""
    if getattr(option, "is_flag", False):
        return st.sampled_from([[word] for word in option.opts])
    choices = getattr(option.type, "choices", None)
    words = (
        WORDS
        if not choices
        else _sometimes(st.sampled_from([str(getattr(c, "value", c)) for c in choices]), WORDS)
    )
    if option.param_type_name == "argument":
        return words.map(lambda word: [word])
    spelled = st.sampled_from(option.opts)
    return st.builds(lambda name, word, joined: [f"{name}={word}"] if joined else [name, word],
                     spelled, words, st.booleans())  # fmt: skip


def command_lines() -> st.SearchStrategy[list[str]]:
    """A command with some of its options and arguments, each with a value that may fit."""
    lines = []
    for words, command in _commands().items():
        options: list[Any] = [one for one in command.params if one.name not in _NEVER]
        required = [_given(one) for one in options if one.param_type_name == "argument"]
        free = st.one_of(
            [_given(one) for one in options if one.param_type_name != "argument"] or [st.just([])]
        )
        few = st.lists(free, max_size=4).map(lambda groups: [word for group in groups for word in group])
        arguments = st.tuples(*required).map(lambda groups: [word for group in groups for word in group])
        arguments = _sometimes(arguments, st.lists(WORDS, max_size=3))
        lines.append(st.builds(_line, st.just(list(words)), arguments, few))
    return st.one_of(lines)


def _line(words: list[str], arguments: list[str], options: list[str]) -> list[str]:
    return [*words, *arguments, *options]


# Bytes -----------------------------------------------------------------------------------------------


def mutated(seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Seeds with some bytes changed, cut, doubled, or put together; and bytes of no kind at all."""
    position = st.integers(0, 2**16)
    pieces = st.binary(max_size=6) | st.sampled_from([*words, b"\x00", b"\xff", b"\n", b'"', b"9" * 20])
    changes = st.lists(st.tuples(st.sampled_from(_CHANGES), position, position, pieces), max_size=6)
    return st.builds(_change, st.sampled_from(list(seeds)), changes) | st.binary(max_size=64)


def _put(data: bytes, at: int, end: int, piece: bytes) -> bytes:
    return data[:at] + piece + data[at:]


def _over(data: bytes, at: int, end: int, piece: bytes) -> bytes:
    return data[:at] + piece + data[at + len(piece) :]


def _cut(data: bytes, at: int, end: int, piece: bytes) -> bytes:
    return data[:at] + data[end:]


def _twice(data: bytes, at: int, end: int, piece: bytes) -> bytes:
    return data[:end] + data[at:end][:2000] + data[end:]


_CHANGES: tuple[Callable[[bytes, int, int, bytes], bytes], ...] = (_put, _over, _cut, _twice)


def _change(data: bytes, changes: Sequence[tuple[Callable[..., bytes], int, int, bytes]]) -> bytes:
    for change, one, other, piece in changes:
        at, end = sorted((one % (len(data) + 1), other % (len(data) + 1)))
        data = change(data, at, end, piece)
    return data
