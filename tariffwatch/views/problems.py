"""Problems as a compiler prints them: place, code, why, the line itself, and the mend."""

from __future__ import annotations

from collections.abc import Sequence

from tariffwatch.errors import Problem
from tariffwatch.model import Action, Fact, record_word
from tariffwatch.words import clean

WIDEST = 200
"""Characters of a line that are shown: enough to know it by."""


def render(problems: Sequence[Problem], lines: dict[str, list[str]] | None = None) -> str:
    """One block a problem; ``lines`` holds the text of each file, by name, where it is at hand."""
    return "".join(_one(problem, (lines or {}).get(problem.loc.file, [])) for problem in problems)


def render_single(facts: Sequence[tuple[Action, Fact]]) -> str:
    """The facts that rest on one account, a line each."""
    return "".join(
        clean(f"{fact.loc}: {action.id}: {record_word(fact)} {fact.id}: {fact.source}") + "\n"
        for action, fact in facts
    )


def _one(problem: Problem, lines: Sequence[str]) -> str:
    severity = "warning" if problem.warning else "error"
    text = f"{clean(str(problem.loc))}: {severity} {problem.code}: {clean(problem.message)}\n"
    line = lines[problem.loc.line - 1].rstrip() if 0 < problem.loc.line <= len(lines) else ""
    if line:
        shown = line if len(line) <= WIDEST else line[: WIDEST - 3] + "..."
        text += f"  {problem.loc.line:>5} | {clean(shown)}\n"
    return f"{text}  fix: {clean(problem.fix)}\n"
