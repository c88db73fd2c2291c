"""What the treaty is, in one computed paragraph, and its key figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from foedus.measure import overlaps
from foedus.record import eligibility
from foedus.record.check import confidences
from foedus.record.schema import Member, Obligation
from foedus.view import words
from foedus.view.brief.burden import totals
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, KeyFigure, KeyFigures, Section, Text

_SORTS = {
    "defence": "defence pact",
    "guarantee": "treaty of guarantee",
    "offence": "offensive alliance",
    "internal_order": "pact on internal order",
    "neutrality": "neutrality pact",
    "non_aggression": "non-aggression pact",
    "consultation": "consultation pact",
}
_LAYERS = {"secret": "secret ", "partly_secret": "partly secret ", "unpublished": "unpublished "}
FEW = 3  # so many parties are named in the first sentence


def section(m: Moment) -> Section:
    """The opening section."""
    sentences = [_what(m), _begin_and_end(m), _membership(m), _may_join(m), _core(m), _burden(m), _ties(m)]
    blocks: list[Block] = [Text((" ".join(s for s in sentences if s),)), KeyFigures(tuple(_key_figures(m)))]
    trust = _trust(m)
    if trust:
        blocks.append(Text((trust,), quiet=True))
    return Section("what-it-is", "What it is", tuple(blocks))


def sort_of(m: Moment) -> tuple[str, str]:
    """The kind of alliance in the field's words, by its strongest pledge on the reference day: (noun, what follows)."""
    pledges = m.record.pledges(m.treaty, m.reference)
    if m.treaty.universal:
        return "the founding text of a universal organisation", ""
    if m.treaty.kind == "informal":
        return "an informal grouping", "" if pledges else " without treaty or duty to act"
    if m.treaty.kind == "unilateral":
        return "a unilateral undertaking", ""
    sort = next((s for p, s in _SORTS.items() if p in pledges), "")
    noun = words.a_or_an(_LAYERS.get(m.treaty.text, "") + (sort or "arrangement"))
    return noun, "" if sort else " that creates no duty to act"


# --- the sentences ---------------------------------------------------------------------------------------------------


def _what(m: Moment) -> str:
    t = m.treaty
    sort, more = sort_of(m)
    if words.is_plural(t.title):
        verb = "are together" if m.has_time_left else "were together"
    else:
        verb = "is" if m.has_time_left else "was"
    if m.day < t.signed:
        verb = "was to be"
    said = f"{words.sentence(_full_name(m)).rstrip('.')} {verb} {sort} {_parties(m)}{more}{_protected(m)}"
    return f"{said}.{m.cite.mark(t.sources)}"


def _full_name(m: Moment) -> str:
    """The title, and the full name in brackets where it says more: "the Rio Treaty (Inter-American Treaty of ...)"."""
    t = m.treaty
    title = words.the_treaty(t.title)
    name = t.name.replace(f" ({t.title})", "")
    if name.startswith(t.title):
        return words.the_treaty(name)
    return f"{title} ({words.unbracketed(name)})"


def _parties(m: Moment) -> str:
    names = [m.the(s) for s in m.parties]
    if m.treaty.kind == "unilateral":
        return f"of {words.listed(names)}"
    if len(names) == 2:
        return f"between {words.listed(names)}"
    if 0 < len(names) <= FEW:
        return f"of {words.listed(names)}"
    return f"of {words.count(len(names), 'state')}"


def _protected(m: Moment) -> str:
    """Who is protected by it without owing anything."""
    states = sorted({x.state for x in m.treaty.member if x.role == "protected" and x.on(m.reference)})
    if not states:
        return ""
    names = words.listed([m.the(s) for s in states], 4)
    if m.treaty.kind == "unilateral":
        return f" towards {names}"
    return f", which {'protects' if m.has_time_left else 'protected'} {names}"


_ENDS = {
    "defeat": "in defeat",
    "state_ended": "when a party ceased to exist",
    "expired": "when its term ran out",
    "denounced": "by denunciation",
    "replaced": "when another treaty took its place",
    "violated": "when a party broke it",
    "dissolved": "by dissolution",
    "obsolete": "having lost its object",
    "terminated": "by decision of its parties or by notice",
}


