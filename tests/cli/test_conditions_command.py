"""``tariffwatch conditions`` as people and cron run it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

Run = Callable[..., subprocess.CompletedProcess[str]]
BORDER = ["conditions", "--id", "ieepa-canada-border", "--as-of", "2025-02-10"]


def test_the_next_decision_first(run: Run) -> None:
    rows = json.loads(run(*BORDER, "--format", "json").stdout)["conditions"]
    assert rows[0]["id"] == "immediate-steps"
    assert rows[0]["decision"]["at"] == "2025-03-04T00:01:00-05:00"
    assert rows[0]["decision"]["deadline"]["kind"] == "pause-ends"
    assert (rows[0]["finding"], rows[0]["as_found"]) == ("progress", "2025-02-03")
    assert rows[0]["decided_by"] == "The President"


def test_only_open_ones(run: Run) -> None:
    march = [*BORDER[:-1], "2025-03-05", "--format", "json"]
    stages = [row["stage"] for row in json.loads(run(*march).stdout)["conditions"]]
    assert stages == sorted(stages, key=["open", "found", "passed", "ended"].index)
    assert {"open", "found", "passed"} == set(stages)
    assert {row["stage"] for row in json.loads(run(*march, "--open").stdout)["conditions"]} == {"open"}


def test_those_of_actions_that_have_ended_are_left_out_unless_asked_for(run: Run) -> None:
    now = ["conditions", "--as-of", "2026-11-22"]
    shown = run(*now).stdout
    assert "ieepa-canada-border" not in shown
    assert re.search(r"\. \d+ of actions that have ended are left out: --all shows them\.$", shown, re.M)
    for asked in (["--all"], ["--id", "ieepa-canada-border"], ["--phase", "terminated"]):
        told = run(*now, *asked).stdout
        assert "ieepa-canada-border" in told
        assert "left out" not in told
    assert "left out" not in run(*now, "--open").stdout


def test_the_common_filters(run: Run) -> None:
    rows = run("conditions", "--as-of", "2025-02-10", "--kind", "pause-ends", "--within", "30d").stdout
    assert "ieepa-canada-border" in rows
    assert "ieepa-mexico-border" in rows
    assert "ieepa-china-fentanyl" not in rows
    none = run("conditions", "--as-of", "2025-02-10", "--by", "BR")
    assert (none.returncode, none.stdout.count("\n")) == (0, 1)
    assert "no condition matches" in none.stdout


def test_in_a_pipe_under_cron_it_is_plain_ascii_and_whole(run: Run) -> None:
    answer = run("conditions", env={"LC_ALL": "C"})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.isascii()
    assert "\x1b" not in answer.stdout


def test_it_is_listed_in_help_and_its_examples_run(run: Run) -> None:
    assert re.search(r"^ +conditions +Who must do what", run("--help").stdout, re.M)
    text = run("conditions", "-h").stdout
    examples = re.findall(r"^ +(tariffwatch(?: .*)?)$", text, re.M)
    assert len(examples) == 3
    for example in examples:
        assert run(*example.split()[1:]).returncode == 0, example


def test_what_cannot_be_understood_is_refused(run: Run) -> None:
    answer = run("conditions", "--phase", "paused")
    assert (answer.returncode, answer.stdout) == (2, "")
