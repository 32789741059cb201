"""The readable pages and JSON, on the real ledger, at a fixed width, zone and time: goldens.

``UPDATE_GOLDENS=1 pytest tests/views`` remakes them; read the diff before you commit it.
"""

from __future__ import annotations

import io
import json as stdlib_json
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch import prospect, query
from tariffwatch.ledger.load import Ledger
from tariffwatch.results import Filters
from tariffwatch.views import json, plain, report, terminal
from tariffwatch.views import page as action_page
from tariffwatch.views.document import Cell, Column, Document, Heading, Link, Paragraph, Table
from tariffwatch.views.report import When

FEBRUARY = instant("2025-02-10 23:59:59")
BORDER = ("ieepa-mexico-border", "ieepa-canada-border", "ieepa-china-fentanyl")
FIRST = frozenset(
    {
        *BORDER,
        "s122-surcharge-2026",
        "s301-forced-labor-60",
        "s232-polysilicon",
        "s232-wood-products",
        "feb-2025-border-talks-milestones",
    }
)
"""The actions with which the ledger began; goldens stay readable when others are added."""

FILTERS = Filters(ids=FIRST)


def drawn(document: Document, width: int, *, colour: bool = False, ascii_only: bool = False) -> str:
    stream = io.StringIO()
    terminal.write(document, stream, width=width, colour=colour, ascii_only=ascii_only)
    return stream.getvalue()


def when(as_of: str, knowing: str | None = None) -> When:
    asked = instant(as_of)
    return When(asked, instant(knowing) if knowing else asked, NEW_YORK)


def pages(ledger: Ledger) -> dict[str, Document]:
    actions = ledger.actions.values()

    def status(at: When) -> Document:
        return report.status(query.statuses(actions, at.as_of, at.knowing, FILTERS), at)

    def countdown(at: When) -> Document:
        return report.countdown(query.countdown(actions, at.as_of, at.knowing, FILTERS), at)

    def overview(at: When) -> Document:
        found = query.statuses(actions, at.as_of, at.knowing, FILTERS)
        return report.overview(found, query.countdown(actions, at.as_of, at.knowing, FILTERS), at, 0)

    def show(id: str, at: When) -> Document:
        action = ledger.actions[id]
        found = prospect.status(action, at.as_of, at.knowing)
        coming = prospect.deadlines(action, at.as_of, at.knowing)
        return action_page.show(found, coming, ledger.instruments, at)

    february = when("2025-02-10 23:59:59")
    hindsight = when("2025-02-10 23:59:59", "2026-11-22 12:00")
    now = when("2026-11-22 12:00")
    return {
        "overview-2026-11-22": overview(now),
        "overview-2025-02-02": overview(when("2025-02-02 23:59:59")),
        "status-2025-02-10": status(february),
        "status-2026-03-01": status(when("2026-03-01 23:59:59")),
        "countdown-2025-02-10": countdown(february),
        "countdown-2026-11-22": countdown(now),
        "show-canada-2025-02-10": show("ieepa-canada-border", february),
        "show-canada-2025-02-10-hindsight": show("ieepa-canada-border", hindsight),
        "show-polysilicon-2026-11-22": show("s232-polysilicon", now),
    }


