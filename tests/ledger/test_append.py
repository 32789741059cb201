"""One more table below strange TOML: every byte above stays, and the document has just that more."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.ledger import fields
from tariffwatch.ledger.append import AppendError, Record, append, entry, new_action, new_overlay
from tariffwatch.ledger.parse import parse

PAUSE: Record = {
    "id": "pause",
    "kind": "suspended",
    "known": datetime(2025, 2, 3, 18, 43),  # noqa: DTZ001
    "effective": date(2025, 2, 3),
    "rates": {"general": "25%", "a b": "0%"},
    "lines": ["general", "energy"],
    "note": 'He said "yes".\nThen no.',
}
LINES = """\
[[events]]
id = "pause"
kind = "suspended"
known = 2025-02-03T18:43:00
effective = 2025-02-03
rates = { general = "25%", "a b" = "0%" }
lines = ["general", "energy"]
note = "He said \\"yes\\".\\nThen no."
"""


def test_a_table_is_written_a_key_on_each_line() -> None:
    assert entry("events", PAUSE) == LINES


@pytest.mark.parametrize(
    ("before", "between"),
    [
        ("", ""),
        ("\n\n", ""),
        ('id = "a"\n', "\n"),
        ('id = "a"', "\n\n"),
        ('id = "a"\n\n', ""),
        ('id = "a"\n# the end', "\n\n"),
        ('id = "a"\n  ', "\n\n"),
        ('id = "a"\r\n', "\r\n"),
        ('id = "a"\r\n\r\n', ""),
        ('id = "a"\r\n# the end', "\r\n\r\n"),
        ('id = "a"\r\nx = 1\n', "\n"),
        ("\ufeff", ""),
        ('\ufeffid = "a"\r\n', "\r\n"),
        ('id = "a"\n[[events]]\nid = "one"\n[events.rates]\ngeneral = "1%"\n', "\n"),
    ],
)
def test_what_parts_it_from_the_text_above(before: str, between: str) -> None:
    ends = "\r\n" if before.rpartition("\n")[0].endswith("\r") else "\n"
    after = append(before.encode(), "events", PAUSE)
    assert after == (before + between + LINES.replace("\n", ends)).encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            b'events = [{ id = "a" }]\n',
            "its events do not stand as tables; begin each with a line [[events]]",
        ),
        (b"events = []\n", "its events do not stand as tables"),
        (b'[events]\nid = "a"\n', "its events do not stand as tables"),
        (b'events.id = "a"\n', "its events do not stand as tables"),
        (b'events = "none"\n', "its events do not stand as tables"),
        (b'id = "a\n', "it is not TOML (Illegal character '\\n' (at line 1, column 8))"),
        (b'note = """never ends\n', "it is not TOML"),
        (b"id = '\xff'\n", "it is not TOML ('utf-8' codec can't decode byte 0xff"),
        (b"x = " + b"[" * 5000, "it is not TOML (maximum recursion depth exceeded"),
    ],
)
def test_a_text_that_has_no_room_is_refused_with_the_mend(text: bytes, words: str) -> None:
    with pytest.raises(AppendError, match=re.escape(words)):
        append(text, "events", PAUSE)


strange = st.text(st.characters(codec="utf-8"), max_size=30)
times = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))  # noqa: DTZ001
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
scalars = st.one_of(
    strange,
    st.booleans(),
    st.dates(),
    times,
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=offsets),  # noqa: DTZ001
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strange, inner, max_size=3),
    max_leaves=6,
)
records = st.dictionaries(strange, values, max_size=6)

