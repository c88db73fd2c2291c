"""hyperevents: which set of actors acts together next, given who acted together before.

`fit` estimates a relational hyperevent model from anybody's events; `events_of` reads them, `case_control` draws and
describes the controls, `fit_table` fits such a table, `describe` computes statistics of given sets. The formulas follow
Lerner and Lomi (2023), "Relational hyperevent models for polyadic interaction networks", JRSS-A. See `docs/model.md`.
"""

from foedus.model.hyperevents.case_control import CaseControl, Sampling, case_control, table_of
from foedus.model.hyperevents.classes import Split, by_period, by_size
from foedus.model.hyperevents.events import Events, events_of
from foedus.model.hyperevents.fit import fit, fit_table, with_spread
from foedus.model.hyperevents.result import Fit, Ranking
from foedus.model.hyperevents.statistics import DEFAULT, compute
from foedus.model.hyperevents.tables import describe

__all__ = [
    "DEFAULT",
    "CaseControl",
    "Events",
    "Fit",
    "Ranking",
    "Sampling",
    "Split",
    "by_period",
    "by_size",
    "case_control",
    "compute",
    "describe",
    "events_of",
    "fit",
    "fit_table",
    "table_of",
    "with_spread",
]
