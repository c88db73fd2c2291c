"""Who carries how much of an alliance: shares of military expenditure, beside shares of GDP and population."""

from __future__ import annotations

import polars as pl

from foedus.panel import require
from foedus.panel.figures import FIGURES

BURDEN = pl.Schema(
    {**FIGURES, "burden_share": pl.Float64(), "gdp_share": pl.Float64(), "population_share": pl.Float64()}
)


def burden(figures: pl.DataFrame) -> pl.DataFrame:
    """`figures` (schema FIGURES, one row per member) with each member's shares of the totals; schema BURDEN.

    burden_share, gdp_share : shares of military expenditure and of GDP (million USD) among the members for which both
        are known, each summing to 1 over these. population_share : among members with a population figure.
    A member without figures has null shares, never zero. Sorted by burden_share, largest first, nulls last.
    """
    whole = pl.col("milex_musd").is_not_null() & pl.col("gdp_musd").is_not_null()

    def share(column: str, known: pl.Expr) -> pl.Expr:
        value = pl.when(known).then(pl.col(column))
        return pl.when(value.sum() > 0).then(value / value.sum())

    shared = require(figures, FIGURES, "figures").with_columns(
        burden_share=share("milex_musd", whole),
        gdp_share=share("gdp_musd", whole),
        population_share=share("population", pl.col("population").is_not_null()),
    )
    return require(shared, BURDEN, "burden").sort("burden_share", "state", descending=[True, False], nulls_last=True)
