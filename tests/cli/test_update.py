"""``tariffwatch update`` as people run it: checked whole, shown, used in one step, and back again."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from desk import CTRL_C, CTRL_D, EXAMPLE, KILLING, Desk, Done, disk_of, without_privileges

from tariffwatch.cli.store import Store
from tariffwatch.ledger.load import CLOCKS_FILE, load, shipped

ALL = len(load([shipped()]).actions)
LATEST = "2030-01-05"
"""The day of the newer ledgers, later than any of the shipped one."""
NEWER = EXAMPLE.replace("recorded = 2025-02-01", f"recorded = {LATEST}")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def small(folder: Path, text: str = NEWER) -> Path:
    """A whole ledger of two files: the law, and one action."""
    (folder / "us").mkdir(parents=True)
    shutil.copyfile(shipped() / CLOCKS_FILE, folder / CLOCKS_FILE)
    (folder / "us" / "us-example.toml").write_text(text, encoding="utf-8")
    return folder


def larger(folder: Path) -> Path:
    """The shipped ledger and one action more."""
    shutil.copytree(shipped(), folder)
    (folder / "us" / "us-example.toml").write_text(NEWER, encoding="utf-8")
    return folder


def packed(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def updates(desk: Desk) -> Path:
    return desk.path / ".local" / "share" / "tariffwatch" / "updates"


def titles(desk: Desk) -> dict[str, str]:
    """What the actions are called, by id, of which status tells; every file of the ledger can be read."""
    done = desk.run("status", "--format", "json")
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["title"] for row in json.loads(done.stdout)["actions"]}


def used(desk: Desk) -> list[str]:
    """The actions of the ledger in use."""
    return list(titles(desk))


def title(desk: Desk) -> str:
    """What the example is called in the ledger in use; empty if it is not in it."""
    return titles(desk).get("us-example", "")


def whole(desk: Desk) -> str:
    """What the example is called, read here: a ledger that is in use has no problem, and all its actions."""
    ledger = load([Store(updates(desk)).in_use(shipped())])
    assert not ledger.problems
    assert len(ledger.actions) in (1, ALL, ALL + 1)
    example = ledger.actions.get("us-example")
    return example.title if example else ""


def refused(done: Done, code: int = 2) -> str:
    """What was said, in one sentence, by a run that changed nothing."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.startswith("tariffwatch: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("tariffwatch: ").rstrip()


