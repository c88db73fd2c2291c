"""Names are forgiving: codes, numbers, former names, accents, case; a miss names the nearest."""

import pytest
from tests.record.minimal import changed

from foedus.errors import NotFound, UnknownState, UnknownTreaty
from foedus.record import Record
from foedus.record.names import index, nearest, plain


@pytest.mark.parametrize(
    ("asked", "id_"),
    [
        ("nato-1949", "nato-1949"),
        ("nato", "nato-1949"),
        (" NATO ", "nato-1949"),
        ("North Atlantic Treaty", "nato-1949"),
        ("the north-atlantic treaty", "nato-1949"),
        ("otan", "nato-1949"),
        ("north atlantic treaty organisation", "nato-1949"),
        ("csto", "csto-1992"),
        ("warsaw pact", "warsaw-1955"),
        ("anzus", "anzus-1951"),
        ("aukus", "aukus-2021"),
        ("sco", "sco-2001"),
        ("Alliance of Sahel States", "aes-2023"),
        ("جامعة الدول العربية", "arab-league-1945"),
    ],
)
def test_treaty(record: Record, asked: str, id_: str) -> None:
    known = record.treaty(asked).id
    assert known == id_ or known.split("-")[0] == id_.split("-", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("germany", "DEU"), ("255", "DEU"), (255, "DEU"), ("GMY", "DEU"), ("DEU", "DEU"), ("deu", "DEU"),
        ("prussia", "DEU"), ("PRU", "DEU"), ("soviet union", "RUS"), ("SUN", "RUS"), ("ussr", "RUS"), ("russia", "RUS"),
        ("Türkiye", "TUR"), ("turkiye", "TUR"), ("turkey", "TUR"), ("ottoman empire", "TUR"),
        ("Côte d'Ivoire", "CIV"), ("cote d'ivoire", "CIV"), ("ivory coast", "CIV"), ("west germany", "GFR"),
        ("East Germany", "DDR"), ("yugoslavia", "SRB"), ("YUG", "SRB"), ("sardinia", "ITA"), ("uk", "GBR"),
        ("UKG", "GBR"),
        ("united states of america", "USA"), ("usa", "USA"), ("the netherlands", "NLD"), ("czechoslovakia", "CSK"),
        ("austria-hungary", "AUH"), ("south korea", "KOR"), ("north korea", "PRK"), ("burma", "MMR"), ("taiwan", "TWN"),
        ("kosovo", "XKX"), ("São Tomé and Príncipe", "STP"), ("vietnam", "VNM"), ("south vietnam", "RVN"),
    ],
)  # fmt: skip
def test_state(record: Record, asked: str | int, code: str) -> None:
    assert record.state(asked).code == code


def test_every_code_number_and_name_finds_its_state(record: Record) -> None:
    for row in record.states.values():
        assert record.state(row.code) is row
        assert row.cow is None or record.state(row.cow) is row
    for name in record.names:
        try:
            found = record.state(name.name, name.since).code
        except UnknownState as error:  # borne by several at once: all of them are offered
            assert name.code in error.nearest
        else:
            assert found == name.code or (name.kind == "former_code" and name.name in record.states)


def test_every_name_and_alias_finds_its_treaty(record: Record) -> None:
    for t in record.treaties.values():
        for name in (t.id, t.name, t.short, *t.aliases):
            assert not name or record.treaty(name) is t


@pytest.mark.parametrize(
    ("asked", "near"),
    [("natto", "nato-1949"), ("north atlantic traety", "nato-1949"), ("warsow pact", "warsaw"), ("csot", "csto-1992")],
)
def test_a_missed_treaty_names_the_nearest(record: Record, asked: str, near: str) -> None:
    with pytest.raises(UnknownTreaty) as caught:
        record.treaty(asked)
    assert any(near in id_ for id_ in caught.value.nearest), caught.value.nearest
    assert f'No treaty is called "{asked}"' in str(caught.value) and "foedus list" in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "near"), [("germny", "DEU"), ("polnd", "POL"), ("yugoslawia", "SRB"), ("frnace", "FRA")]
)
def test_a_missed_state_names_the_nearest(record: Record, asked: str, near: str) -> None:
    with pytest.raises(UnknownState) as caught:
        record.state(asked)
    assert any(f"({near})" in name for name in caught.value.nearest), caught.value.nearest


@pytest.mark.parametrize(
    "asked", ["", " ", "²", "٣", "9999", "9" * 5000, "-1", "💥", "Россия", "\x00", "the", "x" * 5000]
)
def test_odd_names_are_only_not_found(record: Record, asked: str) -> None:
    for find in (record.treaty, record.state, record.place):
        with pytest.raises(NotFound):
            find(asked)


def test_an_ambiguous_name_asks_for_an_id(record: Record) -> None:
    nato = record.treaties["nato-1949"]
    from msgspec.structs import replace

    twin = replace(nato, id="nato-2049", name="Another", short="", aliases=("otan",))
    both = changed(record, treaties={t.id: t for t in (nato, twin)})
    for asked in ("otan",):
        with pytest.raises(UnknownTreaty, match="Give the id of one") as caught:
            both.treaty(asked)
        assert set(caught.value.nearest) == {"nato-1949", "nato-2049"}
    assert both.treaty("nato").id == "nato-1949"  # the short name goes before the id without its year
    assert both.treaty("nato-2049") is twin
    stems = changed(record, treaties={t.id: replace(t, short="", aliases=()) for t in (nato, twin)})
    with pytest.raises(UnknownTreaty, match="Give the id of one"):
        stems.treaty("nato")


def test_a_name_borne_twice_is_decided_by_the_day(record: Record) -> None:
    names = [n for n, codes in record._state_names.items() if len(codes) > 1]
    for name in names:
        with pytest.raises(UnknownState, match="Give the code of one"):
            record.state(name)


def test_places(record: Record) -> None:
    assert record.place("West Berlin").id == "west-berlin" and record.place("hawaii").id == "hawaii"
    with pytest.raises(NotFound, match=r"places.toml") as caught:
        record.place("hawai")
    assert "hawaii" in caught.value.nearest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The  Côte-d'Ivoire!", "cote d ivoire"),
        ("of the and", "of the and"),
        ("", ""),
        ("ÅLAND", "aland"),
        ("Россия!", "россия"),
        ("💥", ""),
    ],
)
def test_plain(name: str, expected: str) -> None:
    assert plain(name) == expected


def test_index_and_nearest() -> None:
    known = index([("NATO", "a"), ("nato", "a"), ("Nato", "b"), ("", "c"), ("North Atlantic", "d")])
    assert known == {"nato": ("a", "b"), "north atlantic": ("d",)}
    assert nearest("atlantic", known) == ["d"] and nearest("nat", known, 1) == ["a"] and nearest("", known) == []
