"""The partial likelihood of stratified conditional logit, with score and information, compiled. Twin: `plain`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@compiled
def likelihood(z: _Floats, start: _Ints, case: _Ints, beta: _Floats, scores: _Floats, information: _Floats) -> float:
    """Log-likelihood at `beta`; writes the score of each stratum and the sum of their information.

    z (rows, p), stratum s being start[s]:start[s + 1]; case (strata,): the row of each case. scores (strata, p);
    information (p, p). The row maximum is subtracted before exp.
    """
    p = beta.size
    information[:] = 0.0
    mean = np.empty(p)
    square = np.empty((p, p))
    total = 0.0
    for s in range(case.size):
        highest = -np.inf
        for r in range(start[s], start[s + 1]):
            eta = 0.0
            for a in range(p):
                eta += z[r, a] * beta[a]
            highest = max(highest, eta)
        mean[:] = 0.0
        square[:] = 0.0
        whole, of_case = 0.0, 0.0
        for r in range(start[s], start[s + 1]):
            eta = -highest
            for a in range(p):
                eta += z[r, a] * beta[a]
            w = math.exp(eta)
            whole += w
            if r == case[s]:
                of_case = eta
            # Relative to the case: large common values then cost no digits.
            for a in range(p):
                x = w * (z[r, a] - z[case[s], a])
                mean[a] += x
                for b in range(a + 1):
                    square[a, b] += x * (z[r, b] - z[case[s], b])
        total += of_case - math.log(whole)
        for a in range(p):
            mean[a] /= whole
            scores[s, a] = -mean[a]
        for a in range(p):
            for b in range(a + 1):
                information[a, b] += square[a, b] / whole - mean[a] * mean[b]
    for a in range(p):
        for b in range(a):
            information[b, a] = information[a, b]
    return total
