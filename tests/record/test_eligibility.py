"""Who may join: by the clauses of the day, by membership elsewhere, and not where a state's own neutrality bars it."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.record.minimal import RICH, changed, rich, treaty

from foedus.errors import RecordError
from foedus.record import Record, answers, check
from foedus.record.eligibility import article_of, bars, clauses, free, lawfully_neutral, named
from foedus.record.parse import parse_treaty

TODAY = date(2026, 1, 1)


def held(record: Record, text: str) -> Record:
    return changed(record, treaties={"nato-1949": record.treaties["nato-1949"], "rich-1990": treaty(text)})


def test_the_lists_of_a_clause_add_up_and_end(record: Record) -> None:
    small = held(record, RICH)
    rich_ = small.treaties["rich-1990"]
    covered = named(small, rich_, date(2000, 1, 1))
    assert covered is not None
    assert {"CHE", "USA", "RUS"} <= covered  # of the region, a member of NATO, named
    assert "JPN" not in covered and "EST" in covered
    assert named(small, rich_, date(2005, 1, 1)) == frozenset(), "its clause is no longer in force"
    assert named(small, replace(rich_, eligible=()), date(2000, 1, 1)) is None


def test_members_of_is_read_on_the_day(record: Record) -> None:
    text = rich('regions = ["europe"]\nmembers_of = ["nato-1949"]\nstates = ["RUS"]', 'members_of = ["nato-1949"]')
    small = held(record, text)
    rich_ = small.treaties["rich-1990"]
    assert "POL" not in (named(small, rich_, date(1999, 3, 11)) or ())
    assert "POL" in (named(small, rich_, date(1999, 3, 12)) or ())


def test_neutrality_bars_defence_pacts_by_law_only(record: Record) -> None:
    text = rich("admits_neutrals = true\n")
    small = held(record, text)
    found = bars(small, small.treaties["rich-1990"], date(2000, 1, 1))
    assert found["AUT"].by == found["CHE"].by == "neutrality" and "1955" in found["AUT"].says
    assert found["JPN"].by == "text" and "Article 7" in found["JPN"].says
    assert "IRL" not in found and "SWE" not in found, "a policy is no bar"
    assert "FRA" not in found, "members are not asked"
    assert "AUT" not in bars(held(record, RICH), treaty(RICH), date(2000, 1, 1)), "the text admits neutrals"


def test_neutrality_leaves_treaties_without_defence_alone(record: Record) -> None:
    tac = record.treaties["tac-1976"]
    assert "CHE" not in bars(record, tac, date(2010, 1, 1)) and bars(record, tac, TODAY) == {}


@pytest.mark.parametrize(
    ("id_", "may", "may_not"),
    [
        ("nato-1949", "UKR GEO IRL XKX", "AUT CHE MDA JPN COG"),
        ("sadc-2003", "AGO MDG SYC COM", "COG RWA FRA"),
        ("eu-2009", "CHE MDA NOR GEO", "MAR ISR"),
        ("arab-joint-defence-1950", "MRT", "TCD IRN"),
        ("au-nonaggression-2005", "KEN ETH", "FRA BRA"),
        ("rio-1947", "CAN BOL", "ESP"),
        ("csto-1992", "SRB", "UZB TKM"),
        ("gcc-defence-2000", "", "YEM IRQ JOR"),
    ],
)
def test_who_may_join_today(record: Record, id_: str, may: str, may_not: str) -> None:
    states = set(free(record, record.treaties[id_], TODAY) or ())
    assert set(may.split()) <= states and not states & set(may_not.split())
    assert states or not may


def test_silence_bars_nobody(record: Record) -> None:
    anzus = record.treaties["anzus-1951"]
    assert free(record, anzus, TODAY) is None
    assert {bar.by for bar in bars(record, anzus, TODAY).values()} == {"neutrality"}


def test_neutrality_is_dated(record: Record) -> None:
    def neutral(day: date) -> set[str]:
        return {n.state for n in lawfully_neutral(record, day)}

    assert "AUT" not in neutral(date(1955, 11, 4)) and "AUT" in neutral(date(1955, 11, 5))
    assert {"BEL", "LUX", "CHE"} <= neutral(date(1914, 8, 1)) and not {"BEL", "LUX"} & neutral(TODAY)
    assert "UKR" in neutral(date(2012, 1, 1)) and "UKR" not in neutral(TODAY)
    assert not {"FIN", "SWE", "IRL", "SRB", "MNG"} & neutral(TODAY)
    assert [n.kind for n in lawfully_neutral(record, TODAY)] == sorted(
        (n.kind for n in lawfully_neutral(record, TODAY)), key=("constitution", "treaty", "law").index
    )


def test_every_open_treaty_in_force_has_a_clause_and_every_accession_fits(record: Record) -> None:
    """The words of `open_to` and the clauses say the same thing twice; neither may stand alone today."""
    live = [t for t in record.treaties.values() if t.on(TODAY)]
    assert [t.id for t in live if t.open_to and not t.eligible] == []
    assert not [p for p in check(record).remarks if "no [[eligible]] clause" in p.says]


def test_an_accession_that_no_clause_covers_is_remarked(record: Record) -> None:
    remarks = check(held(record, rich('state = "ITA"', 'state = "JPN"')), ["rich-1990"]).remarks
    assert [r.where for r in remarks] == ["member[JPN]"] and "1995-01-01" in remarks[0].says


def test_bad_shapes_are_named_with_their_line() -> None:
    text = rich('regions = ["europe"]', 'region = "europe"')
    with pytest.raises(RecordError) as caught:
        parse_treaty(text, "rich-1990.toml")
    (problem,) = caught.value.problems
    assert problem.where == "eligible[0].region" and "nearest: regions" in problem.says
    assert text.split("\n")[(problem.line or 0) - 1].startswith("region =")
    with pytest.raises(RecordError, match=r"eligible\[0\].admits_neutrals"):
        parse_treaty(rich("admits_neutrals = true", 'admits_neutrals = "yes"'), "rich-1990.toml")
    with pytest.raises(RecordError, match="double brackets"):
        parse_treaty(rich("[[eligible]]", "[eligible]"), "rich-1990.toml")


def test_the_answer_says_who(record: Record) -> None:
    found = answers.treaty(record, record.treaties["nato-1949"], TODAY)["may_join"]
    assert found["clauses"][0]["article"] == "10" and found["clauses"][0]["confidence"] == "text"
    assert "GEO" in found["states"] and set(found["neutral"]) == {"AUT", "CHE", "MDA", "MLT"}
    assert answers.treaty(record, record.treaties["warsaw-pact-1955"], TODAY)["may_join"]["states"] is None
    assert answers.state(record, "CHE", TODAY)["neutrality"][0]["kind"] == "treaty"


def test_articles_in_words(record: Record) -> None:
    assert article_of(clauses(record.treaties["nato-1949"], TODAY)) == "Article 10"
    assert article_of(()) == "its text"
