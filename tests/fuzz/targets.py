"""What is fuzzed: each target makes cases of one kind of input and says what must hold for each.

In every case the program ends with one of :class:`tariffwatch.errors.ExitCode`, without a traceback and in
time (:mod:`sandbox` sees to that), and what was well stays well: the good action beside a bad file is still
listed, and what is exported can be read by those who read such files.
"""

# ruff: noqa: E501  (lists of examples)

from __future__ import annotations

import csv
import functools
import io
import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import strategies as made
from hypothesis import strategies as st
from sandbox import NOW, SETTINGS, Answer, BrokenError, Sandbox

from tariffwatch import kept, query
from tariffwatch.cli import looks, times
from tariffwatch.entries import number, values
from tariffwatch.entries.values import DateForm
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.kept import Present
from tariffwatch.ledger import cache, rules
from tariffwatch.ledger.load import Ledger, load
from tariffwatch.ledger.parse import parse
from tariffwatch.model import Rate
from tariffwatch.outlook import outlooks
from tariffwatch.remind import state
from tariffwatch.settings.load import check as check_settings
from tariffwatch.settings.load import read as read_settings
from tariffwatch.views import report
from tariffwatch.views.problems import render

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample"
BAD = HERE.parent / "ledger" / "bad"


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of input."""

    name: str
    cases: st.SearchStrategy[Any]
    run: Callable[[Any], None]
    """Runs one case; raises for what must not be."""
    seeds: Callable[[], Sequence[bytes]] | None = None
    """For a case of bytes: what a guided search starts from."""
    words: Sequence[bytes] = field(default=())
    share: float = 1.0
    """Of a campaign's time, against the others."""


@functools.cache
def sandbox() -> Sandbox:
    """The world of this process."""
    world = Sandbox()
    with world.case():
        world.run("status")  # fills the cache
    return world


# Ledger files ----------------------------------------------------------------------------------------

TOML_WORDS = sorted(
    {
        *(f"{f.key} = {f.example}\n".encode() for known in made.fields.TABLES.values() for f in known),
        *(f"{f.key} = {f.example}\n".encode() for f in (*made.fields.ACTION, *made.fields.OVERLAY)),
        *(f"[[{table}]]\n".encode() for table in made.fields.TABLES),
        *(
            b'"""',
            b"'''",
            b"\\u0000",
            b"0x",
            b"inf",
            b"nan",
            b"{ ",
            b".a",
            b"[",
            b"2025-02-04T00:01:00Z",
            b"#",
        ),
    }
)


def ledger_seeds() -> list[bytes]:
    """The example of each rule, and the good file."""
    from sandbox import GOOD

    return [GOOD.encode(), *(file.read_bytes() for file in sorted(BAD.glob("*.toml")))]


def read_ledger(data: bytes, name: str = "fuzz.toml") -> Ledger:
    """The ledger with one file beside the good one, which must still be there."""
    world = sandbox()
    drafts = {(world.own / name).resolve(): data}  # as if it stood there
    ledger = load([world.shipped], world.root / "cache", drafts=drafts)
    if "us-good" not in ledger.actions:
        raise BrokenError("the good file is not read any more")
    return ledger


def ask_all(ledger: Ledger) -> None:
    """Every question of the core."""
    found = ledger.actions.values()
    rules.check(ledger, NOW)
    for knowing in (NOW, max((e.known.at for a in found for e in a.events), default=NOW)):
        query.statuses(found, NOW, knowing)
        query.countdown(found, NOW, knowing)
        outlooks(found, NOW, knowing)


def ledger_bytes(data: bytes) -> None:
    """Any bytes as a ledger file: every question, and a command, for what is well formed."""
    with sandbox().limits():
        parsed = parse(data, "fuzz.toml")
        render(parsed.problems, {"fuzz.toml": data.decode("utf-8", "replace").splitlines()})
    if not (parsed.action or parsed.overlay) and len(data) % 64:
        return  # most that are cut or changed at random
    with sandbox().limits():
        ledger = read_ledger(data)
        ask_all(ledger)
    if len(data) % 8 == 0 and ("fuzz" in ledger.actions or ledger.overlays):
        with sandbox().case():
            (sandbox().own / "fuzz.toml").write_bytes(data)
            rest = len(data) % len(COMMANDS)
            listed(COMMANDS[rest])


