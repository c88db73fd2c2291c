"""How good probabilities are: Brier score, log loss, area under the curve, share on the right side of a half."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from foedus.model.reliability.logit import Floats, log_likelihood


@dataclass(frozen=True, slots=True)
class Scores:
    """brier, log_loss : means, lower is better. auc : P(a kept promise ranks above a broken one), ties half.

    correct : share of outcomes on the side of 0.5 where the probability is.
    """

    brier: float
    log_loss: float
    auc: float
    correct: float


def score(y: Floats, p: Floats) -> Scores:
    """Scores of probabilities `p` in (0, 1) for outcomes `y` (0 or 1, both occurring), each of shape (n,).

    Source: Brier (1950); Good (1952); Hanley and McNeil (1982) for the area as a rank sum.
    """
    kept = y == 1
    n_kept, n_broken = int(kept.sum()), int((~kept).sum())
    above = rankdata(p)[kept].sum() - n_kept * (n_kept + 1) / 2
    return Scores(
        brier=float(np.mean((p - y) ** 2)),
        log_loss=-log_likelihood(y, p) / len(y),
        auc=float(above / (n_kept * n_broken)),
        correct=float(np.mean((p >= 0.5) == kept)),
    )
