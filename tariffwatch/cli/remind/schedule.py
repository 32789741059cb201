"""``tariffwatch remind schedule``: cron and systemd."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tariffwatch.cli.places import absolute, settings_file
from tariffwatch.errors import UsageError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

MARK = "# tariffwatch remind"
"""Ends the crontab line that is ours, and no other."""
UNIT = "tariffwatch-remind"
PASSED_ON = (
    *("TARIFFWATCH_CONFIG", "TARIFFWATCH_STATE", "TARIFFWATCH_CACHE"),
    *("TARIFFWATCH_DATA", "TARIFFWATCH_UPDATES"),
)
"""What a scheduled run must find as it is here: cron and systemd start with a bare environment."""


class Scheduler(StrEnum):
    """Who runs it."""

    CRON = "cron"
    SYSTEMD = "systemd"


def schedule(
    by: Annotated[Scheduler | None, typer.Option("--by", help="Who runs it; cron unless given.")] = None,
    install: Annotated[bool, typer.Option("--install", help="Set it up.")] = False,
    uninstall: Annotated[
        bool, typer.Option("--uninstall", help="Take away what --install set up, and nothing else.")
    ] = False,
) -> None:
    """Print, or install, what makes "remind" run every few minutes ("every" in the settings).

    Examples:

      tariffwatch remind schedule

      tariffwatch remind schedule --install

      tariffwatch remind schedule --by systemd --uninstall
    """
    from tariffwatch.cli.terminal import screen

    if install and uninstall:
        raise UsageError("--install and --uninstall: choose one")
    every = _every()
    show = screen().write
    if install:
        show(_INSTALL[by or Scheduler.CRON](every))
    elif uninstall:
        show(_UNINSTALL[by or Scheduler.CRON]())
    else:
        if by is not Scheduler.SYSTEMD:
            show(f"For cron, a line of your crontab (crontab -e):\n\n{cron_line(every)}\n\n")
        if by is not Scheduler.CRON:
            show(f"For systemd, two files in {_units()}:\n\n")
            show("\n".join(f"# {name}\n{text}" for name, text in units(every).items()))
        show("\nAdd --install, and it is done for you: --by cron or --by systemd.\n")


def cron_line(every: timedelta) -> str:
    """A line of a crontab (crontab(5)): five fields, then the command with absolute paths.

    An interval that does not divide the hour, or the day, evenly is rounded down to one that does.
    """
    minutes = int(every.total_seconds()) // 60
    hours = minutes // 60
    if minutes < 60:
        step = max(n for n in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30) if n <= minutes)
        when = f"*/{step} * * * *"
    elif hours < 24:
        step = max(n for n in (1, 2, 3, 4, 6, 8, 12) if n <= hours)
        when = f"0 */{step} * * *"
    else:
        when = "0 7 * * *"
    words = [*(f"{name}={value}" for name, value in _environment().items()), *_command()]
    # cron turns an unescaped % into a line end
    return f"{when} {' '.join(_quoted(word) for word in words)}".replace("%", "\\%") + f" {MARK}"


def units(every: timedelta) -> dict[str, str]:
    """A systemd service and timer (systemd.service(5), systemd.timer(5)) for the user's own manager."""
    environment = "".join(
        f"Environment={_systemd(f'{name}={value}')}\n" for name, value in _environment().items()
    )
    return {
        f"{UNIT}.service": (
            "[Unit]\nDescription=Tariff reminders\n\n[Service]\nType=oneshot\n"
            f"{environment}ExecStart={' '.join(map(_systemd, _command()))}\n"
        ),
        f"{UNIT}.timer": (
            "[Unit]\nDescription=Tariff reminders\n\n[Timer]\n"
            f"OnBootSec=1min\nOnUnitActiveSec={int(every.total_seconds())}s\nAccuracySec=30s\n\n"
            "[Install]\nWantedBy=timers.target\n"
        ),
    }


def _every() -> timedelta:
    from tariffwatch.settings.load import load

    return load(settings_file(os.environ)).settings.every


def _command() -> list[str]:
    return [sys.executable, "-m", "tariffwatch", "remind"]


def _environment() -> dict[str, str]:
    """The environment that matters, with absolute paths."""
    given = {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}
    return {
        name: os.pathsep.join(str(absolute(part, name)) for part in value.split(os.pathsep))
        for name, value in given.items()
    }


def _quoted(word: str) -> str:
    """A word for the shell; an assignment keeps its name outside the quotes."""
    import shlex

    name, sign, value = word.partition("=")
    return f"{name}={shlex.quote(value)}" if sign and name in PASSED_ON else shlex.quote(word)


def _systemd(word: str) -> str:
    """A word for a unit file: specifiers and quotes escaped."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _install_cron(every: timedelta) -> str:
    others = _others()
    line = cron_line(every)
    _crontab("".join([*others, line, "\n"]))
    return f"Installed in your crontab:\n  {line}\n"


def _uninstall_cron() -> str:
    lines, others = _lines(), _others()
    if len(lines) == len(others):
        return "Your crontab has no line of tariffwatch.\n"
    _crontab("".join(others))
    return "Removed from your crontab; its other lines are as they were.\n"


def _lines() -> list[str]:
    """The user's crontab, each line with its end; none if there is none."""
    done = _run(["crontab", "-l"], check=False)
    return done.stdout.splitlines(keepends=True) if done.returncode == 0 else []


def _others() -> list[str]:
    """The lines that are not ours; the last one ends like the others."""
    others = [line for line in _lines() if not line.rstrip().endswith(MARK)]
    if others and not others[-1].endswith("\n"):
        others[-1] += "\n"
    return others


def _crontab(text: str) -> None:
    _run(["crontab", "-"], given=text)


def _units() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "systemd" / "user"


def _install_systemd(every: timedelta) -> str:
    folder = _units()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units(every).items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {(error.strerror or str(error)).lower()}") from None
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", "--now", f"{UNIT}.timer"])
    return f"Installed and started: {folder / UNIT}.timer\n"


def _uninstall_systemd() -> str:
    files = [_units() / name for name in units(timedelta(minutes=5))]
    there = [file for file in files if file.exists()]
    if not there:
        return "There is no systemd timer of tariffwatch.\n"
    _run(["systemctl", "--user", "disable", "--now", f"{UNIT}.timer"], check=False)
    for file in there:
        file.unlink()
    _run(["systemctl", "--user", "daemon-reload"], check=False)
    return f"Stopped, and removed {' and '.join(str(file) for file in there)}\n"


def _run(
    command: Sequence[str], *, given: str | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a program of the system; raises UsageError with its own words if it is not there or fails."""
    import shutil
    import subprocess

    if shutil.which(command[0]) is None:
        raise UsageError(f"{command[0]} is not installed here; without --install, the lines are printed")
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise UsageError(f"{' '.join(command)} failed" + (f": {said[-1]}" if said else ""))
    return done


_INSTALL = {Scheduler.CRON: _install_cron, Scheduler.SYSTEMD: _install_systemd}
_UNINSTALL = {Scheduler.CRON: _uninstall_cron, Scheduler.SYSTEMD: _uninstall_systemd}
