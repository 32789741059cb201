"""``entries`` and ``shipments`` as people run them: real files, real zones, bad rows, and nothing guessed."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tariffwatch.views.json_schema import schema

Run = Callable[..., subprocess.CompletedProcess[str]]
SAMPLE = Path(__file__).parent.parent / "sample"
ENTRIES, SHIPMENTS = SAMPLE / "entries.csv", SAMPLE / "shipments.csv"
AS_OF = ("--as-of", "2026-11-22")
HEADER = "entry_number,entry_date,liquidation_date,origin,headings,duty\n"


def closed(part: object) -> object:
    """A schema in which no object may have a key that it does not name."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(value) for key, value in part.items()}
    return inner | ({"additionalProperties": False} if isinstance(part.get("properties"), dict) else {})


def validate(kind: str, told: dict[str, object]) -> None:
    published = schema()
    assert Draft202012Validator(published).is_valid(told)
    strict = closed(published)
    assert isinstance(strict, dict)
    Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": strict["$defs"]}).validate(told)


def in_us_form(path: Path) -> Path:
    """The sample with its days as American reports write them: 02/20/2026."""
    rows = list(csv.reader(ENTRIES.read_text().splitlines()))
    days = [place for place, name in enumerate(rows[0]) if "date" in name or name.startswith("scheduled")]
    for row in rows[1:]:
        for place in days:
            if row[place]:
                year, month, day = row[place].split("-")
                row[place] = f"{month}/{day}/{year}"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_the_page_tells_the_worst_first_and_what_it_rests_on(run: Run) -> None:
    answer = run("entries", ENTRIES, *AS_OF)
    assert answer.returncode == 0
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("As of Sun 2026-11-22 23:59:59 EST: 40 entries in 41 rows, $")
    assert "C3P-0000308-1" in lines[2]  # today is the last day
    assert "C3P-0000307-3" in lines[3]  # three days left
    assert "BY WEEK, YOUR OWN TIME" in lines
    assert "No legal advice." in answer.stdout
    assert "estimate" in answer.stdout
    assert "checked through 2026-10-07" in answer.stdout
    assert answer.stderr == "row 42: QRS-0000500-3: the check digit should be 0 (CATAIR appendix E)\n"


def test_json_is_as_published(run: Run) -> None:
    told = json.loads(run("entries", ENTRIES, *AS_OF, "--format", "json").stdout)
    validate("entries", told)
    assert len(told["entries"]) == 40
    assert told["file"]["rows"] == 41
    assert sum(float(one["duty_paid"]) for one in told["entries"]) == float(told["duty_paid"])
    told = json.loads(run("shipments", SHIPMENTS, "--as-of", "2026-02-22", "--format", "json").stdout)
    validate("shipments", told)
    assert len(told["shipments"]) == 12


def test_csv_has_a_row_for_each_clock(run: Run) -> None:
    answer = run("entries", ENTRIES, *AS_OF, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout.removeprefix("\ufeff"))))
    told = json.loads(run("entries", ENTRIES, *AS_OF, "--format", "json").stdout)
    assert [(row["entry_number"], row["clock"], row["by"]) for row in rows] == [
        (one["entry_number"], one["clock"], one["by"]) for one in told["running"]
    ]
    assert [row["by"] for row in rows] == sorted(row["by"] for row in rows)
    answer = run("shipments", SHIPMENTS, "--as-of", "2026-02-22", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout.removeprefix("\ufeff"))))
    spared = next(row for row in rows if row["shipment"] == "spared")
    assert (spared["side"], spared["duty_expected"], spared["side_1_day"], spared["duty_1_day"]) == (
        *("before", "0.00"),
        *("after", "10000.00"),
    )


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Tokyo", "Pacific/Kiritimati", "UTC"])
def test_no_zone_shifts_a_day(zone: str, run: Run, tmp_path: Path) -> None:
    """02/20/2026 is the 20th wherever the machine stands."""
    path = in_us_form(tmp_path / "us.csv")
    at = ("--as-of", "2026-11-22T12:00-05:00", "--format", "json")
    here = json.loads(run("entries", ENTRIES, *at).stdout)
    there = run("entries", path, "--dates", "us", *at, env={"TZ": zone, "LC_ALL": "C.UTF-8"})
    assert there.returncode == 0
    assert json.loads(there.stdout) == here


def test_dates_are_refused_unless_their_form_is_given(run: Run, tmp_path: Path) -> None:
    path = in_us_form(tmp_path / "us.csv")
    refused = run("entries", path, *AS_OF)
    assert refused.returncode == 3
    assert refused.stderr.count("--dates us or --dates eu") == 41
    mixed = run("entries", path, "--dates", "eu", *AS_OF)
    assert mixed.returncode == 3
    assert 'row 2: left out: entry_date: "02/04/2025"' not in mixed.stderr  # 2 April can be read
    assert 'entry_date: "02/20/2026" is no day' in mixed.stderr


