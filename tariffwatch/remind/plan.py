"""The plan: (reminder, ledger, memory, now) -> what to tell. Pure functions.

Rules, for each deadline on the watch:

* The rung that counts is the last one reached. It is told once; those before it are overtaken. So a
  machine that was off for a week tells each deadline once, by its nearest warning.
* A deadline that passed since the last look, with a rung reached and never told, was *missed* and is
  told as such.
* A deadline that has another date than the one remembered has *moved*; one that is gone was *dropped*,
  or settled; one that is new is told. Each is told with the events behind it, in one item an action, and
  stands for the rungs reached by then.
* The first look, and the first after the watch itself was changed, tell no news: they only warn.
* In quiet hours only what passes before they end is told; everything else is left as it was, to be
  found again when they are over.
* Knowledge never goes back: when the clock is set back, what was seen stays seen.
* Entries and shipments of one's own are watched whatever the filters. One that is new in its file is no
  news, for its owner put it there; one that has left it was dropped, if everything could be read. What a
  file says changes with the day, so that it is looked at every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tariffwatch import facts, prospect, query, words
from tariffwatch.changes import pair
from tariffwatch.entries import own
from tariffwatch.errors import Problem
from tariffwatch.ledger.load import Ledger
from tariffwatch.model import END, Action, Event, Fact
from tariffwatch.remind.items import Followed, Item, ItemKind, Memory, Plan
from tariffwatch.remind.pulse import SLIP
from tariffwatch.remind.telling import Change, Telling
from tariffwatch.results import Deadline, Filters, Key
from tariffwatch.settings.model import Reminder

KEPT = timedelta(days=30)
"""How long a passed deadline is remembered, and how old an event may be, at the last look, to be news."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Entries and shipments of one's own, as actions."""

    actions: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What could not be read: what is missing because of it stays as it was."""
    again: datetime | None = None
    """When to look again at files that were being written, and so were not read."""

    def watched(self, memory: Memory) -> list[Action]:
        """Those there are, and those that have left their file."""
        there = {action.id for action in self.actions}
        followed = {key.action for key in memory.followed if own.is_own(key.action)}
        whole = not (self.problems or self.again)
        return [*self.actions, *(own.gone(id) for id in sorted(followed - there) if whole)]


def plan(
    reminder: Reminder,
    ledger: Ledger,
    memory: Memory,
    now: datetime,
    zone: ZoneInfo,
    goods: Goods = Goods(),
) -> Plan:
    """What a reminder has to tell at an instant. ``zone`` is the clock of the quiet hours."""
    watch = fingerprint(reminder.watch)
    rebased = memory.watch != watch
    look = _Look(reminder, ledger, memory, now, zone, rebased=rebased)
    mine = _Look(replace(reminder, watch=query.NO_FILTERS), ledger, memory, now, zone, rebased=rebased)
    watched = filter(reminder.watch.takes, ledger.actions.values()) if reminder.ledger else ()
    own_ones = goods.watched(memory) if reminder.files else ()
    looks = [*((look, action) for action in watched), *((mine, action) for action in own_ones)]
    items: list[Item] = []
    seen = dict(memory.seen)
    followed = {key: f for key, f in memory.followed.items() if f.due.passes > look.since - KEPT}
    daily = own.next_day(now) if reminder.files else END
    wake = min(look.quiet_end or END, daily, goods.again or END)
    for eye, action in looks:
        found = eye.at(action)
        items += found.items
        wake = min(wake, found.wake)
        seen[action.id] = found.seen
        for key in found.gone:
            followed.pop(key, None)
        followed.update((f.key, f) for f in found.followed)
    if look.quiet_end:  # what was left alone must look the same when they are over
        return Plan(tuple(items), replace(memory, followed=followed), wake)
    return Plan(tuple(items), Memory(watch, look.knowing, seen, followed), wake)


def forget_future(memory: Memory, now: datetime) -> Memory:
    """The memory without what was told at instants that have not come: the clock had been ahead.

    A clock set back by no more than two days loses nothing.
    """
    if memory.latest is None or memory.latest <= now + SLIP:
        return memory
    followed = {
        key: replace(f, told=None) if f.told and f.told > now + SLIP else f
        for key, f in memory.followed.items()
    }
    return replace(memory, latest=now, followed=followed)


def fingerprint(watch: Filters) -> str:
    """What is watched, as a text that is equal for equal watches."""
    parts = (watch.ids, watch.on, watch.by, watch.kinds)
    return f"{[sorted(part) for part in parts]} {watch.authority or ''}"


@dataclass(slots=True)
class _Found:
    """What one action adds to a plan."""

    items: list[Item]
    followed: list[Followed]
    gone: list[Key]
    seen: frozenset[str]
    wake: datetime


class _Look:
    """One look at the world by one reminder."""

    def __init__(
        self,
        reminder: Reminder,
        ledger: Ledger,
        memory: Memory,
        now: datetime,
        zone: ZoneInfo,
        *,
        rebased: bool,
    ) -> None:
        self.reminder = reminder
        self.now = now
        self.rebased = rebased
        self.seen = memory.seen
        self.knowing = max(now, memory.latest or now)
        self.since = min(now, memory.latest or now)
        self.telling = Telling(ledger, now, self.knowing)
        self.quiet_end = reminder.quiet.ends(now, zone) if reminder.quiet else None
        self.followed: dict[str, list[Followed]] = {}
        for one in memory.followed.values():
            self.followed.setdefault(one.key.action, []).append(one)

    def at(self, action: Action) -> _Found:
        """What there is to tell of one action."""
        kinds = self.reminder.watch.kinds
        coming = prospect.deadlines(action, self.since, self.knowing)
        followed = self.followed.get(action.id, [])
        wake = self._wake(action, coming, followed)
        pairs = pair(
            [f for f in followed if f.due.passes > self.since],
            [d for d in coming if not kinds or d.kind in kinds],
        )
        seen = self.seen.get(action.id, frozenset())
        if self.quiet_end:
            urgent = [(f, d) for f, d in pairs if d and d.due.passes <= self.quiet_end]
            return self._followed(_Found([], [], [], seen, wake), urgent, announced=False)
        events = facts.history(action, self.knowing)
        found = _Found([], [], [], seen | {event.id for event in events}, wake)
        changes = [Change(f, d) for f, d in pairs if f is None or d is None or f.due.at != d.at]
        found.items += self._news(action, changes, [e for e in events if e.id not in seen], new=not seen)
        found.gone += [f.key for f, d in pairs if f and (d is None or d.key != f.key)]
        return self._followed(found, pairs, announced=bool(found.items))

    def _followed(
        self, found: _Found, pairs: Iterable[tuple[Followed | None, Deadline | None]], *, announced: bool
    ) -> _Found:
        """Warn of each deadline if a rung asks for it, and remember it.

        ``announced``: what has changed is told already.
        """
        for old, new in pairs:
            if new is None:
                continue
            kept = Followed(new.key, new.due, words.what_changes(new))
            same = old if old and old.due.at == new.at else None
            if same:
                kept = replace(kept, told=same.told, snoozed=same.snoozed)
            if announced and not same:
                kept = replace(kept, told=self.now)
            elif (reached := self._reached(kept, new)) and (old or new.due.passes > self.now):
                missed = reached < new.due.passes <= self.now
                kind = ItemKind.MISSED if missed else ItemKind.WARNING
                found.items.append(self.telling.warning(kind, new, reached))
                kept = replace(kept, told=reached)
            found.followed.append(kept)
        return found

    def _reached(self, kept: Followed, deadline: Deadline) -> datetime | None:
        """The last rung reached, if it has not been told; None also while warnings are held back."""
        passed = deadline.due.passes <= self.now
        if not passed and kept.snoozed and kept.snoozed > self.now:
            return None
        rungs = [rung.instant(deadline.due) for rung in self.reminder.before]
        reached = [at for at in (*rungs, *filter(None, [kept.snoozed])) if at <= self.now]
        last = max(reached, default=None)
        if last is None or (kept.told and kept.told >= last) or not self._in_phase(deadline.action):
            return None
        return last

    def _in_phase(self, action: Action) -> bool:
        phases = self.reminder.watch.phases
        return not phases or prospect.status(action, self.now, self.knowing).phase in phases

    def _news(
        self, action: Action, changes: Sequence[Change], events: Sequence[Event], *, new: bool
    ) -> list[Item]:
        """One item about everything that changed for an action, or none.

        A date that came with an event and was past at once is told by the event alone.
        """
        if self.rebased or not self.reminder.news or (new and own.is_own(action.id)):
            return []
        fresh = [e for e in events if e.known.at > self.since - KEPT]
        if not fresh and (new or not changes):
            return []
        learned = min((event.known.at for event in fresh), default=self.since)
        told = [c for c in changes if c.before or (c.after and c.after.at > min(learned, self.now))]
        return [self.telling.news(action, told, fresh, new=new)]

    def _wake(self, action: Action, coming: Sequence[Deadline], followed: Sequence[Followed]) -> datetime:
        """The next instant at which this action can have anything to tell."""
        known: tuple[Fact, ...] = (*action.events, *action.conditions, *action.deadlines)
        instants = (
            *(d.due.passes for d in coming),
            *(rung.instant(d.due) for d in coming for rung in self.reminder.before),
            *(f.snoozed for f in followed if f.snoozed),
            *(fact.known.at for fact in known if fact.known and fact.known.at > self.knowing),
        )
        return min((at for at in instants if at > self.now), default=END)
