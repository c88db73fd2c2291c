"""Everything in a run that is assumed rather than estimated, in one table, and what of it can be switched off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumption:
    """name : what to give to --without, "" when it cannot be switched off. source : a citation, or "assumption"."""

    name: str
    says: str
    value: str
    source: str


ASSUMPTIONS = (
    Assumption(
        "",
        "Recent accessions do not call further ones: the accession fit is made without that term, for a run with it "
        "grows without bound.",
        "term left out",
        "assumption",
    ),
    Assumption("", "States are neither born nor die during a run.", "none", "assumption"),
    Assumption(
        "",
        "A treaty ends by its hazard alone; fixed terms of today's treaties are not in the record.",
        "none",
        "assumption",
    ),
    Assumption("", "What a treaty is when founded (defence pledge, open to others) it stays.", "none", "assumption"),
    Assumption("", "A new treaty has at most 64 founders.", "64", "assumption"),
    Assumption(
        "war-end",
        "A war of two states ends in a year with this chance; off: wars of the start go on, and new ones.",
        "ended / years of war",
        "derived: the record's wars, by pair of states",
    ),
    Assumption(
        "",
        "Who attacks another is at war with it and its rival from then on; only scenarios attack.",
        "always",
        "assumption",
    ),
    Assumption(
        "parameter-uncertainty",
        "Each world draws its own parameters from the fits; off: every world has the estimates.",
        "normal, robust errors",
        "the fits' covariance",
    ),
)
NAMES = tuple(a.name for a in ASSUMPTIONS if a.name)
