"""Write the files of the small world beside this script: python tests/sources/world/make.py

Eight members of the state system and the twenty years 1981-2000. States and their days of entry and leaving are real
(COW state list, v2016); EVERY OTHER VALUE IS INVENTED for tests and follows the formulas below, so that it can be
checked by hand. The German states stand in it because 1990 has all the traps: two leave, one enters, within a year.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent
YEARS = range(1981, 2001)
ORDER = (2, 200, 220, 260, 255, 265, 290, 365)  # a made-up line of neighbours
NAMES = ("United States of America", "United Kingdom", "France", "German Federal Republic", "Germany",
         "German Democratic Republic", "Poland", "Russia")  # fmt: skip
ABBS = ("USA", "UKG", "FRN", "GFR", "GMY", "GDR", "POL", "RUS")
SPELLS = (
    (2, (1816, 1, 1), (2016, 12, 31)),
    (200, (1816, 1, 1), (2016, 12, 31)),
    (220, (1816, 1, 1), (1942, 11, 11)),
    (220, (1944, 8, 25), (2016, 12, 31)),
    (255, (1816, 1, 1), (1945, 5, 8)),
    (255, (1990, 10, 3), (2016, 12, 31)),
    (260, (1955, 5, 5), (1990, 10, 2)),
    (265, (1954, 3, 25), (1990, 10, 2)),
    (290, (1918, 11, 3), (1939, 9, 27)),
    (290, (1945, 6, 28), (2016, 12, 31)),
    (365, (1816, 1, 1), (2016, 12, 31)),
)
WEST, EAST = (2, 200, 220, 260, 255), (265, 290, 365)


def members(year: int) -> list[int]:
    """States in the system on any day of `year`, by number."""
    return sorted({c for c, since, until in SPELLS if since[0] <= year <= until[0]})


def on_new_year(year: int) -> list[int]:
    """States in the system on 1 January of `year`."""
    return sorted({c for c, since, until in SPELLS if since <= (year, 1, 1) <= until})


def pairs(year: int) -> Iterator[tuple[int, int]]:
    """Dyads of `members(year)`, the lower number first."""
    here = members(year)
    return ((a, b) for a in here for b in here if a < b)


def cow_states() -> pl.DataFrame:
    """Spells of membership."""
    keys = ("st", "end")
    rows = []
    for ccode, *days in SPELLS:
        i = ORDER.index(ccode)
        row: dict[str, object] = {"stateabb": ABBS[i], "ccode": ccode, "statenme": NAMES[i]}
        for key, day in zip(keys, days, strict=True):
            row |= {f"{key}year": day[0], f"{key}month": day[1], f"{key}day": day[2]}
        rows.append(row | {"version": 2016})
    return pl.DataFrame(rows)


def cow_majors() -> pl.DataFrame:
    """Invented: four major powers, one from German unity on."""
    rows = [(2, 1981, 1, 1), (200, 1981, 1, 1), (255, 1990, 10, 3), (365, 1981, 1, 1)]
    return pl.DataFrame(
        [
            {
                "ccode": c,
                "styear": y,
                "stmonth": m,
                "stday": d,
                "endyear": 2000,
                "endmonth": 12,
                "endday": 31,
                "version": 2016,
            }
            for c, y, m, d in rows
        ]
    )


def capitals() -> pl.DataFrame:
    """Invented: capitals on the equator, ten degrees of longitude apart along the line of neighbours."""
    return pl.DataFrame(
        [
            {
                "ccode": c,
                "statenme": NAMES[i],
                "capital": f"Test {ABBS[i]}",
                "stdate": "1816-01-01",
                "enddate": "2024-12-31",
                "lat": 0.0,
                "lng": 10.0 * i,
            }
            for i, c in enumerate(ORDER)
        ]
    )


def nmc() -> pl.DataFrame:
    """milex = 1000 * number + year; missing (-9) for 265. cinc = place in the line / 100."""
    return pl.DataFrame(
        [
            {
                "ccode": c,
                "year": y,
                "milex": -9 if c == 265 else 1000 * c + y,
                "milper": c,
                "irst": 10 * c,
                "pec": 100 * c,
                "tpop": 1000.0 * c,
                "upop": 500.0 * c,
                "cinc": (ORDER.index(c) + 1) / 100,
            }
            for y in YEARS
            for c in members(y)
        ]
    )


def mindist() -> pl.DataFrame:
    """Neighbours touch; each state between two adds 100 km.

    On 1 January, so nothing for a state in its year of entry.
    """
    return pl.DataFrame(
        [
            {"ccode1": a, "ccode2": b, "year": y, "mindist": 100.0 * (abs(ORDER.index(a) - ORDER.index(b)) - 1)}
            for y in YEARS
            for a in on_new_year(y)
            for b in on_new_year(y)
            if a < b
        ]
    )


def contiguity() -> pl.DataFrame:
    """Land borders (1) of the four Europeans, a strait (4), and a spell without contact (0)."""
    unity, before, end = "1990-10-03", "1990-10-02", "2000-12-31"
    spells = [
        (200, 220, 4, "1981-01-01", end),
        (2, 365, 5, "1981-01-01", "1995-12-31"),
        (2, 365, 0, "1996-01-01", end),
        (220, 260, 1, "1981-01-01", before),
        (260, 265, 1, "1981-01-01", before),
        (265, 290, 1, "1981-01-01", before),
        (220, 255, 1, unity, end),
        (255, 290, 1, unity, end),
        (290, 365, 1, "1981-01-01", end),
    ]
    both = spells + [(b, a, t, since, until) for a, b, t, since, until in spells]
    frame = pl.DataFrame(both, schema=["ccode1", "ccode2", "conttype", "stdate", "enddate"], orient="row")
    return frame.with_columns(pl.col("stdate", "enddate").str.to_date()).sort("ccode1", "ccode2", "stdate")


def atop_dyads() -> pl.DataFrame:
    """West: defence, every year.

    East: defence and consultation to 1990. 365 owes defence to 290 in 1992, not the reverse.
    """
    rows = []
    for y in YEARS:
        here = members(y)
        for a in here:
            for b in here:
                west = a in WEST and b in WEST
                east = a in EAST and b in EAST and y <= 1990
                alone = (a, b) in ((365, 290), (290, 365)) and y == 1992
                if a != b and (west or east or alone):
                    defence = int(west or east or (a, b) == (365, 290))
                    consul = int(east or alone)
                    rows.append((a, b, y, defence, 0, 0, 0, consul))
    pledges = [f"atop_{p}" for p in ("defense", "offense", "neutral", "nonagg", "consul")]
    return pl.DataFrame(rows, schema=["ccode1", "ccode2", "year", *pledges], orient="row")


def cow_alliances() -> pl.DataFrame:
    """Defence in the West, to 1995, where the data end."""
    rows = [
        (a, b, y, 1, 0, 0, 1)
        for y in range(1981, 1996)
        for a in members(y)
        for b in members(y)
        if a != b and a in WEST and b in WEST
    ]
    kinds = [f"cow_{k}" for k in ("defense", "neutral", "nonagg", "entente")]
    return pl.DataFrame(rows, schema=["ccode1", "ccode2", "year", *kinds], orient="row")


# dispute, first side, second side, first year, last year, hostility, fatality
GML = (
    (1, 2, 365, 1983, 1984, 3, 0),
    (2, 260, 265, 1985, 1985, 4, -9),
    (3, 255, 290, 1995, 1995, 5, 6),
    (4, 2, 365, 1984, 1984, 2, 0),
)
COW_MIDS = ((1, 2, 365, 1983, 1984, 3, 0), (5, 200, 220, 1999, 1999, 4, -9))


def gml_dyads() -> pl.DataFrame:
    """Four disputes; two of them between the same states in 1984."""
    rows = []
    for number, one, two, first, last, hostility, fatality in GML:
        for y in range(first, last + 1):
            for a, b, side_a, side_b in ((one, two, 1, 0), (two, one, 0, 1)):
                rows.append(
                    {
                        "dispnum": number, "ccode1": a, "ccode2": b, "year": y,
                        "midongoing": 1, "midonset": int(y == first),
                        "sidea1": side_a, "sidea2": side_b, "revstate1": side_a, "revstate2": side_b,
                        "revtype11": 2, "revtype12": -9, "revtype21": 0, "revtype22": -9,
                        "fatality1": fatality, "fatality2": fatality, "fatalpre1": -9, "fatalpre2": -9,
                        "hiact1": 1, "hiact2": 1, "hostlev1": hostility, "hostlev2": hostility, "orig1": 1, "orig2": 1,
                        "hiact": 1, "hostlev": hostility, "mindur": 30, "maxdur": 30, "outcome": 6, "settle": 3,
                        "fatality": fatality, "fatalpre": -9, "stmon": 3, "endmon": 4, "recip": 1, "numa": 1, "numb": 1,
                        "ongo2010": 0, "version": "test",
                    }
                )  # fmt: skip
    return pl.DataFrame(rows)


def cow_mid_dyads() -> pl.DataFrame:
    """The first of them, and one that the other list lacks."""
    rows = []
    for number, one, two, first, last, hostility, fatality in COW_MIDS:
        for y in range(first, last + 1):
            for a, b, side_a, side_b in ((one, two, 1, 0), (two, one, 0, 1)):
                rows.append(
                    {
                        "dispnum": number, "ccode1": a, "ccode2": b, "year": y,
                        "dispongoing": 1, "disponset": int(y == first),
                        "sidea1": side_a, "sidea2": side_b, "fatality1": fatality, "fatality2": fatality,
                        "fatalpre1": -9, "fatalpre2": -9, "hiact1": 1, "hiact2": 1,
                        "hostlev1": hostility, "hostlev2": hostility, "orig1": 1, "orig2": 1,
                    }
                )  # fmt: skip
    return pl.DataFrame(rows)


def democracy() -> pl.DataFrame:
    """West: polity2 10, polyarchy 0.9. East: -7 and 0.1 to 1990, then 5 and 0.5. polity2 missing for 255 in 1990."""
    rows = []
    for y in YEARS:
        for c in members(y):
            free = c in WEST
            polity = 10 if free else (-7 if y <= 1990 else 5)
            polyarchy = 0.9 if free else (0.1 if y <= 1990 else 0.5)
            rows.append((c, y, polyarchy, polyarchy, None if (c, y) == (255, 1990) else polity, polyarchy))
    return pl.DataFrame(rows, schema=["ccode", "year", "euds", "aeuds", "polity2", "v2x_polyarchy"], orient="row")


def gdp_pop() -> pl.DataFrame:
    """GDP per head = 1000 + number; population = number / 10."""
    rows = [(c, y, 1000.0 + c, 1.0, 100.0 * c, 1.0, c / 10, 0.1) for y in YEARS for c in members(y)]
    names = ["mrgdppc", "sd_mrgdppc", "pwtrgdp", "sd_pwtrgdp", "pwtpop", "sd_pwtpop"]
    return pl.DataFrame(rows, schema=["ccode", "year", *names], orient="row")


def trade_dyads() -> pl.DataFrame:
    """flow1 = ccode1 + years since 1981, flow2 = ccode2 + years since 1981; missing (-9) between 2 and 265."""
    rows = []
    for y in YEARS:
        for a, b in pairs(y):
            flows = (-9.0, -9.0) if (a, b) == (2, 265) else (float(a + y - 1981), float(b + y - 1981))
            rows.append((a, b, y, *flows, *flows))
    names = ["flow1", "flow2", "smoothflow1", "smoothflow2"]
    return pl.DataFrame(rows, schema=["ccode1", "ccode2", "year", *names], orient="row")


def igo_dyads() -> pl.DataFrame:
    """Joint memberships = 10 + years since 1981."""
    rows = [(a, b, y, 10 + y - 1981) for y in YEARS for a, b in pairs(y)]
    return pl.DataFrame(rows, schema=["ccode1", "ccode2", "year", "dyadigos"], orient="row")


def rivalries_tss() -> pl.DataFrame:
    """Two rivalries: one over the whole time, one of a state that ceases to be."""
    rows = [
        (1, "Test rivalry of 2 and 365", 2, 365, 1981, 2000, 1, None, None, None, None, None),
        (2, "Test rivalry of 260 and 265", 260, 265, 1981, 1990, None, 1, None, None, None, None),
    ]
    kinds = ["positional", "spatial", "ideological", "interventionary", "principal", "aprin"]
    return pl.DataFrame(rows, schema=["tssr_id", "rivalry", "ccode1", "ccode2", "start", "end", *kinds], orient="row")


LEEDS = (
    "war atopid ccode1 honor3 milinst formal chcap2d dinstch2 origtar1 honor2 chalcapd chcp2d20"
    " regch2 wartime active bilat"
)


def leeds_anac() -> bytes:
    """Six rows in Stata's format 114: honoured by 2, 200 and 220, broken by 260; milinst missing for 290 and 365."""
    names = LEEDS.split()
    rows = [[1, 9001, c, int(c <= 220), 101 if c >= 290 else 1] + [0] * 11 for c in (2, 200, 220, 260, 290, 365)]
    out = io.BytesIO()
    out.write(struct.pack("<bbbbhi", 114, 2, 1, 0, len(names), len(rows)))
    out.write(b"Invented values for tests".ljust(81, b"\0") + b"".ljust(18, b"\0"))
    out.write(bytes([253] * 4 + [251] * 12))
    out.write(b"".join(n.encode().ljust(33, b"\0") for n in names))
    out.write(b"\0" * 2 * (len(names) + 1) + b"%9.0g".ljust(49, b"\0") * len(names))
    out.write(b"\0" * 33 * len(names) + b"\0" * 81 * len(names) + b"\0" * 5)
    for row in rows:
        out.write(struct.pack("<4i12b", *row))
    return out.getvalue()


