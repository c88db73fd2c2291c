"""Parameters of every process, drawn once for each world from the fitted models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from foedus.futures.errors import RunError
from foedus.futures.years import Parameters
from foedus.model.drivers import growth, regime, rivalry
from foedus.model.envelope import Fitted
from foedus.model.membership import standing
from foedus.model.membership.counts import COUNTS
from foedus.model.membership.level import levelled
from foedus.model.membership.sizes import MOST_SMALL, PARTS, small_shares
from foedus.model.membership.sizes import row as size_terms
from foedus.model.shipped import shipped
from foedus.model.spending import fit as spending

_Floats = NDArray[np.float64]

TERMS: dict[str, tuple[str, ...]] = {
    "accession": standing.ACCESSION,
    "withdrawal": standing.WITHDRAWAL,
    "termination": standing.TERMINATION,
    "founding": standing.FOUNDING,
    "founding-counts": (*COUNTS, "log_alpha"),
}
NAMES = (*TERMS, "founding-sizes", "regime", "rivalry")
ECONOMY = ("growth", "spending", "disputes")  # all three, or a run without them
LARGEST_SET = 64  # founders of one treaty at most; the largest of the record has 53, the fit knows none larger


@dataclass(frozen=True)
class Fits:
    """The fitted models of a run, by the names of `foedus model fit`.

    fixed : draw no uncertainty, every world has the estimates themselves (for tests and decompositions).
    """

    by_name: Mapping[str, Fitted] = field(default_factory=dict)
    fixed: bool = False

    @property
    def economy(self) -> bool:
        """Whether growth, military expenditure, support and disputes are simulated."""
        return all(name in self.by_name for name in ECONOMY)

    def __getitem__(self, name: str) -> Fitted:
        return self.by_name[name]


def shipped_fits() -> Fits:
    """The fits that ship with foedus. Raises ModelError when one is missing.

    Accession is the room's own fit, without the term for recent accessions: fitted with it, one accession calls the
    next, and simulated for fifteen years that runs away, to more than forty accessions a year (docs/futures.md).
    """
    steady = (files("foedus.futures") / "fitted" / "accession.json").read_text(encoding="utf-8")
    return Fits(
        {name: shipped(name) for name in (*NAMES, *ECONOMY)} | {"accession": Fitted.from_json(steady, "accession.json")}
    )


def draw(
    fits: Fits, worlds: int, seed: int, *, year: int, states: Sequence[str], war_end: float, helped: tuple[int, int]
) -> Parameters:
    """Parameters of `worlds` worlds of `states` that begin in `year`; the same for the same seed.

    war_end, helped : of the world (`World`).
    Raises RunError when a fit is missing or has a term that the simulator does not know.
    """
    missing = [n for n in NAMES if n not in fits.by_name]
    if missing:
        raise RunError(f"No fit is given of {', '.join(missing)}. Make it: foedus model fit {missing[0]}")
    rows = {name: _rows(fits, name, worlds, seed + k) for k, name in enumerate(NAMES)}
    whole = {name: _placed(rows[name], fits[name].terms, terms, name) for name, terms in TERMS.items()}
    onset, ends = rivalry.split(rows["rivalry"])
    sizes = _sizes(fits["founding-sizes"], rows["founding-sizes"], year, len(states))
    return Parameters(
        accession=whole["accession"],
        withdrawal=whole["withdrawal"],
        termination=whole["termination"],
        founding=whole["founding"],
        counts=whole["founding-counts"],
        war_end=np.full(worlds, war_end),
        honour=_honour(helped, worlds, seed + 99, fits.fixed),
        size_cdf=sizes[0],
        defence_share=sizes[1],
        open_share=sizes[2],
        moves=np.ascontiguousarray(_moves(fits, worlds, seed)),
        onset=np.ascontiguousarray(onset),
        rivalry_end=np.ascontiguousarray(ends),
        **_economy(fits, worlds, seed + 100, states),
    )


def _honour(helped: tuple[int, int], worlds: int, seed: int, fixed: bool) -> _Floats:
    """Chance that an ally bound to help goes to war, from those that did and those bound; 0 where none ever was."""
    came, bound = helped
    if fixed or bound == 0:
        return np.full(worlds, came / max(bound, 1))
    return np.random.Generator(np.random.Philox(key=seed)).beta(came + 0.5, bound - came + 0.5, worlds)


def _economy(fits: Fits, worlds: int, seed: int, states: Sequence[str]) -> dict[str, _Floats]:
    """Rows of growth, spending and disputes, and what follows from them; without rows where they are not simulated."""
    if not fits.economy:
        none = {"growth": 7, "spending": 7, "disputes": 9, "drift": len(states)}
        return (
            {k: np.zeros((0, n)) for k, n in none.items()}
            | {k: np.zeros(0) for k in ("pull_shift", "war")}
            | {"typical_disputes": np.zeros(9)}
        )
    of_growth, of_spending = _rows(fits, "growth", worlds, seed), _rows(fits, "spending", worlds, seed + 1)
    if not fits.fixed:
        of_spending = spending.draws(fits["spending"], worlds, seed + 1)
    wars, all_ = fits["disputes"].extra["wars"]
    beta = np.random.Generator(np.random.Philox(key=seed + 3)).beta(wars + 0.5, all_ - wars + 0.5, worlds)
    return {
        "growth": of_growth,
        "drift": growth.starting(fits["growth"], states).drift(of_growth),
        "spending": of_spending,
        "pull_shift": of_spending[:, 6] - fits["spending"].by_term["pull"],
        "disputes": _rows(fits, "disputes", worlds, seed + 2),
        "war": np.full(worlds, wars / all_) if fits.fixed else beta,
        "typical_disputes": np.array(fits["disputes"].coef),
    }


def _rows(fits: Fits, name: str, worlds: int, seed: int) -> _Floats:
    fit = levelled(fits[name])
    return np.tile(np.array(fit.coef), (worlds, 1)) if fits.fixed else fit.draws(worlds, seed)


def _moves(fits: Fits, worlds: int, seed: int) -> _Floats:
    if not fits.fixed:
        return regime.draws(fits["regime"], worlds, seed + len(NAMES))
    mean = np.zeros((4, 4))
    mean[~np.eye(4, dtype=bool)] = fits["regime"].coef
    np.fill_diagonal(mean, 1.0 - mean.sum(axis=1))
    return np.tile(mean, (worlds, 1, 1))


def _placed(rows: _Floats, have: Sequence[str], want: Sequence[str], name: str) -> _Floats:
    """Columns in the order of `want`; a term that was left out of the fit has coefficient 0."""
    strange = [t for t in have if t not in want]
    if strange:
        raise RunError(f"{name}: the simulator does not know the terms {', '.join(strange)}; fit without them.")
    out = np.zeros((len(rows), len(want)))
    out[:, [want.index(t) for t in have]] = rows
    return out


def _sizes(fit: Fitted, rows: _Floats, year: int, n_states: int) -> tuple[_Floats, _Floats, _Floats]:
    """(size_cdf, defence_share, open_share), each (W, LARGEST + 1), for foundings from `year` on."""
    worlds, sizes = len(rows), np.arange(LARGEST_SET + 1)
    value = {t: rows[:, k] for k, t in enumerate(fit.terms)}

    def chance(part: str, size: int) -> _Floats:
        x = size_terms(part, size, year)
        eta = sum(v * value.get(f"{part}.{t}", 0.0) for v, t in zip(x, PARTS[part], strict=True))
        return np.asarray(-np.expm1(-np.exp(np.minimum(eta, 50.0))))

    multi, large = chance("multi", 3), chance("large", 7)
    weight = np.zeros((worlds, len(sizes)))
    weight[:, 2] = 1.0 - multi
    small, tail = small_shares(value["small.slope"]), _tail(value["tail.mean"], value["tail.log_sd"], n_states)
    weight[:, 3 : MOST_SMALL + 1] = (multi * (1.0 - large))[:, None] * small
    weight[:, MOST_SMALL + 1 :] = (multi * large)[:, None] * tail
    kinds = [np.stack([chance(part, int(s)) for s in sizes], axis=1) for part in ("defence", "open")]
    return np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True), kinds[0], kinds[1]


def _tail(mean: _Floats, log_sd: _Floats, n_states: int) -> _Floats:
    """Shares of the sizes from seven on, a row for each world: log(size - 6) normal, cut at what a set may hold."""
    above = np.arange(1, LARGEST_SET - MOST_SMALL + 1)
    z = (np.log(above) - mean[:, None]) / np.exp(log_sd)[:, None]
    density = np.where(above + MOST_SMALL <= n_states, np.exp(-0.5 * z * z) / above, 0.0)
    total = density.sum(axis=1, keepdims=True)
    return np.asarray(density / np.where(total > 0, total, 1.0))
