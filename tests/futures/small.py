"""A world of few states and treaties, made of arrays alone, for tests that must be quick or exact."""

from __future__ import annotations

from typing import Any

import numpy as np

from foedus.futures.parameters import ECONOMY, NAMES, TERMS, Fits
from foedus.futures.world import World
from foedus.model.disputes import onset
from foedus.model.drivers import growth
from foedus.model.drivers.rivalry import END, ONSET
from foedus.model.envelope import Fitted, fitted
from foedus.model.membership import kernels
from foedus.model.membership.standing import Standing
from foedus.model.spending import fit as spending

NEVER = -60.0  # log rate
_EXTRA: dict[str, dict[str, Any]] = {
    "growth": {"own": {}, "income": {}, "scale": {}},
    "spending": {"scale": {}, "pull": {}},
    "disputes": {"wars": [1, 4]},
}


def world(
    n: int = 8, memberships: tuple[tuple[int, ...], ...] = ((0, 1, 2), (3, 4), (5, 6, 7)), origin: int = 2000
) -> World:
    """`n` states on a ring, treaties with these members, all founded ten years before the origin."""
    t = len(memberships)
    member = np.zeros((t, n), np.bool_)
    for a, states in enumerate(memberships):
        member[a, list(states)] = True
    joint, states_ = np.zeros((n, n)), np.zeros((n, 4))
    states_[:, 1] = np.arange(n) % 4 / 3.0
    for a in range(t):
        kernels.record_founding(np.flatnonzero(member[a]), joint, states_)
    for _ in range(10):
        kernels.fade(20.0, joint, states_)
    shared = np.zeros((n, n))
    kernels.shared_alliances(member, shared)
    rival, common = np.zeros((n, n), np.bool_), np.zeros((n, n), np.bool_)
    for i, j in ((0, 5), (5, 3)):
        rival[i, j] = rival[j, i] = True
    kernels.common_rivals(rival, common)
    around = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    km = 500.0 * np.minimum(around, n - around)
    treaties = np.zeros((t, 7))
    treaties[:, 0], treaties[:, 1], treaties[:, 2], treaties[:, 3] = origin - 9, np.arange(t) % 2, 1.0, np.nan
    treaties[:, 4] = member.sum(axis=1)
    standing = Standing(
        origin + 1, np.ones(n, np.bool_), np.ones(t, np.bool_), member, np.where(member, origin - 9.0, np.nan),
        np.full((t, n), np.nan), states_, treaties, joint, shared, np.log1p(km), rival, common,
        np.zeros((n, n), np.bool_),
    )  # fmt: skip
    return World(
        origin=origin, states=tuple(f"S{i:02d}" for i in range(n)), treaties=tuple(f"T{a}" for a in range(t)),
        titles=tuple(f"Treaty {a}" for a in range(t)), standing=standing, population=np.full(n, 1e6),
        gdp_musd=np.full(n, 1e4), milex_share=np.full(n, 2.0), milex_anchor=np.full(n, np.log(2.0)),
        guideline=np.zeros(n), growth=np.zeros(n),
        regime=(np.arange(n) % 4).astype(np.int8), rival_since=np.where(rival, origin - 4.0, 0.0),
        support=np.full(n, np.nan), contiguous=around == 1, state_since=np.full(n, 1900.0),
        former=np.zeros((n, n), np.bool_), recent=np.zeros((t, 8)), foundings=np.zeros(5),
        eligible=np.ones((t, n), np.bool_), war_end=0.5,
    )  # fmt: skip


def fits(**coefs: dict[str, float]) -> Fits:
    """Fits with these coefficients and 0 elsewhere; a process without any does not happen. Nothing is uncertain.

    coefs : process (a - is written _) -> term -> value.
    """
    never = {
        "accession": {"one": NEVER}, "withdrawal": {"one": NEVER}, "termination": {"one": NEVER}, "founding": {},
        "founding-counts": {"one": NEVER, "log_alpha": -20.0}, "founding-sizes": {"multi.one": NEVER},
        "regime": {}, "rivalry": {"onset: constant": NEVER, "end: constant": NEVER},
    }  # fmt: skip
    sizes = (
        "multi.one",
        "multi.from_1946",
        "large.one",
        "defence.one",
        "open.one",
        "small.slope",
        "tail.mean",
        "tail.log_sd",
    )
    classes = ("closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy")
    terms = {
        **TERMS,
        "founding-sizes": sizes,
        "regime": tuple(f"{x} > {y}" for x in classes for y in classes if x != y),
        "rivalry": (*(f"onset: {x}" for x in ONSET), *(f"end: {x}" for x in END)),
    }
    of_growth, of_spending, of_disputes = growth.TERMS, spending.TERMS, onset.TERMS
    terms |= {"growth": of_growth, "spending": of_spending, "disputes": of_disputes}
    names = NAMES + tuple(n for n in ECONOMY if n in coefs)
    given = {name.replace("_", "-"): values for name, values in coefs.items()}
    return Fits({n: _fit(n, terms[n], {**never.get(n, {}), **given.get(n, {})}) for n in names}, fixed=True)


def economy(**coefs: dict[str, float]) -> Fits:
    """As `fits`, with growth, spending and disputes: by default none of them moves anything."""
    still = {"ln_size": -40.0, "ln_sigma_common": -40.0}
    return fits(**{"growth": still, "spending": {"ln_size": -40.0}, "disputes": {"constant": NEVER}, **coefs})


def _fit(name: str, terms: tuple[str, ...], values: dict[str, float]) -> Fitted:
    return fitted(
        name, what="made for a test", data="none", data_hash="", newest="2000-12-31", terms=terms,
        coef=[values.get(t, 0.0) for t in terms], covariance=np.zeros((len(terms), len(terms))), n=1,
        extra=_EXTRA.get(name, {}),
    )  # fmt: skip
