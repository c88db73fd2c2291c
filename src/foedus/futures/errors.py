"""What the simulator raises on purpose.

FoedusError
└── FuturesError            a run cannot be made, read or compared
    ├── WorldError          arrays that cannot be a world; a state or treaty that is not in it
    ├── PlanError           a plan that does not fit its world
    ├── RunError            a run's options, or a worker that died
    └── StoreError          a folder of a run that is missing, damaged, or of another run
"""

from __future__ import annotations

from foedus.errors import FoedusError


class FuturesError(FoedusError):
    """Base of what the simulator raises on purpose."""


class WorldError(FuturesError):
    """Arrays that cannot be a world, or a state or treaty that is not in it."""


class PlanError(FuturesError):
    """A plan that does not fit its world."""


class RunError(FuturesError):
    """A run's options cannot be, or a worker died."""


class StoreError(FuturesError):
    """A folder of a run that is missing, damaged, or of another run."""
