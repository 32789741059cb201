"""What would change in a file, as ``diff -u`` writes it, harmless on a terminal."""

from __future__ import annotations

from difflib import unified_diff

from tariffwatch.words import clean

NO_END = "\\ No newline at end of file"


def render(name: str, before: bytes, after: bytes) -> str:
    """The changed lines of a file with three around them; empty where nothing changes."""
    lines = unified_diff(_lines(before), _lines(after), f"{name} (as it is)", f"{name} (mended)", lineterm="")
    return "".join(f"{clean(line)}\n" for shown in lines for line in shown.split("\n"))


def _lines(content: bytes) -> list[str]:
    """The lines without their ends; a last line without one has a line more that says so."""
    lines = content.decode("utf-8", errors="replace").split("\n")
    rest = lines.pop()
    ended = [line.removesuffix("\r") for line in lines]
    return [*ended, f"{rest}\n{NO_END}"] if rest else ended
