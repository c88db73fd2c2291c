"""Sources: readers of scholarly data sets, in the files' published formats, from the user's own copies.

Nothing here ships with foedus. Each reader takes a folder, checks what it reads and raises SourceError, naming file,
row and column, when a file is not what it should be. Start with `atop` or `dyads`.
"""

from foedus.sources.atop import ALLIANCES, MEMBERS, alliances, members
from foedus.sources.dyads import ATOP_DYADS, COW_DYADS, atop_dyads, cow_dyads

__all__ = [
    "ALLIANCES",
    "ATOP_DYADS",
    "COW_DYADS",
    "MEMBERS",
    "alliances",
    "atop_dyads",
    "cow_dyads",
    "members",
]
