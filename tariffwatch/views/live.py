"""The countdown that ticks: a screen of any size, out of deadlines, an instant and how one looks at them.

Pure. What is drawn is worked out from the instant alone, never from the screen before, so that it is
right after a clock change, and after the machine has slept. A page is longer than the screen: it is
scrolled by lines, from the beginning of one deadline to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tariffwatch import words
from tariffwatch.results import Deadline
from tariffwatch.views.chart import Row, Spell
from tariffwatch.views.document import Cell
from tariffwatch.views.fit import beside, cells, cropped, wrapped
from tariffwatch.views.keys import BACKSPACE, CLEAR, ENTER, ESCAPE, PAGE_DOWN
from tariffwatch.views.plain import to_ascii
from tariffwatch.views.report import DIM, WARN, When, countdown_row
from tariffwatch.views.scroll import BEGINNING, MOVES, Place, Scroll

STAYS = timedelta(minutes=1)
"""How long a deadline is still shown after it has passed."""

URGENCY = (
    (timedelta(days=1), "!!!", "bold red"),
    (timedelta(days=7), "!!", "red"),
    (timedelta(days=30), "!", "yellow"),
)
"""The sign, and the colour, of what is due within so long."""
PASSED = ("***", "reverse")

NARROW, WIDE = 64, 110
"""Below the one, all stands in one column; from the other on, there is room for long cells."""
FOOTED = 3
"""From so many lines on, the last one tells the keys."""
LONGEST = 100
"""The most characters of a filter."""

HELP = (
    ("q, Ctrl-C", "Quit."),
    ("/", "Filter as you type: each word must be in what is told of a deadline."),
    ("", "Enter keeps the filter, Esc drops it."),
    ("Up, Down", "One deadline up or down."),
    ("PgUp, PgDn", "A screen up or down, also with the space bar; Home and End."),
    ("?", "This help; any other key closes it."),
    ("", ""),
    ("!!! !! !", "Due within a day, a week, 30 days. *** has passed, and goes after a minute."),
    ("Left", "Hours, minutes and seconds as they elapse. A source that gives the day alone has none."),
    ("Days", "Counted on the calendar of the zone in which the law is."),
    ("Ledger", "Read again when its files change."),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How one looks at the list."""

    sought: str = ""
    """The filter: words that must all be there."""
    typing: bool = False
    """Keys go into the filter."""
    top: Place = BEGINNING
    """What of the list is at the top of the screen."""
    help: Place | None = None
    """What of the help is; None while the list is shown."""
    done: bool = False
    """Nothing more is to be seen."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A screen: its rows, and what is needed to move on from it."""

    rows: list[Row]
    scroll: Scroll
    """Over the list, or the help."""


def frame(
    coming: Sequence[Deadline],
    when: When,
    look: Look,
    width: int,
    height: int,
    *,
    asked: str = "",
    trouble: str = "",
    spell: Spell = words.clean,
) -> Frame:
    """The screen at an instant: as many rows as it is high, none wider than it is.

    ``coming`` may hold deadlines that have just passed. ``asked`` tells the options of the question,
    ``trouble`` what is wrong with the ledger.
    """
    width, height = max(1, width), max(1, height)
    shown = [deadline for deadline in coming if matches(deadline, look.sought, when)]
    head = wrapped(spell(_counted(shown, coming, when, look, asked)), width, "bold")
    names = _names(width) if look.help is None and shown else []
    warnings = wrapped(spell(trouble), width, WARN) if trouble else []
    body = _help(width) if look.help is not None else _list(shown, when, width, spell)
    above, below, room = _around(head, names, warnings, height)
    scroll = Scroll(tuple(map(len, body)), room)
    top = scroll.line(_place(look))
    visible = [line for part in body for line in part][top : top + room]
    visible += [[] for _ in range(room - len(visible))]
    foot = [_foot(look, scroll, width, spell)] if height >= FOOTED else []
    rows = [*above, *visible, *below, *foot]
    return Frame([cropped(row, width) for row in rows], scroll)


def matches(deadline: Deadline, sought: str, when: When) -> bool:
    """Whether each word sought is in what is told of a deadline, with or without capitals and accents."""
    if not (wanted := sought.casefold().split()):
        return True
    action = deadline.action
    told = [cell.text for cell in countdown_row(deadline, when)[1:]]
    told += [action.imposed_by, *action.on, action.authority, deadline.id]
    text = " ".join(told)
    found = f"{text} {to_ascii(text)}".casefold()
    return all(word in found for word in wanted)


def pressed(look: Look, key: str, of: Frame) -> Look:
    """How one looks after a key, at a frame."""
    if key in MOVES:
        return _moved(look, of.scroll.moved(_place(look), key))
    if look.help is not None:
        return replace(look, help=None)
    if look.typing:
        return _typed(look, key)
    match key:
        case "q" | "Q":
            return replace(look, done=True)
        case "/":
            return replace(look, typing=True)
        case "?":
            return replace(look, help=BEGINNING)
        case " ":
            return _moved(look, of.scroll.moved(look.top, PAGE_DOWN))
        case _ if key == ESCAPE:
            return replace(look, sought="", top=BEGINNING)
    return look


