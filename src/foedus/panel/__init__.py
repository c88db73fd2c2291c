"""Panels: the record as tidy Polars frames with declared schemas.

It imports the record only. Start with `memberships`, `treaty_year` and `state_figures`; each frame names the source of
its rows, and `require` checks a frame against a schema.
"""

from foedus.panel.figures import FIGURES, state_figures
from foedus.panel.memberships import MEMBERSHIPS, memberships
from foedus.panel.require import require
from foedus.panel.treaty_year import TREATY_YEAR, treaty_year

__all__ = ["FIGURES", "MEMBERSHIPS", "TREATY_YEAR", "memberships", "require", "state_figures", "treaty_year"]
