"""How well the fitted hazards agree with what happened: texts for `foedus model check`.

Without `until` the rows are those of the fit; with it the model is fitted to what was known at the end of that year and
judged on the years after, which it has not seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model import calibration
from foedus.model.membership import hazard
from foedus.model.membership.asked import Asked
from foedus.model.membership.hazards import PROCESSES, HazardSpec, fit_history, known, since_of, units_of
from foedus.model.membership.units import Units
from foedus.model.spec import checked

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def accession_check(**asked: Any) -> str:
    """Calibration of who accedes; keywords as in the registry."""
    return _hazard_check("accession", Asked(**asked))


def withdrawal_check(**asked: Any) -> str:
    """Calibration of who withdraws; keywords as in the registry."""
    return _hazard_check("withdrawal", Asked(**asked))


def termination_check(**asked: Any) -> str:
    """Calibration of which alliances end; keywords as in the registry."""
    return _hazard_check("termination", Asked(**asked))


def _hazard_check(name: str, asked: Asked) -> str:
    process, spec, history = PROCESSES[name], checked(HazardSpec, asked.spec, name), asked.history()
    fit = fit_history(process, history.up_to(asked.until), spec, asked.sources)
    units = known(units_of(process, history, spec, asked.sources))
    kept = units.year > asked.until if asked.until is not None else units.year >= since_of(history, spec)
    p = hazard.probability(units.x, fit.aligned(units.terms))
    members = np.exp(units.x[:, units.terms.index("log_members")])
    classes = (("two members", 0.0, 2.5), ("three to six", 2.5, 6.5), ("seven or more", 6.5, np.inf))
    by_size = [(label, kept & (members > low) & (members < high)) for label, low, high in classes]
    by_year = calibration.by_period(units.year, kept)
    rows = units.event[kept], p[kept], units.weight[kept]
    lines = [f"{name}: {fit.what}", asked.judged(history), *calibration.scores(*rows), ""]
    lines += ["Tenths of the expected events, lowest chance first", *calibration.tenths(*rows), ""]
    lines += ["By period and size", *calibration.sums(units.event, p, units.weight, [*by_year, *by_size]), ""]
    lines += ["Mean of each term among events: observed, and expected under the model"]
    return "\n".join([*lines, *_means(units, p, kept)])


def _means(units: Units, p: _Floats, kept: _Bools) -> list[str]:
    x, share = units.x[kept], units.weight[kept] * p[kept]
    observed = x[units.event[kept] == 1].mean(axis=0) if units.event[kept].any() else np.full(x.shape[1], np.nan)
    expected = (x * share[:, None]).sum(axis=0) / share.sum()
    return [
        f"  {t:<18} {o:>9.3f} {e:>9.3f}" for t, o, e in zip(units.terms, observed, expected, strict=True) if t != "one"
    ]
