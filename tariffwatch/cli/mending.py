"""``check --fix``: mend what is mechanical in ledger files, shown first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tariffwatch.cli.asking import confirmed
from tariffwatch.cli.drafts import not_own, put
from tariffwatch.cli.places import folders, own_folders, own_settings
from tariffwatch.cli.terminal import Screen
from tariffwatch.cli.times import NEW_YORK, own_zone
from tariffwatch.errors import UsageError
from tariffwatch.ledger.load import Ledger, ledger_files, load, real, shown_name
from tariffwatch.ledger.mend import Mended, Names, mend, named_schema
from tariffwatch.ledger.parse import MAX_BYTES
from tariffwatch.ledger.reference import SCHEMA_FILE, SCHEMA_TITLE
from tariffwatch.views import diff
from tariffwatch.words import clean

LEVELS = 3
"""How many folders up from a file its schema is looked for."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file as it is."""

    root: Path
    """The folder named, in which it stands."""
    file: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class Mending:
    """A file, as it is and as it would be."""

    of: Text
    after: Mended


def mend_files(paths: Sequence[Path], as_of: datetime, screen: Screen, *, dry_run: bool, yes: bool) -> None:
    """Mend the files of the paths, or those of the user's own folders, and never others.

    Shows what would change, and writes it once that was agreed to. Raises UsageError if there is nobody to
    ask, or a file cannot be written.
    """
    settings = own_settings(os.environ)
    whole = folders(None, os.environ, settings)
    named = list(paths) or own_folders(None, os.environ, settings)
    if not named:
        raise UsageError("--fix: which files? name them, or a folder; you have no ledger folder of your own")
    texts = [text for text in _texts(named) if paths or not not_own(real(text.file))]
    found = list(_mendings(texts, [*named, *whole], as_of.astimezone(own_zone() or NEW_YORK).date()))
    for one in found:
        name = shown_name(one.of.file)
        screen.write(diff.render(name, one.of.content, one.after.content))
        screen.say("\n".join(f"{name}: {clean(said)}" for said in one.after.said))
    mends = sum(len(one.after.said) for one in found)
    count = f"{mends} mend{'s' * (mends != 1)} in {len(found)} file{'s' * (len(found) != 1)}"
    if not found:
        screen.say("Nothing to mend.")
    elif dry_run:
        screen.say(f"{count}; nothing was written.")
    elif confirmed(f"Write {count}?", yes=yes, undone="nothing was written"):
        _write(found, whole)
        screen.say(f"{count} written.")
    else:
        screen.say("Nothing was written.")


def _write(found: Sequence[Mending], whole: Sequence[Path]) -> None:
    """Write each file in one step; raises UsageError at the first that cannot be, and counts those before."""
    for number, one in enumerate(found):
        file = real(one.of.file)
        ledger = next((place for place in whole if file.is_relative_to(real(place))), one.of.root)
        try:
            put(ledger, file, one.of.content, one.after.content)
        except UsageError as error:
            told = f"; of {len(found)} files, {number} were written" if len(found) > 1 else ""
            raise UsageError(f"{error}{told}") from None


def _mendings(texts: Sequence[Text], whole: Sequence[Path], today: date) -> Iterator[Mending]:
    """What is to be mended: first what each file shows by itself, then names, in the light of the others."""
    mended = [mend(of.content, of.file.name, today, _schema(of.file, of.content)) for of in texts]
    drafts = {real(of.file): one.content for of, one in zip(texts, mended, strict=True)}
    names = _names(load(whole, drafts=drafts))
    for of, one in zip(texts, mended, strict=True):
        after = one
        if names is not None:
            again = mend(one.content, of.file.name, today, names=names)
            after = Mended(again.content, (*one.said, *again.said))
        if after.content != of.content:
            yield Mending(of, after)


def _texts(paths: Sequence[Path]) -> Iterator[Text]:
    """The files that can be read and stand where they seem to."""
    for path in paths:
        for file, root in ledger_files(path):
            if file.is_file() and real(file).is_relative_to(real(root)):
                try:
                    with file.open("rb") as stream:
                        yield Text(root, file, stream.read(MAX_BYTES + 1))
                except OSError:
                    continue  # check says so


def _names(ledger: Ledger) -> Names | None:
    """What names may mean; None while any file is left out, for then a name may mean what is in it."""
    kept = ("TW105", "TW106", "TW3")  # of these, the file is read
    if any(not problem.code.startswith(kept) for problem in ledger.problems):
        return None
    tables = ("lines", "instruments", "events", "conditions", "deadlines")
    actions = {
        slug: {table: [record.id for record in getattr(action, table)] for table in tables}
        for slug, action in ledger.actions.items()
    }
    return Names(actions, tuple(ledger.instruments))


def _schema(file: Path, text: bytes) -> str | None:
    """The path from a file to the schema in a folder above it; None if it names one, or none is there."""
    named = named_schema(text)
    if named and ("://" in named or (file.parent / named).is_file()):
        return None
    for level, folder in enumerate(file.absolute().parents[:LEVELS]):
        try:
            with (folder / SCHEMA_FILE).open("rb") as stream:
                if SCHEMA_TITLE.encode() in stream.read(MAX_BYTES):
                    return "../" * level + SCHEMA_FILE
        except OSError:
            continue
    return None
