"""How loops over arrays are compiled: a few decorators for all.

* `nogil` and no `prange`: threads are ours, so the result does not depend on their number.
* no `fastmath`: the same bits on every processor; `arithmetic.fma` gives the speed back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

from incomesim.compiled.cache import KeptCode

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


def inlined(function: Function) -> Function:
    """Compile a small function into whatever calls it, so that loops around it can be vectorised."""
    compiled: Function = numba.njit(forceinline=True, no_cpython_wrapper=True, **_OPTIONS)(function)
    return compiled


def spelled_out(function: Function) -> Function:
    """Put the text of a part of a loop where it is called, so that it is compiled once, with its caller."""
    compiled: Function = numba.njit(inline="always", no_cpython_wrapper=True, **_OPTIONS)(function)
    return compiled


def stage(function: Function) -> Function:
    """Compile a part that does its work in loops, to be called from other parts."""
    compiled: Function = numba.njit(no_cpython_wrapper=True, **_OPTIONS)(function)
    return compiled


@numba.njit(forceinline=True, no_cpython_wrapper=True, **_OPTIONS)
def at(index: int) -> np.uint64:
    """Return an index that is known not to be negative as one that need not be tested for it."""
    return np.uint64(index)


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and keep its machine code for the next process."""
    compiled: Any = numba.njit(**_OPTIONS)(function)
    if not numba.config.DISABLE_JIT:
        compiled._cache = KeptCode(function)
    result: Function = compiled
    return result
