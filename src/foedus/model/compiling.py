"""One way to compile a kernel: cached where a folder can be written, compiled anew where none can."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """`function` compiled at its first call.

    Numba keeps the result in __pycache__ beside the file, else in the user's cache folder (or NUMBA_CACHE_DIR). With
    neither writable it refuses to decorate at all; then every process compiles for itself.
    """
    try:
        return njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(function)  # type: ignore[no-any-return]
