"""A back-test of an allocation on the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from foedus.cli.show_text import as_json, lines, table

if TYPE_CHECKING:
    from foedus.strategy.backtest import Backtest


def show_backtest(found: Backtest) -> None:
    """Print what was expected and came, what was planned, and how the plan stood up."""
    before, after = ("-".join(map(str, span)) for span in (found.before, found.after))
    rows = [
        [c.threat, _years(c.years_before), f"{c.before:.1%}", _years(c.years_after), f"{c.after:.1%}"]
        for c in found.chances
    ]
    heads = ("threat", f"years with it, {before}", "so a year", f"years with it, {after}", "so a year")
    table(f"{found.title}: what was seen, and what came", heads, rows, right=(2, 4))
    spent = sorted(found.packages.items(), key=lambda p: -p[1][0])
    planned = f"planned in {found.before[1]}"
    bought = [[name, f"{then:.2f}", f"{later:.2f}"] for name, (then, later) in spent]
    table(f"What to buy, {found.money}", ("package", planned, "with hindsight"), bought, right=(1, 2))
    judged = [[p.name, f"{p.objective:.2f}", f"{p.mean:.2f}", f"{p.tail:.2f}"] for p in found.plans]
    table(f"Under what came {after}", ("plan", "objective", "mean loss", "worst cases"), judged, right=(1, 2, 3))
    best, mine = found.plans[0].objective, found.plans[1].objective
    lines(
        f"Hindsight moves {found.moved:.0%} of the money and lowers the objective by {mine - best:.2f}"
        f" ({(mine - best) / best:.1%}).",
        "Counted:",
        *(f"- {c.threat}: {c.counts}" for c in found.chances),
        "Assumed:",
        "- A threat's probability is (years with it + 1/2) / (years + 1), all in proportion where they sum to above 1.",
        "- Every counted event weighs the same; most were incidents far smaller than what the file prepares for.",
        "- Needs, yields and prices are those of the file, before and after: only probabilities are tested.",
        f"- GDP and expenditure of {found.before[1]} as the data sets give them now: {found.figures}.",
    )


def _years(years: Sequence[int]) -> str:
    return ", ".join(map(str, years)) or "none"


def backtest_json(found: Backtest) -> None:
    """Print the back-test as JSON."""
    as_json(asdict(found))
