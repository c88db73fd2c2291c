"""Panels: tidy Polars frames with declared schemas, from the record and from the user's own copies of data sets.

`state_year`, `dyad_year`, `treaty_year` and `kads` make a `Panel`, to which `.add("nmc", "atop", ...)` adds columns;
`provenance` says where each column comes from. `memberships`, `treaties_by_year`, `pledge_dyads` and `state_figures`
are frames of the record alone. It imports the record and the sources.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from foedus.panel.figures import FIGURES, state_figures
from foedus.panel.memberships import MEMBERSHIPS, memberships
from foedus.panel.pledge_dyads import PLEDGE_DYADS, pledge_dyads
from foedus.panel.require import require
from foedus.panel.treaties_by_year import TREATIES_BY_YEAR, treaties_by_year

if TYPE_CHECKING:
    from foedus.panel.build import Panel, dyad_year, state_year
    from foedus.panel.foundings import kads
    from foedus.panel.origin import provenance
    from foedus.panel.treaty_panel import treaty_year

# Found when first asked for: NumPy and the readers would cost every command a tenth of a second.
_LATER = {
    "Panel": "foedus.panel.build",
    "dyad_year": "foedus.panel.build",
    "kads": "foedus.panel.foundings",
    "provenance": "foedus.panel.origin",
    "state_year": "foedus.panel.build",
    "treaty_year": "foedus.panel.treaty_panel",
}

__all__ = [
    "FIGURES",
    "MEMBERSHIPS",
    "PLEDGE_DYADS",
    "TREATIES_BY_YEAR",
    "Panel",
    "dyad_year",
    "kads",
    "memberships",
    "pledge_dyads",
    "provenance",
    "require",
    "state_figures",
    "state_year",
    "treaties_by_year",
    "treaty_year",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_LATER[name]), name)
    globals()[name] = found
    return found
