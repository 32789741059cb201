"""The calendar from 2026-10-01 to 2027-12-31: every dated row of it is in the countdown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.query import countdown
from tariffwatch.results import Filters

# The day on the calendar of the action's own zone, and the action that must have something on it.
ROWS = [
    ("2026-10-01", "s232-wood-products"),
    ("2026-10-12", "de-minimis-suspension-and-repeal"),
    ("2026-10-14", "adcvd-solar-iv"),
    ("2026-10-16", "s301-forced-labor-60"),
    ("2026-10-18", "russia-iran-sanctions-act-2026"),
    ("2026-10-22", "nea-emergencies-ieepa"),
    ("2026-10-24", "s301-china-phase-one"),
    ("2026-10-31", "nea-emergencies-ieepa"),
    ("2026-10-31", "beef-lean-trimmings-trq-2026"),
    ("2026-11-02", "adcvd-solar-iv"),
    ("2026-11-04", "ieepa-refunds-cape"),
    ("2026-11-08", "s338-usitc-misc-053"),
    ("2026-11-10", "s301-china-exclusions-178"),
    ("2026-11-10", "s301-china-shipbuilding-fees-cranes"),
    ("2026-11-10", "china-us-reciprocal-2025"),
    ("2026-11-10", "china-us-port-fees-2025"),
    ("2026-11-12", "s122-surcharge-2026"),
    ("2026-11-22", "s201-fine-denier-psf"),
    ("2026-11-23", "s201-fine-denier-psf"),
    ("2026-11-28", "china-export-controls-2025"),
    ("2026-11-29", "s301-vietnam-ip"),
    ("2026-11-30", "customs-enforcement-eo-14411"),
    ("2026-12-01", "beef-lean-trimmings-trq-2026"),
    ("2026-12-04", "s232-polysilicon"),
    ("2026-12-11", "s232-drones-uas"),
    ("2026-12-29", "canada-steel-trq-surtax-2025"),
    ("2027-01-01", "agoa-haiti-hope-help"),
    ("2027-01-01", "s301-nicaragua"),
    ("2027-01-01", "beef-lean-trimmings-trq-2026"),
    ("2027-01-01", "s232-wood-products"),
    ("2027-01-01", "s232-copper"),
    ("2027-01-01", "s232-canada-autos-steel-threat"),
    ("2027-01-01", "s232-autos-parts"),
    ("2027-01-02", "nea-emergencies-ieepa"),
    ("2027-01-04", "s232-autos-parts"),
    ("2027-01-04", "eu-cbam"),
    ("2027-01-05", "s232-aircraft-engines-negotiation"),
    ("2027-01-10", "us-china-truce-2027-01-10"),
    ("2027-01-12", "usmca-joint-review"),
    ("2027-01-20", "nea-emergencies-ieepa"),
    ("2027-01-29", "nea-emergencies-ieepa"),
    ("2027-02-01", "eu-cbam"),
    ("2027-02-04", "ieepa-refunds-cape"),
    ("2027-02-09", "s232-drones-uas"),
    ("2027-02-28", "cvd-morocco-phosphate-relief"),
    ("2027-02-28", "canada-china-ev-import-quota-2026"),
    ("2027-02-28", "s301-vietnam-ip"),
    ("2027-03-11", "s301-structural-excess-capacity-16"),
    ("2027-04-02", "s232-pharmaceuticals"),
    ("2027-04-02", "nea-emergencies-ieepa"),
    ("2027-04-21", "india-steel-safeguard-2025"),
    ("2027-04-24", "s301-china-phase-one"),
    ("2027-06-03", "customs-enforcement-eo-14411"),
    ("2027-06-23", "s301-china-legacy-semiconductors"),
    ("2027-07-01", "de-minimis-suspension-and-repeal"),
    ("2027-07-01", "usmca-joint-review"),
]


@pytest.mark.parametrize(("day", "slug"), ROWS)
def test_row(shipped_ledger: Ledger, day: str, slug: str) -> None:
    # A row is looked for as the calendar was known on 1 October, or on the eve of its own day.
    action = shipped_ledger.actions[slug]
    now = instant("2026-11-22 12:00")
    as_of = instant(f"{day} 00:00") - timedelta(days=3)
    found = countdown([action], as_of, max(now, as_of), Filters())
    days = {deadline.at.astimezone(action.zone).date().isoformat() for deadline in found}
    assert day in days


def test_what_the_judgment_made_moot_is_not_shown_as_live(shipped_ledger: Ledger) -> None:
    asked = instant("2026-10-01 23:59:59")
    for deadline in countdown(shipped_ledger.actions.values(), asked, asked):
        dead = deadline.action.id.startswith("ieepa-") and deadline.after is not None
        assert not dead, f"{deadline.action.id}: {deadline.id}"
