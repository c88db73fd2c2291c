"""The record beside ATOP: which alliances both hold, and every difference in dates, members and pledges.

ATOP dates foundings and accessions at signature and closes at the end of 2018; the comparison does the same: it sets
our day of signature against theirs where the record gives one, and leaves out what began later. One ATOP alliance may
be several treaties of the record (the three Anglo-Japanese ones) and the other way round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from foedus.panel.agreement import (
    DATES,
    MULTILATERAL,
    PLEDGES,
    SAME,
    YEAR,
    Agreement,
    Closeness,
    Compared,
    Difference,
    PledgeAgreement,
    Recall,
    Side,
    Spell,
)
from foedus.panel.explanations import FIELDS, Explanation, explanations
from foedus.record import Record, Treaty
from foedus.record.schema import SIGNATORIES, Member
from foedus.sources.atop import LAST_DAY


def against_atop(
    record: Record, alliances: pl.DataFrame, members: pl.DataFrame, only: Collection[str] | None = None
) -> Agreement:
    """Compare `record` with ATOP. alliances, members : schemas sources.ALLIANCES and sources.MEMBERS.

    only : ids of treaties; alliances that none of them claims are left out, except from recall and unknown_ids.
    """
    theirs = their_sides(record, alliances, members)
    claimed = _claimed(record)
    asked = (i for i, treaties in claimed.items() if only is None or any(t.id in only for t in treaties))
    both = sorted(set(asked) & theirs.keys())
    sides = {i: (our_side(record, claimed[i]), theirs[i]) for i in both}
    compared = {i: tuple(compare(*pair)) for i, pair in sides.items()}
    everything = [c for rows in compared.values() for c in rows]
    n_compared, n_agreed = Counter(c.field for c in everything), Counter(c.field for c in everything if c.agrees)
    return Agreement(
        n_alliances=len(both),
        unknown_ids=tuple(sorted(claimed.keys() - theirs.keys())),
        compared={field: n_compared[field] for field in FIELDS},
        agreed={field: n_agreed[field] for field in FIELDS},
        differences=tuple(d for i in both for d in _differences(i, claimed[i], compared[i])),
        closeness=tuple(_closeness(field, everything) for field in DATES),
        pledges=tuple(_pledges(pledge, sides.values()) for pledge in PLEDGES),
        recall=_recall(claimed, theirs),
        stale=_stale(claimed, compared),
    )


def compare(ours: Side, theirs: Side) -> Iterator[Compared]:
    """Every field of two sides set beside each other, in the order of FIELDS; states in alphabetical order."""
    yield _dates("signed", "", ours.signed, theirs.signed)
    yield _dates("ended", "", ours.ended, theirs.ended)
    for state in sorted(ours.members.keys() | theirs.members.keys()):
        here, there = ("a member" if state in side.members else "not a member" for side in (ours, theirs))
        yield Compared("members", state, here, there, None, here == there)
        if here == there:
            yield _dates("entry", state, ours.members[state][0], theirs.members[state][0])
            yield _dates("exit", state, ours.members[state][1], theirs.members[state][1])
    yield Compared("pledges", "", _list(ours.pledges), _list(theirs.pledges), None, ours.pledges == theirs.pledges)


def our_side(record: Record, treaties: Sequence[Treaty]) -> Side:
    """Treaties of the record told in ATOP's way: at signature, open when they outlast the data."""
    ended = None if any(t.ended is None for t in treaties) else max(t.ended for t in treaties if t.ended)
    entries = [(m.state, _signature(t, m), _closed(m.until)) for t in treaties for m in t.member if _counts(m)]
    return Side(
        signed=min(t.signed for t in treaties),
        ended=_closed(ended),
        members=_spells(entry for entry in entries if entry[1] <= LAST_DAY),
        pledges=frozenset(p for t in treaties for p in record.pledges(t)) & frozenset(PLEDGES),
    )


def their_sides(record: Record, alliances: pl.DataFrame, members: pl.DataFrame) -> dict[int, Side]:
    """ATOP's alliances by atopid, with the record's codes of states; a number nobody bears stays "COW 8152"."""
    entries: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    for row in members.iter_rows(named=True):
        entries[row["atopid"]].append((_code(record, row["cow"]), row["entry"], row["exit"]))
    return {
        row["atopid"]: Side(
            signed=row["begin"],
            ended=row["end"],
            members=_spells(entries[row["atopid"]]),
            pledges=frozenset(p for p in PLEDGES if row[p]),
        )
        for row in alliances.iter_rows(named=True)
    }


