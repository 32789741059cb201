"""The script that ``entries --emit-sql`` writes, run on DuckDB against the program's own answers."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmarks import made_entries
from conftest import instant

from tariffwatch.columns.sql.cells import MOST_PARTS, Source
from tariffwatch.columns.sql.script import script
from tariffwatch.entries import reading
from tariffwatch.entries.fields import ENTRIES, Layout, places
from tariffwatch.entries.model import ZONE
from tariffwatch.entries.review import Review, review
from tariffwatch.entries.running import Running, Side
from tariffwatch.entries.values import DateForm
from tariffwatch.ledger.load import Ledger

Run = Callable[..., subprocess.CompletedProcess[str]]
SAMPLE = Path(__file__).parent.parent / "sample" / "entries.csv"
AS_OF = instant("2026-11-22 23:59:59")
Rows = list[list[str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


class Answer:
    """What the script says of a file."""

    def __init__(
        self, path: Path, ledger: Ledger, as_of: datetime = AS_OF, layout: Layout | None = None, **signs: Any
    ) -> None:
        rows = read(path) if path.suffix == ".csv" and not signs else None
        header = rows[0] if rows else signs.pop("header")
        found = places(header, ENTRIES, layout or Layout())
        source = Source(
            file=str(path),
            columns={ours: header[place] for ours, place in found.items()},
            parquet=path.suffix == ".parquet",
            dates=layout.dates if layout else None,
            **signs,
        )
        self.text = script(source, ledger, as_of, as_of, "Of a test.")
        self.duck = duckdb.connect()
        self.running = self.duck.execute(self.text).fetchall()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.duck.execute(query).fetchall()

    @property
    def left_out(self) -> list[str]:
        return [wrong for (wrong,) in self.ask("SELECT wrong FROM left_out ORDER BY wrong")]


def expected(running: Running) -> tuple[Any, ...]:
    """A clock as the script tells it, but for the day it counts from."""
    return (
        *(running.entry.number, running.name, running.worked.clock.title, running.side.value),
        *(running.estimate, running.stake, running.worked.last_day),
        *(running.due.at.astimezone(ZONE).date(), running.worked.clock.cite),
    )


def reviewed(rows: Rows, ledger: Ledger, as_of: datetime = AS_OF, layout: Layout | None = None) -> Review:
    found = reading.entries(rows, layout or Layout()).entries
    return review(found, ledger.actions, ledger.work, as_of, as_of)


def without_start(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:6], *row[7:])


@pytest.mark.parametrize("day", ["2026-11-22", "2026-06-14", "2026-02-22", "2025-11-28", "2027-03-15"])
def test_every_clock_of_the_sample_in_its_order(day: str, shipped_ledger: Ledger) -> None:
    """On a Sunday, in the days after a safe day has passed, before the phases of the refund programme."""
    as_of = instant(f"{day} 12:00")
    found = reviewed(read(SAMPLE), shipped_ledger, as_of)
    assert found.running
    answer = Answer(SAMPLE, shipped_ledger, as_of)
    assert [without_start(row) for row in answer.running] == [expected(one) for one in found.running]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("made") / "made.csv", list(made_entries.rows(3000, seed=3, spoilt=0.1))
    )


@pytest.fixture(scope="module")
def answer(made: Path, shipped_ledger: Ledger) -> Answer:
    return Answer(made, shipped_ledger)


def agreeing(found: Review, answer: Answer) -> list[Running]:
    """The clocks of the entries whose lines agree."""
    apart = {number for (number,) in answer.ask("SELECT entry_number FROM disagreeing")}
    assert 0 < len(apart) < 100
    return [running for running in found.running if running.entry.number not in apart]


def test_every_clock_of_thousands_of_rows(made: Path, answer: Answer, shipped_ledger: Ledger) -> None:
    found = agreeing(reviewed(read(made), shipped_ledger), answer)
    assert len({running.name for running in found}) >= 12
    assert [without_start(row) for row in answer.running] == [expected(one) for one in found]


def test_the_day_that_a_clock_counts_from(answer: Answer, made: Path, shipped_ledger: Ledger) -> None:
    """It stands in the trigger's words."""
    triggers = {(r.entry.number, r.name): r.trigger for r in reviewed(read(made), shipped_ledger).running}
    for number, clock, *_, start, _, _, _ in answer.running:
        assert f"{start}" in triggers[number, clock]


def test_lines_are_left_out_as_the_program_does(made: Path, answer: Answer) -> None:
    """But for those that disagree with others of their entry, and those that have nothing of ours."""
    rows = read(made)
    ours = [rows[0].index(column.name) for column in ENTRIES]
    bad = [remark for remark in reading.entries(rows, Layout()).remarks if remark.bad]
    some = [remark for remark in bad if any(rows[remark.row - 1][place : place + 1] > [""] for place in ours)]
    assert len(answer.left_out) == len([one for one in some if " is not the " not in one.text])
    assert "one amount for each heading" in answer.left_out
    assert "liquidation_date before entry_date" in answer.left_out