@pytest.mark.parametrize("form", ["folder", "checkout", "zip", "zip of a checkout", "zip in a folder"])
def test_a_newer_ledger_is_taken_from(desk: Desk, form: str) -> None:
    """A folder, a checkout of the project, a zip file of either, as code hosts make them."""
    top = desk.path / "newer"
    data = top / ("data" if "checkout" in form else "tariffwatch-main/data" if "in a" in form else "")
    larger(data)
    if data != top:
        (data.parent / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        (data.parent / ".git").mkdir()
        (data.parent / ".git" / "x.toml").write_text("not = ", encoding="utf-8")
        (data.parent / "tests" / "bad").mkdir(parents=True)
        (data.parent / "tests" / "bad" / "us-bad.toml").write_text("id = ", encoding="utf-8")
    source = packed(top) if "zip" in form else top
    before = used(desk)
    done = desk.run("update", source, "--yes")
    assert done.returncode == 0, done.stderr
    said = f"In use: the ledger of {LATEST}. Back to the former one: tariffwatch update --rollback\n"
    assert said in done.stderr
    shutil.rmtree(top)
    assert sorted(used(desk)) == sorted([*before, "us-example"]), "it does not need its source any more"


def test_what_would_change_is_shown_first(desk: Desk) -> None:
    newer = larger(desk.path / "newer")
    copper = newer / "us" / "s232-copper.toml"
    text = copper.read_text(encoding="utf-8").replace("2028-01-01", "2028-02-01")
    copper.write_text(text, encoding="utf-8")
    done = desk.run("update", newer, "--dry-run")
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    assert f"The ledger of {LATEST}, 132 actions and " in text
    assert "Actions: 1 new, 1 changed, 0 gone;" in text
    assert "(us-example)" in text
    assert "(s232-copper)" in text
    assert "2028-01-01" in text, "where the date was"
    assert "2028-02-01" in text, "and where it is"
    assert done.stderr == "Nothing was changed.\n"
    told = json.loads(desk.run("update", newer, "--dry-run", "--format", "json").stdout)
    assert told["actions"]["new"] == 1
    assert {change["action"] for change in told["changes"]} == {"us-example", "s232-copper"}
    assert "us-example" not in used(desk)


def test_which_is_in_use_is_said_everywhere(desk: Desk) -> None:
    newer = small(desk.path / "newer")
    assert desk.run("--version").stdout.endswith("which came with the program\n")
    desk.run("update", newer, "--yes")
    said = f"the ledger of {LATEST}, taken "
    assert said in desk.run("--version").stdout.splitlines()[1]
    assert f"In use: {said}" in desk.run("doctor").stdout
    assert f"In use: {said}" in desk.run("update", "--status").stdout
    for command in (["doctor"], ["update", "--status"]):
        told = json.loads(desk.run(*command, "--format", "json").stdout)
        ledger = told.get("ledger") or told["in_use"]
        assert (ledger["day"], ledger["taken_from"]) == (LATEST, str(newer))
        assert Path(ledger["folder"]).is_relative_to(updates(desk))


def test_back_and_forth(desk: Desk) -> None:
    assert "no ledger was taken yet" in refused(desk.run("update", "--rollback"))
    first, second = used(desk), ["us-example"]
    desk.run("update", small(desk.path / "newer"), "--yes")
    assert used(desk) == second
    for wanted in (first, second, first):
        done = desk.run("update", "--rollback")
        assert done.returncode == 0
        assert used(desk) == wanted
    assert "In use: the ledger of " in done.stdout
    assert "which came with the program." in done.stdout


def test_of_all_that_were_taken_the_last_two_are_kept(desk: Desk) -> None:
    for number in range(3):
        text = NEWER.replace("Example duty", f"Duty {number}")
        assert desk.run("update", small(desk.path / f"newer-{number}", text), "--yes").returncode == 0
    assert len([entry for entry in updates(desk).iterdir() if entry.is_dir()]) == 2
    assert title(desk) == "Duty 2 on Freedonia"
    desk.run("update", "--rollback")
    assert title(desk) == "Duty 1 on Freedonia"


def test_ones_own_files_stay_and_are_laid_over(desk: Desk) -> None:
    desk.ledger.mkdir(parents=True)
    own = desk.ledger / "notes.toml"
    event = NEWER[NEWER.index("[[events]]") :].replace('"start"', '"ours"').replace("ordered", "milestone")
    own.write_text('extends_action = "s232-copper"\n' + event.replace('rate = "25%"\n', ""), encoding="utf-8")
    before = own.read_bytes()
    done = desk.run("update", small(desk.path / "newer"), "--yes")
    assert done.returncode == 0
    assert "In your own files there would then be:" in done.stderr
    assert 'extends_action = "s232-copper", and no action has that id' in done.stderr
    assert own.read_bytes() == before
    desk.run("update", "--rollback")
    assert desk.run("check").returncode == 0


def test_one_with_errors_is_refused_with_all_of_them(desk: Desk) -> None:
    newer = larger(desk.path / "newer")
    (newer / "us" / "us-example.toml").write_text(NEWER.replace('"ordered"', '"orderd"'), encoding="utf-8")
    (newer / "eu" / "eu-bad.toml").write_text("id = ", encoding="utf-8")
    done = desk.run("update", newer, "--yes")
    assert done.returncode == 3
    assert "us/us-example.toml:16: error TW103" in done.stdout
    assert "eu/eu-bad.toml:1: error TW001" in done.stdout
    assert "has 2 errors and is refused; nothing was changed" in done.stderr
    assert "us-example" not in used(desk)
    assert os.listdir(updates(desk)) == [".tariffwatch-lock"]


def test_the_same_again_is_no_change(desk: Desk) -> None:
    newer = small(desk.path / "newer")
    assert "in use already" in desk.run("update", shipped(), "--yes").stderr
    desk.run("update", newer, "--yes")
    assert "in use already" in desk.run("update", packed(newer), "--yes").stderr
    assert "Former: the ledger of " in desk.run("update", "--status").stdout


def test_an_older_one_is_shown_as_such(desk: Desk) -> None:
    done = desk.run("update", small(desk.path / "old", EXAMPLE), "--dry-run")
    assert "It is older than the ledger of " in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("answer", "written"), [("y", True), ("n", False), ("", False), (CTRL_C, False), (CTRL_D, False)]
)
def test_at_a_terminal_one_is_asked(desk: Desk, answer: str, written: bool) -> None:
    newer = small(desk.path / "newer")
    question = f"Use the ledger of {LATEST} from now on? [y/N]"
    shown, code = desk.talk([(question, answer)], "update", newer)
    assert code == 0
    assert ("Nothing was changed." in shown) == (not written)
    assert (used(desk) == ["us-example"]) == written


