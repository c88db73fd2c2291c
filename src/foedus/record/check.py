"""Is the record sound? References between files, dates, sources, areas; and how well each value is known.

What a single file's shape can show is in `parse`. A *problem* makes the record invalid; a *remark* is worth a look.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import combinations, pairwise
from typing import Any

from foedus.errors import Problem
from foedus.record.check_events import event_problems, event_remarks
from foedus.record.check_opinion import opinion_problems
from foedus.record.eligibility import named
from foedus.record.names import plain
from foedus.record.record import Record
from foedus.record.schema import Area, Confidence, Entry, Obligation, Treaty
from foedus.record.spell import overlap

AREA_WORDS = (
    "territory",
    "metropolitan",
    "overseas",
    "islands",
    "administered",
    "forces",
    "vessels",
    "aircraft",
    "frontier",
    "interests",
    "place",
    "region",
)
ROLES = ("party", "protected", "guarantor", "associate", "observer", "candidate")
NEEDS_AREA = ("attack", "war", "own_attack")
NEEDS_KINDS = ("attack", "threat", "internal", "mobilisation", "breach")
DATES = ("signed", "since", "until", "day")
FIRST_YEAR, LAST_YEAR = 1300, 2100  # an alliance of before 1815 may still be in force; nothing is known beyond
TABLES = ("member", "eligible", "suspension", "area", "obligation", "reservation", "institution", "development")


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a check.

    problems : what makes the record invalid. remarks : what somebody should look at.
    confidence : number of entries by how well they are known ("text", "secondary", "recalled").
    """

    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    confidence: dict[Confidence, int]

    @property
    def read_share(self) -> float | None:
        """Share of entries whose source was read (text or secondary), 0 to 1; None without entries."""
        total = sum(self.confidence.values())
        return 1 - self.confidence.get("recalled", 0) / total if total else None


def check(record: Record, ids: Iterable[str] | None = None) -> Found:
    """Check the whole record, or only the treaties of `ids` and nothing shared."""
    chosen = [record.treaty(i) for i in ids] if ids is not None else list(record.treaties.values())
    problems: list[Problem] = []
    remarks: list[Problem] = []
    counted: Counter[Confidence] = Counter()
    for treaty in chosen:
        file = record.origin.get(treaty.id, treaty.id)
        problems += [Problem(file, where, says) for where, says in treaty_problems(record, treaty)]
        remarks += [Problem(file, where, says) for where, says in treaty_remarks(record, treaty)]
        counted.update(confidences(record, treaty))
    if ids is None:
        problems += [*_alias_problems(record), *_table_problems(record)]
        remarks += event_remarks(record)
    return Found(tuple(problems), tuple(remarks), dict(counted))


def confidences(record: Record, treaty: Treaty) -> list[Confidence]:
    """How well the head and each entry of a treaty is known."""
    head = record.confidence(treaty.according_to, treaty.confidence, treaty)
    return [head, *(record.confidence(e.source, e.confidence, treaty) for _, e in _entries(treaty))]


def _entries(treaty: Treaty) -> Iterator[tuple[str, Any]]:
    for table in TABLES:
        for i, entry in enumerate(getattr(treaty, table)):
            yield f"{table}[{i}]", entry


Says = Iterator[tuple[str, str]]


def treaty_problems(record: Record, treaty: Treaty) -> Says:
    """(where, what is wrong) for one treaty, against itself and the rest of the record."""
    yield from _head(record, treaty)
    yield from _source_problems(record, treaty)
    yield from _order_problems(treaty)
    yield from _state_problems(record, treaty)
    yield from _member_problems(treaty)
    yield from _eligible_problems(record, treaty)
    yield from _area_problems(record, treaty)
    for i, obligation in enumerate(treaty.obligation):
        for field, says in _obligation_problems(record, treaty, obligation):
            yield f"obligation[{i}].{field}", says
    known = {o.id for o in treaty.obligation}
    for table in ("suspension", "reservation"):
        for i, entry in enumerate(getattr(treaty, table)):
            for id_ in entry.obligations:
                if id_ not in known:
                    yield f"{table}[{i}].obligations", f'"{id_}" is no obligation of this file. Known: {_list(known)}'


