"""Whether a run has anything to do, and the sign of life: what happens every five minutes, kept cheap."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tariffwatch import __version__, stamps
from tariffwatch.errors import ExitCode
from tariffwatch.remind.state import State, instant, text

SLIP = timedelta(days=2)
"""How far a clock may be set back before what was told in between counts as never told."""
QUIET_RUNS = 3
"""After as many intervals without a good run, runs have stopped."""


@dataclass(slots=True)
class Outcome:
    """How a run ended: its exit code, and what a person should hear of it."""

    code: ExitCode = ExitCode.DONE
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a look depends on beside the time: settings, ledger folders, version."""

    folders: Sequence[Path]
    fingerprint: str
    """Changes whenever a file is added, removed or written (its size or its modification time)."""

    @classmethod
    def stamped(cls, settings: Path, folders: Sequence[Path], named: str) -> Inputs:
        """The inputs as they are now; ``named`` is what the environment says of ledger folders."""
        found = [stamps.of(settings)]
        for folder in folders:
            found += sorted(stamps.below(folder))
        text = "\n".join([f"{__version__} {named}", *map(str, found)]).encode("utf-8", "surrogateescape")
        return cls(folders, f"{len(found)} {zlib.crc32(text):08x}")


def asleep(state: State, settings: Path, named: str, now: datetime) -> Outcome | None:
    """The outcome of a run that has nothing to do, as cheaply as it can be known; None if it has.

    Every look stores when the next one is due; until then, and as long as settings and ledger stay as
    they are, nothing can be. What an earlier run could not deliver still shows in the exit code.
    """
    with state.understood():
        wake, known, folders = state.note("wake"), state.note("inputs"), state.note("folders")
        last = last_run(state)
        if wake is None or folders is None or last is None or last > now + SLIP:
            return None
        if now >= instant(wake):
            return None
        inputs = Inputs.stamped(settings, [Path(folder) for folder in json.loads(folders)], named)
        if known != inputs.fingerprint:
            return None
        code = ExitCode(int(state.note("exit") or 0))
    if state.execute("SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 'queued')")[0][0]:
        return Outcome(ExitCode.UNDELIVERED)
    return Outcome(ExitCode.DONE if code is ExitCode.UNDELIVERED else code)


def sleep(state: State, inputs: Inputs, wake: datetime, every: timedelta, heart: Mapping[str, str]) -> None:
    """Store when the next look is due, on what it depends, and where the sign of life goes.

    ``inputs`` must have been stamped before the look: what is written during it is looked at next time.
    """
    state.keep(
        wake=wake.isoformat(),
        inputs=inputs.fingerprint,
        folders=json.dumps([str(folder.absolute()) for folder in inputs.folders]),
        every=str(every.total_seconds()),
        heartbeat=json.dumps(heart),
    )


def stamp(state: State, now: datetime, code: ExitCode, environ: Mapping[str, str]) -> list[str]:
    """Note how a run ended; after a good one, give the sign of life. Says what went wrong with that."""
    if code is ExitCode.UNDELIVERED:
        state.keep(last_run=now.isoformat(), exit=str(code.value))
        return []
    state.keep(last_run=now.isoformat(), last_good=now.isoformat(), exit=str(code.value))
    with state.understood():
        heart = {text(key): text(value) for key, value in json.loads(state.note("heartbeat") or "{}").items()}
    error = beat(heart, environ)
    if error == (state.note("heartbeat-error") or ""):
        return []
    state.keep(heartbeat_error=error)
    return [f"the heartbeat failed: {error}"] if error else []


def beat(heart: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Touch the heartbeat's file and call its address; returns what went wrong, or nothing."""
    if not heart:
        return ""
    from urllib.request import urlopen

    from tariffwatch.remind.secrets import SecretError, read
    from tariffwatch.settings.model import Secret

    try:
        if file := heart.get("file"):
            Path(file).touch()
        if any(heart.get(key) for key in ("value", "env", "secret")):
            place = Path(heart["secret"]) if heart.get("secret") else None
            with urlopen(read(Secret(heart.get("value"), heart.get("env"), place), environ), timeout=10):
                pass
    except (OSError, ValueError, SecretError) as error:
        return str(error)
    return ""


def last_run(state: State) -> datetime | None:
    """The last run that looked, whether or not everything could be delivered."""
    with state.understood():
        found = state.note("last-run")
        return instant(found) if found else None


def stopped(last: datetime, now: datetime, every: timedelta) -> bool:
    """Whether runs have stopped: none for three intervals, and for at least an hour."""
    return now - last > max(QUIET_RUNS * every, timedelta(hours=1))
