"""Military expenditure as a share of GDP: partial adjustment, allies' and rivals' spending, a guideline.

    s_i,t = a_i + rho (s_i,t-1 - a_i) + growth g_i,t + spill S_i,t-1 + rivals R_i,t-1 + size e_i,t       s = ln(share)
    share_i,t += pull_i max(0, guideline - share_i,t)                             where a guideline binds politically

S is the chained index of allies' effort, R = log(1 + rivals' spending in per cent of own GDP) (`panel.Spending`).
Whether allies' spending raises or lowers one's own is disputed, so a draw first picks a specification, then its
coefficients: half of the weight is on a prior over zero, half on what these data say under four designs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.drivers.history import History, history, newest
from foedus.model.drivers.tails import scales, student_fit
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.model.spending.guideline import pulls
from foedus.model.spending.panel import FIRST, Spending, spending
from foedus.model.spending.within import within
from foedus.record import Record, load

TERMS = ("rho", "growth", "spill", "rivals", "ln_size", "ln_nu_minus_2", "pull")
_SHARED = TERMS[:4]
# George and Sandler (2018, 2021) find free riding, others following: short-run elasticity, a choice that spans both.
SPEC: dict[str, Any] = {"spill_prior": [-0.05, 0.10], "prior_weight": 0.5}
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """One specification: who, since when, with year effects or without."""

    name: str
    since: int = FIRST + 1
    nato_only: bool = False
    year_effects: bool = True


DESIGNS = (
    Design("all states, state effects", year_effects=False),
    Design("all states, state and year effects"),
    Design("all states since 1990, state and year effects", since=1990),
    Design("members of NATO, state effects", nato_only=True, year_effects=False),
)


def fit(
    *,
    data: str = "sipri",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the process; coef and covariance are those of a draw over all specifications (mean, and total variance).

    `extra["designs"]`: coef and covariance of each with its weight, from which `draws` draws. `extra["pull"]`: how
    fast each NATO member closed its gap to the guideline. Needs statsmodels: ModelError says so when it is not there.
    """
    chosen = _spec(spec)
    whole = record or load()
    past = history(whole, FIRST, min(until or 9999, newest(whole)))
    seen = spending(past, sources)
    last = past.first + int(np.flatnonzero(np.isfinite(seen.ln_share).any(axis=0))[-1])
    found = {d.name: _estimate(seen, d) for d in DESIGNS if d.since < last - 10}
    first = next(iter(found.values()))
    scale, keeps = scales(first["rest"])
    tails = student_fit((first["rest"]["rest"] / first["rest"]["state"].replace_strict(scale)).to_numpy())
    members = pulls(whole, seen)
    designs = _weighted(found, chosen)
    mean, covariance = _mixture(list(designs.values()))
    total = np.zeros((len(TERMS),) * 2)
    total[:4, :4], total[4:6, 4:6], total[6, 6] = covariance, tails.covariance, members.se**2
    return fitted(
        "spending",
        what="log of military expenditure in per cent of GDP, year by year",
        data=data,
        data_hash=hash_of(seen.ln_share, seen.growth, seen.spill, seen.rivals),
        newest=f"{last}-12-31",
        terms=TERMS,
        coef=np.round([*mean, *tails.coef, members.mean], 8),
        covariance=np.round(total, 10),
        n=first["n"],
        spec=chosen,
        notes=(
            "assumed: the weights of the designs, and the prior of the spill elasticity, Normal(-0.05, 0.10), for the"
            " literature disagrees on its sign; a coefficient from these data may show no more than common shocks.",
            "rho has (1 + rho) / T added for the bias of fixed effects (Nickell 1981).",
            "GDP is what money and share imply, so errors in the share draw the coefficient of growth towards -1.",
            f"scale: a decade's shocks in a state keep {keeps:.2f} of the last one's size (elasticity).",
            "pull: what a NATO member below 2 % made good of its gap in a year, 2014 on; by state in extra.",
        ),
        extra={
            "designs": designs,
            "scale": scale,
            "pull": {s: round(p, 5) for s, p in members.by_state.items()},
            "pull_between": members.between,
        },
    )


def draws(model: Fitted, n: int, seed: int = 1) -> _Floats:
    """`n` parameter rows in the order of TERMS, shape (n, 7), for `kernels.spending_step`.

    A design is drawn by its weight, then its coefficients; the tails and the guideline's pull from their own normals;
    pull is never below 0. The same for the same seed, and the first rows of a longer draw.
    """
    designs = list(model.extra["designs"].values())
    limits = np.cumsum([d["weight"] for d in designs])
    of_design, of_rows = (np.random.Generator(np.random.Philox(key=[seed, which])) for which in range(2))
    roots = np.array([np.linalg.cholesky(np.array(d["covariance"])) for d in designs])
    rest = np.linalg.cholesky(model.cov[4:, 4:] + 1e-18 * np.eye(3))
    chosen = np.searchsorted(limits, of_design.random(n) * limits[-1], side="right").clip(max=len(designs) - 1)
    shocks = of_rows.standard_normal((n, len(TERMS)))
    coefs = np.array([d["coef"] for d in designs])[chosen] + np.einsum("kij,kj->ki", roots[chosen], shocks[:, :4])
    found = np.hstack([coefs, np.array(model.coef[4:]) + shocks[:, 4:] @ rest.T])
    found[:, 0] = np.clip(found[:, 0], 0.0, 0.999)
    found[:, 6] = np.maximum(found[:, 6], 0.0)
    return found


