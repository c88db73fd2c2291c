"""A small invented world that lives by known hazards, so that a fit can be asked to find them again."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from foedus.model.membership import kernels
from foedus.model.membership.history import (
    ACCEDED,
    ENDED,
    FOUNDER,
    OPEN,
    STAYS,
    WITHDREW,
    Dyad,
    History,
    Spell,
    Treaties,
    standing_after,
)
from foedus.model.membership.standing import ACCESSION, TERMINATION, WITHDRAWAL
from foedus.model.membership.units import relations_of

FIRST, LAST, N = 1950, 1989, 20


@dataclass(frozen=True)
class Truth:
    """Coefficients by term; the others are 0."""

    accession: dict[str, float]
    withdrawal: dict[str, float]
    termination: dict[str, float]


TRUTH = Truth(
    accession={"one": 0.0, "log_distance": -0.6, "sqrt_tie": 0.5, "is_open": 1.0},
    withdrawal={"one": -4.0, "democracy_gap": 3.0, "sqrt_tie": -0.5, "rivals": 1.5},
    termination={"one": -3.0, "rivals": 2.0, "log_members": -0.5, "has_defence": 0.5},
)


def lived(seed: int) -> History:
    """Forty years: four foundings a year by two to five states, then what the hazards of TRUTH bring."""
    rng = np.random.default_rng(seed)
    history = _empty(rng)
    spells: list[Spell] = []
    founded: list[int] = []
    ended: list[int] = []
    defence, is_open = rng.random(300) < 0.5, rng.random(300) < 0.5
    for year in range(FIRST, LAST + 1):
        so_far = replace(
            history,
            last=max(year - 1, FIRST),
            spells=tuple(spells),
            treaties=_treaties(founded, ended, defence, is_open),
        )
        if year > FIRST and founded:
            _happen(so_far, year, rng, spells, ended)
        for _ in range(4):
            a = len(founded)
            founded.append(year)
            ended.append(OPEN)
            for i in sorted(rng.choice(N, rng.integers(2, 6), replace=False).tolist()):
                spells.append(Spell(a, i, year, OPEN, FOUNDER, STAYS))
    order = sorted(spells, key=lambda s: (s.joined, s.treaty, s.how, s.state))
    return replace(history, spells=tuple(order), treaties=_treaties(founded, ended, defence, is_open))


def _happen(so_far: History, year: int, rng: np.random.Generator, spells: list[Spell], ended: list[int]) -> None:
    """Terminations, then withdrawals, then accessions, all seen from the start of the year."""
    world = standing_after(so_far)
    assert world.year == year
    for a in np.flatnonzero(world.in_force).tolist():
        relation, n = relations_of(world, a)
        row = np.empty(len(TERMINATION))
        kernels.termination_row(
            float(year), np.flatnonzero(world.member[a]), world.states, world.treaties[a], relation, row
        )
        if _hits(rng, row, TERMINATION, TRUTH.termination):
            ended[a] = year
            _leave(spells, a, range(N), year, ENDED)
            continue
        for i in range(N):
            if world.member[a, i] and n >= 3:
                row = np.empty(len(WITHDRAWAL))
                kernels.withdrawal_row(
                    float(year), 20.0, n, i, world.since[a], world.states, world.treaties[a], relation, row
                )
                if _hits(rng, row, WITHDRAWAL, TRUTH.withdrawal):
                    _leave(spells, a, [i], year, WITHDREW)
            elif not world.member[a, i]:
                row = np.empty(len(ACCESSION))
                kernels.accession_row(
                    float(year), 20.0, n, i, world.since[a], world.left[a], world.states, world.treaties[a],
                    relation, row,
                )  # fmt: skip
                if _hits(rng, row, ACCESSION, TRUTH.accession):
                    spells.append(Spell(a, i, year, OPEN, ACCEDED, STAYS))
        if sum(s.treaty == a and s.left == OPEN for s in spells) < 2:  # left with fewer than two: it has ended
            ended[a] = year
            _leave(spells, a, range(N), year, ENDED)


def _hits(rng: np.random.Generator, row: np.ndarray, terms: tuple[str, ...], truth: dict[str, float]) -> bool:
    rate = np.exp(sum(row[terms.index(t)] * b for t, b in truth.items()))
    return bool(rng.random() < -np.expm1(-rate))


def _leave(spells: list[Spell], a: int, who: Collection[int], year: int, how: int) -> None:
    for at, s in enumerate(spells):
        if s.treaty == a and s.left == OPEN and s.state in who:
            spells[at] = s._replace(left=year, how_left=how)


def _empty(rng: np.random.Generator) -> History:
    years = LAST - FIRST + 2
    rivals = np.argwhere(np.triu(rng.random((N, N)) < 0.15, 1))
    return History(
        "invented", tuple(f"S{i:02}" for i in range(N)), FIRST, LAST, np.ones((years, N), bool),
        np.tile(rng.random(N), (years, 1)), np.zeros((years, N)),
        np.tile((rng.random(N) < 0.2).astype(np.float64), (years, 1)),
        np.tile(np.stack([rng.uniform(-60, 60, N), rng.uniform(-180, 180, N)], axis=1), (years, 1, 1)),
        _treaties([], [], np.zeros(0, bool), np.zeros(0, bool)), (),
        tuple(Dyad(int(i), int(j), FIRST, OPEN) for i, j in rivals), (), f"{LAST}-12-31",
    )  # fmt: skip


def _treaties(founded: list[int], ended: list[int], defence: np.ndarray, is_open: np.ndarray) -> Treaties:
    t = len(founded)
    return Treaties(
        tuple(f"t-{a}" for a in range(t)), np.array(founded, np.int64), np.array(ended, np.int64), np.ones(t, bool),
        defence[:t], is_open[:t], np.full(t, np.nan),
    )  # fmt: skip
