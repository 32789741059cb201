"""How fast the program is beside others, on the same dated items, in one run.

``python tests/benchmarks/peers.py`` measures tariffwatch beside todoman, khal, Taskwarrior, remind and a
table of Typer and Rich, at 100, 1,000 and 10,000 items, and prints a page of Markdown. What it says of
its progress goes to stderr. Programs that are missing are named, with how to install them, and left out.

    python tests/benchmarks/peers.py --install             todoman and khal into a venv: build/peers
    python tests/benchmarks/peers.py --sizes 100,1000      quicker
    python tests/benchmarks/peers.py --sizes "" --rounds 31    the shipped ledger alone
    python tests/benchmarks/peers.py --huge                also tariffwatch with 100,000 actions

Every round runs each program once, one after the other, so that all of them meet the same load. A ratio
is the median of the ratios of each round; wall time counts for people, processor time is steadier where
a machine is shared.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import growth
import programs
from ledgers import items
from measured import Measure, measure
from programs import MissingError, Program

HOME = Path(__file__).parent.parent.parent
PYPI = ("todoman>=4.4,<5", "khal>=0.11,<1")
HUGE = 100_000
SLOW = 30
"""Seconds of a cold run."""


@dataclass(slots=True)
class Found:
    """The measures of one program, round by round."""

    program: Program
    warm: list[Measure] = field(default_factory=list)
    cold: list[Measure] = field(default_factory=list)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    asked = _arguments().parse_args(arguments)
    if asked.install:
        _install(asked.peers)
    today = date.today()  # noqa: DTZ011 - any day will do
    print(_heading(), flush=True)
    with tempfile.TemporaryDirectory(prefix="tariffwatch-benchmark-") as name:
        folder = Path(name)
        _print_shipped(folder / "shipped", today, asked.rounds)
        grown: dict[int, list[Found]] = {}
        for count in asked.sizes:
            rows, missing = _peers(folder / str(count), count, today, asked.peers)
            _measure(rows, asked.rounds, asked.cold)
            told = "".join(f"\n\n{sentence}." for sentence in missing)
            print(_table(f"{count:,} dated items", rows, rows[_reference(rows)]) + told, flush=True)
            grown[count] = rows
            shutil.rmtree(folder / str(count))
        if asked.huge:
            grown[HUGE] = _huge(folder / str(HUGE), today)
        if len(grown) > 1:
            alone = _own(folder / "alone", 0, today)
            _measure(alone, asked.rounds, asked.cold)
            _print_growth({0: alone, **grown})


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def sizes(text: str) -> list[int]:
        return [int(part.replace("_", "")) for part in text.split(",") if part]

    parser.add_argument("--sizes", type=sizes, default="100,1000,10000", help="numbers of items")
    parser.add_argument("--rounds", type=int, default=7, help="rounds with warm caches")
    parser.add_argument("--cold", type=int, default=3, help="rounds with cold caches")
    parser.add_argument("--huge", action="store_true", help=f"tariffwatch with {HUGE:,} actions, too")
    parser.add_argument("--install", action="store_true", help="install todoman and khal into --peers")
    parser.add_argument("--peers", type=Path, default=HOME / "build" / "peers", help="their venv")
    return parser


def _install(venv: Path) -> None:
    """Make a venv of their own for the programs from PyPI."""
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    subprocess.run([str(venv / "bin" / "python"), "-m", "pip", "install", "-q", *PYPI], check=True)


def _print_shipped(folder: Path, today: date, rounds: int) -> None:
    """The shipped ledger beside Typer programs that print as much: in a pipe and on a terminal."""
    own = _own(folder / "own", 0, today)
    tables = _tables(folder, own)
    for where, terminal in (("in a pipe", False), ("on a terminal", True)):
        rows = [Found(programs.hello(folder / "hello")), *map(Found, tables), *map(_again, own)]
        _measure(rows, rounds, 0, terminal=terminal)
        print(_table(f"The shipped ledger, {where}", rows, rows[1]), flush=True)
        idle = next(found for found in rows if found.program.name == "tariffwatch remind")
        ratio = _ratio([m.seconds for m in idle.warm], [m.seconds for m in rows[0].warm])
        print(f"\n`tariffwatch remind` with nothing due beside `{rows[0].program.name}`: {ratio}", flush=True)


def _again(found: Found) -> Found:
    return Found(found.program)


def _tables(folder: Path, own: Iterable[Found]) -> list[Program]:
    """Programs that print, as one table of Rich, the very rows that status and countdown print."""
    made = []
    for name in ("status", "countdown"):
        program = next(found.program for found in own if found.program.name == f"tariffwatch {name}")
        rows = _rows(program)
        made.append(programs.table(folder / "tables", name, rows[0], rows[1:]))
    return made


def _rows(program: Program) -> list[list[str]]:
    """The cells of the table that a command prints, the header first."""
    written = replace(program, command=[*program.command, "--format", "markdown"]).output()
    lines = [line for line in written.splitlines() if line.startswith("|") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def _own(folder: Path, count: int, today: date) -> list[Found]:
    return [Found(program) for program in programs.tariffwatch(folder, count, today)]


def _peers(folder: Path, count: int, today: date, venv: Path) -> tuple[list[Found], list[str]]:
    """Every program that is there, checked to list all items, and what is said of the others."""

    def find(name: str) -> str | None:
        there = venv / "bin" / name
        return str(there) if there.exists() else shutil.which(name)

    _say(f"{count:,} items: preparing")
    dated = list(items(count, today))
    rows = [(item.id, item.title, f"{item.due:%Y-%m-%d %H:%M}") for item in dated]
    makers: list[Callable[[], list[Program]]] = [
        lambda: programs.tariffwatch(folder / "tariffwatch", count, today),
        lambda: [programs.todoman(folder / "todoman", dated, find)],
        lambda: [programs.khal(folder / "khal", dated, today, find)],
        lambda: [programs.taskwarrior(folder / "taskwarrior", dated, today)],
        lambda: programs.remind(folder / "remind", dated),
        lambda: [programs.table(folder / "table", "items", ("Id", "Title", "Due"), rows)],
    ]
    there: list[Program] = []
    missing: list[str] = []
    for make in makers:
        try:
            there += make()
        except MissingError as error:
            missing.append(str(error))
            _say(str(error))
    for program in there:
        listed = program.output().count("bench-")
        assert not program.lists or listed >= count, f"{program.name} lists {listed} of {count} items"
    return [Found(program) for program in there], missing


def _huge(folder: Path, today: date) -> list[Found]:
    """tariffwatch alone with very many actions: one cold and one warm run of each command."""
    _say(f"{HUGE:,} actions: preparing")
    rows = _own(folder, HUGE, today)
    _measure(rows, 1, 1)
    print(_table(f"{HUGE:,} actions, one run of each", rows, None), flush=True)
    return rows


def _measure(rows: Sequence[Found], rounds: int, cold: int, *, terminal: bool = False) -> None:
    """Run every program once a round, the cold rounds first; then the caches are filled again.

    What is very slow with a cold cache is measured so only once.
    """
    for number in range(cold):
        for found in rows:
            if found.program.caches and not any(one.seconds > SLOW for one in found.cold):
                _say(f"cold round {number + 1} of {cold}: {found.program.name}")
                found.program.chill()
                found.cold.append(measure(found.program.command, found.program.env, terminal=terminal))
    for found in rows:
        if cold and found.program.caches:
            found.program.output()
    for number in range(rounds):
        for found in rows:
            _say(f"warm round {number + 1} of {rounds}: {found.program.name}")
            found.warm.append(measure(found.program.command, found.program.env, terminal=terminal))


def _reference(rows: Sequence[Found]) -> int:
    """What others are compared with: todoman, else the table of Typer and Rich."""
    names = [found.program.name for found in rows]
    return next((n for n, name in enumerate(names) if name.startswith("todo ")), len(names) - 1)


def _table(title: str, rows: Sequence[Found], reference: Found | None) -> str:
    """A Markdown table of medians, and of ratios to the reference, round by round."""
    beside = reference.program.name if reference else ""
    head = ["", "warm", "ratio", "processor", "ratio", "cold", "ratio", "peak memory", "cold peak"]
    lines = [f"\n## {title}\n"]
    if beside:
        lines.append(f"Ratios are to `{beside}`.\n")
    lines += [_line(head), _line(["---", *["---:"] * (len(head) - 1)])]
    for found in rows:
        against = reference or Found(found.program)
        lines.append(
            _line(
                [
                    f"`{found.program.name}`",
                    _seconds([m.seconds for m in found.warm]),
                    _ratio([m.seconds for m in found.warm], [m.seconds for m in against.warm]),
                    _seconds([m.processor for m in found.warm]),
                    _ratio([m.processor for m in found.warm], [m.processor for m in against.warm]),
                    _seconds([m.seconds for m in found.cold]),
                    _ratio([m.seconds for m in found.cold], [m.seconds for m in against.cold]),
                    _memory(found.warm),
                    _memory(found.cold),
                ]
            )
        )
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(found: Sequence[float]) -> str:
    if not found:
        return ""
    middle = median(found)
    return f"{middle:.2f} s" if middle >= 1 else f"{middle * 1000:.0f} ms"


def _ratio(found: Sequence[float], reference: Sequence[float]) -> str:
    pairs = list(zip(found, reference, strict=False))
    return f"{median(one / other for one, other in pairs):.2f}" if pairs else ""


def _memory(found: Sequence[Measure]) -> str:
    if not found:
        return ""
    peak = max(one.peak for one in found) / 1e6
    return f"{peak:,.0f} MB" if peak >= 15 else "under 15 MB"


def _print_growth(grown: dict[int, list[Found]]) -> None:
    """The plot of two commands and of reading, by processor time, and what one action costs."""

    def series(name: str, kind: str) -> growth.Series:
        return {
            count: median(m.processor for m in getattr(found, kind))
            for count, rows in grown.items()
            for found in rows
            if found.program.name == name
        }

    named = {
        "cold status": series("tariffwatch status", "cold"),
        "status, warm": series("tariffwatch status", "warm"),
        "remind, nothing due": series("tariffwatch remind", "warm"),
    }
    told = (
        "Processor time beyond that of the shipped ledger alone. Dots: growth in exact proportion to size;"
        " c: cold status, s: status warm, r: remind with nothing due."
    )
    print(f"\n## Growth\n\n{told}\n\n```\n{growth.plot(named)}\n```\n")
    print("\n".join(growth.figures(named)), flush=True)


def _heading() -> str:
    with_ = ", ".join(f"{name} {version(name)}" for name in ("typer", "rich"))
    return (
        f"# tariffwatch {version('tariffwatch')} beside others\n\n"
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {with_}, "
        f"{platform.system()} {platform.machine()}. tariffwatch reads its shipped ledger besides the items, "
        "and each of its actions has eight events. Files are in the system's memory; cold means without "
        "the program's own cache."
    )


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
