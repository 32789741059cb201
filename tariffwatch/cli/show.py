"""``tariffwatch show ID``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tariffwatch import facts, prospect
from tariffwatch.cli import complete
from tariffwatch.cli.question import EXPLAIN, Format, Question, answer, known_id, shared_options, working
from tariffwatch.views import clockwork, json, page


@shared_options
def show(
    given: dict[str, Any],
    action: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The action's id, as status lists it.", autocompletion=complete.ids
        ),
    ],
    explain: EXPLAIN = False,
) -> None:
    """Everything about one action: lines, what comes, conditions and findings, history, sources.

    Examples:

      tariffwatch show ieepa-canada-border

      tariffwatch show s232-polysilicon --explain

      tariffwatch show ieepa-canada-border --as-of 2025-02-10 --knowing now
    """

    def answered(question: Question) -> None:
        when, ledger = question.when, question.ledger
        asked = ledger.actions[known_id(ledger, action)]
        found = prospect.status(asked, when.as_of, when.knowing)
        coming = prospect.deadlines(asked, when.as_of, when.knowing)
        computed = ((asked, d.id, d.rule) for d in facts.public_deadlines(asked, when.knowing))
        worked = working(ledger, computed) if explain else []
        if question.format is Format.JSON:
            told = json.show(found, coming, ledger.instruments, when, ledger.own)
            question.screen.write(json.dumps(json.explained(told, worked)))
        else:
            document = page.show(found, coming, ledger.instruments, when, ledger.own)
            instead = f"tariffwatch countdown --id {asked.id} --format csv"
            question.show([*document, *(clockwork.explained(worked) if explain else ())], instead)

    answer(given, answered)
