"""Controls: of the right size, distinct, none excluded, uniform, and the same whatever else is drawn."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.model import ModelError, hyperevents
from foedus.model.hyperevents import sampling
from foedus.model.hyperevents.case_control import Sampling, case_control
from foedus.model.hyperevents.sampling import Stream, controls


@given(n=st.integers(2, 12), k=st.integers(1, 12), m=st.integers(1, 60), seed=st.integers(0, 2**64 - 1), data=st.data())
def test_what_is_drawn(n: int, k: int, m: int, seed: int, data: st.DataObject) -> None:
    k = min(k, n)
    everything = list(combinations(range(n), k))
    excluded = data.draw(st.lists(st.sampled_from(everything), min_size=1, max_size=3, unique=True))
    found = [tuple(int(i) for i in s) for s in controls(n, k, excluded, m, Stream(seed, 3))]
    assert len(found) == len(set(found)) == min(m, len(everything) - len(excluded))
    assert set(found) <= set(everything) - set(excluded)
    again = [tuple(int(i) for i in s) for s in controls(n, k, excluded, m, Stream(seed, 3))]
    assert again == found


@pytest.mark.parametrize(("n", "k", "m"), [(9, 3, 5), (6, 2, 9)], ids=["by rejection", "from a list"])
def test_every_set_is_equally_likely(n: int, k: int, m: int) -> None:
    excluded = [tuple(range(k))]
    counts = dict.fromkeys(combinations(range(n), k), 0)
    rounds = 4000
    for case in range(rounds):
        for s in controls(n, k, excluded, m, Stream(11, case)):
            counts[tuple(int(i) for i in s)] += 1
    assert counts.pop(excluded[0]) == 0
    expected = rounds * m / len(counts)
    # Without replacement the counts vary less than a multinomial's, so the usual bound of chi-square is generous.
    chi = sum((c - expected) ** 2 / expected for c in counts.values())
    assert chi < len(counts) + 4 * (2 * len(counts)) ** 0.5


def test_large_sets_are_never_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "sets_of_size", lambda n, k: pytest.fail("listed"))
    found = controls(195, 34, [tuple(range(34))], 500, Stream(1, 0))
    assert found.shape == (500, 34) and (np.diff(found, axis=1) > 0).all()
    assert abs(found.mean() - 97) < 1.5


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(ModelError, match="set of 4 cannot be drawn from 3"):
        controls(3, 4, [], 1, Stream(1, 0))
    with pytest.raises(ModelError, match="too many to list"):
        controls(100, 8, [], None, Stream(1, 0))
    with pytest.raises(ModelError, match="seed -1"):
        Stream(-1, 0)
    with pytest.raises(ModelError, match="controls 0"):
        Sampling(0)


EVENTS = [(1, "e1", "A|B|C"), (2, "e2", "B|C|D"), (2, "e3", "A|E|F"), (4, "e4", "C|D|E"), (6, "e5", "A|B")]


def test_controls_of_a_case_do_not_depend_on_other_cases() -> None:
    events = hyperevents.events_of(EVENTS, actors="GHIJ")
    whole = case_control("activity", events, drawing=Sampling(5), keep_actors=True).frame()
    some = case_control("activity", events, drawing=Sampling(5, since=2, until=5), keep_actors=True).frame()
    assert whole.filter(whole["event"].is_in(["e2", "e3", "e4"])).equals(some)
    assert whole.filter(whole["event"] == "e5").height == 45, "all pairs"
    rows = whole.filter(whole["event"] == "e2")
    assert rows["is_case"].to_list() == [1, 0, 0, 0, 0, 0] and "A|E|F" not in rows["actors"].to_list()
    other = case_control("activity", events, drawing=Sampling(5, refit=1), keep_actors=True).frame()
    assert not other["actors"].equals(whole["actors"])


def test_the_stream_is_fixed_for_good() -> None:
    assert Stream(1, 0).below(1000, 4).tolist() == [303, 848, 156, 31]
