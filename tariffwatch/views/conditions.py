"""The page of conditions: who must do what by when, how it stands, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tariffwatch import words
from tariffwatch.model import Basis, Finding
from tariffwatch.results import ConditionOutlook, Stage
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table
from tariffwatch.views.report import DIM, WARN, When, unchecked_note, urgency

TITLES = {
    Stage.OPEN: "Open",
    Stage.FOUND: "Found",
    Stage.PASSED: "Its date has passed, and nothing final was found",
    Stage.ENDED: "Of actions that have ended",
}

STYLES = {Finding.MET: "green", Finding.UNMET: WARN, Finding.BREACHED: WARN}

COLUMNS = (
    Column("By"),
    Column("In", under=True),
    Column("Then", under=True, label="then"),
    Column("Action", under=True, slugs=True),
    Column("Who"),
    Column("Must", under=True),
    Column("Basis", under=True),
    Column("Decided by", under=True, label="decides:"),
    Column("Stands"),
    Column("Checked", under=True, label="checked"),
    Column("If met", under=True, label="if met:"),
    Column("If not", under=True, label="if not:"),
    Column("Source", under=True, label="source:"),
)


def conditions(found: Sequence[ConditionOutlook], when: When, left_out: int = 0) -> Document:
    """Open conditions first, by the date on which they are decided; then those found, passed and ended.

    ``left_out`` is how many of actions that have ended are not among those found.
    """
    more = f" {left_out} of actions that have ended are left out: --all shows them." if left_out else ""
    if not found:
        return [Paragraph(f"{when.heading()}: no condition matches.{more}")]
    stages = [(stage, list(group)) for stage, group in groupby(found, key=lambda of: of.stage)]
    counted = ", ".join(f"{len(group)} {stage.value}" for stage, group in stages)
    document: list[Block] = [
        Paragraph(f"{when.heading()}: {counted}.{more}", "bold"),
        Paragraph(
            '"By" is the date of what hangs on the condition: the end of a pause, a start, a deadline.', DIM
        ),
    ]
    for stage, group in stages:
        document += [Heading(TITLES[stage]), Table(COLUMNS, [row(of, when) for of in group])]
    return [*document, *unchecked_note([of.standing for of in found])]


def row(of: ConditionOutlook, when: When) -> list[Cell]:
    """One condition, a cell for each of the columns."""
    condition, deadline = of.status.condition, of.decision.deadline
    pledge = condition.basis is Basis.PLEDGE
    return [
        Cell(words.decided_on(of), "bold" if deadline else DIM),
        Cell(
            words.time_left(deadline.due, when.as_of) if deadline else "",
            urgency(deadline, when) if deadline else "",
        ),
        Cell(words.what_changes(deadline) if deadline else ""),
        Cell(of.action.id, DIM),
        Cell(condition.party, "bold"),
        Cell(condition.text),
        Cell("a pledge, in no legal text" if pledge else "", WARN),
        Cell(condition.decided_by or "", DIM),
        Cell(words.stands(of.status, of.action.zone), STYLES.get(of.status.finding, "")),
        Cell(words.checked(of.standing) if of.standing.unchecked else "", WARN),
        Cell(condition.if_met or ""),
        Cell(condition.if_unmet or ""),
        Cell(words.sourced(condition.source, condition.evidence), DIM),
    ]
