"""``entries`` of more rows than are read one by one: real runs with Polars, and without it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from benchmarks import made_entries
from jsonschema import Draft202012Validator

from tariffwatch.cli.many import MOST_LISTED, MOST_PLAIN, MOST_TOLD
from tariffwatch.views.json_schema import schema

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "tests" / "sample" / "entries.csv"
AS_OF = ("--as-of", "2026-11-22")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of more rows than are read one by one."""
    return made_entries.write(tmp_path_factory.mktemp("many") / "entries.csv", MOST_PLAIN + 500)


@pytest.fixture
def without_polars(tmp_path: Path) -> dict[str, str]:
    """An environment in which Polars is not installed."""
    (tmp_path / "polars.py").write_text("raise ModuleNotFoundError('No module named polars', name='polars')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    return {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONPATH": path}


def test_many_rows_are_told_as_few_are(run: Run, many: Path, without_polars: dict[str, str]) -> None:
    """The page is the same to the letter without Polars; only slower, which is said."""
    fast, slow = run("entries", many, *AS_OF), run("entries", many, *AS_OF, env=without_polars)
    assert fast.stdout == slow.stdout
    assert fast.returncode == slow.returncode == 3
    assert "install tariffwatch[big]" not in fast.stderr
    assert slow.stderr.splitlines()[0] == (
        "more than 10,000 rows take long, and much memory: install tariffwatch[big], which brings Polars"
    )
    assert slow.stderr.splitlines()[1:] == fast.stderr.splitlines()


def test_the_worst_are_listed_and_the_rest_is_counted(run: Run, many: Path) -> None:
    answer = run("entries", many, *AS_OF)
    lines = answer.stdout.splitlines()
    assert "entries in 10,4" in lines[0]
    assert "rows left out" in lines[0]
    assert lines[MOST_LISTED + 2].startswith("... and ")
    assert lines[MOST_LISTED + 2].endswith(
        "more entries: --most N lists the N worst, --format csv has every clock"
    )
    assert "BY WEEK, YOUR OWN TIME" in lines
    few = run("entries", many, *AS_OF, "--most", "3").stdout.splitlines()
    assert few[0] == lines[0]
    assert [line.split()[:4] for line in few[2:5]] == [line.split()[:4] for line in lines[2:5]]
    assert few[5].startswith("... and ")


def test_bad_rows_are_told_by_number_up_to_a_page_of_them(run: Run, many: Path) -> None:
    answer = run("entries", many, *AS_OF)
    told = answer.stderr.splitlines()
    left_out = [line for line in told if ": left out: " in line]
    assert 0 < len(left_out) <= MOST_TOLD
    everything = json.loads(run("entries", many, *AS_OF, "--format", "json").stdout)
    assert everything["counts"]["left_out"] == len(everything["file"]["left_out"])
    first = everything["file"]["left_out"][0]
    assert left_out[0] == f"row {first['row']}: left out: {first['reason']}"


def test_json_lists_the_worst_and_counts_all(run: Run, many: Path) -> None:
    told = json.loads(run("entries", many, *AS_OF, "--format", "json", "--most", "20").stdout)
    assert Draft202012Validator(schema()).is_valid(told)
    assert (len(told["entries"]), len(told["running"])) == (20, 20)
    assert told["counts"]["entries"] > 5000
    assert told["counts"]["running"] > told["counts"]["entries"]


def test_csv_has_every_clock(run: Run, many: Path) -> None:
    counted = json.loads(run("entries", many, *AS_OF, "--format", "json").stdout)["counts"]["running"]
    assert run("entries", many, *AS_OF, "--format", "csv").stdout.count("\n") == counted + 1
    assert run("entries", many, *AS_OF, "--format", "csv", "--most", "7").stdout.count("\n") == 8


def test_most_of_a_small_file(run: Run) -> None:
    told = json.loads(run("entries", SAMPLE, *AS_OF, "--format", "json", "--most", "3").stdout)
    assert (len(told["entries"]), told["counts"]["entries"]) == (3, 40)
    page = run("entries", SAMPLE, *AS_OF, "--most", "3").stdout.splitlines()
    assert page[5].startswith("... and 37 more entries")


