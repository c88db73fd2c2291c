"""Demand for military spending within NATO in the form of the literature, in levels:

    ln M_i,t = rho ln M_i,t-1 + income ln GDP_i,t + spill ln Spill_i,t + threat ln M_Russia,t + a_i + e_i,t

Spill is what the other members spend (Murdoch and Sandler 1984, recalled). A positive spill coefficient here shows the
common shock and says nothing of free riding: allies' spending moves with one's own for the same reasons.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.model.spending.within import Within, within

TERMS = ("rho", "ln_gdp", "ln_spill", "ln_russia")
_RUSSIA, _USA, _NATO = 365, 2, 3180


def rows(sources: Path | None, first: int = 1951, last: int = 2007) -> pl.DataFrame:
    """Member-years with ccode, year, ln_milex and the TERMS; milex in current dollars (NMC), GDP of Fariss and others.

    Members of ATOP's NATO, from the year of entry to the year before leaving. Rows with anything unknown are left out.
    """
    from foedus.sources import folder, members, read

    milex = read("nmc", sources).filter(pl.col("milex") > 0).select("ccode", "year", "milex")
    gdp = read("gdp_pop", sources).filter(pl.col("pwtrgdp") > 0).select("ccode", "year", ln_gdp=pl.col("pwtrgdp").log())
    spells = members(folder(sources)).filter(pl.col("atopid") == _NATO)
    years = spells.select(
        ccode="cow", year=pl.int_ranges(pl.col("entry").dt.year(), pl.col("exit").dt.year().fill_null(last + 1))
    ).explode("year")
    inside = years.select(pl.col("ccode", "year").cast(pl.Int32)).unique().join(milex, on=["ccode", "year"])
    russia = milex.filter(pl.col("ccode") == _RUSSIA).select("year", ln_russia=pl.col("milex").log())
    before = milex.select("ccode", pl.col("year") + 1, rho=pl.col("milex").log())
    return (
        inside.with_columns(
            ln_milex=pl.col("milex").log(), ln_spill=(pl.col("milex").sum().over("year") - pl.col("milex")).log()
        )
        .join(before, on=["ccode", "year"])
        .join(gdp, on=["ccode", "year"])
        .join(russia, on="year")
        .filter(pl.col("year").is_between(first, last), pl.col("ln_spill").is_finite())
        .select("ccode", "year", "ln_milex", *TERMS)
        .sort("ccode", "year")
    )


def fit(frame: pl.DataFrame, *, without_usa: bool = False, since: int = 0) -> Within:
    """The within estimator on `rows`, errors clustered by state; coefficients in the order of TERMS."""
    kept = frame.filter((pl.col("year") >= since) & ~((pl.col("ccode") == _USA) & without_usa))
    return within(kept["ln_milex"].to_numpy(), kept.select(TERMS).to_numpy(), kept["ccode"].to_numpy())


def long_run_income(found: Within) -> float:
    """Long-run elasticity of spending in GDP: income / (1 - rho)."""
    return float(found.coef[TERMS.index("ln_gdp")] / (1 - found.coef[0]))
