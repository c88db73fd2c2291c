"""Put a panel on a disk as Parquet, csv or Stata, by the suffix of the file: whole, or the file as it was."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import polars as pl

from foedus.errors import OutputError
from foedus.panel.build import Panel
from foedus.panel.origin import metadata

FORMS = ("parquet", "csv", "dta")


def form_of(path: Path) -> str:
    """parquet, csv or dta, by the suffix of `path`. Raises OutputError for another one."""
    form = path.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise OutputError(f"{path}: expected a file that ends in .parquet, .csv or .dta.")
    return form


def write(panel: Panel, path: Path) -> None:
    """Write `panel` to `path` by its suffix. Raises OutputError, and leaves nothing half-written behind.

    Parquet keeps provenance and notes (`provenance`, `notes`); a Stata file says in its variable labels what each
    column holds. In csv and Stata a list becomes text, joined by semicolons.
    """
    form = form_of(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
        _fill(panel, Path(temporary), form)
        mask = os.umask(0o077)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Nothing was left behind.") from None
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _fill(panel: Panel, path: Path, form: str) -> None:
    if form == "parquet":
        panel.frame.write_parquet(path, metadata=metadata(panel))
    elif form == "csv":
        lists = [
            pl.col(c).cast(pl.List(pl.String)).list.join(";")
            for c, t in panel.frame.schema.items()
            if isinstance(t, pl.List)
        ]
        panel.frame.with_columns(lists).write_csv(path)
    else:
        from foedus.panel.stata import parts

        with path.open("wb") as out:
            for data in parts(panel.frame, {c.name: f"{c.says} ({c.unit})" for c in panel.columns}):
                out.write(data)
