"""``tariffwatch`` alone: the overview."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from tariffwatch import query
from tariffwatch.cli import looks
from tariffwatch.cli.places import settings_file, state_folder
from tariffwatch.cli.question import Format, Question, answer, shared_options
from tariffwatch.cli.version import told
from tariffwatch.errors import UsageError
from tariffwatch.remind.outbox import Health, Outbox
from tariffwatch.remind.state import BusyError, State, StateError
from tariffwatch.results import Deadline, Status
from tariffwatch.views import json, reminders, report
from tariffwatch.views.document import Block


def _version(asked: bool) -> None:
    if asked:
        typer.echo(told(os.environ))
        raise typer.Exit


@shared_options
def overview(
    given: dict[str, Any],
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="The version, and the ledger in use."
        ),
    ] = False,
) -> None:
    """Tariff deadlines as law: what is in force, until when, and what happens if nobody acts.

    Without a command: the overview. It tells what changed since you last looked, what comes next, what
    is in force, what is pending, and what was not checked lately; of these, what your reminders watch.

    Examples:

      tariffwatch

      tariffwatch --on CA --as-of 2025-02-10

      tariffwatch status --help
    """
    if context.invoked_subcommand is not None:
        if misplaced := [name for name, value in given.items() if value not in (None, [], Format.TABLE)]:
            option = "--" + misplaced[0].replace("_", "-")
            raise UsageError(
                f"{option} stands before the command; write it after: {context.invoked_subcommand}"
            )
        return

    present = given["as_of"] is None and given["knowing"] is None
    live = given["as_of"] is None and os.path.exists(settings_file(os.environ))

    def answered(question: Question) -> None:
        when, prospects = question.when, question.prospects()
        found = query.standing(prospects, question.filters)
        coming = query.ahead(prospects, question.filters)
        if question.format is Format.JSON:
            told = json.overview(found, coming, when)
            if live:
                told["reminders"] = reminders.health_facts(health())
            question.screen.write(json.dumps(told))
        else:
            problems, watched = len(question.ledger.problems), _watched(question, found, coming)
            page = [*report.overview(found, coming, when, problems, watched=watched)]
            page[1:1] = _since_last_look(question) if present else []
            well = reminders.health(health(), when.as_of, when.yours or when.zone) if live else []
            instead = "tariffwatch countdown --format csv, or tariffwatch status --format csv"
            question.show([*page, *well], instead)
            if present:
                _keep_look(question)

    answer(given, answered)


def _watched(question: Question, found: list[Status], coming: list[Deadline]) -> report.Watched | None:
    """What is on the watch of one's reminders; None where that is everything, and where one filters."""
    if question.filters != query.NO_FILTERS:
        return None
    from tariffwatch.settings.load import load

    settings = load(settings_file(os.environ)).settings
    watches = [reminder.watch for reminder in settings.reminders if reminder.ledger]
    if not watches or query.NO_FILTERS in watches:
        return None
    return report.Watched(*query.watched(found, coming, watches))


def _since_last_look(question: Question) -> list[Block]:
    """What changed since the overview was last looked at, in a line; nothing before the second look."""
    when = question.when
    look = looks.read(state_folder(os.environ)).last(when.as_of)
    if look is None:
        return []
    from tariffwatch.cli.changes import found_since
    from tariffwatch.views import changes
    from tariffwatch.worlds import World

    found = found_since(question, World(look.at, look.at), when, look.recorded)
    return [changes.line(found, look.at, when.zone)]


def _keep_look(question: Question) -> None:
    """Remember that somebody looked: a person before a terminal, at everything there is."""
    if not question.screen.is_terminal or question.format is not Format.TABLE:
        return
    if question.filters != query.NO_FILTERS:
        return
    from tariffwatch.worlds import newest_record

    folder, when = state_folder(os.environ), question.when
    known = looks.read(folder)
    seen = known.with_look(when.as_of, newest_record(question.ledger.actions.values()))
    if seen != known:
        looks.keep(folder, seen)


def health() -> Health | None:
    """How the reminders are; None if none ever ran, or a run is at work right now."""
    try:
        with State.open(state_folder(os.environ), read_only=True, wait=1) as state:
            return Outbox(state).health()
    except (StateError, BusyError):
        return None
