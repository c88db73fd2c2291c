"""futures: what could happen to the system of alliances, year by year, in many simulated worlds.

It imports model, measure, casus, panel and the record, and nothing above. Start with `start.from_record`, which gives a
`World`, and `ensemble.run`, which runs many worlds under a `Plan` and returns frames; `docs/futures.md` says what is
estimated and what is assumed. Importing this package loads no compiler.
"""

from foedus.futures.errors import FuturesError, PlanError, RunError, StoreError, WorldError

__all__ = ["FuturesError", "PlanError", "RunError", "StoreError", "WorldError"]
