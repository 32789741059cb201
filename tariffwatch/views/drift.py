"""The page of drift: how often, and how far, announced dates moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tariffwatch import words
from tariffwatch.drift import Drift, Move, together
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.report import DIM, When

COUNTED = (
    "Counted are the deadlines that were told before their day came: turning points and stated dates. A move "
    "puts one on another day: so many calendar days later (+) or earlier (-). An order that moves a date of "
    "many actions moves one of each. Dropped is what was taken back before its day came and does not stand "
    "again; what was settled before its day is not."
)

COLUMNS = (
    Column("By"),
    Column("Authority"),
    Column("Deadlines"),
    Column("Moved"),
    Column("Times"),
    Column("Dropped"),
    Column("Median"),
    Column("Longest"),
)
LONGEST = (
    Column("By"),
    Column("Authority", piped=True),
    Column("Days"),
    Column("Action", slugs=True),
    Column("What moved"),
    Column("From"),
    Column("To"),
)


def drift(rows: Sequence[Drift], when: When) -> Document:
    """A row for each government and authority of which any date moved or was dropped; the others together."""
    if not rows:
        return [Paragraph(f"{when.heading()}: no deadline matches.")]
    total = together(rows)
    cells = [_row(row, name) for _, group in groupby(rows, _government) for row, name in _part(list(group))]
    if len({row.government for row in rows}) > 1:
        cells.append(_row(total, "", government="all"))
    counted = Paragraph(f"{when.heading()}: {_counted(total)}.", "bold")
    document: list[Block] = [counted, Paragraph(COUNTED, DIM), Table(COLUMNS, cells)]
    longest = [_longest(row, move) for row in rows if (move := row.longest)]
    if longest:
        document += [Heading("The longest move under each law"), Table(LONGEST, longest)]
    return document


def _government(row: Drift) -> str:
    return row.government or ""


def _part(rows: Sequence[Drift]) -> list[tuple[Drift, str]]:
    """The rows of one government with their names; those of which no date moved in one, then their sum."""
    drifted = [row for row in rows if row.moved or row.dropped]
    kept = [row for row in rows if row not in drifted]
    named = [(row, row.authority or "") for row in drifted]
    government = rows[0].government
    if len(kept) == 1:
        named.append((kept[0], kept[0].authority or ""))
    elif kept:
        named.append((together(kept, government), f"{len(kept)} laws, no date moved"))
    if len(named) > 1:
        named.append((together(rows, government), "all laws"))
    return named


def _row(of: Drift, name: str, government: str | None = None) -> list[Cell]:
    longest = of.longest
    whole = name in ("", "all laws")
    return [
        Cell(government or of.government or "", "bold"),
        Cell(name, "bold" if whole else ""),
        Cell(str(len(of.paths))),
        Cell(str(of.moved)),
        Cell(str(len(of.moves))),
        Cell(str(of.dropped)),
        Cell("" if of.median is None else f"{of.median:+g}"),
        Cell(f"{longest.days:+}" if longest else "", "bold"),
    ]


def _longest(of: Drift, move: Move) -> list[Cell]:
    """The longest move under one law: by days, for days are counted."""
    zone = move.after.action.zone
    days = (words.instant(side.at, zone, day_only=True) for side in (move.before, move.after))
    return [
        Cell(of.government or ""),
        Cell(of.authority or ""),
        Cell(f"{move.days:+}", "bold"),
        Cell(move.after.action.id),
        Cell(move.after.kind.words),
        *(Cell(day) for day in days),
    ]


def _counted(of: Drift) -> str:
    """The whole in a sentence."""
    said = f"{words.many(len(of.paths), 'deadline')}, {of.moved} moved, "
    said += f"{words.many(len(of.moves), 'time')} in all, {of.dropped} dropped"
    if of.longest is None or of.median is None:
        return said
    return f"{said}; the median move is {of.median:+g} days, the longest {of.longest.days:+}"
