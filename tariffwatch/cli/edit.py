"""``tariffwatch edit ID``: the user's own file of an action in their editor, checked before it counts."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli import complete
from tariffwatch.cli.asking import answered, at_terminal
from tariffwatch.cli.drafts import Books, put
from tariffwatch.cli.files import reason
from tariffwatch.cli.places import state_folder
from tariffwatch.cli.present import now
from tariffwatch.cli.record import DATA
from tariffwatch.cli.terminal import Screen, screen
from tariffwatch.cli.times import NEW_YORK, own_zone
from tariffwatch.errors import ExitCode, Problem, UsageError
from tariffwatch.ledger.load import contents, ledger_files, load, real, shown_name
from tariffwatch.ledger.parse import MAX_BYTES
from tariffwatch.ledger.rules import check
from tariffwatch.views.problems import render

EXAMPLE = """
# An event, for example; take the signs # away and put your own facts in:
#
# [[events]]
# id = "our-note"
# kind = "milestone"
# known = {today}        # when the public could know it
# recorded = {today}     # when you wrote it down
# source = "19 U.S.C. 1514"     # an instrument of the action, or a legal citation
# evidence = "text"             # text, corroborated or single
# note = "In one sentence, what happened."
#
# [[conditions]] and [[deadlines]] go the same way; data/README.md of the project lists every key.
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on the table."""

    file: Path
    before: bytes | None
    """What it holds; None if it is not there yet."""
    given: bytes
    """The text to begin with."""
    books: Books

    def check(self, text: bytes) -> list[Problem]:
        """The errors of the text, and what else it brings: warnings, and errors elsewhere."""
        instant, mine = now(), shown_name(self.file)
        old = {(p.code, p.message) for p in check(self.books.ledger, instant)}
        new = check(load(self.books.places, drafts={self.file: text}), instant)
        brought = [p for p in new if not p.warning or p.loc.file == mine]
        return [
            p for p in brought if (p.code, p.message) not in old or (p.loc.file == mine and not p.warning)
        ]


def edit(
    action: Annotated[
        str, typer.Argument(metavar="ID", help="The action, as status lists it.", autocompletion=complete.ids)
    ],
    data: DATA = None,
) -> None:
    """Open your own file of an action in $VISUAL or $EDITOR, and check it before it counts.

    A shipped action is never changed: what you write goes into a file of your own folder that adds to it
    (extends_action), made if there is none. Your folder is --data, or the first that the settings or
    TARIFFWATCH_DATA name, or "ledger" in your data folder. If the text has errors, you go back to the
    editor, or to the text as it was; what you wrote is then kept aside.

    Examples:

      tariffwatch edit us-example

      EDITOR="code --wait" tariffwatch edit us-example --data ledger
    """
    desk, shown, command = _desk(action, Books.read(data)), screen(), _editor(os.environ)
    copy = _copy(desk.file.name, desk.given)
    try:
        _round(desk, copy, command, shown)
    except UsageError as error:
        raise UsageError(f"{error}; nothing was written, and your text is kept in {copy}") from None
    finally:
        if not copy.exists():
            copy.parent.rmdir()


def _round(desk: Desk, copy: Path, command: Sequence[str], shown: Screen) -> None:
    """Edit, check, and ask, until the text counts or is set aside. The copy stays where it does not count."""
    while True:
        text = _open(command, copy)
        if text == desk.given:
            copy.unlink()
            shown.say("Nothing was changed. (An editor that returns at once needs to wait: code --wait)")
            return
        problems = desk.check(text)
        errors = sum(not problem.warning for problem in problems)
        if problems:
            lines = text.decode("utf-8", errors="replace").splitlines()
            shown.say(render(problems, {shown_name(desk.file): lines}).rstrip())
        if not errors:
            put(desk.books.folder, desk.file, desk.before, text)
            copy.unlink()
            shown.say(f"{shown_name(desk.file)} written.")
            return
        count = f"{errors} error{'s' * (errors > 1)}"
        question = f"{count}. Back to the editor? (No keeps the file as it was)"
        if not (at_terminal() and answered(question, default=True)):
            shown.say(f"{shown_name(desk.file)} is as it was ({count}); your text is kept in {copy}")
            raise typer.Exit(ExitCode.PROBLEMS)


def _desk(id: str, books: Books) -> Desk:
    """The user's own file of an action: one that holds it, or adds to it; else a new one that will.

    A file that cannot be read counts by its name. Raises UsageError if there is no such action.
    """
    for problem in books.ledger.problems:
        file = real(Path(problem.loc.file))
        if file.stem == id and books.holds(file):
            return _opened(file, books)
    action = books.action(id)
    file, before, text = books.home(action)
    if before is not None:
        return _opened(file, books)
    if action.loc.file in books.ledger.own:
        other = next(place for place in books.places if action.loc.file in _files(place))
        raise UsageError(f'"{id}" stands in {action.loc.file}; write --data {other} to edit it there')
    today = now().astimezone(own_zone() or NEW_YORK).date()
    return Desk(file, None, text + EXAMPLE.format(today=today).encode(), books)


def _files(place: Path) -> set[str]:
    return {shown_name(file) for file, _ in ledger_files(place)}


def _opened(file: Path, books: Books) -> Desk:
    """A file that is there; raises UsageError for one that cannot be edited whole."""
    try:
        text = contents(file)
    except OSError as error:
        raise UsageError(f"{shown_name(file)} cannot be read: {reason(error)}") from None
    if len(text) > MAX_BYTES:
        raise UsageError(
            f"{shown_name(file)} is larger than {MAX_BYTES:,} bytes; tariffwatch check says more"
        )
    return Desk(file, text, text, books)


def _copy(name: str, content: bytes) -> Path:
    """A file of that name in a folder of its own, where it outlives a crash. Raises UsageError."""
    edits = state_folder(os.environ) / "edits"
    try:
        edits.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(dir=edits)) / name
        copy.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{edits}: {reason(error)}; make room there") from None
    return copy


def _editor(environ: Mapping[str, str]) -> list[str]:
    """The user's editor as a command; raises UsageError if none is named."""
    named = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        command = shlex.split(named, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(f"VISUAL or EDITOR is no command: {named} ({error})") from None
    if not command:
        raise UsageError("which editor? set VISUAL or EDITOR, such as: export EDITOR=nano")
    return command


def _open(command: Sequence[str], file: Path) -> bytes:
    """Let the editor work; what it left in the file. Raises UsageError if it failed.

    Ctrl-C belongs to the editor while it runs.
    """
    try:
        process = subprocess.Popen([*command, str(file)])
    except OSError as error:
        raise UsageError(f"the editor {command[0]}: {reason(error)}") from None
    held = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, held)
    if code:
        raise UsageError(f"the editor {command[0]} ended with {code}")
    try:
        return contents(file)
    except OSError as error:
        raise UsageError(f"the editor {command[0]} left no file: {reason(error)}") from None
