"""``tariffwatch edit`` as people run it: with real editors, at a terminal or not, killed, without room."""

from __future__ import annotations

import os
import random
import shlex
import signal
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import CTRL_C, CTRL_D, EXAMPLE, KILLING, Desk, disk_of, without_privileges

from tariffwatch.ledger.load import shipped
from tariffwatch.ledger.parse import MAX_BYTES

ADDED = """
[[events]]
id = "talk"
kind = "milestone"
known = 2025-03-01
recorded = 2025-03-02
source = "19 U.S.C. 2411"
evidence = "text"
note = "Ours."
"""
WRONG = ADDED.replace('"milestone"', '"milstone"')


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def editor(desk: Desk, *texts: str, then: str = "") -> None:
    """Let the editor add these texts to the file, one each time that it is opened, and then do something."""
    for number, text in enumerate(texts, start=1):
        (desk.path / f"text-{number}").write_text(text, encoding="utf-8")
    script = desk.path / "editor.sh"
    script.write_text(
        f'cd "{desk.path}"\necho x >> opened\ncat "text-$(wc -l < opened | tr -d " ")" >> "$1"\n{then}\n',
        encoding="utf-8",
    )
    desk.env["EDITOR"] = f"sh {shlex.quote(str(script))}"


def opened(desk: Desk) -> int:
    """How often the editor was opened."""
    there = desk.path / "opened"
    return len(there.read_text(encoding="utf-8").splitlines()) if there.exists() else 0


def kept(desk: Desk) -> list[Path]:
    """The texts that were set aside."""
    edits = desk.path / ".local/state/tariffwatch/edits"
    return sorted(path for path in edits.rglob("*") if path.is_file())


def test_an_own_action_is_edited_in_its_file_byte_by_byte(desk: Desk) -> None:
    before = desk.has_example(EXAMPLE.replace("\n", "\r\n").rstrip().encode())
    editor(desk, "\r\n" + ADDED)
    done = desk.run("edit", "us-example")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == ".local/share/tariffwatch/ledger/us-example.toml written.\n"
    assert desk.example.read_bytes() == before + b"\r\n" + ADDED.encode()
    assert desk.toml_files() == ["us-example.toml"]
    assert kept(desk) == []
    assert "Ours." in desk.run("show", "us-example").stdout


def test_a_shipped_action_gets_a_file_of_ones_own_and_stays_as_it_is(desk: Desk) -> None:
    file = shipped() / "us" / "s232-copper.toml"
    before = file.read_bytes()
    editor(desk, ADDED, ADDED.replace("talk", "second").replace("Ours.", "Ours too."))
    assert desk.run("edit", "s232-copper").returncode == 0
    [own] = desk.ledger.glob("*.toml")
    first = own.read_text(encoding="utf-8")
    assert tomllib.loads(first)["extends_action"] == "s232-copper"
    assert tomllib.loads(first)["zone"] == "America/New_York"
    assert desk.run("edit", "s232-copper").returncode == 0
    assert own.read_text(encoding="utf-8").startswith(first), "the same file is opened again"
    assert desk.toml_files() == [own.name]
    assert file.read_bytes() == before
    shown = desk.run("show", "s232-copper").stdout
    assert "Ours." in shown
    assert "Ours too." in shown
    assert "s232-copper.toml" in shown, "which fact came from which file"
    assert desk.run("check").returncode == 0


def test_the_lines_to_begin_with_can_be_used_as_they_are(desk: Desk) -> None:
    """An addition begins with an example as comments; without the signs it is one."""
    desk.env["EDITOR"] = "sed -i -e 's/^# \\(\\[\\[events\\|[a-z]* = \\)/\\1/'"
    done = desk.run("edit", "s232-copper")
    assert done.returncode == 0, done.stderr
    [event] = tomllib.loads((desk.ledger / "s232-copper.toml").read_text(encoding="utf-8"))["events"]
    assert event["kind"] == "milestone"