COMMANDS: tuple[tuple[str, ...], ...] = (
    *(
        ("check",),
        ("check", "--evidence"),
        ("status",),
        ("countdown",),
        ("timeline",),
        ("conditions",),
        ("drift",),
    ),
    *(
        ("changes", "--since", "2025-01-01"),
        ("show", "us-good", "--knowing", "2199-01-01"),
        ("cite", "us-good"),
        (),
    ),
    *(
        ("status", "--format", "json"),
        ("countdown", "--format", "json"),
        ("show", "us-good", "--format", "json"),
    ),
    *(("status", "--format", "csv"), ("countdown", "--format", "csv"), ("status", "--format", "markdown")),
    *(("export", "csv"), ("export", "csv", "--what", "status"), ("export", "json"), ("export", "ics")),
    *(
        ("export", "html"),
        ("export", "markdown"),
        ("timeline", "--format", "json"),
        ("conditions", "--format", "json"),
    ),
    *(("changes", "--between", "2025-01-01", "2025-02-09"), ("countdown", "--explain"), ("timeline", "fuzz")),
    *(
        ("show", "fuzz"),
        ("show", "fuzz", "--format", "json"),
        ("cite", "fuzz"),
        ("drift", "--format", "json"),
    ),
    *(("export", "ics", "--as-of", "2025-02-02"), ("changes", "--since", "2025-01-01", "--format", "json")),
)
"""What is asked of a ledger, each as one types it."""


def listed(command: Sequence[str], width: int = 0) -> Answer:
    """A command's answer, read back by those who read its format."""
    own = [] if command[:1] == ("check",) else ["--data", str(sandbox().own)]
    if command[:1] == ("check",):
        own = [str(sandbox().shipped), str(sandbox().own)]
    answer = sandbox().run(*command, *own, width=width)
    if answer.code in (ExitCode.DONE, ExitCode.BAD_DATA):
        read_back(command, answer.out)
    return answer


def read_back(command: Sequence[str], content: bytes) -> None:
    """Raises BrokenError if a file cannot be read as what it claims to be."""
    words = set(command)
    if "json" in words:
        told = json.loads(content)
        if command[0] == "status" and "us-good" not in {one["id"] for one in told["actions"]}:
            raise BrokenError("the good action is not listed any more")
    elif "csv" in words:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if any(len(row) != len(header) for row in rows):
            raise BrokenError("a row of another length than the header's")
    elif "ics" in words:
        import icalendar

        calendar = icalendar.Calendar.from_ical(content)
        for event in calendar.walk("VEVENT"):
            if event.errors or not event.get("uid") or event.decoded("dtstart") is None:
                raise BrokenError(f"an event that cannot be read: {event.errors}")
    else:
        content.decode("utf-8")


SELDOM = st.sampled_from(["clocks.toml", "instruments.toml"])
FILES = st.one_of(
    st.tuples(st.just("fuzz.toml"), made.actions()),
    st.tuples(st.just("fuzz.toml"), made.actions()),
    SELDOM.flatmap(lambda name: st.tuples(st.just(name), made.shared(name))),
)


def ledger_records(case: tuple[str, made.Document]) -> None:
    """A file made of the table of keys: every question."""
    name, document = case
    with sandbox().limits():
        ask_all(read_ledger(made.toml(document), name))


def ledger_views(case: tuple[tuple[str, made.Document], Sequence[str], int]) -> None:
    """The same, with a command; before a terminal, if that has a width."""
    (name, document), command, width = case
    with sandbox().case():
        (sandbox().own / name).write_bytes(made.toml(document))
        listed(command, width)


WIDTHS = st.sampled_from([0, 0, 0, 1, 20, 80, 120, 1000])


# Settings --------------------------------------------------------------------------------------------

SETTINGS_RUNS = (
    *(
        ("remind", "--dry-run"),
        ("remind",),
        ("doctor",),
        ("status",),
        ("remind", "schedule"),
        ("remind", "log"),
    ),
    *(("remind", "test"), ("doctor", "--format", "json"), ()),
)


def settings_seeds() -> list[bytes]:
    from tariffwatch.settings.load import EXAMPLE

    example = EXAMPLE.read_bytes()
    return [SETTINGS.encode(), example, example.replace(b"\n# ", b"\n")]


