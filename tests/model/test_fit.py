"""Fitting: the example's likelihood, recovery of known coefficients, errors of every kind, what cannot be fitted."""

import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.model.conftest import Example

from foedus.model import Collinear, Constant, EventsError, FormulaError, ModelError, NotAtRisk, Separated, hyperevents
from foedus.model.hyperevents import logit, plain
from foedus.model.hyperevents.case_control import Sampling, case_control
from foedus.model.hyperevents.covariates import covariates_of
from foedus.model.hyperevents.events import Events, events_of, sets_of
from foedus.model.hyperevents.result import Fit
from foedus.model.hyperevents.statistics import Walk, compute

TOLERANCE = 1e-9  # of the worked example
FORMULA = "activity + subrep(2) + closure"


def at_risk_of(example: Example) -> pl.DataFrame:
    """The example counts enter < t <= exit on whole numbers; half-open that is one later on both sides."""
    last = example.data["exit"]
    return pl.DataFrame(
        {
            "actor": example.data["actors"],
            "entry": [example.data["enter"][a] + 1 for a in example.data["actors"]],
            "exit": [last[a] + 1 if a in last else None for a in example.data["actors"]],
        }
    )


def strata_of_table(table: hyperevents.CaseControl, columns: list[str]) -> logit.Strata:
    return logit.strata_of(np.column_stack([table.columns[c] for c in columns]), table.stratum, table.is_case)


def check_likelihood(strata: logit.Strata, expected: dict, beta: list[float]) -> None:
    value, scores, information = logit.evaluate(strata, np.array(beta))
    assert value == pytest.approx(expected["loglik"], abs=TOLERANCE)
    np.testing.assert_allclose(scores.sum(axis=0), expected["score"], atol=TOLERANCE)
    np.testing.assert_allclose(information, expected["information"], atol=TOLERANCE)


def test_the_examples_likelihood_over_its_controls(example: Example) -> None:
    target = example.data["partial_likelihood"]
    z = compute(example.events, example.time, example.sets, target["statistics"], example.half_life).T
    is_case = np.array([r["is_event"] for c in example.data["cases"] for r in c["rows"]], np.int8)
    strata = logit.strata_of(z, example.stratum, is_case)
    check_likelihood(strata, target["sampled"], target["beta"])
    assert logit.evaluate(strata, np.zeros(3))[0] == pytest.approx(target["sampled_beta0"], abs=TOLERANCE)


def test_the_examples_likelihood_over_all_sets(example: Example) -> None:
    target = example.data["partial_likelihood"]
    table = case_control(
        FORMULA, example.events, decay=example.half_life, at_risk=at_risk_of(example), drawing=Sampling(None)
    )
    sizes = np.unique(table.stratum, return_counts=True)[1]
    assert sizes.tolist() == [c["eligible_controls"] + 1 for c in example.data["cases"]]
    strata = strata_of_table(table, target["statistics"])
    check_likelihood(strata, target["full_risk_set"], target["beta"])
    assert logit.evaluate(strata, np.zeros(3))[0] == pytest.approx(target["full_beta0"], abs=TOLERANCE)


def test_the_examples_distribution_over_sets(example: Example) -> None:
    """The sampler's targets, by listing every set: fixed size, a mixture of sizes, and size left free."""
    target = example.data["sampler"]
    events, place = example.events, {a: i for i, a in enumerate(example.events.actors)}
    chosen = {k: list(combinations(sorted(place[a] for a in target["at_risk"]), k)) for k in (2, 3, 4)}
    eta = {}
    for k, sets in chosen.items():
        frame = pl.Series([[events.actors[i] for i in s] for s in sets])
        positions = sets_of(frame, events.actors, "sets")
        z = compute(events, np.full(len(sets), float(target["time"])), positions, list(target["beta"]))
        eta[k] = np.array(list(target["beta"].values())) @ z
    norm = {k: float(np.log(np.exp(e).sum())) for k, e in eta.items()}
    fixed, mixture, free = target["fixed_size_3"], target["size_mixture"], target["size_free"]
    assert norm[3] == pytest.approx(fixed["log_normaliser"]["3"], abs=TOLERANCE)
    shares = {int(k): v for k, v in mixture["size_distribution"].items()}
    alpha = {int(k): v for k, v in free["alpha"].items()}
    whole = math.log(sum(math.exp(alpha[k] + norm[k]) for k in alpha))
    assert whole == pytest.approx(free["log_normaliser"]["0"], abs=TOLERANCE)
    weights = {
        "fixed": {3: np.exp(eta[3] - norm[3])},
        "mixture": {k: shares[k] * np.exp(eta[k] - norm[k]) for k in shares},
        "free": {k: np.exp(eta[k] + alpha[k] - whole) for k in alpha},
    }
    for name, expected in (("fixed", fixed), ("mixture", mixture), ("free", free)):
        for actor, p in expected["inclusion_probability"].items():
            found = sum(w[[place[actor] in s for s in chosen[k]]].sum() for k, w in weights[name].items())
            assert found == pytest.approx(p, abs=TOLERANCE)
        top = {tuple(sorted(place[a] for a in one["set"])): one["p"] for one in expected["top10"]}
        for k, w in weights[name].items():
            for s, p in zip(chosen[k], w, strict=True):
                assert s not in top or top[s] == pytest.approx(p, abs=TOLERANCE)


