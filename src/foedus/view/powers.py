"""Powers outside the old Atlantic core: capability, bonds since 1816, rivals, and who hedges. Start with `compose`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import altair as alt
import numpy as np

import foedus
from foedus.panel.figures import spending
from foedus.record import Record
from foedus.record.spell import in_force
from foedus.view import theme, words
from foedus.view.bonds import bonds, defenders
from foedus.view.brief.moment import FIRST_YEAR_OF_FIGURES
from foedus.view.document import Block, Citations, Document, Picture, Section, Table, Text
from foedus.view.vital import Panel, small_multiples

POWERS = ("CHN", "IND", "RUS", "JPN", "DEU", "BRA", "IDN", "TUR", "SAU", "IRN", "ZAF")  # a choice; see `reason`
CORE = date(1949, 8, 24)  # the day the North Atlantic Treaty came into force; its parties then are the old core
WEST, EAST = ("USA",), ("RUS", "CHN")
FIRST_YEAR = 1816
MEASURES = (
    ("milex", "Military expenditure at exchange rates", theme.WARM),
    ("gdp", "GDP at purchasing power", theme.ACCENT),
    ("population", "Population", theme.SAND),
)
_PPP, _GDP, _PEOPLE = "gdp_ppp_musd_2021", "gdp_musd", "population"
Progress = Callable[[str], None]


def compose(record: Record, day: date, *, progress: Progress = lambda step: None) -> Document:
    """The page on the powers as of `day`, computed from `record`; `progress` hears each step by name."""
    record.in_force(day)  # a day before the record begins is refused here
    cite = Citations(record)
    steps: tuple[tuple[str, Callable[[], Section]], ...] = (
        ("who they are", lambda: _who(record, day, cite)),
        ("capability", lambda: _capability(record, day, cite)),
        ("bonds since 1816", lambda: _bonds(record, day)),
        ("partners and rivals", lambda: _partners(record, day, cite)),
        ("who hedges", lambda: _hedging(record, day)),
        ("reading notes", _notes),
    )
    sections: list[Section] = []
    for step, make in steps:
        progress(step)
        sections.append(make())
    return Document(
        title="Powers beyond the Atlantic core",
        kicker="Capability, bonds and rivalries",
        day=words.day(day),
        sections=tuple(sections),
        sources=tuple(cite.found),
        command=f"foedus powers --on {day}",
        version=foedus.__version__,
    )


# --- who they are ----------------------------------------------------------------------------------------------------


def alive(record: Record, day: date) -> list[str]:
    """Those of POWERS that are in the system of states on `day`."""
    return [s for s in POWERS if record.in_system(s, day)]


@lru_cache(maxsize=8)
def ranking(record: Record, day: date, indicator: str) -> tuple[tuple[str, float], ...]:
    """(state, latest figure) of the members of the system on `day` with a figure, largest first."""
    known = [(s, f.value) for s in record.system(day) if (f := record.figure(s, indicator))]
    return tuple(sorted(known, key=lambda row: (-row[1], row[0])))


def core(record: Record) -> frozenset[str]:
    """The first parties to the North Atlantic Treaty; nobody in a record without it."""
    treaty = record.treaties.get("nato-1949")
    return frozenset(treaty.members_on(CORE)) if treaty else frozenset()


def _has_figures(day: date) -> bool:
    return day.year >= FIRST_YEAR_OF_FIGURES


def great_since(record: Record, state: str, day: date) -> date | None:
    """Since when the record's list counts a state among the great powers on `day`; None when it does not."""
    return next((g.since for g in record.great_powers if g.state == state and in_force(g.since, g.until, day)), None)


def reason(record: Record, state: str, day: date) -> str:
    """Why a state is on the page, in figures: great power, rank by GDP, largest of its continent."""
    since, said = great_since(record, state, day), []
    if since:
        said.append(f"great power in the list of the record since {since.year}")
    if _has_figures(day):
        order = [s for s, _ in ranking(record, day, _PPP)]
        if state in order:
            place = order.index(state) + 1
            said.append(f"{_ordinal(place)} of {len(order)} by GDP at purchasing power")
        african = [s for s, _ in ranking(record, day, _GDP) if record.states[s].region.endswith("-africa")]
        if african[:1] == [state]:
            said.append("largest GDP of Africa at exchange rates")
    return "; ".join(said) or "large today; no figure of the record describes that day"


