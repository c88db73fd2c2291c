"""Vital signs are those of the measures, their ranks are counts, and what does not apply is said."""

from datetime import date

import pytest
from tests.view.plain import broken, plain_text
from tests.view.test_briefs import check
from tests.view.test_charts import valid

from foedus.measure import profile, rivalries_of, support
from foedus.measure.evidence import NEEDED, Evidence
from foedus.record import Record
from foedus.view import theme
from foedus.view.bonds import bonds, defenders
from foedus.view.brief import vital_signs
from foedus.view.brief.moment import Moment
from foedus.view.brief.vital_values import Rank, Vital, everybody, rank, series, vitals
from foedus.view.document import Citations, Document, Picture, Table
from foedus.view.vital import Panel, small_multiples, support_chart

TODAY = date(2026, 6, 1)


def signs_of(record: Record, asked: str, day: date = TODAY) -> Document:
    treaty = record.treaty(asked)
    m = Moment(record, treaty, day, Citations(record, treaty))
    sections = tuple(vital_signs.sections(m))
    return Document(treaty.title, "k", str(day), sections, tuple(m.cite.found), "c", "v")


@pytest.mark.parametrize("asked", ["warsaw-pact-1955", "quad-2007", "dual-alliance-1879"])
def test_values_are_those_of_the_profile(record: Record, asked: str) -> None:
    treaty = record.treaty(asked)
    last = date((treaty.ended or TODAY).year - 1, 12, 31)
    evidence = Evidence(record, last, {}, dict.fromkeys(NEEDED, "not used"))
    frame = profile(record, evidence, treaty, first=last.year - 6)
    want = {(r["year"], r["indicator"]): r["value"] for r in frame.to_dicts()}
    seen = 0
    for day, signs in series(record, treaty, last):
        for name, vital in signs.items():
            if (day.year, name) in want:
                assert vital.value == pytest.approx(want[day.year, name], abs=1e-12), (day, name)
                seen += 1
    assert seen >= 7 * 7


def test_partners_and_rivals_are_those_of_the_record(record: Record) -> None:
    day, nato = date(1985, 1, 1), record.treaty("nato")
    members = nato.members_on(day)
    signs = vitals(record, nato, day)
    system = record.system(day)
    for state in ("USA", "FRA", "TUR"):
        extra = (record.partners(state, day, "defence") - defenders(record, day)[state]) & set(system)
        assert extra <= {"BLZ", "GUY", "CAN"}  # the Rio Treaty names them without their being parties
    now = {s: record.partners(s, TODAY, "defence") & set(record.system(TODAY)) for s in ("USA", "DEU", "RUS", "TUR")}
    assert all(defenders(record, TODAY)[s] & set(record.system(TODAY)) == p for s, p in now.items())
    assert set(signs["rivals_outside"].about) == {b for _, b in rivalries_of(record, members, day).outside}
    assert not set(signs["outsiders"].about) & set(members)
    assert bonds(record) is bonds(record)


def test_a_rank_counts_the_others(record: Record) -> None:
    all_ = everybody(record, TODAY, True)
    own = all_["nato-1949"]["n_members"].value
    place = rank(all_, "nato-1949", "n_members")
    assert place is not None and own == 32 and place.n == len(all_) - 1
    assert place.above == sum((v["n_members"].value or 0) > 32 for v in all_.values())
    assert not any(record.treaties[id_].universal for id_ in all_)
    none = {"a": {"x": Vital(None)}, "b": {"x": Vital(1.0)}}
    assert rank(none, "a", "x") is None and rank(none, "b", "x") == Rank(0, 0, 0)
    assert Rank(0, 0, 0).percentile is None and Rank(3, 2, 0).percentile == 80


