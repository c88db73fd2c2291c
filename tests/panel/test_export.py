"""An export holds every entry of the record, describes every column, and is written whole or not at all."""

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import foedus
from foedus.errors import FoedusError, OutputError
from foedus.panel import export as export_module
from foedus.panel.export import FORMS, MARK, citation, files, form_of, readme, seal
from foedus.panel.export_tables import Table, tables
from foedus.panel.folder import write_folder
from foedus.record import Record, from_json, to_json
from foedus.record.exchange import tables_of

LAST = date(2026, 11, 22)


@pytest.fixture(scope="module")
def few(record: Record) -> Record:
    """Three treaties, so that a workbook is made in a moment."""
    held = tables_of(record)
    return Record(
        held.rows, {i: record.treaties[i] for i in ("chaumont-1814", "anzus-1951", "csto-1992")}, held.sources, {}
    )


@pytest.fixture(scope="module")
def whole(record: Record) -> dict[str, Table]:
    return {table.name: table for table in tables(record, LAST)}


def test_every_entry_is_a_row(record: Record, whole: dict[str, Table]) -> None:
    treaties = record.treaties.values()
    counted = {
        "treaties": len(treaties),
        "memberships": sum(len(t.member) for t in treaties),
        "eligible": sum(len(t.eligible) for t in treaties),
        "obligations": sum(len(t.obligation) for t in treaties),
        "areas": sum(len(t.area) for t in treaties),
        "suspensions": sum(len(t.suspension) for t in treaties),
        "reservations": sum(len(t.reservation) for t in treaties),
        "institutions": sum(len(t.institution) for t in treaties),
        "developments": sum(len(t.development) for t in treaties),
        "sources": len(record.sources) + sum(len(t.source) for t in treaties),
        "states": len(record.states),
        "wars": len(record.wars),
        "neutrality": len(record.neutralities),
    }
    assert {name: whole[name].frame.height for name in counted} == counted


def test_every_column_is_described_and_no_list_is_left(whole: dict[str, Table]) -> None:
    for table in whole.values():
        assert list(table.columns) == table.frame.columns
        assert all(says.endswith(".") for says in table.columns.values())
        assert not any(isinstance(kind, pl.List) for kind in table.frame.dtypes), table.name
        texts = table.frame.select(pl.col(pl.String))
        assert not any((texts[c] == "").any() for c in texts.columns), f"{table.name}: absent is null, not empty"


def test_ids_lead_from_table_to_table(whole: dict[str, Table]) -> None:
    treaties = set(whole["treaties"].frame["treaty"])
    for name in ("memberships", "obligations", "areas", "institutions", "treaty_year"):
        assert set(whole[name].frame["treaty"]) <= treaties, name
    assert set(whole["dyad_year"].frame["treaties"].str.split(";").explode()) <= treaties
    states = set(whole["states"].frame["state"])
    assert set(whole["memberships"].frame["state"]) <= states
    assert set(whole["dyad_year"].frame["state1"]) <= states
    cited = set(whole["obligations"].frame["source"].str.split(";").explode())
    assert cited <= set(whole["sources"].frame["source"])


def test_known_cells(record: Record, whole: dict[str, Table]) -> None:
    art5 = (
        whole["obligations"].frame.filter(pl.col("treaty") == "nato-1949", pl.col("obligation") == "art5").to_dicts()[0]
    )
    own = next(o for o in record.treaty("nato").obligation if o.id == "art5")
    assert art5["kinds"] == ";".join(own.kinds)
    assert "cyber since 2014-09-05" in art5["practice"]
    assert art5["min_attackers"] == 1 and art5["unprovoked"] is own.unprovoked
    nato = whole["treaties"].frame.filter(pl.col("treaty") == "nato-1949").to_dicts()[0]
    assert nato["signed"] == date(1949, 4, 4) and "defence" in nato["pledges"].split(";") and nato["ended"] is None
    y1950 = whole["treaty_year"].frame.filter(pl.col("treaty") == "nato-1949", pl.col("year") == 1950).to_dicts()[0]
    assert y1950["n_parties"] == len(y1950["parties"].split(";")) == 12
    assert whole["treaty_year"].frame["year"].min() == 1814


def test_csv_and_parquet_hold_the_same(few: Record) -> None:
    csv, parquet = files(few, "csv", LAST), files(few, "parquet", LAST)
    assert csv.keys() - {"README.md", "CITATION.cff"} == {f"{t.name}.csv" for t in tables(few, LAST)}
    for table in tables(few, LAST):
        assert pl.read_parquet(parquet[f"{table.name}.parquet"]).equals(table.frame)
        read = pl.read_csv(csv[f"{table.name}.csv"], schema=table.frame.schema)
        assert read.equals(table.frame), table.name


