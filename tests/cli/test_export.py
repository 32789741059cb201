"""``export`` and the formats of the listings, run as people and cron run them.

``UPDATE_GOLDENS=1 pytest tests/cli/test_export.py`` remakes the goldens; read the diff before you commit it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tariffwatch.cli.export import FORMATS
from tariffwatch.cli.main import COMMANDS

Run = Callable[..., subprocess.CompletedProcess[str]]
Golden = Callable[[str, str], None]

ROOT = Path(__file__).parent.parent.parent
FEBRUARY = ["--as-of", "2025-02-10"]
FEW = [
    *("--id", "ieepa-mexico-border", "--id", "ieepa-canada-border", "--id", "ieepa-china-fentanyl"),
    *("--id", "china-canada-canola-seed-antidumping", "--id", "s301-nicaragua"),
]
"""Actions of several governments and phases; goldens stay readable when others are added."""

HEAD = 'id = "us-evil"\ntitle = "{title}"\nimposed_by = "US"\non = ["CA"]\nauthority = "A"\nzone = "UTC"\n'
EVENT = '[[events]]\nid = "start"\nkind = "ordered"\nknown = 2025-01-01\neffective = 2025-03-02\n'


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("export-2025-02-10-deadlines.csv", ["export", "csv", *FEW]),
        ("export-2025-02-10-status.csv", ["export", "csv", "--what", "status", *FEW]),
        ("export-2025-02-10.md", ["export", "markdown", *FEW]),
        ("export-2025-02-10.json", ["export", "json", "--id", "ieepa-mexico-border"]),
        ("show-canada-2025-02-10.md", ["show", "ieepa-canada-border", "--format", "markdown"]),
    ],
)
def test_golden(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    answer = run(*arguments, *FEBRUARY)
    assert (answer.returncode, answer.stderr) == (0, "")
    golden(name, answer.stdout.removeprefix("\ufeff"))


def test_a_file_holds_the_very_bytes_whatever_the_locale_and_the_machines_zone(
    run: Run, tmp_path: Path
) -> None:
    for format in FORMATS:
        files = []
        for number, env in enumerate(({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"})):
            path = tmp_path / f"{number}.{format}"
            answer = run("export", format, *FEBRUARY, "--output", path, env=env)
            assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
            files.append(path.read_bytes())
        piped = subprocess.run(
            [sys.executable, "-m", "tariffwatch", "export", format, *FEBRUARY],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        assert files == [piped.stdout] * 2, format


def test_a_csv_file_is_what_rfc_4180_and_excel_want(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "deadlines.csv"
    assert run("export", "csv", *FEBRUARY, "--output", path).returncode == 0
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfat_day,at,day_only,days_left,")
    assert content.count(b"\r\n") == content.count(b"\r") == content.count(b"\n")
    first = rows(content.decode())[0]
    assert (first["at_day"], first["at"]) == ("2025-03-04", "2025-03-04T00:01:00-05:00")
    assert (first["day_only"], first["days_left"], first["business_days_left"]) == ("false", "22", "14")
    assert (first["kind"], first["to_rates"]) == ("pause-ends", "general: 25%; energy: 10%")


@pytest.mark.parametrize(("command", "what"), [("countdown", "deadlines"), ("status", "status")])
def test_a_listing_in_csv_is_what_export_writes(run: Run, command: str, what: str) -> None:
    listed = run(command, "--format", "csv", "--on", "CA", *FEBRUARY)
    exported = run("export", "csv", "--what", what, "--on", "CA", *FEBRUARY)
    assert listed.returncode == exported.returncode == 0
    assert listed.stdout == exported.stdout != run("export", "csv", "--what", what, *FEBRUARY).stdout


def test_a_calendar_warns_when_it_is_asked_to(run: Run) -> None:
    plain = run("export", "ics", *FEW, *FEBRUARY).stdout
    asked = run("export", "ics", *FEW, *FEBRUARY, "--alarm", "2h", "--alarm", "14d").stdout
    assert plain.count("BEGIN:VEVENT") == asked.count("BEGIN:VEVENT") > 3
    assert set(re.findall(r"TRIGGER:(\S+)", plain)) == {"-P7D", "-P1D"}
    assert set(re.findall(r"TRIGGER:(\S+)", asked)) == {"-PT2H", "-P14D"}
    assert run("export", "csv", "--alarm", "2h").returncode == 2


def test_json_validates_against_the_schema_that_the_program_prints(run: Run) -> None:
    schema = json.loads(run("export", "json-schema").stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    questions = [
        *(["export", "json", "--by", "CN", "--as-of", day] for day in ("2025-02-10", "2026-11-22")),
        ["status", "--format", "json", *FEBRUARY],
        ["countdown", "--format", "json", "--explain", *FEBRUARY],
        ["show", "s232-polysilicon", "--format", "json", "--explain"],
        ["--format", "json", *FEBRUARY],
        ["clock", "--format", "json"],
        ["clock", "s122-150-days", "--from", "2026-02-24", "--format", "json"],
    ]
    for question in questions:
        validator.validate(json.loads(run(*question).stdout))


def test_the_filters_of_the_listings_hold(run: Run) -> None:
    question = ["--within", "30d", "--on", "CA", "--kind", "pause-ends", *FEBRUARY]
    told = json.loads(run("export", "json", *question).stdout)
    assert [one["id"] for one in told["actions"]] == ["ieepa-canada-border"]
    assert {one["kind"] for one in told["deadlines"]} == {"pause-ends"}
    hindsight = json.loads(run("export", "json", *question, "--knowing", "2026-11-22").stdout)
    assert hindsight["knowing"] == "2026-11-22T23:59:59-05:00"
    assert len(hindsight["actions"][0]["events"]) > len(told["actions"][0]["events"])


def test_your_own_zone_is_told_where_it_was_asked_for(run: Run) -> None:
    question = ["export", "markdown", "--id", "ieepa-canada-border", *FEBRUARY]
    assert "Yours" not in run(*question).stdout
    assert (
        "| 2025-03-04 00:01 EST | 2025-03-04 06:01 CET |"
        in run(*question, "--zone", "Europe/Brussels").stdout
    )


def test_a_ledger_of_ones_own_cannot_run_anything_in_a_spreadsheet_or_a_page(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    title = '=HYPERLINK(\\"http://x\\")|<b>\\nnext \\u001b[31m'
    (folder / "us-evil.toml").write_text(HEAD.format(title=title) + EVENT)
    question = ["--data", folder, "--id", "us-evil", *FEBRUARY]
    for what in ("deadlines", "status"):
        (row,) = rows(run("export", "csv", "--what", what, *question).stdout)
        assert row["title"] == '\'=HYPERLINK("http://x")|<b> next \\x1b[31m'
    page = run("export", "markdown", *question).stdout
    assert page.count(r'=HYPERLINK("http://x")\|\<b> next \\x1b\[31m |') == 2
    assert "\x1b" not in page


def test_a_broken_file_leaves_the_rest_to_be_exported(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "us-evil.toml").write_text("efective = 3\n")
    path = tmp_path / "deadlines.csv"
    answer = run("export", "csv", "--data", folder, *FEBRUARY, "--output", path)
    assert answer.returncode == 3
    assert "us-evil.toml:1: error" in answer.stderr
    assert len(rows(path.read_text(encoding="utf-8"))) > 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "csvv"], 'did you mean "csv"?'),
        (["export", "pages"], "there are csv, html, ics, json,"),
        (["export"], "FORMAT"),
        (["export", "csv", "--what", "conditions"], "deadlines"),
        (["export", "json", "--what", "status"], "leave it out for json"),
        (["export", "csv", "--as-of", "soon"], "--as-of"),
        (["export", "csv", "--output", "/nowhere/x.csv"], "there is no folder /nowhere; make it, or"),
        (["export", "csv", "--output", "/"], "/ is a folder; name a file in it"),
        (["export", "csv", "--output", "/dev/full"], "/dev/full cannot be written: no space left"),
        (["countdown", "--explain", "--format", "csv"], "write --format json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_refused_in_one_sentence(run: Run, arguments: list[str], words: str) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [[], ["show", "ieepa-canada-border"], ["clock"], ["clock", "s122-150-days", "--from", "2026-02-24"]],
    ids=lambda arguments: " ".join(arguments) or "overview",
)
def test_a_page_of_several_tables_refuses_csv_and_says_what_to_write(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments, "--format", "csv")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1
    mends = re.findall(r"tariffwatch (\w+ [^,\n]*)", answer.stderr.partition("write ")[2])
    for mend in mends or [" ".join([*arguments, "--format json"])]:
        assert run(*mend.split()).returncode == 0, mend
    assert run(*arguments, "--format", "markdown").returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_takes_a_format_and_writes_another(run: Run, command: str) -> None:
    """Asked for CSV or Markdown, a command writes that, or refuses."""
    written = run(command, "--format", "csv")
    assert written.stdout.startswith("\ufeff") if written.returncode == 0 else written.returncode == 2
    written = run(command, "--format", "markdown")
    assert "\n| --- |" in written.stdout if written.returncode == 0 else written.returncode == 2


@pytest.mark.parametrize("format", ["csv", "markdown", "json"])
def test_rich_is_not_loaded_for_a_file(format: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tariffwatch", "export", format, *FEBRUARY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()}
    assert f"tariffwatch.views.{format}" in loaded
    assert not {name.split(".")[0] for name in loaded} & {"rich", "pydantic"}


def test_a_reader_that_goes_away_is_no_error() -> None:
    for format in ("csv", "json"):
        line = f"set -o pipefail; {sys.executable} -m tariffwatch export {format} | head -n 1"
        answer = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
        assert answer.stderr == ""


@pytest.mark.parametrize("command", ["export", "status", "countdown"])
def test_help_has_examples_that_run(run: Run, command: str, tmp_path: Path) -> None:
    examples = re.findall(r"^ +tariffwatch (.*)$", run(command, "-h").stdout, re.M)
    assert any("csv" in example or "markdown" in example for example in examples)
    shutil.copytree(ROOT / "tests/sample", tmp_path, dirs_exist_ok=True)
    for example in examples:
        assert run(*example.split(), cwd=tmp_path).returncode == 0, example


def test_every_format_is_named_in_the_help(run: Run) -> None:
    assert f"One of {', '.join(FORMATS)}." in " ".join(run("export", "-h").stdout.split())
