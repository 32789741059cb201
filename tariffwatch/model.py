"""The frozen types and the vocabulary of the ledger. Imports nothing of the project.

Four dates are never mixed up:

* ``known``: when the public could know a fact;
* ``effective``: when it bites, for goods entered for consumption, or withdrawn from warehouse for
  consumption, on or after that instant;
* ``until``: the first instant at which it no longer holds (stretches are half-open);
* ``recorded``: the day it entered this ledger.

Every instant inside the program is an aware datetime in UTC, so that comparing and subtracting two
of them is exact across a clock change. Zones return only in the views.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before every event: the left end of a strip."""
END = datetime.max.replace(tzinfo=UTC)
"""After every event: the right end of a strip, "until further notice"."""


class Phase(StrEnum):
    """What a line of an action is doing at an instant, in the order in which phases are shown."""

    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    SCHEDULED = "scheduled"
    THREATENED = "threatened"
    OPEN = "open"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    INVALIDATED = "invalidated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """The place in the display order, 0 first."""
        return _RANK[self]

    @property
    def words(self) -> str:
        """The phase as prose: ``in force``."""
        return self.value.replace("-", " ")


_RANK = {phase: rank for rank, phase in enumerate(Phase)}

LIVE = frozenset({Phase.IN_FORCE, Phase.SUSPENDED})
"""Phases of a measure that has legal effect, or would have but for a suspension."""
PENDING = frozenset({Phase.SCHEDULED, Phase.THREATENED, Phase.OPEN})
"""Phases of a measure that has no effect yet."""
ENDED = frozenset(Phase) - LIVE - PENDING
"""Phases from which nothing more happens by itself."""


class EventKind(StrEnum):
    """What an event does to the strip: see the table in :mod:`tariffwatch.timeline`."""

    THREATENED = "threatened"
    ORDERED = "ordered"
    MODIFIED = "modified"
    SUSPENDED = "suspended"
    EXTENDED = "extended"
    POSTPONED = "postponed"
    RESUMED = "resumed"
    TERMINATED = "terminated"
    INVALIDATED = "invalidated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    CLOSED = "closed"
    ASSESSED = "assessed"
    MILESTONE = "milestone"


TOLD_ONLY = frozenset({EventKind.ASSESSED, EventKind.MILESTONE})
"""Events that paint nothing, and so move no date."""


class DeadlineKind(StrEnum):
    """What falls due. The first six are turning points, read off the strips; the rest are stated."""

    TAKES_EFFECT = "takes-effect"
    PAUSE_BEGINS = "pause-begins"
    PAUSE_ENDS = "pause-ends"
    RATE_CHANGES = "rate-changes"
    EXPIRES = "expires"
    ENDS = "ends"
    COMMENT_CLOSES = "comment-closes"
    HEARING = "hearing"
    FILING_DUE = "filing-due"
    REPORT_DUE = "report-due"
    DETERMINATION_DUE = "determination-due"
    WINDOW_OPENS = "window-opens"
    WINDOW_CLOSES = "window-closes"
    REVIEW = "review"
    MEETING = "meeting"
    CLAIM_BY = "claim-by"

    @property
    def words(self) -> str:
        """The kind as prose: ``pause ends``."""
        return self.value.replace("-", " ")


TURNING_KINDS = frozenset(list(DeadlineKind)[:6])


class Finding(StrEnum):
    """How a condition stands. ("Finding" is the law's word; what ``check`` reports is a problem.)"""

    MET = "met"
    PROGRESS = "progress"
    UNMET = "unmet"
    BREACHED = "breached"
    WAIVED = "waived"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What a fact rests on."""

    TEXT = "text"
    """The instrument itself was read."""
    CORROBORATED = "corroborated"
    """Two independent secondary sources."""
    SINGLE = "single"
    """One secondary source."""


class Basis(StrEnum):
    """Where a condition stands: in the law's own test, or only in what politicians said."""

    LEGAL = "legal"
    PLEDGE = "pledge"


@dataclass(frozen=True, slots=True)
class Loc:
    """Where a record stands: the file as given, and its line (1 is the first)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in the ledger: an instant in UTC, and whether the text gave only a day.

    A bare day means 00:00 in the action's zone, and is shown as a date.
    """

    at: datetime
    day_only: bool = False


RATE_PATTERN = (
    r"exempt"
    r"|\d{1,4}(\.\d{1,4})?%( floor)?"
    r"|([A-Z]{3} |[A-Z]{0,3}[$€£¥])\d[\d,]*(\.\d+)? per [A-Za-z][A-Za-z0-9 /-]*"
)
"""How a rate is spelled, for every reader of ledger files."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of duty, in the ledger's own spelling.

    ``"25%"`` is ad valorem and additional to the ordinary duty; ``"15% floor"`` is a total that
    includes the ordinary duty; ``"$100 per item"`` is a specific duty; ``"exempt"`` is none by rule.
    """

    text: str
    percent: Decimal | None = None
    floor: bool = False

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read a rate; raises ValueError that says what is allowed."""
        if not re.fullmatch(RATE_PATTERN, text):
            raise ValueError(
                f'"{text}" is not a rate; allowed are "25%", "0%", "15% floor", "$100 per item" and "exempt"'
            )
        percent, sign, rest = text.partition("%")
        return cls(text, Decimal(percent) if sign else None, bool(rest))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A legal document, or a report of one, that other records cite."""

    id: str
    title: str
    kind: str | None = None
    """Order, proclamation, notice, guidance, judgment, statute, post or report (a secondary source)."""
    signed: date | None = None
    published: date | None = None
    cite: str | None = None
    """The official citation: ``90 FR 9113``."""
    doc: str | None = None
    """The Federal Register document number, or another register's."""
    url: str | None = None
    archive: str | None = None
    """A lasting copy of the page behind ``url``."""
    affects: tuple[str, ...] = ()
    """Slugs of all actions that this instrument changed; each must have an event that cites it."""
    note: str | None = None
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of an action that carries its own rate."""

    id: str
    label: str
    headings: tuple[str, ...] = ()
    """Tariff headings, as the schedule prints them: ``9903.01.10``."""
    note: str | None = None
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """An in-transit clause: goods are spared when loaded before one instant and entered before another."""

    loaded_before: Moment
    entered_before: Moment | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated fact that paints the strip, sets a finding, or is only told."""

    id: str
    kind: EventKind
    known: Moment
    recorded: date | None = None
    effective: Moment | None = None
    until: Moment | None = None
    lines: tuple[str, ...] = ()
    """The lines it touches; empty means those in ``rates``, and without those every line."""
    rate: Rate | None = None
    rates: Mapping[str, Rate]
    extends: str | None = None
    postpones: str | None = None
    condition: str | None = None
    finding: Finding | None = None
    by: str | None = None
    """The slug of the action that supersedes this one."""
    transit: Transit | None = None
    source: str | None = None
    evidence: Evidence | None = None
    disputed: str | None = None
    note: str | None = None
    loc: Loc

    def rate_of(self, line: str) -> Rate | None:
        """The rate that this event gives a line, if it gives one."""
        return self.rates.get(line, self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something on which an action hangs."""

    id: str
    party: str
    text: str
    basis: Basis = Basis.LEGAL
    known: Moment | None = None
    """When the condition became public; without it, when the event or deadline it bears on did."""
    decided_by: str | None = None
    if_met: str | None = None
    if_unmet: str | None = None
    bears_on: str | None = None
    """The id of the event or deadline that hangs on it."""
    source: str | None = None
    evidence: Evidence | None = None
    disputed: str | None = None
    note: str | None = None
    loc: Loc


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline that follows from a legal clock: which clock, and what starts it."""

    clock: str
    start: str | date
    """The id of an event, or a day."""
    of: str = "effective"
    """Which date of the event counts: ``effective``, or ``known`` where it has no such date."""
    part: str | None = None
    """A further date of the clock, such as the opening of its window, instead of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDeadline:
    """A date that paints nothing but has to be kept: a comment period, a hearing, a report."""

    id: str
    kind: DeadlineKind
    at: Moment
    """When; worked out from the rule where the file states none."""
    rule: Rule | None = None
    text: str | None = None
    known: Moment | None = None
    """When the deadline became public; without it, when the action did."""
    replaces: str | None = None
    """The id of the deadline that this one moves, from ``known`` on."""
    settled_by: str | None = None
    """The event that met, cancelled or overtook it: from its ``known`` on nothing is due any more."""
    estimate: bool = False
    """It rests on a day that is not known yet; only dates of one's own entries do."""
    recorded: date | None = None
    source: str | None = None
    evidence: Evidence | None = None
    disputed: str | None = None
    note: str | None = None
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One tariff measure by one government."""

    id: str
    title: str
    imposed_by: str
    on: tuple[str, ...]
    authority: str
    zone: ZoneInfo
    verified: date | None = None
    """The day through which the action was checked against its sources."""
    summary: str | None = None
    disputed: str | None = None
    note: str | None = None
    lines: tuple[Line, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    events: tuple[Event, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deadlines: tuple[StatedDeadline, ...] = ()
    loc: Loc

    @property
    def line_ids(self) -> tuple[str, ...]:
        """The ids of the lines, in the order of the file."""
        return tuple(line.id for line in self.lines)

    def event(self, id: str | None) -> Event | None:
        """The event of that id, or None."""
        return next((event for event in self.events if event.id == id), None)


Fact = Event | Condition | StatedDeadline
"""What needs a source."""


def record_word(record: object) -> str:
    """What people call a record: ``event``, ``condition``, ``deadline``."""
    return {"StatedDeadline": "deadline"}.get(type(record).__name__, type(record).__name__.lower())


def citations(source: str) -> tuple[tuple[str, str], ...]:
    """Split a ``source`` into its references: (first word, the rest) of each part between semicolons.

    The first word is an instrument's id, and the rest its section; or the two together are a legal
    citation (``19 U.S.C. 1862(b)(3)(A)``).
    """
    parts = (part.strip() for part in source.split(";"))
    return tuple((part.split(" ")[0], part.partition(" ")[2].strip()) for part in parts if part)
