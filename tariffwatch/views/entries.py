"""The page of one's own entries: what ends next, what ends in which week, what later events touched."""

from __future__ import annotations

from collections.abc import Sequence

from tariffwatch import words
from tariffwatch.entries.fields import Column as FileColumn
from tariffwatch.entries.model import ZONE, money
from tariffwatch.entries.reading import ReadEntries
from tariffwatch.entries.refunds import Stage
from tariffwatch.entries.review import Reach, Review, Reviewed, Week
from tariffwatch.entries.running import Running, Side
from tariffwatch.entries.touched import Touch
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.report import DIM, WARN, When

NO_ADVICE = (
    "No legal advice. The dates follow from your file and from the rules named; nothing was asked of CBP. "
    "The entry date stands for the time of entry: warehouse, foreign-trade zone and quota goods have another."
)
STAKE = (
    "Duty is what the file says was paid on headings of chapter 99: no claim, no refund, no interest. "
    "Ordinary duty, valuation and exclusions are not known here."
)


MOST = 60
"""As many rows as a page shows of a table; files have them all."""


def columns(of: Sequence[FileColumn]) -> Document:
    """The columns of a file."""
    table = Table(
        (
            Column("Column"),
            Column("Needed"),
            Column("What it holds"),
            Column("Example", under=True, label="such as"),
        ),
        [
            [
                Cell(one.name, "bold"),
                Cell("yes" if one.needed else ""),
                Cell(one.meaning),
                Cell(one.example, DIM),
            ]
            for one in of
        ],
    )
    text = 'Names may differ in case and blanks; for others write --map "Entry No=entry_number".'
    return [table, Paragraph(text, DIM)]


def entries(
    found: Review, read: ReadEntries, when: When, *, narrowed: bool = False, most: int = MOST
) -> Document:
    """Entries with what ends next; ``narrowed`` lists the clocks asked for instead, one a row.

    No more than ``most`` are listed.
    """
    document: list[Block] = [Paragraph(f"{when.heading()}: {_counted(found, read)}.", "bold")]
    if narrowed:
        document += _clocks(found.running, when, most)
    else:
        document += _open(found, when, most)
    document += _unlisted(found, narrowed)
    if found.weeks:
        document += [Heading("By week, your own time"), _weeks(found.weeks)]
        document.append(
            Paragraph("Each entry once a week; the same duty may hang on clocks of several weeks.", DIM)
        )
    if found.reaches and not narrowed:
        document += [Heading("Later events that touched what was paid"), _reaches(found.reaches)]
        document.append(
            Paragraph('"May" is for goods that are in that line, or that the event is about.', DIM)
        )
    if found.unknown:
        headings = ", ".join(f"{heading} ({money(duty)})" for heading, duty in found.unknown.items())
        document.append(
            Paragraph(
                f"In no line of the ledger for goods of their origin, so not compared: {headings}.", WARN
            )
        )
    if found.unchecked:
        text = f"Refund programme: by {found.unchecked.id} as checked through {found.unchecked.verified}."
        document.append(Paragraph(text, WARN))
    listed = found.running if narrowed else [running for one in found.entries for running in one.running]
    if any(running.estimate for running in listed):
        text = (
            '"~": an estimate; it rests on a day that is not known yet. "tariffwatch clock" lists the clocks.'
        )
        document.append(Paragraph(text, DIM))
    return [*document, Paragraph(STAKE, DIM), Paragraph(NO_ADVICE, DIM)]


def ends(running: Running) -> str:
    """The day through which it runs, with a mark for an estimate."""
    said = words.instant(running.due.at, running.due.zone, running.due.day_only)
    return f"~{said}" if running.estimate else said


def _counted(found: Review, read: ReadEntries) -> str:
    bad = len({remark.row for remark in read.remarks if remark.bad}) + read.more_bad
    left_out = f", {_some(bad, 'row', 'rows')} left out" if bad else ""
    entries, rows = _some(found.count, "entry", "entries"), _some(read.rows, "row", "rows")
    return f"{entries} in {rows}{left_out}, {money(found.paid)} paid"


