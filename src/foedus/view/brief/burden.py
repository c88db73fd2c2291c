"""Who carries the alliance today: expenditure against the guideline, shares of the total, expenditure per soldier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from foedus.measure import burden, concentration, effective_number, gini, log_range
from foedus.panel import state_figures
from foedus.record import Record
from foedus.record.spell import in_force
from foedus.record.tables import Guideline
from foedus.view import words
from foedus.view.brief.moment import FIRST_YEAR_OF_FIGURES, Moment
from foedus.view.carrying import guideline_chart, share_chart, soldier_chart
from foedus.view.document import Block, Picture, Section, Table, Text


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the members whose expenditure and GDP are known for one year. milex_musd, gdp_musd : million USD."""

    n_known: int
    n_members: int
    years: str
    milex_musd: float
    gdp_musd: float
    top_state: str
    top_name: str
    top_share: float
    concentration: float | None
    effective: float


def totals(m: Moment) -> Totals | None:
    """Sums for the parties on the day asked; None when figures do not reach that day or nobody's are known."""
    if not m.figures_reach():
        return None
    known = frame(m.record, m.parties).filter(pl.col("burden_share").is_not_null())
    if known.is_empty():
        return None
    shares = known["burden_share"].to_list()
    years = sorted(set(known["milex_musd_year"].to_list()))
    return Totals(
        n_known=known.height,
        n_members=len(m.parties),
        years="-".join(dict.fromkeys((str(years[0]), str(years[-1])))),
        milex_musd=float(known["milex_musd"].sum()),
        gdp_musd=float(known["gdp_musd"].sum()),
        top_state=known["state"][0],
        top_name=known["name"][0],
        top_share=shares[0],
        concentration=concentration(shares),
        effective=effective_number(shares),
    )


@lru_cache(maxsize=64)
def frame(record: Record, parties: tuple[str, ...]) -> pl.DataFrame:
    """The burden table of `parties`, largest share first; schema measure.BURDEN."""
    return burden(state_figures(record, parties))


def guidelines(m: Moment) -> list[Guideline]:
    """Guidelines on the share of GDP that the members had agreed by the day asked and not yet replaced."""
    return [
        g
        for g in m.record.guidelines
        if g.treaty == m.treaty.id and g.indicator == "milex_share_gdp" and in_force(g.since, g.until, m.day)
    ]


def sections(m: Moment) -> list[Section]:
    """The burden and the disparity sections; each says why when it has nothing to show."""
    why = _why_not(m)
    if why:
        return [Section("burden", "Burden", (Text((why,)),))]
    return [
        Section("burden", "Burden today", tuple(_burden_blocks(m))),
        Section("disparity", "Technology disparity", tuple(_disparity(m))),
    ]


def _why_not(m: Moment) -> str:
    if m.treaty.in_force is None:
        return "Not applicable: the treaty has not come into force, so nobody carries it yet."
    if m.is_over:
        return (
            f"Not applicable: the treaty ended in {m.treaty.ended:%Y}. The record's figures of states are"
            " recent ones and"
            f" describe no year before {FIRST_YEAR_OF_FIGURES}."
        )
    if m.day < m.treaty.in_force:
        return f"Not applicable: on {words.day(m.day)} the treaty was not in force."
    if not m.figures_reach():
        return f"Not shown: the record's figures of states are recent ones, and none describes {m.day.year}."
    if totals(m) is None:
        return "Not known: the record has no military expenditure of any party."
    return ""


# --- burden ----------------------------------------------------------------------------------------------------------


def _burden_blocks(m: Moment) -> list[Block]:
    table, sums, agreed = frame(m.record, m.parties), totals(m), guidelines(m)
    if sums is None:
        raise AssertionError("sections() asks for the burden only when there are totals")
    blocks: list[Block] = [Text(tuple(_burden_sentences(m, table, sums, agreed)))]
    blocks.append(_guideline_picture(table, agreed))
    if sums.n_known > 1:
        blocks.append(_share_picture(table, sums))
    blocks.append(_burden_table(table))
    return blocks


