"""Strategies of collective defence over an ensemble of events: who is bound, how fast, at what cost, what escalates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel import state_figures
from foedus.record import Record, Treaty
from foedus.strategy.coalition import Contest
from foedus.strategy.doctrine_file import Common, Doctrine, DoctrineFile, Duty, Range
from foedus.strategy.ensemble import LEAST, Occasion, nuclear, occasions, pairs
from foedus.strategy.errors import StrategyError
from foedus.strategy.figures import FACTBOOK, held
from foedus.strategy.honour import Rates, coming

Real = NDArray[np.float64]
AT_DAY = 30.0  # [choice] the day on which forces are compared
STEEPNESS_SE = 0.1405  # of Contest.steepness: COW inter-state wars 4.0, n = 74
QUANTILES = (0.05, 0.5, 0.95)
FINDINGS = {
    "n_bound": "members with a duty to act, by forces or other means, the target aside",
    "answer": "days until those that owe an answer begin it, whatever its kind",
    "n_force": "members that owe forces",
    "n_come": "members whose forces come, the target aside",
    "days": "days until the first forces from outside are there; no value where none come",
    "held": f"probability that the coalition prevails with what is there on day {AT_DAY:g}, armed attacks only",
    "cost_bn": "cost in peace, billion USD a year, all members; what it costs once used is below",
    "nuclear": "share of armed attacks with nuclear-armed states fighting on both sides",
}
COMPARED = pl.Schema(
    {
        "doctrine": pl.String,
        "finding": pl.String,
        "low": pl.Float64,
        "median": pl.Float64,
        "high": pl.Float64,
        "unit": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """frame : schema COMPARED, 90 % intervals over draws of the mean over events. events : (attacker, target).
    left_out : rival -> why its attacks are not among them. assumed : in words."""

    treaty: str
    title: str
    day: date
    frame: pl.DataFrame
    events: tuple[tuple[str, str], ...]
    left_out: Mapping[str, str]
    doctrines: tuple[Doctrine, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """The members and who attacks them. capability : (n,), military expenditure, million USD."""

    members: tuple[str, ...]
    capability: Real
    attacker: Mapping[str, float]
    nuclear: NDArray[np.bool_]
    nuclear_attacker: Mapping[str, bool]


def compare(
    record: Record,
    treaty: Treaty,
    day: date,
    stated: DoctrineFile,
    *,
    rates: Rates | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> Comparison:
    """Compare the doctrines of `stated` for the members of `treaty` on `day`.

    Every draw takes one value from each range, one steepness of the contest, and for each event who honours. The same
    draws serve every doctrine, so differences between doctrines are not luck. Raises StrategyError when the alliance
    has no rival whose capability is known.
    """
    table, _ = held(record, tuple(sorted(treaty.members_on(day))), day)
    known = table.drop_nulls("burden_share")
    members = tuple(known["state"])
    side, among, left_out = _sides(record, treaty, known, members, day)
    events = occasions(record, members, day, among)
    used = rates or Rates()
    rows = []
    for doctrine in stated.doctrine:
        found = _played(doctrine, stated.common, side, events, used, draws, seed)
        for finding, values in found.items():
            seen = values[~np.isnan(values)]
            low, middle, high = np.quantile(seen, QUANTILES).tolist() if len(seen) else (None, None, None)
            rows.append((doctrine.name, finding, low, middle, high, FINDINGS[finding]))
    return Comparison(
        treaty.id,
        treaty.title,
        day,
        pl.DataFrame(rows, schema=COMPARED, orient="row"),
        tuple(among),
        left_out,
        stated.doctrine,
        _assumed(stated, used, draws),
    )


def _sides(
    record: Record, treaty: Treaty, known: pl.DataFrame, members: tuple[str, ...], day: date
) -> tuple[_Side, list[tuple[str, str]], dict[str, str]]:
    every = pairs(record, members, day)
    rivals = sorted({a for a, _ in every})
    figures = state_figures(record, rivals)
    left_out = {r["name"]: r["why_no_milex"] for r in figures.iter_rows(named=True) if r["milex_musd"] is None}
    strength = dict(figures.drop_nulls("milex_musd").select("state", "milex_musd").rows())
    own = dict(zip(members, known["milex_musd"].to_list(), strict=True))
    among = [(a, t) for a, t in every if t in own and strength.get(a, 0.0) >= LEAST * own[t]]
    weak = {a for a, _ in every if a in strength} - {a for a, _ in among}
    left_out |= {record.state_name(a): f"spends less than {LEAST:.0%} of what its target does" for a in sorted(weak)}
    if not among:
        raise StrategyError(f"The record knows no rival of {treaty.title} on {day} with military expenditure.")
    armed = dict(zip(rivals, nuclear(record, rivals, day).tolist(), strict=True))
    return (
        _Side(members, known["milex_musd"].to_numpy(), strength, nuclear(record, members, day), armed),
        among,
        left_out,
    )


def _played(
    doctrine: Doctrine, common: Common, side: _Side, events: Sequence[Occasion], rates: Rates, draws: int, seed: int
) -> dict[str, Real]:
    """Each finding as its mean over events, shape (draws,)."""
    drawn = _Drawn.of(doctrine, common, draws, seed)
    sums = {name: np.zeros(draws) for name in ("n_bound", "answer", "n_force", "n_come", "held", "nuclear")}
    days, n_days, n_armed = np.zeros(draws), np.zeros(draws), 0
    for e, event in enumerate(events):
        duty: Duty = getattr(doctrine, event.kind)
        target = side.members.index(event.target)
        others = np.arange(len(side.members)) != target
        owing = others & (event.bound if duty == "text" else np.full(len(others), duty != "none"))
        acts, force = owing & (duty != "consult"), owing & (duty in ("text", "force"))
        sums["n_bound"] += acts.sum()
        by_force = event.kind == "armed_attack" and duty in ("text", "force")
        sums["answer"] += drawn.decide_days if by_force else drawn.answer_days
        if event.kind != "armed_attack":
            continue  # forces are for armed attacks; the rest is answered by other means
        n_armed += 1
        stream = np.random.Generator(np.random.Philox(key=[seed, e + 1]))
        comes = _who(doctrine, drawn, side, force, others, rates, stream)
        arrival, there = _forces(doctrine, drawn, side, event, comes)
        first = np.where(comes, arrival, np.inf).min(axis=1)
        has_first = np.isfinite(first)
        days += np.where(has_first, first, 0.0)
        n_days += has_first
        home = drawn.home_share * side.capability[target]
        against = drawn.attack_share * side.attacker[event.attacker]
        sums["n_force"] += force.sum()
        sums["n_come"] += comes.sum(axis=1)
        sums["held"] += _prevails(home + there.sum(axis=1), against, drawn.steepness)
        fights = comes.copy()
        fights[:, target] = True
        sums["nuclear"] += (fights & side.nuclear).any(axis=1) & side.nuclear_attacker[event.attacker]
    found = {name: total / (len(events) if name in ("n_bound", "answer") else n_armed) for name, total in sums.items()}
    found["days"] = np.where(n_days > 0, days / np.maximum(n_days, 1), np.nan)
    found["cost_bn"] = drawn.peace_cost * side.capability.sum() / 1e3
    return {name: found[name] for name in FINDINGS}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One value of each range and of the contest's steepness, for each draw; shape (draws,)."""

    attack_share: Real
    home_share: Real
    ready_days: Real
    mobilise_days: Real
    km_a_day: Real
    follow_share: Real
    unbound: Real
    decide_days: Real
    answer_days: Real
    forward_share: Real
    ready_share: Real
    peace_cost: Real
    steepness: Real

    @classmethod
    def of(cls, doctrine: Doctrine, common: Common, draws: int, seed: int) -> _Drawn:
        """The same draw of each common range under every doctrine."""
        stream = np.random.Generator(np.random.Philox(key=[seed, 0]))

        def within(bounds: Range) -> Real:
            return bounds[0] + (bounds[1] - bounds[0]) * stream.random(draws)

        shared = {name: within(getattr(common, name)) for name in Common.__struct_fields__}
        steepness = np.maximum(0.01, Contest(1.0).steepness + STEEPNESS_SE * stream.standard_normal(draws))
        own = ("decide_days", "answer_days", "forward_share", "ready_share", "peace_cost")
        return cls(**shared, **{name: within(getattr(doctrine, name)) for name in own}, steepness=steepness)


