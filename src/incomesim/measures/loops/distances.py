"""The distance of incomes from one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import at, entry, stage
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, add_up, bring

__all__ = ["add_distances"]

Reals = NDArray[np.float64]


@stage
def _add_strip(income: Reals, weight: Reals, centre: float, lanes: Reals, n: int) -> None:
    for first in range(0, n, LANES):
        for j in range(min(LANES, n - first)):
            lanes[j] += weight[at(first + j)] * abs(income[at(first + j)] - centre)


@entry
def add_distances(rows: Rows, centre: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, 1) of weight times distance from the centre for the blocks of the rows from start to stop."""
    income, weight, lanes = room[:STRIP], room[STRIP : 2 * STRIP], room[2 * STRIP :]
    for first in range(start, stop, BLOCK):
        lanes[:] = 0.0
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            _add_strip(income, weight, centre, lanes, n)
        sums[first // BLOCK, 0] = add_up(lanes, 0)
