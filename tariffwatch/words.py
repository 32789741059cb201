"""How instants, spans, rates and states are put into words. One spelling for every view and message."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tariffwatch.model import (
    BEGINNING,
    END,
    TOLD_ONLY,
    Action,
    Condition,
    DeadlineKind,
    Event,
    EventKind,
    Evidence,
    Fact,
    Instrument,
    Loc,
    Moment,
    Phase,
    Rate,
    StatedDeadline,
)
from tariffwatch.results import (
    ConditionOutlook,
    ConditionStatus,
    Deadline,
    Due,
    Fate,
    LineStatus,
    PastDeadline,
    Stage,
    State,
    Status,
)
from tariffwatch.timeline import Stretch

NEVER = "-"
MOST_BUSINESS_DAYS = 60
"""Beyond as many days, nobody counts business days."""
MOST_LINES = 10
"""How many lines with a rate of their own are named in one breath."""


def clean(text: str) -> str:
    """Text from a ledger as one printable line: no control character reaches a terminal.

    White space becomes a blank; any other character that does not print is written as its escape.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c.isspace() else c.encode("unicode_escape").decode() for c in text
    )


def instant(at: datetime, zone: ZoneInfo, day_only: bool = False) -> str:
    """``2025-03-04 00:01 EST``: a time in a zone; a day alone where the source gives no more."""
    if at in (BEGINNING, END):
        return NEVER
    local = at.astimezone(zone)
    said = local.isoformat(" ")
    if day_only:
        return said[:10]
    return f"{said[: 19 if local.second else 16]} {zone_name(local, zone)}"


def weekday(at: datetime, zone: ZoneInfo) -> str:
    """``Mon 2025-02-10 23:59:59 EST``: an instant with its day of the week."""
    return f"{at.astimezone(zone):%a} {instant(at, zone)}"


def moment(value: Moment, zone: ZoneInfo) -> str:
    """A date of the ledger, as exactly as the source gives it."""
    return instant(value.at, zone, value.day_only)


def with_weekday(value: Moment | date, zone: ZoneInfo) -> str:
    """``2025-03-04 00:01 EST, Tuesday``: a date told so that a slip is seen."""
    if isinstance(value, Moment):
        return f"{moment(value, zone)}, {value.at.astimezone(zone):%A}"
    return f"{value}, {value:%A}"


def boundary(at: datetime, zone: ZoneInfo) -> str:
    """Where a phase begins or ends; midnight is shown as the day."""
    local = at.astimezone(zone) if at not in (BEGINNING, END) else None
    return instant(at, zone, day_only=bool(local and (local.hour, local.minute, local.second) == (0, 0, 0)))


def zone_name(local: datetime, zone: ZoneInfo) -> str:
    """``EST``, ``CET``; elsewhere the city, for abbreviations such as CST mean several zones."""
    return _city(zone.key) or local.tzname() or zone.key


@functools.cache
def _city(key: str) -> str:
    """By what a zone is named whose abbreviations are not clear; nothing where they are."""
    region, _, city = key.rpartition("/")
    clear = key == "UTC" or region.startswith("Europe") or key.startswith(("America/New", "US/"))
    return "" if clear else city.replace("_", " ")


