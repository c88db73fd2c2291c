"""The local-level model: reference values, the closed form as twin, and what the record's polls give."""

import math
from datetime import date
from types import SimpleNamespace
from typing import cast

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.measure.opinion import SUPPORT, local_level, logit_of, polls, share_of, support
from foedus.record import Record
from foedus.record.check_opinion import opinion_problems

PRINTED = 5.1e-9
Y, R = [0.40, None, 0.55, 0.50], [0.01, 0.01, 0.01, 0.02]


def flat(pairs) -> list[float]:
    return [v for pair in pairs for v in pair]


def test_reference_without_shock() -> None:
    found = local_level(Y, R, 0.04, (0.0, 1.0))
    filtered = [0.39603960, 0.00990099, 0.39603960, 0.04990099, 0.53458870, 0.00899901, 0.51002585, 0.01420282]
    smoothed = [0.41080149, 0.00890549, 0.47043953, 0.02461362, 0.53007756, 0.00782534, 0.51002585, 0.01420282]
    assert flat(found.filtered) == pytest.approx(filtered, abs=PRINTED)
    assert flat(found.smoothed) == pytest.approx(smoothed, abs=PRINTED)
    assert found.log_likelihood == pytest.approx(-0.47968529, abs=PRINTED)


def test_reference_with_shock() -> None:
    found, plain = local_level(Y, R, 0.04, (0.0, 1.0), {2: (0.3, 0.0)}), local_level(Y, R, 0.04, (0.0, 1.0))
    assert [found.filtered[t][0] for t in (2, 3)] == pytest.approx([0.56461843, 0.51873025], abs=PRINTED)
    assert [m for m, _ in found.smoothed] == pytest.approx(
        [0.38063775, 0.31841425, 0.55619075, 0.51873025], abs=PRINTED
    )
    assert [v for _, v in found.smoothed] == [v for _, v in plain.smoothed]
    assert found.log_likelihood == pytest.approx(-0.48938078, abs=PRINTED)


def test_german_toy() -> None:
    seen = {2019: 0.57, 2021: 0.59, 2022: 0.70, 2024: 0.64, 2025: 0.73}
    observed = [logit_of(seen[y], 1000) if y in seen else (None, 1.0) for y in range(2019, 2026)]
    y, noise = [z for z, _ in observed], [r for _, r in observed]
    found = local_level(y, noise, 0.03, (0.0, 1.0))
    assert found.filtered[-1] == pytest.approx((0.924319, 0.00628001), abs=5.1e-7)
    assert share_of(found.filtered[-1][0]) == pytest.approx(0.715921, abs=5.1e-7)
    assert found.log_likelihood == pytest.approx(-3.834462, abs=5.1e-7)
    shocked = local_level(y, noise, 0.03, (0.0, 1.0), {3: (0.3, 0.0)})
    assert shocked.filtered[-1][0] == pytest.approx(0.925105, abs=5.1e-7)
    assert shocked.log_likelihood == pytest.approx(-1.555555, abs=5.1e-7)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (59, 68, 0.390),
        (54, 64, 0.415),
        (39, 47, 0.327),
        (36, 44, 0.334),
        (59, 70, 0.483),
        (70, 79, 0.478),
        (82, 89, 0.574),
        (72, 64, -0.369),
    ],
)
def test_changes_across_february_2022(before: int, after: int, change: float) -> None:
    found = logit_of(after / 100, 1e6)[0] - logit_of(before / 100, 1e6)[0]
    assert found == pytest.approx(change, abs=1.1e-3)


series = st.lists(st.one_of(st.none(), st.floats(-3, 3)), min_size=1, max_size=7)


@given(series, st.floats(0.001, 1), st.floats(0.01, 1))
def test_the_filter_equals_the_closed_form(y: list[float | None], step: float, noise: float) -> None:
    """The twin: all levels and polls are jointly normal, so conditioning is one matrix equation."""
    n = len(y)
    shocks = {1: (0.3, 0.2)}
    found = local_level(y, [noise] * n, step, (0.1, 1.0), shocks)
    prior = np.array([0.1 + (0.3 if t >= 1 else 0.0) for t in range(n)])
    sure = [1.0] + [step + (0.2 if t == 1 else 0.0) for t in range(1, n)]
    cover = np.array([[sum(sure[: min(i, j) + 1]) for j in range(n)] for i in range(n)])
    seen = [t for t in range(n) if y[t] is not None]
    gap = np.array([y[t] - prior[t] for t in seen], dtype=float)
    outer = cover[np.ix_(seen, seen)] + noise * np.eye(len(seen))
    gain = np.linalg.solve(outer, cover[seen]).T
    assert [m for m, _ in found.smoothed] == pytest.approx(prior + gain @ gap, abs=1e-9)
    assert [v for _, v in found.smoothed] == pytest.approx(np.diag(cover - gain @ cover[seen]), abs=1e-9)
    log = -0.5 * (gap @ np.linalg.solve(outer, gap) + np.linalg.slogdet(2 * math.pi * outer)[1])
    assert found.log_likelihood == pytest.approx(log, abs=1e-8)


def test_shares_at_the_ends_stay_finite() -> None:
    for share in (0.0, 1.0):
        assert all(math.isfinite(v) for v in logit_of(share, 1000))
    assert share_of(-1000) == 0 and share_of(0) == 0.5


def test_no_number_without_a_poll(record: Record) -> None:
    nato = record.treaty("nato")
    assert support(record, nato, "ISL", 2025).is_empty() and support(record, nato, "DEU", 2018).is_empty()
    assert support(record, record.treaty("csto"), "RUS", 2025).is_empty()
    found = support(record, nato, "DEU", 2028)
    assert found.schema == SUPPORT and found["year"].to_list() == list(range(2019, 2029))
    assert (found["source"] != "").all() and ((found["n_polls"] > 0) == (found["note"] == "")).all()
    width = (found["high"] - found["low"]).to_list()
    assert width[-1] > width[-2] > width[-3] > width[-4]  # 2025 to 2028: no poll any more
    assert found["low"].is_between(0, 1).all() and (found["low"] < found["estimate"]).all()


def test_of_two_releases_the_later_counts(record: Record) -> None:
    own = {o.day.year: o.percent for o in polls(record, record.treaty("nato"), "POL")}
    assert own == {2007: 72, 2019: 82, 2022: 89, 2024: 88, 2025: 81}


def test_every_share_has_a_source(record: Record) -> None:
    assert len(record.opinion) > 100
    assert all(o.sources and all(s in record.sources for s in o.sources) for o in record.opinion)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": ""}, "goes with scope state"),
        ({"state": "XXX"}, "no state of the record"),
        ({"treaty": "nato-1850"}, "no treaty"),
        ({"percent": 104.0}, "expected 0 to 100"),
        ({"against": 60.0}, "101 at most together"),
        ({"n": 0}, "no size of a sample"),
        ({"day": date(2019, 5, 2), "precision": "month"}, "first day"),
        ({"day": date(2019, 5, 1), "precision": "year"}, "first day"),
    ],
)
def test_the_check_names_what_is_wrong(record: Record, change: dict[str, object], says: str) -> None:
    good = next(o for o in record.opinion if o.state == "DEU" and o.family == "favour")
    assert not list(opinion_problems(record, "opinion.csv"))
    other = SimpleNamespace(
        opinion=[msgspec.structs.replace(good, **change)], states=record.states, treaties=record.treaties
    )
    found = list(opinion_problems(cast(Record, other), "opinion.csv"))
    assert found and says in str(found[0])
