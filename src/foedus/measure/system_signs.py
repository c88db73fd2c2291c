"""The system as a whole, year by year: how dense its promises are, how it falls into blocs, how many poles it has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from foedus.measure import blocs
from foedus.measure.capability import concentration, effective_number
from foedus.measure.catalogue import INDICATORS
from foedus.measure.cinc import shares
from foedus.measure.evidence import FIRST_YEAR, Evidence, gather
from foedus.measure.polarity import polarisation, poles, two_blocs
from foedus.measure.signs.moment import Reading
from foedus.measure.system import system_year
from foedus.measure.vital_signs import PROFILE
from foedus.panel import require
from foedus.record import Record

RUNS = 5  # searches for blocs in each year: enough for a series; `blocs.best` takes more for a single year
RECORD = "the record's treaties"


def system_profile(
    record: Record, given: Evidence | Path | None, *, first: int | None = None, last: int | None = None
) -> pl.DataFrame:
    """Every indicator of scope "system" for each year from 1816; schema PROFILE, treaty "system".

    given, first, last : as for `profile`. Null with the reason where the data do not reach.
    """
    evidence = given if isinstance(given, Evidence) else gather(record, given)
    begin, end = max(FIRST_YEAR, first or FIRST_YEAR), min(last or evidence.last.year, evidence.last.year)
    counts = system_year(record, begin, min(date(end, 12, 31), evidence.last)) if begin <= end else None
    rows = [
        ("system", row["year"], r.indicator, r.value, INDICATORS[r.indicator].unit, r.source, r.note)
        for row in (counts.iter_rows(named=True) if counts is not None else ())
        for r in (*_counted(row), *_blocs(evidence, row["year"]), *_majors(evidence, row["year"]))
    ]
    return require(pl.DataFrame(rows, schema=PROFILE, orient="row"), PROFILE, "system_profile")


def _counted(row: dict[str, float | None]) -> Iterator[Reading]:
    for name in ("n_states", "n_treaties", "n_defence", "bound_share"):
        value = row[name]
        yield Reading(name, None if value is None else float(value), "record", "" if value is not None else "no system")


def _blocs(evidence: Evidence, year: int) -> Iterator[Reading]:
    own = evidence.own[year]
    graph = blocs.defence_graph(own.ties)
    yield Reading("n_defence_edges", float(graph.sum() // 2), RECORD)
    parts, found = blocs.components(graph), blocs.best(graph, RUNS)
    why = "" if parts.modularity is not None else "no defence pledge between members of the system"
    yield Reading("modularity_parts", parts.modularity, RECORD, why)
    yield Reading("modularity_blocs", found.modularity, RECORD, why or f"best of {RUNS} searches: a lower bound")
    yield Reading("largest_bloc", None if why else float((found.groups == 0).sum()), RECORD, why)
    world = evidence.cinc.get(year, {})
    source = f"{RECORD}; {evidence.cited('nmc')}"
    if why or not world:
        no_cinc = evidence.why.get("nmc") or f"no CINC for {year}"
        yield from (Reading(name, None, source, why or no_cinc) for name in ("two_bloc", "polarisation"))
        return
    weight = np.array([world.get(int(c), 0.0) for c in own.cow])
    share = np.bincount(found.groups, weights=weight) / sum(world.values())
    real = np.bincount(found.groups) > 1  # a state without ties is no bloc
    first, second = sorted([*share[real], 0.0, 0.0], reverse=True)[:2]
    unknown = sum(int(c) not in world for c in own.cow)
    note = f"{unknown} of {len(own.cow)} states without CINC are left out" if unknown else ""
    yield Reading("two_bloc", two_blocs(float(first), float(second)), source, note)
    n = int(found.groups.max()) + 1
    member = np.zeros((len(graph), n))
    member[np.arange(len(graph)), found.groups] = 1
    apart = member.T @ ((1 - evidence.kappa(year)) / 2) @ member / np.outer(member.sum(axis=0), member.sum(axis=0))
    np.fill_diagonal(apart, 0)
    about = "; ".join(t for t in ("states without ties count as groups", note) if t)
    yield Reading("polarisation", polarisation(share / share.sum(), apart), source, about)


def _majors(evidence: Evidence, year: int) -> Iterator[Reading]:
    record, day = evidence.record, min(date(year, 12, 31), evidence.last)
    source = f"great powers of the record; {evidence.cited('nmc')}"
    codes = {g.state for g in record.great_powers if g.since <= day and (g.until is None or day < g.until)}
    world = evidence.cinc.get(year, {})
    held = [world.get(record.states[s].cow or 0) for s in sorted(codes)]
    own = [v for v in shares(held) if v is not None]
    names = ("major_concentration", "major_effective_number", "poles")
    if not own:
        why = evidence.why.get("nmc") or f"no CINC for {year}"
        yield from (Reading(name, None, source, why) for name in names)
        return
    values = (concentration(own), effective_number(own), float(poles(own)))
    for name, value in zip(names, values, strict=True):
        yield Reading(name, value, source, ", ".join(sorted(codes)) if value is not None else "a single great power")
