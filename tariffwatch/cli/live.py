"""``tariffwatch countdown --live``: the loop that reads the clock, the keys and the ledger, and draws."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any, Protocol

import typer

from tariffwatch import query, words
from tariffwatch.cli.places import cache_folder, folders, own_settings
from tariffwatch.cli.question import Format, Question, ask, say_problems
from tariffwatch.cli.terminal import Screen
from tariffwatch.cli.times import parse_span
from tariffwatch.errors import ExitCode, LedgerError, UsageError
from tariffwatch.ledger.load import load
from tariffwatch.results import Deadline
from tariffwatch.stamps import Stamp, below
from tariffwatch.views import live
from tariffwatch.views.document import Cell
from tariffwatch.views.plain import speller
from tariffwatch.views.report import When


class Keys(Protocol):
    """The keys pressed, and what else asks to leave: :class:`tariffwatch.cli.keys.Keyboard`."""

    hung_up: bool
    interrupted: bool

    @property
    def quiet(self) -> bool: ...
    def wait(self, seconds: float) -> list[str]: ...


Clock = Callable[[], datetime]
"""Tells the present instant; asked at each tick."""
Draw = Callable[[Sequence[Sequence[Cell]], int, int], None]
"""Draws rows on a screen of a width and height."""

INSTEAD = "write tariffwatch countdown"
LOOK_AGAIN = timedelta(seconds=2)
"""How often it is looked whether the ledger's files have changed."""
ASK_AGAIN = timedelta(seconds=30)
"""How often the deadlines are asked for anew: facts become known, and a --within moves on."""


def refuse(given: Mapping[str, Any], others: Mapping[str, bool], screen: Screen, term: str) -> None:
    """Raise UsageError where a live countdown makes no sense, or cannot be drawn.

    ``others`` are the command's own options, by name, and whether they were given.
    """
    if past := next((name for name in ("as_of", "knowing") if given[name] is not None), None):
        raise UsageError(f"--live shows the present; leave out --{past.replace('_', '-')}, or --live")
    if given["format"] is not Format.TABLE:
        raise UsageError(f"--live draws on a screen; leave out --format {given['format'].value}, or --live")
    if other := next((name for name, there in others.items() if there), None):
        raise UsageError(f"--live does not go with {other}; leave out one of the two")
    if not (screen.is_terminal and sys.stdin is not None and sys.stdin.isatty()):
        raise UsageError(f"--live needs a terminal to draw on and to read keys from; elsewhere {INSTEAD}")
    if term in ("", "dumb", "unknown"):
        raise UsageError(f"--live cannot draw on a terminal of TERM={term or '(not set)'}; {INSTEAD}")
    if find_spec("termios") is None:
        raise UsageError(f"--live reads keys as Unix terminals give them, and this is none; {INSTEAD}")


