"""Bytes from terminals to keys, cut into reads in every way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.cli.keys import Decoder
from tariffwatch.views.keys import BACKSPACE, CLEAR, DOWN, END, ENTER, ESCAPE, HOME, PAGE_DOWN, PAGE_UP, UP

KEYS = [
    (b"q", ["q"]),
    (b"/ab", ["/", "a", "b"]),
    (b"\r", [ENTER]),
    (b"\n", [ENTER]),
    (b"\x7f", [BACKSPACE]),
    (b"\x08", [BACKSPACE]),
    (b"\x15", [CLEAR]),
    (b"\x1b[A\x1b[B", [UP, DOWN]),
    (b"\x1bOA\x1bOB", [UP, DOWN]),
    (b"\x1b[5~\x1b[6~", [PAGE_UP, PAGE_DOWN]),
    (b"\x1b[H\x1b[F", [HOME, END]),
    (b"\x1b[1~\x1b[4~\x1b[7~\x1b[8~", [HOME, END, HOME, END]),
    ("é中".encode(), ["é", "中"]),
    (b"\x1bq", [ESCAPE, "q"]),
    (b"\x1b\x1b[A", [ESCAPE, UP]),
    (b"\x1b[24;5~x", ["x"]),  # a key that nobody asked for
    (b"\x1b[200~pasted\x1b[201~", list("pasted")),
    (b"\xffa", ["\ufffd", "a"]),
]


@pytest.mark.parametrize(("data", "keys"), KEYS, ids=repr)
def test_at_once_and_byte_by_byte(data: bytes, keys: list[str]) -> None:
    assert Decoder().feed(data) == keys
    decoder = Decoder()
    assert [key for n in range(len(data)) for key in decoder.feed(data[n : n + 1])] == keys
    assert not decoder.waiting


@pytest.mark.parametrize("begun", [b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[1;"])
def test_what_has_begun_and_goes_no_further_is_the_escape_key(begun: bytes) -> None:
    decoder = Decoder()
    assert decoder.feed(begun) == []
    assert decoder.waiting
    assert decoder.flush() == [ESCAPE]
    assert decoder.feed(b"q") == ["q"]


@given(st.lists(st.binary(max_size=8)))
def test_whatever_comes_ends_in_keys(parts: list[bytes]) -> None:
    decoder = Decoder()
    keys = [key for part in parts for key in decoder.feed(part)]
    keys += decoder.flush()
    assert all(len(key) == 1 or key.startswith("<") for key in keys)
    assert not decoder.waiting
