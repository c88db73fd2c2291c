"""Sources: readers of scholarly data sets, in the files' published formats, from the user's own copies.

Nothing here ships with foedus. `registry.toml` says what each data set is: producer, citation, terms, columns, units,
what an honest file looks like. Start with `read(name)`, which gives a whole data set with the schema `SCHEMAS[name]`
or raises SourceError, naming file, row and column. `atop` and `dyads` give ATOP's alliances, spells and pledges in
our own shape.
"""

from foedus.sources.atop import ALLIANCES, MEMBERS, alliances, members
from foedus.sources.dyads import ATOP_DYADS, COW_DYADS, atop_dyads, cow_dyads
from foedus.sources.place import folder
from foedus.sources.reading import read
from foedus.sources.registry import SCHEMAS, DataSet, Version, data_set, names

__all__ = [
    "ALLIANCES",
    "ATOP_DYADS",
    "COW_DYADS",
    "MEMBERS",
    "SCHEMAS",
    "DataSet",
    "Version",
    "alliances",
    "atop_dyads",
    "cow_dyads",
    "data_set",
    "folder",
    "members",
    "names",
    "read",
]
