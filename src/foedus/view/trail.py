"""One step of a trail from what is shown back to a source, and the steps that name sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from foedus.errors import UnknownFigure
from foedus.record import Record, Treaty
from foedus.view.page import source_line


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail.

    what : the value or fact. how : function and formula, or the source. where : file and entry, or address.
    """

    kind: Literal["observed", "derived", "assumed"]
    what: str
    how: str
    where: str = ""
    confidence: str = ""


def cited(record: Record, treaty: Treaty | None, ids: Sequence[str]) -> list[Step]:
    """A step for each source of `ids`, of the treaty's own list or shared."""
    found = [record.source(i, treaty) for i in ids]
    return [Step("observed", f"source: {s.id}", source_line(s), s.url, s.status) for s in found if s]


def longest(asked: Sequence[str], known: Iterable[str]) -> tuple[str, list[str]]:
    """The longest beginning of `asked` that, joined by "_", is a word of `known`, and the rest; "" when none is."""
    names = set(known)
    for n in range(len(asked), 0, -1):
        field = "_".join(" ".join(asked[:n]).lower().replace("-", " ").split())
        if field in names:
            return field, list(asked[n:])
    return "", list(asked)


def unknown(asked: str, known: Sequence[str], hint: str) -> UnknownFigure:
    """The error for a figure that nobody knows: the nearest words first, then all that can be asked."""
    field = asked.lower().replace(" ", "_")
    near = [k for k in known if field in k] or get_close_matches(field, known, 3, cutoff=0.5)
    return UnknownFigure(asked, near[:3], f"Known: {', '.join(known)}. {hint}")
