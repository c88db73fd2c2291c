"""The back-test that ships, as the page on the model shows it: would the simulator have been right?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from foedus.view.document import Picture, Table
from foedus.view.words import listed

if TYPE_CHECKING:
    from foedus.futures.backtest.result import Backtest

UNASKED = ("ties",)  # nearly all stay as they are, so that a score says little: new and lost ones are told instead


@lru_cache(maxsize=1)
def shipped() -> Backtest:
    """The back-test on ATOP, which ships with foedus."""
    from foedus.futures.backtest.result import shipped as read
    from foedus.futures.errors import RunError

    found = read("atop")
    if found is None:
        raise RunError("No back-test ships with this copy of foedus. Make one: foedus futures backtest -o FILE")
    return found


def asked() -> tuple[str, ...]:
    """The questions that were scored, in order."""
    from foedus.futures.backtest.questions import LEVELS

    scored = {s.level for s in shipped().skills}
    return tuple(level for level in LEVELS if level in scored and level not in UNASKED)


def skill_picture() -> Picture:
    """Skill against every reference, with intervals."""
    from foedus.view.outlook import skill_chart

    found = shipped()
    origins = listed([str(o) for o in found.origins])
    return Picture(
        "skill",
        "Skill of the simulator against simpler forecasts",
        f"Brier skill over the origins {origins}, with intervals of 90 per cent; every figure is in the table below.",
        lambda width: skill_chart(found, asked(), width),
        note=f"Origins {origins}; {found.worlds:,} worlds each, scored on {found.data.upper()}. Drawn from -1 on.",
    )


def skill_table() -> Table:
    """The same in figures, with how often each thing happened and how often it was expected."""
    found = shipped()
    references = list(dict.fromkeys(s.reference for s in found.skills))
    rows = []
    for level in asked():
        for horizon in found.horizons:
            own = [s for s in found.scores if (s.level, s.horizon, s.forecaster) == (level, horizon, "foedus")]
            if not own:
                continue
            n, happened, expected = (sum(getattr(s, key) for s in own) for key in ("n", "happened", "expected"))
            skills = [_skill(found, level, horizon, r) for r in references]
            rows.append((level, f"{horizon} years", f"{happened:,} of {n:,}", f"{expected:,.0f}", *skills))
    columns = ("Question", "After", "Happened", "Expected", *(f"Against {r}" for r in references))
    return Table(
        "Brier skill: above 0 foedus is better, with intervals of 90 per cent", columns, tuple(rows), "llrr" + "r" * 9
    )


def questions() -> tuple[tuple[str, str], ...]:
    """(question, what it asks), in order: some speak of the one before, so that all are told."""
    from foedus.futures.backtest.questions import SAYS

    return tuple(SAYS.items())


def _skill(found: Backtest, level: str, horizon: int, reference: str) -> str:
    s = found.skill_of(level, horizon, reference)  # type: ignore[arg-type]
    if s is None or s.skill is None or s.low is None or s.high is None:
        return "–"
    return f"{s.skill:+.2f} ({s.low:+.2f} to {s.high:+.2f})"
