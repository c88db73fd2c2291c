"""What holds the alliance together: its vital signs over time, ranked among all alliances of the day, and in polls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from foedus.measure import support
from foedus.measure.opinion import polls
from foedus.record.tables import Opinion
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.brief.vital_values import Rank, Vital, Vitals, everybody, live, rank, series
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.vital import Panel, small_multiples, support_chart

TITLE = "Vital signs"
FEW_YEARS = 3  # shorter series are told in the table only


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. title : of its panel. say : what the value means, in words, without a full stop. form : of the figure.

    is_count : whether others have more or fewer, rather than a higher or lower value. low, high : ends of its scale.
    """

    title: str
    say: Callable[[Moment, Vital], str]
    form: str = ",.0f"
    is_count: bool = True
    low: float | None = None
    high: float | None = None

    def shown(self, value: float) -> str:
        """The value as it is written; a minus sign never stands before nought."""
        text = format(value, self.form)
        return text.lstrip("-") if not text.strip("-0.%") else text


def _members(m: Moment, v: Vital) -> str:
    return f"{words.counted(v.of, 'party or guarantor', 'parties and guarantors')}"


def _kappa(m: Moment, v: Vital) -> str:
    value = v.value or 0.0
    than = "more alike than" if value > 0.005 else "less alike than" if value < -0.005 else "as alike as"
    over = " on average" if v.known > 2 else ""
    return f"The members' portfolios of pledges are{over} {than} chance would make them"


def _pair(m: Moment, v: Vital) -> str:
    one, two = (m.the(s) for s in v.about)
    return f"The least alike pair of members is {one} and {two}"


def _democracies(m: Moment, v: Vital) -> str:
    n = int(v.about[0])
    kind = "electoral or liberal"
    if v.known == 1:
        return f"The one member whose regime is known is {'a' if n else 'no'} democracy, {kind}"
    of = f"the {v.known} members whose regime is known" if v.known < v.of else f"the {v.of} members"
    verb = "is a democracy" if n == 1 else "are democracies"
    return f"{'None' if n == 0 else words.number(n)} of {of} {verb}, {kind}"


def _overlap(m: Moment, v: Vital) -> str:
    n = int(v.value or 0)
    return f"{words.counted(n, 'other treaty binds', 'other treaties bind')} two or more of its members to each other"


def _outsiders(m: Moment, v: Vital) -> str:
    n = int(v.value or 0)
    return f"Its members share a defence pledge with {words.counted(n, 'state', 'states')} outside it"


def _rivals(m: Moment, v: Vital) -> str:
    if not v.about:
        return "No outsider is in a strategic rivalry with a member"
    n = len(v.about)
    named = words.listed([m.the(s) for s in v.about], 12)
    return f"{words.counted(n, 'outsider is', 'outsiders are')} in a strategic rivalry with a member: {named}"


def _quarrels(m: Moment, v: Vital) -> str:
    pairs = [f"{m.the(a)} with {m.the(b)}" for a, b in zip(v.about[::2], v.about[1::2], strict=True)]
    if not pairs:
        return "No two members are in a strategic rivalry with each other"
    n = words.counted(len(pairs), "pair of members is", "pairs of members are")
    return f"{n} in a strategic rivalry: {words.listed(pairs, 8)}"


def _built(m: Moment, v: Vital) -> str:
    n = int(v.value or 0)
    kinds = [words.plain(kind) for kind in v.about]
    said = f": {words.listed(kinds)}" if kinds else ""
    return f"{words.counted(n, 'institution', 'institutions')} of the record in being{said}"


def _top(m: Moment, v: Vital) -> str:
    share = words.per_cent(v.value or 0.0)
    return f"{m.the(v.about[0])} carries {share} of the expenditure of the {words.number(v.known)} members with figures"


def _spent(m: Moment, v: Vital) -> str:
    share = words.per_cent(v.value or 0.0, 1)
    who = "The one member with figures spends" if v.known == 1 else f"The {v.known} members with figures together spend"
    return f"{who} {share} of {'its' if v.known == 1 else 'their'} GDP on forces"


