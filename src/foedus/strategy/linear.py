"""Linear programmes with named rows, solved by HiGHS: minimise cost.x with bounds on columns and on rows.

A programme whose only whole columns are choices of one among many is first tried without a search: the relaxation
bounds it, and a choice that reaches the bound is the optimum. Programmes of one shape start from each other's basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.errors import StrategyError

Real = NDArray[np.float64]
INF = float("inf")
MIP_GAP = 1e-6  # relative: how far from the best bound a solution with whole-or-nothing packages may be
_MANY_NONZEROS = 50_000  # from here on the interior point method is faster, with crossover to a vertex


@dataclass(frozen=True, slots=True)
class Row:
    """low <= values . x[columns] <= high. label : the constraint in words, empty for one that only defines
    something."""

    columns: NDArray[np.int64]
    values: Real
    low: float
    high: float
    label: str = ""


@dataclass(slots=True)
class Model:
    """A programme while it is put together. offset : a constant added to the objective. choices : sets of whole columns
    of which at most one is 1, likeliest first."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    offset: float = 0.0
    choices: list[NDArray[np.int64]] = field(default_factory=list)

    def columns(
        self,
        n: int,
        *,
        cost: float | Iterable[float] = 0.0,
        lower: float = 0.0,
        upper: float = INF,
        whole: bool = False,
    ) -> NDArray[np.int64]:
        """Add `n` columns; their indices."""
        begin = len(self.cost)
        self.cost += [float(cost)] * n if isinstance(cost, int | float) else [float(c) for c in cost]
        self.lower += [lower] * n
        self.upper += [upper] * n
        self.is_whole += [whole] * n
        return np.arange(begin, begin + n)

    def row(
        self, columns: Sequence[int] | NDArray[np.int64], values: Any, low: float, high: float, label: str = ""
    ) -> None:
        """Add one row; zeros are left out."""
        index = np.asarray(columns, dtype=np.int64)
        held = np.full(index.shape, values, dtype=np.float64)
        kept = held != 0
        self.rows.append(Row(index[kept], held[kept], low, high, label))


@dataclass(frozen=True, slots=True)
class Answer:
    """x : shape (columns,). row_price : shape (rows,), change of the objective for one unit more of a row's bound;
    empty after a search. objective, bound : what was reached and what cannot be beaten, in the problem's own unit.
    basis : where the solver may start on a model of the same shape; None after a search."""

    x: Real
    row_price: Real
    objective: float
    bound: float
    basis: Any = None


def minimise(model: Model, start: Answer | None = None) -> Answer | None:
    """The optimum, or None when no x keeps all rows. start : an answer to a model of the same shape, to begin from.

    Raises StrategyError when HiGHS gives up or the cost is unbounded.
    """
    n_choices = sum(len(c) for c in model.choices)
    if n_choices and n_choices == sum(model.is_whole):
        found = _chosen(model, start)
        if found is not None:
            return found
    solver = _solver(model, start)
    if not _solved(solver, model):
        return None
    return _searched(solver) if any(model.is_whole) else _found(solver, model)


def _chosen(model: Model, start: Answer | None) -> Answer | None:
    """The optimum with one column of each choice at 1, where that reaches the bound of the relaxation; else None."""
    relaxed = replace(model, is_whole=[False] * len(model.cost), choices=[])
    solver = _solver(relaxed, start)
    if not _solved(solver, relaxed):
        return None
    least = _found(solver, relaxed)
    for picked in ([c[0] for c in model.choices], [c[least.x[c].argmax()] for c in model.choices]):
        kept = replace(relaxed, lower=list(model.lower), upper=list(model.upper))
        for column in np.concatenate(model.choices):
            kept.lower[column] = kept.upper[column] = float(column in picked)
            solver.changeColBounds(int(column), kept.lower[column], kept.upper[column])
        if _solved(solver, kept):
            found = _found(solver, kept)
            if found.objective - least.objective <= MIP_GAP * max(1.0, abs(least.objective)):
                return replace(found, bound=least.bound)
    return None


def _solver(model: Model, start: Answer | None) -> Any:
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", MIP_GAP)):
        solver.setOptionValue(option, value)
    solver.passModel(_highs(model))
    if any(model.is_whole):
        return solver
    if start is not None and start.basis is not None and _same_shape(start, model):
        solver.setBasis(start.basis)
    elif sum(len(r.columns) for r in model.rows) > _MANY_NONZEROS:
        solver.setOptionValue("solver", "ipm")
    return solver


def _same_shape(start: Answer, model: Model) -> bool:
    return len(start.x) == len(model.cost) and len(start.row_price) == len(model.rows)


def _solved(solver: Any, model: Model) -> bool:
    """Run the solver; False when no x keeps all rows."""
    import highspy

    solver.run()
    status, known = solver.getModelStatus(), highspy.HighsModelStatus
    if status == known.kInfeasible or (status == known.kUnboundedOrInfeasible and not _can_hold(model)):
        return False
    if status in (known.kUnbounded, known.kUnboundedOrInfeasible):
        raise StrategyError("The objective can fall without end: a column with a gain has neither a limit nor a row.")
    if status != known.kOptimal:
        raise StrategyError(f"HiGHS stopped without an answer: {solver.modelStatusToString(status)}.")
    return True


def _found(solver: Any, model: Model) -> Answer:
    solution = solver.getSolution()
    prices = np.asarray(solution.row_dual)
    reached = float(solver.getInfo().objective_function_value)
    bound = _dual(model, prices, np.asarray(solution.col_dual))
    return Answer(np.asarray(solution.col_value), prices, reached, bound, solver.getBasis())


def _searched(solver: Any) -> Answer:
    info = solver.getInfo()
    reached, bound = float(info.objective_function_value), float(info.mip_dual_bound)
    return Answer(np.asarray(solver.getSolution().col_value), np.zeros(0), reached, bound)


def _can_hold(model: Model) -> bool:
    """Whether some x keeps all rows: the same rows with nothing to gain."""
    return minimise(Model([0.0] * len(model.cost), model.lower, model.upper, model.is_whole, model.rows)) is not None


def _dual(model: Model, row_price: Real, column_price: Real) -> float:
    """Value of the dual solution: each price times the bound at which it is paid."""
    lows, highs = np.array([r.low for r in model.rows]), np.array([r.high for r in model.rows])
    total = model.offset
    for price, low, high in (
        (row_price, lows, highs),
        (column_price, np.array(model.lower), np.array(model.upper)),
    ):
        at = np.where(price > 0, low, high)
        paid = (np.abs(price) > 1e-12) & np.isfinite(at)
        total += float(np.dot(price[paid], at[paid]))
    return total


def _highs(model: Model) -> Any:
    """The model as HiGHS wants it, row by row."""
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.rows)
    lp.col_cost_ = np.array(model.cost)
    lp.col_lower_, lp.col_upper_ = np.array(model.lower), np.array(model.upper)
    lp.row_lower_ = np.array([r.low for r in model.rows])
    lp.row_upper_ = np.array([r.high for r in model.rows])
    lp.offset_ = model.offset
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(r.columns) for r in model.rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([r.columns for r in model.rows]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([r.values for r in model.rows])
    if any(model.is_whole):
        kind = highspy.HighsVarType
        lp.integrality_ = [kind.kInteger if whole else kind.kContinuous for whole in model.is_whole]
    return lp
