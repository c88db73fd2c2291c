"""How kernels are compiled: those that Python calls are cached; those that only kernels call go into their callers."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numba

from foedus.model.linked import Linked

_Function = TypeVar("_Function", bound=Callable[..., object])
_njit: Any = numba.njit


def compiled(function: _Function, **options: object) -> _Function:
    """`function` compiled at its first call from Python.

    Numba keeps the result in __pycache__ beside the file, else in the user's cache folder (or NUMBA_CACHE_DIR). With
    neither writable it refuses to decorate at all; then every process compiles for itself.
    """
    try:
        made: _Function = _njit(cache=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    except RuntimeError:
        made = _njit(error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    return made


@contextmanager
def uncollected() -> Iterator[None]:
    """For a first call: Python's collector would go through all that the compiler holds, again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def inner(function: _Function, **options: object) -> _Function:
    """`function` for other kernels only: without the wrapper for Python, and linked into its callers (`linked`)."""
    made: _Function = _njit(
        error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Linked, **options
    )(function)
    return made


# Kernels that make no arrays need no count of who holds one. Where arrays come in tuples and are looked at in every
# loop, that counting takes most of the time. All that such a kernel calls must be bare too, or it counts again.


def compiled_bare(function: _Function) -> _Function:
    """As `compiled`, for a function that makes no array (Numba refuses to compile one that does)."""
    return compiled(function, _nrt=False)


def inner_bare(function: _Function) -> _Function:
    """As `inner`, for a function that makes no array."""
    return inner(function, _nrt=False)


def inner_wide(function: _Function) -> _Function:
    """As `inner_bare`, for a sum whose order may differ between machines by what is widest there."""
    return inner(function, _nrt=False, fastmath={"reassoc", "contract"})
