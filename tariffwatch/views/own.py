"""What is said below a list in which dates of one's own entries or shipments are mixed."""

from __future__ import annotations

from collections.abc import Iterable

from tariffwatch.entries.own import ENTRY, SHIPMENT
from tariffwatch.results import Deadline
from tariffwatch.views.document import Paragraph
from tariffwatch.views.entries import NO_ADVICE, STAKE
from tariffwatch.views.report import DIM
from tariffwatch.views.shipments import RESTS


def rests(coming: Iterable[Deadline]) -> list[Paragraph]:
    """What the dates of one's own among these rest on."""
    ids = {deadline.action.id.partition(":")[0] + ":" for deadline in coming}
    texts = [STAKE, NO_ADVICE] if ENTRY in ids else []
    texts += [RESTS] if SHIPMENT in ids else []
    return [Paragraph(text, DIM) for text in texts]
