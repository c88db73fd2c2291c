"""Leeds and Anac (2005), Table 4, and the other models of their script, by one function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from foedus.model.binary import Binary, regress
from foedus.model.reliability.commitments import REFERENCE, columns, with_constant
from foedus.model.reliability.logit import Floats, expit, log_likelihood, robust


@dataclass(frozen=True, slots=True)
class Variant:
    """One model of the script. rows : a 0/1 column and the value that its rows must have, None for all rows."""

    outcome: str = "honor3"
    terms: tuple[str, ...] = REFERENCE
    rows: tuple[str, int] | None = None


VARIANTS = {
    "table-4": Variant(),
    "mixed-as-honoured": Variant(outcome="honor2"),  # footnote 12
    "bilateral": Variant(terms=(*REFERENCE, "bilat")),
    "aggregate-change": Variant(terms=("milinst", "formal", "chalcapd", "dinstch2", "origtar1")),
    "change-20": Variant(terms=("milinst", "formal", "chcp2d20", "dinstch2", "origtar1")),
    "regime-change": Variant(terms=("milinst", "formal", "chcap2d", "regch2", "origtar1")),
    "not-wartime": Variant(rows=("wartime", 0)),
    "active": Variant(rows=("active", 1)),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One fitted variant, the constant first. se_robust, se_clustered : by row, and by war.

    null_log_likelihood : of the constant alone.
    """

    fit: Binary
    se_robust: Floats
    se_clustered: Floats
    null_log_likelihood: float

    @property
    def mcfadden(self) -> float:
        """1 - LL / LL of the constant alone (McFadden 1974)."""
        return 1 - self.fit.loglik / self.null_log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion: 2 p - 2 LL."""
        return 2 * len(self.fit.terms) - 2 * self.fit.loglik


def replicate(table: pl.DataFrame, variant: str = "table-4") -> Reference:
    """Fit a variant of VARIANTS by maximum likelihood to `table` (schema COMMITMENTS).

    Source: Leeds and Anac (2005), Alliance Institutionalization and Alliance Performance, International Interactions
    31: 183-202, Table 4 and its footnotes. Raises KeyError for another name, NotEstimable for too few rows.
    """
    chosen = VARIANTS[variant]
    rows = table if chosen.rows is None else table.filter(pl.col(chosen.rows[0]) == chosen.rows[1])
    y = columns(rows, (chosen.outcome,))[:, 0]
    x = with_constant(columns(rows, chosen.terms))
    found = regress(x, y, ("constant", *chosen.terms))
    wars = rows["war"].to_numpy().astype(np.int64)
    return Reference(
        fit=found,
        se_robust=np.sqrt(np.diag(robust(x, y, found.coef, found.covariance))),
        se_clustered=np.sqrt(np.diag(robust(x, y, found.coef, found.covariance, wars))),
        null_log_likelihood=log_likelihood(y, np.full(len(y), y.mean())),
    )


def first_differences(found: Reference, table: pl.DataFrame) -> dict[str, float]:
    """Change of the probability when one term goes from its least to its greatest value, all others at their means."""
    x = columns(table, found.fit.terms[1:])
    means, out = x.mean(axis=0), {}
    for i, term in enumerate(found.fit.terms[1:]):
        ends = np.stack([means, means])
        ends[:, i] = x[:, i].min(), x[:, i].max()
        low, high = expit(with_constant(ends) @ found.fit.coef)
        out[term] = float(high - low)
    return out
