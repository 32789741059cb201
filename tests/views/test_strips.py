"""The page of timelines and its JSON, on the real ledger and on hostile text."""

from __future__ import annotations

import io
import json as stdlib_json
import re
from collections.abc import Callable

import pytest
from conftest import NEW_YORK, instant

from tariffwatch import words
from tariffwatch.courses import around, courses, fitted
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import END
from tariffwatch.results import Course, Filters, Span
from tariffwatch.views import json, plain, strips, terminal
from tariffwatch.views.document import Document
from tariffwatch.views.report import When

NOW = "2026-11-22 12:00"
SEVERAL = frozenset(
    {"ieepa-mexico-border", "ieepa-china-fentanyl", "s122-surcharge-2026", "s232-wood-products"}
)


def asked(as_of: str, knowing: str | None = None) -> When:
    return When(instant(as_of), instant(knowing or as_of), NEW_YORK)


def one(ledger: Ledger, id: str, when: When) -> tuple[list[Course], Span]:
    action = ledger.actions[id]
    span = fitted(action, when.as_of, when.knowing)
    named = Filters(ids=frozenset({id}))
    return courses([action], when.as_of, when.knowing, span, named), span


def page(ledger: Ledger, id: str, when: When) -> Document:
    found, span = one(ledger, id, when)
    return strips.timeline(found, span, when, ledger.actions[id].zone)


def several(ledger: Ledger, when: When, filters: Filters) -> tuple[list[Course], Span]:
    span = around(when.as_of, NEW_YORK)
    return courses(ledger.actions.values(), when.as_of, when.knowing, span, filters), span


def drawn(document: Document, width: int, *, colour: bool = False, ascii_only: bool = False) -> str:
    stream = io.StringIO()
    terminal.write(document, stream, width=width, colour=colour, ascii_only=ascii_only)
    return stream.getvalue()


