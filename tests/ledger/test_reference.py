"""The reference, the editors' schema and the example to copy agree with what the reader takes."""

from __future__ import annotations

import json
import os
import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import instant

from tariffwatch.ledger import reference
from tariffwatch.ledger.load import Ledger, load, shipped
from tariffwatch.ledger.rules import check
from tariffwatch.prospect import status
from tariffwatch.views.problems import render

README = shipped() / "README.md"
SCHEMA = shipped() / reference.SCHEMA_FILE
MARK = "remakes them. -->\n"


def fresh(path: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_the_reference_is_fresh() -> None:
    before, mark, _ = README.read_text(encoding="utf-8").partition(MARK)
    fresh(README, before + mark + "\n" + reference.tables())


def test_the_schema_is_fresh() -> None:
    fresh(SCHEMA, json.dumps(reference.schema(), indent=2, ensure_ascii=False) + "\n")


def as_editors_see(value: Any) -> Any:
    """TOML as JSON, dates as their texts: what a TOML language server validates."""
    if isinstance(value, dict):
        return {key: as_editors_see(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_editors_see(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


def files() -> list[Path]:
    return sorted(shipped().rglob("*.toml"))


def test_every_file_satisfies_the_schema_and_names_it() -> None:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert files()
    for path in files():
        text = path.read_text(encoding="utf-8")
        assert re.match(r"#:schema (\.\./)?schema\.json\n", text), path
        problems = [error.message for error in validator.iter_errors(as_editors_see(tomllib.loads(text)))]
        assert not problems, (path, problems[:3])


@pytest.mark.parametrize(
    "text",
    [
        "nonsense = 1",
        'id = "us-x"',
        '[[instruments]]\nid = "A B"\ntitle = "T"',
        '[[instruments]]\nid = "a"\ntitle = "T"\nurl = "ftp://x"',
        '[[instruments]]\nid = "a"\ntitle = "T"\n[[lines]]\nid = "a"\nlabel = "L"',
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    validator = jsonschema.Draft7Validator(reference.schema())
    assert list(validator.iter_errors(as_editors_see(tomllib.loads(text))))


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_example_to_copy_checks_clean_and_says_what_it_seems_to(tmp_path: Path) -> None:
    (tmp_path / "us-example.toml").write_text(example(), encoding="utf-8")
    ledger = load([tmp_path])
    problems = check(ledger, instant("2025-02-10"))
    assert not problems, render(problems)
    now = instant("2025-02-10 12:00")
    found = status(ledger.actions["us-example"], now, now)
    assert found.phase
    assert (found.phase.value, found.next[0].at) == ("suspended", instant("2025-03-04 00:01"))


def test_the_example_uses_most_keys(shipped_ledger: Ledger) -> None:
    assert all(f"\n[[{table}]]" in example() for table in reference.fields.TABLES)