def settings_bytes(data: bytes) -> None:
    """Any bytes as a settings file; with what can be used, the commands that use it."""
    world = sandbox()
    with world.limits():
        loaded = read_settings(data, world.config)
        read_settings(data, world.config, head_only=True)
    if loaded.problems and len(data) % 64:
        return
    with world.case():
        world.config.write_bytes(data)
        if not loaded.problems:
            check_settings(loaded.settings, load([world.shipped], world.root / "cache"), "config.toml")
        world.run(*SETTINGS_RUNS[len(data) % len(SETTINGS_RUNS)])


def settings_records(case: tuple[made.Document, Sequence[str]]) -> None:
    document, command = case
    with sandbox().case():
        sandbox().config.write_bytes(made.toml(document))
        sandbox().run(*command)


# The command line --------------------------------------------------------------------------------------


def options(line: Sequence[str]) -> None:
    """A command line; the files that it may name lie in the folder where it is typed."""
    world = sandbox()
    with world.case():
        for name in ("entries.csv", "shipments.csv"):
            shutil.copy(SAMPLES / name, name)
        Path("map.toml").write_text('dates = "us"\n[columns]\n"Entry No" = "entry_number"\n')
        Path("own").mkdir()
        Path("own/fuzz.toml").write_text(
            (world.shipped / "us-good.toml").read_text().replace("us-good", "fuzz")
        )
        if len(line) % 3 == 0:
            world.run("remind")
        encoding = "ascii" if len(line) % 5 == 0 else "utf-8"
        if encoding == "ascii":
            os.environ["LC_ALL"] = "C"
        answer = world.run(*line, stdin=Path("entries.csv").read_bytes(), encoding=encoding)
        if answer.code in (ExitCode.DONE, ExitCode.BAD_DATA) and line and line[0] in ("add", "record"):
            load(
                [world.shipped, world.own, world.home / "DATA"]
                if (world.home / "DATA").is_dir()
                else [world.own]
            )


VARIABLES = st.dictionaries(
    st.sampled_from(
        [
            *(f"TARIFFWATCH_{name}" for name in ("CONFIG", "STATE", "CACHE", "DATA", "UPDATES")),
            *(
                "TZ",
                "LC_ALL",
                "LANG",
                "COLUMNS",
                "TERM",
                "NO_COLOR",
                "HOME",
                "XDG_DATA_HOME",
                "XDG_CONFIG_HOME",
                "PATH",
            ),
        ]
    ),
    st.sampled_from(
        [
            *(
                "",
                "0",
                "-1",
                "1",
                "99999999999999999999",
                "x" * 300,
                "~",
                "~no-such-user/x",
                "~/own",
                "own",
                "/dev/null",
                ".",
            ),
            *(
                "Mars",
                "America",
                ":America/New_York",
                "EST5EDT,M3.2.0,M11.1.0",
                "/etc/localtime",
                "C",
                "tr_TR.UTF-8",
                "dumb",
            ),
            *("own:own", ":", "config.toml", "config.toml/x", "\udcff", "/proc/self/mem"),
        ]
    )
    | st.text(st.characters(exclude_characters="\x00/"), max_size=6)
    | st.binary(max_size=6).map(lambda raw: raw.translate(None, b"\x00/").decode(errors="surrogateescape")),
    max_size=4,
)
ENVIRONMENT_RUNS = (
    *SETTINGS_RUNS,
    *COMMANDS[:12],
    ("remind", "init"),
    ("remind", "schedule", "--by", "systemd"),
)


def environment(case: tuple[Mapping[str, str], Sequence[str], int]) -> None:
    """Variables of the environment, whatever they hold."""
    variables, command, width = case
    world = sandbox()
    with world.case():
        os.environ |= variables
        world.run(*command, width=width)


# The state --------------------------------------------------------------------------------------------

STATE_RUNS = (
    *(("remind",), ("remind", "--dry-run"), ("remind", "log"), ("remind", "log", "--format", "json"), ()),
    *(
        ("remind", "ack", "us-good"),
        ("remind", "snooze", "us-good", "--for", "1d"),
        ("doctor",),
        ("--format", "json"),
    ),
)
STATE_WORDS = (
    b"us-good",
    b"pause",
    b"2025-03-04T05:01:00+00:00",
    b"queued",
    b"print",
    b"SQLite format 3\x00",
)