def _head(record: Record, treaty: Treaty) -> Says:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-\d{4}", treaty.id):
        yield "id", f'"{treaty.id}" must be lower-case words joined by hyphens and end in a year, as in nato-1949'
    if not treaty.obligation:
        yield "obligation", "is missing: give each article, or one entry of level no_duty to say what the text creates"
    ids = [o.id for o in treaty.obligation]
    for id_ in sorted({i for i in ids if ids.count(i) > 1}):
        yield "obligation", f'the id "{id_}" is used more than once'
    if treaty.ended and not treaty.end_mode:
        yield "end_mode", "is missing: the treaty has ended, say how"
    if treaty.in_force is None and treaty.ended is not None and treaty.end_mode == "expired":
        yield "in_force", "is missing although the treaty is said to have expired"
    for field in ("replaces", "related"):
        for id_ in getattr(treaty, field):
            if id_ == treaty.id:
                yield field, "names the treaty itself"
    for field in treaty.precision:
        if field not in ("signed", "in_force", "ended"):
            yield "precision", f'"{field}" is no date of the head; expected signed, in_force or ended'


def _source_problems(record: Record, treaty: Treaty) -> Says:
    own = [s.id for s in treaty.source]
    for id_ in sorted({i for i in own if own.count(i) > 1}):
        yield "source", f'the id "{id_}" is used more than once'
    for i, source in enumerate(treaty.source):
        if source.status != "recalled" and source.seen is None:
            yield f"source[{i}].seen", f"is missing: a source of status {source.status} was seen on some day"
        if source.status == "recalled" and source.seen is not None:
            yield f"source[{i}].seen", "is given, but the status says recalled; one of them is wrong"
    cited: list[tuple[str, tuple[str, ...], bool]] = [("according_to", treaty.sources, True)]
    for where, entry in _entries(treaty):
        cited.append((f"{where}.source", entry.sources, True))
        for part in ("practice", "condition", "absent"):
            inner: tuple[Entry, ...] = getattr(entry, part, ())
            cited += [(f"{where}.{part}", e.sources, False) for e in inner]
    for where, ids, required in cited:
        if required and not ids:
            yield where, "is missing: every value needs a source. If nobody has checked it, cite recalled"
        for id_ in ids:
            if record.source(id_, treaty) is None:
                known = [*own, "recalled", "atop-5"]
                yield where, f'"{id_}" is no [[source]] of this file and no shared one. Known here: {_list(known)}'


def _order_problems(treaty: Treaty) -> Says:
    head = [(f, getattr(treaty, f)) for f in ("signed", "in_force", "ended", "checked")]
    dates = head + [(f"{where}.{f}", getattr(e, f, None)) for where, e in _entries(treaty) for f in DATES]
    for where, day in dates:
        if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield where, f"{day} is no date of the record; expected a year from {FIRST_YEAR} to {LAST_YEAR}"
    if treaty.in_force and treaty.in_force < treaty.signed:
        yield "in_force", f"{treaty.in_force} is before the signature on {treaty.signed}"
    if treaty.ended and treaty.ended <= (treaty.in_force or treaty.signed):
        yield "ended", f"{treaty.ended} is not after the treaty began ({treaty.in_force or treaty.signed})"
    for where, entry in _entries(treaty):
        spans = [(where, entry)]
        for part in ("absent",):
            spans += [(f"{where}.{part}", e) for e in getattr(entry, part, ())]
        for place, span in spans:
            since, until = getattr(span, "since", None), getattr(span, "until", None)
            if since and until and until <= since:
                yield f"{place}.until", f"{until} is not after since {since}"
    for i, development in enumerate(treaty.development):
        if development.day < treaty.signed:
            yield f"development[{i}].day", f"{development.day} is before the signature on {treaty.signed}"


