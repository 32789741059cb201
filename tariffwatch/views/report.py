"""The readable pages: each turns the results of a question into a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tariffwatch import words
from tariffwatch.model import (
    ENDED,
    LIVE,
    PENDING,
    Phase,
)
from tariffwatch.results import Deadline, Status
from tariffwatch.views.document import Block, Cell, Column, Document, Heading, Paragraph, Table

DIM = "dim"
WARN = "yellow"


@dataclass(frozen=True, slots=True)
class When:
    """The question's two dates, and the zone of the person who asks, if it is known."""

    as_of: datetime
    knowing: datetime
    zone: ZoneInfo
    """Where "today" is: days left are counted on this calendar."""
    yours: ZoneInfo | None = None
    """Shown beside the legal zone when it differs."""

    def heading(self) -> str:
        """``As of Mon 2025-02-10 23:59:59 EST``, and what was known if that is another date."""
        said = words.weekday(self.as_of, self.zone)
        if self.knowing == self.as_of:
            return f"As of {said}"
        return f"As of {said}, as known on {words.instant(self.knowing, self.zone)}"


class Watched(NamedTuple):
    """What of an answer is on the watch of one's reminders."""

    statuses: Sequence[Status]
    coming: Sequence[Deadline]


def overview(
    statuses: Sequence[Status],
    coming: Sequence[Deadline],
    when: When,
    problems: int,
    most: int = 10,
    watched: Watched | None = None,
) -> Document:
    """The first screen: what comes next, what is in force, what is pending, what is stale.

    Of what is ``watched``, all is listed; the rest is counted.
    """
    live, pending, ended = _sorted(statuses)
    counted = f"{len(live)} in force or suspended, {len(pending)} pending, {len(ended)} ended"
    on_watch = ""
    if watched:
        live, pending, _ = _sorted(watched.statuses)
        counted += f"; {len(watched.statuses)} of these are on your watch"
        on_watch = ", on your watch"
    dates = watched.coming if watched else coming
    document: list[Block] = [Paragraph(f"{when.heading()}: {counted}.", "bold"), Heading(f"Next{on_watch}")]
    if dates:
        document.append(_countdown_table(dates[:most], when))
    else:
        document.append(Paragraph("No dated deadline lies ahead."))
    if more := len(coming) - len(dates[:most]):
        document.append(Paragraph(f"... and {more} more: tariffwatch countdown", DIM))
    for title, group in (("In force and suspended", live), ("Pending", pending)):
        if group:
            document += [Heading(f"{title}{on_watch}"), _brief_table(group)]
    document += _stale(live + pending)
    if watched and (others := len(statuses) - len(watched.statuses)):
        document.append(Paragraph(f"... and {others} that are not on your watch: tariffwatch status", DIM))
    if problems:
        document.append(Paragraph(words.problems(problems), WARN))
    return document


def _sorted(statuses: Sequence[Status]) -> tuple[list[Status], list[Status], list[Status]]:
    """What is in force or suspended, what is pending, what has ended."""
    live, pending, ended = ([s for s in statuses if s.phase in kind] for kind in (LIVE, PENDING, ENDED))
    return live, pending, ended


def status(statuses: Sequence[Status], when: When, *, sources: bool = False) -> Document:
    """One row per action; ``sources`` adds what says what comes next, where links have room."""
    if not statuses:
        return [Paragraph(f"{when.heading()}: no action matches.")]
    return [Paragraph(f"{when.heading()}:"), _status_table(statuses, sources), *unchecked_note(statuses)]


def _status_table(statuses: Sequence[Status], sources: bool) -> Table:
    """Phase, rate, since, until, then what."""
    columns = (
        Column("Action"),
        Column("Id", under=True, slugs=True),
        Column("Phase"),
        Column("Rate", under=True),
        Column("Since", under=True, label="since"),
        Column("Until"),
        Column("Then, if nobody acts", under=True, label="then:"),
        Column("Checked", under=True, label="checked"),
    )
    if not sources:
        return Table(columns, [status_row(s) for s in statuses])
    rows = [[*status_row(s), Cell(words.sources(s.next), DIM, cites=s.action.id)] for s in statuses]
    return Table((*columns, Column("Source", under=True, label="source:")), rows)


