"""The manual page and the shell completions, made from the program's own help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main
from typer.completion import get_completion_script

from tariffwatch.cli.main import program

FILES = {
    "tariffwatch.1": "the manual page, in the form of man(7)",
    "tariffwatch.bash": "completion",
    "_tariffwatch": "completion",
    "tariffwatch.fish": "completion",
}
"""What ``tariffwatch/shell`` holds; pyproject.toml says where an installation puts each."""

ENDS = (
    ("0", "Done."),
    ("1", "check found errors, countdown --exit-code listed something, or doctor found what needs a hand."),
    ("2", "An option or argument could not be understood."),
    ("3", "Part of the ledger, or of a list of dates, entries or shipments, could not be read."),
    ("4", "A reminder could not be delivered or recorded; it is kept for the next run."),
)
PLACES = (
    ("TARIFFWATCH_CONFIG", "The settings file, else config.toml in the user's configuration folder."),
    ("TARIFFWATCH_DATA", "Ledger folders of one's own, parted as PATH is."),
    ("TARIFFWATCH_STATE", "Where it is kept what reminders have told, else the user's state folder."),
    ("TARIFFWATCH_CACHE", "Where parsed files are kept, else the user's cache folder; empty keeps none."),
    ("TARIFFWATCH_UPDATES", "Where newer ledgers are kept, else in the user's data folder."),
    ("EDITOR, VISUAL", "What tariffwatch edit opens."),
    ("NO_COLOR", "If set, nothing is coloured."),
    ("TZ", "The zone of the person who asks, unless the settings or --zone say it."),
)


def texts() -> dict[str, str]:
    """The files, by name."""
    shells = {"bash": "tariffwatch.bash", "zsh": "_tariffwatch", "fish": "tariffwatch.fish"}
    scripts = {
        name: get_completion_script(
            prog_name="tariffwatch", complete_var="_TARIFFWATCH_COMPLETE", shell=shell
        ).rstrip()
        + "\n"
        for shell, name in shells.items()
    }
    return {"tariffwatch.1": page(), **scripts}


def page() -> str:
    """The manual page, in the form of man(7)."""
    group: Any = typer.main.get_command(program([]))
    lines = [
        r".\" Made from the program's help; see tests/cli/test_manual.py.",
        '.TH TARIFFWATCH 1 "" tariffwatch "Tariff deadlines as law"',
        *(".SH NAME", r"tariffwatch \- tariff deadlines as law"),
        *(".SH SYNOPSIS", r".B tariffwatch", r"[\fICOMMAND\fR] [\fIOPTION\fR ...]"),
        *(".SH DESCRIPTION", *_paragraphs(group.help), ".SS Options of the overview", *_options(group, [])),
        ".SH COMMANDS",
        *_commands(group, []),
        *(".SH EXIT STATUS", *_tagged(ENDS), ".SH ENVIRONMENT", *_tagged(PLACES)),
        *(".SH SEE ALSO", ".BR crontab (5),", ".BR remind (1),", ".BR khal (1)"),
    ]
    return "\n".join(lines) + "\n"


def _commands(group: Any, path: list[str]) -> Iterator[str]:
    for name, command in group.commands.items():
        words = [*path, name]
        if hasattr(command, "commands"):
            yield from (f".SS {' '.join(words)}", *_paragraphs(command.help))
            yield from _commands(command, words)
            continue
        arguments = [param.make_metavar(_context(command, words)) for param in _given(command)]
        yield from (f'.SS "{_safe(" ".join([*words, *arguments]))}"', *_paragraphs(command.help))
        yield from _options(command, words)


def _given(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def _context(command: Any, words: list[str]) -> Any:
    return command.make_context(" ".join(words), [], resilient_parsing=True)


def _options(command: Any, words: list[str]) -> Iterator[str]:
    context = _context(command, words)
    for param in command.get_params(context):
        if param.param_type_name == "option" and (told := param.get_help_record(context)):
            yield from _tagged([told])


def _tagged(pairs: Any) -> Iterator[str]:
    for tag, text in pairs:
        yield from (".TP", rf"\fB{_safe(tag)}\fR", _safe(text))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs as they are; examples without their lines being filled."""
    for block in re.split(r"\n\s*\n", (text or "").strip().replace("\b\n", "")):
        lines = [_safe(line) for line in block.splitlines()]
        yield from (".PP", *((".nf", *lines, ".fi") if block.startswith("  ") else map(str.strip, lines)))


def _safe(text: str) -> str:
    """Text as roff prints it: no control line, no escape, hyphens that can be copied."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace('"', r"\(dq")
    return re.sub(r"^(\s*)\.", r"\1\\\&.", text)