def _state_problems(record: Record, treaty: Treaty) -> Says:
    named: list[tuple[str, tuple[str, ...]]] = [("aimed_at", treaty.aimed_at)]
    named += [(f"member[{i}].state", (m.state,)) for i, m in enumerate(treaty.member)]
    named += [(f"eligible[{i}].states", e.states) for i, e in enumerate(treaty.eligible)]
    named += [(f"suspension[{i}]", (*s.states, *s.between)) for i, s in enumerate(treaty.suspension)]
    named += [(f"reservation[{i}].state", (r.state,)) for i, r in enumerate(treaty.reservation)]
    for i, institution in enumerate(treaty.institution):
        named.append((f"institution[{i}]", (*institution.states, *(a.state for a in institution.absent))))
    for i, o in enumerate(treaty.obligation):
        listed = [*o.attackers, *o.exempt_attackers, *o.joined_by, *o.not_owed_by]
        listed += [c for side in (o.owes, o.to) if not isinstance(side, str) for c in side]
        listed += [c for condition in o.condition for c in condition.applies_to]
        named.append((f"obligation[{i}]", tuple(listed)))
    for where, codes in named:
        for code in codes:
            if code not in record.states:
                yield where, _unknown_state(record, code)


def _unknown_state(record: Record, code: str) -> str:
    known = record._state_codes.get(code.upper(), ()) or record._state_names.get(plain(code), ())
    hint = f" Write {known[0]}." if known else " Codes are in states.csv."
    return f'"{code}" is not the code of a state.{hint}'


def _member_problems(treaty: Treaty) -> Says:
    spells = defaultdict(list)
    for i, m in enumerate(treaty.member):
        spells[m.state].append((m, i))
        begins = min(d for d in (treaty.in_force, treaty.signed) if d)
        if m.since < begins:
            yield f"member[{m.state}].since", f"{m.since} is before the treaty began ({begins})"
        if treaty.ended and (m.until is None or m.until > treaty.ended):
            yield f"member[{m.state}].until", f"must not be after the treaty's end on {treaty.ended}"
        if m.until and not m.how_left:
            yield f"member[{m.state}].how_left", "is missing: the membership ended, say how"
    for state, own in spells.items():
        for (a, _), (b, _) in combinations(own, 2):
            if overlap((a.since, a.until), (b.since, b.until)):
                yield f"member[{state}]", f"two memberships overlap: since {a.since} and since {b.since}"


def _eligible_problems(record: Record, treaty: Treaty) -> Says:
    regions = {*record.regions, *(s.region for s in record.states.values())}
    for i, entry in enumerate(treaty.eligible):
        where = f"eligible[{i}]"
        if not (entry.regions or entry.members_of or entry.states):
            yield where, "names nobody: give regions, members_of or states; a closed treaty lists its parties in states"
        for region in entry.regions:
            if region not in regions:
                says = f'"{region}" is neither a region of regions.toml nor a subregion of states.csv'
                yield f"{where}.regions", says + _near(region, regions)
        for id_ in entry.members_of:
            if id_ == treaty.id:
                yield f"{where}.members_of", "names the treaty itself; nobody could join it"
            elif id_ not in record.treaties:
                yield f"{where}.members_of", f'"{id_}" is no treaty of the record{_near(id_, record.treaties)}'


def _near(word: str, known: Iterable[str]) -> str:
    found = get_close_matches(word, list(known), 1)
    return f" (nearest: {found[0]})" if found else ""


def _area_problems(record: Record, treaty: Treaty) -> Says:
    for a, b in combinations(treaty.area, 2):
        if a.id == b.id and overlap((a.since, a.until), (b.since, b.until)):
            yield "area", f'two areas called "{a.id}" overlap in time'
    for i, area in enumerate(treaty.area):
        for token in (*area.include, *area.exclude):
            says = _token_problem(record, token)
            if says:
                yield f"area[{i}]", f'"{token}": {says}'
    used = {o.area for o in treaty.obligation}
    for i, area in enumerate(treaty.area):
        if area.id not in used and not any(f"area:{area.id}" in t for t in _tokens(treaty.area)):
            yield f"area[{i}].id", f'no obligation uses the area "{area.id}"'


def _tokens(areas: Iterable[Area]) -> Iterator[str]:
    for area in areas:
        yield from (*area.include, *area.exclude)


