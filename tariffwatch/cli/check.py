"""``tariffwatch check [PATH...]``."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli.mending import mend_files
from tariffwatch.cli.places import folders, ledger_in_use, own_settings
from tariffwatch.cli.present import now
from tariffwatch.cli.question import dates
from tariffwatch.cli.terminal import screen
from tariffwatch.errors import ExitCode, Problem, UsageError
from tariffwatch.ledger.load import Ledger, contents, ledger_files, load, shown_name
from tariffwatch.ledger.rules import check as check_ledger
from tariffwatch.ledger.rules import resting_on_one
from tariffwatch.views.problems import render, render_single
from tariffwatch.words import many


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
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Mend what is mechanical: in the PATHs, or in your own ledger folders."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: show the mends, write none.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --fix: write without asking.")] = False,
) -> None:
    """Check ledger files: every problem with its file and line, why, and the mend.

    Exits with 1 if there is an error; warnings alone do not fail.

    With --fix, what has exactly one right answer is mended first: a missing "recorded", events out of the
    order in which they became known, former or misspelt zones, keys and words with a single slip, dates in
    quotes, the schema line. Everything else in the file stays as it is. The mends are shown, and written
    when you say yes.

    Examples:

      tariffwatch check

      tariffwatch check --evidence

      tariffwatch check data/us/us-example.toml --as-of 2025-02-10

      tariffwatch check --fix ledger/us-example.toml
    """
    shown = screen()
    if not fix and (dry_run or yes):
        raise UsageError(f"{'--dry-run' if dry_run else '--yes'} belongs to --fix; add --fix")
    asked = dates(now(), as_of, None, None)
    if fix:
        if evidence:
            raise UsageError("--evidence lists and --fix writes; give one of the two")
        mend_files(paths or [], asked.as_of, shown, dry_run=dry_run, yes=yes)
    ledger, problems = _checked(paths or [], asked.as_of)
    if evidence:
        shown.write(render_single(resting_on_one(ledger)))
        return
    lines = {problem.loc.file: _lines(problem.loc.file) for problem in problems}
    shown.write(render(problems, lines))
    errors = sum(not problem.warning for problem in problems)
    actions, warnings = many(len(ledger.actions), "action"), many(len(problems) - errors, "warning")
    shown.say(f"{actions} checked: {many(errors, 'error')}, {warnings}")
    if errors:
        raise typer.Exit(ExitCode.PROBLEMS)


def _checked(paths: list[Path], as_of: datetime) -> tuple[Ledger, list[Problem]]:
    """The ledger of the paths, and what is wrong in it.

    Where a file adds to an action that is in none of them, they are checked beside the whole ledger.
    """
    if not paths:
        ledger = load(folders(None, os.environ, own_settings(os.environ)))
        return ledger, check_ledger(ledger, as_of)
    ledger = load(paths, law=ledger_in_use(os.environ))
    if not any(problem.code == "TW301" for problem in ledger.problems):
        return ledger, check_ledger(ledger, as_of)
    whole = load([*folders(None, os.environ, own_settings(os.environ)), *paths])
    files = {shown_name(file) for path in paths for file, _ in ledger_files(path)}
    return ledger, [problem for problem in check_ledger(whole, as_of) if problem.loc.file in files]


def _lines(file: str) -> list[str]:
    if not Path(file).is_file():  # a pipe would never end
        return []
    try:
        return contents(Path(file)).decode("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
