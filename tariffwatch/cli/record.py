"""``tariffwatch record ID KIND``: one more fact in the user's own ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tariffwatch.cli import complete
from tariffwatch.cli.drafts import Books, Draft, enter
from tariffwatch.cli.given import TABLES, made_of, with_options
from tariffwatch.cli.present import now
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import UsageError
from tariffwatch.ledger.append import AppendError, Value, append
from tariffwatch.ledger.kinds import hint
from tariffwatch.model import Action, DeadlineKind, citations

DATA = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The folder of your ledger that is written to.")
]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Show the lines; write nothing.")]

_PLAIN = {"pause": "suspended", "start": "ordered", "end": "terminated", "repeal": "terminated"}
"""Words that people say for a kind, and that look like another."""


@with_options
def record(
    given: dict[str, Any],
    action: Annotated[
        str, typer.Argument(metavar="ID", help="The action's id.", autocompletion=complete.ids)
    ],
    what: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help=f"One of {', '.join(TABLES)}.", autocompletion=lambda: list(TABLES)
        ),
    ],
    source_title: Annotated[
        str | None,
        typer.Option("--source-title", metavar="TITLE", help="Record what --source names, too: its title."),
    ] = None,
    source_url: Annotated[
        str | None, typer.Option("--source-url", metavar="URL", help="... and where it can be read.")
    ] = None,
    data: DATA = None,
    dry_run: DRY_RUN = False,
) -> None:
    """Add one fact to an action: an event, a condition, a deadline, an instrument or a line.

    It is written below what stands in the file of the action, if that is in your own folder; else into a
    file of your own that extends the action. Nothing else is changed. Your folder is --data, or the first
    that the settings or TARIFFWATCH_DATA name, or "ledger" in your data folder.

    DATE is a day or a time in the action's zone: 2026-12-04, "2026-12-04 00:01", today, "tomorrow 00:01",
    +30d, +6m. It is read back with its weekday. Nothing is written unless the whole ledger allows it.

    Examples:

    \b
      tariffwatch record us-example suspended --effective today --until "+30d 00:01" --source "eo-2 sec. 3"
      tariffwatch record us-example assessed --condition border --finding met --source "eo-2 sec. 1"
      tariffwatch record us-example deadline --kind hearing --at "2027-01-15 10:00" --text "Our hearing" \\
        --source letter-1 --source-title "Letter of the Court" --evidence text
      tariffwatch record s232-polysilicon milestone --source talk-1 --source-title Talk --dry-run
    """
    instant = now()
    if what not in TABLES:
        raise UsageError(f'"{what}" cannot be recorded; {_meant(what)}')

    def composed(books: Books) -> Draft:
        found = books.action(action)
        taken = {event.id for event in found.events} | {deadline.id for deadline in found.deadlines}
        entry = made_of(what, given, instant, found.zone, taken)
        file, before, text = books.home(found)
        try:
            if source := _source(books, found, entry, source_title, source_url):
                text = append(text, "instruments", source)
            return Draft(found.id, file, before, append(text, TABLES[what], entry))
        except AppendError as error:
            raise UsageError(f"{file}: {error}; nothing was written") from None

    enter(composed, data, instant, screen(), dry_run=dry_run)


def _meant(what: str) -> str:
    """What to write for a word that is no kind."""
    if what in list(DeadlineKind):
        return f"a date that is to come is a deadline: write deadline --kind {what}"
    return hint(_PLAIN.get(what, what), list(TABLES), f"KIND is one of {', '.join(TABLES)}")


def _source(
    books: Books, action: Action, entry: dict[str, Value], title: str | None, url: str | None
) -> dict[str, Value] | None:
    """The instrument that a source names first, to be recorded with it."""
    if title is None and url is None:
        return None
    source = entry.get("source")
    if title is None or not isinstance(source, str):
        raise UsageError("--source-title and --source-url describe what --source names; give it, and a title")
    id = citations(source)[0][0]
    if books.ledger.instrument(action, id):
        raise UsageError(f'--source-title: "{id}" is recorded already; leave the title and the address out')
    instrument: dict[str, Value] = {"id": id, "title": title}
    return instrument | ({"url": url} if url else {})
