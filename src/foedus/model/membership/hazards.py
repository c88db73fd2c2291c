"""The yearly hazards of accession, withdrawal and termination, fitted: one function each for the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError, NotEstimable
from foedus.model.membership import hazard, level
from foedus.model.membership.beside import with_columns
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.model.membership.standing import ACCESSION, ERAS, HALF_LIFE, TERMINATION, WITHDRAWAL, unsettled
from foedus.model.membership.units import Drawing, Units, accession_units, termination_units, withdrawal_units
from foedus.model.spec import checked, checked_terms
from foedus.record import Record

Year = Annotated[int, msgspec.Meta(ge=1816, le=2100)]
_SINCE = {"record": 1900, "atop": 1816}  # the record's classes of regime begin in 1900
# A third of the record's accessions are to the Treaty of Amity and Cooperation of 1976, which the whole world may join
# and does: with it, distance and regime would seem to matter less in every alliance.
EXCEPTIONS = {("accession", "record"): ("tac-1976",)}


class HazardSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choices. None stands for the default of the data or of the process.

    since : first year of risk; 1900 for the record, 1816 for ATOP. terms : names of the process's columns.
    without : ids of treaties that are history but give no rows (None: see `EXCEPTIONS`).
    half_life : years in which a past event loses half its weight. of_pairs : share of the non-events of alliances of
    two founders that is drawn (accession). prior_sd : of the prior; inf for maximum likelihood.
    also : columns from the user's data sets (`beside.COLUMNS`), after the terms; rows that lack one are left out.
    """

    since: Year | None = None
    terms: tuple[str, ...] | None = None
    without: tuple[str, ...] | None = None
    half_life: Annotated[float, msgspec.Meta(gt=0)] = HALF_LIFE
    of_pairs: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.05
    seed: Annotated[int, msgspec.Meta(ge=0)] = 1
    prior_sd: Annotated[float, msgspec.Meta(gt=0)] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """One hazard: its name, what it explains, its terms, how its rows are made, what its errors cluster by.

    default, prior_sd : the terms and prior that are used unless others are asked for. They were chosen among a
    dozen candidates by the log score on the fifteen years after 1970, 1980, 1990, 2000 and 2010, which the fits had
    not seen: the few events, in bursts, do not bear more. era_sd : prior of the steps of eras, which are levels and no
    effects; that and the prior of termination were chosen on starts up to 1940 alone (docs/model.md).
    """

    name: str
    what: str
    terms: tuple[str, ...]
    units: Callable[[History, Drawing], Units]
    clusters: tuple[str, str]
    default: tuple[str, ...]
    prior_sd: float
    era_sd: float


_IDLE = ("wars", "major", "democracy_gap", "years_3", "years_6", "years_11", "years_21")
_OF_TERMINATION = tuple(t for t in TERMINATION if t not in _IDLE)
_OF_WITHDRAWAL = ("one", *ERAS, "years_3", "rivals", "democracy_gap", "log_members", "log_exits_3y", "has_defence")
_WHAT = "Pr({} in a year) = 1 - exp(-exp(x beta)) for {}, at the start of the year."
PROCESSES = {
    p.name: p
    for p in (
        Process(
            "accession", _WHAT.format("a state accedes", "each state and each alliance that it is not in"), ACCESSION,
            accession_units, ("treaty", "state"), ACCESSION, 0.5, 0.5,
        ),
        Process(
            "withdrawal", _WHAT.format("a member leaves", "each member of each alliance of three or more that goes on"),
            WITHDRAWAL, withdrawal_units, ("treaty", "state"), _OF_WITHDRAWAL, 1.0, 1.0,
        ),
        Process(
            "termination", _WHAT.format("an alliance ends", "each alliance in force"), TERMINATION, termination_units,
            ("treaty", "year"), _OF_TERMINATION, 0.5, 2.5,
        ),
    )
}  # fmt: skip


def accession(**asked: Any) -> Fitted:
    """Fit who accedes; keywords as in the registry."""
    return fit_process(PROCESSES["accession"], **asked)


def withdrawal(**asked: Any) -> Fitted:
    """Fit who withdraws; keywords as in the registry."""
    return fit_process(PROCESSES["withdrawal"], **asked)


def termination(**asked: Any) -> Fitted:
    """Fit which alliances end; keywords as in the registry."""
    return fit_process(PROCESSES["termination"], **asked)


