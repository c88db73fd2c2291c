"""How often commitments were honoured when war came: counts, Jeffreys intervals, the prior for what no model covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from foedus.model.reliability.commitments import LATER
from foedus.sources import read

Era = Literal["1816-1944", "1945-2003"]
ERAS: tuple[Era, Era] = ("1816-1944", "1945-2003")
TYPES = {
    "defence": "defense",
    "offence": "offense",
    "neutrality": "neutral",
    "non_aggression": "nonagg",
    "consultation": "consul",
}
DESIGN_EFFECT = 2.0  # assumed: commitments of one war are not independent, so each counts half


def era_of(day: date) -> Era:
    """The era of a war that begins on `day`; the later one goes on."""
    return ERAS[int(day.year >= LATER)]


@dataclass(frozen=True, slots=True)
class Rate:
    """`honoured` of `called` commitments."""

    honoured: int
    called: int

    @property
    def share(self) -> float:
        """In [0, 1]; raises ZeroDivisionError when none was called."""
        return self.honoured / self.called

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Jeffreys interval, equal tails of Beta(0.5 + honoured, 0.5 + rest). Brown, Cai and DasGupta (2001)."""
        from scipy.stats import beta

        tail = (1 - level) / 2
        low, high = beta.ppf([tail, 1 - tail], 0.5 + self.honoured, 0.5 + self.called - self.honoured)
        return float(low), float(high)

    def prior(self, design_effect: float = DESIGN_EFFECT) -> tuple[float, float]:
        """Both parameters of a Beta distribution for one more commitment of this sort, discounted (assumed: 2)."""
        return (0.5 + self.honoured) / design_effect, (0.5 + self.called - self.honoured) / design_effect


def called_upon(sources: Path | None = None) -> pl.DataFrame:
    """Commitments that Berkemeier and Fuhrmann count as called upon, in the scheme of Leeds, Long and Mitchell.

    Columns cowwarid (null where the war has no number), honoured, era, and one 0/1 column for each key of TYPES.
    Source: Berkemeier and Fuhrmann (2018), Research & Politics; the user's copy of `berkemeier_fuhrmann`.
    """
    kept, broken = (pl.col(c).fill_null(0) == 1 for c in ("honor_llm", "violate_llm"))
    return (
        read("berkemeier_fuhrmann", sources)
        .filter(kept | broken)
        .select(
            "cowwarid",
            honoured=kept,
            era=pl.when(pl.col("sample") == 1).then(pl.lit(ERAS[0])).otherwise(pl.lit(ERAS[1])),
            **{name: pl.col(column) == 1 for name, column in TYPES.items()},
        )
    )


def rate(called: pl.DataFrame, pledge: str | None = None, era: Era | None = None) -> Rate:
    """The rate among `called` (as `called_upon` gives them), of one pledge (a key of TYPES) or era, or of all."""
    rows = called if pledge is None else called.filter(pl.col(pledge))
    rows = rows if era is None else rows.filter(pl.col("era") == era)
    return Rate(int(rows["honoured"].sum()), len(rows))
