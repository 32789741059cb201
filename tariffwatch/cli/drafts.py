"""One entry in the user's own ledger: composed, checked together with the whole ledger, shown, written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tariffwatch import prospect
from tariffwatch.cli.files import reason, swap
from tariffwatch.cli.lock import locked
from tariffwatch.cli.places import cache_folder, folders, ledger_in_use, own_folder, own_settings
from tariffwatch.cli.question import known_id
from tariffwatch.cli.terminal import Screen
from tariffwatch.errors import Problem, UsageError
from tariffwatch.ledger.append import new_overlay
from tariffwatch.ledger.kinds import NEW_YORK
from tariffwatch.ledger.load import Ledger, contents, load, real, shipped, shown_name
from tariffwatch.ledger.rules import check
from tariffwatch.model import Action, Event, Loc, StatedDeadline
from tariffwatch.views import written
from tariffwatch.views.problems import render
from tariffwatch.words import clean


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it will be."""

    action: str
    file: Path
    """Its resolved path."""
    before: bytes | None
    """What it holds; None if it is not there."""
    after: bytes

    @property
    def added(self) -> str:
        """The lines that are added."""
        return self.after[len(self.before or b"") :].decode("utf-8-sig").replace("\r\n", "\n").lstrip("\n")

    def holds_new(self, loc: Loc) -> bool:
        """Whether a place is among the lines that are added."""
        height = len((self.before or b"").decode("utf-8-sig").splitlines())
        return loc.file == shown_name(self.file) and loc.line > height


@dataclass(frozen=True, slots=True)
class Books:
    """The whole ledger, and the user's own folder, the only one that is written to."""

    folder: Path
    places: Sequence[Path]
    ledger: Ledger

    @classmethod
    def read(cls, data: Path | None) -> Books:
        """Read the ledger; raises UsageError for a folder that cannot be the user's own."""
        settings = own_settings(os.environ)
        folder = own_folder(data, os.environ, settings)
        if os.path.exists(folder) and not os.path.isdir(folder):
            raise UsageError(f"{folder} is a file; name the folder of your ledger with --data")
        if not_own(real(folder)):
            raise UsageError(
                f"{folder} belongs to the ledger that ships with tariffwatch, where the next version would "
                "overwrite what you add; name a folder of your own with --data"
            )
        named = folders([data] if data else None, os.environ, settings)
        places = [place for place in named if place != folder or os.path.isdir(place)]
        return cls(folder, places, load(places, cache_folder(os.environ)))

    def file(self, name: str) -> Path:
        """The resolved path of a file of the folder; raises UsageError for one that leads out of it."""
        return self._inside(self.folder / f"{name}.toml")

    def action(self, id: str) -> Action:
        """An action by its id; raises UsageError, which shows what is wrong with a file of that name."""
        if id not in self.ledger.actions:
            refuse([p for p in self.ledger.problems if Path(p.loc.file).stem == id])
        return self.ledger.actions[known_id(self.ledger, id)]

    def home(self, action: Action) -> tuple[Path, bytes | None, bytes]:
        """Where to add to an action: the file, what it holds, and the text to which a table is added.

        Its own file if that stands in the folder; else a file that extends it, which may be new.
        """
        own = real(Path(action.loc.file))
        if self.holds(own):
            return own, (text := contents(own)), text
        for overlay in self.ledger.overlays:
            file = real(Path(overlay.loc.file))
            fits = overlay.extends_action == action.id and (overlay.zone or NEW_YORK) == action.zone
            if fits and self.holds(file):
                return file, (text := contents(file)), text
        return self._free(action.id), None, new_overlay(action.id, action.zone.key).encode()

    def holds(self, file: Path) -> bool:
        """Whether a resolved path is that of a file which may be written to."""
        inside = file.is_relative_to(real(self.folder))
        return inside and not not_own(file)

    def _free(self, slug: str) -> Path:
        """A name for a new file that extends an action."""
        number, name = 1, slug
        while os.path.lexists(place := self.folder / f"{name}.toml"):
            refuse([p for p in self.ledger.problems if p.loc.file == shown_name(place)])
            number += 1
            name = f"{slug}-{number}"
        return self.file(name)

    def _inside(self, place: Path) -> Path:
        file = real(place)
        if not file.is_relative_to(real(self.folder)):
            raise UsageError(f"{place} is a link that leads out of the ledger folder; remove it")
        return file


@dataclass(frozen=True, slots=True)
class Checked:
    """What the ledger says of a draft."""

    action: Action
    new: Sequence[written.Record]
    """The records that the draft adds to it."""
    warnings: Sequence[Problem]
    """What is worth a look in them."""


