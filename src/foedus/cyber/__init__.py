"""Cyber: which attackers allies have in common, and what sharing what they know is worth. Defence and timing only.

It reads the record, the user's incident data (`sources`) and `casus`; nothing in it fetches, sends or blocks. Start
with
`alliance` and `shared_matrix` (who is said to have attacked whom), then `compare` (policies of sharing side by side).
Weak points come first in docs/cyber.md: the matrix is reporting, and most parameters are assumed.
"""

from foedus.cyber import closed_forms, incentives, worm
from foedus.cyber.actors import Actor, actors
from foedus.cyber.alliance import Alliance, alliance, of_states
from foedus.cyber.compare import Compared, break_even_precision, compare, played
from foedus.cyber.errors import CyberError, ImportRefused, MissingExtra, NoSharedThreats, PolicyError, UnknownName
from foedus.cyber.exposure import exposures, top_actors, top_techniques
from foedus.cyber.gains import gains, joining, shapley_values
from foedus.cyber.galaxy import load_misp_galaxy
from foedus.cyber.importing import load_own
from foedus.cyber.incidents import agreement, load_cfr, load_dcid, load_eurepoc
from foedus.cyber.invocation import call
from foedus.cyber.items import latency_report
from foedus.cyber.misp_event import load_misp_event
from foedus.cyber.names import victims_table
from foedus.cyber.null import null_zscores
from foedus.cyber.parameters import RANGES, Parameters
from foedus.cyber.policy import Policy, read_policy
from foedus.cyber.sensitivity import sobol
from foedus.cyber.shared import VARIANTS, SharedThreats, shared_matrix
from foedus.cyber.simulate import Outcome, simulate
from foedus.cyber.stix import load_stix
from foedus.cyber.time_split import TimeSplit, before_and_after, galaxy_split, time_split
from foedus.cyber.variations import varied

__all__ = [
    "RANGES",
    "VARIANTS",
    "Actor",
    "Alliance",
    "Compared",
    "CyberError",
    "ImportRefused",
    "MissingExtra",
    "NoSharedThreats",
    "Outcome",
    "Parameters",
    "Policy",
    "PolicyError",
    "SharedThreats",
    "TimeSplit",
    "UnknownName",
    "actors",
    "agreement",
    "alliance",
    "before_and_after",
    "break_even_precision",
    "call",
    "closed_forms",
    "compare",
    "exposures",
    "gains",
    "galaxy_split",
    "incentives",
    "joining",
    "latency_report",
    "load_cfr",
    "load_dcid",
    "load_eurepoc",
    "load_misp_event",
    "load_misp_galaxy",
    "load_own",
    "load_stix",
    "null_zscores",
    "of_states",
    "played",
    "read_policy",
    "shapley_values",
    "shared_matrix",
    "simulate",
    "sobol",
    "time_split",
    "top_actors",
    "top_techniques",
    "varied",
    "victims_table",
    "worm",
]
