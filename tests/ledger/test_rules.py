"""Every problem of the ledger has a bad file that shows it, with the words that its message must hold.

A bad file is named after the code; its first line says ``# expect: LINE | words | words of the mend``,
and the day asked about where that matters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import instant

from tariffwatch.ledger.load import Ledger, load
from tariffwatch.ledger.rules import check
from tariffwatch.views.problems import render

LONG_AGO = instant("1990-01-01")
"""Before anything was public: nothing is stale yet."""
BAD = sorted((Path(__file__).parent / "bad").glob("*.toml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_file(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = [part.strip() for part in text.splitlines()[0].removeprefix("# expect:").split("|")]
    line, message, fix, *as_of = expected
    code = path.stem.split("_")[0].upper()
    slug = re.search(r'^id = "([a-z0-9-]+)"', text, re.M)
    name = "instruments" if "instruments_file" in path.stem else slug[1] if slug else "us-bad"
    copy = tmp_path / f"{name}.toml"
    copy.write_text(text, encoding="utf-8")
    problems = check(load([tmp_path]), instant(as_of[0]) if as_of else LONG_AGO)
    # What a strip hides is looked at only in the files made for it: elsewhere it follows from the fault.
    problems = [p for p in problems if code.startswith("TW5") or not p.code.startswith("TW5")]
    assert [problem.code for problem in problems] == [code], render(problems)
    problem = problems[0]
    assert problem.loc.line == int(line)
    assert message in problem.message
    assert fix in problem.fix


def test_every_code_has_a_bad_file() -> None:
    source = "".join(p.read_text() for p in Path("tariffwatch/ledger").glob("*.py"))
    codes = set(re.findall(r'"(TW\d{3})"', source))
    # These need more than one file, a link or a byte that is no text: see test_load.py and below.
    elsewhere = {"TW002", "TW003", "TW004", "TW105", "TW301", "TW404"}
    assert codes - elsewhere == {path.stem.split("_")[0].upper() for path in BAD}


def test_an_instrument_demands_an_event_of_every_action_it_affects(ledger: Callable[..., Ledger]) -> None:
    found = ledger(
        instruments="""
        [[instruments]]
        id = "ruling"
        title = "A ruling"
        affects = ["us-one", "us-two"]
        """,
        us_one="""
        [[events]]
        id = "gone"
        kind = "invalidated"
        known = 2025-05-01
        recorded = 2025-05-02
        effective = 2025-05-01
        source = "ruling p. 3; 19 U.S.C. 1"
        evidence = "text"
        """,
        us_two="",
    )
    problems = check(found, LONG_AGO)
    assert [(p.code, Path(p.loc.file).name) for p in problems] == [("TW404", "us-two.toml")]


def test_all_problems_are_reported_in_order_of_place(ledger: Callable[..., Ledger]) -> None:
    found = ledger(us_b="nonsense = 1\n[[events]]\nid = 'x'\n", us_a='[[lines]]\nid = "A"\nlabel = ""\n')
    codes = [(Path(p.loc.file).stem, p.code) for p in check(found, LONG_AGO)]
    assert codes == [
        ("us-a", "TW103"),
        ("us-a", "TW103"),
        ("us-b", "TW101"),
        ("us-b", "TW102"),
        ("us-b", "TW102"),
    ]


def test_the_report_shows_place_line_and_mend() -> None:
    path = next(path for path in BAD if path.stem.startswith("tw203"))
    problems = check(load([path]), LONG_AGO)
    lines = {problem.loc.file: path.read_text().splitlines() for problem in problems}
    text = render([p for p in problems if p.code == "TW203"], lines)
    place, shown, fix = text.splitlines()
    assert place.startswith("tests/ledger/bad/tw203_until_before_effective.toml:8: error TW203: event ")
    assert shown.strip() == "8 | [[events]]"
    assert fix.startswith("  fix: correct one of the two")
