"""Sets of states that founded an alliance, beside sets of the same size that did not: the table of a hyperevent model.

Draws are counter-based: those of one founding depend on the seed and on the founding alone, so the order of foundings,
a part of them or the number of workers changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.errors import FoedusError
from foedus.panel.build import FIRST_YEAR, Panel, system_of
from foedus.panel.catalogue import Column, Context, Note
from foedus.panel.sets import SetYears
from foedus.panel.system import Scheme, System
from foedus.record import Record
from foedus.record.schema import SIGNATORIES

MOST_SETS = 5_000_000  # of one founding; all sets of five among 195 states would be two thousand million
Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Founding:
    """One alliance begun. id : of the treaty, or the ATOP number. members : COW numbers, ascending."""

    id: str
    year: int
    members: Set


def kads(
    *,
    events: Literal["record", "atop"] = "record",
    non_events: int | Literal["all"] = 10,
    sizes: tuple[int, int] = (2, 60),
    first: int = FIRST_YEAR,
    last: int | None = None,
    source: Scheme | None = None,
    seed: int = 0,
    add: Sequence[str] = (),
    sources: Path | None = None,
    record: Record | None = None,
) -> Panel:
    """A panel with one row for each set of states: founders of an alliance, and sets that founded none in that year.

    events : foundings of the record (year of signature) or of ATOP 5.0. Founders outside the system in that year are
        left out, and a founding of fewer than `sizes[0]` or more than `sizes[1]` states is dropped; notes count both.
    non_events : how many sets of the same size to draw for each founding, evenly among those that founded nothing in
        that year and without repetition; "all" for every one of them. Fewer are given when there are no more.
    source : the list of states, as in `state_year`; the record's own for its foundings, COW's for those of ATOP.
    seed : a whole number; another one draws other sets.
    Columns: event, year, observed, k (size), members (COW numbers), states (our codes), share_drawn (of all sets of
    that size and year that founded nothing, the share in the table; 1 for the observed set). The first set of an event
    is the observed one. Raises FoedusError when "all" would be more than five million sets of one founding.
    """
    if non_events != "all" and (isinstance(non_events, bool) or not isinstance(non_events, int) or non_events < 0):
        raise FoedusError(f'non_events is {non_events!r}; expected a whole number from 0 on, or "all".')
    if events not in ("record", "atop"):
        raise FoedusError(f'"{events}" is no list of foundings; expected record or atop.')
    scheme = source or ("record" if events == "record" else "cow")
    system, context = system_of(first, last, scheme, "any_day", sources, record, "any")
    found = _of_record(context.record) if events == "record" else _of_atop(context)
    within = [f for f in found if first <= f.year <= system.last]
    kept, notes = _in_system(within, system, sizes)
    taken: dict[tuple[int, int], set[Set]] = defaultdict(set)
    for founding, members in kept:
        taken[founding.year, len(members)].add(members)
    parts = [_sets(f, members, system, taken[f.year, len(members)], non_events, seed) for f, members in kept]
    return _panel(kept, parts, system, first, notes, context).add(*add)


def _of_record(record: Record) -> list[Founding]:
    """Treaties that came into force, without the universal ones; founders that signed or guaranteed."""
    made = []
    for t in record.treaties.values():
        if t.in_force and not t.universal:
            founders = {m.state for m in t.member if m.how == "founding" and m.role in SIGNATORIES}
            cow = {record.states[s].cow for s in founders} - {None}
            made.append(Founding(t.id, t.signed.year, tuple(sorted(c for c in cow if c))))
    return made


def _of_atop(context: Context) -> list[Founding]:
    """Alliances of ATOP 5.0 with the members that entered on the day on which it began."""
    members = context.read("atop_members", ["atopid", "member", "yrent", "moent", "dayent"])
    day = pl.col("yrent").cast(pl.Int32) * 10_000 + pl.col("moent").fill_null(0).cast(pl.Int32) * 100
    days = members.with_columns(day=day + pl.col("dayent").fill_null(0))
    founders = days.filter(pl.col("day") == pl.col("day").min().over("atopid"))
    grouped = founders.group_by("atopid").agg(pl.col("yrent").min(), pl.col("member").unique().sort()).sort("atopid")
    return [Founding(f"atop-{a}", y, tuple(m)) for a, y, m in grouped.iter_rows()]


def _in_system(
    found: Iterable[Founding], system: System, sizes: tuple[int, int]
) -> tuple[list[tuple[Founding, Set]], tuple[Note, ...]]:
    """Foundings with their members as indices in the system, and notes on what was left out."""
    kept, n_out, n_dropped = [], 0, 0
    for f in sorted(found, key=lambda f: (f.year, f.id)):
        index = system.index(np.array(f.members, dtype=np.int32), np.full(len(f.members), f.year))
        members = tuple(sorted(int(i) for i in index if i >= 0))
        n_out += len(f.members) - len(members)
        if sizes[0] <= len(members) <= sizes[1]:
            kept.append((f, members))
        else:
            n_dropped += 1
    notes = [Note("kads", "founders were outside the system in the year of the founding; they are left out", n_out)]
    notes.append(Note("kads", f"foundings had not {sizes[0]} to {sizes[1]} founders in the system; dropped", n_dropped))
    return kept, tuple(n for n in notes if n.n)


def _sets(
    founding: Founding, members: Set, system: System, taken: set[Set], non_events: int | str, seed: int
) -> tuple[NDArray[np.int32], float]:
    """The observed set and the others, shape (1 + m, k), and the share of all others that these are."""
    states = np.flatnonzero(system.member[:, founding.year - system.first])
    k = len(members)
    n_other = comb(len(states), k) - len(taken)
    asked = n_other if non_events == "all" else min(int(non_events), n_other)
    if asked > MOST_SETS:
        says = f"{founding.id}: {n_other:,} sets of {k} among {len(states)} states of {founding.year}"
        raise FoedusError(f"{says}, more than {MOST_SETS:,}. Ask for a number of non_events, or for smaller sizes.")
    others = _all(states, k, taken) if asked == n_other else _drawn(founding, states, k, taken, asked, seed)
    rows = np.array([members, *others], dtype=np.int32).reshape(-1, k)
    return rows, asked / n_other if n_other else 1.0


def _all(states: NDArray[np.int64], k: int, taken: set[Set]) -> list[Set]:
    return [s for s in combinations(states.tolist(), k) if s not in taken]


def _drawn(founding: Founding, states: NDArray[np.int64], k: int, taken: set[Set], asked: int, seed: int) -> list[Set]:
    """`asked` different sets, evenly among all that are not taken."""
    digest = hashlib.blake2b(founding.id.encode(), digest_size=8).digest()
    draw = np.random.Generator(np.random.Philox(key=[seed & (2**64 - 1), int.from_bytes(digest, "little")]))
    found: dict[Set, None] = {}
    while len(found) < asked:
        order = draw.random((256, len(states)))  # always as many, so that asking for more keeps the first ones
        for picked in np.sort(states[np.argpartition(order, k - 1, axis=1)[:, :k]], axis=1).tolist():
            if (one := tuple(picked)) not in taken and len(found) < asked:
                found[one] = None
    return list(found)


def _panel(
    kept: Sequence[tuple[Founding, Set]],
    parts: Sequence[tuple[NDArray[np.int32], float]],
    system: System,
    first: int,
    notes: tuple[Note, ...],
    context: Context,
) -> Panel:
    sizes = np.concatenate([np.full(len(rows), rows.shape[1]) for rows, _ in parts] or [np.zeros(0, dtype=np.int64)])
    state = np.concatenate([rows.ravel() for rows, _ in parts] or [np.zeros(0, dtype=np.int32)]).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    n_each = [len(rows) for rows, _ in parts]
    year = np.repeat(np.array([f.year for f, _ in kept], dtype=np.int16), n_each)
    observed = np.zeros(len(sizes), dtype=np.bool_)
    observed[np.cumsum([0, *n_each[:-1]])[: len(parts)]] = True
    share = np.where(observed, 1.0, np.repeat([p for _, p in parts], n_each))
    each = pl.DataFrame(
        {
            "set": pl.Series(np.repeat(np.arange(len(sizes)), sizes), dtype=pl.Int64),
            "members": pl.Series(system.number[state], dtype=pl.Int16),
            "states": pl.Series([system.code[i] for i in state.tolist()], dtype=pl.String),
        }
    )
    lists = each.group_by("set", maintain_order=True).agg("members", "states")
    frame = pl.DataFrame(
        {
            "event": pl.Series(np.repeat([f.id for f, _ in kept], n_each).tolist(), dtype=pl.String),
            "year": pl.Series(year, dtype=pl.Int16),
            "observed": observed,
            "k": pl.Series(sizes, dtype=pl.Int16),
            "members": lists["members"],
            "states": lists["states"],
            "share_drawn": pl.Series(share, dtype=pl.Float64),
        }
    )
    rows = SetYears(system, first, (year.astype(np.int32) - system.first), state, start)
    return Panel("kads", rows, frame, _COLUMNS, notes, context)


_SAYS = {
    "event": ("id", "Treaty of the record, or ATOP number"),
    "year": ("year", "Year of the founding"),
    "observed": ("true or false", "Whether these states founded the alliance, or are a set that founded none"),
    "k": ("states", "Size of the set"),
    "members": ("code", "COW (or Gleditsch-Ward) numbers of the members"),
    "states": ("code", "Our codes of the members"),
    "share_drawn": ("share", "Of all sets of this size and year that founded nothing, the share in the table"),
}
_COLUMNS = tuple(Column(c, "", "panel", unit, "derived", says) for c, (unit, says) in _SAYS.items())
