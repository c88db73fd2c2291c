"""The world at the end of a year: from the record, or from any history of alliances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.futures.called import called
from foedus.futures.eligible import eligible
from foedus.futures.errors import WorldError
from foedus.futures.world import REGIMES, World
from foedus.model.drivers.growth import latest as latest_growth
from foedus.model.membership.from_record import history_of_record
from foedus.model.membership.history import ACCEDED, WITHDREW, History, standing_after
from foedus.model.membership.standing import Standing
from foedus.model.spending.fit import anchors
from foedus.record import Record

_Floats = NDArray[np.float64]
FIGURE_YEARS = 10  # an older figure says little of a year
OPINION_YEARS = 5


def from_record(record: Record, origin: int | None = None) -> World:
    """The system at the end of `origin`, the last full year of the record by default.

    States are the members of the inter-state system; treaties those in force with at least two of them as parties or
    guarantors. Universal organisations are left out. Who may accede is what the record knows of the law at that time.
    Raises WorldError for a year that the record does not reach.
    """
    history = history_of_record(record)
    world = from_history(history, history.last if origin is None else origin, record)
    lawful = eligible(record, world.treaties, world.states, date(world.origin, 12, 31))
    return world.with_(eligible=lawful | world.member, sources=(*world.sources, _LAW))


def from_history(history: History, origin: int, record: Record) -> World:
    """The same from any history, with figures, regimes and titles of the record where it has them.

    Only what was known at the end of `origin` is used; no history says who may accede, so everybody may. Raises
    WorldError outside the years of the history.
    """
    if not history.first <= origin <= history.last:
        raise WorldError(f"{origin} is not a year of the history ({history.first} to {history.last}).")
    full = standing_after(history.up_to(origin))
    kept, live = np.flatnonzero(full.here), np.flatnonzero(full.in_force)
    states = tuple(history.states[i] for i in kept)
    ids = tuple(history.treaties.id[a] for a in live)
    titles = tuple(record.treaties[i].title if i in record.treaties else i for i in ids)
    return World(
        origin=origin,
        states=states,
        treaties=ids,
        titles=titles,
        standing=narrowed(full, kept, live),
        **_recent(history.up_to(origin), live),
        eligible=np.ones((len(ids), len(states)), np.bool_),
        **_figures(record, states, origin),
        guideline=_guidelines(record, full, kept, history, origin),
        **_dyads(record, history, kept, origin),
        regime=_regimes(record, states, origin),
        contiguous=_borders(record, states),
        war_end=_war_end(history.up_to(origin)),
        helped=called(history.up_to(origin), record),
        state_since=_entered(record, states, origin),
        sources=_SOURCES,
    )


_LAW = ("eligible", "observed", "who may accede: the treaties' texts and states' neutrality, as the record holds them")
_SOURCES = (
    ("member", "observed", "the treaties' members, as the history of alliances holds them"),
    ("joint", "derived", "foundings and accessions, weights halved every 20 years"),
    ("population", "observed", "World Factbook, latest figure, at most ten years old"),
    ("gdp_musd", "observed", "World Factbook, latest figure, at most ten years old"),
    ("milex_share", "observed", "World Factbook, latest figure, at most ten years old"),
    ("milex_anchor", "derived", "mean of the log of the shares that the record has, 2015 on"),
    ("guideline", "observed", "guidelines of treaties in force, as the record holds them"),
    ("regime", "observed", "Regimes of the World, as the record holds them"),
    ("rival", "observed", "Thompson's strategic rivalries, as the record holds them"),
    ("support", "observed", "latest published share in favour of the alliance, at most five years old"),
    ("log_distance", "derived", "great circle between the capitals"),
    (
        "helped",
        "derived",
        "the record's wars since 1946: allies bound to defend who was attacked, and those who fought",
    ),
    ("war_end", "derived", "wars of pairs of states in the history: ended, by years of fighting"),
    ("contiguous", "observed", "land borders of today's states, World Factbook"),
)


def narrowed(full: Standing, states: NDArray[np.intp], treaties: NDArray[np.intp]) -> Standing:
    """The same standing with these states and treaties only; arrays are copies."""
    both, of_treaty = np.ix_(states, states), np.ix_(treaties, states)
    dyads = {name: getattr(full, name)[both].copy() for name in _DYADS}
    by_treaty = {name: getattr(full, name)[of_treaty].copy() for name in ("member", "since", "left")}
    return replace(
        full,
        here=full.here[states].copy(),
        in_force=full.in_force[treaties].copy(),
        states=full.states[states].copy(),
        treaties=full.treaties[treaties].copy(),
        **dyads,
        **by_treaty,
    )


_DYADS = ("joint", "shared", "log_distance", "rival", "common", "war")


def _recent(known: History, live: NDArray[np.intp]) -> dict[str, Any]:
    """Accessions and withdrawals of the last years by treaty, and foundings by year, as the fits count them."""
    recent = np.zeros((len(known.treaties.id), 8))
    for s in known.spells:
        if s.how == ACCEDED and known.last - 5 < s.joined <= known.last:
            recent[s.treaty, known.last - s.joined] += 1
        if s.how_left == WITHDREW and known.last - 3 < s.left <= known.last:
            recent[s.treaty, 5 + known.last - s.left] += 1
    years = np.arange(known.last - 4, known.last + 1)
    founded = (known.treaties.founded[:, None] == years).sum(axis=0)
    return {"recent": recent[live], "foundings": founded.astype(np.float64)}


def _war_end(known: History) -> float:
    """Share of years of war between two states that were the last one; half a year of each kind is added."""
    years = sum(min(d.last, known.last) - d.first + 1 for d in known.wars)
    ended = sum(d.last < known.last for d in known.wars)
    return (ended + 0.5) / (years + 1.0)


def _figures(record: Record, states: Sequence[str], origin: int) -> dict[str, Any]:
    growth = latest_growth(record, list(states))
    anchor, _ = anchors(record, states)
    years = [max((f.year or 0 for f in record.figures_of(s)), default=0) for s in states]
    growth[np.array(years) > origin + 1] = np.nan  # the record's figures describe today, not an earlier origin
    return {
        "population": _latest(record, states, "population", origin),
        "gdp_musd": _latest(record, states, "gdp_musd", origin),
        "milex_share": _latest(record, states, "milex_share_gdp", origin),
        "milex_anchor": np.where(np.array(years) > origin + 1, np.nan, anchor),
        "growth": growth,
        "support": _support(record, states, origin),
    }


def _guidelines(record: Record, full: Standing, kept: NDArray[np.intp], history: History, origin: int) -> _Floats:
    """The highest guideline on military expenditure that binds a state at the end of `origin`, per cent of GDP."""
    out, day = np.zeros(len(kept)), date(origin, 12, 31)
    for g in record.guidelines:
        stands = g.since <= day and (g.until is None or day < g.until)
        if g.indicator == "milex_share_gdp" and stands and g.treaty in history.treaties.id:
            a = list(history.treaties.id).index(g.treaty)
            out = np.maximum(out, np.where(full.member[a][kept], g.value, 0.0))
    return out


def _latest(record: Record, states: Sequence[str], indicator: str, origin: int) -> _Floats:
    out = np.full(len(states), np.nan)
    for i, state in enumerate(states):
        known = [(f.year, f.value) for f in record.figures_of(state) if f.indicator == indicator and f.year]
        fresh = [(year, value) for year, value in known if origin - FIGURE_YEARS <= year <= origin]
        if fresh:
            out[i] = max(fresh)[1]
    return out


def _support(record: Record, states: Sequence[str], origin: int) -> _Floats:
    """Latest share of the public that favours the alliance or would vote to stay in it, as a share."""
    out = np.full(len(states), np.nan)
    rows = [o for o in record.opinion if o.scope == "state" and o.family in ("favour", "remain") and not o.target]
    for o in sorted(rows, key=lambda o: o.day):
        if o.state in states and origin - OPINION_YEARS <= o.day.year <= origin:
            out[states.index(o.state)] = o.percent / 100
    return out


def _dyads(record: Record, history: History, kept: NDArray[np.intp], origin: int) -> dict[str, Any]:
    """When the rivalries of today began, and which pairs were rivals before."""
    n = len(kept)
    position = {int(whole): i for i, whole in enumerate(kept)}
    since, former = np.zeros((n, n)), np.zeros((n, n), np.bool_)
    for d in history.rivalries:
        i, j = position.get(d.one, -1), position.get(d.two, -1)
        if i < 0 or j < 0 or d.first > origin:
            continue
        if d.last >= origin:
            since[i, j] = since[j, i] = d.first
        else:
            former[i, j] = former[j, i] = True
    return {"rival_since": since, "former": former & (since == 0)}


def _regimes(record: Record, states: Sequence[str], origin: int) -> NDArray[np.int8]:
    out = np.full(len(states), -1, np.int8)
    for r in record.regimes:
        if r.state in states and r.first_year <= origin and (r.last_year is None or r.last_year >= origin):
            out[states.index(r.state)] = REGIMES.index(r.regime)
    return out


def _borders(record: Record, states: Sequence[str]) -> NDArray[np.bool_]:
    at = {code: i for i, code in enumerate(states)}
    out = np.zeros((len(states), len(states)), np.bool_)
    for b in record.borders:
        if b.a in at and b.b in at:
            out[at[b.a], at[b.b]] = out[at[b.b], at[b.a]] = True
    return out


def _entered(record: Record, states: Sequence[str], origin: int) -> _Floats:
    """Year in which each state last entered the system; the origin when the record does not say."""
    day = date(origin, 12, 31)
    years = {s.code: s.since.year for s in record.spells if s.since <= day}
    return np.array([float(years.get(code, origin)) for code in states])
