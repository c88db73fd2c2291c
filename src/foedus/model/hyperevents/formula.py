"""A formula: terms joined by +, each a product (:) of transformed statistics.

    sqrt(activity) + sqrt(subrep(2)) + closure + mean(distance) + log(size):sqrt(subrep(2))

Statistics: activity, subrep(k), gw_subrep(kappa), exact, superset, closure, closure_outside, closure_product,
closure_product_outside, assortativity(k), size. An aggregate (mean, sum, min, max, range, sd_pop, sd_sample, absdiff)
goes round activity, subrep(k) or a covariate; prop, mixed_pairs and missing round a covariate. Transforms (sqrt, log1p,
log, square) apply after. With a half-life all history fades, save within plain(...). Names of columns, as sub2_mean or
sub2_mean_d, do as well.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import EventsError, FormulaError
from foedus.model.hyperevents.covariates import OF_ACTORS
from foedus.model.hyperevents.statistics import AGGREGATES, statistic

_SIMPLE = {
    "activity": "act_mean",
    "exact": "exact",
    "superset": "superset",
    "closure": "closure_min",
    "closure_outside": "closure_min_outside",
    "closure_product": "closure_prod",
    "closure_product_outside": "closure_prod_outside",
    "size": "size",
}
_TRANSFORMS = ("sqrt", "log1p", "log", "square")
_WORDS = (*_SIMPLE, "subrep", "gw_subrep", "assortativity", "plain", *_TRANSFORMS, *OF_ACTORS)


@dataclass(frozen=True, slots=True)
class Factor:
    """A column and what is done to it, from the inside out."""

    column: str
    transforms: tuple[str, ...] = ()

    def of(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """The transformed column. Raises EventsError where a value is outside a transform's domain."""
        x = columns[self.column]
        for name in self.transforms:
            x = _transformed(name, x, self.column)
        return x


