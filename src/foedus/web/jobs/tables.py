"""The tables that a job wrote, for reading and for taking away."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from foedus.errors import OutputError

if TYPE_CHECKING:
    import polars as pl

MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def read(folder: Path, pattern: str) -> pl.LazyFrame:
    """The Parquet files that `pattern` names in the folder of a job. Raises OutputError when none is there."""
    import polars as pl

    files = sorted(folder.glob(pattern))
    if not files:
        raise OutputError(f"The job's folder holds no {pattern}; somebody removed it. Run the job again.")
    return pl.scan_parquet(files)


def height(frame: pl.LazyFrame) -> int:
    """Number of rows."""
    import polars as pl

    return int(frame.select(pl.len()).collect().item())


def download(frame: pl.LazyFrame, name: str, form: str) -> Response:
    """The whole table as a file to take away; lists become texts in csv, joined by |."""
    import polars as pl

    held = io.BytesIO()
    if form == "csv":
        whole = frame.collect()
        texts = [
            pl.col(c).cast(pl.List(pl.String)).list.join("|") for c, t in whole.schema.items() if isinstance(t, pl.List)
        ]
        whole.with_columns(texts).write_csv(held)
    else:
        frame.collect().write_parquet(held)
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"', "cache-control": "no-store"}
    return Response(held.getvalue(), headers=headers, media_type=MEDIA[form])
