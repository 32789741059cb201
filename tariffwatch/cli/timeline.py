"""``tariffwatch timeline``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

import typer

from tariffwatch import courses
from tariffwatch.cli import complete
from tariffwatch.cli.question import Format, Question, answer, known_id, shared_options
from tariffwatch.cli.times import parse_trigger
from tariffwatch.errors import UsageError
from tariffwatch.results import Span
from tariffwatch.views import json, strips
from tariffwatch.views.report import When


@shared_options
def timeline(
    given: dict[str, Any],
    actions: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Actions, as status lists them.", autocompletion=complete.ids),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Where the strips begin; a day means its 00:00."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Where they end; a day means its close.")
    ] = None,
) -> None:
    """The strips drawn over time: phases, rates at the changes, and every date with its source below.

    One action is drawn over its whole history, several from six months before the date asked about to
    twelve after it. In a pipe, each stretch has a line of its own that begins with the action's id.

    Examples:

      tariffwatch timeline ieepa-canada-border ieepa-mexico-border

      tariffwatch timeline s232-copper --from 2025-07-01 --to 2026-12-31

      tariffwatch timeline --on CA --as-of 2025-02-10

      tariffwatch timeline s122-surcharge-2026 --format json
    """

    answer(given, lambda question: _answered(question, actions or [], start, end))


def _answered(question: Question, actions: list[str], start: str | None, end: str | None) -> None:
    when, ledger = question.when, question.ledger
    ids = question.filters.ids | {known_id(ledger, id) for id in actions}
    zone = when.zone
    if len(ids) == 1:
        only = ledger.actions[min(ids)]
        fitting = courses.fitted(only, when.as_of, when.knowing)
        zone = zone if start or end else only.zone
    else:
        fitting = courses.around(when.as_of, when.zone)
    span = _span(fitting, start, end, when)
    asked = replace(question.filters, ids=ids)
    found = courses.courses(ledger.actions.values(), when.as_of, when.knowing, span, asked)
    if question.format is Format.JSON:
        question.screen.write(json.dumps(json.timeline(found, span, when)))
    else:
        question.show(strips.timeline(found, span, when, zone, named=bool(ids)))


def _span(fitting: Span, start: str | None, end: str | None, when: When) -> Span:
    """The span asked for, on the calendar of the asker; raises UsageError for one without length."""
    begins = fitting.start if start is None else _edge(start, "--from", when)
    ends = fitting.end if end is None else _edge(end, "--to", when, close=True)
    if begins >= ends:
        raise UsageError("--from is not before --to; where one of them is not given, write both")
    return Span(begins, ends)


def _edge(text: str, option: str, when: When, close: bool = False) -> datetime:
    """An instant in UTC; a day is its 00:00, or with ``close`` that of the next day. Raises UsageError."""
    said = parse_trigger(text, option, when.zone)
    if isinstance(said, datetime):
        return said
    return datetime.combine(said + timedelta(days=close), time(), when.zone).astimezone(UTC)
