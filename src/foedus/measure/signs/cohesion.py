"""Do the members look the same way? Their alliance portfolios, and their votes in the General Assembly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.measure.cohesion import among_members, weights_of
from foedus.measure.portfolio import TOP, Portfolio
from foedus.measure.signs.moment import Moment, Reading, missing
from foedus.measure.similarity import Real, ideal_distance, scores, weighted_s

RECORD = "the record's treaties"


def readings(moment: Moment) -> Iterator[Reading]:
    """kappa_* and s_* from portfolios, votes_* from ideal points."""
    evidence, year = moment.evidence, moment.year
    own = evidence.own.get(year)
    if own is None:
        why = "the list of states begins in 1816"
        yield from (Reading(f"kappa_{k}", None, RECORD, why) for k in ("mean", "min", "capw"))
        yield Reading("s_mean", None, RECORD, why)
    else:
        yield from _portfolio(moment, own, evidence.kappa(year))
    yield from _atop(moment)
    yield from _votes(moment)


def _portfolio(moment: Moment, own: Portfolio, kappa: Real) -> Iterator[Reading]:
    at = own.at(list(moment.cow.values()))
    cinc = weights_of(own, {y: dict(v) for y, v in moment.evidence.cinc.items() if y == own.year})
    found = among_members(kappa, at, cinc)
    note = missing(len(at), len(moment.members))
    yield Reading("kappa_mean", found.mean, RECORD, note if found.mean is not None else found.why)
    pair = f"{_name(moment, own, found.weakest[0])} and {_name(moment, own, found.weakest[1])}" if found.weakest else ""
    yield Reading("kappa_min", found.least, RECORD, pair or found.why)
    why_no_cinc = moment.evidence.why.get("nmc") or found.why or f"no CINC for {own.year}"
    weighted = f"{RECORD}; {moment.evidence.cited('nmc')}"
    yield Reading("kappa_capw", found.capw, weighted, "" if found.capw is not None else why_no_cinc)
    if cinc is None:
        yield Reading("s_mean", None, weighted, why_no_cinc)
        return
    s = among_members(weighted_s(own.ties, TOP, cinc), at)
    yield Reading("s_mean", s.mean, weighted, note if s.mean is not None else s.why)


def _name(moment: Moment, portfolio: Portfolio, row: int) -> str:
    codes = {number: code for code, number in moment.cow.items()}
    return codes[int(portfolio.cow[row])]


def _atop(moment: Moment) -> Iterator[Reading]:
    evidence = moment.evidence
    held, source = evidence.atop.get(moment.year), evidence.cited("atop_dyads")
    if held is None:
        why = evidence.why.get("atop_dyads") or evidence.why.get("cow_states") or f"the data do not reach {moment.year}"
        yield Reading("kappa_mean_atop", None, source, why)
        return
    found = among_members(scores(held.ties, TOP).kappa, held.at(list(moment.cow.values())))
    yield Reading("kappa_mean_atop", found.mean, source, found.why if found.mean is None else "")


def _votes(moment: Moment) -> Iterator[Reading]:
    evidence, source = moment.evidence, moment.evidence.cited("ideal_points")
    points = [evidence.ideal[c, moment.year] for c in moment.cow.values() if (c, moment.year) in evidence.ideal]
    if len(points) < 2:
        why = evidence.why.get("ideal_points") or f"fewer than two members with ten votes in {moment.year}"
        yield from (Reading(f"votes_{k}", None, source, why) for k in ("mean", "max"))
        return
    distance, _ = ideal_distance(np.array(points))
    values = distance[np.triu_indices(len(points), 1)]
    note = missing(len(points), len(moment.members))
    yield Reading("votes_mean", float(values.mean()), source, note)
    yield Reading("votes_max", float(values.max()), source, note)
