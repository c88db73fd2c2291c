"""Institutional depth against ATOP's own columns, joint practices, exercises."""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus import sources
from foedus.measure.depth import DEPTH, depth, institutions
from foedus.measure.exercises import exercise_pairs, jointness, mean_jointness
from foedus.measure.rank import rank_correlation
from foedus.record import Record


@cache
def alliances(folder: Path) -> pl.DataFrame:
    raw = sources.read("atop_alliances_v4_01", folder)
    return raw.rename({"milinst": "theirs_milinst", "formal": "theirs_formal"}).join(depth(raw), on="atopid")


def raw_columns(folder: Path) -> list[str]:
    return [c for c in sources.read("atop_alliances_v4_01", folder).columns if c not in ("milinst", "formal")]


def test_the_levels_are_those_of_the_file(shared_sources: Path) -> None:
    frame = alliances(shared_sources)
    assert depth(sources.read("atop_alliances_v4_01", shared_sources)).schema == DEPTH
    both = frame.drop_nulls(["milinst", "theirs_milinst"])
    assert both.height == 739 and (both["milinst"] == both["theirs_milinst"]).all()
    formal = frame.drop_nulls(["formal", "theirs_formal"])
    assert (formal["formal"] == formal["theirs_formal"]).all()
    filled = frame.with_columns(pl.col("estmode", "pubsecr", "organ1", "organ2").fill_null(0))  # unknown taken for no
    taken = frame.with_columns(taken=depth(filled.select(raw_columns(shared_sources)))["formal"])
    wrong = taken.filter(pl.col("taken") != pl.col("theirs_formal"))
    assert taken["theirs_formal"].count() == 744 and wrong.height == 8
    assert wrong["organ1"].null_count() == 8 and (wrong["theirs_formal"] == 0).all()


def test_counts(shared_sources: Path) -> None:
    frame = alliances(shared_sources)
    levels = dict(frame["theirs_milinst"].value_counts().iter_rows())
    assert levels == {0: 507, 1: 143, 2: 89, None: 6}
    assert dict(frame["theirs_formal"].value_counts().iter_rows()) == {0: 143, 1: 483, 2: 118, None: 1}
    ours = frame["milinst"]
    assert [(ours == k).sum() for k in range(3)] == [507, 143, 89] and ours.null_count() == 6


LEVELS = {3180: (2, 2), 3285: (2, 2), 1350: (1, 0)}
PRACTICES = {3180: 0.285714, 3285: 0.238095, 1350: 0.380952, 3130: 0.666667}


def test_single_treaties(shared_sources: Path) -> None:
    frame = alliances(shared_sources)

    def row(atopid: int) -> dict[str, object]:
        return frame.row(by_predicate=pl.col("atopid") == atopid, named=True)

    for atopid, expected in LEVELS.items():
        assert (row(atopid)["milinst"], row(atopid)["formal"]) == expected, atopid
    for atopid, value in PRACTICES.items():
        assert row(atopid)["interoperability"] == pytest.approx(value, abs=5.1e-7), atopid


def test_joint_practices(shared_sources: Path) -> None:
    frame = alliances(shared_sources)
    known = frame["interoperability"].drop_nulls()
    assert len(known) == 729
    assert float(str(known.mean())) == pytest.approx(0.0808, abs=5.1e-5)
    assert float(str(known.max())) == pytest.approx(0.8095, abs=5.1e-5)
    assert float(np.quantile(known.to_numpy(), 0.75)) == pytest.approx(0.1429, abs=5.1e-5)
    levels = rank_correlation(frame["interoperability"].to_list(), frame["theirs_milinst"].to_list(), 10)
    assert levels.rho == pytest.approx(0.9764, abs=5e-5)
    scores = sources.read("benson_clinton", shared_sources).select("atopid", score="Depth.score")
    both = frame.join(scores, on="atopid").drop_nulls(["interoperability", "score"])
    found = rank_correlation(both["interoperability"].to_list(), both["score"].to_list(), 10)
    assert found.n == 487 and found.rho == pytest.approx(0.7518, abs=5e-5)
    assert both.select(pl.corr("interoperability", "score")).item() == pytest.approx(0.8802, abs=5.1e-5)


def test_published_depth_rises_with_the_level(shared_sources: Path) -> None:
    scores = sources.read("benson_clinton", shared_sources)
    both = alliances(shared_sources).select("atopid", "milinst").join(scores, on="atopid")
    known = both.drop_nulls(["milinst", "Depth.score"])
    means = known.group_by("milinst").agg(n=pl.len(), mean=pl.col("Depth.score").mean()).sort("milinst").rows()
    assert [(level, n) for level, n, _ in means] == [(0, 316), (1, 97), (2, 74)]
    assert [m for *_, m in means] == pytest.approx([-0.4241, 0.2119, 1.5498], abs=5.1e-5)
    assert rank_correlation(known["milinst"].to_list(), known["Depth.score"].to_list(), 10).rho == pytest.approx(
        0.7782, abs=5.1e-5
    )
    columns = ("Depth.score", "Scope.score", "PotMilCapacity.score")
    for atopid, expected in ((3180, (-0.180, 0.114, 1.169)), (3285, (0.923, -0.165, 1.086))):
        row = scores.row(by_predicate=pl.col("atopid") == atopid, named=True)
        assert [row[c] for c in columns] == pytest.approx(expected, abs=5.1e-4)
    assert [float(str(scores[c].std())) for c in columns] == pytest.approx([0.8328, 0.9298, 0.9518], abs=5.1e-5)


def test_institutions_are_dated(record: Record) -> None:
    nato = record.treaty("nato")
    assert institutions(nato, date(1948, 1, 1)) == {}
    early, late = (sum(institutions(nato, date(y, 12, 31)).values()) for y in (1949, 2020))
    assert 0 < early < late


def test_exercises() -> None:
    held = pl.DataFrame({"mmeid": list("abcd"), "s_year": [1999, 2000, 2001, 2003], "cpx": [0, 1, 0, 0]}).with_columns(
        land=pl.Series([1, 0, 0, 1]), air=0, sea=pl.Series([0, 0, 1, 0]), amphibious=0
    )
    who = pl.DataFrame({"mmeid": [*"aabbccddc"], "state_state": ["USA", "GBR"] * 4 + [None]}, schema_overrides={})
    pairs = exercise_pairs(held, who, 2001)
    assert pairs is not None and pairs.rows() == [("GBR", "USA", 2.5)]
    assert mean_jointness(pairs, ["USA", "GBR", "FRA"]) == pytest.approx(jointness(2.5) / 3)
    assert mean_jointness(pairs, ["USA"]) is None
    assert exercise_pairs(held, who, 2000) is None and exercise_pairs(held, who, 2004) is None


def test_exercises_of_nato(shared_sources: Path) -> None:
    held, who = (sources.read(n, shared_sources) for n in ("exercises", "exercise_participants"))
    pairs = exercise_pairs(held, who, 2005)
    assert pairs is not None and exercise_pairs(held, who, 2015) is None
    close, apart = (mean_jointness(pairs, m) for m in (["USA", "GBR", "DEU"], ["USA", "GBR", "IRN"]))
    assert close is not None and apart is not None and 0 <= apart < close < 1
