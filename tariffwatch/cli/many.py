"""Many entries: when columns are used, what is shown meanwhile, and how much is listed.

Up to :data:`MOST_PLAIN` rows are read by the plain reader, row by row. Beyond, Polars holds them in columns
and adds up (:mod:`tariffwatch.columns`): the same answers, of a million rows in half a minute. It is an
optional extra, for it is a hundred times as large as this program; without it the plain reader does it all,
slowly. Of so many entries the worst are listed and the others counted, unless ``--most`` says how many.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from tariffwatch.cli import own_file
from tariffwatch.cli.own_file import MISSING, Rows
from tariffwatch.cli.question import Question
from tariffwatch.cli.terminal import Screen
from tariffwatch.entries import reading
from tariffwatch.entries.fields import ENTRIES, Layout, places
from tariffwatch.entries.reading import ReadEntries
from tariffwatch.entries.review import Review, review
from tariffwatch.errors import UsageError
from tariffwatch.words import clean

if TYPE_CHECKING:
    from tariffwatch.columns.review import Large

MOST_PLAIN = 10_000
MOST_LISTED = 60
"""How many entries are listed where there are more rows, in JSON too; a page never lists more."""
MOST_TOLD = 50
"""How many bad rows are told on stderr then, and how many that should be looked at."""

MOST = Annotated[
    int | None,
    typer.Option(
        "--most",
        metavar="N",
        min=1,
        help=f"List the N worst entries; {MOST_LISTED}, but in JSON all of {MOST_PLAIN:,} rows or less.",
    ),
]


@dataclass(slots=True)
class Looked:
    """What was found in a file."""

    review: Review
    read: ReadEntries
    large: Large | None = None
    """All of it, where the review lists the worst alone."""


def looked(rows: Rows, layout: Layout, question: Question, only: Collection[str], most: int | None) -> Looked:
    """Read rows and look at their entries, the ``most`` worst of which are listed."""
    head = list(islice(rows, MOST_PLAIN + 1))
    if len(head) <= MOST_PLAIN:
        found = _plain(iter(head), layout, question, only)
        return Looked(found.review.worst(most) if most else found.review, found.read)
    try:
        from tariffwatch.columns.reading import table
        from tariffwatch.columns.review import STEPS, Large
    except ModuleNotFoundError:
        question.screen.say(f"more than {MOST_PLAIN:,} rows take long, and much memory: {MISSING}")
        found = _plain(chain(head, rows), layout, question, only)
        return Looked(found.review.worst(most or MOST_LISTED), found.read)
    ledger, when = question.ledger, question.when
    with _shown(question.screen) as show:
        held = table(chain(head, rows), layout, lambda: show("Reading", rows.part))
        done = itertools.count(1)
        large = Large(
            held,
            ledger.actions,
            ledger.work,
            when.as_of,
            when.knowing,
            only=only,
            by_then=question.filters.by_then,
            step=lambda: show("Working out clocks", next(done) / STEPS),
        )
        show("Adding up", None)
        return Looked(large.review(most or MOST_LISTED), held.read, large)


def _plain(rows: Iterator[reading.Row], layout: Layout, question: Question, only: Collection[str]) -> Looked:
    read = reading.entries(rows, layout)
    ledger, when = question.ledger, question.when
    found = review(
        read.entries,
        ledger.actions,
        ledger.work,
        when.as_of,
        when.knowing,
        only=only,
        by_then=question.filters.by_then,
    )
    return Looked(found, read)


Show = Callable[[str, float | None], None]
"""Shows what is being done, and which part of it is done if that is known."""


@contextmanager
def _shown(screen: Screen) -> Iterator[Show]:
    """A bar while something takes long, on a terminal only; it goes away at the end."""
    if not screen.err.isatty():
        yield lambda doing, part: None
        return
    from tariffwatch.views.terminal import Bar

    with Bar(screen.err, colour=screen.colour) as bar:
        yield bar.show


def tell(read: ReadEntries, screen: Screen) -> int:
    """Tell of the first rows that were left out or should be looked at; returns how many were left out."""
    bad = [remark for remark in read.remarks if remark.bad]
    odd = [remark for remark in read.remarks if not remark.bad]
    own_file.tell([*bad[:MOST_TOLD], *odd[:MOST_TOLD]], read.unread, screen)
    all_bad, all_odd = len(bad) + read.more_bad, len(odd) + read.more_warnings
    if all_bad > MOST_TOLD or all_odd > MOST_TOLD:
        first = f"; --format json names the first {len(bad):,} and {len(odd):,}"
        screen.say(f"in all {all_bad:,} rows left out and {all_odd:,} to look at{first}")
    return all_bad


def emit(question: Question, file: str, delimiter: str, layout: Layout, *, narrowed: bool) -> None:
    """Write the script that works out the clocks of a file on DuckDB or Spark; only its header is read."""
    from tariffwatch.columns.sql.cells import Source
    from tariffwatch.columns.sql.script import script

    if narrowed:
        raise UsageError("--emit-sql writes every clock; leave out --clock, --within, --most and --format")
    if file == "-":
        raise UsageError("--emit-sql: the script needs a file that it can read, not stdin; write its name")
    with own_file.rows(file, delimiter, layout.dates) as rows:
        header = next(rows, [])
    found = places(header, ENTRIES, layout)
    source = Source(
        file=file,
        columns={ours: header[place] for ours, place in found.items()},
        parquet=own_file.is_parquet(file),
        delimiter="\t" if delimiter == "tab" else delimiter,
        dates=layout.dates,
    )
    when = question.when
    heading = clean(f"The clocks of the entries in {file}. {when.heading()}.")
    question.screen.write(script(source, question.ledger, when.as_of, when.knowing, heading))
