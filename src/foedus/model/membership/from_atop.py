"""A history from ATOP 5.0, the user's own copy: all alliances 1815-2018, on the record's states, rivalries and wars.

Democracy is V-Dem's polyarchy where the user has it. ATOP dates by signature, and knows the length of fixed terms and
whether a treaty provides for further members.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.errors import SourceError
from foedus.model.membership.from_record import FIRST, Frame, frame_of, lagged_and_filled
from foedus.model.membership.history import (
    ACCEDED,
    ENDED,
    FOUNDER,
    OPEN,
    STAYS,
    WENT,
    WITHDREW,
    History,
    Spell,
    Treaties,
)
from foedus.record import Record

LAST = 2018
_Floats = NDArray[np.float64]


def history_of_atop(record: Record, sources: Path | None) -> History:
    """Alliances of ATOP with two founders in the system or more. Raises SourceError for a file that is missing."""
    from foedus.sources import read

    frame = frame_of(record, LAST)
    alliances = read("atop_alliances", sources).sort("atopid")
    spells = _spells_by_year(read("atop_members", sources))
    by_alliance = {int(key[0]): part for key, part in spells.partition_by("atopid", as_dict=True).items()}
    at = frame.index()
    kept = [
        row for row in alliances.iter_rows(named=True)
        if len(_founders(by_alliance.get(row["atopid"]), row["begyr"], at)) >= 2 and row["begyr"] <= LAST
    ]  # fmt: skip
    made = [s for a, row in enumerate(kept) for s in _spells(a, row, by_alliance[row["atopid"]], frame)]
    try:
        democracy, change, n_filled = _democracy(read("democracy", sources), frame)
        notes = [f"{n_filled} state-years since 1900 without polyarchy take the mean of their year."]
    except SourceError as error:
        raise SourceError(f"{error}\nThe fits to ATOP need the data set democracy too.") from None
    notes.insert(0, f"{len(alliances) - len(kept)} alliances with fewer than two founders in the system are left out.")
    treaties = _treaties(kept, made, frame)
    return History(
        "atop", frame.states, FIRST, LAST, frame.here, democracy, change, frame.major, frame.place, treaties,
        tuple(sorted(made, key=lambda s: (s.joined, s.treaty, s.how, s.state))), frame.rivalries, frame.wars,
        f"{LAST}-12-31", tuple(notes),
    )  # fmt: skip


def _spells_by_year(phases: pl.DataFrame) -> pl.DataFrame:
    """Phases of one state in one alliance that touch (the next begins in the year of the last one's end) made one.

    Columns atopid, state, joined, left (OPEN: still in at the close).
    """
    raw = phases.select(
        "atopid",
        state="member_state",
        joined="yrent",
        left=pl.when(pl.col("yrexit").fill_null(0) == 0).then(OPEN).otherwise(pl.col("yrexit")),
    ).drop_nulls(["state", "joined"])
    pair = ["atopid", "state"]
    is_new = pl.col("joined") > pl.col("left").cum_max().shift(1).over(pair).fill_null(OPEN)
    numbered = raw.sort(*pair, "joined", "left").with_columns(spell=is_new.cast(pl.Int32).cum_sum().over(pair))
    return numbered.group_by(*pair, "spell").agg(pl.col("joined").min(), pl.col("left").max()).sort(*pair, "joined")


def _founders(spells: pl.DataFrame | None, begins: int, at: dict[str, int]) -> list[int]:
    if spells is None:
        return []
    return [at[s] for s, j in spells.select("state", "joined").iter_rows() if j <= begins and s in at]


def _spells(a: int, alliance: dict[str, int], spells: pl.DataFrame, frame: Frame) -> list[Spell]:
    at = frame.index()
    ends = alliance["endyr"] or OPEN
    found = []
    for state, joined, left in spells.select("state", "joined", "left").iter_rows():
        if state in at and joined <= LAST:
            how = FOUNDER if joined <= alliance["begyr"] else ACCEDED
            until = OPEN if left > LAST else int(left)
            found.append(Spell(a, at[state], int(joined), until, how, _left(at[state], until, ends, frame)))
    return found


def _left(state: int, left: int, alliance_ends: int, frame: Frame) -> int:
    if left == OPEN:
        return STAYS
    if left >= alliance_ends:
        return ENDED
    return WITHDREW if frame.here[left + 1 - FIRST, state] else WENT


def _treaties(kept: list[dict[str, int]], spells: list[Spell], frame: Frame) -> Treaties:
    ended = np.array([row["endyr"] or OPEN for row in kept])
    ended[ended > LAST] = OPEN
    return Treaties(
        tuple(f"atop-{row['atopid']}" for row in kept),
        np.array([row["begyr"] for row in kept]),
        ended,
        np.array([_by_itself(a, int(end), spells, frame) for a, end in enumerate(ended)]),
        np.array([row["defense"] == 1 for row in kept]),
        np.array([(row["proadd"] or 0) > 0 for row in kept]),
        np.array([_expires(row) for row in kept]),
    )


def _expires(alliance: dict[str, int]) -> float:
    """Last year of a fixed term, which ATOP gives in months; NaN for none."""
    if not alliance["speclgth"] or not alliance["length"]:
        return float("nan")
    return float((alliance["begyr"] * 12 + max(alliance["begmo"] or 1, 1) - 1 + alliance["length"]) // 12)


def _by_itself(a: int, ended: int, spells: list[Spell], frame: Frame) -> bool:
    """Whether two members or more outlived the alliance: otherwise it ended because a state did."""
    if ended == OPEN:
        return True
    last = [s.state for s in spells if s.treaty == a and s.joined <= ended <= s.left]
    return int(frame.here[ended + 1 - FIRST, last].sum()) >= 2


def _democracy(table: pl.DataFrame, frame: Frame) -> tuple[_Floats, _Floats, int]:
    """V-Dem's polyarchy, in [0, 1], of the year before, and its change."""
    at = frame.index()
    known = np.full((len(frame.here) + 2, len(frame.states)), np.nan)
    rows = table.select("ccode_state", "year", "v2x_polyarchy").drop_nulls().iter_rows()
    for state, year, value in rows:
        if state in at and 0 <= year - FIRST + 2 < len(known):
            known[year - FIRST + 2, at[state]] = value
    return lagged_and_filled(known, frame.here)
