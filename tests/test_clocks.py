"""Legal clocks against dates that courts, registers and agencies printed, and at the calendar's edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tariffwatch.calendars import calendar
from tariffwatch.clocks import Clock, ClockError, Count, Group, Part, Roll, business_days, version, work
from tariffwatch.ledger.load import Ledger
from tariffwatch.ledger.rules import check
from tariffwatch.model import Loc

NY = ZoneInfo("America/New_York")
BEIJING = ZoneInfo("Asia/Shanghai")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def day(text: str) -> date:
    return date.fromisoformat(text)


def trigger(text: str, zone: ZoneInfo = NY) -> date | datetime:
    """A day, or with a time an instant on that zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone) if " " in text else day(text)


def made(length: str, count: Count = Count.WITHIN, **other: object) -> Clock:
    """A clock that stands in no law, for the arithmetic alone."""
    base = Clock(
        id="made", title="Made", group=Group.MEASURES, trigger="it begins", length=length, count=count,
        cite="19 U.S.C. 1", zone=NY, loc=Loc("made", 1),
    )  # fmt: skip
    return replace(base, **other)  # type: ignore[arg-type]


# An official source states the day, itself or as others report it; or a secondary source does; or it was
# worked out by hand from the law.
VECTORS = [
    # number, clock, trigger, last day, rolled, safe day, how it is known
    (2, "s122-150-days", "2026-02-24 00:01", "2026-07-23", None, None, "official"),
    (8, "s232-report", "2018-05-23", "2019-02-17", None, "2019-02-15", "official, as reported"),
    (9, "s232-report", "2025-03-10", "2025-12-05", None, "2025-12-05", "by hand"),
    (10, "s232-determine", "2018-01-11", "2018-04-11", None, None, "secondary"),
    (11, "s232-determine", "2019-02-17", "2019-05-18", None, "2019-05-17", "secondary"),
    (12, "s232-negotiate", "2026-01-14", "2026-07-12", None, "2026-07-10", "secondary"),
    (13, "s232-implement", "2025-10-17", "2025-11-01", None, "2025-10-31", "official, as reported"),
    (14, "s301-determine", "2025-07-15", "2026-07-15", None, None, "official, as reported"),
    (15, "s301-determine", "2020-06-02", "2021-06-02", None, None, "official, as reported"),
    (16, "s301-delay", "2021-06-02", "2021-11-29", None, None, "official, as reported"),
    (17, "s301-four-year", "2018-07-06", "2022-07-05", None, None, "official, as reported"),
    (18, "s201-report", "2024-02-28", "2024-08-26", None, None, "official"),
    (20, "s338-30-days", "2026-07-20", "2026-08-19", None, None, "official"),
    (21, "nea-anniversary", "2025-04-02", "2026-04-02", None, None, "official, as reported"),
    (22, "nea-anniversary", "2025-07-30", "2026-07-30", None, None, "by hand"),
    (23, "nea-anniversary", "2025-01-20", "2026-01-20", None, None, "by hand"),
    (24, "order-n-days-enactment-15", "2004-12-03", "2004-12-18", None, "2004-12-17", "official"),
    (25, "fr-n-days-after-30", "2000-09-05", "2000-10-05", None, None, "official"),
    (26, "fr-n-days-after-60", "2017-09-28", "2017-11-27", None, None, "official"),
    (27, "fr-publication-regular", "2026-03-06", "2026-03-11", None, None, "official"),
    (28, "fr-comment-close-rebuttal", "2025-09-03", "2025-09-10", None, None, "by hand"),
    (32, "protest-180", "2025-12-15", "2026-06-13", "2026-06-15", "2026-06-12", "by hand"),
    (33, "liquidation-314", "2025-02-04", "2025-12-15", None, None, "secondary"),
    (34, "liquidation-1y", "2025-02-04", "2026-02-04", None, None, "by hand"),
    (35, "claim-1520d", "2019-10-29", "2020-10-29", None, None, "official, as reported"),
    (36, "cit-summons-180", "2025-06-29", "2025-12-26", "2025-12-29", "2025-12-24", "by hand"),
    (37, "cit-1581i-2y", "2018-09-21", "2020-09-21", None, None, "secondary"),
    (38, "summary-10-working-days", "2025-12-16", "2025-12-31", None, None, "by hand"),
    (40, "entry-15-days", "2026-05-09", "2026-05-24", None, "2026-05-22", "by hand"),
    (41, "petition-60", "2026-01-02", "2026-03-03", None, None, "by hand"),
    (49, "bond-documents-120", "2026-01-02", "2026-05-02", "2026-05-04", "2026-05-01", "by hand"),
    (50, "fr-n-days-after-30", "2026-06-24", "2026-07-24", None, None, "official"),
]


