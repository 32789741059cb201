"""The page of HTML, read with the standard parser: its structure, what it says, and what it must not do.

How it behaves in a browser is tested in ``tests/browser``, on request.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
import strange
from conftest import NEW_YORK, instant
from hypothesis import given, settings

from tariffwatch import citing, prospect, query, words
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import Phase
from tariffwatch.outlook import outlooks
from tariffwatch.results import ConditionOutlook, Filters, Stage
from tariffwatch.views import html
from tariffwatch.views.conditions import TITLES
from tariffwatch.views.report import When

NOON = instant("2026-11-22 12:00")
INLINE = {"span", "a", "b", "cite", "time", "tspan"}
VOID = {"meta", "input", "br", "link", "img", "hr"}


@dataclass
class Node:
    """An element, with its text and the elements in it."""

    tag: str
    attributes: dict[str, str]
    parts: list[Node | str] = field(default_factory=list)

    def each(self, *tags: str) -> Iterator[Node]:
        """Every element below of one of these tags, or of any."""
        for part in self.parts:
            if isinstance(part, Node):
                if not tags or part.tag in tags:
                    yield part
                yield from part.each(*tags)

    def one(self, tag: str, **attributes: str) -> Node:
        """The only element below of that tag with those attributes."""
        found = [n for n in self.each(tag) if attributes.items() <= n.attributes.items()]
        assert len(found) == 1, (tag, attributes, len(found))
        return found[0]

    @property
    def text(self) -> str:
        """The text in it, white space as a reader sees it."""
        return " ".join(self._read().split())

    def _read(self) -> str:
        text = "".join(part if isinstance(part, str) else part._read() for part in self.parts)
        return text if self.tag in INLINE else f" {text} "


class Reader(HTMLParser):
    """Builds the tree, and fails where an element is not closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}> in line {self.getpos()[0]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)

    def close(self) -> None:
        super().close()
        assert self._open == [self.root], f"not closed: {[node.tag for node in self._open]}"


def read(page: str) -> Node:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.root


LIVING = [stage for stage in Stage if stage is not Stage.ENDED]


def living(ledger: Ledger, when: When, filters: Filters = query.NO_FILTERS) -> list[ConditionOutlook]:
    """The conditions that the command line tells of unless asked for all."""
    every = outlooks(ledger.actions.values(), when.as_of, when.knowing, filters)
    return [one for one in every if one.stage in LIVING]


def made(ledger: Ledger, when: When, filters: Filters = query.NO_FILTERS, *, live: bool = True) -> str:
    actions = ledger.actions.values()
    found = query.statuses(actions, when.as_of, when.knowing, filters)
    coming = query.countdown(actions, when.as_of, when.knowing, filters)
    return html.page(found, coming, living(ledger, when, filters), ledger.instruments, when, live=live)


@pytest.fixture(scope="module")
def now() -> When:
    return When(NOON, NOON, NEW_YORK)


@pytest.fixture(scope="module")
def text(shipped_ledger: Ledger, now: When) -> str:
    return made(shipped_ledger, now)


@pytest.fixture(scope="module")
def page(text: str) -> Node:
    return read(text)


def test_it_is_one_well_formed_page(text: str, page: Node) -> None:
    assert text.startswith("<!DOCTYPE html>\n")
    root = page.one("html")
    assert root.attributes["lang"] == "en"
    assert "As of Sun 2026-11-22" in root.one("head").one("title").text
    assert len(list(page.each("main"))) == len(list(page.each("h1"))) == 1
    ids = Counter(node.attributes["id"] for node in page.each() if "id" in node.attributes)
    assert not [id for id, count in ids.items() if count > 1]


def test_every_reference_within_the_page_leads_somewhere(page: Node) -> None:
    ids = {node.attributes.get("id") for node in page.each()}
    for node in page.each():
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set(node.attributes.get(name, "").split()) <= ids
        if (href := node.attributes.get("href", "")).startswith("#"):
            assert href[1:] in ids


def test_it_asks_nothing_of_a_network(text: str, page: Node) -> None:
    loading = {"link", "img", "iframe", "object", "embed", "audio", "video", "source", "image", "base"}
    assert not list(page.each(*loading))
    for node in page.each():
        assert not node.attributes.keys() & {"src", "srcset", "xlink:href", "action", "style", "ping"}
        assert not [name for name in node.attributes if name.startswith("on")]
        href = node.attributes.get("href", "#")
        assert href.startswith("#") or (node.tag == "a" and re.match("https?://", href))
    assert not re.search(r"url\(|@import", page.one("style").text)
    script = page.one("script").text
    assert not re.search(r"fetch|XMLHttp|WebSocket|EventSource|sendBeacon|import|eval|innerHTML", script)


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(page: Node) -> None:
    meta = page.one("meta", **{"http-equiv": "Content-Security-Policy"})
    policy = dict(part.split(" ", 1) for part in meta.attributes["content"].split("; "))
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("form-action") == "'none'"
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = page.one(tag).parts
        assert isinstance(content, str)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy.pop(directive) == f"'sha256-{digest}'"
    assert not policy


