"""``tariffwatch check --fix`` as people run it: shown first, written when agreed to, or not at all."""

from __future__ import annotations

import os
import random
import signal
import time
import tomllib
from pathlib import Path

import pytest
from desk import CTRL_C, CTRL_D, EXAMPLE, FACT, KILLING, Desk, Done, disk_of, without_privileges

from tariffwatch.ledger.load import shipped

LATER = """
[[events]]
id = "pause"
kind = "suspended"
known = 2025-03-01
recorded = 2025-03-02
effective = 2025-03-04
source = "19 U.S.C. 2411"
evidence = "text"
"""
WHOLE = EXAMPLE + LATER
BROKEN = WHOLE.replace("America/New_York", "US/Eastern").replace("recorded = 2025-03-02\n", "")
"""A zone by its former name, and an event without the day of its record."""
DAY = ("--as-of", "2026-01-05")
MENDED = BROKEN.replace("US/Eastern", "America/New_York").replace(
    "known = 2025-03-01\n", "known = 2025-03-01\nrecorded = 2026-01-05\n"
)
FIX = ["check", "--fix", *DAY]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(done: Done) -> str:
    """What was said by a run that wrote nothing, in one sentence behind the mends."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    *_, said = done.stderr.splitlines()
    assert said.startswith("tariffwatch: ")
    return said


def test_mends_are_shown_as_a_diff_and_written_when_agreed_to(desk: Desk) -> None:
    desk.has_example(BROKEN.encode())
    done = desk.run(*FIX, "--yes")
    assert done.returncode == 0, done.stdout
    name = ".local/share/tariffwatch/ledger/us-example.toml"
    lines = done.stdout.splitlines()
    assert lines[:2] == [f"--- {name} (as it is)", f"+++ {name} (mended)"]
    signed = [line for line in lines[2:] if line[0] in "+-"]
    assert signed == ['-zone = "US/Eastern"', '+zone = "America/New_York"', "+recorded = 2026-01-05"]
    assert f'{name}: recorded = 2026-01-05 added to event "pause"' in done.stderr
    assert "2 mends in 1 file written.\n" in done.stderr
    assert desk.example.read_text(encoding="utf-8") == MENDED
    again = desk.run(*FIX, "--yes")
    assert again.stderr.startswith("Nothing to mend.\n")
    assert desk.example.read_text(encoding="utf-8") == MENDED


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_comments_line_ends_and_a_missing_last_one_stay(desk: Desk, mark: str, end: str, last: bool) -> None:
    def as_bytes(text: str) -> bytes:
        return (mark + (text if last else text.rstrip("\n"))).replace("\n", end).encode()

    desk.has_example(as_bytes(BROKEN))
    assert desk.run(*FIX, "--yes").returncode == 0
    assert desk.example.read_bytes() == as_bytes(MENDED)


def test_events_are_put_in_order_with_their_comments(desk: Desk) -> None:
    start = EXAMPLE[EXAMPLE.index("[[events]]") :]
    head, pause = EXAMPLE.removesuffix(start), f"# the pause{LATER}".replace("pause\n\n", "pause\n")
    desk.has_example(f"{head}{pause}\n# how it began\n{start}".encode())
    done = desk.run(*FIX, "--yes")
    assert done.returncode == 0, done.stdout
    assert "events put in the order in which they became known; moved up: start" in done.stderr
    assert desk.example.read_text(encoding="utf-8") == f"{head}# how it began\n{start}\n{pause}"


def test_without_a_terminal_nothing_is_written_unless_told(desk: Desk) -> None:
    before = desk.has_example(BROKEN.encode())
    assert "nothing was written: there is no terminal to ask at" in refused(desk.run(*FIX))
    assert desk.example.read_bytes() == before
    done = desk.run(*FIX, "--dry-run")
    assert "2 mends in 1 file; nothing was written." in done.stderr
    assert "+recorded = 2026-01-05\n" in done.stdout
    assert desk.example.read_bytes() == before


@pytest.mark.parametrize(
    ("answer", "written"), [("y", True), ("n", False), ("", False), (CTRL_C, False), (CTRL_D, False)]
)
def test_at_a_terminal_one_is_asked(desk: Desk, answer: str, written: bool) -> None:
    desk.has_example(BROKEN.encode())
    shown, _ = desk.talk([("Write 2 mends in 1 file? [y/N]", answer)], *FIX)
    assert ("2 mends in 1 file written." in shown, "Nothing was written." in shown) == (written, not written)
    assert desk.example.read_text(encoding="utf-8") == (MENDED if written else BROKEN)


def test_who_writes_meanwhile_is_not_overwritten(desk: Desk) -> None:
    desk.has_example(BROKEN.encode())

    def theirs() -> str:
        desk.has_example(b"# theirs\n")
        return "y"

    shown, code = desk.talk([("[y/N]", theirs)], *FIX)
    assert code == 2
    assert "us-example.toml was changed by another program meanwhile" in shown
    assert desk.example.read_bytes() == b"# theirs\n"


def test_of_several_files_those_before_one_that_fails_are_counted(desk: Desk) -> None:
    names = ("us-a", "us-b", "us-c")
    desk.ledger.mkdir(parents=True)
    for name in names:
        (desk.ledger / f"{name}.toml").write_text(BROKEN.replace("us-example", name), encoding="utf-8")

    def theirs() -> str:
        (desk.ledger / "us-b.toml").write_text("# theirs\n", encoding="utf-8")
        return "y"

    shown, _ = desk.talk([("[y/N]", theirs)], *FIX)
    assert "of 3 files, 1 were written" in shown.replace("\n", " ")
    held = [(desk.ledger / f"{name}.toml").read_text(encoding="utf-8") for name in names]
    assert ["America/New_York" in text for text in held] == [True, False, False]


def test_the_shipped_ledger_is_not_touched_unless_it_is_named(desk: Desk) -> None:
    desk.has_example(BROKEN.encode())
    assert desk.run(*FIX, "--yes").returncode == 0
    stamps = {file: file.stat().st_mtime_ns for file in shipped().rglob("*")}
    assert desk.run("check", "--fix", "--yes").returncode == 0
    assert {file: file.stat().st_mtime_ns for file in shipped().rglob("*")} == stamps


def test_a_user_without_files_is_told(desk: Desk) -> None:
    assert "--fix: which files? name them, or a folder" in refused(desk.run(*FIX))


def test_the_rest_is_checked_and_told_as_ever(desk: Desk) -> None:
    """What has no single right answer is left to a person, with the file, the line and the mend."""
    desk.has_example((BROKEN + LATER.replace("suspended", "paused for long")).encode())
    done = desk.run(*FIX, "--yes")
    assert done.returncode == 1
    assert "error TW103" in done.stdout
    assert "paused for long" in desk.example.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--dry-run"], "--dry-run belongs to --fix; add --fix"),
        (["--yes"], "--yes belongs to --fix; add --fix"),
        (["--fix", "--evidence"], "--evidence lists and --fix writes; give one of the two"),
        (["--fix", "gone.toml"], "there is no ledger folder or file gone.toml"),
    ],
)
def test_what_does_not_go_together_is_said(desk: Desk, options: list[str], said: str) -> None:
    desk.has_example(BROKEN.encode())
    done = desk.run("check", *options)
    assert done.returncode in (2, 3)
    assert done.stderr == f"tariffwatch: {said}\n"


def test_a_link_out_of_the_folder_is_left_alone(desk: Desk) -> None:
    desk.has_example(EXAMPLE.encode())
    outside = desk.path / "outside.toml"
    outside.write_text(BROKEN.replace("us-example", "us-far"), encoding="utf-8")
    (desk.ledger / "us-far.toml").symlink_to(outside)
    (desk.ledger / "us-loop.toml").symlink_to("us-loop.toml")
    done = desk.run(*FIX, "--yes")
    assert done.returncode == 1
    assert done.stdout.count("error TW004") == 2
    assert outside.read_text(encoding="utf-8") == BROKEN.replace("us-example", "us-far")


@pytest.mark.parametrize("strange", ["huge", "lists", "dots", "pipe"])
def test_a_file_that_nobody_typed_is_left_alone(desk: Desk, strange: str) -> None:
    desk.has_example(BROKEN.encode())
    file = desk.ledger / "us-strange.toml"
    if strange == "huge":
        with file.open("wb") as stream:
            stream.truncate(100_000_000)
    elif strange == "pipe":
        os.mkfifo(file)
    else:
        file.write_text("a = " + "[" * 500_000 if strange == "lists" else ".".join(["a"] * 400_000))
    done = desk.run(*FIX, "--yes")
    assert done.returncode == 1
    assert "us-strange.toml:1: error TW00" in done.stdout
    assert desk.example.read_text(encoding="utf-8") == MENDED, "the others are mended"


def test_many_slips_are_mended_at_once(desk: Desk) -> None:
    """A list that was typed elsewhere: each of a thousand events lacks its record."""
    events = [LATER.replace("pause", f"e{n}").replace("recorded = 2025-03-02\n", "") for n in range(1_000)]
    desk.has_example((EXAMPLE + "".join(events).replace('"suspended"', '"milstone"')).encode())
    done = desk.run(*FIX, "--yes")
    assert "2000 mends in 1 file written." in done.stderr
    held = tomllib.loads(desk.example.read_text(encoding="utf-8"))["events"]
    assert {event["kind"] for event in held[1:]} == {"milestone"}
    assert all("recorded" in event for event in held)


def test_a_folder_that_cannot_be_written(desk: Desk) -> None:
    before = desk.has_example(BROKEN.encode())
    desk.ledger.chmod(0o500)
    try:
        said = refused(desk.run(*FIX, "--yes", before=without_privileges))
    finally:
        desk.ledger.chmod(0o700)
    assert said.endswith("us-example.toml cannot be written: permission denied; nothing was written")
    assert desk.example.read_bytes() == before
    assert os.listdir(desk.ledger) == ["us-example.toml"]


def test_a_full_disk(desk: Desk) -> None:
    before = desk.has_example(BROKEN.encode())
    said = refused(desk.run(*FIX, "--yes", before=disk_of(len(before))))
    assert said.endswith("us-example.toml cannot be written: file too large; nothing was written")
    assert desk.example.read_bytes() == before
    assert [name for name in os.listdir(desk.ledger) if not name.endswith("lock")] == ["us-example.toml"]


def test_killed_before_each_step_on_the_disk_the_file_is_the_old_or_the_new_one(desk: Desk) -> None:
    kills, outcomes = 0, set()
    for step in range(1, 200):
        desk.has_example(BROKEN.encode())
        running = desk.start(str(step), "tariffwatch/ledger", *FIX, "--yes", program=("-c", KILLING))
        _, said = running.communicate(timeout=120)
        held = desk.example.read_text(encoding="utf-8")
        outcomes.add(held)
        if running.returncode != -signal.SIGKILL:
            assert running.returncode == 0, said
            break
        kills += 1
    assert kills > 5
    assert outcomes == {BROKEN, MENDED}
    assert desk.toml_files() == ["us-example.toml"]


def test_killed_at_any_instant_each_file_is_the_old_or_the_new_one(desk: Desk) -> None:
    dice, kills, names = random.Random(11), 0, [f"us-n{number}" for number in range(8)]
    files = [desk.ledger / f"{name}.toml" for name in names]
    desk.ledger.mkdir(parents=True)

    def breaks() -> None:
        for name, file in zip(names, files, strict=True):
            file.write_text(BROKEN.replace("us-example", name), encoding="utf-8")

    breaks()
    started = time.perf_counter()
    desk.run(*FIX, "--yes")
    length = time.perf_counter() - started
    while kills < 20:
        breaks()
        running = desk.start(*FIX, "--yes")
        time.sleep(dice.uniform(0.3, 1.1) * length)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        kills += running.returncode == -signal.SIGKILL
        for name, file in zip(names, files, strict=True):
            assert file.read_text(encoding="utf-8").replace(name, "us-example") in (BROKEN, MENDED)
    assert desk.run(*FIX, "--yes").returncode == 0


def test_a_record_at_the_same_time_is_not_lost(desk: Desk) -> None:
    """Either the mend sees it, or says that the file was changed and leaves it as it is."""
    for number in range(6):
        desk.has_example(BROKEN.encode())
        fact = ["record", "us-example", "milestone", *FACT, "--note", f"n{number}"]
        running = [desk.start(*fact), desk.start(*FIX, "--yes")]
        ended = [(*one.communicate(timeout=120), one.returncode) for one in running]
        events = tomllib.loads(desk.example.read_text(encoding="utf-8"))["events"]
        landed = [event["note"] for event in events if "note" in event]
        assert landed == [f"n{number}"] * (ended[0][2] == 0), ended
        assert ended[1][2] == 0 or "was changed by another program meanwhile" in ended[1][1]
