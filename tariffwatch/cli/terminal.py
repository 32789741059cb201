"""Streams, width, colour and character set, in one object that tests replace."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from tariffwatch.views import plain
from tariffwatch.views.document import Document


@dataclass(frozen=True, slots=True)
class Screen:
    """Where answers (``out``) and talk (``err``) go, and what can be shown there."""

    out: TextIO
    err: TextIO
    is_terminal: bool
    width: int
    colour: bool
    ascii_only: bool

    def show(self, document: Document) -> None:
        """Write a page: drawn on a terminal, plain anywhere else."""
        if self.is_terminal:
            from tariffwatch.views import terminal

            terminal.write(
                document, self.out, width=self.width, colour=self.colour, ascii_only=self.ascii_only
            )
        else:
            self.write(plain.render(document, ascii_only=self.ascii_only))

    def write(self, text: str) -> None:
        """Write an answer as it is."""
        self.out.write(text)

    def put(self, content: bytes) -> None:
        """Write a file's content byte for byte, whatever the characters and line ends of the locale."""
        self.out.flush()
        self.out.buffer.write(content)

    def say(self, text: str) -> None:
        """Write talk to stderr, harmless and in the locale's characters."""
        self.err.write((plain.to_ascii(text) if self.ascii_only else text) + "\n")


def screen(environ: Mapping[str, str] = os.environ) -> Screen:
    """The screen that this run has. ``NO_COLOR`` (any value but empty) and TERM=dumb are obeyed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    is_terminal = sys.stdout.isatty()
    plain_terminal = environ.get("TERM") == "dumb" or bool(environ.get("NO_COLOR"))
    return Screen(
        out=sys.stdout,
        err=sys.stderr,
        is_terminal=is_terminal,
        width=shutil.get_terminal_size((80, 24)).columns,
        colour=is_terminal and not plain_terminal,
        ascii_only=_ascii_only(environ),
    )


def _ascii_only(environ: Mapping[str, str]) -> bool:
    """Whether the locale is C or POSIX, or has no UTF-8: Python itself then guesses UTF-8."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if os.name == "nt":
        return not (sys.stdout.encoding or "").lower().startswith("utf")
    return "utf" not in locale.lower()