def test_json_comes_back(record: Record) -> None:
    made = files(record, "json", LAST)
    assert made.keys() == {"record.json", "README.md", "CITATION.cff"}
    assert to_json(from_json(made["record.json"].decode())).encode() == made["record.json"]


def test_a_workbook_holds_every_table_and_days_before_1900(few: Record) -> None:
    import zipfile

    data = files(few, "xlsx", LAST)["record.xlsx"]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = book.read("xl/workbook.xml").decode()
        sheets = {table.name: i for i, table in enumerate(tables(few, LAST), 1)}
        assert all(f'name="{name}"' in names for name in sheets)
        spells = book.read(f"xl/worksheets/sheet{sheets['memberships']}.xml").decode()
        assert "<t>1814-03-09</t>" in spells
        dyads = book.read(f"xl/worksheets/sheet{sheets['dyad_year']}.xml").decode()
    height = next(t.frame.height for t in tables(few, LAST) if t.name == "dyad_year")
    assert dyads.count("<row ") == height + 1


def test_what_excel_would_cut_is_refused(few: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "MAX_SHEET_ROWS", 100)
    with pytest.raises(OutputError, match=r"The table \w+ has [\d,]+ rows; an Excel sheet holds 99"):
        files(few, "xlsx", LAST)
    monkeypatch.undo()
    monkeypatch.setattr(export_module, "MAX_CELL", 50)
    with pytest.raises(OutputError, match=r"holds a text of [\d,]+ characters"):
        files(few, "xlsx", LAST)


def test_the_readme_names_version_tables_columns_and_licence(few: Record) -> None:
    held = tables(few, LAST)
    text = readme(few, "csv", held, LAST)
    assert text.startswith(f"{MARK}csv\n")
    for word in (foedus.__version__, "3 treaties", seal(few), "Apache License 2.0", "2026-11-22"):
        assert word in text
    for table in held:
        assert f"## {table.name}.csv" in text
        assert all(f"| {column} | " in text for column in table.columns)


def test_the_seal_changes_with_the_contents_only(record: Record, few: Record) -> None:
    held = tables_of(record)
    elsewhere = Record(held.rows, held.treaties, held.sources, dict.fromkeys(held.origin, "elsewhere.toml"))
    assert seal(elsewhere) == seal(record) != seal(few)


def test_own_files_are_named(few: Record) -> None:
    held = tables_of(few)
    own = Record(held.rows, held.treaties, held.sources, {"anzus-1951": "mine/treaties/anzus-1951.toml"})
    assert "Own files took part, beside those of foedus: anzus-1951." in readme(own, "csv", (), LAST)


def test_the_citation_agrees_with_that_of_the_project(few: Record) -> None:
    ours = (Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8")
    lines = ("cff-version: 1.2.0", '  - name: "The foedus contributors"', "license: Apache-2.0")
    for line in (*lines, f"version: {foedus.__version__}"):
        assert line in ours.splitlines() and line in citation(few).splitlines()
    assert all(line.count('"') in (0, 2) for line in citation(few).splitlines())


def test_forms() -> None:
    assert [form_of(form.upper()) for form in FORMS] == list(FORMS)
    with pytest.raises(FoedusError, match="expected csv, parquet, json, xlsx"):
        form_of("sav")


def _made(form: str, text: str) -> dict[str, bytes]:
    return {"README.md": f"{MARK}{form}\n".encode(), "a.csv": text.encode()}


def test_a_folder_is_written_whole_and_an_earlier_export_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(out, _made("csv", "1"), "csv")
    (out / "mine.txt").write_text("kept")
    write_folder(out, _made("csv", "2"), "csv")
    assert (out / "a.csv").read_text() == "2" and (out / "mine.txt").read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", _made("csv", "1"), "csv")
    assert len(list((tmp_path / "empty").iterdir())) == 2


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("# Mine\n")
    with pytest.raises(OutputError, match="is not empty and holds no earlier export"):
        write_folder(out, _made("csv", "1"), "csv")
    (out / "README.md").write_text(f"{MARK}json\n")
    with pytest.raises(OutputError, match="holds an earlier export as json"):
        write_folder(out, _made("csv", "1"), "csv")
    with pytest.raises(OutputError, match="is a file"):
        write_folder(out / "README.md", _made("csv", "1"), "csv")
    with pytest.raises(OutputError, match="There is no folder"):
        write_folder(tmp_path / "no" / "out", _made("csv", "1"), "csv")
    assert [p.name for p in out.iterdir()] == ["README.md"] and [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_folder(tmp_path / "out", _made("csv", "1"), "csv")
    assert list(tmp_path.iterdir()) == []
