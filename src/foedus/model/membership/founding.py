"""Which states found an alliance, given when and how many: conditional logit of each founding set against sets of the
same size that could have founded one in that year (Lerner and Lomi 2023; see `foedus.model.hyperevents`).

Statistics are those of `kernels.founding_row` on the world at the start of the year, so foundings of one year do not
see one another, and accessions count in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted, fitted
from foedus.model.errors import ModelError
from foedus.model.hyperevents import sampling
from foedus.model.hyperevents.case_control import CaseControl
from foedus.model.hyperevents.fit import fit_table
from foedus.model.hyperevents.result import Fit
from foedus.model.membership import kernels
from foedus.model.membership.hazards import Year
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History, walk
from foedus.model.membership.standing import FOUNDING, HALF_LIFE, Standing
from foedus.model.spec import checked, checked_terms
from foedus.record import Record

_SINCE = {"record": 1900, "atop": 1816}  # the record's classes of regime begin in 1900
_Floats = NDArray[np.float64]


class FoundingSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choices. controls : sets drawn for a founding of three or more; pairs : "all" compares a founding by two with
    every pair, "sample" draws `controls`. ridge : penalty on terms divided by their sd among controls. Others as for
    the hazards.
    """

    since: Year | None = None
    terms: tuple[str, ...] | None = None
    half_life: Annotated[float, msgspec.Meta(gt=0)] = HALF_LIFE
    controls: Annotated[int, msgspec.Meta(ge=1, le=20_000)] = 2000
    pairs: Literal["all", "sample"] = "sample"
    seed: Annotated[int, msgspec.Meta(ge=0)] = 1
    ridge: Annotated[float, msgspec.Meta(ge=0)] = 0.0


def fit(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit which sets found alliances, to the named data as known at the end of `until`."""
    return fit_history(history_of(data, until, sources, record), checked(FoundingSpec, spec or {}, "founding"))


def fit_history(history: History, spec: FoundingSpec | None = None) -> Fitted:
    """Fit which sets found alliances. Raises FormulaError, Constant, Separated, Collinear, ModelError."""
    chosen = spec or FoundingSpec()
    if chosen.terms is not None:
        checked_terms(chosen.terms, FOUNDING, "founding")
    table = table_of(history, chosen)
    terms, dropped = _terms(table, chosen)
    try:
        found = fit_table(" + ".join(terms), table, errors="cluster", ridge=chosen.ridge)
    except ModelError as error:
        raise type(error)(f"founding: {error}") from None
    return _wrapped(found, history, chosen, table, dropped)


def table_of(history: History, spec: FoundingSpec) -> CaseControl:
    """Every founding since `spec.since` with its controls; strata are numbers of treaties, times are years."""
    since = spec.since if spec.since is not None else _SINCE.get(history.data, history.first)
    strata: list[int] = []
    blocks: list[NDArray[np.int64]] = []
    rows: list[_Floats] = []
    years: list[int] = []
    for world, year in walk(history, spec.half_life):
        founders = {a: [i for i in history.founders(a) if world.here[i]] for a in year.founded}
        sets = {a: np.array(f, np.int64) for a, f in founders.items() if len(f) >= 2}
        if world.year < since or world.year > history.last:
            continue
        for a, members in sets.items():
            same = sorted({tuple(s.tolist()) for s in sets.values() if s.size == members.size})
            block = _with_controls(world, members, same, spec, a)
            strata.append(a)
            blocks.append(block)
            years.append(world.year)
            rows.append(rows_of(world, block))
    if not blocks:
        raise ModelError(f"founding: no alliance was founded by two or more from {since} to {history.last}.")
    counts = np.array([len(b) for b in blocks])
    is_case = np.zeros(int(counts.sum()), np.int8)
    is_case[np.concatenate(([0], np.cumsum(counts)[:-1]))] = 1
    x = np.concatenate(rows)
    return CaseControl(
        np.repeat(strata, counts),
        is_case,
        np.repeat(np.array(years, np.float64), counts),
        np.repeat([b.shape[1] for b in blocks], counts),
        {name: x[:, c] for c, name in enumerate(FOUNDING)},
        data_hash=history.digest(),
    )


def rows_of(world: Standing, sets: NDArray[np.int64]) -> _Floats:
    """The terms of FOUNDING for sets of one size, positions of shape (r, k); gives (r, 12)."""
    out = np.empty((len(sets), len(FOUNDING)))
    start = np.arange(0, sets.size + 1, sets.shape[1])
    kernels.founding_rows(
        start, sets.ravel(), world.states, world.joint, world.shared, world.log_distance, world.rival, world.common,
        world.war, out,
    )  # fmt: skip
    return out


def _with_controls(
    world: Standing, members: NDArray[np.int64], same: list[tuple[int, ...]], spec: FoundingSpec, treaty: int
) -> NDArray[np.int64]:
    """The founders first, then sets of as many states at risk that founded nothing in the year."""
    present = np.flatnonzero(world.here)
    excluded = [tuple(np.searchsorted(present, s).tolist()) for s in same]
    m = None if members.size == 2 and spec.pairs == "all" else spec.controls
    stream = sampling.Stream(spec.seed, world.year * 10_000 + treaty)
    others = present[sampling.controls(present.size, members.size, excluded, m, stream)]
    return np.concatenate([members[None, :], others.reshape(-1, members.size)])


def _terms(table: CaseControl, spec: FoundingSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms to fit, and those left out because they do not vary."""
    if spec.terms is not None:
        return spec.terms, ()
    flat = tuple(t for t in FOUNDING if np.ptp(table.columns[t]) == 0)
    return tuple(t for t in FOUNDING if t not in flat), flat


def _wrapped(found: Fit, history: History, spec: FoundingSpec, table: CaseControl, dropped: tuple[str, ...]) -> Fitted:
    notes = list(history.notes)
    if dropped:
        notes.append(f"Left out because they are the same in every row: {', '.join(dropped)}.")
    notes.append("Errors clustered by year. Sizes and dates are taken as given.")
    rank = found.ranking
    return fitted(
        "founding",
        what="Pr(these states found it | year, number of founders) is proportional to exp(x beta), x at the start"
        " of the year.",
        data=history.data,
        data_hash=history.digest(),
        newest=history.newest,
        terms=found.terms,
        coef=found.coef_unscaled,
        covariance=found.cov_unscaled,
        n=found.n_rows,
        events=found.n_cases,
        spec={
            **msgspec.structs.asdict(spec),
            "since": int(table.time.min()),
            "terms": found.terms,
            "history": "foundings+accessions",
        },
        notes=notes,
        extra={
            "loglik": found.loglik,
            "loglik_null": found.loglik_null,
            "scale": found.scale,
            "ranking": {
                "mean_reciprocal_rank": rank.mean_reciprocal_rank,
                "top_share": rank.top_share,
                "log_score": rank.log_score,
                "log_score_chance": rank.log_score_chance,
            },
        },
    )