CHUNKS = [
    "# a comment: [[events]] id = \"no\" '''",
    "",
    "   ",
    "\t# indented",
    'a = "text # no comment"',
    "b = 'C:\\path\\'",
    'c = """\n[[events]]\nid = "inside"\n\\"\\"\\" """',
    "d = '''\n[[events]]\n# not a comment\n\"\"\"'''",
    "e = [\n  1, # one\n  2,\n]",
    'f = { general = "25%", "a b" = { c = 1 } }',
    "g.h.'i j' = 1979-05-27T07:32:00-08:00",
    '"k é" = 2025-02-04',
    "l = 07:32:00.999",
]
TABLES = [
    "[[events]]",
    '[[events]]\nid = "one"\nrates = { general = "25%" }',
    '[[ events ]] # the second\nnote = """\\\n   long"""',
    '[[events]]\nid = "x"\n[events.transit]\nloaded_before = 2025-02-01',
    '[[events]]\n[[events.parts]]\nid = "p"\n[[events.parts]]',
    "[other]\nevents = [1, 2]",
    "[[lines]]\nid = 'general'",
]
keys_once = st.lists(st.sampled_from(CHUNKS), max_size=8, unique=True)
tables_once = st.lists(st.sampled_from(TABLES), max_size=5, unique=True)
texts = st.tuples(
    keys_once,
    tables_once,
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n", "\r\n", "\n\n", "  ", "# end", "\n\t\n"]),
)


@given(texts, records, st.sampled_from(["events", "conditions", "lines"]))
def test_the_bytes_above_stay_and_the_document_has_one_table_more(
    text: tuple[list[str], list[str], str, str, str], record: Record, table: str
) -> None:
    chunks, tables, bom, line_end, last = text
    data = (bom + "\n".join([*chunks, *tables]).replace("\n", line_end) + last).encode()
    before = tomllib.loads(data.decode("utf-8-sig"))
    after = append(data, table, record)
    assert after.startswith(data)
    assert tomllib.loads(after.decode("utf-8-sig")) == before | {table: [*before.get(table, []), record]}
    added = after[len(data) :].decode().split("\n")
    assert len({line.endswith("\r") for line in added[:-1] if line != "\r"}) <= 1, "one line end in all"


@given(texts)
def test_a_second_table_goes_below_the_first(text: tuple[list[str], list[str], str, str, str]) -> None:
    chunks, tables, bom, line_end, last = text
    data = (bom + "\n".join([*chunks, *tables]).replace("\n", line_end) + last).encode()
    twice = append(append(data, "events", PAUSE), "events", {"id": "next"})
    assert tomllib.loads(twice.decode("utf-8-sig"))["events"][-2:] == [PAUSE, {"id": "next"}]


HEAD: Record = {
    "id": "us-new",
    "title": 'A "new" duty',
    "imposed_by": "US",
    "on": ["FD", "CA"],
    "authority": "IEEPA",
    "zone": "Europe/Brussels",
}


@pytest.mark.parametrize("lines", [[], [{"id": "general", "label": "All"}, {"id": "energy", "label": "Oil"}]])
@pytest.mark.parametrize("instruments", [[], [{"id": "eo-1", "title": "Order 1"}]])
def test_a_new_action_reads_as_it_was_given(lines: list[Record], instruments: list[Record]) -> None:
    text = new_action(HEAD, lines, instruments)
    parsed = parse(text.encode(), "us-new.toml")
    assert parsed.problems == []
    assert parsed.action
    assert (parsed.action.title, parsed.action.on) == ('A "new" duty', ("FD", "CA"))
    assert [line.id for line in parsed.action.lines] == [line["id"] for line in lines]
    assert [one.id for one in parsed.action.instruments] == [one["id"] for one in instruments]


def test_every_comment_of_a_new_action_can_be_used_by_removing_the_sign() -> None:
    text = new_action(HEAD, [], [])
    used = re.sub(r"^# (?=\w+ = |\[\[)", "", text, flags=re.M)
    parsed = parse(used.encode(), "us-new.toml")
    assert parsed.problems == []
    assert parsed.action
    assert parsed.action.lines
    assert parsed.action.instruments
    assert parsed.action.summary
    for field in fields.ACTION:
        assert field.meaning in text


def test_a_new_overlay_holds_nothing_yet() -> None:
    parsed = parse(new_overlay("us-example", "Europe/Brussels").encode(), "us-example.toml")
    assert parsed.problems == []
    assert parsed.overlay
    assert (parsed.overlay.extends_action, str(parsed.overlay.zone)) == ("us-example", "Europe/Brussels")


def test_an_instant_of_another_zone_keeps_its_offset() -> None:
    text = entry("events", {"known": datetime(2025, 11, 2, 6, 30, tzinfo=UTC)})
    assert text == "[[events]]\nknown = 2025-11-02T06:30:00+00:00\n"
