"""The program: its commands, and how a run ends."""

from __future__ import annotations

import os
import sys

import typer

from tariffwatch.cli.check import check
from tariffwatch.cli.clock import clock
from tariffwatch.cli.countdown import countdown
from tariffwatch.cli.overview import overview
from tariffwatch.cli.show import show
from tariffwatch.cli.status import status
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import TariffwatchError

app = typer.Typer(
    name="tariffwatch",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback(invoke_without_command=True)(overview)
for command in (status, countdown, show, clock, check):
    app.command()(command)


def run() -> None:
    """Run the program with this process's arguments, and leave with its exit code."""
    try:
        app()
    except TariffwatchError as error:
        screen().say(f"tariffwatch: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (``| head``): not an error, but Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
