"""Lines of tables and keys, in texts that are hard to read line by line."""

from __future__ import annotations

import tomllib

from tariffwatch.ledger.positions import Positions

TEXT = '''\
id = "a"            # line 1
"quoted" = 1
note = """
[[events]]
id = "not a key"
"""
on = [
  "CA",  # [[events]]
  "MX",
]
url = "https://x/#part"

[[events]]
id = "one"
rates = { general = "25%" }

  [[ events ]]  # indented
  id = 'two'
note = \'\'\'
kind = "no"
\'\'\'
kind = "ordered"
[table]
key = 1
'''


def test_tables_and_keys() -> None:
    assert len(tomllib.loads(TEXT)["events"]) == 2
    positions = Positions(TEXT)
    assert positions.line() == 1
    assert positions.line("", 0, "quoted") == 2
    assert positions.line("", 0, "on") == 7
    assert positions.line("", 0, "url") == 11
    assert positions.line("events", 0) == 13
    assert positions.line("events", 0, "rates") == 15
    assert positions.line("events", 1) == 17
    assert positions.line("events", 1, "kind") == 22
    assert positions.line("table", 0, "key") == 24


def test_a_quote_that_stays_open_ends_with_its_line() -> None:
    text = "a = 1 # don't [\nb = 'x' # \"{\nc = 1 # \\\n[[ events ]] # it's\nid = 1\n"
    assert len(tomllib.loads(text)["events"]) == 1
    positions = Positions(text)
    assert [positions.line("", 0, key) for key in "abc"] == [1, 2, 3]
    assert positions.line("events", 0, "id") == 5


def test_what_is_not_there_has_its_tables_line() -> None:
    assert Positions(TEXT).line("events", 1, "missing") == 17
    assert Positions(TEXT).line("nothing", 3, "missing") == 1
    assert Positions("").line("", 0, "id") == 1
    assert Positions(TEXT).text(14) == 'id = "one"'
    assert Positions(TEXT).text(99) == ""
