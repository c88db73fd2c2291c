"""National Material Capabilities (COW), version 7.0: the Composite Index of National Capability, 1816-2022.

Singer, Bremer and Stuckey 1972; Singer 1987, International Interactions 14: 115-132.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.errors import SourceError

CINC = pl.Schema({"cow": pl.Int32, "year": pl.Int32, "cinc": pl.Float64})
FIRST_YEAR, LAST_YEAR = 1816, 2022


def cinc(folder: Path, file: str = "cow_nmc_v7_0.parquet") -> pl.DataFrame:
    """CINC of each state and year, in [0, 1]; schema CINC. Raises SourceError for a missing or other file."""
    path = folder / file
    if not path.is_file():
        raise SourceError(
            f"{path}: there is no such file. Place your own copy there; docs/sources.md says where to get it."
        )
    try:
        lazy = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path)
        names = lazy.collect_schema().names()
        missing = [c for c in ("ccode", "year", "cinc") if c not in names]
        if missing:
            raise SourceError(f"{path}: no column {', '.join(missing)}; found {', '.join(names[:12])}.")
        frame = lazy.select(
            cow=pl.col("ccode").cast(pl.Int32), year=pl.col("year").cast(pl.Int32), cinc=pl.col("cinc").cast(pl.Float64)
        ).collect()
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from None
    if not 15_000 <= frame.height <= 20_000:
        raise SourceError(f"{path}: {frame.height} rows, expected about 17,000; is the file whole?")
    return frame
