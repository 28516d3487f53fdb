"""Influence function of the exponent of a tail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.ranked import Ranked, weighted_sum

__all__ = ["of_pareto_alpha"]

Reals = NDArray[np.float64]


def of_pareto_alpha(people: Ranked, value: float, *, threshold: float, top_code: float) -> Reals:
    """People whose income is seen in the tail, less alpha times the log of how far all in it reach, over the latter."""
    reach = np.log(np.clip(people.income, threshold, top_code) / threshold)
    seen = (people.income > threshold) & (people.income < top_code)
    return np.asarray((seen - value * reach) / weighted_sum(reach, people.weight))
