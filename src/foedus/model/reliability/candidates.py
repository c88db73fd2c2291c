"""Which model predicts wars it has not seen: every candidate that was tried, each judged by leaving whole wars out.

A war's commitments share a fate, so leaving out single rows would let a model recognise the war. Scales, penalties and
base rates are learnt inside each fold. The bar is what Table 4 reaches in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.binary import regress
from foedus.model.reliability.commitments import ERA, FORM, PLEDGES, REFERENCE, with_constant
from foedus.model.reliability.logit import Floats
from foedus.model.reliability.scores import Scores, score
from foedus.model.reliability.shrunk import PENALTIES, Sample, predicted, shrunk
from foedus.model.reliability.together import left_out_at

EVERYTHING = (*REFERENCE, *PLEDGES, *FORM, ERA)
Fitting = Callable[[Sample], Floats]  # rows to coefficients, the constant first


@dataclass(frozen=True, slots=True)
class Candidate:
    """terms : its columns. penalties : from which the fold chooses; none is maximum likelihood."""

    name: str
    terms: tuple[str, ...]
    penalties: tuple[float, ...] = PENALTIES


CANDIDATES = (
    Candidate("Table 4, maximum likelihood", REFERENCE, ()),
    Candidate("Table 4, shrunk", REFERENCE),
    Candidate("Table 4 and era", (*REFERENCE, ERA)),
    Candidate("Table 4 and pledges", (*REFERENCE, *PLEDGES)),
    Candidate("Table 4 and form", (*REFERENCE, *FORM)),
    Candidate("all but era", EVERYTHING[:-1]),
    Candidate("everything", EVERYTHING),
)
SHIPPED = CANDIDATES[-1]


def fit_candidate(data: Sample, candidate: Candidate) -> tuple[Floats, float | None]:
    """The candidate's coefficients in `data`, and the penalty chosen (None without one)."""
    own = data.only(candidate.terms)
    if not candidate.penalties:
        return regress(with_constant(own.x), own.y, ("constant", *own.terms)).coef, None
    penalty = chosen_penalty(own, candidate.penalties)
    return shrunk(own, penalty).coef, penalty


def chosen_penalty(data: Sample, penalties: Sequence[float] = PENALTIES) -> float:
    """The penalty with the least log loss when each war is left out in turn; the greater one when two are equal.

    Log loss, not the Brier score: it is what draws of probabilities are punished by when they are too sure.
    """
    losses = {p: score(data.y, left_out_at(data, p)).log_loss for p in penalties}
    return min(sorted(penalties, reverse=True), key=losses.__getitem__)


def folds(data: Sample, *, treaties: bool = False) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Rows to learn from and rows of the war left out; `treaties` also keeps other wars' rows of its treaties out."""
    for war in np.unique(data.war):
        out = data.war == war
        learn = ~out & ~np.isin(data.treaty, data.treaty[out]) if treaties else ~out
        yield learn, out


def left_out(data: Sample, fitting: Fitting, *, treaties: bool = False) -> Floats:
    """Each row's probability by a fit that has not seen its war, shape (n,)."""
    p = np.empty(len(data.y))
    for learn, out in folds(data, treaties=treaties):
        p[out] = predicted(fitting(data.keep(learn)), data.keep(out))
    return p


def judged(data: Sample, candidate: Candidate, *, treaties: bool = False) -> Scores:
    """Scores of a candidate on wars it has not seen, its penalty chosen inside each fold by leaving out again."""
    own = data.only(candidate.terms)
    return score(own.y, left_out(own, lambda rows: fit_candidate(rows, candidate)[0], treaties=treaties))


def judged_choice(data: Sample, candidates: Sequence[Candidate] = CANDIDATES) -> Scores:
    """Scores of choosing candidate and penalty together inside each fold, by log loss: the price of having looked."""
    p = np.empty(len(data.y))
    for learn, out in folds(data):
        rows = data.keep(learn)
        menu = [(c, penalty) for c in candidates for penalty in c.penalties]
        losses = [score(rows.y, left_out_at(rows.only(c.terms), penalty)).log_loss for c, penalty in menu]
        best, penalty = menu[int(np.argmin(losses))]
        p[out] = predicted(shrunk(rows.only(best.terms), penalty).coef, data.keep(out).only(best.terms))
    return score(data.y, p)
