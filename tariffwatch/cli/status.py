"""``tariffwatch status``."""

from __future__ import annotations

from typing import Any

from tariffwatch import query
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.views import json, report


@shared_options
def status(given: dict[str, Any]) -> None:
    """One row per action: phase, rate, since, until, then what if nobody acts.

    Examples:

      tariffwatch status --on CA --on MX

      tariffwatch status --as-of 2025-02-10

      tariffwatch status --as-of 2025-02-10 --knowing now --format json

      tariffwatch status --by US --phase in-force --format markdown
    """

    def answered(question: Question) -> None:
        when = question.when
        found = query.standing(question.prospects(), question.filters)
        if question.format is Format.JSON:
            question.screen.write(json.dumps(json.statuses(found, when)))
        elif question.format is Format.CSV:
            from tariffwatch.views import csv

            question.screen.put(csv.statuses(found, when).encode())
        else:
            question.show(report.status(found, when, sources=question.format is Format.MARKDOWN))

    answer(given, answered, at_a_glance=True)