def test_a_bar_on_a_terminal_alone(many: Path) -> None:
    assert "Reading" in _seen_on_a_terminal("entries", str(many), *AS_OF)
    assert "Reading" not in _seen_on_a_terminal("entries", str(SAMPLE), *AS_OF)


def test_no_bar_in_a_pipe(run: Run, many: Path) -> None:
    answer = run("entries", many, *AS_OF)
    assert "Reading" not in answer.stderr
    assert "\x1b" not in answer.stdout + answer.stderr


def _seen_on_a_terminal(*arguments: str) -> str:
    """What a run shows on stderr where that is a terminal."""
    main, second = pty.openpty()
    seen: list[bytes] = []

    def read() -> None:
        try:
            while piece := os.read(main, 4096):
                seen.append(piece)
        except OSError:
            return  # the other end is closed

    reader = threading.Thread(target=read)
    reader.start()
    subprocess.run(
        [sys.executable, "-m", "tariffwatch", *arguments],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm", "TZ": "America/New_York"},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=second,
        timeout=60,
        check=False,
    )
    os.close(second)
    reader.join(10)
    os.close(main)
    return b"".join(seen).decode()


def _as_parquet(path: Path) -> Path:
    """The sample with columns of days, of lists and of numbers, as other systems write Parquet."""
    days = [
        name
        for name in SAMPLE.read_text().splitlines()[0].split(",")
        if name.endswith(("_date", "liquidation"))
    ]
    frame = pl.read_csv(SAMPLE, infer_schema=False).with_columns(
        *(pl.col(name).str.to_date("%Y-%m-%d") for name in days if name != "summary_date"),
        pl.col("summary_date").str.to_datetime("%Y-%m-%d"),
        pl.col("headings").str.split(";"),
        pl.col("duty").str.split(";").list.eval(pl.element().cast(pl.Float64)),
        pl.col("entry_type").cast(pl.Int8),
        pl.col("reconciliation") == "yes",
    )
    frame.write_parquet(path)
    return path


@pytest.mark.parametrize("dates", [(), ("--dates", "us")], ids=["iso", "us"])
def test_parquet_says_the_same(run: Run, tmp_path: Path, dates: tuple[str, ...]) -> None:
    """A day of a column of days is one in every form."""
    path = _as_parquet(tmp_path / "entries.parquet")
    for form in ("table", "json"):
        as_csv = run("entries", SAMPLE, *AS_OF, "--format", form)
        assert run("entries", path, *AS_OF, *dates, "--format", form).stdout == as_csv.stdout


def test_parquet_leaves_out_what_is_no_day_and_no_amount(run: Run, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "entry_number": ["B76-0324527-8", "002-6110316-2", "002-6111115-7", None],
            "entry_date": ["2025-03-10 00:00", "2025-03-10 23:30", "2025-03-11 00:00", None],
            "liquidation_date": [date(2026, 1, 16), None, None, None],
            "origin": ["CN", "CN", "CN", None],
            "headings": [99030124, 99030124, 99030124, None],
            "duty": [Decimal("2000.000"), Decimal("1.000"), Decimal("1.005"), None],
            "photo": [b"\xff", b"", None, None],
        }
    )
    instants = pl.col("entry_date").str.to_datetime("%Y-%m-%d %H:%M")
    frame.with_columns(instants).write_parquet(tmp_path / "entries.parquet")
    answer = run("entries", tmp_path / "entries.parquet", *AS_OF)
    assert "1 entry in 3 rows, 2 rows left out, $2,000.00 paid" in answer.stdout
    assert "row 3: left out: entry_date: " in answer.stderr
    assert "instant, not a day" in answer.stderr
    assert 'row 4: left out: duty: "1.005" is not an amount' in answer.stderr


def test_parquet_without_polars(run: Run, tmp_path: Path, without_polars: dict[str, str]) -> None:
    path = _as_parquet(tmp_path / "entries.parquet")
    answer = run("entries", path, env=without_polars)
    assert answer.returncode == 2
    assert "install tariffwatch[big]" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["entries", "shipments"])
def test_what_is_no_parquet(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("entry_number,entry_date\n")
    for file in ("x.parquet", "nowhere.parquet"):
        answer = run(command, tmp_path / file)
        assert answer.returncode == 2
        assert answer.stderr.count("\n") == 1
        assert "Traceback" not in answer.stderr
