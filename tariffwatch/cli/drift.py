"""``tariffwatch drift``."""

from __future__ import annotations

from typing import Any

from tariffwatch.cli.question import Format, Question, answer, shared_options


@shared_options
def drift(given: dict[str, Any]) -> None:
    """How often, and how far, announced dates moved, by government and authority.

    Every deadline that was told before its day came is counted, also one that has passed since; a move
    puts it on another day, later (+) or earlier (-).

    Examples:

      tariffwatch drift

      tariffwatch drift --by US --kind pause-ends --kind rate-changes

      tariffwatch drift --authority IEEPA --as-of 2025-12-31 --format json
    """
    from tariffwatch import drift as core
    from tariffwatch.views import drift as page
    from tariffwatch.views import json

    def answered(question: Question) -> None:
        when = question.when
        rows = core.drift(question.ledger.actions.values(), when.as_of, when.knowing, question.filters)
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.drift(rows, core.together(rows), when)))
        else:
            question.show(page.drift(rows, when))

    answer(given, answered)
