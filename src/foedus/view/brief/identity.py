"""What the treaty is, in one computed paragraph, and its key figures."""

from __future__ import annotations

from datetime import date

from foedus.measure import overlaps
from foedus.view import words
from foedus.view.brief.burden import totals
from foedus.view.brief.moment import Moment
from foedus.view.document import KeyFigure, KeyFigures, Section, Text

_SORTS = {
    "defence": "a defence pact",
    "guarantee": "a treaty of guarantee",
    "offence": "an offensive alliance",
    "internal_order": "a pact on internal order",
    "neutrality": "a neutrality pact",
    "non_aggression": "a non-aggression pact",
    "consultation": "a consultation pact",
}


def section(m: Moment) -> Section:
    """The opening section."""
    sentences = [_what(m), _begin_and_end(m), _membership(m), _core(m), _burden(m), _ties(m), _trust(m)]
    text = " ".join(s for s in sentences if s)
    return Section("what-it-is", "What it is", (Text((text,)), KeyFigures(tuple(_key_figures(m)))))


def sort_of(m: Moment) -> str:
    """The kind of alliance in the field's words, by its strongest pledge on the reference day."""
    pledges = m.record.pledges(m.treaty, m.reference)
    sort = next((s for p, s in _SORTS.items() if p in pledges), "an arrangement that creates no duty to act")
    if m.treaty.kind == "informal":
        return "an informal grouping" + ("" if pledges else " without treaty or duty to act")
    if m.treaty.kind == "unilateral":
        return "a unilateral undertaking"
    return sort


def _what(m: Moment) -> str:
    t, n = m.treaty, len(m.parties)
    full = f" ({t.name})" if t.short and t.short != t.name else ""
    verb = "is" if m.is_alive or not t.ended or t.ended > m.day else "was"
    layer = {"secret": "secret, ", "partly_secret": "partly secret, ", "unpublished": "its text unpublished, "}.get(
        t.text, ""
    )
    asymmetric = sorted({x.state for x in t.member if x.role == "protected" and x.on(m.reference)})
    more = f", with {words.listed([m.name(s) for s in asymmetric], 4)} in another role" if asymmetric else ""
    who = "of one state" if n == 1 else f"of {n} states"
    return f"{t.title}{full} {verb} {sort_of(m)} {who}{more}{', ' + layer.rstrip(', ') if layer else ''}.{m.cite.mark(t.sources)}"


def _begin_and_end(m: Moment) -> str:
    t, p = m.treaty, m.treaty.precision
    began = (
        f"It was {'announced' if t.kind in ('informal', 'unilateral') else 'signed'} {_when(t.signed, p.get('signed'))}"
    )
    if t.in_force is None:
        return began + " and, as far as the record knows, has not come into force."
    if p.get("in_force") == "signature_used":
        began += "; the day of its entry into force is not recorded, so the day of signature stands for it"
    elif t.in_force == t.signed:
        began += " and took effect that day"
    else:
        began += f" and came into force {_when(t.in_force, p.get('in_force'))}"
    if t.ended and t.ended <= m.day:
        how = {"defeat": "in defeat", "state_ended": "when a party ceased to exist"}.get(
            t.end_mode or "", f"({words.plain(t.end_mode or 'ended')})"
        )
        conduct = ", by conduct rather than by law" if p.get("ended") == "by_conduct" else ""
        return f"{began}; it ended {_when(t.ended, p.get('ended'))} {how}{conduct}."
    if m.day < t.in_force:
        return f"{began}; on {words.day(m.day)} it was not yet in force."
    return began + "."


def _when(day: date, precision: str | None) -> str:
    """ "on 4 April 1949", "in April 1949", "about April 1949"."""
    said = words.day(day, precision)
    return said if said.startswith("about") else f"in {said}" if precision in ("month", "year") else f"on {said}"


