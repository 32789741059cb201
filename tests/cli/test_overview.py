"""The overview as a morning screen: what is on the watch of one's reminders."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

SETTINGS = """
[[channels]]
name = "out"
kind = "stdout"

[[reminders]]
name = "canadas"
by = ["CA"]
before = ["30d"]
channels = ["out"]

[[reminders]]
name = "polysilicon"
id = ["s232-polysilicon"]
before = ["30d"]
channels = ["out"]
"""


@pytest.fixture
def watching(run: Run, tmp_path: Path) -> Callable[..., str]:
    """The overview of a date, with those reminders."""
    config = tmp_path / "watching.toml"
    env = {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "TARIFFWATCH_CONFIG": str(config)}

    def overview(*options: str, settings: str = SETTINGS) -> str:
        config.write_text(settings, encoding="utf-8")
        done = run("--as-of", "2026-11-22T12:00", *options, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return overview


def test_what_reminders_watch_is_listed_and_the_rest_is_counted(watching: Callable[..., str]) -> None:
    said = watching()
    whole = watching(settings="")
    assert "of these are on your watch" in said
    assert "NEXT, ON YOUR WATCH" in said
    assert "s232-polysilicon" in said
    assert "canada-china-surtax-2024" in said
    assert "s232-wood-products" in whole
    assert "s232-wood-products" not in said
    assert "that are not on your watch: tariffwatch status" in said
    assert "on your watch" not in whole


def test_every_deadline_and_action_is_counted(watching: Callable[..., str]) -> None:
    said, told = watching(), json.loads(watching("--format", "json"))
    more, others = (int(line.split()[2]) for line in said.splitlines() if line.startswith("... and"))
    watched = int(said.split("ended; ")[1].split()[0])
    assert watched + others == len(told["actions"])
    listed = said.split("NEXT, ON YOUR WATCH\n")[1].split("\n... and")[0].count("\n")
    assert more + listed == len(told["deadlines"])


@pytest.mark.parametrize("options", [("--on", "BR"), ("--id", "s232-wood-products")])
def test_a_filter_asks_about_everything(watching: Callable[..., str], options: tuple[str, ...]) -> None:
    assert watching(*options) == watching(*options, settings="")


def test_a_reminder_without_filters_watches_everything(watching: Callable[..., str]) -> None:
    everything = SETTINGS + '\n[[reminders]]\nname = "all"\nbefore = ["1d"]\nchannels = ["out"]\n'
    assert watching(settings=everything) == watching(settings="")
