"""Public support for an alliance: what a few polls say of the years around them, and how little of the years between.

A local-level model on the logit scale: x_t = x_(t-1) + shock_t + u_t, polls z_t = x_t + e_t, solved by the Kalman
filter and the Rauch-Tung-Striebel smoother. The step is one year, since most polls are known to the year. No year
before the first poll has an estimate, and with no poll there is none at all. Its variances are choices of this project.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from foedus.panel import require
from foedus.record import Record, Treaty
from foedus.record.tables import Opinion

STEP = 0.03  # variance of a year's movement on the logit scale
DESIGN = 1.5  # design effect of a survey
WORDING = 0.15**2  # variance that no sample size removes: wording, mode, weights
ASSUMED_N = 1000  # where the sample is not known; the source says so
FIRST = (0.0, 1.0)  # mean and variance of the first state: next to nothing
EVENTS = {2022: (0.0, 0.3**2)}  # mean and variance of what an event adds; no direction is assumed
_Z90 = 1.6448536269514722
SUPPORT = pl.Schema(
    {
        "state": pl.String(),
        "family": pl.String(),
        "year": pl.Int16(),
        "estimate": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "n_polls": pl.Int16(),
        "years_to_poll": pl.Int16(),
        "source": pl.String(),
        "note": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """Mean and variance of the level at each step, given the past (filtered) and given everything (smoothed)."""

    filtered: tuple[tuple[float, float], ...]
    smoothed: tuple[tuple[float, float], ...]
    log_likelihood: float


def local_level(
    y: Sequence[float | None],
    noise: Sequence[float],
    step: float,
    first: tuple[float, float] = FIRST,
    shocks: Mapping[int, tuple[float, float]] | None = None,
) -> LocalLevel:
    """Filter and smooth a scalar local level.

    y : observations, None where there is none (then only the prediction is made). noise : variance of each, > 0 where
    observed. step : variance of a movement. first : mean and variance of the first state. shocks : index -> mean and
    variance that enter with the step to that index (not with the first).
    Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, chapters 3 and 4.
    """
    predicted: list[tuple[float, float]] = []
    filtered: list[tuple[float, float]] = []
    likelihood = 0.0
    for t, seen in enumerate(y):
        mean, variance = first
        if t:
            push, doubt = (shocks or {}).get(t, (0.0, 0.0))
            mean, variance = filtered[-1][0] + push, filtered[-1][1] + step + doubt
        predicted.append((mean, variance))
        if seen is not None:
            total, gain = variance + noise[t], variance / (variance + noise[t])
            likelihood -= 0.5 * (math.log(2 * math.pi * total) + (seen - mean) ** 2 / total)
            mean, variance = mean + gain * (seen - mean), (1 - gain) * variance
        filtered.append((mean, variance))
    return LocalLevel(tuple(filtered), _smoothed(predicted, filtered), likelihood)


def _smoothed(
    predicted: Sequence[tuple[float, float]], filtered: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    back = list(filtered[-1:])
    for t in range(len(filtered) - 2, -1, -1):
        (mean, variance), (ahead, spread), (known, sure) = filtered[t], predicted[t + 1], back[-1]
        gain = variance / spread if spread > 0 else 0.0
        back.append((mean + gain * (known - ahead), variance + gain**2 * (sure - spread)))
    return tuple(reversed(back))


def logit_of(share: float, n: float, design: float = DESIGN) -> tuple[float, float]:
    """A share in [0, 1] of `n` asked on the logit scale, and its sampling variance design / (n y (1 - y)).

    The share is first moved into [0.5 / n, 1 - 0.5 / n], so that 0 and 1 stay finite.
    """
    y = min(max(share, 0.5 / n), 1 - 0.5 / n)
    return math.log(y / (1 - y)), design / (n * y * (1 - y))


def share_of(logit: float) -> float:
    """Back from the logit scale to a share in (0, 1)."""
    return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0


def polls(record: Record, treaty: Treaty, state: str, family: str = "favour") -> list[Opinion]:
    """The published shares of the whole public of a state, by day; of one survey published twice, the latest release.

    Questions that name an ally are left out: the answer depends on which one.
    """
    rows = [
        o
        for o in record.opinion
        if (o.treaty, o.state, o.family, o.scope) == (treaty.id, state, family, "state") and not (o.target or o.group)
    ]
    latest = {(o.day, o.pollster, o.question): o for o in sorted(rows, key=lambda o: str(o.released or ""))}
    return sorted(latest.values(), key=lambda o: (o.day, o.pollster))


def support(record: Record, treaty: Treaty, state: str, last: int, family: str = "favour") -> pl.DataFrame:
    """Support in one state from the year of its first poll to `last`; schema SUPPORT, no row without a poll.

    estimate, low, high : share in [0, 1] with a 90 % interval, which widens with the distance to a poll. n_polls : in
    that year; years_to_poll : to the nearest. Polls of several houses are one series: house effects are not modelled.
    """
    found = [o for o in polls(record, treaty, state, family) if o.day.year <= last]
    if not found:
        return SUPPORT.to_frame()
    years = range(found[0].day.year, last + 1)
    by_year = {y: [_observed(o) for o in found if o.day.year == y] for y in years}
    pooled = [_pooled(by_year[y]) for y in years]
    shocks = {y - years[0]: event for y, event in EVENTS.items() if y in years}
    level = local_level([z for z, _ in pooled], [r for _, r in pooled], STEP, shocks=shocks)
    rows = [_row(state, family, year, level.smoothed[t], found) for t, year in enumerate(years)]
    return require(pl.DataFrame(rows, schema=SUPPORT, orient="row"), SUPPORT, "support")


def _observed(poll: Opinion) -> tuple[float, float]:
    z, sampling = logit_of(poll.percent / 100, poll.n or ASSUMED_N)
    return z, sampling + WORDING * (4 if poll.quality in ("about", "chart_position") else 1)


def _pooled(observed: Sequence[tuple[float, float]]) -> tuple[float | None, float]:
    """Polls of one year as one: weighted by precision."""
    if not observed:
        return None, 1.0
    precision = math.fsum(1 / r for _, r in observed)
    return math.fsum(z / r for z, r in observed) / precision, 1 / precision


def _row(
    state: str, family: str, year: int, level: tuple[float, float], found: Sequence[Opinion]
) -> tuple[str | int | float, ...]:
    mean, half = level[0], _Z90 * math.sqrt(level[1])
    to_poll = min(abs(o.day.year - year) for o in found)
    own = [o for o in found if o.day.year == year]
    cited = own or [o for o in found if abs(o.day.year - year) == to_poll]
    source = "; ".join(sorted({s for o in cited for s in o.sources}))
    note = "" if own else f"no poll in this year; the nearest is {to_poll} year{'s' if to_poll > 1 else ''} away"
    interval = (share_of(mean), share_of(mean - half), share_of(mean + half))
    return (state, family, year, *interval, len(own), to_poll, source, note)
