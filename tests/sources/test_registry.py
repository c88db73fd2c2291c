"""The registry says what it must of every data set, and its crosswalk agrees with the record."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from foedus.errors import SourceError
from foedus.record import load
from foedus.sources import SCHEMAS, data_set, names
from foedus.sources.citing import cite
from foedus.sources.crosswalk import UnknownCode, meanings, states
from foedus.sources.registry import citations, entry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", names())
def test_an_entry_is_complete_and_refers_to_its_own_columns(name):
    found = data_set(name)
    assert found.title and found.producer and found.unit and found.terms and found.by_hand
    assert found.redistribute in ("yes", "with attribution", "unclear", "no")
    assert found.versions and all(len(v.sha256) == 64 for v in found.versions)
    named = {*found.key, *found.codes, *found.missing, *found.units, *found.optional, *found.max_null} - {"*"}
    assert named <= set(found.columns)
    assert not found.year or found.year in found.columns
    assert SCHEMAS[name].names() == found.schema.names()
    assert cite([name]) and cite([name], "plain")


def test_no_file_and_no_citation_is_listed_in_vain():
    files = Counter(v.file for name in names() for v in data_set(name).versions)
    assert max(files.values()) == 1
    assert set(citations()) == {key for name in names() for key in data_set(name).cite}


def test_an_unknown_name_says_which_are_near():
    with pytest.raises(SourceError, match=r"Nearest: nmc"):
        data_set("nmcc")
    with pytest.raises(KeyError):
        SCHEMAS["nmcc"]
    assert len(SCHEMAS) == len(list(SCHEMAS)) >= 60


def test_a_wrong_entry_names_itself():
    with pytest.raises(SourceError, match=r"\[mine\].*not among the columns"):
        entry("mine", {"columns": "a b", "real": "c"})
    with pytest.raises(SourceError, match=r"\[mine\]"):
        entry("mine", {"columns": "a b"})


def test_the_crosswalk_is_what_the_record_says():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "crosswalk.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stderr}\nrun: python tools/crosswalk.py"
    record = load()
    codes = {m.state for coding in ("cow", "gw", "iso3", "iso2", "name") for t in meanings(coding).values() for m in t}
    assert codes - {""} <= set(record.states)
    for state in record.states.values():
        if state.cow:
            assert record.codes_of_cow(state.cow) == (meanings("cow")[str(state.cow)][0].state,)


def test_codes_that_change_hands_follow_the_year():
    gw, years = pl.Series([260, 260, 260, 678, 678, None]), pl.Series([1989, 1990, 2020, 1989, 1990, 2000])
    assert states(gw, "gw", years).to_list() == ["GFR", "DEU", "DEU", "YAR", "YEM", None]
    with pytest.raises(UnknownCode) as error:
        states(gw, "gw", None)
    assert error.value.row == 0
    names_of = pl.Series(["Germany", "Côte d’Ivoire", "European Union", "Türkiye"])
    assert states(names_of, "name", pl.Series([1970] * 4)).to_list() == ["GFR", "CIV", None, "TUR"]


def test_codes_that_nobody_knows_are_named():
    for codes, coding in ((pl.Series([2, 3]), "cow"), (pl.Series([2, -1]), "cow"), (pl.Series([2, 10**6]), "gw")):
        with pytest.raises(UnknownCode) as error:
            states(codes, coding, None)
        assert error.value.row == 1
    with pytest.raises(UnknownCode):
        states(pl.Series(["USA", "ZZZ"]), "iso3", None)
    assert states(pl.Series([2, 3]), "cow", None, {"3": ""}).to_list() == ["USA", None]
    assert states(pl.Series(["NA", "US"]), "iso2", None).to_list() == ["NAM", "USA"]
    assert states(pl.Series([], dtype=pl.Int32), "cow", None).to_list() == []
    assert states(pl.Series([], dtype=pl.String), "name", None).to_list() == []


def test_citations_are_given_once_and_in_two_forms():
    assert cite(["trade_dyads", "trade_states"]).count("@article{barbieri-2009") == 1
    assert cite(["gibler"] if "gibler" in names() else ["cow_alliances"], "plain").startswith(
        "Gibler, Douglas M. (2009)."
    )
    with pytest.raises(SourceError, match="bibtex or plain"):
        cite(["nmc"], "apa")
