"""What the user said, as the conditions of treaties ask for it: true, false, contested, or nobody said.

A fact that was stated about one organ or treaty is read as the whole truth about organs: if the Council of one alliance
is reported to have acted and another is not mentioned, the other has not.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any

from foedus.casus.event import Event
from foedus.record import Obligation, Record, Treaty


class Answer(Enum):
    """How a fact stands."""

    YES = "yes"
    NO = "no"
    CONTESTED = "contested"
    UNKNOWN = "unknown"


_YES = {"yes", "true", "1", "assist"}
_NO = {"no", "false", "0", "none", ""}
_CONTESTED = ("contested", "suspected", "disputed", "unclear", "alleged", "claimed", "partly", "possibly")


def stated(value: Any) -> Answer:
    """A stated value as an answer; None is unknown, a text that is neither yes nor no is a yes with detail."""
    if value is None:
        return Answer.UNKNOWN
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    text = str(value).strip().casefold()
    if text.startswith(_CONTESTED):
        return Answer.CONTESTED
    if text == "unknown":
        return Answer.UNKNOWN
    return Answer.YES if text in _YES else Answer.NO if text in _NO else Answer.YES


def is_answer(value: Any) -> bool:
    """Whether a value answers a question: yes, no, contested (or a word for it), unknown."""
    text = str(value).strip().casefold()
    return isinstance(value, bool) or text in {*_YES, *_NO, "unknown"} - {""} or text.startswith(_CONTESTED)


def provoked(event: Event) -> Answer:
    """Whether those who are bound could say that the target provoked the attack."""
    return stated(event.facts.get("provoked"))


def requested(event: Event, record: Record, treaty: Treaty) -> Answer:
    """Whether the victim asked its allies for help: said so, or invoked this treaty."""
    if invokers(event, record, treaty) or mentions(record, treaty, None, str(event.facts.get("invoked", ""))):
        return Answer.YES
    asked = event.facts.get("request")
    return Answer.NO if isinstance(asked, str) and asked.casefold() == "diplomatic" else stated(asked)


def decided(event: Event, record: Record, treaty: Treaty, obligation: Obligation) -> Answer:
    """Whether the organ that the article needs has acted, by what is said of organs and invocations."""
    said = [str(event.facts[k]) for k in ("organ", "invoked") if k in event.facts]
    if not said:
        return Answer.UNKNOWN
    spoken = [text for text in said if mentions(record, treaty, obligation, text)]
    if spoken and treaty.universal and _needs_decision(obligation):
        return (
            Answer.YES
            if any(re.search(r"decid|decision|binding|sanction", text, re.I) for text in spoken)
            else Answer.UNKNOWN
        )
    if spoken and obligation.trigger == "organ" and not any(_is_decision(text) for text in spoken):
        return Answer.CONTESTED
    return Answer.YES if spoken else Answer.NO


def _is_decision(text: str) -> bool:
    """Whether a text says more of an organ than that it recommended something, which binds nobody clearly."""
    return not re.search(r"recommend", text, re.I) or bool(re.search(r"decid|decision|binding", text, re.I))


def _needs_decision(obligation: Obligation) -> bool:
    """Whether the article asks for a binding decision, so that a recommendation or an authorisation is not enough."""
    return obligation.level.startswith("must") and bool(
        re.search(r"decision|decided|action", obligation.requires_organ)
    )


def invokers(event: Event, record: Record, treaty: Treaty) -> frozenset[str]:
    """States said to have invoked this treaty: `invoked = "NATO Art. 4 by POL LIT"`; a semicolon parts clauses."""
    found: set[str] = set()
    for clause in str(event.facts.get("invoked", "")).split(";"):
        if not mentions(record, treaty, None, clause):
            continue
        named = clause.partition(" by ")[2]
        for word in re.findall(r"[A-Z]{3}", named):
            code = code_of(record, word, event)
            if code in {m.state for m in treaty.member}:
                found.add(code)
        if not named:
            found.update(t for t in event.targets if t in {m.state for m in treaty.member})
    return frozenset(found)


def code_of(record: Record, word: str, event: Event) -> str:
    """The code that an abbreviation in a text of facts means: COW's first in a file of cases, ours otherwise."""
    found = record.codes_of_abb(word) if event.facts.get("_cow_first") else ()
    return found[0] if found else (record.codes_of_code(word) or ("",))[0]