def status_row(status: Status) -> list[Cell]:
    """One action: title, id, phase, rate, since, until, then what, checked."""
    until, then = "", words.then(status) or "no change is dated"
    if status.next:
        at = _at(status.next[0])
        until, then = (at, then) if status.next[0].after else ("", f"{at} {then}")
    return [
        Cell(status.action.title),
        Cell(status.action.id, DIM),
        Cell(words.phase_word(status), phase_style(status.phase)),
        Cell(words.standing(status)),
        Cell(words.since(status)),
        Cell(until, "bold"),
        Cell(then),
        Cell(words.checked(status), WARN if status.unchecked else DIM),
    ]


def _brief_table(statuses: Sequence[Status]) -> Table:
    """What the overview says of each action, on one line; what comes is told above it."""
    columns = (
        Column("Action", slugs=True),
        Column("Now"),
        Column("Next date"),
        Column("Unchecked"),
        Column("Title", spare=True),
    )
    return Table(columns, [_brief_row(status) for status in statuses])


def _brief_row(status: Status) -> list[Cell]:
    zone = status.action.zone
    unchecked = str(status.action.verified or "ever") if status.unchecked else ""
    return [
        Cell(status.action.id),
        Cell(words.brief(status), phase_style(status.phase)),
        Cell(words.instant(status.next[0].at, zone, day_only=True) if status.next else ""),
        Cell(unchecked, WARN),
        Cell(status.action.title, DIM),
    ]


def phase_style(phase: Phase | None) -> str:
    """The style of a phase on a terminal."""
    return words.LIVE_STYLE.get(phase, DIM) if phase else DIM


def _at(deadline: Deadline) -> str:
    return words.instant(deadline.at, deadline.action.zone, deadline.day_only)


def countdown(coming: Sequence[Deadline], when: When) -> Document:
    """The coming deadlines, soonest first."""
    if not coming:
        return [Paragraph(f"{when.heading()}: no deadline matches.")]
    return [Paragraph(f"{when.heading()}:"), _countdown_table(coming, when)]


def _countdown_table(coming: Sequence[Deadline], when: When) -> Table:
    columns = (
        Column("In"),
        Column("When", under=True),
        Column("Yours", under=True),
        Column("Action"),
        Column("Id", under=True, slugs=True),
        Column("What changes"),
        Column("Decided by", under=True, label="decides:"),
        Column("Source", under=True, label="source:"),
    )
    return Table(columns, [countdown_row(deadline, when) for deadline in coming])


def countdown_row(deadline: Deadline, when: When) -> list[Cell]:
    """One deadline: time left, instant, yours, action, id, what changes, who decides, source."""
    return [
        Cell(words.time_left(deadline.due, when.as_of), urgency(deadline, when)),
        Cell(_at(deadline)),
        Cell(_yours(deadline, when.yours), DIM),
        Cell(deadline.action.title),
        Cell(deadline.action.id, DIM),
        Cell(words.what_changes(deadline)),
        Cell(deadline.decided_by or "", DIM),
        Cell(words.graded(deadline.source or "", deadline.evidence), DIM, cites=deadline.action.id),
    ]


def urgency(deadline: Deadline, when: When) -> str:
    """The style of the time left: a last week is red."""
    return "bold red" if (deadline.at - when.as_of).days < 7 else "bold"


def _yours(deadline: Deadline, zone: ZoneInfo | None) -> str:
    """The instant in the asker's own zone, where its clock shows another time."""
    if zone is None or deadline.day_only:
        return ""
    here, there = deadline.at.astimezone(zone), deadline.at.astimezone(deadline.action.zone)
    return words.instant(deadline.at, zone) if here.utcoffset() != there.utcoffset() else ""


def _stale(statuses: Sequence[Status]) -> list[Block]:
    if not any(s.unchecked for s in statuses):
        return []
    text = (
        '"Unchecked" gives a day: sources were read through it; what is shown follows from the '
        "action's own terms."
    )
    return [Paragraph(text, DIM)]


def unchecked_note(statuses: Sequence[Status]) -> list[Block]:
    """What "checked not since" means, where it is said of any of these."""
    if not any(s.unchecked for s in statuses):
        return []
    text = (
        '"checked not since DATE": the state is by the action\'s own terms; sources were read through DATE.'
    )
    return [Paragraph(text, DIM)]
