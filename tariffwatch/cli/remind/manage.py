"""``tariffwatch remind init, test, log, ack, snooze``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tariffwatch.cli import complete
from tariffwatch.cli.places import settings_file, state_folder
from tariffwatch.cli.present import now
from tariffwatch.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tariffwatch.remind.items import Followed
    from tariffwatch.remind.state import State

PATIENCE = 60
"""Seconds to wait for a run that is at work."""

ID = Annotated[
    str, typer.Argument(metavar="ID", help="The action, as status lists it.", autocompletion=complete.ids)
]
DEADLINE = Annotated[
    str | None, typer.Argument(metavar="[DEADLINE]", help="One deadline of it, as countdown's JSON names it.")
]


def init() -> None:
    """Write a commented settings file, if there is none yet.

    Example:

      tariffwatch remind init
    """
    from tariffwatch.cli.terminal import screen
    from tariffwatch.settings.load import EXAMPLE

    path = settings_file(os.environ)
    text = EXAMPLE.read_text(encoding="utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"there are settings already: {path}; edit them, or move them away first") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    screen().write(
        f"Wrote {path}\n\nIt watches every action and prints what is due. Edit it; then:\n"
        "  tariffwatch remind test                 sends one message to every channel\n"
        "  tariffwatch remind --dry-run            shows what would be sent now\n"
        "  tariffwatch remind schedule --install   lets cron run it every five minutes\n"
    )


def send_test(
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="Only this channel; without it, every one.")
    ] = None,
) -> None:
    """Send one message to every channel, to see whether it arrives.

    Example:

      tariffwatch remind test --channel mail
    """
    from tariffwatch.cli.remind.run import outside, read_settings
    from tariffwatch.cli.terminal import screen
    from tariffwatch.remind.channels import DeliveryError, send
    from tariffwatch.remind.message import Message

    settings = read_settings()
    for name in channel or ():
        if settings.channel(name) is None:
            known = ", ".join(one.name for one in settings.channels)
            raise UsageError(f'no channel is called "{name}"; the settings have {known or "none"}')
    failed = False
    for one in settings.channels:
        if channel and one.name not in channel:
            continue
        instant = now()
        body = f"This is a test of the channel {one.name}. Reminders will look like this.\n"
        stamp = f"test-{one.name}-{instant:%Y%m%d%H%M%S}"
        message = Message(f"tariffwatch: test of the channel {one.name}", body, stamp, stamp)
        try:
            send(one, message, outside(instant))
        except DeliveryError as error:
            screen().say(f"tariffwatch: channel {one.name} ({one.loc}): {error}")
            failed = True
        else:
            screen().say(f"{one.name}: taken")
    if failed:
        raise typer.Exit(ExitCode.UNDELIVERED)


def log(
    most: Annotated[int, typer.Option("--most", min=1, help="How many lines at most.")] = 50,
    format: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """What was sent, when and where; what still waits comes first.

    Example:

      tariffwatch remind log --most 20
    """
    from tariffwatch.cli.terminal import screen
    from tariffwatch.cli.times import NEW_YORK, own_zone
    from tariffwatch.remind.outbox import Outbox
    from tariffwatch.remind.state import FILE, State, StateError
    from tariffwatch.views import json, reminders

    if format not in ("table", "json"):
        raise UsageError(f'--format: "{format}" is not one of table, json')
    try:
        with State.open(state_folder(os.environ), read_only=True, wait=PATIENCE) as state:
            deliveries, health = Outbox(state).log(most), Outbox(state).health()
    except StateError:
        if os.path.exists(state_folder(os.environ) / FILE):
            raise
        raise UsageError("tariffwatch remind has not run yet; there is nothing to list") from None
    if format == "json":
        screen().write(json.dumps(reminders.log_facts(deliveries, health)))
    else:
        screen().show(reminders.log(deliveries, health, own_zone() or NEW_YORK))


def ack(id: ID, deadline: DEADLINE = None) -> None:
    """No more warnings of a date, unless it moves: the dates of an action of which you were warned.

    Examples:

      tariffwatch remind ack ieepa-canada-border

      tariffwatch remind ack ieepa-canada-border pause
    """
    from tariffwatch.remind.outbox import Outbox

    with _followed(id, deadline) as (state, followed):
        acknowledged = [(name, replace(one, told=one.due.passes)) for name, one in followed]
        Outbox(state).settle(acknowledged)
    _say("No more warnings, unless the date moves", followed)


def snooze(
    id: ID,
    deadline: DEADLINE = None,
    span: Annotated[str | None, typer.Option("--for", metavar="SPAN", help="For 2h, 3d, 1w.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Until a day or time.")] = None,
) -> None:
    """Hold warnings of a date back, and warn again when the time is over.

    Example:

      tariffwatch remind snooze ieepa-canada-border --for 3d
    """
    from tariffwatch.cli.times import NEW_YORK, own_zone, parse_instant, parse_span
    from tariffwatch.remind.outbox import Outbox

    instant = now()
    if (span is None) == (until is None):
        raise UsageError("say how long: --for 3d or --until 2026-12-01")
    zone = own_zone() or NEW_YORK
    end = parse_span(span, "--for", instant) if span else parse_instant(until or "", "--until", instant, zone)
    if end <= instant:
        raise UsageError("--until: that is over already")
    with _followed(id, deadline) as (state, followed):
        late = [one for _, one in followed if one.due.passes <= end]
        if late:
            raise UsageError(
                f"{_date(late[0])} would pass unheard; snooze for less, or: tariffwatch remind ack {id}"
            )
        Outbox(state).settle((name, replace(one, snoozed=end)) for name, one in followed)
        state.keep(wake=min(end.isoformat(), state.note("wake") or end.isoformat()))
    _say(f"Held back until {_shown(end)}", followed)


@contextmanager
def _followed(id: str, deadline: str | None) -> Iterator[tuple[State, list[tuple[str, Followed]]]]:
    """The open state, and the coming deadlines of an action that are meant.

    Without a deadline's name: those of which a warning was sent, or else the next one. Raises UsageError
    if none is followed.
    """
    from tariffwatch.remind.outbox import Outbox
    from tariffwatch.remind.state import State

    instant = now()
    with State.open(state_folder(os.environ), wait=PATIENCE) as state:
        coming = [pair for pair in Outbox(state).followed() if pair[1].due.passes > instant]
        own = [pair for pair in coming if pair[1].key.action == id]
        if not own:
            raise UsageError(_nothing(id, coming))
        named = [pair for pair in own if deadline in (None, pair[1].key.id)]
        if not named:
            known = ", ".join(dict.fromkeys(one.key.id for _, one in own))
            raise UsageError(f'{id} has no deadline "{deadline}"; coming are {known}')
        warned = [pair for pair in named if pair[1].told]
        soonest = [pair for pair in named if pair[1].due.at == named[0][1].due.at]
        yield state, named if deadline else warned or soonest


def _nothing(id: str, coming: Iterable[tuple[str, Followed]]) -> str:
    from tariffwatch.ledger.kinds import hint

    followed = list(dict.fromkeys(one.key.action for _, one in coming))
    fix = hint(id, followed, "tariffwatch countdown lists what comes")
    return f'no reminder follows a coming date of "{id}"; {fix}'


def _say(what: str, followed: Iterable[tuple[str, Followed]]) -> None:
    from tariffwatch.cli.terminal import screen
    from tariffwatch.words import clean

    lines = dict.fromkeys(f"  {_date(one)} {clean(one.what)}" for _, one in followed)
    screen().write("\n".join([f"{what}:", *lines]) + "\n")


def _date(followed: Followed) -> str:
    from tariffwatch import words

    return words.instant(followed.due.at, followed.due.zone, followed.due.day_only)


def _shown(instant: datetime) -> str:
    from tariffwatch import words
    from tariffwatch.cli.times import NEW_YORK, own_zone

    return words.instant(instant.replace(second=0, microsecond=0), own_zone() or NEW_YORK)