def test_the_examples_covariates(example: Example, dyads: dict[tuple[str, str], float]) -> None:
    given = {"x": example.data["covariate_x"], "dem": example.data["covariate_dem"], "dist": dyads}
    known = covariates_of(given, example.events.actors)
    names = [n for n in example.expected if n.startswith(("x_", "dem_", "dist_"))]
    assert len(names) == 14
    for name in names:
        head, _, how = name.partition("_")
        found = known[head].aggregate(how, example.time, example.sets)
        expected = example.expected[name]
        np.testing.assert_allclose(found[~np.isnan(found)], expected[~np.isnan(found)], atol=TOLERANCE, err_msg=name)
        unknown = [
            all(given[head][example.events.actors[i]] is None for i in example.sets.of(r)) if head == "x" else False
            for r in range(len(example.sets))
        ]
        assert np.isnan(found).tolist() == unknown or how == "missing"


def simulated(
    beta: dict[str, float], n_events: int, seed: int, n_actors: int = 14, half_life: float | None = None
) -> Events:
    """Events of two or three of `n_actors`, each drawn from all sets by exp(beta . statistics), as the model says."""
    rng = np.random.default_rng(seed)
    actors = [f"a{i:02}" for i in range(n_actors)]
    sizes = rng.choice([2, 3], n_events)
    drawn: list[tuple[float, str, list[str]]] = []
    tables = {k: list(combinations(range(n_actors), k)) for k in (2, 3)}
    positions = {k: sets_of(pl.Series([[actors[i] for i in s] for s in t]), actors, "sets") for k, t in tables.items()}
    for t in range(n_events):
        k = int(sizes[t])
        eta = np.zeros(len(tables[k]))
        if drawn:
            events = events_of(drawn, actors=actors)
            walk = Walk(events, list(beta), half_life)
            eta = np.array(list(beta.values())) @ walk.fill(np.full(len(eta), float(t)), positions[k])
        p = np.exp(eta - eta.max())
        chosen = tables[k][rng.choice(len(p), p=p / p.sum())]
        drawn.append((float(t), f"e{t}", [actors[i] for i in chosen]))
    return events_of(drawn, actors=actors)


@pytest.fixture(scope="module")
def known() -> Events:
    """250 events with fading history: activity 0.3, subset repetition 0.6."""
    return simulated({"act_mean_d": 0.3, "sub2_mean_d": 0.6}, 250, 5, half_life=20.0)


def test_known_coefficients_come_back(known: Events) -> None:
    full = hyperevents.fit("activity + subrep(2)", known, controls=None, decay=20, scale=False, errors="model")
    truth = np.array([0.3, 0.6])
    assert (np.abs(np.array(full.coef) - truth) < 3 * full.se).all(), full.summary()
    assert (np.array(full.coef) > 0).all() and (full.se < 0.2).all()
    sampled = hyperevents.fit("activity + subrep(2)", known, controls=80, decay=20, scale=False)
    assert (np.abs(np.array(sampled.coef) - np.array(full.coef)) < 3 * sampled.se).all()
    assert full.ranking.log_score > full.ranking.log_score_chance
    # Centred statistics under the model equal those observed: the score is nought.
    assert full.n_rows > sampled.n_rows and full.n_cases == len(known)


