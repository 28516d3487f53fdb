"""How kernel functions are compiled: one decorator for all, and where the machine code is kept.

* `nogil` and no `prange`: threads are ours, so the result does not depend on their number.
* no `fastmath`: the same bits on every processor; `arithmetic.fma` gives the speed back.
* The cache is keyed by a hash of every kernel source and of the versions that compile it, because
  Numba's own cache does not see a change in another file. A cache that cannot be read or written
  never stops a run: the code is compiled in memory, with one warning.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


def inlined(function: Function) -> Function:
    """Compile a small helper of the kernel into whatever calls it, so that loops around it can be vectorised."""
    compiled: Function = numba.njit(forceinline=True, no_cpython_wrapper=True, **_OPTIONS)(function)
    return compiled


def stage(function: Function) -> Function:
    """Compile a part of the kernel that does its work in loops, to be called from other parts."""
    compiled: Function = numba.njit(no_cpython_wrapper=True, **_OPTIONS)(function)
    return compiled


def entry(function: Function) -> Function:
    """Compile a kernel function that Python calls, and keep its machine code for the next process."""
    compiled: Any = numba.njit(**_OPTIONS)(function)
    if not numba.config.DISABLE_JIT:
        try:
            compiled._cache = _KernelCache(function)
        except Exception as reason:
            _warn_without_cache(f"{type(reason).__name__}: {reason}")
    result: Function = compiled
    return result


@functools.cache
def cache_folder() -> Path:
    """Return the folder of this user that holds the machine code for these very sources and versions."""
    if os.environ.get("INCOMESIM_CACHE_DIR"):
        root = Path(os.environ["INCOMESIM_CACHE_DIR"])
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "incomesim"
    return root / f"kernel-{source_hash()[:16]}"


@functools.cache
def source_hash() -> str:
    """Return a digest of all kernel sources and of everything that turns them into machine code."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(repr((numba.__version__, llvmlite.__version__, np.__version__, sys.version)).encode())
    return digest.hexdigest()


def compiled_before(function: str = "") -> bool:
    """Tell whether an earlier process left machine code of the function, or of any, for these very sources."""
    return any(cache_folder().glob(f"*.{function}*.nbi"))


class _Locator(_CacheLocator):
    def __init__(self, function: Callable[..., Any]) -> None:
        self._line = function.__code__.co_firstlineno

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return source_hash()

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, function: Callable[..., Any], _file: str) -> _Locator:
        return cls(function)


class _Implementation(CompileResultCacheImpl):
    _locator_classes = [_Locator]  # noqa: RUF012


class _KernelCache(FunctionCache):
    _impl_class = _Implementation

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(signature, target_context)
        except Exception:  # a damaged file: empty the index, so that what is compiled now can be kept
            with contextlib.suppress(Exception):
                self.flush()
            return None

    def save_overload(self, signature: Any, data: Any) -> None:
        try:
            cache_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            super().save_overload(signature, data)
        except Exception as reason:
            _warn_without_cache(f"{type(reason).__name__}: {reason}")


@functools.cache
def _warn_without_cache(reason: str) -> None:
    """Warn, once for each reason."""
    warnings.warn(
        f"compiled code is not kept for the next run ({reason}); "
        "set INCOMESIM_CACHE_DIR to a folder that can be written",
        RuntimeWarning,
        stacklevel=2,
    )
