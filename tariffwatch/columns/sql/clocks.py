"""The clocks in SQL: how entries stand, which clocks start for them, and when these end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from tariffwatch.calendars import calendar
from tariffwatch.clocks import TERM, Calendar, Clock, Count, Roll
from tariffwatch.columns.sql.cells import DAYS
from tariffwatch.columns.sql.text import listed, table, view
from tariffwatch.entries import refunds, values
from tariffwatch.entries.model import Held
from tariffwatch.entries.running import PROTEST_180
from tariffwatch.ledger.load import Ledger

YEARS_AHEAD = 5
"""For how many years closed days are written out: as far as a clock that rolls can run."""


def entries() -> str:
    alike = [*DAYS, "held", "entry_type"]
    agree = "\n  AND ".join(f"COALESCE(MIN({name}) = MAX({name}), TRUE)" for name in alike)
    days = ",\n    ".join(f"MAX({name}) AS {name}" for name in alike)
    flagged = f"MAX(CASE WHEN reconciliation IN ({listed(values.YES)}) THEN 1 ELSE 0 END) = 1"
    query = f"""
WITH told AS (
  SELECT entry_number,
    {days},
    {flagged} AS reconciliation
  FROM good
  GROUP BY entry_number
  HAVING {agree}
), paid AS (
  SELECT duties.entry_number, SUM(amount) AS duty,
    SUM(CASE WHEN paid_back.heading IS NOT NULL THEN amount ELSE 0 END) AS ieepa
  FROM duties
  LEFT JOIN own_origins ON own_origins.heading = duties.heading AND own_origins.origin = duties.origin
  LEFT JOIN paid_back ON paid_back.heading = duties.heading
    AND paid_back.origin = COALESCE(own_origins.origin, '*')
    AND duties.entry_date >= paid_back.first_day AND duties.entry_date < paid_back.until_day
  GROUP BY duties.entry_number
)
SELECT told.*, COALESCE(paid.duty, 0) AS duty, COALESCE(paid.ieepa, 0) AS ieepa
FROM told LEFT JOIN paid ON paid.entry_number = told.entry_number"""
    apart = f"""
