"""``tariffwatch remind``: one run. What is only needed when something is due is imported only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tariffwatch.cli.places import (
    cache_folder,
    folders,
    own_ledger,
    settings_file,
    state_folder,
    updates_folder,
)
from tariffwatch.cli.present import now
from tariffwatch.errors import ExitCode, UsageError
from tariffwatch.remind.pulse import Inputs, Outcome, asleep, sleep, stamp
from tariffwatch.remind.state import BusyError, State, StateError

if TYPE_CHECKING:
    from pathlib import Path

    from tariffwatch.cli.terminal import Screen
    from tariffwatch.errors import Problem
    from tariffwatch.ledger.load import Ledger
    from tariffwatch.remind.channels import Outside
    from tariffwatch.remind.items import Memory
    from tariffwatch.remind.message import Dispatch
    from tariffwatch.remind.plan import Goods
    from tariffwatch.remind.run import Look
    from tariffwatch.settings.model import Files, Settings

PATIENCE = 2
"""Seconds to wait for another run before leaving the work to it."""

AS_OF = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Take this for the present; a day means its close."),
]


def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent now; send and record nothing.")
    ] = False,
    as_of: AS_OF = None,
) -> None:
    """Send what is due, once. Made for cron: silent when nothing is due.

    What to watch, how long before to warn and where to send it stands in the settings file.

    Examples:

      tariffwatch remind init

      tariffwatch remind --dry-run

      tariffwatch remind schedule --install
    """
    if context.invoked_subcommand is not None:
        return
    instant = _instant(as_of)
    if dry_run:
        _show(instant)
        return
    try:
        with State.open(state_folder(os.environ), wait=PATIENCE) as state:
            outcome = asleep(state, settings_file(os.environ), _named(), instant)
            if outcome is None:
                outcome = _work(state, instant)
            outcome.said += stamp(state, instant, outcome.code, os.environ)
    except BusyError:
        return
    except StateError as error:
        outcome = _without_state(error, instant)
    if outcome.said:
        from tariffwatch.cli.terminal import screen

        for sentence in outcome.said:
            screen().say(f"tariffwatch: {sentence}")
    if outcome.code:
        raise typer.Exit(outcome.code)


def _instant(as_of: str | None) -> datetime:
    present = now().replace(microsecond=0)
    if as_of is None:
        return present
    from tariffwatch.cli.times import NEW_YORK, parse_instant

    return parse_instant(as_of, "--as-of", present, NEW_YORK)


class Desk:
    """The settings, checked, and the ledger that they ask for."""

    def __init__(self) -> None:
        """Raises UsageError that names every problem of the settings with its line."""
        from tariffwatch.cli.store import Store
        from tariffwatch.cli.times import NEW_YORK, own_zone
        from tariffwatch.ledger.load import load, shipped

        self.path = settings_file(os.environ)
        self.settings = read_settings()
        # Watched before they are there: the first file of the user's own, and the choice of another ledger.
        choice = Store(updates_folder(os.environ)).pointer
        files = (place for reminder in self.settings.reminders for place in reminder.files.places)
        others = (own_ledger(), choice, shipped(), *files)
        watched = dict.fromkeys([*folders(None, os.environ, self.settings), *others])
        self.inputs = Inputs.stamped(self.path, list(watched), _named())
        places = folders(None, os.environ, self.settings)
        there = load([place for place in places if os.path.exists(place)], cache_folder(os.environ))
        gone = [_gone(place) for place in places if not os.path.exists(place)]
        self.ledger: Ledger = replace(there, problems=(*there.problems, *gone))
        refuse(_problems(self.settings, self.ledger, self.path.as_posix()))
        self.zone: ZoneInfo = self.settings.zone or own_zone() or NEW_YORK
        self.unread = False
        """Whether part of a file of one's own could not be read at the last look."""

    def look(self, memories: Callable[[str], Memory], instant: datetime) -> Look:
        """What there is to tell."""
        from tariffwatch.remind.run import look

        return look(memories, self.settings, self.ledger, instant, self.zone, self.goods(instant))

    def goods(self, instant: datetime) -> dict[Files, Goods]:
        """What the files of one's own hold that reminders name."""
        named = {reminder.files for reminder in self.settings.reminders if reminder.files}
        if not named:
            return {}
        from tariffwatch.cli.own_reading import watched

        found = {files: watched(files, self.ledger, instant) for files in named}
        self.unread = any(goods.problems for goods in found.values())
        return found

    def dispatch(self, instant: datetime, last: datetime | None = None) -> Dispatch:
        """The circumstances of a message; ``last`` is the last run."""
        from tariffwatch.remind.message import Dispatch
        from tariffwatch.remind.pulse import stopped

        silent = last if last and stopped(last, instant, self.settings.every) else None
        return Dispatch(instant, self.zone, self.settings.brake, silent)


