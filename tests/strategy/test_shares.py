"""Shares of members against yardsticks, guidelines in money, coalition functions from files."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from foedus import sources
from foedus.measure import gather
from foedus.record import Record
from foedus.strategy import (
    Contest,
    Game,
    GameError,
    Power,
    StrategyError,
    Threshold,
    aims_asked,
    shapley,
    shares_of,
)
from foedus.strategy.game_file import worth_asked

TODAY = date(2026, 6, 1)
NATO_1950 = (2, 20, 200, 210, 211, 212, 220, 235, 325, 385, 390, 395)
USSR = 365


@pytest.mark.parametrize("function", ["sum", "weakest-link", "best-shot"])
def test_shares_sum_to_one_and_excess_to_nought(record: Record, function: str) -> None:
    found = shares_of(record, record.treaty("nato"), TODAY, function=function)
    known = found.frame.drop_nulls("burden_share")
    for column in ("burden_share", "gdp_share", "population_share", "border_share", "benefit_share", "fair_share"):
        assert known[column].sum() == pytest.approx(1), column
    assert known["excess_points"].sum() == pytest.approx(0, abs=1e-9)
    assert known["excess_musd"].sum() == pytest.approx(0, abs=1e-3)
    assert found.value.method == "sampled" and found.value.bound <= 0.01 * found.value.whole
    assert found.frame.filter(pl.col("state") == "ISL")["why"][0] == "no military expenditure in the World Factbook"
    assert known["burden_rank"].to_list() == list(range(1, known.height + 1))


def test_other_orders_of_yardsticks(record: Record) -> None:
    nato = record.treaty("nato")
    found = shares_of(record, nato, TODAY, capability="gdp")
    by_gdp = found.frame.drop_nulls("burden_share").sort("gdp_share", descending=True)["fair_share"]
    noise = 2 * found.value.half_width.max() / found.value.whole  # neighbours may change places by no more
    assert max(by_gdp.diff().drop_nulls().to_list()) <= noise
    by_effort = shares_of(record, nato, TODAY, function="weakest-link").frame.drop_nulls("burden_share")
    effort = by_effort.with_columns(per_gdp=pl.col("fair_share") / pl.col("gdp_share"))
    assert effort.sort("milex_share_gdp", descending=True)["per_gdp"][0] > 1 > min(effort["per_gdp"].to_list())


def test_guidelines_in_money(record: Record) -> None:
    found = shares_of(record, record.treaty("nato"), TODAY, growth=0.0)
    germany = found.money.filter(pl.col("state") == "DEU")
    core = germany.filter(pl.col("percent") == 3.5)
    gdp = core["gdp_musd"][0]
    seen, target = core.row(0, named=True), core.row(-1, named=True)
    assert (seen["mark"], target["mark"], target["year"]) == ("derived", "assumed", 2035)
    assert seen["more_musd"] == pytest.approx((3.5 - seen["share"]) / 100 * gdp)
    assert target["share"] == pytest.approx(3.5) and target["more_musd"] == pytest.approx(seen["more_musd"])
    assert core["share"].is_sorted()
    related = germany.filter(pl.col("percent") == 1.5)
    assert related["more_musd"].null_count() == related.height  # not published by member
    assert related["due_musd"].to_list() == pytest.approx([0.015 * gdp] * 2)
    above = found.money.filter((pl.col("state") == "POL") & (pl.col("percent") == 3.5))
    assert above["more_musd"].max() == 0 and above["share"].min() == pytest.approx(above["share"].max())


def test_aims_of_ones_own_and_growth(record: Record) -> None:
    found = shares_of(record, record.treaty("anzus"), TODAY, aims=aims_asked([2, 5]), growth=10.0)
    last = found.money.filter((pl.col("percent") == 5) & (pl.col("mark") == "assumed"))
    first = found.money.filter((pl.col("percent") == 5) & (pl.col("mark") == "derived"))
    assert last["gdp_musd"].to_list() == pytest.approx([1.1 * g for g in first["gdp_musd"]])
    with pytest.raises(StrategyError, match="above 0"):
        aims_asked([0])


def test_few_members_are_exact_and_have_a_nucleolus(record: Record) -> None:
    found = shares_of(record, record.treaty("anzus"), TODAY, with_nucleolus=True)
    assert found.value.method == "exact" and found.nucleolus is not None and found.nucleolus.core_is_empty
    assert found.frame["nucleolus_share"].sum() == pytest.approx(1)
    with pytest.raises(GameError, match="at most 10 members"):
        shares_of(record, record.treaty("nato"), TODAY, with_nucleolus=True)


@pytest.mark.parametrize(
    ("asked", "day", "says"),
    [("nato", date(1985, 1, 1), "--sources"), ("warsaw-pact-1955", TODAY, "0 members on"), ("anzus", TODAY, None)],
)
def test_what_cannot_be_shared(record: Record, asked: str, day: date, says: str | None) -> None:
    if says is None:
        assert shares_of(record, record.treaty(asked), day).frame.height == 3
        return
    with pytest.raises(StrategyError, match=says):
        shares_of(record, record.treaty(asked), day)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('source = "assumed"\n[capability]\nAUS = 3\nNZL = 1\nUSA = 20\n', ""),
        (
            'source = "assumed"\nworth = "threshold:NZL"\n[capability]\nAUS = 3\nNewZealand = 1\nUSA = 20\n',
            "NewZealand",
        ),
        ('source = "assumed"\n[capability]\nAUS = 3\n', "no capability for"),
        ('source = "assumed"\n[capability]\nAUS = 3\nNZL = "one"\nUSA = 20\n', '"NZL" must be a number'),
        ("[capability]\nAUS = 3\n", "source is missing"),
        ('source = "assumed"\n', "give either [capability]"),
        ('source = "assumed"\nkey = 1\n', 'no key "key"'),
        ('source = "assumed"\nworth = "log:2"\n[capability]\nAUS = 3\nNZL = 1\nUSA = 20\n', '"log:2" is not a worth'),
        ('source = "assumed"\n[value]\nAUS = 1\nNZL = 1\nUSA = 1\n"AUS|NZL" = 2\n', "3 coalitions without a value"),
        ('source = "x', "not TOML"),
    ],
)
def test_a_function_from_a_file(record: Record, tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "game.toml"
    file.write_text(text, encoding="utf-8")
    if not says:
        found = shares_of(record, record.treaty("anzus"), TODAY, function=str(file))
        assert isinstance(found.game, Game) and dict(zip(found.game.members, found.game.capability, strict=True)) == {
            "USA": 20.0,
            "AUS": 3.0,
            "NZL": 1.0,
        }
        return
    from foedus.errors import FoedusError

    with pytest.raises(FoedusError) as caught:
        shares_of(record, record.treaty("anzus"), TODAY, function=str(file))
    assert says in str(caught.value)


def test_values_listed_in_a_file(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "glove.toml"
    value = 'USA = 0\nAUS = 0\nNZL = 0\n"USA|AUS" = 1\n"USA|NZL" = 1\n"AUS|NZL" = 0\n"USA|AUS|NZL" = 1\n'
    file.write_text(f'source = "assumed"\n[value]\n{value}', encoding="utf-8")
    found = shares_of(record, record.treaty("anzus"), TODAY, function=str(file))
    fair = dict(found.frame.select("state", "fair_share").rows())
    assert fair == pytest.approx({"USA": 2 / 3, "AUS": 1 / 6, "NZL": 1 / 6})


def test_worth_in_words(record: Record) -> None:
    assert worth_asked(record, "power:1.5", "milex") == Power(1.5)
    threat = worth_asked(record, "contest:Russia", "milex")
    assert isinstance(threat, Contest) and threat.threat > 1e4
    assert worth_asked(record, "threshold:1000", "gdp") == Threshold(1000.0)
    for wrong in ("contest", "power:x:y", "power:much"):
        with pytest.raises(GameError, match="is not a worth"):
            worth_asked(record, wrong, "milex")
    with pytest.raises(GameError, match="known: milex, gdp, population"):
        worth_asked(record, "power:1", "tanks")


# --- with the scholarly data sets ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cinc_1950(shared_sources: Path) -> dict[int, float]:
    frame = sources.read("nmc", shared_sources).filter(pl.col("year") == 1950)
    return dict(frame.select("ccode", "cinc").rows())


EXPECTED = {
    "share": "0.656506 0.029093 0.141595 0.018735 0.018977 0.005922"
    " 0.076677 0.005404 0.040268 0.002793 0.003998 0.000030",
    "power": "0.538623 0.044467 0.156343 0.031596 0.031910 0.013289"
    " 0.095679 0.012432 0.057397 0.007769 0.010007 0.000487",
    "one": "0.570141 0.038123 0.168882 0.024775 0.025089 0.007920"
    " 0.096443 0.007231 0.052254 0.003747 0.005357 0.000040",
    "weak": "0.371632 0.066928 0.160613 0.052614 0.052982 0.028503"
    " 0.114378 0.027183 0.080060 0.019439 0.023292 0.002378",
}


@pytest.mark.parametrize("which", sorted(EXPECTED))
def test_nato_in_1950(cinc_1950: dict[int, float], which: str) -> None:
    capability = tuple(cinc_1950[c] for c in NATO_1950)
    threat = cinc_1950[USSR]
    assert threat == pytest.approx(0.18059845, abs=5e-9)
    worths: dict[str, Power | Contest] = {
        "share": Power(1.0),
        "power": Power(0.5),
        "one": Contest(threat, 1.0),
        "weak": Contest(threat),
    }
    found = shapley(Game(tuple(map(str, NATO_1950)), capability, "sum", worths[which]))
    assert found.shares == pytest.approx([float(v) for v in EXPECTED[which].split()], abs=1.5e-6)
    if which in ("one", "weak"):
        assert found.whole == pytest.approx({"one": 0.705802, "weak": 0.592385}[which], abs=1e-6)


def test_nato_in_1950_stops_the_soviet_union_by_one_member(cinc_1950: dict[int, float]) -> None:
    game = Game(tuple(map(str, NATO_1950)), tuple(cinc_1950[c] for c in NATO_1950), "sum", Threshold(cinc_1950[USSR]))
    assert shapley(game).values == pytest.approx([1, *[0] * 11], abs=1e-12)


def test_series_of_the_data_sets(record: Record, shared_sources: Path) -> None:
    evidence = gather(record, shared_sources)
    found = shares_of(record, record.treaty("nato"), date(1985, 6, 1), evidence=evidence)
    known = found.frame.drop_nulls("burden_share")
    assert known["year"].unique().to_list() == [1985] and "SIPRI" in found.source
    assert known.row(0, named=True)["state"] == "USA" and known["border_share"].null_count() == known.height
    assert found.money.is_empty()  # no guideline on a share of GDP was in force
    later = shares_of(record, record.treaty("nato"), TODAY, evidence=evidence).money
    seen = later.filter((pl.col("state") == "DEU") & (pl.col("percent") == 2) & (pl.col("mark") == "derived"))
    assert seen["year"].to_list()[0] == 2014 and seen["more_musd"][0] > 20_000  # 2 % less 1.15 % of 3.9 trillion
