"""What every readable page is made of: headings, paragraphs and tables, without a way of drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tariffwatch.results import Span
from tariffwatch.timeline import Stretch


class Cell(NamedTuple):
    """A piece of text with the style that a terminal may give it."""

    text: str
    style: str = ""
    cites: str = ""
    """The slug of the action whose sources the text names; a view that can turns them into links."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; on a narrow terminal an ``under`` column is stacked below the one before it."""

    name: str
    under: bool = False
    label: str = ""
    """What a stacked cell is introduced with: ``since``."""
    slugs: bool = False
    """Its cells are ids, which may be broken at a hyphen, and nowhere else."""
    spare: bool = False
    """Left out where the terminal is narrow: what it says stands elsewhere too."""
    piped: bool = False
    """Left out on every terminal: it makes sense of a line that ``grep`` has torn from its page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a plain view keeps it on one line."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address; never broken over lines by the program, so that it can be followed and copied."""

    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; a plain view writes one line per row."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Key:
    """What signs mean, each in its style: one after the other, wrapped."""

    signs: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Chart:
    """Strips over one span of time, as wide as there is room: :mod:`tariffwatch.views.chart` draws it."""

    span: Span
    mark: datetime
    """The instant asked about."""
    marked: str
    """What stands beside it: ``as of 2025-02-10``."""
    zone: ZoneInfo
    """On whose calendar the months stand."""
    strips: Sequence[tuple[str, Sequence[Stretch]]]
    """Each with its label; a label may be broken at a hyphen."""


Block = Heading | Paragraph | Link | Table | Key | Chart
Document = Sequence[Block]
