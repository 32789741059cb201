"""``tariffwatch cite ID``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from tariffwatch import citing, words
from tariffwatch.cli import complete
from tariffwatch.cli.question import Format, Question, answer, known_id, shared_options
from tariffwatch.errors import UsageError
from tariffwatch.ledger.kinds import hint
from tariffwatch.model import Action
from tariffwatch.results import Citation
from tariffwatch.views import footnotes, json

FILTERS = frozenset({"on", "by", "authority", "phase", "kind", "within", "id"})


@partial(shared_options, without=FILTERS)
def cite(
    given: dict[str, Any],
    action: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The action's id, as status lists it.", autocompletion=complete.ids
        ),
    ],
    instrument: Annotated[
        str | None,
        typer.Argument(
            metavar="[INSTRUMENT]",
            help="One of its sources, as show names it.",
            autocompletion=complete.instruments,
        ),
    ] = None,
) -> None:
    """Footnotes: each instrument that an action rests on, with its full citation and what it did.

    In the order of their dates, a paragraph each, on one line that no screen breaks: ready to paste.
    What the ledger does not know of an instrument is left out.

    Examples:

      tariffwatch cite ieepa-canada-border

      tariffwatch cite ieepa-canada-border eo-14193

      tariffwatch cite ieepa-canada-border --knowing 2025-02-10

      tariffwatch cite s232-wood-products --format json
    """
    answer(given, lambda question: _answered(question, action, instrument))


def _answered(question: Question, id: str, instrument: str | None) -> None:
    when, ledger = question.when, question.ledger
    action = ledger.actions[known_id(ledger, id)]
    found = citing.citations_of(action, ledger.instruments, when.knowing)
    if instrument is not None:
        found = [_named(found, instrument, action, question)]
    match question.format:
        case Format.JSON:
            question.screen.write(json.dumps(json.citations(found, action, when)))
        case Format.TABLE:
            question.screen.write(footnotes.text(found, action, ascii_only=question.screen.ascii_only))
        case _:
            question.show(footnotes.document(found, action))
    if not found:
        question.screen.say(f"{_known(question)}, nothing of {action.id} was public.")


def _named(found: Sequence[Citation], name: str, action: Action, question: Question) -> Citation:
    """The source of that name; raises UsageError that names the nearest."""
    by_name = {of.name: of for of in found}
    if name in by_name:
        return by_name[name]
    fix = hint(name, list(by_name), f"tariffwatch cite {action.id} lists them all")
    raise UsageError(f'{_known(question)}, {action.id} rests on no source called "{name}"; {fix}')


def _known(question: Question) -> str:
    return f"As known on {words.instant(question.when.knowing, question.when.zone)}"
