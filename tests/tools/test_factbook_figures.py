"""The Factbook reader: single texts, whole made-up pages, and the files it wrote."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import factbook_figures as fb

DATA = fb.DATA

whole = st.integers(min_value=0, max_value=10**10)
tenths = st.integers(min_value=0, max_value=999).map(lambda n: Decimal(n) / 10)
years = st.integers(min_value=1990, max_value=2030)


# ---- single texts ----------------------------------------------------------------------------------------------


@given(whole)
def test_a_number_survives_formatting(n):
    assert fb.number(f"{n:,}") == fb.number(str(n)) == n


@given(st.decimals(min_value=0, max_value=10**7, places=3))
def test_plain_is_read_back(value):
    text = fb.plain(value)
    assert "E" not in text
    assert fb.number(text) == value


@pytest.mark.parametrize("text", ["", "12,34", "1,2345", ",123", "1.2.3", "NA", "-4"])
def test_what_is_not_a_number_is_refused(text):
    with pytest.raises(fb.UnreadText, match="is not a number"):
        fb.number(text)


@given(whole, years, st.booleans())
def test_population_round_trip(n, year, estimated):
    reading = fb.read_population(f"{n:,} ({year}{' est.' if estimated else ''})")
    assert (reading.value, reading.year) == (n, year)
    assert reading.quality == ("estimate" if estimated else "observed")


@given(tenths, years)
def test_share_round_trip(share, year):
    assert fb.read_share(f"{fb.plain(share)}% of GDP ({year} est.)") == fb.Reading(share, year, "estimate")


@pytest.mark.parametrize(
    ("text", "million"),
    [
        ("$3.25 trillion (2024 est.)", "3250000"),
        ("$1.004 billion (2019 est.)", "1004"),
        ("$77.5 million (2021)", "77.5"),
        ("$7,250,000 (2017 est.)", "7.25"),
    ],
)
def test_dollars_in_millions(text, million):
    assert fb.plain(fb.read_dollars(text).value) == million


@pytest.mark.parametrize(
    "text", ["3% of GDP", "3 (2024 est.)", "less than 1% of GDP (2024 est.)", "2-3% of GDP (2024)"]
)
def test_a_share_in_another_form_is_not_guessed(text):
    with pytest.raises(fb.UnreadText):
        fb.read_share(text)


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("1,250 km", "1250", ""),
        ("0 km (landlocked)", "0", "landlocked"),
        ("1.25 million sq km", "1250000", ""),
        ("90 sq km ; 70 sq km (mainland)", "90", "the page adds: 70 sq km (mainland)"),
        ("3,000 km (east 1,000 km; west 2,000 km)", "3000", "the page adds: east 1000 km; west 2000 km"),
    ],
)
def test_size(text, value, note):
    reading = fb.read_size(text)
    assert (fb.plain(reading.value), reading.note, reading.year) == (value, note, fb.UNDATED)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("7,500", 7500, 7500),
        ("10-12,000", 10_000, 12_000),
        ("3-4,000", 3000, 4000),
        ("1,000-1,500", 1000, 1500),
        ("150-300,000", 150_000, 300_000),
        ("1.1-1.2 million", 1_100_000, 1_200_000),
        ("850,000-1 million", 850_000, 1_000_000),
        ("1.28 million", 1_280_000, 1_280_000),
        ("500-1,000", 500, 1000),
        ("600", 600, 600),
    ],
)
def test_range(text, low, high):
    assert fb.read_range(text) == (low, high)


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=999))
def test_a_short_low_end_borrows_the_thousands_or_is_refused(low, high):
    text = f"{low}-{high},000"
    if low <= high <= 10 * low:
        assert fb.read_range(text) == (low * 1000, high * 1000)
    elif low <= high * 1000 <= 10 * low:
        assert fb.read_range(text) == (low, high * 1000)
    else:
        with pytest.raises(fb.UnreadText, match="no reading of the low end"):
            fb.read_range(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "approximately 31,000 active-duty military personnel (2025)",
            fb.Reading(Decimal(31_000), 2025, "estimate", ""),
        ),
        (
            "information varies; estimated 10-14,000 active Armed Forces, including the Gendarmerie (2024)",
            fb.Reading(Decimal(12_000), 2024, "midpoint", "low 10000, high 14000; includes Gendarmerie"),
        ),
        (
            "estimates vary; as many as 1.5 million active-duty People's Army (2025)",
            fb.Reading(Decimal(1_500_000), 2025, "estimate", "upper bound"),
        ),
        (
            "approximately 90,000 active Armed Forces (50,000 Army; 40,000 Navy); 12,000 Coast Guard (2025)",
            fb.Reading(Decimal(90_000), 2025, "estimate", "not counted: 12000 Coast Guard"),
        ),
        (
            "approximately 5,000 active forces (3,000 Army; 1,000 Navy); 1,000 Navy); 700 Reserve (2025)",
            fb.Reading(Decimal(5000), 2025, "estimate", "not counted: 1000 Navy, 700 Reserve"),
        ),
        (
            "estimated 20,000 Armed Forces; estimated 3-5,000 Home Guard (2025)",
            fb.Reading(
                Decimal(20_000), 2025, "estimate", "the page does not say active; not counted: 3000-5000 Home Guard"
            ),
        ),
    ],
)
def test_strength(text, expected):
    assert fb.read_strength(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "approximately 10,000 Ministry of Order personnel (2025)",  # police
        "the army is authorized up to 30,000 personnel (2025)",  # a ceiling
        "before the war the army had up to 90,000 active soldiers (2023)",
        "approximately 7,000 active Armed Forces",  # no year
        "some thousands of active troops (2025)",
    ],
)
def test_an_unclear_strength_is_not_guessed(text):
    with pytest.raises(fb.UnreadText):
        fb.read_strength(text)


@given(
    st.integers(min_value=1000, max_value=10**6),
    st.integers(min_value=0, max_value=10**5),
    st.sampled_from(["active Armed Forces", "active-duty military personnel", "active Defence Force troops"]),
)
def test_strength_round_trip(low, more, what):
    reading = fb.read_strength(f"approximately {low:,}-{low + more:,} {what} (2025)")
    assert reading.value == Decimal(2 * low + more) / 2
    assert reading.quality == ("midpoint" if more else "estimate")


def test_borders_in_all_their_forms():
    text = (
        "Ruritania 1,250.5 km, Graustark (Northern Enclave) 20 km; Isles and Marches 7 km; "
        "Syldavia (east) 3 km and Syldavia (west) 4 km; Borduria 900 km (of which 25 km is a lake)"
    )
    assert [(i.name, fb.plain(i.km), i.note) for i in fb.read_borders(text)] == [
        ("Ruritania", "1250.5", ""),
        ("Graustark", "20", "Northern Enclave"),
        ("Isles and Marches", "7", ""),
        ("Syldavia", "3", "east"),
        ("Syldavia", "4", "west"),
        ("Borduria", "900", "of which 25 km is a lake"),
    ]


@pytest.mark.parametrize("text", ["", "Ruritania", "Ruritania 12 miles", "Ruritania 12 km; plus something", "x 3 km"])
def test_borders_leave_nothing_over(text):
    with pytest.raises(fb.UnreadText):
        fb.read_borders(text)


def test_clean_removes_markup():
    assert fb.clean("<p>1,000 <b>active</b>&nbsp; troops<br><br>note</p>") == "1,000 active troops; note"


# ---- whole pages -----------------------------------------------------------------------------------------------


def _page(
    forces: str = "army",
    strength: str = "approximately 9,000 active troops (2025)",
    borders: str = "Borduria 10 km",
    dollars: int = 2021,
) -> dict[str, Any]:
    return {
        "People and Society": {"Population": {"total": {"text": "1,000,000 (2025 est.)"}, "note": "none"}},
        "Geography": {
            "Coastline": {"text": "12 km"},
            "Area": {"total ": {"text": "900 sq km"}, "land": {"text": "890 sq km"}},
            "Land boundaries": {"total": {"text": "10 km"}, "border countries": {"text": borders}},
        },
        "Economy": {
            "GDP (official exchange rate)": {"text": "$2 billion (2024 est.)"},
            "Real GDP (purchasing power parity)": {
                "Real GDP (purchasing power parity) 2024": {"text": "$3 billion (2024 est.)"},
                "note": f"<b>note:</b> data in {dollars} dollars",
            },
        },
        "Military and Security": {
            "Military and security forces": {"text": forces},
            "Military expenditures": {"Military Expenditures 2024": {"text": "1.5% of GDP (2024 est.)"}},
            "Military and security service personnel strengths": {"text": strength},
        },
    }


SYLDAVIA, BORDURIA = fb.Page("sy", "AAA", "state", "Syldavia"), fb.Page("bo", "BBB", "state", "Borduria")
ISLE = fb.Page("is", "AAA", "part", "Far Isle")


def _build(
    syldavia: dict[str, Any],
    borduria: dict[str, Any] | None = None,
    overrides: dict[tuple[str, str, str], fb.Override] | None = None,
    pages: Sequence[fb.Page] = (SYLDAVIA, BORDURIA),
) -> tuple[list[fb.Figure], list[tuple[str, ...]], fb.Report]:
    return fb.build({"sy": syldavia, "bo": borduria or _page(borders="Syldavia 10 km")}, pages, overrides or {})


def test_a_page_gives_every_indicator():
    figures, borders, report = _build(_page())
    values = {f.indicator: fb.plain(f.reading.value) for f in figures if f.state == "AAA"}
    assert values == {
        "population": "1000000",
        "gdp_musd": "2000",
        "gdp_ppp_musd_2021": "3000",
        "milex_share_gdp": "1.5",
        "milper_active": "9000",
        "coastline_km": "12",
        "area_km2": "900",
    }
    assert borders == [("AAA", "BBB", "10", fb.SOURCE, "")]
    assert report.unread == []


def test_dollars_of_another_year_are_another_indicator():
    figures, _, _ = _build(_page(dollars=2015))
    assert {f.indicator for f in figures if "ppp" in f.indicator and f.state == "AAA"} == {"gdp_ppp_musd_2015"}


def test_no_regular_forces_is_zero_and_not_missing():
    figures, _, _ = _build(_page(forces="no regular military forces; a police force (2023)", strength="NA"))
    (zero,) = [f.reading for f in figures if f.indicator == "milper_active" and f.state == "AAA"]
    assert (zero.value, zero.year, zero.quality) == (Decimal(0), 2023, "observed")


def test_an_unreadable_text_is_reported_and_an_override_resolves_it():
    text = "perhaps 5,000 soldiers (2025)"
    _, _, report = _build(_page(strength=text))
    assert [(state, what, said) for state, what, said, _ in report.unread] == [("AAA", "milper_active", text)]
    read = {("sy", "milper_active", text): fb.Override(Decimal(5000), 2025, "estimate", "read by a person")}
    figures, _, report = _build(_page(strength=text), overrides=read)
    assert report.unread == []
    assert fb.Figure("AAA", "milper_active", fb.Reading(Decimal(5000), 2025, "estimate", "read by a person")) in figures


def test_an_override_for_a_text_that_is_gone_is_reported():
    _, _, report = _build(_page(), overrides={("sy", "population", "7"): fb.Override(Decimal(7), 2025, "estimate", "")})
    assert "matches no text" in report.unread[0][3]


def test_not_available_is_neither_unread_nor_a_value():
    figures, _, report = _build(_page(strength="not available"))
    assert ("AAA", "milper_active") in report.not_given
    assert not [f for f in figures if f.state == "AAA" and f.indicator == "milper_active"]
    assert report.unread == []


def test_a_page_without_code_and_a_neighbour_without_page_are_reported():
    _, _, report = _build(_page(borders="Atlantis 3 km"), pages=(SYLDAVIA,))
    assert {reason for _, _, _, reason in report.unread} == {
        "not in factbook_codes.csv",
        'no page is called "Atlantis"',
    }


def test_pages_that_disagree_are_both_reported():
    _, borders, _ = _build(_page(borders="Borduria 100 km"), _page(borders="Syldavia 120 km"))
    assert borders == [("AAA", "BBB", "100", fb.SOURCE, "page of BBB: 120 km")]
    _, borders, _ = _build(_page(borders="Borduria 100 km"), _page(borders="Syldavia 105 km"))
    assert borders == [("AAA", "BBB", "100", fb.SOURCE, "")]


def test_a_part_counts_under_its_state():
    pages = (SYLDAVIA, BORDURIA, ISLE)
    overseas = _page(borders="Syldavia 100 km; Far Isle 20 km")
    _, borders, _ = _build(_page(borders="Borduria 100 km"), overseas, pages=pages)
    assert borders == [("AAA", "BBB", "100", fb.SOURCE, "page of BBB: 120 km")]
    _, borders, _ = _build(_page(borders="Far Isle 5 km"), _page(borders="Far Isle 20 km"), pages=pages)
    assert borders == [("AAA", "BBB", "20", fb.SOURCE, "Far Isle; only on the page of BBB")]


# ---- the files -------------------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def figures():
    return _rows(DATA / "figures.csv")


RANGES = {  # widest plausible values of a present state
    "population": (500, 1.6e9),
    "gdp_musd": (10, 4e7),
    "gdp_ppp_musd_2015": (10, 1e6),
    "gdp_ppp_musd_2017": (10, 1e6),
    "gdp_ppp_musd_2021": (10, 5e7),
    "milex_share_gdp": (0, 40),
    "milper_active": (0, 2.5e6),
    "coastline_km": (0, 250_000),
    "area_km2": (0.4, 1.8e7),
}


def test_figures_are_sound(figures):
    assert not [k for k, n in Counter((r["state"], r["indicator"], r["year"]) for r in figures).items() if n > 1]
    order = [(r["state"], r["indicator"], int(r["year"])) for r in figures]
    assert order == sorted(order)
    for r in figures:
        low, high = RANGES[r["indicator"]]
        assert low <= float(r["value"]) <= high, r
        assert r["unit"] == fb.UNITS[r["indicator"]], r
        assert r["quality"] in fb.QUALITIES, r
        assert r["source"] == fb.SOURCE
        assert 2013 <= int(r["year"]) <= 2026, r
        assert (r["quality"] == "midpoint") == ("low " in r["note"]), r


def test_nato_members_have_what_burden_sharing_needs(figures):
    have = defaultdict(set)
    for r in figures:
        have[r["state"]].add((r["indicator"], r["year"]))
    for state in fb.NATO - {"ISL"}:  # Iceland has no armed forces
        assert ("milex_share_gdp", "2024") in have[state], state
        assert {"gdp_musd", "gdp_ppp_musd_2021", "milper_active", "population"} <= {i for i, _ in have[state]}, state
    assert len(fb.NATO) == 32
    (iceland,) = [r for r in figures if r["state"] == "ISL" and r["indicator"] == "milper_active"]
    assert iceland["value"] == "0"


def test_every_state_has_population_and_area(figures):
    states = {p.code for p in fb.load_codes(fb.HERE / "factbook_codes.csv") if p.role == "state"}
    assert len(states) == 198
    for indicator in ("population", "area_km2", "coastline_km"):
        assert {r["state"] for r in figures if r["indicator"] == indicator} == states


def test_personnel_fit_the_population(figures):
    people = {r["state"]: float(r["value"]) for r in figures if r["indicator"] == "population"}
    for r in figures:
        if r["indicator"] == "milper_active":
            assert float(r["value"]) <= 0.06 * people[r["state"]], r


def test_borders_are_sound():
    rows = _rows(DATA / "borders.csv")
    pairs = [(r["a"], r["b"]) for r in rows]
    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)
    assert all(0 < float(r["km"]) < 10_000 for r in rows)
    assert {("LTU", "RUS"), ("POL", "RUS"), ("BRA", "FRA"), ("PRK", "RUS"), ("FIN", "RUS")} <= set(pairs)
    landless = {"ISL", "JPN", "AUS", "NZL", "CUB", "TWN", "MLT", "MDG"}
    assert not landless & {code for pair in pairs for code in pair}


def test_codes_and_overrides_are_sound():
    rows = _rows(fb.HERE / "factbook_codes.csv")
    assert not [k for k, n in Counter(r["fips"] for r in rows if r["fips"]).items() if n > 1]
    assert not [k for k, n in Counter(r["code"] for r in rows if r["role"] == "state").items() if n > 1]
    assert {r["role"] for r in rows} == {"state", "part", "skip"}
    assert all(re.fullmatch("[A-Z]{3}", r["code"]) if r["role"] != "skip" else r["code"] == "" for r in rows)
    assert all(r["why"] for r in _rows(fb.HERE / "factbook_overrides.csv"))


def test_nuclear_spells_are_sound():
    rows = _rows(DATA / "nuclear.csv")
    assert [(r["state"], r["since"]) for r in rows] == sorted((r["state"], r["since"]) for r in rows)
    assert all(not r["until"] or r["since"] < r["until"] for r in rows)
    by_status = defaultdict(set)
    for r in rows:
        by_status[r["status"]].add(r["state"])
    assert by_status["nuclear_weapon_state"] == {"USA", "RUS", "GBR", "FRA", "CHN"}
    assert by_status["nuclear_armed"] == {"IND", "PAK", "PRK", "ISR"}
    assert by_status["former"] == {"ZAF", "UKR", "BLR", "KAZ"}


def test_the_stored_files_are_what_the_script_writes():
    try:
        found = metadata.version(fb.PACKAGE)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{fb.PACKAGE} is not installed")
    if found != fb.VERSION:
        pytest.skip(f"{fb.PACKAGE} {found} is installed, the files come from {fb.VERSION}")
    pages = fb.load_codes(fb.HERE / "factbook_codes.csv")
    overrides = fb.load_overrides(fb.HERE / "factbook_overrides.csv")
    figures, borders, report = fb.build(fb.load_factbook(), pages, overrides)
    assert report.unread == [], json.dumps(report.unread, indent=1)
    stored = (DATA / "figures.csv").read_text(encoding="utf-8")
    assert fb.table(fb.FIGURE_COLUMNS, (f.row for f in figures)) == stored
    assert fb.table(fb.BORDER_COLUMNS, borders) == (DATA / "borders.csv").read_text(encoding="utf-8")