def test_intervals_cover() -> None:
    """Of 40 small worlds about 95% of intervals hold the truth; fewer than 85% would mean wrong errors."""
    inside = []
    for seed in range(40):
        events = simulated({"act_mean_d": 0.4}, 40, 100 + seed, n_actors=9, half_life=10.0)
        found = hyperevents.fit("activity", events, controls=None, decay=10, scale=False, errors="model")
        inside.append(abs(found.coef[0] - 0.4) < 1.96 * found.se[0])
    assert np.mean(inside) >= 0.85


numbers = st.floats(-3, 3, allow_nan=False).map(lambda x: round(x, 3))
stratum = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=5)


@settings(max_examples=60)
@given(strata=st.lists(stratum, min_size=1, max_size=6), beta=st.tuples(numbers, numbers))
def test_likelihood_equals_the_twin(strata: list, beta: tuple[float, float]) -> None:
    z = np.array([row for rows in strata for row in rows])
    label = np.repeat(np.arange(len(strata)), [len(rows) for rows in strata])
    is_case = np.concatenate([[1] + [0] * (len(rows) - 1) for rows in strata]).astype(np.int8)
    value, scores, information = logit.evaluate(logit.strata_of(z, label, is_case), np.array(beta))
    expected = plain.likelihood(strata, beta)
    assert value == pytest.approx(expected[0], abs=1e-10)
    np.testing.assert_allclose(scores.sum(axis=0), expected[1], atol=1e-10)
    np.testing.assert_allclose(information, expected[2], atol=1e-10)


def table(seed: int = 0, n: int = 120, m: int = 6, beta: tuple[float, ...] = (0.8, -0.5)) -> pl.DataFrame:
    """Strata whose case is drawn by the model, with two normal terms."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, m, len(beta)))
    eta = z @ np.array(beta)
    p = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    case = np.array([rng.choice(m, p=row) for row in p])
    flat = z.reshape(-1, len(beta))
    return pl.DataFrame(
        {
            "stratum": np.repeat(np.arange(n), m),
            "is_case": (np.tile(np.arange(m), n) == np.repeat(case, m)).astype(int),
            "time": np.repeat(np.arange(n) // 2, m),
            "u": flat[:, 0],
            "v": flat[:, 1],
        }
    )


def newton_slowly(frame: pl.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Estimate, model and robust covariance from the twin's score and information alone."""
    strata = [
        [row[1:] for row in sorted(part.select(-pl.col("is_case"), "u", "v").iter_rows())]
        for part in frame.partition_by("stratum", maintain_order=True)
    ]
    beta = np.zeros(2)
    for _ in range(30):
        _, score, information = plain.likelihood(strata, beta.tolist())
        beta = beta + np.linalg.solve(np.array(information), np.array(score))
    each = np.array([plain.likelihood([rows], beta.tolist())[1] for rows in strata])
    inverse = np.linalg.inv(np.array(plain.likelihood(strata, beta.tolist())[2]))
    return beta, inverse, inverse @ each.T @ each @ inverse


def test_estimate_and_errors_equal_the_slow_way() -> None:
    frame = table()
    found = hyperevents.fit_table("u + v", frame, scale=False, errors="cluster")
    beta, model, robust = newton_slowly(frame)
    np.testing.assert_allclose(found.coef, beta, atol=1e-10)
    np.testing.assert_allclose(found.covariances["model"], model, atol=1e-10)
    np.testing.assert_allclose(found.covariances["robust"], robust, atol=1e-10)
    clustered = hyperevents.fit_table(
        "u + v", frame.with_columns(time=pl.col("stratum")), scale=False, errors="cluster"
    )
    np.testing.assert_allclose(clustered.cov, robust, atol=1e-12)
    assert not np.allclose(found.cov, robust, rtol=1e-3)


def test_the_fit_equals_that_of_r() -> None:
    """R 4.2.2, survival 3.5-3: coxph(Surv(1, case) ~ u + v + strata(stratum)), with and without cluster(stratum)."""
    found = hyperevents.fit_table("u + v", table(), scale=False)
    np.testing.assert_allclose(found.coef, [0.6582703760720979, -0.4206300756345679], rtol=1e-8)
    model = [[0.01342334730384295, -0.00156262082525585], [-0.00156262082525585, 0.01176488085355870]]
    robust = [[0.0128881135843298047, -0.0009436889180731525], [-0.0009436889180731525, 0.0108748131253457187]]
    np.testing.assert_allclose(found.covariances["model"], model, rtol=1e-8)
    np.testing.assert_allclose(found.covariances["robust"], robust, rtol=1e-8)
    assert found.loglik == pytest.approx(-189.9480854989891, rel=1e-10)