def _spells(entries: Iterable[tuple[str, date, date | None]]) -> dict[str, Spell]:
    """A state with several spells counts from its first entry to its last exit."""
    found: dict[str, Spell] = {}
    for state, since, until in entries:
        first, last = found.get(state, (since, until))
        found[state] = min(first, since), None if last is None or until is None else max(last, until)
    return found


def _claimed(record: Record) -> dict[int, list[Treaty]]:
    claimed: dict[int, list[Treaty]] = defaultdict(list)
    for treaty in record.treaties.values():
        for atopid in treaty.atop:
            claimed[atopid].append(treaty)
    return dict(claimed)


def _counts(member: Member) -> bool:
    return member.role in (*SIGNATORIES, "protected")


def _signature(treaty: Treaty, member: Member) -> date:
    """When ATOP would enter a member: at its own signature where recorded; a founder at the treaty's."""
    if member.signed:
        return member.signed
    return treaty.signed if member.how == "founding" and member.since == treaty.in_force else member.since


def _closed(day: date | None) -> date | None:
    """`day`, or None when it lies after the close of ATOP."""
    return day if day and day <= LAST_DAY else None


def _code(record: Record, cow: int) -> str:
    codes = record.codes_of_cow(cow)
    return codes[0] if codes else f"COW {cow}"


def _dates(field: str, state: str, ours: date | None, theirs: date | None) -> Compared:
    days = (ours - theirs).days if ours and theirs else None
    agrees = abs(days) <= SAME if days is not None else ours is theirs  # both open
    return Compared(field, state, str(ours or "open"), str(theirs or "open"), days, agrees)


def _list(words: Iterable[str]) -> str:
    return ", ".join(w for w in PLEDGES if w in set(words)) or "none"


def _differences(atopid: int, treaties: Sequence[Treaty], compared: Iterable[Compared]) -> Iterator[Difference]:
    ids = tuple(t.id for t in treaties)
    n_members = max(len({m.state for m in t.member}) for t in treaties)
    known = sorted(explanations(treaties), key=lambda e: e.rank)
    for c in compared:
        if not c.agrees:
            says = next((e.says for e in known if e.speaks_of(c.field, c.state, atopid)), "")
            yield Difference(atopid, ids, c.field, c.state, c.ours, c.theirs, c.days, n_members, says)


def _stale(
    claimed: Mapping[int, Sequence[Treaty]], compared: Mapping[int, Iterable[Compared]]
) -> tuple[Explanation, ...]:
    """Explanations of compared treaties that speak of no difference; several may speak of one, and none is stale."""
    used: set[Explanation] = set()
    known: dict[Explanation, None] = {}
    for atopid, rows in compared.items():
        own = explanations(claimed[atopid])
        known |= dict.fromkeys(own)
        apart = [c for c in rows if not c.agrees]
        used |= {e for e in own for c in apart if e.speaks_of(c.field, c.state, atopid)}
    return tuple(e for e in known if e not in used and e.field in FIELDS)


def _closeness(field: str, compared: Iterable[Compared]) -> Closeness:
    rows = [c for c in compared if c.field == field]
    days = [abs(c.days) for c in rows if c.days is not None]
    return Closeness(
        field=field,
        n_dated=len(days),
        same_day=sum(d == 0 for d in days),
        within_month=sum(d <= SAME for d in days),
        within_year=sum(d <= YEAR for d in days),
        n_one_open=sum(not c.agrees and c.days is None for c in rows),
    )


def _pledges(pledge: str, sides: Iterable[tuple[Side, Side]]) -> PledgeAgreement:
    n = Counter((pledge in ours.pledges, pledge in theirs.pledges) for ours, theirs in sides)
    return PledgeAgreement(pledge, n[True, True], n[True, False], n[False, True], n[False, False])


def _recall(claimed: Mapping[int, object], theirs: Mapping[int, Side]) -> tuple[Recall, ...]:
    everything = set(theirs)
    defence = {i for i, side in theirs.items() if "defence" in side.pledges}
    several = {i for i, side in theirs.items() if len(side.members) >= MULTILATERAL}
    kinds = {
        "defence pacts of three or more members": defence & several,
        "alliances of three or more members": several,
        "defence pacts": defence,
        "all alliances": everything,
    }
    return tuple(Recall(k, len(ids), tuple(sorted(ids - claimed.keys()))) for k, ids in kinds.items())