def test_a_bad_row_is_named_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        HEADER
        + "B76-0324527-8,2025-03-10,,CN,9903.01.24,2000\n"
        + "B76-0324527,2025-03-10,,CN,9903.01.24,2000\n"
        + "002-6110316-2,10.03.2025,,CN,9903.01.24,2000\n"
        + "002-6111115-7,2025-03-10,,CN,9903.01.24,2000\n"
    )
    answer = run("entries", path, *AS_OF, "--format", "json")
    assert answer.returncode == 3
    told = json.loads(answer.stdout)
    validate("entries", told)
    assert [one["row"] for one in told["file"]["left_out"]] == [3, 4]
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["row 3", "row 4"]
    assert {one["entry_number"] for one in told["entries"]} == {"B76-0324527-8", "002-6111115-7"}


def test_other_names_by_option_and_by_file(run: Run, tmp_path: Path) -> None:
    path, mapping = tmp_path / "report.csv", tmp_path / "map.toml"
    path.write_text(
        "Entry Summary Number;Entry Date;Liquidation Date;Country;HTS;Duty Amount\n"
        "B7603245278;03/10/2025;01/16/2026;CN;99030124;$2,000.00\n"
    )
    mapping.write_text(
        'dates = "us"\n[columns]\n"Entry Summary Number" = "entry_number"\n"Country" = "origin"\n'
        '"HTS" = "headings"\n"Duty Amount" = "duty"\n'
    )
    by_file = run("entries", path, "--map-file", mapping, "--delimiter", ";", *AS_OF, "--format", "json")
    assert (by_file.returncode, by_file.stderr) == (0, "")
    maps = ["Entry Summary Number=entry_number", "Country=origin", "HTS=headings", "Duty Amount=duty"]
    options = [part for text in maps for part in ("--map", text)]
    by_option = run(
        "entries", path, *options, "--dates", "us", "--delimiter", ";", *AS_OF, "--format", "json"
    )
    assert by_option.stdout == by_file.stdout
    assert json.loads(by_file.stdout)["entries"][0]["entry_number"] == "B76-0324527-8"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("Entry No,entry_date\n", [], 'Write --map "Entry No=entry_number"'),
        (HEADER, ["--map", "entry_number"], "is not THEIRS=OURS"),
        (HEADER, ["--map", "Nr=entry_number"], 'the file has no column "Nr"'),
        (HEADER, ["--map-file", "nowhere.toml"], "cannot be read"),
        (HEADER, ["--without", "entry_date"], "none of the columns that may be missing"),
        (HEADER.replace(",", ";"), [], 'add --delimiter ";"'),
        (HEADER, ["--delimiter", "::"], "is not one sign"),
        (HEADER, ["--clock", "protest"], 'did you mean "protest-'),
        ("", [], "the file is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_understood_is_said_with_the_mend(
    text: str, options: list[str], words: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "entries.csv"
    path.write_text(text)
    answer = run("entries", path, *options)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["entries", "shipments"])
def test_a_file_that_cannot_be_read(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("Entrée,x\n".encode("latin-1"))
    for file in ("/nowhere.csv", tmp_path, tmp_path / "latin.csv"):
        answer = run(command, file)
        assert answer.returncode == 2
        assert answer.stderr.count("\n") == 1
        assert "Traceback" not in answer.stderr
    answer = run(command)
    assert (answer.returncode, "which file?" in answer.stderr) == (2, True)


def test_the_columns_are_listed(run: Run) -> None:
    assert "expected_entry" in run("shipments", "--columns").stdout
    assert "liquidation_date" in run("entries", "--columns").stdout


def test_one_clock_within_a_time(run: Run) -> None:
    answer = run("entries", ENTRIES, *AS_OF, "--clock", "protest-180", "--within", "60d", "--format", "json")
    told = json.loads(answer.stdout)
    assert {one["clock"] for one in told["running"]} == {"protest-180"}
    assert [one["entry_number"] for one in told["running"]] == [
        *("C3P-0000308-1", "C3P-0000307-3", "042-0000552-0", "ZZ9-0000103-5", "ZZ9-0000102-7")
    ]
    page = run("entries", ENTRIES, *AS_OF, "--clock", "protest-180", "--within", "60d").stdout
    assert "19 U.S.C. 1514(c)(3)" in page
    none = run("entries", ENTRIES, *AS_OF, "--clock", "afr")
    assert "No such clock runs." in none.stdout


def test_a_pipe_feeds_it(run: Run) -> None:
    import sys

    answer = subprocess.run(
        [sys.executable, "-m", "tariffwatch", "entries", "-", *AS_OF],
        input=ENTRIES.read_text(),
        cwd=SAMPLE.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "40 entries" in answer.stdout


def test_text_of_a_file_is_never_a_formula_or_an_escape(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "shipment,origin,measures,loaded_at,mode,expected_entry,value\n"
        '"=HYPERLINK(""http://x"")",CN,9903.03.01,,vessel,2026-07-23,100\n'
        "\x1b[31mred,CN,9903.03.01\x1b[0m,,vessel,2026-07-23,100\n"
    )
    told = run("shipments", path, "--as-of", "2026-02-22", "--format", "csv")
    assert "'=HYPERLINK" in told.stdout
    page = run("shipments", path, "--as-of", "2026-02-22")
    assert "\x1b" not in page.stdout + page.stderr
    assert page.returncode == 3


def test_nothing_is_written_beside_the_answer(run: Run, tmp_path: Path) -> None:
    """No copy of the file is kept, in the cache or elsewhere."""
    run("entries", ENTRIES, *AS_OF, env={"TARIFFWATCH_CACHE": "", "LC_ALL": "C.UTF-8"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
