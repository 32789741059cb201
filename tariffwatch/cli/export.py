"""``tariffwatch export FORMAT``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from tariffwatch import prospect, query
from tariffwatch.cli.own_goods import ENTRIES_FILES, ENTRIES_MAP, SHIPMENTS_FILES, SHIPMENTS_MAP, named
from tariffwatch.cli.question import Question, address, answer, shared_options
from tariffwatch.cli.times import parse_span
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.ledger.kinds import hint
from tariffwatch.outlook import outlooks
from tariffwatch.results import ConditionOutlook, Deadline, Stage, Status
from tariffwatch.views.document import Paragraph


class What(StrEnum):
    """The table of a file that holds one."""

    DEADLINES = "deadlines"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: the answers to one question."""

    question: Question
    what: What | None
    """None unless it was asked for."""
    live: bool
    """Whether the question is about the present."""
    alarms: tuple[timedelta, ...] = ()
    """How long before a deadline a calendar warns; the calendar's own unless asked for."""
    own: bool = False
    """Whether dates of one's own goods are among the deadlines."""

    def statuses(self) -> list[Status]:
        """How the actions asked for stand."""
        when, filters = self.question.when, self.question.filters
        return query.statuses(self.question.ledger.actions.values(), when.as_of, when.knowing, filters)

    def deadlines(self) -> list[Deadline]:
        """The coming deadlines asked for."""
        when, filters = self.question.when, self.question.filters
        return query.countdown(self.question.ledger.actions.values(), when.as_of, when.knowing, filters)

    def outlook(self) -> list[ConditionOutlook]:
        """The conditions asked for, without those of actions that have ended."""
        when, filters = self.question.when, self.question.filters
        found = outlooks(self.question.ledger.actions.values(), when.as_of, when.knowing, filters)
        return [one for one in found if one.stage is not Stage.ENDED]

    def rests(self) -> list[Paragraph]:
        """What the dates of one's own goods rest on."""
        if not self.own:
            return []
        from tariffwatch.views import own

        return own.rests(self.deadlines())


def _csv(of: Export) -> str:
    from tariffwatch.views import csv

    if of.what is What.STATUS:
        return csv.statuses(of.statuses(), of.question.when)
    return csv.deadlines(of.deadlines(), of.question.when)


def _html(of: Export) -> str:
    from tariffwatch.views import html

    when, instruments = of.question.when, of.question.ledger.instruments
    return html.page(
        of.statuses(), of.deadlines(), of.outlook(), instruments, when, live=of.live, notes=of.rests()
    )


def _ics(of: Export) -> bytes:
    from tariffwatch import changes
    from tariffwatch.views import ics

    when, ledger = of.question.when, of.question.ledger
    trails = changes.on_calendar(ledger.actions.values(), when.as_of, when.knowing, of.question.filters)
    return ics.calendar(trails, ledger.instruments, when, of.alarms or ics.LADDER)


def _json(of: Export) -> str:
    from tariffwatch.views import json

    when, ledger = of.question.when, of.question.ledger
    found = [(s, prospect.deadlines(s.action, when.as_of, when.knowing)) for s in of.statuses()]
    return json.dumps(json.export(found, of.deadlines(), ledger.instruments, when))


def _json_schema(of: Export) -> str:
    from tariffwatch.views import json, json_schema

    return json.dumps(json_schema.schema())


def _markdown(of: Export) -> str:
    from tariffwatch.views import markdown, report
    from tariffwatch.views.document import Heading

    when = of.question.when
    deadlines = [Heading("Deadlines"), *report.countdown(of.deadlines(), when), *of.rests()]
    statuses = [Heading("Status"), *report.status(of.statuses(), when, sources=True)]
    page = [Heading("Tariff deadlines"), *deadlines, *statuses]
    return markdown.render(page, address(of.question.ledger))


