"""What the treaty promises, article by article: who owes what, when, where, within which limits."""

from __future__ import annotations

from foedus.record.schema import Obligation
from foedus.record.spell import in_force
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Section, Table, Text


def section(m: Moment) -> Section:
    """The obligations table, with reservations and suspensions below it."""
    blocks: list[Block] = []
    duties = [o for o in m.treaty.obligation if o.level != "no_duty"]
    if not duties:
        blocks.append(Text((f"{m.treaty.title} creates no duty to act. What its text or practice does create:",)))
    rows = tuple(_row(m, o) for o in m.treaty.obligation)
    blocks.append(
        Table(
            "Obligations, article by article",
            ("Article", "What is promised", "When", "Where", "Limits"),
            rows,
            align="lllll",
            note="In our words; the treaty's own text decides. “Must assist” leaves the means to each party, “must use force” does not.",
        )
    )
    extra = [*_reservations(m), *_suspensions(m)]
    if extra:
        blocks.append(Text(tuple(extra)))
    return Section("obligations", "What it promises", tuple(blocks))


def _row(m: Moment, o: Obligation) -> tuple[str, ...]:
    return (
        _article(o) + m.cite.mark(o.sources),
        f"{words.sentence(words.plain(o.level))} {o.says}",
        _when(m, o),
        _where(m, o),
        _limits(m, o) or "–",
    )


def _article(o: Obligation) -> str:
    dated = ""
    if o.since or o.until:
        dated = f" ({words.day(o.since) or 'start'} to {words.day(o.until) or 'now'})"
    return f"{o.article}{dated}" + (", secret" if o.layer == "secret" else "")


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
    if o.kinds:
        text += f": {words.listed([words.plain(k) for k in o.kinds])}"
    attackers = _attackers(m, o)
    if attackers:
        text += f"; {attackers}"
    later = [
        f"{words.plain(p.kind)} from {words.day(p.since, p.precision.get('since'))}"
        + (" (an organ decides case by case)" if p.threshold == "organ" else "")
        + m.cite.mark(p.sources)
        for p in o.practice
    ]
    if later:
        text += f". By later practice also {words.listed(later)}"
    return text + "."


def _attackers(m: Moment, o: Obligation) -> str:
    names = words.listed([m.name(c) for c in o.attackers])
    said = {
        "listed": f"only by {names}" if o.trigger != "mobilisation" else f"namely {names}",
        "non_party": "by a state that is not a party",
        "great_power": "by a great power",
        "european": "by a European state",
        "region": f"by a state of {o.attacker_region.replace('-', ' ')}",
    }.get(o.attacker, "")
    if o.min_attackers > 1:
        said += f"{' and ' if said else ''}by at least {o.min_attackers} states"
    if o.max_attackers is not None:
        said += f"{' and ' if said else ''}{'by one state only' if o.max_attackers == 1 else f'by at most {o.max_attackers} states'}"
    if o.joined_by:
        said += f"{', ' if said else ''}if joined or backed by {words.listed([m.name(c) for c in o.joined_by])}"
    if o.exempt_attackers:
        said += f"{', ' if said else ''}not against {words.listed([m.name(c) for c in o.exempt_attackers])}"
    if o.attacker_not_at_war_on:
        said += f"{', ' if said else ''}by a power not yet at war on {words.day(o.attacker_not_at_war_on)}"
    return said


def _where(m: Moment, o: Obligation) -> str:
    if not o.area:
        return "–"
    if o.area == "anywhere":
        return "No geographic limit."
    dated = [a for a in m.treaty.area if a.id == o.area]
    live = [a for a in dated if in_force(a.since, a.until, m.reference)] or dated[-1:]
    text = " ".join(words.sentence(a.says or ", ".join(a.include)) for a in live)
    marks = m.cite.mark(tuple(dict.fromkeys(s for a in live for s in a.sources)))
    return text + marks


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
        parts.append(f"needs: {o.requires_organ}")
    if o.requires_war_state:
        parts.append("a state of war must follow")
    if o.within_days is not None:
        parts.append(f"lapses {o.within_days} days after signature")
    if o.attacker_is_party == "excluded":
        parts.append("not against a party")
    parts += _sides(m, o)
    parts += [
        c.says.rstrip(".") + (f" (for {words.listed([m.name(s) for s in c.applies_to])})" if c.applies_to else "")
        for c in o.condition
    ]
    return words.sentence("; ".join(parts)) if parts else ""


def _sides(m: Moment, o: Obligation) -> list[str]:
    said = []
    if o.owes != "party":
        who = words.plain(o.owes) + "s" if isinstance(o.owes, str) else words.listed([m.name(c) for c in o.owes])
        said.append(f"owed by {who}")
    if o.to != "party":
        to = (
            {
                "any": "every state" if o.trigger == "standing" else "whoever is attacked",
                "protected": "the protected",
            }.get(o.to, words.plain(o.to) + "s")
            if isinstance(o.to, str)
            else words.listed([m.name(c) for c in o.to])
        )
        said.append(f"owed to {to}")
    if o.not_owed_by:
        said.append(f"not owed by {words.listed([m.name(c) for c in o.not_owed_by])}")
    return said


def _reservations(m: Moment) -> list[str]:
    return [
        f"Reservation of {m.name(r.state)}"
        + (f", {words.day(r.since)} to {words.day(r.until) or 'now'}" if r.since or r.until else "")
        + f": {words.sentence(r.says)}{m.cite.mark(r.sources)}"
        for r in m.treaty.reservation
    ]


def _suspensions(m: Moment) -> list[str]:
    told = []
    for s in m.treaty.suspension:
        who = words.listed([m.name(c) for c in s.states])
        if s.between:
            who = "between " + " and ".join(m.name(c) for c in s.between)
        what = {
            "obligations": "Obligations suspended",
            "participation": "Participation suspended",
            "dormant": "Dormant",
        }[s.what]
        when = f"from {words.day(s.since, s.precision.get('since'))}" + (
            f" to {words.day(s.until, s.precision.get('until'))}" if s.until else " on"
        )
        note = f" {words.sentence(s.note)}" if s.note else ""
        told.append(f"{what}{' ' if s.between else ': ' if who else ''}{who}, {when}.{note}{m.cite.mark(s.sources)}")
    return told
