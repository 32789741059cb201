"""``tariffwatch add ID``: a new action in the user's own ledger."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tariffwatch.cli import complete
from tariffwatch.cli.drafts import Books, Draft, enter
from tariffwatch.cli.given import pair, read, several, spelled, such_as, typed
from tariffwatch.cli.present import now
from tariffwatch.cli.record import DATA, DRY_RUN
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import UsageError
from tariffwatch.ledger import fields
from tariffwatch.ledger.append import Value, new_action
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK, slug
from tariffwatch.ledger.load import Ledger, shown_name

_RESERVED = {file.removesuffix(".toml") for file in fields.SHARED}
_HEAD = {field.key: field for field in fields.ACTION}
_ASKED = {
    "id": "A short name, which is also that of its file.",
    "on": "On which countries; * is every one.",
    "zone": "The zone of its times.",
}
"""What is asked at a terminal, where the table of keys says it for those who read the file."""
_GOVERNMENTS = {"imposed_by", "on"}


def add(
    id: Annotated[str | None, typer.Argument(metavar="ID", help="Its id; also the name of its file.")] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What the measure is called.")
    ] = None,
    imposed_by: Annotated[
        str | None,
        typer.Option(
            "--imposed-by",
            metavar="CODE",
            help="The government: two letters, or EU.",
            autocompletion=complete.governments,
        ),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="CODE",
            help="On which country; * is every one.",
            autocompletion=complete.countries,
        ),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option(
            "--authority",
            metavar="TEXT",
            help="The law it rests on, in short.",
            autocompletion=complete.authorities,
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            metavar="ZONE",
            help="The zone of its times; that government's other actions' unless given.",
        ),
    ] = None,
    verified: Annotated[
        str, typer.Option("--verified", metavar="DATE", help="Through when you compared it with its sources.")
    ] = "today",
    summary: Annotated[
        str | None, typer.Option("--summary", metavar="TEXT", help="What it is, in one sentence.")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What else a reader should know.")
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar="ID=GOODS", help="A part with its own rate; the headline rate first."),
    ] = None,
    instrument: Annotated[
        list[str] | None,
        typer.Option("--instrument", metavar="ID=TITLE", help="A document that sources will name."),
    ] = None,
    data: DATA = None,
    dry_run: DRY_RUN = False,
) -> None:
    """Begin an action of your own, in a new file with comments; asks for what is missing at a terminal.

    The file is made in your own folder: --data, or the first that the settings or TARIFFWATCH_DATA name,
    or "ledger" in your data folder, which every command reads. What happens to the action is added with
    tariffwatch record. An investigation, a case or a deadline of your own has no lines.

    Examples:

    \b
      tariffwatch add us-example --title "Example duty on Freedonia" --imposed-by US --on FD \\
        --authority IEEPA --line "general=All goods"
      tariffwatch add our-case --title Case --imposed-by US --on CA --authority CIT --dry-run
    """
    instant = now()
    given: dict[str, Any] = {
        "id": id, "title": title, "imposed_by": imposed_by, "on": several(on or []), "authority": authority,
        "zone": zone, "verified": verified, "summary": summary, "note": note,
    }  # fmt: skip
    lines, instruments = list(line or []), list(instrument or [])
    _head(given, instant)  # what is wrong is told before what is missing
    books = Books.read(data)
    given["zone"] = given["zone"] or _zone_of(books.ledger, given["imposed_by"])
    missing = [field for field in fields.ACTION if field.needed and not given[field.key]]
    if missing and sys.stdin.isatty() and sys.stderr.isatty():
        _ask(books, given, lines, instant)
    elif missing:
        # the zone follows from the government, once that is told
        told = "; ".join(such_as(field) for field in missing if field.key != "zone" or given["imposed_by"])
        raise UsageError(f"an action needs more: {told}".replace("--id", "ID"))
    head = _head(given, instant)

    def composed(books: Books) -> Draft:
        file = _new_file(books, str(head["id"]))
        tables = (
            [_named("line", "label", one) for one in lines],
            [_named("instrument", "title", one) for one in instruments],
        )
        return Draft(str(head["id"]), file, None, new_action(head, *tables).encode())

    shown_on = screen()
    enter(composed, data, instant, shown_on, dry_run=dry_run)
    if not dry_run:
        what = "ordered --effective DATE --rate RATE" if lines else "opened"
        shown_on.say(f"next: tariffwatch record {head['id']} {what} --known DATE --source SOURCE")


def _new_file(books: Books, id: str) -> Path:
    """Where the action will stand; raises UsageError if the id is taken."""
    if id in _RESERVED:
        raise UsageError(f'"{id}" is the name of a file that several actions share; take another id')
    if action := books.ledger.actions.get(id):
        raise UsageError(f'"{id}" stands already in {action.loc}; add to it with tariffwatch record {id}')
    file = books.file(id)
    if os.path.lexists(file):
        raise UsageError(f"{shown_name(file)} is there already; take another id, or see tariffwatch check")
    return file


def _zone_of(ledger: Ledger, government: str | None) -> str | None:
    """The zone in which most actions of a government stand."""
    zones = Counter(a.zone.key for a in ledger.actions.values() if a.imposed_by == (government or "").upper())
    return next((zone for zone, _ in zones.most_common(1)), None)


def _named(table: str, key: str, text: str) -> dict[str, Value]:
    id, told = pair(table, text)
    if not re.fullmatch(slug.schema["pattern"], id):
        raise UsageError(f'{spelled(table)}: "{id}" is no id; write {slug.word}')
    return {"id": id, key: told}


def _head(given: dict[str, Any], now: datetime) -> dict[str, Value]:
    return {key: _read(key, value, now) for key, value in given.items() if value}


def _read(key: str, value: Any, now: datetime) -> Value:
    """The value of a key of the head."""
    if key in _GOVERNMENTS:
        value = value.upper() if isinstance(value, str) else [one.upper() for one in value]
    return read(_HEAD[key], "ID" if key == "id" else key, value, now, NEW_YORK)


def _ask(books: Books, given: dict[str, Any], lines: list[str], now: datetime) -> None:
    """Ask at the terminal for what is missing, each until it can be understood."""

    def understood(field: Field, text: str) -> Any:
        found = several([text]) if field.key == "on" else text
        _read(field.key, found, now)
        if field.key == "id":
            _new_file(books, text)
        return found

    try:
        for field in fields.ACTION:
            if not given.get(field.key) and (field.needed or field.key == "summary"):
                default = _zone_of(books.ledger, given["imposed_by"]) if field.key == "zone" else None
                told = f"{_ASKED.get(field.key, field.meaning)[:-1]}, such as {typed(field)}"
                given[field.key] = _prompt(told, default, partial(understood, field), needed=field.needed)
        told = "A part with a rate of its own, such as general=All goods (nothing: no more)"
        while one := _prompt(told, None, lambda text: (_named("line", "label", text), text)[1], needed=False):
            lines.append(one)
    except typer.Abort:
        raise UsageError("stopped; nothing was written") from None


def _prompt(told: str, default: str | None, understood: Callable[[str], Any], *, needed: bool) -> Any:
    """The answer to a question, asked again until it is understood; None for none, if none is needed."""

    def value(text: str) -> Any:
        try:
            return understood(text) if text else None
        except UsageError as error:
            raise typer.BadParameter(str(error)) from None

    default = default if needed else ""
    return typer.prompt(told, default=default, show_default=bool(default), value_proc=value, err=True)