def invoked_article(event: Event, record: Record, treaty: Treaty) -> str:
    """The article that is said to have been invoked, for instance "4"; "" when none is named."""
    for clause in str(event.facts.get("invoked", "")).split(";"):
        if mentions(record, treaty, None, clause):
            found = re.search(r"Art(?:icle|\.)?\s*(\d+(?:\(\d+\))?)", clause)
            if found:
                return found[1]
    return ""


_COMMON = frozenset(
    re.findall(
        r"[a-z]+",
        "treaty pact alliance protocol charter declaration agreement security council mutual defence defense "
        "assistance organisation organization organ union states state members member unanimous unanimously majority "
        "thirds two decision decides heads government agreement consensus meeting general conference summit committee "
        "action against article common collective joint peace party parties by of the and in on its with any each as "
        "at to for or is no not",
    )
)


def words_of(text: str) -> frozenset[str]:
    """Words of a text that can name an organ or treaty: three letters or more, none of the common ones."""
    return frozenset(
        w
        for w in re.findall(r"[a-z0-9]{2,}", text.casefold())
        if w not in _COMMON and (len(w) > 2 or w in ("eu", "au", "un"))
    )


def mentions(record: Record, treaty: Treaty, obligation: Obligation | None, text: str) -> bool:
    """Whether `text` speaks of this treaty or the organ that `obligation` needs, by a name, alias or acronym."""
    said = words_of(text)
    if not said:
        return False
    names = [treaty.short, treaty.id.rsplit("-", 1)[0].replace("-", " "), *treaty.aliases]
    for name in names:
        wanted = words_of(name)
        if wanted and wanted <= said:
            return True
    if any(_acronyms(i.name) & said or _spoken_of(i.name, text) for i in treaty.institution):
        return True
    organ = words_of(obligation.requires_organ) if obligation else frozenset()
    return bool(organ & said)


@lru_cache(maxsize=4096)
def _acronyms(name: str) -> frozenset[str]:
    """Acronyms in an institution's name, and the initials of what it spells out: "North Atlantic Council" gives nac."""
    spelt = re.findall(r"[A-Z][a-z]+(?:\s+(?:(?:of|the|and|for|on)\s+)*[A-Z][a-z]+)+", name)
    initials = {"".join(re.findall(r"[A-Z]", words)) for words in spelt}
    found = {*re.findall(r"\b[A-Z]{3,6}\b", name), *(i for i in initials if len(i) > 2)}
    return frozenset(a.casefold() for a in found)


def _spoken_of(name: str, text: str) -> bool:
    """Whether a text names an institution, and not as the end of a longer one ("Peace and Security Council")."""
    plain = name.partition("(")[0].strip().casefold()
    if len(plain.split()) < 2:
        return False
    return re.search(rf"(?<!collective )(?<!and )\b{re.escape(plain)}\b", text.casefold()) is not None


def condition(event: Event, record: Record, treaty: Treaty, fact: str) -> Answer:
    """How a further fact of a condition stands: as said under its own key, or as the event shows it."""
    for key in (fact, fact.replace(":", "_").lower(), _ALSO.get(fact, fact)):
        if key in event.facts:
            return stated(event.facts[key])
    head, _, code = fact.partition(":")
    if code and head == "assists":
        return _conduct(event, record, code)
    if code and head == "war_with":
        return Answer.YES if code in event.states_attacking else Answer.UNKNOWN
    if fact == "attacker_party":
        parties = treaty.members_on(event.day)
        return Answer.YES if any(a in parties for a in event.states_attacking) else Answer.NO
    return Answer.UNKNOWN


_ALSO = {"recognised_territory": "recognised_territory_of_target"}


def _conduct(event: Event, record: Record, code: str) -> Answer:
    """Whether another ally assists: `assists = ["FRA"]`, or a key such as `france_acts`."""
    if code in event.facts.get("assists", ()):
        return Answer.YES
    for key, value in event.facts.items():
        if key.endswith("_acts") and record.means_state(key[: -len("_acts")].replace("_", " "), code):
            return stated(value)
    return Answer.UNKNOWN
