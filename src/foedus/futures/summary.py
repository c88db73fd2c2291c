"""What a run says: members of each alliance over time, who is tied to whom, likely events, differences of two runs.

Shares are shares of worlds, so they carry a simulation error of at most 0.5 / sqrt(worlds); what the worlds spread over
is chance and the uncertainty of the fitted parameters together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from foedus.futures.economy import middle
from foedus.futures.errors import StoreError
from foedus.futures.store import Store
from foedus.futures.years import SYSTEM

QUANTILES = (0.1, 0.5, 0.9)
Z90 = 1.6448536269514722


def members_fan(store: Store, treaty: str | None = None) -> pl.DataFrame:
    """Columns treaty, title, year, start, low, median, high (10, 50 and 90 per cent), in_force (share of worlds).

    Members of each treaty of the start (or of the one called `treaty`) at the end of each year; 0 once it has ended.
    """
    wanted = pl.lit(True) if treaty is None else pl.col("treaty") == store.manifest["treaties"].index(treaty)
    sizes = (
        store.scan("sizes").filter(wanted).group_by("treaty", "year", "members").agg(pl.col("worlds").sum()).collect()
    )
    total = int(store.manifest["worlds"])
    rows = []
    for (treaty, year), cell in sizes.sort("treaty", "year", "members").group_by("treaty", "year", maintain_order=True):
        counts = cell["worlds"].to_numpy().cumsum() / total
        n = cell["members"].to_numpy()
        low, median, high = (int(n[min(int(np.searchsorted(counts, q - 1e-12)), len(n) - 1)]) for q in QUANTILES)
        gone = int(cell.filter(pl.col("members") == 0)["worlds"].sum())
        rows.append((treaty, year, low, median, high, 1.0 - gone / total))
    frame = pl.DataFrame(rows, schema=["treaty", "year", "low", "median", "high", "in_force"], orient="row")
    names = _names(store)
    return frame.join(names, on="treaty", how="left").sort("treaty", "year")


def _names(store: Store) -> pl.DataFrame:
    m = store.manifest
    start = list(m["members_at_start"]) + [0] * (len(m["treaties"]) - len(m["members_at_start"]))
    return pl.DataFrame(
        {
            "treaty": pl.Series(range(len(start)), dtype=pl.Int32),
            "id": m["treaties"],
            "title": m["titles"],
            "start": start,
            "defence": m["defence"],
        }
    )


def ties(store: Store, year: int | None = None) -> pl.DataFrame:
    """Columns a, b (codes), share: of worlds in which two states share a treaty with a defence pledge at the end of
    `year` (the last by default). Raises StoreError for a year outside the run."""
    at = _year(store, year)
    codes = pl.DataFrame(
        {"i": pl.Series(range(len(store.manifest["states"])), dtype=pl.Int16), "code": store.manifest["states"]}
    )
    found = store.scan("ties").filter(pl.col("year") == at).group_by("a", "b").agg(pl.col("worlds").sum()).collect()
    named = found.join(codes.rename({"i": "a", "code": "one"}), on="a").join(
        codes.rename({"i": "b", "code": "two"}), on="b"
    )
    share = pl.col("worlds") / int(store.manifest["worlds"])
    return named.select(a="two", b="one", share=share).sort("a", "b")


def _year(store: Store, year: int | None) -> int:
    first, last = int(store.manifest["origin"]) + 1, int(store.manifest["until"])
    if year is not None and not first <= year <= last:
        raise StoreError(f"{year} is not a year of the run ({first} to {last}).")
    return last if year is None else year


def likely(store: Store, most: int = 20) -> pl.DataFrame:
    """Columns kind, treaty, state, share, median_year: single events of named treaties by the share of worlds in which
    they happen at least once, the likeliest first; of each kind at most `most`."""
    kinds = ("accession", "withdrawal", "termination", "lapse")
    named = pl.col("treaty") < len(store.manifest["treaties"])
    once = (
        store.scan("events")
        .filter(pl.col("kind").is_in(kinds), named)
        .group_by("kind", "treaty", "state", "world")
        .agg(pl.col("year").min())
        .group_by("kind", "treaty", "state")
        .agg(worlds=pl.len(), median_year=pl.col("year").median().round().cast(pl.Int16))
        .sort(["worlds", "kind", "treaty", "state"], descending=[True, False, False, False])
        .collect(engine="streaming")
    )
    top = once.group_by("kind", maintain_order=True).head(most)
    codes = [*store.manifest["states"], ""]
    state = [codes[s] for s in top["state"].to_list()]
    ids = store.manifest["treaties"]
    return top.select(
        "kind",
        treaty=pl.Series([ids[t] for t in top["treaty"].to_list()], dtype=pl.String),
        state=pl.Series(state, dtype=pl.String),
        share=pl.col("worlds") / int(store.manifest["worlds"]),
        median_year="median_year",
    ).sort("share", "kind", "treaty", "state", descending=[True, False, False, False])


DRIVERS = {  # title, factor and form of a value
    "gdp": ("GDP, times that of the start", 1.0, ".2f"),
    "milex_share": ("military expenditure, % of GDP", 1.0, ".1f"),
    "support": ("public support, %", 100.0, ".0f"),
}


def states_fan(store: Store, states: Sequence[str]) -> pl.DataFrame:
    """Columns state, what, year, low, median, high (10, 50 and 90 per cent of worlds) of GDP (as a multiple of that of
    the start), military expenditure (per cent of GDP) and public support (0 to 1), to the width of the cells that a run
    counts in: 5 per cent of the value, 2 points of support. No row where a share or a poll is not known.

    Raises StoreError for a state that is not in the run.
    """
    codes = store.manifest["states"]
    for code in states:
        if code not in codes:
            raise StoreError(
                f"{code} is not a state of the run; foedus futures sql DIR 'select * from states' lists them."
            )
    wanted = {codes.index(code): code for code in states}
    cells = (
        store.scan("drivers")
        .filter(pl.col("state").is_in(list(wanted)))
        .group_by("state", "what", "year", "cell")
        .agg(pl.col("worlds").sum())
        .sort("state", "what", "year", "cell")
        .collect()
    )
    rows = []
    for (state, what, year), cell in cells.group_by("state", "what", "year", maintain_order=True):
        share = cell["worlds"].to_numpy().cumsum() / cell["worlds"].sum()
        values = middle(str(what), cell["cell"].to_numpy())
        at = [min(int(np.searchsorted(share, q - 1e-12)), len(values) - 1) for q in QUANTILES]
        rows.append((wanted[int(str(state))], str(what), year, *(float(values[k]) for k in at)))
    columns = {"state": pl.String, "what": pl.String, "year": pl.Int16} | dict.fromkeys(
        ("low", "median", "high"), pl.Float64
    )
    return pl.DataFrame(rows, schema=columns, orient="row")


def indicator_title(name: str) -> str:
    """Words for an indicator of the system, with its unit where it is no plain count."""
    money = {"gdp_bnusd": "GDP, billion USD", "milex_bnusd": "military expenditure, billion USD"}
    return money.get(name, name.replace("_", " "))


def system(store: Store) -> pl.DataFrame:
    """Columns indicator, year, mean, low, high: of the whole system at the end of each year, 10 to 90 per cent."""
    long = store.scan("system").unpivot(index=["world", "year"], on=list(SYSTEM), variable_name="indicator")
    value = pl.col("value")
    return (
        long.filter(value.is_not_nan())  # a run without an economy has no GDP
        .group_by("indicator", "year")
        .agg(mean=value.mean(), low=value.quantile(0.1, "nearest"), high=value.quantile(0.9, "nearest"))
        .sort("indicator", "year")
        .collect()
    )


def compare(one: Store, two: Store) -> dict[str, Any]:
    """Differences, second less first, at the end of the last year of both: `treaties` (mean members and share of worlds
    in force) and `system` (means), each with a 90 % interval of the simulation error.

    Raises StoreError when the two runs do not begin with the same world.
    """
    if one.manifest["inputs"]["world"] != two.manifest["inputs"]["world"]:
        raise StoreError(f"{one.folder} and {two.folder} begin with different worlds; only runs of one world compare.")
    year = min(int(one.manifest["until"]), int(two.manifest["until"]))
    return {
        "first": _title(one),
        "second": _title(two),
        "year": year,
        "treaties": _difference(_sizes_at(one, year), _sizes_at(two, year), one, two, "treaty"),
        "system": _difference(_system_at(one, year), _system_at(two, year), one, two, "indicator"),
    }


def _title(store: Store) -> str:
    m = store.manifest
    return f"{m['scenario_title']} ({m['worlds']:,} worlds, seed {m['seed']})"


def _sizes_at(store: Store, year: int) -> dict[str, tuple[float, float]]:
    """Treaty id -> mean and variance of its members over worlds."""
    rows = store.scan("sizes").filter(pl.col("year") == year).group_by("treaty", "members").agg(pl.col("worlds").sum())
    total, found = int(store.manifest["worlds"]), {}
    for (treaty,), cell in rows.collect().sort("treaty", "members").group_by("treaty", maintain_order=True):
        n, w = cell["members"].to_numpy().astype(float), cell["worlds"].to_numpy() / total
        mean = float(n @ w)
        found[store.manifest["treaties"][int(str(treaty))]] = (mean, float((n - mean) ** 2 @ w))
    return found


def _system_at(store: Store, year: int) -> dict[str, tuple[float, float]]:
    """Indicator -> mean and variance over worlds."""
    frame = store.scan("system").filter(pl.col("year") == year).collect()
    values = frame.select(SYSTEM).to_numpy().astype(np.float64)
    known = [(k, name) for k, name in enumerate(SYSTEM) if not np.isnan(values[:, k]).any()]
    return {name: (float(values[:, k].mean()), float(values[:, k].var())) for k, name in known}


def _difference(
    first: dict[str, tuple[float, float]], second: dict[str, tuple[float, float]], one: Store, two: Store, key: str
) -> list[dict[str, Any]]:
    rows = []
    for name, (a, va) in first.items():
        if name in second:
            b, vb = second[name]
            half = Z90 * math.sqrt(va / int(one.manifest["worlds"]) + vb / int(two.manifest["worlds"]))
            rows.append(
                {key: name, "first": a, "second": b, "difference": b - a, "low": b - a - half, "high": b - a + half}
            )
    return sorted(rows, key=lambda r: (-abs(r["difference"]), r[key]))