PAGES: dict[str, Callable[[Ledger], Document]] = {
    "canada-2025-02-10": lambda ledger: page(ledger, "ieepa-canada-border", asked("2025-02-10 23:59:59")),
    "canada-2025-02-10-hindsight": lambda ledger: page(
        ledger, "ieepa-canada-border", asked("2025-02-10 23:59:59", NOW)
    ),
    "wood-2026-11-22": lambda ledger: page(ledger, "s232-wood-products", asked(NOW)),
    "china-2026-11-22": lambda ledger: page(ledger, "china-us-reciprocal-2025", asked(NOW)),
    "several-2026-02-01": lambda ledger: strips.timeline(
        *several(ledger, asked("2026-02-01 12:00"), Filters(ids=SEVERAL)), asked("2026-02-01 12:00"), NEW_YORK
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    document = PAGES[name](shipped_ledger)
    golden(f"timeline-{name}.txt", plain.render(document))
    for width in (80, 120):
        text = drawn(document, width)
        golden(f"timeline-{name}.{width}.txt", text)
        assert all(len(line) <= width for line in text.splitlines())


def test_every_date_rate_and_source_stands_in_a_line_of_its_own_for_grep(shipped_ledger: Ledger) -> None:
    when = asked(NOW)
    found, span = several(shipped_ledger, when, Filters())
    lines = plain.render(strips.timeline(found, span, when, NEW_YORK)).splitlines()
    for course in found:
        action = course.status.action
        mine = [line for line in lines if line.startswith(f"{action.id}  ")]
        for track in course.tracks:
            for stretch in track.stretches:
                parts = [words.boundary(stretch.start, action.zone), words.held(stretch)]
                parts += [words.boundary(stretch.end, action.zone)] if stretch.end != END else []
                parts += [stretch.cause.source] if stretch.cause and stretch.cause.source else []
                rows = [line for line in mine if all(words.clean(part) in line for part in parts)]
                assert rows, (action.id, parts)
                ids = [line.id for line in track.lines] if len(action.lines) > 1 else []
                assert any("  all  " in row or all(id in row for id in ids) for row in rows)


def test_nothing_is_cut_off_at_80_columns(shipped_ledger: Ledger) -> None:
    when = asked(NOW)
    found, span = several(shipped_ledger, when, Filters())
    shown = " ".join(drawn(strips.timeline(found, span, when, NEW_YORK), 80).split())
    assert "…" not in shown
    for course in found:
        for stretch in (stretch for track in course.tracks for stretch in track.stretches):
            zone = course.status.action.zone
            assert words.boundary(stretch.start, zone) in shown
            assert stretch.end == END or f"until {words.boundary(stretch.end, zone)}" in shown
            for part in words.held(stretch).split():
                assert part in shown
            source = stretch.cause.source if stretch.cause else None
            assert all(part in shown for part in (source or "").split() if len(part) < 25)


def test_colour_is_never_the_only_sign(shipped_ledger: Ledger) -> None:
    from rich.text import Text

    document = PAGES["canada-2025-02-10"](shipped_ledger)
    coloured = drawn(document, 80, colour=True)
    assert "\x1b[33mS~~" in coloured
    assert Text.from_ansi(coloured).plain.split() == drawn(document, 80).split()
    assert "\x1b" not in drawn(document, 80)


def test_the_case_it_began_with(shipped_ledger: Ledger) -> None:
    """On 10 February 2025: paused, and what lies beneath from 4 March on."""
    text = drawn(PAGES["canada-2025-02-10"](shipped_ledger), 80)
    mark = next(line.index("v as of 2025-02-10") for line in text.splitlines() if "v as of" in line)
    general = next(line for line in text.splitlines() if line.startswith("general "))
    assert general[mark] == "~"
    assert re.search(r"T-+CS~+I=+$", general)
    assert re.search(r"S~~ suspended", text)
    assert "35%" not in text


def test_what_nobody_checked_is_marked(shipped_ledger: Ledger) -> None:
    lines = plain.render(PAGES["wood-2026-11-22"](shipped_ledger)).splitlines()
    assert any(line.endswith("Sources checked: not since 2026-09-02.") for line in lines)
    assert '"checked not since DATE"' in lines[-1]


def test_what_lies_right_of_the_mark_is_told_for_what_it_is(shipped_ledger: Ledger) -> None:
    ahead = "what comes if nobody acts"
    assert ahead in plain.render(PAGES["canada-2025-02-10"](shipped_ledger))
    assert ahead not in plain.render(PAGES["canada-2025-02-10-hindsight"](shipped_ledger))


def test_it_is_said_that_actions_were_left_out(shipped_ledger: Ledger) -> None:
    when = asked(NOW)
    found, span = several(shipped_ledger, when, Filters(on=frozenset({"CA"})))
    said = "Left out: actions that had ended before"
    assert "ieepa-canada-border" not in {course.status.action.id for course in found}
    assert said in plain.render(strips.timeline(found, span, when, NEW_YORK, named=False))
    assert said not in plain.render(strips.timeline(found, span, when, NEW_YORK, named=True))


def test_nothing_matches_and_nothing_was_public(shipped_ledger: Ledger) -> None:
    early = asked("2024-01-01 12:00")
    assert "Nothing of it was public" in plain.render(page(shipped_ledger, "s122-surcharge-2026", early))
    found, span = several(shipped_ledger, early, Filters(on=frozenset({"XX"}), by=frozenset({"XX"})))
    assert "no action matches" in plain.render(strips.timeline(found, span, early, NEW_YORK))


@pytest.mark.parametrize("as_of", ["2025-02-10 12:00", "2025-10-10 12:00", NOW])
def test_json_says_what_was_found(as_of: str, shipped_ledger: Ledger) -> None:
    when = asked(as_of)
    found, span = several(shipped_ledger, when, Filters())
    told = stdlib_json.loads(json.dumps(json.timeline(found, span, when)))
    assert told["schema"] == "tariffwatch/1"
    assert told["from"] == span.start.astimezone(NEW_YORK).isoformat()
    assert [row["id"] for row in told["actions"]] == [course.status.action.id for course in found]
    for row, course in zip(told["actions"], found, strict=True):
        zone = course.status.action.zone
        assert row["unchecked"] == course.status.unchecked
        made = {
            line.id if line else None: track.stretches
            for track in course.tracks
            for line in track.lines or (None,)
        }
        assert {strip["line"] for strip in row["strips"]} == set(made)
        for strip in row["strips"]:
            assert [
                (s["phase"], s["rate"], s["start"], s["end"], s["source"]) for s in strip["stretches"]
            ] == [
                (
                    s.phase,
                    s.rate and s.rate.text,
                    s.start.astimezone(zone).isoformat(),
                    None if s.end == END else s.end.astimezone(zone).isoformat(),
                    s.cause and s.cause.source,
                )
                for s in made[strip["line"]]
            ]


def test_json_golden(shipped_ledger: Ledger, golden: Callable[[str, str], None]) -> None:
    when = asked("2025-02-10 23:59:59")
    golden(
        "timeline-canada-2025-02-10.json",
        json.dumps(json.timeline(*one(shipped_ledger, "ieepa-canada-border", when), when)),
    )


def test_text_from_files_is_data_never_markup(ledger: Callable[..., Ledger]) -> None:
    evil = ledger(
        us_evil="""
        id = "us-evil"
        title = "[bold red]Duty \\u001b[31m on\\nsteel \\u202e"
        imposed_by = "US"
        on = ["FD"]
        authority = "[link=x]\\u001b]8;;http://evil\\u0007"
        zone = "UTC"
        [[lines]]
        id = "general"
        label = "All"
        [[events]]
        id = "start"
        kind = "ordered"
        known = 2025-01-01
        effective = 2025-02-01
        rate = "€3 per item"
        source = "19 U.S.C. 1; [red]x\\u001b[2J"
        """
    )
    document = page(evil, "us-evil", asked("2025-01-10 12:00"))
    texts = [plain.render(document), drawn(document, 80), drawn(document, 80, colour=True)]
    for text in texts:
        for code in ("\x1b[31m", "\x1b]8", "\u202e", "\x1b[2J"):
            assert code not in text
        assert "[bold red]" in text.lower()
        assert r"[red]x\x1b[2J" in text
    for text in (plain.render(document, ascii_only=True), drawn(document, 80, ascii_only=True)):
        assert text.isascii()
        assert r"^\u20ac3 per item" in text