@functools.cache
def state_seeds() -> tuple[bytes, ...]:
    """The file that runs of the program leave."""
    world, seeds = sandbox(), [b""]
    with world.case():
        file = world.state / state.FILE
        for day in ("2025-02-03", "2025-02-10", "2025-03-03T12:00"):
            world.run("remind", "--as-of", day)
            seeds.append(file.read_bytes())
    return tuple(seeds)


def state_bytes(case: tuple[bytes, Sequence[str]] | bytes) -> None:
    """A damaged state file; the run after it is no worse off."""
    data, command = case if isinstance(case, tuple) else (case, STATE_RUNS[len(case) % len(STATE_RUNS)])
    with sandbox().case():
        (sandbox().state / state.FILE).write_bytes(data)
        sandbox().run(*command)
        sandbox().run("remind")


CONTENT = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    made.texts.map(lambda text: text.encode("utf-8", "replace").decode()),
    st.binary(max_size=8),
    st.sampled_from(
        ["2025-03-04T05:01:00+00:00", "2025-03-04", "2025-03-04T05:01:00", "{}", "[]", "[1]", "null", "-1"]
    ),
    st.sampled_from(
        ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "1e400", "nan", "inf", "0", "7"]
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | made.texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(made.texts, inner, max_size=3),
    max_leaves=5,
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9), CONTENT | JSON.map(json.dumps), JSON),
    min_size=1, max_size=4,
)  # fmt: skip


def state_rows(case: tuple[Sequence[tuple[int, int, int, Any, Any]], Sequence[str]]) -> None:
    """A sound file that holds what this program did not write: cells, and keys of JSON in them."""
    changes, command = case
    before = state_seeds()[1 + len(changes) % 3]
    with sandbox().case():
        file = sandbox().state / state.FILE
        file.write_bytes(before)
        with closing(sqlite3.connect(file)) as connection:
            for change in changes:
                with suppress(sqlite3.Error, UnicodeEncodeError, OverflowError):
                    _spoil(connection, *change)
            connection.commit()
        sandbox().run(*command)
        sandbox().run("remind")


