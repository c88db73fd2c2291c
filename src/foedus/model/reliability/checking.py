"""`foedus model check reliability`: Table 4 again, every candidate on wars it has not seen, calibration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.model.reliability.candidates import CANDIDATES, EVERYTHING, SHIPPED, fit_candidate, judged
from foedus.model.reliability.commitments import commitments
from foedus.model.reliability.logit import Floats
from foedus.model.reliability.reference import replicate
from foedus.model.reliability.scores import Scores
from foedus.model.reliability.shrunk import Sample, sample
from foedus.model.reliability.together import left_out_at

if TYPE_CHECKING:
    from foedus.record import Record

BINS = (0.0, 0.25, 0.5, 0.75, 1.0)


def check(
    *,
    data: str = "leeds_anac",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """A report in lines: the reference fit, each candidate by leaving wars out, calibration of the one that ships.

    Takes some ten seconds. Raises SourceError for a missing file.
    """
    reference = replicate(commitments(sources, until=until))
    lines = ["Leeds and Anac (2005), Table 4: term, coefficient, standard error, clustered by war"]
    for row in zip(reference.fit.terms, reference.fit.coef, reference.fit.se, reference.se_clustered, strict=True):
        lines.append("  {:<10}{:>9.4f}{:>9.4f}{:>9.4f}".format(*row))
    rows = sample(EVERYTHING, sources, until=until)
    lines += ["", "Each war left out in turn, scales and penalty learnt from the other wars", "  " + _HEAD]
    lines += [_line(c.name, judged(rows, c)) for c in CANDIDATES]
    lines += [_line("everything, without the war's treaties", judged(rows, SHIPPED, treaties=True))]
    penalty = fit_candidate(rows, SHIPPED)[1]
    assert penalty is not None
    lines += [
        "",
        f"Calibration of everything, penalty {penalty:g}, wars left out: mean probability, share honoured",
    ]
    return "\n".join([*lines, *_calibration(rows, left_out_at(rows, penalty))])


_HEAD = f"{'candidate':<40}{'Brier':>8}{'log loss':>10}{'AUC':>8}{'correct':>9}"


def _line(name: str, s: Scores) -> str:
    return f"  {name:<40}{s.brier:>8.4f}{s.log_loss:>10.4f}{s.auc:>8.4f}{s.correct:>9.4f}"


def _calibration(rows: Sample, p: Floats) -> list[str]:
    bins = np.clip(np.digitize(p, BINS) - 1, 0, len(BINS) - 2)
    out = []
    for b in np.unique(bins):
        own = bins == b
        span = f"{BINS[b]:.2f} to {BINS[b + 1]:.2f}"
        out.append(f"  {span:<16}{p[own].mean():>7.3f}{rows.y[own].mean():>8.3f}   n = {int(own.sum())}")
    return out