def _who(
    doctrine: Doctrine,
    drawn: _Drawn,
    side: _Side,
    force: NDArray[np.bool_],
    others: NDArray[np.bool_],
    rates: Rates,
    stream: np.random.Generator,
) -> NDArray[np.bool_]:
    """Which members come with forces, shape (draws, n): those in place, those that honour, a few without a duty."""
    comes = coming(force, Rates(rates.era, 0.0, rates.shock), len(drawn.unbound), stream)
    comes |= ~force & (stream.random(comes.shape) < drawn.unbound[:, None])
    comes[:, _in_place(doctrine, side, others)] = True  # whoever stands there is attacked as well
    comes[:, ~others] = False
    return comes


def _in_place(doctrine: Doctrine, side: _Side, others: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The strongest members other than the target, as many as the doctrine puts in place."""
    order = np.argsort(-np.where(others, side.capability, -1.0), kind="stable")
    return np.asarray(order[: min(doctrine.present, int(others.sum()))])


def _forces(
    doctrine: Doctrine, drawn: _Drawn, side: _Side, event: Occasion, comes: NDArray[np.bool_]
) -> tuple[Real, Real]:
    """Day on which each member's first forces are there, and its capability there on AT_DAY; shape (draws, n)."""
    road = np.nan_to_num(event.km, nan=float(np.nanmax(event.km))) / drawn.km_a_day[:, None]
    ready = (drawn.decide_days + drawn.ready_days)[:, None] + road
    rest = (drawn.decide_days + drawn.mobilise_days)[:, None] + road
    first = np.where(drawn.ready_share[:, None] > 0, ready, rest)
    share = drawn.ready_share[:, None] * (ready <= AT_DAY) + drawn.follow_share[:, None] * (rest <= AT_DAY)
    others = np.array([m != event.target for m in side.members])
    in_place = _in_place(doctrine, side, others)
    share[:, in_place] += drawn.forward_share[:, None]
    first[:, in_place] = 0.0
    return first, np.asarray(comes * np.minimum(1.0, share) * side.capability)


def _prevails(ours: Real, against: Real, steepness: Real) -> Real:
    """Probability of prevailing: the contest function with a steepness for each draw."""
    return np.asarray(1 / (1 + (against / ours) ** steepness))


def _assumed(stated: DoctrineFile, rates: Rates, draws: int) -> tuple[str, ...]:
    ranges = ", ".join(
        f"{key.replace('_', ' ')} {getattr(stated.common, key)[0]:g} to {getattr(stated.common, key)[1]:g}"
        for key in Common.__struct_fields__
    )
    return (
        "Events: every rival of a member against it and against members on its land border, each pair and each kind"
        f" of event (armed attack, cyber, hybrid) weighing the same; a rival that spends less than {LEAST:.0%} of what"
        " its target spends is left out.",
        f"Ranges, drawn evenly, {draws:,} draws: {ranges}; those of each doctrine stand in its file.",
        rates.says + " Members in place always fight; one without a duty comes with the probability unbound.",
        f"Capability is military expenditure ({FACTBOOK}); who prevails follows a contest whose steepness, 0.43 with"
        f" standard error {STEEPNESS_SE:g}, comes from 74 inter-state wars: expenditure is a weak guide.",
        "Not in it: nuclear deterrence, geography beyond distance, what an answer costs once it is given, whether the"
        " event happens.",
    )
