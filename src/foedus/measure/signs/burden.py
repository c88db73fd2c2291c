"""Who carries how much, against what each has, and against what was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.measure.cinc import shares
from foedus.measure.concordance import concordance
from foedus.measure.rank import rank_correlation
from foedus.measure.signs.moment import Moment, Reading, missing
from foedus.record.spell import in_force

_PARTS = ("top_share", "gdp_rho", "gdp_rho_low", "gdp_rho_high", "concordance_p", "n_far")
FACTBOOK = "The World Factbook, in the record"


def readings(moment: Moment) -> Iterator[Reading]:
    """burden_* from SIPRI and the World Bank, guideline_* from the record's guidelines."""
    year, evidence = moment.year, moment.evidence
    money = [evidence.milex.get((s, year), (None, None))[0] for s in moment.members]
    share = [evidence.milex.get((s, year), (None, None))[1] for s in moment.members]
    source = evidence.cited("sipri_milex")
    if sum(v is not None for v in money) < 2:
        why = evidence.why.get("sipri_milex") or f"fewer than two members with military expenditure in {year}"
        yield from (Reading(f"burden_{p}", None, source, why) for p in _PARTS)
    else:
        yield from _carried(moment, money, share, source)
    yield from _guideline(moment, {s: v for s, v in zip(moment.members, share, strict=True) if v is not None})


def _carried(moment: Moment, money: list[float | None], share: list[float | None], source: str) -> Iterator[Reading]:
    evidence, year = moment.evidence, moment.year
    parts = shares(money)
    known = {s: v for s, v in zip(moment.members, parts, strict=True) if v is not None}
    note = missing(len(known), len(moment.members))
    if known:
        top = max(known, key=known.__getitem__)
        yield Reading("burden_top_share", known[top], source, "; ".join(t for t in (top, note) if t))
    else:
        yield Reading("burden_top_share", None, source, "no member spends anything")
    gdp = [evidence.gdp.get((s, year)) for s in moment.members]
    people = [evidence.people.get((s, year)) for s in moment.members]
    both = f"{source}; {evidence.cited('wb_gdp')}"
    found = rank_correlation(gdp, share, draws=200)
    why = evidence.why.get("wb_gdp") or found.why or "fewer than five members, or a perfect order"
    note = f"n = {found.n}" + (f", p = {found.p:.3f}" if found.p is not None else "")
    for name, value in (("gdp_rho", found.rho), ("gdp_rho_low", found.low), ("gdp_rho_high", found.high)):
        yield Reading(f"burden_{name}", value, both, note if value is not None else why)
    tests = concordance(parts, {"gdp": shares(gdp), "population": shares(people)})
    test = next((t for t in tests if " + " in t.proxy), None)
    if test is None or test.test.p is None:
        why = evidence.why.get("wb_gdp") or evidence.why.get("wb_population") or "no benefit known for two members"
        yield from (Reading(f"burden_{p}", None, both, why) for p in _PARTS[4:])
        return
    yield Reading("burden_concordance_p", test.test.p, both, f"benefit: {test.proxy}; n = {test.n}")
    yield Reading("burden_n_far", test.n_far, both, f"benefit: {test.proxy}; n = {test.n}")


def _guideline(moment: Moment, sipri: Mapping[str, float]) -> Iterator[Reading]:
    record = moment.evidence.record
    agreed = [
        g
        for g in record.guidelines
        if g.treaty == moment.treaty.id and g.indicator == "milex_share_gdp" and in_force(g.since, g.until, moment.day)
    ]
    if not agreed:
        yield from _no_guideline("record", "no spending guideline in force")
        return
    share, source = sipri, moment.evidence.cited("sipri_milex")
    if not sipri:  # never both in one year: the two do not count the same
        own = {s: record.figure(s, "milex_share_gdp", moment.year) for s in moment.members}
        share, source = {s: f.value for s, f in own.items() if f}, FACTBOOK
    if not share:
        yield from _no_guideline(source, f"no shares of GDP for {moment.year}")
        return
    goal = max(g.value for g in agreed)
    text = f"guideline {goal:g} % of GDP"
    note = "; ".join(t for t in (text, missing(len(share), len(moment.members))) if t)
    yield Reading("guideline_reached", sum(v >= goal for v in share.values()) / len(share), source, note)
    yield Reading("guideline_gap", sum(max(0.0, goal - v) for v in share.values()) / len(share), source, note)


def _no_guideline(source: str, why: str) -> Iterator[Reading]:
    yield Reading("guideline_reached", None, source, why)
    yield Reading("guideline_gap", None, source, why)
