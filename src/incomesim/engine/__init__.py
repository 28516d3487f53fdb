"""How ranges of households are computed."""

from __future__ import annotations

from incomesim.compiled.cache import compiled_before
from incomesim.engine.threads import (
    BLOCK,
    YEARLY_STEP,
    Progress,
    available_threads,
    compile_kernel,
    compute,
    trace,
)

__all__ = [
    "BLOCK",
    "YEARLY_STEP",
    "Progress",
    "available_threads",
    "compile_kernel",
    "compiled_before",
    "compute",
    "trace",
]
