"""How the engine's readings compare with expected ones, as a file of cases states them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foedus.casus.cascade import evaluate
from foedus.casus.reading import read_event
from foedus.casus.verdict import Finding, Verdict, strength
from foedus.errors import EventError
from foedus.record import Record


@dataclass(frozen=True, slots=True)
class Row:
    """One expected reading beside ours. right : equal, or for a disputed row among the accepted."""

    case: str
    state: str
    treaty: str
    article: str
    expected: str
    accept: tuple[str, ...]
    sure: str
    ours: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """rows : every expected reading. breaches_found, breaches_expected : counts over all cases."""

    rows: tuple[Row, ...]
    breaches_found: int
    breaches_expected: int

    def share(self, *, sure: str, bound_only: bool = False) -> tuple[int, int]:
        """(right, all) among rows marked `sure`; bound_only leaves out those that expect not_bound."""
        rows = [r for r in self.rows if r.sure == sure and not (bound_only and r.expected == "not_bound")]
        return sum(r.right for r in rows), len(rows)


def score(record: Record, text: str, file: str) -> Score:
    """Evaluate every case of a file (`[[case]]` with `expect` rows and `breaches`) and compare."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EventError(f"{file}: not valid TOML: {error}") from None
    cow_first = str(raw.get("schema", "")).startswith("casus-cases/")
    rows: list[Row] = []
    found = expected = 0
    for case in raw.get("case", []):
        verdict = evaluate(record, read_event(record, case, cow_first=cow_first))
        rows += [_row(record, verdict, str(case.get("id", "")), e, cow_first) for e in case.get("expect", [])]
        for breach in case.get("breaches", []):
            expected += 1
            state = _code(record, breach["state"], cow_first, verdict)
            found += any(b.state == state and b.treaty == breach["treaty"] for b in verdict.breaches)
    return Score(tuple(rows), found, expected)


def _code(record: Record, asked: str, cow_first: bool, verdict: Verdict) -> str:
    if cow_first and record.codes_of_abb(asked):
        return record.codes_of_abb(asked)[0]
    return record.state(asked, verdict.day).code


def _row(record: Record, verdict: Verdict, case: str, expect: Mapping[str, Any], cow_first: bool) -> Row:
    state = _code(record, expect["state"], cow_first, verdict)
    mine = _matching(record, verdict, state, expect)
    levels = {f.level for f in mine} or {"not_bound"}
    ours = (
        str(expect["level"]) if expect["level"] in levels and expect["level"] != "not_bound" else min(levels, key=_rank)
    )
    accept = tuple(expect.get("accept", ()))
    sure = str(expect.get("sure", "clear"))
    right = ours == expect["level"] or (sure == "disputed" and ours in accept)
    best = next((f for f in mine if f.level == ours), None)
    why = "; ".join(f"{r.code}: {r.says}" for r in best.reasons) if best else "no finding"
    return Row(
        case, state, expect["treaty"], str(expect.get("article", "-")), expect["level"], accept, sure, ours, right, why
    )


def _rank(level: str) -> int:
    return strength(level)  # type: ignore[arg-type]


def _matching(record: Record, verdict: Verdict, state: str, expect: Mapping[str, Any]) -> list[Finding]:
    """Findings that an expected row speaks of: of the same treaty and article; for "none", of every alliance.

    An article may hold several clauses of different levels; the row is met when one of them has its level.
    """
    own = [f for f in verdict.findings if f.state == state]
    if expect["treaty"] == "none":
        return [f for f in own if not record.treaties[f.treaty].universal]
    same = [f for f in own if f.treaty == expect["treaty"]]
    article = str(expect.get("article", "-"))
    wanted, named = numbers(article), _words(article)
    exact = [f for f in same if numbers(f.article) & wanted or _words(f.article) & named]
    return exact or [f for f in same if not wanted or not numbers(f.article)]


def _words(article: str) -> set[str]:
    """Words by which an article may be named beside its number."""
    named = ("convention", "protocol", "understanding", "secret", "guarantee", "memorandum", "agreement", "note")
    return {w for w in named if w in article.casefold()}


def numbers(article: str) -> set[str]:
    """Numbers of the articles that a text names: "Arts. 5-6" gives 5 and 6, "42(7)" gives 42."""
    found: set[str] = set()
    article = re.sub(r"resolutions?\s[\d, and-]+", "", article)  # numbers of an organ's resolutions are no articles
    for first, last in re.findall(r"(?<![\d(])(\d{1,3})(?:\([^)]*\))?(?:\s*-\s*(\d{1,3}))?", article):
        found.update(str(n) for n in range(int(first), int(last or first) + 1)) if int(last or first) - int(
            first
        ) < 20 else None
    return found
