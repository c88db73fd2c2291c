"""foedus: who has promised what to whom since 1815, with every number traceable to its source.

Importing the package is light: a room (`foedus.record`, `foedus.view`, ...) is loaded when it is first named.
Start with `foedus.record`, what was promised; `foedus.view` draws it.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_ROOMS = ("record", "panel", "measure", "view")

__all__ = ["__version__"]


def __getattr__(name: str) -> ModuleType:
    """Load the room called `name` on first use; AttributeError for any other name."""
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its rooms are {', '.join(_ROOMS)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS})