def _typed(look: Look, key: str) -> Look:
    if key == ENTER:
        return replace(look, typing=False, sought=look.sought.strip())
    if key == ESCAPE:
        return replace(look, typing=False, sought="", top=BEGINNING)
    if key == BACKSPACE:
        return replace(look, sought=look.sought[:-1], top=BEGINNING)
    if key == CLEAR:
        return replace(look, sought="", top=BEGINNING)
    if len(key) == 1 and key.isprintable():
        return replace(look, sought=(look.sought + key)[:LONGEST], top=BEGINNING)
    return look


def _moved(look: Look, place: Place) -> Look:
    return replace(look, top=place) if look.help is None else replace(look, help=place)


def _place(look: Look) -> Place:
    return look.top if look.help is None else look.help


def _around(
    head: list[Row], names: list[Row], warnings: list[Row], height: int
) -> tuple[list[Row], list[Row], int]:
    """What stands above and below the list, as far as there is room, and the lines left for the list."""
    room = height - (height >= FOOTED)
    above: list[Row] = []
    below: list[Row] = []
    for part, place, needed in ((head, above, 2), (warnings, below, 3), (names, above, 4)):
        if room - len(part) >= needed:
            place += part
            room -= len(part)
    return above, below, room


def _counted(
    shown: Sequence[Deadline], coming: Sequence[Deadline], when: When, look: Look, asked: str
) -> str:
    """``Sun 2026-11-22 12:00:00 EST: 3 of 12 deadlines with "steel" (--on CA)``."""
    said = words.clock(when.as_of, when.zone)
    if (
        when.yours
        and when.as_of.astimezone(when.yours).utcoffset() != when.as_of.astimezone(when.zone).utcoffset()
    ):
        said += f" ({words.clock(when.as_of, when.yours)})"
    counted = f"{len(coming)} deadline{'s' * (len(coming) != 1)}"
    if look.sought.strip():
        counted = f'{len(shown)} of {counted} with "{look.sought.strip()}"'
    return f"{said}: {counted}" + (f" ({asked})" if asked else "")


def _foot(look: Look, scroll: Scroll, width: int, spell: Spell) -> Row:
    """The filter as it is typed; else the keys, and which of the deadlines are on the screen."""
    if look.typing:
        said = spell(f"/{look.sought}_")
        while cells(said) > width and len(said) > 1:
            said = said[1:]
        return [Cell(said, "bold")]
    first, last = scroll.parts(_place(look))
    seen = "" if scroll.seen or look.help else f"{first}-{last} of {len(scroll.heights)}"
    keys = "q quit  / filter  Up Down PgUp PgDn scroll  ? help"
    keys = keys if len(keys) + len(seen) + 2 <= width else "q quit  / filter  ? help"
    seen = f"{seen:>{width - len(keys)}}" if seen and len(keys) + len(seen) + 2 <= width else ""
    return [Cell(f"{keys}{seen}"[:width], DIM)]


def _names(width: int) -> list[Row]:
    """The heads of the columns, placed as :func:`_placed` places these."""
    if width < NARROW:
        return []
    heads = [Cell("Left", DIM)], [Cell("When", DIM)], [Cell("What changes, if nobody acts", DIM)]
    return beside(_placed([Cell(" ")], *heads, width), width)[:1]


def _placed(
    sign: list[Cell], left: list[Cell], at: list[Cell], told: list[Cell], width: int
) -> list[tuple[int, list[Cell]]]:
    """What is told of a deadline in columns, each with its width: side by side as far as there is room."""
    if width >= WIDE:
        return [(3, sign), (28, left), (26, at), (width - 3 - 28 - 26 - 5, told)]
    if width >= NARROW:
        return [(3, sign), (27, [*left, *at]), (width - 3 - 27 - 3, told)]
    return [(3, sign), (max(1, width - 4), [*left, *at, *told])]


def _list(shown: Sequence[Deadline], when: When, width: int, spell: Spell) -> list[list[Row]]:
    """The lines of each deadline."""
    if not shown:
        return [wrapped("No deadline matches.", width, "")]
    return [_lines(deadline, when, width, spell) for deadline in shown]


def _lines(deadline: Deadline, when: When, width: int, spell: Spell) -> list[Row]:
    row = [cell._replace(text=spell(cell.text)) for cell in countdown_row(deadline, when)]
    _, at, yours, title, id, changes, decides, source = row
    sign, style = _urgency(deadline, when.as_of)
    clock, days = words.ticking(deadline.due, when.as_of), words.days_left(deadline.due, when.as_of)
    last_day = deadline.due.passes - when.as_of < timedelta(days=1)
    left = [Cell(clock, style), Cell("" if clock and last_day else days, style)]
    told = [
        title._replace(style="bold"),
        changes,
        Cell(f"decides: {decides.text}" if decides.text else "", DIM),
        Cell(f"{id.text}: {source.text}" if source.text else id.text, DIM),
    ]
    return beside(_placed([Cell(sign, style)], left, [at, yours], told, width), width)


def _urgency(deadline: Deadline, as_of: datetime) -> tuple[str, str]:
    """The sign and the style of a deadline; days and hours stand beside them in words."""
    if deadline.due.passes <= as_of:
        return PASSED
    left = deadline.at - as_of
    return next(((sign, style) for within, sign, style in URGENCY if left < within), ("", ""))


def _help(width: int) -> list[list[Row]]:
    room = max(1, width - 14)
    return [beside([(12, [Cell(key, "bold")]), (room, [Cell(told)])], width) for key, told in HELP]
