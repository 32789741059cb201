"""The page of one action: that what one would look for in print is there, and nothing known only later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import facts, prospect
from tariffwatch.ledger.load import Ledger
from tariffwatch.views import page, plain
from tariffwatch.views.document import Chart, Document, Heading, Table
from tariffwatch.views.report import When

EXAMPLE = """
note = "On top of the ordinary duty."

[[lines]]
id = "general"
label = "All goods"
note = "Also parts."

[[instruments]]
id = "eo-1"
title = "Order 1"
kind = "order"
signed = 2025-02-01
url = "https://example.com/1"
archive = "https://example.org/1"
note = "Read through accounts."

[[events]]
id = "start"
kind = "ordered"
known = 2025-02-01
effective = 2025-02-04T00:01:00
rate = "25%"
source = "eo-1 sec. 2"
transit = { loaded_before = 2025-02-01T00:01:00, entered_before = 2025-03-07T00:01:00, note = "By sea." }

[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03
effective = 2025-02-03
until = 2025-03-04T00:01:00
source = "eo-1 sec. 3"
disputed = "The press says 30 days."

[[events]]
id = "sent"
kind = "milestone"
known = 2025-02-20
source = "eo-1 sec. 5"
note = "The report is sent."

[[conditions]]
id = "border"
party = "FD"
text = "Send troops."
decided_by = "The President"
if_met = "The duty goes."
if_unmet = "The duty comes."
bears_on = "pause"
source = "eo-1 sec. 3"

[[deadlines]]
id = "comments"
kind = "comment-closes"
at = 2025-02-05
source = "eo-1 sec. 4"

[[deadlines]]
id = "hearing"
kind = "hearing"
at = 2025-02-28
source = "eo-1 sec. 4"

[[deadlines]]
id = "hearing-2"
kind = "hearing"
at = 2025-03-15
known = 2025-02-09
replaces = "hearing"
source = "eo-1 sec. 4"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2025-06-30
text = "Report to the President"
note = "Counted from the order."
settled_by = "sent"
source = "eo-1 sec. 5"
"""


def shown(ledger: Ledger, as_of: str, knowing: str | None = None) -> Document:
    action = ledger.actions["us-example"]
    when = When(instant(as_of), instant(knowing or as_of), NEW_YORK)
    found = prospect.status(action, when.as_of, when.knowing)
    coming = prospect.deadlines(action, when.as_of, when.knowing)
    return page.show(found, coming, ledger.instruments, when)


def section(document: Document, title: str) -> str:
    """The text of a section, by its heading; empty if there is none."""
    starts = [n for n, block in enumerate(document) if isinstance(block, Heading)]
    for n, end in zip(starts, [*starts[1:], len(document)], strict=True):
        if document[n] == Heading(title):
            return plain.render(document[n + 1 : end])
    return ""


@pytest.fixture
def example(ledger: Callable[..., Ledger]) -> Ledger:
    return ledger(us_example=EXAMPLE)


def test_the_page_in_the_order_of_asking(example: Ledger) -> None:
    document = shown(example, "2025-02-10 12:00")
    assert [block.text for block in document if isinstance(block, Heading)] == [
        "Example duty on Freedonia",
        "Timeline",
        "Lines",
        "If nobody acts",
        "Conditions in the law",
        "History",
        "Dates passed, moved or settled",
        "Goods in transit",
        "Disputed",
        "Notes",
        "Sources",
    ]


def test_the_strip_is_drawn_over_the_history_with_its_key(example: Ledger) -> None:
    document = shown(example, "2025-02-10 12:00")
    (chart,) = (block for block in document if isinstance(block, Chart))
    assert chart.span.start == instant("2025-02-01")
    assert chart.mark == instant("2025-02-10 12:00")
    assert "C--S~~" in (drawn := section(document, "Timeline"))
    assert "S~~ suspended" in drawn
    assert "right of it, what comes if nobody acts" in drawn


def test_a_condition_says_who_when_and_what_follows_either_way(example: Ledger) -> None:
    (row,) = section(shown(example, "2025-02-10 12:00"), "Conditions in the law").splitlines()[1:]
    for words in ("FD", "Send troops.", "The President", "2025-03-04 00:01 EST", "no finding yet"):
        assert words in row
    assert row.index("The duty goes.") < row.index("The duty comes.")


def test_dates_gone_by_say_what_became_of_them(example: Ledger) -> None:
    def gone(as_of: str, knowing: str | None = None) -> list[list[str]]:
        lines = section(shown(example, as_of, knowing), "Dates passed, moved or settled").splitlines()[1:]
        return [[part.strip() for part in line.split("  ") if part.strip()][:-1] for line in lines]

    comments = ["2025-02-05", "comments", "comment closes", "passed"]
    moved = ["2025-02-28", "hearing", "hearing", "moved to 2025-03-15"]
    settled = ["2025-06-30", "report", "report due: Report to the President", "settled by sent (2025-02-20)"]
    assert gone("2025-02-05 23:59") == [], "due through the close of its day"
    assert gone("2025-02-06 00:00") == [comments]
    assert gone("2025-02-10 12:00") == [comments, moved]
    assert gone("2025-02-20 12:00") == [comments, moved, settled]
    assert gone("2025-02-06 00:00", "2025-02-20 12:00") == [comments, moved, settled]


def test_every_stated_date_stands_ahead_or_behind(shipped_ledger: Ledger) -> None:
    for as_of in ("2025-06-10 12:00", "2026-02-22 12:00", "2026-11-22 12:00"):
        at = instant(as_of)
        for action in shipped_ledger.actions.values():
            behind = {of.stated.at for of in prospect.past_deadlines(action, at, at)}
            ahead = {deadline.at for deadline in prospect.deadlines(action, at, at) if deadline.after is None}
            public = facts.public_deadlines(action, at)
            assert {of.at for of in behind} | ahead == {d.at.at for d in public}
            assert len(prospect.past_deadlines(action, at, at)) <= len(public)


def test_notes_transit_disputes_and_sources(example: Ledger) -> None:
    document = shown(example, "2025-02-10 12:00")
    assert "Also parts." in section(document, "Lines")
    assert section(document, "Notes").splitlines() == [
        "On top of the ordinary duty.",
        "report: Counted from the order.",
    ]
    assert section(document, "Goods in transit").startswith(
        "Spared by start: goods loaded before 2025-02-01 00:01 EST and entered before 2025-03-07 00:01 EST."
    )
    assert section(document, "Disputed") == "pause: The press says 30 days.\n"
    assert section(document, "Sources").splitlines() == [
        "eo-1: Order 1 (signed Feb. 1, 2025). Read through accounts.",
        "  https://example.com/1",
        "  https://example.org/1",
    ]


def test_what_is_named_in_disputes_and_notes_has_its_row(shipped_ledger: Ledger) -> None:
    """Ids by which one part of the page speaks of another are shown there."""
    when = When(instant("2026-11-22 12:00"), instant("2026-11-22 12:00"), NEW_YORK)
    for action in shipped_ledger.actions.values():
        found = prospect.status(action, when.as_of, when.knowing)
        coming = prospect.deadlines(action, when.as_of, when.knowing)
        document = page.show(found, coming, shipped_ledger.instruments, when)
        cells = {c.text for block in document if isinstance(block, Table) for row in block.rows for c in row}
        ids = {of.id for of in facts.history(action, when.knowing)} | {
            of.condition.id for of in found.conditions
        }
        assert ids <= cells
