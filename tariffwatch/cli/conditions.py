"""``tariffwatch conditions``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.outlook import outlooks
from tariffwatch.results import Stage
from tariffwatch.views import conditions as page
from tariffwatch.views import json


@shared_options
def conditions(
    given: dict[str, Any],
    only_open: Annotated[bool, typer.Option("--open", help="Only conditions that are still open.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also those of actions that have ended.")] = False,
) -> None:
    """Who must do what by when, who decides, how it stands, and what follows either way.

    Open conditions come first, by the date on which they are decided: the date of what hangs on them.
    Those of actions that have ended are told where an action or a phase is asked for, or with --all.

    Examples:

      tariffwatch conditions --open

      tariffwatch conditions --on CA --as-of 2025-02-10

      tariffwatch conditions --within 90d --format json
    """

    def answered(question: Question) -> None:
        when, asked = question.when, question.filters
        matching = outlooks(question.ledger.actions.values(), when.as_of, when.knowing, asked)
        found = [c for c in matching if c.stage is Stage.OPEN or not only_open]
        if not (every or only_open or asked.ids or asked.phases):
            found = [c for c in found if c.stage is not Stage.ENDED]
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.conditions(found, when)))
        else:
            left_out = 0 if only_open else len(matching) - len(found)
            question.show(page.conditions(found, when, left_out))

    answer(given, answered)
