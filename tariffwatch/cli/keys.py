"""The keyboard of a Unix terminal, key by key, with the signals that concern a whole-screen program.

Line editing and echo are off while :func:`keyboard` is in use, and restored when its block ends, however it
ends. Signals are noted and wait their turn, so that none can end the program half way through drawing.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from tariffwatch.views.keys import (
    BACKSPACE,
    CLEAR,
    DOWN,
    END,
    ENTER,
    ESCAPE,
    HOME,
    PAGE_DOWN,
    PAGE_UP,
    UP,
)

_NAMES = {"\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\x08": BACKSPACE, "\x15": CLEAR}
_SEQUENCES = dict.fromkeys(("[A", "OA"), UP) | dict.fromkeys(("[B", "OB"), DOWN)
_SEQUENCES |= {"[5~": PAGE_UP, "[6~": PAGE_DOWN}
_SEQUENCES |= dict.fromkeys(("[H", "OH", "[1~", "[7~"), HOME)
_SEQUENCES |= dict.fromkeys(("[F", "OF", "[4~", "[8~"), END)
"""What terminals send after an escape: xterm, the Linux console, rxvt (terminfo kcuu1, kpp, khome ...)."""

_SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|O[@-~])")
"""A key with a name, by ECMA-48 5.4; sequences of keys that nobody asked for are left out."""
_BEGUN = re.compile(r"\x1b(\[[0-9;?]*[ -/]*|O)?$")
"""One of which the rest may still be under way."""

PATIENCE = 0.05
"""Seconds to wait for the rest of a sequence, before an escape is the key of that name."""

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""What ends the program, after the terminal was restored."""
LEAVING = ("SIGTSTP", "SIGCONT")
"""What takes it from the screen (Ctrl-Z), and brings it back."""
WAKING = ("SIGWINCH",)


class Decoder:
    """Bytes from a terminal to keys, however they are cut into reads."""

    def __init__(self) -> None:
        self._text = ""
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def waiting(self) -> bool:
        """Whether a sequence has begun, and not yet ended."""
        return bool(self._text)

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete."""
        self._text += self._bytes.decode(data)
        keys = []
        while self._text and not _BEGUN.match(self._text):
            if found := _SEQUENCE.match(self._text):
                keys += [_SEQUENCES[found[1]]] if found[1] in _SEQUENCES else []
                self._text = self._text[found.end() :]
            else:
                key, self._text = self._text[0], self._text[1:]
                keys.append(ESCAPE if key == "\x1b" else _NAMES.get(key, key))
        return keys

    def flush(self) -> list[str]:
        """No more comes: what has begun was the escape key."""
        begun, self._text = self._text, ""
        return [ESCAPE] if begun else []


class Keyboard:
    """The keys of a terminal, and what the signals meanwhile ask for."""

    def __init__(self, fd: int, wakeup: int) -> None:
        self._fd, self._wakeup = fd, wakeup
        self._decoder = Decoder()
        self.hung_up = False
        """The terminal has gone away."""
        self.interrupted = False
        """Ctrl-C was pressed."""
        self.ended_by: int | None = None
        """The signal that asks the program to end."""
        self.left = False
        """The program was asked off the screen, or has come back to it."""
        self.stopped = False
        """It was asked off the screen."""

    @property
    def quiet(self) -> bool:
        """Whether nothing has asked the program to leave the screen."""
        return not (self.hung_up or self.interrupted or self.ended_by or self.left)

    def wait(self, seconds: float) -> list[str]:
        """The keys pressed meanwhile; at once when there are any, or a signal has come."""
        if not self.quiet:
            return []
        if self._decoder.waiting:
            if not self._ready(PATIENCE):
                return self._decoder.flush()
        elif not self._ready(seconds):
            return []
        try:
            data = os.read(self._fd, 4096)
        except OSError:
            data = b""
        self.hung_up = not data
        return self._decoder.feed(data)

    def _ready(self, seconds: float) -> bool:
        """Whether there is something to read from the terminal; a signal ends the wait."""
        readable, _, _ = select.select([self._fd, self._wakeup], [], [], max(0.0, seconds))
        if self._wakeup in readable:
            os.read(self._wakeup, 4096)
        return self._fd in readable

    def note(self, number: int, frame: FrameType | None = None) -> None:
        """Take note of a signal."""
        name = signal.Signals(number).name
        if name in ENDING:
            self.ended_by = number
        elif name in LEAVING:
            self.left = True
            self.stopped = self.stopped or name == "SIGTSTP"
        elif name == "SIGINT":
            self.interrupted = True


@contextmanager
def keyboard(fd: int) -> Iterator[Keyboard]:
    """The keyboard of the terminal behind a file descriptor, which is given back as it was."""
    mode = termios.tcgetattr(fd)
    with _wakeup() as reading:
        keys = Keyboard(fd, reading)
        with _noted(keys.note):
            try:
                termios.tcsetattr(fd, termios.TCSADRAIN, _by_key(mode))
                yield keys
            finally:
                with suppress(termios.error):  # the terminal may have gone away
                    # What was typed and not read is not for the shell.
                    termios.tcsetattr(fd, termios.TCSAFLUSH, mode)


@contextmanager
def _wakeup() -> Iterator[int]:
    """A file descriptor that can be read as soon as a signal has come."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


@contextmanager
def _noted(note: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Signals are noted; those that are ignored, as under nohup, stay so."""
    numbers = [getattr(signal, name) for name in ("SIGINT", *ENDING, *LEAVING, *WAKING)]
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) is not signal.SIG_IGN}
    try:
        for number in before:
            signal.signal(number, note)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _by_key(mode: list[Any]) -> list[Any]:
    """A terminal's mode with single keys, without echo, and with Ctrl-S as a key that freezes nothing."""
    changed = [*mode[:6], list(mode[6])]
    changed[0] &= ~termios.IXON
    changed[3] &= ~(termios.ICANON | termios.ECHO)
    changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
    return changed
