"""What a back-test asks at an origin and a horizon, and what happened: from any history of alliances.

All questions are about the states that were in the system at the origin and at the horizon, since the simulator founds
and ends no states, and about the end of a year. A defence tie is a treaty in force with a defence pledge that both
belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.futures.errors import RunError
from foedus.model.membership.history import ACCEDED, WITHDREW, History

Level = Literal["memberships", "exits", "accessions", "ties", "new ties", "lost ties", "founding pairs"]
LEVELS: tuple[Level, ...] = ("memberships", "exits", "accessions", "ties", "new ties", "lost ties", "founding pairs")
SAYS: dict[Level, str] = {
    "memberships": "Is this state a member of this treaty? Every state beside every treaty in force at the origin.",
    "exits": "Has this member gone, because it left or because the treaty ended?",
    "accessions": "Has this state joined this treaty, of which it was no member?",
    "ties": "Do these two states owe each other defence?",
    "new ties": "Do they, although they did not at the origin?",
    "lost ties": "Do they not, although they did at the origin?",
    "founding pairs": "Have these two states founded an alliance together (with others or alone) since the origin?",
}
COUNTS = ("foundings", "accessions", "withdrawals", "terminations")
_Flags = NDArray[np.bool_]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scene:
    """Who stood where at the origin: states in the system, treaties in force, members. Positions are the history's.

    states : (n,), treaties : (t,) positions. member (t, n), tied (n, n): at the end of `origin`.
    """

    history: History
    origin: int
    states: _Ints
    treaties: _Ints
    member: _Flags
    tied: _Flags


@dataclass(frozen=True, eq=False)
class Truth:
    """What was so at the end of `year`, over the states and treaties of a scene.

    here (n,): still in the system. member (t, n), tied (n, n). cofounded (n, n): have since founded an alliance
    together. sets : founders of each new alliance of two or more of these states, ascending. counts : by COUNTS, since
    the origin.
    """

    year: int
    here: _Flags
    member: _Flags
    tied: _Flags
    cofounded: _Flags
    sets: tuple[tuple[int, ...], ...]
    counts: dict[str, int]


@dataclass(frozen=True, eq=False)
class Question:
    """Units of one level: what happened (m,), and where each unit stands in the level's table of forecasts.

    at : index into a (t, n) or (n, n) table, raveled. labels (m, 2): clusters for the bootstrap, states 0 to n - 1 and
    treaties from n on.
    """

    level: Level
    happened: _Flags
    at: _Ints
    labels: _Ints


def scene(history: History, origin: int) -> Scene:
    """The scene of `origin`. Raises RunError for a year that the history does not hold."""
    if not history.first < origin <= history.last:
        raise RunError(
            f"{origin} is no origin: the data ({history.data}) go from {history.first + 1} to {history.last}."
        )
    inside = bound(history, origin)
    treaties, states = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(_here(history, origin))
    member = inside[np.ix_(treaties, states)]
    return Scene(history, origin, states, treaties, member, ties(member, history.treaties.has_defence[treaties]))


def bound(history: History, year: int) -> _Flags:
    """Who is a member of what at the end of `year`, (T, N): of treaties in force with two members in the system."""
    inside = np.zeros((len(history.treaties.id), len(history.states)), np.bool_)
    for s in history.spells:
        if s.joined <= year < s.left:
            inside[s.treaty, s.state] = True
    inside &= ((history.treaties.founded <= year) & (history.treaties.ended > year))[:, None]
    inside &= _here(history, year)
    inside[inside.sum(axis=1) < 2] = False
    return inside


def ties(member: _Flags, defence: _Flags) -> _Flags:
    """Pairs that share a treaty with a defence pledge, (n, n), symmetric, no diagonal."""
    inside = member[defence].astype(np.float64)
    together = inside.T @ inside > 0
    np.fill_diagonal(together, False)
    return np.asarray(together)


def truth(scene: Scene, horizon: int) -> Truth:
    """What happened by the end of origin + horizon. Raises RunError where the history ends before."""
    history, year = scene.history, scene.origin + horizon
    if year > history.last:
        says = f"{scene.origin} + {horizon} years lie beyond the data ({history.data}), which end in {history.last}"
        raise RunError(f"{says}. Ask for a shorter horizon or an earlier origin.")
    inside = bound(history, year)[:, scene.states]
    cofounded = np.zeros((len(scene.states),) * 2, np.bool_)
    sets = tuple(founders for founders in _founded(scene, year))
    for founders in sets:
        cofounded[np.ix_(founders, founders)] = True
    np.fill_diagonal(cofounded, False)
    return Truth(
        year=year,
        here=_here(history, year)[scene.states],
        member=inside[scene.treaties],
        tied=ties(inside, history.treaties.has_defence),
        cofounded=cofounded,
        sets=sets,
        counts=_counts(scene, year, len(sets)),
    )


def _founded(scene: Scene, year: int) -> list[tuple[int, ...]]:
    place = {int(s): k for k, s in enumerate(scene.states)}
    table, found = scene.history.treaties, []
    for a in np.flatnonzero((table.founded > scene.origin) & (table.founded <= year)).tolist():
        founders = tuple(sorted(place[s] for s in scene.history.founders(a) if s in place))
        if len(founders) >= 2:
            found.append(founders)
    return found


def _counts(scene: Scene, year: int, n_founded: int) -> dict[str, int]:
    """Events after the origin, to the end of `year`, of the states of the scene."""
    history, here = scene.history, set(scene.states.tolist())
    own = [s for s in history.spells if s.state in here]
    table = history.treaties
    ended = (table.ended > scene.origin) & (table.ended <= year) & table.by_itself
    return {
        "foundings": n_founded,
        "accessions": sum(s.how == ACCEDED and scene.origin < s.joined <= year for s in own),
        "withdrawals": sum(s.how_left == WITHDREW and scene.origin < s.left <= year for s in own),
        "terminations": int(ended.sum()),
    }


def questions(scene: Scene, found: Truth) -> list[Question]:
    """Every question at the horizon of `found` that has units."""
    n, here = len(scene.states), found.here
    lower = np.tril(np.ones((n, n), np.bool_), -1) & here[:, None] & here
    beside = np.broadcast_to(here, scene.member.shape)
    asked: list[tuple[Level, _Flags, _Flags]] = [
        ("memberships", beside, found.member),
        ("exits", beside & scene.member, ~found.member),
        ("accessions", beside & ~scene.member, found.member),
        ("ties", lower, found.tied),
        ("new ties", lower & ~scene.tied, found.tied),
        ("lost ties", lower & scene.tied, ~found.tied),
        ("founding pairs", lower, found.cofounded),
    ]
    return [_question(level, units, happened, n) for level, units, happened in asked if units.any()]


def _question(level: Level, units: _Flags, happened: _Flags, n: int) -> Question:
    row, column = np.nonzero(units)
    of_treaties = level in ("memberships", "exits", "accessions")
    labels = np.stack([row + n if of_treaties else row, column], axis=1)
    at = row * units.shape[1] + column
    return Question(level, happened.ravel()[at], at.astype(np.int64), labels.astype(np.int64))


def _here(history: History, year: int) -> _Flags:
    """States in the system at the end of `year` (the start of the next), (N,)."""
    return np.asarray(history.here[year + 1 - history.first], np.bool_)