def fit_process(
    process: Process,
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit one hazard to the named data, as known at the end of `until`."""
    chosen = checked(HazardSpec, spec or {}, process.name)
    return fit_history(process, history_of(data, until, sources, record), chosen, sources)


def fit_history(
    process: Process, history: History, spec: HazardSpec | None = None, sources: Path | None = None
) -> Fitted:
    """Fit one hazard to a history. Raises FormulaError, Constant, Collinear, Separated, ModelError.

    sources : where the columns of `spec.also` are read from.
    """
    chosen = spec or HazardSpec()
    if chosen.terms is not None:
        checked_terms(chosen.terms, process.terms, process.name)
    every = units_of(process, history, chosen, sources)
    units = known(every)
    without = without_of(process, history, chosen)
    terms, dropped = _terms(process, units, chosen)
    x = units.x[:, [units.terms.index(t) for t in terms]]
    prior = prior_of(process, chosen)
    priors = None if prior is None else [_era_sd(process, chosen) if t in ERAS else prior for t in terms]
    labels: tuple[NDArray[np.int64], ...] = tuple(getattr(units, c) for c in process.clusters)
    try:
        found = hazard.estimate(x, units.event, terms, weight=units.weight, clusters=labels, prior_sd=priors)
    except NotEstimable as error:
        raise type(error)(f"{process.name}: {error}", error.terms) from None
    except ModelError as error:
        raise type(error)(f"{process.name}: {error}") from None
    last = level.at_end(x, found.coef, found.clustered, units.event, units.weight, units.year)
    return fitted(
        process.name,
        what=process.what,
        data=history.data,
        data_hash=hash_of(history.digest(), x[:, -len(chosen.also) :]) if chosen.also else history.digest(),
        newest=history.newest,
        terms=terms,
        coef=found.coef,
        covariance=found.clustered,
        n=len(units.event),
        events=int(units.event.sum()),
        spec={
            **{k: v for k, v in msgspec.structs.asdict(chosen).items() if v or k != "also"},
            "since": since_of(history, chosen),
            "without": without,
            "terms": terms,
            "prior_sd": prior,
            "era_sd": None if prior is None else _era_sd(process, chosen),
            "clusters": process.clusters,
            "link": "cloglog",
        },
        notes=(
            *history.notes,
            *_notes(dropped, without, units, chosen.of_pairs, prior, _era_sd(process, chosen)),
            *_gaps(every, units, chosen),
            level.says(last),
        ),
        extra={
            "loglik": found.loglik,
            "loglik_null": found.loglik_null,
            "se_model": np.sqrt(np.diag(found.model)),
            "prior_unit": found.unit,
            "rows_weighted": float(units.weight.sum()),
            "years": [int(units.year.min()), int(units.year.max())],
            "level": last,
        },
    )


def units_of(process: Process, history: History, spec: HazardSpec, sources: Path | None = None) -> Units:
    """The rows at risk, with the columns of `spec.also` after the process's; NaN in these where unknown."""
    drawing = Drawing(since_of(history, spec), spec.half_life, spec.of_pairs, spec.seed)
    units = process.units(history, drawing)
    ids = history.treaties.id
    left_out = [ids.index(i) for i in without_of(process, history, spec)]
    if left_out:
        units = units.only(~np.isin(units.treaty, left_out))
    if not len(units.event):
        raise ModelError(f"{process.name}: no alliance is at risk from {drawing.since} to {history.last}.")
    return with_columns(units, history, spec.also, sources) if spec.also else units


def known(units: Units) -> Units:
    """The rows without a gap. Raises ModelError when there is none."""
    kept: NDArray[np.bool_] = np.asarray(np.isfinite(units.x).all(axis=1))
    if not kept.any():
        raise ModelError("spec: also: no row has all of these columns; their years do not overlap. Take fewer.")
    return units if kept.all() else units.only(kept)


def without_of(process: Process, history: History, spec: HazardSpec) -> tuple[str, ...]:
    """Ids of the treaties that give no rows. Raises ModelError for one that the user names and the data lack."""
    if spec.without is None:
        return tuple(i for i in EXCEPTIONS.get((process.name, history.data), ()) if i in history.treaties.id)
    for one in spec.without:
        if one not in history.treaties.id:
            near = get_close_matches(one, history.treaties.id, 2)
            hint = f" Near: {', '.join(near)}." if near else ""
            raise ModelError(f'{process.name}: spec: without: no treaty of {history.data} has the id "{one}".{hint}')
    return spec.without


def prior_of(process: Process, spec: HazardSpec) -> float | None:
    """Standard deviation of the prior; None for maximum likelihood."""
    asked = process.prior_sd if spec.prior_sd is None else spec.prior_sd
    return None if np.isinf(asked) else asked


def _era_sd(process: Process, spec: HazardSpec) -> float:
    """Standard deviation of the prior of the steps of eras: that of all terms where the user names one."""
    return process.era_sd if spec.prior_sd is None else spec.prior_sd


def since_of(history: History, spec: HazardSpec) -> int:
    """First year of risk."""
    return spec.since if spec.since is not None else _SINCE.get(history.data, history.first)


def _terms(process: Process, units: Units, spec: HazardSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms to fit, and those left out because they do not vary (only where the user did not ask for them)."""
    if spec.terms is not None:
        return ("one", *(t for t in spec.terms if t != "one"), *spec.also), ()
    flat = {
        t for t, low, high in zip(units.terms, units.x.min(axis=0), units.x.max(axis=0), strict=True) if low == high
    }
    flat |= set(unsettled(int(units.year.min()), int(units.year.max())))
    dropped = tuple(t for t in process.default if t in flat - {"one"})
    return (*(t for t in process.default if t not in dropped), *spec.also), dropped


def _gaps(every: Units, units: Units, spec: HazardSpec) -> list[str]:
    if not spec.also:
        return []
    rows, events = len(every.event) - len(units.event), int(every.event.sum() - units.event.sum())
    return [f"{rows:,} rows ({events} events) without {', '.join(spec.also)} are left out: their sources do not reach."]


def _notes(
    dropped: tuple[str, ...],
    without: tuple[str, ...],
    units: Units,
    of_pairs: float,
    prior: float | None,
    of_eras: float,
) -> list[str]:
    notes = [f"Without the rows of {', '.join(without)}; they are history for the rest."] if without else []
    if dropped:
        notes.append(
            f"Left out for want of variation (a step needs ten years before it and twenty after): {', '.join(dropped)}."
        )
    if (units.weight > 1).any():
        notes.append(
            f"Of the non-events of alliances of two founders {of_pairs:g} are drawn, each weighted by its inverse."
        )
    if prior is not None:
        eras = f" (steps of eras: {of_eras:g})" if of_eras != prior else ""
        notes.append(f"Normal prior of sd {prior:g}{eras} on all terms but the constant; its units: extra.prior_unit.")
    return notes
