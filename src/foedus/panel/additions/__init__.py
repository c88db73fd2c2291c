"""Additions: what a panel may be given, by name; one module for each theme."""

from __future__ import annotations

from foedus.panel.additions import alliances, contact, disputes, rivalry, states, ties
from foedus.panel.catalogue import DyadAddition, StateAddition, StateTable

DYAD: dict[str, DyadAddition | StateTable] = {
    a.name: a for a in (*alliances.DYADS, *contact.DYADS, *disputes.DYADS, *rivalry.DYADS, *ties.DYADS, *states.TABLES)
}
STATE: dict[str, StateAddition | StateTable] = {
    a.name: a for a in (*states.TABLES, *alliances.STATES, *disputes.STATES, *ties.STATES)
}

__all__ = ["DYAD", "STATE"]
