"""What each key of a treaty file means, in one sentence: for the template, the JSON Schema and the exported tables.

A key that means the same everywhere stands alone ("note"); one that belongs to a table stands with it ("member.how").
The allowed words are not here: they are the types in `schema`.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, get_args, get_origin

import msgspec

from foedus.record.schema import (
    Absence,
    Area,
    Condition,
    Development,
    Eligibility,
    Institution,
    Member,
    Obligation,
    Practice,
    Reservation,
    Source,
    Suspension,
    Treaty,
)

# The tables of a treaty file by the name that they bear there; "treaty" is its head.
STRUCTS: Mapping[str, type[msgspec.Struct]] = {
    "treaty": Treaty,
    "member": Member,
    "eligible": Eligibility,
    "obligation": Obligation,
    "practice": Practice,
    "condition": Condition,
    "area": Area,
    "suspension": Suspension,
    "reservation": Reservation,
    "institution": Institution,
    "absent": Absence,
    "development": Development,
    "source": Source,
}

# Those of them that are written [[in double brackets]], in the order in which a file has them.
ENTRIES = (
    "member",
    "eligible",
    "obligation",
    "area",
    "suspension",
    "reservation",
    "institution",
    "development",
    "source",
)

TABLE_MEANINGS: Mapping[str, str] = {
    "treaty": "One treaty, article by article; one file of the record.",
    "member": "Who was bound, from when to when. One table may name several states that share dates and source.",
    "eligible": "Who may join, clause by clause; what none of them names is barred. Left out where the text is silent.",
    "obligation": "One promise of one article: who owes what to whom, when what happens where.",
    "practice": "A kind of event that later practice admitted, from a day on.",
    "condition": "A fact that must hold for the duty to arise.",
    "area": "Where an attack counts. Two areas may share an id if their dates do not overlap.",
    "suspension": "A time in which promises rest: for some states, between two, or for everybody.",
    "reservation": "What one state said of its own duty when it signed, or later.",
    "institution": "What the allies built: an organisation, a headquarters, a command, a force, bases.",
    "absent": "A member that stayed out of an institution for a time.",
    "development": "A later agreement or decision that deepened, widened, renewed or weakened the treaty.",
    "source": "A text, a book or a data set that values rest on.",
}

MEANINGS: Mapping[str, str] = {
    "source": "Id of the source of this entry, or a list of ids: of a [[source]] of this file or of sources/*.toml.",
    "confidence": "How well this is known, when less well than its source suggests.",
    "precision": "Which dates are coarse, and how: a date known to the month or year is written as its first day.",
    "note": "Anything a reader must know that no other key holds.",
    "since": "The first day on which this holds.",
    "until": "The first day on which it no longer holds; left out while it does.",
    # the head
    "treaty.id": "Name of the file without .toml: a short name and the year of signature, in lower case, with hyphens.",
    "treaty.name": "Official name.",
    "treaty.kind": "What sort of instrument it is.",
    "treaty.signed": "The day of signature.",
    "treaty.checked": "The last day on which somebody compared this file with its sources.",
    "treaty.according_to": "Id of the source of the values of the head (names, dates, end), or a list of ids.",
    "treaty.short": "What people say, where it differs from the name.",
    "treaty.aliases": "Other names under which it is looked for; each must lead to one treaty.",
    "treaty.text": "Whether the text was public when it was made.",
    "treaty.in_force": "The first day in force; left out when it was signed but never came into force.",
    "treaty.ended": "The first day no longer in force; left out while it is in force.",
    "treaty.end_mode": "How it ended; required with `ended`.",
    "treaty.open_to": "Who may join, and how.",
    "treaty.universal": "True when it is open to every state, as the League was; left out where alliances are counted.",
    "treaty.aimed_at": "Codes of the adversaries whom the text or the negotiators named.",
    "treaty.replaces": "Ids of the treaties whose place it took.",
    "treaty.related": "Ids of the treaties that belong to its story.",
    "treaty.atop": "Its ids in ATOP; several when ATOP splits or joins.",
    "treaty.differs_from_atop": 'Why the record differs from ATOP, each beginning with the field: "members SWE: ...".',
    # members
    "member.state": "Code of the state, as in states.csv.",
    "member.states": "Codes of several states that share everything in this table; instead of `state`.",
    "member.since": "The first day bound; the treaty's entry into force (else its signature) when left out.",
    "member.until": "The first day no longer bound; the treaty's end when left out.",
    "member.signed": "The day of its own signature or protocol, where it differs from the treaty's.",
    "member.how": "How it came in.",
    "member.how_left": "How it went; filled in for members who stayed to the end.",
    "member.role": "What it is under the treaty.",
    # who may join
    "eligible.says": "The clause in one sentence of our own.",
    "eligible.article": "The article, as the text numbers it.",
    "eligible.regions": "Ids of regions of regions.toml, or subregions of states.csv, whose states may join.",
    "eligible.members_of": "Ids of the treaties whose members may join.",
    "eligible.states": "Codes of states that may join; of the parties alone, where nobody else may.",
    "eligible.admits_neutrals": "True when the text leaves neutral members as they are: neutrality bars nobody.",
    # obligations
    "obligation.id": "A short name of the promise, unique in the file, as in art5.",
    "obligation.article": "The article, as the text numbers it.",
    "obligation.pledge": "What kind of promise it is.",
    "obligation.level": "How strong the words of the text are.",
    "obligation.trigger": "What makes it due.",
    "obligation.says": "What it says, in one sentence of our own.",
    "obligation.kinds": "The events that meet it; required for trigger attack, threat, internal, mobilisation, breach.",
    "obligation.area": 'Id of an area of this file, or "anywhere"; required for attack, war and own_attack.',
    "obligation.action": "What the text promises to do.",
    "obligation.discretion": "Who judges what is done, and how freely.",
    "obligation.owes": "Who owes it: a role (party, guarantor, protected, associate) or a list of codes.",
    "obligation.to": 'To whom: a role, a list of codes, or "any" for whoever is attacked.',
    "obligation.not_owed_by": "Codes of the states excepted from owing it.",
    "obligation.since": "The first day of this article, when it was in another text than the treaty's first.",
    "obligation.until": "The first day on which the article was no longer in the text.",
    "obligation.practice": "Kinds of event that later practice admitted, each from its day.",
    "obligation.attacker": "Which attackers count; `listed` goes with `attackers`, `region` with `attacker_region`.",
    "obligation.attackers": "Codes of the attackers that count, with attacker = listed.",
    "obligation.attacker_region": "Id of the region in which the attacker lies, with attacker = region.",
    "obligation.exempt_attackers": "Codes of the powers against whom it never applies.",
    "obligation.joined_by": "It applies only when one of these states also takes part in, or backs, the attack.",
    "obligation.min_attackers": "How many attackers must match at the least.",
    "obligation.max_attackers": "How many attackers there may be at the most.",
    "obligation.attacker_not_at_war_on": "The attacker must not have been at war on this day.",
    "obligation.attacker_is_party": "What the text says about an attack by another party.",
    "obligation.unprovoked": "True when only an unprovoked attack counts.",
    "obligation.requires_request": "True when the victim must ask.",
    "obligation.requires_organ": "Name of the organ that must decide first.",
    "obligation.requires_war_state": "True when a state of war must follow.",
    "obligation.within_days": "The duty lapses so many days after signature.",
    "obligation.condition": "Further facts that must hold.",
    "obligation.layer": "Whether the article was public or secret.",
    "obligation.prevails_over": "Ids of the treaties over which it prevails, where the text says so.",
    "obligation.yields_to": "Ids of the treaties to which it yields, where the text says so.",
    "practice.kind": "The event that was admitted.",
    "practice.since": "The first day on which practice admitted it.",
    "practice.threshold": "Who decides, case by case, whether it is grave enough.",
    "condition.fact": "The fact; docs/record.md lists those in use, as attacker_communist or war_with:RUS.",
    "condition.holds": "Whether the fact must hold (true) or must not.",
    "condition.says": "The condition in one sentence of our own.",
    "condition.applies_to": "Codes of the states for whom it is a condition; for all when left out.",
    "condition.otherwise": "What is owed when the condition is not met; nothing when left out.",
    "condition.judged_by": "Who judges whether it is met.",
    # areas
    "area.id": "A short name of the area, to which obligations refer.",
    "area.include": "Tokens what:whose, optionally @region, as territory:party@europe; docs/record.md explains them.",
    "area.exclude": "Tokens of what is left out.",
    "area.control": "Whose holding counts: by right, in fact, by recognition or by interest.",
    "area.says": "The area in one sentence of our own.",
    "suspension.states": "Codes of the states for whom promises rest.",
    "suspension.between": "Codes of the two states between whom promises rest.",
    "suspension.obligations": "Ids of the obligations that rest; all when left out.",
    "suspension.what": "What rests.",
    "reservation.state": "Code of the state that made it.",
    "reservation.obligations": "Ids of the obligations it is about; all when empty.",
    "reservation.effect": "What it does to the state's duty.",
    "reservation.says": "The reservation in one sentence of our own.",
    "reservation.level": "How strong the duty is instead, with effect = weaker.",
    "reservation.fact": "The fact on which the duty depends, with effect = condition.",
    "reservation.holds": "Whether that fact must hold (true) or must not.",
    "institution.name": "Its name.",
    "institution.kind": "What sort of institution it is.",
    "institution.seat": "Where it sits.",
    "institution.states": "Codes of the states in it; all members when left out.",
    "institution.absent": "Members that stayed out of it for a time.",
    "absent.state": "Code of the state that stayed out.",
    "development.day": "The day of the agreement or decision.",
    "development.name": "Its name.",
    "development.effect": "What it did to the treaty.",
    "development.says": "What it changed, in one sentence of our own.",
    "source.id": "A short name of the source, unique in the file and among the shared sources.",
    "source.title": "Its title.",
    "source.status": "How closely anybody looked: the text itself, a study or report about it, or common knowledge.",
    "source.author": "Who wrote or agreed it.",
    "source.date": "When it was written or published, as text.",
    "source.where": "The place in it, or where it is printed, as 34 UNTS 243.",
    "source.url": "Where it can be read.",
    "source.seen": "The day somebody looked; required unless the status is recalled, and then left out.",
}


# Tables whose every entry must name a source; the types cannot say so, `check` does.
_CITING = ("member", "eligible", "obligation", "area", "suspension", "reservation", "institution", "development")


def required(table: str) -> frozenset[str]:
    """The keys that an entry of `table` cannot do without in a file; a member names `state` or `states`."""
    keys = {f.name for f in msgspec.structs.fields(STRUCTS[table]) if f.required}
    if table == "treaty":
        keys.add("obligation")
    if table == "member":
        keys -= {"since"}  # the treaty's entry into force when left out
    return frozenset(keys | ({"source"} if table in _CITING else set()))


def meaning(table: str, key: str) -> str:
    """What `key` means in `table` ("member", "how"). Raises KeyError for a key that has no meaning written down."""
    if table == "treaty" and key in STRUCTS:
        return TABLE_MEANINGS[key]
    return MEANINGS.get(f"{table}.{key}") or MEANINGS[key]


def words(kind: Any) -> tuple[str, ...]:
    """The words that a type of the schema admits, alone or in a list; empty when it admits any text."""
    if get_origin(kind) is typing.Literal:
        return tuple(get_args(kind))
    if get_origin(kind) in (tuple, dict, types.UnionType, typing.Union):
        return tuple(word for part in get_args(kind) for word in words(part))
    return ()
