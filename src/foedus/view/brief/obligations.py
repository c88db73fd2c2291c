"""What the treaty promises, article by article: who owes what, when, where, within which limits."""

from __future__ import annotations

from foedus.record.schema import Area, Obligation
from foedus.record.spell import in_force
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Section, Table, Text

MANY = 8  # a longer list of states is cut, a longer table of suspensions folded
COLUMNS = ("Article", "What is promised", "When", "Where", "Limits")
NOTE = (
    "In our words; the treaty's own text decides. “Must assist” leaves the means to each party, “must use"
    " force” does not."
)


def section(m: Moment) -> Section:
    """The duties in force on the reference day, what creates no duty, articles of other times, reservations."""
    duties = [o for o in m.obligations if o.level != "no_duty"]
    others = [o for o in m.obligations if o.level == "no_duty"]
    elsewhen = [o for o in m.treaty.obligation if o not in m.obligations]
    blocks: list[Block] = []
    if duties:
        rows = tuple(_row(m, o) for o in duties)
        blocks.append(Table("Duties and rights, article by article", COLUMNS, rows, note=NOTE).trimmed())
    else:
        blocks.append(Text((f"{words.sentence(words.the_treaty(m.treaty.title))[:-1]} creates no duty to act.",)))
    changed = _changed_areas(m)
    if changed:
        blocks.append(_areas(m, changed))
    if others:
        blocks.append(_quiet(m, others, "Articles that create no such duty" if duties else "What it does create"))
    if elsewhen:
        rows = tuple(_row(m, o) for o in elsewhen)
        title = f"Articles of earlier or later texts, not in force on {words.day(m.reference)}"
        blocks.append(Table(title, COLUMNS, rows, folded=True).trimmed())
    if m.treaty.reservation:
        blocks.append(_reservations(m))
    if m.treaty.suspension:
        blocks.append(_suspensions(m))
    return Section("obligations", "What it promises", tuple(blocks))


def _quiet(m: Moment, obligations: list[Obligation], title: str) -> Table:
    rows = tuple((_article(m, o), words.sentence(o.says), _limits(m, o) or "–") for o in obligations)
    return Table(title, ("Article", "What it says", "Limits"), rows, quiet=True).trimmed()


def _row(m: Moment, o: Obligation) -> tuple[str, ...]:
    return (
        _article(m, o),
        f"⟪{o.level}⟫ {words.sentence(o.says)}",
        _when(m, o),
        _where(m, o),
        _limits(m, o) or "–",
    )


def _article(m: Moment, o: Obligation) -> str:
    name = words.article(o.article).replace("Article ", "Art.\u00a0", 1)
    time = words.span(o.since, o.until, o.precision)
    live = in_force(o.since, o.until, m.reference)
    if live and o.since and not (o.until and o.until <= m.day):
        time = words.span(o.since, None, o.precision)
    secret = ", secret" if o.layer == "secret" else ""
    return f"{name}{secret}{', ' + time if time else ''}{m.cite.mark(o.sources)}"


# --- when ------------------------------------------------------------------------------------------------------------

_TRIGGERS = {
    "attack": "One to whom it is owed is attacked",
    "war": "One to whom it is owed is at war, whoever began it",
    "own_attack": "An ally begins a war",
    "joint_war": "In the war the parties wage together",
    "mobilisation": "A named power mobilises",
    "threat": "One to whom it is owed is threatened",
    "breach": "The settlement is broken",
    "internal": "Disorder at home",
    "standing": "At all times",
    "organ": "When the organ so decides",
}


def _when(m: Moment, o: Obligation) -> str:
    text = _TRIGGERS[o.trigger]
    kinds = [words.plain(k) for k in o.kinds if k != o.trigger]
    if kinds:
        text += f": {words.listed(kinds)}"
    attackers = _attackers(m, o)
    if attackers:
        text += f"; {attackers}"
    later = [
        f"{words.plain(p.kind)} from {words.day(p.since, p.precision.get('since'))}"
        + (" (an organ decides case by case)" if p.threshold == "organ" else "")
        + m.cite.mark(p.sources)
        for p in o.practice
        if p.since <= m.day
    ]
    if later:
        text += f". By later practice also {words.listed(later)}"
    return text + "."


def _attackers(m: Moment, o: Obligation) -> str:
    names = words.listed([m.the(c) for c in o.attackers])
    said = {
        "listed": f"only by {names}" if o.trigger != "mobilisation" else f"namely {names}",
        "non_party": "by a state that is not a party",
        "great_power": "by a great power",
        "european": "by a European state",
        "region": f"by a state of the region {_region(m, o.attacker_region)}",
    }
    parts = [said[o.attacker]] if o.attacker != "any" else []
    if o.min_attackers > 1:
        parts.append(f"by at least {words.number(o.min_attackers)} states")
    if o.max_attackers is not None:
        most = "one state" if o.max_attackers == 1 else f"{words.number(o.max_attackers)} states"
        parts.append(f"by no more than {most}")
    if o.joined_by:
        parts.append(f"if joined or backed by {words.listed([m.the(c) for c in o.joined_by])}")
    if o.exempt_attackers:
        parts.append(f"not against {words.listed([m.the(c) for c in o.exempt_attackers])}")
    if o.attacker_not_at_war_on:
        parts.append(f"by a power not yet at war on {words.day(o.attacker_not_at_war_on)}")
    return ", ".join(parts)


def _region(m: Moment, region: str) -> str:
    known = m.record.regions.get(region)
    return known.name if known else region.replace("-", " ")


