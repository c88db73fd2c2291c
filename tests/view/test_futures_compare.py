"""Two runs compared, as a document: what differs is drawn, the rest is counted and stands in the table."""

from foedus.view import theme
from foedus.view.document import Picture, Table, Text
from foedus.view.futures_compare import compose


def row(difference: float, half: float, first: float = 10.0, **key: str) -> dict[str, object]:
    ends = {"low": difference - half, "high": difference + half}
    return {**key, "first": first, "second": first + difference, "difference": difference, **ends}


FOUND = {
    "first": "Baseline (50 worlds, seed 1)",
    "second": "Another (50 worlds, seed 1)",
    "year": 2030,
    "treaties": [row(-3, 1, treaty="nato-1949"), row(0.5, 1, treaty="csto-1992"), row(0.4, 0.1, treaty="x-2027")],
    "system": [
        row(40, 10, 2000, indicator="defence_dyads"),
        row(3, 1, 10, indicator="treaties"),
        row(1, 0, 0, indicator="wars"),
    ],
}


def test_only_what_differs_is_drawn() -> None:
    document = compose(FOUND, {"nato-1949": "NATO", "csto-1992": "CSTO"})
    members = document.sections[1]
    assert [type(b) for b in members.blocks] == [Picture, Text, Table]
    drawn = theme.svg(theme.dressed(document.pictures[0].draw(860)))
    assert "NATO" in drawn and "x-2027" in drawn and "CSTO" not in drawn
    table = members.blocks[-1]
    assert isinstance(table, Table) and table.rows[0] == ("NATO", "10.00", "7.00", "-3.00", "-4.00 to -2.00")
    assert "1 alliance cannot" in members.blocks[1].paragraphs[0]  # type: ignore[union-attr]


def test_the_system_is_drawn_in_per_cent_and_told_in_its_own_units() -> None:
    whole = compose(FOUND, {}).sections[-1]
    picture, table = whole.blocks[0], whole.blocks[-1]
    assert isinstance(picture, Picture) and isinstance(table, Table)
    assert picture.description == "The largest: treaties, +30.00 (+20.00 to +40.00)."
    assert [r[0] for r in table.rows] == ["defence dyads", "treaties", "wars"]


def test_two_alike_runs_have_no_chart() -> None:
    alike = {**FOUND, "treaties": [row(0, 0, treaty="nato-1949")], "system": [row(0, 1, indicator="treaties")]}
    assert compose(alike, {}).pictures == ()