@pytest.mark.parametrize(
    ("start", "clock", "last", "rolled", "safe", "known"),
    [
        pytest.param(start, clock, last, rolled, safe, known, id=f"{number}-{clock}")
        for number, clock, start, last, rolled, safe, known in VECTORS
    ],
)
def test_days_that_are_known(
    shipped_ledger: Ledger,
    start: str,
    clock: str,
    last: str,
    rolled: str | None,
    safe: str | None,
    known: str,
) -> None:
    worked = shipped_ledger.work(clock, trigger(start))
    assert worked.last_day == day(last), known
    assert worked.rolled == (day(rolled) if rolled else None)
    assert worked.safe_day == day(safe or last)


INSTANTS = [
    # number, clock, trigger, zone of the trigger, the instant, its zone
    (1, "s122-150-days", "2026-02-24 00:01", NY, "2026-07-24 00:01", NY),
    (4, "order-n-days-suspension-90", "2025-04-10 00:01", NY, "2025-07-09 00:01", NY),
    (5, "order-n-days-suspension-90", "2025-05-14 00:01", NY, "2025-08-12 00:01", NY),
    (5, "order-n-days-suspension-90", "2025-08-12", NY, "2025-11-10 00:01", NY),  # into standard time
    (6, "order-n-days-after-7", "2025-07-30", NY, "2025-08-06 00:01", NY),
    (7, "order-n-days-after-7", "2025-07-31", NY, "2025-08-07 00:01", NY),
    (7, "order-n-days-after-180", "2026-08-13", NY, "2027-02-09 00:01", NY),
    (20, "s338-30-days", "2026-07-20", NY, "2026-08-19 00:01", NY),
    (39, "quota-presentation", "2020-05-07 16:40", NY, "2020-05-08 08:30", NY),
    (44, "order-n-days-suspension-90", "2025-04-10 12:01", BEIJING, "2025-07-09 00:01", NY),
    (45, "cn-beijing-time-one-year", "2025-11-10 13:01", BEIJING, "2026-11-10 13:01", BEIJING),
    (45, "cn-beijing-time-one-year", "2025-11-10", BEIJING, "2026-11-10 00:01", NY),
    (46, "ca-interpretation-act-in-force", "2025-03-13", NY, "2025-03-13 00:00", NY),
]


@pytest.mark.parametrize(("number", "clock", "start", "zone", "end", "end_zone"), INSTANTS)
def test_instants_that_are_known(
    shipped_ledger: Ledger, number: int, clock: str, start: str, zone: ZoneInfo, end: str, end_zone: ZoneInfo
) -> None:
    worked = shipped_ledger.work(clock, trigger(start, zone))
    assert not worked.day_only
    assert worked.at == datetime.fromisoformat(end).replace(tzinfo=end_zone).astimezone(UTC)


def test_a_surcharge_is_never_counted_from_signature(shipped_ledger: Ledger) -> None:
    """Vector 3: the proclamation was signed four days before it took effect."""
    clock = shipped_ledger.clocks["s122-150-days"][0]
    assert "takes effect" in clock.trigger
    assert (
        shipped_ledger.work(clock.id, day("2026-02-20")).at
        < shipped_ledger.work(clock.id, day("2026-02-24")).at
    )


def test_washers_ran_three_years_and_a_day_then_two_years(shipped_ledger: Ledger) -> None:
    """Vector 19, HTS chapter 99 subchapter III note 17: official."""
    clock = shipped_ledger.clocks["s201-duration"][0]
    closed = calendar("us-federal")
    first = work(replace(clock, length="3 years 1 day"), day("2018-02-07"), closed)
    assert first.last_day == day("2021-02-07")
    assert work(replace(clock, length="2 years"), day("2021-02-08"), closed).last_day == day("2023-02-07")


@pytest.mark.parametrize(
    ("number", "length", "start", "last", "rolled"),
    [
        (29, "30 days", "1947-07-24", "1947-08-23", "1947-08-25"),  # Thalson, 28 Cust. Ct. 536
        (30, "60 days", "1948-10-05", "1948-12-04", "1948-12-06"),  # Hawaiian Oke, 28 Cust. Ct. 58
        (31, "60 days", "1936-12-30", "1937-02-28", "1937-03-01"),  # Cintez; that era knew no roll
    ],
)
def test_periods_that_old_cases_counted(
    shipped_ledger: Ledger, number: int, length: str, start: str, last: str, rolled: str
) -> None:
    clock = replace(shipped_ledger.clocks["protest-180"][-1], length=length)
    worked = work(clock, day(start), calendar("us-federal"))
    assert (worked.last_day, worked.rolled) == (day(last), day(rolled))