def test_scale_and_order_do_not_matter() -> None:
    frame = table()
    found = hyperevents.fit_table("u + v", frame, scale=False)
    scaled = hyperevents.fit_table("u + v", frame.with_columns(pl.col("u") * 1000 + 1e5))
    np.testing.assert_allclose(scaled.coef_unscaled * [1000, 1], found.coef, rtol=1e-8)
    np.testing.assert_allclose(scaled.z, found.z, rtol=1e-7)
    shuffled = hyperevents.fit_table("u + v", frame.sample(fraction=1, shuffle=True, seed=1), scale=False)
    np.testing.assert_allclose(shuffled.coef, found.coef, rtol=1e-10)


def test_a_result_survives_json_and_draws_follow_it() -> None:
    found = hyperevents.fit_table("u + v + u:v", table())
    again = Fit.from_json(found.to_json())
    assert again == found and again.to_json() == found.to_json()
    draws = found.draws(20_000, seed=3)
    np.testing.assert_allclose(draws.mean(axis=0), found.coef, atol=4 * found.se.max() / math.sqrt(20_000))
    np.testing.assert_allclose(np.cov(draws.T), found.cov, rtol=0.1, atol=2e-4)
    assert np.array_equal(draws, found.draws(20_000, seed=3))
    assert "u:v" in found.summary() and "se robust" in found.summary()
    for text in ("{}", "[1]", "no", '{"schema": "foedus-hyperevents/1"}'):
        with pytest.raises(ModelError, match="not a fitted model"):
            Fit.from_json(text)


def test_fits_by_size_and_period() -> None:
    frame = table(n=400).with_columns(size=2 + pl.col("stratum") % 2)
    rows = hyperevents.table_of(frame)
    split = hyperevents.by_size("u + v", rows, (2, 3))
    assert list(split.fits) == ["size from 2 to below 3", "size from 3"] and split.df == 2 and split.p > 0.001
    assert sum(f.n_cases for f in split.fits.values()) == 400
    periods = hyperevents.by_period("u + v", rows, (0, 100))
    assert len(periods.fits) == 2
    other = frame.with_columns(u=pl.when(pl.col("size") == 3).then(-pl.col("u")).otherwise("u"))
    assert hyperevents.by_size("u + v", hyperevents.table_of(other), (2, 3)).p < 1e-6


def test_what_a_class_does_not_tell_is_left_out_of_the_test() -> None:
    """v is the same within every stratum of size 2: that class is silent on it, and the test is on u alone."""
    frame = table(n=400).with_columns(size=2 + pl.col("stratum") % 2)
    frame = frame.with_columns(v=pl.when(pl.col("size") == 2).then(0.0).otherwise("v"))
    split = hyperevents.by_size("u + v", hyperevents.table_of(frame), (3,))
    assert list(split.fits) == ["size below 3", "size from 3"] and split.left_out["size below 3"] == {"v": "constant"}
    a, b = split.fits.values()
    apart = (a.coef[0] - b.coef[0]) ** 2 / (a.cov[0, 0] + b.cov[0, 0])  # two estimates of u: the plain Wald test,
    assert split.df == 1 and split.statistic == pytest.approx(apart, rel=1e-9)  # which the free v of one does not move
    said = split.summary(hyperevents.fit_table("u + v", frame, scale=False))
    assert "p = " in said and said.splitlines()[3].split()[:2] == ["v", "constant"], said


@pytest.mark.parametrize(("edges", "says"), [((), "none"), ((6, 3), "that rise"), ((9,), "all events are of one")])
def test_classes_that_are_none(edges: tuple[int, ...], says: str) -> None:
    with pytest.raises(ModelError, match=says):
        hyperevents.by_size("u", hyperevents.table_of(table().with_columns(size=2)), edges)


