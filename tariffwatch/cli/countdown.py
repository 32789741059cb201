"""``tariffwatch countdown``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tariffwatch import query
from tariffwatch.cli.own_goods import ENTRIES_FILES, ENTRIES_MAP, SHIPMENTS_FILES, SHIPMENTS_MAP, named
from tariffwatch.cli.present import now
from tariffwatch.cli.question import EXPLAIN, Format, Question, answer, shared_options, working
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.results import Deadline
from tariffwatch.views import clockwork, json, report
from tariffwatch.views.document import Block


@shared_options
def countdown(
    given: dict[str, Any],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if any deadline is listed.")
    ] = False,
    explain: EXPLAIN = False,
    live: Annotated[
        bool, typer.Option("--live", help="A screen that ticks; q leaves it, ? tells its keys.")
    ] = False,
    entries: ENTRIES_FILES = None,
    shipments: SHIPMENTS_FILES = None,
    entries_map: ENTRIES_MAP = None,
    shipments_map: SHIPMENTS_MAP = None,
) -> None:
    """The coming deadlines, soonest first: time left, the instant, what changes, who decides.

    With --live they are a screen that ticks, is filtered as you type, and reads the ledger again when
    its files change. With --entries or --shipments the dates of your own goods are mixed in, read on
    this machine alone; an estimate says so. Leaves with 3 if a row could not be read.

    Examples:

      tariffwatch countdown --within 30d

      tariffwatch countdown --on CN --zone Asia/Shanghai

      tariffwatch countdown --as-of 2025-02-10 --format json

      tariffwatch countdown --within 90d --format csv

      tariffwatch countdown --entries entries.csv --within 60d
    """
    files = named(entries, shipments, entries_map, shipments_map)
    bad = 0

    if live:
        from tariffwatch.cli import live as ticking

        others = {"--exit-code": exit_code, "--explain": explain, "--entries": bool(entries)}
        ticking.run(given, others | {"--shipments": bool(shipments)}, now, screen(), os.environ)
        return

    def answered(question: Question) -> None:
        nonlocal bad
        if files:
            from tariffwatch.cli.own_reading import mixed

            question, bad = mixed(question, files)
        when = question.when
        coming = query.ahead(question.prospects(), question.filters)
        computed = ((d.action, d.id, d.rule) for d in coming)
        worked = working(question.ledger, computed) if explain else []
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.explained(json.countdown(coming, when), worked)))
        elif question.format is Format.CSV:
            if explain:
                raise UsageError("--explain: a CSV file has no room for the steps; write --format json")
            from tariffwatch.views import csv

            question.screen.put(csv.deadlines(coming, when).encode())
        else:
            explained = clockwork.explained(worked) if explain else ()
            question.show([*report.countdown(coming, when), *explained, *(_rests(coming) if files else ())])
        if exit_code and coming and not question.ledger.problems and not bad:
            raise typer.Exit(ExitCode.PROBLEMS)

    answer(given, answered, at_a_glance=not files)
    if bad:
        raise typer.Exit(ExitCode.BAD_DATA)


def _rests(coming: Sequence[Deadline]) -> list[Block]:
    """What the dates of one's own goods rest on."""
    from tariffwatch.views import own

    return [*own.rests(coming)]
