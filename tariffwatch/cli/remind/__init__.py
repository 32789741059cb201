"""``tariffwatch remind``: the run that cron makes, and what a person needs to live with it."""

from __future__ import annotations

import typer

from tariffwatch.cli.remind.manage import ack, init, log, send_test, snooze
from tariffwatch.cli.remind.run import run
from tariffwatch.cli.remind.schedule import schedule

remind = typer.Typer(rich_markup_mode=None)
remind.callback(invoke_without_command=True)(run)
for command in (init, log, ack, snooze, schedule):
    remind.command()(command)
remind.command("test")(send_test)