def test_closings_by_order_both_ways(shipped_ledger: Ledger) -> None:
    """Vector 38: ten working days over 24 and 26 December 2025, counted and left out."""
    clock = shipped_ledger.clocks["summary-10-working-days"][0]
    ordered = calendar("us-ofr", shipped_ledger.closings)
    assert shipped_ledger.work(clock.id, day("2025-12-16")).last_day == day("2025-12-31")
    without = work(clock, day("2025-12-16"), ordered)
    assert without.last_day == day("2026-01-05")
    assert any("2025-12-24 (by executive order" in step for step in without.steps)
    assert clock.reading


@pytest.mark.parametrize(
    ("clock", "start", "liquidation", "last"),
    [
        ("psc", "2025-02-04", None, "2025-12-01"),
        ("psc", "2025-02-04", "2025-12-15", "2025-11-30"),
        ("psc", "2025-03-03", "2026-01-09", "2025-12-25"),
        ("psc", "2025-03-03", "2026-06-01", "2025-12-28"),
        ("psc-extended", "2026-01-09", None, "2025-12-25"),
    ],
)
def test_the_earlier_of_two_limits(
    shipped_ledger: Ledger, clock: str, start: str, liquidation: str | None, last: str
) -> None:
    others = {"liquidation": day(liquidation)} if liquidation else {}
    worked = shipped_ledger.work(clock, day(start), others)
    assert worked.last_day == day(last)
    asked = any("--trigger liquidation=DATE" in step for step in worked.steps)
    assert asked == (clock == "psc" and liquidation is None)


def test_a_second_limit_from_the_same_trigger() -> None:
    clock = made("2 months", earlier_of=Part(id="short", label="60 days", length="60 days"))
    assert work(clock, day("2026-07-01"), calendar("us-federal")).last_day == day("2026-08-30")
    assert work(clock, day("2026-01-01"), calendar("us-federal")).last_day == day("2026-03-01")


@pytest.mark.parametrize("count", [Count.PERIOD, Count.ON])
def test_an_instant_follows_the_earlier_limit(count: Count) -> None:
    short = Part(id="short", label="60 days", length="60 days", count=count)
    clock = made("90 days", count, hour=time(0, 1), earlier_of=short)
    assert work(clock, day("2026-04-01"), calendar(None)).at == datetime(2026, 5, 31, 4, 1, tzinfo=UTC)


def test_an_instant_rolls_with_its_day() -> None:
    clock = made("30 days", Count.ON, hour=time(0, 1), roll=Roll.NEXT, authority="1 CFR 18.17(b)")
    assert work(clock, day("2013-09-20"), calendar(None)).at == datetime(2013, 10, 21, 4, 1, tzinfo=UTC)


def test_a_part_waits_for_its_own_trigger() -> None:
    clock = made("15 days", parts=(Part(id="late", label="Late", length="90 days", trigger="decision"),))
    assert not work(clock, day("2026-07-31"), calendar(None)).parts
    known = work(clock, day("2026-07-31"), calendar(None), {"decision": day("2026-07-17")})
    assert known.parts == {"late": day("2026-10-15")}


@pytest.mark.parametrize(
    ("clock", "others", "last"),
    [
        ("s301-determine-agreement", {}, "2026-06-23"),
        ("s301-determine-agreement", {"settlement": "2026-02-28"}, "2026-03-30"),
        ("s301-consult-dispute", {}, "2025-05-22"),
        ("s301-consult-dispute", {"agreement": "2025-02-21"}, "2025-02-21"),
        ("s201-act-supplemental", {"provisional": "2024-07-01"}, "2025-01-17"),
    ],
)
def test_limits_that_hang_on_a_second_event(
    shipped_ledger: Ledger, clock: str, others: Mapping[str, str], last: str
) -> None:
    worked = shipped_ledger.work(clock, day("2024-12-23"), {name: day(at) for name, at in others.items()})
    assert worked.last_day == day(last)


