"""One table of every key that a settings file may hold, as ``ledger/fields.py`` is for ledger files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import (
    Kind,
    boolean,
    country,
    each,
    matching,
    one_of,
    shown,
    slug,
    text,
    timezone,
    url,
)
from tariffwatch.model import DeadlineKind, Phase
from tariffwatch.settings.model import ChannelKind, Quiet, Rung, Security, Unit

MOST_BEFORE = 999
"""The largest number of a rung."""


def _read_rung(value: Any, zone: ZoneInfo) -> Rung:
    found = re.fullmatch(r"(\d{1,3})(h|d|w|bd)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError(
            f'holds {shown(value)}, which is no span: write "2h", "7d", "5bd" (business days) or "4w"'
        )
    return Rung(int(found[1]), Unit(found[2]))


def _read_every(value: Any, zone: ZoneInfo) -> timedelta:
    found = re.fullmatch(r"([1-9]\d{0,2})(m|h|d)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'is {shown(value)}, which is no interval: write "5m" (minutes), "1h" or "1d"')
    return (
        int(found[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[found[2]]
    )


def _read_quiet(value: Any, zone: ZoneInfo) -> Quiet:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
        if start == end or start.tzinfo or end.tzinfo:
            raise ValueError
    except (ValueError, AttributeError):
        raise ValueError(f'is {shown(value)}; write hours of the day such as "22:00-07:00"') from None
    return Quiet(start, end)


def _read_path(value: Any, zone: ZoneInfo) -> Path:
    """A path, with ~ as the home that it means."""
    written = text.read(value, zone)
    try:
        os.fsencode(written)
        if "\0" not in written:
            return Path(written).expanduser()
    except (RuntimeError, ValueError):  # no such user; a character that the system's names cannot hold
        pass
    raise ValueError(f"holds {shown(value)}, which is no path on this machine")


def whole(least: int, most: int) -> Kind:
    """A whole number within bounds."""

    def read(value: Any, zone: ZoneInfo) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not {shown(value)}")
        return value

    return Kind(read, {"type": "integer", "minimum": least, "maximum": most}, "whole number")


def listed(kind: Kind, *, least: int = 0) -> Kind:
    """A list of values of one kind, of any type."""

    def read(value: Any, zone: ZoneInfo) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < least:
            raise ValueError(f"must be a list, not {shown(value)}" if value != [] else "is empty")
        return tuple(kind.read(item, zone) for item in value)

    return Kind(read, {"type": "array", "items": kind.schema, "minItems": least}, f"list: {kind.word}")


def _kind(read: Callable[[Any, ZoneInfo], Any], word: str) -> Kind:
    return Kind(read, {"type": "string"}, word)


rung = _kind(_read_rung, "span")
path = _kind(_read_path, "path")
address = matching(r"[^\s@<>]+@[^\s@<>]+", "an e-mail address")
mailbox = matching(r"[^\r\n<>]*<?[^\s@<>]+@[^\s@<>]+>?", "an e-mail address, with or without a name")
variable = matching(r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable")
apprise_url = matching(r"[a-z][a-z0-9+.-]*://\S+", "an Apprise URL such as ntfy://ntfy.sh/topic")

HEAD = (
    Field("zone", timezone, "Your time zone, for your hours and in listings.", '"America/New_York"'),
    Field("data", listed(path), "Ledger folders of your own, added to the shipped one.", '["~/tariffs"]'),
)
"""What every command reads."""

REMIND = (
    Field("every", _kind(_read_every, "interval"), "How often remind is run.", '"5m"'),
    Field("brake", whole(1, 1000), "The most items that one message lists.", "30"),
    Field("heartbeat_file", path, "A file that is touched after each good run.", '"~/.tariffwatch-alive"'),
    Field("heartbeat_url", url, "An address that is called after each good run.", '"https://example.com/a"'),
    Field("heartbeat_url_env", variable, "The environment variable that holds it.", '"HEARTBEAT"'),
    Field("heartbeat_url_file", path, "The file whose first line it is.", '"~/.heartbeat"'),
)
REMINDER = (
    Field("name", slug, "What you call it.", '"canada"', needed=True),
    Field("on", each(country), "Measures on these countries.", '["CA"]'),
    Field("by", each(country), "Measures by these governments.", '["US"]'),
    Field("authority", text, "Measures under this law.", '"IEEPA"'),
    Field("id", each(slug), "These actions.", '["ieepa-canada-border"]'),
    Field("phase", listed(one_of(Phase)), "Warn only of actions in these phases.", '["suspended"]'),
    Field("kind", listed(one_of(DeadlineKind)), "Follow only deadlines of these kinds.", '["pause-ends"]'),
    Field("entries", listed(path), "Files of your entries, whose clocks are watched too.", '["entries.csv"]'),
    Field("entries_map", path, "How those files name their columns.", '"entries-map.toml"'),
    Field("shipments", listed(path), "Files of your shipments, watched too.", '["shipments.csv"]'),
    Field("shipments_map", path, "How those files name their columns.", '"shipments-map.toml"'),
    Field("ledger", boolean, "Whether the ledger is watched; false leaves your files alone.", "true"),
    Field("before", listed(rung, least=1), "How long before a deadline to warn.", '["7d", "1d", "2h"]'),
    Field("news", boolean, "Whether changes and new actions are told too.", "true"),
    Field("quiet", _kind(_read_quiet, "hours of the day"), "When nothing is sent.", '"22:00-07:00"'),
    Field("channels", each(slug), "Where it is sent.", '["mail"]', needed=True),
)
_CHANNEL = (
    Field("name", slug, "What you call it.", '"mail"', needed=True),
    Field("kind", one_of(ChannelKind), "How it is sent.", '"email"', needed=True),
)
CHANNELS: Mapping[ChannelKind, tuple[Field, ...]] = {
    ChannelKind.STDOUT: _CHANNEL,
    ChannelKind.COMMAND: (
        *_CHANNEL,
        Field("command", listed(text, least=1), "A program and its arguments.", '["mail", "-s", "x"]',
              needed=True),
    ),
    ChannelKind.EMAIL: (
        *_CHANNEL,
        Field("host", matching(r"[A-Za-z0-9.:\[\]_-]+", "the name of a host"), "The mail server.",
              '"smtp.example.com"', needed=True),
        Field("port", whole(1, 65535), "Its port; 587 unless given.", "587"),
        Field("security", one_of(Security), "How the connection is protected.", '"starttls"'),
        Field("user", text, "The name to log in with.", '"me@example.com"'),
        Field("password_env", variable, "The environment variable with the password.", '"SMTP_PASSWORD"'),
        Field("password_file", path, "The file whose first line is the password.", '"~/.smtp-password"'),
        Field("from", mailbox, "The sender.", '"tariffwatch <me@example.com>"', needed=True),
        Field("to", listed(address, least=1), "The recipients.", '["desk@example.com"]', needed=True),
    ),
    ChannelKind.APPRISE: (
        *_CHANNEL,
        Field("url", apprise_url, "The service's Apprise URL.", '"ntfy://ntfy.sh/my-topic"'),
        Field("url_env", variable, "The environment variable that holds the URL.", '"SLACK_URL"'),
        Field("url_file", path, "The file whose first line it is.", '"~/.slack-url"'),
    ),
}  # fmt: skip
TABLES = ("reminders", "channels")
