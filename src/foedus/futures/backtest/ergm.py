"""A temporal ERGM of the network of defence ties, through the package ergmx: the field's model of networks in time.

Separable (Krivitsky and Handcock 2014, Journal of the Royal Statistical Society B 76: 29-46): ties form, and ties
persist, each by its own terms given the network five years before. Fitted by conditional pseudo-likelihood to the
steps of the twenty years before the origin, on the states that were in the system all the time; then simulated forward
on all states of the origin.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.futures.backtest.questions import Scene, bound, ties
from foedus.futures.backtest.references import WINDOW_YEARS, Forecast, of_ties
from foedus.futures.errors import RunError
from foedus.model.membership.history import History, walk

STEP_YEARS = 5
FORMULA = (
    "Form(~edges + gwesp(0.5, fixed=TRUE) + edgecov('distance') + edgecov('rival') + absdiff('democracy'))"
    " + Persist(~edges + edgecov('distance') + absdiff('democracy'))"
)
_Floats = NDArray[np.float64]


def temporal_ergm(
    past: History, now: Scene, horizons: tuple[int, ...], *, networks: int, seed: int
) -> dict[int, Forecast]:
    """horizon -> forecast of ties: the share of `networks` simulated ones that have each. Horizons are multiples of 5.

    Raises RunError when ergmx is missing or a horizon is no whole number of steps.
    """
    odd = [h for h in horizons if h % STEP_YEARS]
    if odd:
        raise RunError(f"The temporal ERGM moves in steps of {STEP_YEARS} years; {odd[0]} is no multiple of them.")
    ergmx = _package("ergmx")
    years = range(now.origin - WINDOW_YEARS, now.origin + 1, STEP_YEARS)
    views = _views(past, now, set(years))
    always = np.logical_and.reduce([here for here, *_ in views.values()])
    series = [_graph(tied[np.ix_(always, always)], *_cut(views[y], always)) for y, (_, tied, *_) in views.items()]
    fit = ergmx.tergm(series, FORMULA, estimate="CMPLE", seed=seed, eval_loglik=False)
    start = _graph(now.tied, *_cut(views[now.origin], np.ones(len(now.states), np.bool_)))
    steps = max(horizons) // STEP_YEARS
    runs = ergmx.simulate_dynamic(start, FORMULA, fit.coef, steps, nsim=networks, seed=seed, max_steps=400_000)
    note = f"{int(always.sum())} states, {len(series) - 1} steps; " + ", ".join(
        f"{name} {value:.2f}" for name, value in fit.coef.items()
    )
    return {h: of_ties("temporal ERGM", _shares(runs, h // STEP_YEARS, len(now.states)), (note,)) for h in horizons}


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        says = f"The temporal ERGM needs the packages ergmx and networkx; {name} is missing"
        raise RunError(
            f"{says}. Install it (pip install {name}), or leave the temporal ERGM out: --networks 0"
        ) from None


def _views(past: History, now: Scene, years: set[int]) -> dict[int, tuple[Any, ...]]:
    """year -> (here, tied, log distance, rival, democracy) over the states of the origin."""
    found: dict[int, tuple[Any, ...]] = {}
    pairs = np.ix_(now.states, now.states)
    for standing, _ in walk(past):
        year = standing.year - 1
        if year in years:
            tied = ties(bound(past, year)[:, now.states], past.treaties.has_defence)
            democracy = standing.states[now.states, 1].copy()
            found[year] = (
                standing.here[now.states].copy(),
                tied,
                standing.log_distance[pairs].copy(),
                standing.rival[pairs].astype(np.float64),
                democracy,
            )
    return found


def _cut(view: tuple[Any, ...], kept: NDArray[np.bool_]) -> tuple[_Floats, _Floats, _Floats]:
    _, _, distance, rival, democracy = view
    return distance[np.ix_(kept, kept)], rival[np.ix_(kept, kept)], democracy[kept]


def _graph(tied: NDArray[np.bool_], distance: _Floats, rival: _Floats, democracy: _Floats) -> Any:
    networkx = _package("networkx")
    graph = networkx.from_numpy_array(np.triu(tied, 1) | np.triu(tied, 1).T)
    networkx.set_node_attributes(graph, dict(enumerate(democracy.tolist())), "democracy")
    graph.graph["distance"], graph.graph["rival"] = distance, rival
    return graph


def _shares(runs: Any, step: int, n: int) -> _Floats:
    """In what share of the runs each pair is tied after `step` steps, (n, n)."""
    total = np.zeros((n, n))
    for run in runs:
        for i, j in run.networks[step - 1].edges():  # the first is that after one step
            total[i, j] += 1
            total[j, i] += 1
    return total / len(runs)