def _begin_and_end(m: Moment) -> str:
    t = m.treaty
    informal = t.kind in ("informal", "unilateral")
    verb = "announced" if informal else "signed"
    signed = _when(t.signed, t.precision.get("signed"))
    if m.day < t.signed:
        return (
            f"On {words.day(m.day)} it had not yet been {verb}: that came {signed}. What follows describes its start."
        )
    began = f"It was {verb} {signed}"
    if t.in_force is None:
        return f"{began} and, as far as the record knows, has not come into force."
    began += _took_effect(m, informal)
    if t.ended and t.ended <= m.day:
        conduct = ", by conduct rather than by law" if t.precision.get("ended") == "by_conduct" else ""
        how = _ENDS.get(t.end_mode or "", "")
        return f"{began}; it ended {_when(t.ended, t.precision.get('ended'))}{' ' + how if how else ''}{conduct}."
    if m.day < t.in_force:
        return f"{began}; on {words.day(m.day)} it was not yet in force. What follows describes its start."
    return f"{began}."


def _took_effect(m: Moment, informal: bool) -> str:
    t = m.treaty
    if t.precision.get("in_force") == "signature_used":
        if informal:
            return ""
        return "; the day of its entry into force is not recorded, so the day of signature stands for it"
    if t.in_force == t.signed:
        return " and took effect that day"
    return f" and came into force {_when(t.in_force or t.signed, t.precision.get('in_force'))}"


def _when(day: date, precision: str | None) -> str:
    """ "on 4 April 1949", "in April 1949", "about April 1949"."""
    said = words.day(day, precision)
    return said if said.startswith("about") else f"in {said}" if precision in ("month", "year") else f"on {said}"


def _membership(m: Moment) -> str:
    parts = [x for x in (_who(m), _joined(m), _left(m)) if x]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _who(m: Moment) -> str:
    if len(m.parties) <= FEW:
        return ""
    names = words.listed([m.the(s) for s in m.parties], 8)
    if m.treaty.in_force is None:
        return f"its signatories are {names}"
    if m.is_alive:
        return f"on {words.day(m.reference)} its parties are {names}"
    return f"{'at its end' if m.is_over else 'on its first day'} its parties were {names}"


def _joined(m: Moment) -> str:
    founders = [s for s in m.spells if s.how == "founding"]
    joined = [s for s in m.spells if s.how in ("accession", "readmission", "ratification")]
    if not joined or not founders:
        return ""
    last = max(joined, key=lambda s: s.since)
    recent = f"{m.the(last.state)} ({words.day(last.since, last.precision.get('since'))}){m.cite.mark(last.sources)}"
    began = words.counted(len(founders), "founder was", "founders were")
    if len(joined) == 1:
        return f"{began} joined by {recent}"
    return f"{began} joined by {words.number(len(joined))}, most recently {recent}"


def _left(m: Moment) -> str:
    left = [s for s in m.spells if _left_early(m, s)]
    if not left:
        return ""
    gone = max(left, key=lambda s: s.until or s.since)
    last = f"{m.the(gone.state)} ({words.day(gone.until, gone.precision.get('until'))}){m.cite.mark(gone.sources)}"
    if len(left) == 1:
        return f"{last} left before the others"
    return f"{words.number(len(left))} memberships ended before the others, last that of {last}"


def _left_early(m: Moment, s: Member) -> bool:
    kept_on = s.how_left in ("succession", "unification")
    return bool(s.until and s.until <= m.day and s.until != m.treaty.ended and not kept_on)


def _may_join(m: Moment) -> str:
    """Who may join by the treaty's own clauses, how many outside that is, and whom only their neutrality keeps out."""
    held = eligibility.clauses(m.treaty, m.day)
    outside = eligibility.free(m.record, m.treaty, m.day)
    if not m.is_alive or not held or outside is None:
        return ""
    says = " ".join(f"{words.sentence(c.says)}{m.cite.mark(c.sources)}" for c in held)
    text = f"Who may join, by {eligibility.article_of(held)}: {says} {_outside(m, outside)}"
    neutral = [s for s, bar in eligibility.bars(m.record, m.treaty, m.day).items() if bar.by == "neutrality"]
    if neutral:
        names = words.listed([m.the(s) for s in sorted(neutral, key=m.name)], 6)
        text += f"; {names} may not join, being neutral by law"
    return f"{text}."