HAND = [
    # clock, trigger, last day, day to which it rolls
    ("s232-congress", "2019-05-17", "2019-06-16", None),
    ("s232-negotiate", "2019-05-17", "2019-11-12", None),
    ("s232-negotiate", "2026-07-09", "2027-01-04", None),
    ("s301-petition", "2026-03-16", "2026-04-30", None),
    ("s301-hearing", "2026-06-01", "2026-06-30", None),
    ("s301-special301", "2026-04-30", "2026-05-30", None),
    ("s301-consult", "2025-07-15", "2025-10-13", None),
    ("s301-implement", "2026-07-15", "2026-08-14", None),
    ("s301-four-year", "2018-08-23", "2022-08-22", None),
    ("s201-act", "2026-05-18", "2026-07-17", None),
    ("s201-supplement-request", "2026-05-18", "2026-06-02", None),
    ("s201-supplement", "2026-06-02", "2026-07-02", None),
    ("s201-act-supplemental", "2026-07-02", "2026-08-01", None),
    ("s201-effect", "2026-07-31", "2026-08-15", None),
    ("s201-effect-negotiations", "2026-07-17", "2026-10-15", None),
    ("s201-duration", "2018-02-07", "2022-02-06", None),
    ("s201-midterm", "2018-02-07", "2020-02-07", None),
    ("s201-extension", "2026-02-06", "2025-08-06", None),
    ("nea-six-month", "2025-04-02", "2025-10-02", None),
    ("fr-publication-hearing", "2026-03-16", "2026-03-31", None),
    ("fr-publication-regular", "2026-07-02", "2026-07-08", None),
    ("fr-n-days-after-60", "2008-01-02", "2008-03-02", "2008-03-03"),
    ("fr-n-days-after-30", "2013-09-20", "2013-10-20", "2013-10-21"),
    ("fr-n-days-after-60", "1998-02-02", "1998-04-03", None),
    ("entry-15-days", "2026-03-02", "2026-03-17", None),
    ("summary-10-working-days", "2026-03-02", "2026-03-16", None),
    ("summary-10-working-days", "2026-06-25", "2026-07-10", None),
    ("summary-rejected", "2026-03-05", "2026-03-09", None),
    ("periodic-statement", "2025-11-14", "2025-12-19", None),
    ("periodic-statement", "2026-01-31", "2026-02-23", None),
    ("import-activity-summary", "2026-01-31", "2026-02-20", None),
    ("liquidation-314", "2025-04-05", "2026-02-13", None),
    ("liquidation-extension-4y", "2025-02-04", "2029-02-04", None),
    ("reliquidation-90", "2025-12-15", "2026-03-15", None),
    ("reliquidation-90", "2026-01-09", "2026-04-09", None),
    ("protest-180", "2026-01-09", "2026-07-08", None),
    ("protest-surety", "2026-01-02", "2026-07-01", None),
    ("afr-set-aside", "2026-03-02", "2026-05-01", None),
    ("protest-void-denial", "2026-03-02", "2026-05-31", None),
    ("protest-2y", "2026-06-15", "2028-06-15", None),
    ("accelerated-30", "2026-01-05", "2026-02-04", None),
    ("exclusion-30", "2026-03-02", "2026-04-01", None),
    ("detention-5-30", "2026-06-25", "2026-07-02", None),
    ("detention-5-30-exclusion", "2026-06-25", "2026-07-25", None),
    ("cit-summons-180", "2026-02-04", "2026-08-03", None),
    ("cit-1581i-2y", "2019-08-20", "2021-08-20", None),
    ("drawback-5y", "2021-02-28", "2026-02-28", None),
    ("drawback-5y-beginning", "2021-02-28", "2026-02-27", None),
    ("reconciliation-fta", "2025-03-15", "2026-03-15", None),
    ("prior-disclosure", "2026-03-02", "2026-04-01", None),
    ("petition-60-seizure", "2026-01-02", "2026-02-01", None),
    ("owners-declaration-90", "2026-01-02", "2026-04-02", None),
    ("ftz-weekly-entry", "2026-03-02", "2026-03-08", None),
    ("in-bond-30", "2026-03-02", "2026-04-01", None),
    ("warehouse-5y", "2021-11-22", "2026-11-22", None),
    ("general-order-6m", "2026-01-31", "2026-07-31", None),
    ("bill-30", "2026-03-02", "2026-04-01", None),
    ("eu-1182-71-six-months", "2025-08-07", "2026-02-06", None),
    ("ca-interpretation-act-remission", "2025-02-01", "2027-02-01", None),
    # Month ends, and 29 February: the last day of a month that lacks the day.
    ("ca-interpretation-act-month", "2026-01-31", "2026-02-28", None),  # a Saturday stays
    ("eu-1182-71-month", "2026-01-31", "2026-02-28", "2026-03-02"),  # and rolls in the EU
    ("ca-interpretation-act-month", "2027-11-26", "2027-12-26", "2027-12-27"),  # no observed Christmas
    ("ca-interpretation-act-month", "2028-12-03", "2029-01-03", None),
    ("ca-interpretation-act-month", "2018-06-01", "2018-07-01", "2018-07-03"),  # Canada Day on a Sunday
    ("ca-interpretation-act-month", "2026-08-07", "2026-09-07", "2026-09-08"),
    ("reconciliation", "2025-05-31", "2027-02-28", None),
    ("s301-determine-special301", "2026-05-30", "2026-11-30", None),
    ("liquidation-suspension-6m", "2026-08-31", "2027-02-28", None),
    ("liquidation-1y", "2024-02-29", "2025-02-28", None),
    ("claim-1520d", "2024-02-29", "2025-02-28", None),
    ("protest-2y", "2024-02-29", "2026-02-28", None),
    ("liquidation-extension-4y", "2024-02-29", "2028-02-29", None),
    ("s301-determine", "2023-02-28", "2024-02-28", None),
    # Year ends.
    ("summary-10-working-days", "2027-12-20", "2028-01-05", None),  # 24 and 31 December are observed days
    ("periodic-statement", "2025-12-31", "2026-01-23", None),
    ("bill-30", "2025-12-02", "2026-01-01", None),
    ("bond-documents-120", "2027-09-02", "2027-12-31", "2028-01-03"),
    ("cit-summons-180", "2027-07-04", "2027-12-31", "2028-01-03"),
]


