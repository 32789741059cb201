"""``tariffwatch changes``."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from tariffwatch import words
from tariffwatch.cli import looks
from tariffwatch.cli.places import state_folder
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.cli.times import parse_instant
from tariffwatch.errors import UsageError
from tariffwatch.views import json
from tariffwatch.views.report import When
from tariffwatch.worlds import ActionChange, Recorded, World, compared

LAST = "last"


@shared_options
def changes(
    given: dict[str, Any],
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE|last", help="What changed since then; a day means its close. [last]"
        ),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option("--between", metavar="A B", help="The world as known on A beside that known on B."),
    ] = None,
) -> None:
    """What became known since a date, by action: old and new state, dates that moved, events, sources.

    "last" is your last look at the overview (tariffwatch, on a terminal). What entered the ledger since
    then, though it was public before, is told too. --between sets two worlds side by side, each on its own
    date; with --as-of, both look at that date.

    Examples:

      tariffwatch changes --since 2026-06-30

      tariffwatch changes --since 2025-02-02 --as-of 2025-02-10 --on CA

      tariffwatch changes --between 2025-02-10 2025-03-05 --on CA

      tariffwatch changes --since 2025-07-01 --as-of 2025-08-01 --format json
    """
    if between:
        if since is not None or given["knowing"] is not None:
            other = "--knowing" if since is None else "--since"
            raise UsageError(f"--between names both dates; leave out {other}")
        answer(given | {"knowing": "now"}, lambda asked: _between(asked, *between, given["as_of"] is None))
    else:
        live = given["as_of"] is None and given["knowing"] is None
        answer(given, lambda asked: _since(asked, LAST if since is None else since, live))


def found_since(
    question: Question, before: World, when: When, held: date | None = None
) -> list[ActionChange]:
    """The actions asked for that are not as they were; ``held`` is the newest record that was seen then.

    Without it, what was recorded through the day of that world counts as seen.
    """
    day = before.knowing.astimezone(when.zone).date()
    recorded = Recorded(held or day, when.knowing.astimezone(when.zone).date())
    after = World(when.as_of, when.knowing)
    return compared(question.ledger.actions.values(), before, after, recorded, question.filters)


def _since(question: Question, since: str, live: bool) -> None:
    from tariffwatch.views import changes as page

    when = question.when
    known = _looks(when, live) if since == LAST else looks.Looks()
    look = known.last(when.as_of)
    start = look.at if look else parse_instant(since, "--since", when.knowing, when.zone)
    if start >= when.knowing:
        end = words.instant(when.knowing, when.zone)
        raise UsageError(
            f"--since: {since} is not before {end}, the last day asked about; write one before it"
        )
    before = World(min(start, when.as_of), start)
    question = question if look else question.by_days((since, start))
    found = found_since(question, before, when, look.recorded if look else None)
    if question.format is Format.JSON:
        question.screen.write(json.dumps(json.changes(found, before, when)))
    else:
        further = known.previous if known.previous != look else None
        more = page.earlier(further.at, when.zone) if further else []
        question.show([*page.since(found, before, question.ledger.instruments, when), *more])


def _between(question: Question, first: str, second: str, own_dates: bool) -> None:
    """``own_dates``: each world is asked about its own date, for no other was given."""
    from tariffwatch.views import changes as page

    asked = question.when
    start, end = (parse_instant(text, "--between", asked.knowing, asked.zone) for text in (first, second))
    if start >= end:
        raise UsageError(f"--between: {first} is not before {second}; write the earlier date first")
    before = World(start if own_dates else asked.as_of, start)
    question = question.by_days((first, start), (second, end))
    when = replace(asked, as_of=end if own_dates else asked.as_of, knowing=end)
    found = found_since(question, before, when)
    if question.format is Format.JSON:
        question.screen.write(json.dumps(json.changes(found, before, when)))
    else:
        question.show(page.between(found, before, question.ledger.instruments, when))


def _looks(when: When, live: bool) -> looks.Looks:
    """The looks at the overview, with one before the present; raises UsageError where there is none."""
    if not live:
        raise UsageError("--since last is about now: leave out --as-of and --knowing, or write a date")
    known = looks.read(state_folder(os.environ)).at(when.as_of)
    if known.last(when.as_of):
        return known
    day = (when.as_of - timedelta(days=7)).astimezone(when.zone).date()
    raise UsageError(
        "--since last: no earlier look is known; tariffwatch alone, on a terminal, keeps when you look. "
        f"Write a date: tariffwatch changes --since {day}"
    )
