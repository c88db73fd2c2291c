"""A history from the embedded record: works without any other data, and reaches to the record's last full year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from foedus.model.membership.history import (
    ACCEDED,
    CAME,
    ENDED,
    FOUNDER,
    OPEN,
    STAYS,
    WENT,
    WITHDREW,
    Dyad,
    History,
    Spell,
    Treaties,
)
from foedus.record import Record
from foedus.record.schema import SIGNATORIES, Member, Treaty

FIRST = 1816
CLASSES = ("closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy")
_LEFT = ("withdrawal", "denunciation", "expulsion", "lapse")
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the record knows of states by year, on which a history of any list of alliances stands; as in `History`."""

    states: tuple[str, ...]
    last: int
    here: _Bools
    major: _Floats
    place: _Floats
    rivalries: tuple[Dyad, ...]
    wars: tuple[Dyad, ...]

    def index(self) -> dict[str, int]:
        """Position of each state."""
        return {code: at for at, code in enumerate(self.states)}


def frame_of(record: Record, last: int) -> Frame:
    """What the record knows of states, from the start of 1816 to that of `last` + 1."""
    states = tuple(sorted({s.code for s in record.spells if record.states[s.code].kind != "entity"}))
    at = {code: i for i, code in enumerate(states)}
    years = range(FIRST, last + 2)
    here, major = np.zeros((len(years), len(states)), bool), np.zeros((len(years), len(states)))
    place = np.full((len(years), len(states), 2), np.nan)
    for row, year in enumerate(years):
        day = date(year, 1, 1)
        for code in record.system(day):
            here[row, at[code]] = True
            capital = record.capital(code, day)
            if capital:
                place[row, at[code]] = capital.lat, capital.lon
        for power in record.great_powers:
            held = power.since.year <= year - 1 and (power.until is None or power.until.year >= year - 1)
            major[row, at[power.state]] = max(major[row, at[power.state]], float(held))
    rivalries = tuple(
        Dyad(at[r.a], at[r.b], r.first_year, r.last_year or OPEN) for r in record.rivalries if {r.a, r.b} <= set(at)
    )
    return Frame(states, last, here, major, place, rivalries, _wars(record, at))


def _wars(record: Record, at: dict[str, int]) -> tuple[Dyad, ...]:
    """Pairs on opposite sides of a war, in the years in which both fought."""
    found = []
    for one in record.war_parties:
        for two in record.war_parties:
            if one.war == two.war and one.side < two.side and {one.state, two.state} <= set(at):
                first = max(one.since, two.since).year
                last = min(one.until.year if one.until else OPEN, two.until.year if two.until else OPEN)
                if first <= last:
                    found.append(Dyad(at[one.state], at[two.state], first, last))
    return tuple(found)


def history_of_record(record: Record) -> History:
    """The record's treaties of two states or more in the system, universal ones left out, to its last full year."""
    newest = max(t.checked for t in record.treaties.values())
    frame = frame_of(record, newest.year - 1)
    known = [t for t in record.treaties.values() if t.in_force and not t.universal and t.in_force.year <= frame.last]
    kept = [t for t in known if _n_founders(t, frame) >= 2]
    democracy, change, n_filled = _democracy(record, frame)
    notes = [f"{len(known) - len(kept)} treaties with fewer than two founders in the system are left out."]
    if n_filled:
        notes.append(f"{n_filled} state-years since 1900 without a class of regime take the mean of their year.")
    spells = sorted(
        (s for a, t in enumerate(kept) for m in t.member if (s := _spell(a, t, m, frame)) is not None),
        key=lambda s: (s.joined, s.treaty, s.how, s.state),
    )
    return History(
        "record", frame.states, FIRST, frame.last, frame.here, democracy, change, frame.major, frame.place,
        _treaties(record, kept), tuple(spells), frame.rivalries, frame.wars, f"{frame.last}-12-31", tuple(notes),
    )  # fmt: skip


def _n_founders(treaty: Treaty, frame: Frame) -> int:
    known = set(frame.states)
    return len({m.state for m in treaty.member if _how(m) == FOUNDER and m.role in SIGNATORIES and m.state in known})


def _how(member: Member) -> int:
    """Signatories that ratified late are founders: they took part in the founding."""
    if member.how in ("founding", "ratification"):
        return FOUNDER
    return ACCEDED if member.how in ("accession", "readmission") else CAME


def _spell(a: int, treaty: Treaty, member: Member, frame: Frame) -> Spell | None:
    """The spell of a signatory in event years; None for others, and for what begins after the last year."""
    if member.role not in SIGNATORIES or member.state not in frame.states or member.since.year > frame.last:
        return None
    left = OPEN if member.until is None else _year_before(member.until)
    joined = member.since.year
    if left > frame.last:
        left = OPEN
    if left == OPEN:
        how_left = STAYS
    elif member.how_left in _LEFT:
        how_left = WITHDREW
    else:
        how_left = ENDED if member.how_left in (None, "treaty_ended") else WENT
    return Spell(a, frame.states.index(member.state), joined, left, _how(member), how_left)


def _year_before(until: date) -> int:
    """Year of the last day within; `until` is the first day no longer."""
    return (until - timedelta(days=1)).year


def _treaties(record: Record, kept: Sequence[Treaty]) -> Treaties:
    ended = np.array([_year_before(t.ended) if t.ended else OPEN for t in kept])
    return Treaties(
        tuple(t.id for t in kept),
        np.array([t.in_force.year for t in kept if t.in_force]),
        ended,
        np.array([t.end_mode != "state_ended" for t in kept]),
        np.array(["defence" in record.pledges(t) for t in kept]),
        np.array([bool(t.open_to) for t in kept]),
        np.full(len(kept), np.nan),
    )


def _democracy(record: Record, frame: Frame) -> tuple[_Floats, _Floats, int]:
    """Class of regime over three, of the year before, and its change; the mean of the year where it is not known."""
    at = frame.index()
    known = np.full((len(frame.here) + 2, len(frame.states)), np.nan)  # row r: year FIRST - 2 + r
    for r in record.regimes:
        if r.state in at:
            last = min(r.last_year or frame.last, frame.last)
            known[max(r.first_year - FIRST + 2, 0) : last - FIRST + 3, at[r.state]] = CLASSES.index(r.regime) / 3.0
    return lagged_and_filled(known, frame.here)


def lagged_and_filled(known: _Floats, here: _Bools) -> tuple[_Floats, _Floats, int]:
    """(values of the year before, absolute change in that year, how many state-years since 1900 were filled).

    known (Y + 2, N): from two years before the first row of `here` (Y, N). A value that is not known takes the mean of
    those known in its year, 0 where there is none; a change that is not known is 0.
    """
    value, before = known[1:-1], known[:-2]
    n_known = np.maximum((~np.isnan(value) & here).sum(axis=1, keepdims=True), 1)
    mean = np.where(np.isnan(value) | ~here, 0.0, value).sum(axis=1, keepdims=True) / n_known
    unknown = np.isnan(value)
    change = np.nan_to_num(np.abs(value - before))
    return np.where(unknown, mean, value), change, int((unknown & here)[1900 - FIRST :].sum())
