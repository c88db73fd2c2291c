"""Numbers, dates, names and lists as an English sentence wants them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.view import words

DAY = date(1949, 4, 4)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.day(DAY), "4 April 1949"),
        (words.day(DAY, "month"), "April 1949"),
        (words.day(DAY, "year"), "1949"),
        (words.day(DAY, "circa"), "about April 1949"),
        (words.day(None), ""),
        (words.span(DAY, date(1950, 1, 1), {"until": "year"}), "from 4 April 1949 to 1950"),
        (words.span(None, DAY), "until 4 April 1949"),
        (words.span(DAY, None), "since 4 April 1949"),
        (words.span(None, None), ""),
        (words.listed(["a"]), "a"),
        (words.listed(["a", "b", "c"]), "a, b and c"),
        (words.listed(["a", "b", "c", "d"], 2), "a, b and 2 others"),
        (words.listed([]), ""),
        (words.the("United States"), "the United States"),
        (words.the("Poland"), "Poland"),
        (words.the("Russian Empire"), "the Russian Empire"),
        (words.the("Dominican Republic"), "the Dominican Republic"),
        (words.the_treaty("NATO"), "NATO"),
        (words.the_treaty("Warsaw Pact"), "the Warsaw Pact"),
        (words.the_treaty("Russia's Central Asian treaties"), "Russia's Central Asian treaties"),
        (words.article("5"), "Article 5"),
        (words.article("III"), "Article III"),
        (words.article("secret protocol"), "Secret protocol"),
        (words.unbracketed("Act (Vienna)"), "Act, Vienna"),
        (words.counted(1, "party", "parties"), "one party"),
        (words.counted(0, "treaty", "treaties"), "no treaty"),
        (words.counted(31, "state"), "31 states"),
        (words.money(1_490_000), "1.49 tn USD"),
        (words.money(934_000), "934 bn USD"),
        (words.money(0.5), "500 k USD"),
        (words.per_cent(0.6432), "64%"),
        (words.per_cent(0.001), "under 1%"),
        (words.per_cent(0), "0%"),
        (words.sentence("each does"), "Each does."),
        (words.a_or_an("offensive alliance"), "an offensive alliance"),
    ],
)
def test_words(said: str, expected: str) -> None:
    assert said == expected


def test_titles_that_speak_of_several() -> None:
    assert words.is_plural("Mediterranean Agreements") and words.is_plural("Compacts of Free Association")
    assert not words.is_plural("Treaty of London of 1839") and not words.is_plural("Guarantee to Poland")


@given(st.floats(min_value=0, max_value=1))
def test_a_positive_share_is_never_shown_as_nought(share: float) -> None:
    assert (words.per_cent(share) == "0%") == (share == 0)


@given(st.floats(min_value=0.001, max_value=1e8))
def test_money_keeps_its_size(musd: float) -> None:
    value, unit, _ = words.money(musd).split()
    factor = {"tn": 1e6, "bn": 1e3, "m": 1.0, "k": 1e-3}[unit]
    assert float(value) * factor == pytest.approx(musd, rel=0.34 if musd < 0.002 else 0.06)
