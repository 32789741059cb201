"""Questions asked of a ledger: which actions and deadlines, in which order. Pure functions.

``as_of`` is the instant asked about, ``knowing`` the instant up to which facts count; both are aware
and always given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tariffwatch.model import Action, Phase
from tariffwatch.prospect import deadlines, prospect, status
from tariffwatch.results import Deadline, Filters, Prospect, Status

NO_FILTERS = Filters()


def statuses(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Status]:
    """How each action stands, leaving out what was not yet public; live ones first."""
    return standing(prospects(actions, as_of, knowing, filters), filters)


def prospects(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Prospect]:
    """How each action asked for stands, and what comes: painted once for both."""
    return [prospect(action, as_of, knowing) for action in actions if filters.takes(action)]


def standing(found: Iterable[Prospect], filters: Filters = NO_FILTERS) -> list[Status]:
    """Of prospects, the statuses asked for, leaving out what was not yet public; live ones first."""
    statuses = (prospect.status for prospect in found)
    return sorted((s for s in statuses if s.phase is not None and matches(s, filters)), key=by_phase)


def ahead(found: Iterable[Prospect], filters: Filters = NO_FILTERS) -> list[Deadline]:
    """Of prospects, the coming deadlines asked for, soonest first."""
    taken = (one for one in found if not filters.phases or one.status.phase in filters.phases)
    return _countdown((deadline for one in taken for deadline in one.coming), filters)


def countdown(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters = NO_FILTERS
) -> list[Deadline]:
    """The coming deadlines of all actions asked for, soonest first."""
    coming = (
        deadline
        for action in asked(actions, as_of, knowing, filters)
        for deadline in deadlines(action, as_of, knowing)
    )
    return _countdown(coming, filters)


def _countdown(coming: Iterable[Deadline], filters: Filters) -> list[Deadline]:
    taken = filter(filters.takes_deadline, coming)
    return sorted(taken, key=lambda d: (d.at, d.after is None, d.action.id))


def matches(of: Status, filters: Filters) -> bool:
    """Whether a status is of a phase, and with a next date, that is asked for."""
    return (not filters.phases or of.phase in filters.phases) and (
        not (filters.kinds or filters.by_then) or any(map(filters.takes_deadline, of.next))
    )


def watched(
    found: Iterable[Status], coming: Iterable[Deadline], watches: Sequence[Filters]
) -> tuple[list[Status], list[Deadline]]:
    """What of an answer is on any of several watches."""
    kept = [s for s in found if any(w.takes(s.action) and matches(s, w) for w in watches)]
    ids = {status.action.id for status in kept}
    dates = [d for d in coming if d.action.id in ids and any(_watches(w, d) for w in watches)]
    return kept, dates


def _watches(watch: Filters, deadline: Deadline) -> bool:
    return watch.takes(deadline.action) and watch.takes_deadline(deadline)


def by_phase(of: Status) -> tuple[int, str]:
    """The order in which actions are shown: live ones first."""
    return of.phase.rank if of.phase else len(Phase), of.action.id


def asked(
    actions: Iterable[Action], as_of: datetime, knowing: datetime, filters: Filters
) -> Iterator[Action]:
    """The actions asked for, also by their phase."""
    for action in actions:
        if filters.takes(action) and (
            not filters.phases or status(action, as_of, knowing).phase in filters.phases
        ):
            yield action
