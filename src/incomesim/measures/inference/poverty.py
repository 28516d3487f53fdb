"""Influence functions of measures of poverty, with a fixed line or one that is itself estimated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.ranked import Ranked

__all__ = ["of_fgt"]

Reals = NDArray[np.float64]


def of_fgt(people: Ranked, value: float, *, line: float, order: float, or_equal: bool = False) -> Reals:
    """N u = gap^order - P, with gap = 1 - y / line for the poor and 0 for others."""
    poor = people.income <= line if or_equal else people.income < line
    gap = np.where(poor, 1.0 - people.income / line, 0.0)
    powered: Reals = gap**order if order else poor.astype(np.float64)
    return (powered - value) / people.total_weight
