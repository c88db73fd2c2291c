"""What happened, by hand on a small history and known facts of the record; references; a small whole back-test."""

from pathlib import Path

import numpy as np
import pytest

from foedus.futures.backtest import judging, result
from foedus.futures.backtest.questions import bound, questions, scene, ties, truth
from foedus.futures.backtest.references import dyadic_logit, historical_rates, no_change
from foedus.futures.backtest.run import backtest
from foedus.futures.errors import RunError
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.record import Record, load


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return load()


@pytest.fixture(scope="session")
def history(record: Record) -> History:
    return history_of("record", None, None, record)


def code(history: History, codes: str) -> list[int]:
    return [history.states.index(c) for c in codes.split()]


def test_members_of_the_record_by_year(history: History) -> None:
    nato = history.treaties.id.index("nato-1949")
    n = [int(bound(history, y)[nato].sum()) for y in (1948, 1949, 1952, 1990, 2005, 2025)]
    assert n == [0, 12, 14, 16, 26, 32]


def test_what_happened_after_1990(history: History) -> None:
    now = scene(history, 1990)
    found = truth(now, 10)
    place = {int(s): k for k, s in enumerate(now.states)}
    pol, deu, usa, hun = (place[i] for i in code(history, "POL DEU USA HUN"))
    assert not now.tied[pol, usa] and found.tied[pol, usa], "Poland joined NATO in 1999"
    assert now.tied[deu, usa] and found.tied[deu, usa]
    nato = now.treaties.tolist().index(history.treaties.id.index("nato-1949"))
    assert found.member[nato, hun] and not now.member[nato, hun]
    warsaw = history.treaties.id.index("warsaw-pact-1955")
    assert not found.member[now.treaties.tolist().index(warsaw)].any(), "it ended in 1991"
    assert found.here.sum() < len(now.states), "Czechoslovakia and others were gone"


def test_nothing_after_the_origin_reaches_the_scene(history: History) -> None:
    full, past = scene(history, 1990), scene(history.up_to(1990), 1990)
    assert np.array_equal(full.member, past.member) and np.array_equal(full.tied, past.tied)


def test_questions_agree_with_one_another(history: History) -> None:
    now = scene(history, 1990)
    asked = {q.level: q for q in questions(now, truth(now, 10))}
    assert len(asked["ties"].at) == len(asked["new ties"].at) + len(asked["lost ties"].at)
    assert len(asked["memberships"].at) == len(asked["exits"].at) + len(asked["accessions"].at)
    stayed = len(asked["exits"].at) - asked["exits"].happened.sum()
    assert asked["memberships"].happened.sum() == stayed + asked["accessions"].happened.sum()
    n = len(now.states)
    assert asked["exits"].labels[:, 0].min() >= n > asked["exits"].labels[:, 1].max()


def test_ties_need_a_defence_pledge() -> None:
    member = np.array([[1, 1, 0], [0, 1, 1]], bool)
    found = ties(member, np.array([True, False]))
    assert found[0, 1] and found[1, 0] and found.sum() == 2


def test_no_change_says_what_is(history: History) -> None:
    now = scene(history, 1990)
    said = no_change(now)
    for q in questions(now, truth(now, 5)):
        p = said.tables[q.level].ravel()[q.at]
        assert set(np.unique(p)) <= {0.0, 1.0}
        if q.level in ("exits", "accessions", "new ties", "lost ties", "founding pairs"):
            assert not p.any()


def test_historical_rates_are_shares_of_the_past(history: History) -> None:
    past = history.up_to(1990)
    now = scene(past, 1990)
    said = historical_rates(past, now, 5)
    stays = said.tables["memberships"][now.member]
    assert np.ptp(stays) == 0 and 0.5 < stays[0] < 1
    hits, n = 0.5, 1.0  # by hand: windows of five years that end in 1971 to 1990
    for end in range(1971, 1991):
        then = scene(past, end - 5)
        since = truth(then, 5)
        units = then.member & since.here
        hits, n = hits + since.member[units].sum(), n + units.sum()
    assert stays[0] == pytest.approx(hits / n)
    assert len(said.counts["foundings"]) == 20


def test_the_logit_knows_neighbours_from_strangers(history: History) -> None:
    past = history.up_to(2000)
    now = scene(past, 2000)
    said = dyadic_logit(past, now, 5).tables["new ties"]
    place = {int(s): k for k, s in enumerate(now.states)}
    svk, cze, fji = (place[i] for i in code(history, "SVK CZE FJI"))
    assert said[svk, cze] > 5 * said[svk, fji]
    assert np.array_equal(said, said.T)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"origins": (2020,)}, "2020 cannot be an origin"),
        ({"origins": ()}, "needs an origin"),
        ({"horizons": (3,)}, "steps of 5 years"),
        ({"horizons": (0,)}, "expected 1 or more"),
        ({"worlds": 1}, "expected 2 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_work(
    asked: dict[str, object], expected: str, history: History, record: Record
) -> None:
    with pytest.raises(RunError, match=expected):
        backtest(history, record, **{"origins": (1990,), **asked})  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_small_back_test_is_whole_and_repeats(history: History, record: Record) -> None:
    def made() -> result.Backtest:
        return backtest(history, record, origins=(1960,), horizons=(5,), worlds=10, networks=0)

    found = made()
    assert {s.forecaster for s in found.scores} == {"foedus", "no change", "historical rates", "dyadic logit"}
    for s in found.scores:
        assert 0 <= s.brier <= 1 and s.happened <= s.n
    assert found.to_json() == made().to_json()
    assert result.Backtest.from_json(found.to_json().encode()).to_json() == found.to_json()


def test_perfect_forecasts_have_skill_one(history: History) -> None:
    now = scene(history, 1990)
    (exits,) = [q for q in questions(now, truth(now, 10)) if q.level == "exits"]
    perfect = exits.happened.astype(float)
    answer = judging.Answered(1990, 10, exits, {"foedus": perfect, "coin": np.full(len(perfect), 0.5)})
    rows = judging.skill_rows([answer], seed=1)
    assert {(r.skill, r.low, r.high) for r in rows} == {(1.0, 1.0, 1.0)}
    assert {r.origin for r in rows} == {1990, None}


@pytest.mark.parametrize("text", [b"{}", b"[]", b"\xff", b'{"schema": "foedus-backtest/1"}'])
def test_what_is_no_result_is_refused(text: bytes) -> None:
    with pytest.raises(RunError, match=r"x\.json: no back-test"):
        result.Backtest.from_json(text, "x.json")


@pytest.mark.parametrize("data", ["record", "atop"])
def test_what_ships_was_made_from_the_data_of_today(data: str, record: Record, request: pytest.FixtureRequest) -> None:
    found = result.shipped(data)
    assert found is not None
    folder: Path | None = request.getfixturevalue("shared_sources") if data == "atop" else None
    assert found.data_hash == history_of(data, None, folder, record).digest(), "make it again: foedus futures backtest"
