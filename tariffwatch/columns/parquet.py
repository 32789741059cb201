"""Parquet files as rows of text, so that one reader reads them all.

A day of a date column is written in the form in which the file's other days are read: its type leaves nothing
to guess. An instant keeps its time, which the reader refuses unless it is midnight without a zone; a number
with more than two decimals keeps them, which it refuses as an amount. Lists are parted by semicolons.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tariffwatch.entries.values import DateForm
from tariffwatch.errors import UsageError

BATCH = 20_000

_FORMS = {DateForm.ISO: "%Y-%m-%d", DateForm.US: "%m/%d/%Y", DateForm.EU: "%d/%m/%Y"}


def rows(file: str, form: DateForm | None) -> tuple[int, Iterator[list[str]]]:
    """How many rows a file has, and the rows: the first names the columns. Raises UsageError."""
    try:
        frame = pl.scan_parquet(file, glob=False)
        schema = frame.collect_schema()
        count = frame.select(pl.len()).collect().item()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except pl.exceptions.PolarsError as error:
        raise UsageError(f"{file} is not a Parquet file: {error}") from None
    texts = [_text(pl.col(name), kind, form or DateForm.ISO).alias(name) for name, kind in schema.items()]
    return count, _rows(frame.select(texts), list(schema))


def _rows(frame: pl.LazyFrame, header: list[str]) -> Iterator[list[str]]:
    yield header
    for batch in frame.collect_batches(chunk_size=BATCH, maintain_order=True):
        yield from map(list, batch.iter_rows())


def _text(column: pl.Expr, kind: pl.DataType, form: DateForm) -> pl.Expr:
    """A column as text, empty where there is nothing."""
    match kind:
        case pl.Date():
            text = column.dt.strftime(_FORMS[form])
        case pl.Datetime(time_zone=None):
            text = column.dt.strftime(f"{_FORMS[form]}T%H:%M:%S")
        case pl.Datetime():
            text = column.dt.strftime(f"{_FORMS[form]}T%H:%M:%S%:z")
        case pl.List(inner=pl.DataType() as inner):
            text = column.list.eval(_text(pl.element(), inner, form)).list.join(";")
        case pl.Binary() | pl.Object() | pl.Struct() | pl.Array():
            text = pl.when(False).then(pl.lit(""))  # none of ours is such a column
        case _ if kind.is_float() or kind.is_decimal():
            cents = column.round(2)
            exact = cents.cast(pl.Decimal(38, 2), strict=False).cast(pl.String)
            text = pl.when(cents == column).then(exact).otherwise(column.cast(pl.String))
        case _:
            text = column.cast(pl.String)
    return text.fill_null("")
