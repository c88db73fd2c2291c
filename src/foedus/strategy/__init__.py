"""Strategy: who should carry how much, what a joint budget should buy, and how ways to defend an alliance compare.

It imports measures, the casus engine and what is below them; probabilities of events come in as a file. Start
with `shares_of` (burden, ability, Shapley value, guidelines in money), `read_plan` and `analyse` (the two-stage
programme), `backtest` (a past plan judged by what came) and `compare` (doctrines). `docs/strategy.md` gives the
formulas, and how a sceptic could attack each answer.
"""

from foedus.strategy.analysis import Allocation, analyse, as_data, digest, example, shipped_answers
from foedus.strategy.backtest import Backtest, backtest
from foedus.strategy.coalition import Contest, Game, Listed, Power, Threshold
from foedus.strategy.doctrine_file import read_doctrines
from foedus.strategy.doctrines import COMPARED, Comparison, compare
from foedus.strategy.errors import GameError, Infeasible, PlanError, StrategyError, Unbounded
from foedus.strategy.money import MONEY, Aim, aims_asked
from foedus.strategy.nucleolus import Nucleolus, nucleolus
from foedus.strategy.plan import Package, Problem, Scenarios, Synergy, cvar, losses
from foedus.strategy.problem import problem_of
from foedus.strategy.programme import Plan, allocate
from foedus.strategy.shapley import Shapley, shapley
from foedus.strategy.shares import SHARES, Shares, shares_of
from foedus.strategy.stated import Stated, read_plan
from foedus.strategy.technology import provision

__all__ = [
    "COMPARED",
    "MONEY",
    "SHARES",
    "Aim",
    "Allocation",
    "Backtest",
    "Comparison",
    "Contest",
    "Game",
    "GameError",
    "Infeasible",
    "Listed",
    "Nucleolus",
    "Package",
    "Plan",
    "PlanError",
    "Power",
    "Problem",
    "Scenarios",
    "Shapley",
    "Shares",
    "Stated",
    "StrategyError",
    "Synergy",
    "Threshold",
    "Unbounded",
    "aims_asked",
    "allocate",
    "analyse",
    "as_data",
    "backtest",
    "compare",
    "cvar",
    "digest",
    "example",
    "losses",
    "nucleolus",
    "problem_of",
    "provision",
    "read_doctrines",
    "read_plan",
    "shapley",
    "shares_of",
    "shipped_answers",
]
