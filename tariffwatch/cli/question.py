"""The options that every listing shares, and the question that they make."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from tariffwatch import facts, query
from tariffwatch.cli import complete
from tariffwatch.cli.places import cache_folder, folders, own_settings
from tariffwatch.cli.present import now
from tariffwatch.cli.terminal import Screen, screen
from tariffwatch.cli.times import NEW_YORK, names_day, own_zone, parse_instant, parse_span, parse_zone
from tariffwatch.clocks import Worked
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.kept import Present
from tariffwatch.ledger.kinds import hint
from tariffwatch.ledger.load import Ledger, load, rule_trigger
from tariffwatch.model import Action, DeadlineKind, Phase, Rule
from tariffwatch.results import Filters, Prospect
from tariffwatch.views.document import Document
from tariffwatch.views.report import When


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, of which ledger, and where the answer goes."""

    ledger: Ledger
    when: When
    filters: Filters
    format: Format
    screen: Screen
    present: Present | None = None
    """How everything stands, if the question is of now and needs hardly more."""

    def prospects(self) -> list[Prospect]:
        """How each action asked for stands, and what comes."""
        if self.present:
            return self.present.prospects(self.when.as_of, self.filters)
        actions = self.ledger.actions.values()
        return query.prospects(actions, self.when.as_of, self.when.knowing, self.filters)

    def by_days(self, *known: tuple[str | None, datetime]) -> Question:
        """The same about dates of knowledge, each as written and as read; days as in ``facts.by_days``."""
        closes = sorted(instant for text, instant in known if names_day(text))
        if not closes:
            return self
        actions = self.ledger.actions
        told = {slug: facts.by_days(action, closes, self.when.zone) for slug, action in actions.items()}
        return replace(self, ledger=replace(self.ledger, actions=told))

    def show(self, page: Document, instead: str = "--format json") -> None:
        """Write a page, as ``write_page`` does."""
        write_page(page, self.ledger, self.format, self.screen, instead)


def write_page(
    page: Document, ledger: Ledger, format: Format, screen: Screen, instead: str = "--format json"
) -> None:
    """Write a page for reading: as Markdown with links to the sources, or as the screen shows it.

    For CSV, which has no room for a page, raises UsageError that says what to write ``instead``.
    """
    match format:
        case Format.MARKDOWN:
            from tariffwatch.views import markdown

            screen.put(markdown.render(page, address(ledger)).encode())
        case Format.CSV:
            raise UsageError(f"--format csv: a CSV file holds one table, this page is more; write {instead}")
        case _:
            screen.show(page)


def address(ledger: Ledger) -> Callable[[str, str], str | None]:
    """Where to read the instrument that an action (its slug) calls by an id, as Markdown asks for it."""

    def url(action: str, id: str) -> str | None:
        instrument = ledger.instrument(ledger.actions[action], id)
        return instrument.url or instrument.archive if instrument else None

    return url


def _words(vocabulary: type[StrEnum]) -> str:
    """``takes-effect, pause-ends or expires``."""
    *most, last = map(str, vocabulary)
    return f"{', '.join(most)} or {last}"


def _options(
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="COUNTRY",
            help="Measures on this country (ISO code or EU).",
            autocompletion=complete.countries,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="GOVERNMENT",
            help="Measures by this government.",
            autocompletion=complete.governments,
        ),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option(
            "--authority",
            metavar="LAW",
            help="Measures under this law, such as IEEPA.",
            autocompletion=complete.authorities,
        ),
    ] = None,
    phase: Annotated[
        list[Phase] | None,
        typer.Option("--phase", metavar="PHASE", help=f"Actions that are {_words(Phase)}."),
    ] = None,
    kind: Annotated[
        list[DeadlineKind] | None,
        typer.Option("--kind", metavar="KIND", help=f"Deadlines of this kind: {_words(DeadlineKind)}."),
    ] = None,
    within: Annotated[
        str | None, typer.Option("--within", metavar="SPAN", help="Deadlines within 12h, 30d, 2w, 6m or 1y.")
    ] = None,
    id: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="This action.", autocompletion=complete.ids)
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day or time asked about; a day means its close."),
    ] = None,
    knowing: Annotated[
        str | None,
        typer.Option("--knowing", metavar="DATE", help="Use what was known by then; --as-of unless given."),
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Your time zone, such as Europe/Brussels.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.TABLE,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="DIR", help="A ledger folder of your own, added to the shipped one."),
    ] = None,
) -> None:
    """The shared options; only their declarations are used."""