FORMATS: Mapping[str, Callable[[Export], str | bytes]] = {
    "csv": _csv,
    "html": _html,
    "ics": _ics,
    "json": _json,
    "json-schema": _json_schema,
    "markdown": _markdown,
}
"""How each format is written. A new one is a line here, and a function above that imports its view."""

ONE_TABLE = {"csv"}
"""The formats whose files hold one table, which ``--what`` names."""


@partial(shared_options, without=frozenset({"format"}))
def export(
    given: dict[str, Any],
    format: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.", autocompletion=lambda: list(FORMATS)
        ),
    ],
    what: Annotated[
        What | None, typer.Option("--what", help="The table of a CSV file; deadlines unless given.")
    ] = None,
    alarm: Annotated[
        list[str] | None,
        typer.Option("--alarm", metavar="SPAN", help="ics: warn 12h, 7d, 2w before; 7d and 1d unless given."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write a file instead of stdout.")
    ] = None,
    entries: ENTRIES_FILES = None,
    shipments: SHIPMENTS_FILES = None,
    entries_map: ENTRIES_MAP = None,
    shipments_map: SHIPMENTS_MAP = None,
) -> None:
    """The deadlines and the statuses as a file for other programs, or to hand on.

    An html file is one page that needs no network, with search, filters and ticking countdowns. An ics
    file is a calendar: imported again, it moves dates that have moved and cancels those that are
    no longer due. A CSV file holds one of the two tables; json holds everything that show tells of each
    action, and json-schema says how it is made. An existing FILE is replaced only when the new one is
    complete. With --entries or --shipments the dates of your own goods are among the deadlines, read on
    this machine alone; an estimate says so.

    Examples:

      tariffwatch export csv --on CA --as-of 2025-02-10

      tariffwatch export csv --what status

      tariffwatch export json --id ieepa-canada-border

      tariffwatch export markdown --within 90d

      tariffwatch export html --on CA --output canada.html

      tariffwatch export ics --by US --alarm 14d --alarm 2h --output tariffs.ics

      tariffwatch export ics --kind filing-due --entries entries.csv -o own.ics
    """
    write = _writer(format)
    if what and format not in ONE_TABLE:
        raise UsageError(f"--what chooses the table of {', '.join(ONE_TABLE)}; leave it out for {format}")
    live = given["as_of"] is None and given["knowing"] is None
    if alarm and format != "ics":
        raise UsageError(f"--alarm is for calendars; leave it out for {format}, or write ics")
    files, bad = named(entries, shipments, entries_map, shipments_map), 0
    if files and (what is What.STATUS or format == "json-schema"):
        raise UsageError("--entries and --shipments add deadlines; leave them out where none are written")

    def answered(question: Question) -> None:
        nonlocal bad
        if files:
            from tariffwatch.cli.own_reading import mixed

            question, bad = mixed(question, files)
        start = question.when.as_of
        alarms = tuple(parse_span(span, "--alarm", start) - start for span in alarm or ())
        # A file is read elsewhere: the machine's own zone says nothing there, one that was asked for does.
        when = question.when if given["zone"] else replace(question.when, yours=None)
        content = write(Export(replace(question, when=when), what, live, alarms, bool(files)))
        _deliver(content.encode() if isinstance(content, str) else content, output, question)

    answer(given, answered)
    if bad:
        raise typer.Exit(ExitCode.BAD_DATA)


def _writer(format: str) -> Callable[[Export], str | bytes]:
    """How a format is written; raises UsageError that names the nearest."""
    if format in FORMATS:
        return FORMATS[format]
    fix = hint(format, list(FORMATS), f"there are {', '.join(FORMATS)}")
    raise UsageError(f'export: there is no format "{format}"; {fix}')


def _deliver(content: bytes, output: str | None, question: Question) -> None:
    if output is None or output == "-":
        question.screen.put(content)
    else:
        from tariffwatch.cli.files import replace_file

        replace_file(output, content, "--output")
