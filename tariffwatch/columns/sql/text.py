"""Pieces of SQL: views, tables written out, literals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def view(name: str, query: str, told: str) -> str:
    """A view, with what it holds said above it."""
    return f"-- {told}\nCREATE OR REPLACE TEMPORARY VIEW {name} AS\n{query.strip()};"


def table(names: Iterable[str], rows: Iterable[tuple[object, ...]]) -> str:
    """A table written out."""
    told = ",\n  ".join(f"({', '.join(map(_value, row))})" for row in rows)
    return f"SELECT * FROM (VALUES\n  {told}\n) AS told({', '.join(names)})"


def quoted(text: str) -> str:
    """A text as a literal; Spark takes the doubled sign for one from its fourth version on."""
    return "'" + text.replace("'", "''") + "'"


def listed(words: Iterable[str]) -> str:
    """Texts for ``IN``."""
    return ", ".join(quoted(word) for word in sorted(words))


def _value(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case date():
            return f"DATE '{value}'"
        case _:
            return quoted(str(value))
