"""How a public's readiness to defend an ally moves its state: an assumed term, and zero where nobody has asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.measure.opinion import support
from foedus.record import Record, Treaty

FAMILY = "defend"  # "should our country use force if an ally is attacked?"
LAMBDA = (0.5, 0.25)  # assumed: no published elasticity was found; mean and sd
IN_THE_EVENT = (0.8, 0.4)  # assumed: what a treaty adds to support once it is called upon (experiments find it large)
DEMOCRACIES = ("electoral_democracy", "liberal_democracy")
_Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Readiness:
    """Support of one public on the logit scale, mean and sd; centre : the mean over the publics asked.

    democracy : in [0, 1], assumed from the regime's class: 1 for a democracy, else 0, where opinion moves nothing.
    """

    mean: float
    sd: float
    centre: float
    democracy: float
    source: str


def readiness(record: Record, treaty: Treaty, day: date) -> dict[str, Readiness]:
    """By state, for the members of `treaty` whose public was ever asked before `day`; empty where none was.

    The estimate is that of `measure.opinion` for the year of `day`: polls that are long past weigh little.
    """
    found = {}
    for state in sorted(treaty.members_on(day)):
        frame = support(record, treaty, state, day.year, FAMILY)
        if len(frame):
            found[state] = frame.row(-1, named=True)
    if not found:
        return {}
    levels = {s: _logit(row["estimate"]) for s, row in found.items()}
    centre = float(np.mean(list(levels.values())))
    return {
        s: Readiness(
            mean=levels[s],
            sd=(_logit(row["high"]) - _logit(row["low"])) / (2 * _Z90),
            centre=centre,
            democracy=_democracy(record, s, day),
            source=row["source"],
        )
        for s, row in found.items()
    }


def _democracy(record: Record, state: str, day: date) -> float:
    rows = (r for r in record.regimes if r.state == state and r.first_year <= day.year)
    regime = next((r.regime for r in rows if r.last_year is None or day.year <= r.last_year), "")
    return float(regime in DEMOCRACIES)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
