"""``--remind NAME`` of entries and shipments: their file is watched by a reminder from then on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from tariffwatch.cli.terminal import Screen
from tariffwatch.errors import UsageError

REMIND = Annotated[
    str | None,
    typer.Option("--remind", metavar="NAME", help="Let this reminder of your settings watch FILE too."),
]


def watch(key: str, file: str, name: str, map_file: Path | None, screen: Screen, *, plain: bool) -> None:
    """Name a file in a reminder; ``plain`` is that nothing but a mapping file says how it is read.

    Raises UsageError for what the settings cannot say.
    """
    from tariffwatch.cli.files import replace_file
    from tariffwatch.cli.places import settings_file
    from tariffwatch.settings.load import contents
    from tariffwatch.settings.naming import named

    if file == "-":
        raise UsageError("--remind: stdin is gone when the reminder runs; name a file")
    if not plain:
        raise UsageError(
            "--remind: the reminder knows a mapping file alone; write columns, dates, without and "
            "delimiter in one, for --map-file"
        )
    path = settings_file(os.environ)
    if not os.path.exists(path):
        raise UsageError(f"there are no settings at {path}; write some with: tariffwatch remind init")
    mapped = str(map_file.absolute()) if map_file else None
    before = contents(path)
    after = named(before, path, name, key, str(Path(file).absolute()), mapped)
    if after == before:
        screen.say(f'the reminder "{name}" watches {file} already')
        return
    replace_file(str(path), after, "--remind")
    screen.say(f'the reminder "{name}" watches {file} from now on: see tariffwatch remind --dry-run')