@pytest.mark.parametrize("action", ["us-example", "s232-copper"])
def test_nothing_changed_is_nothing_written(desk: Desk, action: str) -> None:
    before = desk.has_example()
    desk.env["EDITOR"] = "true"
    done = desk.run("edit", action)
    assert done.returncode == 0
    assert done.stderr.startswith("Nothing was changed.")
    assert desk.example.read_bytes() == before
    assert desk.toml_files() == ["us-example.toml"]
    assert kept(desk) == []


@pytest.mark.parametrize("action", ["us-example", "s232-copper"])
def test_errors_are_shown_and_the_text_is_kept_aside(desk: Desk, action: str) -> None:
    before = desk.has_example()
    editor(desk, WRONG)
    done = desk.run("edit", action)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error TW103" in done.stderr
    assert ' | kind = "milstone"\n' in done.stderr
    [text] = kept(desk)
    assert text.read_text(encoding="utf-8").endswith(WRONG)
    assert f"is as it was (1 error); your text is kept in {text}\n" in done.stderr
    assert desk.example.read_bytes() == before
    assert desk.toml_files() == ["us-example.toml"]


def test_at_a_terminal_one_can_go_back_to_the_editor(desk: Desk) -> None:
    desk.has_example()
    mend = 'test "$(wc -l < opened)" -lt 3 || sed -i "/again/d; s/milstone/milestone/" "$1"'
    editor(desk, WRONG, "[[again]]\n", "", then=mend)
    shown, code = desk.talk([("[Y/n]", "y"), ("[Y/n]", "")], "edit", "us-example")
    assert code == 0, shown
    assert "1 error. Back to the editor? (No keeps the file as it was)" in shown
    assert shown.endswith("us-example.toml written.\n")
    assert desk.example.read_text(encoding="utf-8") == EXAMPLE + ADDED
    assert opened(desk) == 3


@pytest.mark.parametrize("answer", ["n", CTRL_C, CTRL_D], ids=["no", "ctrl-c", "ctrl-d"])
def test_at_a_terminal_one_can_leave_it(desk: Desk, answer: str) -> None:
    before = desk.has_example()
    editor(desk, WRONG)
    shown, code = desk.talk([("[Y/n]", answer)], "edit", "us-example")
    assert code == 1
    assert f"your text is kept in {kept(desk)[0]}" in shown.replace("\n", " ")
    assert desk.example.read_bytes() == before
    assert opened(desk) == 1


def test_what_was_wrong_elsewhere_before_does_not_stand_in_the_way(desk: Desk) -> None:
    desk.has_example()
    (desk.ledger / "us-other.toml").write_text("id = ", encoding="utf-8")
    editor(desk, ADDED)
    assert desk.run("edit", "us-example").returncode == 0


def test_what_would_be_wrong_elsewhere_does(desk: Desk) -> None:
    """Another file of one's own names what the text no longer holds."""
    before = desk.has_example()
    (desk.ledger / "notes.toml").write_text(
        'extends_action = "us-example"\n' + ADDED + 'lines = ["general"]\n',
        encoding="utf-8",
    )
    assert desk.run("check").returncode == 0
    desk.env["EDITOR"] = "sed -i s/general/every/"
    done = desk.run("edit", "us-example", "--data", desk.ledger)
    assert done.returncode == 1
    assert "notes.toml" in done.stderr
    assert desk.example.read_bytes() == before


@pytest.mark.parametrize("broken", ["id = ", 'id = "us-other"\n', EXAMPLE + "[[x]]\n", "\xff"])
def test_a_file_that_cannot_be_read_is_opened_by_its_name(desk: Desk, broken: str) -> None:
    desk.has_example(broken.encode("latin-1"))
    (desk.path / "good").write_text(EXAMPLE, encoding="utf-8")
    desk.env["EDITOR"] = f"cp {desk.path}/good"
    done = desk.run("edit", "us-example")
    assert done.returncode == 0, done.stderr
    assert desk.example.read_text(encoding="utf-8") == EXAMPLE


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "which editor? set VISUAL or EDITOR, such as: export EDITOR=nano"),
        ("no-such-editor -x", "the editor no-such-editor: no such file or directory"),
        ("false", "the editor false ended with 1"),
        ("'", "VISUAL or EDITOR is no command"),
        ("rm", "the editor rm left no file: no such file or directory"),
    ],
)
def test_an_editor_that_fails_changes_nothing(desk: Desk, command: str, said: str) -> None:
    before = desk.has_example()
    desk.env["EDITOR"] = command
    done = desk.run("edit", "us-example")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"tariffwatch: {said}")
    assert done.stderr.count("\n") == 1
    assert desk.example.read_bytes() == before