CSV = (cow_states, cow_majors, capitals, mindist, cow_alliances, gml_dyads, democracy, trade_dyads, rivalries_tss)
PARQUET = (nmc, contiguity, atop_dyads, cow_mid_dyads, gdp_pop, igo_dyads)


MISSING = {
    "gml_dyads": ("revtype12", "revtype22", "fatality", "fatality1", "fatality2", "fatalpre", "fatalpre1", "fatalpre2"),
    "cow_mid_dyads": ("fatality1", "fatality2", "fatalpre1", "fatalpre2"),
}


def main() -> None:
    """Write all files and versions.toml."""
    lines = ["# The test world: what each file holds. Written by make.py."]
    for made in (*CSV, *PARQUET):
        frame, name = made(), made.__name__
        suffix = "csv" if made in CSV else "parquet"
        if suffix == "csv":
            frame.write_csv(HERE / f"{name}.csv", null_value="NA")
        else:
            frame.write_parquet(HERE / f"{name}.parquet", compression="zstd")
        lines += ["", f"[[{name}]]", 'version = "test world"', f'file = "{name}.{suffix}"', f"rows = {frame.height}"]
        lines += [f"max_null = {{ {', '.join(f'{c} = 1.0' for c in MISSING[name])} }}"] if name in MISSING else []
    (HERE / "leeds_anac.dta").write_bytes(leeds_anac())
    lines += [
        "",
        "[[leeds_anac]]",
        'version = "test world"',
        'file = "leeds_anac.dta"',
        "rows = 6",
        "max_null = { milinst = 0.4 }",
    ]
    (HERE / "versions.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
