"""The page of HTML in Chromium without a window: it opens, filters, ticks, prints, and can be used by all.

Not part of the default run, for a fresh machine has no browser. Once, and then whenever the page changes::

    apt-get install chromium
    npm install --prefix tests/browser
    python -m pytest -n 0 tests/browser

CHROMIUM names another browser of that family. What is missing fails: who runs these asked for them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from conftest import NEW_YORK, instant

from tariffwatch import query
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Phase
from tariffwatch.outlook import outlooks
from tariffwatch.results import Filters, Stage
from tariffwatch.views import html
from tariffwatch.views.report import When

NOON = instant("2026-11-22 12:00")
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
DESKTOP, PHONE = (1280, 900), (390, 844)

STAGES = len(Stage) - 1
"""Of conditions; those of actions that have ended are left out, as on the command line."""

Show = Callable[..., Chromium]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    binary = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert binary, "no chromium found: install it, or name it in CHROMIUM"
    with Chromium(binary, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the accessibility checker."""
    assert AXE.exists(), "axe-core is missing: npm install --prefix tests/browser"
    return AXE.read_text(encoding="utf-8")


def made(ledger: Ledger, as_of: datetime, *, live: bool = True) -> str:
    actions = ledger.actions.values()
    found, coming = query.statuses(actions, as_of, as_of), query.countdown(actions, as_of, as_of)
    outlook = [one for one in outlooks(actions, as_of, as_of) if one.stage is not Stage.ENDED]
    return html.page(found, coming, outlook, ledger.instruments, When(as_of, as_of, NEW_YORK), live=live)


@pytest.fixture
def show(chromium: Chromium, shipped_ledger: Ledger, tmp_path: Path) -> Iterator[Show]:
    """Open a page at an instant of the browser's clock, which then runs on."""
    scripts: list[str] = []

    def opened(
        text: str | None = None,
        clock: datetime = NOON,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
    ) -> Chromium:
        file = tmp_path / "page.html"
        file.write_text(made(shipped_ledger, NOON) if text is None else text, encoding="utf-8")
        runs = f"{{ const now = {clock.timestamp() * 1000}; Date.now = () => now + performance.now(); }}"
        answer = chromium.send("Page.addScriptToEvaluateOnNewDocument", source=runs)
        scripts.append(answer["identifier"])
        chromium.look(*size, dark)
        chromium.open(file.as_uri())
        return chromium

    yield opened
    for script in scripts:
        chromium.send("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    chromium.send("Emulation.setScriptExecutionDisabled", value=False)


def shown(browser: Chromium, kind: str) -> int:
    """How many rows of a kind are seen."""
    rows = f'table[data-kind="{kind}"] [data-on]'
    count = browser.run(f"[...document.querySelectorAll('{rows}')].filter(r => r.offsetHeight > 0).length")
    assert isinstance(count, int)
    return count


def enter(browser: Chromium, id: str, value: str) -> None:
    """Fill in a field of the form, as a person does."""
    said = json.dumps(value)
    browser.run(
        f"{{ const field = document.getElementById('{id}'); field.value = {said};"
        "field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_it_opens_without_a_request_or_a_complaint(show: Show, size: tuple[int, int], dark: bool) -> None:
    browser = show(size=size, dark=dark)
    assert [address.partition(":")[0] for address in browser.requests] == ["file"]
    assert browser.complaints == []
    assert browser.run("document.getElementById('filter').hidden") is False


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
def test_it_fits_the_width_of_the_window(show: Show, width: int) -> None:
    browser = show(size=(width, 800))
    assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_filters_as_the_command_line_does(show: Show, shipped_ledger: Ledger) -> None:
    browser = show()
    actions = shipped_ledger.actions.values()
    for fields, filters in (
        ({}, Filters()),
        ({"on": "CA"}, Filters(on=frozenset({"CA"}))),
        ({"by": "EU"}, Filters(by=frozenset({"EU"}))),
        ({"phase": "in-force"}, Filters(phases=frozenset({Phase.IN_FORCE}))),
        ({"on": "CN", "by": "US", "phase": "open"},
         Filters(on=frozenset({"CN"}), by=frozenset({"US"}), phases=frozenset({Phase.OPEN}))),
    ):  # fmt: skip
        for id in ("on", "by", "phase"):
            enter(browser, id, fields.get(id, ""))
        found = len(query.statuses(actions, NOON, NOON, filters))
        coming = len(query.countdown(actions, NOON, NOON, filters))
        assert found > 0
        assert (shown(browser, "actions"), shown(browser, "timeline")) == (found, found)
        assert shown(browser, "deadlines") == coming
        said = browser.run("document.getElementById('found').textContent")
        assert re.match(rf"{coming} of \d+ deadlines, {found} of \d+ actions", said)


def test_it_searches(show: Show, shipped_ledger: Ledger) -> None:
    browser = show()
    enter(browser, "words", "POLYSILICON  price")
    assert 0 < shown(browser, "actions") < 5
    assert 0 < shown(browser, "deadlines") < 5
    enter(browser, "words", "no such thing anywhere")
    assert shown(browser, "actions") == shown(browser, "deadlines") == 0
    browser.run("document.querySelector('button[type=reset]').click()")
    browser.run("new Promise(done => setTimeout(done, 20))")
    assert shown(browser, "actions") == len(query.statuses(shipped_ledger.actions.values(), NOON, NOON))


def test_it_shows_what_is_due_within_a_time(show: Show, shipped_ledger: Ledger) -> None:
    browser = show()
    coming = query.countdown(shipped_ledger.actions.values(), NOON, NOON)
    for days in (7, 30, 90, 365):
        enter(browser, "within", str(days))
        due = [d for d in coming if d.due.passes - NOON <= timedelta(days)]
        assert shown(browser, "deadlines") == len(due) > 0


def test_countries_have_names(show: Show) -> None:
    options = show().run("[...document.getElementById('on').options].map(option => option.text)")
    assert {"Canada (CA)", "European Union (EU)", "Türkiye (TR)"} <= set(options)
    assert options[0] == "every country"
    bare = [unicodedata.normalize("NFD", name).encode("ascii", "ignore") for name in options[1:]]
    assert bare == sorted(bare)


def clock(browser: Chromium, id: str = "2026-12-04T00:01:00-05:00") -> dict[str, Any]:
    """What stands beside the deadline of that instant or day."""
    told = browser.run(
        f"""(() => {{
            const cell = document.querySelector('time[datetime="{id}"]').parentElement;
            const [words, tick] = [cell.querySelector('.words'), cell.querySelector('.tick')];
            return {{words: words.hidden ? '' : words.textContent, tick: tick.textContent}};
        }})()"""
    )
    assert isinstance(told, dict)
    return told


def test_clocks_tick(show: Show) -> None:
    browser = show()
    first = clock(browser)
    assert first["words"] == "in 12 days, 8 business days"
    assert re.fullmatch(r"11 d 12:00:5\d", first["tick"])
    browser.run("new Promise(done => setTimeout(done, 2100))")
    assert clock(browser)["tick"] < first["tick"]


def test_clocks_can_be_stopped(show: Show) -> None:
    browser = show()
    browser.run("document.getElementById('ticking').click()")
    first = clock(browser)
    browser.run("new Promise(done => setTimeout(done, 2100))")
    assert clock(browser) == first


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-22 23:59:57", {"words": "in 12 days, 8 business days", "tick": r"11 d 00:01:0\d"}),
        ("2026-11-23 00:00:01", {"words": "", "tick": r"11 d 00:00:5\d"}),
        ("2026-12-03 12:00:00", {"words": "", "tick": r"12:00:\d\d"}),
        ("2026-12-04 00:00:50", {"words": "", "tick": r"00:00:(0\d|10)"}),
        ("2026-12-04 00:01:00", {"words": "", "tick": "passed"}),
        ("2027-06-01 00:00:00", {"words": "", "tick": "passed"}),
    ],
)
def test_an_instant_counts_down(show: Show, at: str, told: dict[str, str]) -> None:
    """On a later day than the page's, the words, which count business days, give way to the clock."""
    now = clock(show(clock=instant(at)))
    assert now["words"] == told["words"]
    assert re.fullmatch(told["tick"], now["tick"])