@dataclass(frozen=True, slots=True)
class Term:
    """A product of factors. text : as it was written."""

    text: str
    factors: tuple[Factor, ...]

    def of(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """The term's values, one per row."""
        return np.asarray(np.prod([f.of(columns) for f in self.factors], axis=0))


def terms_of(formula: str, covariates: Collection[str] = (), has_decay: bool = False) -> tuple[Term, ...]:
    """The terms of `formula`. Raises FormulaError for what is not understood, with what is near.

    covariates : names that aggregates may go round, or columns of a table. has_decay : whether history fades.

    >>> [f.column for t in terms_of("sqrt(activity) + subrep(2)", has_decay=True) for f in t.factors]
    ['act_mean_d', 'sub2_mean_d']
    """
    text = formula.rpartition("~")[2].strip()
    try:
        tree = ast.parse(text.replace(":", "@"), mode="eval").body
    except SyntaxError:
        raise FormulaError(
            f'formula "{formula}": not understood; write terms joined by +, as in sqrt(activity).'
        ) from None
    reader = _Reader(frozenset(covariates), has_decay)
    terms = tuple(Term(_text(node), tuple(reader.factors(node))) for node in _summands(tree))
    repeated = [t.text for at, t in enumerate(terms) if t.factors in [u.factors for u in terms[:at]]]
    if repeated:
        raise FormulaError(f"formula: the term {repeated[0]} occurs twice; remove one.")
    return terms


def columns_needed(terms: Collection[Term]) -> list[str]:
    """The columns that the terms read, each once."""
    return list(dict.fromkeys(f.column for t in terms for f in t.factors))


def _summands(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_summands(node.left), *_summands(node.right)]
    return [node]


def _text(node: ast.expr) -> str:
    return ast.unparse(node).replace(" @ ", ":")


@dataclass(frozen=True, slots=True)
class _Reader:
    covariates: frozenset[str]
    has_decay: bool

    def factors(self, node: ast.expr) -> list[Factor]:
        if isinstance(node, ast.BinOp):
            if not isinstance(node.op, ast.MatMult):
                raise FormulaError(f"formula: {_text(node)}: only + and : join terms (a:b is the product of a and b).")
            return [*self.factors(node.left), *self.factors(node.right)]
        return [self.factor(node, self.has_decay)]

    def factor(self, node: ast.expr, decays: bool) -> Factor:
        if isinstance(node, ast.Name):
            return Factor(self._named(node.id, decays))
        if (
            not isinstance(node, ast.Call)
            or not isinstance(node.func, ast.Name)
            or len(node.args) != 1
            or node.keywords
        ):
            raise FormulaError(f"formula: {_text(node)} is not a term; write a name, or a word with one argument.")
        word, inside = node.func.id, node.args[0]
        if word == "plain":
            return self.factor(inside, False)
        if word in _TRANSFORMS:
            factor = self.factor(inside, decays)
            return Factor(factor.column, (*factor.transforms, word))
        if word in ("subrep", "assortativity"):
            column = _subsets(word, inside, "absdiff" if word == "assortativity" else "mean") + "_d" * decays
            return Factor(column, ("negative",) if word == "assortativity" else ())
        if word == "gw_subrep":
            return Factor(_geometric(inside) + "_d" * decays)
        if word in OF_ACTORS:
            return Factor(self._aggregated(word, inside, decays))
        raise self._unknown(word)

    def _named(self, name: str, decays: bool) -> str:
        if name in _SIMPLE:
            return _SIMPLE[name] + "_d" * (decays and name != "size")
        if name in self.covariates:
            return name
        try:
            return statistic(name).name
        except FormulaError:
            raise self._unknown(name) from None

    def _aggregated(self, how: str, inside: ast.expr, decays: bool) -> str:
        if isinstance(inside, ast.Name) and inside.id in self.covariates:
            return f"{inside.id}_{how}"
        if how in AGGREGATES and isinstance(inside, ast.Name) and inside.id == "activity":
            return f"act_{how}" + "_d" * decays
        if how in AGGREGATES and isinstance(inside, ast.Call) and ast.unparse(inside.func) == "subrep" and inside.args:
            return _subsets("subrep", inside.args[0], how) + "_d" * decays
        if isinstance(inside, ast.Name):
            raise self._unknown(inside.id)
        raise FormulaError(f"formula: {how}({_text(inside)}): {how} goes round activity, subrep(k) or a covariate.")

    def _unknown(self, word: str) -> FormulaError:
        near = get_close_matches(word, [*_WORDS, *sorted(self.covariates)], 3, 0.5)
        hint = f" Near: {', '.join(near)}." if near else ""
        mine = f" Covariates: {', '.join(sorted(self.covariates))}." if self.covariates else " There are no covariates."
        return FormulaError(f'formula: "{word}" is unknown.{hint}{mine} Words: {", ".join(_WORDS)}.')


def _subsets(word: str, inside: ast.expr, how: str) -> str:
    k = inside.value if isinstance(inside, ast.Constant) else None
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= 99:
        raise FormulaError(f"formula: {word}({_text(inside)}): expected a whole number from 1, as in {word}(2).")
    return f"act_{how}" if k == 1 else f"sub{k}_{how}"


def _geometric(inside: ast.expr) -> str:
    kappa = inside.value if isinstance(inside, ast.Constant) else None
    if not isinstance(kappa, int | float) or isinstance(kappa, bool) or not 0 <= kappa < 100:
        raise FormulaError(f"formula: gw_subrep({_text(inside)}): expected a number from 0 to below 100, as in 0.5.")
    return f"gwsub{kappa:.3f}".rstrip("0").rstrip(".")


def _transformed(name: str, x: NDArray[np.float64], column: str) -> NDArray[np.float64]:
    if name == "negative":
        return -x
    if name == "square":
        return np.square(x)
    bound = {"sqrt": 0.0, "log1p": -1.0, "log": 0.0}[name]
    outside = (x < bound) | ((x == bound) if name != "sqrt" else False)
    if outside.any():
        row = int(outside.argmax())
        raise EventsError(f"{name}({column}): row {row + 1} is {x[row]:g}, outside its domain; use another transform.")
    return np.asarray({"sqrt": np.sqrt, "log1p": np.log1p, "log": np.log}[name](x))