def shared_options(
    command: Callable[..., None], without: frozenset[str] = frozenset()
) -> Callable[..., None]:
    """Give a command the shared options; it receives their values as one dict before its own.

    Those that it does without cannot be given, and have their defaults.
    """
    options = inspect.signature(_options, eval_str=True).parameters
    shared = {name: option for name, option in options.items() if name not in without}
    defaults = {name: options[name].default for name in without}
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        command(defaults | {name: values.pop(name) for name in shared}, **values)

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared.values())]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapper


def answer(given: dict[str, Any], command: Callable[[Question], None], *, at_a_glance: bool = False) -> None:
    """Make the question, let a command answer it, then report what was wrong in the ledger.

    A command that answers ``at_a_glance`` needs the prospects of actions and hardly more: where they are
    kept, no ledger is read. Leaves with exit code 3 if a file was left out.
    """
    question = ask(now(), screen(), os.environ, at_a_glance=at_a_glance, **given)
    try:
        command(question)
    finally:
        say_problems(question.ledger, question.screen)
    if question.ledger.problems:
        raise typer.Exit(ExitCode.BAD_DATA)


def say_problems(ledger: Ledger, screen: Screen) -> None:
    """Report what was wrong in the ledger, if anything was."""
    if ledger.problems:
        from tariffwatch.views.problems import render

        screen.say(render(ledger.problems).rstrip())


def ask(
    now: datetime, screen: Screen, environ: Mapping[str, str], *, at_a_glance: bool = False, **given: Any
) -> Question:
    """Make a question of the options' values; raises UsageError for what cannot be understood."""
    settings = own_settings(environ)
    when = dates(now, given["as_of"], given["knowing"], given["zone"], settings.zone)
    paths, cache = folders(given["data"], environ, settings), cache_folder(environ)
    of_now = given["as_of"] is None and given["knowing"] is None
    present = Present(paths, cache) if at_a_glance and of_now else None
    ledger = present.ledger if present else load(paths, cache)
    within = given["within"]
    filters = Filters(
        ids=frozenset(known_id(ledger, id) for id in given["id"] or ()),
        on=frozenset(_country(code, "--on") for code in given["on"] or ()),
        by=frozenset(_country(code, "--by") for code in given["by"] or ()),
        authority=given["authority"],
        phases=frozenset(given["phase"] or ()),
        kinds=frozenset(given["kind"] or ()),
        by_then=None if within is None else parse_span(within, "--within", when.as_of),
    )
    known = given["as_of"] if given["knowing"] is None else given["knowing"]
    question = Question(ledger, when, filters, given["format"], screen, present)
    return question.by_days((known, when.knowing))


def dates(
    now: datetime, as_of: str | None, knowing: str | None, zone: str | None, own: ZoneInfo | None = None
) -> When:
    """The question's dates; ``own`` is the zone of the settings.

    ``--as-of`` alone means the world as it looked then.
    """
    yours = parse_zone(zone, "--zone") if zone is not None else None
    reading = yours or NEW_YORK
    now = now.replace(microsecond=0)
    asked = now if as_of is None else parse_instant(as_of, "--as-of", now, reading)
    known = asked if knowing is None else parse_instant(knowing, "--knowing", now, reading)
    return When(asked, known, reading, yours or own or own_zone())


EXPLAIN = Annotated[bool, typer.Option("--explain", help="Show how each computed date was worked out.")]


def working(
    ledger: Ledger, computed: Iterable[tuple[Action, str, Rule | None]]
) -> list[tuple[str, str, Worked]]:
    """Each deadline that a rule dates, by action and id, with its clock worked out."""
    return [
        (action.id, id, ledger.work(rule.clock, rule_trigger(action, rule)))
        for action, id, rule in computed
        if rule
    ]


def known_id(ledger: Ledger, id: str) -> str:
    """A slug that is in the ledger; raises UsageError that names the nearest."""
    if id in ledger.actions:
        return id
    fix = hint(id, list(ledger.actions), "tariffwatch status lists the ids")
    raise UsageError(f'no action is called "{id}"; {fix}')


def _country(code: str, option: str) -> str:
    upper = code.upper()
    if upper == "UK":  # reserved, and no country's (ISO 3166-1)
        raise UsageError(f"{option}: the country code of the United Kingdom is GB; write GB")
    if len(upper) != 2 or not upper.isascii() or not upper.isalpha():
        raise UsageError(f'{option}: "{code}" is not a country code; write two letters, such as CA, or EU')
    return upper
