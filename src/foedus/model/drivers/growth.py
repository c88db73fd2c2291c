"""GDP growth: each state returns to a long-run rate that remembers little of its past, with fat-tailed shocks.

    drift_i = world + pull (own_i - world) + income y_i     own_i: the state's mean of the last ten years
    g_i,t   = drift_i + rho (g_i,t-1 - drift_i) + c_t + size * scale_i * e_it
    c_t ~ N(0, sigma^2) for all states, e_it ~ Student t with nu degrees of freedom; y_i: log GDP per person
                                                        less the mean of all states

Growth regresses to the mean: what a state did in one decade says little on the next (Pritchett and Summers 2014, NBER
20573, recalled), so `pull` and `income` are the slopes
of a decade's mean on the one before and on income at its beginning. Units: log points a year of real GDP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.drivers.tails import scales, slopes, student_fit
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.record import Record

TERMS = ("world", "pull", "income", "rho", "ln_sigma_common", "ln_size", "ln_nu_minus_2")
SPEC: dict[str, Any] = {"window": 70, "decade": 10}
_LARGEST = 0.15  # log points: shocks of wars and state collapse beyond this count as this in means and slopes
_Floats = NDArray[np.float64]


def fit(
    *,
    data: str = "gdp_pop",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the growth process to the user's copy of the long-run GDP estimates (Fariss and others 2022).

    until : last year seen. spec : window (years used before it), decade (length of a mean). `extra` holds own
    (own_i), income (y_i) and scale (scale_i) by state code. Raises SourceError without the file, ModelError for a spec.
    """
    chosen = _spec(spec)
    yearly = state_years(sources, until, chosen["window"])
    decades = _decades(yearly, chosen["decade"])
    memory = slopes(decades, ["before", "income"], "after")
    world = decades.group_by("year").agg(pl.col("after").mean())["after"].to_numpy()
    mean, mean_se = float(world.mean()), float(world.std(ddof=1) / np.sqrt(len(world)))
    rows = _deviations(yearly, mean, memory.coef, chosen["decade"])
    rho = slopes(rows, ["was"], "now")
    rest = rows.with_columns(rest=pl.col("now") - rho.coef[0] * pl.col("was"))
    common = float(rest.group_by("year").agg(pl.col("shock").first())["shock"].to_numpy().std(ddof=1))
    n_years = rest["year"].n_unique()
    scale, keeps = scales(rest)
    tails = student_fit((rest["rest"] / rest["state"].replace_strict(scale, return_dtype=pl.Float64)).to_numpy())
    covariance = np.zeros((7, 7))
    covariance[0, 0], covariance[1:3, 1:3], covariance[3, 3] = mean_se**2, memory.covariance, rho.covariance[0, 0]
    covariance[4, 4], covariance[5:, 5:] = 1 / (2 * (n_years - 1)), tails.covariance
    return fitted(
        "growth",
        what="growth of real GDP, log points a year",
        data=data,
        data_hash=hash_of(
            yearly["year"].to_numpy(), yearly["g"].to_numpy(), yearly["income"].to_numpy(), "|".join(yearly["state"])
        ),
        newest=f"{yearly['year'].to_numpy().max()}-12-31",
        terms=TERMS,
        coef=np.round([mean, *memory.coef, *rho.coef, np.log(common), *tails.coef], 8),
        covariance=np.round(covariance, 10),
        n=len(rows),
        spec=chosen,
        notes=(
            "pull, income: a decade's mean growth on the one before and on income at its beginning, world means out.",
            f"scale by state: what the size of a decade's shocks keeps of the last one's (elasticity {keeps:.3f}).",
            "The estimates behind it are model-based and smooth; raw accounts have larger shocks in single years.",
            "Covariance is in blocks (memory; tails): each comes from its own step.",
        ),
        extra={**_latest(yearly, chosen["decade"]), "scale": scale},
    )


@dataclass(frozen=True, eq=False)
class Starting:
    """What is known of the states before the first year, each (n,): own and income (see above), scale of shocks."""

    own: _Floats
    income: _Floats
    scale: _Floats

    def drift(self, parameters: _Floats) -> _Floats:
        """Long-run growth (n,) under one row of parameters (7,), or (w, n) under w rows."""
        world, pull, income = (parameters[..., k, None] for k in range(3))
        return np.asarray(world + pull * (self.own - world) + income * self.income)


