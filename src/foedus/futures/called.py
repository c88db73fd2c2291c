"""How often the allies of a state that was attacked went to war for it: the record's wars since 1946."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from foedus.model.membership.history import History
from foedus.record import Record
from foedus.record.tables import WarParty

FIRST = 1946  # before, commitments were honoured far more often (Berkemeier and Fuhrmann 2018)


class Called(NamedTuple):
    """Allies bound to defend a state when it was attacked, and those of them that fought on its side."""

    came: int
    bound: int


def called(history: History, record: Record) -> Called:
    """Counted over wars that began from FIRST to the last year of the history and have an initiator in the record.

    Attacked are those that the war began with on the side opposite the initiator. Bound is who shared a treaty with a
    pledge of defence with one of them, and without an initiator, in the year before; each counts once a war.
    """
    codes = {code: i for i, code in enumerate(history.states)}
    parties = defaultdict(list)
    for party in record.war_parties:
        parties[party.war].append(party)
    came, bound = 0, 0
    for fought in parties.values():
        begun = min(p.since for p in fought)
        if FIRST <= begun.year <= history.last and any(p.initiator for p in fought):
            attackers, attacked, beside = _sides(fought)
            allies = _allies(history, begun.year - 1, _placed(codes, attacked), _placed(codes, attackers))
            names = {history.states[i] for i in allies} - attackers
            bound += len(names)
            came += len(names & beside)
    return Called(came, bound)


def _sides(fought: list[WarParty]) -> tuple[set[str], set[str], set[str]]:
    """Initiators, those whom the war began with on the other side, and those who came to that side later."""
    side = next(p.side for p in fought if p.initiator)
    others = [p for p in fought if p.side != side]
    first = min((p.since for p in others), default=None)
    attackers = {p.state for p in fought if p.initiator}
    return attackers, {p.state for p in others if p.since == first}, {p.state for p in others if p.since != first}


def _placed(codes: dict[str, int], states: set[str]) -> set[int]:
    return {codes[s] for s in states if s in codes}


def _allies(history: History, year: int, attacked: set[int], attackers: set[int]) -> set[int]:
    """States in a defence treaty with one of `attacked`, and without any of `attackers`, at the end of `year`."""
    members: dict[int, set[int]] = defaultdict(set)
    for s in history.spells:
        if history.treaties.has_defence[s.treaty] and s.joined <= year < s.left:
            members[s.treaty].add(s.state)
    out: set[int] = set()
    for inside in members.values():
        if inside & attacked and not inside & attackers:
            out |= inside - attacked
    return out
