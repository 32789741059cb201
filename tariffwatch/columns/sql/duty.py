"""What was paid in SQL, and which of it a court had the refund programme pay back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from tariffwatch.columns.sql.cells import MOST_PARTS
from tariffwatch.columns.sql.text import table, view
from tariffwatch.entries import refunds
from tariffwatch.entries.matching import Headings, Match
from tariffwatch.entries.model import EU_MEMBERS, ZONE, Duty, noon
from tariffwatch.entries.touched import Ledgers, Paid
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Action
from tariffwatch.years import YEARS


def paid(ledger: Ledger, knowing: datetime) -> str:
    numbers = ", ".join(f"({n})" for n in range(1, MOST_PARTS + 1))
    amount = "replace(replace(replace(split_part(duty, ';', k), '$', ''), ',', ''), ' ', '')"
    duties = f"""
SELECT entry_number, entry_date, origin, amount,
  concat(substr(digits, 1, 4), '.', substr(digits, 5, 2), '.', substr(digits, 7, 2)) AS heading
FROM (
  SELECT entry_number, entry_date, origin, replace(split_part(headings, ';', k), '.', '') AS digits,
    TRY_CAST({amount} AS DECIMAL(18, 2)) AS amount
  FROM good CROSS JOIN (VALUES {numbers}) AS numbers(k)
  WHERE k <= parts
) AS split
WHERE digits LIKE '99%'"""
    back, own = _paid_back(ledger, knowing)
    names = ("heading", "origin", "first_day", "until_day")
    return "\n\n".join(
        (
            view("duties", duties, "What was paid under chapter 99."),
            view("paid_back", table(names, back or [("", "", date.max, date.max)]), _BACK),
            view("own_origins", table(("heading", "origin"), own or [("", "")]), _OWN),
        )
    )


_BACK = "On entries of which days duty of a heading was IEEPA duty that a court ended; * is any other origin."
_OWN = "The origins for which that is another answer than for those not named, or for goods of none."
Span = tuple[date, date]


def _paid_back(
    ledger: Ledger, knowing: datetime
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The days on which duty of each heading and origin is paid back; and the origins unlike the others."""
    actions = [action for action in ledger.actions.values() if action.imposed_by == "US"]
    families = {
        heading[:7]
        for a in actions
        if "IEEPA" in a.authority
        for line in a.lines
        for heading in line.headings
    }
    origins = sorted({*EU_MEMBERS, *(origin for a in actions for origin in a.on if origin != "*")})
    spans = _Spans(ledger.actions, knowing)
    back: list[tuple[object, ...]] = []
    own: list[tuple[object, ...]] = []
    for heading in (f"{family}.{suffix:02}" for family in sorted(families) for suffix in range(100)):
        others = spans.of(heading, "ZZ")
        back += [(heading, "*", *span) for span in others]
        for origin in ("", *origins):
            if (found := spans.of(heading, origin)) != others:
                own.append((heading, origin))
                back += [(heading, origin, *span) for span in found]
    return back, own


class _Spans:
    """On which days duty was such that the programme pays it back, by the plain rule."""

    def __init__(self, actions: Mapping[str, Action], knowing: datetime) -> None:
        self._headings, self._ledgers = Headings(actions.values()), Ledgers(actions, knowing)
        self._known: dict[tuple[tuple[str, str | None], ...], tuple[Span, ...]] = {}

    def of(self, heading: str, origin: str) -> tuple[Span, ...]:
        """The days, which are the same for all goods that are matched with the same lines."""
        matches = self._headings.match(heading, origin)
        key = tuple((match.action.id, match.line.id if match.line else None) for match in matches)
        if key not in self._known:
            ieepa = any("IEEPA" in match.action.authority for match in matches)
            self._known[key] = tuple(self._work(heading, origin, matches)) if ieepa else ()
        return self._known[key]

    def _work(self, heading: str, origin: str, matches: tuple[Match, ...]) -> Iterator[Span]:
        events = [event for match in matches for event in match.action.events]
        edges = sorted({m.at for e in events for m in (e.known, e.effective, e.until) if m})
        days = sorted({date(YEARS.start, 1, 1), *map(_from_noon, edges)})
        begun: date | None = None
        for day in (*days, date.max):
            back = day != date.max and self._is_back(heading, origin, matches, day)
            if back and begun is None:
                begun = day
            elif not back and begun is not None:
                yield begun, day
                begun = None

    def _is_back(self, heading: str, origin: str, matches: tuple[Match, ...], day: date) -> bool:
        touches = [touch for match in matches for touch in self._ledgers.invalidations(match, noon(day))]
        return refunds.is_ieepa(Paid(Duty(heading, Decimal(1)), origin, matches, tuple(touches)))


def _from_noon(edge: datetime) -> date:
    """The first day whose noon does not lie before an instant: entries are compared at noon."""
    day = edge.astimezone(ZONE).date()
    return day if noon(day) >= edge else day + timedelta(days=1)
