"""The fit that ships: everything that is known when a war begins, shrunk; with what a forecast needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from foedus.model.binary import regress
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.model.reliability.candidates import (
    CANDIDATES,
    EVERYTHING,
    SHIPPED,
    Candidate,
    chosen_penalty,
    judged,
)
from foedus.model.reliability.commitments import LATER, columns, commitments, with_constant
from foedus.model.reliability.predictors import BY_AGE, codings, institutions_changed
from foedus.model.reliability.rates import called_upon
from foedus.model.reliability.scores import score
from foedus.model.reliability.shrunk import ERA_SD, PENALTIES, Sample, base_rates, sample, shrunk
from foedus.model.reliability.together import left_out_at
from foedus.model.spec import checked_terms
from foedus.sources import read

if TYPE_CHECKING:
    from foedus.record import Record

SPEC: dict[str, Any] = {"terms": list(EVERYTHING), "penalties": list(PENALTIES), "era_sd": ERA_SD, "judge": True}
NOTES = (
    "P(honoured | war began), not reliability in peace: an attacker picks targets whose allies look unlikely to come.",
    "The unit is a commitment (treaty and war), not a state; 37 of 137 are of one war, the Second World War.",
    "No commitment of a nuclear alliance with an integrated command was called upon by an attack from outside.",
)


def fit(
    *,
    data: str = "leeds_anac",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the model of honouring to the user's copies of `leeds_anac` and of what stands beside it.

    until : last year of wars. spec : overrides of SPEC; judge = false leaves out the scores on unseen wars, which take
    most of the time. Raises SourceError for a missing file, ModelError for an unknown option or too few commitments.
    """
    chosen = _spec(spec)
    terms = tuple(chosen["terms"])
    rows = sample(terms, sources, until=until)
    if len(np.unique(rows.war)) < 5 or rows.y.min() == rows.y.max():
        raise ModelError(f"reliability: {len(rows.y)} commitments up to {until} are too few to fit; take a later year.")
    penalty = chosen_penalty(rows, chosen["penalties"])
    found = shrunk(rows, penalty, era_sd=chosen["era_sd"])
    table = commitments(sources, until=until)
    last_war = int(table["year"].to_numpy().max())
    if record is None:
        from foedus.record import load

        record = load()
    extra = {
        "penalty": penalty,
        "era_prior": [rows.era_mean, chosen["era_sd"]],
        "most_leverage": float(_leverage(rows, found.covariance).max()),
        "last_war": last_war,
        "wars": len(np.unique(rows.war)),
        "later": [int(rows.y[table["year"].to_numpy() >= LATER].sum()), int((table["year"] >= LATER).sum())],
        "codings": _codings(record, table, sources),
        "by_age": {t: _by_age(table, t) for t in BY_AGE},
        "base_rates": base_rates(called_upon(sources)),
        "unseen_wars": _unseen(rows, terms, penalty, tuple(chosen["penalties"])) if chosen["judge"] else {},
    }
    return fitted(
        "reliability",
        what="log odds that a commitment is honoured when a war calls upon it",
        data=data,
        data_hash=hash_of(rows.x, rows.y, rows.war, rows.treaty, rows.eras),
        newest=date(last_war, 12, 31).isoformat(),
        terms=("constant", *terms),
        coef=found.coef,
        covariance=found.covariance,
        n=len(rows.y),
        events=int(rows.y.sum()),
        spec={**chosen, "until": until},
        notes=NOTES,
        extra=extra,
    )


def _spec(asked: Mapping[str, Any] | None) -> dict[str, Any]:
    unknown = sorted(set(asked or {}) - set(SPEC))
    if unknown:
        raise ModelError(f"reliability: no option is called {unknown[0]}; expected {', '.join(SPEC)}.")
    chosen = {**SPEC, **(asked or {})}
    chosen["terms"] = list(checked_terms(chosen["terms"], EVERYTHING, "reliability"))
    if not chosen["penalties"] or min(chosen["penalties"]) <= 0 or chosen["era_sd"] <= 0:
        raise ModelError("reliability: penalties and era_sd must be above 0, and there must be a penalty.")
    return chosen


def _leverage(rows: Sample, covariance: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Variance of each row's log odds, shape (n,): how far the fit has to reach for it."""
    x = with_constant(rows.x)
    return np.asarray(np.einsum("ij,jk,ik->i", x, covariance, x))


def _by_age(table: pl.DataFrame, term: str) -> list[float]:
    """Constant and slope on log(1 + years) of a change having happened, by maximum likelihood."""
    x = with_constant(columns(table, ("log_age",)))
    return [float(c) for c in regress(x, columns(table, (term,))[:, 0], ("constant", "log_age")).coef]


def _codings(record: Record, table: pl.DataFrame, sources: Path | None) -> dict[str, dict[str, dict[str, int]]]:
    """How the source codes what the record codes: the treaties' terms, and whether a party's institutions changed."""
    found = codings(record, read("atop_alliances_v4_01", sources))
    by_atop = {atop: t for t in record.treaties.values() for atop in t.atop}
    changed: dict[str, dict[str, int]] = {"0": {}, "1": {}}
    for row in table.filter(pl.col("atopid").is_in(list(by_atop))).iter_rows(named=True):
        treaty, then = by_atop[row["atopid"]], date(row["year"], 1, 1)
        seen = institutions_changed(record, [m.state for m in treaty.member if m.since <= then], treaty.signed, then)
        if seen is not None:
            counts = changed[str(int(seen))]
            counts[str(row["dinstch2"])] = counts.get(str(row["dinstch2"]), 0) + 1
    return {**found, "dinstch2": {v: dict(sorted(row.items())) for v, row in changed.items()}}


def _unseen(
    rows: Sample, terms: tuple[str, ...], penalty: float, penalties: tuple[float, ...]
) -> dict[str, dict[str, float]]:
    """Scores on wars left out: with the penalty chosen inside each fold, with the one that ships, and Table 4's."""
    own = judged(rows, Candidate(SHIPPED.name, terms, penalties))
    at_once = score(rows.y, left_out_at(rows, penalty))
    out = {"penalty chosen inside": asdict(own), "shipped penalty": asdict(at_once)}
    if set(CANDIDATES[0].terms) <= set(terms):
        out["Table 4"] = asdict(judged(rows, CANDIDATES[0]))
    return out
