"""How ranges of households are computed."""

from __future__ import annotations

from incomesim.engine.threads import BLOCK, Progress, available_threads, compile_kernel, compute, trace

__all__ = ["BLOCK", "Progress", "available_threads", "compile_kernel", "compute", "trace"]