def _spoil(connection: sqlite3.Connection, table: int, column: int, row: int, value: Any, inner: Any) -> None:
    """Put something else into one cell; into a key of it, if it holds JSON and the number is even."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    name = tables[table % len(tables)]
    held = list(connection.execute(f"PRAGMA table_info({name})"))
    chosen = held[column % len(held)][1]
    keys = [info[1] for info in held if info[5]]
    rows = connection.execute(f"SELECT {', '.join([*keys, chosen])} FROM {name}").fetchall()
    if not rows:
        return
    *key, old = rows[row % len(rows)]
    if column >= 50 and isinstance(old, str) and old.startswith("{") and (document := json.loads(old)):
        document[sorted(document)[row % len(document)]] = inner
        value = json.dumps(document)
    where = " AND ".join(f"{each} IS ?" for each in keys)
    connection.execute(f"UPDATE {name} SET {chosen} = ? WHERE {where}", (value, *key))


def looks_bytes(data: bytes) -> None:
    """Any bytes as the note of the last look."""
    world = sandbox()
    with world.limits():
        (world.home / "looks.json").write_bytes(data)
        found = looks.read(world.home)
        found.last(NOW)
        looks.keep(world.home, found.with_look(NOW, None))
    if found.latest and len(data) % 16 == 0:
        with world.case():
            (world.state / "looks.json").write_bytes(data)
            world.run()


LOOKS = (
    b'{"latest": {"at": "2025-02-10T12:00:00+00:00", "recorded": "2025-02-03"},'
    b' "previous": {"at": "2025-02-01T12:00:00+00:00", "recorded": null}}'
)


# The cache --------------------------------------------------------------------------------------------


@functools.cache
def cache_seeds() -> tuple[bytes, ...]:
    """The cache of the good file alone, small, and a pickle of something else."""
    import pickle

    world = sandbox()
    with world.case():
        folder = world.home / "small"
        load([world.shipped / "us-good.toml", world.shipped / "clocks.toml"], folder)
        whole = (folder / cache.FILE).read_bytes()
    return (whole, whole[:2000], pickle.dumps({"a": [1, (2, None)]}), b"")


@functools.cache
def _uncached() -> Ledger:
    world = sandbox()
    return load([world.shipped])


def cache_bytes(data: bytes) -> None:
    """A damaged or foreign cache changes nothing."""
    world = sandbox()
    with world.case():
        folder = world.home / "small"
        folder.mkdir()
        (folder / cache.FILE).write_bytes(data)
        later = time.time() + 9
        os.utime(folder / cache.FILE, (later, later))
        if load([world.shipped], folder) != _uncached():
            raise BrokenError("a cache tells another ledger")


@functools.cache
def kept_seeds() -> tuple[bytes, ...]:
    """What is kept of the present of the good file."""
    world = sandbox()
    with world.case():
        folder = world.home / "small"
        Present([world.shipped / "us-good.toml"], folder).prospects(NOW, query.NO_FILTERS)
        whole = (folder / kept.FILE).read_bytes()
    return (whole, whole[:2000], b"")


def kept_bytes(data: bytes) -> None:
    """A damaged or foreign present changes nothing."""
    world = sandbox()
    with world.case():
        folder, files = world.home / "small", [world.shipped / "us-good.toml"]
        folder.mkdir()
        (folder / kept.FILE).write_bytes(data)
        later = time.time() + 9
        os.utime(folder / kept.FILE, (later, later))
        when = report.When(NOW, NOW, times.NEW_YORK)
        present, good = Present(files, folder), load(files).actions.values()
        told = report.status(query.standing(present.prospects(NOW, query.NO_FILTERS)), when)
        if told != report.status(query.statuses(good, NOW, NOW), when):
            raise BrokenError("what is kept tells another present")


# Files of one's own --------------------------------------------------------------------------------------


def _columns(table: Sequence[Any]) -> bytes:
    return ",".join(column.name for column in table).encode() + b"\n"


CSV_WORDS = (
    *(
        b"2025-02-04",
        b"02/04/2025",
        b"B76-0324527-8",
        b"9903.01.24;9903.01.25",
        b"$1,000.00",
        b"CN",
        b"suspended",
    ),
    *(
        b"us-good/general",
        b"yes",
        b"2026-02-20T13:00+08:00",
        b'"',
        b"\r\n",
        b";",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(b"45000", b"9999-12-31", b"0001-01-01", b"1E10", "٣".encode(), "\u2028".encode()),
)
CSV_RUNS = {
    "entries": [[], ["--format", "json"], ["--format", "csv"], ["--dates", "us"], ["--clock", "protest-180"]],
    "shipments": [[], ["--format", "json"], ["--format", "csv"], ["--dates", "eu"], ["--delimiter", ";"]],
    "clock": [["--column", "entry_date"], [], ["--column", "origin"]],
}


def own_file(command: str) -> Callable[[bytes], None]:
    """Any bytes as a file of one's own; an answer in CSV or JSON is read back."""

    def run(data: bytes) -> None:
        world = sandbox()
        with world.case():
            extra = CSV_RUNS[command][len(data) % len(CSV_RUNS[command])]
            first = ["clock", "protest-180", "--list-from"] if command == "clock" else [command]
            name = "-" if data.endswith(b"\n") else "file.csv"
            Path("file.csv").write_bytes(data)
            encoding = "ascii" if len(data) % 7 == 0 and name == "-" else "utf-8"
            answer = world.run(*first, name, *extra, stdin=data, encoding=encoding)
            if answer.code in (ExitCode.DONE, ExitCode.BAD_DATA):
                if "json" in extra:
                    json.loads(answer.out)
                elif "csv" in extra:
                    read_back(("csv",), answer.out)

    return run


def own_seeds(name: str) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        lines = (SAMPLES / name).read_bytes().splitlines(keepends=True)
        return [b"".join(lines[:1] + lines[start : start + 3]) for start in range(1, len(lines), 4)] + [
            lines[0]
        ]

    return seeds


def map_bytes(data: bytes) -> None:
    """Any bytes as the file that names columns."""
    with sandbox().case():
        shutil.copy(SAMPLES / "entries.csv", "entries.csv")
        Path("map.toml").write_bytes(data)
        sandbox().run("entries", "entries.csv", "--map-file", "map.toml")


