"""A file of one's own put into a reminder of the settings, as a person would: everything else stays."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from tariffwatch.errors import UsageError
from tariffwatch.ledger.kinds import hint
from tariffwatch.ledger.positions import Positions
from tariffwatch.settings.load import read

_END = re.compile(r"(\[|,)?\s*\](?=[^\]]*$)")
"""The end of a list that is written on one line."""


def named(data: bytes, path: Path, name: str, key: str, file: str, map_file: str | None) -> bytes:
    """The settings with a file in the list ``key`` of the reminder of that name; the same if it is there.

    ``map_file`` says how the file names its columns. Raises UsageError for settings that cannot be
    understood, and with what to write by hand where that is safer.
    """
    loaded = read(data, path)
    for problem in loaded.problems:
        raise UsageError(f"{problem.loc}: {problem.message}; {problem.fix}")
    names = [reminder.name for reminder in loaded.settings.reminders]
    if name not in names:
        fix = hint(name, names, f"there are: {', '.join(names) or 'none'}")
        raise UsageError(f'--remind: no reminder of {path} is called "{name}"; {fix}')
    text, index = data.decode("utf-8-sig"), names.index(name)
    files = loaded.settings.reminders[index].files
    mapped = getattr(files, f"{key}_map")
    if map_file and mapped not in (None, Path(map_file)):
        raise UsageError(f'--remind: the {key} of "{name}" are read by {mapped}; make another reminder')
    if file not in getattr(files, key):
        text = _with(text, path, index, key, [file])
    if map_file and mapped is None:
        text = _with(text, path, index, f"{key}_map", map_file)
    return text.encode()


def _with(text: str, path: Path, index: int, key: str, value: str | list[str]) -> str:
    """The text with a value in a reminder: in its list, or in a new line below its header."""
    lines, positions = text.splitlines(keepends=True), Positions(text)
    header, place = positions.line("reminders", index), positions.line("reminders", index, key)
    written = json.dumps(value, ensure_ascii=False)
    if place == header:
        end = lines[header - 1][len(lines[header - 1].rstrip("\r\n")) :] or "\n"
        lines.insert(header, f"{key} = {written}{end}")
    else:
        lines[place - 1] = _END.sub(
            lambda end: f"{'[' if '[' in end[0] else ', '}{written[1:]}", lines[place - 1], count=1
        )
    after = "".join(lines)
    if _document(after) != _meant(text, index, key, value):
        raise UsageError(f"--remind: {path}:{place}: add {written[1:-1]} to {key} there by hand")
    return after


def _meant(text: str, index: int, key: str, value: str | list[str]) -> object:
    """What the document should say then."""
    document = tomllib.loads(text)
    reminder = document["reminders"][index]
    reminder[key] = [*reminder.get(key, []), *value] if isinstance(value, list) else value
    return document


def _document(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