def starting(model: Fitted, codes: Sequence[str]) -> Starting:
    """What the fit knows of `codes`; a state that it does not know is an average one."""
    world, extra = model.by_term["world"], model.extra
    own, income, scale = (
        np.array([extra[name].get(c, default) for c in codes])
        for name, default in (("own", world), ("income", 0.0), ("scale", 1.0))
    )
    return Starting(own, income, scale)


def latest(record: Record, codes: Sequence[str]) -> _Floats:
    """Latest yearly growth from the record's GDP at constant prices, (n,), log points; nan without two such years."""
    found = np.full(len(codes), np.nan)
    for i, code in enumerate(codes):
        by_year = {f.year: f.value for f in record.figures_of(code) if f.indicator == "gdp_ppp_musd_2021"}
        pair = next(((y, y - 1) for y in sorted(filter(None, by_year), reverse=True) if y - 1 in by_year), None)
        if pair:
            found[i] = np.log(by_year[pair[0]] / by_year[pair[1]])
    return found


def _spec(spec: Mapping[str, Any] | None) -> dict[str, Any]:
    chosen = {**SPEC, **(spec or {})}
    strange = [k for k, v in chosen.items() if k not in SPEC or not isinstance(v, int) or v < 5]
    if strange or chosen["window"] < 3 * chosen["decade"]:
        named = strange[0] if strange else "window"
        raise ModelError(f"growth, spec {named}: expected whole numbers window and decade, window at least 3 decades.")
    return chosen


def state_years(sources: Path | None, until: int | None, window: int) -> pl.DataFrame:
    """Columns state, year, g (log points), income: consecutive years only, extremes held at _LARGEST."""
    from foedus.sources import read

    raw = read("gdp_pop", sources).filter(pl.col("pwtrgdp") > 0).sort("ccode", "year")
    seen = raw.filter(pl.col("year") <= until) if until else raw
    last = int(str(seen["year"].max()))
    return (
        seen.drop_nulls("ccode_state")
        .with_columns(
            income=(pl.col("pwtrgdp") / pl.col("pwtpop")).log(),
            g=pl.col("pwtrgdp").log().diff().over("ccode").clip(-_LARGEST, _LARGEST),
            step=pl.col("year").diff().over("ccode"),
        )
        .filter(pl.col("step") == 1, pl.col("year") > last - window)
        .with_columns(pl.col("income") - pl.col("income").mean().over("year"))
        .select("year", "g", "income", state="ccode_state")
        .sort("state", "year")
    )


def _decades(yearly: pl.DataFrame, length: int) -> pl.DataFrame:
    """Columns state, year, before, income, after: mean growth of a whole decade, income at its end, and the growth of
    the next decade, which ends in `year`."""
    last = int(str(yearly["year"].max()))
    means = (
        yearly.group_by("state", at=(last - pl.col("year")) // length)  # 0 is the latest decade
        .agg(pl.col("g").mean(), pl.col("income").last(), n=pl.len())
        .filter(pl.col("n") == length)
    )
    pairs = means.join(means.with_columns(pl.col("at") - 1), on=["state", "at"], suffix="_before").sort("state", "at")
    return pairs.select(
        "state", year=last - pl.col("at") * length, before="g_before", income="income_before", after="g"
    )


def _deviations(yearly: pl.DataFrame, world: float, memory: _Floats, length: int) -> pl.DataFrame:
    """Columns state, year, was, now: growth less the drift known by then and less the world's shock of the year."""
    drift = world + memory[0] * (pl.col("own") - world) + memory[1] * pl.col("income")
    rows = (
        yearly.with_columns(
            own=pl.col("g").shift(1).rolling_mean(length).over("state"), g_before=pl.col("g").shift(1).over("state")
        )
        .drop_nulls("own")
        .with_columns(now=pl.col("g") - drift, was=pl.col("g_before") - drift)
    )
    shock = pl.col("now").median().over("year")  # the median: one collapse is no shock of the world
    return rows.with_columns(shock=shock).with_columns(pl.col("now") - pl.col("shock"))


def _latest(yearly: pl.DataFrame, length: int) -> dict[str, dict[str, float]]:
    """own and income by state: mean growth and last income of states that have all of the last `length` years."""
    last = int(str(yearly["year"].max()))
    recent = yearly.filter(pl.col("year") > last - length).group_by("state", maintain_order=True)
    rows = recent.agg(pl.col("g").mean(), pl.col("income").last(), n=pl.len()).filter(pl.col("n") == length)
    return {
        name: {s: round(float(v), 6) for s, v in rows.select("state", column).iter_rows()}
        for name, column in (("own", "g"), ("income", "income"))
    }