@pytest.mark.parametrize(("clock", "start", "last", "rolled"), HAND)
def test_days_worked_out_by_hand(
    shipped_ledger: Ledger, clock: str, start: str, last: str, rolled: str | None
) -> None:
    worked = shipped_ledger.work(clock, day(start))
    assert (worked.last_day, worked.rolled) == (day(last), day(rolled) if rolled else None)


@pytest.mark.parametrize(
    ("clock", "start", "parts"),
    [
        ("s232-negotiate", "2026-01-14", {"too-late": "2026-07-13"}),  # vector 12
        (
            "s301-four-year",
            "2018-07-06",
            {"opens": "2022-05-07", "closes": "2022-07-05", "notify": "2022-05-07"},
        ),  # vector 17
        ("nea-anniversary", "2025-04-02", {"opens": "2026-01-02", "closes": "2026-04-01"}),  # vector 21
        ("nea-anniversary", "2025-07-30", {"opens": "2026-05-01", "closes": "2026-07-29"}),  # vector 22
        ("nea-anniversary", "2025-01-20", {"opens": "2025-10-22", "closes": "2026-01-19"}),  # vector 23
        ("fr-publication-regular", "2026-03-06", {"inspection": "2026-03-10"}),  # vector 27
        ("s301-determine-special301", "2026-05-30", {"complex": "2027-02-28"}),
        ("s201-injury", "2024-02-28", {"declared": "2024-06-06", "complicated": "2024-07-27"}),
        ("s201-act", "2026-05-18", {"more": "2026-06-02"}),
        ("s201-duration", "2018-02-07", {"extended": "2026-02-06"}),
        ("s201-extension", "2026-02-06", {"opens": "2025-05-06", "report": "2025-12-08"}),
        ("nea-six-month", "2025-04-02", {"second": "2026-04-02"}),
        ("s301-four-year", "2018-08-23", {"opens": "2022-06-24", "closes": "2022-08-22"}),
        ("general-order-vesting", "2026-03-02", {"rescue": "2026-03-31"}),
    ],
)
def test_windows(shipped_ledger: Ledger, clock: str, start: str, parts: Mapping[str, str]) -> None:
    worked = shipped_ledger.work(clock, day(start))
    assert {id: f"{worked.parts[id]}" for id in parts} == parts


@pytest.mark.parametrize(
    ("holiday", "reason"),
    [
        ("2026-07-03", "Independence Day"),
        ("2027-06-18", "Juneteenth"),
        ("2027-07-05", "Independence Day"),
        ("2027-12-24", "Christmas"),
        ("2027-12-31", "New Year"),
    ],
)
@pytest.mark.parametrize("which", ["us-federal", "us-ofr", "us-cit"])
def test_holidays_on_saturday_and_sunday(holiday: str, reason: str, which: str) -> None:
    """5 U.S.C. 6103(b), E.O. 11582 sec. 3(a): the Friday before, the Monday after."""
    closed = calendar(which)
    assert reason in (closed(day(holiday)) or "")
    roll = made("0 days", roll=Roll.NEXT, authority="a rule", calendar=which)
    worked = work(roll, day(holiday), closed)
    assert worked.rolled is not None
    assert worked.rolled > day(holiday) > worked.safe_day


@pytest.mark.parametrize("holiday", ["2026-07-03", "2027-06-18", "2027-07-05", "2027-12-24", "2027-12-31"])
def test_an_observed_day_is_no_working_day(holiday: str) -> None:
    closed = calendar("us-federal")
    worked = work(made("1 business day"), day(holiday).replace(day=day(holiday).day - 1), closed)
    assert worked.last_day > day(holiday)
    assert business_days(day(holiday).replace(day=day(holiday).day - 1), day(holiday), closed) == 0