def test_tables_name_their_rows_and_columns(page: Node) -> None:
    tables = list(page.each("table"))
    assert [t.attributes["data-kind"] for t in tables] == [
        *("deadlines", "actions", "timeline", *["conditions"] * len(LIVING))
    ]
    for table in tables:
        heads = list(table.one("thead").each("th"))
        assert all(head.attributes["scope"] == "col" for head in heads)
        for row in (row for body in table.each("tbody") for row in body.each("tr")):
            cells = list(row.each("th", "td"))
            if row.attributes.get("class") == "more":
                assert cells[0].attributes["colspan"] == str(len(heads))
                continue
            assert len(cells) == len(heads)
            assert [c.attributes["scope"] for c in cells if c.tag == "th"] in (["row"], ["rowgroup"])


def rows(page: Node, kind: str) -> list[Node]:
    """The rows of the tables of a kind, or the groups of the table of actions, as they are filtered."""
    tables = [table for table in page.each("table") if table.attributes["data-kind"] == kind]
    return [node for table in tables for node in table.each("tbody", "tr") if "data-on" in node.attributes]


def test_every_coming_deadline_is_told(page: Node, shipped_ledger: Ledger) -> None:
    coming = query.countdown(shipped_ledger.actions.values(), NOON, NOON)
    shown = rows(page, "deadlines")
    assert len(shown) == len(coming) > 100
    for row, deadline in zip(shown, coming, strict=True):
        zone = deadline.action.zone
        assert words.what_changes(deadline) in row.text
        assert words.time_left(deadline.due, NOON) in row.text
        assert words.instant(deadline.at, zone, deadline.day_only) in row.text
        cell = row.one("td", **{"class": "left"})
        assert cell.attributes["data-passes"] == deadline.due.passes.astimezone(zone).isoformat()
        assert ("data-day" in cell.attributes) == deadline.day_only
        assert cell.attributes["data-zone"] == zone.key


def test_every_action_is_told(page: Node, shipped_ledger: Ledger) -> None:
    found = query.statuses(shipped_ledger.actions.values(), NOON, NOON)
    for kind in ("actions", "timeline"):
        shown = rows(page, kind)
        assert len(shown) == len(found) > 100
        for row, status in zip(shown, found, strict=True):
            assert row.attributes["data-phase"] == status.phase
            assert row.attributes["data-on"].split() == list(status.action.on)
            assert row.attributes["data-by"] == status.action.imposed_by
            assert status.action.title in row.text
    for row, status in zip(rows(page, "actions"), found, strict=True):
        for said in (words.phase_word(status), words.standing(status), words.then(status)):
            assert " ".join(said.split()) in row.text
        assert words.checked(status) in row.text
        assert words.since(status) in row.text
        assert all(line.label in row.text for line in status.lines)


def test_every_condition_is_told(page: Node, shipped_ledger: Ledger, now: When) -> None:
    outlook = living(shipped_ledger, now)
    shown = rows(page, "conditions")
    assert len(shown) == len(outlook) > 50
    for row, one in zip(shown, outlook, strict=True):
        condition = one.status.condition
        for said in (condition.party, condition.text, condition.if_met, words.decided_on(one)):
            assert " ".join((said or "").split()) in row.text
        assert " ".join(words.stands(one.status, one.action.zone).split()) in row.text
        assert row.attributes["data-phase"] == one.standing.phase
    headings = [heading.text for heading in page.each("h3")]
    assert headings == [TITLES[stage] for stage in LIVING]


def test_sources_are_listed_once_with_their_links(page: Node, shipped_ledger: Ledger) -> None:
    listed = page.one("ul", **{"class": "sources"})
    links = {a.attributes["href"] for a in listed.each("a")}
    actions = query.statuses(shipped_ledger.actions.values(), NOON, NOON)
    cited = {
        (str(i.loc), i.url, i.title)
        for status in actions
        for i in citing.cited(status.action, shipped_ledger.instruments, NOON)
    }
    assert len(list(listed.each("li"))) == len(cited) > 500
    assert {url for _, url, _ in cited if url} <= links
    assert all(title in listed.text for _, _, title in cited)


