"""CSV files: read back with the csv module, whatever stands in the ledger."""

from __future__ import annotations

import csv as stdlib_csv
import io
import re

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given
from strange import FORMULAS, NOW, WHEN, action, texts

from tariffwatch import query, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.results import Filters
from tariffwatch.views import csv, json
from tariffwatch.views.report import When

NUMBERS = {"days_left", "business_days_left"}
DATES = ["2025-02-02 12:00", "2025-02-10 23:59:59", "2025-08-07 00:01", "2026-11-22 12:00"]


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a file, as a program reads them that knows the byte order mark."""
    decoded = text.encode().decode("utf-8-sig")
    return list(stdlib_csv.DictReader(io.StringIO(decoded, newline=""), strict=True))


def shown(text: str) -> str:
    """What a cell holds of a text: one line, with an apostrophe where it would be a formula."""
    line = words.clean(text)
    opening = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    return f"'{line}" if text.startswith(("\t", "\r")) or line.lstrip().startswith(opening) else line


def files(text: str) -> tuple[str, str]:
    strange = action(text)
    coming = query.countdown([strange], NOW, NOW)
    return csv.deadlines(coming, WHEN), csv.statuses(query.statuses([strange], NOW, NOW), WHEN)


@given(texts)
def test_whatever_a_title_holds_reads_back_as_one_harmless_line(text: str) -> None:
    deadlines, statuses = files(text)
    report, start = rows(deadlines)
    (status,) = rows(statuses)
    assert report["title"] == start["title"] == status["title"] == shown(text)
    assert report["authority"] == status["authority"] == shown(text)
    assert start["decided_by"] == shown(text)
    assert report["source"] == start["source"] == shown(text)
    assert report["what_changes"] == (f"report due: {words.clean(text)}" if text else "report due")
    assert (start["to_rates"], status["lines"]) == (
        "general: 25%; energy: 10%",
        "general: scheduled 25%; energy: scheduled 10%",
    )


@given(texts)
def test_a_row_is_a_line_and_no_cell_begins_a_formula(text: str) -> None:
    for file, count in zip(files(text), (2, 1), strict=True):
        assert len(re.split(r"[\r\n]+", file)) == count + 2
        assert file.count("\r\n") == file.count("\r") == file.count("\n") == count + 1
        for row in rows(file):
            assert not any(value.lstrip()[:1] in tuple("=+-@\uff1d") for value in row.values())
            assert all(value.isprintable() for value in row.values())


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_excel_would_run_is_text(formula: str) -> None:
    assert rows(files(formula)[1])[0]["title"] == "'" + words.clean(formula)


def test_a_dash_inside_a_text_stays_as_it_is() -> None:
    assert rows(files("Anti-dumping = duty @ 5%")[0])[0]["title"] == "Anti-dumping = duty @ 5%"


def test_numbers_are_numbers_and_truth_is_true_or_false() -> None:
    line = files("Title")[0].split("\r\n")[1]
    assert line.startswith("2025-02-28,2025-02-28T00:00:00-05:00,true,18,13,us-example,Title,report,")


def test_a_file_opens_in_excel_by_a_double_click() -> None:
    for file in files("Türkiye — “x”"):
        assert file.encode().startswith(b"\xef\xbb\xbf")
        assert file.endswith("\r\n")
        assert rows(file)[0]["title"] == "Türkiye — “x”"


def test_without_any_row_the_columns_still_stand() -> None:
    assert csv.deadlines([], WHEN) == csv.MARK + ",".join(csv.DEADLINES) + "\r\n"
    assert csv.statuses([], WHEN) == csv.MARK + ",".join(csv.STATUS) + "\r\n"


@pytest.mark.parametrize("at", DATES)
def test_a_file_says_what_json_says(at: str, shipped_ledger: Ledger) -> None:
    when = When(instant(at), instant(at), NEW_YORK)
    actions = shipped_ledger.actions.values()
    coming = query.countdown(actions, when.as_of, when.knowing)
    told = json.countdown(coming, when)
    read = rows(csv.deadlines(coming, when))
    assert len(read) == len(told["deadlines"]) > 0
    for row, deadline in zip(read, told["deadlines"], strict=True):
        for key in ("at", "action", "id", "kind", "decided_by", "source", "rule"):
            assert row[key] == (deadline[key] or "")
        assert {key: int(row[key]) for key in NUMBERS} == {key: deadline[key] for key in NUMBERS}
        assert row["day_only"] == str(deadline["day"]).lower()
        assert row["at"].startswith(row["at_day"] + "T")
        for side in ("from", "to"):
            state = deadline[side] or {"phase": None, "rates": {}}
            assert row[f"{side}_phase"] == (state["phase"] or "")
            assert (
                dict(pair.split(": ") for pair in row[f"{side}_rates"].split("; ") if pair) == state["rates"]
            )
        assert (row["as_of"], row["knowing"]) == (told["as_of"], told["knowing"])


@pytest.mark.parametrize("at", DATES)
def test_a_file_of_statuses_says_what_json_says(at: str, shipped_ledger: Ledger) -> None:
    when = When(instant(at), instant(at), NEW_YORK)
    found = query.statuses(shipped_ledger.actions.values(), when.as_of, when.knowing)
    read = rows(csv.statuses(found, when))
    assert len(read) == len(found) > 0
    for row, status in zip(read, found, strict=True):
        told = json.status(status)
        coming = told["next"] or {"at": None, "kind": None}
        assert (row["action"], row["phase"]) == (told["id"], told["phase"])
        assert (row["since"], row["until"]) == (told["since"] or "", told["until"] or "")
        assert (row["next_at"], row["next_kind"]) == (coming["at"] or "", coming["kind"] or "")
        assert (row["mixed"], row["unchecked"]) == (
            str(told["mixed"]).lower(),
            str(told["unchecked"]).lower(),
        )
        lines = [f"{line['id']}: {line['phase']} {line['rate'] or ''}".rstrip() for line in told["lines"]]
        assert row["lines"] == "; ".join(lines), "no line is left out, however many there are"
        assert (row["then"], row["checked"]) == (words.then(status), words.checked(status))


def test_a_measure_on_all_countries_says_so(shipped_ledger: Ledger) -> None:
    filters = Filters(ids=frozenset({"s232-steel-aluminum-25-50", "ieepa-china-fentanyl"}))
    found = query.statuses(shipped_ledger.actions.values(), NOW, NOW, filters)
    assert {row["on"] for row in rows(csv.statuses(found, WHEN))} == {"all countries", "CN; HK"}
