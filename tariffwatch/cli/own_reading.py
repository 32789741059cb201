"""Files of entries and of shipments whose dates are mixed into those of the ledger."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tariffwatch.cli import own_file
from tariffwatch.cli.question import Question
from tariffwatch.entries import own_entries, own_shipments, reading
from tariffwatch.entries.fields import ENTRIES, SHIPMENTS
from tariffwatch.entries.model import Remark
from tariffwatch.entries.own import SHIPMENT
from tariffwatch.errors import Problem, UsageError
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Loc
from tariffwatch.remind.plan import Goods as Watched
from tariffwatch.settings.model import Files

SETTLED = timedelta(minutes=1)
"""After as long without a change, a file counts as written."""


@dataclass(slots=True)
class Goods:
    """What one file adds, and what was wrong with it."""

    file: str
    actions: Sequence[Action] = ()
    remarks: list[Remark] = field(default_factory=list)
    unread: Sequence[str] = ()
    failure: str | None = None
    """Why nothing of it could be read."""


def read(
    files: Files, ledger: Ledger, as_of: datetime, knowing: datetime, *, pipes: bool = True
) -> list[Goods]:
    """What files hold, each by itself. An entry that stands in two of them is taken from the first.

    Without ``pipes``, only what can be read again is opened: nobody may be there to write into a pipe.
    """
    kinds = (
        (files.entries, partial(_entries, files.entries_map), "entries_map"),
        (files.shipments, partial(_shipments, files.shipments_map), "shipments_map"),
    )
    found: list[Goods] = []
    taken: dict[str, str] = {}
    for names, reader, key in kinds:
        for file in names:
            try:
                if not pipes and os.path.exists(file) and not os.path.isfile(file):
                    raise UsageError(f"{file} is no file that stays")
                goods = reader(file, ledger, as_of, knowing)
            except UsageError as error:
                goods = Goods(file, failure=_failure(file, str(error), key))
            found.append(_once(goods, taken))
    return found


def mixed(question: Question, files: Files) -> tuple[Question, int]:
    """The question, asked of the ledger together with files; tells what was left out, and how many rows.

    Raises UsageError for a file that cannot be read.
    """
    ledger, when, bad = question.ledger, question.when, 0
    actions = dict(ledger.actions)
    for goods in read(files, ledger, when.as_of, when.knowing):
        if goods.failure:
            raise UsageError(goods.failure)
        bad += own_file.tell(goods.remarks, goods.unread, question.screen, goods.file)
        actions |= {action.id: action for action in goods.actions}
    return replace(question, ledger=replace(ledger, actions=actions)), bad


def watched(files: Files, ledger: Ledger, now: datetime) -> Watched:
    """What files hold for a reminder; one that cannot be read does not stop the others.

    Half a file looks like a whole one with fewer entries: while one is being written, none is read.
    """
    if any(map(partial(_written_lately, now), files.places)):
        return Watched(again=now + SETTLED)
    actions: list[Action] = []
    problems: list[Problem] = []
    for goods in read(files, ledger, now, now, pipes=False):
        actions += goods.actions
        if goods.failure:
            told = goods.failure.removeprefix(f"{goods.file} ").removeprefix(f"{goods.file}: ")
            problems.append(Problem(Loc(goods.file, 1), "TW701", told, "mend the file"))
        for remark in goods.remarks:
            if remark.bad:
                text = f"left out: {remark.text}"
                problems.append(Problem(Loc(goods.file, remark.row), "TW702", text, "mend the row"))
    return Watched(tuple(actions), tuple(problems))


def _written_lately(now: datetime, place: Path) -> bool:
    try:
        return timedelta() <= now - datetime.fromtimestamp(place.stat().st_mtime, UTC) < SETTLED
    except OSError:
        return False


def _entries(map_file: Path | None, file: str, ledger: Ledger, as_of: datetime, knowing: datetime) -> Goods:
    layout = own_file.layout((), map_file, None, (), ENTRIES)
    with own_file.rows(file, layout.delimiter, layout.dates) as rows:
        read = reading.entries(rows, layout)
    work, actions = ledger.work, ledger.actions
    found = own_entries.of_entries(read.entries, _name(file), actions, work, as_of, knowing)
    return Goods(file, found, read.remarks, read.unread)


def _shipments(map_file: Path | None, file: str, ledger: Ledger, as_of: datetime, knowing: datetime) -> Goods:
    layout = own_file.layout((), map_file, None, (), SHIPMENTS)
    with own_file.rows(file, layout.delimiter, layout.dates) as rows:
        read = reading.shipments(rows, layout)
    found, unread = own_shipments.of_shipments(read.shipments, _name(file), ledger.actions, as_of, knowing)
    remarks = [*read.remarks, *(Remark(shipment.row, reason, bad=True) for shipment, reason in unread)]
    return Goods(file, found, remarks, read.unread)


def _once(goods: Goods, taken: dict[str, str]) -> Goods:
    """Without entries that another file has already; shipments of one name are told apart by a number."""
    kept = []
    for action in goods.actions:
        number, id = 1, action.id
        while id.startswith(SHIPMENT) and id in taken:
            number += 1
            id = f"{action.id}-{number}"
        action = replace(action, id=id)
        if (there := taken.setdefault(action.id, goods.file)) == goods.file:
            kept.append(action)
        else:
            text = f"{action.title} stands in {there} too, and is taken from there"
            goods.remarks.append(Remark(action.loc.line, text, bad=True))
    return replace(goods, actions=kept)


def _name(file: str) -> str:
    """How dates name their file."""
    return "stdin" if file == "-" else Path(file).name


def _failure(file: str, error: str, key: str) -> str:
    """Why a file cannot be read; columns are named in a mapping file here."""
    told = error if file in error else f"{file}: {error}"
    option = f"--{key.replace('_', '-')}"
    return f"{told}; here both stand in the file that {key} or {option} names" if "--map " in told else told
