"""Questions asked of small ledgers: filters, watches, the overview."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import PAUSED, instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.model import DeadlineKind, Phase
from tariffwatch.query import ahead, countdown, prospects, standing, statuses, watched
from tariffwatch.results import Filters

Make = Callable[..., Ledger]


@pytest.mark.parametrize(
    ("filters", "listed"),
    [
        (Filters(), True),
        (Filters(on=frozenset({"FD"})), True),
        (Filters(on=frozenset({"CA"})), False),
        (Filters(by=frozenset({"US"})), True),
        (Filters(by=frozenset({"CN"})), False),
        (Filters(authority="ieepa"), True),
        (Filters(authority="301"), False),
        (Filters(phases=frozenset({Phase.SUSPENDED})), True),
        (Filters(phases=frozenset({Phase.IN_FORCE})), False),
        (Filters(ids=frozenset({"us-example"})), True),
        (Filters(ids=frozenset({"us-other"})), False),
        (Filters(kinds=frozenset({DeadlineKind.PAUSE_ENDS})), True),
        (Filters(kinds=frozenset({DeadlineKind.EXPIRES})), False),
        (Filters(by_then=instant("2025-03-04 00:01")), True),
        (Filters(by_then=instant("2025-03-04 00:00")), False),
    ],
)
def test_filters(paused: Ledger, filters: Filters, listed: bool) -> None:
    now = instant("2025-02-10 12:00")
    actions = paused.actions.values()
    assert bool(statuses(actions, now, now, filters)) is listed
    assert bool(countdown(actions, now, now, filters)) is listed


@pytest.mark.parametrize(
    ("watches", "kept", "dates"),
    [
        ([Filters()], ["us-example", "us-other"], ["pause", "start", "report"]),
        ([Filters(ids=frozenset({"us-other"}))], ["us-other"], ["start"]),
        # each watch has its own phases and kinds of date
        ([Filters(phases=frozenset({Phase.SUSPENDED}))], ["us-example"], ["pause", "report"]),
        ([Filters(kinds=frozenset({DeadlineKind.PAUSE_ENDS}))], ["us-example"], ["pause"]),
        ([Filters(on=frozenset({"CA"}))], [], []),
        (
            [Filters(on=frozenset({"CA"})), Filters(kinds=frozenset({DeadlineKind.TAKES_EFFECT}))],
            ["us-other"],
            ["start"],
        ),
        ([], [], []),
    ],
)
def test_what_is_on_any_of_several_watches(
    ledger: Make, watches: list[Filters], kept: list[str], dates: list[str]
) -> None:
    """The second action starts on 5 March; its pause and its report are not known yet."""
    other = PAUSED.replace("2025-02-03", "2025-02-25").replace("2025-02-04T", "2025-03-05T")
    actions = ledger(us_example=PAUSED, us_other=other).actions.values()
    now = instant("2025-02-10 12:00")
    found, coming = watched(statuses(actions, now, now), countdown(actions, now, now), watches)
    assert [status.action.id for status in found] == kept
    assert [deadline.id for deadline in coming] == dates


@pytest.mark.parametrize("as_of", ["2025-02-04", "2025-02-10 12:00", "2026-11-22 12:00"])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(on=frozenset({"CA"})),
        Filters(phases=frozenset({Phase.SUSPENDED, Phase.SCHEDULED})),
        Filters(kinds=frozenset({DeadlineKind.PAUSE_ENDS, DeadlineKind.HEARING})),
        Filters(by_then=instant("2026-12-31")),
    ],
)
def test_the_overview_is_the_status_and_the_countdown(
    shipped_ledger: Ledger, as_of: str, filters: Filters
) -> None:
    at, actions = instant(as_of), shipped_ledger.actions.values()
    seen = prospects(actions, at, at, filters)
    found = standing(seen, filters)
    assert found == statuses(actions, at, at, filters)
    assert ahead(seen, filters) == countdown(actions, at, at, filters)
    assert found


def test_a_measure_on_every_country_is_a_measure_on_each(ledger: Make) -> None:
    head = 'id = "us-all"\ntitle = "T"\nimposed_by = "US"\non = ["*"]\nauthority = "IEEPA"\nzone = "UTC"\n'
    found = ledger(us_all=head + PAUSED)
    assert Filters(on=frozenset({"CA"})).takes(found.actions["us-all"])
