"""Footnotes on the real ledger, on instruments of which little is known, and on hostile text."""

from __future__ import annotations

import json as stdlib_json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given
from strange import texts
from test_json_schema import as_read, validator

from tariffwatch import citing, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Instrument, Loc
from tariffwatch.results import Citation
from tariffwatch.views import footnotes, json
from tariffwatch.views.report import When

FEBRUARY = instant("2025-02-10 23:59:59")
NOW = instant("2026-11-22 12:00")

EXAMPLE = """
[[lines]]
id = "general"
label = "All"

[[instruments]]
id = "eo-2"
title = "Order 2, On the pause"
kind = "order"
signed = 2025-02-03
cite = "90 FR 2"

[[instruments]]
id = "eo-1"
title = "Order 1 (90 FR 1)"
kind = "order"
signed = 2025-02-01
published = 2025-02-07
cite = "90 FR 1"
doc = "2025-00001"
url = "https://example.com/1"
archive = "https://example.org/1"

[[instruments]]
id = "report-a"
title = "Report by A"

[[instruments]]
id = "unused"
title = "Order 9"

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "eo-1 sec. 2; eo-1 sec. 4; report-a"

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03T19:27:00
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "eo-2 sec. 3"
evidence = "single"

[[events]]
id = "talks"
kind = "milestone"
known = 2025-02-05
source = "eo-2"
note = "They meet."

[[conditions]]
id = "border"
party = "FD"
text = "Send troops."
bears_on = "pause"
source = "eo-1 sec. 3"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-06-30
text = "Report to the President"
source = "19 U.S.C. 1862(b); eo-1 sec. 5"
"""


def notes(ledger: Ledger, id: str, knowing: str) -> list[str]:
    action = ledger.actions[id]
    found = citing.citations_of(action, ledger.instruments, instant(knowing))
    return [footnotes.footnote(of, action) for of in found]


def test_what_a_source_did_and_where_it_says_so_in_the_order_of_dates(ledger: Callable[..., Ledger]) -> None:
    assert notes(ledger(us_example=EXAMPLE), "us-example", "2025-02-10 12:00") == [
        "Order 1 (90 FR 1), Doc. 2025-00001 (signed Feb. 1, 2025; published Feb. 7, 2025), "
        "https://example.com/1, https://example.org/1 "
        "[sec. 2, sec. 4: ordered: 25%, effective Feb. 4, 2025, 00:01 EST; "
        "sec. 3: condition on FD: Send troops; "
        "sec. 5: report due June 30, 2025: Report to the President].",
        "Report by A [ordered: 25%, effective Feb. 4, 2025, 00:01 EST].",
        "Order 2, On the pause, 90 FR 2 (signed Feb. 3, 2025) "
        "[sec. 3: suspended, effective Feb. 3, 2025, until Mar. 4, 2025, 00:01 EST (single source); "
        "They meet].",
        "19 U.S.C. 1862(b) [report due June 30, 2025: Report to the President].",
    ]


def test_nothing_that_was_not_yet_known(ledger: Callable[..., Ledger]) -> None:
    example = ledger(us_example=EXAMPLE)
    early = notes(example, "us-example", "2025-02-02 12:00")
    assert [note.partition(" [")[0].partition(" (")[0] for note in early] == [
        "Order 1",
        "Report by A",
        "19 U.S.C. 1862(b)",
    ]
    assert "condition" not in "".join(early), "it became public with the pause"
    assert notes(example, "us-example", "2025-01-31 12:00") == []


@pytest.mark.parametrize("knowing", [FEBRUARY, NOW], ids=str)
def test_every_instrument_that_is_cited_has_one_footnote(knowing: datetime, shipped_ledger: Ledger) -> None:
    for action in shipped_ledger.actions.values():
        found = citing.citations_of(action, shipped_ledger.instruments, knowing)
        named = [of.instrument for of in found if of.instrument]
        cited = citing.cited(action, shipped_ledger.instruments, knowing)
        assert sorted(i.id for i in named) == sorted(i.id for i in cited)
        dated = [i.signed or i.published for i in named if i.signed or i.published]
        assert dated == sorted(dated, key=lambda day: day.isoformat())
        for of in found:
            note = footnotes.footnote(of, action)
            assert not re.search(r"\bNone[,)]", note)
            assert of.grounds
            if of.instrument:
                for part in (of.instrument.title, of.instrument.cite, of.instrument.doc, of.instrument.url):
                    assert part is None or part in note
            assert all(ground.section in note for ground in of.grounds)


def test_golden(shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    action = shipped_ledger.actions["ieepa-canada-border"]
    found = citing.citations_of(action, shipped_ledger.instruments, FEBRUARY)
    text = footnotes.text(found, action)
    golden("cite-canada-2025-02-10.txt", text)
    assert text.split("\n\n") == [
        footnotes.footnote(of, action) for of in found[:-1]
    ] + [footnotes.footnote(found[-1], action) + "\n"]  # fmt: skip


def test_json_says_the_same_and_is_as_the_schema_says(shipped_ledger: Ledger) -> None:
    when = When(FEBRUARY, NOW, NEW_YORK)
    for id in ("ieepa-canada-border", "s232-wood-products", "us-korea-strategic-trade-deal"):
        action = shipped_ledger.actions[id]
        found = citing.citations_of(action, shipped_ledger.instruments, NOW)
        told = as_read(json.citations(found, action, when))
        validator("citations", strict=True).validate(told)
        assert [row["footnote"] for row in told["citations"]] == [
            footnotes.footnote(of, action) for of in found
        ]
        for row, of in zip(told["citations"], found, strict=True):
            assert (row["instrument"] and row["instrument"]["id"]) == (of.instrument and of.instrument.id)
            assert [g["id"] for g in row["grounds"]] == [ground.fact.id for ground in of.grounds]
        assert stdlib_json.dumps(told).isascii()


@given(texts)
def test_a_paragraph_is_one_line_whatever_it_holds(text: str) -> None:
    from strange import action

    made = Instrument(id="eo-1", title=text, cite=text, loc=Loc("x.toml", 1))
    found = [Citation("eo-1", made, ()), Citation("19 U.S.C. 1", None, ())]
    shown = footnotes.text(found, action(text))
    assert shown.count("\n") == 3
    assert "\x1b" not in shown
    assert footnotes.text(found, action(text), ascii_only=True).isascii()


@pytest.mark.parametrize(
    ("kind", "word"), [("order", "signed"), ("judgment", "decided"), ("statute", "dated"), (None, "dated")]
)
def test_the_word_for_its_date_is_that_of_its_kind(kind: str | None, word: str) -> None:
    day = instant("2025-09-01").astimezone(NEW_YORK).date()
    made = Instrument(id="x", title="T", kind=kind, signed=day, loc=Loc("x.toml", 1))
    assert words.citation(made) == f"T ({word} Sept. 1, 2025)"
