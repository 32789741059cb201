"""Dates and spans as people type them on the command line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tariffwatch.errors import UsageError
from tariffwatch.years import YEARS
from tariffwatch.zones import zone_named

NEW_YORK = ZoneInfo("America/New_York")
"""The zone of US customs law: what a date without a zone means unless --zone is given."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?( ?(Z|[+-]\d{2}:?\d{2}))?")
_SPAN = re.compile(r"(\d{1,6}) ?([hdwmy])")
_PLAIN = re.compile(r"(today|tomorrow|yesterday|[+-]\d{1,6} ?[dwmy])([T ]\d{2}:\d{2}(?::\d{2})?)?")
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "y": "years"}


def parse_zone(text: str, option: str) -> ZoneInfo:
    """A zone of the IANA data base; raises UsageError."""
    try:
        return zone_named(text)
    except ValueError:
        raise UsageError(
            f'{option}: "{text}" is no time zone; write one such as America/New_York or Europe/Brussels'
        ) from None


def parse_instant(text: str, option: str, now: datetime, zone: ZoneInfo) -> datetime:
    """An instant in UTC: ``now``, a day (its close, 23:59:59), or a time; in ``zone`` if it has no offset.

    Raises UsageError for anything else; nothing is ever guessed.
    """
    words = text.strip()
    if words == "now":
        return now
    allowed = (
        "write a day such as 2025-02-10, a time such as 2025-02-10T23:59 or 2025-02-10T23:59-05:00, or now"
    )
    try:
        if _DAY.fullmatch(words):
            stamp = datetime.fromisoformat(f"{words}T23:59:59")
        elif _TIME.fullmatch(words):
            stamp = datetime.fromisoformat(words.replace(" ", "T", 1).replace(" ", ""))
        else:
            raise UsageError(f'{option}: "{text}" is not a date; {allowed}')
    except ValueError as error:
        raise UsageError(f'{option}: "{text}" is not a date ({error}); {allowed}') from None
    stamp = stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)
    if stamp.year not in YEARS:
        raise UsageError(f'{option}: "{text}": years run from {YEARS.start} to {YEARS.stop - 1}')
    instant = stamp.astimezone(UTC)
    if instant.astimezone(stamp.tzinfo).replace(tzinfo=None) != stamp.replace(tzinfo=None):
        raise UsageError(f'{option}: no clock in {zone.key} shows "{text}"; the clocks jump over it')
    return instant


def names_day(text: str | None) -> bool:
    """Whether what was written for a date is a day without a time."""
    return text is not None and bool(_DAY.fullmatch(text.strip()))


def parse_trigger(text: str, option: str, zone: ZoneInfo) -> date | datetime:
    """A day as a day, or a time as an instant, in ``zone`` if it has no offset. Raises UsageError."""
    words = text.strip()
    instant = parse_instant("" if words == "now" else words, option, EPOCH, zone)
    return date.fromisoformat(words) if _DAY.fullmatch(words) else instant


def parse_moment(text: str, option: str, now: datetime, zone: ZoneInfo) -> date | datetime:
    """A day, or an instant in UTC, as a ledger is told of one; ``zone`` is that of the action.

    Beside what ``parse_trigger`` takes: ``now``; ``today``, ``tomorrow``, ``yesterday``, ``+30d``, ``-2w``,
    each also with a time (``tomorrow 00:01``); and ``+12h``. Raises UsageError.
    """
    words = text.strip()
    if found := _PLAIN.fullmatch(words):
        words = f"{_plain_day(found[1], option, now.astimezone(zone))}{found[2] or ''}"
    elif words == "now" or re.fullmatch(r"[+-]\d{1,6} ?h", words):
        return now.replace(microsecond=0) + timedelta(hours=0 if words == "now" else int(words[:-1]))
    elif not (_DAY.fullmatch(words) or _TIME.fullmatch(words)):
        raise UsageError(
            f'{option}: "{text}" is not a date; write 2026-12-04, "2026-12-04 00:01" (in {zone.key}), '
            'today, "tomorrow 00:01" or +30d'
        )
    return parse_trigger(words, option, zone)


def _plain_day(word: str, option: str, local: datetime) -> date:
    """The day that a plain word means, seen from a local time."""
    if word in _DAYS:
        return local.date() + timedelta(days=_DAYS[word])
    return parse_span(word.lstrip("+-"), option, local, back=word.startswith("-")).date()


def parse_span(text: str, option: str, start: datetime, *, back: bool = False) -> datetime:
    """The instant a span after (or before) ``start``: ``12h``, ``30d``, ``2w``, ``6m`` (calendar), ``1y``.

    Raises UsageError.
    """
    from dateutil.relativedelta import relativedelta

    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise UsageError(f'{option}: "{text}" is not a span of time; write 12h, 30d, 2w, 6m (months) or 1y')
    try:
        span = relativedelta(**{_UNITS[found[2]]: int(found[1])})  # type: ignore[arg-type]
        return start - span if back else start + span
    except (OverflowError, ValueError):
        raise UsageError(f'{option}: "{text}" reaches past the end of the calendar') from None


def own_zone() -> ZoneInfo | None:
    """The machine's zone, with all its rules; None where it names none.

    TZ counts first, then /etc/localtime's name, so that a time shown is right across clock changes.
    """
    import os
    from pathlib import Path

    names = [os.environ.get("TZ", "").lstrip(":")]
    try:
        names.append(str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2])
        names.append(Path("/etc/timezone").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        pass
    for name in filter(None, names):
        with suppress(ValueError):
            return zone_named(name)
    return None
