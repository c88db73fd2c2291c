"""How alike the members of an alliance are, pair by pair and as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.measure.portfolio import TOP, Portfolio
from foedus.measure.similarity import Real, scores, weighted_s

_SCORES = (
    "s_abs",
    "s_sq",
    "s_abs_cinc",
    "s_binary",
    "s_binary_cinc",
    "kappa_abs",
    "kappa_sq",
    "kappa_binary",
    "pi_abs",
    "pi_sq",
    "pi_binary",
)
DYAD_SIMILARITY = pl.Schema(
    {"cow1": pl.Int32(), "cow2": pl.Int32(), "year": pl.Int32(), **dict.fromkeys(_SCORES, pl.Float64())}
)


@dataclass(frozen=True, slots=True)
class Cohesion:
    """A score of pairs, summed up over the members of an alliance.

    mean : over pairs; least : of the least alike pair; capw : weighted by the product of capabilities. Each None where
    it is not defined, with the reason in `why`. n_pairs, n_missing : pairs of members, and those without a score.
    weakest : index of the two members of the least alike pair, or None.
    """

    mean: float | None
    least: float | None
    capw: float | None
    n_pairs: int
    n_missing: int
    weakest: tuple[int, int] | None
    why: str


def year_scores(portfolio: Portfolio, cinc: Real | None = None) -> dict[str, Real]:
    """All scores of a year, each float64 of shape (n, n); names as in DYAD_SIMILARITY.

    Valued profiles with absolute and squared distance, binary ones (where the two are one), S also weighted by `cinc`,
    shape (n,), NaN where unknown; NaN throughout without it.
    """
    ties, binary = portfolio.ties, portfolio.binary
    by_abs, by_sq, plain = scores(ties, TOP), scores(ties, TOP, "squared"), scores(binary, 1)
    none = np.full(by_abs.s.shape, np.nan)
    heavy = none if cinc is None else weighted_s(ties, TOP, cinc)
    heavy_binary = none if cinc is None else weighted_s(binary, 1, cinc)
    kappas, pis = [f.kappa for f in (by_abs, by_sq, plain)], [f.pi for f in (by_abs, by_sq, plain)]
    return dict(zip(_SCORES, [by_abs.s, by_sq.s, heavy, plain.s, heavy_binary, *kappas, *pis], strict=True))


def dyad_similarity(years: Iterable[Portfolio], cinc: dict[int, dict[int, float]] | None = None) -> pl.DataFrame:
    """Scores of every pair of states of the system with cow1 < cow2, year by year; schema DYAD_SIMILARITY.

    cinc : year -> COW number -> CINC. What is not defined is null: S with weights where no CINC is known, kappa and pi
    where both profiles are constant and equal.
    """
    parts = []
    for portfolio in years:
        one, two = np.triu_indices(len(portfolio.cow), 1)
        found = year_scores(portfolio, weights_of(portfolio, cinc))
        columns = {name: found[name][one, two] for name in _SCORES}
        year = np.full(len(one), portfolio.year, dtype=np.int32)
        parts.append(pl.DataFrame({"cow1": portfolio.cow[one], "cow2": portfolio.cow[two], "year": year, **columns}))
    frame = pl.concat(parts) if parts else DYAD_SIMILARITY.to_frame()
    return frame.with_columns(pl.col(_SCORES).fill_nan(None))


def weights_of(portfolio: Portfolio, cinc: dict[int, dict[int, float]] | None) -> Real | None:
    """CINC of each member of the year's system, NaN where it is not known; None when the year has none at all."""
    held = (cinc or {}).get(portfolio.year)
    return np.array([held.get(int(c), np.nan) for c in portfolio.cow]) if held else None


def among_members(score: Real, members: NDArray[np.intp], capability: Real | None = None) -> Cohesion:
    """`score`, shape (n, n), summed up over the pairs of `members` (rows of it).

    Pairs without a score (NaN) are left out of mean and capw; the least is None when more than half are missing. capw =
    sum c_i c_j s_ij / sum c_i c_j, None when the capability of a member, shape (n,), is not known.
    """
    if len(members) < 2:
        return Cohesion(None, None, None, 0, 0, None, "fewer than two members in the system")
    one, two = np.triu_indices(len(members), 1)
    one, two = members[one], members[two]
    values = score[one, two]
    known = ~np.isnan(values)
    missing = int((~known).sum())
    if missing == len(values):
        return Cohesion(None, None, None, len(values), missing, None, "no pair of members has a score")
    at, mean = int(np.nanargmin(values)), float(values[known].mean())
    capw, why = _capability_weighted(values[known], one[known], two[known], capability)
    if 2 * missing > len(values):
        why = "more than half of the pairs have no score"
        return Cohesion(mean, None, capw, len(values), missing, None, why)
    return Cohesion(mean, float(values[at]), capw, len(values), missing, (int(one[at]), int(two[at])), why)


def _capability_weighted(
    values: Real, one: NDArray[np.intp], two: NDArray[np.intp], capability: Real | None
) -> tuple[float | None, str]:
    if capability is None:
        return None, "no capability known for the year"
    weight = capability[one] * capability[two]
    if np.isnan(weight).any() or weight.sum() == 0:
        return None, "capability of a member not known"
    return float((weight * values).sum() / weight.sum()), ""
