"""Where machine code is kept for the next process, in place of Numba's own cache.

* The folder is named by a hash of every source of the package that the function is in, of this package, and of
  all that turns them into machine code. Numba looks at one file only, and does not see a change in another one.
* There is one file for each function and kinds of arguments, written whole or not at all and with a digest of
  its content. Numba's files have none: one flipped bit can end the process, or run.
* The files are pickles, which can do anything when they are read, so a folder in which somebody else could
  have put them is left alone.
* None of this ever stops a run: code that cannot be read is compiled again, and code that cannot be kept
  costs one warning.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import shutil
import sys
import time
import uuid
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from llvmlite import binding
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

__all__ = ["KeptCode", "cache_folder", "compiled_before", "source_hash"]

_DIGEST_BYTES = 32
_WRITABLE_BY_OTHERS = 0o022
_UNUSED_FOR = 90 * 24 * 3600.0  # seconds
_first_time = iter([True])


class KeptCode(NullCache):
    """What Numba asks for machine code of one function before it compiles, and tells of it after."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._package, _, module = function.__module__.rpartition(".")
        self._name = f"{module}.{function.__qualname__}"
        source_hash(self._package)  # now: a source that is edited later is not the one that is compiled

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Return the compiled function, or None."""
        target_context.refresh()
        try:
            return CompileResult._rebuild(target_context, *pickle.loads(_read(self._file(signature))))
        except PermissionError as reason:
            _warn(reason)
        except Exception:  # missing or damaged: what is compiled now replaces it
            pass
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep a compiled function."""
        try:
            if compiled.library.has_dynamic_globals:
                raise ValueError(f"{self._name} refers to memory of this process")
            _write(self._file(signature), dumps(compiled._reduce()))
        except Exception as reason:
            _warn(reason)

    def _file(self, signature: Any) -> Path:
        kinds = hashlib.sha256(repr(signature).encode()).hexdigest()
        return cache_folder(self._package) / f"{self._name}-{kinds[:16]}.code"


@functools.cache
def cache_folder(package: str) -> Path:
    """Return the folder of this user for a package, as "incomesim.kernel", as it is now.

    It is another one for other sources or versions, another processor or other settings of Numba.
    """
    if os.environ.get("INCOMESIM_CACHE_DIR"):
        root = Path(os.environ["INCOMESIM_CACHE_DIR"])
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "incomesim"
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    settings = sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    digest = hashlib.sha256(repr((source_hash(package), processor, settings)).encode())
    return root / f"{package}-{digest.hexdigest()[:16]}"


@functools.cache
def source_hash(package: str) -> str:
    """Return a digest of all sources of a package and of what turns them into machine code."""
    digest = hashlib.sha256()
    machinery = Path(__file__).parent
    for folder in (machinery, machinery.parent.joinpath(*package.split(".")[1:])):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(repr((numba.__version__, llvmlite.__version__, np.__version__, sys.version)).encode())
    return digest.hexdigest()


def compiled_before(function: str) -> bool:
    """Tell whether an earlier process left machine code of "incomesim.kernel.step.advance", for this one to use."""
    package, module, name = function.rsplit(".", 2)
    try:
        folder = cache_folder(package)
        _check_private(folder)
        return any(folder.glob(f"{module}.{name}-*.code"))
    except (OSError, RuntimeError):  # no folder, not ours, or no home
        return False


def _read(file: Path) -> bytes:
    """Return what was written, and note that the folder is in use. Raises ValueError where it is damaged."""
    _check_private(file.parent)
    content = file.read_bytes()
    digest, data = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(data).digest() != digest:
        raise ValueError(f"{file} is damaged")
    with contextlib.suppress(OSError):
        os.utime(file.parent)
    return data


def _write(file: Path, data: bytes) -> None:
    """Write all or nothing, whoever else writes the same file now."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_private(file.parent)
    _remove_unused(file.parent.parent)
    part = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    try:
        part.write_bytes(hashlib.sha256(data).digest() + data)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _check_private(folder: Path) -> None:
    """Raise PermissionError where others than this user and root could have written (POSIX only)."""
    if hasattr(os, "getuid"):
        status = folder.lstat()  # a link counts as open to others
        if status.st_uid not in (0, os.getuid()) or status.st_mode & _WRITABLE_BY_OTHERS:
            raise PermissionError(f"{folder} belongs to somebody else or can be written by others")


def _remove_unused(root: Path) -> None:
    """Remove what other versions and processors have not used for a long time."""
    for folder in root.glob("incomesim.*-" + 16 * "[0-9a-f]"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _UNUSED_FOR:
                shutil.rmtree(folder)


def _warn(reason: Exception) -> None:
    """Warn, once in a process: further functions meet the same trouble."""
    if next(_first_time, False):
        warnings.warn(
            f"compiled code is not kept for the next run ({type(reason).__name__}: {reason}); "
            "set INCOMESIM_CACHE_DIR to a folder of your own that can be written",
            RuntimeWarning,
            stacklevel=2,
        )
