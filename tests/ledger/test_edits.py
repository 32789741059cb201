"""Edits of a TOML text: many at once, each one value and nothing else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.ledger import edits
from tariffwatch.ledger.edits import BOM, Edit, Hammer, Renamed, Slip


def hammer(text: str) -> Hammer:
    return Hammer(text, tomllib.loads(text.removeprefix(BOM)))


def slip(index: int, old: str, new: str) -> Slip:
    return Slip("events", index, "kind", [(f'"{old}"', f'"{new}"')], ("kind",), new)


def events(*kinds: str) -> str:
    return "".join(f'[[events]]\nkind = "{kind}"  # "{kind}"\n' for kind in kinds)


def test_many_are_made_at_once() -> None:
    work = hammer(events("a", "b", "a"))
    work.mend([slip(0, "a", "x"), slip(1, "b", "y"), slip(2, "a", "z")])
    assert work.text == events("x", "y", "z").replace('# "x"', '# "a"').replace('# "y"', '# "b"').replace(
        '# "z"', '# "a"'
    )
    assert work.said == ['kind: "a" -> "x"', 'kind: "b" -> "y"', 'kind: "a" -> "z"']


def test_one_that_cannot_be_made_does_not_keep_the_others() -> None:
    text = events("a", "b", "c", "d", "e").replace('kind = "c"', "kind = '''c'''")
    work = hammer(text)
    work.mend([slip(n, kind, "x") for n, kind in enumerate("abcde")])
    assert [event["kind"] for event in work.document["events"]] == ["x", "x", "c", "x", "x"]
    assert tomllib.loads(work.text) == work.document
    assert len(work.said) == 4


def test_two_words_of_one_line_are_told_apart() -> None:
    work = hammer('on = ["ca", "ca"] # "ca"\n')
    tokens = [('"ca"', '"CA"')]
    work.mend([Slip("", 0, "on", tokens, ("on", n), "CA") for n in range(2)])
    assert work.text == 'on = ["CA", "CA"] # "ca"\n'


def test_a_place_that_only_looks_like_it_is_passed_over() -> None:
    work = hammer('note = """\nzone = "old"\n"""\nzone = "old"\n')
    work.mend([Slip("", 0, "zone", [('"old"', '"new"')], ("zone",), "new")])
    assert work.text == 'note = """\nzone = "old"\n"""\nzone = "new"\n'


def test_a_key_is_not_renamed_to_one_that_is_there() -> None:
    text = "knwn = 1\nknown = 2\n"
    work = hammer(text)
    work.mend([Slip("", 0, "knwn", [("knwn", "known")], ("knwn",), Renamed("known"))])
    assert (work.text, work.said) == (text, [])


def test_after_too_much_reading_the_rest_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    text = events(*"abcd")
    monkeypatch.setattr(edits, "MOST_READ", 0)
    work = hammer(text)
    work.mend([slip(0, "a", "x")])
    assert work.document["events"][0]["kind"] == "x"
    work.mend([slip(1, "b", "x")])
    assert work.document["events"][1]["kind"] == "b"


def test_pieces_are_replaced_where_they_stand() -> None:
    assert hammer("a = 1\n").edited([Edit(0, "a", "b"), Edit(4, "1", "22"), Edit(6, "", "c = 3\n")]) == (
        "b = 22\nc = 3\n"
    )


@given(
    st.lists(st.sampled_from(["a", "b", 'a"', "a\\", "#a", "'a"]), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_together_or_one_by_one_is_the_same(words: list[str], end: str, mark: bool) -> None:
    quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in words]
    text = BOM * mark + "".join(f'[[events]]{end}kind = "{word}" # "a"{end}' for word in quoted)
    slips = [slip(n, "a", "x") for n, word in enumerate(words) if word == "a"]
    together, single = hammer(text), hammer(text)
    together.mend(slips)
    for one in slips:
        single.mend([one])
    assert (together.text, together.said) == (single.text, single.said)
    assert [event["kind"] for event in together.document["events"]] == ["x" if w == "a" else w for w in words]
