"""Where a date or a figure comes from: the steps from what is shown back to a source.

Three words are used exactly. *observed*: a source says so. *derived*: our function of observed values. *assumed*: a
choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from foedus.errors import NotFound, UnknownFigure
from foedus.measure import gini
from foedus.panel.figures import spending
from foedus.record import Record, Treaty
from foedus.record.names import plain
from foedus.record.schema import Entry
from foedus.record.tables import Figure
from foedus.view import words
from foedus.view.brief import burden
from foedus.view.brief.moment import Moment
from foedus.view.document import Citations
from foedus.view.page import source_line


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail.

    what : the value or fact. how : function and formula, or the source. where : file and entry, or address.
    """

    kind: Literal["observed", "derived", "assumed"]
    what: str
    how: str
    where: str = ""
    confidence: str = ""


HEAD = ("signed", "in_force", "ended", "end_mode", "name", "kind")


def why(record: Record, asked: Sequence[str], day: date) -> list[Step]:
    """The trail of a figure or date named in words: a treaty or state first, then what about it.

    ("nato", "in_force"), ("nato", "sweden"), ("nato", "art5"), ("nato", "burden_share", "poland"),
    ("poland", "gdp_musd").
    Raises UnknownTreaty, UnknownState or UnknownFigure with what can be asked.
    """
    subject, rest = asked[0], [a for a in asked[1:] if a]
    try:
        treaty = record.treaty(subject)
    except NotFound as not_a_treaty:
        try:
            code = record.state(subject, day).code
        except NotFound:
            raise not_a_treaty from None
        return _state_figure(record, code, rest)
    if not rest:
        return _head(record, treaty, "signed") + _head(record, treaty, "in_force")
    return _of_treaty(record, treaty, rest, day)


def _of_treaty(record: Record, treaty: Treaty, rest: list[str], day: date) -> list[Step]:
    field = rest[0].lower().replace("-", "_")
    if field in HEAD:
        return _head(record, treaty, field)
    if field in _MEASURED:
        return _measure(record, treaty, field, rest[1:], day)
    if field in ("parties", "members"):
        return _parties(record, treaty, day)
    if field == "obligations":
        return [s for o in treaty.obligation for s in _entry(record, treaty, o, "obligation", o.id, o.says)]
    for table in ("obligation", "area"):
        for entry in getattr(treaty, table):
            names = {
                plain(entry.id),
                plain(getattr(entry, "article", entry.id)),
                plain(f"article {getattr(entry, 'article', '')}"),
            }
            if plain(" ".join(rest)) in names:
                return _entry(record, treaty, entry, table, entry.id, entry.says)
    try:
        code = record.state(" ".join(rest), day).code
    except NotFound:
        known = [*HEAD, "parties", "obligations", *_MEASURED, *(o.id for o in treaty.obligation)]
        raise UnknownFigure(" ".join(rest), known[:24], f"Or name a member of {treaty.title}.") from None
    return _membership(record, treaty, code)


def _head(record: Record, treaty: Treaty, field: str) -> list[Step]:
    value = getattr(treaty, field)
    shown = words.day(value, treaty.precision.get(field)) if isinstance(value, date) else str(value or "not given")
    confidence = record.confidence(treaty.according_to, treaty.confidence, treaty)
    head = Step(
        "observed",
        f"{treaty.title}, {words.plain(field)}: {shown}",
        treaty.note,
        record.origin.get(treaty.id, ""),
        confidence,
    )
    return [head, *_sources(record, treaty, treaty.sources)]


def _entry(
    record: Record, treaty: Treaty, entry: Entry, table: str, id_: str, says: str, shown: str = ""
) -> list[Step]:
    where = f"{record.origin.get(treaty.id, '')}, [[{table}]] {id_}"
    confidence = record.confidence(entry.source, entry.confidence, treaty)
    return [
        Step("observed", f"{treaty.title}, {shown or id_}: {says}", entry.note, where, confidence),
        *_sources(record, treaty, entry.sources),
    ]


def _membership(record: Record, treaty: Treaty, code: str) -> list[Step]:
    spells = [m for m in treaty.member if m.state == code]
    if not spells:
        raise UnknownFigure(
            record.state_name(code),
            [record.state_name(s) for s in sorted({m.state for m in treaty.member})][:12],
            f"It was never a member of {treaty.title}.",
        )
    steps: list[Step] = []
    for m in spells:
        until = f" until {words.day(m.until, m.precision.get('until'))}" if m.until else ""
        since = words.day(m.since, m.precision.get("since"))
        says = f"{words.plain(m.role)} since {since}{until}, by {words.plain(m.how)}"
        steps += _entry(record, treaty, m, "member", code, says, shown=record.state_name(code, m.since))
    return steps


def _parties(record: Record, treaty: Treaty, day: date) -> list[Step]:
    n = len(treaty.members_on(day))
    head = Step(
        "derived",
        f"{treaty.title}: {n} parties on {words.day(day)}",
        "Treaty.members_on: membership spells [since, until) that cover the day, of role party",
        record.origin.get(treaty.id, ""),
    )
    return [head, *(s for m in treaty.member if m.on(day) for s in _membership(record, treaty, m.state)[:1])]