SELECT entry_number, COUNT(*) AS lines FROM good
GROUP BY entry_number
HAVING NOT ({agree})"""
    return "\n\n".join(
        (
            view("entries", query, "The entries: lines of one number that agree. And what was paid on them."),
            view("disagreeing", apart, "Entries that are left out, for their lines do not agree."),
        )
    )


def _versions(ledger: Ledger, name: str, trigger: str) -> str:
    """The last day of a clock, by the version that was law on the trigger day."""
    cases = [
        f"WHEN {_in_law(clock, trigger)} THEN {_last_day(clock, trigger)}" for clock in ledger.versions(name)
    ]
    return f"CASE {' '.join(cases)} END"


def _in_law(clock: Clock, trigger: str) -> str:
    begun = [f"{trigger} >= DATE '{clock.law_from}'"] if clock.law_from else []
    over = [f"{trigger} < DATE '{clock.law_until}'"] if clock.law_until else []
    return " AND ".join([*begun, *over]) or f"{trigger} IS NOT NULL"


def _last_day(clock: Clock, trigger: str, second: str = "NULL") -> str:
    """The statutory last day, as :func:`tariffwatch.clocks.work` counts it."""
    day = _added(trigger, clock.length, clock.count)
    limit = clock.earlier_of
    return f"LEAST({day}, {_added(second, limit.length, limit.count)})" if limit else day


def _added(trigger: str, length: str, count: Count) -> str:
    if (
        not re.fullmatch(rf"{TERM.pattern}( {TERM.pattern})*", length)
        or "hour" in length
        or "business" in length
    ):
        raise ValueError(f"{length} cannot be counted in SQL")
    day = trigger
    for sign, amount, unit in TERM.findall(length):
        day = f"CAST({day} {sign or '+'} INTERVAL {amount} {unit.upper()} AS DATE)"
    return f"CAST({day} - INTERVAL 1 DAY AS DATE)" if count in (Count.PERIOD, Count.BEFORE) else day


# Which clocks start, and when they end.

_PROTESTED = "COALESCE(reliquidation_date, done)"
_UNDISPUTED = "done IS NOT NULL AND protest_date IS NULL AND denial_date IS NULL"
_OLD = f"entry_date < DATE '{PROTEST_180}' AND {_PROTESTED} >= DATE '{PROTEST_180}'"
_REJECTED = (
    f"COALESCE(entry_type IN ({listed(refunds.REJECTED)}), FALSE)",
    f"COALESCE(entry_type IN ({listed(refunds.ADCVD)}) AND held = '{Held.SUSPENDED}', FALSE)",
    "(protest_date IS NOT NULL AND denial_date IS NULL)",
)
_STARTS: Mapping[str, tuple[str, str, str, str]] = {
    "psc": ("yours", "entry_date", "done IS NULL AND COALESCE(held, '') <> 'extended'", "guessed"),
    "psc-extended": ("yours", "expected", "done IS NULL AND held = 'extended'", "FALSE"),
    "liquidation-314": ("cbp", "entry_date", "guessed", "TRUE"),
    "liquidation-1y": ("cbp", "entry_date", "done IS NULL AND held IS NULL", "FALSE"),
    "liquidation-extension-4y": ("cbp", "entry_date", "done IS NULL AND held = 'extended'", "FALSE"),
    "reliquidation-90": ("cbp", "done", "done IS NOT NULL", "actual IS NULL"),
    "protest-180": ("yours", _PROTESTED, f"{_UNDISPUTED} AND NOT ({_OLD})", "actual IS NULL"),
    "protest-90": ("yours", _PROTESTED, f"{_UNDISPUTED} AND {_OLD}", "actual IS NULL"),
    "cit-summons-180": ("yours", "denial_date", "denial_date IS NOT NULL", "FALSE"),
    "protest-2y": ("cbp", "protest_date", "protest_date IS NOT NULL AND denial_date IS NULL", "FALSE"),
    "cit-1581i-2y": ("yours", "LEAST(entry_date, deposit_date)", "duty > 0", "FALSE"),
    "drawback-5y": ("yours", "COALESCE(import_date, entry_date)", "duty > 0", "import_date IS NULL"),
    "cape-80": ("yours", "COALESCE(done, expected)", f"NOT ({' OR '.join(_REJECTED)})", "actual IS NULL"),
}
"""For each clock: whose time it is, from which day it counts, for which entries it runs, and whether it is an
estimate, as :class:`tariffwatch.entries.running.Clocks` has them."""


def _of(ledger: Ledger, programme: refunds.Programme) -> Iterator[tuple[str, Clock, str]]:
    """Every version of every clock, by a name of its own, with what else must hold for it to run."""
    for name in _STARTS:
        if name == refunds.CLOCK:
            for flagged, clock in programme.clocks.items():
                yield f"{name} {int(flagged) + 1}", clock, f"ieepa > 0 AND reconciliation = {flagged}".upper()
        else:
            for n, clock in enumerate(ledger.versions(name), start=1):
                yield f"{name} {n}", clock, ""


def clocks(ledger: Ledger, programme: refunds.Programme) -> str:
    names = ("version", "clock", "whose", "title", "law", "law_from", "law_until", "roll", "calendar")
    rows = [
        (
            *(version, clock.id, _STARTS[clock.id][0], clock.title, clock.cite),
            *(clock.law_from, clock.law_until, clock.roll.value, clock.calendar),
        )
        for version, clock, _ in _of(ledger, programme)
    ]
    return view("clocks", table(names, rows), "The periods, with the days from and until which each was law.")


def _lined(cases: Iterable[str]) -> str:
    return "\n      ".join(cases)


def closed(ledger: Ledger, today: date) -> str:
    """The closed days of the calendars on which a clock rolls, from a little before today on."""
    versions = [clock for name in _STARTS if name in ledger.clocks for clock in ledger.versions(name)]
    names = sorted({clock.calendar or "" for clock in versions if clock.roll is not Roll.NONE})
    span = [today + timedelta(days=n) for n in range(-31, YEARS_AHEAD * 366)]
    rows = [
        (name, day, _open(shut, day, 1), _open(shut, day, -1))
        for name in names
        for shut in (calendar(name or None, ledger.closings),)
        for day in span
        if shut(day)
    ]
    told = f"Days on which offices are closed through {span[-1]}, with the open days after and before."
    return view("closed", table(("closed_by", "closed_on", "next_open", "last_open"), rows), told)


def _open(shut: Calendar, day: date, step: int) -> date:
    while shut(day):
        day += timedelta(days=step)
    return day


def running(ledger: Ledger, programme: refunds.Programme, today: date) -> str:
    day = f"DATE '{today}'"
    starts, guesses, lasts = [], [], []
    for version, clock, more in _of(ledger, programme):
        _, start, runs, guess = _STARTS[clock.id]
        when = f"{runs} AND {more}" if more else runs
        starts.append(f"WHEN '{version}' THEN CASE WHEN {when} THEN {start} END")
        guesses.append(f"WHEN '{version}' THEN {guess}")
        lasts.append(f"WHEN '{version}' THEN {_last_day(clock, 'from_day', 'expected')}")
    query = f"""
