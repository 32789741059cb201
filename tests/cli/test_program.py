"""The program as people and cron run it: real subprocesses, real streams, exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import on_a_terminal

from tariffwatch.cli.main import COMMANDS

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent.parent
BARE = {"LC_ALL": "C"}
"""What cron gives a job, beside PATH and HOME."""


def rows(answer: subprocess.CompletedProcess[str], key: str = "actions") -> dict[str, dict[str, object]]:
    told = json.loads(answer.stdout)
    assert told["schema"] == "tariffwatch/1"
    return {row["id"]: row for row in told[key]}


@pytest.mark.parametrize("arguments", [["status", "--format", "json"], ["status"]])
def test_rich_is_loaded_only_where_a_table_is_drawn(arguments: list[str], tmp_path: Path) -> None:
    own = os.environ | {"TARIFFWATCH_CACHE": str(tmp_path)}
    for _ in range(2):  # the first run fills the cache
        answer = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "tariffwatch", *arguments],
            cwd=ROOT,
            env=own,
            capture_output=True,
            text=True,
            check=True,
        )
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in answer.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"rich", "pydantic", "dateutil"}


def test_the_overview_loads_no_other_command(tmp_path: Path) -> None:
    code = (
        "import sys; from tariffwatch.cli.main import program; program(sys.argv[1:]);"
        "print(*(name for name in sys.modules if name.startswith('tariffwatch.cli.')))"
    )
    loaded = {
        words: set(subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True,
                                  text=True, check=True).stdout.split())
        for words in [(), ("--help",)]
    }  # fmt: skip
    others = {"tariffwatch.cli.status", "tariffwatch.cli.check", "tariffwatch.cli.remind"}
    assert "tariffwatch.cli.overview" in loaded[()]
    assert not loaded[()] & others
    assert others <= loaded["--help",]


def test_the_case_it_began_with(run: Run) -> None:
    border = ["--on", "MX", "--on", "CA", "--on", "CN"]
    february = rows(run("status", *border, "--as-of", "2025-02-10", "--format", "json"))
    for slug in ("ieepa-mexico-border", "ieepa-canada-border"):
        one = february[slug]
        assert (one["phase"], one["until"]) == ("suspended", "2025-03-04T00:01:00-05:00")
        assert one["since"] == "2025-02-03T00:00:00-05:00"
        then = one["next"]
        assert isinstance(then, dict)
        assert (then["kind"], then["to"]["phase"]) == ("pause-ends", "in-force")
        assert then["to"]["rates"]["general"] == "25%"
    assert february["ieepa-canada-border"]["next"]["to"]["rates"]["energy"] == "10%"  # type: ignore[index]
    assert february["ieepa-china-fentanyl"]["phase"] == "in-force"
    assert february["ieepa-china-fentanyl"]["lines"][0]["rate"] == "10%"  # type: ignore[index]
    before = rows(run("status", *border, "--as-of", "2025-02-02", "--format", "json"))
    for slug in ("ieepa-mexico-border", "ieepa-canada-border", "ieepa-china-fentanyl"):
        assert before[slug]["phase"] == "scheduled"
        assert before[slug]["next"]["at"] == "2025-02-04T00:01:00-05:00"  # type: ignore[index]


def test_hindsight(run: Run) -> None:
    answer = run("status", "--id", "ieepa-canada-border", "--as-of", "2025-02-10", "--knowing", "now",
                 "--format", "json")  # fmt: skip
    assert rows(answer)["ieepa-canada-border"]["until"] == "2025-03-04T00:01:00-05:00"
    shown = run("show", "ieepa-canada-border", "--as-of", "2025-02-10", "--knowing", "now").stdout
    assert "WHAT BECAME OF IT" in shown
    assert "general 35%" in shown
    alone = run("show", "ieepa-canada-border", "--as-of", "2025-02-10").stdout
    assert "WHAT BECAME OF IT" not in alone
    assert "35%" not in alone


def test_countdown_puts_the_pause_first_with_what_changes_and_who_decides(run: Run) -> None:
    first = json.loads(run("countdown", "--as-of", "2025-02-10", "--format", "json").stdout)["deadlines"][0]
    assert (first["at"], first["kind"]) == ("2025-03-04T00:01:00-05:00", "pause-ends")
    assert first["from"]["phase"] == "suspended"
    assert first["to"]["rates"]["general"] == "25%"
    assert "President" in first["decided_by"]
    assert first["seconds_left"] == 21 * 86400 + 61
    text = run("countdown", "--as-of", "2025-02-10").stdout.splitlines()[2]
    assert text.startswith("in 22 days")
    for words in ("2025-03-04 00:01 EST", "pause ends: in force at 25% (energy 10%)", "The President"):
        assert words in text


def test_show_lists_conditions_findings_and_sources(run: Run) -> None:
    shown = run("show", "ieepa-canada-border", "--as-of", "2025-02-10").stdout
    assert re.search(r"Take immediate steps .* progress \(2025-02-03 19:27 EST\)", shown)
    assert "POLITICAL PLEDGES (IN NO LEGAL TEXT)" in shown
    assert "fentanyl czar" in shown
    assert "https://www.whitehouse.gov/presidential-actions/2025/02/progress-on-the-situation" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--as-of", "yesterday"],
        ["status", "--as-of", ""],
        ["status", "--as-of", "2025-02-30"],
        ["status", "--as-of", "2025-13-01"],
        ["status", "--as-of", "20250210"],
        ["status", "--as-of", "2025-03-09T02:30"],
        ["status", "--as-of", "0001-01-01"],
        ["status", "--as-of", "9999-12-31"],
        ["status", "--as-of", "2025-02-10T25:00"],
        ["status", "--knowing", "soon"],
        ["status", "--zone", "Mars/Olympus"],
        ["status", "--zone", "/etc/passwd"],
        ["status", "--on", "Canada"],
        ["status", "--on", "C"],
        ["status", "--phase", "paused"],
        ["status", "--id", "ieepa-canada-boarder"],
        ["status", "--format", "xml"],
        ["countdown", "--within", "soon"],
        ["countdown", "--within", "999999y"],
        ["countdown", "--kind", "end"],
        ["show"],
        ["show", "ieepa-canada"],
        ["show", "../../etc/passwd"],
        ["statsu"],
        ["--nonsense"],
        ["--on", "CA", "status"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_refused_in_words(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert answer.stderr.strip()


@pytest.mark.parametrize("id", ["ieepa-canada-boarder", "ieepa-border-canada", "Canada-Border"])
def test_a_mistyped_id_is_answered_with_the_nearest(run: Run, id: str) -> None:
    assert f'no action is called "{id}"; did you mean "ieepa-canada-border"?' in run("show", id).stderr


def test_the_united_kingdom_is_gb(run: Run) -> None:
    for option in ("--on", "--by"):
        answer = run("status", option, "uk")
        assert (answer.returncode, answer.stdout) == (2, "")
        assert f"{option}: the country code of the United Kingdom is GB; write GB" in answer.stderr


def test_an_id_like_no_other_is_answered_with_where_they_stand(run: Run) -> None:
    assert 'no action is called "widgets"; tariffwatch status lists the ids' in run("show", "widgets").stderr


def test_a_data_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    answer = run("status", "--data", tmp_path / "nowhere")
    assert answer.returncode == 3
    assert "there is no ledger folder" in answer.stderr


HEAD = 'id = "{id}"\ntitle = "{title}"\nimposed_by = "US"\non = ["CA"]\nauthority = "A"\nzone = "UTC"\n'
EVENT = '[[events]]\nid = "start"\nkind = "ordered"\nknown = 2025-01-01\neffective = 2025-01-02\n'


def test_one_broken_file_among_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "us-broken.toml").write_text(HEAD.format(id="us-broken", title="T") + "efective = 3\n")
    (tmp_path / "us-good.toml").write_text(HEAD.format(id="us-good", title="Good") + EVENT)
    answer = run("status", "--data", tmp_path, "--as-of", "2025-02-10")
    assert answer.returncode == 3
    assert f"{tmp_path}/us-broken.toml:7: error TW101" in answer.stderr
    assert "fix:" in answer.stderr
    assert "us-good" in answer.stdout
    assert "ieepa-canada-border" in answer.stdout
    counted = run("--data", tmp_path, "--as-of", "2025-02-10")
    assert "1 problem in the ledger: run tariffwatch check" in counted.stdout


def test_a_title_with_markup_and_escapes_prints_as_text(run: Run, tmp_path: Path) -> None:
    title = "[bold red]Duty \\u001b[31m on\\nsteel"
    (tmp_path / "us-evil.toml").write_text(HEAD.format(id="us-evil", title=title) + EVENT)
    for arguments in (["status", "--id", "us-evil"], ["show", "us-evil"]):
        shown = run(*arguments, "--data", tmp_path, "--as-of", "2025-02-10").stdout
        assert "\x1b" not in shown
        assert re.search(r"\[bold red\]duty \\x1b\[31m on steel", shown, re.I)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["status"],
        ["countdown"],
        ["show", "s301-forced-labor-60"],
        ["check"],
        ["status", "--format", "json"],
    ],
    ids=lambda arguments: " ".join(arguments) or "overview",
)
def test_in_a_pipe_under_cron_it_is_plain_ascii_and_whole(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments, env=BARE)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.isascii()
    assert "\x1b" not in answer.stdout
    assert "..." not in answer.stdout.replace("... and", "")
    if arguments and arguments[0] == "show":
        assert "Turkiye" in answer.stdout, "accents go, letters stay"


def test_a_terminal_gets_colour_unless_it_is_asked_not_to() -> None:
    arguments = ["status", "--as-of", "2025-02-10"]
    coloured = on_a_terminal(arguments, {})
    assert "\x1b[" in coloured
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        bare = on_a_terminal(arguments, env)
        assert "\x1b" not in bare
        assert "pause ends:" in bare
        assert all(len(line.rstrip("\r")) <= 80 for line in bare.split("\n"))


def test_a_terminal_with_an_ascii_locale_gets_ascii() -> None:
    assert on_a_terminal(["show", "s301-forced-labor-60"], {"LC_ALL": "C", "NO_COLOR": "1"}).isascii()


def test_a_reader_that_goes_away_is_no_error() -> None:
    line = f"set -o pipefail; {sys.executable} -m tariffwatch show ieepa-canada-border | head -n 1"
    answer = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.stderr == ""


def test_countdown_can_answer_by_its_exit_code(run: Run) -> None:
    due = ["countdown", "--exit-code", "--as-of", "2025-02-10", "--id", "ieepa-canada-border"]
    assert run(*due, "--within", "22d").returncode == 1
    assert run(*due, "--within", "2d").returncode == 0


def test_months_are_calendar_months(run: Run) -> None:
    question = [
        "countdown",
        "--as-of",
        "2025-02-04T00:01-05:00",
        "--id",
        "ieepa-canada-border",
        "--format",
        "json",
    ]
    assert json.loads(run(*question, "--within", "1m").stdout)["deadlines"]
    assert not json.loads(run(*question, "--within", "27d").stdout)["deadlines"]


def test_a_bare_day_is_the_close_of_that_day_in_the_zone_asked_for(run: Run) -> None:
    def as_of(*more: str, tz: str = "Asia/Tokyo") -> object:
        answer = run("status", "--as-of", "2025-02-10", "--format", "json", *more, env={"TZ": tz})
        return json.loads(answer.stdout)["as_of"]

    assert as_of() == as_of(tz="UTC") == "2025-02-10T23:59:59-05:00", "whatever the machine's zone"
    assert as_of("--zone", "Asia/Shanghai") == "2025-02-10T23:59:59+08:00"


def test_the_machines_zone_is_shown_beside_the_legal_one(run: Run) -> None:
    shown = run("countdown", "--as-of", "2025-02-10", env={"TZ": "Europe/Brussels"}).stdout
    assert "2025-03-04 00:01 EST  2025-03-04 06:01 CET" in shown


def test_check_on_the_shipped_ledger(run: Run) -> None:
    answer = run("check", "data", "--as-of", "2026-10-09")
    assert answer.returncode == 0
    assert re.fullmatch(r"\d+ actions checked: 0 errors, \d+ warnings\n", answer.stderr)
    assert " error " not in answer.stdout


def test_what_rests_on_a_single_account_is_listed(run: Run, tmp_path: Path) -> None:
    text = HEAD.format(id="us-one", title="T") + EVENT + 'source = "19 U.S.C. 1"\nevidence = "single"\n'
    (tmp_path / "us-one.toml").write_text(text)
    answer = run("check", "--evidence", tmp_path)
    assert answer.stdout == f"{tmp_path}/us-one.toml:7: us-one: event start: 19 U.S.C. 1\n"


def test_check_reports_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "us-bad.toml").write_text(HEAD.format(id="us-bad", title="T") + EVENT)
    answer = run("check", tmp_path)
    assert answer.returncode == 1
    assert "us-bad.toml:7: error TW401" in answer.stdout
    assert "    7 | [[events]]" in answer.stdout


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS if name != "remind")], ids=str)
def test_help_has_examples_that_run(run: Run, command: list[str], tmp_path: Path) -> None:
    text = run(*command, "-h").stdout
    assert text == run(*command, "--help").stdout
    examples = re.findall(r"^ +(tariffwatch(?: .*)?)$", text, re.M)
    assert examples
    shutil.copytree(ROOT / "tests/sample", tmp_path, dirs_exist_ok=True)
    (tmp_path / "list.csv").write_text("liquidated\n2026-03-02\n", encoding="utf-8")
    if command == ["update"]:
        newer = shutil.copytree(ROOT / "data", tmp_path / "newer")
        with (newer / "clocks.toml").open("a", encoding="utf-8") as clocks:
            clocks.write("# another ledger than the one in use\n")
        shutil.make_archive(str(newer), "zip", newer)
    for example in examples:
        if "us-example" not in example and "report.csv" not in example:
            assert run(*example.split()[1:], cwd=tmp_path).returncode == 0, example


@pytest.mark.parametrize("command", ["", "init", "test", "log", "ack", "snooze", "schedule"])
def test_help_of_remind_has_examples(run: Run, command: str) -> None:
    """They send and install: tests/cli/test_remind.py runs such."""
    assert re.search(r"^ +tariffwatch remind", run("remind", *command.split(), "-h").stdout, re.M)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("TARIFFWATCH_CONFIG", "~no-such-user/config.toml", 2),
        ("TARIFFWATCH_STATE", "~no-such-user", 2),
        ("TARIFFWATCH_UPDATES", "~no-such-user", 2),
        ("TARIFFWATCH_STATE", "x" * 300, 0),
        ("TARIFFWATCH_CONFIG", "x" * 300, 2),
        ("TARIFFWATCH_DATA", "x" * 300, 3),
        ("XDG_DATA_HOME", "/" + "x" * 300, 0),
    ],
)
def test_a_variable_that_names_no_possible_path(run: Run, name: str, value: str, code: int) -> None:
    answer = run("--on", "MX", "--as-of", "2025-02-10", "--knowing", "now", env={name: value})
    if name == "TARIFFWATCH_STATE":  # asked for by the overview of the present
        answer = run("--on", "MX", env={name: value})
    assert (answer.returncode, "Traceback" in answer.stderr) == (code, False), answer.stderr


@pytest.mark.parametrize("sign", ['"', "\n", "\r", "ab"])
def test_a_sign_that_cannot_part_cells(run: Run, sign: str) -> None:
    answer = run("entries", ROOT / "tests" / "sample" / "entries.csv", "--delimiter", sign)
    assert answer.returncode == 2
    assert "is not one sign" in answer.stderr


@pytest.mark.parametrize("words", [[], ["--version"], ["--help"], ["status"], ["remind"], ["export", "json"]])
def test_a_working_folder_that_is_gone_is_told_of(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "here").mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    shell = ["sh", "-c", 'cd here && rmdir ../here && exec "$@"', "-"]
    done = subprocess.run(
        [*shell, sys.executable, "-m", "tariffwatch", *words],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "tariffwatch: the folder in which you are is gone: change to another one, with cd\n"


@pytest.mark.parametrize("command", ["status", "countdown --format json", "export csv", "clock", "--help"])
@pytest.mark.parametrize(("stdout", "words"), [(">/dev/full", "no space left"), (">&-", "is closed")])
def test_a_standard_output_that_takes_nothing_is_told_of(command: str, stdout: str, words: str) -> None:
    line = f'"{sys.executable}" -m tariffwatch {command} {stdout}'
    answer = subprocess.run(line, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith("tariffwatch: standard output ")
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1
