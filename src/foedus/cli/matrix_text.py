"""The deterrence map on the terminal, or as a file."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from foedus.cli import show_text
from foedus.errors import EventError, OutputError

if TYPE_CHECKING:
    import polars as pl

    from foedus.record import Record
    from foedus.record.schema import Kind

MOST_ROWS = 15


def show_matrix(
    record: Record, day: date, kind: str | None, out: Path | None, sources: Path | None, json: bool
) -> None:
    """Compute the map for `day` and print a summary, JSON, or write the whole frame to `out`."""
    from foedus.casus.deterrence import deterrence
    from foedus.casus.reading import KINDS
    from foedus.panel.capability import TODAY, capability

    if kind is not None and kind not in KINDS:
        raise EventError(f'--kind: "{kind}" is not a kind of event. Kinds: {", ".join(KINDS)}.')
    cinc = None
    if day.year < TODAY and sources:
        from foedus.sources.nmc import cinc as read_cinc

        cinc = read_cinc(sources)
    shares = capability(record, record.system(day), day, cinc)
    frame = deterrence(record, day, shares, kind=cast("Kind", kind or "armed_attack"))
    if frame.is_empty():
        raise EventError(f"--on: the list of states begins on 1816-01-01; on {day} it has none.")
    if out:
        _write(frame, out)
    elif json:
        show_text.as_json(frame.to_dicts())
    else:
        _summary(record, frame, day, shares.measure)


def _write(frame: pl.DataFrame, out: Path) -> None:
    from foedus.cli.writing import writable, write_whole

    writable(out)
    buffer = io.BytesIO()
    if out.suffix == ".csv":
        frame.write_csv(buffer)
    elif out.suffix == ".parquet":
        frame.write_parquet(buffer)
    else:
        raise OutputError(f"{out}: the map is a table; give a file name that ends in .csv or .parquet.")
    write_whole(out, buffer.getvalue())
    print(f"Wrote {out.resolve()}: {frame.height:,} ordered pairs.")


def _summary(record: Record, frame: pl.DataFrame, day: date, measure: str) -> None:
    """The best covered targets: how many are bound to help against a typical attacker, and how much they weigh."""
    import polars as pl

    helps = pl.col("n_must_use_force") + pl.col("n_must_mobilise") + pl.col("n_must_assist")
    best = (
        frame.with_columns(n=helps)
        .group_by("target")
        .agg(
            n=pl.col("n").median(),
            least=pl.col("n").min(),
            share=pl.col("capability_bound").median(),
            consult=pl.col("n_must_consult").median(),
        )
        .sort(["share", "n", "target"], descending=[True, True, False], nulls_last=True)
    )
    rows = [
        (
            record.state_name(r["target"], day),
            f"{r['n']:g}",
            str(r["least"]),
            f"{r['consult']:g}",
            "not known" if r["share"] is None else f"{r['share'] * 100:.1f}%",
        )
        for r in best.head(MOST_ROWS).to_dicts()
    ]
    alone = best.filter(pl.col("n") == 0).height
    show_text.table(
        f"{frame.height:,} ordered pairs of {best.height} states on {day}: the best covered targets",
        ("target", "bound to help (median)", "against the worst attacker", "must consult", "their capability"),
        rows,
        right=(1, 2, 3, 4),
    )
    print(f"{alone} of {best.height} states have nobody bound to help them against the median attacker.")
    print(
        f"Capability: {measure or 'not known for this day; give --sources DIR with NMC'}. Whole table: -o FILE.parquet"
    )
    if not measure:
        print("Note: before 2024 capability needs your own copy of National Material Capabilities.", file=sys.stderr)
