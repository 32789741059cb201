"""Acceptance: the shipped ledger against what happened, to the second, as facts and law have it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.ledger.rules import check
from tariffwatch.model import ENDED
from tariffwatch.prospect import status
from tariffwatch.query import countdown, statuses
from tariffwatch.views.problems import render

LATE = "2026-11-22 12:00"

# slug, line, instant (New York), phase and rate one second before, and from then on
TURNS = [
    ("ieepa-canada-border", "general", "2024-11-25 00:00:00", "None", "threatened 25%"),
    ("ieepa-canada-border", "general", "2025-02-01 00:00:00", "threatened 25%", "scheduled 25%"),
    ("ieepa-canada-border", "energy", "2025-02-03 00:00:00", "scheduled 10%", "suspended 10%"),
    ("ieepa-canada-border", "general", "2025-03-04 00:01:00", "suspended 25%", "in-force 25%"),
    ("ieepa-canada-border", "energy", "2025-03-04 00:01:00", "suspended 10%", "in-force 10%"),
    ("ieepa-canada-border", "usmca", "2025-03-07 00:01:00", "scheduled exempt", "in-force exempt"),
    ("ieepa-canada-border", "potash", "2025-03-07 00:01:00", "scheduled 10%", "in-force 10%"),
    ("ieepa-canada-border", "general", "2025-08-01 00:01:00", "in-force 25%", "in-force 35%"),
    ("ieepa-canada-border", "transshipped", "2025-08-01 00:01:00", "scheduled 40%", "in-force 40%"),
    ("ieepa-canada-border", "general", "2026-02-20 00:00:00", "in-force 35%", "invalidated"),
    ("ieepa-canada-border", "general", "2026-02-24 00:00:00", "invalidated", "terminated"),
    ("ieepa-mexico-border", "general", "2025-02-03 00:00:00", "scheduled 25%", "suspended 25%"),
    ("ieepa-mexico-border", "general", "2025-03-04 00:01:00", "suspended 25%", "in-force 25%"),
    ("ieepa-mexico-border", "usmca", "2025-03-07 00:01:00", "scheduled exempt", "in-force exempt"),
    ("ieepa-mexico-border", "potash", "2025-03-07 00:01:00", "scheduled 10%", "in-force 10%"),
    ("ieepa-mexico-border", "general", "2026-02-20 00:00:00", "in-force 25%", "invalidated"),
    ("ieepa-mexico-border", "general", "2026-02-24 00:00:00", "invalidated", "terminated"),
    ("ieepa-china-fentanyl", "general", "2025-02-04 00:01:00", "scheduled 10%", "in-force 10%"),
    ("ieepa-china-fentanyl", "general", "2025-03-04 00:01:00", "in-force 10%", "in-force 20%"),
    ("ieepa-china-fentanyl", "general", "2025-11-10 00:01:00", "in-force 20%", "in-force 10%"),
    ("ieepa-china-fentanyl", "general", "2026-02-24 00:00:00", "invalidated", "terminated"),
    ("s122-surcharge-2026", "general", "2026-02-24 00:01:00", "scheduled 10%", "in-force 10%"),
    ("s122-surcharge-2026", "general", "2026-07-24 00:01:00", "in-force 10%", "expired"),
    ("s301-forced-labor-60", "flat-10", "2026-03-12 00:00:00", "None", "open"),
    ("s301-forced-labor-60", "flat-12-5", "2026-07-24 00:01:00", "scheduled 12.5%", "in-force 12.5%"),
    ("s301-forced-labor-60", "cap-10", "2026-07-24 00:01:00", "scheduled 10% floor", "in-force 10% floor"),
    ("s232-polysilicon", "derivatives", "2026-12-04 00:01:00", "scheduled 15%", "in-force 15%"),
    (
        "s232-polysilicon",
        "cell-price",
        "2026-12-04 00:01:00",
        "scheduled $0.22 per W",
        "in-force $0.22 per W",
    ),
    ("s232-wood-products", "lumber", "2025-10-14 00:01:00", "scheduled 10%", "in-force 10%"),
    ("s232-wood-products", "korea", "2025-11-14 00:01:00", "None", "in-force 15% floor"),
    ("s232-wood-products", "cabinets", "2026-01-01 00:00:00", "in-force 25%", "in-force 25%"),
    ("s232-wood-products", "cabinets", "2027-01-01 00:00:00", "in-force 25%", "in-force 50%"),
    ("s232-wood-products", "upholstered", "2027-01-01 00:00:00", "in-force 25%", "in-force 30%"),
    ("s232-wood-products", "lumber", "2027-01-01 00:00:00", "in-force 10%", "in-force 10%"),
    ("feb-2025-border-talks-milestones", "", "2025-02-03 00:00:00", "None", "open"),
    ("feb-2025-border-talks-milestones", "", "2026-02-24 00:00:00", "open", "closed"),
]


def stand(ledger: Ledger, slug: str, line: str, as_of: str, shift: int = 0) -> str:
    at = instant(as_of) + timedelta(seconds=shift)
    found = status(ledger.actions[slug], at, instant(LATE))
    if not line:
        return found.phase.value if found.phase else "None"
    one = next((one for one in found.lines if one.id == line), None)
    return "None" if one is None else f"{one.phase.value} {one.rate or ''}".rstrip()


@pytest.mark.parametrize(("slug", "line", "at", "before", "after"), TURNS, ids=lambda value: str(value))
def test_one_second_before_at_and_after(
    shipped_ledger: Ledger, slug: str, line: str, at: str, before: str, after: str
) -> None:
    found = [stand(shipped_ledger, slug, line, at, shift) for shift in (-1, 0, 1)]
    assert found == [before, after, after]


# What was expected then: (slug, as of, phase, next instant, kind), each from that day's knowledge alone
EXPECTED = [
    ("ieepa-canada-border", "2025-02-02 23:59:59", "scheduled", "2025-02-04 00:01", "takes-effect"),
    ("ieepa-canada-border", "2025-02-03 19:26:59", "scheduled", "2025-02-04 00:01", "takes-effect"),
    ("ieepa-canada-border", "2025-02-03 19:27:00", "suspended", "2025-03-04 00:01", "pause-ends"),
    ("ieepa-mexico-border", "2025-02-03 18:43:00", "suspended", "2025-03-04 00:01", "pause-ends"),
    ("ieepa-china-fentanyl", "2025-02-02 23:59:59", "scheduled", "2025-02-04 00:01", "takes-effect"),
    ("ieepa-china-fentanyl", "2025-11-05 12:00:00", "in-force", "2025-11-10 00:01", "rate-changes"),
    ("ieepa-reciprocal-china", "2025-04-09 12:00:00", "in-force", "2025-04-10 00:01", "rate-changes"),
    ("ieepa-reciprocal-china", "2025-06-01 12:00:00", "in-force", "2025-08-12 00:01", "rate-changes"),
    ("ieepa-reciprocal-china", "2025-08-11 12:00:00", "in-force", "2025-11-10 00:01", "rate-changes"),
    ("ieepa-reciprocal-china", "2025-11-05 12:00:00", "in-force", "2026-11-10 00:01", "rate-changes"),
    ("s122-surcharge-2026", "2026-03-01 12:00:00", "in-force", "2026-07-24 00:01", "expires"),
    ("s232-wood-products", "2025-11-01 12:00:00", "in-force", "2026-01-01 00:00", "rate-changes"),
    ("s232-wood-products", "2025-12-31 12:00:00", "in-force", "2027-01-01 00:00", "rate-changes"),
    ("s232-polysilicon", "2026-08-07 12:00:00", "scheduled", "2026-12-04 00:01", "takes-effect"),
]


@pytest.mark.parametrize(("slug", "as_of", "phase", "at", "kind"), EXPECTED)
def test_what_was_to_come_as_known_then(
    shipped_ledger: Ledger, slug: str, as_of: str, phase: str, at: str, kind: str
) -> None:
    found = status(shipped_ledger.actions[slug], instant(as_of), instant(as_of))
    assert found.phase
    assert (found.phase.value, found.next[0].at, found.next[0].kind.value) == (phase, instant(at), kind)


def test_the_reciprocal_duty_cannot_snap_back(shipped_ledger: Ledger) -> None:
    """EO 14389 put the whole duty out of effect; nothing returns on 2026-11-10."""
    action = shipped_ledger.actions["ieepa-reciprocal-china"]
    found = status(action, instant("2026-03-01 12:00"), instant("2026-03-01 12:00"))
    assert found.phase
    assert found.phase.value == "terminated"
    assert not any(deadline.after for deadline in found.next)


def test_the_ledger_checks_clean(shipped_ledger: Ledger) -> None:
    problems = [p for p in check(shipped_ledger, instant("2026-10-01")) if not p.warning]
    assert not problems, render(problems)


def test_every_fact_has_source_and_evidence(shipped_ledger: Ledger) -> None:
    for action in shipped_ledger.actions.values():
        for fact in (*action.events, *action.conditions, *action.deadlines):
            assert fact.source, fact.loc
            assert fact.evidence, fact.loc


def test_political_pledges_stand_apart(shipped_ledger: Ledger) -> None:
    pledges = {
        condition.id
        for slug in ("ieepa-canada-border", "ieepa-mexico-border")
        for condition in shipped_ledger.actions[slug].conditions
        if condition.basis == "pledge"
    }
    assert {"national-guard", "border-plan", "fentanyl-czar"} <= pledges


def test_today_leads_with_what_comes(shipped_ledger: Ledger) -> None:
    now = instant(LATE)
    coming = countdown(shipped_ledger.actions.values(), now, now)
    assert ("s232-polysilicon", instant("2026-12-04 00:01")) in [(d.action.id, d.at) for d in coming]
    assert all(d.due.passes > now for d in coming)
    unchecked = {s.action.id for s in statuses(shipped_ledger.actions.values(), now, now) if s.unchecked}
    assert "s301-forced-labor-60" in unchecked


# Traps of a well-known tracker: printing days taken for legal effect, wrong months, rates that never were.
TRAPS = [
    ("s232-autos-parts", "2025-04-03 00:01", "25%"),
    ("s232-copper", "2025-08-01 00:01", "50%"),
    ("s232-trucks-buses", "2025-11-01 00:01", "25%"),
    ("s232-steel-aluminum-25-50", "2025-06-04 00:01", "50%"),
    ("ieepa-reciprocal-china", "2025-05-14 00:01", "10%"),
    ("ieepa-canada-border", "2025-08-01 00:01", "35%"),
]


@pytest.mark.parametrize(("slug", "at", "rate"), TRAPS)
def test_legal_effect_is_not_the_printing_day(shipped_ledger: Ledger, slug: str, at: str, rate: str) -> None:
    def first_rate(shift: int) -> str:
        asked = instant(at) + timedelta(seconds=shift)
        lines = status(shipped_ledger.actions[slug], asked, instant(LATE)).lines
        return str(lines[0].rate) if lines and lines[0].phase == "in-force" else "none"

    assert first_rate(0) == rate
    assert first_rate(-1) != rate


def test_the_surcharge_was_never_fifteen_percent(shipped_ledger: Ledger) -> None:
    events = shipped_ledger.actions["s122-surcharge-2026"].events
    assert not [event.id for event in events if "15%" in [str(rate) for rate in event.rates.values()]]


def test_no_ieepa_duty_is_shown_as_active_after_its_end(shipped_ledger: Ledger) -> None:
    now = instant(LATE)
    for found in statuses(shipped_ledger.actions.values(), now, now):
        if found.action.authority == "IEEPA" and found.action.lines:
            assert found.phase in ENDED, found.action.id


def test_goods_in_transit_are_spared_if_loaded_and_entered_in_time(shipped_ledger: Ledger) -> None:
    """Heading 9903.03.02: loaded before 2026-02-24 00:01 and entered before 2026-02-28 00:01."""
    start = next(e for e in shipped_ledger.actions["s122-surcharge-2026"].events if e.id == "start")
    clause = start.transit
    assert clause
    assert clause.entered_before
    assert instant("2026-02-20 12:00") < clause.loaded_before.at == instant("2026-02-24 00:01")
    assert instant("2026-02-27 12:00") < clause.entered_before.at == instant("2026-02-28 00:01")


def test_a_text_without_a_m_means_one_minute_past_midnight(shipped_ledger: Ledger) -> None:
    """FR 2026-14542 prints "12:01 eastern time on July 22, 2026"."""
    assert stand(shipped_ledger, "s301-brazil", "general", "2026-07-22 00:01:00") == "in-force 25%"
    assert stand(shipped_ledger, "s301-brazil", "general", "2026-07-22 00:01:00", -1) == "scheduled 25%"
