"""An action whose every text is strange, for the views that have to neutralise it."""

from __future__ import annotations

from conftest import NEW_YORK, instant
from hypothesis import strategies as st

from tariffwatch.model import (
    Action,
    Condition,
    DeadlineKind,
    Event,
    EventKind,
    Line,
    Loc,
    Moment,
    Rate,
    StatedDeadline,
)
from tariffwatch.views.report import When

NOW = instant("2025-02-10 12:00")
WHEN = When(NOW, NOW, NEW_YORK)

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n@x", "\uff1d1", '=HYPERLINK("x";"y")']
MARKUP = ["a|b", "a\\|b", "back\\", "<script>x</script>", "*b* _i_ `c` ~~s~~", "[x](javascript:x)", "![x](y)"]
MORE = [
    "# x #",
    "- x",
    "1. x",
    "> x",
    "---",
    "&lt;&#33;",
    "$x$",
    "two\nlines\r\nor three",
    "a,b;c\t.",
    '"q"',
    "🚢 €",
]
STRANGE = [*FORMULAS, *MARKUP, *MORE, "\x1b[31m", "\u202e", ""]

texts = st.text() | st.sampled_from(STRANGE) | st.text(alphabet="=+-@\t\r\n |\\<>[]()*_`~&#$!;:\"'a1.")

LOC = Loc("us-example.toml", 1)


def action(text: str) -> Action:
    """A duty from 4 March 2025 on and a report due on 28 February, with ``text`` for all that is told."""
    return Action(
        id="us-example",
        title=text,
        imposed_by="US",
        on=("FD", "GR"),
        authority=text,
        zone=NEW_YORK,
        lines=(
            Line(id="general", label=text, loc=LOC),
            Line(id="energy", label=text, loc=LOC),
        ),
        events=(
            Event(
                id="start",
                kind=EventKind.ORDERED,
                known=Moment(instant("2025-02-01 09:00")),
                effective=Moment(instant("2025-03-04 00:01")),
                rates={"general": Rate.parse("25%"), "energy": Rate.parse("10%")},
                source=text,
                loc=LOC,
            ),
        ),
        conditions=(
            Condition(id="border", party="FD", text=text, decided_by=text, bears_on="start", loc=LOC),
        ),
        deadlines=(
            StatedDeadline(
                id="report",
                kind=DeadlineKind.REPORT_DUE,
                at=Moment(instant("2025-02-28"), day_only=True),
                text=text,
                source=text,
                loc=LOC,
            ),
        ),
        loc=LOC,
    )
