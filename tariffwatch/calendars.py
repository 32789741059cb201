"""Calendars of closed days: federal holidays and courts in the United States, the EU, Canada.

Holidays come from the ``holidays`` library (5 U.S.C. 6103 with its observed days; Regulation 1182/71
art. 2(2)) and from the text (Interpretation Act s. 35); single closings, by executive order or by a
court, are data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tariffwatch.clocks import Calendar, weekends
from tariffwatch.closed_days import CLOSED_DAYS
from tariffwatch.model import Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A day on which offices were closed by order, beside the holidays."""

    id: str
    day: date
    reason: str
    calendars: tuple[str, ...]
    source: str
    evidence: str | None = None
    loc: Loc


def calendar(id: str | None, closings: Iterable[Closing] = ()) -> Calendar:
    """The calendar of that id; without one, only weekends are closed. Raises KeyError for another."""
    if id is None:
        return weekends
    by_order: Mapping[date, str] = {c.day: c.reason for c in closings if id in c.calendars}
    holiday = HOLIDAYS[id]
    weekend: Callable[[date], str | None] = _sundays if id == "ca" else weekends
    return lambda day: weekend(day) or holiday(day.year).get(day) or by_order.get(day)


def _sundays(day: date) -> str | None:
    """In Canada a Saturday is no holiday (Interpretation Act s. 35)."""
    return "Sunday" if day.weekday() == 6 else None


@cache
def _united_states(year: int) -> Mapping[date, str]:
    """Legal public holidays with their observed days, 5 U.S.C. 6103(a), (b); E.O. 11582 sec. 3."""
    # The observed day of the next year's New Year may fall on 31 December.
    return {**_library("US", year), **_library("US", year + 1)}


@cache
def _washington(year: int) -> Mapping[date, str]:
    """The same, and Inauguration Day: federal employees in and around Washington, 5 U.S.C. 6103(c)."""
    held = dict(_united_states(year))
    if (year - 1965) % 4 == 0:
        day = date(year, 1, 20)
        held.setdefault(day + timedelta(days=day.weekday() == 6), "Inauguration Day")
    return held


LANGUAGE = "en_US"
"""Of the names of holidays: the library would take it from the machine's locale."""


@cache
def _library(country: str, year: int) -> Mapping[date, str]:
    """The holidays of a country as the library has them, observed days too, which may lie in another year.

    Those of the years in use are written out, for the library takes longer to import than to ask.
    """
    if written := CLOSED_DAYS[country].get(year):
        return {date.fromisoformat(day): name for day, name in written.items()}
    from holidays import country_holidays

    return dict(country_holidays(country, years=year, language=LANGUAGE))


@cache
def _european_union(year: int) -> Mapping[date, str]:
    """The holidays of Belgium, the Commission's seat: 1182/71 looks to the institution's own list."""
    return _library("BE", year)


@cache
def _canada(year: int) -> Mapping[date, str]:
    """Interpretation Act s. 35: each on its own day, but for Canada Day on a Sunday (Holidays Act s. 2).

    Days set by proclamation, such as Thanksgiving, are not known here.
    """
    from dateutil.easter import easter

    canada_day = date(year, 7, 1)
    held = {
        date(year, 1, 1): "New Year's Day",
        easter(year) - timedelta(days=2): "Good Friday",
        easter(year) + timedelta(days=1): "Easter Monday",
        _before(date(year, 5, 25), 0): "Victoria Day",
        canada_day + timedelta(days=canada_day.weekday() == 6): "Canada Day",
        _before(date(year, 9, 8), 0): "Labour Day",
        date(year, 11, 11): "Remembrance Day",
        date(year, 12, 25): "Christmas Day",
    }
    if year >= 2021:
        held[date(year, 9, 30)] = "National Day for Truth and Reconciliation"
    return held


def _before(day: date, weekday: int) -> date:
    """The last such weekday before a day: Victoria Day is the Monday before 25 May."""
    return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)


HOLIDAYS: Mapping[str, Callable[[int], Mapping[date, str]]] = {
    "us-federal": _united_states,
    "us-washington": _washington,
    "us-ofr": _united_states,
    "us-cit": _united_states,
    "eu": _european_union,
    "ca": _canada,
}
"""Every calendar by id. The Office of the Federal Register and the Court of International Trade keep
the federal holidays; their own closings are data."""
