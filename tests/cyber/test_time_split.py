"""Whether who shared attackers before says who will, beyond popularity: on made worlds, the galaxy and incidents."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus.cyber import (
    Alliance,
    CyberError,
    NoSharedThreats,
    before_and_after,
    galaxy_split,
    load_cfr,
    load_eurepoc,
    time_split,
)
from foedus.cyber.actors import check_sum, earlier_actors, origin

STATES = [f"S{i:02d}" for i in range(12)]
Attackers = dict[str, frozenset[str]]


def made(seed: int, *, in_blocs: bool) -> tuple[Attackers, Attackers]:
    """Sixty attackers early and sixty late, three victims each, popular states likelier; all in one half or in any."""
    rng = np.random.Generator(np.random.Philox(seed))
    popular = np.linspace(1.0, 3.0, 12)
    found: tuple[Attackers, Attackers] = ({}, {})
    for i in range(120):
        half = np.arange(12) % 2 == (i // 2) % 2 if in_blocs else np.ones(12, bool)
        p = popular * half / (popular * half).sum()
        found[i % 2][str(i)] = frozenset(STATES[k] for k in rng.choice(12, 3, replace=False, p=p))
    return found


def test_blocs_tell_what_comes_next() -> None:
    found = time_split(*made(1, in_blocs=True), STATES, samples=99)
    assert found.says_more and found.p == pytest.approx(0.01)
    assert found.beyond > 0.3 and found.by_jaccard > found.by_popularity
    assert (found.members, found.added, found.n_added) == (12, 180, 60)


def test_popularity_alone_is_not_taken_for_structure() -> None:
    """Of 16 worlds without structure about one falls below 5 %; more than four would be one in a thousand."""
    found = [time_split(*made(seed, in_blocs=False), STATES, samples=99, seed=seed) for seed in range(16)]
    assert sum(x.says_more for x in found) <= 4
    assert 0.3 < np.mean([x.p for x in found]) < 0.7
    assert np.mean([x.by_popularity for x in found]) > 0.3


def test_only_what_is_new_counts() -> None:
    early = {str(i): frozenset({STATES[i], STATES[i + 1]}) for i in range(6)}
    late = early | {str(i): frozenset(STATES[i : i + 4]) for i in range(3)}
    assert time_split(early, late, STATES, samples=99).added == 3 * (6 - 1)
    with pytest.raises(NoSharedThreats, match="0 joint reports were added"):
        time_split(early, early, STATES)


def test_what_cannot_be_told() -> None:
    early, late = made(2, in_blocs=True)
    with pytest.raises(NoSharedThreats, match="4 members are named both early and late"):
        time_split(early, late, STATES[:4])
    with pytest.raises(CyberError, match="expected 99 or more"):
        time_split(early, late, STATES, samples=20)
    with pytest.raises(NoSharedThreats, match="0 members"):
        time_split({}, late, STATES)


def test_incidents_are_cut_where_half_of_the_joint_ones_have_begun() -> None:
    rows = [("a", 2001, "X"), ("a", 2001, "Y"), ("b", 2005, "X"), ("b", 2005, "Y"), ("c", 2009, "X"), ("c", 2009, "Z")]
    rows += [("d", 2010, "Q"), ("d", 2010, "X")]
    frame = pl.DataFrame([*rows, ("e", None, "X")], schema=["incident", "year", "state"], orient="row")
    year, early, late = before_and_after(frame, ["X", "Y", "Z"])
    assert (year, set(early), set(late)) == (2006, {"a", "b"}, {"c", "d"})
    assert late["d"] == frozenset({"X"})
    assert before_and_after(frame, ["X"])[0] == 0


def test_the_earlier_galaxy() -> None:
    came = origin("earlier")
    assert (came.galaxy_version, came.package) == (272, "pymispgalaxies 0.4")
    named = [a for a in earlier_actors() if a.victims]
    assert len(check_sum(named)) == 64
    assert len(named) < 138 and sum(len(a.victims) for a in named) < 815


def test_pairs_of_nato_in_a_later_galaxy(alliances: dict[str, Alliance]) -> None:
    found = galaxy_split(alliances["nato"].members)
    assert (found.members, found.added, found.n_added) == (27, 66, 7)
    assert found.by_popularity > found.by_jaccard > 0 and not found.says_more
    with pytest.raises(NoSharedThreats):
        galaxy_split(alliances["csto"].members)


@pytest.mark.needs_sources
def test_pairs_of_nato_in_later_incidents(alliances: dict[str, Alliance], shared_sources: Path) -> None:
    members = alliances["nato"].members
    for load, year, added in ((load_eurepoc, 2016, 166), (load_cfr, 2018, 161)):
        since, early, late = before_and_after(load(shared_sources)[0], members)
        found = time_split(early, late, members, samples=199)
        assert (since, found.added) == (year, added)
        assert found.beyond > 0.2 and found.p < 0.1
