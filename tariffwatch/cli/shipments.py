"""``tariffwatch shipments FILE``."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from tariffwatch.cli import own_file, own_remind
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.cli.terminal import screen
from tariffwatch.entries import reading
from tariffwatch.entries.fields import SHIPMENTS
from tariffwatch.entries.model import Remark
from tariffwatch.entries.shipments import outlooks
from tariffwatch.errors import ExitCode, UsageError

WITHOUT = frozenset({"on", "by", "authority", "phase", "kind", "id", "within"})


@partial(shared_options, without=WITHOUT)
def shipments(
    given: dict[str, Any],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A CSV file of shipments; - is stdin.")
    ] = None,
    columns: Annotated[bool, typer.Option("--columns", help="List the columns that are read.")] = False,
    maps: own_file.MAP = None,
    map_file: own_file.MAP_FILE = None,
    dates: own_file.DATES = None,
    without: own_file.WITHOUT = None,
    delimiter: own_file.DELIMITER = None,
    remind: own_remind.REMIND = None,
) -> None:
    """The next boundary for goods on their way, the duty on either side of it, and what a delay means.

    In-transit clauses are tested: loaded before AND entered before. Nothing leaves your machine. This is no
    legal advice. Leaves with 3 if a row could not be read; the rest is shown.

    Examples:

      tariffwatch shipments --columns

      tariffwatch shipments shipments.csv --as-of 2026-02-22

      tariffwatch shipments report.csv --map "ETA=expected_entry" --dates us
    """
    if columns:
        from tariffwatch.views import entries as page

        screen().show(page.columns(SHIPMENTS))
        return
    if file is None:
        raise UsageError("which file? write: tariffwatch shipments FILE; --columns lists what is read")
    bad = 0

    def answered(question: Question) -> None:
        nonlocal bad
        layout = own_file.layout(maps or (), map_file, dates, without or (), SHIPMENTS)
        with own_file.rows(file, delimiter or layout.delimiter) as rows:
            read = reading.shipments(rows, layout)
        when = question.when
        found, unread = outlooks(read.shipments, question.ledger.actions, when.as_of, when.knowing)
        read.remarks += [Remark(shipment.row, reason, bad=True) for shipment, reason in unread]
        if question.format is Format.JSON:
            from tariffwatch.views import json, json_shipments

            question.screen.write(json.dumps(json_shipments.shipments(found, read, when)))
        elif question.format is Format.CSV:
            from tariffwatch.views import csv_shipments

            question.screen.put(csv_shipments.shipments(found, when).encode())
        else:
            from tariffwatch.views import shipments as page

            question.show(page.shipments(found, read, when))
        bad = own_file.tell(read.remarks, read.unread, question.screen)

    answer(given, answered)
    if remind is not None:
        plain = not (maps or dates or without or delimiter)
        own_remind.watch("shipments", file, remind, map_file, screen(), plain=plain)
    if bad:
        raise typer.Exit(ExitCode.BAD_DATA)
