"""Reading folders: overlays, duplicates, and files that cannot be read. The rest is always kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HEAD, instant
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.errors import LedgerError
from tariffwatch.ledger.load import Ledger, load
from tariffwatch.ledger.parse import MAX_BYTES, parse
from tariffwatch.ledger.rules import check
from tariffwatch.model import Moment
from tariffwatch.prospect import status

DEEP = b"{a" + b".a" * 450 + b" = [\n"
EVENT = '[[events]]\nid = "{id}"\nkind = "opened"\nknown = 2025-01-01\n'


def codes(ledger: Ledger) -> list[str]:
    return [problem.code for problem in ledger.problems]


def test_one_broken_file_leaves_the_others(write: Callable[..., Path]) -> None:
    folder = write(us_good="", us_broken="id = \n")
    ledger = load([folder])
    assert list(ledger.actions) == ["us-good"]
    assert [(p.code, Path(p.loc.file).name, p.loc.line) for p in ledger.problems] == [
        ("TW001", "us-broken.toml", 1)
    ]


def test_a_file_with_a_problem_of_form_is_left_out_whole(write: Callable[..., Path]) -> None:
    ledger = load([write(us_bad=EVENT.format(id="a") + 'efective = "x"\n')])
    assert (ledger.actions, codes(ledger)) == ({}, ["TW101"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "TW002"),
        (b"x" * (MAX_BYTES + 1), "TW003"),
        (b"a = " + b"[" * 100_000, "TW001"),
        (b"a" + b".a" * 501 + b" = 1", "TW001"),
        (HEAD.format(id="us-bad").encode() + b"note = " + DEEP * 60 + b"]}" * 60, "TW001"),
        (b"title" + b".a" * 400 + b" = 1", "TW001"),
        (b"title = 0x" + b"f" * 4000, "TW001"),
    ],
)
def test_files_that_are_no_ledger(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "us-bad.toml").write_bytes(content)
    assert codes(load([tmp_path])) == [code]


def test_links_and_folders_that_lead_away_are_refused(tmp_path: Path, write: Callable[..., Path]) -> None:
    folder = write(us_good="")
    (tmp_path / "outside.toml").write_text('id = "outside"')
    (folder / "outside.toml").symlink_to(tmp_path / "outside.toml")
    (folder / "us-folder.toml").mkdir()
    (folder / "us-round.toml").symlink_to("us-round.toml")
    os.mkfifo(folder / "us-pipe.toml")
    ledger = load([folder])
    assert list(ledger.actions) == ["us-good"]
    assert codes(ledger) == ["TW004"] * 4


def test_a_file_is_named_after_its_action(write: Callable[..., Path]) -> None:
    folder = write(us_good="")
    (folder / "us-good.toml").rename(folder / "us-other.toml")
    ledger = load([folder])
    assert (list(ledger.actions), codes(ledger)) == (["us-good"], ["TW105"])


def test_an_id_stands_once(write: Callable[..., Path], tmp_path: Path) -> None:
    folder = write(us_good="")
    second = tmp_path / "mine"
    second.mkdir()
    (second / "us-good.toml").write_text((folder / "us-good.toml").read_text().replace("Example", "Other"))
    ledger = load([folder, second])
    assert ledger.actions["us-good"].title == "Example duty on Freedonia"
    assert codes(ledger) == ["TW106"]


def test_a_folder_named_twice_is_read_once(write: Callable[..., Path]) -> None:
    folder = write(us_good="")
    assert codes(load([folder, folder / "us-good.toml", folder.parent])) == []


def test_an_overlay_adds_to_an_action_and_copies_nothing(write: Callable[..., Path], tmp_path: Path) -> None:
    folder = write(us_good=EVENT.format(id="begin"))
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.toml").write_text(
        'extends_action = "us-good"\nzone = "Europe/Brussels"\n'
        '[[events]]\nid = "end"\nkind = "closed"\nknown = 2025-02-01\neffective = 2025-02-01T06:01:00\n'
    )
    action = load([folder, mine]).actions["us-good"]
    assert [event.id for event in action.events] == ["begin", "end"]
    assert action.events[1].loc.file.endswith("mine/notes.toml")
    at = instant("2025-02-01 00:01:00")
    found = status(action, at, at)
    assert (found.phase and found.phase.value, found.since) == ("closed", at), "06:01 in Brussels"


def test_an_overlay_of_nothing_is_a_problem(write: Callable[..., Path]) -> None:
    ledger = load([write(us_good="", notes='extends_action = "us-goood"\n')])
    assert codes(ledger) == ["TW301"]
    assert "us-good" in ledger.problems[0].fix


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger folder"):
        load([tmp_path / "nowhere"])


def test_shared_instruments_are_found_by_every_action(ledger: Callable[..., Ledger]) -> None:
    found = ledger(instruments='[[instruments]]\nid = "eo-1"\ntitle = "Order 1"\n', us_good="")
    instrument = found.instrument(found.actions["us-good"], "eo-1")
    assert instrument
    assert instrument.title == "Order 1"


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(data: bytes) -> None:
    parsed = parse(data, "us-any.toml")
    assert parsed.problems or parsed.action or parsed.overlay


KEYS = st.sampled_from(["id", "title", "on", "zone", "events", "lines", "kind", "known", "rates", "nonsense"])
VALUES = st.sampled_from(
    ['"x"', '""', "[]", "[1]", "1", "2025-02-30", "2025-02-03", "0001-01-01", "{}", "true", "inf", '["*"]',
     '"America/New_York"', '"/etc/passwd"', "[{}]", '[{ id = "a", kind = "ordered", rates = 3 }]']
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_no_values_make_the_reader_fall(values: dict[str, str]) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in values.items())
    parsed = parse(text.encode(), "us-any.toml")
    assert all(1 <= problem.loc.line <= max(1, len(values)) for problem in parsed.problems)


def test_a_stated_date_stays_where_its_rule_gives_none(write: Callable[..., Path]) -> None:
    """Without the rule, which every view would ask again."""
    rule = 'at = 2025-06-01\nrule = { clock = "no-such-clock", from = 2025-01-01 }'
    folder = write(us_good=f'[[deadlines]]\nid = "report"\nkind = "report-due"\n{rule}\n')
    ledger = load([folder])
    [deadline] = ledger.actions["us-good"].deadlines
    assert (deadline.at, deadline.rule) == (Moment(instant("2025-06-01"), day_only=True), None)
    assert [(p.code, p.loc.line) for p in ledger.problems] == [("TW310", deadline.loc.line)]
    assert "TW311" not in {problem.code for problem in check(ledger, instant("2025-02-01"))}


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_no_system_allows_is_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(LedgerError, match="there is no ledger folder"):
        load([Path(name)])