def test_without_a_terminal_nothing_is_changed_unless_told(desk: Desk) -> None:
    done = desk.run("update", small(desk.path / "newer"))
    assert done.returncode == 2
    assert "nothing was changed: there is no terminal to ask at" in done.stderr
    assert "us-example" not in used(desk)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "say one of: a newer ledger (a folder or a zip file), --status, --rollback"),
        (["x", "--status"], "say one of: a newer ledger (a folder or a zip file), --status, --rollback"),
        (["--status", "--format", "csv"], "--format: csv is not one of table, json"),
        (["gone"], "there is no folder or zip file gone"),
        (["."], ". is no ledger: neither it nor its folder data holds clocks.toml"),
    ],
)
def test_what_cannot_be_understood(desk: Desk, options: list[str], said: str) -> None:
    done = desk.run("update", *options)
    assert done.returncode in (2, 3)
    assert done.stderr == f"tariffwatch: {said}\n"


def test_a_choice_that_cannot_be_read_is_one_sentence_with_the_mend(desk: Desk) -> None:
    desk.run("update", small(desk.path / "newer"), "--yes")
    pointer = updates(desk) / "current"
    out = pointer.read_text(encoding="utf-8").replace(f"{LATEST}-", "../../")
    for text in ("", "{}", "[]", out, "\x00" * 99, "[" * 100_000):
        pointer.write_text(text, encoding="utf-8")
        said = refused(desk.run("status"), 3)
        assert f"{pointer} cannot be understood; delete that file to use the ledger that came with" in said
        assert said in " ".join(desk.run("doctor").stdout.split())
    pointer.unlink()
    assert "s232-copper" in used(desk)


def test_a_ledger_that_is_gone_is_told_too(desk: Desk) -> None:
    desk.run("update", small(desk.path / "newer"), "--yes")
    for entry in updates(desk).iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
    assert "names a ledger that is not there" in refused(desk.run("status"), 3)


def test_reminders_hear_of_it_at_once(desk: Desk) -> None:
    """A run that sleeps until the next date wakes up when another ledger is chosen."""
    config = desk.path / "config.toml"
    config.write_text(
        '[[channels]]\nname = "out"\nkind = "stdout"\n[[reminders]]\nname = "all"\nchannels = ["out"]\n',
        encoding="utf-8",
    )
    desk.env["TARIFFWATCH_CONFIG"] = str(config)
    text = NEWER.replace("known = 2025-02-01", "known = 2025-02-03T12:02:00")
    newer = small(desk.path / "newer", text.replace("recorded = 2025", "recorded = 2026"))
    assert desk.run("remind", "--as-of", "2025-02-03T12:00-05:00").returncode == 0
    assert desk.run("remind", "--as-of", "2025-02-03T12:01-05:00").stdout == ""
    desk.run("update", newer, "--yes")
    assert "us-example" in desk.run("remind", "--as-of", "2025-02-03T12:05-05:00").stdout


@pytest.mark.parametrize("taken", [False, True], ids=["first", "second"])
def test_a_folder_that_cannot_be_written(desk: Desk, taken: bool) -> None:
    before = used(desk)
    if taken:
        desk.run("update", small(desk.path / "first"), "--yes")
        before = ["us-example"]
    updates(desk).mkdir(parents=True, exist_ok=True)
    held = sorted(updates(desk).iterdir())
    updates(desk).chmod(0o500)
    newer = larger(desk.path / "newer")
    try:
        said = refused(desk.run("update", newer, "--yes", before=without_privileges))
    finally:
        updates(desk).chmod(0o700)
    assert said == f"{updates(desk)} cannot be written: permission denied; nothing was changed"
    assert used(desk) == before
    assert sorted(updates(desk).iterdir()) == held


