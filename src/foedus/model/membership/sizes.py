"""How many states found an alliance, and of what kind it is, given that one is founded.

Pairs dominate; the tail is institutional. So: two, or three to six (falling geometrically), or seven and more (six and
a lognormal number, cut at the number of states). The kind is whether the treaty holds a defence pledge and whether its
text lets others accede, given the size class and the era. The yes-or-no parts use the link of the hazards,
Pr = 1 - exp(-exp(x beta)), so one function serves for all.

Parameters are named part.term: multi (three or more), large (seven or more, given multi), defence, open; small.slope
(log odds of one founder more, from three to six); tail.mean and tail.log_sd of log(size - 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted, fitted
from foedus.model.errors import ModelError
from foedus.model.membership import hazard
from foedus.model.membership.hazards import Year
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.model.membership.standing import unsettled
from foedus.model.spec import checked
from foedus.record import Record

MOST_SMALL = 6
SMALL = np.arange(3, MOST_SMALL + 1)
_SIZE = ("one", "from_1946")
_KIND = ("one", "is_multi", "is_large", "from_1946", "from_1990")
PARTS: dict[str, tuple[str, ...]] = {"multi": _SIZE, "large": ("one",), "defence": _KIND, "open": _KIND}
_Floats = NDArray[np.float64]


class SizesSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choices. since : first year counted. prior_sd : of the weak prior on the yes-or-no parts."""

    since: Year = 1816
    prior_sd: Annotated[float, msgspec.Meta(gt=0)] = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Founded:
    """One row for each founding: year, size (2 or more), has_defence and is_open (0 or 1), all (n,)."""

    year: NDArray[np.int64]
    size: NDArray[np.int64]
    has_defence: _Floats
    is_open: _Floats


def founded(history: History, since: int) -> Founded:
    """Foundings by two states or more from `since` to the end of the history."""
    t = history.treaties
    kept = [
        (int(y), n, bool(d), bool(o))
        for a, (y, d, o) in enumerate(zip(t.founded, t.has_defence, t.is_open, strict=True))
        if since <= y <= history.last and (n := len(history.founders(a))) >= 2
    ]
    if not kept:
        raise ModelError(f"founding-sizes: no alliance was founded from {since} to {history.last}.")
    year, size, defence, is_open = zip(*kept, strict=True)
    return Founded(np.array(year), np.array(size), np.array(defence, np.float64), np.array(is_open, np.float64))


def row(part: str, size: int, year: float) -> _Floats:
    """The terms of one part for one founding, in the order of PARTS[part]."""
    known = {"one": 1.0, "is_multi": size >= 3, "is_large": size > MOST_SMALL, "from_1946": year >= 1946,
             "from_1990": year >= 1990}  # fmt: skip
    return np.array([float(known[t]) for t in PARTS[part]])


