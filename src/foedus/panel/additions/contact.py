"""Where two states stand to each other on the map: contiguity, minimum distance, distance of the capitals."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel.attach import chosen, reach, span, spread
from foedus.panel.base import DyadYears, Rows
from foedus.panel.catalogue import Context, DyadAddition, Made, Means, outside

EARTH_KM = 6371.0088  # mean radius, IUGG
WHY_NO_DISTANCE = (
    "the data begin in 1886",
    "not both in the system on 1 January",
    "the data end in 2019",
    "not in the data",
)
_CONTIGUITY, _MINDIST = (1816, 2016), (1886, 2019)
_CONTTYPE = {
    "conttype": Means(
        "type, 0 to 5",
        "Contiguity: 1 land, 2 up to 12 miles of water, 3 to 24, 4 to 150, 5 to 400, 0 none; the closest of the year",
        "derived",
    )
}
_DISTANCES = {
    "mindist": Means("km", "Minimum distance on 1 January; 0 is contiguous by land"),
    "mindist_why": Means("text", "Why there is no minimum distance; null where there is one", "derived"),
    "capdist": Means(
        "km", "Great-circle distance of the capitals, on a sphere; the last capital of the year", "derived"
    ),
}


def both_ways(rows: DyadYears, one: NDArray[np.integer], two: NDArray[np.integer], year: NDArray[np.integer]) -> Rows:
    """Places of what holds for a dyad as such: the row with the lower number first, whatever order the source has."""
    return rows.rows(np.minimum(one, two), np.maximum(one, two), year)


def _contiguity(rows: DyadYears, context: Context) -> Made:
    """The closest contact on any day of the year: 1 land, 2-5 water; 0 none; null after the last year of the data."""
    spells = context.read("contiguity", ["ccode1", "ccode2", "conttype", "stdate", "enddate"])
    last = pl.col("enddate").dt.year()
    years = (
        spells.filter(pl.col("conttype") > 0)
        .with_columns(year=pl.int_ranges(pl.col("stdate").dt.year(), last + 1, dtype=pl.Int16))
        .explode("year")
        .filter(pl.col("year").is_between(rows.first, rows.system.last))
    )
    one, two, year, kind = (years[c].to_numpy() for c in ("ccode1", "ccode2", "year", "conttype"))
    covered = span(rows.year, *reach(_CONTIGUITY, int(str(spells["enddate"].dt.year().max()))))
    closest = np.where(covered, 6, 7).astype(np.uint8)
    place = both_ways(rows, one, two, year)
    np.minimum.at(closest, place[place >= 0], kind[place >= 0].astype(np.uint8))
    if rows.directed:
        mirror = rows.rows(np.maximum(one, two), np.minimum(one, two), year)
        np.minimum.at(closest, mirror[mirror >= 0], kind[mirror >= 0].astype(np.uint8))
    table = pl.DataFrame({"conttype": pl.Series([None, 1, 2, 3, 4, 5, 0, None], dtype=pl.Int8)})
    notes = outside("contiguity", "dyad", int((place < 0).sum()), rows.first, rows.system.last)
    return Made(chosen(table, closest), notes)


def _distance(rows: DyadYears, context: Context) -> Made:
    """Minimum distance with the reason where there is none, and, in its own column, the distance of the capitals."""
    frame = context.read("mindist", ["ccode1", "ccode2", "year", "mindist"])
    one, two, year = (frame[c].to_numpy() for c in ("ccode1", "ccode2", "year"))
    place = both_ways(rows, one, two, year)
    values = frame.select("mindist")
    n_outside = int(((place < 0) & (year >= rows.first) & (year <= rows.system.last)).sum())
    if rows.directed:
        mirror = rows.rows(np.maximum(one, two), np.minimum(one, two), year)
        values, place = pl.concat([values, values]), np.concatenate([place, mirror])
    known = spread(values, place, rows.n, source="mindist")
    made = [known, _why(rows, known["mindist"]), _capitals(rows, context)]
    return Made(pl.concat(made, how="horizontal"), outside("distance", "dyad", n_outside, rows.first, rows.system.last))


def _why(rows: DyadYears, known: pl.Series) -> pl.DataFrame:
    here = rows.system.on_first_day.ravel()
    n_years = np.int32(rows.system.n_years)
    began = here[rows.one * n_years + rows.at] & here[rows.two * n_years + rows.at]
    why = np.where(began, 3, 1).astype(np.uint8)
    why[rows.year < _MINDIST[0]] = 0
    why[rows.year > _MINDIST[1]] = 2
    why[known.is_not_null().to_numpy()] = 4
    words = pl.Series("mindist_why", [*WHY_NO_DISTANCE, None], dtype=pl.Enum(WHY_NO_DISTANCE))
    return chosen(words.to_frame(), why)


def _capitals(rows: DyadYears, context: Context) -> pl.DataFrame:
    """Distance of the capitals of the year, the last one where a state had several; null where one is not known."""
    spells = context.read("capitals", ["ccode", "stdate", "enddate", "lat", "lng"]).sort("ccode", "stdate")
    system = rows.system
    capital = np.full((system.n, system.n_years), len(spells), dtype=np.int32)
    for k, (ccode, since, until) in enumerate(spells.select("ccode", "stdate", "enddate").iter_rows()):
        held = np.arange(max(since.year, system.first), min(until.year, system.last) + 1)
        state = system.index(np.full(len(held), ccode), held)
        capital[state[state >= 0], held[state >= 0] - system.first] = k
    apart = np.full((len(spells) + 1, len(spells) + 1), np.nan)
    apart[:-1, :-1] = _great_circle(spells["lat"].to_numpy(), spells["lng"].to_numpy())
    n_years = np.int32(system.n_years)
    one, two = (capital.ravel()[state * n_years + rows.at] for state in (rows.one, rows.two))
    return pl.DataFrame({"capdist": pl.Series(apart.ravel()[one * np.int32(len(spells) + 1) + two])}).fill_nan(None)


def _great_circle(lat: NDArray[np.float64], lng: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances in km between all points given in degrees, by the haversine formula; shape (n, n)."""
    phi, lam = np.radians(lat), np.radians(lng)
    half = np.sin((phi[:, None] - phi) / 2) ** 2
    half += np.cos(phi)[:, None] * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=np.float64)


DYADS = (
    DyadAddition("contiguity", "contiguity", _CONTIGUITY, lambda d, a: _CONTTYPE, _contiguity),
    DyadAddition("distance", "mindist", _MINDIST, lambda d, a: _DISTANCES, _distance),
)
