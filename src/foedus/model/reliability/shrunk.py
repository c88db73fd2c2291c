"""A logit whose terms are shrunk toward nothing, and whose era term is shrunk toward what the base rates say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.reliability.commitments import ERA, columns, commitments, with_constant
from foedus.model.reliability.logit import Floats, Mode, Prior, expit, mode
from foedus.model.reliability.rates import ERAS, TYPES, called_upon, rate

ERA_SD = 0.5  # assumed: of the era term's prior, on the logit scale
PENALTIES = (2.5, 5.0, 10.0, 20.0, 40.0, 80.0)  # prior precision of a term per variance of its column


@dataclass(frozen=True)
class Sample:
    """n commitments for a fit. x : all columns of `terms`, shape (n, p). y : honoured. war : number in version 4.0.

    eras : base rates as rows (war, later era, honoured), shape (m, 3); -1 for a war without a number.
    """

    terms: tuple[str, ...]
    x: Floats
    y: Floats
    war: NDArray[np.int64]
    treaty: NDArray[np.int64]
    eras: NDArray[np.int64]

    def keep(self, rows: NDArray[np.bool_]) -> Sample:
        """These rows only, and no base rate of a war whose commitments are all left out."""
        gone = np.setdiff1d(self.war, self.war[rows])
        eras = self.eras[~np.isin(self.eras[:, 0], gone)]
        return Sample(self.terms, self.x[rows], self.y[rows], self.war[rows], self.treaty[rows], eras)

    def only(self, terms: Sequence[str]) -> Sample:
        """These terms only."""
        chosen = [self.terms.index(t) for t in terms]
        return Sample(tuple(terms), self.x[:, chosen], self.y, self.war, self.treaty, self.eras)

    @cached_property
    def era_mean(self) -> float:
        """Log odds of being honoured in the later era less those in the earlier one, by the base rates."""
        return era_mean(self.eras)


def era_mean(eras: NDArray[np.int64]) -> float:
    """`Sample.era_mean` of rows (war, later era, honoured), shape (m, 3)."""
    odds = []
    for era in (1, 0):
        kept = eras[eras[:, 1] == era, 2]
        odds.append(np.log(kept.sum() / (len(kept) - kept.sum())))
    return float(odds[0] - odds[1])


def sample(terms: tuple[str, ...], sources: Path | None = None, *, until: int | None = None) -> Sample:
    """The commitments of wars up to `until`, from the user's copies. Raises SourceError for a missing file."""
    table, called = commitments(sources, until=until), called_upon(sources)
    later = called["era"] == ERAS[1]
    eras = np.column_stack([called["cowwarid"].fill_null(-1), later, called["honoured"]]).astype(np.int64)
    war, treaty = (table[c].to_numpy().astype(np.int64) for c in ("cowwarid", "atopid"))
    return Sample(terms, columns(table, terms), columns(table, ("honor3",))[:, 0], war, treaty, eras)


def shrunk(data: Sample, penalty: float, *, era_sd: float = ERA_SD) -> Mode:
    """The mode under normal priors; coefficients on the scale of the columns, the constant first.

    penalty : precision of each term's prior per variance of its column in these rows (so the scale of a column does not
    matter, and is learnt from these rows alone), mean 0. The era term's prior has `era_mean` and `era_sd` instead; the
    constant's is flat. Source: ridge regression, le Cessie and van Houwelingen (1992), Applied Statistics 41: 191-201.
    """
    era = data.era_mean if ERA in data.terms else 0.0
    return mode(with_constant(data.x), data.y, prior_of(data.terms, data.x.var(axis=0), era, penalty, era_sd))


def prior_of(terms: Sequence[str], variance: Floats, era: float | Floats, penalty: float, era_sd: float) -> Prior:
    """The prior of `shrunk` where columns have `variance`, shape (..., p), and base rates say `era`, shape (...)."""
    precision = np.concatenate([np.zeros_like(variance[..., :1]), penalty * np.maximum(variance, 1e-6)], axis=-1)
    mean = np.zeros_like(precision)
    if ERA in terms:
        at = list(terms).index(ERA) + 1
        mean[..., at], precision[..., at] = era, era_sd**-2
    return Prior(mean, precision)


def predicted(coef: Floats, data: Sample) -> Floats:
    """Probabilities of the rows of `data`."""
    return expit(with_constant(data.x) @ coef)


def base_rates(called: pl.DataFrame) -> dict[str, dict[str, list[int]]]:
    """Honoured and called by pledge ("all" for any) and era, as plain data."""
    out: dict[str, dict[str, list[int]]] = {}
    for pledge in (None, *TYPES):
        found = {era: rate(called, pledge, era) for era in ERAS}
        out[pledge or "all"] = {era: [r.honoured, r.called] for era, r in found.items()}
    return out