SEPARATED = table().with_columns(w=pl.col("is_case") * 1.0, c=pl.col("stratum") * 1.0, s=pl.col("u") + pl.col("v"))
MADE = {
    "gap": SEPARATED.with_columns(u=pl.when(pl.arange(pl.len()) == 7).then(None).otherwise("u")),
    "inf": SEPARATED.with_columns(u=pl.when(pl.arange(pl.len()) == 7).then(math.inf).otherwise("u")),
    "no case": SEPARATED.with_columns(is_case=pl.when(pl.col("stratum") == 3).then(0).otherwise("is_case")),
    "two cases": SEPARATED.with_columns(is_case=pl.when(pl.col("stratum") == 3).then(1).otherwise("is_case")),
    "lonely": SEPARATED.filter(pl.col("is_case") == 1),
    "text": SEPARATED.with_columns(u=pl.lit("high")),
    "joint": SEPARATED.with_columns(w=pl.col("u") - pl.col("is_case")),
    "": SEPARATED,
}


@pytest.mark.parametrize(
    ("name", "formula", "error", "says"),
    [
        ("", "u + c", Constant, "term c: the same for a case and all its controls"),
        ("", "u + w", Separated, r"term w \(highest\) for every case"),
        ("", "u + v + s", Collinear, "terms u, v, s: one follows from the others"),
        ("joint", "u + w", Separated, "together they tell all or nearly all"),
        ("", "u + nought", FormulaError, '"nought" is unknown'),
        ("", "u + actvity", FormulaError, "Near: activity"),
        ("", "u * v", FormulaError, r"only \+ and : join terms"),
        ("", "u + u", FormulaError, "occurs twice"),
        ("", "u + + ", FormulaError, "not understood"),
        ("", "subrep(0)", FormulaError, "whole number from 1"),
        ("", "mean(subrep)", FormulaError, '"subrep" is unknown'),
        ("", "activity", EventsError, "no column act_mean"),
        ("", "sqrt(u)", EventsError, "outside its domain"),
        ("gap", "u", EventsError, r'1 rows lack a covariate .* missing="drop"'),
        ("inf", "u", EventsError, r"row 8 \(stratum 1\) is not finite"),
        ("no case", "u", EventsError, "strata without a case: 3"),
        ("two cases", "u", EventsError, "more than one case: 3"),
        ("lonely", "u", EventsError, "no stratum has a control"),
        ("text", "u", EventsError, "expected a number"),
    ],
)
def test_what_cannot_be_fitted(name: str, formula: str, error: type[ModelError], says: str) -> None:
    with pytest.raises(error, match=says):
        hyperevents.fit_table(formula, MADE[name])


def test_a_penalty_lets_separated_terms_through_and_says_so() -> None:
    found = hyperevents.fit_table("u + w", SEPARATED, ridge=1.0)
    assert np.isfinite(found.coef).all() and np.isfinite(found.se).all() and "Penalised: ridge 1" in found.summary()


def test_gaps_are_dropped_or_filled_and_counted() -> None:
    dropped = hyperevents.fit_table("u + v", MADE["gap"], missing="drop")
    filled = hyperevents.fit_table("u + v", MADE["gap"], missing="mean")
    assert (dropped.n_missing_controls + dropped.n_missing_cases, filled.n_rows - dropped.n_rows) in {(1, 1), (1, 6)}
    assert np.isfinite(filled.coef).all()


EVENTS = [(1, "e1", "A|B"), (2, "e2", "B|C"), (3, "e3", "A|B|C"), (3, "e4", "D|E"), (5, "e5", "A|C")]


def spells(**exits: float | None) -> pl.DataFrame:
    return pl.DataFrame({"actor": list("ABCDE"), "entry": [0] * 5, "exit": [exits.get(a) for a in "ABCDE"]})


def test_actors_not_at_risk() -> None:
    with pytest.raises(NotAtRisk, match=r"event 'e5' at 5: 'C' is not at risk then \(at risk: \[0, 5\)\).*drop"):
        hyperevents.case_control("activity", events_of(EVENTS), at_risk=spells(C=5))
    dropped = hyperevents.case_control("activity", events_of(EVENTS), at_risk=spells(C=5), on_not_at_risk="drop")
    assert dropped.n_dropped == 1 and len(np.unique(dropped.stratum)) == 4
    extended = hyperevents.case_control("activity", events_of(EVENTS), at_risk=spells(C=5), on_not_at_risk="extend")
    assert len(np.unique(extended.stratum)) == 5


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([], "there is none"),
        ([(1, "e", "A|B"), (2, "e", "B|C")], "1 event occur more than once: 'e'"),
        ([(1, "e", "A|A")], "event 'e' names 'A' twice"),
        ([(1, "e", "A||B")], "row 1 with an empty name"),
        ([(1, None, "A|B")], "without a name"),
        ([(math.nan, "e", "A|B")], "row 1 without a finite time"),
        ([("soon", "e", "A|B")], "'soon'"),
        ([(1, "e", 7)], "expected names joined by"),
        ([(1, "e1", "A|B"), (1, "e2", "B|A"), (2, "e3", "B|C")], "'e1' and 'e2' are the same set at the same time"),
        ([(1, "e", "A")], "none of 1 events is a case of size 2"),
    ],
)
def test_events_that_cannot_be(events: list, says: str) -> None:
    with pytest.raises(EventsError, match=says):
        hyperevents.fit("activity", events_of(events))