SIGNS: dict[str, Sign] = {
    "n_members": Sign("Members", _members),
    "kappa_mean": Sign("Likeness of members, mean", _kappa, ".2f", False, high=1.0),
    "kappa_min": Sign("Likeness, least alike pair", _pair, ".2f", False, high=1.0),
    "democracies": Sign("Democracies among members", _democracies, ".0%", False, 0.0, 1.0),
    "overlap_n": Sign("Other treaties between members", _overlap),
    "outsiders": Sign("Outsiders bound by defence", _outsiders),
    "rivals_outside": Sign("Rivals outside", _rivals),
    "rivals_inside": Sign("Rivalries between members", _quarrels),
    "institutions_n": Sign("Institutions", _built),
    "burden_top_share": Sign("Largest share of expenditure", _top, ".0%", False),
    "milex_by_gdp": Sign("Expenditure as a share of GDP", _spent, ".1%", False),
}
_UNKNOWN = {
    "kappa_mean": "the system of states holds fewer than two members, or the year is before 1816",
    "kappa_min": "more than half of the pairs have no score",
    "democracies": "no member's regime is recorded for the year",
    "burden_top_share": "expenditure and GDP are known for fewer than two members",
    "milex_by_gdp": "expenditure and GDP of one year are known for no member",
}


def sections(m: Moment) -> list[Section]:
    """The vital signs, and public support where the record has a poll; each says what does not apply."""
    why = _why_not(m)
    if why:
        return [Section("vital-signs", TITLE, (Text((why,)),))]
    return [Section("vital-signs", TITLE, tuple(_blocks(m))), *_support(m)]


def _why_not(m: Moment) -> str:
    if m.treaty.universal:
        return (
            "Not applicable: a universal organisation takes in nearly every state, so that these signs would describe"
            " the system and no alliance within it: foedus measure system."
        )
    if m.treaty.in_force and m.day < m.treaty.in_force:
        return f"Not applicable: on {words.day(m.day)} the treaty was not in force."
    if m.treaty.id not in live(m.record, m.reference):
        return f"Not applicable: on {words.day(m.reference)} the treaty was not in force."
    return ""


def _blocks(m: Moment) -> list[Block]:
    has_figures = m.figures_reach()
    all_ = everybody(m.record, m.reference, has_figures)
    over_time = list(series(m.record, m.treaty, m.reference))
    now, n = all_[m.treaty.id], len(all_) - 1
    blocks: list[Block] = [Text((_intro(m, n),))]
    if len(over_time) >= FEW_YEARS:
        blocks.append(_picture(m, over_time))
    rows = tuple(_row(m, id_, now[id_], over_time, rank(all_, m.treaty.id, id_)) for id_ in _signs(now))
    blocks.append(
        Table(
            f"Each sign on {words.day(m.reference)}, and where it stands",
            ("Sign", "Value", "Percentile", "In words"),
            rows,
            align="lrrl",
            note="Percentile: share of the other alliances that lie below, half of those that tie. A dash: not known.",
        )
    )
    blocks.append(Text(_definitions(m, has_figures), quiet=True))
    return blocks


def _signs(now: Vitals) -> list[str]:
    """Those that say something here: of two members the mean is also the least."""
    return [id_ for id_ in SIGNS if id_ in now and not (id_ == "kappa_min" and now[id_].known <= 2)]


def _intro(m: Moment, n: int) -> str:
    when = words.day(m.reference)
    each = " Being alone, it has no pairs, so that likeness does not apply." if len(m.parties) == 1 else ""
    if n == 0:
        return f"No other alliance of the record was in force on {when}, so nothing can be compared.{each}"
    last = "the day asked" if m.reference == m.day else "the day described here"
    return (
        f"Computed from the record alone and compared with {words.counted(n, 'other alliance', 'other alliances')} of"
        f" the record in force on {when}, {last}; universal organisations are left out.{each}"
    )