def test_a_citation_leads_to_its_source(page: Node) -> None:
    polysilicon = next(row for row in rows(page, "deadlines") if "2026-12-04 00:01 EST" in row.text)
    link = polysilicon.one("cite").one("a")
    assert link.text == "proc-11052"
    source = next(li for li in page.each("li") if li.attributes.get("id") == link.attributes["href"][1:])
    assert source.text.startswith("proc-11052: ")


def test_strips_are_pictures_with_a_name_and_a_description(page: Node) -> None:
    for row in rows(page, "timeline"):
        picture = row.one("svg")
        assert picture.attributes["role"] == "img"
        title, description = (
            next(n for n in picture.each() if n.attributes.get("id") == picture.attributes[name]).text
            for name in ("aria-labelledby", "aria-describedby")
        )
        assert title
        assert re.search(r": from \d{4}-\d\d-\d\d|Nothing in this span", description)


def test_letters_stand_beside_colours(page: Node) -> None:
    table = page.one("table", **{"data-kind": "timeline"})
    for text in table.each("text"):
        if (letter := next(text.each("tspan"), None)) and letter.text:
            assert words.LETTERS[Phase(text.attributes["class"])] == letter.text
    for row in rows(page, "actions"):
        badge = next(n for n in row.each("span") if "badge" in n.attributes.get("class", ""))
        assert badge.text == words.LETTERS[Phase(row.attributes["data-phase"])]


def test_without_javascript_nothing_is_hidden_but_the_form(page: Node) -> None:
    hidden = [node for node in page.each() if "hidden" in node.attributes]
    assert [(node.tag, node.attributes["id"]) for node in hidden] == [("p", "age"), ("form", "filter")]


def test_only_a_page_about_the_present_ticks(shipped_ledger: Ledger) -> None:
    then = instant("2025-02-10 23:59:59")
    when = When(then, then, NEW_YORK)
    for live in (True, False):
        page = read(made(shipped_ledger, when, live=live))
        assert ("data-live" in page.one("body").attributes) is live
        assert any(node.attributes.get("id") == "ticking" for node in page.each("input")) is live


def test_hindsight_is_said(shipped_ledger: Ledger) -> None:
    then = instant("2025-02-10 23:59:59")
    border = Filters(ids=frozenset({"ieepa-canada-border"}))
    hindsight = read(made(shipped_ledger, When(then, NOON, NEW_YORK), border, live=False))
    assert "as known on 2026-11-22" in hindsight.one("header").text
    strip = hindsight.one("table", **{"data-kind": "timeline"}).text
    assert "35%" in strip
    assert "35%" not in read(made(shipped_ledger, When(then, then, NEW_YORK), border, live=False)).text


def test_a_question_without_an_answer_says_so(ledger: Callable[..., Ledger], now: When) -> None:
    page = read(made(ledger(), now))
    assert "No dated deadline lies ahead." in page.text
    assert "No action matches." in page.text
    assert not list(page.each("table"))


EVIL = r"</title></script><script>alert(1)</script><b onclick='x'>\u001b[31m \u202eA \"q\" &amp; {{ 7*7 }}"
"""As TOML spells it; below, as it is shown."""
SHOWN = r"""</title></script><script>alert(1)</script><b onclick='x'>\x1b[31m \u202eA "q" &amp; {{ 7*7 }}"""

EVIL_ACTION = f'''
id = "us-evil"
title = "{EVIL}"
imposed_by = "US"
on = ["FD"]
authority = "{EVIL}"
zone = "America/New_York"
summary = "{EVIL}"

[[lines]]
id = "general"
label = "{EVIL}"

[[instruments]]
id = "eo-1"
title = "{EVIL}"
cite = "{EVIL}"
url = "https://example.org/?a=1&b='%22%3E'"

[[events]]
id = "start"
kind = "ordered"
known = 2026-11-01
effective = 2026-12-04T00:01:00
rate = "25%"
source = "eo-1 {EVIL}"

[[conditions]]
id = "border"
party = "{EVIL}"
text = "{EVIL}"
decided_by = "{EVIL}"
bears_on = "start"
source = "eo-1"

[[deadlines]]
id = "report"
kind = "report-due"
at = 2026-12-01
text = "{EVIL}"
source = "eo-1"
'''


def test_text_from_files_is_data_never_markup(ledger: Callable[..., Ledger], now: When) -> None:
    evil = ledger(us_evil=EVIL_ACTION)
    assert not evil.problems
    text = made(evil, now)
    page = read(text)
    assert len(list(page.each("script"))) == 1
    assert not [node for node in page.each() if "onclick" in node.attributes]
    assert "alert(1)" not in page.one("script").text
    for kind in ("deadlines", "actions", "timeline", "conditions"):
        assert SHOWN in page.one("table", **{"data-kind": kind}).text
    sources = page.one("ul", **{"class": "sources"})
    assert SHOWN in sources.text
    assert sources.one("a").attributes["href"] == "https://example.org/?a=1&b='%22%3E'"
    assert "\x1b" not in text
    assert "\u202e" not in text


