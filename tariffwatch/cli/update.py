"""``tariffwatch update``: a newer ledger beside the shipped one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli.asking import confirmed
from tariffwatch.cli.places import ledger_in_use, own_folders, own_settings, updates_folder
from tariffwatch.cli.present import now
from tariffwatch.cli.question import Format
from tariffwatch.cli.store import Store, dated
from tariffwatch.cli.terminal import Screen, screen
from tariffwatch.cli.times import NEW_YORK, own_zone
from tariffwatch.errors import ExitCode, Problem, UsageError
from tariffwatch.ledger.incoming import Files, collect
from tariffwatch.ledger.load import Ledger, load, shipped, shown_name
from tariffwatch.ledger.rules import check
from tariffwatch.remind.exchange import compare
from tariffwatch.views import exchange, json, ledgers
from tariffwatch.views.ledgers import Named
from tariffwatch.views.problems import render


def update(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR|FILE.zip]", help="The newer ledger: a folder, a checkout, or a zip file."
        ),
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="Say which ledger is in use.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Use the former ledger again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Use it without asking.")] = False,
    format: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
) -> None:
    """Take a newer ledger, and use it in the place of the one that came with the program.

    It is checked whole before it counts, and what it would change is shown first: new actions, new events,
    dates that move. One with errors is refused. The former ledger is kept. Your own ledger folders are not
    touched; they are laid over the newer one as over the one before.

    Examples:

      tariffwatch update newer.zip --dry-run

      tariffwatch update newer.zip --yes

      tariffwatch update --status

      tariffwatch update --rollback
    """
    if [source is not None, status, rollback].count(True) != 1:
        raise UsageError("say one of: a newer ledger (a folder or a zip file), --status, --rollback")
    if format not in (Format.TABLE, Format.JSON):
        raise UsageError(f"--format: {format.value} is not one of table, json")
    shown, store = screen(), Store(updates_folder(os.environ))
    if source is not None:
        files = collect(source.expanduser())
        with store.opened():
            _take(store, source, files, shown, format, dry_run=dry_run, yes=yes)
        return
    if rollback:
        with store.opened():
            store.go_back(shipped())
    _status(store, shown, format)


def _take(
    store: Store, source: Path, files: Files, shown: Screen, format: Format, *, dry_run: bool, yes: bool
) -> None:
    """Check a newer ledger, show what it changes, and use it if that is agreed to."""
    instant, base = now(), ledger_in_use(os.environ)
    if files == collect(base):
        shown.say("This is the ledger that is in use already; nothing was changed.")
        return
    stage = store.stage(files)
    new = _sound(stage, source, instant, shown)
    old_name, new_name = store.named(base), Named("", dated(stage))
    found = compare(load([base]), new, instant)
    if format is Format.JSON:
        shown.write(json.dumps(exchange.exchange_facts(found, new_name, old_name)))
    else:
        shown.show(exchange.exchange(found, new_name, old_name))
    if troubles := _own_troubles(base, stage, instant):
        shown.say("In your own files there would then be:\n" + render(troubles).rstrip())
    if dry_run:
        shown.say("Nothing was changed.")
    elif confirmed(f"Use {new_name.words} from now on?", yes=yes, undone="nothing was changed"):
        store.choose(stage, str(source.expanduser().absolute()), instant.replace(microsecond=0), shipped())
        shown.say(f"In use: {new_name.words}. Back to the former one: tariffwatch update --rollback")
    else:
        shown.say("Nothing was changed.")


def _sound(stage: Path, source: Path, instant: datetime, shown: Screen) -> Ledger:
    """The ledger, if it has no errors and says something; else the list of them, and the run ends."""
    ledger = load([stage])
    errors = [problem for problem in check(ledger, instant) if not problem.warning]
    if errors:
        shown.write(render([_inside(problem, f"{shown_name(stage)}/") for problem in errors]))
        newer = any(problem.code in ("TW101", "TW103", "TW104") for problem in errors)
        hint = "; it may be made for a newer tariffwatch" if newer else ""
        count = f"{len(errors)} error{'s' * (len(errors) > 1)}"
        shown.say(f"{source} has {count} and is refused; nothing was changed{hint}")
        raise typer.Exit(ExitCode.BAD_DATA)
    if not ledger.actions:
        raise UsageError(f"{source} holds no action; nothing was changed")
    return ledger


def _own_troubles(base: Path, stage: Path, instant: datetime) -> list[Problem]:
    """The errors that the user's own files would come to have: an action that they add to is gone, say."""
    own = own_folders(None, os.environ, own_settings(os.environ))
    if not own:
        return []
    before = {(p.code, p.message) for p in _errors([base, *own], instant)}
    return [p for p in _errors([stage, *own], instant) if (p.code, p.message) not in before]


def _errors(places: Sequence[Path], instant: datetime) -> list[Problem]:
    return [problem for problem in check(load(places), instant) if not problem.warning]


def _inside(problem: Problem, prefix: str) -> Problem:
    """A problem as its sender knows the file."""
    loc = replace(problem.loc, file=problem.loc.file.removeprefix(prefix))
    return replace(problem, loc=loc, message=problem.message.replace(prefix, ""))


def _status(store: Store, shown: Screen, format: Format) -> None:
    choice = store.choice()
    in_use = store.named(ledger_in_use(os.environ))
    other = choice.former if in_use.on or choice.chosen is None else choice.chosen
    former = None
    if choice.chosen or choice.former:
        former = store.named(store.place(other) if other else shipped())
    if format is Format.JSON:
        shown.write(json.dumps(ledgers.status_facts(in_use, former)))
    else:
        shown.show(ledgers.status(in_use, former, own_zone() or NEW_YORK))