@pytest.mark.parametrize(
    ("which", "closed"),
    [("us-federal", False), ("us-ofr", True), ("us-cit", False)],
)
def test_christmas_eve_2025_is_closed_only_where_the_order_counts(
    shipped_ledger: Ledger, which: str, closed: bool
) -> None:
    found = calendar(which, shipped_ledger.closings)(day("2025-12-24"))
    assert bool(found) is closed


def test_the_court_keeps_days_of_its_own(shipped_ledger: Ledger) -> None:
    for closing in ("2025-11-28", "2025-12-26"):
        assert calendar("us-cit", shipped_ledger.closings)(day(closing))
        assert calendar("us-federal", shipped_ledger.closings)(day(closing)) is None


@pytest.mark.parametrize(
    ("first", "number", "last", "last_number"),
    [("2025-01-03", 2, "2025-02-18", 31), ("2018-12-04", 233, "2018-12-21", 245)],
)
def test_the_register_prints_no_issue_on_closed_days(
    shipped_ledger: Ledger, first: str, number: int, last: str, last_number: int
) -> None:
    """Vector 48: the numbers of 90 FR and 83 FR fit only if 9 January and 5 December are skipped."""
    issues = business_days(day(first), day(last), calendar("us-ofr", shipped_ledger.closings))
    assert number + issues == last_number
    assert number + business_days(day(first), day(last), calendar("us-federal")) == last_number + 1


def test_a_period_over_a_clock_change_keeps_its_time_of_day() -> None:
    """2026-03-08 and 2025-11-02: days are added on the wall, not as 24 hours."""
    closed = calendar("us-federal")
    spring = work(made("7 days", Count.PERIOD), trigger("2026-03-05 00:01"), closed)
    assert spring.at == datetime(2026, 3, 12, 4, 1, tzinfo=UTC)
    autumn = work(made("7 days", Count.PERIOD), trigger("2025-10-30 00:01"), closed)
    assert autumn.at == datetime(2025, 11, 6, 5, 1, tzinfo=UTC)
    at_change = work(made("1 day", Count.PERIOD), trigger("2026-03-07 02:30"), closed)
    assert at_change.last_day == day("2026-03-07")


def test_the_surcharge_lasts_3599_hours(shipped_ledger: Ledger) -> None:
    start = datetime(2026, 2, 24, 0, 1, tzinfo=NY)
    elapsed = shipped_ledger.work("s122-150-days", start).at - start.astimezone(UTC)
    assert elapsed.total_seconds() == 3599 * 3600


@pytest.mark.parametrize(
    ("lading", "due"),
    [
        ("2026-03-29 12:00", "2026-03-28 11:00"),  # vector 42: the clocks went forward
        ("2026-03-28 12:00", "2026-03-27 12:00"),
        ("2025-10-26 12:00", "2025-10-25 13:00"),  # and back
    ],
)
def test_hours_are_absolute_and_know_no_closed_days(shipped_ledger: Ledger, lading: str, due: str) -> None:
    worked = shipped_ledger.work("isf-24h", trigger(lading, AMSTERDAM), zone=AMSTERDAM)
    assert worked.at == datetime.fromisoformat(due).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    assert (worked.day_only, worked.rolled) == (False, None)
    assert not any("closed" in step or "to its close" in step for step in worked.steps)


@pytest.mark.parametrize(
    ("clock", "start", "length"),
    [
        ("psc", "2017-10-31", "270 days"),
        ("psc", "2017-11-01", "300 days"),
        ("protest-180", "2004-12-17", "90 days"),
        ("protest-180", "2004-12-18", "180 days"),
        ("protest-90", "2005-10-28", "90 days"),
    ],
)
def test_the_version_that_was_law(shipped_ledger: Ledger, clock: str, start: str, length: str) -> None:
    assert shipped_ledger.work(clock, day(start)).clock.length == length


def test_the_older_correction_limits(shipped_ledger: Ledger) -> None:
    worked = shipped_ledger.work("psc", day("2017-01-10"), {"liquidation": day("2017-10-20")})
    assert worked.last_day == day("2017-09-30")


@pytest.mark.parametrize(
    ("clock", "start"),
    [
        ("in-bond-30", "2017-11-26"),
        ("psc-extended", "2019-08-13"),
        ("protest-90", "2004-12-17"),
        ("protest-180", "1948-10-05"),
    ],
)
def test_a_trigger_before_the_law(shipped_ledger: Ledger, clock: str, start: str) -> None:
    with pytest.raises(ClockError, match=f"{clock} was not law on {start}"):
        shipped_ledger.work(clock, day(start))


