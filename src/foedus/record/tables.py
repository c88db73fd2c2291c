"""The rows of the record's tables: states, names, capitals, places, regions, figures, and the sources they share."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from foedus.record.schema import Source
from foedus.record.spell import in_force


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row carries: the ids of its sources, separated by semicolons in the file."""

    source: str
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources."""
        return tuple(s.strip() for s in self.source.split(";") if s.strip())


class StateRow(Row, frozen=True, kw_only=True):
    """One member of the inter-state system, or an entity that a treaty names."""

    code: str
    name: str
    kind: Literal["system", "micro", "entity"]
    region: str
    cow: int | None = None
    abb: str = ""
    gw: int | None = None


class StateSpell(Row, frozen=True, kw_only=True):
    """A time in which a state was in the system."""

    code: str
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether the spell covers `day`."""
        return in_force(self.since, self.until, day)


class StateName(Row, frozen=True, kw_only=True):
    """Another name or code of a state: dated style ("Prussia"), alias ("UK") or former code ("SUN")."""

    name: str
    code: str
    kind: Literal["style", "alias", "former_code"]
    since: date | None = None
    until: date | None = None


class Capital(Row, frozen=True, kw_only=True):
    """A capital in its time; decimal degrees."""

    code: str
    capital: str
    lat: float
    lon: float
    since: date | None = None
    until: date | None = None


class Succession(Row, frozen=True, kw_only=True):
    """What became of a state, or where one came from."""

    predecessor: str
    successor: str
    day: date
    how: Literal["dissolution", "secession", "unification", "annexation", "partition", "independence", "restoration"]


class OutlineSpell(Row, frozen=True, kw_only=True):
    """Who held most of the ground that today's outline of a state encloses."""

    outline: str
    holder: str
    since: date
    until: date | None = None


class Figure(Row, frozen=True, kw_only=True):
    """One observed figure of one state and year."""

    state: str
    indicator: str
    year: int | None = None  # None: undated (an area, a coastline)
    value: float
    unit: str
    quality: Literal["observed", "estimate", "midpoint"]


class Border(Row, frozen=True, kw_only=True):
    """The land border of two of today's states, in km; stored once, a < b."""

    a: str
    b: str
    km: float


class Nuclear(Row, frozen=True, kw_only=True):
    """A state's nuclear status in its time."""

    state: str
    status: Literal["nuclear_weapon_state", "nuclear_armed", "former", "host"]
    since: date
    until: date | None = None


class Neutrality(Row, frozen=True, kw_only=True):
    """A time in which a state kept out of alliances. kind : what bound it; only a policy can end without an act of law.

    says : what the text bars, in one sentence of our own.
    """

    state: str
    kind: Literal["constitution", "treaty", "law", "policy"]
    since: date
    until: date | None = None
    precision: Literal["day", "month", "year"] = "day"
    says: str
    confidence: Literal["text", "secondary", "recalled"] = "secondary"

    @property
    def is_law(self) -> bool:
        """Whether the state may not join a defence pact while it holds: by constitution, treaty or law."""
        return self.kind != "policy"


class GreatPower(Row, frozen=True, kw_only=True):
    """A time in which a state counted as a great power."""

    state: str
    since: date
    until: date | None = None


class Rivalry(Row, frozen=True, kw_only=True):
    """Two states that saw each other as competitor, threat and enemy (Thompson 2001); years inclusive, a < b."""

    a: str
    b: str
    first_year: int
    last_year: int | None = None


class War(Row, frozen=True, kw_only=True):
    """An inter-state war."""

    id: str
    name: str
    since: date
    until: date | None = None


class WarParty(Row, frozen=True, kw_only=True):
    """One state's part in a war. side : 1 or 2; initiator : whether it fired first on its side."""

    war: str
    state: str
    side: Literal[1, 2]
    since: date
    until: date | None = None
    initiator: bool = False


class Regime(Row, frozen=True, kw_only=True):
    """How a state was governed over a span of years (inclusive), in the four classes of Regimes of the World."""

    state: str
    regime: Literal["closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy"]
    first_year: int
    last_year: int | None = None


class Opinion(Row, frozen=True, kw_only=True):
    """One published share of answers to one question, in per cent of those asked.

    scope : one state; all members weighted; or the median of the members asked (then there is no state). target : the
    ally that the question names. group : part of the public. day : first day of fieldwork, as exact as `precision`
    says. released : where one survey was published twice with different shares. family : questions that may be set side
    by side. percent, against : shares for and against, 0 to 100; n : sample, where known. quality : whether the share
    was printed, follows from printed ones, is printed as "about", or was attached to its state by a chart's order.
    """

    scope: Literal["state", "members", "median"]
    treaty: str
    day: date
    pollster: str
    family: Literal[
        "favour", "remain", "defend", "join", "commitment", "benefit", "deterrence", "spending", "us_would_come"
    ]
    question: str
    percent: float
    state: str = ""
    target: str = ""
    group: str = ""
    precision: Literal["day", "month", "year", "circa"] = "day"
    released: date | None = None
    against: float | None = None
    n: int | None = None
    quality: Literal["published", "derived", "about", "chart_position"] = "published"
    confidence: Literal["text", "secondary", "recalled"] = "secondary"


class Guideline(Row, frozen=True, kw_only=True):
    """A spending guideline that the members of a treaty agreed on."""

    id: str
    treaty: str
    name: str
    indicator: str
    value: float
    unit: str
    since: date
    until: date | None = None
    target_date: date | None = None
    text: str = ""


class Region(Row, frozen=True, kw_only=True):
    """A region that a clause may name: states, places and, where a treaty draws it, a polygon of (lon, lat)."""

    id: str
    name: str
    kind: Literal["land", "sea", "treaty_area", "both"]
    definition: str
    subregions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    except_states: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    polygon: tuple[tuple[float, float], ...] = ()


class PlaceStatus(Row, frozen=True, kw_only=True):
    """Who held a place, how, in which time."""

    holder: str
    status: str
    since: date | None = None
    until: date | None = None
    claimants: tuple[str, ...] = ()


class Place(Row, frozen=True, kw_only=True):
    """A place beyond the homeland that treaties turn on."""

    id: str
    name: str
    kind: str
    lat: float
    lon: float
    aliases: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    status: tuple[PlaceStatus, ...] = ()


TABLES: dict[str, type[msgspec.Struct]] = {
    "states.csv": StateRow,
    "state_spells.csv": StateSpell,
    "state_names.csv": StateName,
    "capitals.csv": Capital,
    "successions.csv": Succession,
    "outline_spells.csv": OutlineSpell,
    "figures.csv": Figure,
    "borders.csv": Border,
    "nuclear.csv": Nuclear,
    "neutrality.csv": Neutrality,
    "great_powers.csv": GreatPower,
    "rivalries.csv": Rivalry,
    "wars.csv": War,
    "war_parties.csv": WarParty,
    "regimes.csv": Regime,
    "opinion.csv": Opinion,
}
LISTS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "guidelines.toml": ("guideline", Guideline),
    "regions.toml": ("region", Region),
    "places.toml": ("place", Place),
}
SOURCE_LIST = ("source", Source)