def _definitions(m: Moment, has_figures: bool) -> tuple[str, ...]:
    cited = m.cite.mark(_regime_sources(m))
    rivals = m.cite.mark(_rivalry_sources(m))
    told = (
        "Likeness is Cohen's kappa of two members' ties to every state, valued 0 (none) to 3 (defence), as Häge (2011)"
        " proposes: 1 the same ties, 0 what chance would give. Ties count for the year up to the day. Outsiders"
        " are parties of another treaty, not states that it only protects. Democracies are"
        f" the electoral and liberal ones of Regimes of the World.{cited} Rivalries are Thompson's.{rivals}"
        " A year is read at its end."
    )
    figures = (
        "" if has_figures else " Expenditure is left out: the record's figures of states do not describe that day."
    )
    return (
        told + figures,
        f"With data sets of your own, foedus measure {m.treaty.id} --sources DIR gives more: capability, votes,"
        " exercises, burdens by year.",
    )


def _regime_sources(m: Moment) -> tuple[str, ...]:
    own, year = m.treaty.members_on(m.reference), m.reference.year
    rows = [r for r in m.record.regimes if r.state in own and r.first_year <= year <= (r.last_year or year)]
    return tuple(dict.fromkeys(s for r in rows for s in r.sources))


def _rivalry_sources(m: Moment) -> tuple[str, ...]:
    own, year = m.treaty.members_on(m.reference), m.reference.year
    rows = [
        r for r in m.record.rivalries if (r.a in own or r.b in own) and r.first_year <= year <= (r.last_year or year)
    ]
    return tuple(dict.fromkeys(s for r in rows for s in r.sources if s != "recalled"))


def _picture(m: Moment, over_time: list[tuple[date, Vitals]]) -> Picture:
    ranks = everybody(m.record, m.reference, m.figures_reach())
    panels = [_panel(m, id_, over_time, rank(ranks, m.treaty.id, id_)) for id_ in _signs(over_time[-1][1])]
    shown = [p for p in panels if any(v is not None for v in p.values)]
    first, last = over_time[0][0].year, over_time[-1][0].year
    return Picture(
        "vital-signs",
        f"Vital signs at the end of each year, {first} to {last}",
        "Small charts over time: " + "; ".join(f"{p.title} {p.said}" for p in shown) + ".",
        lambda width: small_multiples(shown, width),
        note="Shaded years: not known. The second line of each: the value at the end, and its percentile.",
    )


def _panel(m: Moment, id_: str, over_time: list[tuple[date, Vitals]], place: Rank | None) -> Panel:
    sign = SIGNS[id_]
    values = tuple(signs[id_].value if id_ in signs else None for _, signs in over_time)
    end = values[-1]
    said = "not known" if end is None else sign.shown(end)
    if place and place.percentile is not None:
        said += f", percentile {place.percentile:.0f} of {place.n} others"
    years = tuple(day.year for day, _ in over_time)
    return Panel(sign.title, said, years, values, sign.form, sign.low, sign.high)


def _row(
    m: Moment, id_: str, vital: Vital, over_time: list[tuple[date, Vitals]], place: Rank | None
) -> tuple[str, str, str, str]:
    sign = SIGNS[id_]
    if vital.value is None:
        return sign.title, "–", "–", words.sentence(f"Not known: {_UNKNOWN[id_]}")
    said = words.sentence(sign.say(m, vital))
    text = " ".join(t for t in (said, _change(sign, id_, vital.value, over_time), _among(sign, place)) if t)
    percentile = "–" if place is None or place.percentile is None else f"{place.percentile:.0f}"
    return sign.title, sign.shown(vital.value), percentile, text


def _change(sign: Sign, id_: str, value: float, over_time: list[tuple[date, Vitals]]) -> str:
    """Against the first year that has a value."""
    known = [(day, v) for day, signs in over_time if id_ in signs and (v := signs[id_].value) is not None]
    if len(known) < FEW_YEARS:
        return ""
    day, first = known[0]
    if sign.shown(first) == sign.shown(value):
        return f"It was the same at the end of {day.year}."
    return f"It was {sign.shown(first)} at the end of {day.year}."