# Words -------------------------------------------------------------------------------------------------


def words(data: bytes) -> None:
    """A text wherever one text is read: each reader refuses it with its own error, or reads it."""
    text = data.decode("utf-8", "surrogateescape")
    with sandbox().limits():
        for read in _READERS:
            with suppress(UsageError, ValueError):
                read(text)


_READERS: tuple[Callable[[str], object], ...] = (
    lambda text: times.parse_instant(text, "--as-of", NOW, times.NEW_YORK),
    lambda text: times.parse_trigger(text, "--from", times.NEW_YORK),
    lambda text: times.parse_moment(text, "--known", NOW, times.NEW_YORK),
    lambda text: times.parse_span(text, "--within", NOW),
    lambda text: times.parse_span(text, "--within", NOW, back=True),
    lambda text: times.parse_zone(text, "--zone"),
    Rate.parse,
    *(functools.partial(lambda form, text: values.day(text, form), form) for form in DateForm),
    *(functools.partial(lambda form, text: values.stamp(text, form), form) for form in DateForm),
    *(values.amounts, values.headings, values.country, values.yes, values.entry_type),
    lambda text: number.check_digit(number.parse(text)),
)

WORD_SEEDS = (
    *(
        b"2025-02-10",
        b"2025-02-10T23:59-05:00",
        b"+30d",
        b"tomorrow 00:01",
        b"America/New_York",
        b"25%",
        b"15% floor",
    ),
    *(
        b"$100 per item",
        b"02/04/2025",
        b"9903.01.24",
        b"$2,500.00",
        b"B76-0324527-8",
        b"6m",
        b"now",
        b"yes",
        b"CN",
    ),
)


def _bytes(name: str, run: Callable[[bytes], None], seeds: Callable[[], Sequence[bytes]],
           words: Sequence[bytes] = (), share: float = 1.0) -> Target:  # fmt: skip
    cases = st.deferred(lambda: made.mutated(seeds(), words))
    return Target(name, cases, run, seeds, words, share)


def targets() -> Mapping[str, Target]:
    """Every target, by name."""
    found = (
        _bytes("ledger-bytes", ledger_bytes, ledger_seeds, TOML_WORDS, 8),
        Target("ledger-records", FILES, ledger_records, share=6),
        Target("ledger-views", st.tuples(FILES, st.sampled_from(COMMANDS), WIDTHS), ledger_views, share=6),
        _bytes("settings-bytes", settings_bytes, settings_seeds, TOML_WORDS, 4),
        Target("settings-records", st.tuples(made.settings(), st.sampled_from(SETTINGS_RUNS)), settings_records, share=3),
        Target("options", st.deferred(made.command_lines), options, share=6),
        Target("environment", st.tuples(VARIABLES, st.sampled_from(ENVIRONMENT_RUNS), WIDTHS), environment, share=2),
        _bytes("state-bytes", state_bytes, state_seeds, STATE_WORDS, 3),
        Target("state-rows", st.tuples(CHANGES, st.sampled_from(STATE_RUNS)), state_rows, share=3),
        _bytes("looks-bytes", looks_bytes, lambda: [LOOKS], share=2),
        _bytes("cache-bytes", cache_bytes, cache_seeds, share=2),
        _bytes("kept-bytes", kept_bytes, kept_seeds, share=2),
        _bytes("entries-bytes", own_file("entries"), own_seeds("entries.csv"), CSV_WORDS, 3),
        _bytes("shipments-bytes", own_file("shipments"), own_seeds("shipments.csv"), CSV_WORDS, 2),
        _bytes("dates-bytes", own_file("clock"), own_seeds("entries.csv"), CSV_WORDS, 2),
        _bytes("map-bytes", map_bytes, lambda: [b'dates = "us"\n[columns]\n"Entry No" = "entry_number"\n'], TOML_WORDS),
        _bytes("words", words, lambda: WORD_SEEDS, share=4),
    )  # fmt: skip
    return {target.name: target for target in found}


def shuffled(seed: int, count: int, size: int) -> list[bytes]:
    """Bytes from which a guided search of structured cases starts."""
    source = random.Random(seed)
    return [source.randbytes(size) for _ in range(count)]
