"""When two states become rivals, and when a rivalry ends: yearly hazards on the record's rivalries (cloglog).

exp(coefficient) is a ratio of rates. One model holds both processes: terms `onset: ...` and `end: ...`. What a year's
rate depends on is known on 31 December of the year before, so a simulator asks with its world as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.binary import Binary, regress
from foedus.model.drivers.history import History, history
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.record import Record, load

ONSET = (
    "constant",
    "ln_km",  # log of km between the capitals
    "same_side",  # one of the two owes the other defence
    "democracies",  # both electoral or liberal democracies
    "young",  # one of the two is in the system for fewer than YOUNG years
    "former",  # they were rivals before
    "ln_n_rivals",  # log of 1 + rivals of the one + rivals of the other
    "shared_rival",  # they have a rival in common
    "since_1990",
)
END = ("constant", "ln_years", "same_side", "democracies", "ln_km", "since_1990")
YOUNG = 5
_DEMOCRACY = 2  # index in REGIMES from which a class is a democracy
LAST_LISTED = 2020  # the last year that the lists behind the record's rivalries describe
SPEC: dict[str, Any] = {"first": 1816}
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Pairs at risk. x (n, p), y (n,) whether it happened, pair (n,), year (n,)."""

    x: _Floats
    y: NDArray[np.bool_]
    pair: NDArray[np.int64]
    year: NDArray[np.int64]

    def to(self, last: int) -> Rows:
        """The rows of the years to `last`."""
        kept = self.year <= last
        return Rows(self.x[kept], self.y[kept], self.pair[kept], self.year[kept])


