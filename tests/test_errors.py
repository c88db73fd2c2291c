"""What foedus raises on purpose: one base class, messages that say what to do."""

import inspect

import pytest

from foedus import errors
from foedus.errors import FoedusError, NotFound, Problem, RecordError, UnknownFigure, UnknownState, UnknownTreaty

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, Exception)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_each_is_in_the_tree_and_caught_by_the_base(error: type[Exception]) -> None:
    assert issubclass(error, FoedusError) and error.__doc__
    assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("f", "member[3].since", "is late", 7), "line 7, member[3].since: is late"),
        (Problem("f", "member[3].since", "is late"), "member[3].since: is late"),
        (Problem("f", "", "is torn", 7), "line 7, is torn"),
        (Problem("f", "", "is torn"), "is torn"),
    ],
)
def test_a_problem_says_where(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_stand_under_their_file() -> None:
    error = RecordError([Problem("a.toml", "id", "x"), Problem("b.toml", "id", "y"), Problem("a.toml", "name", "z")])
    assert str(error).splitlines() == [
        "a.toml: 2 problems",
        "  id: x",
        "  name: z",
        "b.toml: 1 problem",
        "  id: y",
        "Correct them, then run: foedus record check",
    ]
    assert len(error.problems) == 3


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotFound("x"), 'No entry is called "x".'),
        (UnknownState("polnd", ["Poland (POL)"]), 'No state is called "polnd". Nearest: Poland (POL).'),
        (UnknownTreaty("nat", ["a", "b"], "Try."), 'No treaty is called "nat". Nearest: a, b. Try.'),
        (UnknownFigure("f", hint="Try."), 'No figure is called "f". Try.'),
    ],
)
def test_a_miss_names_the_nearest(error: NotFound, text: str) -> None:
    assert str(error) == text and isinstance(error.nearest, tuple)
