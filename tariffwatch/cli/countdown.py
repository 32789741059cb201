"""``tariffwatch countdown``."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from tariffwatch import query
from tariffwatch.cli.present import now
from tariffwatch.cli.question import EXPLAIN, Format, Question, answer, shared_options, working
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.views import clockwork, json, report


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
) -> None:
    """The coming deadlines, soonest first: time left, the instant, what changes, who decides.

    With --live they are a screen that ticks, is filtered as you type, and reads the ledger again when
    its files change.

    Examples:

      tariffwatch countdown --within 30d

      tariffwatch countdown --on CN --zone Asia/Shanghai

      tariffwatch countdown --as-of 2025-02-10 --format json

      tariffwatch countdown --within 90d --format csv
    """

    if live:
        from tariffwatch.cli import live as ticking

        ticking.run(given, {"--exit-code": exit_code, "--explain": explain}, now, screen(), os.environ)
        return

    def answered(question: Question) -> None:
        when = question.when
        coming = query.countdown(question.ledger.actions.values(), when.as_of, when.knowing, question.filters)
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
            question.show([*report.countdown(coming, when), *explained])
        if exit_code and coming and not question.ledger.problems:
            raise typer.Exit(ExitCode.PROBLEMS)

    answer(given, answered)
