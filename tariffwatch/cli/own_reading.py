"""Files of entries and of shipments whose dates are mixed into those of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from tariffwatch.cli import own_file
from tariffwatch.cli.question import Question
from tariffwatch.entries import own_entries, own_shipments, reading
from tariffwatch.entries.fields import ENTRIES, SHIPMENTS
from tariffwatch.entries.model import Remark
from tariffwatch.errors import Problem, UsageError
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, Loc
from tariffwatch.remind.plan import Goods as Watched
from tariffwatch.settings.model import Files


@dataclass(slots=True)
class Goods:
    """What one file adds, and what was wrong with it."""

    file: str
    actions: Sequence[Action] = ()
    remarks: list[Remark] = field(default_factory=list)
    unread: Sequence[str] = ()
    failure: str | None = None
    """Why nothing of it could be read."""


def read(files: Files, ledger: Ledger, as_of: datetime, knowing: datetime) -> list[Goods]:
    """What files hold, each by itself. What stands in two of them is taken from the first."""
    kinds = (
        (files.entries, partial(_entries, files.entries_map), "entries_map"),
        (files.shipments, partial(_shipments, files.shipments_map), "shipments_map"),
    )
    found: list[Goods] = []
    taken: dict[str, str] = {}
    for names, reader, key in kinds:
        for file in names:
            try:
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
    """What files hold for a reminder; one that cannot be read does not stop the others."""
    actions: list[Action] = []
    problems: list[Problem] = []
    for goods in read(files, ledger, now, now):
        actions += goods.actions
        if goods.failure:
            told = goods.failure.removeprefix(f"{goods.file} ").removeprefix(f"{goods.file}: ")
            problems.append(Problem(Loc(goods.file, 1), "TW701", told, "mend the file"))
        for remark in goods.remarks:
            if remark.bad:
                text = f"left out: {remark.text}"
                problems.append(Problem(Loc(goods.file, remark.row), "TW702", text, "mend the row"))
    return Watched(tuple(actions), tuple(problems))


def _entries(map_file: Path | None, file: str, ledger: Ledger, as_of: datetime, knowing: datetime) -> Goods:
    layout = own_file.layout((), map_file, None, (), ENTRIES)
    with own_file.rows(file, layout.delimiter) as rows:
        read = reading.entries(rows, layout)
    work, actions = ledger.work, ledger.actions
    found = own_entries.of_entries(read.entries, _name(file), actions, work, as_of, knowing)
    return Goods(file, found, read.remarks, read.unread)


def _shipments(map_file: Path | None, file: str, ledger: Ledger, as_of: datetime, knowing: datetime) -> Goods:
    layout = own_file.layout((), map_file, None, (), SHIPMENTS)
    with own_file.rows(file, layout.delimiter) as rows:
        read = reading.shipments(rows, layout)
    found, unread = own_shipments.of_shipments(read.shipments, _name(file), ledger.actions, as_of, knowing)
    remarks = [*read.remarks, *(Remark(shipment.row, reason, bad=True) for shipment, reason in unread)]
    return Goods(file, found, remarks, read.unread)


def _once(goods: Goods, taken: dict[str, str]) -> Goods:
    """Without what another file has already; notes what this one has."""
    kept = []
    for action in goods.actions:
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