def _guideline_picture(table: pl.DataFrame, agreed: list[Guideline]) -> Picture:
    years = sorted(set(table["milex_share_gdp_year"].drop_nulls().to_list()))
    differ = f"Latest year known for each state, {years[0]} to {years[-1]}; see the table." if len(years) > 1 else ""
    return Picture(
        "guideline",
        "Military expenditure as a share of GDP" + (", against the agreed guideline" if agreed else ""),
        _guideline_words(table, agreed),
        lambda width: guideline_chart(table, agreed, width),
        note=differ or (f"All figures are of {years[0]}." if years else ""),
    )


def _share_picture(table: pl.DataFrame, sums: Totals) -> Picture:
    top = words.sentence(words.the(sums.top_name))[:-1]
    return Picture(
        "shares",
        f"Share of the members' total, {sums.years}",
        f"{top} carries {words.per_cent(sums.top_share)} of the expenditure of {sums.n_known} members.",
        lambda width: share_chart(table, width),
    )


def _burden_sentences(m: Moment, table: pl.DataFrame, sums: Totals, agreed: list[Guideline]) -> list[str]:
    sentences = [_head(m, sums), *(_against(m, table, g) for g in agreed)]
    missing = table.filter(pl.col("burden_share").is_null())
    if not missing.is_empty():
        reasons = [f"{r['name']} ({r['why_no_milex']})" for r in missing.select("name", "why_no_milex").to_dicts()]
        sentences.append(f"Without figures, and left out of every share: {words.listed(reasons, 12)}.")
    return sentences


def _head(m: Moment, sums: Totals) -> str:
    source = m.cite.mark(figure_sources(m.record, m.parties))
    share = f"{sums.milex_musd / sums.gdp_musd * 100:.1f}% of"
    spent = f"{words.money(sums.milex_musd)} in {sums.years}, {share}"
    if sums.n_known == 1:
        return (
            f"Only {words.the(sums.top_name)} has both expenditure and GDP of one year in the record: it spent {spent}"
            f" its GDP.{source}"
        )
    known = "all" if sums.n_known == sums.n_members else str(sums.n_known)
    text = (
        f"Expenditure and GDP of one year are known for {known} of the {sums.n_members} parties.{source} Together they"
        f" spent {spent} their GDP; {words.the(sums.top_name)} carried {words.per_cent(sums.top_share)}."
    )
    if sums.concentration is None:
        return text
    return (
        f"{text} Concentration of expenditure (CON, Ray and Singer 1973) is {sums.concentration:.2f} on a scale from 0,"
        f" all equal, to 1, one state carries all: as unequal as if {sums.effective:.1f} equal states shared it."
    )


def _against(m: Moment, table: pl.DataFrame, g: Guideline) -> str:
    """How many members meet a guideline. Its target is a year, though written as a day."""
    known = table.filter(pl.col("milex_share_gdp").is_not_null())
    met = known.filter(pl.col("milex_share_gdp") >= g.value).height
    by = f" by {g.target_date.year}" if g.target_date else ""
    aim = f"The guideline of {g.since.year} is {g.value:g}% of GDP{by} ({g.name}).{m.cite.mark(g.sources)}"
    if known.is_empty():
        return f"{aim} No member has a figure."
    if met == known.height:
        return f"{aim} All {met} members with figures are at or above it in the latest year known."
    return (
        f"{aim} {words.sentence(words.number(met))[:-1]} of the {known.height} members with figures"
        f" {'is' if met in (0, 1) else 'are'} at or above it in the latest year known; {_lowest(known)}."
    ).replace(" No of the ", " None of the ")


def _lowest(known: pl.DataFrame) -> str:
    least = known["milex_share_gdp"].min()
    names = sorted(known.filter(pl.col("milex_share_gdp") == least)["name"].to_list())
    verb = "is" if len(names) == 1 else "are"
    return f"lowest, at {_plain(least)}%, {verb} {words.listed([words.the(n) for n in names], 5)}"


def _plain(value: object) -> str:
    return f"{float(str(value)):g}"


