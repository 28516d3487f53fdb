"""Means of powers of income over its mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import exp_excess, log_and_excess
from incomesim.compiled.compile import at, entry, stage
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, add_up, bring

__all__ = ["add_powers"]

Reals = NDArray[np.float64]


@stage
def _add_strip(income: Reals, weight: Reals, centre: float, power: float, lanes: Reals, n: int) -> None:
    inverse = 1.0 / centre
    for first in range(0, n, LANES):
        for j in range(min(LANES, n - first)):
            y, w = income[at(first + j)], weight[at(first + j)]
            positive = y > 0.0
            d = (y - centre) * inverse if positive else 0.0
            log_r, excess = log_and_excess(y * inverse if positive else 1.0, d)
            term = exp_excess(power * log_r) - power * excess
            lanes[j] += w * (term if positive else power - 1.0)


@entry
def add_powers(rows: Rows, centre: float, power: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, 1) with weight * (r^power - 1 - power (r - 1)), r = income / centre; at 0 it is power - 1."""
    income, weight, lanes = room[:STRIP], room[STRIP : 2 * STRIP], room[2 * STRIP :]
    for first in range(start, stop, BLOCK):
        lanes[:] = 0.0
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            _add_strip(income, weight, centre, power, lanes, n)
        sums[first // BLOCK, 0] = add_up(lanes, 0)
