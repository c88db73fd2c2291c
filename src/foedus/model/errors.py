"""What the models raise on purpose.

FoedusError
└── ModelError              a model cannot be fitted, read or used
    ├── EventsError         events, sets, rows or covariates that cannot be: names the row, the column and what to write
    │   └── NotAtRisk       an event with an actor outside the days on which that actor is at risk
    ├── FormulaError        a term that is not understood; carries what is near
    └── NotEstimable        the data do not determine a coefficient; carries the terms
        ├── Constant        a term that does not vary within any stratum
        ├── Separated       a term, or a combination, that tells every case from its controls
        └── Collinear       terms of which one follows from the others
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.errors import FoedusError


class ModelError(FoedusError):
    """Base of what the models raise on purpose."""


class EventsError(ModelError):
    """Events, sets, rows or covariates that cannot be."""


class NotAtRisk(EventsError):
    """An event with an actor outside the days on which that actor is at risk."""


class FormulaError(ModelError):
    """A formula, or a term of it, that is not understood."""


class NotEstimable(ModelError):
    """The data do not determine the coefficients of `terms`."""

    def __init__(self, says: str, terms: Sequence[str] = ()) -> None:
        self.terms = tuple(terms)
        super().__init__(says)


class Constant(NotEstimable):
    """A term that does not vary within any stratum."""


class Separated(NotEstimable):
    """A term, or a combination of terms, that tells every case from its controls."""


class Collinear(NotEstimable):
    """Terms of which one follows from the others."""
