"""Growth, military expenditure, support and disputes: against the steps of the fits done by hand, and closed forms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.futures.small import economy, fits, world

from foedus.futures import economy as e
from foedus.futures.ensemble import run
from foedus.futures.parameters import Fits
from foedus.futures.plan import Plan, Shock
from foedus.model.spending import plain

YEARS = 6
STILL = {"ln_size": -40.0}


def fan(frames: dict[str, pl.DataFrame], what: str, state: int) -> list[float]:
    """Mean over worlds by year, from the middles of the cells."""
    cells = frames["drivers"].filter((pl.col("what") == what) & (pl.col("state") == state)).sort("year")
    return [
        float(np.average(e.middle(what, c["cell"].to_numpy()), weights=c["worlds"].to_numpy()))
        for _, c in cells.group_by("year", maintain_order=True)
    ]


def test_without_shocks_the_path_is_that_of_the_plain_steps() -> None:
    """GDP by the drift, its memory and the scenario; the share by the plain step of the fit, year by year."""
    start = replace(world(), growth=np.linspace(-0.02, 0.08, 8), guideline=np.full(8, 4.0))
    growth = {"world": 0.03, "rho": 0.6, "ln_sigma_common": -40.0}
    spending = {"rho": 0.9, "growth": -0.7, "spill": 0.2, "rivals": 0.3, "pull": 0.1}
    given = economy(growth={**STILL, **growth}, spending={**STILL, **spending})
    path = np.zeros((YEARS, 8))
    path[2:, 1] = 0.02
    target = np.full((YEARS, 8), np.nan)
    target[3:, 2] = 5.0
    frames = run(start, Plan(first=2001, growth=path, spending_target=target), given, worlds=2, until=2000 + YEARS)

    g, ln_gdp, ln_share, spill = start.growth.copy(), np.log(start.gdp_musd), np.log(start.milex_share), np.zeros(8)
    tied = (start.member[start.defence].T.astype(int) @ start.member[start.defence] > 0) & ~np.eye(8, dtype=bool)
    rival = start.standing.rival
    first = np.log1p(100.0 * (rival @ (np.exp(ln_share) / 100 * np.exp(ln_gdp))) / np.exp(ln_gdp))
    scale = np.array([given["spending"].extra["scale"].get(s, 1.0) for s in start.states])
    for t in range(YEARS):
        gdp, milex = np.exp(ln_gdp), np.exp(ln_share + ln_gdp) / 100
        rivals = np.log1p(100.0 * (rival @ milex) / gdp) - first
        g = 0.03 + 0.6 * (g - 0.03)
        ln_gdp = ln_gdp + g + path[t]
        asked = ~np.isnan(target[t])
        ln_share = plain.spending_step(
            ln_share, start.milex_anchor, g + path[t] - 0.03, spill, rivals, np.where(asked, target[t], 4.0),
            np.where(asked, 1.0, 0.1), scale, np.array(given["spending"].coef), np.full((8, 2), 0.5),
        )  # fmt: skip
        now = np.exp(ln_share + ln_gdp) / 100
        spill = spill + plain.spill_growth(milex, gdp, now, np.exp(ln_gdp), [np.flatnonzero(r).tolist() for r in tied])
        for i in range(8):
            gained = math.log(fan(frames, "gdp", i)[t])
            assert gained == pytest.approx(ln_gdp[i] - np.log(1e4), abs=e.WIDTH[0] / 2 + 1e-9)
            assert math.log(fan(frames, "milex_share", i)[t]) == pytest.approx(ln_share[i], abs=e.WIDTH[1] / 2 + 1e-9)
    total = frames["system"].filter(pl.col("year") == 2000 + YEARS)
    assert total["gdp_bnusd"][0] == pytest.approx(np.exp(ln_gdp).sum() / 1e3, rel=1e-6)
    assert total["milex_bnusd"][0] == pytest.approx((np.exp(ln_share + ln_gdp) / 100).sum() / 1e3, rel=1e-6)


def test_what_is_not_known_stays_unknown() -> None:
    share, support = np.full(8, 2.0), np.full(8, np.nan)
    share[3], support[5] = np.nan, 0.6
    start = replace(world(), milex_share=share, milex_anchor=np.log(share), support=support)
    frames = run(start, fits=economy(), worlds=30, until=2004)
    seen = frames["drivers"].group_by("what").agg(pl.col("state").unique().sort())
    states = dict(seen.iter_rows())
    assert states == {"gdp": list(range(8)), "milex_share": [0, 1, 2, 4, 5, 6, 7], "support": [5]}
    assert frames["system"].select(pl.all().is_finite().all()).row(0) == (True,) * frames["system"].width


def test_support_spreads_as_a_random_walk_and_more_where_a_state_is_called() -> None:
    """Standard deviation on the logit scale: sqrt(0.03 t), and sqrt(0.03 t + 0.09) for the ally of who is attacked."""
    start = replace(world(), support=np.full(8, 0.5))
    plan = Plan(first=2001, shocks=(Shock(2002, "attack", state=0, other=4),))  # 3 and 4 are bound to defend each other
    frames = run(start, plan, economy(), worlds=3000, until=2004)
    for state, variance in ((1, 0.12), (3, 0.21), (4, 0.21)):
        c = frames["drivers"].filter(
            (pl.col("what") == "support") & (pl.col("state") == state) & (pl.col("year") == 2004)
        )
        y, n = e.middle("support", c["cell"].to_numpy()), c["worlds"].to_numpy()
        logit = np.log(y / (1 - y))
        assert np.average(logit**2, weights=n) == pytest.approx(variance, rel=0.12)


def test_disputes_happen_as_often_as_the_fit_says() -> None:
    """Of each directed pair in the first year: the fit's probability, here worked out in plain Python."""
    coef = {
        "constant": 1.0, "ln_km": -0.3, "rivals": 0.8, "democracies": -0.9, "share": 0.7, "ln_weight": 0.6,
        "pact_inside": 0.5, "covered": -0.8,
    }  # fmt: skip
    share = np.array([0.5, 1.0, 2.0, 4.0, 1.0, 3.0, 2.0, 0.7])
    start = replace(world(), milex_share=share, milex_anchor=np.log(share))
    worlds = 20_000
    frames = run(start, fits=economy(disputes=coef), worlds=worlds, until=2001)
    begun = frames["events"].filter(pl.col("kind") == "dispute")
    seen = np.zeros((8, 8))
    for i, j in begun.select("world", "state", "other").unique().select("state", "other").iter_rows():
        seen[i, j] += 1
    s, member = start.standing, start.member[start.defence]
    km = np.maximum(np.expm1(s.log_distance), 10.0)
    for i in range(8):
        for j in range(8):
            if i == j:
                continue
            pact = bool((member[:, i] & member[:, j]).any())
            covered = any(m[j] and not m[i] for m in member)
            both = share[i] + share[j]
            eta = coef["constant"] + coef["ln_km"] * math.log(km[i, j]) + coef["rivals"] * s.rival[i, j]
            eta += coef["democracies"] * (start.regime[i] >= 2 and start.regime[j] >= 2)
            eta += coef["share"] * share[i] / both + coef["ln_weight"] * math.log(both / share.sum())
            eta += coef["pact_inside"] * pact + coef["covered"] * covered
            p = 1 / (1 + math.exp(-eta))
            assert seen[i, j] == pytest.approx(worlds * p, abs=5 * math.sqrt(worlds * p * (1 - p)) + 1)
    wars = begun["value"].sum() / len(begun)
    assert wars == pytest.approx(0.25, abs=0.02)  # `economy` says 1 of 4
    attacks = frames["events"].filter(pl.col("kind") == "attack")
    assert 0 < len(attacks) <= begun["value"].sum()
    off = run(start, Plan(off=frozenset(["disputes"])), economy(disputes=coef), worlds=50, until=2003)
    assert off["events"].is_empty()


def test_a_run_without_the_three_fits_has_no_economy() -> None:
    frames = run(world(), fits=fits(), worlds=5, until=2002)
    assert frames["drivers"].is_empty() and frames["system"]["gdp_bnusd"].is_nan().all()
    assert not Fits(dict(fits().by_name)).economy


def test_an_origin_without_figures_has_no_economy_rather_than_one_of_nought() -> None:
    unknown = np.full(8, np.nan)
    start = replace(world(), gdp_musd=unknown, milex_share=unknown, milex_anchor=unknown)
    frames = run(start, fits=economy(disputes={"constant": 2.0}), worlds=5, until=2002)
    assert frames["drivers"].is_empty() and frames["events"].is_empty()
    assert frames["system"].select("disputes", "gdp_bnusd", "milex_bnusd").to_numpy().size == 30
    assert np.isnan(frames["system"].select("disputes", "gdp_bnusd", "milex_bnusd").to_numpy()).all()
