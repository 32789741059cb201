"""Markdown, read back with a real parser: text stays text, tables stay tables, sources are links."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given
from markdown_it import MarkdownIt  # Rich brings it along
from markdown_it.token import Token
from strange import NOW, STRANGE, WHEN, action, texts

from tariffwatch import prospect, query, words
from tariffwatch.cli.question import address
from tariffwatch.ledger.load import Ledger
from tariffwatch.views import markdown, page, report
from tariffwatch.views.document import Cell, Column, Document, Heading, Link, Paragraph, Table
from tariffwatch.views.report import When

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def nowhere(action: str, id: str) -> str | None:
    return None


def inlines(text: str) -> Iterator[tuple[str, Token]]:
    """Each piece of text with what it stands in: ``h1``, ``p``, ``th``, ``td``."""
    opened = ""
    for token in PARSER.parse(text):
        if token.type == "inline":
            yield opened, token
        elif token.nesting == 1:
            opened = token.tag


def read(text: str) -> list[tuple[str, str]]:
    """Every piece of text of a page as a reader sees it; there must be no markup inside."""
    found = []
    for tag, token in inlines(text):
        assert {child.type for child in token.children or ()} <= {"text"}, token.children
        found.append((tag, "".join(child.content for child in token.children or ())))
    return found


def seen(text: str) -> str:
    return words.clean(text).strip()


@given(texts)
def test_whatever_a_cell_holds_stays_one_cell_of_text(text: str) -> None:
    table = Table(
        [Column("Title"), Column("Id")], [[Cell(text), Cell("us-example")], [Cell("x"), Cell(text)]]
    )
    told = read(markdown.render([table], nowhere))
    cells = [("td", seen(text)), ("td", "us-example"), ("td", "x"), ("td", seen(text))]
    assert told == [("th", "Title"), ("th", "Id"), *cells]


@given(texts)
def test_a_source_without_an_address_is_text_too(text: str) -> None:
    table = Table([Column("Source")], [[Cell(text, cites="us-example")], [Cell("x")]])
    shown = "".join(content for tag, content in read(markdown.render([table], nowhere)) if tag == "td")
    assert bare(shown) == bare(seen(text)) + "x"


def bare(source: str) -> str:
    """A source without what parts it: blanks and semicolons."""
    return "".join(source.replace(";", " ").split())


@given(texts)
def test_whatever_a_heading_or_paragraph_holds_stays_text(text: str) -> None:
    told = read(markdown.render([Heading(text), Paragraph(text), Heading(text), Paragraph("x")], nowhere))
    if seen(text):
        assert told == [("h1", seen(text)), ("p", seen(text)), ("h2", seen(text)), ("p", "x")]


@pytest.mark.parametrize("text", [text for text in STRANGE if text])
def test_a_strange_action_makes_ordinary_tables(text: str) -> None:
    strange = action(text)
    found = query.statuses([strange], NOW, NOW)
    coming = query.countdown([strange], NOW, NOW)
    document = [*report.status(found, WHEN, sources=True), *report.countdown(coming, WHEN)]
    told = read(markdown.render(document, nowhere))
    assert ("td", "us-example") in told
    assert ("td", seen(text)) in told


def test_an_address_ends_where_it_should() -> None:
    evil = 'https://example.org/a b(c)|d"<e>\\f\n[g]?x=%20&y=ü'
    safe = "https://example.org/a%20b%28c%29%7Cd%22%3Ce%3E%5Cf%0A%5Bg%5D?x=%20&y=%C3%BC"
    table = Table([Column("Source")], [[Cell("eo-1 sec. 2; 19 U.S.C. 1", cites="us-example")]])
    text = markdown.render([Link(evil), table], lambda action, id: evil if id == "eo-1" else None)
    assert text.splitlines() == [
        f"<{safe}>",
        "",
        "| Source |",
        "| --- |",
        f"| [eo-1]({safe}) sec. 2; 19 U.S.C. 1 |",
    ]
    links = [
        child.attrs["href"] for _, token in inlines(text) for child in token.children or () if child.attrs
    ]
    assert links == [safe, safe]


def test_arrows_and_amounts_can_be_read_as_they_stand() -> None:
    table = Table([Column("A")], [[Cell("rate changes: 25% -> 35% (energy 10%)")], [Cell("AT&T, $100")]])
    text = markdown.render([table], nowhere)
    assert "| rate changes: 25% -> 35% (energy 10%) |\n| AT&T, \\$100 |\n" in text


def test_columns_without_any_text_are_left_out() -> None:
    table = Table([Column("A"), Column("B")], [[Cell("x"), Cell("")]])
    assert markdown.render([table], nowhere) == "| A |\n| --- |\n| x |\n"


@pytest.mark.parametrize("day", ["2025-02-10", "2025-08-07", "2026-11-22"])
def test_every_page_of_the_ledger_is_text_tables_and_links(day: str, shipped_ledger: Ledger) -> None:
    when = When(instant(f"{day} 23:59:59"), instant(f"{day} 23:59:59"), NEW_YORK)
    actions = shipped_ledger.actions.values()
    found = query.statuses(actions, when.as_of, when.knowing)
    coming = query.countdown(actions, when.as_of, when.knowing)
    pages: list[Document] = [
        report.overview(found, coming, when, 0),
        report.status(found, when, sources=True),
        report.countdown(coming, when),
    ]
    for status in found:
        ahead = prospect.deadlines(status.action, when.as_of, when.knowing)
        pages.append(page.show(status, ahead, shipped_ledger.instruments, when))
    for document in pages:
        text = markdown.render(document, address(shipped_ledger))
        tokens = [child for _, token in inlines(text) for child in token.children or ()]
        assert {token.type for token in tokens} <= {"text", "link_open", "link_close"}
        assert all(str(t.attrs["href"]).startswith("http") for t in tokens if t.type == "link_open")
        tables = [block for block in document if isinstance(block, Table)]
        assert text.count("\n| --- ") == len(tables)
        rows = sum(len(table.rows) for table in tables)
        assert sum(token.type == "tr_open" for token in PARSER.parse(text)) == rows + len(tables)


def test_sources_lead_to_their_instruments(shipped_ledger: Ledger) -> None:
    (found,) = query.statuses([shipped_ledger.actions["ieepa-canada-border"]], NOW, NOW)
    url = shipped_ledger.instruments["eo-14197"].url if "eo-14197" in shipped_ledger.instruments else None
    url = url or next(i.url for i in found.action.instruments if i.id == "eo-14197")
    text = markdown.render(report.status([found], WHEN, sources=True), address(shipped_ledger))
    assert f"| [eo-14197]({url}) sec. 3(a) |" in text
