"""The pages of changes and drift, on the real ledger: goldens; and on hostile text.

``UPDATE_GOLDENS=1 pytest tests/views`` remakes them; read the diff before you commit it.
"""

from __future__ import annotations

import io
import json as stdlib_json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import NEW_YORK, instant

from tariffwatch.drift import drift, together
from tariffwatch.ledger.load import Ledger
from tariffwatch.results import Filters
from tariffwatch.views import changes as page
from tariffwatch.views import drift as drift_page
from tariffwatch.views import json, markdown, plain, terminal
from tariffwatch.views.document import Document, Table
from tariffwatch.views.report import When
from tariffwatch.worlds import ActionChange, Recorded, World, compared

MakeLedger = Callable[..., Ledger]
Golden = Callable[[str, str], None]

FILTERS = Filters(
    ids=frozenset(
        {
            *("ieepa-canada-border", "ieepa-mexico-border", "ieepa-china-fentanyl", "s232-wood-products"),
            *("ieepa-reciprocal-china", "s301-china-exclusions-178", "china-export-controls-2025"),
        }
    )
)
"""Goldens stay readable when other actions are added."""

NEVER = Recorded(date(2025, 1, 1), date(2025, 1, 1))


def asked(as_of: str) -> When:
    return When(instant(as_of), instant(as_of), NEW_YORK)


def changed(
    ledger: Ledger, before: World, when: When, recorded: Recorded = NEVER, filters: Filters = FILTERS
) -> list[ActionChange]:
    after = World(when.as_of, when.knowing)
    return compared(ledger.actions.values(), before, after, recorded, filters)


def pages(ledger: Ledger) -> dict[str, Document]:
    actions = ledger.actions.values()

    def since(start: str, as_of: str, *recorded: date) -> Document:
        when, before = asked(as_of), World(instant(start), instant(start))
        found = changed(ledger, before, when, Recorded(*recorded) if recorded else NEVER)
        return page.since(found, before, ledger.instruments, when)

    def between(first: str, second: str, as_of: str | None = None) -> Document:
        start, end = instant(first), instant(second)
        before = World(instant(as_of) if as_of else start, start)
        when = When(instant(as_of) if as_of else end, end, NEW_YORK)
        return page.between(changed(ledger, before, when), before, ledger.instruments, when)

    def drifted(as_of: str) -> Document:
        when = asked(as_of)
        return drift_page.drift(drift(actions, when.as_of, when.knowing, FILTERS), when)

    return {
        "changes-2025-02-10": since("2025-02-02 23:59:59", "2025-02-10 23:59:59"),
        "changes-2025-12-31": since("2025-06-30 23:59:59", "2025-12-31 23:59:59"),
        "changes-2026-11-21": since("2026-10-31 23:59:59", "2026-11-21 12:00"),
        "changes-entered": since(
            "2025-02-09 12:00", "2025-02-09 23:59:59", date(2026, 11, 21), date(2026, 11, 22)
        ),
        "between-2025-02-10-2025-03-07": between("2025-02-10 23:59:59", "2025-03-07 23:59:59"),
        "between-2025-11-01-2026-01-01": between(
            "2025-11-01 23:59:59", "2026-01-01 23:59:59", as_of="2026-01-01 12:00"
        ),
        "drift-2026-10-01": drifted("2026-10-01 12:00"),
    }


NAMES = [
    *("changes-2025-02-10", "changes-2025-12-31", "changes-2026-11-21", "changes-entered"),
    *("between-2025-02-10-2025-03-07", "between-2025-11-01-2026-01-01", "drift-2026-10-01"),
]


