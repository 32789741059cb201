"""Shipments as actions of one's own: the boundary ahead, those met lately, and whose date it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import instant
from test_shipments import S122, shipment
from test_touched import action, event, line

from tariffwatch.entries.model import Mode, Shipment
from tariffwatch.entries.own_shipments import KEPT, of_shipments
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action, DeadlineKind, StatedDeadline
from tariffwatch.prospect import deadlines

CANADA = shipment("s338-canada-duties/alcohol", "2026-08-21", origin="CA", mode=Mode.TRUCK)
"""The start of its duty was put off from 19 to 22 August on 18 August."""


def told(ledger: Ledger, now: str, *shipments: Shipment) -> list[Action]:
    found, unread = of_shipments(shipments, "mine.csv", ledger.actions, instant(now), instant(now))
    assert unread == []
    return found


def only(found: Sequence[Action]) -> StatedDeadline:
    ((deadline,),) = (action.deadlines for action in found)
    return deadline


def test_the_boundary_ahead_is_the_ledgers_own_date(shipped_ledger: Ledger) -> None:
    now = "2026-06-01 12:00"
    [action] = told(shipped_ledger, now, shipment(S122, "2026-07-20"))
    deadline, whole = only([action]), shipped_ledger.actions[S122]
    [expiry] = [d for d in deadlines(whole, instant(now), instant(now)) if d.kind is DeadlineKind.EXPIRES]
    assert (deadline.at.at, deadline.kind, deadline.id) == (expiry.at, expiry.kind, f"{S122}.{expiry.id}")
    assert deadline.text
    assert deadline.text.startswith(f"{S122}, general: 10% -> nothing (expired)")
    assert deadline.text.endswith("$100.00 -> $0.00; entry expected 2026-07-20, before it")
    assert deadline.source == f"{expiry.source}; mine.csv row 2"
    assert (action.authority, action.zone) == (whole.authority, whole.zone)
    assert (action.id, action.title) == ("shipment:A", "Shipment A, goods of CN")


def test_goods_that_come_after_it_say_so(shipped_ledger: Ledger) -> None:
    deadline = only(told(shipped_ledger, "2026-06-01 12:00", shipment(S122, "2026-07-30")))
    assert deadline.text
    assert deadline.text.endswith("entry expected 2026-07-30, after it")


def test_putting_the_duty_off_moves_the_shipments_date(shipped_ledger: Ledger) -> None:
    before = only(told(shipped_ledger, "2026-08-17 12:00", CANADA))
    after = only(told(shipped_ledger, "2026-08-19 12:00", CANADA))
    assert (before.id, before.kind) == (after.id, after.kind)
    assert (before.at.at, after.at.at) == (instant("2026-08-19 00:01"), instant("2026-08-22 00:01"))


@pytest.mark.parametrize(("seconds", "listed"), [(-1, True), (0, False), (1, False)])
def test_a_boundary_is_told_for_as_long_after_it_was_met(
    shipped_ledger: Ledger, seconds: int, listed: bool
) -> None:
    end = instant("2026-08-22 00:01")
    now = end + KEPT + timedelta(seconds=seconds)
    [action], _ = of_shipments([CANADA], "mine.csv", shipped_ledger.actions, now, now)
    assert (end in [deadline.at.at for deadline in action.deadlines]) is listed


def test_a_shipment_with_nothing_before_it_is_listed_without_a_date(shipped_ledger: Ledger) -> None:
    [action] = told(shipped_ledger, "2026-10-01 12:00", shipment(S122, "2026-10-05"))
    assert action.deadlines == ()
    [listed] = action.events
    assert listed.note == "Listed"


def test_the_last_instant_of_a_clause_is_a_date_of_the_ledger_or_a_window_that_closes(
    shipped_ledger: Ledger, ledger: Callable[..., Ledger]
) -> None:
    of = shipment(S122, "2026-02-27", loaded="2026-02-23")
    [stated] = told(shipped_ledger, "2026-02-25 12:00", of)[0].deadlines[-1:]
    assert (stated.at.at, stated.id) == (instant("2026-02-28 00:01"), f"{S122}.transit-closes")
    clause = "transit = { loaded_before = 2025-02-04T00:01:00, entered_before = 2025-03-07T00:01:00 }\n"
    start = event(
        "start", "ordered", "2025-02-01", f"effective = 2025-02-04T00:01:00\nrate = '10%'\n{clause}"
    )
    bare = ledger(bare=action("bare", '"*"', line("all", "9903.01.25") + start))
    window = only(told(bare, "2025-02-20 12:00", shipment("bare", "2025-03-01", loaded="2025-01-30")))
    assert (window.at.at, window.id) == (instant("2025-03-07 00:01"), "bare.all")
    assert window.kind is DeadlineKind.WINDOW_CLOSES
    assert window.source == "bare; mine.csv row 2"


def test_a_duty_that_is_not_known_is_not_told_as_a_sum(shipped_ledger: Ledger) -> None:
    of = shipment("s338-canada-duties/alcohol", "2026-08-21", origin="CA", mode=Mode.TRUCK, value=None)
    deadline = only(told(shipped_ledger, "2026-08-19 12:00", of))
    assert deadline.text
    assert "duty by the ledger's rate $0.00 -> not known" in deadline.text


def test_names_become_words_and_are_told_apart(shipped_ledger: Ledger) -> None:
    names = ("PO 12/b", "PO-12-b", "!!", "", "Größe 7")
    rows = [replace(CANADA, name=name, row=row) for row, name in enumerate(names, start=2)]
    found = told(shipped_ledger, "2026-08-17 12:00", *reversed(rows))
    assert [action.id.removeprefix("shipment:") for action in found] == [
        "PO-12-b",
        "PO-12-b-2",
        "unnamed",
        "unnamed-2",
        "Größe-7",
    ]
    assert [action.loc.line for action in found] == [2, 3, 4, 5, 6], "in the order of the file"


def test_what_the_ledger_does_not_know_is_left_apart(shipped_ledger: Ledger) -> None:
    now, bad = instant("2026-08-17 12:00"), replace(CANADA, measures=("us-nothing",), row=3)
    found, unread = of_shipments([CANADA, bad], "mine.csv", shipped_ledger.actions, now, now)
    assert [action.loc.line for action in found] == [2]
    [(row, reason)] = unread
    assert row is bad
    assert "us-nothing" in reason