WITH liquidations AS ( -- liquidated, scheduled, or a year after entry (19 U.S.C. 1504(a)(1))
  SELECT *,
    CASE WHEN liquidation_date <= {day} THEN liquidation_date END AS actual,
    COALESCE(CASE WHEN liquidation_date > {day} THEN liquidation_date END, scheduled_liquidation)
      AS scheduled,
    {_versions(ledger, "liquidation-1y", "entry_date")} AS year_ends,
    {_versions(ledger, "liquidation-314", "entry_date")} AS usual
  FROM entries
), finished AS ( -- the day of liquidation, deemed ones too
  SELECT *, COALESCE(actual, CASE WHEN held IS NULL AND year_ends < {day} THEN year_ends END) AS done
  FROM liquidations
), stands AS ( -- the day on which it is expected, a guess by the usual cycle if need be
  SELECT *,
    CASE WHEN done IS NULL THEN COALESCE(scheduled, CASE WHEN held IS NULL THEN usual END) END AS expected,
    done IS NULL AND held IS NULL AND scheduled IS NULL AS guessed
  FROM finished
), started AS ( -- the day from which each clock counts, if it runs for an entry
  SELECT stands.*, clocks.*,
    CASE version
      {_lined(starts)}
    END AS from_day,
    CASE version
      {_lined(guesses)}
    END AS estimate
  FROM stands CROSS JOIN clocks
), ends AS ( -- its last day, as the law counts it
  SELECT *,
    CASE version
      {_lined(lasts)}
    END AS last_day
  FROM started
  WHERE from_day IS NOT NULL
    AND (law_from IS NULL OR from_day >= law_from) AND (law_until IS NULL OR from_day < law_until)
), rolled AS ( -- by law to the next open day; where that is practice only, the open day before is safe
  SELECT ends.*, next_open,
    CASE
      WHEN roll = '{Roll.NEXT}' THEN COALESCE(next_open, last_day)
      WHEN roll = '{Roll.PRACTICE}' THEN COALESCE(last_open, last_day)
      ELSE last_day
    END AS safe_day
  FROM ends
  LEFT JOIN closed ON roll <> '{Roll.NONE}' AND closed_by = calendar AND closed_on = last_day
), counted AS ( -- a safe day that has passed gives way to a later one
  SELECT *,
    CASE
      WHEN next_open IS NULL OR {day} <= safe_day THEN safe_day
      WHEN safe_day < last_day AND {day} <= last_day THEN last_day
      ELSE next_open
    END AS by_day
  FROM rolled
)
SELECT entry_number, clock, title, whose, estimate,
  CASE WHEN clock = '{refunds.CLOCK}' THEN ieepa ELSE duty END AS duty,
  from_day, last_day, by_day, law
FROM counted
WHERE by_day >= {day}"""
    return view("running", query, "The clocks that run: by_day is the day to count down to.")


WEEKS = view(
    "weeks",
    """
SELECT monday, COUNT(*) AS entries, SUM(duty) AS duty
FROM (
  SELECT CAST(date_trunc('week', by_day) AS DATE) AS monday, entry_number, MAX(duty) AS duty
  FROM running
  WHERE whose = 'yours'
  GROUP BY 1, 2
) AS once
GROUP BY monday""",
    "What ends in each week of one's own time, each entry once: SELECT * FROM weeks ORDER BY monday;",
)
