"""Frames have the schema they declare, agree with the record, and say why a figure is missing."""

from datetime import date

import polars as pl
import pytest

from foedus.errors import SchemaError
from foedus.panel import FIGURES, MEMBERSHIPS, TREATIES_BY_YEAR, memberships, require, state_figures, treaties_by_year
from foedus.record import Record

TODAY = date(2025, 6, 1)


def test_require_names_each_difference() -> None:
    schema = pl.Schema({"a": pl.Int64(), "b": pl.String(), "c": pl.Date()})
    frame = pl.DataFrame({"a": [1], "b": [2], "z": [3]})
    with pytest.raises(SchemaError, match=r"^mine does not(?s:.*)b: expected String, found Int64") as caught:
        require(frame, schema, "mine")
    assert "c: expected Date, found no such column" in str(caught.value) and "  a:" not in str(caught.value)


def test_require_orders_columns_and_drops_others() -> None:
    frame = pl.DataFrame({"z": [1], "b": ["x"], "a": [2]})
    assert require(frame, pl.Schema({"a": pl.Int64(), "b": pl.String()}), "mine").columns == ["a", "b"]


def test_memberships_are_the_spells_of_the_record(record: Record) -> None:
    frame = memberships(record)
    assert frame.schema == MEMBERSHIPS and len(frame) == sum(len(t.member) for t in record.treaties.values())
    assert frame.select("treaty", "since", "state").equals(frame.select("treaty", "since", "state").sort(pl.all()))
    assert frame.filter(pl.col("until") <= pl.col("since")).is_empty()
    assert (
        frame.null_count().select("treaty", "state", "role", "since", "source", "confidence").sum_horizontal().item()
        == 0
    )
    assert frame["source"].str.len_chars().min()  # every row has one
    nato = memberships(record, record.treaty("nato"))
    assert nato.equals(frame.filter(pl.col("treaty") == "nato-1949"))
    day = date(1960, 1, 1)
    bound = nato.filter((pl.col("since") <= day) & (pl.col("until").is_null() | (pl.col("until") > day)))
    assert tuple(bound["state"].sort()) == record.treaty("nato").members_on(day)


@pytest.mark.parametrize(("first", "last"), [(1815, date(1820, 12, 31)), (1948, date(1952, 6, 1)), (2020, TODAY)])
def test_treaties_by_year_reads_the_last_day(record: Record, first: int, last: date) -> None:
    frame = treaties_by_year(record, first, last)
    assert frame.schema == TREATIES_BY_YEAR
    seen = {(r["treaty"], r["year"]): r for r in frame.iter_rows(named=True)}
    for year in range(first, last.year + 1):
        day = min(date(year, 12, 31), last)
        live = {t.id: t for t in record.in_force(day) if t.members_on(day)}
        assert {t for t, y in seen if y == year} == live.keys()
        for id_, t in live.items():
            row = seen[id_, year]
            assert tuple(row["parties"]) == t.members_on(day) and row["n_parties"] == len(row["parties"])
            assert row["has_defence"] == ("defence" in record.pledges(t, day))


def test_treaties_by_year_of_no_year_is_empty(record: Record) -> None:
    assert treaties_by_year(record, 2001, date(2000, 1, 1)).schema == TREATIES_BY_YEAR
    assert treaties_by_year(record, 1800, date(1810, 1, 1)).is_empty()


def test_state_figures_are_derived_or_say_why(record: Record) -> None:
    codes = sorted(record.states)
    frame = state_figures(record, codes)
    assert frame.schema == FIGURES and frame["state"].to_list() == codes
    for row in frame.iter_rows(named=True):
        assert (row["milex_musd"] is None) == bool(row["why_no_milex"]), row["state"]
        assert (row["milex_usd_per_soldier"] is None) == bool(row["why_no_per_soldier"]), row["state"]
        assert (row["milex_musd"] is None) == (row["milex_musd_year"] is None)
        if row["milex_musd"] is not None:
            share = record.figure(row["state"], "milex_share_gdp", row["milex_musd_year"])
            gdp = record.figure(row["state"], "gdp_musd", row["milex_musd_year"])
            assert share and gdp and row["milex_musd"] == pytest.approx(share.value * gdp.value / 100)
        if row["milex_usd_per_soldier"] is not None:
            per_soldier = row["milex_musd"] * 1e6 / row["milper_active"]
            assert row["milex_usd_per_soldier"] == pytest.approx(per_soldier)
    reasons = set(frame["why_no_milex"]) | set(frame["why_no_per_soldier"])
    assert {"", "no regular armed forces", "no military expenditure in the World Factbook"} <= reasons


def test_state_figures_of_nobody(record: Record) -> None:
    assert state_figures(record, []).schema == FIGURES
    assert state_figures(record, ["POL", "POL"])["state"].to_list() == ["POL", "POL"]
