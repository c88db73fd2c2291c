"""The state-years behind the spending models: share of GDP, growth, allies' and rivals' spending.

Shares and money are SIPRI's; where SIPRI has no money (the Soviet Union, China before 1989) rivals' spending is that
of the National Material Capabilities, in current dollars too. GDP is what SIPRI's money and share imply.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.drivers.history import History

FIRST = 1949
_Floats = NDArray[np.float64]
_LARGEST = 0.15  # log points of growth; what money and share imply in a hyperinflation says nothing


@dataclass(frozen=True, eq=False)
class Spending:
    """Arrays (n states, t years), nan where unknown; year k is first + k.

    ln_share : log of military expenditure in per cent of GDP. milex : constant million USD of 2023. growth : log points
    of GDP. spill : chained log index of the effort of those who owe the state defence (their spending over their GDP),
    0 in the first year; an ally's effort moves it, a change of allies does not. rivals : log(1 + rivals' spending in
    per cent of own GDP).
    """

    past: History
    ln_share: _Floats
    milex: _Floats
    growth: _Floats
    spill: _Floats
    rivals: _Floats


def spending(past: History, sources: Path | None) -> Spending:
    """The arrays for the years of `past` (from 1949). Raises SourceError without the files."""
    share, constant, current = (
        _sipri(past, sources, m) for m in ("share_of_gdp", "constant_2023_usd_m", "current_usd_m")
    )
    for none in (share, constant, current):
        none[none <= 0] = np.nan  # a state without forces has no logarithm
    gdp = constant / share
    growth = np.full(gdp.shape, np.nan)
    growth[:, 1:] = np.clip(np.diff(np.log(gdp), axis=1), -_LARGEST, _LARGEST)
    nmc = _nmc(past, sources)
    money = np.where(np.isnan(current), nmc, current)
    return Spending(
        past, np.log(100 * share), constant, growth, _spill(past, constant, gdp), _rivals(past, money, current / share)
    )


def _sipri(past: History, sources: Path | None, measure: str) -> _Floats:
    from foedus.sources import read

    raw = read("sipri_milex", sources).filter(pl.col("measure") == measure, pl.col("country_state").is_in(past.codes))
    return _filled(past, raw.select("country_state", "year", "value").drop_nulls())


def _nmc(past: History, sources: Path | None) -> _Floats:
    """Military expenditure in million current USD."""
    from foedus.sources import read

    raw = read("nmc", sources).filter(pl.col("ccode_state").is_in(past.codes), pl.col("year") >= FIRST)
    return _filled(past, raw.select("ccode_state", "year", pl.col("milex") / 1000).drop_nulls())


def _filled(past: History, rows: pl.DataFrame) -> _Floats:
    found = np.full(past.member.shape, np.nan)
    states, years, values = rows.iter_columns()
    at = years.to_numpy() - past.first
    inside = (at >= 0) & (at < past.member.shape[1])
    place = states.replace_strict(past.index, return_dtype=pl.Int32).to_numpy()
    found[place[inside], at[inside]] = values.to_numpy()[inside]
    return found


def _spill(past: History, milex: _Floats, gdp: _Floats) -> _Floats:
    index = np.zeros(milex.shape)
    for t in range(1, past.member.shape[1]):
        known = np.isfinite(milex[:, t - 1] + milex[:, t] + gdp[:, t - 1] + gdp[:, t])
        ally = past.defended(past.first + t - 1)[:, known].astype(np.float64)
        some = ally.any(axis=1)
        effort = [(ally[some] @ milex[known, k]) / (ally[some] @ gdp[known, k]) for k in (t - 1, t)]
        index[:, t] = index[:, t - 1]
        index[some, t] += np.log(effort[1] / effort[0])
    return index


def _rivals(past: History, money: _Floats, gdp: _Floats) -> _Floats:
    found = np.empty(money.shape)
    for t in range(past.member.shape[1]):
        found[:, t] = past.rivals(past.first + t) @ np.nan_to_num(money[:, t])
    return np.asarray(np.log1p(100 * found / gdp))
