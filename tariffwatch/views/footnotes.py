"""Footnotes: what an action rests on, one paragraph each, ready to paste into a letter or a brief."""

from __future__ import annotations

from collections.abc import Sequence

from tariffwatch import words
from tariffwatch.model import Action
from tariffwatch.results import Citation
from tariffwatch.views import plain
from tariffwatch.views.document import Block, Document, Link, Paragraph


def text(found: Sequence[Citation], action: Action, *, ascii_only: bool = False) -> str:
    """The footnotes as they are pasted: a paragraph is one line, however long, with a blank line between."""
    pages = (plain.render([Paragraph(footnote(of, action))], ascii_only=ascii_only) for of in found)
    return "\n".join(pages)


def document(found: Sequence[Citation], action: Action) -> Document:
    """The same as a page, with each address as a link of its own."""
    blocks: list[Block] = []
    for of in found:
        blocks.append(Paragraph(f"{_head(of)} {_grounds(of, action)}."))
        blocks += [Link(url) for url in _addresses(of)]
    return blocks


def footnote(of: Citation, action: Action) -> str:
    """``Order 1, 90 FR 1 (signed Feb. 1, 2025), https://... [sec. 2: ordered: 25%, effective ...].``

    What the ledger does not know is left out. The addresses stand before blanks and brackets, so that
    whatever makes links of them finds their ends.
    """
    return f"{', '.join([_head(of), *_addresses(of)])} {_grounds(of, action)}."


def _head(of: Citation) -> str:
    return words.citation(of.instrument) if of.instrument else of.name


def _addresses(of: Citation) -> list[str]:
    return [url for url in (of.instrument.url, of.instrument.archive) if url] if of.instrument else []


def _grounds(of: Citation, action: Action) -> str:
    """What the source says of the action, each with its section; several sections of one fact together."""
    told: dict[str, list[str]] = {}
    for ground in of.grounds:
        sections = told.setdefault(words.told(ground.fact, action), [])
        sections += [ground.section] if ground.section and ground.section not in sections else []
    return f"[{'; '.join(': '.join(filter(None, [', '.join(at), said])) for said, at in told.items())}]"