def anchors(record: Record, codes: Sequence[str]) -> tuple[_Floats, _Floats]:
    """(anchor, now), each (n,): mean and latest of ln(per cent of GDP) over the years that the record has; nan without.

    The anchor is derived from at most eleven years (2015 on); that shares return to it is assumed.
    """
    anchor, now = np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    for i, code in enumerate(codes):
        rows = [f for f in record.figures_of(code) if f.indicator == "milex_share_gdp" and f.year and f.value > 0]
        if rows:
            anchor[i] = float(np.mean(np.log([f.value for f in rows])))
            now[i] = float(np.log(max(rows, key=lambda f: f.year or 0).value))
    return anchor, now


def pull_of(model: Fitted, codes: Sequence[str], drawn: float) -> _Floats:
    """Pull of the guideline on each state (n,): its own estimate moved by what was drawn for the mean, at least 0."""
    mean = model.by_term["pull"]
    own = np.array([model.extra["pull"].get(c, mean) for c in codes])
    return np.maximum(own + drawn - mean, 0.0)


def _spec(spec: Mapping[str, Any] | None) -> dict[str, Any]:
    chosen = {**SPEC, **(spec or {})}
    prior, weight = chosen.get("spill_prior"), chosen.get("prior_weight")
    good = (
        set(chosen) == set(SPEC)
        and isinstance(prior, list)
        and len(prior) == 2
        and prior[1] > 0
        and isinstance(weight, int | float)
        and 0 <= weight <= 1
    )
    if not good:
        raise ModelError("spending, spec: expected spill_prior = [mean, sd] and prior_weight from 0 to 1.")
    return chosen


def _estimate(seen: Spending, design: Design) -> dict[str, Any]:
    state, year, y, x = _rows(seen, design)
    found = within(y, x, state, year if design.year_effects else None)
    coef = found.coef.copy()
    coef[0] += (1 + coef[0]) * len(np.unique(state)) / len(y)
    codes = [seen.past.codes[i] for i in state]
    rest = pl.DataFrame({"state": codes, "year": year, "rest": found.residuals})
    return {"coef": coef, "covariance": found.covariance, "rest": rest, "n": len(y)}


def _rows(seen: Spending, design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64], _Floats, _Floats]:
    s = seen.ln_share
    x = np.stack([s[:, :-1], seen.growth[:, 1:], seen.spill[:, :-1], seen.rivals[:, :-1]], axis=-1)
    use = np.isfinite(s[:, 1:]) & np.isfinite(x).all(axis=-1)
    use[:, : max(0, design.since - seen.past.first - 1)] = False
    if design.nato_only:
        use &= nato(seen.past)[:, 1:]
    state, at = np.nonzero(use)
    return state, at + seen.past.first + 1, s[:, 1:][use], x[use]


def nato(past: History) -> NDArray[np.bool_]:
    """Members of NATO on 31 December: bool (n, t)."""
    from datetime import date

    found = np.zeros(past.member.shape, np.bool_)
    for t in range(past.member.shape[1]):
        for code in past.record.treaty("nato-1949").members_on(date(past.first + t, 12, 31)):
            found[past.index[code], t] = True
    return found


def _weighted(found: Mapping[str, Mapping[str, Any]], spec: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The designs with their weights, and the prior on top of the last design of all states with both effects."""
    each = (1 - spec["prior_weight"]) / len(found)
    designs = {
        name: {
            "weight": each,
            "coef": np.round(d["coef"], 8).tolist(),
            "covariance": np.round(d["covariance"], 10).tolist(),
            "n": d["n"],
        }
        for name, d in found.items()
    }
    base = list(designs.values())[min(1, len(designs) - 1)]
    coef, covariance = np.array(base["coef"]), np.array(base["covariance"])
    spill = _SHARED.index("spill")
    coef[spill] = spec["spill_prior"][0]
    covariance[spill], covariance[:, spill] = 0.0, 0.0
    covariance[spill, spill] = spec["spill_prior"][1] ** 2
    prior = {"weight": spec["prior_weight"], "coef": coef.tolist(), "covariance": covariance.tolist(), "n": base["n"]}
    return {**designs, "prior of the spill elasticity": prior} if spec["prior_weight"] else designs


def _mixture(designs: list[dict[str, Any]]) -> tuple[_Floats, _Floats]:
    """Mean and covariance of a draw over the designs."""
    weights = np.array([d["weight"] for d in designs])
    coefs = np.array([d["coef"] for d in designs])
    mean = weights @ coefs
    spread = coefs - mean
    inner = sum(w * np.array(d["covariance"]) for w, d in zip(weights, designs, strict=True))
    return mean, np.asarray(inner + (spread * weights[:, None]).T @ spread)
