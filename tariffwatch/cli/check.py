"""``tariffwatch check [PATH...]``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli.places import folders, own_settings
from tariffwatch.cli.present import now
from tariffwatch.cli.question import dates
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import ExitCode
from tariffwatch.ledger.load import load
from tariffwatch.ledger.rules import check as check_ledger
from tariffwatch.ledger.rules import resting_on_one
from tariffwatch.views.problems import render, render_single


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Ledger folders or files; without any, the whole ledger."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day on which to ask what is stale."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="List instead the facts that rest on a single account.")
    ] = False,
) -> None:
    """Check ledger files: every problem with its file and line, why, and the mend.

    Exits with 1 if there is an error; warnings alone do not fail.

    Examples:

      tariffwatch check

      tariffwatch check --evidence

      tariffwatch check data/us/us-example.toml --as-of 2025-02-10
    """
    shown = screen()
    ledger = load(paths or folders(None, os.environ, own_settings(os.environ)))
    if evidence:
        shown.write(render_single(resting_on_one(ledger)))
        return
    problems = check_ledger(ledger, dates(now(), as_of, None, None).as_of)
    lines = {problem.loc.file: _lines(problem.loc.file) for problem in problems}
    shown.write(render(problems, lines))
    errors = sum(not problem.warning for problem in problems)
    shown.say(f"{len(ledger.actions)} actions checked: {errors} errors, {len(problems) - errors} warnings")
    if errors:
        raise typer.Exit(ExitCode.PROBLEMS)


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
