"""The record beside ATOP: which alliances both hold, and every difference in dates, members and pledges.

ATOP dates foundings and accessions at signature and closes at the end of 2018; the comparison does the same: it sets
our day of signature against theirs where the record gives one, and leaves out what began later. One ATOP alliance may
be several treaties of the record (the three Anglo-Japanese ones) and the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from foedus.record import Record, Treaty
from foedus.record.schema import SIGNATORIES, Member
from foedus.sources.atop import LAST_DAY

SAME = 31  # days: dates closer than this agree; many are known to the month only
COMPARED = ("defence", "offence", "neutrality", "non_aggression", "consultation")


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the record and ATOP differ.

    field : signed, ended, members, entry, exit or pledges. days : how far apart two dates are, None for other fields.
    explained : the record's own explanation (differs_from_atop), "" when it has none.
    """

    atopid: int
    treaties: tuple[str, ...]
    field: str
    state: str
    ours: str
    theirs: str
    days: int | None
    explained: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The result of the comparison.

    n_alliances : ATOP alliances that the record claims; unknown_ids : claimed ids that ATOP does not have.
    n_foundings, n_entries, n_exits, n_members, n_pledges : how many were compared; agreed : how many of each agree
    (dates within 31 days). differences : all of them, explained or not.
    """

    n_alliances: int
    unknown_ids: tuple[int, ...]
    compared: dict[str, int]
    agreed: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Differences that the record does not explain."""
        return tuple(d for d in self.differences if not d.explained)


def against_atop(record: Record, alliances: pl.DataFrame, members: pl.DataFrame) -> Agreement:
    """Compare `record` with ATOP. alliances, members : schemas sources.ALLIANCES and sources.MEMBERS."""
    claimed: dict[int, list[Treaty]] = defaultdict(list)
    for treaty in record.treaties.values():
        for atopid in treaty.atop:
            claimed[atopid].append(treaty)
    theirs = {r["atopid"]: r for r in alliances.to_dicts()}
    spells: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in members.to_dicts():
        spells[row["atopid"]].append(row)
    compared: dict[str, int] = defaultdict(int)
    differences: list[Difference] = []
    for atopid in sorted(claimed.keys() & theirs.keys()):
        found = list(_alliance(record, atopid, claimed[atopid], theirs[atopid], spells[atopid], compared))
        differences += found
    off = defaultdict(int)
    for d in differences:
        off[d.field] += 1
    return Agreement(
        n_alliances=len(claimed.keys() & theirs.keys()),
        unknown_ids=tuple(sorted(claimed.keys() - theirs.keys())),
        compared=dict(compared),
        agreed={field: n - off[field] for field, n in compared.items()},
        differences=tuple(differences),
    )


def _alliance(
    record: Record,
    atopid: int,
    treaties: list[Treaty],
    theirs: dict[str, object],
    spells: list[dict[str, object]],
    compared: dict[str, int],
) -> Iterator[Difference]:
    ids = tuple(t.id for t in treaties)

    def told(field: str, ours: object, other: object, days: int | None = None, state: str = "") -> Difference:
        return Difference(atopid, ids, field, state, str(ours), str(other), days, _explained(treaties, field, state))

    signed = min(t.signed for t in treaties)
    yield from _dates("signed", signed, theirs["begin"], compared, told)
    ended = None if any(t.ended is None for t in treaties) else max(t.ended for t in treaties if t.ended)
    yield from _dates("ended", _closed(ended), theirs["end"], compared, told)
    yield from _members(record, treaties, spells, compared, told)
    compared["pledges"] += 1
    ours = {p for t in treaties for p in record.pledges(t)} & set(COMPARED)
    others = {p for p in COMPARED if theirs[p]}
    if ours != others:
        yield told("pledges", _list(ours), _list(others))


def _members(record, treaties, spells, compared, told):  # type: ignore[no-untyped-def]
    """Members missing on either side, and the entry and exit of those on both."""
    ours = _own_spells(record, treaties)
    theirs = {code: (s["entry"], s["exit"]) for s in spells for code in [_code(record, s["cow"])]}
    for s in spells:  # a state with two spells: its first entry, its last exit
        code = _code(record, s["cow"])
        entry, exit_ = theirs[code]
        both_end = None if s["exit"] is None or exit_ is None else max(s["exit"], exit_)
        theirs[code] = (min(s["entry"], entry), both_end)
    compared["members"] += len(ours.keys() | theirs.keys())
    for code in sorted(ours.keys() - theirs.keys()):
        yield told("members", "a member", "not a member", state=code)
    for code in sorted(theirs.keys() - ours.keys()):
        yield told("members", "not a member", "a member", state=code)
    for code in sorted(ours.keys() & theirs.keys()):
        for field, mine, other in zip(("entry", "exit"), ours[code], theirs[code], strict=True):
            yield from _dates(field, mine, other, compared, lambda *a, c=code: told(*a, state=c))


def _own_spells(record: Record, treaties: Iterable[Treaty]) -> dict[str, tuple[date, date | None]]:
    """State -> (first entry, last exit) in ATOP's way: at signature, nothing after the close of the data."""
    found: dict[str, tuple[date, date | None]] = {}
    for treaty in treaties:
        for m in treaty.member:
            entry = _signature(treaty, m)
            if m.role not in (*SIGNATORIES, "protected") or entry > LAST_DAY:
                continue
            exit_ = _closed(m.until)
            if m.state in found:
                first, last = found[m.state]
                entry, exit_ = min(first, entry), None if last is None or exit_ is None else max(last, exit_)
            found[m.state] = (entry, exit_)
    return found


def _signature(treaty: Treaty, member: Member) -> date:
    """When ATOP would enter a member: at its own signature where recorded; a founder at the treaty's."""
    if member.signed:
        return member.signed
    return treaty.signed if member.how == "founding" and member.since == treaty.in_force else member.since


def _closed(day: date | None) -> date | None:
    """`day`, or None when it lies after the close of ATOP."""
    return day if day and day <= LAST_DAY else None


def _code(record: Record, cow: object) -> str:
    codes = record.codes_of_cow(int(str(cow)))
    return codes[0] if codes else f"COW {cow}"


def _dates(field, ours, theirs, compared, told):  # type: ignore[no-untyped-def]
    compared[field] += 1
    if ours is None and theirs is None:
        return
    days = (ours - theirs).days if ours and theirs else None
    if days is None or abs(days) > SAME:
        yield told(field, ours or "open", theirs or "open", days)


_NAMED_IN_RECORD = {
    "entry": ("entry", "members", "in_force"),
    "exit": ("exit", "members", "ended"),
    "members": ("members",),
}


def _explained(treaties: Iterable[Treaty], field: str, state: str) -> str:
    """The first explanation of a treaty's file that begins with the field ("members: ...", "members SWE: ...")."""
    for word in _NAMED_IN_RECORD.get(field, (field,)):
        for treaty in treaties:
            for says in treaty.differs_from_atop:
                head = says.split(":", 1)[0].split()
                if head and head[0] == word and (len(head) == 1 or not state or state in head[1:]):
                    return says
    return ""


def _list(words: Iterable[str]) -> str:
    return ", ".join(w for w in COMPARED if w in set(words)) or "none"
