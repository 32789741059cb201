"""When the overview was last looked at: a small file in the state folder."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tariffwatch.errors import UsageError

FILE = "looks.json"
ONE_LOOK = timedelta(hours=1)
"""Who looks again within it has not looked away."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the overview."""

    at: datetime
    """When it began, in UTC."""
    recorded: date | None = None
    """The newest record that the ledger held then: what is recorded later was not yet seen."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The latest look, and the one before it."""

    latest: Look | None = None
    previous: Look | None = None

    def at(self, now: datetime) -> Looks:
        """The looks that had begun at an instant: a clock that was ahead is not believed."""
        begun = [look for look in (self.latest, self.previous) if look and look.at <= now]
        return Looks(*begun)

    def last(self, now: datetime) -> Look | None:
        """The last look before the one that is under way at an instant."""
        known = self.at(now)
        return known.previous if known._under_way(now) else known.latest

    def with_look(self, now: datetime, recorded: date | None) -> Looks:
        """The looks, with one at an instant; within an hour it is still the same."""
        known = self.at(now)
        return known if known._under_way(now) else Looks(Look(now, recorded), known.latest)

    def _under_way(self, now: datetime) -> bool:
        return self.latest is not None and now - self.latest.at <= ONE_LOOK


def read(folder: Path) -> Looks:
    """The looks that are kept in the state folder; none where there is no file, or a damaged one."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Looks(*(_look(told[name]) for name in ("latest", "previous")))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Looks()


def keep(folder: Path, looks: Looks) -> None:
    """Keep the looks, in one step. Where that cannot be done, the overview is shown all the same."""
    from tariffwatch.cli.files import replace_file

    told = {name: _facts(getattr(looks, name)) for name in ("latest", "previous")}
    with suppress(OSError, UsageError):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(str(folder / FILE), (json.dumps(told, indent=2) + "\n").encode(), "TARIFFWATCH_STATE")


def _look(told: dict[str, str] | None) -> Look | None:
    """A look as the file holds it; raises ValueError, LookupError or TypeError."""
    if told is None:
        return None
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        raise ValueError("an instant without its offset")
    return Look(at, date.fromisoformat(told["recorded"]) if told["recorded"] else None)


def _facts(look: Look | None) -> dict[str, str | None] | None:
    if look is None:
        return None
    return {"at": look.at.isoformat(), "recorded": look.recorded.isoformat() if look.recorded else None}
