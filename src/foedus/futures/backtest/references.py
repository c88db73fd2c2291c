"""What could be answered without a simulator: nothing changes, things go at their past rate, a dyadic logit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foedus.futures.backtest.questions import COUNTS, Level, Scene, Truth, scene, truth
from foedus.model.binary import probability, regress
from foedus.model.errors import Collinear, ModelError, Separated
from foedus.model.membership.history import History, walk
from foedus.model.membership.standing import Standing

WINDOW_YEARS = 20  # how far back before the origin a reference looks
STEP_YEARS = 5  # between the windows that the logit learns from
_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Answers of one forecaster at one horizon. tables : level -> probabilities, (t, n) or (n, n) by the level.

    counts : name of COUNTS -> draws. sets : founders -> probability that they found an alliance.
    notes : what a reader must know.
    """

    name: str
    tables: dict[Level, _Floats]
    counts: dict[str, _Floats] = field(default_factory=dict)
    sets: dict[tuple[int, ...], float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def tables_of(member: _Floats, tied: _Floats, cofounded: _Floats) -> dict[Level, _Floats]:
    """Every level from the chance of being a member (t, n), of a tie (n, n) and of founding together (n, n)."""
    of_members: dict[Level, _Floats] = {"memberships": member, "exits": 1.0 - member, "accessions": member}
    return {**of_members, **_of_ties(tied), "founding pairs": cofounded}


def of_ties(name: str, tied: _Floats, notes: tuple[str, ...] = ()) -> Forecast:
    """A forecast that speaks of ties alone."""
    return Forecast(name, _of_ties(tied), notes=notes)


def _of_ties(tied: _Floats) -> dict[Level, _Floats]:
    return {"ties": tied, "new ties": tied, "lost ties": 1.0 - tied}


def no_change(now: Scene) -> Forecast:
    """Everything stays as it was at the origin and nothing is founded; infinitely surprised by any change."""
    n = len(now.states)
    counts = {name: np.zeros(1) for name in COUNTS}
    tables = tables_of(now.member.astype(float), now.tied.astype(float), np.zeros((n, n)))
    return Forecast("no change", tables, counts)


@dataclass
class _Tally:
    """How many of how many; half a case is added on each side (Jeffreys), so that no rate is nought."""

    hits: float = 0.5
    n: float = 1.0

    def add(self, happened: _Flags) -> None:
        self.hits += float(happened.sum())
        self.n += happened.size

    @property
    def rate(self) -> float:
        return self.hits / self.n


def historical_rates(past: History, now: Scene, horizon: int) -> Forecast:
    """Each kind of change at its rate in windows of `horizon` years that ended in the twenty years before the origin.

    past : the history as it was known at the origin. Counts are those of the same windows.
    """
    stay, join, keep, tie, found = (_Tally() for _ in range(5))
    counts: dict[str, list[int]] = {name: [] for name in COUNTS}
    for then, since in _windows(past, now.origin, horizon, step=1):
        here = np.broadcast_to(since.here, then.member.shape)
        stay.add(since.member[here & then.member])
        join.add(since.member[here & ~then.member])
        lower = np.tril(np.ones(then.tied.shape, np.bool_), -1) & since.here[:, None] & since.here
        keep.add(since.tied[lower & then.tied])
        tie.add(since.tied[lower & ~then.tied])
        found.add(since.cofounded[lower])
        for name in COUNTS:
            counts[name].append(since.counts[name])
    n = len(now.states)
    tables = tables_of(
        np.where(now.member, stay.rate, join.rate),
        np.where(now.tied, keep.rate, tie.rate),
        np.full((n, n), found.rate),
    )
    return Forecast("historical rates", tables, {name: np.array(v, float) for name, v in counts.items()})


def _windows(past: History, origin: int, horizon: int, step: int) -> Iterator[tuple[Scene, Truth]]:
    """(scene, truth) of windows that end within WINDOW_YEARS before the origin; at least the latest one."""
    for end in range(origin, origin - WINDOW_YEARS, -step):
        begin = end - horizon
        if begin > past.first:
            then = scene(past, begin)
            if then.treaties.size:
                yield then, truth(then, horizon)


FEATURES = (
    "one", "log_distance", "rivals", "shared_rival", "democracy_gap", "joint_democracy", "allied", "log_partners",
    "sqrt_tie", "sqrt_activity", "major",
)  # fmt: skip


def dyadic_logit(past: History, now: Scene, horizon: int) -> Forecast:
    """Ties by two logits of pairs, one of pairs without a tie and one of pairs with: the usual model of the field.

    It learns from pairs at starts five years apart whose `horizon` years ended by the origin, and reads the same terms
    at the origin. Terms that cannot be estimated are left out and named.
    """
    starts = {then.origin: (then, since) for then, since in _windows(past, now.origin, horizon, STEP_YEARS)}
    scenes = {year: then for year, (then, _) in starts.items()} | {now.origin: now}
    features = {year: _features(standing, scenes[year]) for year, standing in _standings(past, set(scenes))}
    lower = np.tril(np.ones(now.tied.shape, np.bool_), -1)
    chance, notes = np.zeros(now.tied.shape), []
    for has in (False, True):
        x, y = [], []
        for year, (then, since) in starts.items():
            both = since.here[:, None] & since.here & np.tril(np.ones(then.tied.shape, np.bool_), -1)
            units = both & (then.tied == has)
            x.append(features[year][units])
            y.append(since.tied[units])
        units = lower & (now.tied == has)
        p, note = _predicted(np.concatenate(x), np.concatenate(y), features[now.origin][units])
        chance[units] = p
        notes += [f"pairs {'with' if has else 'without'} a tie: {note}"] if note else []
    return of_ties("dyadic logit", chance + chance.T, tuple(notes))


def _predicted(x: _Floats, y: _Flags, at: _Floats) -> tuple[_Floats, str]:
    """Chances for the rows `at` from a logit of y on x; the terms left out in words. The base rate when nothing can be
    fitted."""
    kept = [k for k in range(x.shape[1]) if k == 0 or (len(x) and np.ptp(x[:, k]) > 0)]
    dropped = [FEATURES[k] for k in range(x.shape[1]) if k not in kept]
    while len(kept) > 1:
        try:
            fit = regress(x[:, kept], y, [FEATURES[k] for k in kept])
            return probability(at[:, kept] @ fit.coef, "logit"), f"without {', '.join(dropped)}" if dropped else ""
        except (Separated, Collinear) as error:
            out = [t for t in error.terms if t != "one"]
            if not out:
                break
            dropped += out[-1:]
            kept = [k for k in kept if FEATURES[k] not in dropped]
        except ModelError:
            break
    rate = (y.sum() + 0.5) / (len(y) + 1.0)
    return np.full(len(at), rate), "no term could be fitted; the base rate serves"


def _standings(past: History, years: set[int]) -> Iterator[tuple[int, Standing]]:
    """The standing at the end of each of the years."""
    for standing, _ in walk(past):
        if standing.year - 1 in years:
            yield standing.year - 1, standing


def _features(standing: Standing, at: Scene) -> _Floats:
    """Terms of every pair of the scene's states, (n, n, len(FEATURES)), at the end of its year."""
    pairs = np.ix_(at.states, at.states)
    tied = at.tied.astype(np.float64)
    democracy, activity = standing.states[at.states, 1], standing.states[at.states, 0]
    major = standing.states[at.states, 3] > 0
    return np.stack(
        [
            np.ones(tied.shape),
            standing.log_distance[pairs],
            standing.rival[pairs],
            standing.common[pairs],
            np.abs(democracy[:, None] - democracy),
            np.minimum(democracy[:, None], democracy),
            standing.shared[pairs] > 0,
            np.log1p(tied @ tied),
            np.sqrt(standing.joint[pairs]),
            np.sqrt(activity)[:, None] + np.sqrt(activity),
            major[:, None] | major,
        ],
        axis=2,
    ).astype(np.float64)
