"""`Record`: everything that was read, and the questions it answers by name and by date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast, get_args

from foedus.errors import DateOutsideRecord, NotFound, UnknownState, UnknownTreaty
from foedus.record import names
from foedus.record.schema import Confidence, Member, Obligation, Pledge, Role, Source, SourceIds, Treaty
from foedus.record.spell import in_force
from foedus.record.tables import (
    Border,
    Capital,
    Figure,
    GreatPower,
    Guideline,
    Neutrality,
    Nuclear,
    Opinion,
    OutlineSpell,
    Place,
    Regime,
    Region,
    Rivalry,
    StateName,
    StateRow,
    StateSpell,
    Succession,
    War,
    WarParty,
)

DEFENCE_LEVELS = ("must_use_force", "must_mobilise", "must_assist")
FIRST_DAY = date(1814, 1, 1)  # Chaumont, the earliest treaty held, was signed in March 1814


def counts(obligation: Obligation) -> bool:
    """Whether an article makes a pledge: one of no duty does not, nor one of defence that only allows or consults."""
    return obligation.level in DEFENCE_LEVELS if obligation.pledge == "defence" else obligation.level != "no_duty"


@dataclass(frozen=True, slots=True)
class Tie:
    """One treaty that binds a state on a day, with its membership spell."""

    treaty: Treaty
    membership: Member


class Record:
    """The record in memory: read-only, with look-ups built when first asked for.

    treaties : id -> Treaty, in order of signature. sources : id -> shared Source. Everything else is a tuple of rows.
    """

    def __init__(
        self,
        rows: Mapping[str, Sequence[Any]],
        treaties: Mapping[str, Treaty],
        sources: Mapping[str, Source],
        origin: Mapping[str, str],
    ) -> None:
        self.treaties = dict(sorted(treaties.items(), key=lambda item: (item[1].signed, item[0])))
        self.sources = dict(sources)
        self.origin = dict(origin)
        self.states = {row.code: row for row in cast(Sequence[StateRow], rows["states.csv"])}
        self.spells = tuple(cast(Sequence[StateSpell], rows["state_spells.csv"]))
        self.names = tuple(cast(Sequence[StateName], rows["state_names.csv"]))
        self.capitals = tuple(cast(Sequence[Capital], rows["capitals.csv"]))
        self.successions = tuple(cast(Sequence[Succession], rows["successions.csv"]))
        self.outline_spells = tuple(cast(Sequence[OutlineSpell], rows["outline_spells.csv"]))
        self.figures = tuple(cast(Sequence[Figure], rows["figures.csv"]))
        self.borders = tuple(cast(Sequence[Border], rows["borders.csv"]))
        self.nuclear = tuple(cast(Sequence[Nuclear], rows["nuclear.csv"]))
        self.neutralities = tuple(cast(Sequence[Neutrality], rows["neutrality.csv"]))
        self.great_powers = tuple(cast(Sequence[GreatPower], rows["great_powers.csv"]))
        self.rivalries = tuple(cast(Sequence[Rivalry], rows["rivalries.csv"]))
        self.wars = tuple(cast(Sequence[War], rows["wars.csv"]))
        self.war_parties = tuple(cast(Sequence[WarParty], rows["war_parties.csv"]))
        self.regimes = tuple(cast(Sequence[Regime], rows["regimes.csv"]))
        self.opinion = tuple(cast(Sequence[Opinion], rows["opinion.csv"]))
        self.guidelines = tuple(cast(Sequence[Guideline], rows["guidelines.toml"]))
        self.regions = {row.id: row for row in cast(Sequence[Region], rows["regions.toml"])}
        self.places = {row.id: row for row in cast(Sequence[Place], rows["places.toml"])}

    # --- finding ---------------------------------------------------------------------------------------------------

    def treaty(self, asked: str) -> Treaty:
        """The treaty called `asked`: an id, with or without its year, a name or an alias. Raises UnknownTreaty."""
        if asked in self.treaties:
            return self.treaties[asked]
        want = names.plain(asked)
        for known in (self._treaty_names, self._treaty_stems):
            ids = known.get(want, ())
            if len(ids) == 1:
                return self.treaties[ids[0]]
            if len(ids) > 1:
                raise UnknownTreaty(asked, ids, says=f'"{asked}" may mean {", ".join(ids)}. Give the id of one.')
        raise UnknownTreaty(asked, names.nearest(asked, self._treaty_names), "All of them: foedus list")

    def state(self, asked: str | int, on: date | None = None) -> StateRow:
        """The state called `asked`: code, COW number or abbreviation, former code, or any of its names.

        Several states may have borne one name at different times; `on` then decides. Raises UnknownState.
        """
        text = str(asked).strip()
        codes: tuple[str, ...]
        if re.fullmatch(r"[0-9]{1,9}", text):
            codes = self._state_by_cow.get(int(text), ())
        else:
            codes = self._state_codes.get(text.upper(), ()) or self._state_names.get(names.plain(text), ())
        if len(codes) > 1 and on is not None:
            codes = tuple(c for c in codes if self.in_system(c, on)) or codes
        if len(codes) > 1:
            raise UnknownState(text, codes, says=f'"{text}" may mean {", ".join(codes)}. Give the code of one.')
        if not codes:
            raise UnknownState(text, [f"{self.states[c].name} ({c})" for c in names.nearest(text, self._state_names)])
        return self.states[codes[0]]

    def codes_of_cow(self, cow: int) -> tuple[str, ...]:
        """The code of a COW number, alone in a tuple; empty when nobody bears it."""
        return self._state_by_cow.get(cow, ())

    def codes_of_abb(self, abb: str) -> tuple[str, ...]:
        """Codes of the states with a COW abbreviation (UKG, GMY); empty when nobody bears it."""
        return self._state_by_abb.get(abb.upper(), ())

    def codes_of_code(self, code: str) -> tuple[str, ...]:
        """Codes that a code, COW abbreviation or former code means; our own codes come first."""
        return self._state_codes.get(code.upper(), ())

    def means_state(self, name: str, code: str) -> bool:
        """Whether `name` is a name of the state of that code; never raises."""
        return code in self._state_names.get(names.plain(name), ())

    def place(self, asked: str) -> Place:
        """The place called `asked`. Raises NotFound."""
        ids = self._place_names.get(names.plain(asked), ())
        if not ids:
            raise NotFound(asked, names.nearest(asked, self._place_names), "Places are in places.toml.")
        return self.places[ids[0]]

    def source(self, source_id: str, treaty: Treaty | None = None) -> Source | None:
        """The source of that id: of the treaty's own list, else a shared one; None when there is none."""
        own = {s.id: s for s in treaty.source} if treaty else {}
        return own.get(source_id) or self.sources.get(source_id)

    def confidence(self, sources: SourceIds, stated: Confidence | None, treaty: Treaty | None = None) -> Confidence:
        """How sure a value is: what its entry states, else the best of its sources; "recalled" when none is known."""
        if stated:
            return stated
        ids = (sources,) if isinstance(sources, str) else sources
        found = {s.status for s in (self.source(i, treaty) for i in ids) if s}
        ranks: tuple[Confidence, ...] = ("text", "secondary")
        return next((rank for rank in ranks if rank in found), "recalled")

    # --- by date ---------------------------------------------------------------------------------------------------

    def in_force(self, day: date) -> list[Treaty]:
        """Treaties in force on `day`, by date of signature. Raises DateOutsideRecord before 1814."""
        if day < FIRST_DAY:
            raise DateOutsideRecord(f"{day} is before the record begins ({FIRST_DAY:%Y-%m-%d}).")
        return [t for t in self.treaties.values() if t.on(day)]

    def pledges(self, treaty: Treaty, day: date | None = None) -> tuple[Pledge, ...]:
        """The kinds of pledge a treaty holds (on `day`, when given), in the order of ATOP.

        An article of no duty counts for nothing, and one that only allows or asks to consult is no defence pledge.
        """
        live = {o.pledge for o in treaty.obligation if counts(o) and (day is None or in_force(o.since, o.until, day))}
        order: tuple[Pledge, ...] = (
            "defence",
            "offence",
            "neutrality",
            "non_aggression",
            "consultation",
            "guarantee",
            "internal_order",
            "cooperation",
        )
        return tuple(p for p in order if p in live)

    def ties(self, code: str, day: date | None = None) -> list[Tie]:
        """Treaties of a state: those in force on `day`, or, with None, all it ever belonged to."""
        return [
            Tie(t, m)
            for t in self.treaties.values()
            for m in t.member
            if m.state == code and (day is None or (t.on(day) and m.on(day)))
        ]

    def partners(self, code: str, day: date, pledge: Pledge | None = "defence") -> frozenset[str]:
        """States bound with `code` on `day` by a treaty in force between them that holds `pledge` (None: any).

        Universal organisations are left out: the Charter binds everybody to everybody.
        """
        found: set[str] = set()
        for treaty in {tie.treaty.id: tie.treaty for tie in self.ties(code, day)}.values():
            for o in () if treaty.universal else treaty.obligation:
                if counts(o) and in_force(o.since, o.until, day) and pledge in (None, o.pledge):
                    owing, owed = self.sides(treaty, o, day)
                    found |= (owed if code in owing else set()) | (owing if code in owed else set())
        return frozenset(found - {code})

    def sides(self, treaty: Treaty, obligation: Obligation, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """(states that owe it, states to whom it is owed) on `day`; the second is empty when it is owed to anybody."""

        everybody, bound = {m.state for m in treaty.member}, set(treaty.members_on(day, get_args(Role)))

        def of(side: str | tuple[str, ...]) -> frozenset[str]:
            if isinstance(side, tuple):  # a list may name states that are no members; one that has left is out
                return frozenset(c for c in side if c in bound or c not in everybody)
            return frozenset() if side == "any" else frozenset(treaty.members_on(day, (cast(Role, side),)))

        return of(obligation.owes) - set(obligation.not_owed_by), of(obligation.to)

    def states_of(self, region_id: str) -> frozenset[str]:
        """States whose home land counts to a region (a region id, or one of the subregions of states.csv)."""
        region = self.regions.get(region_id)
        if region is None:
            return frozenset(c for c, row in self.states.items() if row.region == region_id)
        by_subregion = {c for c, row in self.states.items() if row.region in region.subregions}
        return frozenset((by_subregion | set(region.states)) - set(region.except_states))

    def in_system(self, code: str, day: date) -> bool:
        """Whether a state was a member of the inter-state system (for an entity: existed) on `day`."""
        return any(s.on(day) for s in self._spells_by_code.get(code, ()))

    def system(self, day: date) -> tuple[str, ...]:
        """Codes of the members of the inter-state system on `day`, sorted; entities are left out."""
        return tuple(sorted(c for c, row in self.states.items() if row.kind != "entity" and self.in_system(c, day)))

    def state_name(self, code: str, day: date | None = None) -> str:
        """What the state was called on `day` (its dated style), else its common name."""
        for style in self._styles_by_code.get(code, ()) if day else ():
            if day and in_force(style.since, style.until, day):
                return style.name
        row = self.states.get(code)
        return row.name if row else code

    def capital(self, code: str, day: date) -> Capital | None:
        """The capital on `day`; when none is recorded for it, the latest before, else the first after; else None."""
        own = self._capitals_by_code.get(code, ())
        now = next((c for c in own if in_force(c.since, c.until, day)), None)
        before = [c for c in own if c.until and c.until <= day]
        return now or next(reversed(before), own[0] if own else None)

    def outline_holders(self, day: date) -> dict[str, str]:
        """For drawing: outline (a present state's code) -> code of the state that held most of that ground on `day`."""
        held = {s.outline: s.holder for s in self.outline_spells if in_force(s.since, s.until, day)}
        return {code: held.get(code, code) for code in self.states}

    # --- figures ---------------------------------------------------------------------------------------------------

    def figure(self, state: str, indicator: str, year: int | None = None) -> Figure | None:
        """The figure of that year, or of the latest with None; None when there is none. Never carried forward."""
        rows = self._figures_by_key.get((state, indicator), ())
        if year is None:
            return rows[-1] if rows else None
        return next((f for f in rows if f.year == year), None)

    def figures_of(self, state: str) -> list[Figure]:
        """All figures of a state, by indicator and year."""
        return list(self._figures_by_state.get(state, ()))

    # --- look-ups, built once --------------------------------------------------------------------------------------

    @cached_property
    def _treaty_names(self) -> dict[str, tuple[str, ...]]:
        pairs = [(name, t.id) for t in self.treaties.values() for name in (t.id, t.name, t.short, *t.aliases) if name]
        return names.index(pairs)

    @cached_property
    def _treaty_stems(self) -> dict[str, tuple[str, ...]]:
        return names.index([(re.sub(r"-\d{4}$", "", id_), id_) for id_ in self.treaties])

    @cached_property
    def _state_names(self) -> dict[str, tuple[str, ...]]:
        own = [(row.name, row.code) for row in self.states.values()]
        return names.index([*own, *((n.name, n.code) for n in self.names if n.kind != "former_code")])

    @cached_property
    def _state_codes(self) -> dict[str, tuple[str, ...]]:
        """Codes first; COW abbreviations and former codes only where they are nobody's code."""
        found: dict[str, tuple[str, ...]] = {code: (code,) for code in self.states}
        for row in self.states.values():
            if row.abb:
                found.setdefault(row.abb.upper(), (row.code,))
        for name in self.names:
            if name.kind == "former_code":
                found.setdefault(name.name.upper(), (name.code,))
        return found

    @cached_property
    def _state_by_cow(self) -> dict[int, tuple[str, ...]]:
        return {row.cow: (row.code,) for row in self.states.values() if row.cow is not None}

    @cached_property
    def _state_by_abb(self) -> dict[str, tuple[str, ...]]:
        return {row.abb.upper(): (row.code,) for row in self.states.values() if row.abb}

    @cached_property
    def _place_names(self) -> dict[str, tuple[str, ...]]:
        return names.index([(n, p.id) for p in self.places.values() for n in (p.id, p.name, *p.aliases)])

    @cached_property
    def _spells_by_code(self) -> dict[str, list[StateSpell]]:
        return _grouped(self.spells, lambda s: s.code)

    @cached_property
    def _styles_by_code(self) -> dict[str, list[StateName]]:
        return _grouped([n for n in self.names if n.kind == "style"], lambda n: n.code)

    @cached_property
    def _capitals_by_code(self) -> dict[str, list[Capital]]:
        return _grouped(sorted(self.capitals, key=lambda c: c.since or date.min), lambda c: c.code)

    @cached_property
    def _figures_by_state(self) -> dict[str, list[Figure]]:
        return _grouped(sorted(self.figures, key=lambda f: (f.state, f.indicator, f.year or 0)), lambda f: f.state)

    @cached_property
    def _figures_by_key(self) -> dict[tuple[str, str], list[Figure]]:
        rows = [f for figures in self._figures_by_state.values() for f in figures]
        return _grouped(rows, lambda f: (f.state, f.indicator))


def _grouped(rows: Sequence[Any], key: Any) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
