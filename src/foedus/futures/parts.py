"""One chunk's results as tidy frames, and as the bytes of the Parquet files of a part."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.futures import economy as e
from foedus.futures.chunk import CHUNK, Job, run_chunk
from foedus.futures.years import KINDS, SYSTEM, Results

EVENTS = pl.Schema(
    {
        "world": pl.Int32(),
        "year": pl.Int16(),
        "kind": pl.Enum(KINDS),
        "treaty": pl.Int32(),
        "state": pl.Int16(),
        "other": pl.Int16(),
        "value": pl.Int16(),
        "by_scenario": pl.Boolean(),
    }
)
MEMBERS = pl.Schema({"year": pl.Int16(), "treaty": pl.Int32(), "state": pl.Int16(), "worlds": pl.Int32()})
SIZES = pl.Schema({"year": pl.Int16(), "treaty": pl.Int32(), "members": pl.Int16(), "worlds": pl.Int32()})
TIES = pl.Schema({"year": pl.Int16(), "a": pl.Int16(), "b": pl.Int16(), "worlds": pl.Int32()})
SYSTEM_FRAME = pl.Schema({"world": pl.Int32(), "year": pl.Int16(), **dict.fromkeys(SYSTEM, pl.Float32())})
DRIVERS = pl.Schema(
    {"year": pl.Int16(), "state": pl.Int16(), "what": pl.Enum(e.KINDS), "cell": pl.Int16(), "worlds": pl.Int32()}
)
TABLES: dict[str, pl.Schema] = {
    "events": EVENTS,
    "members": MEMBERS,
    "sizes": SIZES,
    "ties": TIES,
    "drivers": DRIVERS,
    "system": SYSTEM_FRAME,
}


def frames_of(results: Results, job: Job, chunk: int) -> dict[str, pl.DataFrame]:
    """The six tables of one chunk; states and treaties by index, worlds numbered over the whole run."""
    first = job.world.origin + 1
    log = results.log[: int(results.used[0])]
    events = pl.DataFrame(
        {
            "world": log[:, 0] + chunk * CHUNK,
            "year": log[:, 1].astype(np.int16),
            "kind": pl.Series([KINDS[k] for k in range(len(KINDS))], dtype=pl.Enum(KINDS)).gather(log[:, 2]),
            "treaty": log[:, 3],
            "state": log[:, 4].astype(np.int16),
            "other": log[:, 5].astype(np.int16),
            "value": log[:, 6].astype(np.int16),
            "by_scenario": log[:, 7] > 0,
        },
        schema=EVENTS,
    )
    return {
        "events": events,
        "members": _counts(results.members, first, MEMBERS),
        "sizes": _counts(results.size, first, SIZES),
        "ties": _counts(results.tied, first, TIES),
        "drivers": _drivers(results.drivers, first),
        "system": _system(results.system, first, chunk),
    }


def _counts(array: NDArray[np.int32], first: int, schema: pl.Schema) -> pl.DataFrame:
    """The cells that are not zero, one row each, in order."""
    year, one, two = np.nonzero(array)
    names = schema.names()
    columns = {names[0]: year + first, names[1]: one, names[2]: two, "worlds": array[year, one, two]}
    return pl.DataFrame(columns).cast(dict(schema))  # type: ignore[arg-type]


def _drivers(array: NDArray[np.int32], first: int) -> pl.DataFrame:
    """Histograms of each state and year: cells that are not empty; their middles by `economy.middle`."""
    year, state, what, cell = np.nonzero(array)
    names = pl.Series(e.KINDS, dtype=pl.Enum(e.KINDS)).gather(what)
    columns = {
        "year": year + first,
        "state": state,
        "what": names,
        "cell": cell,
        "worlds": array[year, state, what, cell],
    }
    return pl.DataFrame(columns).cast(dict(DRIVERS))  # type: ignore[arg-type]


def _system(values: NDArray[np.float32], first: int, chunk: int) -> pl.DataFrame:
    worlds, years = values.shape[:2]
    columns: dict[str, NDArray[np.generic]] = {
        "world": np.repeat(np.arange(worlds, dtype=np.int32) + chunk * CHUNK, years),
        "year": np.tile(np.arange(first, first + years, dtype=np.int16), worlds),
    }
    flat = values.reshape(-1, len(SYSTEM))
    return pl.DataFrame({**columns, **{name: flat[:, k] for k, name in enumerate(SYSTEM)}}, schema=SYSTEM_FRAME)


def part(job: Job, chunk: int, worlds: int) -> dict[str, bytes]:
    """Run one chunk; table -> bytes of its Parquet file. The same bytes wherever it runs."""
    frames = frames_of(run_chunk(job, chunk, worlds), job, chunk)
    return {name: _parquet(frame) for name, frame in frames.items()}


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=1, statistics=True, row_group_size=1 << 20)
    return out.getvalue()


def digest(data: bytes) -> str:
    """sha256, as the manifest holds it."""
    return hashlib.sha256(data).hexdigest()


def chunks_of(worlds: int) -> list[tuple[int, int]]:
    """(number, worlds) of each chunk of a run."""
    return [(k, min(CHUNK, worlds - k * CHUNK)) for k in range((worlds + CHUNK - 1) // CHUNK)]