def test_visual_goes_before_editor(desk: Desk) -> None:
    desk.has_example()
    desk.env |= {"VISUAL": "true", "EDITOR": "false"}
    assert desk.run("edit", "us-example").returncode == 0


@pytest.mark.parametrize("id", ["us-exampel", "../x", "/etc/passwd", "..", "", "us/us-example"])
def test_what_is_no_action_is_not_opened(desk: Desk, id: str) -> None:
    desk.has_example()
    editor(desk, ADDED)
    done = desk.run("edit", "--", id)
    assert done.returncode == 2
    assert done.stderr.startswith(f'tariffwatch: no action is called "{id}"')
    assert opened(desk) == 0
    assert desk.toml_files() == ["us-example.toml"]


def test_an_action_of_another_folder_of_ones_own_is_not_extended_by_mistake(desk: Desk) -> None:
    desk.has_example()
    other = desk.path / "other"
    other.mkdir()
    done = desk.run("edit", "us-example", "--data", other)
    assert done.returncode == 2
    assert (
        f'"us-example" stands in {desk.example.relative_to(desk.path)}; write --data {desk.ledger}'
        in done.stderr
    )


@pytest.mark.parametrize("to", ["outside.toml", "nothing.toml", "us-far.toml"])
def test_a_link_out_of_the_folder_is_not_followed(desk: Desk, to: str) -> None:
    desk.has_example()
    outside = desk.path / "outside.toml"
    outside.write_text(EXAMPLE.replace("us-example", "us-far"), encoding="utf-8")
    (desk.ledger / "us-far.toml").symlink_to(desk.path / to if to != "us-far.toml" else to)
    editor(desk, ADDED)
    done = desk.run("edit", "us-far")
    assert done.returncode == 2
    assert "us-far.toml" in done.stderr
    assert opened(desk) == 0
    assert outside.read_text(encoding="utf-8") == EXAMPLE.replace("us-example", "us-far")
    assert not (desk.path / "nothing.toml").exists()


def test_a_folder_of_the_program_is_not_written_to(desk: Desk) -> None:
    editor(desk, ADDED)
    done = desk.run("edit", "s232-copper", "--data", shipped() / "us")
    assert done.returncode == 2
    assert "belongs to the ledger that ships with tariffwatch" in done.stderr
    assert opened(desk) == 0


def huge(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(100_000_000)


def test_a_file_of_100_mb_is_refused(desk: Desk) -> None:
    desk.ledger.mkdir(parents=True)
    huge(desk.example)
    editor(desk, ADDED)
    done = desk.run("edit", "us-example")
    assert done.returncode == 2
    assert f"us-example.toml is larger than {MAX_BYTES:,} bytes" in done.stderr
    assert opened(desk) == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("truncate -s 100M", f"the file is larger than {MAX_BYTES:,} bytes"),
        ('python3 -c \'import sys; open(sys.argv[1], "w").write("a = " + "[" * 500_000)\'', "too deeply"),
        ('python3 -c \'import sys; open(sys.argv[1], "w").write(".".join(["a"] * 400_000))\'', "too deeply"),
    ],
)
def test_a_text_that_nobody_typed_is_refused(desk: Desk, command: str, said: str) -> None:
    before = desk.has_example()
    desk.env["EDITOR"] = command
    done = desk.run("edit", "us-example")
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr) < 2_000
    assert desk.example.read_bytes() == before


def test_who_writes_meanwhile_is_not_overwritten(desk: Desk) -> None:
    desk.has_example()
    editor(desk, ADDED, then=f'printf "# theirs\\n" >> "{desk.example}"')
    done = desk.run("edit", "us-example")
    assert done.returncode == 2
    assert "us-example.toml was changed by another program meanwhile; nothing was written" in done.stderr
    assert f"your text is kept in {kept(desk)[0]}" in done.stderr
    assert desk.example.read_text(encoding="utf-8") == f"{EXAMPLE}# theirs\n"


