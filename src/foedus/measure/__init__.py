"""Measures: what holds an alliance together and who carries it. Pure functions from numbers to numbers.

Definitions are the field's, each with its source in its docstring. It imports panels and the record, and nothing above.
"""

from foedus.measure.burden import BURDEN, burden
from foedus.measure.capability import concentration, effective_number, herfindahl
from foedus.measure.disparity import gini, log_range
from foedus.measure.overlap import OVERLAPS, overlaps
from foedus.measure.system import SYSTEM_YEAR, system_year

__all__ = [
    "BURDEN",
    "OVERLAPS",
    "SYSTEM_YEAR",
    "burden",
    "concentration",
    "effective_number",
    "gini",
    "herfindahl",
    "log_range",
    "overlaps",
    "system_year",
]
