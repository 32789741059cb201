"""Names of zones: those of the data base, and whatever else people or other programs write."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from tariffwatch.zones import zone_named


def test_every_zone_has_its_name() -> None:
    assert {zone_named(name).key for name in available_timezones()} == available_timezones()


@pytest.mark.parametrize(
    "name",
    [
        *("", "America", "America/", "/America/New_York", "America//New_York", "../etc/passwd", "New York"),
        *("." * 400 + "/x", "x/" * 1400 + "x", "x" * 300, "a\0b", "Europe/Zürich", "america.New_York"),
    ],
)
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        zone_named(name)
