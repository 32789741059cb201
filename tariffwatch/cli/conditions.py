"""``tariffwatch conditions``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tariffwatch import query
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.results import Stage
from tariffwatch.views import conditions as page
from tariffwatch.views import json


@shared_options
def conditions(
    given: dict[str, Any],
    only_open: Annotated[bool, typer.Option("--open", help="Only conditions that are still open.")] = False,
) -> None:
    """Who must do what by when, who decides, how it stands, and what follows either way.

    Open conditions come first, by the date on which they are decided: the date of what hangs on them.

    Examples:

      tariffwatch conditions --open

      tariffwatch conditions --on CA --as-of 2025-02-10

      tariffwatch conditions --within 90d --format json
    """

    def answered(question: Question) -> None:
        when = question.when
        found = query.outlook(question.ledger.actions.values(), when.as_of, when.knowing, question.filters)
        if only_open:
            found = [condition for condition in found if condition.stage is Stage.OPEN]
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.conditions(found, when)))
        else:
            question.screen.show(page.conditions(found, when))

    answer(given, answered)