# --- where -----------------------------------------------------------------------------------------------------------


def _where(m: Moment, o: Obligation) -> str:
    if not o.area:
        return "–"
    if o.area == "anywhere":
        return "No geographic limit."
    dated = sorted((a for a in m.treaty.area if a.id == o.area), key=lambda a: a.since or m.treaty.signed)
    upto = [a for a in dated if a.since is None or a.since <= m.reference] or dated[:1]
    # A later text often only says what it changed, so the reader needs the earlier ones too: they have a table.
    return (
        _area(upto[0]) + m.cite.mark(upto[0].sources)
        if len(upto) == 1
        else "An area that changed over time: see below."
    )


def _changed_areas(m: Moment) -> list[Area]:
    """The areas of live duties that had more than one version by the reference day, in order of time."""
    used = {o.area for o in m.obligations}
    begun = [a for a in m.treaty.area if a.id in used and (a.since is None or a.since <= m.reference)]
    often = [a for a in begun if sum(b.id == a.id for b in begun) > 1]
    return sorted(often, key=lambda a: (a.id, a.since or m.treaty.signed))


def _areas(m: Moment, areas: list[Area]) -> Table:
    several = len({a.id for a in areas}) > 1
    rows = tuple(
        (
            (f"{a.id}, " if several else "") + (words.span(a.since, a.until, a.precision) or "at first"),
            _area(a) + m.cite.mark(a.sources),
        )
        for a in areas
    )
    return Table("Where it applies, as the area changed", ("When", "Area"), rows)


def _area(area: Area) -> str:
    return words.sentence(area.says or ", ".join(area.include))


# --- limits ----------------------------------------------------------------------------------------------------------

_DISCRETION = {
    "deems_necessary": "each does what it deems necessary",
    "constitutional": "by each party's constitutional processes",
    "by_agreement": "what is done is settled by agreement",
    "organ": "an organ decides what is done",
    "each_decides": "each decides for itself",
}


def _limits(m: Moment, o: Obligation) -> str:
    parts = [_DISCRETION[o.discretion]] if o.discretion != "none" else []
    if o.unprovoked:
        parts.append("unprovoked attack only")
    if o.requires_request:
        parts.append("at the victim's request")
    if o.requires_organ:
        parts.append(f"needs a decision: {o.requires_organ}")
    if o.requires_war_state:
        parts.append("a state of war must follow")
    if o.within_days is not None:
        parts.append(f"lapses {o.within_days} days after signature")
    if o.attacker_is_party == "excluded":
        parts.append("not against a party")
    parts += _sides(m, o)
    parts += [
        c.says.rstrip(".") + (f" (for {words.listed([m.the(s) for s in c.applies_to])})" if c.applies_to else "")
        for c in o.condition
    ]
    return words.sentence("; ".join(_lowered(p) if i else p for i, p in enumerate(parts))) if parts else ""


_OPENERS = (
    "The ",
    "A ",
    "An ",
    "In ",
    "If ",
    "Only ",
    "No ",
    "For ",
    "It ",
    "Where ",
    "When ",
    "Each ",
    "One ",
    "This ",
)


def _lowered(text: str) -> str:
    """A clause inside a sentence: an opening word that is no name loses its capital."""
    return text[:1].lower() + text[1:] if text.startswith(_OPENERS) else text


_SIDES = {
    "party": "the parties",
    "protected": "the protected",
    "guarantor": "the guarantors",
    "associate": "the associates",
    "observer": "the observers",
    "candidate": "the candidates",
}


def _sides(m: Moment, o: Obligation) -> list[str]:
    said = []
    if o.owes != "party":
        said.append(f"owed by {_side(m, o.owes)}")
    if o.to == "any":
        said.append("owed to every state" if o.trigger == "standing" else "owed to whoever is attacked")
    elif o.to != "party":
        said.append(f"owed to {_side(m, o.to)}")
    if o.not_owed_by:
        said.append(f"not owed by {words.listed([m.the(c) for c in o.not_owed_by])}")
    return said


def _side(m: Moment, side: str | tuple[str, ...]) -> str:
    return _SIDES.get(side, side) if isinstance(side, str) else words.listed([m.the(c) for c in side], MANY)


# --- what qualifies it -----------------------------------------------------------------------------------------------


def _reservations(m: Moment) -> Table:
    rows = tuple(
        (
            m.name(r.state, r.since) + m.cite.mark(r.sources),
            words.span(r.since, r.until, r.precision) or "–",
            words.sentence(r.says),
        )
        for r in m.treaty.reservation
    )
    return Table("Reservations and statements", ("State", "When", "What it said"), rows, quiet=True).trimmed()


_SUSPENSIONS = {
    "obligations": "obligations suspended",
    "participation": "participation suspended",
    "dormant": "dormant",
}


def _suspensions(m: Moment) -> Table:
    rows = []
    for s in m.treaty.suspension:
        who = words.listed([m.name(c, s.since) for c in s.states]) or "The whole arrangement"
        if s.between:
            who = "Between " + words.listed([m.the(c, s.since) for c in s.between])
        when = words.span(s.since, s.until, s.precision)
        says = words.sentence(s.note) if s.note else "–"
        rows.append((who + m.cite.mark(s.sources), _SUSPENSIONS[s.what], when, says))
    folded = len(rows) > MANY
    return Table("When it rested", ("Who", "What", "When", "How"), tuple(rows), quiet=True, folded=folded).trimmed()
