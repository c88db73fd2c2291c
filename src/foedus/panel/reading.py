"""One door from the panels to the sources: a data set by its name, as a frame, read once for each panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

FILES = {
    "cow_states": "cow_states_v2016.csv",
    "cow_majors": "cow_majors_v2016.csv",
    "nmc": "cow_nmc_v7_0.parquet",
    "mindist": "cow_mindist.parquet",
    "contiguity": "cow_contiguity_v3_2.parquet",
    "capitals": "cow_capitals.csv",
    "gml_dyads": "gml_mid_v2_2_1_directed_dyad_year.parquet",
    "gml_disputes": "gml_mid_v2_2_1_dispute.csv",
    "cow_mid_dyads": "cow_mid_v5_directed_dyad_year.parquet",
    "wars_inter": "cow_war_inter_v4_0_directed_dyad_year.parquet",
    "wars_intra": "cow_war_intra_v4_1_year.parquet",
    "atop_dyads": "atop_v5_1_directed_dyad_year.parquet",
    "cow_alliances": "cow_alliance_v4_1_directed_dyad_year.parquet",
    "cow_gw": "cow_gw_state_year.parquet",
    "democracy": "democracy_state_year.parquet",
    "gdp_pop": "gdp_pop_state_year.parquet",
    "trade_dyads": "cow_trade_v4_0_dyad_year.parquet",
    "trade_states": "cow_trade_v4_0_state_year.parquet",
    "igo_dyads": "cow_igo_v3_dyad_year.parquet",
    "igo_states": "cow_igo_v3_state_year.parquet",
    "rivalries_tss": "rivalries_tss_2021.csv",
    "rivalries_td": "rivalries_thompson_dreyer_2012.csv",
    "rivalries_kgd": "rivalries_klein_goertz_diehl_2006.csv",
    "ideal_points": "unga_ideal_points_2025.parquet",
    "icb_dyads": "icb_v15_dyad_year.parquet",
    "us_troops": "us_troops_country_year.parquet",
    "territorial_threat": "territorial_threat_state_year.parquet",
    "atop_alliances": "atop_v5_0_alliance.csv",
    "atop_members": "atop_v5_0_member_derived.csv",
    "ucdp": "ucdp_acd_v25_1.parquet",
}


def read(name: str, folder: Path | None, columns: Sequence[str]) -> pl.DataFrame:
    """The `columns` of the data set `name`, from `folder` or where the user keeps the sources. Raises SourceError."""
    assert folder is not None
    path = folder / FILES[name]
    if path.suffix == ".csv":
        return pl.read_csv(path, columns=list(columns), try_parse_dates=True, null_values=["NA", ""])
    return pl.scan_parquet(path).select(*columns).collect()
