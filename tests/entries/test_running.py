"""The clocks of an entry: which run, from what they count, and which version of the rule they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from conftest import instant

from tariffwatch.entries.model import ZONE, Duty, Entry, Held
from tariffwatch.entries.review import Review, Reviewed, review
from tariffwatch.entries.running import Side
from tariffwatch.ledger.load import Ledger

NUMBERS = ("B76-0324527-8", "002-6110316-2", "002-6111115-7")


def entry(entered: str, number: str = NUMBERS[0], heading: str = "9903.01.24", **days: object) -> Entry:
    read = {name: date.fromisoformat(day) if type(day) is str else day for name, day in days.items()}
    return Entry(
        number=number,
        entered=date.fromisoformat(entered),
        duties=(("CN", Duty(heading, Decimal(100))),),
        rows=(2,),
        **read,  # type: ignore[arg-type]
    )


def look(ledger: Ledger, *entries: Entry, as_of: str = "2026-11-22 23:59:59", **more: object) -> Review:
    at = instant(as_of)
    return review(entries, ledger.actions, ledger.work, at, at, **more)  # type: ignore[arg-type]


def one(ledger: Ledger, of: Entry, as_of: str = "2026-11-22 23:59:59") -> Reviewed:
    return look(ledger, of, as_of=as_of).entries[0]


def by(of: Reviewed, name: str) -> str | None:
    found = [r for r in of.running if r.name == name]
    return f"{found[0].due.at.astimezone(ZONE):%Y-%m-%d}" if found else None


@pytest.mark.parametrize("summary", [None, "2026-01-05", "2026-06-30"])
def test_no_clock_counts_from_the_summary(summary: str | None, shipped_ledger: Ledger) -> None:
    """A public tool counts 15 and 180 days from it: a protest runs from the liquidation, 1514(c)(3)."""
    of = entry("2025-12-20", liquidated="2026-10-30", summary=summary)
    assert by(one(shipped_ledger, of), "protest-180") == "2027-04-28"


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-06-12 23:59", "2026-06-12"),  # the safe day: the last open one
        ("2026-06-13 12:00", "2026-06-13"),  # the statute's own last day, a Saturday
        ("2026-06-14 12:00", "2026-06-15"),  # by practice, T.D. 53961(1)
        ("2026-06-15 23:59", "2026-06-15"),
        ("2026-06-16 00:00", None),
    ],
)
def test_a_protest_is_not_over_before_it_is_over(as_of: str, day: str | None, shipped_ledger: Ledger) -> None:
    found = one(shipped_ledger, entry("2025-02-04", liquidated="2025-12-15"), as_of)
    assert by(found, "protest-180") == day
    assert ("protest-180" in {r.name for r in found.ended}) == (day is None)


def test_a_liquidation_ahead_is_the_day_it_is_scheduled_for(shipped_ledger: Ledger) -> None:
    found = one(shipped_ledger, entry("2026-02-10", liquidated="2026-12-18"))
    assert by(found, "psc") == "2026-12-03"
    assert by(found, "protest-180") is None
    assert any("lies ahead" in note for note in found.notes)


def test_a_deemed_liquidation_starts_the_protest_as_an_estimate(shipped_ledger: Ledger) -> None:
    found = one(shipped_ledger, entry("2025-11-21"))
    assert found.liquidation.deemed == date(2026, 11, 21)
    (protest,) = [r for r in found.running if r.name == "protest-180"]
    assert protest.estimate
    assert "1504(a)(1)" in protest.notes[0]
    assert one(shipped_ledger, entry("2025-11-22")).liquidation.deemed is None  # the year ends with that day


def test_suspension_and_extension_keep_an_entry_from_being_deemed_liquidated(shipped_ledger: Ledger) -> None:
    for held in Held:
        found = one(shipped_ledger, entry("2024-01-10", held=held))
        assert found.liquidation.done is None
        assert by(found, "protest-180") is None
    assert by(one(shipped_ledger, entry("2024-01-10", held=Held.EXTENDED)), "liquidation-extension-4y") == (
        "2028-01-10"
    )


@pytest.mark.parametrize(
    ("entered", "liquidated", "name", "day"),
    [
        ("2004-12-17", "2005-11-01", "protest-90", "2006-01-30"),
        ("2004-12-18", "2005-11-01", "protest-180", "2006-05-01"),  # 180 days end on Sunday, 30 April
        ("2003-12-01", "2004-12-17", "protest-180", "2005-03-17"),  # the rule as it was: 90 days
    ],
)
def test_a_protest_has_the_rule_of_its_own_time(
    entered: str, liquidated: str, name: str, day: str, shipped_ledger: Ledger
) -> None:
    found = one(shipped_ledger, entry(entered, liquidated=liquidated))
    protest = next(r for r in found.ended if r.name.startswith("protest"))
    assert (protest.name, f"{protest.due.at.astimezone(ZONE):%Y-%m-%d}") == (name, day)


def test_the_suit_counts_from_the_earlier_of_entry_and_deposit(shipped_ledger: Ledger) -> None:
    """The first limits for duty of 2025-02-04 fall on 2027-02-04; the day it accrues is disputed."""
    later = one(shipped_ledger, entry("2025-02-04", deposited="2025-02-14"))
    assert by(later, "cit-1581i-2y") == "2027-02-04"
    (suit,) = [r for r in later.running if r.name == "cit-1581i-2y"]
    # 14 February 2027 is a Sunday, and the 15th is Washington's Birthday.
    assert any("2025-02-14: 2027-02-16" in note for note in suit.notes)
    sooner = one(shipped_ledger, entry("2025-02-05", deposited="2025-02-04"))
    assert by(sooner, "cit-1581i-2y") == "2027-02-04"


def test_ordinary_entries_have_no_suit_and_no_drawback_here(shipped_ledger: Ledger) -> None:
    of = Entry(number=NUMBERS[0], entered=date(2026, 6, 1), rows=(2,))
    assert {r.name for r in one(shipped_ledger, of).running} == {"psc", "liquidation-314", "liquidation-1y"}


def test_the_worst_comes_first(shipped_ledger: Ledger) -> None:
    found = look(
        shipped_ledger,
        entry("2025-11-03", NUMBERS[0], liquidated="2026-09-11"),
        entry("2025-07-20", NUMBERS[1], liquidated="2026-05-29"),
        entry("2003-01-05", NUMBERS[2], liquidated="2003-11-28"),
    )
    assert [of.entry.number for of in found.entries] == [NUMBERS[1], NUMBERS[0], NUMBERS[2]]
    ends = [r.due.at for r in found.running]
    assert ends == sorted(ends)
    assert found.entries[2].first is None


def test_of_one_day_ones_own_time_comes_first_and_the_most_duty(shipped_ledger: Ledger) -> None:
    rich = Entry(
        number=NUMBERS[1],
        entered=date(2025, 11, 3),
        liquidated=date(2026, 9, 11),
        duties=(("CN", Duty("9903.01.24", Decimal(900))),),
        rows=(3,),
    )
    found = look(shipped_ledger, entry("2025-11-03", liquidated="2026-09-11"), rich)
    assert [r.entry.number for r in found.running[:2]] == [NUMBERS[1], NUMBERS[0]]


def test_weeks_begin_on_monday_and_count_each_entry_once(shipped_ledger: Ledger) -> None:
    found = look(
        shipped_ledger,
        entry("2025-11-12", NUMBERS[0], liquidated="2026-09-18"),  # CAPE to Mon 2026-12-07
        entry("2025-11-03", NUMBERS[1], liquidated="2026-09-24"),  # CAPE to Sun 2026-12-13
    )
    (week,) = [week for week in found.weeks if week.monday == date(2026, 12, 7)]
    assert (week.entries, week.duty, week.clocks) == (2, Decimal(200), {"cape-80": (2, Decimal(200))})
    assert all(week.monday.weekday() == 0 for week in found.weeks)


def test_only_some_clocks_up_to_an_instant(shipped_ledger: Ledger) -> None:
    of = entry("2025-11-03", liquidated="2026-09-11")
    found = look(shipped_ledger, of, only=("protest-180", "cape-80"), by_then=instant("2026-12-31 00:00"))
    assert [r.name for r in found.running] == ["cape-80"]
    assert {name for week in found.weeks for name in week.clocks} == {"cape-80"}
    assert {r.name for r in found.entries[0].running} > {"protest-180", "cape-80"}


@pytest.mark.parametrize(
    ("as_of", "stage"),
    [
        ("2026-04-09 12:00", None),  # not announced
        ("2026-04-12 12:00", "not-yet"),
        ("2026-04-20 07:59", "not-yet"),
        ("2026-04-20 08:00", "open"),
        ("2026-06-08 23:59", "open"),
        ("2026-06-09 00:00", "closed"),  # 80 days from 20 March: 11 + 30 + 31 + 8 = 8 June
    ],
)
def test_the_refund_programme_opens_and_closes(as_of: str, stage: str | None, shipped_ledger: Ledger) -> None:
    refund = one(shipped_ledger, entry("2025-05-10", liquidated="2026-03-20"), as_of).refund
    assert (refund.stage if refund else None) == stage


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"protested": "2026-10-01"}, "protest is open"),
        ({"type": "09"}, "type 09"),
        ({"type": "03", "held": Held.SUSPENDED}, "antidumping"),
    ],
)
def test_what_the_programme_rejects(more: dict[str, object], words: str, shipped_ledger: Ledger) -> None:
    days = {} if "held" in more else {"liquidated": "2026-09-18"}
    fields = {k: v for k, v in more.items() if k != "type"}
    of = entry("2025-11-12", **days, **fields)
    if "type" in more:
        of = replace(of, type=str(more["type"]))
    refund = one(shipped_ledger, of).refund
    assert refund
    assert refund.stage == "rejected"
    assert words in refund.text


def test_an_extension_before_its_own_rule_has_no_correction_window(shipped_ledger: Ledger) -> None:
    """84 FR 40430, the test that lets an extended entry be corrected, began on 2019-08-14."""
    for liquidated, day in (("2019-08-13", None), ("2019-08-14", "2019-07-30")):
        found = one(
            shipped_ledger,
            entry("2018-10-01", liquidated=liquidated, held=Held.EXTENDED),
            as_of="2019-07-01 12:00",
        )
        assert by(found, "psc-extended") == day


def test_an_entry_ahead_of_the_question_is_told(shipped_ledger: Ledger) -> None:
    at = "2026-11-22 12:00"
    for entered, told in (("2026-11-23", True), ("2026-11-22", False)):
        notes = one(shipped_ledger, entry(entered), as_of=at).notes
        assert (f"the entry date {entered} lies ahead" in notes) is told


@pytest.mark.parametrize(
    ("heading", "entered", "said"),
    [
        ("9903.01.24", "2026-02-24", "had ended before the entry (ieepa-china-fentanyl, collection-ends)"),
        ("9903.01.10", "2025-02-10", "was suspended on the entry date (ieepa-canada-border)"),
        ("9903.99.99", "2025-02-10", "is in no line of the ledger: later events are not known for it"),
    ],
)
def test_what_was_paid_for_nothing_that_the_ledger_has_in_force_is_told(
    heading: str, entered: str, said: str, shipped_ledger: Ledger
) -> None:
    origin = "CA" if "canada" in said else "CN"
    of = replace(entry(entered), duties=((origin, Duty(heading, Decimal(100))),))
    found = look(shipped_ledger, of)
    assert f"{heading} {said}" in found.entries[0].notes
    assert found.unknown == ({heading: Decimal(100)} if "in no line" in said else {})


def test_the_side_of_each_clock(shipped_ledger: Ledger) -> None:
    found = one(shipped_ledger, entry("2026-02-10"))
    sides = {r.name: r.side for r in found.running}
    theirs = {name for name, side in sides.items() if side is Side.CBP}
    assert theirs == {"liquidation-314", "liquidation-1y"}


def test_the_day_is_new_yorks_whatever_the_zone_of_the_question(shipped_ledger: Ledger) -> None:
    at = datetime.fromisoformat("2026-11-26T03:00:00+00:00")  # still the 25th in New York
    of = entry("2025-07-20", liquidated="2026-05-29")
    found = review([of], shipped_ledger.actions, shipped_ledger.work, at, at).entries[0]
    assert by(found, "protest-180") == "2026-11-25"
