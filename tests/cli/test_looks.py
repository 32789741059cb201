"""When the overview was last looked at: what counts as a look, and the small file that keeps it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk import without_privileges

from tariffwatch.cli.looks import FILE, ONE_LOOK, Look, Looks, keep, read

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BEFORE, LATEST = Look(NOON - timedelta(days=3)), Look(NOON)
KNOWN = Looks(LATEST, BEFORE)


@pytest.mark.parametrize(
    ("after", "last"),
    [
        (timedelta(0), BEFORE),
        (ONE_LOOK - SECOND, BEFORE),
        (ONE_LOOK, BEFORE),
        (ONE_LOOK + SECOND, LATEST),
    ],
)
def test_within_an_hour_it_is_one_look(after: timedelta, last: Look) -> None:
    now = NOON + after
    assert KNOWN.last(now) == last
    later = KNOWN.with_look(now, date(2026, 11, 19))
    assert later == (KNOWN if last == BEFORE else Looks(Look(now, date(2026, 11, 19)), LATEST))
    assert later.last(now) == last, "what the overview shows, changes tells too"


def test_the_first_look_has_none_before_it() -> None:
    first = Looks().with_look(NOON, None)
    assert Looks().last(NOON) is first.last(NOON + ONE_LOOK) is None
    assert first.last(NOON + ONE_LOOK + SECOND) == Look(NOON)


def test_looking_again_and_again_does_not_put_off_the_next_look() -> None:
    known = KNOWN
    for minutes in range(0, 70, 10):
        known = known.with_look(NOON + timedelta(minutes=minutes), None)
    assert known == KNOWN
    assert known.with_look(NOON + timedelta(minutes=70), None).previous == LATEST


def test_a_clock_that_was_ahead_is_not_believed() -> None:
    assert KNOWN.last(NOON - SECOND) == BEFORE
    assert KNOWN.with_look(NOON - SECOND, None) == Looks(Look(NOON - SECOND), BEFORE)
    assert KNOWN.last(NOON - timedelta(days=4)) is None


def test_it_is_read_as_it_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    looks = Looks(Look(NOON, date(2026, 11, 19)), Look(NOON - ONE_LOOK))
    keep(folder, looks)
    assert read(folder) == looks
    assert [path.name for path in folder.iterdir()] == [FILE], "nothing is left beside it"
    keep(folder, Looks(looks.latest))
    assert read(folder) == Looks(looks.latest)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nothing",
        "[]",
        "{}",
        "null",
        '{"latest": 3, "previous": null}',
        '{"latest": {"at": "2026-11-20T12:00:00", "recorded": null}, "previous": null}',
        '{"latest": {"at": "soon", "recorded": null}, "previous": null}',
        '{"latest": {"at": "2026-11-20T12:00:00+00:00"}, "previous": null}',
        '{"latest": {"at": "2026-11-20T12:00:00+00:00", "recorded": 7}, "previous": null}',
        '{"latest": {"at": null, "recorded": null}, "previous": null}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
    ids=lambda content: repr(content)[:60],
)
def test_a_damaged_file_is_no_look(tmp_path: Path, content: str | bytes) -> None:
    (tmp_path / FILE).write_bytes(content.encode() if isinstance(content, str) else content)
    assert read(tmp_path) == Looks()
    keep(tmp_path, KNOWN)
    assert read(tmp_path) == KNOWN


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    keep(file, KNOWN)
    keep(file / "below", KNOWN)
    assert read(file) == Looks()
    (tmp_path / FILE).mkdir()
    keep(tmp_path, KNOWN)
    assert read(tmp_path) == Looks()


def test_a_file_that_must_not_be_written_is_left_alone(tmp_path: Path) -> None:
    keep(tmp_path, Looks(BEFORE))
    (tmp_path / FILE).chmod(0o400)
    keeping = [sys.executable, "-c", f"from test_looks import *; keep(Path({str(tmp_path)!r}), KNOWN)"]
    subprocess.run(keeping, cwd=Path(__file__).parent, preexec_fn=without_privileges, check=True)
    assert json.loads((tmp_path / FILE).read_text())["previous"] is None
    (tmp_path / FILE).chmod(0o600)
    subprocess.run(keeping, cwd=Path(__file__).parent, check=True)
    assert json.loads((tmp_path / FILE).read_text())["previous"] is not None