def _outside(m: Moment, states: Sequence[str]) -> str:
    if not states:
        return "That covers nobody outside it"
    names = words.listed([m.the(s) for s in sorted(states, key=m.name)], 6)
    return f"That covers {words.counted(len(states), 'state')} outside it" + (f", {names}" if len(states) <= 6 else "")


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
    duties: list[Obligation] = [o for o in m.obligations if o.level in _STRENGTH]
    if not duties:
        return f"Nothing in it {'obliges' if m.has_time_left else 'obliged'} anybody to act."
    core = min(duties, key=lambda o: _STRENGTH.index(o.level))
    verb = "is" if m.has_time_left else "was"
    return (
        f"Its strongest clause {verb} {words.article(core.article)} ({words.plain(core.level)}): "
        f"{core.says.rstrip('.')}.{m.cite.mark(core.sources)}"
    )


def _burden(m: Moment) -> str:
    sums = totals(m)
    if sums is None:
        return ""
    spent = f"{words.money(sums.milex_musd)} on {{}} armed forces in {sums.years}"
    if sums.n_known == 1:
        only = "" if sums.n_members == 1 else ", the only party with known figures,"
        return f"{words.sentence(words.the(sums.top_name))[:-1]}{only} spent {spent.format('its')}."
    whose = "Its parties" if sums.n_known == sums.n_members else f"The {sums.n_known} parties with known figures"
    return f"{whose} spent {spent.format('their')}, {words.per_cent(sums.top_share)} of it {words.the(sums.top_name)}."


def _ties(m: Moment) -> str:
    if not m.is_alive:
        return ""
    found = overlaps(m.record, m.treaty, m.day)
    if found.is_empty():
        return "No other treaty of the record in force that day binds any of its parties."
    n, inside = found.height, found.filter(found["n_shared"] > 1).height
    text = (
        f"{words.counted(n, 'other treaty', 'other treaties')} in force {'binds' if n == 1 else 'bind'}"
        " one or more of its parties"
    )
    if len(m.parties) > 1 and inside:
        text += f", {'all' if 1 < inside == n else words.number(inside)} of them two or more"
    return words.sentence(text)


def _trust(m: Moment) -> str:
    known = confidences(m.record, m.treaty)
    recalled = known.count("recalled")
    if not recalled:
        return f"All {len(known)} entries of its file rest on a text or study that was read."
    still = "one is" if recalled == 1 else f"{words.number(recalled)} are"
    return (
        f"Of the {len(known)} entries of its file, {words.number(len(known) - recalled)} rest on a text or"
        " study that was"
        f" read; {still} recalled and still to be checked."
    )


# --- the key figures -------------------------------------------------------------------------------------------------


def _key_figures(m: Moment) -> list[KeyFigure]:
    t, id_ = m.treaty, m.treaty.id
    parties = "signatories" if t.in_force is None else "party" if len(m.parties) == 1 else "parties"
    label = (
        parties if m.is_alive or t.in_force is None else f"{parties} at its end" if m.is_over else f"first {parties}"
    )
    duties = sum(o.level != "no_duty" for o in m.obligations)
    figures = [
        KeyFigure(str(len(m.parties)), label, f"{id_} parties"),
        KeyFigure(str(duties), "duties and rights, article by article", f"{id_} obligations"),
    ]
    if t.in_force and t.in_force <= m.day:
        years = (min(t.ended or m.day, m.day) - t.in_force).days / 365.2425
        shown = str(int(years)) if years >= 1 else "under 1"
        figures.append(KeyFigure(shown, "year in force" if shown in ("1", "under 1") else "years in force", id_))
    return [*figures, *_burden_figures(m)]


def _burden_figures(m: Moment) -> list[KeyFigure]:
    sums, id_ = totals(m), m.treaty.id
    if sums is None:
        return []
    value, unit = words.money(sums.milex_musd).rsplit(" ", 1)
    figures = [KeyFigure(value, f"{unit}, military expenditure, {sums.years}", f"{id_} milex")]
    if sums.n_known > 1:
        share = words.per_cent(sums.top_share)
        figures.append(KeyFigure(share, f"carried by {words.the(sums.top_name)}", f"{id_} burden_share"))
    if sums.concentration is not None:
        label = "concentration of expenditure (0 equal, 1 one state)"
        figures.append(KeyFigure(f"{sums.concentration:.2f}", label, f"{id_} concentration"))
    return figures
