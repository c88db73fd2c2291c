"""The page of `foedus strategy shares`: burden and fairness of one alliance, with its charts."""

from __future__ import annotations

import foedus
from foedus.record import Record
from foedus.strategy import Shares
from foedus.view import words
from foedus.view.brief.burden import figure_sources
from foedus.view.brief.fairness import TITLE, blocks, ranks
from foedus.view.document import Citations, Document, Section, Text


def compose(record: Record, found: Shares) -> Document:
    """The page on `found`."""
    cite = Citations(record, record.treaties[found.treaty])
    states = tuple(found.frame.drop_nulls("burden_share")["state"])
    own = "Factbook" in found.source
    mark = cite.mark(figure_sources(record, states)) if own else f" (Figures: {found.source}.)"
    made = blocks(found, mark)
    sections = [Section("fairness", TITLE, tuple(made))]
    if found.value.values.size >= 3:
        sections.append(Section("ranks", "Ranks", (ranks(found),)))
    sections.append(Section("assumed", "What this assumes", (Text(found.assumed),)))
    return Document(
        title=found.title,
        kicker="Shares of the burden",
        day=words.day(found.day),
        sections=tuple(sections),
        sources=tuple(cite.found),
        command=f"foedus strategy shares {found.treaty} --on {found.day}",
        version=foedus.__version__,
    )
