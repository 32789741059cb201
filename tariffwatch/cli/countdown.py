"""``tariffwatch countdown``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tariffwatch import query
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.errors import ExitCode
from tariffwatch.views import json, report


@shared_options
def countdown(
    given: dict[str, Any],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if any deadline is listed.")
    ] = False,
) -> None:
    """The coming deadlines, soonest first: time left, the instant, what changes, who decides.

    Examples:

      tariffwatch countdown --within 30d

      tariffwatch countdown --on CN --zone Asia/Shanghai

      tariffwatch countdown --as-of 2025-02-10 --format json
    """

    def answered(question: Question) -> None:
        when = question.when
        coming = query.countdown(question.ledger.actions.values(), when.as_of, when.knowing, question.filters)
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.countdown(coming, when)))
        else:
            question.screen.show(report.countdown(coming, when))
        if exit_code and coming and not question.ledger.problems:
            raise typer.Exit(ExitCode.PROBLEMS)

    answer(given, answered)