def passed_over(record: Record, day: date) -> list[str]:
    """States outside the core as large in GDP at purchasing power as the smallest of POWERS among the first 25."""
    if not _has_figures(day):
        return []
    order = [s for s, _ in ranking(record, day, _PPP)][:25]
    last = max((order.index(s) for s in POWERS if s in order), default=-1)
    return [s for s in order[: last + 1] if s not in POWERS and s not in core(record)]


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _who(record: Record, day: date, cite: Citations) -> Section:
    here = alive(record, day)
    missing = [words.the(record.state_name(s)) for s in POWERS if s not in here]
    founders = [words.the(record.state_name(s)) for s in sorted(core(record), key=record.state_name)]
    text = (
        f"{words.sentence(words.counted(len(here), 'state'))[:-1]} outside the old Atlantic core: those that the record"
        " lists as great powers or that are among the largest by GDP, with the largest economy of Africa. Which of the"
        " large ones to show is a choice of this project; the table gives the figures behind it. Great powers are those"
        f" of COW's list.{cite.mark(tuple(dict.fromkeys(s for g in record.great_powers for s in g.sources)))}"
    )
    if founders:
        text += f" The core are the first parties of NATO: {words.listed(founders)}."
    paragraphs = [text]
    over = [words.the(record.state_name(s, day)) for s in passed_over(record, day)]
    if over:
        paragraphs.append(f"As large as some of these, and not shown: {words.listed(over)}.")
    if missing:
        paragraphs.append(f"No member of the system of states on {words.day(day)}: {words.listed(missing)}.")
    blocks: list[Block] = [Text(tuple(paragraphs))]
    if here:
        rows = tuple((record.state_name(s, day), words.sentence(reason(record, s, day))) for s in here)
        blocks.append(Table("Why each is here", ("State", "Reason"), rows))
    return Section("who", "Who they are", tuple(blocks))


# --- capability ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A state's share of the sum over all states with a figure, in [0, 1]; n_known : how many these are."""

    state: str
    measure: str
    share: float | None
    n_known: int


def shares(record: Record, day: date, states: tuple[str, ...]) -> list[Share]:
    """Shares of expenditure, GDP and population of `states` in the sums over the system on `day`; latest figures."""
    spent = {s: row[1] for s in record.system(day) if (row := spending(record, s))}
    held = {"milex": spent, "gdp": dict(ranking(record, day, _PPP)), "population": dict(ranking(record, day, _PEOPLE))}
    return [
        Share(s, name, values[s] / sum(values.values()) if s in values else None, len(values))
        for s in states
        for name, values in held.items()
    ]