@pytest.mark.parametrize(
    ("at", "tick"),
    [
        *(("2026-11-22 12:00", ""), ("2026-11-23 12:00", "in 18 days"), ("2026-12-10 23:59", "in 1 day")),
        *(("2026-12-11 00:01", "today"), ("2026-12-11 23:59", "today"), ("2026-12-12 00:01", "passed")),
    ],
)
def test_a_day_stated_alone_is_counted_in_days(show: Show, at: str, tick: str) -> None:
    assert clock(show(clock=instant(at)), "2026-12-11")["tick"] == tick


def test_days_left_across_a_change_of_clocks(show: Show, ledger: Callable[..., Ledger]) -> None:
    """New York goes back an hour on 2026-11-01: from 31 October noon, 48 hours are to 2 November 11:00."""
    text = textwrap.dedent(
        """
        [[lines]]
        id = "general"
        label = "All goods"

        [[instruments]]
        id = "eo-1"
        title = "Order"

        [[events]]
        id = "start"
        kind = "ordered"
        known = 2026-10-01
        effective = 2026-11-02T11:00:00
        rate = "25%"
        source = "eo-1"
        """
    )
    at = instant("2026-10-31 12:00")
    browser = show(made(ledger(us_example=text), at), clock=at)
    assert re.fullmatch(r"2 d 00:00:00|1 d 23:59:5\d", clock(browser, "2026-11-02T11:00:00-05:00")["tick"])


def test_an_old_page_says_so(show: Show) -> None:
    def age(at: str) -> str:
        said = show(clock=instant(at)).run("document.getElementById('age').innerText")
        assert isinstance(said, str)
        return said

    assert age("2026-11-22 13:00") == ""
    assert age("2026-11-23 12:00") == "This page is 1 day old: what became known since is not in it."
    assert age("2026-12-22 12:00") == "This page is 30 days old: what became known since is not in it."


