"""A scenario against the law on who may join: what it overrides, and what would have no effect.

A dated accession overrides the law, which can change: it is allowed, and said. A factor on the hazard of a state that
may not join leaves that hazard at nought; such an entry is refused, since a run would pass over it in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from foedus.futures.scenario import Accession, Invitation, Lever, Scenario
from foedus.futures.scenario_memberships import Says
from foedus.record import Record
from foedus.record.eligibility import bars


def barred_by(record: Record, treaty: str, states: tuple[str, ...], eve: date) -> dict[str, str]:
    """Of `states`, those that may not join `treaty` on `eve`, with the reason in words; none for a treaty founded by
    the scenario."""
    held = record.treaties.get(treaty)
    if held is None:
        return {}
    found = bars(record, held, eve)
    return {s: found[s].says for s in states if s in found}


def overridden(scenario: Scenario, record: Record, eve: date) -> Iterator[tuple[str, str]]:
    """(where, in words) for each dated accession that the law of `eve` does not allow."""
    for where, entry in scenario.entries():
        if isinstance(entry, Accession):
            for state, why in barred_by(record, entry.treaty, entry.states, eve).items():
                title = record.treaties[entry.treaty].title
                yield where, f"{record.state_name(state)} could not join {title} on {eve}: {why}; it is taken to change"


def eligibility_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    """Invitations and factors on accession that name a state which may not join: they would have no effect."""
    for where, entry in scenario.entries():
        if isinstance(entry, Invitation):
            treaties: tuple[str, ...] = (entry.treaty,)
        elif isinstance(entry, Lever) and entry.process == "accession" and entry.factor > 0:
            treaties = entry.treaties
        else:
            continue
        for treaty in treaties:
            for state, why in barred_by(record, treaty, entry.states, eve).items():
                says = f"{state} may not join {record.treaties[treaty].title}: {why}; a factor on nought is nought"
                yield f"{where}.states", f"{says}. Take it out, or write an [[accession]] with its day"
