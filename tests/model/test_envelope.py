"""What every fitted model ships as."""

import json

import numpy as np
import pytest

from foedus.model import ModelError
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.registry import MODELS, check, fit
from foedus.model.shipped import shipped


def made(**changed: object) -> Fitted:
    given: dict[str, object] = {
        "what": "a test", "data": "record", "data_hash": hash_of("a"), "newest": "2020-12-31", "terms": ["one", "b"],
        "coef": [1.0, 1 / 3], "covariance": np.array([[2.0, 0.5], [0.5, 1.0]]), "n": 10, "events": 3,
        "spec": {"since": 1900, "terms": ("one",)}, "extra": {"table": np.eye(2)},
    }  # fmt: skip
    return fitted("test", **{**given, **changed})  # type: ignore[arg-type]


def test_text_reads_back_to_the_same() -> None:
    one = made()
    assert Fitted.from_json(one.to_json()) == one
    assert Fitted.from_json(one.to_json()).to_json() == one.to_json()
    assert one.coef[1] == 0.333333333333 and one.extra["table"] == [[1.0, 0.0], [0.0, 1.0]]


def test_draws_have_the_stated_moments_and_begin_alike() -> None:
    draws = made().draws(40_000, seed=3)
    assert draws.mean(axis=0) == pytest.approx([1.0, 1 / 3], abs=0.03)
    assert np.cov(draws.T) == pytest.approx(np.array([[2.0, 0.5], [0.5, 1.0]]), abs=0.05)
    assert np.array_equal(draws[:5], made().draws(5, seed=3)) and not np.array_equal(draws[:5], made().draws(5, seed=4))


def test_aligned_puts_coefficients_where_a_kernel_reads_them() -> None:
    assert made().aligned(("b", "c", "one")).tolist() == [0.333333333333, 0.0, 1.0]
    assert made().aligned(("b", "c", "one"), made().draws(7)).shape == (7, 3)
    with pytest.raises(ModelError, match="b"):
        made().aligned(("one", "c"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"coef": [1.0, float("nan")]}, "nan"), ({"coef": [1.0]}, "2 terms"), ({"terms": ["one"]}, "1 terms")],
)
def test_what_is_no_model_is_not_made(changed: dict[str, object], says: str) -> None:
    with pytest.raises(ModelError, match=says):
        made(**changed)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "foedus-fitted/1"}', '{"schema": "other"}'])
def test_other_texts_are_named(text: str) -> None:
    with pytest.raises(ModelError, match=r"here\.json"):
        Fitted.from_json(text, "here.json")


def test_a_shape_changes_the_hash() -> None:
    assert hash_of(np.zeros((2, 3))) != hash_of(np.zeros((3, 2))) and hash_of("a", "b") != hash_of("ab")


@pytest.mark.parametrize("name", MODELS)
def test_every_shipped_fit_is_whole(name: str) -> None:
    for data in MODELS[name].shipped:
        one = shipped(name, data)
        assert one.name == name and len(one.data_hash) == 64 and one.n > 0
        assert np.isfinite(one.draws(50)).all()
        assert np.linalg.eigvalsh(one.cov).min() > -1e-9 * max(np.abs(one.cov).max(), 1.0)
        assert json.loads(one.to_json())["name"] == name


def test_names_and_data_sets_that_are_not() -> None:
    with pytest.raises(ModelError, match="accession"):
        fit("acession")
    with pytest.raises(ModelError, match="record or atop"):
        check("accession", data="cow")
