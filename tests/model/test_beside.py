"""Columns beside the history: values counted by hand from the files, gaps, and what they change."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus.model import ModelError
from foedus.model.membership import hazards
from foedus.model.membership.beside import COLUMNS, with_columns
from foedus.model.membership.from_record import history_of_record
from foedus.model.membership.history import History
from foedus.model.membership.units import Drawing, Units, accession_units, termination_units, withdrawal_units
from foedus.model.shipped import shipped
from foedus.record import load
from foedus.sources import read

YEAR = 1985  # of the rows; what is known is of the year before
CLOSE = 1e-12


@pytest.fixture(scope="module")
def past() -> History:
    return history_of_record(load()).up_to(1990)


def _row(units: Units, past: History, treaty: str, state: str | None) -> int:
    i = -1 if state is None else past.states.index(state)
    found = np.flatnonzero((units.treaty == past.treaties.id.index(treaty)) & (units.state == i) & (units.year == YEAR))
    assert found.size == 1
    return int(found[0])


def _by_state(folder: Path, data: str, column: str) -> dict[str, float]:
    rows = read(data, folder).filter(pl.col("year") == YEAR - 1).select("ccode_state", column).drop_nulls()
    return dict(rows.iter_rows())


NATO = ("BEL", "CAN", "GFR", "DNK", "ESP", "FRA", "GBR", "GRC", "ISL", "ITA", "LUX", "NLD", "NOR", "PRT", "TUR", "USA")


def test_values_are_those_of_the_files(shared_sources: Path, past: History) -> None:
    base = withdrawal_units(past, Drawing(since=YEAR))
    units = with_columns(base, past, COLUMNS, shared_sources)
    assert units.terms == (*base.terms, *COLUMNS) and np.array_equal(units.x[:, :-4], base.x)
    cinc, trade, disputes, ideal = units.x[_row(units, past, "nato-1949", "GRC"), -4:]
    others = [s for s in NATO if s != "GRC"]
    power = _by_state(shared_sources, "nmc", "cinc")
    assert cinc == pytest.approx(power["GRC"] / sum(power[s] for s in NATO), rel=CLOSE)
    place = _by_state(shared_sources, "ideal_points", "idealpointall")
    mean = np.mean([place[s] for s in others])
    assert ideal == pytest.approx(abs(place["GRC"] - mean), rel=CLOSE)
    flows = read("trade_dyads", shared_sources).filter(pl.col("year") == YEAR - 1)
    own = flows.filter((pl.col("ccode1_state") == "GRC") | (pl.col("ccode2_state") == "GRC"))
    with_whom: dict[str, float] = {}
    for one, two, *both in own.select("ccode1_state", "ccode2_state", "smoothflow1", "smoothflow2").iter_rows():
        with_whom[two if one == "GRC" else one] = sum(f for f in both if f is not None and f >= 0)
    part = sum(v for s, v in with_whom.items() if s in set(others)) / sum(with_whom.values())
    assert trade == pytest.approx(part, rel=1e-9)
    fought = read("gml_dyads", shared_sources).filter(
        pl.col("ccode1_state") == "GRC", pl.col("year").is_between(YEAR - 5, YEAR - 1)
    )
    assert disputes == pytest.approx(len(set(fought["ccode2_state"]) & set(others)) / len(others), rel=CLOSE)
    assert disputes > 0  # Turkey


def test_who_would_join_and_what_would_end(shared_sources: Path, past: History) -> None:
    power = _by_state(shared_sources, "nmc", "cinc")
    units = with_columns(accession_units(past, Drawing(since=YEAR)), past, ("cinc_share",), shared_sources)
    at = _row(units, past, "nato-1949", "SWE")
    total = sum(power[s] for s in NATO)
    assert units.x[at, -1] == pytest.approx(power["SWE"] / (power["SWE"] + total), rel=CLOSE)
    units = with_columns(termination_units(past, Drawing(since=YEAR)), past, ("cinc_share",), shared_sources)
    assert units.x[_row(units, past, "nato-1949", None), -1] == pytest.approx(power["USA"] / total, rel=CLOSE)


def test_a_fit_says_what_it_leaves_out_and_others_keep_their_bytes(shared_sources: Path, past: History) -> None:
    process = hazards.PROCESSES["termination"]
    spec = hazards.HazardSpec(also=("ideal_gap",))
    fit = hazards.fit_history(process, past, spec, shared_sources)
    plainly = hazards.fit_history(process, past)
    assert fit.terms[-1] == "ideal_gap" and set(fit.terms) - set(plainly.terms) == {"ideal_gap"}
    assert fit.n < plainly.n and any("without ideal_gap are left out" in note for note in fit.notes)
    assert fit.data_hash != plainly.data_hash and fit.spec["also"] == ["ideal_gap"]
    assert "also" not in plainly.spec and "also" not in shipped("termination").spec
    assert np.isfinite(fit.se).all()


def test_no_rows_and_no_such_column(shared_sources: Path, past: History) -> None:
    units = termination_units(past.up_to(1900), Drawing(since=1880))
    gone = with_columns(units, past.up_to(1900), ("ideal_gap",), shared_sources)
    assert np.isnan(gone.x[:, -1]).all()
    with pytest.raises(ModelError, match="years do not overlap"):
        hazards.known(gone)
    with pytest.raises(ModelError, match="trade_share"):
        with_columns(units, past, ("trade",), shared_sources)