def refused_for_room(desk: Desk, action: str, before: Callable[[], None], why: str) -> None:
    text = desk.has_example()
    editor(desk, ADDED)
    done = desk.run("edit", action, before=before)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tariffwatch: ")
    assert f"{action}.toml cannot be written: {why}; nothing was written" in done.stderr
    assert done.stderr.count("\n") == 1
    [there] = kept(desk)
    assert f"your text is kept in {there}\n" in done.stderr
    assert there.read_text(encoding="utf-8").endswith(ADDED)
    assert desk.example.read_bytes() == text
    assert [n for n in os.listdir(desk.ledger) if not n.endswith("lock")] == ["us-example.toml"]


@pytest.mark.parametrize("action", ["us-example", "s232-copper"])
def test_a_folder_that_cannot_be_written(desk: Desk, action: str) -> None:
    desk.has_example()
    desk.ledger.chmod(0o500)
    try:
        refused_for_room(desk, action, without_privileges, "permission denied")
    finally:
        desk.ledger.chmod(0o700)


def test_a_full_disk(desk: Desk) -> None:
    """The text of the editor has room, the file has not: it is longer."""
    text = desk.has_example(EXAMPLE.encode() + b"#\n" * 5_000)
    desk.env["EDITOR"] = "sed -i 's/25%/35%/'"
    done = desk.run("edit", "us-example", before=disk_of(len(text)))
    assert done.returncode == 0, done.stderr
    longer = text.replace(b"25%", b"35%")
    (desk.path / "longer").write_bytes(longer + b"# more\n")
    desk.env["EDITOR"] = f"ln -sf {desk.path}/longer"
    done = desk.run("edit", "us-example", before=disk_of(len(text)))
    assert done.returncode == 2
    assert "us-example.toml cannot be written: file too large; nothing was written" in done.stderr
    assert desk.example.read_bytes() == longer
    assert [n for n in os.listdir(desk.ledger) if not n.endswith("lock")] == ["us-example.toml"]


@pytest.mark.parametrize("action", ["us-example", "s232-copper"])
def test_killed_before_each_step_on_the_disk_the_file_is_the_old_or_the_new_one(
    desk: Desk, action: str
) -> None:
    file = desk.ledger / f"{action}.toml"
    editor(desk, *[ADDED] * 200)
    kills, outcomes = 0, set()
    for step in range(1, 200):
        file.unlink(missing_ok=True)
        before = desk.has_example() if action == "us-example" else None
        desk.ledger.mkdir(parents=True, exist_ok=True)
        running = desk.start(str(step), "tariffwatch/ledger", "edit", action, program=("-c", KILLING))
        _, said = running.communicate(timeout=120)
        held = file.read_bytes() if file.exists() else None
        outcomes.add(held == before)
        assert held == before or held.endswith(ADDED.encode())  # type: ignore[union-attr]
        if running.returncode != -signal.SIGKILL:
            assert running.returncode == 0, said
            break
        kills += 1
    assert kills > 5
    assert outcomes == {True, False}
    assert desk.run("check").returncode == 0


def test_killed_at_any_instant_the_file_is_the_old_or_the_new_one(desk: Desk) -> None:
    dice, kills, versions = random.Random(7), 0, {EXAMPLE}
    desk.has_example()
    editor(desk, *[f"# {number}\n" for number in range(400)])
    started = time.perf_counter()
    desk.run("edit", "us-example")
    length = time.perf_counter() - started
    while kills < 20:
        before = desk.example.read_text(encoding="utf-8")
        running = desk.start("edit", "us-example")
        time.sleep(dice.uniform(0.3, 1.1) * length)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        kills += running.returncode == -signal.SIGKILL
        held = desk.example.read_text(encoding="utf-8")
        assert held == before or held.startswith(before + "# "), "old, or with one more comment"
        versions.add(held)
    assert desk.run("check").returncode == 0
