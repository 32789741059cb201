"""The table of keys, told to editors (JSON Schema) and to people (Markdown)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tariffwatch.ledger import fields
from tariffwatch.ledger.fields import Field

SCHEMA_FILE = "schema.json"
"""Stands in the ledger folder; each file names it in its first line, ``#:schema ../schema.json``."""
SCHEMA_TITLE = "tariffwatch ledger file"

_HEADS = {
    "The head of an action": fields.ACTION,
    "The head of a file that adds to an action": fields.OVERLAY,
}
_TITLES = {
    "lines": "The parts of the action that carry their own rate.",
    "instruments": "Legal documents, and reports of them, that sources name.",
    "events": "What happened, and what was ordered to happen.",
    "conditions": "What the action hangs on.",
    "deadlines": "Dates that paint nothing and have to be kept.",
    "clocks": "The periods of trade law, in `clocks.toml`.",
    "closings": "Days on which offices were closed by order, in `clocks.toml`.",
}
_ALL_TABLES = {**fields.TABLES, **fields.SHARED["clocks.toml"]}


def schema() -> dict[str, Any]:
    """A JSON Schema for every ledger file: an action, an addition to one, or shared instruments."""
    tables = {
        name: {"type": "array", "items": _object(known), "description": _TITLES[name]}
        for name, known in _ALL_TABLES.items()
    }
    heads = {field.key: _property(field) for known in _HEADS.values() for field in reversed(known)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": SCHEMA_TITLE,
        "type": "object",
        "properties": heads | tables,
        "additionalProperties": False,
        "anyOf": [
            *({"required": [field.key for field in known if field.needed]} for known in _HEADS.values()),
            {"required": ["instruments"], "maxProperties": 1},
            {"required": ["clocks"], "maxProperties": 2},
        ],
    }


def tables() -> str:
    """The reference of all keys, as Markdown."""
    parts = [_markdown(title, known) for title, known in _HEADS.items()]
    parts += [_markdown(f"`[[{name}]]`", known, _TITLES[name]) for name, known in _ALL_TABLES.items()]
    return "\n".join(parts)


def _object(known: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.key: _property(field) for field in known},
        "required": [field.key for field in known if field.needed],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    return {**field.kind.schema, "description": f"{field.meaning} Such as {field.key} = {field.example}"}


def _markdown(title: str, known: Sequence[Field], about: str = "") -> str:
    rows = [
        f"| `{field.key}` | {'yes' if field.needed else ''} | {field.kind.word} | {field.meaning} | "
        f"`{field.example}` |"
        for field in known
    ]
    head = ["| key | needed | value | meaning | such as |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([f"### {title}\n", *([about, ""] if about else []), *head, *rows, ""])
