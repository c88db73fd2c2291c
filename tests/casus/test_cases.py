"""Cases from history and today: the level of each expected row, and the breaches."""

import tomllib
from pathlib import Path

import pytest
from tests.casus.conftest import OWN_CASES

from foedus.casus.score import Score, score
from foedus.record import Record

CLEAR, DISPUTED = 0.95, 0.90  # the bar for readings that nobody disputes, and for the others


def differing(found: Score) -> str:
    rows = (
        f"{r.case} {r.state} {r.treaty} {r.article}: {r.expected}, ours {r.ours} ({r.why})"
        for r in found.rows
        if not r.right
    )
    return "\n".join(rows)


def share(pair: tuple[int, int]) -> float:
    return pair[0] / pair[1] if pair[1] else 1.0


def test_the_given_cases(record: Record, given_cases: Path) -> None:
    found = score(record, given_cases.read_text(encoding="utf-8"), given_cases.name)
    assert share(found.share(sure="clear")) >= CLEAR, differing(found)
    assert share(found.share(sure="clear", bound_only=True)) >= CLEAR, differing(found)
    assert share(found.share(sure="disputed")) >= DISPUTED, differing(found)
    assert found.breaches_found == found.breaches_expected


@pytest.mark.parametrize("file", OWN_CASES, ids=lambda file: file.stem)
def test_our_own_cases(record: Record, file: Path) -> None:
    found = score(record, file.read_text(encoding="utf-8"), file.name)
    assert all(r.right for r in found.rows), differing(found)
    assert found.breaches_found == found.breaches_expected


def test_our_own_cases_are_complete() -> None:
    cases = [c for file in OWN_CASES for c in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    assert len(cases) >= 30 and len({c["id"] for c in cases}) == len(cases)
    for case in cases:
        assert case["sources"] and case["expect"] and case["title"], case["id"]
        assert all(row["why"] and row["sure"] in ("clear", "disputed") for row in case["expect"]), case["id"]


def test_the_matcher_tells_right_from_wrong(record: Record) -> None:
    """A row is right only at its level, or, when disputed, at an accepted one."""
    case = """
    [[case]]
    date = 2026-06-01
    attackers = ["RUS"]
    targets = ["EST"]
    kind = "invasion"
    expect = [
      { state = "USA", treaty = "nato-1949", article = "Art. 5", level = "must_assist", sure = "clear" },
      { state = "USA", treaty = "nato-1949", level = "must_use_force", accept = ["must_assist"], sure = "clear" },
      { state = "USA", treaty = "nato-1949", level = "must_use_force", accept = ["must_assist"], sure = "disputed" },
      { state = "CHE", treaty = "none", level = "not_bound", sure = "clear" },
    ]
    breaches = [{ state = "RUS", treaty = "nato-1949" }]
    """
    found = score(record, case, "case.toml")
    assert [r.right for r in found.rows] == [True, False, True, True]
    assert (found.breaches_found, found.breaches_expected) == (0, 1)
    assert found.share(sure="clear") == (2, 3) and found.share(sure="clear", bound_only=True) == (1, 2)
