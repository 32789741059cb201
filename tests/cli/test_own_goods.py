"""``--entries`` and ``--shipments`` of countdown and export, as real runs: one's own among the ledger's."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import icalendar
import pytest
from jsonschema import Draft202012Validator

from tariffwatch.views.json_schema import schema

Run = Callable[..., subprocess.CompletedProcess[str]]
SAMPLE = Path(__file__).parent.parent / "sample"
ENTRIES, SHIPMENTS = SAMPLE / "entries.csv", SAMPLE / "shipments.csv"
NOW, FEBRUARY = ("--as-of", "2026-11-22"), ("--as-of", "2026-02-22")
HEADER = "entry_number,entry_date,liquidation_date,origin,headings,duty\n"
ROW = "B76-0324527-8,{entered},{liquidated},CN,9903.01.24,1000.00\n"


def deadlines(run: Run, *arguments: str | Path) -> list[dict[str, object]]:
    answer = run("countdown", *arguments, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    Draft202012Validator(schema()).validate(told)
    found: list[dict[str, object]] = told["deadlines"]
    return found


def test_each_clock_of_entries_stands_in_the_countdown_on_its_day(run: Run) -> None:
    listed = run("entries", ENTRIES, *NOW, "--within", "90d", "--format", "csv").stdout
    clocks = [
        (row["entry_number"], row["clock"], row["by"], row["estimate"] == "true")
        for row in csv.DictReader(io.StringIO(listed.removeprefix("\ufeff")))
    ]
    mixed = deadlines(run, "--entries", ENTRIES, *NOW, "--within", "90d")
    own = [row for row in mixed if str(row["action"]).startswith("entry:")]
    assert len(clocks) > 40
    told = [(str(row["action"])[6:], row["id"], str(row["at"])[:10], "estimate" in row) for row in own]
    assert sorted(told, key=str) == sorted(clocks, key=str)
    instants = [datetime.fromisoformat(str(row["at"])) for row in mixed]
    assert instants == sorted(instants)
    assert [row for row in mixed if row not in own] == deadlines(run, *NOW, "--within", "90d")


def test_each_boundary_of_shipments_stands_in_the_countdown(run: Run) -> None:
    told = json.loads(run("shipments", SHIPMENTS, *FEBRUARY, "--format", "json").stdout)
    boundaries = sorted(one["boundary"]["at"] for one in told["shipments"] if one["boundary"])
    mixed = deadlines(run, "--shipments", SHIPMENTS, *FEBRUARY)
    own = [row for row in mixed if str(row["action"]).startswith("shipment:")]
    assert sorted(str(row["at"]) for row in own) == boundaries
    [expiry] = [row for row in own if row["action"] == "shipment:last-day"]
    assert (expiry["id"], expiry["kind"]) == ("s122-surcharge-2026.start", "expires")
    assert "10% -> nothing (expired); duty by the ledger's rate $5,000.00 -> $0.00" in str(expiry["text"])
    assert "shipments.csv row 6" in str(expiry["source"])


def test_the_page_says_what_is_an_estimate_and_what_it_rests_on(run: Run) -> None:
    page = run("countdown", "--entries", ENTRIES, "--shipments", SHIPMENTS, *FEBRUARY)
    assert page.returncode == 0
    assert "filing due (estimate): Post-summary correction" in page.stdout
    assert "; entries.csv row 3" in page.stdout
    assert "nothing was asked of CBP" in page.stdout
    assert "not the duty to be paid" in page.stdout
    assert page.stderr.startswith(f"{ENTRIES} row 42: QRS-0000500-3: the check digit should be 0")
    assert "asked of CBP" not in run("countdown", *FEBRUARY).stdout


def test_the_filters_take_ones_own_too(run: Run) -> None:
    own = deadlines(run, "--entries", ENTRIES, *NOW, "--on", "TH", "--kind", "filing-due", "--within", "5d")
    assert [row["action"] for row in own] == ["entry:C3P-0000308-1"]


def test_bad_rows_are_named_and_leave_with_3(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + ROW.format(entered="2026-06-01", liquidated="") + "XX,2026-06-01,,CN,,\n")
    answer = run("countdown", "--entries", path, *NOW, "--exit-code")
    assert answer.returncode == 3
    assert f"{path} row 3: left out: entry_number" in answer.stderr
    assert "Entry B76-0324527-8" in answer.stdout


def test_an_entry_of_two_files_is_told_once(run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for path in (one, two):
        path.write_text(HEADER + ROW.format(entered="2026-06-01", liquidated=""))
    answer = run("countdown", "--entries", one, "--entries", two, *NOW, "--format", "json")
    assert answer.returncode == 3
    assert f"stands in {one} too" in answer.stderr
    ids = [row["id"] for row in json.loads(answer.stdout)["deadlines"] if row["action"][:6] == "entry:"]
    assert len(ids) == len(set(ids)) > 3


def test_shipments_of_one_name_are_told_apart(run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for path in (one, two):
        path.write_text(
            "shipment,origin,measures,loaded_at,mode,expected_entry,value\n,VN,9903.03.01,,,2026-07-23,5\n"
        )
    own = deadlines(run, "--shipments", one, "--shipments", two, *FEBRUARY, "--on", "VN", "--kind", "expires")
    ids = [row["action"] for row in own if str(row["action"]).startswith("shipment:")]
    assert ids == ["shipment:row-2", "shipment:row-2-2"]


def test_columns_dates_and_signs_of_a_report_stand_in_a_mapping_file(run: Run, tmp_path: Path) -> None:
    report, mapping = tmp_path / "report.csv", tmp_path / "map.toml"
    report.write_text("Entry No;Filed;origin;headings;duty\nB76-0324527-8;06/01/2026;CN;9903.01.24;1000.00\n")
    refused = run("countdown", "--entries", report, *NOW)
    assert refused.returncode == 2
    assert f"{report}: " in refused.stderr
    mapping.write_text(
        'dates = "us"\ndelimiter = ";"\nwithout = ["liquidation_date"]\n'
        '[columns]\n"Entry No" = "entry_number"\nFiled = "entry_date"\n'
    )
    own = deadlines(run, "--entries", report, "--entries-map", mapping, *NOW, "--kind", "determination-due")
    [deemed] = [row for row in own if row["id"] == "liquidation-1y"]
    assert (deemed["action"], str(deemed["at"])[:10]) == ("entry:B76-0324527-8", "2027-06-01")
    listed = run("entries", report, "--map-file", mapping, *NOW)
    assert (listed.returncode, "B76-0324527-8" in listed.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("countdown", "--entries", "none.csv"), "none.csv cannot be read"),
        (("countdown", "--entries", SHIPMENTS), "--entries-map names"),
        (("countdown", "--live", "--entries", ENTRIES), "--live does not go with --entries"),
        (("export", "csv", "--what", "status", "--entries", ENTRIES), "add deadlines"),
        (("export", "ics", "--shipments", ENTRIES), "--shipments-map names"),
    ],
)
def test_what_cannot_be_is_one_sentence(arguments: tuple[str, ...], said: str, run: Run) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
    assert said in answer.stderr


def calendar(run: Run, path: Path, day: str) -> dict[str, icalendar.Event]:
    answer = run("export", "ics", "--entries", path, "--as-of", day)
    assert answer.returncode == 0, answer.stderr
    events = icalendar.Calendar.from_ical(answer.stdout).walk("VEVENT")
    return {str(event["UID"]): event for event in events if str(event["UID"]).startswith("entry:")}


def test_a_calendar_imported_again_has_the_protest_and_no_estimate(run: Run, tmp_path: Path) -> None:
    """What was tentative is cancelled under the name that it had; what stays keeps its name."""
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + ROW.format(entered="2026-01-05", liquidated=""))
    before = calendar(run, path, "2026-10-01")
    guess = "entry:B76-0324527-8_liquidation-314_determination-due@tariffwatch"
    assert str(before[guess]["STATUS"]) == "TENTATIVE"
    assert "(estimate)" in str(before[guess]["SUMMARY"])
    path.write_text(HEADER + ROW.format(entered="2026-01-05", liquidated="2026-10-09"))
    after = calendar(run, path, "2026-10-10")
    assert before.keys() <= after.keys()
    assert str(after[guess]["STATUS"]) == "CANCELLED"
    assert int(after[guess]["SEQUENCE"]) > int(before[guess]["SEQUENCE"])
    protest = after["entry:B76-0324527-8_protest-180_filing-due@tariffwatch"]
    assert protest["DTSTART"].dt == date(2027, 4, 7)  # 19 U.S.C. 1514(c)(3): 180 days after 2026-10-09
    assert str(protest["STATUS"]) == "CONFIRMED"
    assert "mine.csv row 2" in str(protest["DESCRIPTION"])
    assert "No legal advice." in str(protest["DESCRIPTION"])
    suit = "entry:B76-0324527-8_cit-1581i-2y_filing-due@tariffwatch"
    assert (str(after[suit]["STATUS"]), after[suit]["DTSTART"].dt) == ("CONFIRMED", date(2028, 1, 5))


@pytest.mark.parametrize("format", ["html", "csv", "markdown", "json"])
def test_every_other_export_takes_them(format: str, run: Run) -> None:
    answer = run("export", format, "--entries", ENTRIES, "--shipments", SHIPMENTS, *FEBRUARY)
    assert answer.returncode == 0
    text = answer.stdout.replace("\\", "").replace('<span class="date">', "").replace("</span>", "")
    assert "Entry 9K7-4400210-3, goods of CN" in text if format != "json" else "entry:9K7-4400210-3" in text
    assert "Post-summary correction (entered 2026-02-20, liquidation expected 2026-12-31)" in text
    assert "shipment:last-day" in text
    if format in ("html", "markdown"):
        assert "nothing was asked of CBP" in text
    if format == "json":
        Draft202012Validator(schema()).validate(json.loads(answer.stdout))


def test_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    run("countdown", "--entries", ENTRIES, env={"TARIFFWATCH_CACHE": "", "LC_ALL": "C.UTF-8"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
