"""How kernels are compiled: those that Python calls are cached; those that only other kernels call go into their callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """`function` compiled at its first call from Python.

    Numba keeps the result in __pycache__ beside the file, else in the user's cache folder (or NUMBA_CACHE_DIR). With
    neither writable it refuses to decorate at all; then every process compiles for itself.
    """
    try:
        return njit(cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(error_model="numpy")(function)  # type: ignore[no-any-return]


def inner(function: _Function) -> _Function:
    """`function` for other kernels only: without the wrapper for Python, which takes most of the time to compile."""
    return njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)  # type: ignore[no-any-return]
