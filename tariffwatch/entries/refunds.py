"""Where an entry stands in CBP's refund programme for the IEEPA duties (CAPE), by the ledger's own events.

The phases, their openings and their sources are those of the action ``ieepa-refunds-cape``. What the ledger
has only in words is written here: that a declaration is accepted for entries not liquidated, or within 80
days after liquidation, and what CAPE rejects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tariffwatch.clocks import Clock, Count, Group, work
from tariffwatch.entries.model import ZERO, ZONE, Entry, Held
from tariffwatch.entries.running import Liquidation, Running, Side
from tariffwatch.entries.touched import Paid
from tariffwatch.model import Action, Event
from tariffwatch.prospect import checked

PROGRAMME = "ieepa-refunds-cape"
PHASES = {False: "phase-1", True: "phase-2"}
"""The event that opens the phase, by whether the entry is flagged for reconciliation."""
CLOCK = "cape-80"
LATE = "phase-3-delayed"
"""What the ledger last knows of the phase for entries finally liquidated."""
REJECTED = frozenset({"08", "09", "47"})
"""Entry types that CAPE does not take."""
ADCVD = frozenset({"03", "34"})
"""Entry types under antidumping or countervailing orders: not while their liquidation is suspended."""


class Stage(StrEnum):
    """How an entry stands in the programme."""

    OPEN = "open"
    """A declaration is accepted now."""
    NOT_YET = "not-yet"
    """The phase has not opened."""
    REJECTED = "rejected"
    """CAPE does not take it as it stands."""
    CLOSED = "closed"
    """More than 80 days after liquidation: no phase for it has a date."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands, why, and by which event of the ledger."""

    stage: Stage
    text: str
    event: Event
    limit: Running | None = None
    """The end of the 80 days, where it is known or can be estimated."""


class Programme:
    """The refund programme as known at an instant."""

    def __init__(self, actions: Mapping[str, Action], as_of: datetime, knowing: datetime) -> None:
        self._as_of = as_of
        self.action = action = actions.get(PROGRAMME)
        known = action.events if action else ()
        self._events = {event.id: event for event in known if event.known.at <= knowing}

    @property
    def clocks(self) -> Mapping[bool, Clock]:
        """The clocks of the phases that are known, by whether the entry is flagged for reconciliation."""
        phases = {flagged: self._events.get(name) for flagged, name in PHASES.items()}
        return {flagged: _clock(phase) for flagged, phase in phases.items() if phase and phase.effective}

    @property
    def unchecked(self) -> Action | None:
        """The programme's action, where its sources were not checked for this date."""
        return self.action if self.action and not checked(self.action, self._as_of) else None

    def standing(self, entry: Entry, liquidation: Liquidation, paid: tuple[Paid, ...]) -> Standing | None:
        """How an entry stands; None if it paid no duty of the programme, or nothing of it was public."""
        stake = sum((p.duty.amount for p in paid if is_ieepa(p)), ZERO)
        phase = self._events.get(PHASES[entry.reconciliation])
        if not stake or phase is None or phase.effective is None:
            return None
        if reason := _rejected(entry):
            return Standing(Stage.REJECTED, reason, phase)
        limit = self._limit(entry, liquidation, phase, stake)
        if limit and limit.due.passes <= self._as_of:
            late = self._events.get(LATE, phase)
            text = f"{_CLOSED} ({limit.trigger}, 80 days to {limit.worked.last_day})"
            return Standing(Stage.CLOSED, text, late, limit)
        if phase.effective.at > self._as_of:
            opens = phase.effective.at.astimezone(ZONE)
            return Standing(Stage.NOT_YET, f"{phase.id} opens on {opens:%Y-%m-%d}", phase, limit)
        text = "a declaration is accepted" + (
            f" through {limit.worked.last_day}"
            if limit and not limit.estimate
            else " while it is not liquidated"
        )
        return Standing(Stage.OPEN, f"{phase.id}: {text}", phase, limit)

    def _limit(self, entry: Entry, liquidation: Liquidation, phase: Event, stake: Decimal) -> Running | None:
        """80 days after liquidation, or after the day on which that is expected."""
        day = liquidation.done or liquidation.expected
        if day is None:
            return None
        sure = liquidation.actual is not None
        word = "liquidated" if sure else "deemed liquidated" if liquidation.deemed else "liquidation expected"
        return Running(
            entry=entry,
            worked=work(_clock(phase), day, lambda _: None),
            trigger=f"{word} {day}",
            side=Side.YOURS,
            stake=stake,
            estimate=not sure,
            notes=(_FINALITY,),
        )


def _clock(phase: Event) -> Clock:
    return Clock(
        id=CLOCK,
        title="Declaration for a refund of IEEPA duties",
        group=Group.ENTRIES,
        trigger="the entry's liquidation",
        length="80 days",
        count=Count.WITHIN,
        cite=f"CBP's conditions of CAPE ({PROGRAMME}, {phase.id}: {phase.source})",
        zone=ZONE,
        evidence=phase.evidence,
        loc=phase.loc,
    )


def is_ieepa(paid: Paid) -> bool:
    """Whether it was a duty that the programme gives back."""
    return paid.invalid and any("IEEPA" in match.action.authority for match in paid.matches)


def _rejected(entry: Entry) -> str | None:
    """Why CAPE does not take an entry, if it does not."""
    if entry.type in REJECTED:
        return f"entries of type {entry.type} are rejected"
    if entry.type in ADCVD and entry.held is Held.SUSPENDED:
        return "rejected while liquidation is pending under antidumping or countervailing orders"
    if entry.protested and not entry.denied:
        return "rejected while a protest is open"
    return None


_CLOSED = "no phase is open for entries finally liquidated, and none has a date"
_FINALITY = (
    "CBP takes a liquidation as final after 90 days (19 U.S.C. 1501), importers and the order of March 2026 "
    "after 180 (19 U.S.C. 1514)."
)
