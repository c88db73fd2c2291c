"""A document to be read: sections of text, figures, tables and pictures, with numbered sources. No layout here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from foedus.record import Record, Treaty
from foedus.record.schema import Source

CITATION = re.compile(r"⟦(\d+)⟧")
LEVEL = re.compile(r"⟪(\w+)⟫")


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; a source is cited in them as ⟦n⟧, its number in the document's list. quiet : a remark, set small."""

    paragraphs: tuple[str, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number that matters: how it is shown, what it is, and the words that `foedus why` takes for it."""

    value: str
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A row of key figures."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells; a cell may open with the level of a duty as ⟪must_assist⟫.

    align : one of "l", "r" (numbers) and "d" (dates, never broken) per column. folded : shown only when asked for, on a
    screen. quiet : set smaller, for what matters less.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str = ""
    note: str = ""
    folded: bool = False
    quiet: bool = False

    def trimmed(self) -> Table:
        """The same without the columns in which every cell is a dash."""
        kept = [i for i in range(len(self.columns)) if any(row[i] != "–" for row in self.rows)]
        return replace(
            self,
            columns=tuple(self.columns[i] for i in kept),
            rows=tuple(tuple(row[i] for i in kept) for row in self.rows),
            align="".join(self.align.ljust(len(self.columns), "l")[i] for i in kept),
        )

    def widths(self) -> list[float]:
        """Share of each column in the width, by what stands in it, between bounds so that no column is starved."""
        weights = [self._weight(i) for i in range(len(self.columns))]
        return [w / sum(weights) for w in weights]

    def _weight(self, i: int) -> float:
        lengths = sorted(len(CITATION.sub("", row[i])) for row in self.rows) or [0]
        typical = max(len(self.columns[i]) * 0.8, lengths[int(len(lengths) * 0.8)], lengths[-1] * 0.45)
        if self.align[i : i + 1] == "d":
            return math.pow(max(lengths[-1], len(self.columns[i])), 0.75) * 1.35
        return math.pow(min(max(typical, 13), 150), 0.75)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. draw : width in px -> Altair chart. description : what it shows, for who cannot see it.

    print_share : share of the width of a printed page that it takes.
    """

    id: str
    title: str
    description: str
    draw: Callable[[int], Any]
    note: str = ""
    print_share: float = 1.0


Block = Text | KeyFigures | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source as the document lists it."""

    number: int
    source: Source


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a brief or an atlas says. day : the day it speaks of, in words; command : what would make it again."""

    title: str
    kicker: str
    day: str
    sections: tuple[Section, ...]
    sources: tuple[CitedSource, ...]
    command: str
    version: str

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Picture))


@dataclass(slots=True)
class Citations:
    """Numbers sources in the order in which they are first cited."""

    record: Record
    treaty: Treaty | None = None
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    found: list[CitedSource] = field(default_factory=list)

    def mark(self, ids: tuple[str, ...] | str, treaty: Treaty | None = None) -> str:
        """The marks ⟦n⟧ of `ids`, looked up in the list of `treaty` (the document's by default), then the shared."""
        owner = treaty or self.treaty
        return "".join(self._mark(i, owner) for i in ((ids,) if isinstance(ids, str) else ids))

    def _mark(self, id_: str, treaty: Treaty | None) -> str:
        source = self.record.source(id_, treaty)
        if source is None:
            return ""
        own = bool(treaty and any(s.id == id_ for s in treaty.source))
        key = (treaty.id if treaty and own else "", id_)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.found.append(CitedSource(self.numbers[key], source))
        return f"⟦{self.numbers[key]}⟧"
