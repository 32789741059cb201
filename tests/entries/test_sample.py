"""The made sample: forty entries and twelve shipments, each against its answer worked by hand beside it."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import instant

from tariffwatch.entries import reading
from tariffwatch.entries.fields import Layout
from tariffwatch.entries.model import ZONE
from tariffwatch.entries.review import Review, Reviewed, review
from tariffwatch.entries.running import Running
from tariffwatch.entries.shipments import outlooks
from tariffwatch.entries.touched import Touch
from tariffwatch.ledger.load import Ledger

SAMPLE = Path(__file__).parent.parent / "sample"
ENTRIES: dict[str, Any] = tomllib.loads((SAMPLE / "entries.toml").read_text(encoding="utf-8"))
AS_OF = instant(ENTRIES["as_of"])


def rows(name: str) -> list[list[str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture(scope="module")
def read() -> reading.ReadEntries:
    return reading.entries(rows("entries.csv"), Layout())


@pytest.fixture(scope="module")
def found(read: reading.ReadEntries, shipped_ledger: Ledger) -> Review:
    return review(read.entries, shipped_ledger.actions, shipped_ledger.work, AS_OF, AS_OF)


@pytest.fixture(scope="module")
def by_number(found: Review) -> dict[str, Reviewed]:
    return {one.entry.number: one for one in found.entries}


def days(running: tuple[Running, ...]) -> dict[str, date]:
    return {one.name: one.due.at.astimezone(ZONE).date() for one in running}


def named(touches: tuple[Touch, ...], *, certain: bool) -> list[str]:
    return sorted(f"{one.action.id}/{one.event.id}" for one in touches if one.certain is certain)


def test_the_sample_holds_forty_entries_and_no_bad_row(read: reading.ReadEntries) -> None:
    assert len(read.entries) == len(ENTRIES["entries"]) == 40
    assert {one.number for one in read.entries} == {answer["number"] for answer in ENTRIES["entries"]}
    assert not [remark for remark in read.remarks if remark.bad]


@pytest.mark.parametrize("answer", ENTRIES["entries"], ids=lambda answer: answer["number"])
def test_each_entry_is_as_worked_by_hand(answer: dict[str, Any], by_number: dict[str, Reviewed]) -> None:
    one = by_number[answer["number"]]
    assert one.entry.paid == Decimal(answer["paid"])
    assert days(one.running) == answer["open"]
    assert days(one.ended) == answer["ended"]
    assert sorted(running.name for running in one.running if running.estimate) == answer["estimates"]
    assert named(one.touches, certain=True) == answer["touched"]
    assert named(one.touches, certain=False) == answer["may"]
    assert (one.refund.stage.value if one.refund else "") == answer["refund"]
    assert len(one.notes) == len(answer["look"])
    for note, words in zip(one.notes, answer["look"], strict=True):
        assert words in note


def test_check_digits_are_as_worked_by_hand(read: reading.ReadEntries) -> None:
    """Letters in the filer code are valid; one wrong check digit is a warning and stops nothing."""
    warned = {remark.text.split(":")[0]: remark.text for remark in read.remarks}
    expected = {answer["number"]: answer["warning"] for answer in ENTRIES["entries"] if "warning" in answer}
    assert warned.keys() == expected.keys()
    assert all(words in warned[number] for number, words in expected.items())


def test_totals_are_the_sums_of_the_answers(found: Review) -> None:
    answers = {answer["number"]: answer for answer in ENTRIES["entries"]}
    judged = [a for a in answers.values() if any(t.endswith("/judgment") for t in a["touched"])]
    (judgment,) = [reach for reach in found.reaches if reach.touch.event.id == "judgment"]
    assert judgment.entries == len(judged)
    assert judgment.duty == sum(Decimal(answer["paid"]) for answer in judged)
    assert found.paid == sum(Decimal(answer["paid"]) for answer in answers.values())
    theirs = {
        "liquidation-314",
        "liquidation-1y",
        "liquidation-extension-4y",
        "reliquidation-90",
        "protest-2y",
    }
    week = date(2026, 12, 7)
    ending = [
        (number, name)
        for number, answer in answers.items()
        for name, day in answer["open"].items()
        if name not in theirs and 0 <= (day - week).days < 7
    ]
    (of_week,) = [one for one in found.weeks if one.monday == week]
    assert of_week.entries == len({number for number, _ in ending})
    assert of_week.duty == sum(Decimal(answers[number]["paid"]) for number in {n for n, _ in ending})
    assert {name: count for name, (count, _) in of_week.clocks.items()} == Counter(n for _, n in ending)


SHIPMENTS = tomllib.loads((SAMPLE / "shipments.toml").read_text(encoding="utf-8"))["shipments"]


def dollars(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


@pytest.mark.parametrize("answer", SHIPMENTS, ids=lambda answer: answer["name"])
def test_each_shipment_is_as_worked_by_hand(answer: dict[str, Any], shipped_ledger: Ledger) -> None:
    read = reading.shipments(rows("shipments.csv"), Layout())
    assert not read.remarks
    assert [one.name for one in read.shipments] == [one["name"] for one in SHIPMENTS]
    mine = [one for one in read.shipments if one.name == answer["name"]]
    as_of = instant(answer["as_of"])
    (one,), unread = outlooks(mine, shipped_ledger.actions, as_of, as_of)
    assert not unread
    boundary = one.next
    assert (boundary and boundary.at) == (instant(answer["boundary"]) if answer["boundary"] else None)
    assert dollars(boundary and boundary.before) == answer["before"]
    assert dollars(boundary and boundary.after) == answer["after"]
    assert dollars(one.duty) == answer["duty"]
    side = {True: "after", False: "before"} if boundary else {False: ""}
    assert [(side[delay.past], dollars(delay.duty)) for delay in one.delays] == [
        (answer["side"], answer["duty"]),
        *(tuple(delay) for delay in answer["delays"]),
    ]
    spared = {clause.event.id for measure in one.measures for clause in measure.clauses if clause.holds}
    assert sorted(spared) == answer["spared"]
