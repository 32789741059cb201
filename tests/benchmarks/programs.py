"""The programs that are measured side by side, each prepared with the same dated items."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path

from ledgers import LATEST, Item, write_ledger
from measured import FailedError, bare


class MissingError(Exception):
    """A program is not there; the text says how to install it."""


@dataclass(frozen=True, slots=True)
class Program:
    """One command of one program, ready to be measured."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    caches: Sequence[Path] = ()
    """What is deleted before a cold run; a program without caches has no cold run."""
    lists: bool = True
    """Its output names every item."""

    def chill(self) -> None:
        """Delete its caches."""
        for path in self.caches:
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)

    def output(self) -> str:
        """What it prints; raises FailedError if it fails. Fills its caches, too."""
        ended = subprocess.run(self.command, env=self.env, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise FailedError(
                f"{' '.join(self.command)}: exit code {ended.returncode}: {ended.stderr[-2000:]}"
            )
        return ended.stdout


def tariffwatch(folder: Path, count: int, today: date) -> list[Program]:
    """This program, with a generated ledger of ``count`` actions beside the shipped one."""
    ledger, cache = folder / "ledger", folder / "cache"
    ledger.mkdir(parents=True)
    write_ledger(ledger, count, today)
    env = {
        **bare(str(folder)),
        "TARIFFWATCH_DATA": str(ledger),
        "TARIFFWATCH_CACHE": str(cache),
        "TARIFFWATCH_STATE": str(folder / "state"),
        "TARIFFWATCH_CONFIG": str(folder / "config.toml"),
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }

    def program(*words: str, lists: bool = True, cached: bool = True) -> Program:
        command = [sys.executable, "-m", "tariffwatch", *words]
        return Program(" ".join(["tariffwatch", *words]), command, env, [cache] if cached else [], lists)

    program("remind", "init").output()
    reminders = program("remind", lists=False, cached=False)
    for _ in range(2):  # the first look tells what is due in the shipped ledger; then nothing is
        reminders.output()
    return [
        program(lists=False),
        program("status"),
        program("countdown"),
        reminders,
        program("remind", "--dry-run", lists=False),
    ]


def todoman(folder: Path, items: Sequence[Item], find: Callable[[str], str | None]) -> Program:
    """``todo list``: tasks with due dates, one iCalendar file each."""
    todo = find("todo")
    if todo is None:
        raise MissingError("todoman is missing; --install puts it into a venv of its own")
    _write_calendar(folder / "lists" / "bench", items, _VTODO)
    config = folder / "config.py"
    config.write_text(
        f'path = "{folder}/lists/*"\ncache_path = "{folder}/cache.sqlite3"\ndefault_list = "bench"\n'
        'date_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n',
        encoding="utf-8",
    )
    command = [todo, "--config", str(config), "list"]
    return Program("todo list (todoman)", command, bare(str(folder)), [folder / "cache.sqlite3"])


def khal(folder: Path, items: Sequence[Item], today: date, find: Callable[[str], str | None]) -> Program:
    """``khal list``: events of the calendar, one iCalendar file each."""
    program = find("khal")
    if program is None:
        raise MissingError("khal is missing; --install puts it into a venv of its own")
    _write_calendar(folder / "bench", items, _VEVENT)
    config = folder / "config"
    config.write_text(
        f"[calendars]\n[[bench]]\npath = {folder}/bench\n[sqlite]\npath = {folder}/khal.db\n[locale]\n"
        "local_timezone = America/New_York\ndefault_timezone = America/New_York\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\n",
        encoding="utf-8",
    )
    command = [program, "-c", str(config), "list", today.isoformat(), f"{LATEST + 1}d"]
    return Program("khal list", command, bare(str(folder)), [folder / "khal.db"])


def taskwarrior(folder: Path, items: Sequence[Item], today: date) -> Program:
    """``task list``: tasks with due dates in Taskwarrior's own file."""
    task = shutil.which("task")
    if task is None:
        raise MissingError("Taskwarrior is missing; install it with: apt-get install taskwarrior")
    folder.mkdir(parents=True)
    (folder / "taskrc").write_text(f"data.location={folder}/data\nconfirmation=no\n", encoding="utf-8")
    (folder / "data").mkdir()
    entry = f"{today - timedelta(days=1):%Y%m%dT000000Z}"
    tasks = [
        {
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, item.id)),
            "description": f"{item.id} {item.title}",
            "due": f"{item.due.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            "entry": entry,
            "status": "pending",
        }
        for item in items
    ]
    (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    env = {**bare(str(folder)), "TASKRC": str(folder / "taskrc")}
    Program("", [task, "import", str(folder / "tasks.json")], env).output()
    return Program("task list (Taskwarrior)", [task, "rc.defaultwidth=200", "list"], env)


def remind(folder: Path, items: Sequence[Item]) -> list[Program]:
    """``remind``: every date as one line; its list of all that comes, and its run of a day with nothing."""
    program = shutil.which("remind")
    if program is None:
        raise MissingError("remind is missing; install it with: apt-get install remind")
    folder.mkdir(parents=True)
    lines = [f"REM {item.due:%-d %b %Y AT %H:%M} MSG {item.id} {item.title}\n" for item in items]
    (folder / "reminders").write_text("".join(lines), encoding="utf-8")
    env, file = bare(str(folder)), str(folder / "reminders")
    return [
        Program("remind -n (remind)", [program, "-n", file], env),
        Program("remind -q (remind), nothing due", [program, "-q", file], env, lists=False),
    ]


def table(folder: Path, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Program:
    """A Typer command that prints ready texts, read from JSON, as one table of Rich."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"columns": columns, "rows": rows}), encoding="utf-8")
    (folder / "table.py").write_text(_TABLE, encoding="utf-8")
    command = [sys.executable, str(folder / "table.py"), str(folder / f"{name}.json")]
    return Program(f"Typer and Rich, table of {name}", command, bare(str(folder)))


def hello(folder: Path) -> Program:
    """A Typer command that does nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hello.py").write_text(_HELLO, encoding="utf-8")
    return Program(
        "Typer, nothing", [sys.executable, str(folder / "hello.py")], bare(str(folder)), lists=False
    )


def _write_calendar(folder: Path, items: Sequence[Item], form: str) -> None:
    """Write one iCalendar file an item, as calendar programs keep them."""
    folder.mkdir(parents=True)
    for item in items:
        text = form.format(item=item, end=item.due + timedelta(minutes=30))
        (folder / f"{item.id}.ics").write_bytes(text.replace("\n", "\r\n").encode())


_VTODO = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tariffwatch//benchmark//EN
BEGIN:VTODO
UID:{item.id}
DTSTAMP:20260101T000000Z
SUMMARY:{item.id} {item.title}
DUE;TZID=America/New_York:{item.due:%Y%m%dT%H%M%S}
STATUS:NEEDS-ACTION
END:VTODO
END:VCALENDAR
"""

_VEVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tariffwatch//benchmark//EN
BEGIN:VEVENT
UID:{item.id}
DTSTAMP:20260101T000000Z
SUMMARY:{item.id} {item.title}
DTSTART;TZID=America/New_York:{item.due:%Y%m%dT%H%M%S}
DTEND;TZID=America/New_York:{end:%Y%m%dT%H%M%S}
END:VEVENT
END:VCALENDAR
"""

_HELLO = "import typer\napp = typer.Typer()\n@app.command()\ndef hello() -> None:\n    pass\napp()\n"

_TABLE = """\
import json
from pathlib import Path

import typer

app = typer.Typer()

@app.command()
def show(file: Path) -> None:
    from rich.console import Console
    from rich.table import Table
    told = json.loads(file.read_text())
    table = Table(*told["columns"])
    for row in told["rows"]:
        table.add_row(*row)
    Console().print(table)

app()
"""