def test_covariates_that_cannot_be() -> None:
    events = events_of(EVENTS)
    with pytest.raises(EventsError, match="covariate x: row 2"):
        hyperevents.case_control("mean(x)", events, {"x": {"A": 1.0, "B": math.inf}})
    with pytest.raises(EventsError, match="second value"):
        hyperevents.case_control("mean(x)", events, {"x": {("A", "B"): 1.0, ("B", "A"): 2.0}})
    with pytest.raises(EventsError, match="that no statistic has"):
        hyperevents.case_control("mean(act)", events, {"act": {"A": 1.0}})
    with pytest.raises(FormulaError, match="Covariates: x"):
        hyperevents.case_control("mean(y)", events, {"x": {"A": 1.0}})
    with pytest.raises(FormulaError, match="not an aggregate"):
        hyperevents.case_control("prop(x)", events, {"x": {("A", "B"): 1.0}})


def test_tables_may_be_text() -> None:
    frame = pl.DataFrame(EVENTS, schema=["time", "event", "actors"], orient="row").cast(pl.String)
    frame = frame.with_columns(weight=pl.lit("2"), is_case=pl.Series(["0", "true", "1", "false", "1"]))
    events = events_of(frame)
    assert events.is_case.tolist() == [False, True, True, False, True] and set(events.weight) == {2.0}
    for column, junk in (("weight", "heavy"), ("weight", "0"), ("is_case", "perhaps")):
        with pytest.raises(EventsError, match="row"):
            events_of(frame.with_columns(pl.lit(junk).alias(column)))
    with pytest.raises(EventsError, match="covariate x: value: row 1 has 'much'"):
        covariates_of({"x": pl.DataFrame({"actor": ["A"], "value": ["much"]})}, ["A"])


def test_covariates_are_read_before_the_event() -> None:
    frame = pl.DataFrame({"actor": ["A", "A", "B"], "time": [0, 3, 0], "value": [1.0, 5.0, 3.0]})
    known = covariates_of({"x": frame}, ["A", "B"])["x"]
    sets = sets_of(pl.Series([["A", "B"]] * 4), ["A", "B"], "sets")
    assert known.aggregate("mean", np.array([0.0, 1.0, 3.0, 3.5]), sets).tolist()[1:] == [2.0, 2.0, 4.0]
    assert np.isnan(known.aggregate("mean", np.array([0.0] * 4), sets)).all()


def test_the_table_goes_out_and_comes_back(tmp_path: Path, known: Events) -> None:
    rows = case_control("sqrt(activity) + subrep(2)", known, decay=20, drawing=Sampling(10), keep_actors=True)
    there = hyperevents.fit_table("sqrt(activity) + subrep(2)", rows)
    rows.frame().write_parquet(tmp_path / "t.parquet")
    back = hyperevents.table_of(pl.read_parquet(tmp_path / "t.parquet"), half_life=20)
    again = hyperevents.fit_table("sqrt(activity) + subrep(2)", back)
    np.testing.assert_array_equal(again.coef, there.coef)
    assert rows.frame().columns[:6] == ["stratum", "event", "time", "is_case", "size", "actors"]


def test_other_controls_move_the_estimate_a_little(known: Events) -> None:
    options: dict[str, Any] = {"controls": 10, "pairs": "sample", "decay": 20}
    found = hyperevents.fit("activity", known, refits=3, **options)
    assert found.between_draws is not None and 0 < found.between_draws[0] < 3 * found.se[0]
    assert hyperevents.fit("activity", known, **options) == hyperevents.fit("activity", known, **options)
    assert (
        hyperevents.fit("activity", known, seed=2, **options).coef != hyperevents.fit("activity", known, **options).coef
    )