def capability_chart(record: Record, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """Three bars for each power and, to compare, the United States: shares of expenditure, GDP and population."""
    found = shares(record, day, (*alive(record, day), *WEST))
    names = list(dict.fromkeys(record.state_name(s.state, day) for s in found))
    titles = {name: title for name, title, _ in MEASURES}
    rows = [
        {"name": record.state_name(s.state, day), "measure": titles[s.measure], "share": s.share}
        for s in found
        if s.share is not None
    ]
    colour = alt.Color(
        "measure:N",
        scale=alt.Scale(domain=list(titles.values()), range=[c for _, _, c in MEASURES]),
        legend=alt.Legend(
            orient="top", direction="horizontal" if theme.is_wide(width) else "vertical", title=None, labelLimit=300
        ),
    )
    y = alt.Y("name:N", sort=names, title=None, axis=theme.names_axis(width, len(names)))
    offset = alt.YOffset("measure:N", sort=list(titles.values()))
    x = alt.X("share:Q", title="Share of the world", axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(theme.rows(rows)).encode(x=x, y=y, yOffset=offset)
    bars = base.mark_bar().encode(color=colour)
    text = base.mark_text(align="left", dx=4, fontSize=9, color=theme.MUTED).encode(
        text=alt.Text("share:Q", format=".1%")
    )
    return theme.sized(theme.layered(bars, text), width, 40 * len(names))


def _capability(record: Record, day: date, cite: Citations) -> Section:
    title, here = "Capability today", alive(record, day)
    if not _has_figures(day) or not here:
        text = f"Not shown: the record's figures of states are recent ones, and none describes {day.year}."
        return Section("capability", title, (Text((text,)),))
    found = {(s.state, s.measure): s for s in shares(record, day, (*here, *WEST))}
    known = {name: found[here[0], name].n_known for name, _, _ in MEASURES}
    by_gdp = sorted((s for s in here if found[s, "gdp"].share), key=lambda s: -(found[s, "gdp"].share or 0))
    sources = [f.sources for s in here for i in (_PPP, _PEOPLE, "milex_share_gdp") if (f := record.figure(s, i))]
    n_system = len(record.system(day))
    text = (
        f"Shares of the sum over the states with a figure: {known['milex']} of {n_system} for expenditure,"
        f" {known['gdp']} for GDP, {known['population']} for population."
        f"{cite.mark(tuple(dict.fromkeys(s for row in sources for s in row)))}"
        f" By GDP the largest is {words.the(record.state_name(by_gdp[0], day))}, with"
        f" {words.per_cent(found[by_gdp[0], 'gdp'].share or 0.0, 1)}; together they hold"
        f" {words.per_cent(sum(found[s, 'gdp'].share or 0.0 for s in here))} of GDP,"
        f" {words.per_cent(sum(found[s, 'population'].share or 0.0 for s in here))} of population and"
        f" {words.per_cent(sum(found[s, 'milex'].share or 0.0 for s in here))} of military expenditure."
    )
    picture = Picture(
        "capability",
        "Shares of the world",
        "; ".join(f"{record.state_name(s, day)} {words.per_cent(found[s, 'gdp'].share or 0.0, 1)} of GDP" for s in here)
        + ".",
        lambda width: capability_chart(record, day, width),
        note=(
            "Expenditure is at exchange rates, which flatter rich states, GDP at purchasing power; each figure is the"
            " latest known. The United States stands last, to compare."
        ),
    )
    return Section("capability", title, (Text((text,)), picture))


# --- bonds -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def spanning(record: Record) -> tuple[str, ...]:
    """Treaties that at some time held the United States together with Russia or China, too broad to tell much."""
    found = []
    for t in record.treaties.values():
        west = [m for m in t.member if m.state in WEST]
        east = [m for m in t.member if m.state in EAST]
        meet = (
            (a.until is None or b.since < a.until) and (b.until is None or a.since < b.until)
            for a in west
            for b in east
        )
        if any(meet):
            found.append(t.id)
    return tuple(found)


def bond_counts(record: Record, state: str, day: date) -> list[tuple[int, int | None, int | None]]:
    """(year, partners by consultation or more, by a defence pledge) at each year's end from 1816, and on `day`.

    None while the state is no member of the system. Universal organisations and treaties of `spanning` are left out.
    """
    held = bonds(record)
    me = held.place.get(state, -1)
    mine = np.flatnonzero(((held.one == me) | (held.two == me)) & ~np.isin(held.treaty, spanning(record)))
    other = np.where(held.one[mine] == me, held.two[mine], held.one[mine])
    found: list[tuple[int, int | None, int | None]] = []
    for year in range(FIRST_YEAR, day.year + 1):
        at = min(date(year, 12, 31), day)
        if not record.in_system(state, at):
            found.append((year, None, None))
            continue
        live = held.on(at)[mine] & held.positive[mine]
        found.append((year, len(set(other[live].tolist())), len(set(other[live & held.defence[mine]].tolist()))))
    return found


def _panel(record: Record, state: str, day: date) -> Panel:
    found = bond_counts(record, state, day)
    end = found[-1]
    said = f"{end[2]} by defence, {end[1]} by consultation or more"
    years, every, defence = zip(*found, strict=True)
    return Panel(record.state_name(state, day), said, tuple(years), tuple(every), below=tuple(defence))


def _bonds(record: Record, day: date) -> Section:
    here = alive(record, day) if day.year >= FIRST_YEAR else []
    if not here:
        text = f"None of these states was a member of the system on {words.day(day)}."
        return Section("bonds", "Bonds since 1816", (Text((text,)),))
    panels = [_panel(record, s, day) for s in here]
    ends = [(int(p.below[-1] or 0) if p.below else 0, s) for p, s in zip(panels, here, strict=True)]
    most, least = max(ends), min(ends)
    text = (
        f"On {words.day(day)} {words.the(record.state_name(most[1], day))} shares a defence pledge with"
        f" {words.counted(most[0], 'state')}, the most of them;"
        f" {words.the(record.state_name(least[1], day))} with {words.counted(least[0], 'state')}."
    )
    if len(here) == 1:
        text = text.split(", the most")[0] + "."
    picture = Picture(
        "bonds",
        "States bound to each power by a defence pledge (dark), or by consultation or more (pale)",
        "; ".join(f"{p.title}: {p.said}" for p in panels) + ".",
        lambda width: small_multiples(panels, width),
        note=(
            "At the end of each year; each panel has a scale of its own. Shaded: no member of the system. Pledges of"
            " offence and neutrality count with consultation; non-aggression and mere cooperation do not. Left out"
            " too: treaties that at some time held the United States together with Russia or China, as the Treaty of"
            " Amity of 1976."
        ),
    )
    return Section("bonds", "Bonds since 1816", (Text((text,)), picture))


# --- partners and rivals ---------------------------------------------------------------------------------------------


def rivals(record: Record, state: str, day: date) -> list[tuple[str, int]]:
    """(rival, first year) of the strategic rivalries of a state in the year of `day`, oldest first."""
    live = [r for r in record.rivalries if r.first_year <= day.year <= (r.last_year or day.year)]
    found = [(r.b if r.a == state else r.a, r.first_year) for r in live if state in (r.a, r.b)]
    return sorted(found, key=lambda row: (row[1], row[0]))


def _partners(record: Record, day: date, cite: Citations) -> Section:
    title, here, pairs = "Defence partners and rivals", alive(record, day), defenders(record, day)
    if not here:
        return Section("partners", title, (Text((f"Not applicable on {words.day(day)}.",)),))
    rows = []
    for state in here:
        friends = sorted(record.state_name(s, day) for s in pairs.get(state, ()))
        foes = [f"{record.state_name(s, day)} ({year})" for s, year in rivals(record, state, day)]
        rows.append(
            (
                record.state_name(state, day),
                f"{len(friends)}: {_some(friends, 8)}" if friends else "none",
                words.listed(foes) or "none",
            )
        )
    without = [words.the(record.state_name(s, day)) for s in here if not pairs.get(s)]
    sources = tuple(
        dict.fromkeys(
            s
            for r in record.rivalries
            if {r.a, r.b} & set(here) and r.first_year <= day.year <= (r.last_year or day.year)
            for s in r.sources
            if s != "recalled"
        )
    )
    text = f"Rivalries are those of Thompson's list, in the year of that day.{cite.mark(sources)}"
    if without:
        text += f" Without a defence pledge to or from anybody: {words.listed(without)}."
    table = Table(
        f"Partners and rivals on {words.day(day)}",
        ("State", "Defence partners", "Rivals, and since when"),
        tuple(rows),
        note="Partners: fellow parties that owe a defence pledge in a treaty in force, or to whom it is owed.",
    )
    return Section("partners", title, (Text((text,)), table))


def _some(names: list[str], most: int) -> str:
    """The first of `names`; never "1 others"."""
    return words.listed(names, most if len(names) > most + 1 else None)


# --- hedging ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bloc:
    """A leader, or leaders, with those that share a defence pledge with one."""

    leaders: frozenset[str]
    partners: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Leaders and partners."""
        return self.leaders | self.partners


@dataclass(frozen=True, slots=True)
class Hedge:
    """What ties one state to two blocs: the states of each with which it has a tie, itself left out."""

    state: str
    west: frozenset[str]
    east: frozenset[str]

    @property
    def hedges(self) -> bool:
        """Whether it is tied to both."""
        return bool(self.west and self.east)


def blocs(record: Record, day: date) -> tuple[Bloc, Bloc]:
    """The United States with its defence partners, and Russia and China with theirs, on `day`."""
    pairs = defenders(record, day)
    found = []
    for leaders in (WEST, EAST):
        partners = frozenset().union(*(pairs.get(s, frozenset()) for s in leaders)) - set(leaders)
        found.append(Bloc(frozenset(leaders), partners))
    return found[0], found[1]


def hedges(record: Record, day: date, states: tuple[str, ...], *, by_defence: bool = False) -> list[Hedge]:
    """How each of `states` is tied to the two blocs by a pledge of consultation or more, or of defence.

    Left out: treaties that hold the United States with Russia or China, which tie nobody to one side, and ties between
    strategic rivals, which settle a quarrel.
    """
    held, (west, east) = bonds(record), blocs(record, day)
    between = {
        t.id
        for t in record.in_force(day)
        if west.leaders & set(t.members_on(day)) and east.leaders & set(t.members_on(day))
    }
    kind = held.defence if by_defence else held.positive
    live = np.flatnonzero(held.on(day) & kind & ~np.isin(held.treaty, sorted(between)))
    partners: dict[str, set[str]] = {}
    for i, k in {*zip(held.one[live].tolist(), held.two[live].tolist(), strict=True)}:
        partners.setdefault(held.codes[i], set()).add(held.codes[k])
        partners.setdefault(held.codes[k], set()).add(held.codes[i])
    found = []
    for s in states:
        friends = partners.get(s, set()) - {rival for rival, _ in rivals(record, s, day)}
        found.append(Hedge(s, frozenset(friends & west.all), frozenset(friends & east.all)))
    return found


def _hedging(record: Record, day: date) -> Section:
    title, (west, east) = "Who hedges between blocs", blocs(record, day)
    here = tuple(s for s in alive(record, day) if s not in (*WEST, *EAST))
    if not west.partners or not east.partners or not here:
        text = (
            f"Not applicable: on {words.day(day)} the United States on one side, or Russia and China on the other, had"
            " no defence partner, so there were no such blocs."
        )
        return Section("hedging", title, (Text((text,)),))
    found = hedges(record, day, here)
    strict = {h.state for h in hedges(record, day, here, by_defence=True) if h.hedges}
    names = [words.the(record.state_name(h.state, day)) for h in found if h.hedges]
    everybody = [h for h in hedges(record, day, record.system(day)) if h.hedges]
    neither = [words.the(record.state_name(h.state, day)) for h in found if not h.west and not h.east]
    text = (
        f"One bloc is the United States and its {words.counted(len(west.partners), 'defence partner')}; the other"
        f" Russia and China and their {words.counted(len(east.partners), 'defence partner')}. A state hedges here when"
        " it has promised, or was promised, consultation or more by somebody of each. Of these powers"
        f" {words.listed(names) or 'none'} {'does' if len(names) < 2 else 'do'}; of all"
        f" {len(record.system(day))} states of the system {words.number(len(everybody)) if everybody else 'none'}."
    )
    if neither:
        text += f" Tied to neither: {words.listed(neither)}."
    rows = tuple(
        (
            record.state_name(h.state, day),
            _side(record, h.west, day),
            _side(record, h.east, day),
            "no" if not h.hedges else "yes, by defence" if h.state in strict else "yes",
        )
        for h in found
    )
    table = Table(
        "Ties of each power to the two blocs",
        ("State", "With the United States and its partners", "With Russia, China and their partners", "Hedges"),
        rows,
        note=(
            "Pledges of consultation, neutrality, offence or defence. Left out: informal groups without duties, such as"
            " the Quad; treaties that hold the United States together with Russia or China; ties between rivals."
        ),
    )
    return Section("hedging", title, (Text((text,)), table))


def _side(record: Record, states: frozenset[str], day: date) -> str:
    if not states:
        return "none"
    ordered = sorted(states, key=lambda s: (s not in (*WEST, *EAST), record.state_name(s, day)))
    return f"{len(states)}: {_some([record.state_name(s, day) for s in ordered], 6)}"


def _notes() -> Section:
    notes = (
        "“Bound” is our reading of texts, not legal advice, and says nothing about whether a promise will be kept.",
        "To hedge is a description of pledges, no judgement of motives: a state may be tied to both sides by history.",
        "Details: foedus state NAME, foedus brief TREATY, foedus atlas.",
    )
    return Section("notes", "How to read this", (Text(notes),))
