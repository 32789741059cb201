"""The published JSON Schema, against every answer that is given in JSON."""

from __future__ import annotations

import json as stdlib_json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from conftest import NEW_YORK, instant
from jsonschema import Draft202012Validator

from tariffwatch import prospect, query
from tariffwatch.clocks import ClockError
from tariffwatch.drift import drift, together
from tariffwatch.ledger.load import Ledger, rule_trigger
from tariffwatch.views import json
from tariffwatch.views.json_schema import schema
from tariffwatch.views.report import When
from tariffwatch.worlds import Recorded, World, compared

Answer = dict[str, Any]

DATES = [
    ("2025-02-02 23:59:59", None),
    ("2025-02-10 23:59:59", None),
    ("2025-02-10 23:59:59", "2026-11-22 12:00"),
    ("2025-04-09 12:00", None),
    ("2026-02-24 00:01", None),
    ("2026-11-22 12:00", None),
]


def closed(part: Any) -> Any:
    """A schema in which no object may have a key that it does not name."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(value) for key, value in part.items()}
    return inner | ({"additionalProperties": False} if isinstance(part.get("properties"), dict) else {})


def validator(kind: str, *, strict: bool) -> Draft202012Validator:
    """The schema of one shape of answer: as published, or without any key that it does not name."""
    published = closed(schema()) if strict else schema()
    return Draft202012Validator(
        {"$ref": f"#/$defs/{kind}", "$defs": published["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


ANSWER = validator("answer", strict=True)
PUBLISHED = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_read(told: Answer) -> Answer:
    """An answer as a program reads it."""
    value = stdlib_json.loads(json.dumps(told))
    assert isinstance(value, dict)
    return value


def answers(ledger: Ledger, when: When) -> dict[str, Answer]:
    """What each command answers."""
    actions = ledger.actions.values()
    found = query.statuses(actions, when.as_of, when.knowing)
    coming = query.countdown(actions, when.as_of, when.knowing)
    whole = [(s, prospect.deadlines(s.action, when.as_of, when.knowing)) for s in found]
    working = [
        (d.action.id, d.id, ledger.work(d.rule.clock, rule_trigger(d.action, d.rule)))
        for d in coming
        if d.rule
    ]
    return {
        "status": json.statuses(found, when),
        "countdown": json.countdown(coming, when),
        "countdown --explain": json.explained(json.countdown(coming, when), working),
        "overview": json.overview(found, coming, when),
        "export": json.export(whole, coming, ledger.instruments, when),
    }


@pytest.mark.parametrize(("as_of", "knowing"), DATES)
def test_every_answer_is_as_the_schema_says_and_has_no_other_key(
    as_of: str, knowing: str | None, shipped_ledger: Ledger
) -> None:
    when = When(instant(as_of), instant(knowing or as_of), NEW_YORK)
    for name, told in answers(shipped_ledger, when).items():
        value = as_read(told)
        assert value.get("actions") or value.get("deadlines")
        ANSWER.validate(value)
        assert PUBLISHED.is_valid(value), name


def test_the_schema_names_what_the_shipped_ledger_has(shipped_ledger: Ledger) -> None:
    """Optional keys are there somewhere, so that no name in the schema is a slip of the pen."""
    when = When(instant("2025-04-09 12:00"), instant("2026-11-22 12:00"), NEW_YORK)
    told = answers(shipped_ledger, when)
    export = told["export"]
    assert any("transit" in event for action in export["actions"] for event in action["events"])
    assert any("steps" in deadline for deadline in told["countdown --explain"]["deadlines"])
    parts = schema()["$defs"]
    own = {"file"}  # only where the user added something: tests/cli/test_record.py
    assert set(parts["action"]["properties"]) - own == {key for one in export["actions"] for key in one}
    for part, rows in (
        ("event", (event for action in export["actions"] for event in action["events"])),
        ("condition", (condition for action in export["actions"] for condition in action["conditions"])),
        ("line", (line for action in export["actions"] for line in action["lines"])),
        ("instrument", (source for action in export["actions"] for source in action["sources"])),
    ):
        assert set(parts[part]["properties"]) - own == {key for row in rows for key in row}


def test_export_holds_of_each_action_what_show_tells(shipped_ledger: Ledger) -> None:
    at = instant("2025-02-10 23:59:59")
    when = When(at, at, NEW_YORK)
    told = answers(shipped_ledger, when)
    for one in told["export"]["actions"]:
        action = shipped_ledger.actions[one["id"]]
        coming = prospect.deadlines(action, at, at)
        shown = json.show(prospect.status(action, at, at), coming, shipped_ledger.instruments, when)
        assert [one] == shown["actions"]
    assert told["export"]["deadlines"] == told["overview"]["deadlines"]
    assert [one["id"] for one in told["export"]["actions"]] == [
        one["id"] for one in told["overview"]["actions"]
    ]


def test_clocks_are_as_the_schema_says(shipped_ledger: Ledger) -> None:
    versions = [version for found in shipped_ledger.clocks.values() for version in found]
    listed = as_read({"schema": json.SCHEMA, "clocks": [json.clock(one) for one in versions]})
    validator("clocks", strict=True).validate(listed)
    worked = validator("worked", strict=True)
    days = [date(2026, 2, 24), datetime(2026, 2, 24, 5, 1, tzinfo=NEW_YORK)]
    tried = 0
    for name in shipped_ledger.clocks:
        for day in days:
            try:
                value = {"schema": json.SCHEMA} | json.worked(shipped_ledger.work(name, day))
            except ClockError:  # not law on that day, or it wants a further trigger
                continue
            worked.validate(as_read(value))
            tried += 1
    assert tried > len(shipped_ledger.clocks)


@pytest.mark.parametrize("since", ["2025-02-02 23:59:59", "2025-06-30 12:00", "2026-09-30 12:00"])
def test_changes_are_as_the_schema_says(since: str, shipped_ledger: Ledger) -> None:
    now = instant("2026-11-22 12:00")
    actions, before = shipped_ledger.actions.values(), World(instant(since), instant(since))
    recorded = Recorded(date(2026, 11, 1), date(2026, 11, 22))
    found = compared(actions, before, World(now, now), recorded)
    value = as_read(json.changes(found, before, When(now, now, NEW_YORK)))
    validator("changes", strict=True).validate(value)
    assert PUBLISHED.is_valid(value)
    rows = value["changes"]
    assert any(row["came"] for row in rows)
    assert any(row["entered"] for row in rows)
    value["changes"][0]["deadlines"].append({"what": "vanished", "from": None, "to": None, "behind": []})
    assert not PUBLISHED.is_valid(value)


def test_drift_is_as_the_schema_says(shipped_ledger: Ledger) -> None:
    now = instant("2026-11-22 12:00")
    rows = drift(shipped_ledger.actions.values(), now, now)
    value = as_read(json.drift(rows, together(rows), When(now, now, NEW_YORK)))
    validator("drift", strict=True).validate(value)
    assert PUBLISHED.is_valid(value)
    value["drift"][0]["moved"] = -1
    assert not PUBLISHED.is_valid(value)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.dumps(schema()).isascii()


def first(key: str, value: object) -> Callable[[Answer], None]:
    return lambda told: told["actions"][0].__setitem__(key, value)


def due(key: str, value: object) -> Callable[[Answer], None]:
    return lambda told: told["deadlines"][0].__setitem__(key, value)


WRONG: dict[str, Callable[[Answer], object]] = {
    "another version": lambda told: told.__setitem__("schema", "tariffwatch/2"),
    "no date asked about": lambda told: told.pop("as_of"),
    "a phase in prose": first("phase", "in force"),
    "an instant without offset": first("since", "2025-02-03T00:00:00"),
    "a day for an instant": due("at", "2025-03-04"),
    "a rate in words": lambda told: told["actions"][0]["lines"][0].__setitem__("rate", "25 percent"),
    "a country in words": first("imposed_by", "United States"),
    "a number in quotes": due("days_left", "22"),
    "time run out": due("seconds_left", -1),
    "a deadline without source": lambda told: told["deadlines"][0].pop("source"),
    "half of what show tells": lambda told: told["actions"][0].pop("events"),
    "a finding that is none": lambda told: told["actions"][0]["conditions"][0].__setitem__("finding", "good"),
    "a link that runs": lambda told: told["actions"][0]["sources"][0].__setitem__("url", "javascript:x"),
    "neither actions nor deadlines": lambda told: [told.pop("actions"), told.pop("deadlines")],
}


@pytest.fixture(scope="module")
def told(shipped_ledger: Ledger) -> Answer:
    at = instant("2025-02-10 23:59:59")
    action = shipped_ledger.actions["ieepa-canada-border"]
    coming = prospect.deadlines(action, at, at)
    whole = [(prospect.status(action, at, at), coming)]
    return as_read(json.export(whole, coming, shipped_ledger.instruments, When(at, at, NEW_YORK)))


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(name: str, told: Answer) -> None:
    assert PUBLISHED.is_valid(told)
    changed = deepcopy(told)
    WRONG[name](changed)
    assert not PUBLISHED.is_valid(changed)


def test_a_key_that_a_later_release_adds_is_let_through(told: Answer) -> None:
    changed = deepcopy(told)
    changed["actions"][0]["added"] = changed["added"] = "later"
    assert PUBLISHED.is_valid(changed)
    assert not ANSWER.is_valid(changed)
