"""``tariffwatch clock NAME --list-from FILE``: a column of dates in, the same rows with deadlines out."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TextIO

from tariffwatch import words
from tariffwatch.cli.terminal import Screen
from tariffwatch.clocks import ClockError, Worked
from tariffwatch.errors import UsageError
from tariffwatch.ledger.kinds import hint

ADDED = ("last_day", "safe_day", "deadline", "days_left")


def add_deadlines(
    file: str, column: str | None, today: date, work: Callable[[date], Worked], screen: Screen
) -> int:
    """Stream a CSV file (``-`` is stdin), adding the deadline of each row; returns how many rows were bad.

    A bad row is named by its number (the header is row 1) on stderr, and written without a deadline.
    """
    bad = 0
    with _rows(file) as rows:
        writer = csv.writer(screen.out, lineterminator="\n")
        header = next(rows, None)
        if header is None:
            raise UsageError(f"--list-from: {file} is empty; the first row names the columns")
        place = _place(header, column)
        writer.writerow([*header, *ADDED])
        answers: dict[str, tuple[str, str, str, str]] = {}
        for number, row in enumerate(rows, start=2):
            text = row[place].strip() if place < len(row) else ""
            if (answer := answers.get(text)) is None:
                try:
                    answer = answers[text] = _answer(work(date.fromisoformat(text)), today)
                except ValueError as error:  # a ClockError is one
                    bad += 1
                    reason = str(error) if isinstance(error, ClockError) else "write days as 2025-02-10"
                    screen.say(f'row {number}: "{text}": {reason}')
                    answer = ("", "", "", "")
            writer.writerow([*row, *answer])
    return bad


def _answer(worked: Worked, today: date) -> tuple[str, str, str, str]:
    zone = worked.clock.zone
    left = (worked.at.astimezone(zone).date() - today).days
    deadline = words.instant(worked.at, zone, worked.day_only)
    return (worked.last_day.isoformat(), worked.safe_day.isoformat(), deadline, str(left))


def _place(header: list[str], column: str | None) -> int:
    if column is None and len(header) == 1:
        return 0
    if column is None:
        raise UsageError(f"--list-from: which column? add --column with one of: {', '.join(header)}")
    if column not in header:
        fix = hint(column, header, f"there are: {', '.join(header)}")
        raise UsageError(f'--column: there is no column "{column}"; {fix}')
    return header.index(column)


@contextmanager
def _rows(file: str) -> Iterator[Iterator[list[str]]]:
    try:
        if file == "-":
            yield csv.reader(sys.stdin)
            return
        stream: TextIO
        with open(file, encoding="utf-8-sig", newline="") as stream:
            yield csv.reader(stream)
    except OSError as error:
        raise UsageError(
            f"--list-from: {file} cannot be read: {(error.strerror or str(error)).lower()}"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"--list-from: {file} is not UTF-8 text; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise UsageError(f"--list-from: {file} is not CSV: {error}") from None