def test_a_full_disk(desk: Desk) -> None:
    """There is no room for the clocks, and then none for the choice."""
    newer, before = small(desk.path / "newer"), used(desk)
    desk.env["TARIFFWATCH_CACHE"] = ""
    said = refused(desk.run("update", newer, "--yes", before=disk_of(1_000)))
    assert said == f"{updates(desk)} cannot be written: file too large; nothing was changed"
    assert used(desk) == before
    assert os.listdir(updates(desk)) == [".tariffwatch-lock"], "nothing is left behind"
    desk.run("update", newer, "--yes")
    said = refused(desk.run("update", "--rollback", before=disk_of(20)))
    assert said == f"{updates(desk)} cannot be written: file too large; nothing was changed"
    assert used(desk) == ["us-example"]


@pytest.mark.parametrize("command", ["update", "rollback"])
def test_killed_before_each_step_on_the_disk_one_whole_ledger_is_in_use(desk: Desk, command: str) -> None:
    newest = small(desk.path / "newest", NEWER.replace("Example duty", "Newest duty"))
    words = [str(newest), "--yes"] if command == "update" else ["--rollback"]
    desk.run("update", small(desk.path / "newer"), "--yes")
    other = "Newest duty on Freedonia" if command == "update" else ""
    start = desk.path / "start"
    shutil.copytree(updates(desk), start)
    kills, outcomes = 0, set()
    for step in range(1, 400):
        shutil.rmtree(updates(desk))
        shutil.copytree(start, updates(desk))
        running = desk.start(str(step), "tariffwatch/updates", "update", *words, program=("-c", KILLING))
        _, said = running.communicate(timeout=120)
        outcomes.add(whole(desk))
        if running.returncode != -signal.SIGKILL:
            assert running.returncode == 0, said
            break
        kills += 1
        if step % 10 == 0:  # and the next update goes its way, and sweeps
            assert desk.run("update", newest, "--yes").returncode == 0
            left = {entry.name for entry in updates(desk).iterdir() if entry.name.startswith(".")}
            assert left == {".tariffwatch-lock"}
    assert kills > 20
    assert outcomes == {"Example duty on Freedonia", other}
    assert title(desk) == other


def test_killed_at_any_instant_one_whole_ledger_is_in_use(desk: Desk) -> None:
    dice, kills = random.Random(5), 0
    newest = NEWER.replace("Example duty", "Newest duty")
    sides = [small(desk.path / "a"), small(desk.path / "b", newest)]
    started = time.perf_counter()
    desk.run("update", sides[0], "--yes")
    length = time.perf_counter() - started
    while kills < 12:
        running = desk.start("update", str(sides[kills % 2]), "--yes")
        time.sleep(dice.uniform(0.2, 1.2) * length)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        kills += running.returncode == -signal.SIGKILL
        assert whole(desk)
    assert desk.run("update", "--status").returncode == 0


def test_two_at_once_leave_one_of_them(desk: Desk) -> None:
    newer = [small(desk.path / f"n{n}", NEWER.replace("Example duty", f"Duty {n}")) for n in range(3)]
    running = [desk.start("update", str(one), "--yes") for one in newer]
    ended = [(one.communicate(timeout=120)[1], one.returncode) for one in running]
    good = [n for n, (_, code) in enumerate(ended) if code == 0]
    assert good
    for said, code in ended:
        assert code == 0 or (code == 2 and "another tariffwatch is writing in" in said)
    assert title(desk) in [f"Duty {n} on Freedonia" for n in good]


def test_a_run_that_asks_holds_off_another(desk: Desk) -> None:
    newer = small(desk.path / "newer")

    def other() -> str:
        said = refused(desk.run("update", newer, "--yes"))
        assert said.startswith("another tariffwatch is writing in")
        return "y"

    _, code = desk.talk([("[y/N]", other)], "update", newer)
    assert code == 0
    assert used(desk) == ["us-example"]
