"""Goods on their way: boundaries, in-transit clauses with both tests, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from conftest import instant
from test_touched import action, event, line

from tariffwatch.entries.model import Mode, Shipment, Stamp
from tariffwatch.entries.shipments import Outlook, outlooks
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Phase

S122 = "s122-surcharge-2026"


def shipment(
    measures: str,
    expected: str,
    *,
    loaded: str | None = None,
    mode: Mode | None = Mode.VESSEL,
    value: str | None = "1000",
    origin: str = "CN",
) -> Shipment:
    return Shipment(
        name="A",
        origin=origin,
        measures=tuple(measures.split()),
        expected=stamp(expected),
        loaded=stamp(loaded) if loaded else None,
        mode=mode,
        value=Decimal(value) if value else None,
        row=2,
    )


def stamp(text: str) -> Stamp:
    at = datetime.fromisoformat(text) if "T" in text else None
    return Stamp(date.fromisoformat(text[:10]), at)


def look(
    ledger: Ledger, of: Shipment, as_of: str = "2026-02-22 12:00", knowing: str | None = None
) -> Outlook:
    (found,), unread = outlooks([of], ledger.actions, instant(as_of), instant(knowing or as_of))
    assert not unread
    return found


@pytest.mark.parametrize(
    ("loaded", "entered", "mode", "spared"),
    [
        ("2026-02-23", "2026-02-27", Mode.VESSEL, True),
        ("2026-02-23", "2026-02-28", Mode.VESSEL, False),  # loaded in time, entered too late
        ("2026-02-24", "2026-02-27", Mode.VESSEL, False),  # entered in time, loaded too late
        ("2026-02-24T00:00:59-05:00", "2026-02-28T00:00:59-05:00", Mode.VESSEL, True),
        ("2026-02-24T00:01:00-05:00", "2026-02-27", Mode.VESSEL, False),
        ("2026-02-23", "2026-02-28T00:01:00-05:00", Mode.VESSEL, False),
        ("2026-02-24T13:00:59+08:00", "2026-02-27", Mode.VESSEL, True),  # 00:00:59 in New York
        ("2026-02-23", "2026-02-27", Mode.AIR, False),
        ("2026-02-23", "2026-02-27", None, False),  # not said
        (None, "2026-02-27", Mode.VESSEL, False),
    ],
)
def test_every_test_of_the_clause_must_hold(
    loaded: str | None, entered: str, mode: Mode | None, spared: bool, shipped_ledger: Ledger
) -> None:
    found = look(shipped_ledger, shipment(S122, entered, loaded=loaded, mode=mode))
    assert found.duty == (0 if spared else 100)
    assert any(clause.holds for clause in found.measures[0].clauses) is spared


CA_START, CA_STEEL = "canada-surtax-us-general-2025", "canada-surtax-us-steel-aluminum-2025/steel"
CA_TRQ = "canada-steel-trq-surtax-2025"
CN_FARM, CN_ALL = "china-us-farm-2025/ten", "china-us-reciprocal-2025"


@pytest.mark.parametrize(
    ("measure", "loaded", "entered", "mode", "duty"),
    [
        # What is in transit to Canada on the first day is spared, by any means, until it arrives.
        (CA_START, "2025-03-03", "2025-03-10", Mode.VESSEL, 0),
        (CA_START, "2025-03-03", "2025-03-04", Mode.TRUCK, 0),
        (CA_START, "2025-03-03", "2025-03-04", None, 0),
        (CA_START, "2025-03-05", "2025-03-06", Mode.TRUCK, 250),
        (CA_START, None, "2025-03-04", Mode.TRUCK, 250),
        (CA_STEEL, "2026-09-07", "2026-09-12", Mode.RAIL, 250),  # at the rate before
        (CA_STEEL, "2026-09-09", "2026-09-12", Mode.RAIL, 500),
        # "On or before 1 August": that whole day counts.
        (f"{CA_TRQ}/fta", "2025-08-01T23:59:59-04:00", "2025-08-20", Mode.VESSEL, 0),
        (f"{CA_TRQ}/fta", "2025-08-02", "2025-08-20", Mode.VESSEL, 500),
        (f"{CA_TRQ}/non-fta", "2025-06-27", "2025-07-20", Mode.VESSEL, 0),
        # China: shipped before the start, and imported through a last day in Beijing; by any means.
        (CN_FARM, "2025-03-09", "2025-04-12", Mode.AIR, 0),
        (CN_FARM, "2025-03-09", "2025-04-13", Mode.AIR, 100),
        (CN_FARM, "2025-03-10", "2025-04-12", Mode.AIR, 100),
        (CN_ALL, "2025-04-09", "2025-05-13", Mode.VESSEL, 0),
        (CN_ALL, "2025-04-09", "2025-05-13T23:59:59+08:00", Mode.VESSEL, 0),
        (CN_ALL, "2025-04-09", "2025-05-14", Mode.VESSEL, 100),
        (CN_ALL, "2025-04-10", "2025-05-13", Mode.VESSEL, 1250),
        (CN_ALL, None, "2025-04-10", Mode.VESSEL, 840),  # a day alone lies after the 12:01 of its start
    ],
)
def test_clauses_of_others_are_tested_as_they_are_written(
    measure: str, loaded: str | None, entered: str, mode: Mode | None, duty: int, shipped_ledger: Ledger
) -> None:
    of = shipment(measure, entered, loaded=loaded, mode=mode, origin="US")
    assert look(shipped_ledger, of, "2025-02-20", "2026-10-09").duty == duty


@pytest.mark.parametrize(
    ("loaded", "expected", "after"),
    [
        ("2025-03-03", "2025-03-03", False),
        ("2025-03-03", "2025-03-03T09:00:00-05:00", False),
        ("2025-03-04", "2025-03-03T09:00:00-05:00", True),
        ("2025-03-03T09:00:01-05:00", "2025-03-03T09:00:00-05:00", True),
    ],
)
def test_a_day_alone_lies_after_another_day_only(loaded: str, expected: str, after: bool) -> None:
    assert stamp(loaded).after(stamp(expected)) is after


@pytest.mark.parametrize(
    ("entered", "duty"), [("2026-02-24T00:00:59-05:00", 0), ("2026-02-24T00:01:00-05:00", 100)]
)
def test_a_minute_decides(entered: str, duty: int, shipped_ledger: Ledger) -> None:
    assert look(shipped_ledger, shipment(S122, entered)).duty == duty


def test_delays_are_days_on_the_calendar(shipped_ledger: Ledger) -> None:
    found = look(shipped_ledger, shipment(S122, "2026-07-20"), as_of="2026-06-01 12:00")
    assert [(delay.days, delay.past, delay.duty) for delay in found.delays] == [
        (0, False, 100),
        (1, False, 100),
        (3, False, 100),  # 23 July
        (7, True, 0),
    ]


def test_only_what_was_known_counts(shipped_ledger: Ledger) -> None:
    """The start of section 338 was put off from 19 to 22 August on 18 August."""
    of = shipment("s338-canada-duties/alcohol", "2026-08-21", origin="CA", mode=Mode.TRUCK)
    before = look(shipped_ledger, of, as_of="2026-08-17 12:00")
    after = look(shipped_ledger, of, as_of="2026-08-19 12:00")
    assert (before.duty, after.duty) == (500, 0)
    assert after.next
    assert after.next.at == instant("2026-08-22 00:01")
    assert [delay.past for delay in after.delays] == [False, True, True, True]


def test_collection_goes_on_after_a_judgment_until_its_end(shipped_ledger: Ledger) -> None:
    of = shipment("9903.01.24", "2026-02-23")
    found = look(shipped_ledger, of, as_of="2026-02-22 12:00")
    assert found.duty == 100
    assert found.next
    assert found.next.at == instant("2026-02-24 00:00")


def test_a_floor_is_not_worked_out(shipped_ledger: Ledger) -> None:
    found = look(
        shipped_ledger, shipment("us-japan-agreement", "2025-12-01", origin="JP"), "2025-11-20 12:00"
    )
    assert found.duty is None
    assert any("ordinary duty" in note for note in found.notes)


def test_without_a_value_no_duty_is_told(shipped_ledger: Ledger) -> None:
    assert look(shipped_ledger, shipment(S122, "2026-03-10", value=None)).duty is None


def test_an_action_stands_for_its_first_line(shipped_ledger: Ledger) -> None:
    found = look(shipped_ledger, shipment(S122, "2026-03-10"))
    assert [one.match.line and one.match.line.id for one in found.measures] == ["general"]
    usmca = look(shipped_ledger, shipment(f"{S122}/usmca", "2026-03-10", origin="CA"))
    assert usmca.duty == 0


def test_goods_that_the_clause_would_spare_are_not_spared_from_a_pause(ledger: Callable[..., Ledger]) -> None:
    """What is suspended has nothing to be spared from; once it is in force again the clause counts."""
    transit = "transit = { loaded_before = 2025-02-04T00:01:00, entered_before = 2025-03-07T00:01:00 }\n"
    start = event(
        "start", "ordered", "2025-02-01", f"effective = 2025-02-04T00:01:00\nrate = '10%'\n{transit}"
    )
    pause = event("pause", "suspended", "2025-02-09", "effective = 2025-02-09\nuntil = 2025-03-01T00:01:00")
    held = ledger(paused=action("paused", '"*"', line("all", "9903.01.25") + start + pause))
    for expected, phase, spared in (
        ("2025-02-08", None, True),
        ("2025-02-20", Phase.SUSPENDED, False),
        ("2025-03-02", None, True),
        ("2025-03-08", Phase.IN_FORCE, False),
    ):
        found = look(held, shipment("paused", expected, loaded="2025-01-30"), as_of="2025-02-09 12:00")
        (measure,) = found.measures
        if spared:
            assert measure.expected.spared_by
        else:
            assert measure.expected.phase is phase
            assert measure.expected.spared_by is None


def test_an_entry_that_lies_behind_is_told(shipped_ledger: Ledger) -> None:
    for expected, told in (("2026-03-09", True), ("2026-03-10", False)):
        notes = look(shipped_ledger, shipment(S122, expected), as_of="2026-03-10 00:00").notes
        assert ("the expected entry lies behind" in notes) is told


def test_a_boundary_is_counted_on_the_calendar_of_its_measure(shipped_ledger: Ledger) -> None:
    found = look(shipped_ledger, shipment(S122, "2026-07-20"), as_of="2026-07-20 23:59")
    assert found.next
    assert found.next.due.days_left(instant("2026-07-20 23:59")) == 4  # 24 July 00:01 in New York


def test_a_heading_of_several_lines_is_told(ledger: Callable[..., Ledger]) -> None:
    rates = "effective = 2025-02-04T00:01:00\nrates = { all = '10%', more = '20%' }"
    lines = line("all", "9903.01.25") + line("more", "9903.01.25")
    held = ledger(two=action("two", '"*"', lines + event("start", "ordered", "2025-02-01", rates)))
    found = look(held, shipment("9903.01.25", "2025-03-10"), as_of="2025-03-01 12:00")
    assert found.duty is None
    assert any("stands in 2 lines" in note for note in found.notes)
    assert look(held, shipment("two/more", "2025-03-10"), as_of="2025-03-01 12:00").duty == 200


@pytest.mark.parametrize(
    ("measures", "words"),
    [
        ("s122-surcharg", "neither a heading nor an action"),
        (f"{S122}/genral", 'has no line "genral"; it has: general'),
        ("9903.99.99", "in no line of the ledger"),
        ("ieepa-termination-2026", "has no lines"),
    ],
)
def test_what_is_not_in_the_ledger_is_told_and_the_rest_goes_on(
    measures: str, words: str, shipped_ledger: Ledger
) -> None:
    good, bad = shipment(S122, "2026-03-10"), shipment(measures, "2026-03-10")
    at = instant("2026-02-22 12:00")
    found, unread = outlooks([bad, good], shipped_ledger.actions, at, at)
    assert [one.shipment for one in found] == [good]
    assert words in unread[0][1]


def test_an_origin_that_an_action_does_not_reach_is_told(shipped_ledger: Ledger) -> None:
    found = look(shipped_ledger, shipment("ieepa-brazil-40", "2026-02-23", origin="VN"))
    assert any("not on goods of VN" in note for note in found.notes)


def test_a_notice_that_only_prints_the_clause_softens_the_order(shipped_ledger: Ledger) -> None:
    """The notice of 5 February 2025 prints 7 March for the China duty that began on 4 February."""
    of = shipment("ieepa-china-fentanyl", "2025-03-06", loaded="2025-01-30")
    found = look(shipped_ledger, of, as_of="2025-02-06 12:00")
    assert found.duty == 0
    assert found.next
    assert (found.next.at, found.next.transit) == (instant("2025-03-07 00:01"), True)


def test_the_soonest_boundary_comes_first(shipped_ledger: Ledger) -> None:
    at = instant("2026-02-22 12:00")
    rows = [
        shipment(S122, "2026-07-20"),
        shipment("s301-brazil/exempted", "2027-01-01", origin="BR"),
        shipment(S122, "2026-02-23"),
    ]
    found, _ = outlooks(rows, shipped_ledger.actions, at, at)
    assert [rows.index(one.shipment) for one in found] == [2, 0, 1]
    assert found[-1].next is None


def test_of_an_action_whose_lines_differ_one_has_to_be_named(shipped_ledger: Ledger) -> None:
    found = look(shipped_ledger, shipment("s301-forced-labor-60", "2026-08-03"), "2026-08-01 12:00")
    assert found.notes == (
        "s301-forced-labor-60 has 6 lines, and flat-10 is taken: name yours, "
        "such as s301-forced-labor-60/cap-10",
    )
    named = look(shipped_ledger, shipment("s301-forced-labor-60/flat-12-5", "2026-08-03"), "2026-08-01 12:00")
    assert (named.duty, named.notes) == (125, ())