def test_the_times_for_which_a_rule_is_known_are_told() -> None:
    older = made("30 days", law_until=day("2004-12-18"))
    old = made("90 days", law_from=day("2010-01-01"), law_until=day("2017-11-01"))
    new = made("180 days", law_from=day("2019-08-14"))
    with pytest.raises(ClockError) as error:
        version([older, old, new], day("2018-01-01"))
    assert str(error.value) == (
        "made was not law on 2018-01-01: it is known for "
        "earlier to 2004-12-18; 2010-01-01 to 2017-11-01; 2019-08-14 to now"
    )


@pytest.mark.parametrize(
    ("clock", "start", "others", "steps"),
    [
        (
            "protest-180",
            "2025-12-15",
            {},
            [
                "Trigger (liquidation or reliquidation, or else the decision protested): Mon 2025-12-15",
                "180 days, the trigger day not counted: last day Sat 2026-06-13, to its close",
                "2026-06-13 is closed (Saturday): rolls to Mon 2026-06-15 by practice only, "
                "T.D. 53961(1); Thalson, 28 Cust. Ct. 536; safe day Fri 2026-06-12",
                "Countdowns run to the safe day, Fri 2026-06-12: the roll rests on practice",
            ],
        ),
        (
            "bond-documents-120",
            "2026-01-02",
            {},
            [
                "Trigger (CBP's notice or request): Fri 2026-01-02",
                "120 days, the trigger day not counted: last day Sat 2026-05-02, to its close",
                "2026-05-02 is closed (Saturday): rolls to Mon 2026-05-04 by law, 19 CFR 113.42; "
                "safe day Fri 2026-05-01",
            ],
        ),
        (
            "psc",
            "2025-02-04",
            {"liquidation": "2025-12-15"},
            [
                "Trigger (the date of entry): Tue 2025-02-04",
                "300 days, the trigger day not counted: last day Mon 2025-12-01, to its close",
                "15 days before the scheduled liquidation: Sun 2025-11-30; "
                "the earlier counts, Sun 2025-11-30",
                "2025-11-30 is closed (Sunday), and the day does not move (the notices are silent on "
                "weekends); safe day Fri 2025-11-28",
            ],
        ),
        (
            "s122-150-days",
            "2026-02-24 00:00",
            {},
            [
                "Trigger (the surcharge takes effect): Tue 2026-02-24 00:00 EST",
                "150 days, the trigger day counted: last full day Thu 2026-07-23",
                "At 2026-07-24 00:00 EDT, by the same clock",
            ],
        ),
    ],
)
def test_the_steps_are_told(
    shipped_ledger: Ledger, clock: str, start: str, others: Mapping[str, str], steps: list[str]
) -> None:
    given = {name: day(at) for name, at in others.items()}
    assert list(shipped_ledger.work(clock, trigger(start), given).steps) == steps


@pytest.mark.parametrize(
    ("clock", "start", "steps"),
    [
        (
            made("-3 business days"),
            "2026-11-30",
            [
                "Trigger (it begins): Mon 2026-11-30",
                "Not counted: 2026-11-29 (Sunday), 2026-11-28 (Saturday), 2026-11-26 (Thanksgiving Day)",
                "-3 business days, the trigger day not counted: last day Tue 2026-11-24, to its close",
            ],
        ),
        (
            made("10 days"),
            "2026-06-24",
            [
                "Trigger (it begins): Wed 2026-06-24",
                "10 days, the trigger day not counted: last day Sat 2026-07-04, to its close",
                "2026-07-04 is closed (Saturday), and the day does not move; safe day Thu 2026-07-02",
            ],
        ),
        (
            made(
                "30 days", earlier_of=Part(id="short", label="Five business days", length="5 business days")
            ),
            "2026-06-24",
            [
                "Trigger (it begins): Wed 2026-06-24",
                "30 days, the trigger day not counted: last day Fri 2026-07-24, to its close",
                "Not counted: 2026-06-27 (Saturday), 2026-06-28 (Sunday)",
                "Five business days: Wed 2026-07-01; the earlier counts, Wed 2026-07-01",
            ],
        ),
        (
            made("2 weeks", Count.ON, hour=time(0, 1)),
            "2026-06-24",
            [
                "Trigger (it begins): Wed 2026-06-24 00:01 EDT",
                "2 weeks later: Wed 2026-07-08",
                "At 2026-07-08 00:01 EDT, by the same clock",
            ],
        ),
        (
            made("24 hours"),
            "2026-03-05 20:00",
            [
                "Trigger (it begins): Thu 2026-03-05 20:00 EST",
                "24 hours, in absolute time: Fri 2026-03-06 20:00 EST",
            ],
        ),
        (
            made("-1 hour"),
            "2026-03-08 03:30",
            [
                "Trigger (it begins): Sun 2026-03-08 03:30 EDT",
                "-1 hour, in absolute time: Sun 2026-03-08 01:30 EST",
            ],
        ),
    ],
)
def test_the_steps_of_the_arithmetic_are_told(clock: Clock, start: str, steps: list[str]) -> None:
    assert list(work(clock, trigger(start), calendar("us-federal")).steps) == steps


