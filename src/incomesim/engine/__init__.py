"""How ranges of households are computed. Today: threads of this process over the compiled kernel."""

from __future__ import annotations

from incomesim.engine.threads import Progress, available_threads, compute

__all__ = ["Progress", "available_threads", "compute"]