def fit(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit sizes and kinds of foundings to the named data as known at the end of `until`."""
    return fit_history(history_of(data, until, sources, record), checked(SizesSpec, spec or {}, "founding-sizes"))


def fit_history(history: History, spec: SizesSpec | None = None) -> Fitted:
    """Fit sizes and kinds of foundings. Raises ModelError where there are too few of a class to fit."""
    chosen = spec or SizesSpec()
    data = founded(history, max(chosen.since, history.first))
    is_multi = data.size >= 3
    is_large = data.size > MOST_SMALL
    asked = (
        ("multi", is_multi.astype(np.float64), np.ones(len(data.size), bool)),
        ("large", is_large.astype(np.float64), is_multi),
        ("defence", data.has_defence, np.ones(len(data.size), bool)),
        ("open", data.is_open, np.ones(len(data.size), bool)),
    )
    parts = [_yes_or_no(name, data, event, among, chosen) for name, event, among in asked]
    parts += [_slope(data.size[is_multi & ~is_large]), _tail(data.size[is_large])]
    names = [n for p in parts for n in p.terms]
    covariance = np.zeros((len(names), len(names)))
    at = 0
    for p in parts:
        covariance[at : at + len(p.terms), at : at + len(p.terms)] = p.covariance
        at += len(p.terms)
    counted = {"pairs": int((~is_multi).sum()), "three_to_six": int((is_multi & ~is_large).sum()),
               "seven_or_more": int(is_large.sum()), "largest": int(data.size.max()),
               "with_defence": int(data.has_defence.sum()), "open": int(data.is_open.sum())}  # fmt: skip
    return fitted(
        "founding-sizes",
        what="Number of founders (two; three to six; seven or more) and kind (defence pledge, open) of an alliance"
        " that is founded.",
        data=history.data,
        data_hash=history.digest(),
        newest=history.newest,
        terms=names,
        coef=np.concatenate([p.coef for p in parts]),
        covariance=covariance,
        n=len(data.size),
        spec={**msgspec.structs.asdict(chosen), "since": int(max(chosen.since, history.first)), "link": "cloglog"},
        notes=history.notes,
        extra={"counted": counted},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    terms: Sequence[str]
    coef: _Floats
    covariance: _Floats


def _yes_or_no(name: str, data: Founded, event: _Floats, among: NDArray[np.bool_], spec: SizesSpec) -> _Part:
    """One yes-or-no part; terms that do not vary are left out. With no yes or no no, half a case of each is added."""
    x = np.array([row(name, int(k), float(y)) for k, y in zip(data.size[among], data.year[among], strict=True)])
    y = event[among]
    if len(y) == 0 or y.min() == y.max():
        return _level(name, float(y.sum()), len(y))
    few = unsettled(int(data.year.min()), int(data.year.max()))
    kept = [c for c, t in enumerate(PARTS[name]) if c == 0 or (np.ptp(x[:, c]) > 0 and t not in few)]
    terms = [PARTS[name][c] for c in kept]
    found = hazard.estimate(x[:, kept], y, terms, prior_sd=spec.prior_sd)
    return _Part([f"{name}.{t}" for t in terms], found.coef, found.model)


def _level(name: str, yes: float, n: int) -> _Part:
    """The constant alone, by Jeffreys' rule: (yes + 1/2) of (n + 1); error by the delta method on the link's scale."""
    share = (yes + 0.5) / (n + 1.0)
    rate = -np.log1p(-share)
    variance = share / ((1 - share) * (n + 2.0)) / rate**2
    return _Part([f"{name}.one"], np.array([np.log(rate)]), np.array([[variance]]))


def _slope(sizes: NDArray[np.int64]) -> _Part:
    """Truncated geometric on three to six: Pr(k) proportional to exp(slope (k - 3)), with a prior count of 1/2 each."""
    counts = np.array([(sizes == k).sum() + 0.5 for k in SMALL], np.float64)
    steps = SMALL - 3.0
    slope = 0.0
    for _ in range(50):
        p = small_shares(slope)
        mean = float(p @ steps)
        variance = float(p @ steps**2) - mean**2
        slope += (float(counts @ steps) / counts.sum() - mean) / variance
    return _Part(["small.slope"], np.array([slope]), np.array([[1.0 / (counts.sum() * variance)]]))


def small_shares(slope: float | _Floats) -> _Floats:
    """Probabilities of three, four, five and six founders, shape (4,), or (n, 4) for n slopes."""
    weight = np.exp(np.asarray(slope)[..., None] * (SMALL - 3.0))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _tail(sizes: NDArray[np.int64]) -> _Part:
    """Mean and log sd of log(size - 6). With fewer than three such foundings, those of a wide guess: 7 to 50."""
    if len(sizes) < 3:
        return _Part(["tail.mean", "tail.log_sd"], np.array([2.0, 0.0]), np.diag([0.25, 0.1]))
    log_size = np.log(sizes - float(MOST_SMALL))
    n, sd = len(sizes), max(float(log_size.std()), 0.1)
    return _Part(
        ["tail.mean", "tail.log_sd"], np.array([log_size.mean(), np.log(sd)]), np.diag([sd**2 / n, 1 / (2 * n)])
    )
