"""Shipments as actions of one's own: the boundary that each will meet, and those that it met lately.

A boundary has the identity of the ledger's own deadline of that instant, so that an extension moves both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tariffwatch.entries import own
from tariffwatch.entries.model import ZONE, Shipment, money
from tariffwatch.entries.shipments import Boundary, Outlook, outlooks
from tariffwatch.model import Action, DeadlineKind, Loc, Moment, StatedDeadline
from tariffwatch.prospect import deadlines
from tariffwatch.results import Deadline

KEPT = timedelta(days=30)
"""How long a boundary that was met is still told."""


def of_shipments(
    shipments: Sequence[Shipment],
    file: str,
    actions: Mapping[str, Action],
    as_of: datetime,
    knowing: datetime,
) -> tuple[list[Action], list[tuple[Shipment, str]]]:
    """An action for each shipment of a file; those that the ledger does not know apart, with the reason."""
    ahead, unread = outlooks(shipments, actions, as_of, knowing)
    before, _ = outlooks(shipments, actions, as_of - KEPT, knowing)
    met = {of.shipment.row: [one for one in of.boundaries if one.at <= as_of] for of in before}
    books = _Books(file, as_of, knowing)
    in_order = sorted(ahead, key=lambda of: of.shipment.row)
    return [books.action(of, met[of.shipment.row]) for of in in_order], unread


class _Books:
    """What the shipments of one file share."""

    def __init__(self, file: str, as_of: datetime, knowing: datetime) -> None:
        self._file = file
        self._since = as_of - KEPT
        self._knowing = knowing
        self._today = min(as_of, knowing).astimezone(ZONE).date()
        self._points: dict[str, Mapping[datetime, Sequence[Deadline]]] = {}
        self._taken: set[str] = set()

    def action(self, of: Outlook, met: Sequence[Boundary]) -> Action:
        """A shipment as an action."""
        shipment, loc = of.shipment, Loc(self._file, of.shipment.row)
        boundaries = [*met, *([of.next] if of.next else [])]
        title = f"Shipment {shipment.name}, goods of {shipment.origin}"
        action = own.action(self._id(shipment), title, (shipment.origin,), loc, self._today)
        if boundaries:
            measure = boundaries[-1].changes[0][0].match.action
            kept = measure.authority, measure.zone, measure.instruments
            action = replace(action, authority=kept[0], zone=kept[1], instruments=kept[2])
        return replace(
            action,
            events=(own.happened("listed", self._today, "Listed", action),),
            deadlines=tuple(self._deadline(one, shipment, loc) for one in boundaries),
        )

    def _id(self, of: Shipment) -> str:
        """The name as one word, with a number where it is taken."""
        word = re.sub(r"\W+", "-", of.name).strip("-") or "unnamed"
        free, number = f"{own.SHIPMENT}{word}", 1
        while free in self._taken:
            number += 1
            free = f"{own.SHIPMENT}{word}-{number}"
        self._taken.add(free)
        return free

    def _deadline(self, of: Boundary, shipment: Shipment, loc: Loc) -> StatedDeadline:
        """A boundary as a deadline; the last instant of an in-transit clause is none of the ledger's."""
        match = of.changes[0][0].match
        line = match.line.id if match.line else ""
        point = self._point(match.action, line, of.at)
        side = "after" if shipment.expected.on(match.action.zone) >= of.at else "before"
        duty = f"duty by the ledger's rate {_sum(of.before)} -> {_sum(of.after)}"
        return StatedDeadline(
            id=f"{match.action.id}.{point.id if point else line}",
            kind=point.kind if point else DeadlineKind.WINDOW_CLOSES,
            at=Moment(of.at),
            text=f"{of.words}; {duty}; entry expected {shipment.expected.day}, {side} it",
            recorded=self._today,
            source=own.source(point.source if point and point.source else match.action.id, loc),
            loc=loc,
        )

    def _point(self, action: Action, line: str, at: datetime) -> Deadline | None:
        """The ledger's deadline of a line at an instant."""
        if action.id not in self._points:
            found: dict[datetime, list[Deadline]] = {}
            for one in deadlines(action, self._since, self._knowing):
                found.setdefault(one.at, []).append(one)
            self._points[action.id] = found
        there = self._points[action.id].get(at, ())
        return next((one for one in there if line in one.lines or not one.lines), None)


def _sum(duty: Decimal | None) -> str:
    return "not known" if duty is None else money(duty)
