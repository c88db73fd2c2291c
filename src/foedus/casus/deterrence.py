"""The deterrence map as a table: for each ordered pair of states, how many and what share are bound, by level."""

from __future__ import annotations

from datetime import date

import polars as pl

from foedus.casus.matrix import DeterrenceTable
from foedus.casus.verdict import LEVELS, strength
from foedus.panel.capability import Capability
from foedus.record import Record
from foedus.record.schema import Kind

BOUND = LEVELS[:-1]
_COLUMNS: list[tuple[str, type[pl.DataType]]] = [
    ("attacker", pl.String),
    ("target", pl.String),
    *((f"n_{level}", pl.Int16) for level in BOUND),
    *((f"capability_{level}", pl.Float64) for level in BOUND),
    ("capability_bound", pl.Float64),
]
DETERRENCE = pl.Schema(_COLUMNS)


def deterrence(record: Record, day: date, capability: Capability, *, kind: Kind = "armed_attack") -> pl.DataFrame:
    """Every ordered pair of members of the system on `day`, the one attacking the other at home; schema DETERRENCE.

    n_<level> : number of states bound at that level, each at its strongest. capability_<level> : the sum of their
    capability shares in [0, 1]; capability_bound : of those that must use force, mobilise or assist. Shares are null
    when no measure reaches the day; a bound state without a value adds nothing. Direct duties only, no facts stated.
    """
    table = DeterrenceTable(record, day, kind=kind)
    weight = [capability.shares.get(s, 0.0) for s in table.states]
    sums: dict[int, float] = {}

    def weigh(mask: int) -> float | None:
        if not capability.measure:
            return None
        if mask not in sums:  # the same sets of allies come back for thousands of pairs
            sums[mask] = sum(w for i, w in enumerate(weight) if mask >> i & 1)
        return sums[mask]

    rows = []
    for attacker in table.states:
        for target in table.states:
            if attacker != target:
                masks = dict(table.masks(attacker, target))
                counts = [masks.get(rank, 0).bit_count() for rank in range(len(BOUND))]
                shares = [weigh(masks.get(rank, 0)) for rank in range(len(BOUND))]
                helping = [
                    masks.get(strength(level), 0) for level in ("must_use_force", "must_mobilise", "must_assist")
                ]
                rows.append((attacker, target, *counts, *shares, weigh(helping[0] | helping[1] | helping[2])))
    return pl.DataFrame(rows, schema=DETERRENCE, orient="row")
