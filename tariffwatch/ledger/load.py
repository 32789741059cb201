"""The only reader of ledger folders: files -> one ledger, user folders laid over the shipped one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from tariffwatch.calendars import Closing, calendar
from tariffwatch.clocks import Clock, ClockError, Worked, version, work
from tariffwatch.errors import LedgerError, Problem
from tariffwatch.ledger.cache import Cache
from tariffwatch.ledger.kinds import hint
from tariffwatch.ledger.parse import MAX_BYTES, UNWORKED, Overlay, Parsed, parse
from tariffwatch.model import Action, Instrument, Loc, Moment, Rule

CLOCKS_FILE = "clocks.toml"
"""The file of the legal clocks, in the shipped folder."""

T = TypeVar("T", Action, Instrument)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that was read: actions by slug, shared instruments by id, and what was wrong."""

    actions: Mapping[str, Action]
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    clocks: Mapping[str, tuple[Clock, ...]] = field(default_factory=dict)
    """The versions of each legal clock, by its id."""
    closings: tuple[Closing, ...] = ()
    problems: tuple[Problem, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    """The files that add to an action, as they were read; the actions above hold what they add."""
    own: frozenset[str] = frozenset()
    """The files that did not come with the program, as a ``Loc`` names them."""

    def instrument(self, action: Action, id: str) -> Instrument | None:
        """The instrument that an action calls by that id: its own, else a shared one."""
        own = next((instrument for instrument in action.instruments if instrument.id == id), None)
        return own or self.instruments.get(id)

    def versions(self, id: str) -> tuple[Clock, ...]:
        """The versions of a clock; raises ClockError, with the nearest name, if there is none."""
        if id not in self.clocks:
            fix = hint(id, list(self.clocks), "tariffwatch clock lists them")
            raise ClockError(f'no clock is called "{id}"; {fix}')
        return self.clocks[id]

    def work(
        self,
        id: str,
        trigger: datetime | date,
        others: Mapping[str, date] | None = None,
        zone: ZoneInfo | None = None,
    ) -> Worked:
        """Work a clock out with the version that was law on the trigger day, on its calendar.

        Raises ClockError for an unknown clock, or one that was not law then.
        """
        versions = self.versions(id)
        day = trigger.astimezone(versions[0].zone).date() if isinstance(trigger, datetime) else trigger
        clock = version(versions, day)
        if zone is not None:
            clock = replace(clock, zone=zone)
        return work(clock, trigger, calendar(clock.calendar, self.closings), others)


def rule_trigger(action: Action, rule: Rule) -> date | datetime:
    """What starts the clock of a rule; raises ClockError if the event or its date is not there."""
    if isinstance(rule.start, date):
        return rule.start
    event = action.event(rule.start)
    if event is None:
        raise ClockError(f'the rule starts from "{rule.start}", and no event has that id')
    moment = event.known if rule.of == "known" or event.effective is None else event.effective
    return moment.at.astimezone(action.zone).date() if moment.day_only else moment.at


def rule_date(action: Action, rule: Rule, ledger: Ledger) -> Moment:
    """The date that a rule gives a deadline; raises ClockError."""
    worked = ledger.work(rule.clock, rule_trigger(action, rule))
    if rule.part is None:
        return Moment(worked.at, worked.day_only)
    if rule.part not in worked.parts:
        raise ClockError(f'the clock {rule.clock} has no part "{rule.part}"')
    day = datetime.combine(worked.parts[rule.part], time(), tzinfo=worked.clock.zone)
    return Moment(day.astimezone(UTC), day_only=True)


def shipped() -> Path:
    """The folder of the ledger that comes with the program, installed or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "data", package.parent / "data"):
        if folder.is_dir():
            return folder
    raise LedgerError("the ledger that ships with tariffwatch is missing: install the program again")


def load(
    paths: Sequence[Path],
    cache_folder: Path | None = None,
    *,
    drafts: Mapping[Path, bytes] | None = None,
    law: Path | None = None,
) -> Ledger:
    """Read folders and single files, later ones over earlier ones; what stands in the first is no one's own.

    What was parsed before and is unchanged is taken from the cache folder, if one is given. ``drafts``
    are files, by their resolved paths, that are taken as if they held these bytes; they may be new.
    ``law`` is the folder of the legal clocks where the paths hold none; the shipped one unless given.
    Raises LedgerError for a path that is not there. Problems inside files are values: the file is left
    out, the rest is read.
    """
    cache = Cache.open(cache_folder)
    builder = _Builder(cache)
    drafts = drafts or {}
    seen: set[Path] = set()  # the shipped folder may be named again, as --data data in a checkout
    for number, path in enumerate(paths):
        for file, root in ledger_files(path):
            if (place := real(file)) not in seen:
                seen.add(place)
                draft = drafts.get(place)
                parsed = _read(file, root, cache) if draft is None else parse(draft, shown_name(file))
                builder.add(parsed, file, own=number > 0)
    for file in drafts.keys() - seen:
        builder.add(parse(drafts[file], shown_name(file)), file, own=True)
    if not builder.has_clocks and (clocks := (law or shipped()) / CLOCKS_FILE).is_file():
        builder.add(_read(clocks, clocks.parent, cache), clocks)  # the law is the same for every folder
    ledger = builder.ledger()
    cache.save()
    return ledger


def ledger_files(path: Path) -> Iterable[tuple[Path, Path]]:
    """The ledger files below a path, in a fixed order, each with the folder it must stay in.

    Raises LedgerError for a path that is not there.
    """
    if os.path.isfile(path):  # as the next: no error for a name that no system allows
        return [(path, path.parent)]
    if not os.path.isdir(path):
        raise LedgerError(f"there is no ledger folder or file {path}")
    try:
        return [(file, path) for file in sorted(path.rglob("*.toml"))]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LedgerError(f"the ledger folder {path} cannot be read: {reason}") from None


def parsed_files(path: Path) -> Iterator[tuple[Path, Parsed]]:
    """What each file below a path holds by itself, nothing laid over anything."""
    for file, root in ledger_files(path):
        yield file, _read(file, root, Cache(None))


def _read(file: Path, root: Path, cache: Cache) -> Parsed:
    name = shown_name(file)
    if kept := cache.get(file, name):
        return kept
    try:
        if not real(file).is_relative_to(real(root)):
            return _failed(name, "TW004", "is a link that leads out of the ledger folder", "copy the file in")
        if not file.is_file():  # a folder, a pipe that would never end, a link to nothing
            return _failed(name, "TW004", "is no file that can be read", "move it out of the ledger folder")
        parsed = parse(contents(file), name)
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        return _failed(
            name, "TW004", f"the file cannot be read: {words}", "make it a readable file, or move it"
        )
    cache.put(file, name, parsed)
    return parsed


def real(path: Path) -> Path:
    """A path with every link followed; ``Path.resolve`` fails on links in a circle before Python 3.13."""
    return Path(os.path.realpath(path))


def contents(file: Path) -> bytes:
    """The bytes of a ledger file; of one that is too large, just so many that it shows. Raises OSError."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _failed(name: str, code: str, message: str, fix: str) -> Parsed:
    return Parsed(problems=[Problem(Loc(name, 1), code, message, fix)])


def shown_name(file: Path) -> str:
    """A path as people would type it from where they stand."""
    here = os.path.join(os.getcwd(), "")
    return os.path.join(here, file).removeprefix(here).replace(os.sep, "/")


class _Builder:
    """Gathers what the files hold, and joins it at the end."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._actions: dict[str, Action] = {}
        self._instruments: dict[str, Instrument] = {}
        self._overlays: list[Overlay] = []
        self._clocks: dict[str, tuple[Clock, ...]] = {}
        self._closings: list[Closing] = []
        self._problems: list[Problem] = []
        self._own: set[str] = set()

    @property
    def has_clocks(self) -> bool:
        return bool(self._clocks)

    def add(self, parsed: Parsed, file: Path, *, own: bool = False) -> None:
        self._problems += parsed.problems
        if own and (holds := parsed.action or parsed.overlay):
            self._own.add(holds.loc.file)
        if parsed.overlay:
            self._overlays.append(parsed.overlay)
        for clock in parsed.clocks:
            self._clocks[clock.id] = (*self._clocks.get(clock.id, ()), clock)
        self._closings += parsed.closings
        for instrument in parsed.instruments:
            self._once(self._instruments, instrument)
        if action := parsed.action:
            if action.id != file.stem:
                self._problem("TW105", action.loc, f'the file of "{action.id}" is named {file.name}',
                              f"rename it to {action.id}.toml")  # fmt: skip
            self._once(self._actions, action)

    def ledger(self) -> Ledger:
        for overlay in self._overlays:
            self._lay_over(overlay)
        ledger = Ledger({}, self._instruments, self._clocks, tuple(self._closings))
        ledger = replace(ledger, overlays=tuple(self._overlays), own=frozenset(self._own))
        actions = {slug: self._worked(action, ledger) for slug, action in sorted(self._actions.items())}
        problems = tuple(sorted(self._problems, key=lambda problem: problem.order))
        return replace(ledger, actions=actions, problems=problems)

    def _worked(self, action: Action, ledger: Ledger) -> Action:
        """The action with every deadline dated that a rule dates; one that cannot be is left out.

        A date that is stated stays as it is; a rule beside it that gives none is dropped.
        """
        if not any(deadline.rule for deadline in action.deadlines):
            return action
        dated = []
        for deadline in action.deadlines:
            stated = deadline.at != UNWORKED
            if deadline.rule is None:
                dated.append(deadline)
                continue
            try:
                at = self._date(action, deadline.rule, ledger)
                dated.append(deadline if stated else replace(deadline, at=at))
            except ClockError as error:
                fix = "correct the rule, or drop it" if stated else "correct the rule, or write at = ..."
                self._problem("TW310", deadline.loc, f'deadline "{deadline.id}": {error}', fix)
                if stated:
                    dated.append(replace(deadline, rule=None))
        return replace(action, deadlines=tuple(dated))

    def _date(self, action: Action, rule: Rule, ledger: Ledger) -> Moment:
        trigger = rule_trigger(action, rule)
        law = (ledger.versions(rule.clock), ledger.closings)
        return self._cache.date(
            (rule.clock, rule.part, trigger, repr(law)), lambda: rule_date(action, rule, ledger)
        )

    def _once(self, held: dict[str, T], new: T) -> None:
        if old := held.get(new.id):
            self._problem("TW106", new.loc, f'"{new.id}" stands already in {old.loc}',
                          'rename this one, or add to that one with extends_action')  # fmt: skip
        else:
            held[new.id] = new

    def _lay_over(self, overlay: Overlay) -> None:
        slug = overlay.extends_action
        action = self._actions.get(slug)
        if action is None:
            fix = hint(slug, list(self._actions), "name an action of the ledger")
            self._problem("TW301", overlay.loc, f'extends_action = "{slug}", and no action has that id', fix)
            return
        self._actions[slug] = replace(
            action,
            lines=action.lines + overlay.lines,
            instruments=action.instruments + overlay.instruments,
            events=action.events + overlay.events,
            conditions=action.conditions + overlay.conditions,
            deadlines=action.deadlines + overlay.deadlines,
        )

    def _problem(self, code: str, loc: Loc, message: str, fix: str) -> None:
        self._problems.append(Problem(loc, code, message, fix))
