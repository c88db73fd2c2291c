"""The shared-threat matrix: counts made once by hand from version 336 of the galaxy, and what it must keep to."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.cyber import Alliance, CyberError, actors, null_zscores, shared_matrix, victims_table
from foedus.cyber.actors import check_sum
from foedus.cyber.attack import load_attack, overlaps
from foedus.cyber.exposure import exposures, top_techniques
from foedus.cyber.null import trade
from foedus.cyber.shared import wilson

# members, named, naming any, two or more, three or more, shared of inside origin, pairs named together, mean Jaccard
TABLE = {
    "nato": (32, 27, 98, 52, 33, 3, 165, 0.059),
    "csto": (6, 6, 29, 9, 5, 4, 14, 0.166),
    "quad": (4, 4, 87, 32, 13, 0, 6, 0.213),
    "aukus": (3, 3, 75, 29, 8, 0, 3, 0.242),
    "sco": (10, 10, 67, 36, 16, 22, 42, 0.126),
    "five-eyes": (5, 5, 75, 32, 14, 0, 10, 0.178),
}
ORDER = ("nato", "csto", "quad", "aukus", "sco", "five-eyes")
VARIANTS = {
    "base": (138, (98, 52), (29, 9), (87, 32), (75, 29), (67, 36), (75, 32)),
    "relations": (145, (98, 52), (29, 9), (87, 32), (75, 29), (70, 37), (75, 32)),
    "blocs": (139, (100, 54), (29, 9), (88, 32), (76, 30), (67, 36), (76, 33)),
    "known_origin": (112, (80, 43), (23, 7), (76, 30), (65, 26), (57, 29), (65, 29)),
    "organisations": (139, (99, 53), (29, 9), (89, 32), (76, 30), (68, 36), (76, 33)),
}
PAIRS = {
    "nato": ("DEU-USA 27 0.329", "GBR-USA 26 0.356", "DEU-GBR 17 0.279", "FRA-USA 14 0.209", "CAN-GBR 13 0.371"),
    "csto": ("KAZ-RUS 6 0.222", "BLR-RUS 4 0.160", "KAZ-TJK 3 0.333", "BLR-KAZ 3 0.273", "KGZ-RUS 3 0.120"),
    "sco": ("CHN-RUS 12 0.293", "IRN-RUS 10 0.312", "CHN-IND 10 0.204", "IND-RUS 9 0.200", "IND-IRN 7 0.171"),
    "quad": ("IND-USA 21 0.284", "JPN-USA 16 0.205", "IND-JPN 11 0.229", "AUS-USA 11 0.164", "AUS-JPN 7 0.200"),
}
NAMED = (
    "USA 65 DEU 44 GBR 34 FRA 16 CAN 14 TUR 13 ESP 10 BEL 9 POL 9 SWE 7 ITA 6 DNK 5 NLD 5 NOR 5 CZE 4 LTU 4 HUN 3 ROU 3"
)


def test_actors_and_their_check_sum() -> None:
    found = [a for a in actors() if a.victims]
    assert (len(found), sum(len(a.victims) > 1 for a in found)) == (138, 103)
    assert len(frozenset[str]().union(*(a.victims for a in found))) == 118
    assert check_sum(found) == "c1ce2dfaba2a013f3acec11dba8b8672269ceb5089b8deec729dbf9ec14cf4b0"


@pytest.mark.parametrize("name", ORDER)
def test_reference_table(alliances: dict[str, Alliance], name: str) -> None:
    s = alliances[name].threats()
    above = s.pairs[np.triu_indices(len(s.members), 1)]
    mean = s.mean_jaccard
    assert mean is not None
    found = (len(s.members), int((s.named > 0).sum()), s.n_any, len(s.shared), len(s.at_least(3)), len(s.inside))
    assert (*found, int((above > 0).sum()), round(mean, 3)) == TABLE[name]
    assert len(s.rows) == len(s.shared)


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants(alliances: dict[str, Alliance], variant: str) -> None:
    found = [alliances[name].threats(variant=variant) for name in ORDER]
    assert (len(found[0].everyone), *((s.n_any, len(s.shared)) for s in found)) == VARIANTS[variant]


@pytest.mark.parametrize("name", PAIRS)
def test_top_pairs(alliances: dict[str, Alliance], name: str) -> None:
    found = alliances[name].threats().top_pairs(5)
    assert tuple(f"{a}-{b} {n} {j:.3f}" for a, b, n, j in found) == PAIRS[name]


def test_members_and_triples(alliances: dict[str, Alliance]) -> None:
    s = alliances["nato"].threats()
    said = NAMED.split()
    assert {m.state: m.named for m in exposures(s)} | dict(zip(said[::2], map(int, said[1::2]), strict=True)) == {
        m.state: m.named for m in exposures(s)
    }
    assert {m.state for m in exposures(s) if m.named == 0} == {"BGR", "ISL", "MNE", "MKD", "SVN"}
    assert sum({"DEU", "GBR", "USA"} <= a.victims for a in s.actors) == 15
    low, high = s.shared_interval or (0.0, 0.0)
    assert (round(low, 2), round(high, 2)) == (0.43, 0.63)


def test_an_alliance_attacked_from_inside(alliances: dict[str, Alliance]) -> None:
    s = alliances["sco"].threats(exclude_inside_origin=True)
    assert (s.n_any, len(s.shared)) == (21, 14)
    assert [f"{a}-{b} {n}" for a, b, n, _ in s.top_pairs(4)] == ["CHN-RUS 7", "IND-RUS 5", "IRN-RUS 5", "CHN-IRN 4"]


def test_the_table_of_names() -> None:
    found = victims_table()
    assert found.height == 170
    assert dict(found["kind"].value_counts().iter_rows()) == {"state": 125, "org": 26, "bloc": 19}
    states = found.filter(found["kind"] == "state")
    assert states["iso3"].null_count() == 0
    assert set(states.filter(states["cow"].is_null())["iso3"]) == {"HKG", "MAC", "PSE"}


def test_attack_overlap() -> None:
    attack = load_attack()
    assert (len(attack.groups), len(attack.techniques)) == (172, 691)
    found = overlaps(attack)
    assert len(found) == 6903
    assert (round(float(np.mean(found)), 3), round(float(np.median(found)), 3), round(found[-1], 3)) == (
        0.113,
        0.104,
        0.392,
    )


def test_techniques_are_of_shared_actors(alliances: dict[str, Alliance]) -> None:
    techniques, known, version = top_techniques(alliances["nato"].threats(), 3)
    assert version == "18.1" and techniques[0].id == "T1105"
    assert known >= techniques[0].actors >= techniques[1].actors


def test_a_variant_that_is_none() -> None:
    with pytest.raises(CyberError, match="expected one of base"):
        shared_matrix(["USA", "GBR"], variant="all")


@given(st.permutations(["USA", "DEU", "GBR", "FRA", "POL"]))
def test_order_of_members_only_permutes(order: list[str]) -> None:
    one, other = shared_matrix(sorted(order)), shared_matrix(order)
    place = [sorted(order).index(m) for m in order]
    assert (other.pairs == one.pairs[np.ix_(place, place)]).all()
    assert {a.uuid for a in one.shared} == {a.uuid for a in other.shared}


def test_wilson_interval() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@given(st.integers(0, 1000))
def test_a_trade_keeps_both_margins(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    before = rng.random((9, 7)) < 0.4
    after = trade(before, rng)
    assert (after.sum(axis=0) == before.sum(axis=0)).all()
    assert (after.sum(axis=1) == before.sum(axis=1)).all()


def test_trades_reach_every_matrix_equally_often() -> None:
    rng = np.random.Generator(np.random.Philox(1))
    now = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
    rows, columns = now.sum(axis=1), now.sum(axis=0)
    every = [np.array(m, bool).reshape(3, 3) for m in product((0, 1), repeat=9)]
    possible = [m.tobytes() for m in every if (m.sum(axis=1) == rows).all() and (m.sum(axis=0) == columns).all()]
    seen: dict[bytes, int] = dict.fromkeys(possible, 0)
    n = 6000
    for _ in range(n):
        now = trade(trade(now, rng), rng)
        seen[now.tobytes()] += 1
    expected = n / len(possible)
    # Successive matrices are correlated, so the bound is generous; a matrix never reached or twice as frequent fails.
    assert all(0.8 * expected < c < 1.2 * expected for c in seen.values())


def test_null_keeps_the_diagonal(alliances: dict[str, Alliance]) -> None:
    s = alliances["nato"].threats()
    null = null_zscores(s, samples=20)
    assert np.diagonal(null.expected) == pytest.approx(s.named)
    i, j = s.members.index("LTU"), s.members.index("POL")
    assert s.pairs[i, j] == 3 and null.z[i, j] > 2
