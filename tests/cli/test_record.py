"""``tariffwatch record`` as people run it: real processes that are killed, that meet, that find no room."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from desk import EXAMPLE, FACT, HEAD, KILLING, ROOT, Desk, Done, disk_of, without_privileges

from tariffwatch.ledger.load import shipped
from tariffwatch.ledger.parse import MAX_BYTES

MILESTONE = ["record", "us-example", "milestone", *FACT]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def notes(file: Path) -> list[str]:
    """The notes of the milestones in a file, which must parse."""
    events = tomllib.loads(file.read_text(encoding="utf-8")).get("events", [])
    return [event["note"] for event in events if event["kind"] == "milestone"]


def refused(done: Done, code: int = 2) -> str:
    """What was said by a run that refused: no answer, no traceback; the mend after what was understood."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "Traceback" not in done.stderr
    before, named, said = f"\n{done.stderr}".partition("\ntariffwatch: ")
    assert named
    assert not before or "(times in " in before
    return said.rstrip("\n")


@pytest.mark.parametrize("new_file", [False, True], ids=["record", "add"])
def test_killed_before_each_step_on_the_disk_the_file_is_the_old_or_the_new_one(
    desk: Desk, new_file: bool
) -> None:
    before = None if new_file else desk.has_example()
    file = desk.ledger / "us-new.toml" if new_file else desk.example
    command = ["add", "us-new", *HEAD] if new_file else [*MILESTONE, "--note", "once"]
    kills, outcomes = 0, set()
    for step in range(1, 200):
        if new_file:
            file.unlink(missing_ok=True)
        else:
            desk.has_example()
        running = desk.start(str(step), "share/tariffwatch/ledger", *command, program=("-c", KILLING))
        _, said = running.communicate(timeout=120)
        held = file.read_bytes() if file.exists() else None
        outcomes.add(held == before)
        assert held == before or b"us-new" in held or notes(file) == ["once"]  # type: ignore[operator]
        if running.returncode != -signal.SIGKILL:
            assert running.returncode == 0, said
            break
        kills += 1
    assert kills > 5
    assert outcomes == {True, False}
    assert desk.run("check").returncode == 0
    assert desk.toml_files() == [file.name]


KILLS = 20


@pytest.mark.parametrize("part", range(2))
def test_killed_at_any_instant_the_file_is_the_old_or_the_new_one(desk: Desk, part: int) -> None:
    dice = random.Random(part)
    desk.has_example()
    started = time.perf_counter()
    desk.run(*MILESTONE, "--note", "first")
    length = time.perf_counter() - started
    landed, kills = ["first"], 0
    while kills < KILLS // 2:
        note, before = f"n{kills}-{len(landed)}", desk.example.read_bytes()
        running = desk.start(*MILESTONE, "--note", note)
        time.sleep(dice.uniform(0.3, 1.1) * length)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        kills += running.returncode == -signal.SIGKILL
        held = desk.example.read_bytes()
        assert held.startswith(before)
        landed += [note] * (held != before)
        assert notes(desk.example) == landed
    assert desk.run(*MILESTONE, "--note", "last").returncode == 0, "no lock outlives its holder"
    assert notes(desk.example) == [*landed, "last"]
    assert desk.run("check").returncode == 0


@pytest.mark.parametrize("many", [2, 8])
@pytest.mark.parametrize("action", ["us-example", "s232-polysilicon"])
def test_records_at_once_all_land(desk: Desk, many: int, action: str) -> None:
    """In the action's own file; and in a file that extends a shipped action, which each finds not there."""
    if action == "us-example":
        desk.has_example()
    running = [desk.start("record", action, "milestone", *FACT, "--note", f"n{n}") for n in range(many)]
    ended = [(*one.communicate(timeout=120), one.returncode) for one in running]
    assert not [said for _, said, code in ended if code]
    [file] = desk.ledger.glob("*.toml")
    assert sorted(notes(file)) == sorted(f"n{n}" for n in range(many))
    places = {out.split("\n")[0] for out, *_ in ended}
    assert len(places) == many, "each is told the place of its own"
    assert desk.run("check").returncode == 0


