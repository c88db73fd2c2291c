"""Additions whose files name states by ISO code or by name: spending, wealth and people to today, armed conflicts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from foedus.panel.catalogue import Context, Means, StateTable

_SIPRI = {
    "constant_2023_usd_m": "milex_musd_2023",
    "current_usd_m": "milex_musd_current",
    "share_of_gdp": "milex_share",
}
_WB = {
    "military_expenditure_percent_of_gdp": "wb_milex_pct_gdp",
    "arms_exports_sipri_tiv": "wb_arms_exports_tiv",
    "arms_imports_sipri_tiv": "wb_arms_imports_tiv",
    "armed_forces_personnel_total": "wb_armed_forces",
}


def _by_cow(frame: pl.DataFrame, state: str, context: Context) -> pl.DataFrame:
    """`frame` with the COW number of the state that our code in the column `state` means; rows of no state left out."""
    cow = {code: row.cow for code, row in context.record.states.items() if row.cow}
    number = pl.col(state).replace_strict(cow, default=None, return_dtype=pl.Int32)
    return frame.drop_nulls(state).with_columns(ccode=number).drop_nulls("ccode")


def _wide(frame: pl.DataFrame, names: str, columns: Mapping[str, str]) -> pl.DataFrame:
    """One column for each kind of value, from a table with one row for each."""
    return frame.group_by("ccode", "year").agg(
        pl.col("value").filter(pl.col(names) == theirs).first().alias(ours) for theirs, ours in columns.items()
    )


def _sipri(context: Context) -> pl.DataFrame:
    raw = context.read("sipri_milex", ["country_state", "year", "measure", "value"])
    return _wide(_by_cow(raw, "country_state", context), "measure", _SIPRI)


def _wb_military(context: Context) -> pl.DataFrame:
    raw = context.read("wb_military", ["iso3_state", "year", "indicator", "value"])
    return _wide(_by_cow(raw, "iso3_state", context), "indicator", _WB)


def _wb_gdp(context: Context) -> pl.DataFrame:
    raw = context.read("wb_gdp", ["country_code_state", "year", "value"])
    return _by_cow(raw, "country_code_state", context).select("ccode", "year", wb_gdp_usd="value")


def _wb_population(context: Context) -> pl.DataFrame:
    raw = context.read("wb_population", ["country_code_state", "year", "value"])
    return _by_cow(raw, "country_code_state", context).select("ccode", "year", wb_population="value")


def _ucdp(context: Context) -> pl.DataFrame:
    sides = ["gwno_a_state", "gwno_a_2nd_state", "gwno_b_state", "gwno_b_2nd_state"]
    raw = context.read("ucdp", ["conflict_id", "year", "intensity_level", *sides])
    each = raw.unpivot(sides, index=["conflict_id", "year", "intensity_level"], value_name="state")
    wars = pl.col("conflict_id").filter(pl.col("intensity_level") == 2).n_unique()
    return (
        _by_cow(each, "state", context)
        .group_by("ccode", "year")
        .agg(ucdp_n=pl.col("conflict_id").n_unique().cast(pl.Int16), ucdp_n_wars=wars.cast(pl.Int16))
    )


TABLES = (
    StateTable(
        "sipri",
        "sipri_milex",
        (1949, 2024),
        {
            "milex_musd_2023": Means("million constant 2023 US dollars", "Military expenditure"),
            "milex_musd_current": Means("million current US dollars", "Military expenditure"),
            "milex_share": Means("fraction of GDP", "Military expenditure as a share of GDP"),
        },
        _sipri,
    ),
    StateTable(
        "wb_military",
        "wb_military",
        (1960, 2024),
        {
            "wb_milex_pct_gdp": Means("per cent of GDP", "Military expenditure"),
            "wb_arms_exports_tiv": Means("SIPRI trend-indicator value", "Exports of arms; 0 is below half a million"),
            "wb_arms_imports_tiv": Means("SIPRI trend-indicator value", "Imports of arms; 0 is below half a million"),
            "wb_armed_forces": Means("persons", "Armed forces personnel"),
        },
        _wb_military,
    ),
    StateTable(
        "wb_gdp", "wb_gdp", (1960, 2023), {"wb_gdp_usd": Means("current US dollars", "Gross domestic product")}, _wb_gdp
    ),
    StateTable(
        "wb_population",
        "wb_population",
        (1960, 2024),
        {"wb_population": Means("persons", "Population")},
        _wb_population,
    ),
    StateTable(
        "ucdp",
        "ucdp",
        (1946, 2024),
        {
            "ucdp_n": Means("count", "Armed conflicts in which the state took part, on any side", "derived"),
            "ucdp_n_wars": Means("count", "Those of them with at least 1,000 battle deaths in the year", "derived"),
        },
        _ucdp,
        absent={"ucdp_n": 0, "ucdp_n_wars": 0},
    ),
)
