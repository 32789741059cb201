"""Ledgers taken beside the shipped one, each in a folder of its own, and which of them is in use.

The file ``current`` alone says which. It is replaced in one step, after the folder that it names is on the
disk: whatever is killed at whatever instant, what is in use is whole. The former ledger is kept.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tariffwatch import __version__
from tariffwatch.cli.files import BESIDE, reason, swap
from tariffwatch.cli.lock import FILE as LOCK
from tariffwatch.cli.lock import locked
from tariffwatch.errors import LedgerError, UsageError
from tariffwatch.ledger.load import contents, ledger_files
from tariffwatch.stamps import below

if TYPE_CHECKING:
    from tariffwatch.ledger.incoming import Files
    from tariffwatch.views.ledgers import Named

POINTER = "current"
STAGE = f"{BESIDE}incoming-"
"""Begins the names of folders that are being written."""
FORMAT = 1
PATIENCE = 1.0
"""Seconds to wait for another update: one that asks its user may take long."""

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}|undated)-[0-9a-f]{12}")
_ID = re.compile(rb"^id *=", re.MULTILINE)
_DATE = re.compile(rb"^(?:recorded|verified) *= *(\d{4}-\d{2}-\d{2})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """A ledger that was taken."""

    folder: str
    """The name of its folder."""
    source: str
    """The folder or file from which it came."""
    on: str
    """When, in ISO form, UTC."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which ledger is chosen, and which was before; None is the shipped one."""

    chosen: Taken | None = None
    former: Taken | None = None
    beside: str = ""
    """A stamp of the shipped ledger beside which the choice was made."""


class Store:
    """The folder in which ledgers are kept. Every path that it gives is absolute."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def pointer(self) -> Path:
        """The file that says which ledger is chosen; it changes whenever another is."""
        return self.folder / POINTER

    def choice(self) -> Choice:
        """What was chosen last. Raises LedgerError if that can no longer be read."""
        if not os.path.exists(self.pointer):
            return Choice()
        try:
            told = json.loads(self.pointer.read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise ValueError
            found = Choice(_taken(told["chosen"]), _taken(told["former"]), str(told["beside"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise self._broken("cannot be understood") from None
        return found

    def in_use(self, shipped: Path) -> Path:
        """The folder of the ledger in use. Raises LedgerError if the choice cannot be read.

        It is the chosen one, unless the program has brought a newer one since: a program that is installed
        anew must not go on with what it replaces.
        """
        found = self.choice()
        if found.chosen is None:
            return shipped
        folder = self.place(found.chosen)
        if not folder.is_dir():
            raise self._broken("names a ledger that is not there")
        overtaken = found.beside != stamp(shipped) and _later(dated(shipped), dated(folder))
        return shipped if overtaken else folder

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the store for a change; what a change that was broken off left is swept away, now and after.

        Raises UsageError if another change is at work, or the folder cannot be written.
        """
        with ExitStack() as held:
            with _writing(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(locked(self.folder, PATIENCE))
            self._sweep()
            held.callback(self._sweep)
            yield

    def stage(self, files: Files) -> Path:
        """Write a ledger into a folder that counts for nothing yet. Raises UsageError."""
        with _writing(self.folder):
            stage = Path(tempfile.mkdtemp(dir=self.folder, prefix=STAGE))
            for name, content in files.items():
                place = stage.joinpath(*name.split("/"))
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("xb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
            for folder in {stage.joinpath(*name.split("/")).parent for name in files} | {stage}:
                _sync(folder)
            return stage

    def choose(self, stage: Path, source: str, on: datetime, shipped: Path) -> Choice:
        """Use a staged ledger from now on, and keep the one in use as the former. Raises UsageError."""
        name = f"{dated(stage) or 'undated'}-{os.urandom(6).hex()}"
        with _writing(self.folder):
            os.rename(stage, self.folder / name)
            _sync(self.folder)
        before = self.choice().chosen if self.in_use(shipped) != shipped else None
        return self._point(Choice(Taken(name, source, on.isoformat()), before, stamp(shipped)))

    def go_back(self, shipped: Path) -> Choice:
        """Use the former ledger again; the one in use becomes the former. Raises UsageError."""
        found = self.choice()
        if found == Choice():
            raise UsageError("no ledger was taken yet: the one in use came with the program")
        if found.former and not self.place(found.former).is_dir():
            raise UsageError(f"the former ledger is not there any more: {self.place(found.former)}")
        return self._point(Choice(found.former, found.chosen, stamp(shipped)))

    def place(self, taken: Taken) -> Path:
        """The folder of a ledger that was taken."""
        return self.folder / taken.folder

    def named(self, folder: Path) -> Named:
        """A ledger by its folder, as people are told of it."""
        from tariffwatch.views.ledgers import Named

        choice = self.choice()
        day, actions = surveyed(folder)
        for one in (choice.chosen, choice.former):
            if one and self.place(one) == folder:
                return Named(str(folder), day, one.source, one.on, actions)
        return Named(str(folder), day, actions=actions)

    def _point(self, choice: Choice) -> Choice:
        """Write the choice in one step. Raises UsageError."""
        told = {"format": FORMAT, **asdict(choice)}
        with _writing(self.folder):
            swap(self.pointer, f"{json.dumps(told, indent=1)}\n".encode())
            _sync(self.folder)
        return choice

    def _sweep(self) -> None:
        """Take away what is neither in use nor the former: only what this program has put there."""
        with suppress(LedgerError, OSError):
            found = self.choice()
            kept = {one.folder for one in (found.chosen, found.former) if one}
            for entry in list(os.scandir(self.folder)):
                if entry.is_file(follow_symlinks=False):
                    if entry.name.startswith(BESIDE) and entry.name != LOCK:
                        os.unlink(entry.path)
                elif entry.name not in kept and (entry.name.startswith(STAGE) or _NAME.fullmatch(entry.name)):
                    shutil.rmtree(entry.path, ignore_errors=True)

    def _broken(self, what: str) -> LedgerError:
        return LedgerError(
            f"{self.pointer} {what}; delete that file to use the ledger that came with the program, and take "
            "the newer one again"
        )


def dated(folder: Path) -> date | None:
    """The day of a ledger: the last on which a fact was recorded, or an action checked; None without any."""
    return surveyed(folder)[0]


def surveyed(folder: Path) -> tuple[date | None, int]:
    """The day of a ledger, and how many actions it holds: files with an ``id`` before their first table.

    Nothing is parsed: ``--version`` must be quick.
    """
    days: set[bytes] = set()
    actions = 0
    for file, _ in ledger_files(folder):
        if file.is_file():
            content = b"\n" + contents(file)
            days.update(_DATE.findall(content))
            actions += bool(_ID.search(content.partition(b"\n[")[0]))
    for day in sorted(days, reverse=True):
        with suppress(ValueError):
            return date.fromisoformat(day.decode()), actions
    return None, actions


def stamp(folder: Path) -> str:
    """Another text whenever the program or a file of its ledger is another."""
    changed = [stamp.changed for stamp in below(folder)]
    return f"{__version__} {len(changed)} {max(changed, default=0)}"


def _later(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one > other)


def _taken(told: Mapping[str, str] | None) -> Taken | None:
    """Raises ValueError, KeyError or TypeError for what the program would not have written."""
    if told is None:
        return None
    if not _NAME.fullmatch(told["folder"]):
        raise ValueError("no name of a folder here")
    return Taken(told["folder"], str(told["source"]), str(told["on"]))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What goes wrong with the disk, as one sentence."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {reason(error)}; nothing was changed") from None


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk; some systems cannot open a folder, and need not."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
