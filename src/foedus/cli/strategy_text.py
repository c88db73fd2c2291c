"""Answers of `foedus strategy` on the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foedus.cli.show_text import as_json, lines, table

if TYPE_CHECKING:
    from foedus.strategy import Comparison, Shares

NOT_KNOWN = "–"


def show_shares(found: Shares) -> None:
    """Print shares, tests and guidelines, and what all of it assumes."""
    years = found.frame["year"].drop_nulls().unique().sort().to_list()
    span = "-".join(str(y) for y in dict.fromkeys((years[0], years[-1])))
    columns = ("member", "bn USD", "% GDP", "burden", "GDP", "people", "border", "benefit", "fair", "excess", "bn USD")
    has_nucleolus = found.nucleolus is not None
    rows = []
    for r in found.frame.iter_rows(named=True):
        row = [r["name"], _n(r["milex_musd"], ",.1f", 1e-3), _n(r["milex_share_gdp"], ".2f")]
        parts = ("burden_share", "gdp_share", "population_share", "border_share", "benefit_share", "fair_share")
        row += [_n(r[c], ".1f", 100) for c in parts]
        row += [_n(r["excess_points"], "+.1f"), _n(r["excess_musd"], "+,.1f", 1e-3)]
        rows.append([*row, _n(r["nucleolus_share"], ".1f", 100)] if has_nucleolus else row)
    heads = (*columns, "nucleolus") if has_nucleolus else columns
    table(f"{found.title}: shares in per cent, {span}; {found.source}", heads, rows, right=range(1, len(heads)))
    lines(*_value(found), *_tests(found))
    _guidelines(found)
    _listed("Assumed", found.assumed)


def _value(found: Shares) -> list[str]:
    value = found.value
    how = "exact"
    if value.method == "sampled":
        how = (
            f"sampled from {value.n_pairs:,} pairs of orders: every value within {value.bound / value.whole:.2%} of the"
            f" whole with probability {value.confidence:.0%} (Hoeffding); largest 95 % half-width by the central limit"
            f" theorem {value.half_width.max() / value.whole:.3%}"
        )
    says = [f"Fair: Shapley value of {len(value.members)} members, {how}. Excess: burden less fair, points and money."]
    if found.nucleolus is not None:
        is_empty = found.nucleolus.core_is_empty
        core = "is empty: under every division some members would do better alone" if is_empty else "is not empty"
        kept = "" if found.nucleolus.keeps_own else " Together they are worth less than each alone: prenucleolus."
        says.append(f"Nucleolus: the core {core}.{kept}")
    left_out = found.frame.filter(found.frame["burden_share"].is_null())
    return says + [f"Left out: {r['name']} ({r['why']})." for r in left_out.iter_rows(named=True)]


def _tests(found: Shares) -> list[str]:
    says = []
    effect = found.size_effect
    if effect.rho is not None:
        interval = f", 95 % {effect.low:.2f} to {effect.high:.2f}" if effect.low is not None else ""
        says.append(
            f"Rank correlation of GDP with effort (% of GDP): {effect.rho:.2f}{interval}, n = {effect.n};"
            " above 0 would fit exploitation of the large by the small."
        )
    each = [f"{t.proxy} {t.test.p:.3f}" for t in found.tests if t.test.p is not None]
    if each:
        says.append(f"Burden against benefit, signed rank test, p by proxy: {'; '.join(each)}.")
    return says


def _guidelines(found: Shares) -> None:
    """Total and largest sums of each guideline in its last year."""
    import polars as pl

    if found.money.is_empty():
        lines("No guideline on shares of GDP was agreed; name some with --guideline 2,3.5.")
        return
    last = pl.col("year") == pl.col("year").max().over("guideline")
    at_last = found.money.filter(last)
    labels = at_last["guideline"].unique(maintain_order=True).to_list()
    by_member = {(r["state"], r["guideline"]): r for r in at_last.iter_rows(named=True)}
    heads = []
    for label in labels:
        r = at_last.filter(pl.col("guideline") == label).row(0, named=True)
        what = "more" if r["more_musd"] is not None else "all of it"
        heads.append(f"{r['percent']:g} % by {r['year']}, {what}")
    rows = []
    for name, state in found.frame.drop_nulls("burden_share").select("name", "state").rows():
        rows.append([name, *(_n(_sum(by_member[state, g]), ",.1f", 1e-3) for g in labels)])
    totals = [
        _n(sum(_sum(by_member[s, g]) for s in found.frame.drop_nulls("burden_share")["state"]), ",.1f", 1e-3)
        for g in labels
    ]
    rows.append(["all", *totals])
    table("What the guidelines mean, billion USD a year", ("member", *heads), rows, right=range(1, 1 + len(heads)))


def _sum(row: Mapping[str, Any]) -> float:
    return float(row["due_musd"] if row["more_musd"] is None else row["more_musd"])


def shares_json(found: Shares) -> None:
    """Print everything as JSON."""
    value = found.value
    as_json(
        {
            "treaty": found.treaty,
            "on": found.day,
            "source": found.source,
            "capability": found.capability,
            "members": found.frame.to_dicts(),
            "shapley": {
                "method": value.method,
                "whole": value.whole,
                "bound_of_whole": value.bound / value.whole,
                "confidence": value.confidence,
                "n_pairs": value.n_pairs,
            },
            "concordance": [{"proxy": t.proxy, "n": t.n, "n_far": t.n_far, "p": t.test.p} for t in found.tests],
            "size_effect": {"rho": found.size_effect.rho, "low": found.size_effect.low, "high": found.size_effect.high},
            "guidelines": found.money.to_dicts(),
            "assumed": found.assumed,
        }
    )


def show_allocation(data: Mapping[str, Any]) -> None:
    """Print a plan and what it is worth."""
    unit = data["money"]
    lines(
        f"{data['title']} ({data['on']}, {data['n_scenarios']} scenarios)",
        f"Spent: {data['spent']:,.2f} {unit}. Objective {data['objective']:.3f} (nothing bought:"
        f" {data['objective_if_nothing_is_bought']:.3f}; no plan is below {data['bound']:.3f}): mean loss"
        f" {data['mean_loss']:.3f}, mean of the worst {1 - data['tail']:.0%} {data['tail_loss']:.3f},"
        f" weighed {1 - data['risk_weight']:g} to {data['risk_weight']:g}.",
    )
    has_ranges = "least" in data["packages"][0]
    rows = [
        [p["package"], f"{p['money']:.2f}", *([f"{p['least']:.2f} to {p['most']:.2f}"] if has_ranges else [])]
        for p in data["packages"]
    ]
    heads = ("package", unit, *(["in plans as good (2 %)"] if has_ranges else []))
    table("What to buy", heads, rows, right=(1, 2))
    _payers(data)
    threats = [
        [t["threat"], f"{t['probability']:.1%}", _n(t["n_bound"], "d"), f"{t['need']:.1f}", f"{t['loss']:.2f}"]
        for t in data["threats"]
    ]
    table("Threats under the plan", ("threat", "a year", "bound", "weighted need", "loss"), threats, right=(1, 2, 3, 4))
    prices = [[p["constraint"], f"{p['worth']:.4f}"] for p in data["prices"][:12]]
    if prices:
        table(
            f"What one {unit.removesuffix('s')} more would buy, in objective", ("relaxed", "saved"), prices, right=(1,)
        )
    _beside(data)
    _listed("Assumed", data["assumptions"])


def _payers(data: Mapping[str, Any]) -> None:
    has_out = "loss_if_it_stays_out" in data["members"][0]
    rows = [
        [
            m["name"],
            f"{m['pays']:.2f}",
            f"{m['share']:.1%}",
            f"{m['fair_share']:.1%}",
            *([f"{m['loss_if_it_stays_out']:.3f}"] if has_out else []),
        ]
        for m in data["members"]
    ]
    heads = ["member", data["money"], "share", "fair share", *(["lost if it stays out"] if has_out else [])]
    table("Who pays, in the plan as good whose payments are nearest to fair shares", heads, rows, right=(1, 2, 3, 4))


def _beside(data: Mapping[str, Any]) -> None:
    """Foresight, planning together, regret, other numbers, other draws."""
    if "foresight" in data:
        f = data["foresight"]
        lines(
            f"Knowing the scenario first would save {f['evpi']:.3f} of the mean loss at most (EVPI); planning for"
            f" scenarios rather than their average saves {f['vss']:.3f} (VSS)."
        )
    if "together" in data:
        t = data["together"]
        lines(
            f"Planned together: {t['joint']:.3f}. The same money planned by each as if nobody else came, put together:"
            f" {t['apart']:.3f}."
        )
    if "strategies" in data:
        rows = [
            [s["name"], *(f"{s[k]:.3f}" for k in ("mean", "tail", "regret")), s["regret_at"]]
            for s in data["strategies"]
        ]
        table("Strategies", ("strategy", "mean loss", "worst cases", "largest regret", "at"), rows, right=(1, 2, 3))
    if "shifts" in data:
        rows = [[s["changed"], f"{s['moved']:.0%}", s["top"]] for s in data["shifts"][:10]]
        table("If one number were another", ("changed", "money that moves", "most goes to"), rows, right=(1,))
    if "gap" in data:
        g = data["gap"]
        lines(
            f"Under new draws of who comes: {g['fresh']:.3f} (seen {g['seen']:.3f}); above the best possible by"
            f" {g['low']:.3f} to {g['high']:.3f} (95 %, {g['replications']} replications)."
        )


def show_doctrines(found: Comparison) -> None:
    """Print the comparison as one table, then what it rests on."""
    from foedus.strategy.doctrines import FINDINGS

    cell = {(r["doctrine"], r["finding"]): r for r in found.frame.iter_rows(named=True)}
    form = {"held": ".2f", "nuclear": ".2f", "cost_bn": ",.0f"}
    rows = []
    for d in found.doctrines:
        rows.append([d.name, *(_interval(cell[d.name, f], form.get(f, ".1f")) for f in FINDINGS)])
    heads = (
        "doctrine",
        "bound",
        "answer, days",
        "owe forces",
        "come",
        "first forces, days",
        "prevail",
        "in peace, bn USD",
        "nuclear both",
    )
    title = (
        f"{found.title}, {found.day}: median (90 % interval) of means over {len(found.events)} attacker-target pairs"
    )
    table(title, heads, rows)
    shown = "; ".join(f"{head}: {FINDINGS[f]}" for head, f in zip(heads[1:], FINDINGS, strict=True))
    lines(f"{shown}.", f"Pairs: {', '.join(f'{a} on {t}' for a, t in found.events)}.")
    lines(*(f"Left out: {name} ({why})." for name, why in found.left_out.items()))
    _listed("Cost once used", _used(found))
    _listed("Assumed", found.assumed)


def _used(found: Comparison) -> list[str]:
    """What a doctrine costs once it is used, as far as an estimate was published."""
    known = [f"{d.name}: {d.cost_when_used} ({d.used_source})" for d in found.doctrines if d.cost_when_used]
    rest = [d.name for d in found.doctrines if not d.cost_when_used]
    return [*known, f"not known: {', '.join(rest)}"] if rest else known


def _interval(row: Mapping[str, Any], form: str) -> str:
    if row["median"] is None:
        return NOT_KNOWN
    low, middle, high = (format(row[k], form) for k in ("low", "median", "high"))
    return middle if low == high else f"{middle} ({low}-{high})"


def doctrines_json(found: Comparison) -> None:
    """Print the comparison as JSON."""
    as_json(
        {
            "treaty": found.treaty,
            "on": found.day,
            "pairs": found.events,
            "left_out": found.left_out,
            "findings": found.frame.to_dicts(),
            "cost_once_used": {d.name: d.cost_when_used or None for d in found.doctrines},
            "assumed": found.assumed,
        }
    )


def _listed(title: str, texts: Sequence[str]) -> None:
    lines(f"{title}:", *(f"- {t}" for t in texts))


def _n(value: Any, form: str, scale: float = 1) -> str:
    """A number in a cell; a dash where it is not known."""
    if value is None:
        return NOT_KNOWN
    return format(value if scale == 1 else value * scale, form)
