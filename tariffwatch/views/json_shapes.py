"""What the JSON Schema of every answer is made of: shapes, and the words that many answers share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from tariffwatch.model import DeadlineKind, Evidence
from tariffwatch.views.json import SCHEMA

Schema = dict[str, Any]


def to(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def object_of(needed: Mapping[str, Schema], more: Mapping[str, Schema] | None = None) -> Schema:
    """An object that has all keys of ``needed``, and may have those of ``more``."""
    return {"type": "object", "properties": {**needed, **(more or {})}, "required": [*needed]}


def list_of(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def one_of(words: Iterable[StrEnum]) -> Schema:
    return {"enum": [word.value for word in words]}


TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CODE: Schema = {"type": "string", "pattern": "^([A-Z]{2}|[*])$", "description": "ISO 3166 alpha-2, EU, or *"}
LINK: Schema = {"type": "string", "pattern": "^https?://"}
VERSION: Schema = {"const": SCHEMA}
INSTANT, DAY, RATE, PHASE, STATE = map(to, ("instant", "day", "rate", "phase", "state"))
KIND, EVIDENCE = one_of(DeadlineKind), one_of(Evidence)