def _some(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _unlisted(found: Review, narrowed: bool) -> list[Block]:
    """How many are counted, but not listed."""
    if found.whole is None:
        return []
    more = found.whole.running - len(found.running) if narrowed else found.whole.entries - len(found.entries)
    if not more:
        return []
    what = "" if narrowed else " entries"
    text = f"... and {more:,} more{what}: --most N lists the N worst, --format csv has every clock"
    return [Paragraph(text, DIM)]


def _open(found: Review, when: When, most: int) -> list[Block]:
    live = [one for one in found.entries if one.first]
    over = [one for one in found.entries if not one.first]
    blocks: list[Block] = []
    if live:
        blocks += _entries(live, when, most)
    if over:
        blocks += [Heading("Nothing of your own time is left"), *_entries(over, when, most)]
    return blocks


def _entries(reviewed: Sequence[Reviewed], when: When, most: int) -> list[Block]:
    columns = (
        Column("In"),
        Column("By", under=True),
        Column("Entry"),
        Column("Duty", under=True),
        Column("What ends"),
        Column("From", under=True, label="from:"),
        Column("Then", under=True, label="then:"),
        Column("CBP's", under=True, label="CBP's:"),
        Column("Touched by"),
        Column("Refund", under=True, label="CAPE:"),
        Column("Look at", under=True, label="look:"),
    )
    table = Table(columns, [_entry(one, when) for one in reviewed[:most]])
    if len(reviewed) <= most:
        return [table]
    text = f"... and {len(reviewed) - most:,} more entries: --format csv or json has them all"
    return [table, Paragraph(text, DIM)]


def _entry(of: Reviewed, when: When) -> list[Cell]:
    first = of.first
    own = [running for running in of.running if running.side is Side.YOURS and running is not first]
    theirs = [running for running in of.running if running.side is Side.CBP]
    return [
        Cell(words.time_left(first.due, when.as_of) if first else "", _urgency(first, when)),
        Cell(ends(first) if first else ""),
        Cell(of.entry.number, "bold"),
        Cell(money(of.entry.paid)),
        Cell(first.worked.clock.title if first else _last(of)),
        Cell(first.trigger if first else f"entered {of.entry.entered}", DIM),
        Cell(_listed(own)),
        Cell(_listed(theirs), DIM),
        Cell(_touched(of)),
        Cell(_refund(of), DIM),
        Cell("; ".join(of.notes), WARN),
    ]


def _refund(of: Reviewed) -> str:
    """How the entry stands in the refund programme, in a word or two: ``closed since 2026-03-05``."""
    standing = of.refund
    if standing is None:
        return ""
    match standing.stage:
        case Stage.OPEN if standing.limit and not standing.limit.estimate:
            return f"open through {ends(standing.limit)}"
        case Stage.CLOSED if standing.limit:
            return f"closed since {ends(standing.limit)}"
        case Stage.OPEN | Stage.CLOSED:
            return standing.stage.value
        case _:
            return standing.text


def _urgency(running: Running | None, when: When) -> str:
    return "bold red" if running and (running.due.at - when.as_of).days < 7 else "bold"


def _listed(running: Sequence[Running]) -> str:
    """``cit-1581i-2y 2027-02-04, drawback-5y ~2030-02-04``."""
    return ", ".join(f"{one.name} {ends(one)}" for one in running)


def _last(of: Reviewed) -> str:
    """What ended last, where nothing is left."""
    if not of.ended:
        return "No clock runs"
    return f"{of.ended[0].worked.clock.title}: ended on {ends(of.ended[0])}"


def _touched(of: Reviewed) -> str:
    """``invalidation: judgment (2026-02-20); may: farm-carve-out (exclusion)``."""
    return "; ".join(dict.fromkeys(_touch(touch) for touch in of.touches))


def _touch(of: Touch) -> str:
    if not of.certain:
        return f"may: {of.event.id} ({of.reach.value})"
    known = words.instant(of.event.known.at, of.action.zone, day_only=True)
    return f"{of.reach.value}: {of.event.id} ({known})"


def _clocks(running: Sequence[Running], when: When, most: int) -> list[Block]:
    columns = (
        Column("In"),
        Column("By", under=True),
        Column("Entry"),
        Column("Duty", under=True),
        Column("What ends"),
        Column("From", under=True, label="from:"),
        Column("Whose", under=True),
        Column("Law"),
        Column("Rests on", under=True),
    )
    if not running:
        return [Paragraph("No such clock runs.")]
    table = Table(columns, [_clock(one, when) for one in running[:most]])
    if len(running) <= most:
        return [table]
    text = f"... and {len(running) - most:,} more: --format csv or json has them all"
    return [table, Paragraph(text, DIM)]


def _clock(of: Running, when: When) -> list[Cell]:
    clock = of.worked.clock
    rolled = f"rolls to {of.worked.rolled} by practice: {clock.authority}" if _practice(of) else ""
    return [
        Cell(words.time_left(of.due, when.as_of), _urgency(of, when)),
        Cell(ends(of)),
        Cell(of.entry.number, "bold"),
        Cell(money(of.stake)),
        Cell(clock.title),
        Cell(of.trigger),
        Cell("CBP's" if of.side is Side.CBP else "yours", DIM),
        Cell(clock.cite),
        Cell(" ".join(filter(None, (*of.notes, rolled))), DIM),
    ]


def _practice(of: Running) -> bool:
    return of.worked.rolled is not None and of.due.at.astimezone(ZONE).date() < of.worked.rolled


def _weeks(weeks: Sequence[Week]) -> Table:
    columns = (Column("Week of"), Column("Entries"), Column("Duty"), Column("What ends"))
    return Table(
        columns,
        [
            [
                Cell(week.monday.isoformat(), "bold"),
                Cell(f"{week.entries:,}"),
                Cell(money(week.duty)),
                Cell(
                    ", ".join(
                        f"{name} {count:,} ({money(duty)})" for name, (count, duty) in week.clocks.items()
                    )
                ),
            ]
            for week in weeks
        ],
    )


def _reaches(reaches: Sequence[Reach]) -> Table:
    columns = (
        Column("Event"),
        Column("Action", under=True, slugs=True),
        Column("How", under=True),
        Column("Entries"),
        Column("Duty", under=True),
        Column("What it says"),
        Column("Source", under=True, label="source:"),
    )
    return Table(columns, [_reach(one) for one in reaches])


def _reach(of: Reach) -> list[Cell]:
    touch, event = of.touch, of.touch.event
    known = words.instant(event.known.at, touch.action.zone, day_only=True)
    how = touch.reach.value if touch.certain else f"{touch.reach.value}, may"
    return [
        Cell(f"{event.id}, {known}", "bold"),
        Cell(touch.action.id if len(of.touches) == 1 else f"{len(of.touches)} actions", DIM),
        Cell(how, "" if touch.certain else WARN),
        Cell(f"{of.entries:,}"),
        Cell(money(of.duty)),
        Cell(event.note or ""),
        Cell(words.sourced(event.source, event.evidence), DIM, cites=touch.action.id),
    ]
