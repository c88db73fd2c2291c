"""Every indicator by name: its unit, its formula, where the definition is from, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. scope : treaty or system. by : the definition's source; "choice" marks a convention of our own."""

    unit: str
    formula: str
    by: str
    read: str
    scope: str = "treaty"


_HAEGE = "Cohen 1960, 1968; Haege 2011"
_KM = "Signorino and Ritter 1999"
_CHOICE = "choice of this project"
_WIDE = "1 is the same portfolio, 0 what chance would give, below 0 opposed"

INDICATORS: Mapping[str, Indicator] = {
    "n_members": Indicator("states", "parties and guarantors on 31 December", "record", "size"),
    "kappa_mean": Indicator("-1 to 1", "mean over pairs of 1 - Do / De, ties 0 to 3", _HAEGE, _WIDE),
    "kappa_min": Indicator(
        "-1 to 1", "the least alike pair of members", _HAEGE, "the weak point; the note names the pair"
    ),
    "kappa_capw": Indicator("-1 to 1", "pairs weighted by the product of CINC", _HAEGE, "do those who count agree?"),
    "s_mean": Indicator(
        "-1 to 1", "mean over pairs of S, items weighted by CINC", _KM, "nearly all pairs look alike under S"
    ),
    "kappa_mean_atop": Indicator("-1 to 1", "as kappa_mean, from ATOP", _HAEGE, "a check on the record's own ties"),
    "votes_mean": Indicator(
        "ideal points", "mean distance over pairs", "Bailey, Strezhnev and Voeten 2017", "larger: less alike"
    ),
    "votes_max": Indicator(
        "ideal points", "largest distance", "Bailey, Strezhnev and Voeten 2017", "the widest rift in votes"
    ),
    "cinc_world_share": Indicator(
        "share", "CINC of members over that of all states", "Singer and others 1972", "weight in the world"
    ),
    "cinc_top_share": Indicator(
        "share", "largest share within", "Singer and others 1972", "near 1: one member is the alliance"
    ),
    "cinc_effective_number": Indicator(
        "states", "1 / sum p^2", "Laakso and Taagepera 1979", "how many equals it amounts to"
    ),
    "cinc_concentration": Indicator(
        "0 to 1", "sqrt((HHI - 1/n) / (1 - 1/n))", "Ray and Singer 1973", "0 equal, 1 one holds all"
    ),
    "net_power_world_share": Indicator(
        "share", "GDP^2 / population, members over all", "Beckley 2018 (recalled)", "set beside CINC"
    ),
    "net_power_top_share": Indicator("share", "largest share within", "Beckley 2018 (recalled)", "set beside CINC"),
    "net_power_effective_number": Indicator("states", "1 / sum p^2", "Laakso and Taagepera 1979", "set beside CINC"),
    "net_power_concentration": Indicator("0 to 1", "as cinc_concentration", "Ray and Singer 1973", "set beside CINC"),
    "tech_range": Indicator("log", "ln(max / min) of expenditure per soldier", _CHOICE, "compare only within a year"),
    "tech_sdln": Indicator(
        "log", "standard deviation of ln(expenditure per soldier)", _CHOICE, "spread over all members"
    ),
    "tech_gap": Indicator("ratio", "min / median of expenditure per soldier", _CHOICE, "how far the weakest lags"),
    "tech_gini": Indicator("0 to 1", "Gini of expenditure per soldier", "Gini; no small-sample correction", "0 equal"),
    "burden_top_share": Indicator(
        "share", "largest share of military expenditure", "Olson and Zeckhauser 1966", "who pays"
    ),
    "burden_gdp_rho": Indicator(
        "-1 to 1",
        "Spearman of GDP and expenditure / GDP",
        "Olson and Zeckhauser 1966",
        "above 0 is consistent with free riding, no proof of it",
    ),
    "burden_gdp_rho_low": Indicator("-1 to 1", "lower end of 95 %", "Bonett and Wright 2000", "wide with few members"),
    "burden_gdp_rho_high": Indicator("-1 to 1", "upper end of 95 %", "Bonett and Wright 2000", "wide with few members"),
    "burden_concordance_p": Indicator(
        "p",
        "signed rank of burden less benefit (GDP, population)",
        "Sandler and Forbes 1980 (recalled)",
        "small: burdens differ from benefits; little power",
    ),
    "burden_n_far": Indicator(
        "states",
        "members more than 5 points from their benefit",
        "Sandler and Shimizu 2014; the 5 points are ours",
        "read beside the p value",
    ),
    "guideline_reached": Indicator(
        "share", "members with data at or above the guideline", "record", "political, not legal"
    ),
    "guideline_gap": Indicator("points of GDP", "mean of max(0, guideline - share)", "record", "0: all reach it"),
    "institutions_n": Indicator("number", "institutions of the record in being", "record", "built since signature too"),
    "text_milinst": Indicator(
        "0 to 2", "military institutions in the text", "Leeds and Anac 2005", "at signature only"
    ),
    "text_formal": Indicator(
        "0 to 2", "published, and with a formal organisation", "Leeds and Anac 2005", "at signature only"
    ),
    "text_practices": Indicator("0 to 1", "share of seven joint practices promised", _CHOICE, "at signature only"),
    "exercises_mean": Indicator(
        "0 to 1", "mean over pairs of 1 - exp(-n / 5), n in three years", _CHOICE, "practice, not promise"
    ),
    "overlap_n": Indicator("treaties", "other treaties with at least two members", "record", "how woven in it is"),
    "overlap_minilateral": Indicator("treaties", "of these, without an outsider", "record", "smaller circles inside"),
    "bound_to_rival": Indicator(
        "states", "members with a defence pledge to a rival of another", _CHOICE, "bound to both sides"
    ),
    "rivals_outside": Indicator(
        "states", "outsiders in a strategic rivalry with a member", "Thompson 2001", "pressure from outside"
    ),
    "rivals_inside": Indicator("pairs", "strategic rivalries between members", "Thompson 2001", "quarrels at home"),
    "rivals_nearest_km": Indicator(
        "km", "least distance of capitals of member and rival", "great circle", "nearness of the threat"
    ),
    "support_median": Indicator(
        "share", "median over polled members of a local-level estimate", _CHOICE, "favourable views"
    ),
    "support_width": Indicator("share", "median width of the 90 % interval", _CHOICE, "wide: little is known"),
    "support_n_states": Indicator("states", "members with a poll in the year", "record", "coverage"),
    "n_states": Indicator("states", "members of the inter-state system", "record", "size of the system", "system"),
    "n_treaties": Indicator("treaties", "in force, universal ones left out", "record", "density of promises", "system"),
    "n_defence": Indicator("treaties", "of these, with a defence pledge", "record", "density of guarantees", "system"),
    "bound_share": Indicator(
        "share", "states with a defence pledge to another", "record", "who is bound at all", "system"
    ),
    "n_defence_edges": Indicator("pairs", "pairs with a defence pledge", "record", "size of the graph", "system"),
    "modularity_parts": Indicator(
        "up to 1",
        "sum of e_c/m - (k_c/2m)^2 over connected parts",
        "Newman and Girvan 2004",
        "near 0: one part holds all",
        "system",
    ),
    "modularity_blocs": Indicator(
        "up to 1",
        "the same over the best blocs found",
        "Blondel and others 2008",
        "high: blocs with few ties between; a lower bound",
        "system",
    ),
    "largest_bloc": Indicator(
        "states", "size of the largest bloc found", "Blondel and others 2008", "with modularity_blocs", "system"
    ),
    "two_bloc": Indicator(
        "0 to 1",
        "4 p1 p2 / (p1 + p2), world CINC of the two strongest blocs",
        _CHOICE,
        "1: two equal blocs hold everything",
        "system",
    ),
    "polarisation": Indicator(
        "index", "sum p_i^2.3 p_j D_ij over blocs", "Esteban and Ray 1994", "0.203: two equal, opposed", "system"
    ),
    "major_concentration": Indicator(
        "0 to 1", "CON of CINC among great powers", "Ray and Singer 1973", "0 equal", "system"
    ),
    "major_effective_number": Indicator(
        "states", "1 / HHI among great powers", "Laakso and Taagepera 1979", "polarity", "system"
    ),
    "poles": Indicator("states", "great powers with half the largest share", _CHOICE, "polarity", "system"),
}
