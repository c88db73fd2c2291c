"""The tables of a job, for reading and for taking away: those that it wrote, and those inside its answer."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from foedus.errors import OutputError
from foedus.web.jobs import store
from foedus.web.jobs.store import Job

if TYPE_CHECKING:
    import polars as pl

MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
Row = Mapping[str, Any]


def names(folder: Path) -> list[str]:
    """Names of the tables inside the answer of a job: every list of entries, by the words that lead to it."""
    with suppress(OutputError):
        return list(_inside(answer(folder)))
    return []


def answer(folder: Path) -> Any:
    """The answer of the job in `folder`. Raises OutputError when it is gone or no JSON."""
    try:
        return msgspec.json.decode(store.answer(folder))
    except msgspec.DecodeError as error:
        raise OutputError(f"The job's answer cannot be read: {error}. Run the job again.") from None


def read(job: Job, folder: Path, name: str) -> pl.LazyFrame:
    """The table `name` of `job`. Raises OutputError when it is gone."""
    import polars as pl

    if name not in job.tables:
        return pl.LazyFrame(_rows(folder, name), infer_schema_length=None)
    files = sorted(folder.glob(job.tables[name]))
    if not files:
        raise OutputError(f"The job's folder holds no {job.tables[name]}; somebody removed it. Run the job again.")
    found = pl.scan_parquet(files)
    return _named(found, folder) if job.kind == "futures" else found


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


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found = _inside(answer(folder)).get(name)
    if found is None:
        raise OutputError(f'The job\'s answer holds no table "{name}" any more. Run the job again.')
    return [dict(_flat(row)) for row in found]


def _inside(whole: Any, name: str = "") -> dict[str, Sequence[Row]]:
    """Every list of entries inside `whole`, by the words that lead to it, joined by _."""
    if isinstance(whole, list) and whole and all(isinstance(row, dict) for row in whole):
        return {name or "answer": whole}
    found: dict[str, Sequence[Row]] = {}
    for key, value in whole.items() if isinstance(whole, dict) else ():
        found |= _inside(value, f"{name}_{key}" if name else str(key))
    return found


def _flat(row: Row, before: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of a row, one column each; what has rows of its own becomes a text of JSON."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}_")
        elif isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
            yield f"{before}{key}", msgspec.json.encode(value).decode()
        else:
            yield f"{before}{key}", value


def _named(frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """A table of a run of futures with codes of states and ids of treaties for their numbers in the run.

    A treaty that a world founds by itself has no id: "new 3" is the fourth of its world. -1, nobody, becomes null; the
    other side of a change of regime is a class and stays a number.
    """
    import polars as pl

    try:
        manifest = msgspec.json.decode((folder / "run" / "manifest.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        raise OutputError("The job's folder holds no manifest of the run. Run the job again.") from None
    columns, known = frame.collect_schema().names(), len(manifest["treaties"])
    named = [_looked_up(c, manifest["states"]) for c in columns if c in ("state", "a", "b")]
    if "treaty" in columns:
        number = pl.col("treaty") - known
        new = pl.when(number >= 0).then(pl.lit("new ") + number.cast(pl.String))
        named.append(pl.coalesce(_looked_up("treaty", manifest["treaties"]), new).alias("treaty"))
    if "other" in columns:
        is_class = pl.col("kind").cast(pl.String) == "regime_change"
        of_class = pl.when(is_class).then(pl.col("other").cast(pl.String))
        named.append(of_class.otherwise(_looked_up("other", manifest["states"])).alias("other"))
    return frame.with_columns(named)


def _looked_up(column: str, known: Sequence[str]) -> pl.Expr:
    import polars as pl

    numbers = list(range(len(known)))
    return pl.col(column).cast(pl.Int32).replace_strict(numbers, known, default=None, return_dtype=pl.String)
