"""The manual page and the shell completions, made from the program's own help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import typer.main
from typer.completion import get_completion_script

from tariffwatch import __version__
from tariffwatch.cli.main import program

Told = tuple[str, str]
"""An option as one writes it, and what it does."""

MADE = {
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
HELP = ("-h, --help", "What a command does, its options and examples that run; every command has it.")
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


FILES = (
    (
        "~/.config/tariffwatch/config.toml",
        "The settings; tariffwatch remind init writes them, with comments.",
    ),
    ("~/.local/share/tariffwatch/ledger", "The ledger of one's own; tariffwatch add and record write there."),
    ("~/.local/share/tariffwatch/updates", "Newer ledgers that were taken."),
    ("~/.local/state/tariffwatch", "What reminders have told."),
    ("~/.cache/tariffwatch", "Parsed files; deleting it is always safe."),
)


def texts(day: str) -> dict[str, str]:
    """The files, by name; ``day`` is when the manual page last changed, in ISO form."""
    shells = {"bash": "tariffwatch.bash", "zsh": "_tariffwatch", "fish": "tariffwatch.fish"}
    scripts = {name: completion(shell) for shell, name in shells.items()}
    return {"tariffwatch.1": page(day), **scripts}


def completion(shell: str) -> str:
    """What Typer prints for a shell, to be installed with the program."""
    script = get_completion_script(
        prog_name="tariffwatch", complete_var="_TARIFFWATCH_COMPLETE", shell=shell
    ).rstrip()
    if shell != "zsh":
        return script + "\n"
    # At the first Tab zsh runs the file as the function itself: it must answer, not only register one.
    register = "compdef _tariffwatch_completion tariffwatch"
    assert script.endswith(register)
    answer = '_tariffwatch_completion "$@"'
    both = f"if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n  {answer}\nelse\n  {register}\nfi\n"
    return script.removesuffix(register) + both


def page(day: str) -> str:
    """The manual page, in the form of man(7)."""
    group: Any = typer.main.get_command(program(["--help"]))
    own, shared = _split(_told(group, []))
    lines = [
        r".\" Made from the program's help; see tests/cli/test_manual.py.",
        f'.TH TARIFFWATCH 1 {day} "tariffwatch {__version__}" "Tariff deadlines as law"',
        *(".nh", ".ad l"),  # options and dates are not broken
        *(".SH NAME", r"tariffwatch \- tariff deadlines as law"),
        *(".SH SYNOPSIS", r".B tariffwatch", r"[\fICOMMAND\fR] [\fIOPTION\fR ...]"),
        *(".SH DESCRIPTION", *_paragraphs(group.help)),
        *(".SH OPTIONS", ".SS Of the overview", *_tagged([*own, HELP])),
        *(".SS Shared by the overview and all listings", *_tagged(shared)),
        *(".SH COMMANDS", *_commands(group, [], shared)),
        *(".SH EXIT STATUS", *_tagged(ENDS), ".SH ENVIRONMENT", *_tagged(PLACES), ".SH FILES"),
        *(*_tagged(FILES), ".PP", "tariffwatch doctor says where they are on this machine."),
        *(".SH NOTES", "Nothing that is shown is legal advice."),
        *(".SH SEE ALSO", ".BR crontab (5),", ".BR remind (1),", ".BR khal (1)"),
    ]
    return "\n".join(lines) + "\n"


def _commands(group: Any, path: list[str], shared: list[Told]) -> Iterator[str]:
    for name, command in group.commands.items():
        words = [*path, name]
        arguments = [param.make_metavar(_context(command, words)) for param in _given(command)]
        yield from (f'.SS "{_safe(" ".join([*words, *arguments]))}"', *_paragraphs(command.help))
        yield from _options(command, words, shared)
        if hasattr(command, "commands"):
            yield from _commands(command, words, shared)


def _options(command: Any, words: list[str], shared: list[Told]) -> Iterator[str]:
    """A command's own options, and the names of those that it shares."""
    told = _told(command, words)
    yield from _tagged(one for one in told if one not in shared)
    if also := [rf"\fB{_safe(one[0].split()[0])}\fR" for one in told if one in shared]:
        yield from (".PP", "Shared options: " + ", ".join(also) + ".")


def _split(told: list[Told]) -> tuple[list[Told], list[Told]]:
    """The overview's own options, and those that it shares with the listings."""
    alone = ("--version", "--install-completion", "--show-completion")
    own = [one for one in told if one[0].startswith(alone)]
    return own, [one for one in told if one not in own]


def _given(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def _context(command: Any, words: list[str]) -> Any:
    return command.make_context(" ".join(words), [], resilient_parsing=True)


def _told(command: Any, words: list[str]) -> list[Told]:
    """The options of a command, as its help tells them; all have --help."""
    context = _context(command, words)
    options = (param for param in command.get_params(context) if param.param_type_name == "option")
    told = (param.get_help_record(context) for param in options)
    return [one for one in told if one and not one[0].endswith("--help")]


def _tagged(pairs: Iterable[Told]) -> Iterator[str]:
    for tag, text in pairs:
        yield from (".TP", rf"\fB{_safe(tag)}\fR", _safe(text))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs as they are; examples that follow each other as one, without their lines being filled."""
    blocks = re.split(r"\n\s*\n", (text or "").strip().replace("\b\n", ""))
    for number, (example, some) in enumerate(groupby(blocks, lambda block: block.startswith("  "))):
        if example:
            yield from (".PP", ".nf", *(_safe(line) for block in some for line in block.splitlines()), ".fi")
            continue
        for place, block in enumerate(some):
            first = number == place == 0  # after a heading, none is asked for
            yield from (*([] if first else [".PP"]), *(_safe(line.strip()) for line in block.splitlines()))


def _safe(text: str) -> str:
    """Text as roff prints it: no control line, no escape, hyphens that can be copied."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace('"', r"\(dq")
    return re.sub(r"^(\s*)\.", r"\1\\&.", text)
