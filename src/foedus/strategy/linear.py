"""Linear programmes with named rows, solved by HiGHS: minimise cost.x with bounds on columns and on rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
    """A programme while it is put together. offset : a constant added to the objective."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    offset: float = 0.0

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
        held = np.broadcast_to(np.asarray(values, dtype=np.float64), index.shape)
        kept = held != 0
        self.rows.append(Row(index[kept], held[kept], low, high, label))


@dataclass(frozen=True, slots=True)
class Answer:
    """x : shape (columns,). row_price : shape (rows,), change of the objective for one unit more of a row's bound;
    empty with whole columns. objective, bound : what was reached and what cannot be beaten, in the problem's own
    unit."""

    x: Real
    row_price: Real
    objective: float
    bound: float


def minimise(model: Model) -> Answer | None:
    """The optimum, or None when no x keeps all rows. Raises StrategyError when HiGHS gives up or the cost is
    unbounded."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", MIP_GAP)):
        solver.setOptionValue(option, value)
    if sum(len(r.columns) for r in model.rows) > _MANY_NONZEROS and not any(model.is_whole):
        solver.setOptionValue("solver", "ipm")
    solver.passModel(_highs(model))
    solver.run()
    status, known = solver.getModelStatus(), highspy.HighsModelStatus
    if status == known.kInfeasible:
        return None
    if status == known.kUnboundedOrInfeasible:
        return None if not _can_hold(model) else _unbounded()
    if status == known.kUnbounded:
        return _unbounded()
    if status != known.kOptimal:
        raise StrategyError(f"HiGHS stopped without an answer: {solver.modelStatusToString(status)}.")
    found, info = solver.getSolution(), solver.getInfo()
    has_whole = any(model.is_whole)
    prices = np.zeros(0) if has_whole else np.asarray(found.row_dual)
    reached = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if has_whole else _dual(model, prices, np.asarray(found.col_dual))
    return Answer(np.asarray(found.col_value), prices, reached, bound)


def _unbounded() -> Answer:
    raise StrategyError("The objective can fall without end: a column with a gain has neither a limit nor a row.")


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
