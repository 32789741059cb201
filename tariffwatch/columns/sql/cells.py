"""The file in SQL: its columns as text, and its cells in the forms that the plain reader takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tariffwatch.columns.sql.text import listed, quoted, view
from tariffwatch.entries import number, values
from tariffwatch.entries.fields import ENTRIES
from tariffwatch.entries.model import Held
from tariffwatch.entries.values import DateForm
from tariffwatch.years import YEARS

MOST_PARTS = 30
"""How many headings a line may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that the script reads."""

    file: str
    columns: Mapping[str, str]
    """Our columns, each with the file's own name for it."""
    parquet: bool
    delimiter: str = ","
    dates: DateForm | None = None


DAYS = tuple(column.name for column in ENTRIES if column.name.endswith(("_date", "_liquidation")))


def head(source: Source, heading: str) -> str:
    name = quoted(source.file)
    if source.parquet:
        file = f"parquet OPTIONS (path {name})"
    else:
        signs = f"sep {quoted(source.delimiter)}, quote '\"', escape '\"', multiLine 'true'"
        file = f"csv OPTIONS (path {name}, header 'true', {signs})"
    spark = f"""
CREATE OR REPLACE TEMPORARY VIEW file USING {file};
CREATE OR REPLACE TEMPORARY VIEW lines AS SELECT
{_columns(source, "`")}
FROM file;"""
    instead = "\n".join(f"--   {line}" for line in spark.strip().splitlines())
    return f"""
-- {heading}
-- Made by tariffwatch from the rules of its ledger. No legal advice: the dates follow from the file and from
-- the rules named; duty is what the file says was paid on headings of chapter 99.
--
-- DuckDB: duckdb -csv < clocks.sql > clocks.csv
-- Spark:  spark-sql -f clocks.sql, with this in place of the first statement:
--
{instead}
"""


def lines(source: Source) -> str:
    signs = f"delim = {quoted(source.delimiter)}, quote = '\"', escape = '\"'"
    options = f"header = true, all_varchar = true, {signs}, null_padding = true, strict_mode = false"
    name = quoted(source.file)
    read = f"read_parquet({name})" if source.parquet else f"read_csv({name}, {options})"
    columns = _columns(source, '"')
    return view("lines", f"SELECT\n{columns}\nFROM {read}", "The file.")


def _columns(source: Source, quote: str) -> str:
    """Our columns as the file has them, as text."""
    told = []
    for column in ENTRIES:
        theirs = source.columns.get(column.name)
        name = "NULL" if theirs is None else quote + theirs.replace(quote, quote * 2) + quote
        told.append(f"  CAST({name} AS STRING) AS {column.name}")
    return ",\n".join(told)


def texts() -> str:
    cells = {column.name: f"trim(COALESCE({column.name}, ''))" for column in ENTRIES}
    for name in DAYS:
        cells[name] = f"regexp_replace({cells[name]}, '(?i){_pattern(values.MIDNIGHT)}', '')"
    listed = f"translate(translate({cells['headings']}, '[]', ''), '|, ', ';;;')"
    lists = f"translate(translate({cells['duty']}, '[]', ''), '|', ';')"
    cells |= {
        "entry_number": f"upper(replace({cells['entry_number']}, ' ', ''))",
        "origin": f"upper({cells['origin']})",
        "held": f"lower({cells['held']})",
        "entry_type": f"split_part({cells['entry_type']}, ' ', 1)",
        "reconciliation": f"lower({cells['reconciliation']})",
        "headings": f"trim(BOTH ';' FROM replace(replace({listed}, ';;', ';'), ';;', ';'))",
        "duty": f"trim(BOTH ';' FROM replace({lists}, ', ', ';'))",
    }
    columns = ",\n".join(f"  {text} AS {name}" for name, text in cells.items())
    every = ", ".join(f"COALESCE({name}, '')" for name in cells)
    query = f"SELECT\n{columns}\nFROM lines\nWHERE trim(concat({every})) <> ''"
    return view("texts", query, "Its cells, trimmed; empty lines are passed over.")


