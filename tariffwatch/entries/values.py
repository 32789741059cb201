"""The cells of a file: days, amounts, headings. Each is read in one form only, and never guessed.

Every function raises ValueError that says what is wrong and how to mend it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tariffwatch.entries.model import ZONE, Stamp
from tariffwatch.years import YEARS


class DateForm(StrEnum):
    """How the days of a file are written."""

    ISO = "iso"
    """2026-02-20"""
    US = "us"
    """02/20/2026: month first"""
    EU = "eu"
    """20/02/2026 or 20.02.2026: day first"""


FORMS = {
    DateForm.ISO: (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"), "2026-02-20"),
    DateForm.US: (re.compile(r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4})"), "02/20/2026"),
    DateForm.EU: (re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"), "20/02/2026"),
}
MIDNIGHT = re.compile(r"[T ](00:00(:00(\.0+)?)?|12:00(:00)? ?AM)", re.IGNORECASE)
"""What spreadsheets and reports append to a day."""
_TIME = re.compile(r"(?P<day>\S+)[T ](?P<time>\d{2}:\d{2}(:\d{2})?) ?(?P<zone>Z|[+-]\d{2}:\d{2})?")
_SLASHED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_PARTED = re.compile(r"[;|\n]")
AMOUNT = re.compile(r"\$? ?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")
YES, NO = frozenset({"y", "yes", "true", "1"}), frozenset({"n", "no", "false", "0"})
HEADING = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})(\.?\d{2}){0,1}")


def day(text: str, form: DateForm | None) -> date:
    """A day in the form given; without one, only ISO, which can be read in one way."""
    written = text.strip()
    if midnight := MIDNIGHT.search(written):
        written = written[: midnight.start()] + written[midnight.end() :]
    pattern, example = FORMS[form or DateForm.ISO]
    found = pattern.fullmatch(written)
    if not found:
        raise ValueError(_not_a_day(text, written, form, example))
    try:
        read = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise ValueError(f'"{text}" is no day ({error}){_other_form(form)}') from None
    if read.year not in YEARS:
        raise ValueError(f'"{text}": years run from {YEARS.start} to {YEARS.stop - 1}')
    return read


def stamp(text: str, form: DateForm | None) -> Stamp:
    """A day, or a day and a time; without an offset, on New York's clock."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return Stamp(day(text, form))
    on = day(found["day"], form)
    try:
        at = datetime.fromisoformat(f"{on}T{found['time']}{found['zone'] or ''}")
    except ValueError as error:
        raise ValueError(f'"{text}" is no time ({error})') from None
    at = at if at.tzinfo else at.replace(tzinfo=ZONE)
    return Stamp(at.astimezone(ZONE).date(), at)


def _not_a_day(text: str, written: str, form: DateForm | None, example: str) -> str:
    if re.fullmatch(r"\d{5}(\.0+)?", written):
        return f'"{text}" is a spreadsheet\'s number of a day; format the column as a date, and export again'
    if re.search(r"\d[T ]\d{1,2}:", text):
        return f'"{text}" is an instant, not a day: a zone may shift it; write the day alone, {example}'
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", written):
        return f'"{text}" has a year of two digits; write {example}'
    if form is None and _SLASHED.fullmatch(written):
        return (
            f'"{text}" may have the month or the day first; say which with --dates us or --dates eu, '
            f"or write {example}"
        )
    of = f" of the form --dates {form}" if form else ""
    return f'"{text}" is not a day{of}, such as {example}'


def _other_form(form: DateForm | None) -> str:
    other = {DateForm.US: "eu", DateForm.EU: "us"}.get(form or DateForm.ISO)
    return f"; is the form --dates {other}?" if other else ""


def amount(text: str) -> Decimal:
    """``2,500.00`` or ``$2500``: dollars with a point, thousands in threes."""
    written = text.strip()
    if not AMOUNT.fullmatch(written):
        below = "; a refund or a credit is no duty paid" if written.startswith(("-", "(")) else ""
        raise ValueError(f'"{text}" is not an amount; write it as 2500.00{below}')
    return Decimal(written.lstrip("$ ").replace(",", ""))


def amounts(text: str) -> list[Decimal]:
    """Amounts parted by semicolons or bars."""
    return [amount(part) for part in _PARTED.split(text) if part.strip()]


def headings(text: str) -> list[str]:
    """Tariff numbers parted by semicolons, bars, commas or blanks, cut to eight digits: ``9903.01.24``."""
    return [heading(part) for part in re.split(r"[;|,\s]+", text) if part]


def heading(text: str) -> str:
    """``9903.01.24``, of that or of ``99030124`` or of ten digits."""
    found = HEADING.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is not a heading, such as 9903.01.24')
    return ".".join(found.groups()[:3])


def country(text: str) -> str:
    """A country by its two letters; EU is one."""
    written = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", written):
        raise ValueError(f'"{text}" is not a country code; write two letters, such as CN')
    return written


def yes(text: str) -> bool:
    """Yes or no."""
    written = text.strip().casefold()
    if written in YES:
        return True
    if written in NO:
        return False
    raise ValueError(f'"{text}" is neither yes nor no')


def entry_type(text: str) -> str:
    """An entry type: two digits, ``01``; a spreadsheet's ``1`` is the same."""
    written = text.strip().split(" ")[0]
    if not re.fullmatch(r"\d{1,2}", written):
        raise ValueError(f'"{text}" is not an entry type; write two digits, such as 01')
    return written.zfill(2)
