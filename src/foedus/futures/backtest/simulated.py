"""What the simulator would have said: models fitted on what was known at the origin, worlds run forward from there."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.futures.backtest.law import under_law
from foedus.futures.backtest.questions import COUNTS, Scene
from foedus.futures.backtest.references import Forecast, tables_of
from foedus.futures.ensemble import run
from foedus.futures.parameters import NAMES, Fits
from foedus.futures.start import from_history
from foedus.model.envelope import Fitted
from foedus.model.errors import Constant
from foedus.model.membership import counts, founding, hazards, sizes
from foedus.model.membership.history import History
from foedus.model.membership.standing import ACCESSION, unsettled
from foedus.model.registry import fit as fit_by_name
from foedus.record import Record

_Floats = NDArray[np.float64]
_OTHERS = ("withdrawal", "termination")
_RUNS_AWAY = "log_accessions_5y"  # left out, as in the simulator's own fit: docs/futures.md says why
_FOUNDINGS = {"founding": founding, "founding-counts": counts, "founding-sizes": sizes}


def fits_at(past: History, record: Record) -> Fits:
    """Every model of the simulator, fitted on `past` alone; `past` is the history as it was known at its end.

    Regimes and rivalries come from the record whatever the alliances come from, up to the same year.
    """
    found: dict[str, Fitted] = {name: hazards.fit_history(hazards.PROCESSES[name], past) for name in _OTHERS}
    found["accession"] = _steady_accession(past)
    found |= {name: module.fit_history(past) for name, module in _FOUNDINGS.items()}
    rest = [name for name in NAMES if name not in found]
    return Fits(found | {name: fit_by_name(name, until=past.last, record=record) for name in rest})


def _steady_accession(past: History) -> Fitted:
    """Accession without the term that runs away, eras that are not settled yet, and what does not vary so early."""
    left_out = {_RUNS_AWAY, *unsettled(hazards.since_of(past, hazards.HazardSpec()), past.last)}
    while True:
        terms = tuple(t for t in ACCESSION if t not in left_out)
        try:
            return hazards.fit_history(hazards.PROCESSES["accession"], past, hazards.HazardSpec(terms=terms))
        except Constant as error:
            if not set(error.terms) - left_out:
                raise
            left_out.update(error.terms)


def simulated(
    past: History, now: Scene, record: Record, horizons: tuple[int, ...], *, worlds: int, seed: int
) -> dict[int, Forecast]:
    """horizon -> forecast of every level by `worlds` worlds from the end of the origin, parameters drawn in each."""
    world = under_law(from_history(past, now.origin, record), record)
    assert world.states == tuple(past.states[i] for i in now.states), "the scene and the world hold the same states"
    assert world.treaties == tuple(past.treaties.id[a] for a in now.treaties), "and the same treaties"
    tables = run(world, fits=fits_at(past, record), worlds=worlds, until=now.origin + max(horizons), seed=seed)
    return {h: _forecast(tables, now, now.origin + h, worlds) for h in horizons}


def _forecast(tables: dict[str, pl.DataFrame], now: Scene, year: int, worlds: int) -> Forecast:
    n = len(now.states)
    member = _shares(tables["members"], year, now.member.shape, worlds)
    tied = _shares(tables["ties"], year, (n, n), worlds)
    sets = _sets(tables["events"], year)
    together = np.zeros((n, n))
    for founders, n_worlds in _pairs(tables["events"], year).items():
        together[founders] = together[founders[::-1]] = n_worlds / worlds
    counted = tables["system"].filter(pl.col("year") <= year).group_by("world").agg(pl.col(COUNTS).sum()).sort("world")
    return Forecast(
        "foedus",
        tables_of(
            _softened(member, now.member, worlds),
            _softened(tied + tied.T, now.tied, worlds),
            _softened(together, np.zeros((n, n), np.bool_), worlds),
        ),
        {name: counted[name].to_numpy().astype(np.float64) for name in COUNTS},
        {founders: n_worlds / worlds for founders, n_worlds in sets.items()},
    )


def _shares(counts: pl.DataFrame, year: int, shape: tuple[int, ...], worlds: int) -> _Floats:
    """In what share of the worlds each cell is so at the end of `year`."""
    rows = counts.filter(pl.col("year") == year)
    one, two = (rows[c].to_numpy() for c in counts.columns[1:3])
    out = np.zeros(shape)
    out[one, two] = rows["worlds"].to_numpy() / worlds
    return out


def _softened(share: _Floats, now: NDArray[np.bool_], worlds: int) -> _Floats:
    """`share` as if one more world had been run in which each cell had the mean chance of cells that stand as it does
    now: what did not happen in any world is unlikely, not impossible."""
    mean = np.zeros_like(share)
    for standing in (False, True):
        cells = now == standing
        if cells.any():
            mean[cells] = share[cells].mean()
    return (share * worlds + mean) / (worlds + 1)


def _founders(events: pl.DataFrame, year: int) -> pl.DataFrame:
    """One row for each founding to the end of `year`: world, founders ascending."""
    new = events.filter((pl.col("kind") == "founding") & (pl.col("year") <= year))
    return new.group_by("world", "treaty").agg(pl.col("state").unique().sort())


def _sets(events: pl.DataFrame, year: int) -> Counter[tuple[int, ...]]:
    """Founders -> number of worlds in which they, and nobody else, have founded an alliance."""
    rows = _founders(events, year).select("world", "state").unique()
    return Counter(tuple(founders) for founders in rows["state"].to_list())


def _pairs(events: pl.DataFrame, year: int) -> dict[tuple[int, int], int]:
    """Pair, lower first -> number of worlds in which the two have founded an alliance together."""
    each = _founders(events, year).explode("state")
    both = each.join(each, on=["world", "treaty"], suffix="_other").filter(pl.col("state") < pl.col("state_other"))
    counted = both.select("world", "state", "state_other").unique().group_by("state", "state_other").len()
    return {(a, b): k for a, b, k in counted.iter_rows()}
