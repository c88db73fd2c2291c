"""From a scenario's words to the indices and arrays that the simulator applies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.futures.plan import Founding, Plan, Process, Shock, What
from foedus.futures.scenario import BY_PAIR, BY_TREATY, OF_TWO, Growth, Scenario, Spending
from foedus.futures.scenario_check import covered
from foedus.futures.world import REGIMES, World
from foedus.record import Record

Floats = NDArray[np.float64]


def compile(scenario: Scenario, world: World, record: Record, until: int) -> Plan:
    """What `scenario` asks of a run of `world` to the end of `until`. A scenario without entries gives the baseline.

    scenario : checked and resolved by `scenario_check.read`. Everything dated after `until` is left out. Raises
    WorldError for a state or treaty that the world does not hold (a world of another origin than the check's).
    """
    return Plan(
        name=scenario.id,
        title=scenario.title,
        first=world.origin + 1,
        shocks=tuple(_shocks(scenario, world)),
        foundings=tuple(_founding(f, world) for f in scenario.founding),
        growth=_growth(scenario, world, record, until),
        spending_target=_spending(scenario, world, record, until),
        levers=_levers(scenario, world, until),
        state_levers=_state_levers(scenario, world, until),
        pair_levers=_pair_levers(scenario, world, until),
        founding_rate=_founding_rate(scenario, world, until),
    )


def _shocks(scenario: Scenario, world: World) -> Iterable[Shock]:
    place = {f.id: world.n_treaties + k for k, f in enumerate(scenario.founding)}

    def treaty(id_: str) -> int:
        return place[id_] if id_ in place else world.treaty(id_)

    for what, events in (("withdraw", scenario.withdrawal), ("accede", scenario.accession)):
        for e in events:
            for s in e.states:
                yield _shock(e.day, "withdraw" if what == "withdraw" else "accede", world, s, treaty=treaty(e.treaty))
    for end in scenario.termination:
        yield Shock(end.day.year, "end", treaty=treaty(end.treaty))
    for r in scenario.regime:
        yield _shock(r.day, "regime", world, r.state, value=float(REGIMES.index(r.regime)))
    for v in scenario.rivalry:
        what_now: What = "rivalry" if v.change == "begins" else "rivalry_end"
        yield _shock(v.day, what_now, world, v.between[0], other=world.state(v.between[1]))
    for a in scenario.attack:
        yield _shock(a.day, "attack", world, a.attacker, other=world.state(a.target))


def _shock(day: date, what: What, world: World, state: str, **rest: Any) -> Shock:
    return Shock(day.year, what, state=world.state(state), **rest)


def _founding(founding: Any, world: World) -> Founding:
    members = np.zeros(world.n_states, dtype=np.bool_)
    members[[world.state(s) for s in founding.members]] = True
    return Founding(founding.day.year, founding.id, founding.name, members, defence="defence" in founding.pledges)


def _rows(first: int | None, last: int | None, world: World, until: int) -> slice:
    """Rows of a path from `first` to `last`, both included; row 0 is the first year of the run."""
    begin = world.origin + 1
    return slice(max(0, (first or begin) - begin), max(0, min(last or until, until) - begin + 1))


def _n_years(world: World, until: int) -> int:
    return until - world.origin


def _growth(scenario: Scenario, world: World, record: Record, until: int) -> Floats | None:
    """Added to the yearly growth of log GDP: a percentage point on growth, as a difference of logarithms."""
    if not scenario.growth:
        return None
    path = np.zeros((_n_years(world, until), world.n_states))
    for g in scenario.growth:
        rows = _rows(g.first_year, g.last_year, world, until)
        path[rows, _columns(g, scenario, world, record)] = np.log1p(g.add_points / 100)
    return path


def _spending(scenario: Scenario, world: World, record: Record, until: int) -> Floats | None:
    """Per cent of GDP to move towards; NaN for no target, also where today's share is above it or not known."""
    if not scenario.spending:
        return None
    path = np.full((_n_years(world, until), world.n_states), np.nan)
    begin = world.origin + 1
    for e in scenario.spending:
        who = _columns(e, scenario, world, record)
        first = e.first_year or begin
        steps = e.by - first + 1
        years = np.arange(first, until + 1)
        climbed = np.minimum(1.0, (years - first + 1) / steps)[:, None]  # stays at the target once reached
        now = world.milex_share[who]
        below = who[now < e.percent_gdp]  # NaN compares false: a state without a known share gets no target
        start = world.milex_share[below]
        path[first - begin :, below] = start + climbed * (e.percent_gdp - start)
    return path


def _columns(entry: Growth | Spending, scenario: Scenario, world: World, record: Record) -> NDArray[np.int64]:
    names = covered(entry, scenario, record, date(world.origin, 12, 31))
    return np.array(sorted(world.state(s) for s in names), dtype=np.int64)


def _levers(scenario: Scenario, world: World, until: int) -> dict[Process, Floats]:
    """Factors by treaty for the processes of treaties, by state for the rest; those of treaty and state are pairs."""
    found: dict[Process, Floats] = {}
    for lever in scenario.lever:
        by_treaty = lever.process in BY_TREATY
        if (by_treaty and lever.states) or (lever.process == "founding" and not lever.states):
            continue
        names = lever.treaties if by_treaty else lever.states
        width = world.n_treaties if by_treaty else world.n_states
        look = world.treaty if by_treaty else world.state
        table = found.setdefault(lever.process, np.ones((_n_years(world, until), width)))
        columns = np.array([look(x) for x in names], dtype=np.int64) if names else np.arange(width)
        # The factors of the two states of a pair multiply: everywhere, each bears the root.
        whole = lever.process in OF_TWO and not names
        factor = np.sqrt(lever.factor) if whole else lever.factor
        table[_rows(lever.first_year, lever.last_year, world, until), columns] *= factor
    return found


def _founding_rate(scenario: Scenario, world: World, until: int) -> Floats | None:
    """A lever on founding that names no state acts on how many treaties are founded, (Y,)."""
    levers = [x for x in scenario.lever if x.process == "founding" and not x.states]
    if not levers:
        return None
    rate = np.ones(_n_years(world, until))
    for lever in levers:
        rate[_rows(lever.first_year, lever.last_year, world, until)] *= lever.factor
    return rate


def _state_levers(scenario: Scenario, world: World, until: int) -> dict[Process, Floats]:
    found: dict[Process, Floats] = {}
    for lever in scenario.lever:
        if lever.process in BY_PAIR and lever.states and not lever.treaties:
            table = found.setdefault(lever.process, np.ones((_n_years(world, until), world.n_states)))
            columns = np.array([world.state(s) for s in lever.states], dtype=np.int64)
            table[_rows(lever.first_year, lever.last_year, world, until), columns] *= lever.factor
    return found


def _pair_levers(scenario: Scenario, world: World, until: int) -> dict[Process, Floats]:
    """Invitations, rules of membership (a hazard of nought) and levers that name both treaties and states."""
    found: dict[Process, Floats] = {}

    def scale(process: Process, factor: float, treaties: Iterable[str], states: Iterable[str], rows: slice) -> None:
        shape = (_n_years(world, until), world.n_treaties, world.n_states)
        table = found.setdefault(process, np.ones(shape))
        for t in treaties:
            table[rows, world.treaty(t), [world.state(s) for s in states]] *= factor

    for i in scenario.invitation:
        scale("accession", i.factor, (i.treaty,), i.states, _rows(i.day.year, i.last_year, world, until))
    for m in scenario.membership:
        process: Process = "withdrawal" if m.rule == "must" else "accession"
        scale(process, 0.0, (m.treaty,), m.states, _rows(m.first_year, m.last_year, world, until))
    for lever in scenario.lever:
        if lever.process in BY_PAIR and lever.states and lever.treaties:
            rows = _rows(lever.first_year, lever.last_year, world, until)
            scale(lever.process, lever.factor, lever.treaties, lever.states, rows)
    return found
