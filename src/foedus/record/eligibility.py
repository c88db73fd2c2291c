"""Who may join a treaty on a day: by the treaty's own clauses, and by the law of the states that are neutral.

A treaty whose file has no [[eligible]] entry says nothing, and silence bars nobody: it is open to whom all its parties
agree to admit (Vienna Convention on the Law of Treaties, 1969, Article 15).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from foedus.record.record import Record
from foedus.record.schema import Eligibility, Treaty
from foedus.record.spell import in_force
from foedus.record.tables import Neutrality

_RANK = ("constitution", "treaty", "law")


def clauses(treaty: Treaty, day: date) -> tuple[Eligibility, ...]:
    """The clauses on who may join that hold on `day`."""
    return tuple(e for e in treaty.eligible if in_force(e.since, e.until, day))


def named(record: Record, treaty: Treaty, day: date) -> frozenset[str] | None:
    """Codes of all states that the clauses cover on `day`, members and others; None where the record has no clause."""
    if not treaty.eligible:
        return None
    found: set[str] = set()
    for clause in clauses(treaty, day):
        found.update(clause.states)
        found.update(*map(record.states_of, clause.regions))
        found.update(*(record.treaties[id_].members_on(day) for id_ in clause.members_of if id_ in record.treaties))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a state may not join a treaty. by : what bars it; says : in words, as the end of "Austria may not join: "."""

    by: Literal["text", "neutrality"]
    says: str


def bars(record: Record, treaty: Treaty, day: date) -> dict[str, Bar]:
    """State of the system that is no member on `day` -> what bars it from joining; a state that may join is not in it.

    The treaty's clauses first. Then neutrality by constitution, treaty or law, which bars a treaty with a pledge of
    defence, unless a clause leaves neutral members as they are.
    """
    found: dict[str, Bar] = {}
    held, covered = clauses(treaty, day), named(record, treaty, day)
    outside = set(record.system(day)).difference(treaty.members_on(day))
    if covered is not None:
        not_covered = Bar("text", f"{article_of(held)} does not cover it")
        found.update(dict.fromkeys(sorted(outside - covered), not_covered))
    if "defence" in record.pledges(treaty, day) and not any(c.admits_neutrals for c in held):
        for n in lawfully_neutral(record, day):
            if n.state in outside:
                found.setdefault(n.state, Bar("neutrality", f"it is neutral by {n.kind} since {n.since.year}"))
    return found


def free(record: Record, treaty: Treaty, day: date) -> tuple[str, ...] | None:
    """Codes of the states outside a treaty that may join it on `day`, sorted; None where the record has no clause."""
    if not treaty.eligible:
        return None
    barred = bars(record, treaty, day)
    return tuple(s for s in record.system(day) if s not in barred and s not in treaty.members_on(day))


def lawfully_neutral(record: Record, day: date) -> tuple[Neutrality, ...]:
    """What keeps states out of defence pacts on `day`, constitutions first; a policy alone does not."""
    held = (n for n in record.neutralities if n.is_law and in_force(n.since, n.until, day))
    return tuple(sorted(held, key=lambda n: _RANK.index(n.kind)))


def article_of(clauses: Iterable[Eligibility]) -> str:
    """ "Article 10", "Articles 3 and 7", or "its text" where no clause has a number."""
    numbers = list(dict.fromkeys(c.article for c in clauses if c.article))
    if not numbers:
        return "its text"
    return f"Article {numbers[0]}" if len(numbers) == 1 else f"Articles {', '.join(numbers[:-1])} and {numbers[-1]}"
