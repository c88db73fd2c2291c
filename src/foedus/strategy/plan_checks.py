"""What of an allocation's file can be wrong beyond types: sources, names, numbers; every problem with its place."""

from __future__ import annotations

from foedus.strategy.plan_file import ASSUMED, PlanFile


def problems_of(raw: PlanFile) -> list[str]:
    """Every problem of `raw`, each with its place, what was expected and what was found; empty when there is none."""
    return [*_sources(raw), *_gaps(raw), *_dimensions(raw), *_packages(raw), *_members(raw), *_numbers(raw)]


def _sources(raw: PlanFile) -> list[str]:
    """Entries whose source is neither "assumed" nor listed."""
    known = {s.id for s in raw.source} | {ASSUMED}
    return [
        f'{where}.source: "{e.source}" is no [[source]] here and not "assumed"; known: {", ".join(sorted(known))}'
        for where, e in raw.entries
        if e.source not in known
    ]


def _gaps(raw: PlanFile) -> list[str]:
    """Tables that are missing or exclude each other."""
    problems = []
    if bool(raw.treaty) == bool(raw.member):
        problems.append('member: give treaty = "...", whose members are taken from the record, or [[member]], not both')
    if not raw.package or not raw.threat or not raw.dimensions:
        problems.append("package, threat, dimensions: at least one of each")
    if any(t.attacker and t.target for t in raw.threat) and raw.arrival is None:
        problems.append("arrival: missing; a threat names attacker and target, so say how it is drawn who comes")
    return problems


def _dimensions(raw: PlanFile) -> list[str]:
    """Dimensions that the file does not declare."""
    used = [(f"package[{i}].yields", set(p.yields)) for i, p in enumerate(raw.package, 1)]
    used += [(f"threat[{i}].requirement", set(t.requirement)) for i, t in enumerate(raw.threat, 1)]
    used += [(f"threat[{i}].weight", set(t.weight)) for i, t in enumerate(raw.threat, 1) if isinstance(t.weight, dict)]
    used += [(f"synergy[{i}].dimension", {y.dimension}) for i, y in enumerate(raw.synergy, 1)]
    used += [(f"existing[{i}].dimension", {e.dimension}) for i, e in enumerate(raw.existing, 1)]
    known, says = set(raw.dimensions), ", ".join(raw.dimensions)
    return [f'{at}: no dimension "{d}"; known: {says}' for at, named in used for d in sorted(named - known)]


def _packages(raw: PlanFile) -> list[str]:
    """Packages that a synergy misses, and names given twice."""
    known = {p.name for p in raw.package}
    problems = [
        f'synergy[{i}].packages: no package "{p}"'
        for i, y in enumerate(raw.synergy, 1)
        for p in y.packages
        if p not in known
    ]
    for what, names in (("package", [p.name for p in raw.package]), ("threat", [t.name for t in raw.threat])):
        problems += [f'{what}: "{n}" is named twice' for n in sorted({n for n in names if names.count(n) > 1})]
    return problems


def _members(raw: PlanFile) -> list[str]:
    """Prices and holdings of members that are not there, or missing for those that are."""
    problems, codes = [], {m.state for m in raw.member}
    for i, p in enumerate(raw.package, 1):
        if isinstance(p.price, dict):
            problems += [f'package[{i}].price: none for member "{c}"' for c in sorted(codes - set(p.price))]
            problems += [] if codes else [f"package[{i}].price: one number, since the members come from a treaty"]
    for i, e in enumerate(raw.existing, 1):
        problems += [f'existing[{i}].held: no member "{c}"' for c in e.held if codes and c not in codes]
    return problems


def _numbers(raw: PlanFile) -> list[str]:
    """Numbers outside their range."""
    problems = []
    for i, t in enumerate(raw.threat, 1):
        problems += [
            f"threat[{i}].requirement.{d}: 0 or more, found {v:g}" for d, v in t.requirement.items() if not v >= 0
        ]
    for i, p in enumerate(raw.package, 1):
        problems += [
            f"package[{i}].reach.{place}: 0 to 1, found {v:g}" for place, v in p.reach.items() if not 0 <= v <= 1
        ]
    if raw.arrival and (raw.arrival.draws < 1 or not 0 <= raw.arrival.other <= 1 or raw.arrival.shock < 0):
        problems.append("arrival: draws is 1 or more, other lies between 0 and 1, shock is 0 or more")
    for name in ("total", "total_share_gdp", "cap_share_gdp", "floor_share_gdp", "band"):
        value = getattr(raw.budget, name)
        if value is not None and not value >= 0:
            problems.append(f"budget.{name}: 0 or more, found {value:g}")
    return problems