class Watch:
    """The deadlines asked for, out of a ledger that is read again when its files change."""

    def __init__(self, given: Mapping[str, Any], question: Question, environ: Mapping[str, str]) -> None:
        self.ledger = question.ledger
        self.filters = _written(given)
        """As they were asked for."""
        self.trouble = ""
        """Why the ledger could not be read again."""
        self._filters = question.filters
        self._within: str | None = given["within"]
        self._cache = cache_folder(environ)
        self._paths = folders(given["data"], environ, own_settings(environ))
        self._stamps = self._stamped()
        self._looked = self._asked = question.when.as_of
        self._coming: Sequence[Deadline] | None = None

    def coming(self, now: datetime) -> Sequence[Deadline]:
        """What comes after an instant, and what passed in the minute before it; soonest first."""
        if not timedelta(0) <= now - self._looked < LOOK_AGAIN:  # the clock may have been set back
            self._looked = now
            self._read_again()
        if self._coming is None or not timedelta(0) <= now - self._asked < ASK_AGAIN:
            self._asked = now
            end = None if self._within is None else parse_span(self._within, "--within", now)
            filters = replace(self._filters, by_then=end)
            self._coming = query.countdown(self.ledger.actions.values(), now - live.STAYS, now, filters)
        return [deadline for deadline in self._coming if deadline.due.passes > now - live.STAYS]

    def _read_again(self) -> None:
        try:
            found = self._stamped()
            if found != self._stamps:
                self.ledger, self._coming = load(self._paths, self._cache), None
            self._stamps, self.trouble = found, ""
        except LedgerError as error:
            self.trouble = f"{error}; shown is what was read before"

    def _stamped(self) -> set[Stamp]:
        return {stamp for path in self._paths for stamp in below(path)}

    @property
    def told(self) -> str:
        """What is wrong with the ledger, in a line."""
        if self.trouble or not (count := len(self.ledger.problems)):
            return self.trouble
        return words.problems(count)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a live countdown needs of the world around it."""

    clock: Clock
    keys: Keys
    size: Callable[[], tuple[int, int]]
    """Columns and lines of the screen."""
    draw: Draw
    spell: Callable[[str], str]
    """Makes text from a ledger harmless, in the characters that can be shown."""


def run(
    given: dict[str, Any], others: Mapping[str, bool], now: Clock, screen: Screen, environ: Mapping[str, str]
) -> None:
    """Show the countdown until it is left; then report what is wrong in the ledger, as any command does.

    Raises UsageError where it cannot be shown.
    """
    refuse(given, others, screen, environ.get("TERM", ""))
    question = ask(now(), screen, environ, **given)
    watch = Watch(given, question, environ)
    look = live.Look()
    while not look.done:
        look = _on_screen(watch, question.when, look, now, screen)
    say_problems(watch.ledger, screen)
    if watch.ledger.problems:
        raise typer.Exit(ExitCode.BAD_DATA)


def _on_screen(watch: Watch, when: When, look: live.Look, now: Clock, screen: Screen) -> live.Look:
    """Show the countdown until it is left for good, or for a while (Ctrl-Z); how one looked last.

    A signal that ends the program does so when the terminal is restored, as whoever sent it expects.
    """
    from tariffwatch.cli.keys import keyboard
    from tariffwatch.views.terminal import Canvas

    def size() -> tuple[int, int]:
        columns, lines = os.get_terminal_size(screen.out.fileno())
        return columns or 80, lines or 24

    with keyboard(sys.stdin.fileno()) as keys:
        try:
            with Canvas(screen.out, colour=screen.colour) as canvas:
                machine = Machine(now, keys, size, canvas.draw, speller(screen.ascii_only))
                look = loop(watch, when, look, machine)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            look = replace(look, done=True)  # the terminal has gone away
    if keys.ended_by:
        signal.signal(keys.ended_by, signal.SIG_DFL)
        os.kill(os.getpid(), keys.ended_by)
    if keys.stopped:
        os.kill(os.getpid(), signal.SIGSTOP)
    return look


def loop(watch: Watch, when: When, look: live.Look, machine: Machine) -> live.Look:
    """Draw at each full second, key and signal, until one of them asks to leave; how one looked last.

    The time left follows from the clock each time, so that a second more or less of waiting, a clock
    that was set, or a night's sleep changes nothing but the moment of drawing.
    """
    while True:
        present = machine.clock()
        second = present.replace(microsecond=0)
        width, height = machine.size()
        shown = live.frame(
            watch.coming(second),
            replace(when, as_of=second, knowing=second),
            look,
            width,
            height,
            asked=watch.filters,
            trouble=watch.told,
            spell=machine.spell,
        )
        machine.draw(shown.rows, width, height)
        for key in machine.keys.wait(1 - present.microsecond / 1_000_000):
            look = live.pressed(look, key, shown)
        if machine.keys.hung_up or machine.keys.interrupted:
            return replace(look, done=True)
        if look.done or not machine.keys.quiet:
            return look


def _written(given: Mapping[str, Any]) -> str:
    """The filters of the question as they were written: ``--on CA --within 30d``."""
    parts = []
    for name in ("on", "by", "authority", "phase", "kind", "within", "id"):
        value = given[name] or []
        parts += [f"--{name} {one}" for one in ([value] if isinstance(value, str) else value)]
    return " ".join(parts)
