"""Where a date or a figure comes from: the steps from what is shown back to a source.

Three words are used exactly. *observed*: a source says so. *derived*: our function of observed values. *assumed*: a
choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from foedus.errors import NotFound, UnknownFigure
from foedus.measure import gini, overlaps
from foedus.record import Record, Treaty
from foedus.record.names import plain
from foedus.record.schema import Entry
from foedus.record.spell import in_force
from foedus.view import words
from foedus.view.brief import burden
from foedus.view.brief.moment import Moment
from foedus.view.document import Citations
from foedus.view.trail import Step, cited, longest, unknown
from foedus.view.why_sign import SIGNS, of_sign
from foedus.view.why_state import of_state, spent

HEAD = ("signed", "in_force", "ended", "end_mode", "name", "kind")


def why(record: Record, asked: Sequence[str], day: date) -> list[Step]:
    """The trail of a figure or date named in words: a treaty or state first, then what about it.

    ("nato", "in_force"), ("nato", "sweden"), ("nato", "art5"), ("nato", "burden_share", "poland"),
    ("nato", "guidelines"), ("poland", "gdp_musd"), ("poland", "capital").
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
        return of_state(record, code, rest, day)
    if not rest:
        return _head(record, treaty, "signed") + _head(record, treaty, "in_force")
    return _of_treaty(record, treaty, rest, day)


def _of_treaty(record: Record, treaty: Treaty, asked: list[str], day: date) -> list[Step]:
    field, rest = longest(asked, [*HEAD, *_MEASURED, *_WHOLE, *SIGNS])
    if not field and len(asked) > 1 and asked[-1].lower().replace("-", "_") in _MEASURED:
        field, rest = asked[-1].lower().replace("-", "_"), asked[:-1]
    if field in _MEASURED:
        return _measure(record, treaty, field, rest, day)
    if field in SIGNS and not rest:
        return of_sign(record, treaty, field, day)
    if field and not rest:
        return _head(record, treaty, field) if field in HEAD else _whole(record, treaty, field, day)
    wanted = plain(" ".join(asked))
    for table, entry, names, says in _named(treaty):
        if wanted in {plain(n) for n in names}:
            return _entry(record, treaty, entry, table, names[0], says)
    try:
        code = record.state(" ".join(asked), day).code
    except NotFound:
        for table, entry, names, says in _named(treaty):
            if table in ("institution", "development") and f" {wanted} " in f" {plain(names[0])} ":
                return _entry(record, treaty, entry, table, names[0], says)
        known = [*HEAD, *_WHOLE, *_MEASURED, *(o.id for o in treaty.obligation)]
        raise unknown(
            " ".join(asked), known, f"Or a member or institution of {treaty.title}, or an indicator of foedus measure."
        ) from None
    return _membership(record, treaty, code)


def _named(treaty: Treaty) -> Iterator[tuple[str, Entry, tuple[str, ...], str]]:
    """Every entry that has a name of its own: its table, itself, its names, what it says."""
    for o in treaty.obligation:
        yield "obligation", o, (o.id, o.article, f"article {o.article}"), o.says
    for e in treaty.eligible:
        yield "eligible", e, ("eligible", e.article, f"article {e.article}"), e.says
    for a in treaty.area:
        yield "area", a, (a.id,), a.says
    for i in treaty.institution:
        yield "institution", i, (i.name,), f"{words.plain(i.kind)}, {words.span(i.since, i.until, i.precision)}"
    for d in treaty.development:
        yield "development", d, (d.name,), f"{words.day(d.day, d.precision.get('day'))}: {d.says or d.effect}"


def _whole(record: Record, treaty: Treaty, field: str, day: date) -> list[Step]:
    if field in ("parties", "members"):
        return _parties(record, treaty, day)
    steps = _overlaps(record, treaty, day) if field == "overlaps" else []
    steps = _guidelines(record, treaty, day) if field in ("guideline", "guidelines") else steps
    for table, entry, names, says in _named(treaty):
        if field in (table, f"{table}s"):
            steps += _entry(record, treaty, entry, table, names[0], says)
    if not steps:
        says = f"The record holds no {words.plain(field)} of {treaty.title} on {words.day(day)}."
        raise UnknownFigure(field, says=says)
    return steps


