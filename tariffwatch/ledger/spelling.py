"""What a misspelt value must mean, where it can mean one thing only; None wherever there is a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tariffwatch.ledger import kinds
from tariffwatch.ledger.kinds import NEW_YORK, Kind

SHORTEST = 4
"""A word with fewer letters may be a slip of too many others."""

_OLD_ZONES = (
    "US/Alaska America/Anchorage, US/Arizona America/Phoenix, US/Central America/Chicago, "
    "US/Eastern America/New_York, US/Hawaii Pacific/Honolulu, US/Mountain America/Denver, "
    "US/Pacific America/Los_Angeles, Canada/Atlantic America/Halifax, Canada/Central America/Winnipeg, "
    "Canada/Eastern America/Toronto, Canada/Mountain America/Edmonton, Canada/Newfoundland America/St_Johns, "
    "Canada/Pacific America/Vancouver, Mexico/General America/Mexico_City, Brazil/East America/Sao_Paulo, "
    "America/Buenos_Aires America/Argentina/Buenos_Aires, Asia/Calcutta Asia/Kolkata, Asia/Dacca Asia/Dhaka, "
    "Asia/Katmandu Asia/Kathmandu, Asia/Macao Asia/Macau, Asia/Rangoon Asia/Yangon, "
    "Asia/Saigon Asia/Ho_Chi_Minh, Europe/Kiev Europe/Kyiv, GB Europe/London, Hongkong Asia/Hong_Kong, "
    "Israel Asia/Jerusalem, Japan Asia/Tokyo, PRC Asia/Shanghai, ROK Asia/Seoul, Singapore Asia/Singapore, "
    "Turkey Europe/Istanbul, Eire Europe/Dublin, Poland Europe/Warsaw, Portugal Europe/Lisbon, "
    "Egypt Africa/Cairo, NZ Pacific/Auckland, Iran Asia/Tehran"
)
OLD_ZONES = dict(pair.split(" ") for pair in _OLD_ZONES.split(", "))
"""Former names of zones, as the IANA data base links them in its file ``backward``, and what they are now.

Left out are links that join one country to another's zone, such as Iceland to Africa/Abidjan.
"""


def certain(word: str, words: Collection[str]) -> str | None:
    """The one of ``words`` that a mistyped one must mean.

    Either it differs in capitals, blanks and underscores only, or by a single slip: one letter too many, too
    few, another, or two in each other's place. No other word may be within two slips, and digits count as
    they stand: ``eo-14257`` is no slip of ``eo-14256``.
    """
    alike = [one for one in words if _folded(one) == _folded(word)]
    if len(alike) == 1:
        return alike[0]
    near = [one for one in words if slips(word, one) <= 2]
    if len(near) != 1 or min(len(word), len(near[0])) < SHORTEST or slips(word, near[0]) > 1:
        return None
    return near[0] if re.findall(r"\d", word) == re.findall(r"\d", near[0]) else None


def slips(one: str, other: str) -> int:
    """How many single slips lead from one word to another (optimal string alignment); 3 if more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, b) == (other[j - 2], one[i - 2]):
                row[j] = min(row[j], older[j - 2] + 1)
    return min(row[-1], 3)


def zone_name(text: str) -> str | None:
    """The name by which the IANA data base knows a zone now; None if the text is no spelling of one."""
    bare = text.strip().replace(" ", "_")
    found = bare if bare in _zones().values() else _zones().get(bare.lower())
    return OLD_ZONES.get(found, found) if found else None


def respelt(kind: Kind, value: Any, zone: ZoneInfo = NEW_YORK) -> Any:
    """The one value of a kind that a wrong text must mean; None if there is no such, or more than one.

    The name of something (``kinds.slug``) is left alone: whether it is right depends on what there is.
    """
    if not isinstance(value, str) or kind is kinds.slug:
        return None
    found = {repr(one): one for one in _candidates(kind, value) if one is not None and reads(kind, one, zone)}
    return next(iter(found.values())) if len(found) == 1 else None


def respelt_item(kind: Kind, item: Any, zone: ZoneInfo = NEW_YORK) -> str | None:
    """What one wrong text in a list of a kind must mean, if only its capitals or blanks are wrong."""
    if not isinstance(item, str) or kind.schema["items"] is kinds.slug.schema:
        return None
    found = {one for one in (item.strip(), item.strip().upper()) if reads(kind, [one], zone)}
    return found.pop() if len(found) == 1 else None


def reads(kind: Kind, value: Any, zone: ZoneInfo) -> bool:
    """Whether a value is one of a kind."""
    try:
        kind.read(value, zone)
    except (ValueError, OverflowError):
        return False
    return True


def _candidates(kind: Kind, value: str) -> Iterator[Any]:
    text = value.strip()
    yield from (text, text.upper())
    if kind is kinds.rate:
        yield re.sub(r"\s+%", "%", text)
    if kind is kinds.timezone:
        yield zone_name(text)
    yield certain(text, [word for word in kind.schema.get("enum", ()) if isinstance(word, str)])
    read = next((read for form, read in _QUOTED if form.fullmatch(text)), None)
    if read:
        with suppress(ValueError):  # there is no such day
            yield read(text)


_DAY, _HOUR = r"\d{4}-\d{2}-\d{2}", r"\d{2}:\d{2}:\d{2}"
_QUOTED: tuple[tuple[re.Pattern[str], Callable[[str], date | time]], ...] = (
    (re.compile(_DAY), date.fromisoformat),
    (re.compile(_DAY + "[T ]" + _HOUR + r"([+-]\d{2}:\d{2}|Z)?"), datetime.fromisoformat),
    (re.compile(_HOUR), time.fromisoformat),
)
"""Dates and times that stand in quotes and should not."""


def _folded(word: str) -> str:
    return re.sub(r"[\s_]+", "-", word.strip().lower())


@cache
def _zones() -> dict[str, str]:
    """Every zone by its name in small letters."""
    return {name.lower(): name for name in available_timezones()}
