"""Additions: what a panel may be given, by name; one module for each theme."""

from __future__ import annotations

from foedus.panel.additions import alliances, contact, disputes, rivalry, states, ties, today
from foedus.panel.catalogue import DyadAddition, StateAddition, StateTable

_DYADS: tuple[DyadAddition | StateTable, ...] = (
    *alliances.DYADS,
    *contact.DYADS,
    *disputes.DYADS,
    *rivalry.DYADS,
    *ties.DYADS,
    *states.TABLES,
    *today.TABLES,
)
_STATES: tuple[StateAddition | StateTable, ...] = (
    *states.TABLES,
    *today.TABLES,
    *alliances.STATES,
    *disputes.STATES,
    *ties.STATES,
)
DYAD: dict[str, DyadAddition | StateTable] = {a.name: a for a in _DYADS}
STATE: dict[str, StateAddition | StateTable] = {a.name: a for a in _STATES}

__all__ = ["DYAD", "STATE"]
