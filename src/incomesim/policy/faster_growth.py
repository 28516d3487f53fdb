"""A source of income that grows faster, year upon year: the levels that come of it."""

from __future__ import annotations

import numpy as np

from incomesim.fields import SOURCES
from incomesim.policy.lever import Acceleration, Reals

__all__ = ["grow_faster"]


def grow_faster(source: str, intensity: Reals, extra_growth: float, coverage: float) -> Acceleration:
    """Return the acceleration of a source by `extra_growth` a year while a lever is at work.

    With i the `intensity` (T, C), the level in year t is prod over s <= t of (1 + i[s] * extra_growth): it
    stays as it is once the lever has ended.
    """
    level = np.cumprod(1.0 + intensity * extra_growth, axis=0)
    return Acceleration(SOURCES.index(source), np.asarray(level, np.float64), coverage)
