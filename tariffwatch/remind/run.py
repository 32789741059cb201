"""One run: look at the ledger, queue what is new, send what waits. The time is passed in."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tariffwatch.errors import ExitCode, Problem
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import END
from tariffwatch.remind.channels import DeliveryError, Outside, PartlyError, send
from tariffwatch.remind.items import Item, ItemKind, Memory, Plan
from tariffwatch.remind.message import Dispatch, compose, headline
from tariffwatch.remind.outbox import LAST_RETRY, Outbox
from tariffwatch.remind.plan import Goods, forget_future, plan
from tariffwatch.remind.pulse import SLIP, Outcome
from tariffwatch.settings.model import Channel, Files, Secret, Settings
from tariffwatch.words import clean


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the ledger yields, before anything is stored."""

    plans: Mapping[str, tuple[Memory, Plan]]
    """For each reminder, what it remembered and what it plans."""
    items: Sequence[tuple[Item, tuple[str, ...]]]
    """What is to be told, each item once, with its channels."""

    @property
    def wake(self) -> datetime:
        """The next instant at which anything can be due."""
        return min((planned.wake for _, planned in self.plans.values()), default=END)


def look(
    memories: Callable[[str], Memory],
    settings: Settings,
    ledger: Ledger,
    now: datetime,
    zone: ZoneInfo,
    goods: Mapping[Files, Goods] | None = None,
) -> Look:
    """What every reminder has to tell; ``goods`` is what the files of one's own hold."""
    plans: dict[str, tuple[Memory, Plan]] = {}
    items: dict[str, tuple[Item, tuple[str, ...]]] = {}
    for reminder in settings.reminders:
        memory = memories(reminder.name)
        mine = (goods or {}).get(reminder.files, Goods())
        planned = plan(reminder, ledger, forget_future(memory, now), now, zone, mine)
        plans[reminder.name] = (memory, planned)
        for item in (*planned.items, *_unread(mine.problems, now)):
            channels = (*items.get(item.id, (item, ()))[1], *reminder.channels)
            items[item.id] = (item, tuple(dict.fromkeys(channels)))
    if trouble := _trouble(ledger, now):
        items[trouble.id] = (trouble, used(settings))
    return Look(plans, list(items.values()))


def used(settings: Settings) -> tuple[str, ...]:
    """The names of the channels that any reminder uses."""
    return tuple(dict.fromkeys(name for reminder in settings.reminders for name in reminder.channels))


def work(outbox: Outbox, seen: Look, settings: Settings, outside: Outside, dispatch: Dispatch) -> Outcome:
    """Store what was seen, then send what waits on every channel.

    Raises StateError; if nothing could be stored, nothing was sent.
    """
    now = outside.now
    ahead = any(memory.latest and memory.latest > now + SLIP for memory, _ in seen.plans.values())
    if ahead:
        outbox.forget_after(now + SLIP)
    outbox.queue({name: (old, new.memory) for name, (old, new) in seen.plans.items()}, seen.items, now)
    outbox.reroute(used(settings), now)
    outcome = Outcome()
    for name in used(settings):
        if channel := settings.channel(name):
            _deliver(outbox, channel, dispatch, outside, outcome)
    return outcome


def _deliver(
    outbox: Outbox, channel: Channel, dispatch: Dispatch, outside: Outside, outcome: Outcome
) -> None:
    """Send what waits for a channel in one message."""
    now = dispatch.now
    if not (waiting := outbox.waiting(channel.name)):
        return
    retry_at = outbox.retry_at(channel.name)
    if retry_at and now < retry_at <= now + LAST_RETRY:
        outcome.code = ExitCode.UNDELIVERED
        return
    items = [one.item for one in waiting]
    state = "sent" if len(items) <= dispatch.brake else "summed up"
    try:
        send(channel, compose([(one.item, one.created) for one in waiting], dispatch), outside)
    except PartlyError as error:
        outbox.sent(channel.name, items, now, state=state)
        outcome.code = ExitCode.UNDELIVERED
        outcome.said.append(f"channel {channel.name}: {clean(str(error))}; the others have it")
    except DeliveryError as error:
        again = outbox.failed(channel.name, clean(str(error)), now)
        minutes = round((again - now).total_seconds() / 60)
        outcome.code = ExitCode.UNDELIVERED
        outcome.said.append(
            f"channel {channel.name}: {clean(str(error))}; {len(items)} to tell, tried again in {minutes} "
            f"minutes, the first: {headline(items[0], now)}"
        )
    else:
        outbox.sent(channel.name, items, now, state=state)


def _trouble(ledger: Ledger, now: datetime) -> Item | None:
    """What cannot be read is not watched: that must be heard, once a day for the same problems."""
    if not ledger.problems:
        return None
    files = len({problem.loc.file for problem in ledger.problems})
    head = f"{files} ledger file{'s' * (files > 1)} cannot be read, and so not watched"
    return _told(ledger.problems, now, head, "mend with tariffwatch check", "Mend: run tariffwatch check")


def _unread(problems: Sequence[Problem], now: datetime) -> list[Item]:
    """The same of files of one's own: of these, what was known before is kept."""
    if not problems:
        return []
    files = len({problem.loc.file for problem in problems})
    head = f"{files} of your own files cannot be read, or not all of {'them' if files > 1 else 'it'}"
    return [_told(problems, now, head, "the rest is watched", "What was known of it before is kept.")]


def _told(problems: Sequence[Problem], now: datetime, head: str, title: str, last: str) -> Item:
    lines = [clean(f"{problem.loc}: {problem.message}") for problem in problems[:5]]
    text = "\n".join(lines).encode()
    left = len(problems) - len(lines)
    return Item(
        id=f"trouble-{now:%Y%m%d}-{zlib.crc32(text):08x}",
        kind=ItemKind.TROUBLE,
        action="",
        title=title,
        head=head,
        due=None,
        lines=(*lines, *([f"... and {left} more"] if left else []), last),
    )


def heart(settings: Settings) -> dict[str, str]:
    """Where the sign of life goes, as plain texts."""
    url = settings.heartbeat_url or Secret()
    parts = {"file": settings.heartbeat_file, "value": url.value, "env": url.env, "secret": url.file}
    return {name: str(part) for name, part in parts.items() if part}


def wake(outbox: Outbox, seen: Look, settings: Settings) -> datetime:
    """When to look again: when something is due, or a channel that failed may be tried."""
    retries = [at for name in used(settings) if outbox.waiting(name) and (at := outbox.retry_at(name))]
    return min([seen.wake, *retries])
