"""``tariffwatch add`` at a real terminal, where it asks, and from the command line alone."""

from __future__ import annotations

import re
import signal
import tomllib
from pathlib import Path

import pytest
from desk import CTRL_C, CTRL_D, FACT, HEAD, Desk, Dialogue, Done

from tariffwatch.ledger.load import shipped


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def at_a_terminal(desk: Desk, dialogue: Dialogue, *arguments: str) -> tuple[str, int]:
    """``add`` on a terminal of its own."""
    return desk.talk(dialogue, "add", *arguments)


def test_it_asks_for_what_is_missing_until_it_is_understood(desk: Desk) -> None:
    desk.has_example()
    shown, code = at_a_terminal(
        desk,
        [
            ("A short name", "Our Case"),
            ("ID must be lower-case letters, digits and hyphens", "us-example"),
            ('"us-example" stands already in', "our-case"),
            ("What the measure is called", ""),
            ("What the measure is called", 'Acme "v." United States'),
            ("The government that imposes it", "USA"),
            ("two capital letters", "us"),
            ("On which countries", "Canada"),
            ("two capital letters", "ca, MX"),
            ("The law it rests on", "28 U.S.C. 1581"),
            ("such as America/New_York [America/New_York]", "Mars"),
            ("is no zone", ""),
            ("What it is, in one sentence", ""),
            ("A part with a rate of its own", "general"),
            ("has no two sides", "General=All goods"),
            ('"General" is no id', "general=All goods"),
            ("A part with a rate of its own", ""),
        ],
    )
    assert code == 0, shown
    assert "our-case (times in America/New_York)" in shown
    assert "our-case: nothing has happened yet, as far as is recorded" in shown
    assert "next: tariffwatch record our-case ordered --effective DATE --rate RATE --known DATE" in shown
    told = tomllib.loads((desk.ledger / "our-case.toml").read_text(encoding="utf-8"))
    told.pop("verified")
    assert told == {
        "id": "our-case",
        "title": 'Acme "v." United States',
        "imposed_by": "US",
        "on": ["CA", "MX"],
        "authority": "28 U.S.C. 1581",
        "zone": "America/New_York",
        "lines": [{"id": "general", "label": "All goods"}],
    }
    assert desk.run("check").returncode == 0


def test_it_asks_only_for_what_is_missing(desk: Desk) -> None:
    rest: Dialogue = [("The law it rests on", "A"), ("in one sentence", "A case."), ("A part with", "")]
    shown, code = at_a_terminal(desk, rest, "our-case", *HEAD[:-2])
    assert code == 0, shown
    assert "What the measure is called" not in shown
    assert 'summary = "A case."' in (desk.ledger / "our-case.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("answered", range(3))
def test_who_stops_leaves_nothing(desk: Desk, key: str, answered: int) -> None:
    asked: Dialogue = [("A short name", "our-case"), ("is called", "Case"), ("The government", "US")]
    shown, code = at_a_terminal(desk, [*asked[:answered], (asked[answered][0], key)])
    assert (code, "Traceback" in shown) == (2, False)
    assert "tariffwatch: stopped; nothing was written" in shown
    assert not desk.ledger.exists()


def test_without_a_terminal_it_asks_nothing(desk: Desk) -> None:
    done = desk.run("add", "our-case", "--title", "Case")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "tariffwatch: an action needs more: --imposed-by, such as --imposed-by US; --on,"
    )


def test_a_dry_run_shows_the_file_and_writes_nothing(desk: Desk) -> None:
    command = ["add", "our-case", *HEAD, "--line", "general=All goods", "--instrument", "letter-1=A letter"]
    dry = desk.run(*command, "--dry-run")
    assert (dry.returncode, dry.stderr.splitlines()) == (
        0, ["our-case (times in America/New_York)", "  line general", "  instrument letter-1"]
    )  # fmt: skip
    assert not desk.ledger.exists()
    name, _, text = dry.stdout.partition("\n")
    assert name == "# .local/share/tariffwatch/ledger/our-case.toml"
    assert desk.run(*command).returncode == 0
    assert (desk.ledger / "our-case.toml").read_text(encoding="utf-8") == text


def test_the_first_line_of_the_file_that_tells_a_command_tells_one_that_runs(desk: Desk) -> None:
    assert desk.run("add", "our-case", *HEAD, "--line", "general=All goods").returncode == 0
    text = (desk.ledger / "our-case.toml").read_text(encoding="utf-8")
    [told] = re.findall(r"^# tariffwatch (record .*)$", text, re.M)
    import shlex

    done = desk.run(*shlex.split(told))
    assert done.returncode == 0, done.stderr
    assert "our-case: scheduled, 25%; next 2027-01-01 00:01 EST: takes effect: 25%" in done.stdout


def said(done: Done) -> str:
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False), done.stderr
    return done.stderr


MISTAKES = [
    (["A b"], "ID must be lower-case letters, digits and hyphens"),
    (["s232-copper"], "add to it with tariffwatch record s232-copper"),
    (["clocks"], "is the name of a file that several actions share; take another id"),
    (["our-x", "--imposed-by", "USA"], "--imposed-by must be a country's two capital letters"),
    (["our-x", "--on", "CA,Mexico"], "--on must be a country's two capital letters"),
    (["our-x", "--zone", "Mars/Base"], '--zone is "Mars/Base", which is no zone; write one such as'),
    (["our-x", "--verified", "soon"], '--verified: "soon" is not a date; write 2026-12-04'),
    (["our-x", "--line", "general"], '--line: "general" has no two sides; write NAME=VALUE'),
    (["our-x", "--instrument", "Letter 1=x"], '--instrument: "Letter 1" is no id; write lower-case letters'),
    (["our-x", "--line", "a=A", "--line", "a=B"], 'the id "a" stands already'),
    (["our-x", "--data", str(shipped())], "belongs to the ledger that ships with tariffwatch"),
    (["our-x", "--data", str(shipped() / "clocks.toml")], "is a file; name the folder of your ledger"),
]


@pytest.mark.parametrize(("command", "words"), MISTAKES, ids=[" ".join(m[0])[:50] for m in MISTAKES])
def test_a_mistake_is_answered_with_the_mend(desk: Desk, command: list[str], words: str) -> None:
    id, *options = command
    assert words in said(desk.run("add", id, *HEAD, *options))
    assert not desk.ledger.exists()


def test_a_file_of_that_name_is_not_overwritten(desk: Desk) -> None:
    """Also one that cannot be read, and so holds no action that anybody knows of."""
    desk.has_example(b"id = ")
    assert "us-example.toml is there already; take another id" in said(desk.run("add", "us-example", *HEAD))
    assert desk.example.read_bytes() == b"id = "


def test_killed_while_it_asks_it_leaves_nothing(desk: Desk) -> None:
    shown, code = at_a_terminal(desk, [("A short name", "our-case"), ("is called", "\x1c")])  # Ctrl-\
    assert code == -signal.SIGQUIT, shown
    assert not desk.ledger.exists()


def test_what_is_added_is_seen_everywhere(desk: Desk) -> None:
    assert desk.run("add", "our-case", *HEAD).returncode == 0
    given = ["--kind", "hearing", "--at", "2099-01-15 10:00", "--text", "Our hearing"]
    assert desk.run("record", "our-case", "deadline", *given, *FACT).returncode == 0
    for command in (["countdown"], ["show", "our-case"], ["export", "csv"], ["export", "ics"]):
        assert "Our hearing" in desk.run(*command).stdout
