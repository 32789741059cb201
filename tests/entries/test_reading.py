"""Cells, columns and rows of a file: read in one form, refused by row and reason, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from tariffwatch.entries import number, reading, values
from tariffwatch.entries.fields import ENTRIES, SHIPMENTS, Layout
from tariffwatch.entries.model import Held, Mode
from tariffwatch.entries.values import DateForm
from tariffwatch.errors import UsageError

HEADER = [column.name for column in ENTRIES if column.needed]
GOOD = ["B76-0324527-8", "2025-03-10", "", "CN", "9903.01.24", "2000.00"]


def read(*rows: list[str], header: list[str] = HEADER, layout: Layout | None = None) -> reading.ReadEntries:
    return reading.entries([header, *rows], layout or Layout())


def row(**cells: str) -> list[str]:
    """A good row with some other cells."""
    return [cells.get(name, good) for name, good in zip(HEADER, GOOD, strict=True)]


def reason(found: reading.ReadEntries) -> str:
    (remark,) = [remark for remark in found.remarks if remark.bad]
    return remark.text


# CBP's own example (CATAIR appendix E), and entries that ruling HQ H005628 prints.
PRINTED = (
    *("B76-0324527-8", "002-6110316-2", "002-6111115-7", "002-6111223-9", "002-6111109-0", "002-6111082-9"),
    *("002-6110748-6", "002-6111267-6", "002-6110711-4", "002-6111447-4", "002-6111495-3", "002-6110467-3"),
)


@pytest.mark.parametrize("printed", PRINTED)
def test_printed_entry_numbers_have_their_check_digit(printed: str) -> None:
    assert number.parse(printed) == printed
    assert number.check_digit(printed) == int(printed[-1])


def test_every_letter_counts_as_its_digit() -> None:
    """A to I are 1 to 9, J to R are 1 to 9, S to Z are 2 to 9."""
    table = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789", strict=True))
    for letter, digit in table.items():
        assert number.check_digit(f"{letter}00-0000000-0") == number.check_digit(f"{digit}00-0000000-0")


def test_one_wrong_digit_is_always_found() -> None:
    right = "9K7-4400210-3"
    for place in (0, 4, 5, 6, 7, 8, 9, 10):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            assert (number.check_digit(wrong) == int(wrong[-1])) == (wrong == right)


@pytest.mark.parametrize("written", ["b76-0324527-8", "B7603245278", " B76 0324527 8 "])
def test_an_entry_number_may_be_written_in_other_ways(written: str) -> None:
    assert number.parse(written) == "B76-0324527-8"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("26110316-2", "zeros at its beginning"),
        ("2.6110316E+10", "power of ten"),
        ("B76-032452-8", "seven digits"),
        ("B7!-0324527-8", "three letters or digits"),
    ],
)
def test_what_is_no_entry_number_says_why(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        number.parse(written)


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-02-20", None, date(2026, 2, 20)),
        ("2026-02-20T00:00:00", None, date(2026, 2, 20)),
        ("02/20/2026", DateForm.US, date(2026, 2, 20)),
        ("2/3/2026", DateForm.US, date(2026, 2, 3)),
        ("2/3/2026", DateForm.EU, date(2026, 3, 2)),
        ("20.02.2026", DateForm.EU, date(2026, 2, 20)),
        ("02/20/2026 12:00:00 AM", DateForm.US, date(2026, 2, 20)),
    ],
)
def test_a_day_is_read_in_the_form_given(text: str, form: DateForm | None, day: date) -> None:
    assert values.day(text, form) == day


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("02/03/2026", None, "--dates us or --dates eu"),
        ("20/02/2026", None, "--dates us or --dates eu"),
        ("2026-02-20", DateForm.US, "of the form --dates us"),
        ("20/02/2026", DateForm.US, "is the form --dates eu"),
        ("02/20/26", DateForm.US, "two digits"),
        ("46073", None, "number of a day"),
        ("2026-02-20T00:00:00Z", None, "instant, not a day"),
        ("2026-02-20 23:30", None, "instant, not a day"),
        ("2026-02-30", None, "is no day"),
        ("0206-02-20", None, "years run from"),
        ("Feb 20, 2026", None, "is not a day"),
    ],
)
def test_a_day_in_another_form_is_refused(text: str, form: DateForm | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        values.day(text, form)


@pytest.mark.parametrize(
    ("text", "amount"), [("2500", "2500"), ("$2,500.00", "2500"), ("1,234,567.89", "1234567.89")]
)
def test_amounts(text: str, amount: str) -> None:
    assert values.amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["2.500,00", "-5", "(5.00)", "2,50", "1e5", "NaN", "EUR 5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        values.amount(text)


def test_headings_are_cut_to_eight_digits() -> None:
    assert values.headings("99030124; 9903.01.25 9903.88.0300") == ["9903.01.24", "9903.01.25", "9903.88.03"]


def test_a_row_is_an_entry() -> None:
    (entry,) = read(GOOD).entries
    assert (entry.number, entry.entered, entry.liquidated) == ("B76-0324527-8", date(2025, 3, 10), None)
    assert (entry.origins, entry.paid, entry.rows) == (("CN",), Decimal(2000), (2,))


def test_ordinary_headings_are_passed_over() -> None:
    """A report of lines has every tariff number; the ordinary duty is not looked at."""
    (entry,) = read(row(headings="8501.31.40; 9903.01.24", duty="100; 2000")).entries
    assert [duty.heading for _, duty in entry.duties] == ["9903.01.24"]


def test_rows_of_one_entry_add_up() -> None:
    found = read(GOOD, row(headings="9903.01.25", duty="500", origin="HK"))
    (entry,) = found.entries
    assert (entry.paid, entry.rows, entry.origins) == (Decimal(2500), (2, 3), ("CN", "HK"))
    assert not found.remarks


def test_rows_of_one_entry_must_agree() -> None:
    found = read(GOOD, row(entry_date="2025-03-11", duty="500"))
    assert reason(found) == "B76-0324527-8: entry_date 2025-03-11 is not the 2025-03-10 of row 2"
    assert found.entries[0].paid == 2000


def test_an_equal_row_counts_again_and_is_told() -> None:
    found = read(GOOD, GOOD)
    assert found.entries[0].paid == 4000
    assert [remark.row for remark in found.remarks] == [3]


def test_a_wrong_check_digit_is_a_warning() -> None:
    found = read(row(entry_number="B76-0324527-1"))
    (remark,) = found.remarks
    assert not remark.bad
    assert "should be 8" in remark.text
    assert len(found.entries) == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"entry_number": ""}, "entry_number is empty"),
        ({"entry_date": "03/10/2025"}, "entry_date: .*--dates us"),
        ({"liquidation_date": "2025-03-09"}, "liquidation_date 2025-03-09 lies before entry_date 2025-03-10"),
        ({"origin": "China"}, "origin: .*two letters"),
        ({"headings": "9903.01"}, "headings: .*not a heading"),
        ({"headings": "9903.01.24;9903.01.25"}, "2 headings and 1 amount"),
        ({"duty": ""}, "1 heading and 0 amounts"),
    ],
)
def test_a_bad_row_is_left_out_and_the_rest_is_read(cells: dict[str, str], words: str) -> None:
    found = read(row(**cells), row(entry_number="002-6110316-2"))
    assert [entry.number for entry in found.entries] == ["002-6110316-2"]
    assert [(remark.row, remark.bad) for remark in found.remarks] == [(2, True)]
    assert re.search(words, reason(found))


def test_mixed_forms_are_refused_by_row() -> None:
    layout = Layout(dates=DateForm.US)
    found = read(
        row(entry_date="02/03/2026"),
        row(entry_number="002-6110316-2", entry_date="2026-02-03"),
        row(entry_number="002-6111115-7", entry_date="13/02/2026"),
        layout=layout,
    )
    assert [entry.entered for entry in found.entries] == [date(2026, 2, 3)]
    assert [remark.row for remark in found.remarks if remark.bad] == [3, 4]


def test_empty_rows_are_passed_over_and_short_ones_read() -> None:
    found = read([], ["", "", ""], ["B76-0324527-8", "2025-03-10"])
    assert (found.rows, len(found.entries), found.entries[0].rows) == (1, 1, (4,))


def test_names_may_differ_in_case_and_blanks() -> None:
    header = ["Entry Number", " ENTRY DATE", "liquidation-date", "Origin", "headings", "Duty"]
    assert len(read(GOOD, header=header).entries) == 1


def test_other_names_are_mapped() -> None:
    header = ["Entry No", *HEADER[1:]]
    assert len(read(GOOD, header=header, layout=Layout({"Entry No": "entry_number"})).entries) == 1


@pytest.mark.parametrize(
    ("header", "layout", "words"),
    [
        (["Entry No", *HEADER[1:]], Layout(), 'no column "entry_number"; nearest there: Entry No'),
        ([*HEADER[:2], "Liq Date", *HEADER[3:]], Layout(), "nearest there: Liq Date"),
        (["a", "b"], Layout(), "liquidation_date, origin, headings, duty too"),
        (HEADER, Layout({"Entri Date": "entry_date"}), "nearest there: entry_date"),
        (HEADER, Layout({"duty": "dutty"}), 'did you mean "duty"?'),
        (HEADER, Layout({"duty": "duty", "origin": "duty"}), "two columns are mapped to duty"),
        ([], Layout(), "the file is empty"),
    ],
)
def test_a_missing_column_is_named_with_the_nearest(header: list[str], layout: Layout, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read(GOOD, header=header, layout=layout)
    assert words in str(error.value)


def test_a_column_may_be_missing_if_one_says_so() -> None:
    header = [name for name in HEADER if name != "origin"]
    cells = [cell for cell in GOOD if cell != "CN"]
    found = read(cells, header=header, layout=Layout(without=frozenset({"origin"})))
    assert found.entries[0].origins == ()


def test_a_column_that_may_be_meant_is_told() -> None:
    found = read([*GOOD, "2025-03-20"], header=[*HEADER, "Deposit Dt"])
    assert any('--map "Deposit Dt=deposit_date"' in text for text in found.unread)


def test_an_import_after_the_entry_is_read_and_looked_at() -> None:
    header = [*HEADER, "import_date"]
    found = read([*GOOD, "2025-03-11"], [*row(entry_number="002-6110316-2"), "2025-03-10"], header=header)
    assert len(found.entries) == 2
    assert [(remark.row, remark.bad, remark.text) for remark in found.remarks] == [
        (2, False, "B76-0324527-8: import_date 2025-03-11 lies after the entry")
    ]


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (partial(values.stamp, form=None), "2026-02-20T25:00", '"2026-02-20T25:00" is no time'),
        (values.yes, "perhaps", '"perhaps" is neither yes nor no'),
        (values.entry_type, "01A", '"01A" is not an entry type; write two digits'),
        (values.country, "China", '"China" is not a country code'),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(read: Callable[[str], object], text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read(text)


@pytest.mark.parametrize(
    ("text", "meant"), [("Y", True), ("yes", True), ("1", True), (" No ", False), ("n", False), ("0", False)]
)
def test_yes_and_no_are_read_in_several_spellings(text: str, meant: bool) -> None:
    assert values.yes(text) is meant


def test_held_and_other_words() -> None:
    header = [*HEADER, "held", "reconciliation", "entry_type"]
    (entry,) = read([*GOOD, "Extended", "Y", "1"], header=header).entries
    assert (entry.held, entry.reconciliation, entry.type) == (Held.EXTENDED, True, "01")
    assert "none of: extended, suspended" in reason(read([*GOOD, "late", "", ""], header=header))


def test_shipments_are_read_and_refused() -> None:
    header = [column.name for column in SHIPMENTS]
    good = ["A", "CN", "9903.03.01", "2026-02-20", "Ocean", "2026-02-27", "100000"]
    late = ["B", "CN", "9903.03.01", "2026-02-28", "vessel", "2026-02-27", ""]
    none = ["C", "CN", "", "", "", "2026-02-27", ""]
    found = reading.shipments([header, good, late, none], Layout())
    (shipment,) = found.shipments
    assert (shipment.mode, shipment.value) == (Mode.VESSEL, Decimal(100000))
    assert [(remark.row, remark.bad) for remark in found.remarks] == [(3, True), (4, True)]
