"""One page of HTML that needs nothing but a browser: no network, no other file.

It holds the countdown, a row per action, the strips drawn as SVG, the conditions and the sources.
Without JavaScript all of it is there; with it one can search and filter, and countdowns tick.

The markup stands in ``templates/``. Text from files is data: whatever a template writes has gone through
``clean`` and the escaping of the template engine, which are set up in one place, ``_environment``. Should
something slip through all the same, the page's Content-Security-Policy lets no script run and no style
count but the page's own two, by their hashes, and nothing be fetched at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tariffwatch import words
from tariffwatch.citing import cited
from tariffwatch.model import Action, Instrument, Phase, citations
from tariffwatch.prospect import strips
from tariffwatch.results import ConditionOutlook, Deadline, Span, Status
from tariffwatch.views import conditions, svg
from tariffwatch.views.document import Cell, Paragraph
from tariffwatch.views.report import When, countdown_row, status_row, unchecked_note

if TYPE_CHECKING:
    from jinja2 import Environment

Anchors = Mapping[str, str]
"""The place on the page of each instrument that an action cites, by the instrument's id."""


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument in the list of sources."""

    anchor: str
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Reference:
    """A part of a citation: ``eo-1``, ``sec. 2(a)``; with a place on the page where the list has it."""

    name: str
    section: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A row of the countdown."""

    deadline: Deadline
    cells: Sequence[Cell]
    references: Sequence[Reference]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A row of the table of actions, what unfolds below it, and its strips."""

    status: Status
    cells: Sequence[Cell]
    references: Sequence[Reference]
    drawing: svg.Drawing


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A row of a table of conditions."""

    outlook: ConditionOutlook
    cells: Sequence[Cell]
    references: Sequence[Reference]


def page(
    statuses: Sequence[Status],
    coming: Sequence[Deadline],
    outlook: Sequence[ConditionOutlook],
    instruments: Mapping[str, Instrument],
    when: When,
    *,
    live: bool,
    notes: Sequence[Paragraph] = (),
) -> str:
    """The page; the same bytes for the same question. ``outlook`` tells of conditions.

    ``notes`` stand on top.

    ``live`` says that the question is about the present: then countdowns tick, and the page says how
    old it is when it is opened later. A page about another date stands still.
    """
    told_of = [of.action for results in (statuses, coming, outlook) for of in results]
    listed, anchors = _sources(told_of, instruments, when)
    span = svg.years(when.as_of, when.zone)
    environment = _environment()
    style, script = (_asset(environment, name) for name in ("page.css", "page.js"))
    text = environment.get_template("page.html").render(
        when=when,
        live=live,
        style=style,
        script=script,
        policy=_policy(style, script),
        deadlines=[_deadline_row(d, anchors[d.action.id], when) for d in coming],
        actions=[_action_row(s, anchors[s.action.id], span, when) for s in statuses],
        phase_of={s.action.id: s.phase for s in statuses},
        phases={phase: n for phase in Phase if (n := sum(s.phase is phase for s in statuses))},
        conditions=_conditions(outlook, anchors, when),
        notes=[*unchecked_note(statuses), *notes],
        sources=listed,
        span=span,
        axis=svg.axis(span, when.as_of, when.zone),
    )
    return f"{text}\n"


def _deadline_row(deadline: Deadline, anchors: Anchors, when: When) -> DeadlineRow:
    return DeadlineRow(deadline, countdown_row(deadline, when), _references(deadline.source, anchors))


def _action_row(status: Status, anchors: Anchors, span: Span, when: When) -> ActionRow:
    action = status.action
    return ActionRow(
        status=status,
        cells=status_row(status),
        references=[Reference(name, "", anchor) for name, anchor in anchors.items()],
        drawing=svg.draw(action, strips(action, when.knowing), span),
    )


def _conditions(
    outlook: Sequence[ConditionOutlook], anchors: Mapping[str, Anchors], when: When
) -> list[tuple[str, list[ConditionRow]]]:
    """A table for each stage, with its heading."""
    return [
        (conditions.TITLES[stage], [_condition_row(of, anchors[of.action.id], when) for of in group])
        for stage, group in groupby(outlook, key=lambda of: of.stage)
    ]


def _condition_row(of: ConditionOutlook, anchors: Anchors, when: When) -> ConditionRow:
    *cells, source = conditions.row(of, when)
    return ConditionRow(of, cells, _references(source.text, anchors))


def _sources(
    actions: Iterable[Action], shared: Mapping[str, Instrument], when: When
) -> tuple[list[Source], dict[str, Anchors]]:
    """Every instrument that is cited, once, by its id; and for each action, where on the page its own are.

    Places are numbered, since two actions may give different instruments of their own the same id.
    """
    found = {action.id: cited(action, shared, when.knowing) for action in actions}
    by_place = {instrument.loc: instrument for own in found.values() for instrument in own}
    ordered = sorted(by_place.values(), key=lambda instrument: instrument.id)
    listed = {i.loc: Source(f"source-{n}", i) for n, i in enumerate(ordered, 1)}
    anchors: dict[str, Anchors] = {id: {i.id: listed[i.loc].anchor for i in own} for id, own in found.items()}
    return list(listed.values()), anchors


def _references(source: str | None, anchors: Anchors) -> list[Reference]:
    return [Reference(name, section, anchors.get(name)) for name, section in citations(source or "")]


def _environment() -> Environment:
    """The template engine: everything that a template writes is made printable, then escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    def printable(value: Any) -> Any:
        return words.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def dated(text: str) -> Markup:
        """The text with its dates in one piece: browsers break lines at a hyphen."""
        return Markup(_DATE.sub(r'<span class="date">\g<0></span>', str(escape(printable(text)))))

    environment = Environment(
        loader=PackageLoader("tariffwatch.views"),
        autoescape=True,
        finalize=printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=words)
    environment.filters.update(dated=dated, web=_web, iso=lambda at, zone: at.astimezone(zone).isoformat())
    return environment


def _web(url: str | None) -> str | None:
    """An address that may become a link: http or https, nothing that would run."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def _asset(environment: Environment, name: str) -> str:
    """A style sheet or script of ours as it stands in the page, with the line ends that browsers hash."""
    assert environment.loader is not None
    return "\n".join(environment.loader.get_source(environment, name)[0].splitlines())


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched, sent or run, but for this style and this script (CSP Level 3, 2.3.1)."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