def test_weeks(made: Path, answer: Answer, shipped_ledger: Ledger) -> None:
    """Each entry once a week, with the most that hangs on one of its clocks."""
    weeks: dict[date, dict[str, Any]] = {}
    for running in agreeing(reviewed(read(made), shipped_ledger), answer):
        if running.side is Side.YOURS:
            day = running.due.at.astimezone(ZONE).date()
            stakes = weeks.setdefault(day - timedelta(days=day.weekday()), {})
            stakes[running.entry.number] = max(stakes.get(running.entry.number, 0), running.stake)
    assert answer.ask("SELECT * FROM weeks ORDER BY monday") == [
        (monday, len(stakes), sum(stakes.values())) for monday, stakes in sorted(weeks.items())
    ]


def test_other_names_signs_and_forms(tmp_path: Path, shipped_ledger: Ledger) -> None:
    rows = read(SAMPLE)
    days = [place for place, name in enumerate(rows[0]) if name.endswith(("_date", "_liquidation"))]
    for row in rows[1:]:
        for place in days:
            if row[place]:
                year, month, day = row[place].split("-")
                row[place] = f"{int(month)}/{int(day)}/{year} 12:00:00 AM"
        row[-1] = "$" + f"{float(row[-1]):,.2f}"
        row[-2] = row[-2].replace(".", "")
    rows[0] = ['Entry "No"' if name == "entry_number" else name for name in rows[0]]
    path = write(tmp_path / "it's.csv", rows, ";")
    layout = Layout({'Entry "No"': "entry_number"}, DateForm.US)
    answer = Answer(path, shipped_ledger, layout=layout, header=rows[0], delimiter=";")
    assert answer.left_out == []
    assert [without_start(row) for row in answer.running] == [
        expected(one) for one in reviewed(read(SAMPLE), shipped_ledger).running
    ]


def test_parquet(tmp_path: Path, shipped_ledger: Ledger) -> None:
    path = tmp_path / "entries.parquet"
    columns = ", ".join(
        f"TRY_CAST({name} AS {kind}) AS {name}"
        for name, kind in {"entry_date": "DATE", "liquidation_date": "TIMESTAMP", "duty": "DOUBLE"}.items()
    )
    duckdb.execute(
        f"COPY (SELECT * REPLACE ({columns}) FROM read_csv('{SAMPLE}', all_varchar = true)) TO '{path}'"
    )
    answer = Answer(path, shipped_ledger, header=read(SAMPLE)[0])
    assert answer.left_out == []
    assert [without_start(row) for row in answer.running] == [
        expected(one) for one in reviewed(read(SAMPLE), shipped_ledger).running
    ]


GOOD = {
    "entry_number": "B76-0324527-8",
    "entry_date": "2025-03-10",
    "liquidation_date": "",
    "origin": "CN",
    "headings": "9903.01.24",
    "duty": "2000.00",
}


BAD: Sequence[tuple[Mapping[str, str], str]] = (
    ({"entry_date": "03/10/2025"}, "entry_date"),
    ({"entry_date": "2025-02-30"}, "entry_date"),
    ({"entry_date": "0206-02-20"}, "entry_date"),
    ({"entry_date": "2025-03-10T23:30:00Z"}, "entry_date"),
    ({"entry_number": "26110316-2"}, "entry_number"),
    ({"origin": "China"}, "origin"),
    ({"headings": "9903.01"}, "headings"),
    ({"duty": "2.500,00"}, "duty"),
    ({"duty": "-5"}, "duty"),
    ({"duty": "2000.005"}, "duty"),
    ({"headings": "9903.01.24;9903.01.25"}, "one amount for each heading"),
    (
        {"headings": ";".join(["9903.01.24"] * 31), "duty": ";".join(["1"] * 31)},
        f"more than {MOST_PARTS} headings",
    ),
    ({"liquidation_date": "2025-03-09"}, "liquidation_date before entry_date"),
)


def test_bad_lines_are_left_out_with_the_reason(tmp_path: Path, shipped_ledger: Ledger) -> None:
    rows = [list((GOOD | cells).values()) for cells, _ in BAD]
    answer = Answer(write(tmp_path / "bad.csv", [list(GOOD), *rows]), shipped_ledger)
    assert answer.left_out == sorted(wrong for _, wrong in BAD)
    assert answer.running == []


def test_below_the_first_statement_no_engine_is_named(answer: Answer) -> None:
    """So that Spark reads it too: what is particular to DuckDB stands where the file is read."""
    _, _, rest = answer.text.partition("strict_mode = false);\n")
    code = re.sub(r"'[^']*'", "''", rest)
    assert not re.search(r'::|"|`|read_|regexp_matches|unnest|QUALIFY|EXCLUDE', code)
    assert "USING csv OPTIONS" in answer.text


def test_the_command(run: Run, tmp_path: Path) -> None:
    told = run("entries", SAMPLE, "--as-of", "2026-11-22", "--emit-sql")
    assert told.returncode == 0
    assert told.stdout.startswith(
        f"-- The clocks of the entries in {SAMPLE}. As of Sun 2026-11-22 23:59:59 EST.\n"
    )
    assert len(duckdb.connect().execute(told.stdout).fetchall()) > 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-",), "not stdin"),
        ((SAMPLE, "--clock", "protest-180"), "every clock"),
        ((SAMPLE, "--most", "3"), "--most"),
    ],
)
def test_what_it_cannot_do(arguments: tuple[str | Path, ...], words: str, run: Run) -> None:
    answer = run("entries", *arguments, "--emit-sql")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