def enter(
    compose: Callable[[Books], Draft], data: Path | None, now: datetime, screen: Screen, *, dry_run: bool
) -> None:
    """Compose a draft, check it, say what was understood, and write it unless it is a dry run.

    Raises UsageError, with the file as it was, for what the ledger does not allow or the disk does not take.
    """

    def tried() -> tuple[Books, Draft, Checked]:
        books = Books.read(data)
        draft = compose(books)
        return books, draft, _check(books, draft, now)

    folder = own_folder(data, os.environ, own_settings(os.environ))
    while True:
        seen = _state(folder)
        try:
            books, draft, checked = tried()
            break
        except UsageError:
            if _state(folder) == seen:  # else what was read before and after another's writing disagrees
                raise
    screen.say(written.understood(checked.action.id, checked.new, checked.action.zone))
    for warning in checked.warnings:
        screen.say(f"warning: {_sentence(warning)}")
    if dry_run:
        screen.put(f"# {clean(shown_name(draft.file))}\n{draft.added}".encode())
        return
    try:
        books.folder.mkdir(parents=True, exist_ok=True)
        with locked(books.folder):
            if _state(folder) != seen:
                _, draft, checked = tried()
            _replace(draft.file, draft.after)
    except OSError as error:
        raise _unwritten(draft.file, error) from None
    place = checked.new[0].loc if checked.new else shown_name(draft.file)
    screen.write(f"{place}\n{written.stands(prospect.status(checked.action, now, now))}\n")


def _refuse_twice(action: Action, new: Sequence[written.Record]) -> None:
    """Raise UsageError for a record that says what another says: a command was given twice."""
    dated = [record for record in _records(action) if isinstance(record, Event | StatedDeadline)]
    for record in (record for record in new if record in dated):
        for other in dated:
            if other.loc != record.loc and _told(other) == _told(record):
                raise UsageError(
                    f'this is recorded already, as "{other.id}" in {other.loc}; nothing was written '
                    "(give it a --note of its own if it is another)"
                )


def _told(record: Event | StatedDeadline) -> object:
    """A record without its name, its place and the day of writing."""
    return replace(record, id="", recorded=None, loc=Loc("", 0))


def refuse(problems: Sequence[Problem], lines: dict[str, list[str]] | None = None) -> None:
    """Raise UsageError that shows every problem, if there is any."""
    if problems:
        raise UsageError(f"nothing was written\n{render(problems, lines).rstrip()}")


def _refuse_new(problems: Sequence[Problem]) -> None:
    """Raise UsageError that tells problems of lines which nobody has seen in a file yet, if there is any."""
    if problems:
        raise UsageError("nothing was written: " + "\n".join(map(_sentence, problems)))


def _sentence(problem: Problem) -> str:
    return f"{problem.message}; {problem.fix}"


def _records(action: Action) -> list[written.Record]:
    return [*action.lines, *action.instruments, *action.conditions, *action.events, *action.deadlines]


def _check(books: Books, draft: Draft, now: datetime) -> Checked:
    """Check the ledger with the draft; raises UsageError that shows every error which the draft brings."""
    ledger = load(books.places, cache_folder(os.environ), drafts={draft.file: draft.after})
    name, lines = shown_name(draft.file), draft.after.decode("utf-8-sig").splitlines()
    problems = check(ledger, now)
    if any(not problem.warning for problem in problems):
        before = {_key(problem) for problem in check(books.ledger, now)}
        problems = [problem for problem in problems if _key(problem) not in before]
        errors = [problem for problem in problems if not problem.warning]
        _refuse_new([error for error in errors if draft.holds_new(error.loc)])
        refuse([error for error in errors if error.loc.file == name] or errors, {name: lines})
    action = ledger.actions[draft.action]
    new = [record for record in _records(action) if draft.holds_new(record.loc)]
    _refuse_twice(action, new)
    return Checked(action, new, [problem for problem in problems if draft.holds_new(problem.loc)])


def _key(problem: Problem) -> tuple[object, ...]:
    """What makes a problem the same as before; the mend may name what is new."""
    return problem.loc, problem.code, problem.message


def put(folder: Path, file: Path, before: bytes | None, after: bytes) -> None:
    """Put a text in the place of the one that a file of a ledger folder held, None for a file that is new.

    Raises UsageError, with the file as it was, if it holds another meanwhile, or cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if _held(file) != before:
                raise UsageError(f"{shown_name(file)} was changed by another program meanwhile")
            _replace(file, after)
    except OSError as error:
        raise _unwritten(file, error) from None


def _replace(file: Path, after: bytes) -> None:
    if file.exists() and not os.access(file, os.W_OK):
        raise PermissionError
    swap(file, after)


def _unwritten(file: Path, error: OSError) -> UsageError:
    return UsageError(f"{shown_name(file)} cannot be written: {reason(error)}; nothing was written")


def not_own(file: Path) -> bool:
    """Whether a resolved path belongs to the ledger that ships with the program, or to the one in use."""
    ledgers = (shipped(), ledger_in_use(os.environ))
    return any(file.is_relative_to(real(ledger)) for ledger in ledgers)


def _state(folder: Path) -> set[tuple[Path, int, int, int]]:
    """The files of a ledger folder as they are now: each writing puts another file in the place of one."""
    found = set()
    for file in folder.rglob("*.toml") if os.path.isdir(folder) else ():
        with suppress(OSError):
            now = file.stat()
            found.add((file, now.st_ino, now.st_mtime_ns, now.st_size))
    return found


def _held(file: Path) -> bytes | None:
    return contents(file) if os.path.lexists(file) else None
