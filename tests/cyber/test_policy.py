"""Policies: those that ship, and those that contradict themselves or the alliance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.cyber import (
    Alliance,
    CyberError,
    NoSharedThreats,
    PolicyError,
    break_even_precision,
    compare,
    played,
    read_policy,
)
from foedus.cyber.policy import SHIPPED, arranged, parse_policy
from foedus.cyber.results import inputs_of, shipped, shipped_for
from foedus.cyber.tlp import MARKINGS, level, strictest
from foedus.record import Record

HUB = 'title = "x"\nsharing = "hub"\n'


@pytest.mark.parametrize("name", SHIPPED)
def test_those_that_ship(alliances: dict[str, Alliance], name: str) -> None:
    here = alliances["nato"]
    members = arranged(read_policy(name), here.threats(), here.regions)
    assert members.told.shape == (32, 32) and np.diagonal(members.told).sum() == 0


def test_bilateral_graph_is_the_union_of_three_closest(alliances: dict[str, Alliance]) -> None:
    here = alliances["nato"]
    told = arranged(read_policy("bilateral"), here.threats(), here.regions).told
    assert (told == told.T).all()
    unnamed = here.threats().named == 0
    assert told[unnamed].sum() == 0
    assert (told[~unnamed].sum(axis=1) >= 1).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = 1\nsharing = 'hub'", "title"),
        ("title = 'x'\nsharing = 'gossip'", "sharing"),
        (HUB + "speed = 3", "speed"),
        ("title = ", "Invalid"),
        (HUB + "participation = 1.2", "participation: 1.2; expected 0 to 1"),
        (HUB + "participation = nan", "participation"),
        (HUB + "links = [['USA', 'GBR']]", 'belong to sharing = "bilateral"'),
        ("title = 'x'\nsharing = 'none'\nautomation = 0.5", "contradicts"),
        ("title = 'x'\nsharing = 'bilateral'", "either partners"),
        ("title = 'x'\nsharing = 'federated'", "needs them"),
        (HUB + "warning_within_days = 4.0\nitem_within_days = 3.0", "a warning comes first"),
        (HUB + "[release]\nmedian_days = 0.0", "median_days must be positive"),
        (HUB + "[tlp]\nclear = 0.5\ngreen = 0.4", "sum to 0.9"),
        (HUB + "automation = 1.0\n[tlp]\nclear = 0.8\nred = 0.2", "never handled by machines"),
        (HUB + "[tlp]\nclear = 1.0\n[tlp.coverage]\nred = 0.5", "named recipients"),
        (HUB + "[exercise]\nfactor = 0.2", "expected 0.5 to 1"),
        (HUB + "[[member]]\nstate = 'USA'\n[[member]]\nstate = 'USA'", "twice"),
        (HUB + "[[member]]\nstate = 'USA'\ngives = false\nreceives = false\nparticipation = 1.0", "neither gives"),
        (
            "title = 'x'\nsharing = 'federated'\n[[groups]]\nname = 'a'\nmembers = ['USA']\n"
            "[[groups]]\nname = 'b'\nmembers = ['USA']",
            "two groups",
        ),
    ],
)
def test_contradictions_are_named(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, "mine.toml")
    assert says in str(caught.value) and "mine.toml" in str(caught.value)


def test_every_problem_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(HUB + "participation = 2.0\nwillingness = -1.0\npartners = 3", "x")
    assert len(caught.value.problems) == 3


def test_a_stranger_and_a_member_without_a_group(alliances: dict[str, Alliance]) -> None:
    here = alliances["aukus"]
    with pytest.raises(PolicyError, match="FRA is no member"):
        arranged(parse_policy(HUB + "[[member]]\nstate = 'FRA'", "x"), here.threats(), here.regions)
    text = "title = 'x'\nsharing = 'federated'\n[[groups]]\nname = 'a'\nmembers = ['USA']"
    with pytest.raises(PolicyError, match="AUS belongs to none"):
        arranged(parse_policy(text, "x"), here.threats(), here.regions)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="there is no such file"):
        read_policy("hubb")
    (tmp_path / "big.toml").write_bytes(b"#" * (1 << 20 | 1))
    with pytest.raises(PolicyError, match="mebibyte"):
        read_policy(str(tmp_path / "big.toml"))
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="cannot be read"):
        read_policy(str(tmp_path / "odd.toml"))


def test_order_of_policies_in_nato(alliances: dict[str, Alliance]) -> None:
    here = alliances["nato"]
    averted = {n: played(read_policy(n), here.threats(), here.regions, n=20_000).averted for n in SHIPPED}
    assert averted["none"] == 0 < averted["bilateral"] < averted["federated"] < averted["hub"]
    assert averted["tlp"] < averted["hub"] < averted["nis2"] < averted["machine"]
    assert averted["reciprocal"] <= averted["hub"]


def test_exercises_shorten_what_people_do(alliances: dict[str, Alliance]) -> None:
    here = alliances["quad"]
    fresh, old = (
        arranged(parse_policy(HUB + f"[exercise]\nfactor = 0.6\nmonths_since = {m}", "x"), here.threats(), here.regions)
        for m in (0, 12)
    )
    assert (fresh.human_factor, old.human_factor) == pytest.approx((0.6, 0.8))


def test_compare_shares_its_luck_and_repeats(alliances: dict[str, Alliance]) -> None:
    here = alliances["quad"]
    policies = {n: read_policy(n) for n in ("none", "hub", "machine")}
    one, two = (compare(policies, here.threats(), here.regions, runs=12, campaigns=3000) for _ in range(2))
    assert all((a.averted == b.averted).all() for a, b in zip(one, two, strict=True))
    assert (one[0].averted == 0).all()
    low, middle, high = one[1].interval()
    assert 0 < low < middle < high < one[2].outcome.averted
    with pytest.raises(CyberError, match="10 or more"):
        compare(policies, here.threats(), here.regions, runs=3)


def test_an_alliance_without_shared_actors() -> None:
    from foedus.cyber import shared_matrix

    with pytest.raises(NoSharedThreats, match="not that nothing happened"):
        played(read_policy("hub"), shared_matrix(["ISL", "MNE"]), {})


def test_break_even() -> None:
    precision = break_even_precision(2.0, 10.0, 0.5)
    assert precision * 2.0 == pytest.approx((1 - precision) * 10.0 + 0.5)
    assert break_even_precision(1.0, 0.0, 2.0) > 1
    with pytest.raises(CyberError):
        break_even_precision(-1.0, 1.0, 1.0)


def test_levels() -> None:
    assert [level(x, "f") for x in ("TLP:WHITE", "tlp:amber+strict", "TLP:AMBER_STRICT", "Red")] == [
        "clear",
        "amber+strict",
        "amber+strict",
        "red",
    ]
    assert strictest(["green", "amber"]) == "amber" and strictest([]) == "red"
    import stix2

    for name in ("WHITE", "GREEN", "AMBER", "RED"):
        assert MARKINGS[getattr(stix2, f"TLP_{name}").id] == level(name, "f")


def test_shipped_results_are_of_today_s_inputs(record: Record, alliances: dict[str, Alliance]) -> None:
    from datetime import date

    from foedus.cyber import alliance

    assert {r.treaty for r in shipped()} >= {"nato-1949", "csto-1992", "quad-2007", "aukus-2021", "sco-2001"}
    for r in shipped():
        here = alliance(record, r.treaty, date(2026, 1, 1))
        threats = here.threats(exclude_inside_origin=True)
        assert r.inputs == inputs_of(threats), f"{r.treaty}: run tools/cyber_results.py"
        assert shipped_for(r.treaty, threats) == r
        found = played(read_policy("hub"), threats, here.regions, n=20_000)
        hub = next(p for p in r.policies if p.name == "hub")
        assert found.averted == pytest.approx(hub.averted, abs=4.5 * found.averted_error)
    assert shipped_for("nato-1949", replace(threats, actors=threats.actors[1:], members=threats.members[1:])) is None