def drawn(document: Document, width: int, *, colour: bool = False) -> str:
    stream = io.StringIO()
    terminal.write(document, stream, width=width, colour=colour, ascii_only=False)
    return stream.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, shipped_ledger: Ledger, golden: Golden) -> None:
    document = pages(shipped_ledger)[name]
    golden(f"{name}.txt", plain.render(document))
    for width in (80, 120):
        text = drawn(document, width)
        golden(f"{name}.{width}.txt", text)
        assert all(len(line) <= width or line.startswith("  http") for line in text.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_at_80_columns(name: str, shipped_ledger: Ledger) -> None:
    document = pages(shipped_ledger)[name]
    text = drawn(document, 80)
    shown = set(text.split())
    assert "…" not in text
    for table in (block for block in document if isinstance(block, Table)):
        kept = [n for n, column in enumerate(table.columns) if not (column.spare or column.piped)]
        for cell in (row[n] for row in table.rows for n in kept if not table.columns[n].slugs):
            assert {word for word in cell.text.split() if len(word) <= 12} <= shown


def test_colour_is_never_the_only_sign(shipped_ledger: Ledger) -> None:
    from rich.text import Text

    for document in pages(shipped_ledger).values():
        coloured = drawn(document, 80, colour=True)
        assert "\x1b[" in coloured
        assert Text.from_ansi(coloured).plain.split() == drawn(document, 80).split()


def test_in_a_pipe_each_row_names_its_action(shipped_ledger: Ledger) -> None:
    text = plain.render(pages(shipped_ledger)["changes-2025-02-10"])
    (row,) = (line for line in text.splitlines() if "dropped" in line and "canada" in line)
    assert row.split("  ")[0] == "ieepa-canada-border"
    assert "2025-02-04 00:01 EST takes effect: 25% (energy 10%)" in row
    assert "eo-14197 sec. 3(a)" in row


def test_the_instruments_behind_it_are_named_with_their_links(shipped_ledger: Ledger) -> None:
    text = plain.render(pages(shipped_ledger)["changes-2025-02-10"])
    assert text.count("\neo-14197: Executive Order 14197, ") == 1
    assert "progress-on-the-situation-at-our-northern-border" in text


def test_many_records_are_counted_for_each_action_and_few_are_told(ledger: MakeLedger) -> None:
    def event(number: int) -> str:
        return (
            f'[[events]]\nid = "event-{number}"\nkind = "milestone"\nknown = 2025-01-02\n'
            f'recorded = 2025-03-01\nsource = "notice-1"\nnote = "What happened, {number}"\n'
        )

    def told(count: int) -> str:
        body = '[[events]]\nid = "opened"\nkind = "opened"\nknown = 2025-01-02\nsource = "notice-1"\n'
        books = ledger(us_example=body + "".join(map(event, range(count))))
        when, before = asked("2025-03-10 12:00"), World(instant("2025-02-10"), instant("2025-02-10"))
        days = Recorded(date(2025, 2, 10), date(2025, 3, 10))
        found = changed(books, before, when, days, Filters())
        return plain.render(page.since(found, before, books.instruments, when))

    few, many = told(page.MANY), told(page.MANY + 1)
    assert few.count("milestone: What happened") == page.MANY
    assert "milestone: What happened" not in many
    assert f"us-example  {page.MANY + 1} events" in many
    assert "no action changed" in few
    assert "nothing changed" in told(0)


@pytest.mark.parametrize(
    ("changed", "entered", "said"),
    [
        (0, 0, "Nothing changed since you looked on Fri 2026-11-20 09:05 EST."),
        (1, 0, "1 action changed since Fri 2026-11-20 09:05 EST: tariffwatch changes --since last"),
        (3, 0, "3 actions changed since Fri 2026-11-20 09:05 EST: tariffwatch changes --since last"),
        (
            *(0, 1),
            "No action changed since Fri 2026-11-20 09:05 EST; older facts of 1 action entered the ledger: "
            "tariffwatch changes --since last",
        ),
        (
            *(3, 2),
            "3 actions changed since Fri 2026-11-20 09:05 EST; older facts of 2 other actions entered the "
            "ledger: tariffwatch changes --since last",
        ),
    ],
)
def test_the_line_of_the_overview(changed: int, entered: int, said: str, shipped_ledger: Ledger) -> None:
    when, before = asked("2025-02-10 23:59:59"), instant("2025-02-02 23:59:59")
    actions = [shipped_ledger.actions["ieepa-canada-border"]]
    (one,) = compared(actions, World(before, before), World(when.as_of, when.knowing))
    only_entered = replace(one, before=one.after, dates=(), came=(), events=(), entered=one.events)
    found = [one] * changed + [only_entered] * entered
    assert page.line(found, instant("2026-11-20 09:05:33"), NEW_YORK).text == said


def test_the_look_before_the_last_can_be_asked_about() -> None:
    (paragraph,) = page.earlier(instant("2026-11-18 09:05:33"), NEW_YORK)
    assert plain.render([paragraph]) == (
        "The look before that was on Wed 2026-11-18 09:05 EST: "
        "tariffwatch changes --since 2026-11-18T09:05-05:00\n"
    )


EVIL = "[red]x\\u001b[31m | <script> $y"


def test_text_from_files_is_data_never_markup(ledger: MakeLedger) -> None:
    books = ledger(
        us_example=f'[[events]]\nid = "opened"\nkind = "opened"\nknown = 2025-02-03\nsource = "eo-1"\n'
        f'note = "{EVIL}"\n[[deadlines]]\nid = "d"\nkind = "hearing"\nat = 2025-04-01\ntext = "{EVIL}"\n'
    )
    when, before = asked("2025-02-10 12:00"), World(instant("2025-02-02"), instant("2025-02-02"))
    found = changed(books, before, when, filters=Filters())
    document = page.since(found, before, books.instruments, when)
    for text in (plain.render(document), drawn(document, 120)):
        assert "\x1b[31m" not in text
        assert r"[red]x\x1b[31m | <script> $y" in text
    assert r"\[red\]x\\x1b\[31m \| \<script> \$y" in markdown.render(document, lambda action, id: None)


def test_json_golden(shipped_ledger: Ledger, golden: Golden) -> None:
    when, start = asked("2025-02-10 23:59:59"), instant("2025-02-02 23:59:59")
    found = changed(shipped_ledger, World(start, start), when)
    golden("changes-2025-02-10.json", json.dumps(json.changes(found, World(start, start), when)))


def test_json_says_what_the_page_says(shipped_ledger: Ledger) -> None:
    when, start = asked("2025-12-31 23:59:59"), instant("2025-06-30 23:59:59")
    before = World(start, start)
    found = changed(shipped_ledger, before, when, filters=Filters())
    told = stdlib_json.loads(json.dumps(json.changes(found, before, when)))
    assert told["from"] == dict.fromkeys(("as_of", "knowing"), "2025-06-30T23:59:59-04:00")
    assert [row["action"] for row in told["changes"]] == [change.action.id for change in found]
    for row, change in zip(told["changes"], found, strict=True):
        assert [one["what"] for one in row["deadlines"]] == [date.fate.value for date in change.dates]
        assert [one["id"] for one in row["events"]] == [event.id for event in change.events]
        assert (row["from"] != row["to"]) is change.turned
        ids = {event["id"] for event in row["events"]} | {d.id for d in change.action.deadlines}
        for one in row["deadlines"]:
            assert one["behind"]
            assert set(one["behind"]) <= ids


def test_json_of_drift(shipped_ledger: Ledger) -> None:
    when = asked("2026-10-01 12:00")
    rows = drift(shipped_ledger.actions.values(), when.as_of, when.knowing)
    told = stdlib_json.loads(json.dumps(json.drift(rows, together(rows), when)))
    assert sum(row["times"] for row in told["drift"]) == told["total"]["times"]
    assert [len(row["moves"]) for row in told["drift"]] == [row["times"] for row in told["drift"]]
    for row in told["drift"]:
        days = [move["days"] for move in row["moves"]]
        assert (row["longest"] is None) is (days == [])
        if days:
            assert row["longest"]["days"] in (max(days), min(days))


def test_no_deadline_matches(shipped_ledger: Ledger) -> None:
    when = asked("2026-10-01 12:00")
    rows = drift(shipped_ledger.actions.values(), when.as_of, when.knowing, Filters(by=frozenset({"FD"})))
    assert (
        plain.render(drift_page.drift(rows, when)) == "As of Thu 2026-10-01 12:00 EDT: no deadline matches.\n"
    )


def test_nothing_differs_between_two_seconds_of_a_quiet_day(shipped_ledger: Ledger) -> None:
    end = instant("2025-02-09 12:00")
    start = end - timedelta(seconds=1)
    when, before = When(end, end, NEW_YORK), World(start, start)
    found = changed(shipped_ledger, before, when)
    assert plain.render(page.between(found, before, {}, when)) == (
        "As known on 2025-02-09 11:59:59 EST, and as known on 2025-02-09 12:00 EST: nothing differs.\n"
    )
    assert plain.render(page.since(found, before, {}, when)) == (
        "As of Sun 2025-02-09 12:00 EST, since Sun 2025-02-09 11:59:59 EST: nothing changed.\n"
    )
