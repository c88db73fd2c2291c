"""The brief of every treaty says whole sentences, cites what it lists, and its numbers are those of the measures."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.view.plain import broken, plain_text

from foedus.measure import burden, concentration
from foedus.panel import state_figures
from foedus.record import Record, Treaty
from foedus.view.brief import compose
from foedus.view.document import CITATION, Document, KeyFigures, Picture, Table, Text

TODAY = date(2026, 6, 1)


def halfway(treaty: Treaty) -> date:
    """A day on which the treaty was in force, or that of its signature."""
    if treaty.in_force is None:
        return treaty.signed
    return treaty.in_force + ((treaty.ended or TODAY) - treaty.in_force) / 2


def check(document: Document) -> None:
    assert not broken(plain_text(document)), f"{document.command}: {broken(plain_text(document))}"
    for ids in ([s.id for s in document.sections], [p.id for p in document.pictures]):
        assert len({*ids}) == len(ids), document.command
    cited: set[str] = set()
    for section in document.sections:
        assert section.blocks, f"{document.command}: {section.title} is empty"
        for block in section.blocks:
            match block:
                case Text():
                    assert block.paragraphs and all(p.strip() for p in block.paragraphs)
                    cited |= {n for p in block.paragraphs for n in CITATION.findall(p)}
                case Table():
                    assert block.rows and {len(r) for r in block.rows} == {len(block.columns)}
                    assert sum(block.widths()) == pytest.approx(1)
                    cited |= {n for row in block.rows for cell in row for n in CITATION.findall(cell)}
                case KeyFigures():
                    assert all(f.value and f.label for f in block.figures)
                case Picture():
                    assert block.description.strip() and block.title.strip()
    assert cited == {str(c.number) for c in document.sources}, document.command


@pytest.mark.parametrize("third", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_every_brief_is_whole(record: Record, third: int) -> None:
    for k, treaty in enumerate(list(record.treaties.values())[third::3]):
        check(compose(record, treaty, TODAY if (k + third) % 2 else halfway(treaty)))


@pytest.mark.parametrize("asked", ["nato", "quad", "london-1839", "warsaw pact"])
def test_before_its_signature(record: Record, asked: str) -> None:
    treaty = record.treaty(asked)
    document = compose(record, treaty, treaty.signed - timedelta(days=40))
    check(document)
    assert "had not yet been" in plain_text(document)


def test_between_signature_and_force(record: Record) -> None:
    text = plain_text(compose(record, record.treaty("nato"), date(1949, 6, 1)))
    assert "on 1 June 1949 it was not yet in force" in text
    assert "Not applicable: on 1 June 1949 the treaty was not in force" in text


def test_shares_in_the_text_are_those_of_the_measures(record: Record) -> None:
    nato = record.treaty("nato")
    table = burden(state_figures(record, nato.members_on(TODAY)))
    text = plain_text(compose(record, nato, TODAY))
    top = table.row(0, named=True)
    shares = table["burden_share"].drop_nulls().to_list()
    con = concentration(shares)
    assert top["state"] == "USA" and con is not None
    assert f"{top['burden_share'] * 100:.0f}% of it the United States" in text
    assert f"is {con:.2f} on a scale from 0" in text
    assert f"{float(table['milex_musd'].sum()) / 1e6:.2f} tn USD" in text
    for row in table.filter(table["burden_share"].is_not_null()).to_dicts():
        assert f"{row['name']} | {row['milex_share_gdp']:.1f} ({row['milex_share_gdp_year']}) | " in text
        assert f" | {row['burden_share'] * 100:.1f} | {row['gdp_share'] * 100:.1f} | " in text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("quad", "is an informal grouping of 4 states without treaty or duty to act"),
        ("us-qatar-2025", "is a unilateral undertaking of the United States towards Qatar"),
        ("london-1839", "was a treaty of guarantee of 5 states, which protected Belgium"),
        ("dual-alliance-1879", "a secret defence pact between Austria-Hungary and"),
        ("australia-png-2025", "between Australia and Papua New Guinea"),
        ("nato", "NATO (North Atlantic Treaty) is a defence pact of 32 states."),
    ],
)
def test_the_first_sentence(record: Record, asked: str, says: str) -> None:
    assert says in plain_text(compose(record, record.treaty(asked), TODAY))


@pytest.mark.parametrize(
    ("asked", "has_closer"), [("nato", True), ("quad", False), ("aukus", False), ("un charter", False)]
)
def test_closer_map_only_for_neighbours(record: Record, asked: str, has_closer: bool) -> None:
    pictures = [p.id for p in compose(record, record.treaty(asked), TODAY).pictures]
    assert ("closer" in pictures) == has_closer


def test_duties_come_first_and_articles_of_other_texts_apart(record: Record) -> None:
    document = compose(record, record.treaty("triple-alliance-1882"), date(1914, 7, 28))
    section = next(s for s in document.sections if s.id == "obligations")
    tables = [b for b in section.blocks if isinstance(b, Table)]
    assert tables[0].caption == "Duties and rights, article by article" and not tables[0].quiet
    assert any(t.folded and "not in force on 28 July 1914" in t.caption for t in tables)
    assert all("no_duty" not in row[1] for row in tables[0].rows)


@pytest.mark.parametrize(
    ("name", "asked", "day"),
    [("brief-nato.txt", "nato", date(2026, 6, 1)), ("brief-warsaw-pact.txt", "warsaw pact", date(1985, 1, 1))],
)
def test_the_text_of_a_brief(
    small_world: Record,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    asked: str,
    day: date,
) -> None:
    # What is simulated moves with every fit and process; it has tests of its own.
    monkeypatch.setattr("foedus.view.brief.outlook.sections", lambda *_: [])
    golden(name, plain_text(compose(small_world, small_world.treaty(asked), day)))