def parsed(form: DateForm | None) -> str:
    pattern = _pattern(number.NUMBER)
    parts = ", '-', ".join(f"regexp_extract(entry_number, '^{pattern}$', {n})" for n in (1, 2, 3))
    columns = [
        f"CASE WHEN {_like('entry_number', pattern)} THEN concat({parts}) END AS entry_number",
        *(f"{_day(name, form)} AS {name}" for name in DAYS),
        *(f"{name} AS said_{name}" for name in DAYS),
        "origin",
        "NULLIF(held, '') AS held",
        "CASE WHEN entry_type <> '' THEN lpad(entry_type, 2, '0') END AS entry_type",
        "reconciliation",
        "headings",
        f"{_count('headings')} AS parts",
        "duty",
        f"{_count('duty')} AS amounts",
    ]
    return view("parsed", "SELECT\n  " + ",\n  ".join(columns) + "\nFROM texts", "What they say.")


def _count(name: str) -> str:
    """How many parts a text has."""
    return f"CASE WHEN {name} = '' THEN 0 ELSE length({name}) - length(replace({name}, ';', '')) + 1 END"


def _day(name: str, form: DateForm | None) -> str:
    """A day of a text; a column of days has the form of ISO, whatever that of the others."""
    found = "NULL"
    for one in dict.fromkeys((DateForm.ISO, form or DateForm.ISO)):
        pattern = values.FORMS[one][0]
        at = {
            part: f"regexp_extract({name}, '^{_pattern(pattern)}$', {n})"
            for part, n in pattern.groupindex.items()
        }
        text = f"concat({at['y']}, '-', lpad({at['m']}, 2, '0'), '-', lpad({at['d']}, 2, '0'))"
        found = f"CASE WHEN {_like(name, _pattern(pattern))} THEN TRY_CAST({text} AS DATE) ELSE {found} END"
    return found


def _pattern(of: re.Pattern[str]) -> str:
    """A pattern as both engines read it in a literal: groups without names, and no backslash."""
    text = re.sub(r"\(\?P<\w+>", "(", of.pattern)
    return text.replace(r"\d", "[0-9]").replace(r"\.", "[.]").replace(r"\$", "[$]")


def _like(name: str, pattern: str) -> str:
    return f"regexp_extract({name}, '^{pattern}$', 0) <> ''"


_IN_ORDER = (
    ("entry_date", "liquidation_date"),
    ("liquidation_date", "reliquidation_date"),
    ("liquidation_date", "protest_date"),
    ("protest_date", "denial_date"),
)


def checked() -> str:
    heading, amount = _pattern(values.HEADING), _pattern(values.AMOUNT)
    years = f"DATE '{YEARS.start}-01-01' AND DATE '{YEARS.stop - 1}-12-31'"
    wrong = [
        ("entry_number", "entry_number IS NULL"),
        *((name, f"said_{name} <> '' AND ({name} IS NULL OR {name} NOT BETWEEN {years})") for name in DAYS),
        ("entry_date is empty", "said_entry_date = ''"),
        ("origin", f"origin <> '' AND NOT {_like('origin', '[A-Z]{2}')}"),
        ("headings", f"headings <> '' AND NOT {_like('headings', f'{heading}(;{heading})*')}"),
        ("duty", f"duty <> '' AND NOT {_like('duty', f'{amount}( *; *{amount})*')}"),
        ("one amount for each heading", "parts <> amounts"),
        (f"more than {MOST_PARTS} headings", f"parts > {MOST_PARTS}"),
        ("held", f"held IS NOT NULL AND held NOT IN ({listed(Held)})"),
        ("entry_type", f"NOT {_like('entry_type', '[0-9]{2}')}"),
        ("reconciliation", f"reconciliation NOT IN ('', {listed((*values.YES, *values.NO))})"),
        *((f"{late} before {early}", f"{late} < {early}") for early, late in _IN_ORDER),
    ]
    cases = ",\n".join(f"  CASE WHEN {when} THEN {quoted(text)} END" for text, when in wrong)
    query = f"SELECT *, concat_ws(', ',\n{cases}\n) AS wrong\nFROM parsed"
    good = view(
        "good", "SELECT * FROM checked WHERE wrong = ''", "The lines that are read; look at the others."
    )
    out = view("left_out", "SELECT * FROM checked WHERE wrong <> ''", "Lines that are left out, and why.")
    return "\n\n".join((view("checked", query, "What is wrong with a line, if anything is."), good, out))
