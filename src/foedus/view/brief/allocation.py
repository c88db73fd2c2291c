"""What a joint budget should buy: the worked allocation that ships for a treaty, as it was solved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from foedus.strategy import shipped_answers
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.fairness import packages_chart

TITLE = "What a joint budget should buy"
SHOWN = 3


@cache
def _answers() -> Mapping[str, Mapping[str, Any]]:
    return shipped_answers()


def sections(m: Moment) -> list[Section]:
    """One section for a treaty that has a worked allocation and whose figures describe the day; else none."""
    file = next((f for f, a in _answers().items() if a["treaty"] == m.treaty.id), None)
    if file is None or not m.figures_reach():
        return []
    return [Section("allocation", TITLE, tuple(_blocks(file, _answers()[file])))]


def _blocks(file: str, a: Mapping[str, Any]) -> list[Block]:
    unit = a["money"]
    return [
        Text((_lead(a), _soft(a))),
        Picture(
            "packages",
            f"The plan for {a['budget']:,.0f} {unit} a year",
            "Money for each package: " + "; ".join(f"{p['package']} {p['money']:.1f}" for p in a["packages"]) + ".",
            lambda width: packages_chart(a["packages"], unit, width),
            note=f"Line: what the package gets in any plan within 2% of the best. Solved as of {a['on']}.",
        ),
        _prices(a),
        Text(
            (f"{' '.join(a['assumptions'])} The numbers can be edited: foedus strategy allocate {file}.",), quiet=True
        ),
    ]


def _lead(a: Mapping[str, Any]) -> str:
    top = "; ".join(f"{p['package']} ({p['money']:.1f})" for p in a["packages"][:SHOWN])
    together = a["together"]
    return (
        f"A worked example, not a forecast: needs, yields and probabilities in it are assumptions. Of {a['spent']:,.1f}"
        f" {a['money']} a year most goes to: {top}. The plan lowers the loss, counted as its mean and its"
        f" worst tenth alike, from {a['objective_if_nothing_is_bought']:.1f} to {a['objective']:.1f}; the same money"
        f" planned by each member for itself leaves {together['apart']:.1f}."
    )


def _soft(a: Mapping[str, Any]) -> str:
    firm = [p["package"] for p in a["packages"] if p["least"] > p["money"] / 2 > 0]
    shift = a["shifts"][0]
    gap = a.get("gap")
    drawn = (
        f" New draws of who comes put the plan {gap['low']:.2f} to {gap['high']:.2f} above the best possible (95%)."
        if gap
        else ""
    )
    keeps = f"Every plan nearly as good gives at least half as much to: {'; '.join(firm)}." if firm else ""
    return (
        f"{keeps} The input that matters most: {shift['changed']} moves {shift['moved']:.0%} of the money, most of it"
        f" then going to {shift['top']}.{drawn}"
    ).strip()


def _prices(a: Mapping[str, Any]) -> Table:
    rows = tuple((words.sentence(p["constraint"])[:-1], f"{p['worth']:.3f}") for p in a["prices"][:6])
    return Table(
        f"What one {a['money']} more would buy",
        ("Constraint relaxed", "Loss saved"),
        rows,
        align="lr",
        note="Shadow prices at the plan. Those of single members depend on which draws they are in.",
        folded=True,
    )
