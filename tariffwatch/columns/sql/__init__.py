"""The clocks of entries as one SQL script, for files too large for one machine, or that stand elsewhere.

The script reads the file and works out the same clocks without this program: on DuckDB as it is, on Spark
with the first statement changed as it says, for all below keeps to what both understand. What it holds of the
law is written by the program from its own rules, so that it stands nowhere twice: periods, and the days from
which they were law, come from the ledger's clocks; the days to which a last day rolls from their calendars;
which duty is paid back from what the plain rule says of each heading and origin; the forms of cells from the
reader. Only which clock starts with which day is written here again, as :mod:`tariffwatch.entries.running`
has it, and tested against it. In one thing the script is stricter: lines of an entry that disagree leave out
the whole entry.

It was run on DuckDB 2.0 and on Spark 4.3; the tests run it on DuckDB.
"""
