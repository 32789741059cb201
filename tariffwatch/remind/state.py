"""The state file: one SQLite database, locked for the whole of a run; of two runs at once, one works."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from tariffwatch.errors import ExitCode, TariffwatchError
from tariffwatch.years import YEARS

FILE = "remind.sqlite"
VERSION = 1

_SCHEMA = """
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE watches (reminder TEXT PRIMARY KEY, watch TEXT NOT NULL, latest TEXT) WITHOUT ROWID;
CREATE TABLE seen (
    reminder TEXT, action TEXT, event TEXT, PRIMARY KEY (reminder, action, event)
) WITHOUT ROWID;
CREATE TABLE followed (
    reminder TEXT, action TEXT, id TEXT, kind TEXT, ends INTEGER,
    due TEXT NOT NULL, what TEXT NOT NULL, told TEXT, snoozed TEXT,
    PRIMARY KEY (reminder, action, id, kind, ends)
) WITHOUT ROWID;
CREATE TABLE items (number INTEGER PRIMARY KEY, id TEXT UNIQUE, created TEXT NOT NULL, item TEXT NOT NULL);
CREATE TABLE deliveries (
    item TEXT, channel TEXT, state TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (item, channel)
) WITHOUT ROWID;
CREATE TABLE channels (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL, retry_at TEXT NOT NULL, error TEXT NOT NULL
) WITHOUT ROWID;
"""


class StateError(TariffwatchError):
    """The state cannot be read or written; what is due could not be recorded as told."""

    exit_code = ExitCode.UNDELIVERED


class BusyError(TariffwatchError):
    """A run is at work for longer than the caller would wait."""

    exit_code = ExitCode.UNDELIVERED

    def __str__(self) -> str:
        return "a run of tariffwatch remind is at work; try again in a moment"


class State:
    """The open state file. Instants are UTC, and always given by the caller."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, wait: float = 0, read_only: bool = False) -> Iterator[Self]:
        """Open the state, locked against other runs unless it is only read.

        ``wait`` is how many seconds to wait for another run. Raises BusyError if that is still at work,
        and StateError if the file cannot be used. A damaged file is set aside, and a new one begun.
        """
        path = folder / FILE
        try:
            connection = _connect(path, wait, read_only)
        except sqlite3.DatabaseError as error:
            if read_only or not _damaged(error):
                raise _failure(error, path) from None
            path.replace(_free_name(path))
            connection = _connect(path, wait, read_only)
        except OSError as error:
            raise StateError(f"{folder}: {(error.strerror or str(error)).lower()}") from None
        try:
            yield cls(connection, path)
        finally:
            connection.close()

    def note(self, name: str) -> str | None:
        """A text kept under a name."""
        row = self.first("SELECT value FROM notes WHERE name = ?", name)
        with self.understood():
            return text(row[0]) if row else None

    def keep(self, **notes: str) -> None:
        """Keep texts under names; ``last_run`` is kept as ``last-run``."""
        with self.writing():
            for name, value in notes.items():
                self.execute("REPLACE INTO notes VALUES (?, ?)", name.replace("_", "-"), value)

    def execute(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement; all rows that it gives at once, for damage may show only in a later one.

        Raises StateError.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _failure(error, self._path) from None

    def first(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row that a statement gives, if any; raises StateError."""
        return next(iter(self.execute(sql, *values)), None)

    @contextmanager
    def understood(self) -> Iterator[None]:
        """Around reading: raises StateError for what this program did not write."""
        try:
            yield
        except (
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            OverflowError,
            OSError,
            RecursionError,
        ) as error:
            raise StateError(
                f"{self._path}: holds what cannot be understood ({error}); move the file away to begin afresh"
            ) from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it, or nothing."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(StateError):  # a full disk has rolled back already
                self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")


def text(value: object) -> str:
    """A text that the state holds; raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.60} is no text")
    return value


def instant(value: object) -> datetime:
    """An instant that the state holds, aware, in the years of the ledger; raises TypeError or ValueError."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError(f"{value!r:.60} is no instant")
    return found


def _connect(path: Path, wait: float, read_only: bool) -> sqlite3.Connection:
    """The file, with its tables, and locked for as long as the connection is open."""
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
    try:
        if not read_only:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            _migrate(connection)
            connection.execute("COMMIT")
        elif connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            raise StateError(f"{path}: was made by another version of tariffwatch")
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise BusyError from None
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif version != VERSION:
        raise StateError(
            "the state file was written by a newer tariffwatch: install that, or set TARIFFWATCH_STATE"
        )


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _failure(error: sqlite3.DatabaseError, path: Path) -> StateError:
    return StateError(f"{path}: {error}")


def _free_name(path: Path) -> Path:
    """A name beside a damaged file, under which it is kept."""
    number = 1
    while (free := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return free
