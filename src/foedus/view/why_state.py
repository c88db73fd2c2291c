"""Where a fact about a state comes from: figures, time in the system, capital, nuclear status, borders, regime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from foedus.errors import UnknownFigure
from foedus.panel.figures import spending
from foedus.record import Record
from foedus.record.tables import Figure, Row
from foedus.view import words
from foedus.view.trail import Step, cited, longest, unknown

OTHER_WORDS = {
    "gdp": "gdp_musd",
    "military_expenditure": "milex_musd",
    "milex": "milex_musd",
    "personnel": "milper_active",
    "soldiers": "milper_active",
    "area": "area_km2",
}
Fact = tuple[Row, str, str]  # the row, what it says, its file


def of_state(record: Record, code: str, rest: list[str], day: date) -> list[Step]:
    """The trail of a figure or fact of a state; without one, of its time in the inter-state system.

    Raises UnknownFigure with what can be asked.
    """
    name = record.state_name(code)
    own = record.figures_of(code)
    known = [*sorted({f.indicator for f in own} | {"milex_musd"}), *FACTS]
    field, more = longest(rest, [*known, *OTHER_WORDS]) if rest else ("system", [])
    field = OTHER_WORDS.get(field, field)
    if field == "milex_musd":
        return spent(record, code)
    if field in FACTS and not more:
        facts = FACTS[field](record, code, day)
        if not facts:
            raise UnknownFigure(field, says=f"The record holds nothing on {name}: {field}.")
        return [s for fact in facts for s in _fact(record, name, fact)]
    rows = [f for f in own if f.indicator == field and (not more or more == [str(f.year)])]
    if not rows:
        raise unknown(" ".join(rest), known, f"Name a figure of {name}.")
    return [s for f in rows for s in _figure(record, f)]


def spent(record: Record, code: str) -> list[Step]:
    """The trail of a state's military expenditure of the latest year with share and GDP. Raises UnknownFigure."""
    found = spending(record, code)
    if found is None:
        raise UnknownFigure(
            "milex_musd", (), f"The record has no year with both expenditure and GDP of {record.state_name(code)}."
        )
    year, milex, _ = found
    head = Step(
        "derived",
        f"{record.state_name(code)}, military expenditure {year}: {words.money(milex)}",
        "panel.figures.spending: milex_share_gdp / 100 x gdp_musd, both of that year",
    )
    parts = [record.figure(code, "milex_share_gdp", year), record.figure(code, "gdp_musd", year)]
    return [head, *(s for f in parts if f for s in _figure(record, f))]


def _figure(record: Record, f: Figure) -> list[Step]:
    what = (
        f"{record.state_name(f.state)}, {f.indicator}{f' {f.year}' if f.year else ''}: {f.value:,.10g}"
        f" {f.unit.replace('_', ' ')} ({f.quality})"
    )
    return [
        Step("observed", what, f.note, f"record/data/figures.csv, {f.state},{f.indicator},{f.year or ''}"),
        *cited(record, None, f.sources),
    ]


def _fact(record: Record, name: str, fact: Fact) -> list[Step]:
    row, says, file = fact
    return [Step("observed", f"{name}, {says}", row.note, f"record/data/{file}"), *cited(record, None, row.sources)]


def _system(record: Record, code: str, day: date) -> list[Fact]:
    return [
        (s, f"member of the inter-state system {words.span(s.since, s.until)}", f"state_spells.csv, {code}")
        for s in record.spells
        if s.code == code
    ]


def _capital(record: Record, code: str, day: date) -> list[Fact]:
    found = record.capital(code, day)
    if found is None:
        return []
    place = f"{found.capital} ({found.lat:g}, {found.lon:g})"
    return [(found, f"capital {words.span(found.since, found.until)}".rstrip() + f": {place}", f"capitals.csv, {code}")]


def _nuclear(record: Record, code: str, day: date) -> list[Fact]:
    return [
        (n, f"nuclear status {words.span(n.since, n.until)}: {words.plain(n.status)}", f"nuclear.csv, {code}")
        for n in record.nuclear
        if n.state == code
    ]


def _neutrality(record: Record, code: str, day: date) -> list[Fact]:
    return [
        (n, f"neutral by {n.kind} {words.span(n.since, n.until)}: {n.says}", f"neutrality.csv, {code}")
        for n in record.neutralities
        if n.state == code
    ]


def _borders(record: Record, code: str, day: date) -> list[Fact]:
    return [
        (
            b,
            f"land border with {record.state_name(b.b if b.a == code else b.a)}: {b.km:g} km",
            f"borders.csv, {b.a},{b.b}",
        )
        for b in record.borders
        if code in (b.a, b.b)
    ]


def _regime(record: Record, code: str, day: date) -> list[Fact]:
    return [
        (r, f"regime {r.first_year}-{r.last_year or 'today'}: {words.plain(r.regime)}", f"regimes.csv, {code}")
        for r in record.regimes
        if r.state == code and r.first_year <= day.year <= (r.last_year or day.year)
    ]


FACTS: dict[str, Callable[[Record, str, date], list[Fact]]] = {
    "system": _system,
    "capital": _capital,
    "nuclear": _nuclear,
    "neutrality": _neutrality,
    "borders": _borders,
    "regime": _regime,
}