def fit(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit both hazards to the record, years `spec["first"]` to `until` (at most 2020), errors clustered by pair.

    A term that the data cannot tell (since_1990 in data that end before it) is held at 0 with variance 0, and noted.
    """
    chosen = spec_of(spec)
    past = history(record or load(), chosen["first"], min(until or LAST_LISTED, LAST_LISTED))
    parts = estimates(onsets(past), ends(past))
    covariance = np.zeros((len(ONSET) + len(END),) * 2)
    covariance[: len(ONSET), : len(ONSET)] = parts["onset"].covariance
    covariance[len(ONSET) :, len(ONSET) :] = parts["end"].covariance
    return fitted(
        "rivalry",
        what="yearly rates at which two states become rivals, and stop being rivals (log)",
        data=data,
        data_hash=hash_of(past.rival, past.regime, past.member, past.ln_km),
        newest=f"{past.last}-12-31",
        terms=[f"onset: {t}" for t in ONSET] + [f"end: {t}" for t in END],
        coef=np.round(np.concatenate([p.coef for p in parts.values()]), 8),
        covariance=np.round(covariance, 10),
        n=sum(p.n for p in parts.values()),
        events=sum(p.n_events for p in parts.values()),
        spec=chosen,
        notes=(
            "derived from the record's rivalries (lists of Thompson and others; a few recalled).",
            *_held(parts),
            "A rivalry that begins before both states are in the system is at risk of ending, not of beginning.",
        ),
        extra={name: {"n": p.n, "events": p.n_events, "loglik": p.loglik} for name, p in parts.items()},
    )


def spec_of(spec: Mapping[str, Any] | None) -> dict[str, Any]:
    """The choices, checked."""
    chosen = {**SPEC, **(spec or {})}
    if set(chosen) != set(SPEC) or not isinstance(chosen["first"], int):
        raise ModelError("rivalry, spec: expected first, the first year of data.")
    return chosen


def estimates(begin: Rows, end: Rows) -> dict[str, Binary]:
    """Both hazards, onset and end, from rows of `onsets` and `ends`."""
    return {"onset": _estimate(begin, ONSET), "end": _estimate(end, END)}


def _held(parts: Mapping[str, Binary]) -> list[str]:
    none = [f"{name}: {t}" for name, p in parts.items() for t, s in zip(p.terms, p.se, strict=True) if s == 0]
    return [f"Held at 0, for the data do not tell: {', '.join(none)}."] if none else []


def split(parameters: _Floats) -> tuple[_Floats, _Floats]:
    """(onset, end) of a row, or rows, of `Fitted.draws`, for `kernels.onset_rate` and `kernels.end_rate`."""
    return parameters[..., : len(ONSET)], parameters[..., len(ONSET) :]


def _estimate(rows: Rows, terms: tuple[str, ...]) -> Binary:
    """The hazard; terms that do not vary (an era that the data do not reach, no case of them) are held at 0."""
    x, y = rows.x, rows.y
    kept = [j for j in range(x.shape[1]) if j == 0 or (np.ptp(x[:, j]) > 0 and _informative(x[:, j], y))]
    found = regress(x[:, kept], y, [terms[j] for j in kept], link="cloglog", cluster=rows.pair)
    coef, covariance = np.zeros(len(terms)), np.zeros((len(terms), len(terms)))
    coef[kept], covariance[np.ix_(kept, kept)] = found.coef, found.covariance
    return Binary(terms, coef, covariance, found.loglik, found.n, found.n_events)


def _informative(column: _Floats, y: NDArray[np.bool_]) -> bool:
    """Whether a column varies among the events: else its coefficient runs away."""
    return bool(np.ptp(column[y]) > 0) if y.any() else False


def onsets(past: History) -> Rows:
    """Pairs and years at risk of becoming rivals, terms ONSET."""
    n = len(past.codes)
    one, two = np.triu_indices(n, 1)
    former = np.zeros((n, n), np.bool_)
    rows, events, pairs, years = [], [], [], []
    for year in range(past.first + 1, past.last + 1):
        rival, here = past.rivals(year - 1), past.member[:, year - past.first]
        begins = np.zeros((n, n), np.bool_)
        new = past.rival[past.rival[:, 2] == year]
        begins[new[:, 0], new[:, 1]] = True
        risk = here[one] & here[two] & ~rival[one, two]
        i, j = one[risk], two[risk]
        rows.append(_onset_row(past, year, i, j, rival, former))
        events.append(begins[i, j])
        pairs.append(i * n + j)
        years.append(np.full(i.size, year))
        former |= rival
    return Rows(*(np.concatenate(part) for part in (rows, events, pairs, years)))


def _onset_row(
    past: History,
    year: int,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
    rival: NDArray[np.bool_],
    former: NDArray[np.bool_],
) -> _Floats:
    side = past.defended(year - 1)
    count = rival.sum(axis=1)
    shared = (rival.astype(np.float32) @ rival.astype(np.float32)) > 0
    democratic = past.regime[:, year - 1 - past.first] >= _DEMOCRACY
    young = past.age[:, year - past.first] < (YOUNG if year - past.first >= YOUNG else 0)
    columns = (
        np.ones(len(i)),
        past.ln_km[i, j],
        side[i, j] | side[j, i],
        democratic[i] & democratic[j],
        young[i] | young[j],
        former[i, j],
        np.log1p(count[i] + count[j]),
        shared[i, j],
        np.full(len(i), year >= 1990),
    )
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


def ends(past: History) -> Rows:
    """Rivalries and years that could end them, terms END."""
    rows, events, pairs, years = [], [], [], []
    for i, j, began, ended in past.rival:
        for year in range(max(began + 1, past.first + 1), min(ended, past.last) + 1):
            at = year - 1 - past.first
            if not (past.member[i, at] and past.member[j, at]):
                continue
            side = past.defended(year - 1)
            democratic = past.regime[i, at] >= _DEMOCRACY and past.regime[j, at] >= _DEMOCRACY
            rows.append(
                (
                    1.0,
                    np.log1p(year - began),
                    side[i, j] or side[j, i],
                    democratic,
                    past.ln_km[i, j],
                    year >= 1990,
                )
            )
            events.append(ended == year)
            pairs.append(int(i) * len(past.codes) + int(j))
            years.append(year)
    return Rows(np.array(rows, np.float64), np.array(events), np.array(pairs), np.array(years))