def _token_problem(record: Record, token: str) -> str:
    found = re.fullmatch(r"([a-z]+):([A-Za-z0-9*-]+)(?:@([a-z0-9-]+))?", token)
    if not found:
        return "is not of the form what:whose or what:whose@region"
    what, whose, where = found.groups()
    if what not in AREA_WORDS:
        return f"{what} is not one of {_list(AREA_WORDS)}"
    if what == "place":
        return "" if whose in record.places else "no such place in places.toml"
    if what == "region":
        return "" if whose in record.regions else "no such region in regions.toml"
    if whose not in (*ROLES, "any") and whose not in record.states:
        return f"{whose} is neither a role ({_list(ROLES)}), any, nor the code of a state"
    if where and where not in record.regions and where not in {s.region for s in record.states.values()}:
        return f"no such region: {where}"
    return ""


def _obligation_problems(record: Record, treaty: Treaty, o: Obligation) -> Says:
    areas = {a.id for a in treaty.area}
    if o.area and o.area != "anywhere" and o.area not in areas:
        yield "area", f'"{o.area}" is no [[area]] of this file. Known: {_list(areas) or "none"}; or write "anywhere"'
    if not o.area and o.trigger in NEEDS_AREA and o.level != "no_duty":
        yield "area", f'is missing: with trigger {o.trigger} name an [[area]], or write "anywhere"'
    if not o.kinds and o.trigger in NEEDS_KINDS and o.level != "no_duty":
        yield "kinds", f"are missing: with trigger {o.trigger} list the kinds of event that count"
    if o.attacker == "listed" and not o.attackers:
        yield "attackers", "are missing: attacker is listed"
    if o.attackers and o.attacker != "listed":
        yield "attacker", 'must be "listed" when attackers are given'
    if (o.attacker == "region") != bool(o.attacker_region):
        yield "attacker_region", 'goes with attacker = "region", and only with it'
    if o.attacker_region and o.attacker_region not in record.regions:
        yield "attacker_region", f'no such region: "{o.attacker_region}"'
    if o.max_attackers is not None and o.max_attackers < o.min_attackers:
        yield "max_attackers", "is below min_attackers"
    for field in ("owes", "to"):
        value = getattr(o, field)
        words = (*ROLES, "any") if field == "to" else ROLES
        if isinstance(value, str) and value not in words:
            yield field, f'"{value}" is not one of {_list(words)}, nor a list of codes'
        if value in ROLES and value != "party" and not any(m.role == value for m in treaty.member):
            yield field, f'no member of this file has the role "{value}"'
    for field in ("prevails_over", "yields_to"):
        for id_ in getattr(o, field):
            if id_ not in record.treaties:
                yield field, f'"{id_}" is no treaty of the record'


def treaty_remarks(record: Record, treaty: Treaty) -> Says:
    """(where, what somebody should look at): states outside the system, references to treaties not yet recorded."""
    for m in treaty.member:
        row = record.states.get(m.state)
        if row and row.kind != "entity" and m.role == "party" and not record.in_system(m.state, m.since):
            yield f"member[{m.state}].since", f"{m.since}: not a member of the inter-state system on that day"
    for m in treaty.member:
        covered = named(record, treaty, m.since) if m.how == "accession" else None
        if covered is not None and m.state not in covered:
            yield f"member[{m.state}]", f"acceded on {m.since}, and no [[eligible]] clause of that day covers it"
    for field in ("replaces", "related"):
        for id_ in getattr(treaty, field):
            if id_ not in record.treaties:
                yield field, f'"{id_}" is not in the record yet'


def _alias_problems(record: Record) -> Iterator[Problem]:
    """A short name or alias leads to one treaty; official names may recur, as two states sign friendship twice."""
    for name, ids in record._treaty_names.items():
        chosen = [i for i in ids if name in {plain(n) for n in _chosen_names(record.treaties[i])}]
        if len(ids) > 1 and chosen:
            id_ = chosen[-1]
            says = f'"{name}" also means {next(i for i in ids if i != id_)}; a name must lead to one treaty'
            yield Problem(record.origin.get(id_, id_), "aliases", says)


def _chosen_names(treaty: Treaty) -> tuple[str, ...]:
    return (treaty.id, treaty.short, *treaty.aliases)


