"""Membership: known coefficients come back, peers agree, the past does not see the future."""

from datetime import date

import numpy as np
import pytest
from tests.model.small_world import TRUTH, lived

from foedus.model import Collinear, Constant, FormulaError, ModelError, Separated
from foedus.model.membership import counts, founding, hazard, hazards, sizes
from foedus.model.membership.from_record import history_of_record
from foedus.model.membership.history import WITHDREW, History, standing_after, walk
from foedus.model.membership.units import Drawing, termination_units, withdrawal_units
from foedus.model.shipped import shipped
from foedus.record import load


@pytest.fixture(scope="module")
def record_history() -> History:
    return history_of_record(load())


@pytest.fixture(scope="module")
def invented() -> History:
    return lived(1)


@pytest.mark.parametrize("name", ["accession", "withdrawal", "termination"])
def test_known_hazards_are_found_again(invented: History, name: str) -> None:
    truth = getattr(TRUTH, name)
    spec = hazards.HazardSpec(since=1950, terms=tuple(truth), prior_sd=np.inf, of_pairs=0.3)
    fit = hazards.fit_history(hazards.PROCESSES[name], invented, spec)
    wide = np.maximum(fit.se, fit.extra["se_model"])  # 20 states are few clusters: clustered errors come out small
    off = (np.array(fit.coef) - [truth[t] for t in fit.terms]) / wide
    assert np.abs(off).max() < 3
    others = [k for k, t in enumerate(fit.terms) if t != "one"]
    assert np.all(np.sign(np.array(fit.coef)[others]) == np.sign([truth[fit.terms[k]] for k in others]))


def test_a_founding_model_is_found_again() -> None:
    """Sets drawn evenly: nothing explains them; the fit must not say otherwise."""
    spec = founding.FoundingSpec(controls=200, terms=("sqrt_activity", "log_distance", "rivals"))
    fit = founding.fit_history(lived(2), spec)
    assert np.abs(np.array(fit.coef) / fit.se).max() < 3
    assert fit.extra["ranking"]["log_score"] == pytest.approx(fit.extra["ranking"]["log_score_chance"], abs=0.1)


def test_the_estimate_equals_that_of_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(800), rng.normal(size=(800, 2)), rng.random(800) < 0.3])
    y = (rng.random(800) < hazard.probability(x, np.array([-3.0, 0.5, -0.3, 1.0]))).astype(float)
    w = np.where(y == 1, 1.0, rng.integers(1, 5, 800).astype(float))
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    peer = sm.GLM(y, x, family=family, freq_weights=w).fit(tol=1e-12)
    found = hazard.estimate(x, y, ["one", "a", "b", "c"], weight=w, prior_sd=None)
    assert found.coef == pytest.approx(peer.params, rel=1e-6)
    assert np.sqrt(np.diag(found.model)) == pytest.approx(peer.bse, rel=1e-5)
    assert found.loglik == pytest.approx(peer.llf, rel=1e-9)


def test_two_way_clusters_add_up() -> None:
    """With every row its own second cluster, the two-way errors are those of the first way alone."""
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    y = (rng.random(400) < 0.2).astype(float)
    first, own = np.repeat(np.arange(40), 10), np.arange(400)
    one = hazard.estimate(x, y, ["one", "a"], clusters=[first], prior_sd=None)
    two = hazard.estimate(x, y, ["one", "a"], clusters=[first, own], prior_sd=None)
    assert two.clustered == pytest.approx(one.clustered, rel=1e-9)
    assert not np.allclose(one.clustered, one.model, rtol=0.01)


def test_counts_equal_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(400), rng.random(400) < 0.5])
    n = rng.negative_binomial(2.0, 2.0 / (2.0 + np.exp(x @ [0.5, 0.7]))).astype(float)
    peer = sm.NegativeBinomial(n, x).fit(disp=0, maxiter=500, gtol=1e-10)
    found, covariance, loglik = counts.estimate(x, n)
    assert [*found[:2], np.exp(found[2])] == pytest.approx(peer.params, rel=1e-4)
    assert np.sqrt(np.diag(covariance))[:2] == pytest.approx(peer.bse[:2], rel=1e-3)
    assert loglik == pytest.approx(peer.llf, rel=1e-8)


def test_what_cannot_be_told_is_refused() -> None:
    rng = np.random.default_rng(7)
    a = rng.random(300)
    y = (rng.random(300) < 0.2).astype(float)
    one = np.ones(300)
    with pytest.raises(Constant, match="flat"):
        hazard.estimate(np.column_stack([one, 0 * a + 2]), y, ["one", "flat"])
    with pytest.raises(Collinear, match="b"):
        hazard.estimate(np.column_stack([one, a, 1 - 2 * a]), y, ["one", "a", "b"])
    never = np.where(y == 1, 0.0, rng.random(300) < 0.3)  # no event ever has it
    with pytest.raises(Separated, match="never"):
        hazard.estimate(np.column_stack([one, a, never]), y, ["one", "a", "never"], prior_sd=None)
    held = hazard.estimate(np.column_stack([one, a, never]), y, ["one", "a", "never"])
    assert -10 < held.coef[2] < 0 and np.isfinite(held.clustered).all()
    with pytest.raises(ModelError, match="no event"):
        hazard.estimate(np.column_stack([one, a]), 0 * y, ["one", "a"])