NAMES = [
    "overview-2026-11-22",
    "overview-2025-02-02",
    "status-2025-02-10",
    "status-2026-03-01",
    "countdown-2025-02-10",
    "countdown-2026-11-22",
    "show-canada-2025-02-10",
    "show-canada-2025-02-10-hindsight",
    "show-polysilicon-2026-11-22",
]


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    page = pages(shipped_ledger)[name]
    golden(f"{name}.txt", plain.render(page))
    for width in (80, 120):
        text = drawn(page, width)
        golden(f"{name}.{width}.txt", text)
        assert all(len(line) <= width or line.startswith("  http") for line in text.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_at_80_columns(name: str, shipped_ledger: Ledger) -> None:
    page = pages(shipped_ledger)[name]
    shown = "".join(drawn(page, 80).split())
    for table in (block for block in page if isinstance(block, Table)):
        kept = [n for n, column in enumerate(table.columns) if not column.spare]
        for cell in (row[n] for row in table.rows for n in kept):
            longest = max(cell.text.split(), key=len, default="")
            assert "…" not in shown
            if len(longest) <= 20:
                assert longest in shown


def test_colour_is_never_the_only_sign(shipped_ledger: Ledger) -> None:
    from rich.text import Text

    page = pages(shipped_ledger)["status-2025-02-10"]
    coloured = drawn(page, 80, colour=True)
    assert "\x1b[" in coloured
    assert Text.from_ansi(coloured).plain.split() == drawn(page, 80).split()
    assert "\x1b" not in drawn(page, 80)


EVIL = "Duty [bold red]on\x1b[31m steel\nand \x00\u202ealuminum"
EVIL_PAGE: Document = [
    Heading(EVIL),
    Paragraph(EVIL),
    Link("https://example.org/" + EVIL),
    Table([Column("Title"), Column("Id", under=True)], [[Cell(EVIL), Cell("us-example")]]),
]


def test_text_from_files_is_data_never_markup() -> None:
    for text in (plain.render(EVIL_PAGE), drawn(EVIL_PAGE, 80), drawn(EVIL_PAGE, 80, colour=True)):
        assert "\x1b[31m" not in text
        assert "\u202e" not in text
        assert "\x00" not in text
        assert "[bold red]" in text
        assert r"\x1b[31m" in text


@given(st.text())
def test_plain_text_keeps_its_lines_and_prints(text: str) -> None:
    page = plain.render([Table([Column("Title")], [[Cell(text)], [Cell("x")]])])
    assert len(page.splitlines()) == 3
    assert plain.render([Paragraph(text)], ascii_only=True).isascii()


def test_ascii_keeps_what_it_can() -> None:
    assert plain.to_ascii("Türkiye — São Tomé “x” 中") == 'Turkiye - Sao Tome "x" \\u4e2d'


def answer(ledger: Ledger, at: When) -> dict[str, object]:
    found = query.statuses(ledger.actions.values(), at.as_of, at.knowing, Filters(ids=frozenset(BORDER)))
    value = stdlib_json.loads(json.dumps(json.statuses(found, at)))
    assert isinstance(value, dict)
    return value


def test_json_status_golden(shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    at = when("2025-02-10 23:59:59")
    golden("status-2025-02-10.json", stdlib_json.dumps(answer(shipped_ledger, at), indent=2) + "\n")


def test_json_says_what_was_computed(shipped_ledger: Ledger) -> None:
    """Read back, every phase, rate, instant and finding equals the result it was made of."""
    at = when("2026-11-22 12:00")
    for as_of in ("2025-02-02 12:00", "2025-06-10 12:00", "2026-02-22 12:00", "2026-11-22 12:00"):
        at = replace(at, as_of=instant(as_of), knowing=instant(as_of))
        found = query.statuses(shipped_ledger.actions.values(), at.as_of, at.knowing)
        told = stdlib_json.loads(json.dumps(json.statuses(found, at)))
        assert told["as_of"] == at.as_of.astimezone(NEW_YORK).isoformat()
        assert len(told["actions"]) == len(found)
        for one, status in zip(told["actions"], found, strict=True):
            zone = status.action.zone
            assert one["id"] == status.action.id
            assert one["phase"] == (status.phase and status.phase.value)
            assert one["mixed"] == status.mixed
            assert one["unchecked"] == status.unchecked
            assert {line["id"]: (line["phase"], line["rate"]) for line in one["lines"]} == {
                line.id: (line.phase.value, line.rate and line.rate.text) for line in status.lines
            }
            assert (one["next"] and one["next"]["at"]) == (
                status.next[0].at.astimezone(zone).isoformat() if status.next else None
            )
            assert [c["finding"] for c in one["conditions"]] == [c.finding.value for c in status.conditions]


def test_json_of_the_same_question_is_the_same_bytes(shipped_ledger: Ledger) -> None:
    at = when("2025-06-10 12:00")
    found = query.statuses(shipped_ledger.actions.values(), at.as_of, at.knowing)
    assert json.dumps(json.statuses(found, at)) == json.dumps(json.statuses(found, at))
    assert json.dumps(json.statuses(found, at)).isascii()