def _table_problems(record: Record) -> Iterator[Problem]:
    def name(file: str) -> str:
        return record.origin.get(file, file)

    used: list[tuple[str, Sequence[Any], tuple[str, ...]]] = [
        ("state_spells.csv", record.spells, ("code",)),
        ("state_names.csv", record.names, ("code",)),
        ("capitals.csv", record.capitals, ("code",)),
        ("successions.csv", record.successions, ("predecessor", "successor")),
        ("outline_spells.csv", record.outline_spells, ("outline", "holder")),
        ("figures.csv", record.figures, ("state",)),
        ("borders.csv", record.borders, ("a", "b")),
        ("nuclear.csv", record.nuclear, ("state",)),
        ("neutrality.csv", record.neutralities, ("state",)),
        ("great_powers.csv", record.great_powers, ("state",)),
        ("rivalries.csv", record.rivalries, ("a", "b")),
        ("war_parties.csv", record.war_parties, ("state",)),
        ("regimes.csv", record.regimes, ("state",)),
    ]
    for file, rows, columns in used:
        for row in rows:
            for column in columns:
                if getattr(row, column) not in record.states:
                    yield Problem(name(file), column, _unknown_state(record, getattr(row, column)))
    everything: list[tuple[str, Iterable[Any]]] = [("states.csv", record.states.values())]
    everything += [(file, rows) for file, rows, _ in used]
    everything += [("regions.toml", record.regions.values()), ("places.toml", record.places.values())]
    everything += [("guidelines.toml", record.guidelines)]
    everything += [("opinion.csv", record.opinion)]
    for file, entries in everything:
        missing = {s for row in entries for s in row.sources if s not in record.sources}
        missing |= {"(none)" for row in entries if not row.sources}
        for id_ in sorted(missing):
            yield Problem(name(file), "source", f'"{id_}" is no source in sources/*.toml')
    for guideline in record.guidelines:
        if guideline.treaty not in record.treaties:
            yield Problem(name("guidelines.toml"), guideline.id, f'"{guideline.treaty}" is no treaty of the record')
    yield from opinion_problems(record, name("opinion.csv"))
    yield from _neutrality_problems(record, name("neutrality.csv"))
    yield from _spell_problems(record, name("state_spells.csv"))
    yield from _place_problems(record, name("places.toml"), name("regions.toml"))
    yield from event_problems(record)


def _neutrality_problems(record: Record, file: str) -> Iterator[Problem]:
    for n in record.neutralities:
        where = f"{n.state} {n.kind} {n.since}"
        if n.until and n.until <= n.since:
            yield Problem(file, f"{where}: until", f"{n.until} is not after since {n.since}")
        if (n.precision == "year" and n.since.month != 1) or (n.precision != "day" and n.since.day != 1):
            yield Problem(file, f"{where}: since", f"{n.since} is known to the {n.precision} only; write its first day")
    for a, b in combinations(record.neutralities, 2):
        if (a.state, a.kind) == (b.state, b.kind) and overlap((a.since, a.until), (b.since, b.until)):
            says = f"overlaps the {a.kind} since {a.since}; end the earlier one, or join the two"
            yield Problem(file, f"{b.state} {b.kind} {b.since}", says)


def _spell_problems(record: Record, file: str) -> Iterator[Problem]:
    for code, spells in record._spells_by_code.items():
        spans = sorted((s.since, s.until or date.max) for s in spells)
        for (since, until), (after, _) in pairwise([*spans, (date.max, date.max)]):
            if until <= since or after < until:
                yield Problem(file, code, f"the spell since {since} ends before it begins or runs into the next")
    for code in record.states:
        if code not in record._spells_by_code:
            yield Problem(file, code, "has no spell: say from when to when it was a state")


def _place_problems(record: Record, places: str, regions: str) -> Iterator[Problem]:
    for place in record.places.values():
        for region in place.regions:
            if region not in record.regions:
                yield Problem(places, place.id, f'no such region: "{region}"')
        for status in place.status:
            for code in (status.holder, *status.claimants):
                if code and code not in record.states:
                    yield Problem(places, place.id, _unknown_state(record, code))
            if status.since and status.until and status.until <= status.since:
                yield Problem(places, place.id, f"until {status.until} is not after since {status.since}")
    for row in record.regions.values():
        for code in (*row.states, *row.except_states):
            if code not in record.states:
                yield Problem(regions, row.id, _unknown_state(record, code))
        for id_ in row.places:
            if id_ not in record.places:
                yield Problem(regions, row.id, f'no such place: "{id_}"')


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