def _sources(record: Record, treaty: Treaty | None, ids: Sequence[str]) -> list[Step]:
    found = [record.source(i, treaty) for i in ids]
    return [Step("observed", f"source: {s.id}", source_line(s), s.url, s.status) for s in found if s]


def _state_figure(record: Record, code: str, rest: list[str]) -> list[Step]:
    own = record.figures_of(code)
    known = sorted({f.indicator for f in own})
    if not rest:
        raise UnknownFigure("(nothing)", known, f"Name a figure of {record.state_name(code)} after it.")
    field = rest[0].lower().replace("-", "_")
    if field in ("milex", "milex_musd"):
        return _spending(record, code)
    rows = [f for f in own if f.indicator == field and (len(rest) == 1 or rest[1] == str(f.year))]
    if not rows:
        raise UnknownFigure(" ".join(rest), [*known, "milex_musd"], f"Figures of {record.state_name(code)}.")
    return [s for f in rows for s in _figure(record, f)]


def _figure(record: Record, f: Figure) -> list[Step]:
    what = (
        f"{record.state_name(f.state)}, {f.indicator}{f' {f.year}' if f.year else ''}: {f.value:,.10g}"
        f" {f.unit.replace('_', ' ')} ({f.quality})"
    )
    return [
        Step("observed", what, f.note, f"record/data/figures.csv, {f.state},{f.indicator},{f.year or ''}"),
        *_sources(record, None, f.sources),
    ]


def _spending(record: Record, code: str) -> list[Step]:
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


def _measure(record: Record, treaty: Treaty, field: str, rest: list[str], day: date) -> list[Step]:
    m = Moment(record, treaty, day, Citations(record, treaty))
    sums = burden.totals(m)
    if sums is None:
        raise UnknownFigure(
            field,
            (),
            f"{treaty.title} has no such figure on {words.day(day)}: it is not in force then, or figures do"
            " not reach that day.",
        )
    rows: list[dict[str, Any]] = burden.frame(record, m.parties).to_dicts()
    code = record.state(" ".join(rest), day).code if rest else sums.top_state
    row = next((r for r in rows if r["state"] == code), None)
    if row is None:
        raise UnknownFigure(
            " ".join(rest), (), f"{record.state_name(code)} is no party of {treaty.title} on {words.day(day)}."
        )
    head = _measure_head(
        treaty, field, sums, row, burden.frame(record, m.parties)["milex_usd_per_soldier"].drop_nulls().to_list()
    )
    return [head, *_spending(record, code)]


def _measure_head(
    treaty: Treaty, field: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]
) -> Step:
    over = f"over the {sums.n_known} of {sums.n_members} parties with expenditure and GDP of one year"
    what, how = _MEASURED[field](treaty.title, sums, row, per_soldier)
    return Step("derived", what, how.replace("OVER", over))


Said = tuple[str, str]


def _milex(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    total = f"{title}: {words.money(sums.milex_musd)}, {sums.years}"
    return total, "sum of milex_musd OVER; below, the largest member's"


def _burden_share(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    share = f"{row['name']}, share of the expenditure of {title}: {_share(row['burden_share'])}"
    return share, "measure.burden: milex_musd / sum of milex_musd OVER"


def _gdp_share(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    share = f"{row['name']}, share of the GDP of {title}: {_share(row['gdp_share'])}"
    return share, "measure.burden: gdp_musd / sum of gdp_musd OVER"


def _concentration(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    con = "not defined for one state" if sums.concentration is None else f"{sums.concentration:.4f}"
    formula = "measure.concentration: sqrt((HHI - 1/n) / (1 - 1/n)), Ray and Singer 1973"
    return f"{title}, concentration of expenditure (CON): {con}", f"{formula}, OVER; below, the largest member's"


def _effective(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    number = f"{title}, effective number of states: {sums.effective:.4f}"
    return number, "measure.effective_number: 1 / HHI OVER; below, the largest member's"


def _per_soldier(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    value = row["milex_usd_per_soldier"]
    said = f"{value:,.0f} USD per active soldier" if value else str(row["why_no_per_soldier"])
    return f"{row['name']}: {said}", "panel.figures: milex_musd x 1e6 / milper_active"


def _gini(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    found = gini(per_soldier)
    said = "not defined for fewer than two parties" if found is None else f"{found:.4f}"
    how = f"measure.gini over {len(per_soldier)} parties with expenditure and personnel; below, the largest member's"
    return f"{title}, Gini coefficient of expenditure per soldier: {said}", how


_MEASURED: dict[str, Callable[[str, burden.Totals, dict[str, Any], list[float]], Said]] = {
    "milex": _milex,
    "burden_share": _burden_share,
    "gdp_share": _gdp_share,
    "concentration": _concentration,
    "effective_number": _effective,
    "milex_usd_per_soldier": _per_soldier,
    "gini": _gini,
}


def _share(value: float | None) -> str:
    return "not known" if value is None else f"{value * 100:.2f}%"
