"""Cells wrapped into columns by what they take on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.views.document import Cell
from tariffwatch.views.fit import beside, cells, wrapped
from tariffwatch.words import clean


def lines(text: str, width: int) -> list[str]:
    return ["".join(cell.text for cell in row) for row in wrapped(text, width, "")]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, []),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("  one   two ", 20, ["one two"]),
        ("report-cn-2025", 9, ["report-", "cn-2025"]),
        ("report-cn-2025", 10, ["report-cn-", "2025"]),
        ("abcdef", 4, ["abcd", "ef"]),
        ("钢铁税", 4, ["钢铁", "税"]),
        ("钢铁税", 1, ["钢", "铁", "税"]),
        ("e\u0301te\u0301", 3, ["e\u0301te\u0301"]),
    ],
)
def test_wrapped(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@given(st.text(), st.integers(2, 40))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    text = clean(text)
    found = lines(text, width)
    assert all(cells(line) <= width for line in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_columns_stand_side_by_side() -> None:
    rows = beside([(3, [Cell("!")]), (6, [Cell("one two"), Cell(""), Cell("钢")]), (4, [Cell("end")])], 20)
    assert ["".join(cell.text for cell in row) for row in rows] == ["!   one     end", "    two", "    钢"]
    assert beside([(3, [Cell("")])], 20) == [[]]