def test_sentences_follow_the_numbers(record: Record) -> None:
    all_ = everybody(record, TODAY, True)
    table = next(b for b in signs_of(record, "nato").sections[0].blocks if isinstance(b, Table))
    said = {row[0]: row for row in table.rows}
    mine = all_["nato-1949"]
    for id_, sign in vital_signs.SIGNS.items():
        value, place = mine[id_].value, rank(all_, "nato-1949", id_)
        assert value is not None and place is not None and place.percentile is not None
        row = said[sign.title]
        assert row[1] == sign.shown(value) and row[2] == f"{place.percentile:.0f}"
        assert f"{place.n} others with a value" in row[3]
        if place.above > 12:
            assert f"{place.above} {'have more' if sign.is_count else 'are higher'}" in row[3]
    assert f"carries {(mine['burden_top_share'].value or 0) * 100:.0f}% of the expenditure" in plain_text(
        signs_of(record, "nato")
    )
    kappa = vital_signs.SIGNS["kappa_mean"]
    nato = record.treaty("nato")
    m = Moment(record, nato, TODAY, Citations(record, nato))
    assert "less alike" in kappa.say(m, Vital(-0.2, known=3)) and "more alike" in kappa.say(m, Vital(0.2, known=3))
    assert "as alike as" in kappa.say(m, Vital(0.0, known=2))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("warsaw-pact-1955", "on 30 June 1991, the day described here"),
        ("un-charter-1945", "Not applicable: a universal organisation"),
        ("us-qatar-2025", "Not known: the system of states holds fewer than two members"),
        ("quad-2007", "foedus measure quad-2007 --sources DIR gives more"),
        ("us-japan-1960", "The members' portfolios of pledges are more alike than chance"),
        ("chaumont-1814", "others"),
    ],
)
def test_treaties_of_every_sort(record: Record, asked: str, says: str) -> None:
    document = signs_of(record, asked)
    check(document)
    assert says in plain_text(document) and not broken(plain_text(document))
    for picture in (b for s in document.sections for b in s.blocks if isinstance(b, Picture)):
        for width in (theme.WIDE, theme.NARROW):
            valid(picture.draw(width))


def test_of_two_members_the_least_alike_pair_is_not_told_twice(record: Record) -> None:
    assert "Likeness, least alike pair" not in plain_text(signs_of(record, "us-japan-1960"))
    assert "Likeness, least alike pair" in plain_text(signs_of(record, "nato"))


def test_before_it_was_in_force_nothing_is_told(record: Record) -> None:
    assert "Not applicable: on " in plain_text(signs_of(record, "nato", date(1949, 6, 1)))


def test_support_only_where_there_is_a_poll(record: Record) -> None:
    nato = record.treaty("nato")
    section = signs_of(record, "nato").sections[1]
    table = next(b for b in section.blocks if isinstance(b, Table))
    polled = {r.state for r in record.opinion if (r.treaty, r.family, r.scope) == ("nato-1949", "favour", "state")}
    names = {record.state_name(s, TODAY) for s in polled}
    assert table.rows and {row[0] for row in table.rows} <= names
    row = support(record, nato, "POL", 2026).row(-1, named=True)
    poland = next(r for r in table.rows if r[0] == "Poland")
    assert poland[3] == f"{row['estimate'] * 100:.0f}%" and poland[4].startswith(f"{row['low'] * 100:.0f}% to")
    assert [s.id for s in signs_of(record, "nato", date(1985, 1, 1)).sections] == ["vital-signs"]
    assert [s.id for s in signs_of(record, "warsaw-pact-1955").sections] == ["vital-signs"]


def test_a_gap_stays_a_gap() -> None:
    panel = Panel("A", "1", (2000, 2001, 2002, 2003), (1.0, None, 2.0, 2.0))
    for width in (theme.WIDE, theme.NARROW):
        chart = small_multiples([panel, Panel("B", "not known", (2000,), (None,))], width)
        valid(chart)
        assert chart is not None
        spec = theme.spec(chart)
        rects, lines = (spec["datasets"][spec["layer"][i]["data"]["name"]] for i in (0, 2))
        assert len(rects) == 2 and rects[0]["x2"] > rects[0]["x"]
        assert len({p["line"] for p in lines if "base" not in p["line"]}) == 2
    assert small_multiples([]) is None and support_chart([]) is None
