"""What the benchmark measures is what it says it is. How long anything takes is not tested."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path

import growth
import measured
import programs
import pytest
from conftest import instant
from ledgers import NEW_YORK, items, write_ledger

from tariffwatch import query
from tariffwatch.ledger.load import load
from tariffwatch.ledger.rules import check

TODAY = date(2026, 11, 23)
NOON = instant("2026-11-23 12:00")


def test_a_generated_ledger_is_sound_and_has_just_the_items_ahead(tmp_path: Path) -> None:
    write_ledger(tmp_path, 40, TODAY)
    ledger = load([tmp_path])
    assert check(ledger, NOON) == []
    coming = query.countdown(ledger.actions.values(), NOON, NOON)
    expected = {(item.id, item.due) for item in items(40, TODAY)}
    assert {(d.action.id, d.at) for d in coming} == expected
    assert len(coming) == 40
    assert {d.after is None for d in coming} == {True, False}
    assert {len(action.events) for action in ledger.actions.values()} == {8}


def test_a_ledger_of_one_size_is_always_the_same_and_begins_as_a_smaller_one(tmp_path: Path) -> None:
    for name, count in (("one", 5), ("two", 5), ("more", 9)):
        write_ledger(tmp_path / name, count, TODAY)
    texts = {
        name: [path.read_text() for path in sorted((tmp_path / name).rglob("*.toml"))]
        for name in ("one", "two", "more")
    }
    assert texts["one"] == texts["two"] == texts["more"][:5]


def test_a_program_that_is_missing_is_named_with_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(programs.MissingError, match="apt-get install taskwarrior"):
        programs.taskwarrior(tmp_path / "task", [], TODAY)
    with pytest.raises(programs.MissingError, match="apt-get install remind"):
        programs.remind(tmp_path / "remind", [])
    with pytest.raises(programs.MissingError, match="--install"):
        programs.todoman(tmp_path / "todo", [], lambda _: None)


def test_every_command_lists_all_items_cold_and_warm(tmp_path: Path) -> None:
    today = datetime.now(NEW_YORK).date()  # the programs ask the time: any day on which this runs will do
    for program in programs.tariffwatch(tmp_path / "ledger", 3, today):
        warm = program.output()
        program.chill()
        cold = program.output()
        listed = [item.id in text for item in items(3, today) for text in (warm, cold)]
        assert all(listed) or not program.lists
    assert (tmp_path / "ledger" / "cache").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="wait4 and terminals of POSIX")
def test_a_process_is_measured_with_its_own_peak_and_its_own_terminal() -> None:
    hungry = "x = b'x' * 80_000_000; import sys; sys.exit(not sys.stdout.isatty())"
    found = measured.measure([sys.executable, "-c", hungry], dict(os.environ), terminal=True)
    assert 80_000_000 < found.peak < 160_000_000
    with pytest.raises(measured.FailedError, match="exit code 1"):
        measured.measure([sys.executable, "-c", hungry], dict(os.environ))


@pytest.mark.parametrize(("power", "said"), [(1, "1.00"), (2, "2.00")])
def test_growth_is_told_by_its_exponent(power: int, said: str) -> None:
    series = {0: 0.25, **{count: 0.25 + 1e-4 * count**power for count in (100, 1000, 10_000)}}
    assert f"{growth.exponent(series):.2f}" == said
    assert growth.figures({"warm": series})[-1].endswith(f"| {said} |")


def test_what_grows_in_proportion_lies_on_its_dots() -> None:
    drawn = growth.plot({"warm": {0: 1.0, 100: 1.1, 1000: 2.0, 10_000: 11.0}}).splitlines()
    rows = [line.partition("|")[2] for line in drawn[:-2]]
    marks = [(row.index("w"), n) for n, row in enumerate(rows) if "w" in row]
    assert len(marks) == 3
    for (left, high), (right, low) in zip(marks[1:], marks[:-1], strict=True):
        between = [n for n, row in enumerate(rows) if "." in row[left:right]]
        assert min(between) >= low
        assert max(between) <= high
    assert drawn[-1].split() == ["100", "1,000", "10,000", "actions"]
