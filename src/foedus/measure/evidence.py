"""What indicators are computed from: the record, and those of the user's own data sets that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus import sources
from foedus.measure.depth import depth
from foedus.measure.portfolio import TOP, Portfolio, atop_ties, cow_system, portfolios, record_system, record_ties
from foedus.measure.similarity import scores
from foedus.record import Record
from foedus.sources import place

NEEDED = (
    "nmc",
    "atop_dyads",
    "cow_states",
    "atop_alliances_v4_01",
    "gdp_pop",
    "ideal_points",
    "exercises",
    "exercise_participants",
    "sipri_milex",
    "wb_gdp",
    "wb_population",
)
FIRST_YEAR = 1816  # the lists of states begin


@dataclass(frozen=True, eq=False)
class Evidence:
    """The record to a day, and the frames of `NEEDED` that were found, by name.

    why : name of a data set that is not there -> one line that says so. What is derived is computed when asked for.
    """

    record: Record
    last: date
    frames: Mapping[str, pl.DataFrame]
    why: Mapping[str, str]
    _scores: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def cited(self, name: str) -> str:
        """Title of a data set, as sources are named in a profile."""
        return sources.data_set(name).title

    @cached_property
    def own(self) -> Mapping[int, Portfolio]:
        """Portfolios of the record's own treaties, by year, 1816 to `last`."""
        system = record_system(self.record, FIRST_YEAR, self.last.year)
        return {p.year: p for p in portfolios(record_ties(self.record, FIRST_YEAR, self.last), system)}

    @cached_property
    def atop(self) -> Mapping[int, Portfolio]:
        """Portfolios of ATOP, by year, for the years that the list of states covers; empty without the data."""
        if "atop_dyads" not in self.frames or "cow_states" not in self.frames:
            return {}
        ties, system = atop_ties(self.frames["atop_dyads"]), cow_system(self.frames["cow_states"])
        return {p.year: p for p in portfolios(ties, system)}

    def kappa(self, year: int) -> NDArray[np.float64]:
        """Kappa of every pair of the record's portfolio of that year, valued, absolute distance."""
        if year not in self._scores:
            self._scores[year] = scores(self.own[year].ties, TOP).kappa
        return self._scores[year]

    @cached_property
    def cinc(self) -> Mapping[int, Mapping[int, float]]:
        """Year -> COW number -> CINC; empty without the data."""
        found: dict[int, dict[int, float]] = {}
        if "nmc" in self.frames:
            for cow, year, value in self.frames["nmc"].select("ccode", "year", "cinc").drop_nulls().iter_rows():
                found.setdefault(year, {})[cow] = value
        return found

    @cached_property
    def per_soldier(self) -> Mapping[tuple[int, int], float]:
        """(COW number, year) -> military expenditure per soldier, current USD, where both are above zero."""
        if "nmc" not in self.frames:
            return {}
        known = self.frames["nmc"].filter(pl.col("milper") > 0, pl.col("milex") > 0)
        rows = known.select("ccode", "year", pl.col("milex") / pl.col("milper")).rows()
        return {(cow, year): value for cow, year, value in rows}

    @cached_property
    def net_power(self) -> Mapping[int, Mapping[int, float]]:
        """Year -> COW number -> GDP^2 / population; empty without the data."""
        found: dict[int, dict[int, float]] = {}
        if "gdp_pop" in self.frames:
            known = self.frames["gdp_pop"].select("ccode", "year", "pwtrgdp", "pwtpop").drop_nulls()
            for cow, year, gdp, people in known.filter(pl.col("pwtpop") > 0).iter_rows():
                found.setdefault(year, {})[cow] = gdp**2 / people
        return found

    @cached_property
    def ideal(self) -> Mapping[tuple[int, int], float]:
        """(COW number, year) -> ideal point from all votes of the year, where at least ten were cast."""
        if "ideal_points" not in self.frames:
            return {}
        known = self.frames["ideal_points"].filter(pl.col("nvotesall") >= 10).drop_nulls("idealpointall")
        return {(c, y): t for c, y, t in known.select("ccode", "year", "idealpointall").rows() if c is not None}

    @cached_property
    def milex(self) -> Mapping[tuple[str, int], tuple[float | None, float | None]]:
        """(state, year) -> military expenditure in million current USD, and in per cent of GDP (SIPRI)."""
        if "sipri_milex" not in self.frames:
            return {}
        wide = (
            self.frames["sipri_milex"]
            .filter(pl.col("measure").is_in(["current_usd_m", "share_of_gdp"]), pl.col("value").is_not_null())
            .filter(pl.col("country_state").is_not_null() & (pl.col("country_state") != ""))
            .pivot("measure", index=["country_state", "year"], values="value", aggregate_function="first")
        )
        rows = wide.select("country_state", "year", "current_usd_m", pl.col("share_of_gdp") * 100).rows()
        return {(s, y): (money, share) for s, y, money, share in rows}

    def by_state_year(self, name: str) -> Mapping[tuple[str, int], float]:
        """(state, year) -> value of a World Bank series; empty without the data."""
        if name not in self.frames:
            return {}
        known = self.frames[name].select("country_code_state", "year", "value").drop_nulls()
        return {(s, y): float(v) for s, y, v in known.iter_rows() if s}

    @cached_property
    def gdp(self) -> Mapping[tuple[str, int], float]:
        """(state, year) -> GDP, current USD."""
        return self.by_state_year("wb_gdp")

    @cached_property
    def people(self) -> Mapping[tuple[str, int], float]:
        """(state, year) -> population."""
        return self.by_state_year("wb_population")

    @cached_property
    def texts(self) -> Mapping[int, tuple[int | None, int | None, float | None]]:
        """ATOP's id -> milinst, formal and joint practices of the text; empty without the data."""
        if "atop_alliances_v4_01" not in self.frames:
            return {}
        return {row[0]: row[1:] for row in depth(self.frames["atop_alliances_v4_01"]).rows()}


def gather(record: Record, where: Path | None = None, last: date | None = None) -> Evidence:
    """The evidence in the folder `where` (see `sources.folder`); a data set without a file there is left out, and said.

    last : the day to which the record is read; by default the day on which it was last checked. Raises SourceError for
    a file that is there and wrong.
    """
    folder = sources.folder(where)
    frames, why = {}, {}
    for name in NEEDED:
        if place.find(place.known(name, folder), folder) is None:
            why[name] = f"no file of {name} in the folder of the data sets (foedus sources list)"
        else:
            frames[name] = sources.read(name, folder)
    return Evidence(record, last or max(t.checked for t in record.treaties.values()), frames, why)
