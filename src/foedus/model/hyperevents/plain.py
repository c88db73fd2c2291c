"""The twin of the kernels: the definitions, word for word and slowly, in plain Python. The oracle of the tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from itertools import combinations

PastEvent = tuple[float, Set[str], float]  # time, actors, weight
Degree = Callable[[Set[str]], float]


def degree_at(events: Sequence[PastEvent], time: float, half_life: float = math.inf) -> Degree:
    """d_t: the weight of events strictly before `time` that contain a set."""
    past = [(actors, w * 2.0 ** (-(time - t) / half_life)) for t, actors, w in events if t < time]
    return lambda chosen: math.fsum(g for actors, g in past if chosen <= actors)


def aggregate(values: Sequence[float], how: str) -> float:
    """mean, sum, min, max, range, sd_pop, sd_sample or absdiff; 0 for nothing."""
    q = len(values)
    if q == 0:
        return 0.0
    if how in ("sd_pop", "sd_sample"):
        mean = math.fsum(values) / q
        divisor = q if how == "sd_pop" else q - 1
        return math.sqrt(math.fsum((x - mean) ** 2 for x in values) / divisor) if q > 1 else 0.0
    if how == "absdiff":
        gaps = [abs(x - y) for x, y in combinations(values, 2)]
        return math.fsum(gaps) / len(gaps) if gaps else 0.0
    simple: dict[str, float] = {
        "mean": math.fsum(values) / q,
        "sum": math.fsum(values),
        "min": min(values),
        "max": max(values),
        "range": max(values) - min(values),
    }
    return simple[how]


def subset_statistic(d: Degree, chosen: Set[str], k: int, how: str) -> float:
    """Aggregate of d(A) over the k-subsets A of `chosen`."""
    return aggregate([d(frozenset(a)) for a in combinations(sorted(chosen), k)], how)


def closure(d: Degree, chosen: Set[str], everyone: Set[str], product: bool, outside: bool) -> float:
    """Mean over pairs u, v of the sum over thirds w of the min or product of d({u, w}) and d({v, w})."""
    pairs = list(combinations(sorted(chosen), 2))
    total = 0.0
    for u, v in pairs:
        for w in sorted(everyone - {u, v} - (chosen if outside else set())):
            x, y = d({u, w}), d({v, w})
            total += x * y if product else min(x, y)
    return total / len(pairs) if pairs else 0.0


def exact(events: Sequence[PastEvent], time: float, chosen: Set[str], half_life: float = math.inf) -> float:
    """Weight of past events equal to `chosen`."""
    return math.fsum(w * 2.0 ** (-(time - t) / half_life) for t, actors, w in events if t < time and actors == chosen)


def geometric(
    events: Sequence[PastEvent], time: float, chosen: Set[str], kappa: float, half_life: float = math.inf
) -> float:
    """Subset repetition with geometric weights: e^kappa / n times the sum of g c (1 - (1 - e^-kappa)^c)."""
    shared = [(len(chosen & actors), w * 2.0 ** (-(time - t) / half_life)) for t, actors, w in events if t < time]
    total = math.fsum(g * c * (1.0 - (1.0 - math.exp(-kappa)) ** c) for c, g in shared)
    return math.exp(kappa) * total / len(chosen)


def statistic(
    name: str, events: Sequence[PastEvent], everyone: Set[str], time: float, chosen: Set[str], half_life: float | None
) -> float:
    """The statistic `name` of the set `chosen` at `time`; the names are those of `statistics`."""
    bare = name.removesuffix("_d")
    decay = math.inf if bare == name or half_life is None else half_life
    d = degree_at(events, time, decay)
    if bare == "size":
        return float(len(chosen))
    if bare == "exact":
        return exact(events, time, chosen, decay)
    if bare == "superset":
        return d(chosen)
    if bare.startswith("gwsub"):
        return geometric(events, time, chosen, float(bare[5:]), decay)
    if bare.startswith("closure"):
        return closure(d, chosen, everyone, "prod" in bare, "outside" in bare)
    head, _, how = bare.partition("_")
    return subset_statistic(d, chosen, 1 if head == "act" else int(head[3:]), how)


def likelihood(
    strata: Sequence[Sequence[Sequence[float]]], beta: Sequence[float]
) -> tuple[float, list[float], list[list[float]]]:
    """Log-likelihood, score and information of conditional logit. strata : rows of each, the case first."""
    p = len(beta)
    total, score, information = 0.0, [0.0] * p, [[0.0] * p for _ in range(p)]
    for rows in strata:
        etas = [math.fsum(b * x for b, x in zip(beta, row, strict=True)) for row in rows]
        top = max(etas)
        weights = [math.exp(e - top) for e in etas]
        whole = math.fsum(weights)
        shares = [w / whole for w in weights]
        total += etas[0] - top - math.log(whole)
        mean = [math.fsum(s * row[a] for s, row in zip(shares, rows, strict=True)) for a in range(p)]
        for a in range(p):
            score[a] += rows[0][a] - mean[a]
            for b in range(p):
                both = math.fsum(s * row[a] * row[b] for s, row in zip(shares, rows, strict=True))
                information[a][b] += both - mean[a] * mean[b]
    return total, score, information
