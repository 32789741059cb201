"""The page of conditions and its JSON, on the real ledger and on hostile text."""

from __future__ import annotations

import io
import json as stdlib_json
from collections.abc import Callable

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.ledger.load import Ledger
from tariffwatch.outlook import outlooks
from tariffwatch.results import ConditionOutlook, Filters
from tariffwatch.views import conditions as page
from tariffwatch.views import json, plain, terminal
from tariffwatch.views.document import Document, Table
from tariffwatch.views.report import When

FILTERS = Filters(
    ids=frozenset(
        {
            "ieepa-canada-border",
            "ieepa-mexico-border",
            "s122-surcharge-2026",
            "s232-wood-products",
            "s301-forced-labor-60",
            "threat-greenland-europe",
            "us-switzerland-liechtenstein-framework",
        }
    )
)
"""Goldens stay readable when other actions are added."""

DATES = ["2025-02-10 23:59:59", "2026-01-20 12:00", "2026-11-22 12:00"]


def asked(as_of: str) -> When:
    return When(instant(as_of), instant(as_of), NEW_YORK)


def outlook(ledger: Ledger, when: When, filters: Filters = FILTERS) -> list[ConditionOutlook]:
    return outlooks(ledger.actions.values(), when.as_of, when.knowing, filters)


def drawn(document: Document, width: int, *, colour: bool = False) -> str:
    stream = io.StringIO()
    terminal.write(document, stream, width=width, colour=colour, ascii_only=False)
    return stream.getvalue()


@pytest.mark.parametrize("as_of", DATES)
def test_page(as_of: str, shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    when = asked(as_of)
    document = page.conditions(outlook(shipped_ledger, when), when)
    name = f"conditions-{as_of[:10]}"
    golden(f"{name}.txt", plain.render(document))
    for width in (80, 120):
        text = drawn(document, width)
        golden(f"{name}.{width}.txt", text)
        assert all(len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize("as_of", DATES)
def test_nothing_is_cut_off_at_80_columns(as_of: str, shipped_ledger: Ledger) -> None:
    when = asked(as_of)
    document = page.conditions(outlook(shipped_ledger, when, Filters()), when)
    shown = set(drawn(document, 80).split())
    for table in (block for block in document if isinstance(block, Table)):
        for cell in (cell for row in table.rows for cell in row):
            missing = [w for w in cell.text.split() if len(w) <= 20 and w not in shown]
            assert not missing, cell


def test_no_pause_ends_unseen(shipped_ledger: Ledger) -> None:
    """The case it began with: what hangs on the pause of February 2025, and on whom."""
    when = asked("2025-02-10 23:59:59")
    (line,) = (
        line
        for line in plain.render(page.conditions(outlook(shipped_ledger, when), when)).splitlines()
        if "Take immediate steps" in line and "ieepa-canada-border" in line
    )
    for part in (
        "2025-03-04 00:01 EST",
        "in 22 days, 14 business days",
        "pause ends: in force at 25% (energy 10%)",
        "The President",
        "progress (2025-02-03 19:27 EST): The President finds",
        "The duties take effect when the pause ends.",
        "eo-14197 sec. 2, 3",
    ):
        assert part in line


def test_a_pledge_and_what_nobody_checked_are_marked(shipped_ledger: Ledger) -> None:
    when = asked("2026-11-22 12:00")
    document = page.conditions(outlook(shipped_ledger, when, Filters()), when)
    lines = plain.render(document).splitlines()
    (brics,) = (line for line in lines if "Neither create a BRICS" in line)
    assert "a pledge, in no legal text" in brics
    (wood,) = (line for line in lines if "s232-wood-products" in line and "Partner countries" in line)
    assert "not since 2026-09-02" in wood
    assert '"checked not since DATE"' in lines[-1]


def test_nothing_matches() -> None:
    assert "no condition matches" in plain.render(page.conditions([], asked(DATES[0])))


@pytest.mark.parametrize("as_of", DATES)
def test_json_says_what_was_found(as_of: str, shipped_ledger: Ledger) -> None:
    when = asked(as_of)
    found = outlook(shipped_ledger, when, Filters())
    told = stdlib_json.loads(json.dumps(json.conditions(found, when)))
    assert told["schema"] == "tariffwatch/1"
    assert len(told["conditions"]) == len(found)
    for row, of in zip(told["conditions"], found, strict=True):
        condition, decided = of.status.condition, of.decision
        assert (row["action"], row["id"]) == (of.action.id, condition.id)
        assert (row["stage"], row["finding"]) == (of.stage.value, of.status.finding.value)
        assert (row["if_met"], row["if_unmet"]) == (condition.if_met, condition.if_unmet)
        assert row["unchecked"] == of.standing.unchecked
        if decided.at is None:
            assert row["decision"] is None
        else:
            assert row["decision"]["at"] == decided.at.at.astimezone(of.action.zone).isoformat()
            assert row["decision"]["passed"] == decided.passed
            ahead = row["decision"]["deadline"]
            assert (ahead and ahead["id"]) == (decided.deadline and decided.deadline.id)


def test_text_from_files_is_data_never_markup(ledger: Callable[..., Ledger]) -> None:
    evil = ledger(
        us_evil="""
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2025-01-01
        effective = 2025-02-01
        [[conditions]]
        id = "good"
        party = "[bold]FD"
        text = "Be \\u001b[31mgood\\nand \\u202e [link=x]kind"
        if_met = "\\u001b]8;;http://evil\\u0007"
        bears_on = "start"
        """
    )
    when = asked("2025-01-10 12:00")
    document = page.conditions(outlook(evil, when, Filters()), when)
    for text in (plain.render(document), drawn(document, 80), drawn(document, 80, colour=True)):
        for code in ("\x1b[31m", "\x1b]8", "\u202e"):
            assert code not in text
        assert "[bold]FD" in text
        assert r"\x1b[31mgood" in text
