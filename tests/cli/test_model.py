"""`foedus model`: statistics of given sets, a fit and its summary, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.cli.test_commands import Run, run

__all__ = ["run"]  # the fixture

EVENTS = "time,event,actors\n1,a,A|B\n3,b,A|B|C\n4,c,D|E\n9,d,B|C\n12,e,A|D\n15,f,A|B|E\n16,g,C|E\n18,h,B|D|C\n"
ROWS = "stratum,time,is_case,actors\ns2,4,1,C|B|A\ns2,4,0,D|F\ns1,3,0,A|B\n"


@pytest.fixture
def files(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")


STATISTICS = ("model", "statistics", "--events", "events.csv", "--rows", "rows.csv", "-o")
COLUMNS = ["stratum", "is_case", "size", "act_mean", "sub2_mean", "sub3_mean", "closure_min"]


@pytest.mark.usefixtures("files")
def test_statistics_keep_the_order_of_the_rows(run: Run, tmp_path: Path) -> None:
    code, out, err = run(*STATISTICS, "out.parquet", "--half-life", "10")
    assert (code, err) == (0, "") and "3 rows" in out
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.columns == [*COLUMNS, *(f"{n}_d" for n in COLUMNS[3:])]
    assert found["stratum"].to_list() == ["s2", "s2", "s1"] and found["is_case"].to_list() == [1, 0, 0]
    assert found["size"].to_list() == [3, 2, 2]
    # Before 4: AB at 1, ABC at 3. Activity of C, B, A: 1, 2, 2; pairs: AB 2, AC 1, BC 1; closure 1, 1, 1.
    assert found.row(0)[3:7] == pytest.approx((5 / 3, 4 / 3, 1.0, 1.0))
    assert found["act_mean_d"][0] == pytest.approx((3 * 2**-0.1 + 2 * 2**-0.3) / 3, rel=1e-12)
    assert found.row(1)[3:7] == (0, 0, 0, 0) and found.row(2)[3:7] == (1, 1, 0, 0)


@pytest.mark.usefixtures("files")
def test_statistics_as_csv_and_others(run: Run, tmp_path: Path) -> None:
    assert run(*STATISTICS, "out.csv", "--statistics", "act_max,exact")[0] == 0
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["stratum,is_case,size,act_max,exact", "s2,1,3,2.0,1.0"]


@pytest.mark.usefixtures("files")
def test_dates_are_days(run: Run, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("time,event,actors\n1900-01-01,a,A|B\n", encoding="utf-8")
    rows = "stratum,time,is_case,actors\n1,1900-01-01,1,A|B\n2,1920-01-01,1,A|B\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    assert run(*STATISTICS, "out.parquet", "--half-life", "20y", "--statistics", "exact")[0] == 0
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found["stratum"].to_list() == [1, 2] and found["exact_d"][0] == 0
    assert found["exact_d"][1] == pytest.approx(2 ** (-7304 / 7305))


FIT = ("model", "fit", "--events", "events.csv", "--formula")


@pytest.mark.usefixtures("files")
def test_a_fit_is_written_and_shown(run: Run, tmp_path: Path) -> None:
    cov = "covariate,actor,other,value\n" + "".join(
        f"far,{a},{b},{ord(b) - ord(a)}\n" for a in "ABCDE" for b in "ABCDE" if a < b
    )
    (tmp_path / "cov.csv").write_text(cov + "x,A,,1\nx,B,,2\nx,C,,2\nx,D,,4\nx,E,,5\n", encoding="utf-8")
    (tmp_path / "risk.csv").write_text("actor,entry,exit\nA,0,\nB,0,\nC,0,\nD,0,30\nE,0,\nZ,2,3\n", encoding="utf-8")
    code, out, err = run(
        *FIT, "sqrt(activity) + mean(far)", "--covariates", "cov.csv", "--at-risk", "risk.csv", "--half-life", "10",
        "--controls", "5", "--errors", "cluster", "--save-table", "table.csv", "-o", "fit.json",
    )  # fmt: skip
    assert (code, err) == (0, "") and "sqrt(activity)" in out and "se cluster" in out
    code, shown, _ = run("model", "show", "fit.json")
    assert code == 0 and shown == out
    data = json.loads(run("model", "show", "fit.json", "--json")[1])
    assert data["terms"] == ["sqrt(activity)", "mean(far)"] and data["seed"] == 1
    line = ("model", "fit", "--table", "table.csv", "--half-life", "10", "-o", "again.json")
    code, out, _ = run(*line, "--formula", "sqrt(activity) + far_mean")
    again = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert code == 0 and again["coef"] == pytest.approx(data["coef"], rel=1e-9)


BAD = [
    ("model statistics --events none.csv --rows rows.csv -o x.csv", "none.csv: cannot be read"),
    ("model statistics --events rows.csv --rows rows.csv -o x.csv", "events: no column event"),
    ("model statistics --events events.csv --rows rows.csv -o missing/x.csv", "There is no folder missing"),
    ("model statistics --events events.csv --rows rows.csv -o x.csv --half-life soon", 'half-life "soon"'),
    ("model statistics --events events.csv --rows rows.csv -o x.csv --statistics love", '"love" is not a statistic'),
    ("model statistics --events events.csv --rows rows.csv -o x.csv --statistics act_mean_d", "needs a half-life"),
    ("model statistics --events events.csv --rows odd.csv -o x.csv", "row 1 has '2'; expected 1"),
    ("model statistics --events events.csv --rows dates.csv -o x.csv", "dates in one table and numbers in the other"),
    ("model fit --events events.csv --formula love -o x.json", '"love" is unknown'),
    ("model fit --formula activity -o x.json", "Give either --events"),
    ("model fit --events events.csv --formula activity -o x.json --errors none", "expected robust, model, cluster"),
    ("model show none.json", "cannot be read"),
    ("model show rows.csv", "not a fitted model"),
]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("line", "says"), BAD, ids=[line for line, _ in BAD])
def test_wrong_input(run: Run, tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "odd.csv").write_text("stratum,time,is_case,actors\n1,4,2,A|B\n", encoding="utf-8")
    (tmp_path / "dates.csv").write_text("stratum,time,is_case,actors\n1,1900-01-01,1,A|B\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*line.split())
    assert (code, out) == (2, "") and says in err and "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


def test_help_loads_no_compiler() -> None:
    code = (
        "import sys\nfrom foedus.cli import main\n"
        "for args in (['--help'], ['model', '--help'], ['model', 'fit', '--help']):\n"
        "    try:\n        main(args)\n    except SystemExit:\n        pass\n"
        "print('numba' in sys.modules, 'polars' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.split()[0] == "False"


def test_models_by_name_are_listed_shown_and_refused(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("model", "list")
    assert code == 0 and "termination" in out and "record*, atop*" in out
    code, out, _ = run("model", "show", "withdrawal")
    assert code == 0 and "log_exits_3y" in out and "withdrawals in the last three years" in out
    code, out, _ = run("model", "show", "withdrawal", "--data", "atop", "--json")
    assert code == 0 and json.loads(out)["data"] == "atop"
    code, _, err = run("model", "show", "nowhere.json")
    assert code == 2 and "nowhere.json" in err and "founding" in err


def test_a_model_is_fitted_by_name_with_a_spec(run: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text("since = 1900\nprior_sd = 1.0\n", encoding="utf-8")
    code, out, err = run("model", "fit", "founding-sizes", "--spec", "spec.toml", "-o", "fit.json")
    assert (code, err) == (0, "") and "multi.one" in out
    made = json.loads((tmp_path / "fit.json").read_text(encoding="utf-8"))
    assert made["spec"]["since"] == 1900 and made["newest"].endswith("-12-31")
    code, out, _ = run("model", "show", "fit.json")
    assert code == 0 and "founding-sizes" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fit", "terminatio", "-o", "f.json"), "termination"),
        (("fit", "termination", "--until", "1700", "-o", "f.json"), "1817"),
        (("fit", "termination", "--data", "cow", "-o", "f.json"), "record or atop"),
        (("fit", "termination", "--formula", "activity", "-o", "f.json"), "--formula"),
        (("fit", "-o", "f.json"), "foedus model list"),
        (("fit", "--until", "1990", "-o", "f.json"), "name of a model"),
        (("fit", "--all", "-o", "no-such-folder"), "no-such-folder"),
        (("fit", "founding-sizes", "--spec", "no.toml", "-o", "f.json"), "no.toml"),
        (("fit", "founding-sizes", "--spec", "bad.toml", "-o", "f.json"), "since"),
        (("check", "founding-counts", "--until", "2024"), "left to judge"),
        (("show", "events.csv"), "not a fitted model"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_is_asked_wrongly_is_named(run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "bad.toml").write_text("sinse = 1900\n", encoding="utf-8")
    code, out, err = run("model", *arguments)
    assert (code, out) == (2, "") and says in err and "Traceback" not in err
    assert not (tmp_path / "f.json").exists()


def test_a_check_compares_with_what_happened(run: Run) -> None:
    code, out, _ = run("model", "check", "founding-counts", "--until", "1990")
    assert code == 0 and "1991-2025" in out and "2000" in out and "80 % interval" in out
