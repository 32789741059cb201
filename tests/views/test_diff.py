"""What would change in a file, as ``diff -u`` writes it."""

from __future__ import annotations

import whatthepatch
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.views.diff import render


def test_nothing_changed_is_nothing_said() -> None:
    assert render("x.toml", b"a\n", b"a\n") == ""


def test_a_line_is_shown_with_those_around_it() -> None:
    before = "".join(f"{n}\n" for n in range(9)).encode()
    assert render("x.toml", before, before.replace(b"4", b"four")) == (
        "--- x.toml (as it is)\n+++ x.toml (mended)\n@@ -2,7 +2,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n"
    )


def test_a_missing_last_line_end_is_shown_as_diff_shows_it() -> None:
    said = render("x.toml", b"a\nb", b"a\nc\n")
    assert said.endswith(" a\n-b\n\\ No newline at end of file\n+c\n")


def test_what_a_file_holds_cannot_steer_the_terminal() -> None:
    said = render("x.toml", b"# \x1b[2J\x07\r\n", b"# \xff\x1b]0;x\x07\r\n")
    assert said.replace("\n", "").isprintable()


LINES = st.tuples(st.lists(st.sampled_from("abc"), max_size=12), st.booleans())


@given(LINES, LINES)
def test_another_program_reads_it(before: tuple[list[str], bool], after: tuple[list[str], bool]) -> None:
    """It makes the one file's lines of the other's; how a last line ends is held by the cases above."""
    old, new = ("\n".join(lines) + "\n" * (ended and bool(lines)) for lines, ended in (before, after))
    said = render("x", old.encode(), new.encode())
    for diff in whatthepatch.parse_patch(said):
        assert whatthepatch.apply_diff(diff, old) == new.splitlines()
    assert bool(said) == (old != new)
