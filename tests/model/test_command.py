"""`foedus model fit` on one's own events as a user meets it: refits, clusters, classes, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.test_commands import Run, run

from foedus.model import hyperevents
from foedus.model.hyperevents.tables import read_table

__all__ = ["run"]  # the fixture

FORMULA = "sqrt(activity) + sqrt(subrep(2))"


@pytest.fixture
def files(tmp_path: Path) -> None:
    """Sixty events of two or three among eight; triples of the later half repeat."""
    rng = np.random.default_rng(4)
    lines, labels, past = ["time,event,actors"], ["event,cluster"], ["A|B"]
    for t in range(60):
        known = rng.random() < 0.5
        team = past[rng.integers(len(past))] if known else "|".join(rng.choice(list("ABCDEFGH"), 2 + t % 2, False))
        past.append(team)
        lines.append(f"{t},e{t},{team}")
        labels.append(f"e{t},{t // 5}")
    (tmp_path / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "clusters.csv").write_text("\n".join(labels) + "\n", encoding="utf-8")


@pytest.mark.usefixtures("files")
def test_refits_clusters_and_classes_are_those_of_the_library(run: Run, tmp_path: Path) -> None:
    code, out, err = run(
        "model", "fit", "--events", "events.csv", "--formula", FORMULA, "--controls", "10", "--pairs", "sample",
        "--refits", "3", "--clusters", "clusters.csv", "--by-size", "2,3", "--by-period", "30", "-o", "fit.json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    made = json.loads((tmp_path / "fit.json").read_text(encoding="utf-8"))
    labels = dict(read_table(tmp_path / "clusters.csv").iter_rows())
    events = read_table(tmp_path / "events.csv")
    whole = hyperevents.fit(
        FORMULA, events, controls=10, pairs="sample", refits=3, cluster=labels, errors="cluster"
    )  # fmt: skip
    assert made["coef"] == list(whole.coef) and made["errors"] == "cluster"
    assert made["covariances"]["cluster"] == [list(r) for r in whole.covariances["cluster"]]
    assert whole.between_draws is not None and made["between_draws"] == list(whole.between_draws)
    assert "sd draws" in out and "by size" in out and "from 2 to below 3" in out
    assert "by time" in out and "below 30" in out and out.count("Are they equal? Wald") == 2


@pytest.mark.usefixtures("files")
def test_a_saved_table_keeps_the_names_of_its_events(run: Run, tmp_path: Path) -> None:
    line = ("model", "fit", "--events", "events.csv", "--formula", FORMULA, "--controls", "10", "-o", "a.json")
    assert run(*line, "--save-table", "table.parquet", "--clusters", "clusters.csv")[0] == 0
    again = ("model", "fit", "--table", "table.parquet", "--formula", FORMULA, "--clusters", "clusters.csv")
    assert run(*again, "-o", "b.json")[0] == 0
    a, b = (json.loads((tmp_path / f).read_text(encoding="utf-8")) for f in ("a.json", "b.json"))
    assert a["covariances"] == b["covariances"]


ON = "model fit --events events.csv -o x.json --controls 10 --formula"
BAD = [
    (f"{ON} activity+size", "size: the same for a case and all its controls", "Remove it"),
    (f"{ON} mean(hit) --covariates hit.csv", "mean(hit) (highest) for every case", "--ridge 1"),
    (f"{ON} max(x)+min(x)+range(x) --covariates x.csv --at-risk all.csv", "follows from the others", "--ridge 1"),
    (f"{ON} activty", '"activty" is unknown', "Near: activity"),
    (f"{ON} activity --at-risk risk.csv", "event 'e5' at 5", "--not-at-risk"),
    (f"{ON} activity --at-risk none.csv --not-at-risk drop", "no case is left", ""),
    (f"{ON} mean(x) --covariates inf.csv", "covariate x: row 2", ""),
    (f"{ON} mean(x) --covariates gap.csv", "rows lack a covariate", "--missing"),
    (f"{ON} activity --by-size two", '--by-size "two"', "as in 2,3,6"),
    (f"{ON} activity --by-size 9", "all events are of one", "Give an edge"),
    (f"{ON} activity --by-period 1900-01-01,soon", "--by-period", ""),
    (f"{ON} activity --pairs some", '--pairs "some"', "all, sample"),
    (f"{ON} activity --clusters few.csv", "no label for event", "give one for each event"),
    (f"{ON} activity --clusters events.csv", "no column cluster", ""),
    ("model fit --table t.csv --formula u --refits 2 -o x.json", "--refits", "--events"),
    ("model fit --events twice.csv --formula activity -o x.json", "are the same set at the same time", "weight 2"),
    ("model fit --table t.csv --formula u -o x.json", "no stratum has a control", "Raise the number of controls"),
    ("model fit --table inf-table.csv --formula u -o x.json", "is not finite", "correct or remove it"),
]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("line", "says", "remedy"), BAD, ids=[line for line, _, _ in BAD])
def test_what_cannot_be_is_named_with_its_remedy(run: Run, tmp_path: Path, line: str, says: str, remedy: str) -> None:
    rows = (tmp_path / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
    every = "ABCDEFGH"
    text = {
        "hit": "covariate,actor,value,time\n"
        + "".join(f"hit,{a},{int(a in r.split(',')[2])},{int(r.split(',')[0]) - 0.5}\n" for r in rows for a in every),
        "x": "covariate,actor,value\n" + "".join(f"x,{a},{i}\n" for i, a in enumerate(every)),
        "all": "actor,entry,exit\n" + "".join(f"{a},,\n" for a in every),
        "risk": "actor,entry,exit\n" + "".join(f"{a},0,{5 if a in rows[5].split(',')[2] else ''}\n" for a in every),
        "none": "actor,entry,exit\nZ,0,\nY,0,\n",
        "inf": "covariate,actor,value\nx,A,1\nx,B,inf\n",
        "gap": "covariate,actor,value\nx,A,1\n",
        "few": "event,cluster\ne1,a\n",
        "twice": "time,event,actors\n1,a,A|B\n1,b,B|A\n2,c,A|C\n",
        "t": "stratum,is_case,u\n1,1,2\n2,1,3\n",
        "inf-table": "stratum,is_case,u\n1,1,2\n1,0,inf\n2,1,2\n2,0,1\n",
    }
    for name, content in text.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*line.split())
    assert (code, out) == (2, "") and says in err and remedy in err and "Traceback" not in err, err
    assert sorted(tmp_path.rglob("*")) == before


def test_columns_that_are_none_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text('also = ["gdp"]\n', encoding="utf-8")
    code, _, err = run("model", "fit", "termination", "--spec", "spec.toml", "-o", "x.json")
    assert code == 2 and '"gdp"' in err and "cinc_share" in err and not (tmp_path / "x.json").exists()
