"""`foedus measure`: what holds an alliance together, indicator by indicator and year by year."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, Own, application, opened
from foedus.cli.writing import writable, write_whole
from foedus.errors import FoedusError, OutputError

if TYPE_CHECKING:
    import polars as pl

FORMS = (".csv", ".json", ".parquet")
Year = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="The first year.")]
Last = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="The last year.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="A file that ends in .csv, .json or .parquet.")
]


def measure(
    treaty: Annotated[
        str | None, typer.Argument(metavar="TREATY|system", help="A treaty, or the word system for the whole of it.")
    ] = None,
    first: Year = None,
    last: Last = None,
    explain: Annotated[bool, typer.Option("--list", help="Every indicator: formula, source, how to read it.")] = False,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", metavar="DIR", help="The folder of the data sets; foedus's own by default."),
    ] = None,
    out: Out = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Indicators of a treaty, or of the whole system, for each year; without --from and --to, the latest year only.

    A value that is not known is empty, and the note says why. Many need data sets of your own: foedus sources list.
    """
    if explain:
        _explained(json)
        return
    if treaty is None:
        raise FoedusError("Name a treaty, or the word system; foedus measure --list explains the indicators.")
    if out is not None:
        if out.suffix not in FORMS:
            raise OutputError(f"{out} must end in {', '.join(FORMS)}; the suffix decides the format.")
        writable(out)
    frame = _measured(treaty, first, last, sources, own, everything=out is not None)
    if out is not None:
        write_whole(out, _bytes(frame, out.suffix))
        print(f"Wrote {out.resolve()}: {frame.height} rows, {frame['value'].null_count()} without a value.")
    elif json:
        show_text.as_json(frame.to_dicts())
    else:
        _shown(frame)


def _measured(
    treaty: str, first: int | None, last: int | None, sources: Path | None, own: Path | None, *, everything: bool
) -> pl.DataFrame:
    from foedus.measure import gather, profile, system_profile

    record = opened(own)
    chosen = None if treaty == "system" else record.treaty(treaty)
    if first is not None and last is not None and first > last:
        raise FoedusError(f"--from {first} is after --to {last}.")
    evidence = gather(record, sources)
    if first is None and last is None and not everything:
        ended = chosen.ended if chosen else None
        first = min(ended.year - 1, evidence.last.year) if ended else evidence.last.year
    if chosen is not None:
        return profile(record, evidence, chosen, first=first, last=last)
    frame = system_profile(record, evidence, first=first, last=last)
    if frame.is_empty():
        raise FoedusError(f"There is no system to measure in these years; they go from 1816 to {evidence.last.year}.")
    return frame


def _bytes(frame: pl.DataFrame, suffix: str) -> bytes:
    if suffix == ".json":
        import msgspec

        return msgspec.json.format(msgspec.json.encode(frame.to_dicts()), indent=1) + b"\n"
    held = io.BytesIO()
    if suffix == ".csv":
        frame.write_csv(held)
    else:
        frame.write_parquet(held)
    return held.getvalue()


def _shown(frame: pl.DataFrame) -> None:
    name, years = frame["treaty"][0], frame["year"].unique().sort().to_list()
    rows = [
        (str(r["year"]), r["indicator"], _number(r["value"]), r["unit"], r["note"], r["source"])
        for r in frame.iter_rows(named=True)
    ]
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    show_text.table(f"{name}, {span}", ("year", "indicator", "value", "unit", "note", "source"), rows, right=(2,))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:.4g}"


def _explained(json: bool) -> None:
    from foedus.measure import INDICATORS

    rows: list[Mapping[str, str]] = [
        {"indicator": n, "scope": i.scope, "unit": i.unit, "formula": i.formula, "definition": i.by, "reading": i.read}
        for n, i in INDICATORS.items()
    ]
    if json:
        show_text.as_json(rows)
        return
    columns = list(rows[0])
    show_text.table(f"{len(rows)} indicators", columns, [[row[c] for c in columns] for row in rows])


app = application(measure, "foedus measure nato --from 1990 --to 2016 -o nato.csv")
