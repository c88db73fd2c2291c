"""Answers that the field knows: who was in which alliance when, and agreement with the COW and ATOP lists."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from foedus.record import Record
from foedus.record.schema import SIGNATORIES

FOUNDING_DAYS = 31  # ATOP often dates a treaty by signature, the record by entry into force

NATO = {
    1948: 0, 1949: 12, 1951: 12, 1952: 14, 1954: 14, 1955: 15,
    1981: 15, 1982: 16, 1989: 16, 1990: 16, 1998: 16, 1999: 19,
    2003: 19, 2004: 26, 2008: 26, 2009: 28, 2016: 28, 2017: 29, 2019: 29, 2020: 30, 2022: 30, 2023: 31, 2024: 32,
}  # fmt: skip


@pytest.mark.parametrize(("year", "n"), NATO.items())
def test_parties_of_nato_at_the_end_of_the_year(record: Record, year: int, n: int) -> None:
    assert len(record.treaty("nato").members_on(date(year, 12, 31))) == n


def test_one_germany_follows_the_other(record: Record) -> None:
    nato = record.treaty("nato")
    for day, in_, out in ((date(1990, 10, 2), "GFR", "DEU"), (date(1990, 10, 3), "DEU", "GFR")):
        assert in_ in nato.members_on(day) and out not in nato.members_on(day) and len(nato.members_on(day)) == 16


CSTO = "ARM BLR KAZ KGZ RUS TJK"
EU15 = "AUT BEL DEU DNK ESP FIN FRA GBR GRC IRL ITA LUX NLD PRT SWE"
EU27 = EU15 + " BGR CYP CZE EST HUN LTU LVA MLT POL ROU SVK SVN"
KNOWN = [
    ("warsaw pact", date(1955, 12, 31), "ALB BGR CSK DDR HUN POL ROU RUS"),
    ("warsaw pact", date(1969, 1, 1), "BGR CSK DDR HUN POL ROU RUS"),
    ("warsaw pact", date(1990, 12, 31), "BGR CSK HUN POL ROU RUS"),
    ("warsaw pact", date(1991, 7, 1), ""),
    ("csto", date(1995, 1, 1), "ARM AZE BLR GEO KAZ KGZ RUS TJK UZB"),
    ("csto", date(2001, 1, 1), CSTO),
    ("csto", date(2006, 12, 31), CSTO + " UZB"),
    ("csto", date(2013, 1, 1), CSTO),
    ("sco", date(2002, 1, 1), ""),
    ("sco", date(2016, 12, 31), "CHN KAZ KGZ RUS TJK UZB"),
    ("sco", date(2017, 12, 31), "CHN IND KAZ KGZ PAK RUS TJK UZB"),
    ("sco", date(2023, 12, 31), "CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
    ("sco", date(2024, 12, 31), "BLR CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
    ("seato", date(1960, 1, 1), "AUS FRA GBR NZL PAK PHL THA USA"),
    # The organisation was dissolved in 1977; nobody denounced the treaty, so the record keeps those who had not left.
    ("seato", date(1978, 1, 1), "AUS GBR NZL PHL THA USA"),
    ("anzus", date(1960, 1, 1), "AUS NZL USA"),
    ("eu", date(2009, 12, 31), EU27),
    ("eu", date(2013, 12, 31), EU27 + " HRV"),
    ("eu", date(2020, 12, 31), EU27.replace("GBR ", "") + " HRV"),
    ("alliance of sahel states", date(2024, 1, 1), "BFA MLI NER"),
    ("triple alliance", date(1914, 7, 1), "AUH DEU ITA"),
    ("dual alliance", date(1914, 7, 1), "AUH DEU"),
    ("rio treaty", date(2024, 1, 1), None),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "day", "expected"), KNOWN, ids=[f"{a} {d.year}" for a, d, _ in KNOWN])
def test_members_on_a_day(record: Record, asked: str, day: date, expected: str | None) -> None:
    members = record.treaty(asked).members_on(day)
    if expected is None:
        assert {"USA", "BRA", "ARG"} <= set(members) and "MEX" not in members and "CUB" not in members
    else:
        assert members == tuple(sorted(expected.split()))


# --- the COW list ---


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_spells_are_those_of_the_cow_list(record: Record, shared_sources: Path) -> None:
    """243 spells to the end of 2016, where the list stops; states that lived on have no end."""
    listed = set()
    for row in rows(shared_sources / "cow_states_v2016.csv"):
        since = date(int(row["styear"]), int(row["stmonth"]), int(row["stday"]))
        last = date(int(row["endyear"]), int(row["endmonth"]), int(row["endday"]))
        listed.add((int(row["ccode"]), since, None if last == date(2016, 12, 31) else last + timedelta(days=1)))
    numbers = {code: row.cow for code, row in record.states.items()}
    ours = {(numbers[s.code], s.since, s.until) for s in record.spells if numbers[s.code] is not None}
    assert len(listed) == 243
    assert ours == listed
    assert len(record.system(date(1816, 1, 1))) == 23


# ISO codes that the record gives otherwise, each with its reason (decision 0001).
OTHER_CODES: dict[int, str] = {
    260: "GFR",  # DEU is COW 255; West Germany is a state of its own
    680: "YMD",  # not YAR, which is North Yemen
    327: "PAP",  # the Papal States, a member to 1870; VAT is the Holy See of today
    345: "SRB",  # Serbia, Yugoslavia and Serbia again: the present state's code
}


def test_codes_are_those_of_iso(record: Record, shared_sources: Path) -> None:
    by_cow = {row.cow: row for row in record.states.values() if row.cow is not None}
    listed = rows(shared_sources / "cow_iso3.csv")
    differ = {}
    for row in listed:
        ours = by_cow[int(row["ccode"])]
        assert ours.abb == row["stateabb"]
        if row["iso3"] and ours.code != row["iso3"]:
            differ[int(row["ccode"])] = ours.code
    assert differ == OTHER_CODES
    assert {int(row["ccode"]) for row in listed} == set(by_cow)


# --- ATOP ---

FOUNDED = ["nato", "warsaw pact", "dual alliance", "anzus", "seato", "csto", "franco-soviet-1935", "china-dprk-1961"]


@pytest.mark.parametrize("asked", FOUNDED)
def test_founding_day_agrees_with_atop(record: Record, shared_sources: Path, asked: str) -> None:
    treaty = record.treaty(asked)
    begun: dict[int, dict[str, Any]] = {int(r["atopid"]): r for r in rows(shared_sources / "atop_v4_01_alliance.csv")}
    row = begun[treaty.atop[0]]
    day = date(int(row["begyr"]), int(row["begmo"]), int(row["begday"]) or 1)
    ours = [d for d in (treaty.signed, treaty.in_force) if d]
    assert min(abs((day - d).days) for d in ours) <= FOUNDING_DAYS, f"ATOP {day}, record {ours}"


def test_members_of_nato_agree_with_atop(record: Record, shared_sources: Path) -> None:
    """ATOP dates accession by the protocol; a year after it everybody that ATOP lists had joined."""
    numbers = {row.cow: code for code, row in record.states.items() if row.cow is not None}
    nato = record.treaty("nato")
    for row in rows(shared_sources / "atop_v4_01_member.csv"):
        if row["atopid"] == "3180" and row["yrexit"] == "0":
            year = int(row["yrent"])
            assert numbers[int(row["member"])] in nato.members_on(date(year + 2, 12, 31)), row["member"]
    assert SIGNATORIES == ("party", "guarantor")