def _among(sign: Sign, place: Rank | None) -> str:
    """Where the value stands, in numbers of others: true of these counts only."""
    if place is None or not place.n:
        return ""
    one, many = ("has", "have") if sign.is_count else ("is", "are")
    how = ("fewer", "as many", "more") if sign.is_count else ("lower", "the same", "higher")
    counts = [(n, what) for n, what in zip((place.below, place.equal, place.above), how, strict=True) if n]
    if len(counts) == 1 and place.n == 1:
        return f"The one other with a value {one} {counts[0][1]}."
    if len(counts) == 1:
        return f"All {words.number(place.n)} others with a value {many} {counts[0][1]}."
    parts = [f"{words.number(n)} {one if n == 1 else many} {what}" for n, what in counts]
    return f"Of the {words.number(place.n)} others with a value, {words.listed(parts)}."


# --- public support --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Support:
    state: str
    latest: Opinion
    n_polls: int
    estimate: float
    low: float
    high: float


def _support(m: Moment) -> list[Section]:
    found = _supports(m)
    if not found:
        return []
    asked = sum(s.n_polls for s in found)
    family = {s.latest.question for s in found}
    top, low = found[0], found[-1]
    text = (
        f"The record holds {words.counted(asked, 'poll')} of whole publics in {len(found)} of the {len(m.parties)}"
        f" members ({words.listed(sorted(family))}). For {m.reference.year} the estimate is highest in"
        f" {m.the(top.state)}, {words.per_cent(top.estimate)} ({words.per_cent(top.low)} to {words.per_cent(top.high)})"
    )
    text += (
        f", and lowest in {m.the(low.state)}, {words.per_cent(low.estimate)} ({words.per_cent(low.low)} to"
        f" {words.per_cent(low.high)})."
        if len(found) > 1
        else "."
    )
    rows = [
        {"name": m.name(s.state), "estimate": s.estimate, "low": s.low, "high": s.high, "poll": s.latest.percent / 100}
        for s in found
    ]
    blocks = (
        Text((text,)),
        Picture(
            "support",
            f"Public support, estimated for {m.reference.year}",
            "; ".join(f"{m.name(s.state)} {words.per_cent(s.estimate)}" for s in found) + ".",
            lambda width: support_chart(rows, width),
        ),
        Table(
            "The latest poll of each member, and the estimate",
            ("Member", "Latest poll", "Share", "Estimate", "90% interval", "Polls"),
            tuple(_support_row(m, s) for s in found),
            align="llrrrr",
            note=(
                "The estimate is a local-level model on the logit scale with steps of a year; its interval widens with"
                " the distance to a poll. The houses' own effects are not modelled. A member never asked is left out."
            ),
            folded=True,
        ),
    )
    return [Section("support", "Public support", blocks)]


def _support_row(m: Moment, s: _Support) -> tuple[str, ...]:
    poll = s.latest
    return (
        m.name(s.state),
        f"{poll.pollster}, {words.day(poll.day, poll.precision)}" + m.cite.mark(poll.sources),
        f"{poll.percent:g}%",
        words.per_cent(s.estimate),
        f"{words.per_cent(s.low)} to {words.per_cent(s.high)}",
        str(s.n_polls),
    )


def _supports(m: Moment) -> list[_Support]:
    """Members with a poll up to the reference day, highest estimate first."""
    found = []
    for state in m.parties:
        known = [o for o in polls(m.record, m.treaty, state) if o.day <= m.reference]
        if not known:
            continue
        later = any(m.reference < o.day <= date(m.reference.year, 12, 31) for o in polls(m.record, m.treaty, state))
        frame = support(m.record, m.treaty, state, m.reference.year - later)
        if not frame.is_empty():
            row = frame.row(-1, named=True)
            found.append(_Support(state, known[-1], len(known), row["estimate"], row["low"], row["high"]))
    return sorted(found, key=lambda s: (-s.estimate, s.state))
