"""``tariffwatch cite`` as people run it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

import pytest
from test_complete import offered
from test_program import on_a_terminal

Run = Callable[..., subprocess.CompletedProcess[str]]
CANADA = ["cite", "ieepa-canada-border"]


def test_one_source_is_one_line_ready_to_paste(run: Run) -> None:
    answer = run(*CANADA, "eo-14193", "--as-of", "2025-02-02")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == (
        "Executive Order 14193, Imposing Duties To Address the Flow of Illicit Drugs Across Our Northern "
        "Border, 90 FR 9113, Doc. 2025-02406 (signed Feb. 1, 2025; published Feb. 7, 2025), "
        "https://www.whitehouse.gov/presidential-actions/2025/02/imposing-duties-to-address-the-flow-of-"
        "illicit-drugs-across-our-national-border/ [sec. 2(a), (b): ordered: general 25%, energy 10%, "
        "effective Feb. 4, 2025, 00:01 EST; sec. 3(a): condition on CA: Take adequate steps to alleviate "
        "the public health crisis through cooperative enforcement; sec. 2(d): condition on CA: Not "
        "retaliate by import duties or similar measures; sec. 3(b): condition on Secretary of Homeland "
        "Security, with others: Recommend further action if Canada fails or retaliates].\n"
    )


def test_no_screen_breaks_a_paragraph(run: Run) -> None:
    piped = run(*CANADA, "--knowing", "2025-02-10").stdout
    assert on_a_terminal([*CANADA, "--knowing", "2025-02-10"], {}) == piped.replace("\n", "\r\n")


def test_what_was_known_then(run: Run) -> None:
    def named(*more: str) -> list[str]:
        told = json.loads(run(*CANADA, *more, "--format", "json").stdout)
        assert told["action"] == "ieepa-canada-border"
        return [row["name"] for row in told["citations"]]

    assert "eo-14325" not in named("--as-of", "2025-02-10")
    assert "eo-14325" in named("--as-of", "2025-02-10", "--knowing", "now")
    early = run(*CANADA, "--as-of", "2024-01-01")
    assert (early.returncode, early.stdout) == (0, "")
    assert early.stderr == "As known on 2024-01-01 23:59:59 EST, nothing of ieepa-canada-border was public.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ieepa-canada"], "did you mean"),
        (["ieepa-canada-border", "eo-1419"], 'did you mean "eo-141'),
        (["ieepa-canada-border", "eo-14325", "--as-of", "2025-02-10"], "As known on 2025-02-10 23:59:59 EST"),
        (["ieepa-canada-border", "zzz"], "tariffwatch cite ieepa-canada-border lists them all"),
        (["ieepa-canada-border", "--format", "csv"], "write --format json"),
        (["ieepa-canada-border", "--on", "CA"], "No such option"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_refused_in_words(run: Run, arguments: list[str], words: str) -> None:
    answer = run("cite", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_as_markdown_addresses_are_links(run: Run) -> None:
    shown = run(*CANADA, "eo-14197", "--format", "markdown").stdout
    assert re.search(r"^<https://www\.whitehouse\.gov/presidential-actions/2025/02/progress.*>$", shown, re.M)


def test_in_an_ascii_locale_it_is_ascii(run: Run) -> None:
    answer = run("cite", "s301-forced-labor-60", env={"LC_ALL": "C"})
    assert answer.returncode == 0
    assert answer.stdout.isascii()


def test_the_shell_completes_actions_and_their_sources() -> None:
    assert offered("tariffwatch cite ieepa-canada-b") == ["ieepa-canada-border"]
    assert set(offered("tariffwatch cite ieepa-canada-border eo-141")) == {"eo-14193", "eo-14197"}


def test_its_examples_run(run: Run) -> None:
    text = run("cite", "-h").stdout
    examples = re.findall(r"^ +(tariffwatch(?: .*)?)$", text, re.M)
    assert len(examples) == 4
    for example in examples:
        assert run(*example.split()[1:]).returncode == 0, example
