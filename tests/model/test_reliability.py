"""The published table to four decimals, rates by hand, predictions on unseen wars, the shipped fit byte for byte."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.model import ModelError, registry
from foedus.model.disputes import war
from foedus.model.errors import EventsError
from foedus.model.reliability.candidates import (
    CANDIDATES,
    EVERYTHING,
    SHIPPED,
    Candidate,
    folds,
    judged,
    judged_choice,
    left_out,
)
from foedus.model.reliability.commitments import REFERENCE, commitments
from foedus.model.reliability.logit import Prior, expit, mode, robust
from foedus.model.reliability.rates import ERAS, Rate, called_upon, era_of, rate
from foedus.model.reliability.reference import VARIANTS, Reference, first_differences, replicate
from foedus.model.reliability.scores import score
from foedus.model.reliability.shrunk import Sample, sample, shrunk
from foedus.model.reliability.together import left_out_at
from foedus.model.shipped import shipped

FOUR = 5e-5  # the table and our reference values have four decimals
SIX = 5e-7


@pytest.fixture(scope="module")
def table(shared_sources: Path) -> pl.DataFrame:
    return commitments(shared_sources)


@pytest.fixture(scope="module")
def called(shared_sources: Path) -> pl.DataFrame:
    return called_upon(shared_sources)


@pytest.fixture(scope="module")
def rows(shared_sources: Path) -> Sample:
    return sample(EVERYTHING, shared_sources)


@pytest.fixture(scope="module")
def table_4(table: pl.DataFrame) -> Reference:
    return replicate(table)


# --- Leeds and Anac (2005), Table 4 -------------------------------------------------------------------------------


def test_table_4(table_4: Reference) -> None:
    fit = table_4.fit
    assert fit.terms == ("constant", *REFERENCE)
    assert fit.n == 137 and fit.n_events == 93
    assert fit.coef == pytest.approx([3.6907, -0.7092, -0.9287, -1.5466, -1.4604, -1.3593], abs=FOUR)
    assert fit.se == pytest.approx([0.6391, 0.2977, 0.3586, 0.5163, 0.6041, 0.4805], abs=FOUR)
    assert table_4.se_robust == pytest.approx([0.6757, 0.3010, 0.3473, 0.5116, 0.5456, 0.4725], abs=FOUR)
    assert table_4.se_clustered == pytest.approx([0.8189, 0.4164, 0.3712, 0.4406, 0.4650, 0.6068], abs=FOUR)
    assert fit.coef / fit.se == pytest.approx([5.775, -2.382, -2.590, -2.996, -2.418, -2.829], abs=5e-4)
    assert fit.loglik == pytest.approx(-57.3446, abs=FOUR)
    assert table_4.null_log_likelihood == pytest.approx(-86.0013, abs=FOUR)
    assert 2 * (fit.loglik - table_4.null_log_likelihood) == pytest.approx(57.3134, abs=1e-4)
    assert table_4.mcfadden == pytest.approx(0.3332, abs=FOUR)
    assert table_4.aic == pytest.approx(126.6892, abs=1e-4)


def test_covariance_of_table_4(table_4: Reference) -> None:
    expected = [
        *(0.408404, -0.069174, -0.143689, -0.212170, -0.062571, -0.112799),
        *(0.088623, -0.006983, 0.025932, 0.034360, -0.019628),
        *(0.128614, 0.054271, -0.008026, 0.018962),
        *(0.266514, -0.054801, 0.018166),
        *(0.364903, 0.003381),
        0.230880,
    ]
    assert table_4.fit.covariance[np.triu_indices(6)] == pytest.approx(expected, abs=1e-6)


def test_predictions_of_table_4(table: pl.DataFrame, table_4: Reference) -> None:
    coef = table_4.fit.coef
    cases = {(0, 0, 0, 0, 0): 0.975653, (2, 2, 0, 0, 0): 0.602260, (2, 2, 1, 1, 1): 0.018865, (0, 2, 1, 0, 0): 0.571173}
    for x, expected in cases.items():
        assert float(expit(np.array([1, *x]) @ coef)) == pytest.approx(expected, abs=SIX)
    assert first_differences(table_4, table) == pytest.approx(
        dict(zip(REFERENCE, (-0.2989, -0.3720, -0.3017, -0.3221, -0.2780), strict=True)), abs=FOUR
    )
    means = table.select(REFERENCE).mean().row(0)
    assert float(expit(np.array([1, *means]) @ coef)) == pytest.approx(0.7423, abs=FOUR)
    design = np.column_stack([np.ones(137), table.select(REFERENCE).to_numpy()])
    y, p = table["honor3"].to_numpy(), expit(design @ coef)
    right = (p >= 0.5) == (y == 1)
    assert (right.sum(), right[y == 0].sum(), right[y == 1].sum()) == (112, 27, 85)
    assert score(y.astype(float), p).brier == pytest.approx(0.1319, abs=FOUR)


def test_footnotes(table: pl.DataFrame) -> None:
    mixed = replicate(table, "mixed-as-honoured").fit
    assert mixed.coef == pytest.approx([4.2348, -0.7023, -1.2049, -1.7706, -1.2376, -1.6099], abs=FOUR)
    assert mixed.se == pytest.approx([0.7243, 0.3083, 0.3866, 0.5551, 0.6222, 0.5033], abs=FOUR)
    assert mixed.loglik == pytest.approx(-53.1519, abs=FOUR)
    bilateral = replicate(table, "bilateral").fit
    assert bilateral.coef == pytest.approx([2.7945, -0.6374, -0.9514, -1.7199, -1.2504, -1.2993, 1.0976], abs=FOUR)
    assert bilateral.se == pytest.approx([0.7810, 0.2999, 0.3748, 0.5412, 0.6253, 0.4899, 0.6387], abs=FOUR)


def test_every_variant_runs_and_keeps_the_signs(table: pl.DataFrame) -> None:
    for name in VARIANTS:
        found = replicate(table, name)
        assert found.fit.n <= 137 and np.isfinite(found.se_clustered).all()
        assert (found.fit.coef[1:6] < 0).all(), name


def test_wars_bear_the_numbers_of_another_version(table: pl.DataFrame) -> None:
    # 154 and 157 do not exist in version 4.0, and 189 is another war there: the Ogaden, not Vietnam and Cambodia.
    found = dict(table.filter(pl.col("war").is_in([118, 154, 157, 189])).select("war", "year").unique().iter_rows())
    assert found == {118: 1929, 154: 1956, 157: 1956, 189: 1977}
    assert (len(table["war"].unique()), len(table["atopid"].unique())) == (33, 105)
    late = table.filter(pl.col("post45") == 1)
    assert (len(late), late["honor3"].sum()) == (28, 7)
    assert (table["regch2"].sum(), table.filter(pl.col("regch2") == 1)["honor3"].sum()) == (7, 2)


# --- rates --------------------------------------------------------------------------------------------------------


def test_rates(called: pl.DataFrame) -> None:
    counts = {
        (None, None): (146, 73), (None, ERAS[0]): (92, 61), (None, ERAS[1]): (54, 12), ("defence", None): (102, 42),
        ("defence", ERAS[0]): (59, 36), ("defence", ERAS[1]): (43, 6), ("offence", None): (42, 31),
        ("neutrality", None): (45, 35), ("non_aggression", None): (49, 18), ("consultation", None): (61, 24),
    }  # fmt: skip
    for (pledge, era), (n, honoured) in counts.items():
        found = rate(called, pledge, era)
        assert (found.called, found.honoured) == (n, honoured), (pledge, era)
    assert [era_of(date(y, 1, 1)) for y in (1944, 1945, 2026)] == [ERAS[0], ERAS[1], ERAS[1]]


def test_one_war_weighs_much(called: pl.DataFrame) -> None:
    early = called.filter(pl.col("era") == ERAS[0])
    for number, n, honoured in ((139, 39, 25), (106, 14, 11)):
        own = early.filter(pl.col("cowwarid") == number)
        assert (len(own), own["honoured"].sum()) == (n, honoured)


@pytest.mark.parametrize(
    ("honoured", "n", "low", "high"),
    [(73, 146, 0.4196, 0.5804), (61, 92, 0.5626, 0.7534), (12, 54, 0.1276, 0.3457)],
)
def test_jeffreys(honoured: int, n: int, low: float, high: float) -> None:
    assert Rate(honoured, n).interval() == pytest.approx((low, high), abs=FOUR)


def test_prior_counts_each_commitment_half() -> None:
    assert Rate(6, 43).prior() == (3.25, 18.75)


def test_the_era_offset(rows: Sample) -> None:
    assert rows.era_mean == pytest.approx(-1.9296, abs=FOUR)


# --- wars that the model has not seen -----------------------------------------------------------------------------


def test_the_bar(rows: Sample) -> None:
    found = judged(rows, CANDIDATES[0])
    assert (found.brier, found.log_loss, found.auc, found.correct) == pytest.approx(
        (0.1550, 0.5002, 0.8074, 0.7518), abs=FOUR
    )
    base = np.full(137, rows.y.mean())
    assert score(rows.y, base).brier == pytest.approx(0.2180, abs=FOUR)
    assert score(rows.y, base).log_loss == pytest.approx(0.6277, abs=FOUR)


def test_leaving_out_single_rows(table: pl.DataFrame) -> None:
    from foedus.model.binary import regress

    x = np.column_stack([np.ones(137), table.select(REFERENCE).to_numpy()]).astype(float)
    y, p = table["honor3"].to_numpy().astype(float), np.empty(137)
    for i in range(137):
        kept = np.arange(137) != i
        p[i] = expit(x[i] @ regress(x[kept], y[kept], ("constant", *REFERENCE)).coef).item()
    found = score(y, p)
    assert (found.brier, found.log_loss, found.auc) == pytest.approx((0.1488, 0.4657, 0.8116), abs=FOUR)


def test_the_shipped_penalty_is_above_the_bar(rows: Sample) -> None:
    found = score(rows.y, left_out_at(rows, shipped("reliability").extra["penalty"]))
    assert found.brier < 0.150 and found.auc > 0.81


def test_choosing_the_penalty_inside_each_fold_is_above_the_bar(rows: Sample) -> None:
    found = judged(rows, SHIPPED)
    assert found.brier < 0.150 and found.auc > 0.81
    assert found.brier == pytest.approx(shipped("reliability").extra["unseen_wars"]["penalty chosen inside"]["brier"])


def test_choosing_inside_each_fold(rows: Sample) -> None:
    """On a few wars: a menu of one is that one, and the order of a menu does not matter."""
    few = rows.keep(np.isin(rows.war, np.unique(rows.war)[:14]))
    one, other = Candidate("one", REFERENCE, (1.0,)), Candidate("other", REFERENCE[:2], (10.0,))
    alone = [score(few.y, left_out_at(few.only(c.terms), c.penalties[0])) for c in (one, other)]
    for candidate, scores in zip((one, other), alone, strict=True):
        assert judged_choice(few, [candidate]).log_loss == pytest.approx(scores.log_loss, rel=1e-12)
    assert judged_choice(few, [one, other]) == judged_choice(few, [other, one])
    assert alone[0].log_loss != pytest.approx(alone[1].log_loss, rel=0.01)


@pytest.mark.slow
def test_the_price_of_having_looked(rows: Sample) -> None:
    """Choosing among all candidates inside each fold costs what was gained: no better than Table 4."""
    chosen, table_4 = judged_choice(rows), judged(rows, CANDIDATES[0])
    assert chosen.brier > judged(rows, SHIPPED).brier
    assert chosen.brier == pytest.approx(table_4.brier, abs=0.02)


@pytest.mark.parametrize("candidate", CANDIDATES[1:], ids=lambda c: c.name)
@pytest.mark.parametrize("penalty", [2.5, 40.0])
def test_all_folds_at_once_are_the_folds_one_by_one(rows: Sample, candidate: Candidate, penalty: float) -> None:
    own = rows.only(candidate.terms)
    one_by_one = left_out(own, lambda learn: shrunk(learn, penalty).coef)
    assert left_out_at(own, penalty) == pytest.approx(one_by_one, abs=1e-12)


def test_a_fold_without_both_outcomes_is_an_error(rows: Sample) -> None:
    two = rows.keep(np.isin(rows.war, [10, 139]))
    assert {*two.war.tolist()} == {10, 139} and not two.y[two.war == 10].any()
    with pytest.raises(EventsError, match="expected some of both"):
        left_out_at(two.only(REFERENCE), 10.0)


def test_a_fold_sees_nothing_of_its_war(rows: Sample) -> None:
    for learn, out in folds(rows):
        kept = rows.keep(learn)
        war = rows.war[out][0]
        assert war not in kept.war and war not in kept.eras[:, 0]
        assert len(kept.y) + out.sum() == 137
    flipped = Sample(
        rows.terms, rows.x, np.where(rows.war == 139, 1 - rows.y, rows.y), rows.war, rows.treaty, rows.eras
    )
    seen = rows.war == 139  # the answers of a war do not move its own predictions
    assert left_out_at(rows, 20.0)[seen] == pytest.approx(left_out_at(flipped, 20.0)[seen], abs=1e-12)


# --- the fit that ships -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_shipped_fit_is_made_again_byte_for_byte(shared_sources: Path) -> None:
    again = registry.fit("reliability", sources=shared_sources)
    assert again.to_json() == shipped("reliability").to_json(), "if the change is meant: foedus model fit --all"


def test_the_shipped_fit_holds_no_rows() -> None:
    fit = shipped("reliability")
    assert fit.terms == ("constant", *EVERYTHING) and (fit.n, fit.events) == (137, 93)
    assert (np.linalg.eigvalsh(fit.cov) > 0).all()
    assert fit.extra["base_rates"]["all"][ERAS[1]] == [12, 54]
    for term, rows_ in fit.extra["codings"].items():
        assert sum(n for row in rows_.values() for n in row.values()) > 50, term


def test_earlier_origins(shared_sources: Path) -> None:
    early = registry.fit("reliability", until=1944, spec={"judge": False}, sources=shared_sources)
    assert early.n == 109 and early.newest == "1939-12-31"
    # Without a later war in the rows, the era term is its prior.
    at = early.terms.index("post45")
    assert early.coef[at] == pytest.approx(-1.9296, abs=1e-3)
    assert early.se[at] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("spec", "until", "says"),
    [
        ({"term": ["milinst"]}, None, "no option is called term"),
        ({"terms": ["milinst", "depth"]}, None, '"depth" is no term'),
        ({"penalties": [-1.0]}, None, "must be above 0"),
        ({}, 1853, "too few"),
    ],
)
def test_choices_that_are_none(shared_sources: Path, spec: dict[str, object], until: int | None, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        registry.fit("reliability", until=until, spec=spec, sources=shared_sources)


# --- the mode under a prior ---------------------------------------------------------------------------------------


def test_a_flat_prior_is_maximum_likelihood(table: pl.DataFrame, table_4: Reference) -> None:
    x = np.column_stack([np.ones(137), table.select(REFERENCE).to_numpy()]).astype(float)
    found = mode(x, table["honor3"].to_numpy().astype(float), Prior(np.zeros(6), np.zeros(6)))
    assert found.coef == pytest.approx(table_4.fit.coef, abs=1e-6)
    assert found.covariance == pytest.approx(table_4.fit.covariance, abs=1e-6)


@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_the_slope_is_nought_at_the_mode(seed: int, precision: float) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(30), rng.normal(size=(30, 3))])
    y = np.concatenate([[0.0, 1.0], rng.integers(0, 2, 28)]).astype(float)
    prior = Prior(np.array([0.0, 0.5, -0.5, 0.0]), np.array([0.0, precision, precision, precision]))
    found = mode(x, y, prior)
    slope = x.T @ (y - expit(x @ found.coef)) - prior.precision * (found.coef - prior.mean)
    assert np.abs(slope).max() < 1e-7
    assert (np.linalg.eigvalsh(robust(x, y, found.coef, found.covariance)) > -1e-12).all()


def test_recovery() -> None:
    rng = np.random.Generator(np.random.Philox(7))
    true, inside = np.array([0.5, -1.0, 0.8]), 0
    for _ in range(200):
        x = np.column_stack([np.ones(400), rng.normal(size=(400, 2))])
        y = (rng.random(400) < expit(x @ true)).astype(float)
        found = mode(x, y, Prior(np.zeros(3), np.array([0.0, 0.01, 0.01])))
        inside += int((np.abs(found.coef - true) < 1.96 * np.sqrt(np.diag(found.covariance))).sum())
    assert 0.92 < inside / 600 < 0.98


def test_without_both_outcomes_there_is_no_fit() -> None:
    with pytest.raises(EventsError, match="expected some of both"):
        mode(np.ones((3, 1)), np.ones(3), Prior(np.zeros(1), np.zeros(1)))


def test_a_smaller_penalty_follows_the_rows_more(rows: Sample) -> None:
    loose, tight = shrunk(rows, 1.0).coef[1:6], shrunk(rows, 100.0).coef[1:6]
    assert (np.abs(loose) > np.abs(tight)).all()


# --- who wins -----------------------------------------------------------------------------------------------------


def test_war_outcomes(shared_sources: Path) -> None:
    # The reference leaves the war over Cyprus out, whose second round has no outcome in the file.
    wars = war.decisive(shared_sources)
    assert len(wars) == 77
    found = war.initiators(wars.filter(pl.col("warnum") != 184))
    assert found.n == 76
    assert found.coef == pytest.approx([0.5378, 0.3670], abs=FOUR)
    assert found.se == pytest.approx([0.2547, 0.1442], abs=FOUR)
    assert found.loglik == pytest.approx(-45.0935, abs=FOUR)
    assert found.n_events / found.n == pytest.approx(0.6579, abs=FOUR)


def test_the_contest(shared_sources: Path) -> None:
    # Nor does its symmetric model take two wars in which one side's participants ended differently.
    found = war.contest(war.decisive(shared_sources).filter(~pl.col("warnum").is_in([108, 148, 184])))
    assert (found.n, found.coef[0], found.se[0]) == (
        74,
        pytest.approx(0.4272, abs=FOUR),
        pytest.approx(0.1405, abs=FOUR),
    )
    assert found.loglik == pytest.approx(-45.6419, abs=FOUR)
    assert 3 ** found.coef[0] / (1 + 3 ** found.coef[0]) == pytest.approx(0.615, abs=5e-4)
