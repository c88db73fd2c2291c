"""model: what drives alliances, estimated from data.

It imports panels, the record and sources, and nothing above. `model.hyperevents` fits relational hyperevent models:
which set of actors acts together next. It works for any user's events (alliances, co-authors, coalitions); start with
`foedus.model.hyperevents.fit`, explained in `docs/model.md`. Importing this package loads no compiler.
"""

from foedus.model.errors import (
    Collinear,
    Constant,
    EventsError,
    FormulaError,
    ModelError,
    NotAtRisk,
    NotEstimable,
    Separated,
)

__all__ = [
    "Collinear",
    "Constant",
    "EventsError",
    "FormulaError",
    "ModelError",
    "NotAtRisk",
    "NotEstimable",
    "Separated",
]
