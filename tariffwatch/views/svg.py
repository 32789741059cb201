"""The geometry of strips drawn over time; a template writes it down as SVG.

Along time everything is in per cent of the span, so that one drawing fits every width; down the page it
is in pixels. Whether a text has room is worked out for ``ROOM`` pixels, the narrowest width at which the
page draws a strip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.model import END, Action, Phase, Rate
from tariffwatch.results import Span, State
from tariffwatch.timeline import Strip, at

ROOM = 640
"""Pixels; the page's style sheet holds strips at least as wide."""
CHARACTER = 6.2
"""Pixels that a character takes, on the safe side."""
BAR = 16
"""The height of a band's bars, in pixels."""
LABEL = 13
"""The height of the label above a band."""
GAP = 4

MOST_NAMES = 3
"""How many lines a label names; of more, the first and their number."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A quarter of a year on the calendar."""

    x: str
    name: str
    year: bool
    """The first quarter, which bears the name of the year."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The calendar above the strips."""

    ticks: tuple[Tick, ...]
    now: str | None
    """Where the date asked about lies; None if that is outside."""
    now_anchor: str
    """On which side of the mark its label stands, as SVG calls it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a band: one phase, and the same rates."""

    x: str
    width: str
    phase: Phase
    letter: str
    """The phase's letter; empty where the phase goes on, or has no room for it."""
    rate: str
    """What fits of the rates."""
    text_x: str
    """Where letter and rate stand."""
    told: str
    """All of it in words."""


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of an action that show the same phases over the span, drawn once."""

    y: int
    label: str
    """Empty where the action has one band."""
    bars: tuple[Bar, ...]

    @property
    def told(self) -> str:
        """The band in words."""
        told = "; ".join(bar.told for bar in self.bars)
        return f"{self.label}: {told}" if self.label else told


@dataclass(frozen=True, slots=True)
class Drawing:
    """The strips of one action."""

    height: int
    bands: tuple[Band, ...]

    @property
    def told(self) -> str:
        """The drawing in words, for those who do not see it."""
        return ". ".join(band.told for band in self.bands) or "Nothing in this span"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a band shows on ``[start, end)``."""

    start: datetime
    end: datetime
    phase: Phase
    rates: Mapping[str, Rate]


def years(as_of: datetime, zone: ZoneInfo) -> Span:
    """Three calendar years of a zone: the one before that of ``as_of``, its own, and the next."""
    year = as_of.astimezone(zone).year
    return Span(_new_year(year - 1, zone), _new_year(year + 2, zone))


def place(span: Span, instant: datetime) -> float:
    """Where in a span an instant lies, in per cent; what lies outside is at the nearer end."""
    inside = min(max(instant, span.start), span.end)
    return (inside - span.start) / (span.end - span.start) * 100


def axis(span: Span, as_of: datetime, zone: ZoneInfo) -> Axis:
    """The quarters of the span, and the mark of the date asked about."""
    first = span.start.astimezone(zone).year
    last = span.end.astimezone(zone).year
    ticks = []
    for year in range(first, last):
        for month, name in {1: str(year), 4: "Apr", 7: "Jul", 10: "Oct"}.items():
            begins = datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
            ticks.append(Tick(_per_cent(place(span, begins)), name, month == 1))
    inside = span.start <= as_of < span.end
    at_mark = place(span, as_of)
    return Axis(tuple(ticks), _per_cent(at_mark) if inside else None, "end" if at_mark > 50 else "start")


def draw(action: Action, strips: Mapping[str, Strip], span: Span) -> Drawing:
    """The strips of one action over the span; lines that show the same phases share a band."""
    groups: dict[object, list[str]] = {}
    for line, strip in strips.items():
        groups.setdefault(_phases(strip, span), []).append(line)
    shown = [lines for phases, lines in groups.items() if phases]
    bands: list[Band] = []
    y = 0
    for lines in shown:
        label = _label(lines) if len(groups) > 1 else ""
        y += LABEL if label else 0
        pieces = list(_pieces({line: strips[line] for line in lines}, span))
        bands.append(Band(y, label, tuple(_bars(action, pieces, span))))
        y += BAR + GAP
    return Drawing(max(y, BAR + GAP), tuple(bands))


def _phases(strip: Strip, span: Span) -> tuple[tuple[datetime, Phase], ...]:
    """Which phases a strip shows within the span, and from when; blank where it was not yet public."""
    shown: list[tuple[datetime, Phase]] = []
    for stretch in strip:
        if stretch.phase is None or stretch.start >= span.end or stretch.end <= span.start:
            continue
        if not shown or shown[-1][1] is not stretch.phase:
            shown.append((max(stretch.start, span.start), stretch.phase))
    return tuple(shown)


def _pieces(strips: Mapping[str, Strip], span: Span) -> Iterator[_Piece]:
    """The strips of a band laid together, cut wherever one of them changes.

    The first and the last piece keep their own start and end, also outside the span.
    """
    edges = sorted({stretch.start for strip in strips.values() for stretch in strip} | {END})
    for start, end in pairwise(edges):
        if start >= span.end or end <= span.start:
            continue
        here = {line: at(strip, start) for line, strip in strips.items()}
        if phase := next(iter(here.values())).phase:
            rates = {line: stretch.rate for line, stretch in here.items() if stretch.rate}
            yield _Piece(start, end, phase, rates)


def _bars(action: Action, pieces: Sequence[_Piece], span: Span) -> Iterator[Bar]:
    before: _Piece | None = None
    for piece in pieces:
        left, right = place(span, piece.start), place(span, piece.end)
        room = int((right - left) / 100 * ROOM / CHARACTER)
        goes_on = before is not None and before.phase is piece.phase
        letter = "" if goes_on or room < 1 else words.LETTERS[piece.phase]
        rate = _rate(piece.rates, room - (2 if letter else 0))
        text_x = _per_cent(left + min((right - left) / 2, 0.4))
        yield Bar(
            _per_cent(left), _per_cent(right - left), piece.phase, letter, rate, text_x, _told(action, piece)
        )
        before = piece


def _rate(rates: Mapping[str, Rate], room: int) -> str:
    """As much of the rates as so many characters hold: all, or the first one with a mark for others."""
    whole = words.rates(rates)
    if not rates or len(whole) <= room:
        return whole
    first = next(iter(rates.values())).text
    short = first if first == whole else f"{first} +"
    return short if len(short) <= room else ""


def _told(action: Action, piece: _Piece) -> str:
    """``suspended at 25%: 2025-02-03 to 2025-03-04 00:01 EST``."""
    state = words.state(State(piece.phase, piece.rates), action)
    begins = words.boundary(piece.start, action.zone)
    ends = "on" if piece.end == END else f"to {words.boundary(piece.end, action.zone)}"
    return f"{state}: from {begins} {ends}"


def _label(lines: Sequence[str]) -> str:
    if len(lines) <= MOST_NAMES:
        return ", ".join(lines)
    return f"{lines[0]} and {len(lines) - 1} more"


def _new_year(year: int, zone: ZoneInfo) -> datetime:
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)


def _per_cent(value: float) -> str:
    """``12.34%``: a hundredth of a per cent is a tenth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
