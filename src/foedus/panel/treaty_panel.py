"""Treaties of the record by year, with what their members could bring: capabilities, then figures of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from foedus.errors import SourceError
from foedus.panel.build import FIRST_YEAR, Panel
from foedus.panel.catalogue import Column, Context, Note
from foedus.panel.sets import SetYears
from foedus.panel.system import from_record
from foedus.panel.treaties_by_year import treaties_by_year
from foedus.record import Record, load

_NMC_ENDS = 2022
_NO_COPY = "no copy of National Material Capabilities at hand"


def treaty_year(
    record: Record | None = None,
    *,
    first: int = FIRST_YEAR,
    last: date | None = None,
    add: Sequence[str] = (),
    sources: Path | None = None,
) -> Panel:
    """The treaties of `record` in force at the end of each year, from `first` to the day `last` (today by default).

    Columns: treaty, title, year, n_parties, parties, pledges, has_defence as in `treaties_by_year`, and
        cinc_total : sum of the parties' CINC (share of the system), from National Material Capabilities, to 2022;
        milex_musd_total : sum of the parties' military expenditure in million current US dollars, from the record's own
            figures of that very year. cinc_n_known, milex_musd_n_known : parties with a value.
        cinc_why, milex_musd_why : why there is no total; null where there is one.
    A total is null unless every party has a value of that year; nothing is carried forward. Without a copy of the
    capabilities the panel is made all the same, and says so. `add` takes the additions of sets, as for `kads`.
    """
    whole, until = record or load(), last or date.today()
    base = treaties_by_year(whole, first, until)
    context = Context(whole, sources)
    cinc, note = _cinc(context)
    spent = _spending(whole)
    frame = base.with_columns(
        *_totals(base, "cinc", cinc, _why_cinc(bool(cinc))),
        *_totals(base, "milex_musd", spent, _why_milex({year for _, year in spent})),
    )
    system = from_record(whole, until.year)
    index = {code: i for i, code in enumerate(system.code)}
    sizes = base["n_parties"].to_numpy().astype(np.int64)
    at = base["year"].to_numpy().astype(np.int32) - system.first
    parties = np.array([index.get(s, -1) for row in base["parties"].to_list() for s in row], dtype=np.int32)
    here = np.repeat(at, sizes)
    inside = (parties >= 0) & (here >= 0) & system.member[parties, np.maximum(here, 0)]
    state = np.where(inside, parties, -1).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    n_out = int((state < 0).sum())
    says = "parties are no members of the inter-state system in the year; they have no value in any data set"
    notes = tuple(n for n in (note, Note("treaty_year", says, n_out) if n_out else None) if n)
    return Panel("treaty_year", SetYears(system, first, at, state, start), frame, _COLUMNS, notes, context).add(*add)


def _cinc(context: Context) -> tuple[dict[tuple[str, int], float], Note | None]:
    """(state, year) -> CINC, and a note when there is no copy to read."""
    try:
        frame = context.read("nmc", ["ccode", "year", "cinc"]).drop_nulls()
    except SourceError as error:
        if "no such file" not in str(error):  # a file that is there and wrong is the user's to know
            raise
        return {}, Note("treaty_year", f"{_NO_COPY}: {str(error).splitlines()[0]}", 0)
    code = {r.cow: c for c, r in context.record.states.items() if r.cow}
    return {(code[c], y): v for c, y, v in frame.iter_rows() if c in code}, None


def _spending(record: Record) -> dict[tuple[str, int], float]:
    """(state, year) -> million current USD: the share of GDP times GDP, both of that year."""
    share = {(f.state, f.year): f.value for f in record.figures if f.indicator == "milex_share_gdp" and f.year}
    gdp = {(f.state, f.year): f.value for f in record.figures if f.indicator == "gdp_musd" and f.year}
    return {
        (state, year): value / 100 * gdp[state, year] for (state, year), value in share.items() if (state, year) in gdp
    }


def _why_cinc(at_hand: bool) -> dict[str, object]:
    return {
        "years": range(1816, _NMC_ENDS + 1),
        "else": f"National Material Capabilities end in {_NMC_ENDS}",
        "none": "" if at_hand else _NO_COPY,
    }


def _why_milex(years: set[int]) -> dict[str, object]:
    return {"years": years, "else": "the record has no expenditure and GDP of this year", "none": ""}


def _totals(
    base: pl.DataFrame, name: str, values: dict[tuple[str, int], float], why: dict[str, object]
) -> list[pl.Series]:
    total: list[float | None] = []
    known: list[int] = []
    reason: list[str | None] = []
    years = why["years"]
    assert isinstance(years, range | set)
    for year, parties in zip(base["year"].to_list(), base["parties"].to_list(), strict=True):
        found = [values[p, year] for p in parties if (p, year) in values]
        known.append(len(found))
        missing = [p for p in parties if (p, year) not in values]
        total.append(None if missing else sum(found))
        if not missing:
            reason.append(None)
        elif why["none"]:
            reason.append(str(why["none"]))
        else:
            reason.append(str(why["else"]) if year not in years else f"no value for {', '.join(missing)}")
    return [
        pl.Series(f"{name}_total", total, dtype=pl.Float64),
        pl.Series(f"{name}_n_known", known, dtype=pl.Int16),
        pl.Series(f"{name}_why", reason, dtype=pl.String),
    ]


_SAYS: dict[str, tuple[str, str, str]] = {
    "treaty": ("record", "id", "Id of the treaty"),
    "title": ("record", "text", "Short name of the treaty where it has one, else its name"),
    "year": ("record", "year", "Calendar year; read on 31 December, the last one on the last day"),
    "n_parties": ("record", "states", "Parties and guarantors on that day"),
    "parties": ("record", "code", "Codes of the parties and guarantors on that day"),
    "pledges": ("record", "text", "Kinds of pledge that the articles made on that day"),
    "has_defence": ("record", "true or false", "Whether a pledge of defence is among them"),
    "cinc_total": ("nmc", "share of the system, 0 to 1", "Sum of the parties' CINC, as in the file"),
    "cinc_n_known": ("nmc", "states", "Parties with a CINC of that year"),
    "cinc_why": ("nmc", "text", "Why there is no sum of CINC; null where there is one"),
    "milex_musd_total": (
        "record",
        "million current US dollars",
        "Sum of the parties' military expenditure, share of GDP times GDP",
    ),
    "milex_musd_n_known": ("record", "states", "Parties with an expenditure of that year"),
    "milex_musd_why": ("record", "text", "Why there is no sum of expenditure; null where there is one"),
}
_COLUMNS = tuple(Column(c, "", source, unit, "derived", says) for c, (source, unit, says) in _SAYS.items())
