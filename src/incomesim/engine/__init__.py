"""How ranges of households are computed."""

from __future__ import annotations

from incomesim.engine.threads import (
    BLOCK,
    YEARLY_STEP,
    Progress,
    available_threads,
    compile_kernel,
    compute,
    trace,
)
from incomesim.kernel.cache import compiled_before

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
