"""The profile of a treaty and of the system: tidy, sourced, and never silent about what is missing."""

import json
import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from foedus.cli.main import main
from foedus.errors import FoedusError
from foedus.measure import INDICATORS, PROFILE, Evidence, gather, profile, system_profile
from foedus.record import Record


@pytest.fixture(scope="module")
def bare(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return gather(record, tmp_path_factory.mktemp("none"), date(2024, 12, 31))


@pytest.fixture(scope="module")
def full(record: Record, shared_sources: Path) -> Evidence:
    return gather(record, shared_sources, date(2024, 12, 31))


def sound(frame: pl.DataFrame, scope: str) -> None:
    assert frame.schema == PROFILE
    names = {n for n, i in INDICATORS.items() if i.scope == scope}
    for _, part in frame.group_by("year"):
        assert len(part) == len(names) and set(part["indicator"]) == names
    assert (
        (frame["source"] != "").all() and not frame["value"].is_nan().any() and not frame["value"].is_infinite().any()
    )
    assert (frame.filter(pl.col("value").is_null())["note"] != "").all()


@pytest.mark.parametrize("asked", ["nato", "csto", "triple alliance", "warsaw pact", "chaumont-1814"])
def test_a_profile_without_any_data_set(record: Record, bare: Evidence, asked: str) -> None:
    treaty = record.treaty(asked)
    begin = (treaty.in_force or treaty.signed).year
    frame = profile(record, bare, treaty, first=begin, last=begin + 2)
    sound(frame, "treaty")
    assert frame.filter(pl.col("indicator") == "cinc_world_share")["value"].null_count() == frame["year"].n_unique()


def test_nato_with_everything(record: Record, full: Evidence) -> None:
    frame = profile(record, full, "nato", first=1950, last=1951)
    sound(frame, "treaty")
    found = dict(frame.filter(pl.col("year") == 1950).select("indicator", "value").iter_rows())
    expected = {"n_members": 12, "cinc_top_share": 0.656506, "cinc_concentration": 0.641189, "tech_gini": 0.438524}
    assert {k: found[k] for k in expected} == pytest.approx(expected, abs=5.1e-7)
    assert found["kappa_mean_atop"] == pytest.approx(0.855828, abs=5.1e-7)
    assert found["support_median"] is None and found["guideline_gap"] is None  # no poll, no guideline yet
    late = dict(profile(record, full, "nato", first=2008, last=2008).select("indicator", "value").iter_rows())
    assert all(late[k] is not None for k in ("exercises_mean", "votes_mean", "burden_gdp_rho", "guideline_reached"))
    assert late["burden_gdp_rho_low"] < late["burden_gdp_rho"] < late["burden_gdp_rho_high"]


@pytest.mark.slow
def test_every_treaty_has_a_sound_profile(record: Record, full: Evidence) -> None:
    for treaty in list(record.treaties.values())[::9]:
        begin = (treaty.in_force or treaty.signed).year
        try:
            frame = profile(record, full, treaty, first=begin, last=begin)
        except FoedusError:
            continue
        sound(frame, "treaty")


def test_years_outside_the_treaty(record: Record, bare: Evidence) -> None:
    with pytest.raises(FoedusError, match="warsaw-pact-1955 had no member at the end of any year from 1995"):
        profile(record, bare, "warsaw pact", first=1995)


def test_the_system(record: Record, full: Evidence, bare: Evidence) -> None:
    for evidence in (full, bare):
        sound(system_profile(record, evidence, first=1912, last=1913), "system")
    frame = system_profile(record, full, first=2016, last=2016)
    found = dict(frame.select("indicator", "value").iter_rows())
    assert found["major_concentration"] == pytest.approx(0.461864, abs=5.1e-7) and found["n_states"] == 195
    assert 0 <= found["two_bloc"] <= 1 and found["modularity_parts"] <= found["modularity_blocs"]
    assert system_profile(record, bare, first=1700, last=1750).is_empty()


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["measure", *args])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    none = ("--sources", str(tmp_path))
    code, out, _ = run(capsys, "--list", "--json")
    assert code == 0 and {row["indicator"] for row in json.loads(out)} == set(INDICATORS)
    code, out, _ = run(capsys, "nato", "--from", "1990", "--to", "1990", "--json", *none)
    rows = json.loads(out)
    assert code == 0 and {r["year"] for r in rows} == {1990} and list(rows[0]) == PROFILE.names()
    file = tmp_path / "system.csv"
    code, out, _ = run(capsys, "system", "--from", "1990", "--to", "1991", "-o", str(file), *none)
    assert code == 0 and "Wrote" in out and pl.read_csv(file)["year"].unique().sort().to_list() == [1990, 1991]
    code, out, _ = run(capsys, "warsaw pact", *none)
    assert code == 0 and "warsaw-pact-1955, 1990" in out and "kappa_mean" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Name a treaty"),
        (("nato", "-o", "x.xlsx"), "must end in .csv"),
        (("nato", "--from", "1990", "--to", "1980"), "after --to 1980"),
        (("system", "--to", "1700"), "no system to measure"),
        (("natto",), "natto"),
    ],
)
def test_wrong_input(capsys: pytest.CaptureFixture[str], tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    code, _, err = run(capsys, *args, "--sources", str(tmp_path))
    assert code == 2 and says in err and "Traceback" not in err


def test_a_value_that_is_not_known_needs_a_reason() -> None:
    from foedus.measure.signs import Reading

    with pytest.raises(ValueError, match="needs a reason"):
        Reading("kappa_mean", None, "record")
    assert math.isclose(Reading("kappa_mean", 0.5, "record").value or 0, 0.5)
