"""Acceptance: shipped actions kept anew by hand, command by command, stand on every date as they do."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from replay import commands

from tariffwatch import prospect
from tariffwatch.cli.main import program
from tariffwatch.ledger.load import Ledger, load, shipped
from tariffwatch.ledger.rules import check
from tariffwatch.model import END, Action, Loc
from tariffwatch.results import Deadline, Status

ACTIONS = [
    "ieepa-canada-border",
    "ieepa-reciprocal-china",
    "s232-wood-products",
    "s232-copper",
    "ieepa-litigation-merits",
]
NOWHERE = Loc("", 0)


def dates(action: Action) -> list[tuple[datetime, datetime]]:
    """As of and knowing: every day from the first event to after the last date, by that day's knowledge.

    Around each date of the action also in hindsight.
    """
    moments = [m for e in action.events for m in (e.known, e.effective, e.until) if m]
    moments += [m for d in action.deadlines for m in (d.known, d.at) if m]
    first, last = min(m.at for m in moments), max(m.at for m in moments)
    daily = [first + timedelta(days=n) for n in range(-2, (last - first).days + 3)]
    turns = sorted({m.at + timedelta(seconds=n) for m in moments for n in (-1, 0)})
    return [(at, at) for at in daily + turns] + [(at, END) for at in turns]


def bare(status: Status) -> Status:
    """A status without the names and places that differ."""
    return replace(
        status,
        action=None,
        next=tuple(map(bare_deadline, status.next)),
        conditions=tuple(
            replace(
                c,
                condition=replace(c.condition, loc=NOWHERE, known=None),
                assessed=c.assessed and replace(c.assessed, loc=NOWHERE, recorded=None),
            )
            for c in sorted(status.conditions, key=lambda c: c.condition.id)
        ),
        lapsed=status.lapsed and replace(status.lapsed, loc=NOWHERE, recorded=None),
    )


def bare_deadline(deadline: Deadline) -> Deadline:
    # who decides is told in the order in which conditions were written down
    decided = "; ".join(sorted((deadline.decided_by or "").split("; ")))
    conditions = tuple(sorted(deadline.conditions))
    return replace(deadline, action=None, decided_by=decided, conditions=conditions)


def assert_stands_alike(shipped_action: Action, kept: Action) -> None:
    for at, knowing in dates(shipped_action):
        one, other = (bare(prospect.status(action, at, knowing)) for action in (shipped_action, kept))
        assert one == other, f"{at}, knowing {knowing}"
        ahead = [
            sorted(
                map(bare_deadline, prospect.deadlines(action, at, knowing)),
                key=lambda d: (d.at, d.id, d.kind),
            )
            for action in (shipped_action, kept)
        ]
        assert ahead[0] == ahead[1], f"{at}, knowing {knowing}"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without anything: the folder in which the ledger of their own will be."""
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"TARIFFWATCH_{name}", str(tmp_path / name.lower()))
    monkeypatch.delenv("TARIFFWATCH_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "tariffwatch" / "ledger"


@pytest.mark.parametrize("slug", ACTIONS)
def test_kept_by_hand_it_stands_on_every_date_as_shipped(
    slug: str, desk: Path, shipped_ledger: Ledger
) -> None:
    action = shipped_ledger.actions[slug]
    typed = list(commands(action, f"our-{slug}"))
    assert len(typed) > len(action.events)
    for command in typed:
        program(command)(command, standalone_mode=False)
    ledger = load([shipped(), desk])
    kept = ledger.actions[f"our-{slug}"]
    assert os.listdir(desk) != []
    assert [e.id for e in sorted(kept.events, key=lambda e: e.known.at)] == [
        e.id for e in sorted(action.events, key=lambda e: e.known.at)
    ]
    assert_stands_alike(action, kept)
    problems = check(ledger, datetime(2026, 11, 22, tzinfo=UTC))
    assert not [problem for problem in problems if not problem.warning]


def test_the_first_commands_as_real_runs(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, shipped_ledger: Ledger
) -> None:
    """To the pause of February 2025: what one would have typed then."""
    action = shipped_ledger.actions["ieepa-canada-border"]
    pause = next(event for event in action.events if event.id == "pause")
    early = replace(
        action,
        events=tuple(e for e in action.events if e.known.at <= pause.known.at),
        instruments=tuple(i for i in action.instruments if i.id in ("eo-14193", "eo-14197")),
        conditions=tuple(c for c in action.conditions if c.id == "immediate-steps"),
        deadlines=(),
        lines=action.lines[:2],
    )
    early = replace(early, events=tuple(e for e in early.events if "report-" not in str(e.source)))
    for command in commands(early, "our-canada"):
        done = run(*command)
        assert done.returncode == 0, done.stderr
    ledger = load([tmp_path / ".local" / "share" / "tariffwatch" / "ledger"])
    assert_stands_alike(early, ledger.actions["our-canada"])
    shown = run("status", "--id", "our-canada", "--as-of", "2025-02-10").stdout
    assert "suspended" in shown
    assert "pause ends: in force at 25% (energy 10%)" in shown
