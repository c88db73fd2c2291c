"""How the dispute process agrees with what happened: text for `foedus model check disputes`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from foedus.model import calibration
from foedus.model.binary import probability
from foedus.model.disputes import onset
from foedus.model.drivers.history import history
from foedus.model.judging import judged_on, origins
from foedus.record import Record, load


def check(
    *,
    data: str = "gml",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """Calibration by tenths of the expected disputes, by period, and by what the process tells pairs apart by.

    Keywords as in the registry. Chances are those of the coefficients as they ship, the prior of `covered` among them:
    where the prior is not what the data say, covered pairs show it.
    """
    chosen = onset.spec_of(spec)
    if until is not None:
        origins(until, (), chosen["first"] + 10, onset.LAST, "disputes")
    rows = onset.rows(history(record or load(), chosen["first"] - 1, onset.LAST), sources)
    fit = onset.fit_rows(rows.to(until or onset.LAST), chosen, data)
    p, y = probability(rows.x @ np.array(fit.coef), "logit"), rows.y.astype(np.float64)
    w, kept = np.ones(y.size), rows.year > (until or 0)
    lines = [f"disputes: {fit.what}", judged_on(until, onset.LAST), *calibration.scores(y[kept], p[kept], w[kept]), ""]
    lines += ["Tenths of the expected disputes, lowest chance first"]
    lines += [*calibration.tenths(y[kept], p[kept], w[kept]), "", "By period and by kind of pair"]
    kinds = {name: rows.x[:, onset.TERMS.index(name)] > 0 for name in ("rivals", "democracies", "pact_inside")}
    groups = [*calibration.by_period(rows.year, kept), *((name, kept & here) for name, here in kinds.items())]
    bound = rows.x[:, onset.TERMS.index("covered")] > 0
    groups += [("covered", kept & bound), ("not covered", kept & ~bound)]
    lines += calibration.sums(y, p, w, groups)
    prior = f"{fit.by_term['covered']:.2f} (assumed)" if chosen["covered_prior"] else "that of the data"
    return "\n".join(
        [*lines, "", f"Coefficient of covered: {prior}; in the data {fit.extra['covered_in_data'][0]:.2f}."]
    )
