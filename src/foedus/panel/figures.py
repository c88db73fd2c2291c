"""The figures of today's states that the record holds, one row per state, each with the year it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from foedus.panel.require import require
from foedus.record import Record
from foedus.record.tables import Figure

FIGURES = pl.Schema(
    {
        "state": pl.String,
        "name": pl.String,
        "milex_share_gdp": pl.Float64,
        "milex_share_gdp_year": pl.Int16,
        "milex_musd": pl.Float64,
        "milex_musd_year": pl.Int16,
        "gdp_musd": pl.Float64,
        "milper_active": pl.Float64,
        "milper_active_year": pl.Int16,
        "population": pl.Float64,
        "milex_usd_per_soldier": pl.Float64,
        "why_no_milex": pl.String,
        "why_no_per_soldier": pl.String,
    }
)


def state_figures(record: Record, states: Sequence[str]) -> pl.DataFrame:
    """Latest figures of `states`, one row each in the order given; schema FIGURES.

    milex_share_gdp : per cent of GDP in its own latest year (observed).
    milex_musd : million current USD, derived as the share times GDP at the official exchange rate, both of one year,
        the latest for which both are known. milex_usd_per_soldier : USD per active soldier, derived from it.
    What cannot be derived is null, with the reason in why_no_milex or why_no_per_soldier; nothing is carried forward.
    """
    rows = [_row(record, state) for state in states]
    return require(pl.DataFrame(rows, schema=FIGURES), FIGURES, "state_figures")


def _row(record: Record, state: str) -> dict[str, Any]:
    share, soldiers = record.figure(state, "milex_share_gdp"), record.figure(state, "milper_active")
    population = record.figure(state, "population")
    spent = spending(record, state)
    why = "" if spent else _why_no_milex(record, state)
    per_soldier = spent[1] * 1e6 / soldiers.value if spent and soldiers and soldiers.value > 0 else None
    return {
        "state": state,
        "name": record.state_name(state),
        "milex_share_gdp": share.value if share else None,
        "milex_share_gdp_year": share.year if share else None,
        "milex_musd": spent[1] if spent else None,
        "milex_musd_year": spent[0] if spent else None,
        "gdp_musd": spent[2] if spent else None,
        "milper_active": soldiers.value if soldiers else None,
        "milper_active_year": soldiers.year if soldiers else None,
        "population": population.value if population else None,
        "milex_usd_per_soldier": per_soldier,
        "why_no_milex": why,
        "why_no_per_soldier": "" if per_soldier is not None else _why_no_per_soldier(spent is not None, soldiers),
    }


def spending(record: Record, state: str) -> tuple[int, float, float] | None:
    """(year, military expenditure, GDP), both in million current USD, for the latest year that has share and GDP."""
    years = {f.year for f in record.figures_of(state) if f.indicator == "milex_share_gdp" and f.year is not None}
    for year in sorted(years, reverse=True):
        share, gdp = record.figure(state, "milex_share_gdp", year), record.figure(state, "gdp_musd", year)
        if share and gdp:
            return year, share.value / 100 * gdp.value, gdp.value
    return None


def _why_no_milex(record: Record, state: str) -> str:
    share, gdp = record.figure(state, "milex_share_gdp"), record.figure(state, "gdp_musd")
    if share is None:
        return "no military expenditure in the World Factbook"
    if gdp is None:
        return "no GDP in the World Factbook"
    return f"expenditure is known for {share.year}, GDP for {gdp.year}: not the same year"


def _why_no_per_soldier(has_spending: bool, soldiers: Figure | None) -> str:
    if soldiers and soldiers.value == 0:
        return "no regular armed forces"
    return "no military expenditure" if not has_spending else "no figure for active personnel"
