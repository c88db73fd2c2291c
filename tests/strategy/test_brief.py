"""The two sections of a brief, each made alone: what other sections need does not matter here."""

from datetime import date

import pytest
from tests.view.plain import plain_text

from foedus.record import Record
from foedus.strategy import shipped_answers
from foedus.view.brief import allocation, fairness
from foedus.view.brief.moment import Moment
from foedus.view.document import Citations, Document, Picture, Section

TODAY = date(2026, 6, 1)


def sections(record: Record, asked: str, day: date = TODAY) -> dict[str, Section]:
    treaty = record.treaty(asked)
    m = Moment(record, treaty, day, Citations(record, treaty))
    return {s.id: s for s in (*fairness.sections(m), *allocation.sections(m))}


def said(section: Section) -> str:
    return plain_text(Document("", "", "", (section,), (), "", ""))


def test_burden_and_fairness(record: Record) -> None:
    found = sections(record, "nato")["fairness"]
    text = said(found)
    assert "most above are the United States (+11.4 points)" in text
    assert "3.5% by 2035 asks" in text and "1.5% on related ends by 2035" in text
    for block in found.blocks:
        if isinstance(block, Picture):
            assert block.draw(860) is not None and block.draw(344) is not None


@pytest.mark.parametrize(("asked", "file"), [("nato", "nato"), ("gcc-defence-2000", "gcc")])
def test_what_a_joint_budget_should_buy(record: Record, asked: str, file: str) -> None:
    text = said(sections(record, asked)["allocation"])
    answer = shipped_answers()[file]
    assert f"to {answer['objective']:.1f}; the same money planned by each member for itself leaves" in text
    assert answer["packages"][0]["package"] in text and f"foedus strategy allocate {file}" in text


@pytest.mark.parametrize(
    ("asked", "day"), [("nato", date(1985, 1, 1)), ("dual-alliance-1879", TODAY), ("un charter", TODAY)]
)
def test_no_section_where_nothing_can_be_said(record: Record, asked: str, day: date) -> None:
    assert not sections(record, asked, day)
