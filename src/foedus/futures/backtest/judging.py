"""Answers beside what happened: scores, skill with intervals, calibration, precision and recall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.futures.backtest import scores
from foedus.futures.backtest.questions import Level, Question, Truth
from foedus.futures.backtest.references import Forecast
from foedus.futures.backtest.result import CalibrationBin, CountScore, CurvePoint, Score, SetScore, Skill

OURS = "foedus"
SAMPLES = 200  # of the bootstrap
CURVES: tuple[Level, ...] = ("new ties", "exits", "accessions")
_POINTS = 40  # of a curve that are kept
_Floats = NDArray[np.float64]
_SCORES = {"brier": scores.brier, "log": scores.log_score}


@dataclass(frozen=True, eq=False)
class Answered:
    """One question of one origin and horizon with the chances that each forecaster gave its units, (m,) each."""

    origin: int
    horizon: int
    question: Question
    chances: dict[str, _Floats]


def answered(origin: int, horizon: int, asked: Iterable[Question], forecasts: Sequence[Forecast]) -> list[Answered]:
    """Each question with what each forecaster that speaks of its level said."""
    return [
        Answered(
            origin, horizon, q, {f.name: f.tables[q.level].ravel()[q.at] for f in forecasts if q.level in f.tables}
        )
        for q in asked
    ]


def score_rows(all_: Sequence[Answered]) -> list[Score]:
    """One row for each question and forecaster."""
    return [_score(a, name, p) for a in all_ for name, p in a.chances.items()]


def _score(a: Answered, name: str, p: _Floats) -> Score:
    happened = a.question.happened
    log = scores.log_score(p, happened)
    return Score(
        origin=a.origin,
        horizon=a.horizon,
        level=a.question.level,
        forecaster=name,
        n=len(p),
        happened=int(happened.sum()),
        expected=float(p.sum()),
        brier=scores.brier(p, happened),
        log=log if np.isfinite(log) else None,
        average_precision=scores.precision_recall(p, happened).average_precision if happened.any() else None,
    )


def skill_rows(all_: Sequence[Answered], seed: int) -> list[Skill]:
    """Skill against every reference, by origin and over all, with intervals by a bootstrap over states and treaties."""
    groups: dict[tuple[int, Level], list[Answered]] = defaultdict(list)
    for a in all_:
        groups[a.horizon, a.question.level].append(a)
    found = []
    for (horizon, level), members in groups.items():
        for reference in dict.fromkeys(name for a in members for name in a.chances if name != OURS):
            both = [a for a in members if OURS in a.chances and reference in a.chances]
            for score in _SCORES:
                pairs = [_samples(a, reference, score, seed) for a in both]
                for origin, chosen in [*((a.origin, [p]) for a, p in zip(both, pairs, strict=True)), (None, pairs)]:
                    mean = np.mean(chosen, axis=0)
                    found.append(_skill(origin, horizon, level, score, reference, mean))
    return found


def _samples(a: Answered, reference: str, score: str, seed: int) -> _Floats:
    """(SAMPLES + 1, 2): our score and the reference's, as they are and under each set of weights."""
    q = a.question
    weights = scores.cluster_weights(int(q.labels.max()) + 1, SAMPLES, seed + a.origin)
    out = np.empty((SAMPLES + 1, 2))
    for column, name in enumerate((OURS, reference)):
        judge, p = _SCORES[score], a.chances[name]
        out[0, column] = judge(p, q.happened)
        if not np.isfinite(out[0, column]):
            out[1:, column] = np.inf
            continue
        for k, w in enumerate(weights):
            out[k + 1, column] = judge(p, q.happened, w[q.labels[:, 0]] * w[q.labels[:, 1]])
    return out


def _skill(origin: int | None, horizon: int, level: Level, score: str, reference: str, both: _Floats) -> Skill:
    value = scores.skill(float(both[0, 0]), float(both[0, 1]))
    low = high = None
    if value is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = 1.0 - both[1:, 0] / both[1:, 1]
        low, high = (float(x) for x in np.nanpercentile(spread, [5, 95]))
    return Skill(
        origin=origin, horizon=horizon, level=level, score=score, reference=reference, skill=value, low=low, high=high
    )


def count_rows(origin: int, found: Truth, forecasts: Sequence[Forecast]) -> list[CountScore]:
    """One row for each kind of event and each forecaster that counts."""
    return [
        CountScore(
            origin=origin,
            horizon=found.year - origin,
            name=name,
            forecaster=f.name,
            observed=found.counts[name],
            mean=float(draws.mean()),
            low=float(np.percentile(draws, 10)),
            high=float(np.percentile(draws, 90)),
            crps=scores.crps(draws, found.counts[name]),
        )
        for f in forecasts
        for name, draws in f.counts.items()
    ]


def set_row(origin: int, found: Truth, ours: Forecast) -> SetScore:
    """How the exact sets of founders were foreseen."""
    happened = set(found.sets)
    errors = [(ours.sets.get(s, 0.0) - (s in happened)) ** 2 for s in happened | set(ours.sets)]
    return SetScore(
        origin=origin,
        horizon=found.year - origin,
        n_founded=len(happened),
        n_foreseen=sum(s in ours.sets for s in happened),
        brier_sum=float(np.sum(sorted(errors))),
    )


def calibration_rows(all_: Sequence[Answered]) -> list[CalibrationBin]:
    """Our forecasts of each level and horizon, pooled over the origins."""
    return [
        CalibrationBin(horizon=horizon, level=level, **asdict(b))
        for horizon, level, p, happened in _pooled(all_, OURS)
        for b in scores.calibration(p, happened)
    ]


def curve_rows(all_: Sequence[Answered]) -> list[CurvePoint]:
    """Precision and recall of new ties, exits and accessions, pooled over the origins, thinned."""
    names = dict.fromkeys(name for a in all_ for name in a.chances)
    found = []
    for name in names:
        for horizon, level, p, happened in _pooled([a for a in all_ if a.question.level in CURVES], name):
            curve = scores.precision_recall(p, happened)
            kept = np.unique(
                np.searchsorted(curve.recall, np.linspace(0.0, 1.0, _POINTS)).clip(max=len(curve.recall) - 1)
            )
            for k in kept.tolist() if happened.any() else []:
                point = {"recall": float(curve.recall[k]), "precision": float(curve.precision[k])}
                found.append(CurvePoint(horizon=horizon, level=level, forecaster=name, **point))
    return found


def _pooled(all_: Sequence[Answered], name: str) -> list[tuple[int, Level, _Floats, NDArray[np.bool_]]]:
    groups: dict[tuple[int, Level], list[Answered]] = defaultdict(list)
    for a in all_:
        if name in a.chances:
            groups[a.horizon, a.question.level].append(a)
    return [
        (
            horizon,
            level,
            np.concatenate([a.chances[name] for a in members]),
            np.concatenate([a.question.happened for a in members]),
        )
        for (horizon, level), members in groups.items()
    ]