def read_settings() -> Settings:
    """The settings file; raises UsageError if it is not there, or names every problem."""
    from tariffwatch.settings.load import load

    path = settings_file(os.environ)
    if not os.path.exists(path):
        raise UsageError(f"there are no settings at {path}; write some with: tariffwatch remind init")
    loaded = load(path)
    refuse(loaded.problems)
    return loaded.settings


def refuse(problems: list[Problem]) -> None:
    """Raise UsageError that names every problem, if there is any."""
    if problems:
        told = "\n".join(f"{p.loc}: {p.message}\n  fix: {p.fix}" for p in problems)
        raise UsageError(f"the settings cannot be used, and nothing was sent\n{told}")


def outside(instant: datetime) -> Outside:
    """Standard output and the environment, for the channels."""
    from tariffwatch.cli.terminal import screen
    from tariffwatch.remind.channels import Outside

    return Outside(_writer(screen()), os.environ, instant)


def _work(state: State, instant: datetime) -> Outcome:
    """Look, store, send, and say when to look again."""
    from tariffwatch.remind.outbox import Outbox
    from tariffwatch.remind.pulse import last_run
    from tariffwatch.remind.run import heart, wake, work

    outbox = Outbox(state)
    desk = Desk()
    seen = desk.look(outbox.memory, instant)
    try:
        outcome = work(outbox, seen, desk.settings, outside(instant), desk.dispatch(instant, last_run(state)))
    except StateError as error:
        return _print(seen, desk, error, instant)
    next_look = wake(outbox, seen, desk.settings)
    sleep(state, desk.inputs, next_look, desk.settings.every, heart(desk.settings))
    if (desk.ledger.problems or desk.unread) and outcome.code is ExitCode.DONE:
        outcome.code = ExitCode.BAD_DATA
    return outcome


def _without_state(error: StateError, instant: datetime) -> Outcome:
    """Print what is due; what was told before is taken from the state, if that can be read."""
    desk = Desk()
    return _print(desk.look(memories(), instant), desk, error, instant)


def memories() -> Callable[[str], Memory]:
    """What each reminder remembers, without touching the state; nothing if it cannot be read."""
    from tariffwatch.remind.items import Memory
    from tariffwatch.remind.outbox import Outbox

    names = [reminder.name for reminder in read_settings().reminders]
    try:
        with State.open(state_folder(os.environ), read_only=True, wait=PATIENCE) as state:
            held = {name: Outbox(state).memory(name) for name in names}
    except (StateError, BusyError):
        held = {}
    return lambda name: held.get(name, Memory())


def _print(seen: Look, desk: Desk, error: StateError, instant: datetime) -> Outcome:
    """Print what is due, to be told again when it can be recorded."""
    from tariffwatch.remind.message import compose

    if seen.items:
        message = compose([(item, instant) for item, _ in seen.items], desk.dispatch(instant))
        with suppress(OSError):  # nothing is left to tell it to
            outside(instant).write(f"{message.subject}\n\n{message.body}")
    told = "what is due is printed here, and will be sent again" if seen.items else "nothing new is due"
    fix = "Make room, or set TARIFFWATCH_STATE to a folder that can be written"
    return Outcome(ExitCode.UNDELIVERED, [f"reminders cannot be recorded: {error}; {told}. {fix}"])


def _show(instant: datetime) -> None:
    """The dry run."""
    from tariffwatch import words
    from tariffwatch.remind.message import compose

    desk = Desk()
    seen = desk.look(memories(), instant)
    write = outside(instant).write
    for channel in desk.settings.channels:
        items = [(item, instant) for item, channels in seen.items if channel.name in channels]
        if items:
            message = compose(items, desk.dispatch(instant))
            write(f"To {channel.name} ({channel.kind}):\n\n{message.subject}\n\n{message.body}\n")
    if not seen.items:
        next_look = words.instant(seen.wake, desk.zone)
        write(f"Nothing is due. As things stand, the next date that matters is {next_look}.\n")


def _problems(settings: Settings, ledger: Ledger, name: str) -> list[Problem]:
    from tariffwatch.remind.channels import check as check_channel
    from tariffwatch.remind.run import used
    from tariffwatch.settings.load import check

    problems = check(settings, ledger, name)
    for channel in settings.channels:
        if channel.name in used(settings):
            problems += check_channel(channel, os.environ)
    return problems


def _gone(place: Path) -> Problem:
    """A folder that is not there, such as a drive that is not mounted: the rest must still be watched."""
    from tariffwatch.errors import Problem
    from tariffwatch.model import Loc

    fix = "bring it back, or take it out of the settings"
    return Problem(Loc(str(place), 1), "TW004", "there is no such ledger folder", fix)


def _named() -> str:
    return os.environ.get("TARIFFWATCH_DATA", "")


def _writer(screen: Screen) -> Callable[[str], None]:
    from tariffwatch.views.plain import to_ascii

    def write(text: str) -> None:
        screen.out.write(to_ascii(text) if screen.ascii_only else text)
        screen.out.flush()

    return write
