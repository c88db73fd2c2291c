"""Pictures of a verdict: the ladder of who must do what, and the map coloured by level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from foedus.casus import Finding, Verdict
from foedus.casus.verdict import LEVELS, Level
from foedus.record import Record
from foedus.view import theme, words
from foedus.view.maps import world_map

COLOURS: dict[str, str] = {
    "attacker": theme.INK,
    "target": "#8e44ad",
    "must_use_force": "#b03a2e",
    "must_mobilise": "#8c4a2f",
    "must_assist": "#b9651b",
    "must_consult": "#2c77a8",
    "must_stay_neutral": "#67767a",
    "may_act": "#b9c4ce",
}
TITLES = {
    "must_use_force": "Must use force",
    "must_mobilise": "Must mobilise",
    "must_assist": "Must assist",
    "must_consult": "Must consult",
    "must_stay_neutral": "Must stay neutral",
    "may_act": "May act",
}
MOST_LINES = 8
CHIP, GAP, LINE, HEAD = 112, 8, 24, 26  # px: width of a state's chip, gaps, height of a line of chips, of a heading


@dataclass(frozen=True, slots=True)
class Chip:
    """One state in the ladder. x, y : centre in px; step : place in the cascade, 0 for a direct duty."""

    state: str
    name: str
    role: str
    x: float
    y: float
    disputed: bool
    step: int


def shown_levels(verdict: Verdict) -> list[tuple[Level, list[str]]]:
    """(level, states) for the ladder, strongest first; neutrality is its own lane, whoever only may act is left out.

    A state bound to act and to stay neutral stands in both lanes.
    """
    lanes: list[tuple[Level, list[str]]] = []
    for level in LEVELS[:5]:
        own = [o.state for o in verdict.overall if o.level == level]
        if level == "must_stay_neutral":
            own = [o.state for o in verdict.overall if o.neutral_toward]
        if own:
            lanes.append((level, own))
    return lanes


def ladder(record: Record, verdict: Verdict, width: int = theme.WIDE) -> alt.LayerChart:
    """Attacker and target above, below them a lane for each level with its states as chips, strongest first.

    A hollow chip is a disputed duty; +1 says that the first step of the cascade calls it, +2 the second. A few of these
    are joined by a line to the state whose entry called them; of many the heading names those states instead.
    """
    chips, heads, height = _layout(record, verdict, width)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    rows = [
        {
            "x": c.x - CHIP / 2,
            "x2": c.x + CHIP / 2,
            "y": c.y - 10,
            "y2": c.y + 10,
            "role": c.role,
            "fill": 0.0 if c.disputed else 1.0,
            "name": c.name,
        }
        for c in chips
    ]
    boxes = (
        alt.Chart(theme.rows(rows))
        .mark_rect(cornerRadius=4, strokeWidth=1.4)
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            y2="y2:Q",
            stroke=alt.Stroke("role:N", scale=scale, legend=None),
            fill=alt.Fill("role:N", scale=scale, legend=None),
            fillOpacity=alt.FillOpacity("fill:Q", scale=None, legend=None),
            tooltip=["name:N"],
        )
    )
    labels = [
        {
            "x": c.x,
            "y": c.y,
            "text": _short(c.name) + (f" +{c.step}" if c.step else ""),
            "light": not c.disputed,
        }
        for c in chips
    ]
    names = (
        alt.Chart(theme.rows(labels))
        .mark_text(fontSize=11, baseline="middle")
        .encode(x=x, y=y, text="text:N", color=alt.condition("datum.light", alt.value("white"), alt.value(theme.INK)))
    )
    titles = (
        alt.Chart(theme.rows(heads))
        .mark_text(align="left", fontSize=12, fontWeight="bold", baseline="middle")
        .encode(x=x, y=y, text="text:N")
    )
    arrows = (
        alt.Chart(theme.rows(_links(chips, verdict)))
        .mark_rule(color=theme.MUTED, strokeWidth=1, opacity=0.7)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    chart: alt.LayerChart = theme.layered(arrows, boxes, names, titles).properties(width=width, height=height)
    return chart


def _short(name: str) -> str:
    return name if len(name) <= 17 else f"{name[:16]}…"


def _layout(record: Record, verdict: Verdict, width: int) -> tuple[list[Chip], list[dict[str, Any]], float]:
    """Chips and headings with their places, and the height of it all."""
    event = verdict.event
    per_line = max(1, int((width - GAP) // (CHIP + GAP)))
    chips: list[Chip] = []
    heads: list[dict[str, Any]] = []
    y = HEAD / 2
    for role, states, title in (("attacker", event.attackers, "Attacker"), ("target", event.targets, "Target")):
        heads.append({"x": GAP, "y": y, "text": title})
        y = _lane(record, verdict, chips, list(states), role, y + HEAD, per_line, {})
    steps = _step_of(verdict)
    for level, bound in shown_levels(verdict):
        disputed = {o.state: o.sure == "disputed" for o in verdict.overall}
        heads.append(
            {"x": GAP, "y": y, "text": f"{TITLES[level]}: {len(bound)}{_through(record, verdict, level, width)}"}
        )
        y = _lane(record, verdict, chips, bound, level, y + HEAD, per_line, steps, disputed)
    return chips, heads, y - HEAD / 2


def _lane(
    record: Record,
    verdict: Verdict,
    chips: list[Chip],
    states: list[str],
    role: str,
    y: float,
    per_line: int,
    steps: dict[str, int],
    disputed: dict[str, bool] | None = None,
) -> float:
    """Set the chips of one lane in lines; returns where the next heading goes."""

    def name(state: str) -> str:
        return state.partition(":")[2] if ":" in state else record.state_name(state, verdict.day)

    for i, state in enumerate(sorted(states, key=name)):
        line, column = divmod(i, per_line)
        x = GAP + CHIP / 2 + column * (CHIP + GAP)
        chips.append(
            Chip(
                state,
                name(state),
                role,
                x,
                y + line * LINE,
                bool(disputed and disputed.get(state)),
                steps.get(state, 0),
            )
        )
    return y + ((len(states) - 1) // per_line) * LINE + HEAD


def _step_of(verdict: Verdict) -> dict[str, int]:
    """State -> the step of the cascade at which it is first called; 0 when the event itself calls it."""
    found: dict[str, int] = {}
    for f in verdict.findings:
        if f.level != "not_bound" and f.level == verdict.level_of(f.state):
            found[f.state] = min(found.get(f.state, 99), len(f.path) - 1)
    return found


def _links(chips: list[Chip], verdict: Verdict) -> list[dict[str, float]]:
    """Lines of the cascade: from the chip of the state whose entry called a duty to that of the state bound."""
    at = {(c.state, c.role): c for c in chips}
    first = {c.state: c for c in reversed(chips)}
    links = []
    if len(_cascaded(verdict)) > MOST_LINES:
        return []
    for f in _cascaded(verdict):
        cause, effect = first.get(f.path[-1].split(" ")[0]), at.get((f.state, f.level))
        if cause and effect:
            links.append({"x": cause.x, "y": cause.y + 10, "x2": effect.x, "y2": effect.y - 10})
    return links


def _through(record: Record, verdict: Verdict, level: Level, width: int) -> str:
    """Whose entry called the duties of a lane, where these are too many for lines."""
    called = [f for f in _cascaded(verdict) if f.level == level]
    if len(_cascaded(verdict)) <= MOST_LINES or not called:
        return ""
    causes = sorted({record.state_name(f.path[-1].split(" ")[0], verdict.day) for f in called})
    return f", {len(called)} of them through the entry of {words.listed(causes, 4 if theme.is_wide(width) else 1)}"


def _cascaded(verdict: Verdict) -> list[Finding]:
    best: dict[str, Finding] = {}
    for f in verdict.findings:
        if len(f.path) > 1 and f.level == verdict.level_of(f.state) and f.level != "not_bound":
            best.setdefault(f.state, f)
    return list(best.values())


def verdict_map(record: Record, verdict: Verdict, width: int = theme.WIDE) -> alt.LayerChart:
    """World map of the states by the strongest thing they must do; attacker and target have colours of their own."""
    groups = {o.state: TITLES[o.level] for o in verdict.overall if o.level in TITLES and o.level != "may_act"}
    groups |= dict.fromkeys(verdict.event.states_attacking, "Attacker") | dict.fromkeys(verdict.event.targets, "Target")
    order = ["Attacker", "Target", *(TITLES[level] for level in LEVELS if level in TITLES)]
    names = {"Attacker": COLOURS["attacker"], "Target": COLOURS["target"], **{TITLES[k]: COLOURS[k] for k in TITLES}}
    colours = {label: names[label] for label in order if label in groups.values()}
    return world_map(record, groups, colours, verdict.day, width, title="Strongest duty")


def described(record: Record, verdict: Verdict) -> str:
    """The ladder in words, for who cannot see it."""
    lanes = [
        f"{TITLES[level]}: {words.listed([record.state_name(s, verdict.day) for s in states], 12)}"
        for level, states in shown_levels(verdict)
    ]
    return "; ".join(lanes) or "Nobody is bound."
