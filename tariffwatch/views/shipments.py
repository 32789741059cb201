"""The page of goods on their way: what changes for them and when, and what a delay means."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tariffwatch import words
from tariffwatch.entries.model import ZONE, Stamp, money
from tariffwatch.entries.reading import ReadShipments
from tariffwatch.entries.shipments import Boundary, Clause, Delay, Measure, Outlook
from tariffwatch.views.document import Block, Cell, Column, Document, Paragraph, Table
from tariffwatch.views.report import DIM, WARN, When

RESTS = (
    "No legal advice, and not the duty to be paid: it is the value in your file times the ledger's "
    "additional rate. Ordinary duty, exclusions, valuation and which duty displaces another are not known "
    "here. Duty depends on the time of entry: a day alone stands for 18:00 where the measure is law."
)
COLUMNS = (
    Column("In"),
    Column("Boundary", under=True),
    Column("Shipment"),
    Column("Origin", under=True, label="origin"),
    Column("Entry expected", under=True, label="entry"),
    Column("What changes"),
    Column("Duty before and after", under=True, label="duty:"),
    Column("Falls"),
    Column("If later", under=True, label="later:"),
    Column("In transit"),
    Column("Look at", under=True, label="look:"),
)


def shipments(found: Sequence[Outlook], read: ReadShipments, when: When) -> Document:
    """Each shipment with its next boundary, soonest first."""
    bad = len({remark.row for remark in read.remarks if remark.bad})
    left_out = f", {bad} row{'s' * (bad != 1)} left out" if bad else ""
    counted = f"{len(found)} shipment{'s' * (len(found) != 1)}{left_out}"
    document: list[Block] = [Paragraph(f"{when.heading()}: {counted}.", "bold")]
    if found:
        document.append(Table(COLUMNS, [_row(one, when) for one in found]))
    return [*document, Paragraph(RESTS, DIM)]


def _row(of: Outlook, when: When) -> list[Cell]:
    coming, shipment = of.next, of.shipment
    return [
        Cell(words.time_left(coming.due, when.as_of) if coming else "", "bold"),
        Cell(words.instant(coming.at, coming.due.zone) if coming else ""),
        Cell(shipment.name, "bold"),
        Cell(shipment.origin, DIM),
        Cell(stamp(shipment.expected)),
        Cell(coming.words if coming else f"no change is dated; {_now(of)}"),
        Cell(_either_side(coming) if coming else _sum(of.duty)),
        Cell(falls(of)),
        Cell("; ".join(_delay(delay) for delay in of.delays[1:])),
        Cell("; ".join(clause(one, measure) for measure in of.measures for one in measure.clauses)),
        Cell("; ".join(of.notes), WARN),
    ]


def stamp(of: Stamp) -> str:
    """A day, or an instant on New York's clock."""
    return words.instant(of.at, ZONE) if of.at else of.day.isoformat()


def falls(of: Outlook) -> str:
    """On which side of the next boundary the expected entry falls, and what it pays."""
    side = "" if of.next is None else "after it: " if of.delays[0].past else "before it: "
    paid = ", ".join(measure.expected.words for measure in of.measures)
    return f"{side}{paid}, {_sum(of.duty)}"


def clause(of: Clause, measure: Measure) -> str:
    """The two tests of an in-transit clause, and what follows."""
    transit = of.event.transit
    assert transit
    zone = measure.match.action.zone
    tests = [f"loaded before {words.moment(transit.loaded_before, zone)}: {_yes(of.loaded)}"]
    if of.by_us:
        tests.append(f"on a vessel: {_yes(of.mode)}")
    if transit.entered_before:
        tests.append(f"entered before {words.moment(transit.entered_before, zone)}: {_yes(of.entered)}")
    else:
        guidance = ": read CBP's guidance" if of.by_us else ""
        tests.append(f"the order names no last day of entry{guidance}")
    verdict = "spared" if of.holds else "not spared"
    return f"{verdict} by {measure.match.action.id}, {of.event.id} ({'; '.join(tests)})"


def _yes(of: bool | None) -> str:
    return "not said" if of is None else "yes" if of else "no"


def _now(of: Outlook) -> str:
    return ", ".join(f"{measure.words}: {measure.expected.words}" for measure in of.measures)


def _either_side(of: Boundary) -> str:
    return f"{_sum(of.before)} -> {_sum(of.after)}"


def _sum(duty: Decimal | None) -> str:
    return "duty not known" if duty is None else money(duty)


def _delay(of: Delay) -> str:
    return f"+{of.days} d {'after' if of.past else 'before'}, {_sum(of.duty)}"
