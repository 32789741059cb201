"""The program: its commands, and how a run ends."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from tariffwatch.errors import ExitCode, TariffwatchError, UsageError

if TYPE_CHECKING:
    import typer

COMMANDS = (
    *("status", "countdown", "show", "cite", "timeline", "conditions", "changes", "drift"),
    *("clock", "entries", "shipments", "export", "remind", "check", "doctor"),
    *("add", "record", "edit", "update"),
)
"""Each is a module of its name in this package, which holds a function of its name, or a group."""


def program(arguments: Sequence[str]) -> typer.Typer:
    """The program with the command that is asked for, or none; for help and slips of the pen, with all.

    Only what is needed is imported: cron runs a command every five minutes.
    """
    import typer

    app = typer.Typer(
        name="tariffwatch",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    asked = arguments[0] if arguments and arguments[0] in COMMANDS else None
    for name in (asked,) if asked else COMMANDS if arguments else ():
        command = getattr(import_module(f"tariffwatch.cli.{name}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    if asked:
        app.callback()(lambda: None)
    else:
        from tariffwatch.cli.overview import overview

        app.callback(invoke_without_command=True)(overview)
    return app


def _typed(environ: Mapping[str, str]) -> list[str]:
    """The words typed so far, when a shell asks how to go on: bash hands them so, zsh and fish so.

    After the program's name alone, the word that comes next is there, though it is still empty.
    """
    typed = (environ.get("COMP_WORDS") or environ.get("_TYPER_COMPLETE_ARGS") or "").split()
    return typed[1:] or [""] * len(typed)


def _stands_somewhere() -> None:
    """Raise UsageError if the working folder was removed: no file could be named from it."""
    try:
        os.getcwd()
    except OSError:
        raise UsageError("the folder in which you are is gone: change to another one, with cd") from None


def run() -> None:
    """Run the program with this process's arguments, and leave with its exit code."""
    gc.set_threshold(1_000_000)  # a ledger has no cycles: to look for them at every 700th record is time lost
    if getattr(sys, "stdout", None) is None:
        print("tariffwatch: standard output is closed; give it a terminal, a pipe or a file", file=sys.stderr)
        sys.exit(ExitCode.USAGE)
    try:
        _stands_somewhere()
        if sys.argv[1:] == ["--version"]:
            from tariffwatch.cli.version import told

            print(told(os.environ))
            return
        program(_typed(os.environ) or sys.argv[1:])()
    except TariffwatchError as error:
        from tariffwatch.cli.terminal import screen

        screen().say(f"tariffwatch: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (``| head``): not an error, but Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        why = (error.strerror or str(error)).lower()
        print(f"tariffwatch: standard output cannot be written: {why}; make room there", file=sys.stderr)
        sys.exit(ExitCode.USAGE)
