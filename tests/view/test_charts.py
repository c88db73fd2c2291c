"""Every chart is a valid Altair chart at both widths, alone as in a notebook, for treaties of every sort."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import altair as alt
import polars as pl
import pytest

from foedus.measure import BURDEN, burden, system_year
from foedus.panel import state_figures, treaties_by_year
from foedus.record import Record
from foedus.view import carrying, maps, membership, system, theme, ties

TODAY = date(2026, 6, 1)
SORTS = ("nato-1949", "warsaw-pact-1955", "quad-2007", "london-1839", "us-qatar-2025", "australia-png-2025")
WIDTHS = (theme.WIDE, theme.NARROW)


def valid(chart: Any) -> None:
    """None is an answer too: there is nothing to draw. Rows of outlines are checked by count, not one by one."""
    if chart is None:
        return
    datasets = chart.datasets if isinstance(chart.datasets, dict) else {}
    assert datasets.get("shapes", True), "a map without outlines"
    bare = chart.copy(deep=False)
    bare.datasets = alt.Undefined
    spec = theme.dressed(bare).to_dict(validate=True)
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    json.dumps(theme.spec(chart), allow_nan=False)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("asked", SORTS)
def test_charts_of_a_treaty(record: Record, asked: str, width: int) -> None:
    treaty = record.treaty(asked)
    day = maps.reference_day(treaty, TODAY)
    table = burden(state_figures(record, treaty.members_on(day)))
    guidelines = [g for g in record.guidelines if g.treaty == treaty.id and g.indicator == "milex_share_gdp"]
    for chart in (
        maps.members_map(record, treaty, TODAY, width),
        maps.closer_map(record, treaty, TODAY, width),
        membership.count_chart(treaty, TODAY, width),
        membership.lane_chart(record, treaty, TODAY, width),
        carrying.guideline_chart(table, guidelines, width),
        carrying.share_chart(table, width),
        carrying.soldier_chart(table, width),
        ties.outsiders_chart(record, treaty, day, width),
    ):
        valid(chart)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("day", [TODAY, date(1914, 6, 28)])
def test_charts_of_the_system(small_world: Record, day: date, width: int) -> None:
    years, frame = system_year(small_world, 1815, day), treaties_by_year(small_world, 1815, day)
    for chart in (
        system.treaties_chart(years, width),
        system.bound_chart(years, width),
        system.biggest_chart(frame, width),
        system.bound_map(small_world, day, width),
        system.matrix_chart(small_world, day, width),
    ):
        valid(chart)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_known_gives_no_chart(width: int) -> None:
    nothing = pl.DataFrame(schema=BURDEN)
    assert carrying.guideline_chart(nothing, [], width) is None
    assert carrying.share_chart(nothing, width) is None
    assert carrying.soldier_chart(nothing, width) is None


def test_a_drawn_chart_is_as_wide_as_asked(record: Record) -> None:
    nato = record.treaty("nato")
    for width in WIDTHS:
        chart = membership.lane_chart(record, nato, TODAY, width)
        assert chart is not None
        assert f'width="{width}"' in theme.svg(theme.dressed(chart))[:300]


def test_protected_and_former_states_have_colours_of_their_own(record: Record) -> None:
    london, csto = record.treaty("london-1839"), record.treaty("csto")
    groups = maps.entry_groups(record, maps.entry_years(record, london, date(1850, 1, 1)), london, date(1850, 1, 1))
    assert groups["BEL"] == maps.PROTECTED and groups["GBR"] == "1839"
    groups = maps.entry_groups(record, maps.entry_years(record, csto, TODAY), csto, TODAY)
    assert groups["UZB"] == maps.FORMER and groups["ARM"] == "1994"


def test_the_share_chart(golden: Callable[[str, str], None]) -> None:
    names = [f"State {i}" for i in range(1, 16)]
    raw = [2.0**-i for i in range(15)]
    shares = [r / sum(raw) for r in raw]
    empty = {c: [None] * 15 for c in BURDEN.names()}
    table = pl.DataFrame({**empty, "name": names, "burden_share": shares, "gdp_share": shares[::-1]}, schema=BURDEN)
    chart = carrying.share_chart(table, theme.WIDE)
    assert chart is not None
    golden("share-chart.vl.json", json.dumps(theme.spec(theme.dressed(chart)), indent=1, sort_keys=True) + "\n")
