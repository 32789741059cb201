"""Types that read themselves from text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tariffwatch.model import Rate


@pytest.mark.parametrize(
    ("text", "percent", "floor"),
    [
        ("25%", Decimal(25), False),
        ("0%", Decimal(0), False),
        ("12.5%", Decimal("12.5"), False),
        ("15% floor", Decimal(15), True),
        ("$100 per item", None, False),
        ("exempt", None, False),
    ],
)
def test_a_rate_is_read(text: str, percent: Decimal | None, floor: bool) -> None:
    rate = Rate.parse(text)
    assert (rate.text, rate.percent, rate.floor) == (text, percent, floor)


@pytest.mark.parametrize("text", ["", "25", "25 percent", "-5%", "25%floor", "EXEMPT", "25%\n"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rate; allowed are"):
        Rate.parse(text)
