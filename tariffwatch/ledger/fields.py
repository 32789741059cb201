"""One table of every key that a ledger file may hold.

It drives the reader, every message about a key, the reference and the editors' schema; nothing else
lists keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tariffwatch.calendars import HOLIDAYS
from tariffwatch.clocks import Count, Group, Roll
from tariffwatch.ledger.kinds import (
    Kind,
    boolean,
    country,
    day,
    each,
    hour,
    moment,
    one_of,
    one_of_words,
    part,
    parts,
    rate,
    rates,
    rule,
    slug,
    text,
    timezone,
    transit,
    url,
)
from tariffwatch.model import TURNING_KINDS, Basis, DeadlineKind, EventKind, Evidence, Finding


@dataclass(frozen=True, slots=True)
class Field:
    """A key: its name, the kind of its value, what it means, and whether it is needed."""

    key: str
    kind: Kind
    meaning: str
    example: str
    needed: bool = False


_FACT = (
    Field(
        "source",
        text,
        "The instrument that says so, with its section, or a legal citation; several with semicolons.",
        '"eo-1 sec. 2(a)"',
    ),
    Field(
        "evidence",
        one_of(Evidence),
        "What the fact rests on: the text itself, two independent accounts, or one.",
        '"text"',
    ),
    Field("disputed", text, "Who says otherwise, and why this is right.", '"The press says 30 days."'),
    Field("note", text, "In one sentence, what happened.", '"Signed in the evening."'),
)
_RECORDED = Field("recorded", day, "The day it entered this ledger.", "2026-11-22")

ACTION = (
    Field("id", slug, "The slug; also the file's name.", '"us-example"', needed=True),
    Field("title", text, "What the measure is called.", '"Example duty on Freedonia"', needed=True),
    Field(
        "imposed_by", country, "The government that imposes it: ISO 3166 alpha-2, or EU.", '"US"', needed=True
    ),
    Field("on", each(country), "Whose goods or acts it is on; * is every country.", '["FD"]', needed=True),
    Field("authority", text, "The law it rests on, in short.", '"IEEPA"', needed=True),
    Field("zone", timezone, "The zone of every time without an offset.", '"America/New_York"', needed=True),
    Field("verified", day, "The day through which it was checked against sources.", "2026-11-22"),
    Field("summary", text, "What it is, in one sentence.", '"A duty on all goods of Freedonia."'),
    Field("disputed", text, "Quarrels about the action as a whole.", '"The press calls it a ban."'),
    Field("note", text, "Anything else that a reader should know.", '"Succeeded by us-example-2."'),
)
OVERLAY = (
    Field(
        "extends_action",
        slug,
        "The action of another folder to which this adds.",
        '"us-example"',
        needed=True,
    ),
    Field("zone", timezone, "The zone of its times, if not New York.", '"Europe/Brussels"'),
)
LINE = (
    Field("id", slug, "The line's name within the action.", '"general"', needed=True),
    Field("label", text, "What goods it covers.", '"All goods not named below"', needed=True),
    Field("headings", each(text), "Tariff headings as the schedule prints them.", '["9903.01.99"]'),
    Field("note", text, "Anything else about the line.", '"Free under the USMCA."'),
)
INSTRUMENT = (
    Field("id", slug, "The name by which sources cite it.", '"eo-1"', needed=True),
    Field("title", text, "Its title.", '"Executive Order 1, Imposing an example"', needed=True),
    Field(
        "kind", text, "Order, proclamation, notice, guidance, judgment, statute, post or report.", '"order"'
    ),
    Field("signed", day, "The day it was signed, adopted or decided.", "2025-02-01"),
    Field("published", day, "The day the official gazette printed it.", "2025-02-07"),
    Field("cite", text, "The official citation.", '"90 FR 1"'),
    Field("doc", text, "The register's document number.", '"2025-00001"'),
    Field("url", url, "Where it can be read.", '"https://www.federalregister.gov/d/2025-00001"'),
    Field("archive", url, "A lasting copy of that page.", '"https://www.govinfo.gov/..."'),
    Field("affects", each(slug), "The actions it changed, when they are several.", '["us-example"]'),
    Field("note", text, "Anything else about it.", '"Printed with a wrong date."'),
)
EVENT = (
    Field("id", slug, "The event's name within the action.", '"start"', needed=True),
    Field("kind", one_of(EventKind), "What it does to the strip.", '"ordered"', needed=True),
    Field("known", moment, "When the public could know it.", "2025-02-01", needed=True),
    _RECORDED,
    Field("effective", moment, "When it bites.", "2025-02-04T00:01:00"),
    Field("until", moment, "The first instant at which it no longer holds.", "2025-03-04T00:01:00"),
    Field("lines", each(slug), "The lines it touches, when not all.", '["general"]'),
    Field("rate", rate, "The rate for every line that it touches.", '"25%"'),
    Field("rates", rates, "The rate of each line.", '{ general = "25%" }'),
    Field("extends", slug, "The event whose stretch it prolongs.", '"pause"'),
    Field("postpones", slug, "The event whose start it moves.", '"start"'),
    Field("condition", slug, "The condition that was assessed.", '"border"'),
    Field("finding", one_of(Finding), "How that condition was found to stand.", '"met"'),
    Field("by", slug, "The action that supersedes this one.", '"us-example-2"'),
    Field(
        "transit",
        transit,
        "The in-transit clause that softens it.",
        "{ loaded_before = 2025-02-01T00:01:00, entered_before = 2025-03-07T00:01:00 }",
    ),
    *_FACT,
)
CONDITION = (
    Field("id", slug, "The condition's name within the action.", '"border"', needed=True),
    Field("party", text, "Who must do it: a country's two letters, or a name.", '"FD"', needed=True),
    Field("text", text, "What must be done.", '"Send 10,000 troops to the border."', needed=True),
    Field(
        "basis",
        one_of(Basis),
        'Whether the law says so, or only politicians: "legal" or "pledge".',
        '"legal"',
    ),
    Field("known", moment, "When it became public, if not with what it bears on.", "2025-02-03"),
    Field("decided_by", text, "Who decides whether it is met.", '"The President"'),
    Field("if_met", text, "What follows if it is met.", '"The duty is removed."'),
    Field("if_unmet", text, "What follows if it is not.", '"The duty takes effect."'),
    Field("bears_on", slug, "The event or deadline that hangs on it.", '"pause"'),
    *_FACT,
)
DEADLINE = (
    Field("id", slug, "The deadline's name within the action.", '"report"', needed=True),
    Field(
        "kind", one_of(DeadlineKind, without=TURNING_KINDS), "What falls due.", '"report-due"', needed=True
    ),
    Field("at", moment, "When, unless a rule says so.", "2025-10-29"),
    Field(
        "rule", rule, "The clock, and the event that starts it.", '{ clock = "s232-report", from = "start" }'
    ),
    Field("text", text, "What falls due, in a few words.", '"Report to the President"'),
    Field("known", moment, "When it became public, if not with the action.", "2025-02-01"),
    Field("replaces", slug, "The deadline that it moves.", '"first-report"'),
    Field("settled_by", slug, "The event that met, cancelled or overtook it.", '"report-sent"'),
    _RECORDED,
    *_FACT,
)

CLOCK = (
    Field("id", slug, "The rule's name; versions of one rule share it.", '"s122-150-days"', needed=True),
    Field("title", text, "What it is.", '"Section 122 surcharge: 150 days"', needed=True),
    Field("group", one_of(Group), "Measures, entries, or elsewhere.", '"measures"', needed=True),
    Field("trigger", text, "What starts it, in the law's words.", '"the surcharge applies"', needed=True),
    Field("length", text, 'Terms such as "150 days", "4 years - 1 day".', '"150 days"', needed=True),
    Field("count", one_of(Count), "How it is counted from the trigger day.", '"period"', needed=True),
    Field("cite", text, "The law.", '"19 U.S.C. 2132(a)"', needed=True),
    Field("zone", timezone, "On whose calendar.", '"America/New_York"', needed=True),
    Field("roll", one_of(Roll), "Where a closed last day goes.", '"none"'),
    Field("authority", text, "By what it rolls, or why not.", '"19 CFR 113.42"'),
    Field("calendar", one_of_words(HOLIDAYS), "Whose closed days.", '"us-federal"'),
    Field("hour", hour, "The time of day of the effect, or of a trigger given as a day.", "00:01:00"),
    Field(
        "earlier_of",
        part,
        "A second limit; the earlier counts.",
        '{ id = "liquidation", label = "...", length = "-15 days", trigger = "..." }',
    ),
    Field("parts", parts, "Further dates.", '[{ id = "opens", label = "...", length = "1 day" }]'),
    Field("law_from", day, "The first trigger day of this version.", "2004-12-18"),
    Field("law_until", day, "The first trigger day of the next version.", "2017-11-01"),
    Field("estimate", boolean, "Practice, not law.", "true"),
    Field("reading", text, "What else an open text may mean.", '"The day before, by one port."'),
    Field("evidence", one_of(Evidence), "What the rule rests on.", '"text"'),
    Field("note", text, "Anything else.", '"Never counted from signature."'),
)
CLOSING = (
    Field("id", slug, "A name for it.", '"carter"', needed=True),
    Field("day", day, "The day on which offices were closed.", "2025-01-09", needed=True),
    Field("reason", text, "Why.", '"Day of mourning for President Carter"', needed=True),
    Field("calendars", each(slug), "The calendars that it closes.", '["us-ofr"]', needed=True),
    Field("source", text, "What ordered it.", '"E.O. 14133"', needed=True),
    Field("evidence", one_of(Evidence), "What the fact rests on.", '"text"'),
)

TABLES: Mapping[str, tuple[Field, ...]] = {
    "lines": LINE,
    "instruments": INSTRUMENT,
    "events": EVENT,
    "conditions": CONDITION,
    "deadlines": DEADLINE,
}
"""The arrays of tables that an action's file may hold, by name."""

SHARED: Mapping[str, Mapping[str, tuple[Field, ...]]] = {
    "instruments.toml": {"instruments": INSTRUMENT},
    "clocks.toml": {"clocks": CLOCK, "closings": CLOSING},
}
"""The files that hold no action, and the tables that each may hold."""
