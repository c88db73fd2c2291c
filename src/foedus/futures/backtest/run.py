"""A whole back-test: at each origin fit, simulate, ask the references, and judge all of them on what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import foedus
from foedus.futures.backtest import judging
from foedus.futures.backtest.ergm import temporal_ergm
from foedus.futures.backtest.questions import Scene, questions, scene, truth
from foedus.futures.backtest.references import Forecast, dyadic_logit, historical_rates, no_change
from foedus.futures.backtest.result import Backtest, CountScore, SetScore
from foedus.futures.backtest.simulated import simulated
from foedus.futures.errors import RunError
from foedus.model.membership.history import History
from foedus.record import Record

ORIGINS = (1950, 1970, 1990, 2000, 2005)
HORIZONS = (5, 10)
_FIRST = 1948  # moves between regimes are counted from 1946 on
Progress = Callable[[str], None]


def backtest(
    history: History,
    record: Record,
    *,
    origins: Sequence[int] = ORIGINS,
    horizons: Sequence[int] = HORIZONS,
    worlds: int = 1000,
    networks: int = 200,
    seed: int = 1,
    progress: Progress = lambda step: None,
) -> Backtest:
    """Judge the simulator on `history` at each of `origins`, after each of `horizons` years.

    worlds : simulated at each origin, 2 or more. networks : simulated by the temporal ERGM, 0 to leave it out.
    Nothing after an origin is used before the judging. Raises RunError for what cannot be asked, before any work.
    """
    chosen, after = tuple(sorted(set(origins))), tuple(sorted(set(horizons)))
    _check(history, chosen, after, worlds, networks)
    asked: list[judging.Answered] = []
    counted: list[CountScore] = []
    sets: list[SetScore] = []
    notes: list[str] = list(history.notes)
    for origin in chosen:
        past = history.up_to(origin)
        now, whole = scene(past, origin), scene(history, origin)
        progress(f"{origin}: models fitted again on what was known, {worlds} worlds")
        ours = simulated(past, now, record, after, worlds=worlds, seed=seed)
        progress(f"{origin}: references")
        networked, note = _networked(past, now, after, networks, seed)
        notes += [f"{origin}: {note}"] if note else []
        for horizon in after:
            found = truth(whole, horizon)
            logit = dyadic_logit(past, now, horizon)
            plain = [no_change(now), historical_rates(past, now, horizon)]
            everybody = [ours[horizon], *plain, logit, *([networked[horizon]] if networked else [])]
            notes += [f"{origin} + {horizon}, {logit.name}: {n}" for n in logit.notes]
            asked += judging.answered(origin, horizon, questions(now, found), everybody)
            counted += judging.count_rows(origin, found, everybody)
            sets.append(judging.set_row(origin, found, ours[horizon]))
    progress("scores")
    return Backtest(
        data=history.data,
        data_hash=history.digest(),
        newest=history.newest,
        version=foedus.__version__,
        seed=seed,
        worlds=worlds,
        networks=networks,
        origins=chosen,
        horizons=after,
        scores=tuple(judging.score_rows(asked)),
        skills=tuple(judging.skill_rows(asked, seed)),
        counts=tuple(counted),
        sets=tuple(sets),
        calibration=tuple(judging.calibration_rows(asked)),
        curves=tuple(judging.curve_rows(asked)),
        notes=tuple(notes),
    )


def _networked(
    past: History, now: Scene, horizons: tuple[int, ...], networks: int, seed: int
) -> tuple[dict[int, Forecast], str]:
    """The temporal ERGM's forecasts, or none and why it could not be estimated."""
    if not networks:
        return {}, ""
    try:
        found = temporal_ergm(past, now, horizons, networks=networks, seed=seed)
    except (ValueError, ArithmeticError, RuntimeError) as error:  # ergmx's own words for a fit that fails
        return {}, f"the temporal ERGM could not be estimated: {error}"
    return found, "; ".join(f"temporal ERGM: {n}" for n in found[horizons[0]].notes)


def _check(history: History, origins: tuple[int, ...], horizons: tuple[int, ...], worlds: int, networks: int) -> None:
    if not origins or not horizons:
        raise RunError("A back-test needs an origin and a horizon, as in --origin 1990 --horizon 10.")
    if min(horizons) < 1:
        raise RunError(f"A horizon of {min(horizons)} years cannot be; expected 1 or more.")
    if networks and any(h % 5 for h in horizons):
        odd = next(h for h in horizons if h % 5)
        raise RunError(f"The temporal ERGM moves in steps of 5 years, not {odd}. Give multiples of 5, or --networks 0.")
    if worlds < 2:
        raise RunError(f"worlds {worlds}: expected 2 or more; a few hundred give steady scores.")
    for origin in origins:
        first, last = max(history.first + 50, _FIRST), history.last - max(horizons)
        if not first <= origin <= last:
            says = f"{origin} cannot be an origin with a horizon of {max(horizons)} years"
            raise RunError(f"{says}: expected {first} to {last}, for the data ({history.data}) end in {history.last}.")
