"""Time zones by their names."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo


def zone_named(name: str) -> ZoneInfo:
    """A zone of the IANA data base; raises ValueError for any other name.

    Its form is looked at first: ``ZoneInfo`` takes each dot and stroke for the way into another package, and
    follows it however deep.
    """
    try:
        if re.fullmatch(r"[\w+-]+(/[\w+-]+){0,3}", name, re.ASCII):
            return ZoneInfo(name)
    except (OSError, LookupError):
        pass
    raise ValueError(f'"{name}" is no time zone')
