"""The types of the settings. Frozen, and without any reading of files or of the environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from tariffwatch.model import Loc
from tariffwatch.results import Due, Filters


class ChannelKind(StrEnum):
    """How a message leaves the machine."""

    STDOUT = "stdout"
    """Printed; cron mails what a job prints."""
    COMMAND = "command"
    """Any program, with the message on its stdin."""
    EMAIL = "email"
    """SMTP (RFC 5321)."""
    APPRISE = "apprise"
    """A service that Apprise knows by a URL: Slack, Teams, ntfy and others."""


class Security(StrEnum):
    """How the connection to a mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Unit(StrEnum):
    """The unit of a rung."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    BUSINESS_DAYS = "bd"


@dataclass(frozen=True, slots=True)
class Rung:
    """How long before a deadline a warning is due: ``30d``, ``2h``, ``5bd``."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    def instant(self, due: Due) -> datetime:
        """When the warning is due, in UTC.

        Hours are counted in absolute time. Days and weeks are counted on the calendar of the action's
        zone and keep the time of day, so that a warning does not shift with the clocks. Business days are
        those of the government that imposes the measure. A deadline that is a whole day is counted from
        its beginning: no warning may come after the offices have closed.
        """
        if self.unit is Unit.HOURS:
            return due.at - timedelta(hours=self.number)
        local = due.at.astimezone(due.zone)
        day = local.replace(tzinfo=None)
        if self.unit is Unit.BUSINESS_DAYS:
            left = self.number
            while left:
                day -= timedelta(days=1)
                left -= due.closed(day.date()) is None
        else:
            day -= timedelta(days=self.number * (7 if self.unit is Unit.WEEKS else 1))
        return day.replace(tzinfo=due.zone).astimezone(UTC)


LADDER = tuple(Rung(n, u) for n, u in [
    (30, Unit.DAYS), (14, Unit.DAYS), (7, Unit.DAYS), (3, Unit.DAYS), (1, Unit.DAYS), (2, Unit.HOURS),
])  # fmt: skip
"""The rungs of a reminder that names none."""

EVERY = timedelta(minutes=5)
"""How often ``remind`` runs, unless the settings say otherwise."""
BRAKE = 30
"""The most items that one message lists, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in which nothing is sent, ``[start, end)`` on the clock of the user's zone."""

    start: time
    end: time

    def ends(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours that cover an instant end, in UTC; None if none cover it."""
        local = now.astimezone(zone)
        clock = local.time()
        through = self.start <= clock < self.end
        over_midnight = self.start > self.end and (clock >= self.start or clock < self.end)
        if not (through or over_midnight):
            return None
        day = local.date() + timedelta(days=clock >= self.end)
        return datetime.combine(day, self.end, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Secret:
    """A word that must not stand in the open: as it is, or where it can be found."""

    value: str | None = None
    env: str | None = None
    """The environment variable that holds it."""
    file: Path | None = None
    """The file whose first line it is."""
    loc: Loc | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages go."""

    name: str
    kind: ChannelKind
    command: tuple[str, ...] = ()
    host: str = ""
    port: int = 587
    security: Security = Security.STARTTLS
    user: str | None = None
    password: Secret | None = None
    sender: str = ""
    to: tuple[str, ...] = ()
    url: Secret | None = None
    loc: Loc


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one's own entries and shipments, and how they name their columns."""

    entries: tuple[str, ...] = ()
    shipments: tuple[str, ...] = ()
    entries_map: Path | None = None
    shipments_map: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.entries or self.shipments)

    @property
    def places(self) -> tuple[Path, ...]:
        """Every file that is read."""
        maps = filter(None, [self.entries_map, self.shipments_map])
        return (*map(Path, (*self.entries, *self.shipments)), *maps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What to watch, how long before to warn, and where to send it."""

    name: str
    watch: Filters
    ledger: bool = True
    """Whether the ledger is watched; else the files alone are."""
    files: Files = Files()
    """Those of one's own that are watched too, whatever the filters."""
    before: tuple[Rung, ...]
    news: bool = True
    """Whether moved and dropped deadlines, new actions, events and findings are told too."""
    quiet: Quiet | None = None
    channels: tuple[str, ...]
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a settings file says."""

    zone: ZoneInfo | None = None
    data: tuple[Path, ...] = ()
    every: timedelta = EVERY
    """How often cron or systemd runs ``remind``."""
    brake: int = BRAKE
    """The most items that one message lists."""
    heartbeat_file: Path | None = None
    heartbeat_url: Secret | None = None
    reminders: tuple[Reminder, ...] = ()
    channels: tuple[Channel, ...] = ()

    def channel(self, name: str) -> Channel | None:
        """The channel of that name."""
        return next((channel for channel in self.channels if channel.name == name), None)
