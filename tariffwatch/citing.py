"""What the known facts of an action rest on: instruments, and laws cited by themselves. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from tariffwatch.facts import conditions, history, known_at, public_deadlines
from tariffwatch.model import Action, Fact, Instrument, citations
from tariffwatch.results import Citation, Ground


def cited(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Instrument]:
    """The instruments that the known facts of an action name, in the order of naming."""
    return [of.instrument for of in _named(action, shared, knowing) if of.instrument]


def citations_of(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Citation]:
    """What the known facts of an action rest on, in the order of dates.

    The date of an instrument is that of its signing, else of its printing, else that on which the first
    fact that names it became known. Laws that are cited by themselves come last.
    """
    return sorted(
        _named(action, shared, knowing), key=lambda of: (of.instrument is None, _citation_day(of, action))
    )


def named(
    action: Action, shared: Mapping[str, Instrument], sources: Iterable[str | None]
) -> list[Instrument]:
    """The instruments that sources of an action name, in the order of naming."""
    by_id = {**shared, **{instrument.id: instrument for instrument in action.instruments}}
    names = dict.fromkeys(name for source in sources if source for name, _ in citations(source))
    return [by_id[name] for name in names if name in by_id]


def _citation_day(of: Citation, action: Action) -> date:
    if of.instrument and (day := of.instrument.signed or of.instrument.published):
        return day
    return min(known_at(action, ground.fact) for ground in of.grounds).astimezone(action.zone).date()


def _named(action: Action, shared: Mapping[str, Instrument], knowing: datetime) -> list[Citation]:
    """The sources of the known facts, in the order of naming."""
    facts: tuple[Fact, ...] = (
        *history(action, knowing),
        *(status.condition for status in conditions(action, knowing)),
        *public_deadlines(action, knowing),
    )
    by_id = {**shared, **{instrument.id: instrument for instrument in action.instruments}}
    grounds: dict[str, list[Ground]] = {}
    for fact in facts:
        for name, section in citations(fact.source or ""):
            source, part = (name, section) if name in by_id else (f"{name} {section}".rstrip(), "")
            grounds.setdefault(source, []).append(Ground(fact, part))
    return [Citation(name, by_id.get(name), tuple(found)) for name, found in grounds.items()]
