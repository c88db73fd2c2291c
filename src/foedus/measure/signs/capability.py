"""How much the members weigh in the world, how unequal they are, and how far apart their soldiers' means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.measure.capability import concentration, effective_number
from foedus.measure.cinc import shares
from foedus.measure.disparity import gini, least_to_median, log_range, log_spread
from foedus.measure.signs.moment import Moment, Reading, missing


def readings(moment: Moment) -> Iterator[Reading]:
    """cinc_* and net_power_* from two measures of capability, tech_* from expenditure per soldier."""
    evidence = moment.evidence
    yield from _weights(moment, "cinc", evidence.cinc, "nmc")
    yield from _weights(moment, "net_power", evidence.net_power, "gdp_pop")
    yield from _technology(moment)


def _weights(moment: Moment, name: str, values: Mapping[int, Mapping[int, float]], data: str) -> Iterator[Reading]:
    source, world = moment.evidence.cited(data), values.get(moment.year, {})
    parts = ("world_share", "top_share", "effective_number", "concentration")
    held = {s: world[c] for s, c in moment.cow.items() if c in world}
    total = sum(held.values())
    if not held or total == 0:
        why = moment.evidence.why.get(data) or f"no member has a value for {moment.year}"
        yield from (Reading(f"{name}_{p}", None, source, why) for p in parts)
        return
    own = [v for v in shares(list(held.values())) if v is not None]
    note, con = missing(len(held), len(moment.members)), concentration(own)
    yield Reading(f"{name}_world_share", total / sum(world.values()), source, note)
    top = max(held, key=held.__getitem__)
    yield Reading(f"{name}_top_share", max(own), source, "; ".join(t for t in (top, note) if t))
    yield Reading(f"{name}_effective_number", effective_number(own), source, note)
    yield Reading(f"{name}_concentration", con, source, note if con is not None else "fewer than two members with data")


def _technology(moment: Moment) -> Iterator[Reading]:
    evidence, source = moment.evidence, moment.evidence.cited("nmc")
    tau = [v for c in moment.cow.values() if (v := evidence.per_soldier.get((c, moment.year))) is not None]
    why = evidence.why.get("nmc") or f"fewer than two members with expenditure and soldiers in {moment.year}"
    note = missing(len(tau), len(moment.members))
    measures = {"range": log_range, "sdln": log_spread, "gap": least_to_median, "gini": gini}
    for name, measure in measures.items():
        value = measure(tau)
        yield Reading(f"tech_{name}", value, source, note if value is not None else why)
