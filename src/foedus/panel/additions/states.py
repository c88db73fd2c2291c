"""Additions that are a table by state and year: capabilities, great powers, regimes, wealth, preferences, threat."""

from __future__ import annotations

import polars as pl

from foedus.panel.catalogue import Context, Means, StateTable

_FLAG = "0 or 1"


def _nmc(context: Context) -> pl.DataFrame:
    return context.read("nmc", ["ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc"])


def _majors(context: Context) -> pl.DataFrame:
    spells = context.read("cow_majors", ["ccode", "styear", "endyear"])
    years = spells.select("ccode", year=pl.int_ranges("styear", pl.col("endyear") + 1)).explode("year")
    return years.unique().with_columns(cowmaj=pl.lit(1, dtype=pl.Int8))


def _democracy(context: Context) -> pl.DataFrame:
    return context.read("democracy", ["ccode", "year", "v2x_polyarchy", "polity2", "euds"])


def _gdp_pop(context: Context) -> pl.DataFrame:
    return context.read("gdp_pop", ["ccode", "year", "mrgdppc", "pwtrgdp", "pwtpop"])


def _ideal_points(context: Context) -> pl.DataFrame:
    return context.read("ideal_points", ["ccode", "year", "idealpointfp", "nvotesfp"])


def _threat(context: Context) -> pl.DataFrame:
    return context.read("territorial_threat", ["ccode", "year", "lterrthreat"])


def _us_troops(context: Context) -> pl.DataFrame:
    known = context.read("us_troops", ["ccode", "year", "troops_ad"]).drop_nulls("ccode")
    return known.group_by("ccode", "year").agg(pl.col("troops_ad").sum())


TABLES = (
    StateTable(
        "nmc",
        "nmc",
        (1816, 2022),
        {
            "milex": Means(
                "thousand current pounds to 1913, thousand current US dollars from 1914", "Military expenditure"
            ),
            "milper": Means("thousand persons", "Military personnel"),
            "irst": Means("thousand tons", "Iron and steel production"),
            "pec": Means("thousand coal-ton equivalents", "Primary energy consumption"),
            "tpop": Means("thousand persons", "Total population"),
            "upop": Means("thousand persons", "Population of cities above 100,000"),
            "cinc": Means("share of the system, 0 to 1", "Composite Index of National Capability, as in the file"),
        },
        _nmc,
    ),
    StateTable(
        "majors",
        "cow_majors",
        (1816, 2016),
        {"cowmaj": Means(_FLAG, "Whether the state was a major power on any day of the year", "derived")},
        _majors,
        absent={"cowmaj": 0},
    ),
    StateTable(
        "democracy",
        "democracy",
        (1816, 2025),
        {
            "v2x_polyarchy": Means("0 to 1", "Electoral democracy index of V-Dem"),
            "polity2": Means("-10 to 10", "Polity score"),
            "euds": Means("latent score", "Extended unified democracy score, re-estimated by the packager"),
        },
        _democracy,
    ),
    StateTable(
        "gdp_pop",
        "gdp_pop",
        (1816, 2019),
        {
            "mrgdppc": Means("2011 international dollars", "GDP per person, model-based, Maddison-anchored"),
            "pwtrgdp": Means("million 2017 international dollars", "GDP, model-based, PWT-anchored"),
            "pwtpop": Means("million persons", "Population, model-based, PWT-anchored"),
        },
        _gdp_pop,
    ),
    StateTable(
        "ideal_points",
        "ideal_points",
        (1946, 2024),
        {
            "idealpointfp": Means("latent score", "Ideal point in the UN General Assembly, final-passage votes"),
            "nvotesfp": Means("votes", "Votes on which the ideal point rests; below 20 it is worth little"),
        },
        _ideal_points,
    ),
    StateTable(
        "territorial_threat",
        "territorial_threat",
        (1816, 2010),
        {"lterrthreat": Means("latent score", "External territorial threat")},
        _threat,
    ),
    StateTable(
        "us_troops",
        "us_troops",
        (1950, 2024),
        {"troops_ad": Means("persons", "US military personnel on active duty in the state; 0 can mean not reported")},
        _us_troops,
    ),
)
