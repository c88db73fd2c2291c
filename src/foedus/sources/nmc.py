"""National Material Capabilities (COW), version 7.0: the Composite Index of National Capability, 1816-2022.

Singer, Bremer and Stuckey 1972; Singer 1987, International Interactions 14: 115-132.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.sources.place import known
from foedus.sources.reading import read_file

CINC = pl.Schema({"cow": pl.Int32(), "year": pl.Int32(), "cinc": pl.Float64()})
FIRST_YEAR, LAST_YEAR = 1816, 2022


def cinc(folder: Path, file: str = "cow_nmc_v7_0.parquet") -> pl.DataFrame:
    """CINC of each state and year, in [0, 1]; schema CINC. Raises SourceError for a missing or other file."""
    frame = read_file(folder / file, known("nmc", folder))
    return frame.select(pl.col("ccode").alias("cow"), "year", "cinc")