def time_left(due: Due, as_of: datetime) -> str:
    """``in 11 days, 7 business days``, on the legal zone's calendar; under three ``in 1 day (25 h 2 min)``.

    A day stated alone is counted in days only, and is ``today`` until it is over.
    """
    days = due.days_left(as_of)
    if days >= 3 or due.day_only:
        return days_left(due, as_of)
    seconds = int((due.at - as_of).total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    exact = (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min {seconds % 60} s"
        if minutes
        else f"{seconds} s"
    )
    if days == 0:
        return f"in {exact}"
    return f"in {days} day{'s' * (days > 1)} ({exact})"


def days_left(due: Due, as_of: datetime) -> str:
    """``in 11 days, 7 business days`` or ``today``, on the legal zone's calendar."""
    days = due.days_left(as_of)
    if days <= 0:
        return "today"
    text = f"in {days} day{'s' * (days > 1)}"
    if days > MOST_BUSINESS_DAYS:
        return text
    open_days = due.business_days_left(as_of)
    return f"{text}, {open_days} business day{'s' * (open_days != 1)}"


def ticking(due: Due, as_of: datetime) -> str:
    """``504:01:01``: hours, minutes and seconds left as they elapse, exact across a clock change.

    ``passed 23 s ago`` once it is over. Nothing where the source gives the day alone.
    """
    if (gone := int((as_of - due.passes).total_seconds())) >= 0:
        return f"passed {gone} s ago"
    if due.day_only:
        return ""
    minutes, seconds = divmod(int((due.at - as_of).total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def problems(count: int) -> str:
    """That there are problems in the ledger, and what to do about them."""
    return f"{count} problem{'s' * (count > 1)} in the ledger: run tariffwatch check"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """``Sun 2026-11-22 12:00:00 EST``: the hands of a clock, always with the seconds."""
    local = at.astimezone(zone)
    return f"{local:%a %Y-%m-%d %H:%M:%S} {zone_name(local, zone)}"


def rates(given: Mapping[str, Rate], *, name_all: bool = False) -> str:
    """``25% (energy 10%)``: the first line's rate, and the lines whose rate differs."""
    groups: dict[str, list[str]] = {}
    for line, rate in given.items():
        groups.setdefault(rate.text, []).append(line)
    if not groups:
        return ""
    if name_all:
        return _named(groups)
    (first, _), *others = groups.items()
    if not others:
        return first
    if (differing := sum(len(lines) for _, lines in others)) > MOST_LINES:
        return f"{first} ({differing} lines differ)"
    return f"{first} ({_named(dict(others))})"


def state(of: State, action: Action, partial: bool = False) -> str:
    """``in force at 25% (energy 10%)``; every line is named where only some change."""
    phase = of.phase.words if of.phase else "not yet public"
    worded = rates(of.rates, name_all=_partial(of, action, partial))
    return f"{phase} at {worded}" if worded else phase


def what_changes(deadline: Deadline) -> str:
    """What happens on a deadline if nobody acts: ``pause ends: in force at 25% (energy 10%)``."""
    before, after, kind = deadline.before, deadline.after, deadline.kind
    if before is None or after is None:
        said = f"{kind.words} (estimate)" if deadline.estimate else kind.words
        return f"{said}: {deadline.text}" if deadline.text else said
    if kind is DeadlineKind.RATE_CHANGES:
        return f"rate changes: {_rate_changes(before, after, deadline.action)}"
    if kind in (DeadlineKind.TAKES_EFFECT, DeadlineKind.EXPIRES):
        of = after if kind is DeadlineKind.TAKES_EFFECT else before
        named = _partial(of, deadline.action, deadline.partial)
        worded = rates(of.rates, name_all=named) or _some_lines(deadline)
        return f"{kind.words}: {worded}" if worded else kind.words
    some = "" if after.rates else _some_lines(deadline)
    return f"{kind.words}: {state(after, deadline.action, deadline.partial)}" + (f" ({some})" if some else "")


def _some_lines(deadline: Deadline) -> str:
    """The lines that change, where others do not and no rate tells them apart."""
    lines = deadline.lines
    return "" if len(lines) == len(deadline.action.line_ids) or len(lines) > MOST_LINES else ", ".join(lines)


def standing(status: Status) -> str:
    """The rates of the lines that are in the action's phase: ``25% (energy 10%)``."""
    given = {line.id: line.rate for line in status.lines if line.rate and line.phase is status.phase}
    return rates(given, name_all=_partial(State(status.phase, given), status.action))


def brief(status: Status) -> str:
    """The phase in a word or two, with the first rate: ``25% +4 lines``, ``suspended``, ``scheduled 15%``."""
    given = [line for line in status.lines if line.rate and line.phase is status.phase]
    first = str(given[0].rate) if given else ""
    others = len({str(line.rate) for line in given[1:]} - {first})
    rate = first + (f" +{others} other{'s' * (others > 1)}" if others else "")
    if status.phase is Phase.IN_FORCE and rate:
        return rate
    return f"{status.phase.words if status.phase else 'not yet public'} {rate}".rstrip()


def then(status: Status) -> str:
    """What happens next if nobody acts, everything of that instant."""
    return "; ".join(graded(what_changes(deadline), deadline.evidence) for deadline in status.next)


def sources(facts: Iterable[Deadline | Event | StatedDeadline]) -> str:
    """What says so, of several deadlines or facts, each source once."""
    parts = (part.strip() for fact in facts for part in (fact.source or "").split(";"))
    return "; ".join(dict.fromkeys(filter(None, parts)))


def since(status: Status) -> str:
    """When the phase began, and when the first line's rate did if that was later."""
    if status.since is None:
        return ""
    zone = status.action.zone
    text = boundary(status.since, zone)
    first = next((line for line in status.lines if line.phase is status.phase), None)
    if first and first.rate and first.since != status.since:
        return f"{text}; {first.rate} since {boundary(first.since, zone)}"
    return text


def checked(status: Status) -> str:
    """Through which day the sources were checked, and what that means for the asking date.

    Marked where a phase or rate rests on a single account.
    """
    return graded(_checked(status), Evidence.SINGLE if status.single_source else None)


def _checked(status: Status) -> str:
    if status.lapsed and status.lapsed.until:
        end = moment(status.lapsed.until, status.action.zone)
        return f"not since {status.lapsed.id} ran out by its own terms on {end}"
    if status.action.verified is None:
        return "never checked"
    return f"not since {status.action.verified}" if status.unchecked else f"to {status.action.verified}"


def phase_word(status: Status) -> str:
    """The phase, with a mark when the lines differ."""
    phase = status.phase.words if status.phase else "not yet public"
    return f"{phase} (lines differ)" if status.mixed else phase


def stands_at(status: Status) -> str:
    """The phase and its rates: ``in force (lines differ), 25% (energy 10%)``."""
    rate = standing(status)
    return phase_word(status) + (f", {rate}" if rate else "")


def turn(before: Status, after: Status) -> str:
    """``suspended, 25% -> in force, 25%``; where both sides sound alike, the lines that changed."""
    sides = stands_at(before), stands_at(after)
    if sides[0] != sides[1]:
        return " -> ".join(sides)
    old = {line.id: _line(line) for line in before.lines}
    new = {line.id: _line(line) for line in after.lines}
    groups: dict[str, list[str]] = {}
    for id in {**new, **old}:
        if old.get(id) != new.get(id):
            groups.setdefault(f"{old.get(id, NEVER)} -> {new.get(id, NEVER)}", []).append(id)
    return "; ".join(f"{_joined(lines)}: {turned}" for turned, lines in groups.items())


def _line(of: LineStatus) -> str:
    return f"{of.phase.words}, {of.rate}" if of.rate else of.phase.words


def whose(action: Action) -> str:
    """``ieepa-canada-border: US on CA, under IEEPA``: an action by its id, sides and law."""
    return f"{action.id}: {action.imposed_by} on {parties(action.on)}, under {action.authority}"


def sourced(source: str | None, evidence: Evidence | None) -> str:
    """The source, marked as ``graded`` has it."""
    return graded(source or "no source", evidence)


def graded(text: str, evidence: Evidence | None) -> str:
    """A text, with a mark when the fact rests on a single account."""
    return f"{text} [single source]" if evidence is Evidence.SINGLE else text


def added(loc: Loc | None, action: Action, own: Collection[str]) -> str:
    """`` [in my/us-example.toml]``: the user's own file that added a record to an action of another file."""
    return f" [in {loc.file}]" if loc and loc.file in own and loc.file != action.loc.file else ""


def stands(of: ConditionStatus, zone: ZoneInfo) -> str:
    """``progress (2025-02-03 19:27 EST): the finding's note``."""
    if of.assessed is None:
        return "no finding yet"
    note = f": {of.assessed.note}" if of.assessed.note else ""
    return f"{of.finding.value} ({moment(of.assessed.known, zone)}){note}"


def decided_on(of: ConditionOutlook) -> str:
    """The day or instant on which a condition is decided, or was."""
    at, passed = of.decision.at, of.decision.passed
    if at is None:
        return "" if of.stage is Stage.ENDED else "overtaken" if passed else "no date set"
    said = moment(at, of.action.zone)
    return said if of.decision.deadline or passed else f"{said}, as announced"


def due_date(due: Due) -> str:
    """When something falls due, as exactly as the source gives it."""
    return instant(due.at, due.zone, due.day_only)


def befell(fate: Fate, before: tuple[Due, str] | None, after: Deadline | None, as_of: datetime) -> str:
    """A changed deadline, to be read after its fate: ``from 2025-03-04 00:01 EST to 2025-04-02 pause ends``.

    ``before`` is the date as it was and what was to change on it, in words.
    """
    if after is None:
        assert before is not None, "a change has at least one side"
        return f"{due_date(before[0])} {before[1]}"
    what = f"{due_date(after.due)} {what_changes(after)}"
    if after.due.passes <= as_of:
        what += " (already past)"
    if before is None:
        return what
    if fate is Fate.OTHER_OUTCOME:
        return f"{what}; told before: {before[1]}"
    return f"from {due_date(before[0])} to {what}"


def acts(fates: Iterable[Fate], events: Sequence[Event]) -> str:
    """What happened, in a few words: the law's acts first, then what became of the dates."""
    told = [fate.words for fate in fates]
    kinds = [event.kind.value for event in events if event.kind not in TOLD_ONLY]
    moves = [fate for fate in told if fate not in (Fate.NEW_DATE.words, Fate.DROPPED.words)]
    findings = [f"found {event.finding.value}" for event in events if event.finding]
    every = [event.kind.value for event in events]
    return ", ".join(dict.fromkeys([*kinds, *moves] or findings or told or every))


def happened(event: Event, action: Action) -> str:
    """``modified: what happened``; a finding names its condition."""
    kind = event.kind.value
    if event.finding:
        condition = next((c.text for c in action.conditions if c.id == event.condition), event.condition)
        kind = f"found {event.finding.value}: {(condition or '').rstrip('.')}"
    return ": ".join(filter(None, [kind, event.note]))


def written(fact: Event | StatedDeadline, action: Action) -> str:
    """A record of the ledger: ``modified: what happened``, ``2025-03-10 report due: what is due``."""
    if isinstance(fact, Event):
        return happened(fact, action)
    text = fact.text or fact.note
    return f"{moment(fact.at, action.zone)} {fact.kind.words}" + (f": {text}" if text else "")


def many(count: int, word: str) -> str:
    """``1 event``, ``2 events``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def outcome(of: PastDeadline, zone: ZoneInfo) -> str:
    """What became of a deadline: ``moved to 2025-03-04 00:01 EST``, ``settled by report (2025-02-03)``."""
    parts = [f"moved to {moment(of.moved_to.at, zone)}"] if of.moved_to else []
    parts += [f"settled by {of.settled.id} ({moment(of.settled.known, zone)})"] if of.settled else []
    return "; ".join(parts) or "passed"


def held(stretch: Stretch) -> str:
    """``in force, 25%``: what holds for a line on a stretch of its strip."""
    phase = stretch.phase.words if stretch.phase else "not yet public"
    return f"{phase}, {stretch.rate}" if stretch.rate else phase


def event_kind(event: Event, action: Action) -> str:
    """``modified: general 35%``; ``border met``: an event by its kind, with its rates or finding."""
    if event.kind is EventKind.ASSESSED and event.finding:
        return f"{event.condition} {event.finding.value}"
    given = dict(event.rates)
    if event.rate:
        given |= {line: event.rate for line in action.line_ids if line not in given}
    worded = rates(given, name_all=len(given) < len(action.line_ids))
    worded = worded or ", ".join(event.lines)
    return f"{event.kind.value}: {worded}" if worded else event.kind.value


_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_DATED = {"order": "signed", "proclamation": "signed", "agreement": "signed", "judgment": "decided"}


def legal_day(day: date) -> str:
    """``Feb. 1, 2025``: a day as footnotes of law give it, whatever the locale."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def legal_moment(value: Moment, zone: ZoneInfo) -> str:
    """``Feb. 4, 2025, 00:01 EST``: a date of the ledger as footnotes give it, as exact as its source."""
    local = value.at.astimezone(zone)
    day = legal_day(local.date())
    return day if value.day_only else f"{day}, {instant(value.at, zone).partition(' ')[2]}"


def citation(of: Instrument) -> str:
    """``Order 1, On steel, 90 FR 1, Doc. 2025-1 (signed Feb. 1, 2025; published Feb. 7, 2025)``.

    What is not known is left out, and so is a citation that the title holds already.
    """
    cite = of.cite if of.cite and of.cite not in of.title else None
    parts = [of.title, cite, of.doc and f"Doc. {of.doc}"]
    days = [(_DATED.get(of.kind or "", "dated"), of.signed), ("published", of.published)]
    dated = "; ".join(f"{word} {legal_day(day)}" for word, day in days if day)
    return ", ".join(part for part in parts if part) + (f" ({dated})" if dated else "")


def told(fact: Fact, action: Action) -> str:
    """What a fact says, as footnotes tell it: ``ordered: general 25%, effective Feb. 4, 2025, 00:01 EST``."""
    if isinstance(fact, Condition):
        said = f"condition on {fact.party}: {fact.text}"
    elif isinstance(fact, StatedDeadline):
        text = f": {fact.text}" if fact.text else ""
        said = f"{fact.kind.words} {legal_moment(fact.at, action.zone)}{text}"
    elif fact.kind in (EventKind.MILESTONE, EventKind.ASSESSED) and fact.note:
        said = fact.note
    else:
        dates = (("effective", fact.effective), ("until", fact.until))
        worded = [f"{word} {legal_moment(of, action.zone)}" for word, of in dates if of]
        said = ", ".join([event_kind(fact, action), *worded])
    mark = " (single source)" if fact.evidence is Evidence.SINGLE else ""
    return said.rstrip(".") + mark


def parties(codes: tuple[str, ...]) -> str:
    """Countries by their codes; all of them as a word."""
    if "*" in codes:
        return "all countries"
    return ", ".join(codes) if len(codes) <= 8 else f"{len(codes)} economies"


def _partial(of: State, action: Action, partial: bool = False) -> bool:
    """Whether a state speaks of some lines only, so that they must be named."""
    return bool(of.rates) and (partial or next(iter(of.rates)) != next(iter(action.line_ids), None))


def _rate_changes(before: State, after: State, action: Action) -> str:
    groups: dict[str, list[str]] = {}
    for line in {**after.rates, **before.rates}:
        old, new = before.rates.get(line), after.rates.get(line)
        groups.setdefault(f"{old or 'no rate'} -> {new or 'no rate'}", []).append(line)
    return next(iter(groups)) if len(action.line_ids) == 1 else _named(groups)


def _named(groups: Mapping[str, Sequence[str]]) -> str:
    """``energy and potash 10%, usmca exempt``; many lines are counted, ``show`` names them."""
    if (count := sum(len(lines) for lines in groups.values())) > MOST_LINES:
        return f"{count} lines"
    return ", ".join(f"{_joined(lines)} {rate}" for rate, lines in groups.items())


def _joined(names: Sequence[str]) -> str:
    """``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


LETTERS = {
    Phase.IN_FORCE: "I",
    Phase.SUSPENDED: "S",
    Phase.SCHEDULED: "C",
    Phase.THREATENED: "T",
    Phase.OPEN: "O",
    Phase.EXPIRED: "X",
    Phase.TERMINATED: "E",
    Phase.INVALIDATED: "V",
    Phase.SUPERSEDED: "U",
    Phase.WITHDRAWN: "W",
    Phase.CLOSED: "L",
}
"""The letter of a phase where there is room for no more: one of its word, and of no other phase."""

LIVE_STYLE = {
    Phase.IN_FORCE: "bold",
    Phase.SUSPENDED: "yellow",
    Phase.SCHEDULED: "cyan",
    Phase.THREATENED: "magenta",
    Phase.OPEN: "blue",
}
"""Colour is never the only sign: the phase stands beside it in words."""
