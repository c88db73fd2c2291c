"""Fits by class of size or period, and whether their coefficients are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import Constant, EventsError, ModelError, Separated
from foedus.model.hyperevents.case_control import CaseControl
from foedus.model.hyperevents.fit import fit_table
from foedus.model.hyperevents.formula import terms_of
from foedus.model.hyperevents.result import Fit

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Fits by class, unscaled, and the Wald test that they are equal: statistic ~ chi-square with df, p its upper tail.

    left_out : by class, the terms whose coefficient it does not determine, and why: "constant" (the same within all of
    its strata, as subsets of three in events of two) or "separated" (infinite). The test is over the others.
    """

    fits: dict[str, Fit]
    left_out: dict[str, dict[str, str]]
    statistic: float
    df: int
    p: float

    def summary(self, whole: Fit) -> str:
        """A table for people: each class's coefficient and error, on the scale of `whole`, the fit to all classes."""
        heads = [c.partition(" ")[2] for c in self.fits]
        columns = [[c] for c in heads]
        for column, (name, fit) in zip(columns, self.fits.items(), strict=True):
            column.append(f"{fit.n_cases:,}")
            scaled = zip(whole.terms, whole.scale, strict=True)
            column += [self.left_out[name].get(t) or _cell(fit, t, scale) for t, scale in scaled]
        what = next(iter(self.fits)).partition(" ")[0]
        rows = zip((f"by {what}", "events", *whole.terms), *columns, strict=True)
        widths = [max(map(len, column)) for column in columns]
        first = max(len(t) for t in ("by time", *whole.terms))
        lines = [
            f"{term:<{first}} " + " ".join(f"{c:>{w + 1}}" for c, w in zip(cells, widths, strict=True))
            for term, *cells in rows
        ]
        p = f"p = {self.p:.4f}" if self.p >= 0.0001 else "p < 0.0001"
        test = f"Are they equal? Wald {self.statistic:.2f} on {self.df} degrees of freedom, {p}."
        return "\n".join([*lines, "", f"{test} Errors: {whole.errors}."])


def by_size(formula: str, table: CaseControl, edges: Sequence[int] = (2, 3, 6), **options: object) -> Split:
    """Fit each class of sizes apart, from each edge to below the next, and test whether coefficients are the same.

    What is below the first edge is a class too. options : as for `fit_table`, without `scale`. Raises what that raises,
    with the class in front, and EventsError when all events are of one class.
    """
    return _split(formula, table, table.size.astype(np.float64), _Classes("size", edges), options)


def by_period(
    formula: str, table: CaseControl, edges: Sequence[float], written: Sequence[str] | None = None, **options: object
) -> Split:
    """Fit each period apart, as `by_size`; `edges` are the first times of the periods, `written` how to name them."""
    return _split(formula, table, table.time, _Classes("time", edges, written), options)


class _Classes:
    """Classes between edges: which one a value is in, and what each is called."""

    def __init__(self, what: str, edges: Sequence[float], written: Sequence[str] | None = None) -> None:
        self.what, self.edges = what, np.asarray(edges, np.float64)
        self.written = list(written or (f"{e:g}" for e in edges))
        if not self.written or (np.diff(self.edges) <= 0).any():
            raise ModelError(f"classes of {what}: expected edges that rise, found {', '.join(self.written) or 'none'}.")

    def of(self, value: _Floats) -> NDArray[np.intp]:
        return np.searchsorted(self.edges, value, side="right")

    def name(self, at: int) -> str:
        if at == 0:
            return f"{self.what} below {self.written[0]}"
        after = f" to below {self.written[at]}" if at < len(self.written) else ""
        return f"{self.what} from {self.written[at - 1]}{after}"


def _split(formula: str, table: CaseControl, value: _Floats, classes: _Classes, options: Mapping[str, object]) -> Split:
    slot = classes.of(value)
    fits, left_out = {}, {}
    for at in np.unique(slot).tolist():
        name = classes.name(at)
        try:
            fits[name], left_out[name] = _of_class(formula, table.only(slot == at), options)
        except ModelError as error:
            error.args = (f"{name}: {error}",)
            raise
    if len(fits) < 2:
        raise EventsError(
            f"classes of {classes.what}: all events are of one, {next(iter(fits))}; found {classes.what}"
            f" {value.min():g} to {value.max():g}. Give an edge between these."
        )
    few = [c for c, f in fits.items() if np.linalg.matrix_rank(f.cov) < len(f.terms)]
    if few:
        raise EventsError(f"{few[0]}: fewer clusters than terms, so no test. Take wider classes, or errors robust.")
    statistic, df = _wald(list(fits.values()))
    return Split(fits, left_out, statistic, df, _tail(statistic, df))


def _of_class(formula: str, part: CaseControl, options: Mapping[str, object]) -> tuple[Fit, dict[str, str]]:
    """The class's fit, and why it leaves terms out."""
    fitted: Callable[..., Fit] = fit_table
    left_out: dict[str, str] = {}
    kept = _texts(formula, part, options)
    while True:
        try:
            return fitted(" + ".join(kept), part, scale=False, **options), left_out
        except (Constant, Separated) as error:
            left_out |= dict.fromkeys(error.terms, type(error).__name__.lower())
            kept = [t for t in kept if t not in error.terms]
            if not (error.terms and kept):
                raise


def _texts(formula: str, part: CaseControl, options: Mapping[str, Any]) -> list[str]:
    has_decay = options.get("decay")
    known = (*options.get("covariates", ()), *part.columns)
    return [t.text for t in terms_of(formula, known, part.half_life is not None if has_decay is None else has_decay)]


def _wald(fits: Sequence[Fit]) -> tuple[float, int]:
    """Distance of the classes' coefficients from what they have in common (generalised least squares), and its df."""
    names = list(dict.fromkeys(t for f in fits for t in f.terms))
    reads = [np.array([[t == n for n in names] for t in f.terms], np.float64) for f in fits]
    weights = [np.linalg.inv(f.cov) for f in fits]
    coefs = [np.array(f.coef) for f in fits]
    parts = list(zip(reads, weights, coefs, strict=True))
    information = np.sum([r.T @ w @ r for r, w, _ in parts], axis=0)
    common = np.linalg.solve(information, np.sum([r.T @ w @ b for r, w, b in parts], axis=0))
    statistic = sum(float((b - r @ common) @ w @ (b - r @ common)) for r, w, b in parts)
    return statistic, sum(len(f.terms) for f in fits) - len(names)


def _tail(statistic: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic)) if df else 1.0


def _cell(fit: Fit, term: str, scale: float) -> str:
    at = fit.terms.index(term)
    return f"{fit.coef[at] * scale:.3f} ({fit.se[at] * scale:.3f})"