def test_a_fit_up_to_a_year_does_not_see_later_ones(record_history: History) -> None:
    """The history of 1990 is the same whether the record went on or not."""
    early = record_history.up_to(1990)
    again = record_history.up_to(2005).up_to(1990)
    assert early.digest() == again.digest() and early.last == 1990
    assert (
        max(s.joined for s in early.spells) <= 1990 and early.treaties.ended[early.treaties.ended < 9999].max() <= 1990
    )
    fits = [hazards.fit_history(hazards.PROCESSES["termination"], h) for h in (early, again)]
    assert fits[0] == fits[1] and fits[0].newest == "1990-12-31"


def test_the_world_after_a_history_has_not_aged_a_year_more(record_history: History) -> None:
    """A walk that is asked for one year more goes on in the arrays that it handed out."""
    last = next(s for s, _ in walk(record_history) if s.year == record_history.last + 1)
    after = standing_after(record_history)
    np.testing.assert_array_equal(after.states, last.states)
    np.testing.assert_array_equal(after.joint, last.joint)


def test_who_stands_in_what_is_what_the_record_says(record_history: History) -> None:
    """Members on the first day after the history, by treaty and state."""
    record = load()
    world = standing_after(record_history)
    day = date(record_history.last + 1, 1, 1)
    for treaty in ("nato-1949", "csto-1992", "eu-2009"):
        a = record_history.treaties.id.index(treaty)
        found = {record_history.states[i] for i in np.flatnonzero(world.member[a])}
        assert found == set(record.treaties[treaty].members_on(day))
    a = record_history.treaties.id.index("nato-1949")
    france, turkey = (record_history.states.index(c) for c in ("FRA", "TUR"))
    assert world.since[a, france] == 1949 and world.since[a, turkey] == 1952
    assert world.shared[france, turkey] >= 1 and world.joint[france, turkey] > 0


def test_leaving_a_treaty_of_two_is_its_end(record_history: History) -> None:
    units = withdrawal_units(record_history, Drawing(since=1900))
    members = np.exp(units.x[:, units.terms.index("log_members")])
    assert members.min() >= 3 and units.event.sum() > 30
    left_pairs = [s for s in record_history.spells if s.how_left == WITHDREW]
    ended = termination_units(record_history, Drawing(since=1900))
    assert len(left_pairs) >= units.event.sum() and ended.event.sum() > 150
    assert len(np.unique(np.stack([ended.treaty, ended.year]), axis=1).T) == len(ended.event)  # once a year each


def test_every_draw_of_non_events_weighs_the_whole(record_history: History) -> None:
    """A fifth of the pairs' rows, weighted by five, adds up to about all of them, with the same events."""
    process = hazards.PROCESSES["accession"]
    some = hazards.units_of(process, record_history, hazards.HazardSpec(since=1990, of_pairs=0.2))
    every = hazards.units_of(process, record_history, hazards.HazardSpec(since=1990, of_pairs=1.0))
    assert some.event.sum() == every.event.sum()
    assert some.weight.sum() == pytest.approx(every.weight.sum(), rel=0.01)
    assert len(some.event) < 0.6 * len(every.event)


def test_unknown_words_in_a_spec_are_named(record_history: History) -> None:
    with pytest.raises(FormulaError, match="rivals"):
        hazards.fit_history(
            hazards.PROCESSES["termination"], record_history, hazards.HazardSpec(terms=("one", "rival"))
        )
    with pytest.raises(ModelError, match="nato-1949"):
        hazards.fit_history(
            hazards.PROCESSES["termination"], record_history, hazards.HazardSpec(without=("nato-1948",))
        )


@pytest.mark.parametrize("name", ["founding-sizes", "founding-counts"])
def test_shipped_fits_are_made_again_with_the_same_bytes(record_history: History, name: str) -> None:
    module = {"founding-sizes": sizes, "founding-counts": counts}[name]
    again = module.fit_history(record_history)
    assert again.to_json() == shipped(name).to_json(), (
        "make them again: foedus model fit --all -o src/foedus/model/fitted"
    )


def test_shipped_fits_say_what_the_record_says(record_history: History) -> None:
    """Signs that a scholar would expect, well away from nought in the shipped fits."""
    z = {
        name: dict(zip(shipped(name).terms, np.array(shipped(name).coef) / shipped(name).se, strict=True))
        for name in ("founding", "accession", "withdrawal", "termination")
    }
    assert z["founding"]["log_distance"] < -5 and z["founding"]["shared_rivals"] > 3
    assert z["accession"]["log_nearest"] < -2 and z["accession"]["log_accessions_5y"] > 2
    assert z["withdrawal"]["log_exits_3y"] > 2 and z["termination"]["rivals"] > 2
    assert shipped("accession").data_hash == record_history.digest()