def _membership(m: Moment) -> str:
    t = m.treaty
    founders = [s for s in m.spells if s.how == "founding"]
    joined = [s for s in m.spells if s.how in ("accession", "readmission", "ratification")]
    left = [
        s
        for s in m.spells
        if s.until and s.until <= m.day and s.until != t.ended and s.how_left not in ("succession", "unification")
    ]
    when = f"On {words.day(m.reference)}" if m.is_alive else "At its end" if t.ended and t.ended <= m.day else "By then"
    parts = [
        f"{when} its {'party is' if len(m.parties) == 1 else 'parties are'} {words.listed([m.name(s) for s in m.parties], 8)}"
    ]
    if joined:
        last = max(joined, key=lambda s: s.since)
        parts.append(
            f"{words.count(len(founders), 'founder was', 'founders were')} joined by {len(joined)}, most recently {m.name(last.state)}"
            f" ({words.day(last.since, last.precision.get('since'))}){m.cite.mark(last.sources)}"
        )
    if left:
        gone = max(left, key=lambda s: s.until or s.since)
        parts.append(
            f"{words.count(len(left), 'spell of membership has', 'spells of membership have')} ended early, the latest that of "
            f"{m.name(gone.state)} ({words.day(gone.until)}){m.cite.mark(gone.sources)}"
        )
    return "; ".join(parts) + "."


_STRENGTH = (
    "must_use_force",
    "must_mobilise",
    "must_assist",
    "must_consult",
    "must_stay_neutral",
    "must_not_attack",
    "may_act",
)


def _core(m: Moment) -> str:
    duties = [o for o in m.treaty.obligation if o.level in _STRENGTH]
    if not duties:
        return "Nothing in it obliges anybody to act."
    core = min(duties, key=lambda o: _STRENGTH.index(o.level))
    article = core.article if not core.article[:1].isdigit() else f"Article {core.article}"
    says = (
        core.says[:1].lower() + core.says[1:]
        if core.says[:2] not in ("NA", "EU", "UN") and not core.says[:2].isupper()
        else core.says
    )
    return f"Its strongest clause is {article}: {says.rstrip('.')}.{m.cite.mark(core.sources)}"


def _burden(m: Moment) -> str:
    sums = totals(m)
    if sums is None:
        return ""
    return (
        f"The {sums.n_known} members with known figures spent {words.money(sums.milex_musd)} on their armed forces in {sums.years},"
        f" {words.per_cent(sums.top_share)} of it {words.the(sums.top_name)}."
    )


def _ties(m: Moment) -> str:
    if not m.is_alive:
        return ""
    found = overlaps(m.record, m.treaty, m.day)
    if found.is_empty():
        return "No other treaty of the record binds any of its parties."
    inside = found.filter(found["n_shared"] > 1).height
    return (
        f"{words.count(found.height, 'other treaty', 'other treaties')} in force {'binds' if found.height == 1 else 'bind'} at least one of its parties,"
        f" {inside} of them two or more."
    )


def _trust(m: Moment) -> str:
    from foedus.record.check import confidences

    known = confidences(m.record, m.treaty)
    recalled = known.count("recalled")
    if not recalled:
        return ""
    return f"Of the {len(known)} entries of its file {len(known) - recalled} rest on a text or study that was read; {recalled} are recalled and still to be checked."


def _key_figures(m: Moment) -> list[KeyFigure]:
    t, id_ = m.treaty, m.treaty.id
    figures = [
        KeyFigure(str(len(m.parties)), "parties" if m.is_alive else "parties at the reference day", f"{id_} parties")
    ]
    duties = [o for o in t.obligation if o.level != "no_duty"]
    figures.append(KeyFigure(str(len(duties)), "duties and rights, article by article", f"{id_} obligations"))
    if t.in_force:
        end = min(t.ended, m.day) if t.ended else m.day
        years = (end - t.in_force).days / 365.25
        figures.append(KeyFigure(f"{years:.0f}" if years >= 1 else "<1", "years in force", f"{id_} in_force"))
    sums = totals(m)
    if sums:
        figures.append(KeyFigure(words.money(sums.milex_musd), f"military expenditure, {sums.years}", f"{id_} milex"))
        figures.append(
            KeyFigure(words.per_cent(sums.top_share), f"carried by {words.the(sums.top_name)}", f"{id_} burden_share")
        )
        if sums.concentration is not None:
            figures.append(
                KeyFigure(
                    f"{sums.concentration:.2f}",
                    "concentration of expenditure (0 equal, 1 one state)",
                    f"{id_} concentration",
                )
            )
    return figures
