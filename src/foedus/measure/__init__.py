"""Measures: what holds an alliance together and who carries it. Pure functions from numbers to numbers.

Definitions are the field's, each with its source in its docstring. It imports panels, the record and sources,
and nothing above. Start with `profile`, every indicator of a treaty by year, and `INDICATORS`, which explains them.
"""

from foedus.measure.blocs import Division, modularity
from foedus.measure.burden import BURDEN, burden
from foedus.measure.capability import concentration, effective_number, herfindahl
from foedus.measure.catalogue import INDICATORS, Indicator
from foedus.measure.cinc import composite
from foedus.measure.cohesion import DYAD_SIMILARITY, Cohesion, among_members, dyad_similarity
from foedus.measure.disparity import gini, least_to_median, log_range, log_spread
from foedus.measure.evidence import Evidence, gather
from foedus.measure.exposure import Exposure, rivalries_of
from foedus.measure.opinion import SUPPORT, local_level, support
from foedus.measure.overlap import OVERLAPS, overlaps
from foedus.measure.rank import RankCorrelation, rank_correlation
from foedus.measure.similarity import Scores, scores, weighted_s
from foedus.measure.system import SYSTEM_YEAR, system_year
from foedus.measure.system_signs import system_profile
from foedus.measure.vital_signs import PROFILE, profile

__all__ = [
    "BURDEN",
    "DYAD_SIMILARITY",
    "INDICATORS",
    "OVERLAPS",
    "PROFILE",
    "SUPPORT",
    "SYSTEM_YEAR",
    "Cohesion",
    "Division",
    "Evidence",
    "Exposure",
    "Indicator",
    "RankCorrelation",
    "Scores",
    "among_members",
    "burden",
    "composite",
    "concentration",
    "dyad_similarity",
    "effective_number",
    "gather",
    "gini",
    "herfindahl",
    "least_to_median",
    "local_level",
    "log_range",
    "log_spread",
    "modularity",
    "overlaps",
    "profile",
    "rank_correlation",
    "rivalries_of",
    "scores",
    "support",
    "system_profile",
    "system_year",
    "weighted_s",
]
