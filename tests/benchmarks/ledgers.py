"""Ledgers of any size for measuring: always the same for the same count and day.

Every action has eight events, three lines, three instruments, a condition, and exactly one date ahead:
half of them a pause that ends, half a stated deadline. Those dates are the items that other programs
are given.

On its own: ``python tests/benchmarks/ledgers.py FOLDER COUNT`` writes one to look at.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
SEED = 20250204
SOONEST = 40
"""Days from today to the first date ahead: further than any rung of the usual ladder of reminders."""
LATEST = 400
A_FOLDER = 1000
"""Files in one folder, as a person would keep them, so that no listing is slow for its length alone."""

COUNTRIES = ("CA", "MX", "CN", "EU", "JP", "KR", "IN", "BR", "CH", "VN")
GOODS = (
    "steel",
    "aluminum",
    "copper",
    "timber",
    "trucks",
    "drones",
    "wafers",
    "robots",
    "solar cells",
    "fish",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A date ahead, as every program is given it."""

    id: str
    title: str
    due: datetime
    """An aware time of New York."""


def items(count: int, today: date) -> Iterator[Item]:
    """The dates ahead of a ledger of ``count`` actions, one for each action."""
    random_ = random.Random(SEED)
    for number in range(count):
        day = today + timedelta(days=random_.randint(SOONEST, LATEST))
        goods, country = random_.choice(GOODS), random_.choice(COUNTRIES)
        yield Item(
            f"bench-{number:06}",
            f"Duty on {goods} of {country}, measure {number}",
            datetime(day.year, day.month, day.day, 0, 1, tzinfo=NEW_YORK),
        )


def write_ledger(folder: Path, count: int, today: date) -> None:
    """Write a ledger of ``count`` actions, one file each."""
    random_ = random.Random(SEED + 1)
    for number, item in enumerate(items(count, today)):
        place = folder / f"{number // A_FOLDER:03}"
        place.mkdir(parents=True, exist_ok=True)
        text = action(item, today, random_.randint(200, 600), random_.randint(1, 50))
        (place / f"{item.id}.toml").write_text(text, encoding="utf-8")


def action(item: Item, today: date, age: int, rate: int) -> str:
    """The file of one action that began ``age`` days ago."""

    def day(number: int) -> date:
        return today - timedelta(days=age - number)

    paused = int(item.id[-1]) % 2 == 0
    until = f"{item.due:%Y-%m-%dT%H:%M:%S}" if paused else f"{day(150)}T00:01:00"
    country = item.title.split(" of ")[1][:2]
    text = _HEAD.format(item=item, country=country, verified=today) + _INSTRUMENTS.format(
        item=item, first=day(20), second=day(80), third=day(108)
    )
    text += _EVENTS.format(
        known=[day(n) for n in (0, 20, 30, 60, 70, 80, 108)],
        effective=[day(n) for n in (35, 40, 45, 61, 81)],
        until=[day(110), until],
        assessed=today - timedelta(days=1 + rate % 20),
        rate=rate,
        recorded=today,
        country=country,
        id=item.id,
    )
    return text if paused else text + _DEADLINE.format(item=item, recorded=today)


_HEAD = """\
id = "{item.id}"
title = "{item.title}"
imposed_by = "US"
on = ["{country}"]
authority = "IEEPA"
zone = "America/New_York"
verified = {verified}
summary = "A made-up measure, of the length and make of a real one, so that reading it costs what that costs."

[[lines]]
id = "general"
label = "All goods not named below"
headings = ["9903.01.10"]

[[lines]]
id = "energy"
label = "Energy and energy resources"
headings = ["9903.01.13"]

[[lines]]
id = "preferred"
label = "Goods that qualify under a trade agreement"
headings = ["9903.01.14"]
"""

_INSTRUMENTS = """
[[instruments]]
id = "eo-1"
title = "Executive Order {item.id}-1, Imposing Duties To Address the Situation at Hand"
kind = "order"
signed = {first}
cite = "90 FR 9113"
url = "https://www.federalregister.gov/d/{item.id}-1"

[[instruments]]
id = "eo-2"
title = "Executive Order {item.id}-2, Progress on the Situation at Hand"
kind = "order"
signed = {second}
cite = "90 FR 9114"
url = "https://www.federalregister.gov/d/{item.id}-2"

[[instruments]]
id = "eo-3"
title = "Executive Order {item.id}-3, Extending the Suspension of Duties"
kind = "order"
signed = {third}
cite = "90 FR 9115"
url = "https://www.federalregister.gov/d/{item.id}-3"
"""

_EVENTS = """
[[events]]
id = "threat"
kind = "threatened"
known = {known[0]}
recorded = {recorded}
effective = {effective[0]}
source = "eo-1"
evidence = "single"
note = "The President says that the duty will come unless the border is guarded, {id}."

[[events]]
id = "start"
kind = "ordered"
known = {known[1]}
recorded = {recorded}
effective = {effective[1]}T00:01:00
rates = {{ general = "{rate}%", energy = "10%", preferred = "exempt" }}
source = "eo-1 sec. 2(a)"
evidence = "text"
note = "Duties on everything that the order names, with a lower rate for energy, {id}."

[[events]]
id = "later"
kind = "postponed"
postpones = "start"
known = {known[2]}
recorded = {recorded}
effective = {effective[2]}T00:01:00
source = "eo-1 sec. 3"
evidence = "text"
note = "The start is put off by some days, to give customs the time to prepare, {id}."

[[events]]
id = "raised"
kind = "modified"
known = {known[3]}
recorded = {recorded}
effective = {effective[3]}T00:01:00
rates = {{ general = "{rate}.5%" }}
source = "eo-1 sec. 4"
evidence = "text"
note = "The general rate is raised by half a point, {id}."

[[events]]
id = "talks"
kind = "milestone"
known = {known[4]}
recorded = {recorded}
source = "eo-2"
evidence = "corroborated"
note = "Delegations meet, and agree to meet again, {id}."

[[events]]
id = "pause"
kind = "suspended"
known = {known[5]}
recorded = {recorded}
effective = {effective[4]}T00:01:00
until = {until[0]}T00:01:00
lines = ["general", "energy"]
source = "eo-2 sec. 2"
evidence = "text"
note = "The duties are paused for a month while talks go on, {id}."

[[events]]
id = "longer-pause"
kind = "extended"
extends = "pause"
known = {known[6]}
recorded = {recorded}
until = {until[1]}
source = "eo-3 sec. 2"
evidence = "text"
note = "The pause is extended, for the steps taken are found to be serious, {id}."

[[events]]
id = "progress"
kind = "assessed"
condition = "border"
finding = "progress"
known = {assessed}
recorded = {recorded}
source = "eo-3 sec. 1"
evidence = "text"
note = "Progress is found; more is asked for, {id}."

[[conditions]]
id = "border"
party = "{country}"
text = "Guard the border with ten thousand officers, and report on it every month."
decided_by = "The President, on the advice of the Secretary of Homeland Security"
if_met = "The pause may be extended, or the duty removed."
if_unmet = "The duty takes effect at the end of the pause."
bears_on = "pause"
source = "eo-2 sec. 1"
evidence = "text"
"""

_DEADLINE = """
[[deadlines]]
id = "comments"
kind = "comment-closes"
at = {item.due:%Y-%m-%dT%H:%M:%S}
text = "Comments on the duties close"
recorded = {recorded}
source = "eo-3 sec. 3"
evidence = "text"
"""


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]), int(sys.argv[2]), date.today())  # noqa: DTZ011 - any day will do
