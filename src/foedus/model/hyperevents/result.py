"""A fitted model: what was estimated, from what, how sure, and how well it ranks the cases."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import ModelError

SCHEMA = "foedus-hyperevents/1"
KINDS = ("model", "robust", "cluster")
_Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How cases stand among their controls. mean_reciprocal_rank and top_share in (0, 1]; ties count as the mean rank.

    log_score : mean log probability of the case, log_score_chance : the same for a model that knows nothing.
    """

    mean_reciprocal_rank: float
    top_share: float
    log_score: float
    log_score_chance: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted relational hyperevent model.

    terms : p texts. coef : effect on the log intensity of one unit of a term divided by its `scale`; `mean` and
    `scale` are those of the control rows (scale is 1 without scaling). covariances by kind: model, robust, cluster if
    asked for; `errors` says which one `cov` is. n_* : what was used and what was left out. half_life : unit of time.
    """

    formula: str
    terms: tuple[str, ...]
    coef: tuple[float, ...]
    covariances: dict[str, _Matrix]
    errors: str
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    loglik: float
    loglik_null: float
    n_cases: int
    n_rows: int
    n_without_controls: int
    n_not_at_risk: int
    n_missing_cases: int
    n_missing_controls: int
    half_life: float | None
    controls: int | None
    seed: int | None
    ridge: float
    ranking: Ranking
    data_hash: str
    version: str
    between_draws: tuple[float, ...] | None = None

    @property
    def cov(self) -> NDArray[np.float64]:
        """Covariance of `coef` of the kind `errors`, shape (p, p)."""
        return np.array(self.covariances[self.errors])

    @property
    def se(self) -> NDArray[np.float64]:
        """Standard errors of the kind `errors`, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.cov)))

    @property
    def z(self) -> NDArray[np.float64]:
        """Coefficients over their standard errors."""
        return np.array(self.coef) / self.se

    @property
    def p(self) -> NDArray[np.float64]:
        """Two-sided p-values from the normal distribution."""
        return np.array([math.erfc(abs(x) / math.sqrt(2.0)) for x in self.z])

    @property
    def coef_unscaled(self) -> NDArray[np.float64]:
        """Coefficients for the terms as they are: coef / scale."""
        return np.asarray(np.array(self.coef) / np.array(self.scale))

    @property
    def cov_unscaled(self) -> NDArray[np.float64]:
        """Covariance of `coef_unscaled`."""
        return np.asarray(self.cov / np.outer(self.scale, self.scale))

    def draws(self, n: int, seed: int = 1) -> NDArray[np.float64]:
        """`n` draws of `coef` from N(coef, cov), shape (n, p); the same for the same seed."""
        values, vectors = np.linalg.eigh(self.cov)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = np.random.Generator(np.random.Philox(key=seed)).standard_normal((n, len(self.terms)))
        return np.asarray(np.array(self.coef) + normal @ root.T)

    def to_json(self) -> str:
        """As JSON that `Fit.from_json` reads back to the same numbers; the same bytes for the same fit."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, sort_keys=True, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str) -> Fit:
        """The model in `text`. Raises ModelError when it is none."""
        try:
            schema = msgspec.json.decode(text, type=dict[str, object]).get("schema")
            if schema != SCHEMA:
                raise ModelError(
                    f"not a fitted model: schema is {schema!r}, not {SCHEMA!r}. Make one: foedus model fit"
                )
            return msgspec.json.decode(text, type=Fit)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise ModelError(f"not a fitted model: {error}. Make one: foedus model fit") from None

    def summary(self) -> str:
        """A table for people: coefficients, errors of every kind, what was left out, how well cases rank."""
        kinds = [k for k in KINDS if k in self.covariances]
        width = max(len("term"), *(len(t) for t in self.terms))
        wide = self.between_draws is not None
        head = f"{'term':<{width}} {'coef':>9} " + " ".join(f"{'se ' + k:>10}" for k in kinds) + f" {'z':>7} {'p':>7}"
        lines = [*self._about(), "", head + (f" {'sd draws':>9}" if wide else "")]
        se = {k: np.sqrt(np.diag(np.array(self.covariances[k]))) for k in kinds}
        for at, term in enumerate(self.terms):
            errors = " ".join(f"{se[k][at]:>10.4f}" for k in kinds)
            line = f"{term:<{width}} {self.coef[at]:>9.4f} {errors} {self.z[at]:>7.2f} {self.p[at]:>7.4f}"
            lines.append(line + (f" {self.between_draws[at]:>9.4f}" if self.between_draws is not None else ""))
        return "\n".join([*lines, "", *self._notes()])

    def _about(self) -> list[str]:
        drawn = "all sets" if self.controls is None else f"{self.controls} controls for each case (or all pairs)"
        decay = "no decay" if self.half_life is None else f"half-life {self.half_life:g}"
        return [
            f"{self.n_cases} events, {self.n_rows:,} rows; {drawn}; {decay}; seed {self.seed}.",
            f"Log-likelihood {self.loglik:.3f} (without terms {self.loglik_null:.3f}).",
        ]

    def _notes(self) -> list[str]:
        r = self.ranking
        notes = [
            f"z and p from {self.errors} errors. Coefficients are for "
            + (
                "one standard deviation of a term among controls."
                if set(self.scale) != {1.0}
                else "one unit of a term."
            ),
            f"Cases among their controls: mean reciprocal rank {r.mean_reciprocal_rank:.3f}, first {r.top_share:.1%},"
            f" log score {r.log_score:.3f} (chance {r.log_score_chance:.3f}).",
        ]
        left = {
            "without a control": self.n_without_controls,
            "with a member not at risk": self.n_not_at_risk,
            "with a missing covariate": self.n_missing_cases,
        }
        notes += [f"Left out: {n} events {why}." for why, n in left.items() if n]
        if self.n_missing_controls:
            notes.append(f"Left out or filled in: {self.n_missing_controls} controls with a missing covariate.")
        if self.ridge:
            notes.append(f"Penalised: ridge {self.ridge:g}. Coefficients are drawn towards 0; errors are approximate.")
        return notes
