"""Draws of the probability that a commitment is honoured, today or then, with everything that is not known drawn too.

What varies from draw to draw: the coefficients, the terms as ATOP would have coded them, changes in the parties that
nobody recorded, a shock that all allies share, and (where polls exist) opinion. Every stream of random numbers has a
name, so a commitment's draws do not depend on which others are asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.model.envelope import Fitted
from foedus.model.errors import ModelError
from foedus.model.reliability.commitments import ERA
from foedus.model.reliability.logit import Floats, expit
from foedus.model.reliability.opinion import IN_THE_EVENT, LAMBDA, Readiness, readiness
from foedus.model.reliability.predictors import Predictor, predictors
from foedus.model.reliability.rates import Rate, era_of
from foedus.record import Record, Treaty

SHOCK_SD = 0.7  # assumed: sd, on the logit scale, of what all allies share in one event
_PLEDGES = (("defense", "defence"), ("offense", "offence"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to draw. n : draws. seed : the same seed gives the same draws. era, opinion : whether these terms count."""

    n: int = 4000
    seed: int = 1
    era: bool = True
    opinion: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 1_000_000:
            raise ModelError(f"draws: {self.n} is not between 1 and 1,000,000.")

    def stream(self, *name: str) -> np.random.Generator:
        """Random numbers that belong to `name` alone."""
        digest = hashlib.sha256("\0".join(name).encode()).digest()
        return np.random.Generator(np.random.Philox(key=[self.seed, int.from_bytes(digest[:8], "little")]))


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a state owes under a treaty, as the model sees it, and the draws of honouring it.

    p : shape (n,), in (0, 1); without_era, without_opinion : the same draws less that term. terms : what went in.
    reach : the variance of its log odds over the greatest of the fit's own rows; above 1 the model extrapolates.
    base_rate : of its pledge in its era; opinion : the public's readiness, None where nobody was asked.
    """

    state: str
    treaty: str
    p: Floats
    without_era: Floats
    without_opinion: Floats
    terms: tuple[Predictor, ...]
    reach: float
    base_rate: Rate
    opinion: Readiness | None


class Honouring:
    """Draws for the commitments of one event: what they share is drawn once."""

    def __init__(self, record: Record, model: Fitted, day: date, drawing: Drawing) -> None:
        self._record, self._model, self._day, self._drawing = record, model, day, drawing
        self._coef = model.draws(drawing.n, drawing.seed)
        self._shock = SHOCK_SD * drawing.stream("shock").standard_normal(drawing.n)
        self._lambda = _normal(drawing, "lambda", LAMBDA)
        self._rally = _normal(drawing, "support in the event", IN_THE_EVENT)
        self._readiness: dict[str, dict[str, Readiness]] = {}

    def of(self, state: str, treaty: Treaty, toward: Iterable[str], *, to_target: bool) -> Commitment:
        """The commitment of `state` under `treaty` toward `toward`; to_target : one of these was attacked first."""
        terms = predictors(self._record, treaty, state, toward, self._day, to_target=to_target, extra=self._model.extra)
        by_term = {t.term: t for t in terms}
        x = np.column_stack(
            [np.ones(self._drawing.n), *(self._drawn(by_term[t], treaty, state) for t in self._model.terms[1:])]
        )
        era = self._model.terms.index(ERA)
        odds = np.einsum("ij,ij->i", x, self._coef) + self._shock
        ready = self._ready(treaty).get(state)
        push = self._push(ready, treaty, state) if ready else np.zeros(self._drawing.n)
        era_part = x[:, era] * self._coef[:, era]
        counted = odds - (0.0 if self._drawing.era else era_part) + (push if self._drawing.opinion else 0.0)
        return Commitment(
            state,
            treaty.id,
            p=expit(counted),
            without_era=expit(counted - (era_part if self._drawing.era else 0.0)),
            without_opinion=expit(counted - (push if self._drawing.opinion else 0.0)),
            terms=terms,
            reach=self._reach(by_term),
            base_rate=_base_rate(self._model, by_term, self._day),
            opinion=ready,
        )

    def _drawn(self, term: Predictor, treaty: Treaty, state: str) -> Floats:
        """A term's value in each draw. What belongs to the treaty is one thing for all that it binds."""
        values = np.array(sorted(term.chance))
        if len(values) == 1:
            return np.full(self._drawing.n, values[0])
        whose = ("parties", treaty.id, state) if term.term in ("chcap2d", "dinstch2") else ("treaty", treaty.id)
        steps = np.cumsum([term.chance[v] for v in values])[:-1]
        drawn = np.searchsorted(steps, self._drawing.stream(*whose, term.term).random(self._drawing.n), side="right")
        return np.asarray(values[drawn])

    def _ready(self, treaty: Treaty) -> Mapping[str, Readiness]:
        if treaty.id not in self._readiness:
            self._readiness[treaty.id] = readiness(self._record, treaty, self._day)
        return self._readiness[treaty.id]

    def _push(self, ready: Readiness, treaty: Treaty, state: str) -> Floats:
        """lambda * democracy * (support inside the event - its mean over the publics asked), shape (n,)."""
        level = _normal(self._drawing, "opinion", (ready.mean, ready.sd), treaty.id, state)
        return np.asarray(self._lambda * ready.democracy * (level + self._rally - ready.centre))

    def _reach(self, by_term: Mapping[str, Predictor]) -> float:
        x = np.array([1.0, *(by_term[t].mean for t in self._model.terms[1:])])
        return float(x @ self._model.cov @ x) / float(self._model.extra["most_leverage"])


def _normal(drawing: Drawing, name: str, mean_sd: tuple[float, float], *more: str) -> Floats:
    mean, sd = mean_sd
    return np.asarray(mean + sd * drawing.stream(name, *more).standard_normal(drawing.n))


def _base_rate(model: Fitted, by_term: Mapping[str, Predictor], day: date) -> Rate:
    """Of the pledge that the treaty most likely has, defence first."""
    pledge = next((name for term, name in _PLEDGES if by_term[term].mean > 0.5), "all")
    return Rate(*model.extra["base_rates"][pledge][era_of(day)])
