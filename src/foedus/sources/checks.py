"""What the registry says of a data set, held against what was read. Each check names file, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from foedus.errors import SourceError
from foedus.sources.registry import DataSet, Version


def typed(frame: pl.DataFrame, entry: DataSet, path: Path) -> pl.DataFrame:
    """`frame` with the declared types; a value that does not fit is an error, never a null."""
    columns = [
        frame[c] if frame.schema[c] == kind else _typed(frame[c], kind, path) for c, kind in entry.columns.items()
    ]
    return pl.DataFrame([_without_nan(column, path) if column.dtype.is_float() else column for column in columns])


def _without_nan(column: pl.Series, path: Path) -> pl.Series:
    if column.is_infinite().any():
        row = column.is_infinite().arg_max() or 0
        raise SourceError(f"{path}: data row {row + 1}, column {column.name}: {column[row]}, expected a number.")
    return column.fill_nan(None) if column.is_nan().any() else column


def _typed(column: pl.Series, kind: pl.DataType, path: Path) -> pl.Series:
    here = f"column {column.name}"
    is_number_as_day = kind == pl.Date() and not (column.dtype.is_temporal() or column.dtype in (pl.String, pl.Null))
    is_day_as_number = kind != pl.Date() and column.dtype.is_temporal()
    if column.dtype.is_nested() or is_number_as_day or is_day_as_number:
        raise SourceError(f"{path}: {here} holds {column.dtype}, expected {kind}; is it another file or version?")
    try:
        cast = _cast(column, kind)
    except pl.exceptions.PolarsError:
        says = f"{here} holds {column.dtype}, expected {kind}; is it another version?"
        raise SourceError(f"{path}: {says}") from None
    if cast.null_count() != column.null_count():
        row = (cast.is_null() & column.is_not_null()).arg_max() or 0
        what = "a day YYYY-MM-DD" if kind == pl.Date() else "a whole number" if kind.is_integer() else "a number"
        raise SourceError(f'{path}: data row {row + 1}, {here}: "{column[row]}", expected {what}.')
    return cast


def _cast(column: pl.Series, kind: pl.DataType) -> pl.Series:
    """`column` as `kind`, null where a value does not fit."""
    if kind == pl.Date() and column.dtype == pl.String:
        return column.str.to_date("%Y-%m-%d", strict=False)
    if kind.is_integer() and column.dtype == pl.String:
        column = column.str.strip_chars().cast(pl.Float64, strict=False)
    if kind.is_integer() and column.dtype.is_float():
        value = pl.col(column.name)
        column = column.to_frame().select(pl.when(value == value.round()).then(value))[column.name]
    return column.cast(kind, strict=False)


def without_missing(frame: pl.DataFrame, entry: DataSet) -> pl.DataFrame:
    """`frame` with the values that mean "missing" as null, in the columns where they mean it."""
    return frame.with_columns(
        pl.when(pl.all_horizontal(pl.col(name) != v for v in values)).then(name).alias(name)
        for name, values in entry.missing.items()
    )


def facts(frame: pl.DataFrame, entry: DataSet, path: Path) -> None:
    """Rows, years, nulls and keys are as declared, or SourceError."""
    listed = next((v for v in entry.versions if v.file == path.name), None)
    if entry.key and listed and frame.height > listed.rows:
        _key(frame, entry.key, path)  # a row that stands twice says more than a wrong count
    _rows(frame, entry, listed, path)
    if entry.year and frame.height:
        _years(frame[entry.year], listed, path)
    _nulls(frame, entry, {**entry.max_null, **(listed.max_null if listed else {})}, path)
    if entry.key:
        _key(frame, entry.key, path)


def _rows(frame: pl.DataFrame, entry: DataSet, listed: Version | None, path: Path) -> None:
    if listed and frame.height != listed.rows:
        says = f"{frame.height:,} rows, expected {listed.rows:,} in version {listed.version}; is the file whole?"
        raise SourceError(f"{path}: {says} Another version can be declared in {path.parent / 'versions.toml'}.")
    low, high = entry.rows
    if not listed and not low <= frame.height <= high:
        raise SourceError(f"{path}: {frame.height:,} rows, expected {low:,} to {high:,}; is the file whole?")


def _years(years: pl.Series, listed: Version | None, path: Path) -> None:
    first, last = years.min(), years.max()
    low, high = (listed.years if listed else None) or (1400, 2100)
    if not isinstance(first, int) or not isinstance(last, int):
        raise SourceError(f"{path}: column {years.name} holds no year.")
    if listed and listed.years and (first, last) != (low, high):
        says = f"years {first} to {last} in column {years.name}, expected {low} to {high} in version {listed.version}."
        raise SourceError(f"{path}: {says}")
    if first < low or last > high:
        row = ((years < low) | (years > high)).arg_max() or 0
        raise SourceError(f"{path}: data row {row + 1}, column {years.name}: {years[row]} is not a year.")


def _nulls(frame: pl.DataFrame, entry: DataSet, allowed: Mapping[str, float], path: Path) -> None:
    others = allowed.get("*", 0.0)
    for name in frame.columns:
        if name in entry.optional:
            continue
        n = frame[name].null_count()
        most = allowed.get(name, others)
        if n > most * frame.height:
            row = frame[name].is_null().arg_max() or 0
            says = f"{n:,} of {frame.height:,} values are missing, expected at most {most:.0%}"
            raise SourceError(f"{path}: column {name}: {says}; the first is in data row {row + 1}. Is the file whole?")


def _key(frame: pl.DataFrame, key: tuple[str, ...], path: Path) -> None:
    if _is_unique(frame, key):
        return
    repeated = frame.select(*key, row=pl.int_range(pl.len())).filter(pl.struct(key).is_duplicated())
    first = repeated.row(0)
    again = repeated.filter(pl.all_horizontal(pl.col(k).eq_missing(v) for k, v in zip(key, first[:-1], strict=True)))
    rows = " and ".join(str(r + 1) for r in again["row"].head(2))
    values = ", ".join(f"{k} {v}" for k, v in zip(key, first, strict=False))
    raise SourceError(
        f"{path}: data rows {rows} have the same {values}; each may stand once. Is the file as published?"
    )


def _is_unique(frame: pl.DataFrame, key: tuple[str, ...]) -> bool:
    """Whether no two rows agree in all of `key`.

    Whole numbers are packed into one and compared with the row before: sorted tables, as published ones are, then cost
    next to nothing.
    """
    packed = pl.lit(0, dtype=pl.Int64)
    places = 1
    for name in key:
        column = frame[name]
        if not column.dtype.is_integer() or column.null_count() or not frame.height:
            return not frame.select(pl.struct(key).is_duplicated().any()).item()
        low, high = int(column.min()), int(column.max())  # type: ignore[arg-type]
        packed = packed * (high - low + 1) + (pl.col(name).cast(pl.Int64) - low)
        places *= high - low + 1
    if places >= 2**62:
        return not frame.select(pl.struct(key).is_duplicated().any()).item()
    one = frame.select(packed.alias("key"))["key"]
    return bool((one.diff() > 0).all()) or one.n_unique() == frame.height