@pytest.mark.parametrize(
    ("clock", "last", "at", "day_only"),
    [
        (made("24 hours"), "2026-03-06", "2026-03-07 01:00", False),  # the day is New York's, the instant UTC
        (made("1 day"), "2026-03-06", "2026-03-06 05:00", True),
        (made("1 day", Count.ON, hour=time(9)), "2026-03-06", "2026-03-06 14:00", False),
    ],
)
def test_a_countdown_runs_to_an_instant_in_utc_or_to_a_whole_day(
    clock: Clock, last: str, at: str, day_only: bool
) -> None:
    worked = work(clock, trigger("2026-03-05 20:00"), calendar(None))
    assert worked.last_day == day(last)
    assert worked.at.tzinfo is UTC
    assert (worked.at, worked.day_only) == (datetime.fromisoformat(at).replace(tzinfo=UTC), day_only)


def test_an_unknown_clock_names_the_nearest(shipped_ledger: Ledger) -> None:
    with pytest.raises(ClockError, match='did you mean "s232-report"'):
        shipped_ledger.work("s232-reprot", day("2025-03-10"))
    with pytest.raises(ClockError, match='no clock is called "widgets"; tariffwatch clock lists them'):
        shipped_ledger.work("widgets", day("2025-03-10"))


@pytest.mark.parametrize("length", ["150", "ten days", "150 fortnights", "5 days or so", "days"])
def test_a_length_that_is_none(length: str) -> None:
    with pytest.raises(ClockError, match="is not a length"):
        work(made(length), day("2026-01-01"), calendar(None))


def test_practice_counts_down_to_the_safe_day_and_law_to_the_rolled_one(shipped_ledger: Ledger) -> None:
    protest = shipped_ledger.work("protest-180", day("2025-12-15"))
    assert protest.at == datetime(2026, 6, 12, tzinfo=NY).astimezone(UTC)
    bond = shipped_ledger.work("bond-documents-120", day("2026-01-02"))
    assert bond.at == datetime(2026, 5, 4, tzinfo=NY).astimezone(UTC)
    entry = shipped_ledger.work("entry-15-days", day("2026-05-09"))
    assert entry.at == datetime(2026, 5, 24, tzinfo=NY).astimezone(UTC)


def test_a_period_from_a_bare_day_has_the_clocks_hour() -> None:
    worked = work(made("90 days", Count.PERIOD, hour=time(0, 1)), day("2025-04-10"), calendar(None))
    assert worked.at == datetime(2025, 7, 9, 0, 1, tzinfo=NY).astimezone(UTC)


def test_every_clock_works_and_says_what_it_rests_on(shipped_ledger: Ledger) -> None:
    for versions in shipped_ledger.clocks.values():
        for clock in versions:
            start = clock.law_from or (clock.law_until.replace(year=2000) if clock.law_until else None)
            worked = shipped_ledger.work(clock.id, start or day("2026-03-02"))
            assert worked.clock == clock
            assert clock.evidence, clock.id
            assert clock.authority or clock.length.endswith("hours"), clock.id
            assert (clock.roll is Roll.NONE) or clock.calendar, clock.id


def test_versions_of_a_clock_follow_each_other(shipped_ledger: Ledger) -> None:
    for versions in shipped_ledger.clocks.values():
        for before, after in pairwise(versions):
            assert before.law_until == after.law_from is not None


def test_the_file_of_clocks_has_no_problems(shipped_ledger: Ledger) -> None:
    problems = check(shipped_ledger, datetime(2026, 11, 22, tzinfo=NY))
    assert not [problem for problem in problems if Path(problem.loc.file).name == "clocks.toml"]


@pytest.mark.parametrize(
    "length", ["99999 years", "-99999 months", "99999 weeks " * 5, "12000 business days " * 4, "300 years"]
)
def test_a_length_that_leads_out_of_the_calendar_is_refused(length: str) -> None:
    with pytest.raises(ClockError, match="leads out of the years 1900 to 2199"):
        work(made(length), day("2025-02-04"), calendar("us-federal"))


def test_a_length_is_a_few_words() -> None:
    """Each term of business days is walked: a thousand, forth and back, would take for ever."""
    with pytest.raises(ClockError, match="is not a length"):
        work(made("99999 business days - 99999 business days " * 3), day("2025-02-04"), calendar(None))