def test_a_page_about_another_date_stands_still(show: Show, shipped_ledger: Ledger) -> None:
    february = instant("2025-02-10 23:59:59")
    browser = show(made(shipped_ledger, february, live=False))
    told = clock(browser, "2025-03-04T00:01:00-05:00")
    assert told["words"].startswith("in 22 days")
    assert told["tick"] == ""
    assert browser.run("document.getElementById('age').innerText") == ""
    enter(browser, "within", "30")
    assert shown(browser, "deadlines") > 0


def test_without_javascript_all_of_it_is_there(
    show: Show, chromium: Chromium, shipped_ledger: Ledger
) -> None:
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    browser = show()
    assert shown(browser, "actions") == len(query.statuses(shipped_ledger.actions.values(), NOON, NOON))
    assert shown(browser, "deadlines") == len(query.countdown(shipped_ledger.actions.values(), NOON, NOON))
    assert browser.run("document.getElementById('filter').offsetHeight") == 0
    assert browser.run("document.querySelector('.words').textContent") == "today"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_violation(show: Show, axe: str, size: tuple[int, int], dark: bool) -> None:
    browser = show(size=size, dark=dark)
    browser.run("document.querySelectorAll('details').forEach((each, n) => { each.open = n < 8; })")
    browser.run(f"{axe}; 0")
    told = browser.run("axe.run(document, {resultTypes: ['violations', 'passes']})")
    found = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in told["violations"]]
    assert found == []
    assert {"color-contrast", "label", "svg-img-alt", "landmark-one-main"} <= {
        o["id"] for o in told["passes"]
    }


def test_tables_stay_tables_on_a_phone(show: Show) -> None:
    """Where rows are shown as blocks, readers of the screen are still told of rows and their heads."""
    tree = show(size=PHONE).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"] and "role" in node]
    assert roles.count("table") == 3 + STAGES
    assert roles.count("row") > 300
    assert roles.count("rowheader") > 200
    assert roles.count("columnheader") == 5 + 7 + 2 + 7 * STAGES


def test_it_can_be_used_from_the_keyboard(show: Show) -> None:
    browser = show()
    found = []
    for _ in range(8):
        for type in ("keyDown", "keyUp"):
            browser.send("Input.dispatchKeyEvent", type=type, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        found.append(browser.run("document.activeElement.id || document.activeElement.className || "
                                 "document.activeElement.textContent"))  # fmt: skip
    assert found[:2] == ["skip", "Deadlines"]
    assert "words" in found


def test_markup_in_a_title_stays_text(show: Show, ledger: Callable[..., Ledger]) -> None:
    evil = "<script>document.title = 'stolen'</script><img src=x onerror=alert(1)>"
    text = f"""
id = "us-evil"
title = "{evil}"
imposed_by = "US"
on = ["FD"]
authority = "IEEPA"
zone = "America/New_York"

[[instruments]]
id = "eo-1"
title = "{evil}"

[[events]]
id = "start"
kind = "opened"
known = 2026-11-01
source = "eo-1"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2026-12-01
text = "{evil}"
source = "eo-1"
"""
    browser = show(made(ledger(us_evil=text), NOON))
    assert browser.run("document.title").startswith("Tariff deadlines")
    assert browser.run("document.querySelectorAll('img').length") == 0
    assert browser.run("document.querySelectorAll('script').length") == 1
    assert evil in browser.run("document.body.innerText")
    assert browser.complaints == []


def test_what_slips_in_does_not_run(show: Show, shipped_ledger: Ledger) -> None:
    """The second wall: even markup that was not escaped can neither run nor fetch."""
    text = made(shipped_ledger, NOON, live=False).replace(
        "<main",
        "<script>document.title = 'stolen'</script><b onclick=\"document.title = 'stolen'\" id='trap'>b</b>"
        "<img src='http://127.0.0.1:9/x.png'><link rel='stylesheet' href='http://127.0.0.1:9/x.css'><main",
        1,
    )
    browser = show(text)
    browser.run("document.getElementById('trap').click()")
    assert browser.run("document.title").startswith("Tariff deadlines")
    assert len(browser.complaints) >= 3
    assert all("Content Security Policy" in complaint for complaint in browser.complaints)


def test_it_prints(show: Show) -> None:
    browser = show()
    enter(browser, "on", "CA")
    few = browser.pdf()
    enter(browser, "on", "")
    every = browser.pdf()
    for printed in (few, every):
        assert printed.startswith(b"%PDF-")
        sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed))
        assert {tuple(round(float(side)) for side in size) for size in sizes} == {(842, 596)}  # A4, landscape

    def pages(printed: bytes) -> int:
        return len(re.findall(rb"/Type /Page\b", printed))

    assert 2 < pages(few) < pages(every)


def test_nothing_is_cut_off_in_print(show: Show) -> None:
    """At the width of A4 in landscape between margins of 12 mm, 273 mm: 1031 pixels."""
    browser = show()
    browser.look(1031, 800, media="print")
    assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert browser.run("document.getElementById('filter').offsetHeight") == 0
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    browser.look(1031, 800, dark=True, media="print")
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