@settings(max_examples=60, deadline=None)
@given(strange.texts)
def test_any_text_reads_back_as_it_was(text: str) -> None:
    """White space apart: whatever it is, it neither ends an element nor begins one."""
    action = strange.action(text)
    found = query.statuses([action], strange.NOW, strange.NOW)
    coming = prospect.deadlines(action, strange.NOW, strange.NOW)
    outlook = outlooks([action], strange.NOW, strange.NOW)
    page = read(html.page(found, coming, outlook, {}, strange.WHEN, live=True))
    shown = " ".join(words.clean(text).split())
    assert len(list(page.each("script"))) == 1
    assert page.one("table", **{"data-kind": "actions"}).one("th", scope="rowgroup").text.startswith(shown)
    assert all(shown in row.text for row in rows(page, "deadlines") + rows(page, "conditions"))


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)"),
        *("data:text/html,x", "file:///etc/passwd", "//example.org", "ftp://example.org", "x", "", None),
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert html._web(url) is None


def test_an_address_that_would_run_is_left_out_of_the_page(ledger: Callable[..., Ledger], now: When) -> None:
    evil = ledger(us_evil=EVIL_ACTION)
    action = evil.actions["us-evil"]
    runs = replace(action.instruments[0], url="javascript:alert(1)", archive="javascript:alert(2)")
    found = query.statuses([replace(action, instruments=(runs,))], NOON, NOON)
    sources = read(html.page(found, [], [], {}, now, live=True)).one("ul", **{"class": "sources"})
    assert SHOWN in sources.text
    assert not list(sources.each("a"))


@pytest.mark.parametrize("url", ["https://example.org/", "http://example.org/", "HTTPS://example.org/"])
def test_web_addresses_become_links(url: str) -> None:
    assert html._web(url) == url


SAME = """
import sys
from datetime import datetime
from zoneinfo import ZoneInfo
from tariffwatch import citing, prospect, query
from tariffwatch.outlook import outlooks
from tariffwatch.ledger.load import load, shipped
from tariffwatch.views import html
from tariffwatch.views.conditions import TITLES
from tariffwatch.views.report import When
assert "jinja2" not in sys.modules
ledger, at = load([shipped()]), datetime.fromisoformat("2026-11-22T17:00:00+00:00")
actions = ledger.actions.values()
found, coming = query.statuses(actions, at, at), query.countdown(actions, at, at)
outlook = [one for one in outlooks(actions, at, at) if one.stage != "ended"]
when = When(at, at, ZoneInfo("America/New_York"))
page = html.page(found, coming, outlook, ledger.instruments, when, live=True)
sys.stdout.buffer.write(page.encode())
"""


@pytest.mark.parametrize(("seed", "zone"), [("1", "UTC"), ("2", "Asia/Shanghai")])
def test_same_question_same_bytes(text: str, seed: str, zone: str) -> None:
    """In another process, whatever the order of sets, the machine's zone, or its locale."""
    again = subprocess.run(
        [sys.executable, "-c", SAME],
        cwd=Path(__file__).parent.parent.parent,
        env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": "."},
        capture_output=True,
        check=True,
    )
    assert again.stdout == text.encode()


def test_it_stays_small(text: str, page: Node) -> None:
    """Something that one mails: with a hundred and thirty actions, under a million bytes."""
    assert len(text.encode()) < 7_500 * len(rows(page, "actions"))


def colours(dark: bool) -> dict[str, str]:
    """The colours of the style sheet by name, in light or in dark."""
    sheet = resources.files("tariffwatch.views").joinpath("templates/page.css").read_text(encoding="utf-8")
    light, _, rest = sheet.partition("@media screen and (prefers-color-scheme: dark)")
    part = rest.partition("\n}\n")[0] if dark else light
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_letters_on_strips_can_be_read(dark: bool) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1. In drawings no automatic checker of pages looks for it."""
    named = colours(dark)
    pairs = [(phase, f"{phase}-tint") for phase in ("suspended", "scheduled", "threatened", "open", "ended")]
    pairs += [("on-solid", "in-force"), ("soon", "paper"), ("dim", "paper"), ("ink", "paper")]
    for ink, paper in pairs:
        low, high = sorted((luminance(named[ink]), luminance(named[paper])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, paper)