def _guidelines(record: Record, treaty: Treaty, day: date) -> list[Step]:
    steps: list[Step] = []
    for g in record.guidelines:
        if g.treaty == treaty.id and in_force(g.since, g.until, day):
            what = f"{treaty.title}, {g.name}, agreed {words.day(g.since)}: {g.value:g} {g.unit.replace('_', ' ')}"
            steps.append(Step("observed", what, g.text, f"record/data/guidelines.toml, {g.id}"))
            steps += cited(record, treaty, g.sources)
    return steps


def _overlaps(record: Record, treaty: Treaty, day: date) -> list[Step]:
    found = overlaps(record, treaty, day).to_dicts()
    what = f"{treaty.title}: {words.count(len(found), 'other treaty', 'other treaties')} with its members"
    head = Step(
        "derived",
        f"{what} on {words.day(day)}",
        "measure.overlaps: other treaties in force that day with at least one of its parties, universal ones left out",
    )
    each = [
        Step(
            "observed",
            f"{r['title']}: {r['n_shared']} members of both, {r['n_outsiders']} outsiders",
            "",
            record.origin.get(r["treaty"], ""),
            r["confidence"],
        )
        for r in found
    ]
    return [head, *each]


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
    return [head, *cited(record, treaty, treaty.sources)]


def _entry(
    record: Record, treaty: Treaty, entry: Entry, table: str, id_: str, says: str, shown: str = ""
) -> list[Step]:
    where = f"{record.origin.get(treaty.id, '')}, [[{table}]] {id_}"
    confidence = record.confidence(entry.source, entry.confidence, treaty)
    return [
        Step("observed", f"{treaty.title}, {shown or id_}: {says}", entry.note, where, confidence),
        *cited(record, treaty, entry.sources),
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
    if field == "milex" and rest:
        return spent(record, code)
    head = _measure_head(
        treaty, field, sums, row, burden.frame(record, m.parties)["milex_usd_per_soldier"].drop_nulls().to_list()
    )
    return [head, *spent(record, code)]


def _measure_head(
    treaty: Treaty, field: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]
) -> Step:
    over = f"over the {sums.n_known} of {sums.n_members} parties with expenditure and GDP of one year"
    what, how = _MEASURED[field](treaty.title, sums, row, per_soldier)
    return Step("derived", what, how.replace("OVER", over))


Said = tuple[str, str]
_WHOLE = (
    "parties",
    "members",
    "obligations",
    "eligible",
    "areas",
    "institutions",
    "developments",
    "overlaps",
    "guideline",
    "guidelines",
)


def _milex(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    total = f"{title}: {words.money(sums.milex_musd)}, {sums.years}"
    return total, "sum of milex_musd OVER; below, one member's"


def _burden_share(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    share = f"{row['name']}, share of the expenditure of {title}: {_share(row['burden_share'])}"
    return share, "measure.burden: milex_musd / sum of milex_musd OVER"


def _gdp_share(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    share = f"{row['name']}, share of the GDP of {title}: {_share(row['gdp_share'])}"
    return share, "measure.burden: gdp_musd / sum of gdp_musd OVER"


def _concentration(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    con = "not defined for one state" if sums.concentration is None else f"{sums.concentration:.4f}"
    formula = "measure.concentration: sqrt((HHI - 1/n) / (1 - 1/n)), Ray and Singer 1973"
    return f"{title}, concentration of expenditure (CON): {con}", f"{formula}, OVER; below, one member's"


def _effective(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    number = f"{title}, effective number of states: {sums.effective:.4f}"
    return number, "measure.effective_number: 1 / HHI OVER; below, one member's"


def _per_soldier(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    value = row["milex_usd_per_soldier"]
    said = f"{value:,.0f} USD per active soldier" if value else str(row["why_no_per_soldier"])
    return f"{row['name']}: {said}", "panel.figures: milex_musd x 1e6 / milper_active"


def _gini(title: str, sums: burden.Totals, row: dict[str, Any], per_soldier: list[float]) -> Said:
    found = gini(per_soldier)
    said = "not defined for fewer than two parties" if found is None else f"{found:.4f}"
    how = f"measure.gini over {len(per_soldier)} parties with expenditure and personnel; below, one member's"
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
