"""A frame has the schema it declares, or the reader learns every difference."""

from __future__ import annotations

import polars as pl

from foedus.errors import SchemaError


def require(frame: pl.DataFrame, schema: pl.Schema, name: str) -> pl.DataFrame:
    """`frame` with exactly the columns and types of `schema`, or SchemaError naming each difference."""
    wrong = {c: t for c, t in schema.items() if frame.schema.get(c) != t}
    if wrong:
        lines = [f"  {c}: expected {t}, found {frame.schema.get(c) or 'no such column'}" for c, t in wrong.items()]
        raise SchemaError(f"{name} does not have the declared schema:\n" + "\n".join(lines))
    return frame.select(schema.names())
