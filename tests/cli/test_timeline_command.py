"""``tariffwatch timeline`` as people and cron run it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_one_action_is_drawn_over_its_history(run: Run) -> None:
    answer = run("timeline", "ieepa-canada-border", "--as-of", "2026-11-22")
    assert answer.returncode == 0
    assert "drawn from 2024-11-01 to 2026-05-01" in answer.stdout
    assert re.search(r"^general +T-+\*~+I=+I=+VE\.+$", answer.stdout, re.M)
    assert all(len(line) <= 100 for line in answer.stdout.splitlines() if re.match(r"[a-z]+ +.*=====", line))


def test_each_stretch_has_a_line_for_grep(run: Run) -> None:
    lines = run("timeline", "ieepa-canada-border", "--as-of", "2026-11-22").stdout.splitlines()
    (rise,) = (line for line in lines if line.startswith("ieepa-canada-border ") and "35%" in line)
    assert re.split(r" {2,}", rise) == [
        "ieepa-canada-border",
        "2025-08-01 00:01 EDT",
        "2026-02-20",
        "in force, 35%",
        "general",
        "eo-14325 sec. 2",
    ]


def test_the_months_around_the_date_for_several(run: Run) -> None:
    told = json.loads(run("timeline", "--on", "CA", "--as-of", "2025-02-10", "--format", "json").stdout)
    assert (told["from"], told["to"]) == ("2024-08-01T00:00:00-04:00", "2026-03-01T00:00:00-05:00")
    by_id = {action["id"]: action for action in told["actions"]}
    (general, energy) = by_id["ieepa-canada-border"]["strips"]
    assert [(s["phase"], s["rate"]) for s in general["stretches"]] == [
        ("threatened", "25%"),
        ("scheduled", "25%"),
        ("suspended", "25%"),
        ("in-force", "25%"),
    ]
    last = general["stretches"][-1]
    assert (last["start"], last["end"]) == ("2025-03-04T00:01:00-05:00", None)
    assert (last["cause"], last["source"]) == ("pause", "eo-14197 sec. 3(a)")
    assert energy["line"] == "energy"


@pytest.mark.parametrize(
    ("start", "end", "drawn"),
    [
        ("2025-02-01", "2025-03-31", ("2025-02-01T00:00:00-05:00", "2025-04-01T00:00:00-04:00")),
        ("2025-02-01T12:00", "2025-02-01", ("2025-02-01T12:00:00-05:00", "2025-02-02T00:00:00-05:00")),
        ("2025-02-01T12:00Z", "2025-02-01", ("2025-02-01T07:00:00-05:00", "2025-02-02T00:00:00-05:00")),
    ],
)
def test_any_span(run: Run, start: str, end: str, drawn: tuple[str, str]) -> None:
    span = ["--from", start, "--to", end, "--format", "json"]
    told = json.loads(run("timeline", "ieepa-canada-border", "--as-of", "2025-02-10", *span).stdout)
    assert (told["from"], told["to"]) == drawn


def test_the_rest_of_the_span_is_what_fits(run: Run) -> None:
    span = ["--from", "2025-02-01", "--format", "json"]
    told = json.loads(run("timeline", "ieepa-canada-border", "--as-of", "2025-02-10", *span).stdout)
    assert (told["from"], told["to"]) == ("2025-02-01T00:00:00-05:00", "2025-04-01T00:00:00-04:00")


def test_actions_by_name_and_by_filter(run: Run) -> None:
    def listed(*arguments: str) -> set[str]:
        answer = run("timeline", *arguments, "--as-of", "2025-02-10", "--format", "json")
        return {action["id"] for action in json.loads(answer.stdout)["actions"]}

    named = {"ieepa-canada-border", "ieepa-mexico-border"}
    assert listed(*named) == named
    assert listed("ieepa-canada-border", "--id", "ieepa-mexico-border") == named
    assert "ieepa-canada-border" in listed("--phase", "suspended")
    assert "ieepa-china-fentanyl" not in listed("--phase", "suspended")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ieepa-canada"],
        ["--from", "soon"],
        ["--from", "now"],
        ["--to", "2025-02-30"],
        ["--from", "2025-02-10", "--to", "2025-02-09"],
        ["--from", "2025-02-10T12:00", "--to", "2025-02-10T12:00"],
        ["--from", "2100-01-01"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_refused_in_words(run: Run, arguments: list[str]) -> None:
    answer = run("timeline", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("tariffwatch: ")
    assert "Traceback" not in answer.stderr


def test_in_a_pipe_under_cron_it_is_plain_ascii_and_whole(run: Run) -> None:
    answer = run("timeline", env={"LC_ALL": "C"})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.isascii()
    assert "\x1b" not in answer.stdout


def test_it_is_listed_in_help_and_its_examples_run(run: Run) -> None:
    assert re.search(r"^ +timeline +The strips drawn", run("--help").stdout, re.M)
    text = run("timeline", "-h").stdout
    examples = re.findall(r"^ +(tariffwatch(?: .*)?)$", text, re.M)
    assert len(examples) == 4
    for example in examples:
        assert run(*example.split()[1:]).returncode == 0, example
