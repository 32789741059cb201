"""Mends: what has one right answer is set right, and no other byte of the file is touched."""

from __future__ import annotations

import tomllib
from datetime import date
from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffwatch.ledger.load import shipped
from tariffwatch.ledger.mend import Names, mend
from tariffwatch.ledger.parse import MAX_BYTES, parse

TODAY = date(2026, 11, 23)
HEAD = """\
id = "us-x"
title = "Duty on x"  # the press calls it "orderd"
imposed_by = "US"
on = ["CA"]
authority = "IEEPA"
zone = "America/New_York"

[[lines]]
id = "general"
label = "All"

[[instruments]]
id = "eo-alpha"
title = "Order"
"""
EVENT = """
[[events]]
id = "{id}"
kind = "ordered"
known = {known}
recorded = 2026-01-01
effective = 2025-02-04
rate = "25%"
source = "eo-alpha sec. 1"
evidence = "text"
"""


def mended(text: str, file: str = "us-x.toml", schema: str | None = None, names: Names | None = None) -> str:
    return mend(text.encode(), file, TODAY, schema, names).content.decode()


def event(id: str = "start", known: str = "2025-02-01") -> str:
    return EVENT.format(id=id, known=known)


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, each with its sign."""
    lines = ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('zone = "America/New_York"', 'zone = "US/Eastern"'),
        ('zone = "America/New_York"', "zone='america/new york' # ours"),
        ('imposed_by = "US"', 'imposed_by = "us"'),
        ('imposed_by = "US"', 'imposedby = "us"'),
        ('on = ["CA"]', 'on = ["MX",  "ca"]'),
        ('kind = "ordered"', 'kind = "Ordered"'),
        ('kind = "ordered"', 'kind =   "orderd"    # kind = "orderd"'),
        ('evidence = "text"', "evidence = 'Text'"),
        ('evidence = "text"', 'evidance = "text"'),
        ("known = 2025-02-01", 'known = "2025-02-01"'),
        ("effective = 2025-02-04", 'efective = "2025-02-04T00:01:00"'),
        ('rate = "25%"', 'rate = "25 %"'),
        ('rate = "25%"', 'rates = { general = "25 %" }'),
        ("[[events]]", "[[event]] # the first"),
        ("[[events]]", "  [[ event ]]"),
    ],
)
def test_a_slip_is_mended_and_nothing_else_of_the_line(right: str, wrong: str) -> None:
    text = (HEAD + event()).replace(right, wrong)
    assert parse(text.encode(), "us-x.toml").problems or "US/Eastern" in text
    after = mended(text)
    assert parse(after.encode(), "us-x.toml").problems == []
    assert len(changed(text, after)) == 2
    comment = wrong.partition("#")[2]
    assert comment in after


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('kind = "ordered"', 'kind = "order"'),
        ('rate = "25%"', 'rate = "25"'),
        ('rate = "25%"', "rate = 25"),
        ('source = "eo-alpha sec. 1"', 'sourc = "eo-alpha sec. 1"\nsource = "x"'),
        ("known = 2025-02-01", 'known = "1 February 2025"'),
        ("known = 2025-02-01", ""),
        ('evidence = "text"', 'proof = "text"'),
        ('zone = "America/New_York"', 'zone = "Eastern"'),
        ('zone = "America/New_York"', 'zone = "EST"'),
        ('id = "us-x"', 'id = "US X"'),
        ('id = "us-x"', 'id = "us-x'),
    ],
)
def test_what_may_mean_two_things_is_left_to_a_person(right: str, wrong: str) -> None:
    text = (HEAD + event()).replace(right, wrong)
    assert mended(text) == text


def test_missing_recorded_is_added_below_known_as_the_guide_has_it() -> None:
    text = HEAD + event().replace("recorded = 2026-01-01\n", "").replace("known", "  known")
    after = mended(text)
    assert changed(text, after) == ["+   recorded = 2026-11-23\n"]
    assert "  known = 2025-02-01\n  recorded = 2026-11-23\n" in after


def test_a_fact_is_not_recorded_before_it_was_known() -> None:
    text = HEAD + event(known="2026-11-24").replace("recorded = 2026-01-01\n", "")
    assert mended(text) == text
    at_night = text.replace("2026-11-24", "2026-11-24T03:00:00Z")  # still the 23rd in New York
    assert "recorded = 2026-11-23" in mended(at_night)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_marks_and_a_missing_last_one_stay(end: str) -> None:
    tail = '\n[[events]]\nid = "last"\nkind = "milestone"\nsource = "eo-alpha"\nknown = 2025-03-01'
    text = "\ufeff" + (HEAD.replace("America/New_York", "US/Eastern") + event() + tail).replace("\n", end)
    after = mended(text, schema="../schema.json")
    assert after.startswith(f"\ufeff#:schema ../schema.json{end}id = ")
    assert after.endswith(f"known = 2025-03-01{end}recorded = 2026-11-23")
    assert after.count("\n") == after.count(end) == text.count("\n") + 2
    assert mended(after, schema="../schema.json") == after


def test_events_are_put_in_the_order_of_the_days_with_their_comments() -> None:
    late, early, same = event("late", "2025-03-01"), event("early", "2025-02-01"), event("same", "2025-03-01")
    text = (
        HEAD + late + "\n# what came first\n" + early.lstrip("\n") + same + "\n# the rest\n[[conditions]]\n"
    )
    text += 'id = "c"\nparty = "FD"\ntext = "Act."'
    after = mended(text)
    document = tomllib.loads(after)
    assert [one["id"] for one in document["events"]] == ["early", "late", "same"]
    assert after.index('# what came first\n[[events]]\nid = "early"') < after.index('id = "late"')
    assert "\n\n# the rest\n[[conditions]]" in after
    assert sorted(after.splitlines()) == sorted(text.splitlines())
    assert mended(after) == after


def test_an_event_moved_up_from_the_end_keeps_the_file_without_a_last_line_end() -> None:
    text = HEAD + event("late", "2025-03-01") + event("early", "2025-02-01").rstrip()
    after = mended(text)
    assert [one["id"] for one in tomllib.loads(after)["events"]] == ["early", "late"]
    assert not after.endswith("\n")
    assert len(after) == len(text)


def test_events_of_one_day_keep_their_order() -> None:
    text = HEAD + event("noon", "2025-03-01T12:00:00") + event("that-day", "2025-03-01")
    assert mended(text) == text


@pytest.mark.parametrize(
    "between",
    [
        "\n# --- 2026 ---\n\n",
        '\n[[deadlines]]\nid = "d"\nkind = "hearing"\nat = 2025-03-01\nsource = "eo-alpha"\n',
    ],
)
def test_events_stay_where_what_stands_between_may_belong_to_either(between: str) -> None:
    text = HEAD + event("late", "2025-03-01") + between + event("early", "2025-02-01")
    assert mended(text) == text


NAMES = Names({"us-x": {}, "us-other": {"events": ["pause-one"], "lines": ["energy"]}}, ("proc-beta",))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('source = "eo-alpa sec. 1"', 'source = "eo-alpha sec. 1"'),
        ('source = "19 U.S.C. 1862; proc-bta"', 'source = "19 U.S.C. 1862; proc-beta"'),
        ('rates = { genral = "25%" }', 'rates = { general = "25%" }'),
        ('lines = ["genaral"]', 'lines = ["general"]'),
        ('by = "us-othr"', 'by = "us-other"'),
    ],
)
def test_a_name_with_one_slip(wrong: str, right: str) -> None:
    text = HEAD + event().replace('source = "eo-alpha sec. 1"\n', "").replace('rate = "25%"', wrong)
    assert mended(text) == text, "without knowing what there is"
    assert mended(text, names=NAMES) == text.replace(wrong, right)


def test_an_event_never_comes_to_name_itself() -> None:
    text = HEAD + event("extend").replace('rate = "25%"', 'extends = "extand"')
    assert mended(text, names=NAMES) == text


def test_an_addition_may_name_what_its_action_holds() -> None:
    text = 'extends_action = "us-othr"\n' + event().replace(
        'rate = "25%"', 'extends = "pause-on"\nlines = ["enrgy"]'
    )
    after = mended(text, "notes.toml", names=NAMES)
    assert after == (
        text.replace("us-othr", "us-other").replace("pause-on", "pause-one").replace("enrgy", "energy")
    )


def test_the_schema_line_is_corrected_in_place() -> None:
    text = "#:schema ../shema.json\n# mine\n" + HEAD
    assert mended(text, schema="../schema.json") == text.replace("shema", "schema")
    assert mended(text) == text
    assert mended(HEAD, schema="schema.json") == "#:schema schema.json\n" + HEAD


def test_shared_files_are_mended_by_their_own_keys() -> None:
    text = '[[instruments]]\nid = "eo-1"\ntytle = "Order"\n'
    assert mended(text, "instruments.toml") == text.replace("tytle", "title")


@pytest.mark.parametrize("file", sorted(shipped().rglob("*.toml")), ids=lambda file: file.name)
def test_the_shipped_files_are_spelt_right(file: Path) -> None:
    schema = "../" * (file.parent != shipped()) + "schema.json"
    said = mend(file.read_bytes(), file.name, TODAY, schema).said
    assert not [one for one in said if not one.startswith("events put")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a = " + b"[" * 10_000, b"# x\n" * MAX_BYTES, b"id = \n", b"events = 5\nlines = [1]"],
)
def test_what_cannot_be_read_is_left_alone(content: bytes) -> None:
    assert mend(content, "us-x.toml", TODAY, None, NAMES).content == content


STRANGE = st.sampled_from(
    ['kind = "orderd"', "known = 2025-02-01", 'known = "2025-02-01"', "[[events]]", "[[event]]",
     "[events.rates]", 'genral = "25 %"', '"known" = 2025-01-01', "# [[events]]", "", "  ", 'note = """',
     '"""', "note = '''", "'''", 'note = "# \\" known = x"', 'zone = "us/eastern"', "lines = [",
     '  "genral",', "]", 'id = "a"', 'id = "b"', 'evidance = "text"', "\ttitle = 5", 'on = ["ca", "ca"]',
     "note = \"\u2028known = 1\"", "rates = {a = \"5 %\"}"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(STRANGE, max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_strange_toml_is_never_harmed(lines: list[str], end: str, last: bool) -> None:
    """What can be read after is what could be read before, but for the mends; what cannot stays as it is."""
    text = end.join(lines) + end * last
    done = mend(text.encode(), "us-x.toml", TODAY, None, Names({"us-x": {"lines": ["general"]}}))
    if not done.said:
        assert done.content == text.encode()
        return
    tomllib.loads(done.content.decode())
    assert len(changed(text, done.content.decode())) >= 1
    again = mend(done.content, "us-x.toml", TODAY, None, Names({"us-x": {"lines": ["general"]}}))
    assert again.content == done.content, "one go is enough"
