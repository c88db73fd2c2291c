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
        "Ends, exits and accessions go on for the whole run at the level of the last years, drawn by world.",
        "0.7, 1.1 and 0.8 of the fits' rates, about",
        "the fits (docs/model.md); that the level lasts is assumed",
    ),
    Assumption(
        "",
        "A treaty ends by its hazard alone; fixed terms of today's treaties are not in the record.",
        "none",
        "assumption",
    ),
    Assumption("", "What a treaty is when founded (defence pledge, open to others) it stays.", "none", "assumption"),
    Assumption(
        "eligibility",
        "Who may accede is what the treaties' texts say at the start, and no state that is neutral by constitution, "
        "treaty or law joins a defence pact; only a dated accession of a scenario overrides it. A treaty without a "
        "clause in the record bars nobody, nor does one founded in a run. Off: whoever asks may be admitted.",
        "as the law stands at the start",
        "observed: the treaties' texts, neutrality.csv; that the law stays is assumed",
    ),
    Assumption("", "A new treaty has at most 64 founders.", "64", "assumption"),
    Assumption(
        "war-end",
        "A war of two states ends in a year with this chance; off: wars of the start go on, and new ones.",
        "ended / years of war",
        "derived: the record's wars, by pair of states",
    ),
    Assumption("", "Who attacks another is at war with it and its rival from then on.", "always", "assumption"),
    Assumption(
        "disputes",
        "Disputes begin by the fit to 1946-2010, whose weight of states is their part of military expenditure; the "
        "share of them that are wars is that of those years. Off: only scenarios attack.",
        "53 of 1,681 are wars, drawn by world",
        "Gibler, Miller and Little (2016), derived",
    ),
    Assumption(
        "",
        "Pacts deter: the log odds of a dispute fall by this when a third state would be bound to help the target.",
        "Normal(-0.2, 0.2)",
        "assumption: the data cannot tell",
    ),
    Assumption(
        "intervention",
        "Who is bound to help a state attacked goes to war for it as seldom as allies did since 1946; nobody else "
        "joins a war, and nobody joins the attacker. Off: nobody joins.",
        "1 of 182 came, drawn by world",
        "derived: the record's wars and defence pacts",
    ),
    Assumption(
        "guideline",
        "Members below a guideline in force at the start make good each year the share of their gap that members of "
        "NATO did since 2014, whatever the guideline's height; off: nobody heeds it.",
        "5 % of the gap a year, by member",
        "fit spending; assumption that it holds above 2 %",
    ),
    Assumption("", "Where military expenditure is not known, a state counts as a typical one.", "median", "assumption"),
    Assumption(
        "",
        "Public support is a random walk on the logit scale; an attack on a state, or on one that it is bound to help, "
        "moves it once more, either way.",
        "variance 0.03 a year, 0.09 an event",
        "assumption, as in the support of the vital signs",
    ),
    Assumption(
        "",
        "Growth, expenditure and support move no membership: the fits of membership do not read them.",
        "0",
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
