"""`foedus record export, new, diff, schema` from the command line: what they say, write and refuse."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from foedus.cli.main import main
from foedus.record import from_json
from foedus.record.json_schema import json_schema
from foedus.record.load import EMBEDDED

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "120")

    def call(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["record", *args])
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


def test_export_json_and_again(run: Run) -> None:
    code, out, _ = run("export", "--format", "json", "-o", "out")
    assert code == 0 and out.startswith("Wrote 3 files to ")
    assert "nato-1949" in from_json(Path("out/record.json").read_text(encoding="utf-8")).treaties
    assert run("export", "--format", "JSON", "-o", "out")[0] == 0
    code, _, err = run("export", "-o", "out")
    assert code == 2 and "holds an earlier export as json" in err


def test_export_ends_on_the_day(run: Run) -> None:
    assert run("export", "--format", "parquet", "-o", "out", "--on", "1900-06-30")[0] == 0
    import polars as pl

    assert pl.read_parquet("out/dyad_year.parquet")["year"].max() == 1900
    assert "end on 1900-06-30" in Path("out/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("export", "-o", "no/out"), "There is no folder"),
        (("export", "-o", "out", "--format", "sav"), "expected csv, parquet, json, xlsx"),
        (("export", "-o", "out", "--on", "soon"), "is not a day"),
        (("export",), "--out"),
        (("export", "-o", "out", "--record", "no"), "is not a folder"),
        (("new", "nato"), "as in nato-1949"),
        (("new", "x-2030", "-o", "y-2030.toml"), "must be called x-2030.toml"),
        (("diff", "no"), "is not a folder"),
        (("schema", "-o", "no/schema.json"), "There is no folder"),
    ],
)
def test_wrong_input_is_one_message_and_no_file(run: Run, args: tuple[str, ...], says: str) -> None:
    code, _, err = run(*args)
    assert code == 2 and says in err and "Traceback" not in err
    assert list(Path().iterdir()) == []


def test_new_writes_once(run: Run) -> None:
    code, out, _ = run("new", "x-2030", "-o", "mine/treaties/x-2030.toml")
    assert code == 0 and "a treaty to fill in" in out
    before = Path("mine/treaties/x-2030.toml").read_text(encoding="utf-8")
    code, _, err = run("new", "x-2030", "-o", "mine/treaties/x-2030.toml")
    assert code == 2 and "is not overwritten" in err
    assert Path("mine/treaties/x-2030.toml").read_text(encoding="utf-8") == before
    assert run("new", "x-2030")[0] == 0 and Path("x-2030.toml").exists()


def test_new_for_a_treaty_of_the_record_and_diff(run: Run) -> None:
    assert "to correct" in run("new", "nato-1949", "-o", "mine/treaties/nato-1949.toml")[1]
    path = Path("mine/treaties/nato-1949.toml")
    path.write_text(
        path.read_text(encoding="utf-8").replace("since = 2024-03-07", "since = 2024-03-08"), encoding="utf-8"
    )
    code, out, _ = run("diff", "mine")
    assert code == 0 and "nato-1949: member SWE: since 2024-03-07 -> 2024-03-08\n" in out
    told = json.loads(run("diff", "mine", "--json")[1])
    assert told[0]["field"] == "since" and told[0]["after"] == "2024-03-08" and told[0]["says"] in out


def test_schema_is_printed_or_written(run: Run) -> None:
    assert run("schema")[1] == json_schema()
    assert run("schema", "-o", "s.json")[0] == 0
    assert Path("s.json").read_text(encoding="utf-8") == json_schema()
    assert (EMBEDDED.parent / "treaty.schema.json").read_text(encoding="utf-8") == json_schema()
