"""``clock`` as people use it: one date, a list of dates, and what cannot be worked out."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent


def test_the_surcharge_clock_shows_its_working(run: Run) -> None:
    shown = run("clock", "s122-150-days", "--from", "2026-02-24").stdout
    assert shown.splitlines()[0] == "Section 122 surcharge: 150 days: 2026-07-24 00:01 EDT"
    assert "1. Trigger (the surcharge takes effect): Tue 2026-02-24 00:01 EST" in shown
    assert "last full day Thu 2026-07-23" in shown
    assert "19 U.S.C. 2132(a)" in shown


def test_json_carries_the_steps(run: Run) -> None:
    told = json.loads(run("clock", "s232-report", "--from", "2018-05-23", "--format", "json").stdout)
    assert told["schema"] == "tariffwatch/1"
    assert (told["last_day"], told["safe_day"], told["rolled_day"]) == ("2019-02-17", "2019-02-15", None)
    assert len(told["steps"]) == 3
    assert told["clock"]["cite"] == "19 U.S.C. 1862(b)(3)(A)"


def test_clock_alone_lists_them_all_with_length_and_citation(run: Run) -> None:
    shown = run("clock").stdout
    assert "MEASURES" in shown
    assert any(
        "s122-150-days" in line and "150 days" in line and "2132(a)" in line for line in shown.splitlines()
    )


def test_a_column_of_dates_gets_deadlines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text('entry,opened\nA1,2025-03-10\n"B,2",2018-05-23\nC3,2025-02-30\nD4,\nE5,2025-03-10\n')
    answer = run("clock", "s232-report", "--list-from", path, "--column", "opened", "--as-of", "2025-12-01")
    assert answer.returncode == 3
    rows = list(csv.reader(io.StringIO(answer.stdout)))
    assert rows[0] == ["entry", "opened", "last_day", "safe_day", "deadline", "days_left"]
    assert rows[1] == ["A1", "2025-03-10", "2025-12-05", "2025-12-05", "2025-12-05", "4"]
    assert rows[2][0] == "B,2"
    assert rows[2][2:4] == ["2019-02-17", "2019-02-15"]
    assert [row[2] for row in rows[3:]] == ["", "", "2025-12-05"]
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["row 4", "row 5"]


def test_a_list_comes_from_a_pipe(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tariffwatch", "clock", "s232-report", "--list-from", "-"],
        input="day\n2025-03-10\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2025-12-05" in answer.stdout


def test_many_rows_stream(tmp_path: Path, run: Run) -> None:
    random.seed(7)
    path = tmp_path / "many.csv"
    days = (date(2024, 1, 1) + timedelta(days=random.randrange(900)) for _ in range(50_000))
    path.write_text("day\n" + "".join(f"{day}\n" for day in days))
    answer = run("clock", "s232-report", "--list-from", path)
    assert answer.returncode == 0
    assert answer.stdout.count("\n") == 50_001


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["s232-reprot", "--from", "2025-01-01"], 'did you mean "s232-report"?'),
        (["s232-report"], "--from DATE"),
        (["s232-report", "--from", "soon"], "is not a date"),
        (["s232-report", "--from", "2025-02-30"], "is not a date"),
        (["s232-report", "--from", "2025-01-01", "--trigger", "liquidation"], "not NAME=DATE"),
        (["s232-report", "--from", "2025-01-01", "--zone", "Nowhere"], "no time zone"),
        (["s232-report", "--list-from", "/nowhere.csv"], "cannot be read"),
        (["s232-report", "--list-from", "data"], "cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_worked_out_is_said(run: Run, arguments: list[str], words: str) -> None:
    answer = run("clock", *arguments)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_show_and_countdown_explain_every_computed_date(run: Run) -> None:
    shown = run("show", "s232-polysilicon", "--explain").stdout
    assert "s232-polysilicon, report-270: " in shown
    assert "270 days, the trigger day not counted: last day Sat 2026-03-28, to its close" in shown
    listed = run(
        "countdown", "--id", "s301-structural-excess-capacity-16", "--as-of", "2026-11-22", "--explain"
    )
    assert "12 months, the trigger day not counted: last day Thu 2027-03-11" in listed.stdout
    told = json.loads(
        run(
            "countdown", "--id", "s301-vietnam-ip", "--as-of", "2026-11-22", "--explain", "--format", "json"
        ).stdout
    )
    computed = [row for row in told["deadlines"] if row["rule"]]
    assert [row["rule"] for row in computed] == ["s301-determine-special301"]
    assert computed[0]["steps"][0].startswith("Trigger")


def test_a_time_is_read_on_the_clocks_own_wall(run: Run) -> None:
    told = run("clock", "cn-beijing-time-one-year", "--from", "2025-11-10T13:01", "--format", "json").stdout
    assert json.loads(told)["at"] == "2026-11-10T13:01:00+08:00"


def test_an_everyday_question(run: Run) -> None:
    shown = run("clock", "protest-180", "--from", "2025-12-15").stdout
    assert "rolls to Mon 2026-06-15 by practice only" in shown
    assert "safe day Fri 2026-06-12" in shown
    answer = run(
        "clock", "psc", "--from", "2025-02-04", "--trigger", "liquidation=2025-12-15", "--format", "json"
    )
    assert json.loads(answer.stdout)["last_day"] == "2025-11-30"