def _guideline_words(table: pl.DataFrame, agreed: list[Guideline]) -> str:
    known = table.filter(pl.col("milex_share_gdp").is_not_null()).sort("milex_share_gdp", descending=True)
    if known.is_empty():
        return "No member has a figure."
    top, low = known.row(0, named=True), known.row(-1, named=True)
    lines = "".join(f" A line marks the guideline of {g.value:g}%." for g in agreed)
    if known.height == 1:
        return f"{top['name']} with {top['milex_share_gdp']:g}% of GDP.{lines}"
    return (
        f"From {top['name']} with {top['milex_share_gdp']:g}% down to {low['name']} with {low['milex_share_gdp']:g}% of"
        f" GDP.{lines}"
    )


def _burden_table(table: pl.DataFrame) -> Table:
    rows = [
        (
            r["name"],
            _number(r["milex_share_gdp"], "{:.1f}", r["milex_share_gdp_year"]),
            _number(r["milex_musd"], "{:,.1f}", r["milex_musd_year"], scale=1e-3),
            _number(r["burden_share"], "{:.1f}", scale=100),
            _number(r["gdp_share"], "{:.1f}", scale=100),
            _number(r["milper_active"], "{:,.0f}", r["milper_active_year"], scale=1e-3),
        )
        for r in table.to_dicts()
    ]
    return Table(
        "The figures behind the charts",
        (
            "Member",
            "Expenditure, % of GDP",
            "Expenditure, billion USD",
            "Share of total, %",
            "Share of GDP, %",
            "Active personnel, thousand",
        ),
        tuple(rows),
        align="lrrrrr",
        note=(
            "Expenditure in dollars is derived: its share of GDP times GDP at the official exchange rate, both of the"
            " same year. A dash: not known."
        ),
        folded=True,
    )


def _number(value: float | None, form: str, year: int | None = None, scale: float = 1) -> str:
    if value is None:
        return "–"
    return form.format(value * scale) + (f" ({year})" if year else "")


# --- disparity -------------------------------------------------------------------------------------------------------


def _disparity(m: Moment) -> list[Block]:
    table = frame(m.record, m.parties)
    known = table.filter(pl.col("milex_usd_per_soldier") > 0).sort("milex_usd_per_soldier", descending=True)
    if known.height < 2:
        text = "Not applicable: expenditure and active personnel are known for fewer than two parties."
        return [Text((text,))]
    top, low = known.row(0, named=True), known.row(-1, named=True)
    return [
        Text((_disparity_words(m, table, known),)),
        Picture(
            "soldier",
            "Expenditure for each active soldier",
            f"{known.height} members from {top['name']} to {low['name']} by expenditure per active soldier.",
            lambda width: soldier_chart(table, width),
        ),
    ]


def _disparity_words(m: Moment, table: pl.DataFrame, known: pl.DataFrame) -> str:
    values = known["milex_usd_per_soldier"].to_list()
    unequal, spread = gini(values), log_range(values)
    top, low = (words.the(known["name"][i]) for i in (0, -1))
    text = (
        f"Expenditure per active soldier stands in for the technology behind each of them. It runs from"
        f" {values[0] / 1e3:,.0f} thousand USD in {top} to {values[-1] / 1e3:,.0f} thousand in {low},"
        f" {values[0] / values[-1]:.1f} times less; the Gini coefficient over {known.height} members is"
        f" {unequal:.2f} and"
        f" the logarithmic range {spread:.2f}.{m.cite.mark(figure_sources(m.record, m.parties))} It is a"
        " coarse proxy: it"
        " mixes pay, pensions and equipment, and exchange rates flatter rich states."
    )
    left_out = table.filter(pl.col("milex_usd_per_soldier").is_null())
    if left_out.is_empty():
        return text
    rows = left_out.select("name", "why_no_per_soldier").to_dicts()
    reasons = [f"{r['name']} ({r['why_no_per_soldier']})" for r in rows]
    return f"{text} Left out: {words.listed(reasons, 10)}."


def figure_sources(record: Record, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the sources of the figures of `parties` that the burden rests on."""
    indicators = ("milex_share_gdp", "gdp_musd", "milper_active")
    found = (record.figure(p, i) for p in parties for i in indicators)
    return tuple(dict.fromkeys(s for f in found if f for s in f.sources))
