"""What each member has and spends in one year: the input of every share. Nothing is carried from year to year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from foedus.measure import Evidence, burden
from foedus.measure.exposure import exposed_border_km
from foedus.panel import state_figures
from foedus.panel.figures import FIGURES
from foedus.record import Record
from foedus.strategy.errors import StrategyError

FIRST_YEAR_OF_RECORD = 2024  # GDP at the exchange rate, and so expenditure in dollars, is recorded for 2024
FIRST_YEAR_OF_BORDERS = 1993  # the record's borders are today's
FACTBOOK = "The World Factbook, in the record"

HELD = pl.Schema(
    {
        "state": pl.String,
        "name": pl.String,
        "year": pl.Int16,
        "milex_musd": pl.Float64,
        "gdp_musd": pl.Float64,
        "milex_share_gdp": pl.Float64,
        "population": pl.Float64,
        "exposed_border_km": pl.Float64,
        "burden_share": pl.Float64,
        "gdp_share": pl.Float64,
        "population_share": pl.Float64,
        "border_share": pl.Float64,
        "why": pl.String,
    }
)


def held(
    record: Record, states: Sequence[str], day: date, evidence: Evidence | None = None
) -> tuple[pl.DataFrame, str]:
    """Figures and shares of `states` on `day`, schema HELD, largest burden first; and the source in words.

    With `evidence` that holds SIPRI's expenditure and the World Bank's GDP: those of the latest year up to `day`'s for
    which two states have both. Else the record's own, for days from 2024 on. milex_musd, gdp_musd : million current
    USD. burden_share, gdp_share, population_share, border_share : each sums to 1 over the states with expenditure and
    GDP (a state without them has no share, and `why` says so). Raises StrategyError when nothing covers the day.
    """
    has_series = evidence is not None and evidence.milex and evidence.gdp
    figures, source = _series(record, states, day, evidence) if evidence and has_series else _own(record, states, day)
    known = pl.col("milex_musd").is_not_null() & pl.col("gdp_musd").is_not_null()
    if figures.filter(known).height < 2:
        raise StrategyError("Fewer than two members have both military expenditure and GDP of one year: no shares.")
    with_borders = day.year >= FIRST_YEAR_OF_BORDERS
    km = [exposed_border_km(record, s, states) if with_borders else None for s in figures["state"]]
    whole = figures.with_columns(pl.Series("exposed_border_km", km, dtype=pl.Float64))

    def share(column: str) -> pl.Expr:
        value = pl.when(known).then(pl.col(column))
        return pl.when(value.sum() > 0).then(value / value.sum())

    shared = burden(figures).select("state", "burden_share", "gdp_share")
    table = (
        whole.rename({"milex_musd_year": "year", "why_no_milex": "why"})
        .with_columns(
            population_share=share("population"),
            border_share=share("exposed_border_km"),
            milex_share_gdp=100 * pl.col("milex_musd") / pl.col("gdp_musd"),
        )
        .join(shared, on="state", how="left")
        .sort("burden_share", "state", descending=[True, False], nulls_last=True)
    )
    return table.select(pl.col(name).cast(kind) for name, kind in HELD.items()), source


def _own(record: Record, states: Sequence[str], day: date) -> tuple[pl.DataFrame, str]:
    if day.year < FIRST_YEAR_OF_RECORD:
        raise StrategyError(
            f"The record's figures of states describe {FIRST_YEAR_OF_RECORD} and later, not {day.year}. For earlier"
            " years give the folder of your data sets with --sources: sipri_milex and wb_gdp (foedus sources list)."
        )
    return state_figures(record, states), FACTBOOK


def _series(record: Record, states: Sequence[str], day: date, evidence: Evidence) -> tuple[pl.DataFrame, str]:
    """Figures from SIPRI and the World Bank, in the form of the record's."""
    for year in range(day.year, day.year - 4, -1):
        if sum((s, year) in evidence.gdp and _spent(evidence, s, year) is not None for s in states) > 1:
            break
    else:
        raise StrategyError(f"The data sets have expenditure and GDP of fewer than two members up to {day.year}.")
    rows = []
    for s in states:
        money, gdp = _spent(evidence, s, year), evidence.gdp.get((s, year))
        whole = money is not None and gdp is not None
        row: dict[str, object] = dict.fromkeys(FIGURES.names())
        row |= {"state": s, "name": record.state_name(s, day), "population": evidence.people.get((s, year))}
        row |= {"why_no_per_soldier": "", "why_no_milex": "" if whole else _absent(money, gdp, year)}
        if gdp is not None and money is not None:
            row |= {"milex_musd": money, "gdp_musd": gdp / 1e6, "milex_musd_year": year}
        rows.append(row)
    names = [evidence.cited(n) for n in ("sipri_milex", "wb_gdp")]
    return pl.DataFrame(rows, schema=FIGURES), "; ".join(names)


def _spent(evidence: Evidence, state: str, year: int) -> float | None:
    return evidence.milex.get((state, year), (None, None))[0]


def _absent(money: float | None, gdp: float | None, year: int) -> str:
    missing = [word for word, value in (("military expenditure", money), ("GDP", gdp)) if value is None]
    return f"no {' and no '.join(missing)} for {year}"
