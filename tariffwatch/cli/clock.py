"""``tariffwatch clock [NAME]``."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli import complete
from tariffwatch.cli.dates_file import add_deadlines
from tariffwatch.cli.places import cache_folder, folders, own_settings
from tariffwatch.cli.present import now
from tariffwatch.cli.question import Format, dates, write_page
from tariffwatch.cli.terminal import Screen, screen
from tariffwatch.cli.times import NEW_YORK, parse_trigger, parse_zone
from tariffwatch.clocks import ClockError, Worked
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.ledger.load import Ledger, load
from tariffwatch.views import clockwork, json


def clock(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="The clock; without it, all are listed.",
            autocompletion=complete.clocks,
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The day, or instant, of the trigger.")
    ] = None,
    trigger: Annotated[
        list[str] | None,
        typer.Option("--trigger", metavar="NAME=DATE", help="The day of a further trigger of the rule."),
    ] = None,
    list_from: Annotated[
        str | None,
        typer.Option("--list-from", metavar="FILE", help="A CSV file of trigger days; - is stdin."),
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", metavar="NAME", help="The column of the days, of several.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="From when days left are counted.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Another zone than the clock's own.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.TABLE,
    data: Annotated[
        list[Path] | None, typer.Option("--data", metavar="DIR", help="A ledger folder of your own.")
    ] = None,
) -> None:
    """A legal clock worked out step by step, with its citation; alone, the list of all clocks.

    Examples:

      tariffwatch clock

      tariffwatch clock s122-150-days --from 2026-02-24

      tariffwatch clock s232-report --from 2025-03-10 --format json

      tariffwatch clock protest-180 --list-from list.csv --column liquidated
    """
    shown = screen()
    settings = own_settings(os.environ)
    ledger = load(folders(data, os.environ, settings), cache_folder(os.environ))
    own = parse_zone(zone, "--zone") if zone else None
    try:
        if name is None:
            _list(ledger, format, shown)
        elif list_from is not None:
            asked = dates(now(), as_of, None, zone, settings.zone)
            today = asked.as_of.astimezone(asked.zone).date()
            ledger.versions(name)  # an unknown clock is one error, not one of every row
            others = _others(trigger or [])
            if add_deadlines(
                list_from, column, today, lambda day: ledger.work(name, day, others, own), shown
            ):
                raise typer.Exit(ExitCode.BAD_DATA)
        elif start is not None:
            reading = own or ledger.versions(name)[0].zone
            worked = ledger.work(name, parse_trigger(start, "--from", reading), _others(trigger or []), own)
            _answer(worked, ledger, format, shown)
        else:
            raise UsageError(f"when does it start? write: tariffwatch clock {name} --from DATE")
    except ClockError as error:
        raise UsageError(str(error)) from None


def _list(ledger: Ledger, format: Format, shown: Screen) -> None:
    versions = [version for found in ledger.clocks.values() for version in found]
    if format is Format.JSON:
        shown.write(json.dumps({"schema": json.SCHEMA, "clocks": [json.clock(one) for one in versions]}))
    else:
        write_page(clockwork.clocks(versions), ledger, format, shown)


def _answer(worked: Worked, ledger: Ledger, format: Format, shown: Screen) -> None:
    if format is Format.JSON:
        shown.write(json.dumps({"schema": json.SCHEMA} | json.worked(worked)))
    else:
        write_page(clockwork.worked(worked), ledger, format, shown)


def _others(given: list[str]) -> dict[str, date]:
    """``liquidation=2025-12-15``, by name."""
    others = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f'--trigger: "{text}" is not NAME=DATE, such as liquidation=2025-12-15')
        day = parse_trigger(value, "--trigger", NEW_YORK)
        others[name] = day.date() if isinstance(day, datetime) else day
    return others
