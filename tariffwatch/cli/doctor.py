"""``tariffwatch doctor``: where everything is, and whether anything needs a hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch import __version__, query
from tariffwatch.cli.overview import health
from tariffwatch.cli.places import (
    cache_folder,
    ledger_named,
    own_folders,
    settings_file,
    state_folder,
    updates_folder,
)
from tariffwatch.cli.present import now
from tariffwatch.cli.question import Format
from tariffwatch.cli.store import POINTER, dated
from tariffwatch.cli.terminal import screen
from tariffwatch.cli.times import NEW_YORK, own_zone
from tariffwatch.errors import ExitCode, LedgerError, Problem, UsageError
from tariffwatch.ledger.load import Ledger, load, shipped
from tariffwatch.model import ENDED
from tariffwatch.remind.state import FILE as STATE_FILE
from tariffwatch.results import Status
from tariffwatch.settings.load import Loaded, check
from tariffwatch.settings.load import load as load_settings
from tariffwatch.views import doctor as view
from tariffwatch.views import json, reminders
from tariffwatch.views.ledgers import Named

STALE = timedelta(days=60)
"""After as long, ``check`` warns too."""
LIBRARIES = ("typer", "rich", "holidays", "python-dateutil", "icalendar", "jinja2", "apprise")


def doctor(
    format: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
) -> None:
    """Where the ledger, settings, state and cache are, what is stale, and whether reminders are well.

    Exits with 1 if something needs a hand.

    Examples:

      tariffwatch doctor

      tariffwatch doctor --format json
    """
    if format not in (Format.TABLE, Format.JSON):
        raise UsageError(f"--format {format}: doctor writes table or json")
    found = _diagnosis(now())
    if format is Format.JSON:
        screen().write(json.dumps(view.facts(found)))
    else:
        screen().show(view.page(found, own_zone() or NEW_YORK))
    if found.ails:
        raise typer.Exit(ExitCode.PROBLEMS)


def _diagnosis(instant: datetime) -> view.Diagnosis:
    loaded = load_settings(settings_file(os.environ))
    in_use, ails = _in_use()
    places = [Path(in_use.folder), *own_folders(None, os.environ, loaded.settings)]
    there = [place for place in places if os.path.exists(place)]
    gone = [place for place in places if place not in there]
    ledger = load(there, cache_folder(os.environ))
    ails += [f"{place} is no ledger folder: bring it back, or take it out of the settings" for place in gone]
    if count := len(ledger.problems):
        ails.append(f"{count} problem{'s' * (count > 1)} in ledger files: tariffwatch check says where")
    ails += [f"{p.loc}: {p.message}: {p.fix}" for p in _settings_problems(loaded, ledger)]
    ails += [f"{place} is not there, and a reminder watches it" for place in _unwatched(loaded)]
    found = health() if loaded.settings.reminders else None
    if loaded.settings.reminders:
        ails += reminders.ails(found, instant, own_zone() or NEW_YORK)
    events = [event for action in ledger.actions.values() for event in action.events]
    return view.Diagnosis(
        versions=_versions(),
        in_use=in_use,
        places=_places(places),
        actions=len(ledger.actions),
        recorded=max((event.recorded for event in events if event.recorded), default=None),
        stale=[s for s in query.statuses(ledger.actions.values(), instant, instant) if _stale(s, instant)],
        ails=ails,
    )


def _in_use() -> tuple[Named, list[str]]:
    """The ledger in use; the shipped one, and what ails, where it cannot be told which is."""
    try:
        return ledger_named(os.environ), []
    except LedgerError as error:
        return Named(str(shipped()), dated(shipped())), [str(error)]


def _settings_problems(loaded: Loaded, ledger: Ledger) -> list[Problem]:
    """What is wrong with the settings; that there are none, or no reminders, is no fault."""
    if loaded.problems or not loaded.settings.reminders:
        return loaded.problems
    return check(loaded.settings, ledger, settings_file(os.environ).as_posix())


def _unwatched(loaded: Loaded) -> list[Path]:
    """Files of one's own that reminders name, and that are gone."""
    places = (place for reminder in loaded.settings.reminders for place in reminder.files.places)
    return [place for place in dict.fromkeys(places) if not os.path.exists(place)]


def _stale(status: Status, instant: datetime) -> bool:
    """Live or pending, and its sources were not read for long."""
    verified = status.action.verified
    today = instant.astimezone(status.action.zone).date()
    return status.phase not in ENDED and (verified is None or today - verified > STALE)


def _versions() -> dict[str, str]:
    found = {"tariffwatch": __version__, "Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _places(ledger: Sequence[Path]) -> dict[str, str]:
    """Where things are, or would be."""
    files = {
        "updates": updates_folder(os.environ) / POINTER,
        "settings": settings_file(os.environ),
        "state": state_folder(os.environ) / STATE_FILE,
        "cache": cache_folder(os.environ),
    }
    shown = {f"ledger {n}": str(place) for n, place in enumerate(ledger, start=1)}
    for name, file in files.items():
        shown[name] = (
            f"{file}{'' if os.path.exists(file) else ' (not there yet)'}" if file else "none is kept"
        )
    return shown
