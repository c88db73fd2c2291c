"""How states change between the four regime classes: yearly transition matrices of the record, by era.

Eras are those of the waves and counter-waves of democratisation since 1946; the posterior of each row is Dirichlet
with half an observation added to every move (Jeffreys), so that a move never seen is unlikely, not impossible.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.drivers.history import REGIMES, UNKNOWN, History, history
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.record import Record, load

# First years. What comes next is unknown, so a world lives in one of the eras since `futures_from`, by their length.
SPEC: dict[str, Any] = {"eras": [1946, 1975, 1990, 2010], "futures_from": 1975}
ADDED = 0.5
_Floats = NDArray[np.float64]


def fit(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Count the moves of all states of the system from one 31 December to the next.

    The terms are the twelve moves, the coefficients their yearly probabilities averaged over the eras that `draws`
    draws from; `extra["counts"]` has for each era the 4 x 4 table of moves (rows: from). Raises ModelError for a spec.
    """
    chosen = {**SPEC, **(spec or {})}
    if set(chosen) != set(SPEC) or sorted(chosen["eras"]) != chosen["eras"] or not chosen["eras"]:
        raise ModelError("regime, spec: expected eras (first years, ascending) and futures_from (a year).")
    if until is not None and until <= chosen["eras"][0]:
        raise ModelError(f"regime: nothing is counted up to {until}; give a year after {chosen['eras'][0]}.")
    past = history(record or load(), chosen["eras"][0], until)
    eras = [e for e in chosen["eras"] if e < past.last]
    counts = {f"{a}-{b - 1}": moves(past, a, b) for a, b in zip(eras, [*eras[1:], past.last + 1], strict=True)}
    weights = {e: n for e, n in _weights(counts, chosen["futures_from"]).items() if n}
    mean, covariance = _mixture(counts, weights)
    off = ~np.eye(4, dtype=bool)
    total = np.sum(list(counts.values()), axis=0)
    changes = total - np.diag(np.diag(total))
    return fitted(
        "regime",
        what="yearly probability that a state moves from one regime class to another",
        data=data,
        data_hash=hash_of(past.regime, past.member),
        newest=f"{past.last}-12-31",
        terms=[f"{a} > {b}" for a in REGIMES for b in REGIMES if a != b],
        coef=np.round(mean[off], 8),
        covariance=np.round(covariance[np.ix_(off.ravel(), off.ravel())], 12),
        n=int(total.sum()),
        events=int(changes.sum()),
        spec=chosen,
        notes=(
            "Half an observation is added to each cell (Jeffreys).",
            "assumed: the future resembles one of the eras in `weights`, drawn once for a world by their length.",
        ),
        extra={"classes": list(REGIMES), "counts": counts, "weights": weights},
    )


def moves(past: History, since: int, until: int) -> NDArray[np.int64]:
    """How often states went from one class (row) to another (column) in years since <= year < until; int64 (4, 4)."""
    at = np.arange(max(since, past.first + 1), min(until, past.last + 1)) - past.first
    before, after = past.regime[:, at - 1], past.regime[:, at]
    seen = past.member[:, at - 1] & past.member[:, at] & (before != UNKNOWN) & (after != UNKNOWN)
    return np.bincount(before[seen].astype(np.int64) * 4 + after[seen], minlength=16).reshape(4, 4)


def draws(model: Fitted, n: int, seed: int = 1) -> _Floats:
    """`n` transition matrices, shape (n, 4, 4), rows sum to 1: an era drawn by its weight, then each row from its
    Dirichlet. The first rows of a longer draw; the same for the same seed."""
    eras, shares = zip(*sorted(model.extra["weights"].items()), strict=True)
    counts = np.array([model.extra["counts"][e] for e in eras]) + ADDED
    of_era, of_rows = (np.random.Generator(np.random.Philox(key=[seed, which])) for which in range(2))
    era = np.searchsorted(np.cumsum(shares) / sum(shares), of_era.random(n), side="right")
    found = of_rows.standard_gamma(counts[np.minimum(era, len(eras) - 1)])
    return np.asarray(found / found.sum(axis=2, keepdims=True))


def _weights(counts: Mapping[str, NDArray[np.int64]], since: int) -> dict[str, int]:
    """Length in years of each era from `since` on; the last era alone when all are earlier."""
    spans = {e: (int(e[:4]), int(e[5:])) for e in counts}
    late = {e: b - a + 1 for e, (a, b) in spans.items() if a >= since}
    return late or {e: b - a + 1 for e, (a, b) in list(spans.items())[-1:]}


def _mixture(counts: Mapping[str, NDArray[np.int64]], weights: Mapping[str, int]) -> tuple[_Floats, _Floats]:
    """Mean (4, 4) and covariance (16, 16) of a drawn matrix: Dirichlet within eras, and between eras."""
    total = sum(weights.values())
    means, within = [], np.zeros((16, 16))
    for era, weight in weights.items():
        table = counts[era] + ADDED
        p = table / table.sum(axis=1, keepdims=True)
        means.append((weight / total, p))
        for r in range(4):
            block = (np.diag(p[r]) - np.outer(p[r], p[r])) / (table[r].sum() + 1)
            within[4 * r : 4 * r + 4, 4 * r : 4 * r + 4] += weight / total * block
    mean: _Floats = np.asarray(sum(w * p for w, p in means))
    between = sum(w * np.outer((p - mean).ravel(), (p - mean).ravel()) for w, p in means)
    return mean, within + between
