"""A file of one's own, entries or shipments: how it is opened, and how its columns are named."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from tariffwatch.cli.terminal import Screen
from tariffwatch.entries.fields import Column, Layout
from tariffwatch.entries.model import Remark
from tariffwatch.entries.values import DateForm
from tariffwatch.errors import Problem, UsageError
from tariffwatch.ledger.records import decode, toml
from tariffwatch.words import clean

MAP = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="THEIRS=OURS", help='A column of another name: "Entry No=entry_number".'),
]
MAP_FILE = Annotated[
    Path | None,
    typer.Option(
        "--map-file",
        metavar="FILE",
        help="A TOML file: [columns], dates, without, delimiter.",
    ),
]
DATES = Annotated[
    DateForm | None,
    typer.Option("--dates", help="How days are written: 2026-02-20 (iso), 02/20/2026 (us), 20/02/2026 (eu)."),
]
WITHOUT = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="OURS", help="A needed column that the file does not have."),
]
DELIMITER = Annotated[
    str | None,
    typer.Option("--delimiter", metavar="SIGN", help="What parts the cells; tab is a word for a tab."),
]
MOST_BYTES = 100_000
"""A mapping is a page, not a book."""

csv.field_size_limit(1_000_000)


class Rows(Iterator[Sequence[str]]):
    """The rows of a file, and how much of it has been read."""

    def __init__(self, rows: Iterable[Sequence[str]], part: Callable[[int], float] | None = None) -> None:
        """``part`` says of how many rows were taken which part that is."""
        self._rows, self._part = iter(rows), part
        self._taken = 0

    def __next__(self) -> Sequence[str]:
        row = next(self._rows)
        self._taken += 1
        return row

    @property
    def part(self) -> float | None:
        """From 0 to 1; None where nobody knows how much there is."""
        return self._part(self._taken) if self._part else None


@contextmanager
def rows(file: str, delimiter: str, dates: DateForm | None = None) -> Iterator[Rows]:
    """The rows of a CSV file in UTF-8, or of a Parquet file; ``-`` is CSV from stdin.

    ``dates`` is the form in which days are read. Raises UsageError for what cannot be read.
    """
    sign = "\t" if delimiter == "tab" else delimiter
    if len(sign) != 1 or sign in '"\r\n':
        raise UsageError(f'--delimiter: "{delimiter}" is not one sign; write such as ";" or tab')
    try:
        if file == "-":
            yield Rows(_checked(csv.reader(sys.stdin, delimiter=sign), sign))
            return
        with open(file, "rb") as stream:
            if is_parquet(file):
                yield _parquet(file, dates)
                return
            size = max(os.fstat(stream.fileno()).st_size, 1)
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            yield Rows(_checked(csv.reader(text, delimiter=sign), sign), lambda _: stream.tell() / size)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise UsageError(f"{file} is not CSV: {error}") from None


MISSING = "install tariffwatch[big], which brings Polars"


def is_parquet(file: str) -> bool:
    """Whether a file is Parquet, by its name."""
    return file.lower().endswith(".parquet")


def _parquet(file: str, dates: DateForm | None) -> Rows:
    try:
        from tariffwatch.columns import parquet
    except ModuleNotFoundError:
        raise UsageError(f"{file}: to read Parquet, {MISSING}; or save the file as CSV") from None
    count, found = parquet.rows(file, dates)
    return Rows(found, lambda taken: taken / (count + 1))


def _checked(read: Iterable[list[str]], sign: str) -> Iterator[list[str]]:
    """The rows, unless the first one shows that its cells are parted by another sign."""
    first = True
    for row in read:
        if first and len(row) == 1:
            for other in (";", "\t", "|", ","):
                if other != sign and row[0].count(other) > 1:
                    word = "tab" if other == "\t" else other
                    raise UsageError(
                        f'the first row has one cell; are they parted otherwise? add --delimiter "{word}"'
                    )
        first = False
        yield row


def layout(
    maps: Iterable[str],
    map_file: Path | None,
    dates: DateForm | None,
    without: Iterable[str],
    columns: Iterable[Column],
) -> Layout:
    """How the file names its columns; what is said on the command line goes before the mapping file."""
    mapped = _mapping(map_file) if map_file else Layout()
    named = dict(mapped.columns)
    for text in maps:
        theirs, sign, ours = text.rpartition("=")
        if not sign or not theirs.strip():
            raise UsageError(f'--map: "{text}" is not THEIRS=OURS, such as "Entry No=entry_number"')
        named = {name: to for name, to in named.items() if to != ours.strip()} | {
            theirs.strip(): ours.strip()
        }
    known = {column.name for column in columns if column.needed and not column.filled}
    left_out = frozenset(without) | mapped.without
    for name in sorted(left_out - known):
        raise UsageError(
            f'--without: "{name}" is none of the columns that may be missing: {", ".join(sorted(known))}'
        )
    return Layout(named, dates or mapped.dates, left_out, mapped.delimiter)


def _mapping(path: Path) -> Layout:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES)
    except OSError as error:
        raise UsageError(
            f"--map-file: {path} cannot be read: {(error.strerror or str(error)).lower()}"
        ) from None
    problems: list[Problem] = []
    text = decode(data, path.as_posix(), problems)
    told = (None if text is None else toml(text, path.as_posix(), problems)) or {}
    for problem in problems:
        raise UsageError(f"--map-file: {problem.loc}: {problem.message}; {problem.fix}")
    for key in sorted(told.keys() - {"columns", "dates", "without", "delimiter"}):
        raise UsageError(
            f'--map-file: {path}: unknown key "{key}"; there are: columns, dates, without, delimiter'
        )
    without, delimiter = told.get("without", []), told.get("delimiter", ",")
    if not isinstance(without, list) or not all(isinstance(name, str) for name in without):
        raise UsageError(f'--map-file: {path}: write without = ["scheduled_liquidation"]')
    if not isinstance(delimiter, str):
        raise UsageError(f'--map-file: {path}: write delimiter = ";"')
    return Layout(_columns(told, path), _form(told, path), frozenset(without), delimiter)


def _columns(told: dict[str, Any], path: Path) -> dict[str, str]:
    columns = told.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(ours, str) for ours in columns.values()):
        raise UsageError(f'--map-file: {path}: write [columns], and below it "Entry No" = "entry_number"')
    return {theirs.strip(): ours for theirs, ours in columns.items()}


def _form(told: dict[str, Any], path: Path) -> DateForm | None:
    form = told.get("dates")
    if form is None:
        return None
    try:
        return DateForm(form)
    except ValueError:
        raise UsageError(f'--map-file: {path}: dates = "{form}" is none of: {", ".join(DateForm)}') from None


def tell(remarks: Iterable[Remark], unread: Iterable[str], screen: Screen, file: str = "") -> int:
    """Tell on stderr what was not read and what to look at; returns how many rows were left out.

    ``file`` is named where several are read.
    """
    bad, where = 0, f"{file} " if file else ""
    for remark in sorted(remarks, key=lambda remark: remark.row):
        bad += remark.bad
        screen.say(clean(f"{where}row {remark.row}: {'left out: ' if remark.bad else ''}{remark.text}"))
    for text in unread:
        screen.say(clean(f"{where}{text}"))
    return bad
