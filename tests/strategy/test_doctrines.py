"""Doctrines: what follows from what, the same draws for all, ranges that are none."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from foedus.record import Record
from foedus.strategy import COMPARED, Comparison, PlanError, StrategyError, compare, read_doctrines
from foedus.strategy.doctrine_file import SHIPPED
from foedus.strategy.doctrines import FINDINGS
from foedus.strategy.ensemble import occasions, pairs

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def nato(record: Record) -> Comparison:
    return compare(record, record.treaty("nato"), TODAY, read_doctrines(), draws=60)


def median(found: Comparison, doctrine: str, finding: str) -> float:
    row = found.frame.filter((pl.col("doctrine") == doctrine) & (pl.col("finding") == finding))
    value = row["median"][0]
    assert isinstance(value, float)
    return value


def test_the_table_is_whole(nato: Comparison) -> None:
    assert nato.frame.schema == COMPARED
    assert nato.frame.height == len(nato.doctrines) * len(FINDINGS) == 7 * len(FINDINGS)
    known = nato.frame.drop_nulls("median")
    assert (known["low"] <= known["median"]).all() and (known["median"] <= known["high"]).all()
    chances = nato.frame.filter(pl.col("finding").is_in(["held", "nuclear"]))
    assert chances["low"].min() >= 0 and chances["high"].max() <= 1  # type: ignore[operator]


def test_what_follows_from_what(nato: Comparison) -> None:
    """Consultation binds nobody; troops in place are there on day 0; more force never prevails less."""
    assert median(nato, "consultation only", "n_bound") == median(nato, "consultation only", "n_force") == 0
    assert median(nato, "tripwire", "days") == median(nato, "forward defence", "days") == 0
    assert median(nato, "rapid reaction", "days") > 0
    held = [
        median(nato, d, "held") for d in ("consultation only", "texts as they stand", "tripwire", "forward defence")
    ]
    assert held == sorted(held)
    assert median(nato, "automatic sanctions", "answer") < median(nato, "texts as they stand", "answer")
    assert median(nato, "consultation only", "n_come") < median(nato, "texts as they stand", "n_come")
    assert median(nato, "forward defence", "cost_bn") > median(nato, "tripwire", "cost_bn") > 0
    # same duties, same draws: what the doctrine leaves as it is does not change
    for finding in ("n_come", "held", "days"):
        assert median(nato, "cyber mutual aid", finding) == median(nato, "texts as they stand", finding)


def test_the_same_seed_gives_the_same_table(record: Record, nato: Comparison) -> None:
    again = compare(record, record.treaty("nato"), TODAY, read_doctrines(), draws=60)
    assert again.frame.equals(nato.frame)
    other = compare(record, record.treaty("nato"), TODAY, read_doctrines(), draws=60, seed=2)
    assert not other.frame.equals(nato.frame)


def test_events_are_rivals_against_members_that_they_reach(record: Record, nato: Comparison) -> None:
    assert ("RUS", "EST") in nato.events and ("RUS", "NOR") in nato.events
    assert ("RUS", "PRT") not in nato.events  # no border and no rivalry
    assert "Argentina" in nato.left_out  # too weak for its rival
    members = sorted(record.treaty("nato").members_on(TODAY))
    assert set(nato.events) <= set(pairs(record, members, TODAY))


def test_who_is_bound_is_what_the_engine_says(record: Record) -> None:
    members = sorted(record.treaty("nato").members_on(TODAY))
    found = {o.kind: o for o in occasions(record, members, TODAY, [("RUS", "EST")])}
    attack = found["armed_attack"]
    assert attack.bound.sum() == len(members) - 1 and not attack.bound[members.index("EST")]
    assert attack.km[members.index("EST")] == 0 and attack.km[members.index("USA")] > 6000


def test_no_rival_is_said(record: Record) -> None:
    with pytest.raises(StrategyError, match="knows no rival"):
        compare(record, record.treaty("uk-sweden-2022"), TODAY, read_doctrines(), draws=2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("attack_share = [0.3, 0.7]", "attack_share = [0.7, 0.3]", "common, attack_share: a range from 0 up to 1"),
        ("attack_share = [0.3, 0.7]", "attack_share = [0.3, 1.7]", "found [0.3, 1.7]"),
        ("present = 4", "present = -1", 'doctrine "tripwire", present: 0 or more'),
        ('armed_attack = "sanctions"', 'armed_attack = "letters"', "Invalid enum value 'letters'"),
        ("[common]", "[common", "Expected"),
    ],
)
def test_doctrines_that_cannot_be(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "doctrines.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_doctrines(file)
    assert says in str(caught.value) and "doctrines.toml" in str(caught.value)


def test_a_cost_once_used_needs_a_source(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("used_source = ", "# used_source = ")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match='"automatic sanctions", used_source: missing'):
        read_doctrines(tmp_path / "own.toml")