MEETING = """
import subprocess, sys
from tariffwatch.cli import drafts
reading = drafts.load
def meanwhile(*given, **more):
    ledger, drafts.load = reading(*given, **more), reading
    subprocess.run([sys.executable, "-m", "tariffwatch", *sys.argv[1:-1], "theirs"], check=True)
    return ledger
drafts.load = meanwhile
from tariffwatch.cli.main import run
run()
"""
"""A run that meets another after it has read the ledger, and before it looks at the file itself."""


@pytest.mark.parametrize("action", ["us-example", "s232-polysilicon"])
def test_one_that_lands_between_two_readings_is_no_reason_to_refuse(desk: Desk, action: str) -> None:
    """To both the next free id is the same."""
    if action == "us-example":
        desk.has_example()
    running = desk.start("record", action, "milestone", *FACT, "--note", "ours", program=("-c", MEETING))
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    [file] = desk.ledger.glob("*.toml")
    assert notes(file) == ["theirs", "ours"]


def test_of_two_adds_of_one_id_at_once_one_lands(desk: Desk) -> None:
    heads = [["--title", f"By {n}", *HEAD[2:]] for n in range(2)]
    running = [desk.start("add", "us-new", *head) for head in heads]
    ended = [(one.communicate(timeout=120)[1], one.returncode) for one in running]
    assert sorted(code for _, code in ended) == [0, 2]
    [said] = [said for said, code in ended if code == 2]
    assert '"us-new" stands already in ' in said
    [winner] = [n for n, (_, code) in enumerate(ended) if code == 0]
    text = (desk.ledger / "us-new.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["title"] == f"By {winner}"


def test_another_writer_who_never_ends_is_not_waited_for_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tariffwatch.cli.lock import locked
    from tariffwatch.errors import UsageError

    with locked(desk.path), pytest.raises(UsageError, match="another tariffwatch is writing"):  # noqa: SIM117
        with locked(desk.path, patience=0.1):
            pass


@pytest.mark.parametrize(
    "command", [MILESTONE, ["add", "us-new", *HEAD], ["record", "s232-copper", *MILESTONE[2:]]]
)
def test_a_folder_that_cannot_be_written(desk: Desk, command: list[str]) -> None:
    text = desk.has_example()
    desk.ledger.chmod(0o500)
    try:
        said = refused(desk.run(*command, before=without_privileges))
    finally:
        desk.ledger.chmod(0o700)
    assert said.endswith(".toml cannot be written: permission denied; nothing was written")
    assert desk.example.read_bytes() == text
    assert os.listdir(desk.ledger) == ["us-example.toml"]


def test_a_file_that_cannot_be_written(desk: Desk) -> None:
    text = desk.has_example()
    desk.example.chmod(0o400)
    said = refused(desk.run(*MILESTONE, before=without_privileges))
    assert said.endswith("us-example.toml cannot be written: permission denied; nothing was written")
    assert desk.example.read_bytes() == text


def test_a_folder_that_cannot_be_made(desk: Desk) -> None:
    (desk.path / ".local").write_text("", encoding="utf-8")
    said = refused(desk.run("add", "us-new", *HEAD))
    assert said.endswith("us-new.toml cannot be written: not a directory; nothing was written")


@pytest.mark.parametrize("action", ["us-example", "s232-polysilicon"])
def test_a_full_disk(desk: Desk, action: str) -> None:
    text = desk.has_example()
    room = len(text) + 20 if action == "us-example" else 20
    said = refused(desk.run("record", action, *MILESTONE[2:], before=disk_of(room)))
    assert said.endswith(f"{action}.toml cannot be written: file too large; nothing was written")
    assert desk.example.read_bytes() == text
    assert [name for name in os.listdir(desk.ledger) if not name.endswith("lock")] == ["us-example.toml"]
    assert desk.run("record", action, *MILESTONE[2:]).returncode == 0
    assert desk.run("check").returncode == 0


def listed(desk: Desk) -> list[str]:
    """The user's own actions that can be read; the rest of the ledger must be there, too."""
    done = desk.run("status", "--format", "json")
    ids = [row["id"] for row in json.loads(done.stdout)["actions"]]
    assert "s232-polysilicon" in ids
    return [id for id in ids if id in ("us-example", "us-far")]


@pytest.mark.parametrize(
    "to", ["outside.toml", "nothing.toml", "../../../../../../etc/passwd", "us-far.toml"]
)
def test_a_link_out_of_the_folder_is_neither_read_nor_written(desk: Desk, to: str) -> None:
    """To a file outside, to none, to one of the system's, and to itself."""
    desk.has_example()
    outside = desk.path / "outside.toml"
    outside.write_text(EXAMPLE.replace("us-example", "us-far"), encoding="utf-8")
    link = desk.ledger / "us-far.toml"
    link.symlink_to(desk.path / to if to != "us-far.toml" else to)
    assert "TW004" in desk.run("status").stderr
    assert listed(desk) == ["us-example"]
    for command in (["record", "us-far", *MILESTONE[2:]], ["add", "us-far", *HEAD]):
        assert "us-far.toml" in refused(desk.run(*command))
    assert link.is_symlink()
    assert not (desk.path / "nothing.toml").exists()
    assert outside.read_text(encoding="utf-8") == EXAMPLE.replace("us-example", "us-far")
    assert desk.run(*MILESTONE).returncode == 0


def test_a_link_out_of_the_folder_is_not_written_through_for_an_overlay(desk: Desk) -> None:
    outside = desk.path / "outside.toml"
    outside.write_text('extends_action = "s232-copper"\n', encoding="utf-8")
    desk.has_example()
    (desk.ledger / "s232-copper.toml").symlink_to(outside)
    assert "leads out of the ledger folder" in refused(desk.run("record", "s232-copper", *MILESTONE[2:]))
    assert outside.read_text(encoding="utf-8") == 'extends_action = "s232-copper"\n'


def test_a_folder_that_is_itself_a_link_is_the_users_own(desk: Desk) -> None:
    shared = desk.path / "shared"
    shared.mkdir()
    desk.ledger.parent.mkdir(parents=True)
    desk.ledger.symlink_to(shared)
    assert desk.run("add", "us-new", *HEAD).returncode == 0
    assert desk.run("record", "us-new", *MILESTONE[2:], "--note", "there").returncode == 0
    assert notes(shared / "us-new.toml") == ["there"]


@pytest.mark.parametrize(
    "id", ["../x", "x/y", "/etc/passwd", "..", "A", "x.toml", "é", "instruments", "x\n", ""]
)
def test_no_id_leads_out_of_the_folder(desk: Desk, id: str) -> None:
    desk.has_example()
    before = sorted(path for path in desk.path.rglob("*") if ".cache" not in path.parts)
    refused(desk.run("add", *HEAD, "--", id))
    refused(desk.run("record", id, "milestone", *FACT))
    assert sorted(path for path in desk.path.rglob("*") if ".cache" not in path.parts) == before


def dotted(parts: int) -> str:
    return ".".join(["a"] * parts)


STRANGE = {
    "100 MB": "",
    "lists": f"note = {'[' * 400_000}",
    "tables": f"note = {'{a=' * 300_000}",
    "a key": f"{dotted(450_000)} = 1",
    "a header": f"[{dotted(450_000)}]",
    "both": "note = " + f"{{{dotted(450)} = [\n" * 100 + "]}" * 100,
    "quotes": f"{EXAMPLE}# " + '\\"' * 400_000,
    "blanks": f'{EXAMPLE}["a{" " * 900_000}]"]\n',
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_that_is_huge_or_nested_deeply_is_refused_at_once(desk: Desk, name: str) -> None:
    """What would take hours, or memory without end, would not be back in time for ``Desk.run``."""
    desk.has_example()
    strange = desk.ledger / "us-strange.toml"
    strange.write_text(STRANGE[name], encoding="utf-8")
    if not STRANGE[name]:
        os.truncate(strange, 100_000_000)
    done = desk.run("status", "--id", "us-example")
    assert done.returncode == 3
    assert "us-strange.toml:" in done.stderr
    words = {
        "100 MB": f"the file is larger than {MAX_BYTES:,} bytes",
        "quotes": "the file of",
        "blanks": "unknown key",
    }
    assert words.get(name, "the file is nested too deeply") in done.stderr
    assert len(done.stderr) < 3000
    assert "Example duty on Freedonia" in done.stdout
    assert desk.run("check").returncode == 1
    assert "nothing was written" in refused(desk.run("record", "us-strange", *MILESTONE[2:]))
    assert desk.run(*MILESTONE, "--note", "still").returncode == 0
    assert notes(desk.example) == ["still"]


def test_a_pipe_in_the_folder_is_not_waited_for(desk: Desk) -> None:
    desk.has_example()
    os.mkfifo(desk.ledger / "us-pipe.toml")
    assert listed(desk) == ["us-example"]
    assert "is no file" in desk.run("status").stderr
    assert desk.run(*MILESTONE).returncode == 0


FORMS = {
    "as it is": EXAMPLE.encode(),
    "CRLF": EXAMPLE.replace("\n", "\r\n").encode(),
    "BOM": b"\xef\xbb\xbf" + EXAMPLE.encode(),
    "BOM and CRLF": b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode(),
    "no newline at the end": EXAMPLE.rstrip("\n").encode(),
    "CRLF, none at the end": EXAMPLE.replace("\n", "\r\n").rstrip("\r\n").encode(),
    "a comment at the end": EXAMPLE.encode() + b"\n# The end. \xc3\xa9",
    "blanks at the end": EXAMPLE.encode() + b"\n\n\t \n",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_byte_above_survives(desk: Desk, form: str) -> None:
    text = desk.has_example(FORMS[form])
    desk.example.chmod(0o640)
    for note in ("first", "second: “é”"):
        done = desk.run(*MILESTONE, "--note", note)
        assert done.returncode == 0, done.stderr
    held = desk.example.read_bytes()
    assert held.startswith(text)
    added = held[len(text) :]
    assert (b"\r\n" in added) == ("CRLF" in form)
    assert added.count(b"\n") == added.count(b"\r\n") or "CRLF" not in form
    assert desk.example.stat().st_mode & 0o777 == 0o640
    shown = desk.run("show", "us-example").stdout
    assert "first" in shown
    assert "second: “é”" in shown
    place = desk.run(*MILESTONE, "--note", "third").stdout.split("\n")[0]
    line = int(place.rpartition(":")[2])
    assert desk.example.read_text(encoding="utf-8-sig").splitlines()[line - 1] == "[[events]]"


@pytest.mark.parametrize("slug", ["ieepa-canada-border", "s232-polysilicon", "ieepa-reciprocal-general"])
def test_a_real_file_keeps_its_bytes(desk: Desk, slug: str) -> None:
    [real] = shipped().rglob(f"{slug}.toml")
    text = real.read_text(encoding="utf-8").replace(f'id = "{slug}"', f'id = "our-{slug}"', 1)
    for form in (text, text.replace("\n", "\r\n")):
        desk.has_example()
        own = desk.ledger / f"our-{slug}.toml"
        own.write_bytes(form.encode())
        done = desk.run("record", f"our-{slug}", *MILESTONE[2:], "--note", "ours")
        assert done.returncode == 0, done.stderr
        assert own.read_bytes().startswith(form.encode())
        assert notes(own)[-1] == "ours"


def fingerprint() -> dict[str, str]:
    return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in shipped().rglob("*") if f.is_file()}


def test_a_shipped_action_is_extended_in_the_users_own_folder(desk: Desk) -> None:
    before = fingerprint()
    source = [
        "--source",
        "talk-1",
        "--source-title",
        "Talk with Commerce",
        "--source-url",
        "https://example.com/1",
    ]
    done = desk.run(
        "record", "s232-polysilicon", "milestone", *source, "--note", "They spoke.", "--evidence", "single"
    )
    assert (done.returncode, done.stdout.split("\n")[0]) == (
        0, ".local/share/tariffwatch/ledger/s232-polysilicon.toml:5"
    )  # fmt: skip
    deadline = [
        "deadline",
        "--id",
        "ours",
        "--kind",
        "filing-due",
        "--at",
        "2099-01-02 17:00",
        "--text",
        "Our brief",
    ]
    assert desk.run("record", "s232-polysilicon", *deadline, *FACT).returncode == 0
    condition = ["condition", "--id", "proof", "--party", "Acme", "--text", "Show it.", "--bears-on", "ours"]
    assert desk.run("record", "s232-polysilicon", *condition, *FACT).returncode == 0
    assert fingerprint() == before
    assert desk.toml_files() == ["s232-polysilicon.toml"]
    shown = desk.run("show", "s232-polysilicon").stdout
    mark = "[in .local/share/tariffwatch/ledger/s232-polysilicon.toml]"
    marked = [line for line in shown.splitlines() if mark in line]
    assert [any(word in line for line in marked) for word in ("They spoke.", "Our brief", "Show it.")] == [
        True
    ] * 3
    assert all("Commerce opens the investigation" not in line for line in marked)
    [told] = json.loads(desk.run("show", "s232-polysilicon", "--format", "json").stdout)["actions"]
    facts = [*told["events"], *told["conditions"], *told["deadlines"]]
    own = ".local/share/tariffwatch/ledger/s232-polysilicon.toml"
    files = {fact["id"]: fact.get("file") for fact in facts}
    assert set(files.values()) == {None, own}
    mine = {id for id, file in files.items() if file}
    assert mine - {"proof", "ours"} == {id for id in files if id.startswith("milestone-")}
    assert "Our brief" in desk.run("countdown", "--id", "s232-polysilicon").stdout
    assert desk.run("check").returncode == 0


def test_what_was_understood_is_read_back_with_zone_and_weekday(desk: Desk) -> None:
    desk.has_example()
    given = ["suspended", "--known", "2026-03-05", "--effective", "2026-03-06", "--until", "2026-12-04 00:01"]
    dry = desk.run("record", "us-example", *given, *FACT, "--dry-run")
    assert dry.returncode == 0
    assert dry.stderr.splitlines() == [
        "us-example (times in America/New_York)",
        "  event suspended-2026-03-05 (suspended)",
        "    known          2026-03-05, Thursday",
        "    effective      2026-03-06, Friday",
        "    until          2026-12-04 00:01 EST, Friday",
    ]
    assert desk.example.read_bytes() == EXAMPLE.encode()
    assert os.listdir(desk.ledger) == ["us-example.toml"], "not even a lock"
    name, _, lines = dry.stdout.partition("\n")
    assert name == "# .local/share/tariffwatch/ledger/us-example.toml"
    wet = desk.run("record", "us-example", *given, *FACT)
    assert wet.stderr == dry.stderr
    assert desk.example.read_text(encoding="utf-8") == f"{EXAMPLE}\n{lines}"
    assert wet.stdout.startswith(".local/share/tariffwatch/ledger/us-example.toml:24\nus-example: ")


S = ["--source", "19 U.S.C. 2411"]
MISTAKES = [
    (["us-exampel", "milestone", *S], 'no action is called "us-exampel"; did you mean "us-example"?'),
    (["us-example", "suspnded"], '"suspnded" cannot be recorded; did you mean "suspended"?'),
    (["us-example", "pause"], '"pause" cannot be recorded; did you mean "suspended"?'),
    (["us-example", "hearing"], "a date that is to come is a deadline: write deadline --kind hearing"),
    (["us-example", "xyz"], "KIND is one of threatened, ordered,"),
    (
        ["us-example", "milestone", *S, "--known", "12/04/2026"],
        '--known: "12/04/2026" is not a date; write 2026-12-04',
    ),
    (["us-example", "milestone", *S, "--known", "2026-02-30"], '--known: "2026-02-30" is not a date'),
    (["us-example", "milestone", *S, "--known", "2098-02-01"], "--known 2098-02-01 is still to come"),
    (["us-example", "milestone"], '"milestone" needs --source: a law, "19 U.S.C. 2411", or a name of'),
    (["us-example", "milestone", "--source", "letter"], 'cites "letter", and no instrument has that id'),
    (["us-example", "milestone", "--source", "letter"], "record --source-title"),
    (
        ["us-example", "milestone", *S, "--evidence", "txt"],
        'not one of text, corroborated, single; did you mean "text"?',
    ),
    (["us-example", "milestone", *S, "--by", "x"], '"by" means something only on "superseded"'),
    (["us-example", "milestone", *S, "--party", "x"], '--party means nothing for "milestone"; leave it out'),
    (["us-example", "assessed", *S], '"assessed" needs --condition, such as --condition border'),
    (["us-example", "assessed", *S, "--condition", "bordr", "--finding", "met"], 'did you mean "border"?'),
    (["us-example", "assessed", *S, "--condition", "border", "--finding", "mett"], 'did you mean "met"?'),
    (
        ["us-example", "condition", *S, "--party", "FD", "--text", "x"],
        '"condition" needs --id, such as --id border',
    ),
    (
        ["us-example", "condition", *S, "--id", "b", "--party", "FD", "--text", "x", "--bears-on", "strt"],
        '"start"?',
    ),
    (["us-example", "deadline", *S, "--kind", "hearing"], '"deadline" needs --at'),
    (["us-example", "deadline", *S, "--kind", "haering", "--at", "2099-01-01"], 'did you mean "hearing"?'),
    (
        ["us-example", "deadline", *S, "--kind", "hearing", "--rule", "s232-reprt", "--from", "start"],
        '"s232-report"?',
    ),
    (
        ["us-example", "suspended", *S, "--effective", "2026-03-02", "--until", "2026-03-01"],
        "ends (until = 2026-03-01) before it starts (effective = 2026-03-02); correct one of the two",
    ),
    (["us-example", "modified", *S], "changes no rate; give rates"),
    (
        ["us-example", "modified", *S, "--rate", "25"],
        '--rate is wrong: "25" is not a rate; allowed are "25%"',
    ),
    (
        ["us-example", "modified", *S, "--rates", "energy"],
        '--rates: "energy" has no two sides; write NAME=VALUE',
    ),
    (["us-example", "modified", *S, "--rates", "energy=5%"], 'names "energy" as a line, and there is none'),
    (["us-example", "ordered", *S, "--rate", "5%"], '"ordered" needs --effective, such as'),
    (["us-example", "milestone", *S, "--id", "start"], 'the id "start" stands already on line 14'),
    (["us-example", "milestone", *S, "--id", "A b"], "--id must be lower-case letters, digits and hyphens"),
    (["us-example", "milestone", *S, "--source-url", "https://x.org"], "give it, and a title"),
    (
        ["us-example", "milestone", *S, "--data", str(shipped())],
        "belongs to the ledger that ships with tariffwatch",
    ),
    (["us-example", "milestone", *S, "--data", str(shipped() / "us")], "belongs to the ledger that ships"),
    (
        ["us-example", "milestone", *S, "--data", str(shipped() / "us" / "s232-copper.toml")],
        "is a file; name the folder of your ledger with --data",
    ),
]


@pytest.mark.parametrize(("command", "words"), MISTAKES, ids=[" ".join(m[0][1:])[:60] for m in MISTAKES])
def test_a_mistake_is_answered_with_the_mend(desk: Desk, command: list[str], words: str) -> None:
    border = '\n[[conditions]]\nid = "border"\nparty = "FD"\ntext = "Guard it."\nsource = "19 U.S.C. 2411"\n'
    text = desk.has_example((EXAMPLE + border).encode())
    before = fingerprint()
    said = refused(desk.run("record", *command))
    assert words in said
    assert ".toml:" not in said, "no line of a file that nobody has seen"
    assert desk.example.read_bytes() == text
    assert fingerprint() == before


def test_the_same_record_twice_is_refused_unless_it_has_a_note_of_its_own(desk: Desk) -> None:
    desk.has_example()
    assert desk.run(*MILESTONE).returncode == 0
    once = desk.example.read_bytes()
    said = refused(desk.run(*MILESTONE))
    assert said.startswith('this is recorded already, as "milestone-')
    assert "--note" in said
    assert desk.example.read_bytes() == once
    assert desk.run(*MILESTONE, "--note", "another").returncode == 0


def test_a_warning_is_one_sentence_and_no_obstacle(desk: Desk) -> None:
    desk.has_example()
    done = desk.run("record", "us-example", "milestone", *S)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].startswith('warning: event "milestone-')
    assert 'does not say what it rests on; add evidence = "text"' in done.stderr


def test_an_own_action_that_is_broken_is_shown_with_its_line(desk: Desk) -> None:
    text = desk.has_example(EXAMPLE.replace('kind = "ordered"', 'kind = "orderd"').encode())
    said = refused(desk.run(*MILESTONE))
    assert "us-example.toml:16: error TW103" in said
    assert 'did you mean "ordered"?' in said
    assert desk.example.read_bytes() == text


def test_where_no_zone_or_home_is_set_the_program_still_says_what_to_do(desk: Desk) -> None:
    """As cron runs it, from anywhere."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(desk.path)}
    done = subprocess.run(
        [sys.executable, "-m", "tariffwatch", "add"],
        env=bare, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = refused(done)
    assert said.startswith("an action needs more: ID, such as ID us-example; --title")
