"""``tariffwatch entries FILE``."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from tariffwatch.cli import many, own_file, own_remind
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.cli.terminal import screen
from tariffwatch.entries.fields import ENTRIES
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.ledger.kinds import hint

WITHOUT = frozenset({"on", "by", "authority", "phase", "kind", "id"})


@partial(shared_options, without=WITHOUT)
def entries(
    given: dict[str, Any],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A CSV or Parquet file of entry lines; - is stdin.")
    ] = None,
    columns: Annotated[bool, typer.Option("--columns", help="List the columns that are read.")] = False,
    maps: own_file.MAP = None,
    map_file: own_file.MAP_FILE = None,
    dates: own_file.DATES = None,
    without: own_file.WITHOUT = None,
    delimiter: own_file.DELIMITER = None,
    remind: own_remind.REMIND = None,
    clock: Annotated[
        list[str] | None,
        typer.Option("--clock", metavar="NAME", help="Only this clock, such as protest-180."),
    ] = None,
    most: many.MOST = None,
    emit_sql: Annotated[
        bool, typer.Option("--emit-sql", help="Write the clocks as SQL for DuckDB or Spark; read no row.")
    ] = False,
) -> None:
    """The clocks that run for your entries, worst first, and the later events that touched their duty.

    For each entry: correction window, expected liquidation, reliquidation, protest and what follows it, the
    two years to sue, drawback, the refund programme. Nothing leaves your machine. This is no legal advice.
    Leaves with 3 if a row could not be read; the rest is shown. With --remind a reminder tells their clocks
    in time, and what changed when the file says something new.

    Examples:

      tariffwatch entries --columns

      tariffwatch entries entries.csv --as-of 2026-11-22

      tariffwatch entries entries.csv --clock protest-180 --within 60d

      tariffwatch entries report.csv --map "Entry No=entry_number" --dates us

      tariffwatch entries report.csv --remind all

      tariffwatch entries entries.csv --emit-sql
    """
    if columns:
        from tariffwatch.views import entries as page

        screen().show(page.columns(ENTRIES))
        return
    if file is None:
        raise UsageError("which file? write: tariffwatch entries FILE; --columns lists what is read")
    bad = 0

    def answered(question: Question) -> None:
        nonlocal bad
        layout = own_file.layout(maps or (), map_file, dates, without or (), ENTRIES)
        if emit_sql:
            narrowed = clock or most or given["within"] or given["format"] is not Format.TABLE
            many.emit(question, file, delimiter or layout.delimiter, layout, narrowed=bool(narrowed))
            return
        only = frozenset(_known(question, name) for name in clock or ())
        with own_file.rows(file, delimiter or layout.delimiter, layout.dates) as rows:
            found = many.looked(rows, layout, question, only, most)
        _write(question, found, narrowed=bool(only or question.filters.by_then), most=most)
        bad = many.tell(found.read, question.screen)

    answer(given, answered)
    if remind is not None:
        plain = not (maps or dates or without or delimiter)
        own_remind.watch("entries", file, remind, map_file, screen(), plain=plain)
    if bad:
        raise typer.Exit(ExitCode.BAD_DATA)


def _known(question: Question, name: str) -> str:
    known = [*question.ledger.clocks, "cape-80"]
    if name in known:
        return name
    fix = hint(name, known, "tariffwatch clock lists them")
    raise UsageError(f'--clock: no clock is called "{name}"; {fix}')


def _write(question: Question, looked: many.Looked, *, narrowed: bool, most: int | None) -> None:
    when, found, read = question.when, looked.review, looked.read
    if question.format is Format.JSON:
        from tariffwatch.views import json, json_entries

        question.screen.write(json.dumps(json_entries.entries(found, read, when)))
    elif question.format is Format.CSV and looked.large:
        from tariffwatch.views import csv_large

        for piece in csv_large.running(looked.large, when, most):
            question.screen.put(piece)
    elif question.format is Format.CSV:
        from tariffwatch.views import csv_entries

        question.screen.put(csv_entries.running(found, when).encode())
    else:
        from tariffwatch.views import entries as page

        question.show(page.entries(found, read, when, narrowed=narrowed, most=most or page.MOST))
