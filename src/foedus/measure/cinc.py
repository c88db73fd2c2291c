"""Shares of the world's capability: CINC from its six components, and one alternative to set beside it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")


def composite(components: pl.DataFrame, names: Sequence[str] = COMPONENTS) -> pl.DataFrame:
    """`components` with a column `cinc_from_components`: a state's mean share of the year's totals, in [0, 1].

    components : column year and the columns `names`, one row for each state and year; every state whose total counts
    must be a row. CINC_i = mean over k of x_ik / sum_j x_jk. A missing component is left out of the mean of that state,
    never zero, and so is a component whose total is zero; null when nothing remains. The sum over a year's states
    therefore exceeds 1 where values are missing: divide by it before any share.
    Source: Singer, Bremer and Stuckey (1972); National Material Capabilities.
    """
    total = {k: pl.col(k).cast(pl.Float64).sum().over("year") for k in names}
    shares = [pl.when(total[k] > 0).then(pl.col(k) / total[k]) for k in names]
    return components.with_columns(cinc_from_components=pl.mean_horizontal(shares))


def net_power(gdp: pl.Expr, population: pl.Expr) -> pl.Expr:
    """GDP times GDP per head: gdp^2 / population, null where the population is not above zero.

    A gross measure counts people who must be fed and policed; this one does not. Units: those of `gdp`, squared, per
    head; only shares of it mean something. Source: Beckley (2018), The Power of Nations, International Security 43(2)
    (recalled).
    """
    return pl.when(population > 0).then(gdp**2 / population)


def shares(values: Sequence[float | None]) -> list[float | None]:
    """Each value over the sum of the known ones; None stays None, and all are None when the sum is zero.

    Raises ValueError for a negative value.

    >>> shares([3.0, None, 1.0])
    [0.75, None, 0.25]
    """
    known = [v for v in values if v is not None]
    if any(not v >= 0 for v in known):
        raise ValueError(f"values must not be negative, found {min(known)}")
    total = sum(known)
    return [None if v is None or total == 0 else v / total for v in values]
