"""Incomes counted by ranges of their ordered bits, and the rows of one range collected: quantiles without a sort."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import entry
from incomesim.measures.loops.keys import ordered_bits

__all__ = ["BINS", "collect", "count_bins"]

Reals = NDArray[np.float64]

BINS = 8192


@entry
def count_bins(
    income: Reals, weight: Reals, lowest: np.uint64, dropped: np.uint64, start: int, stop: int, sums: Reals
) -> None:
    """Fill sums (3, BINS) with the number of rows with a weight, their weight and weight times income by bin."""
    sums[:, :] = 0.0
    for i in range(start, stop):
        w = weight[i]
        if w > 0.0:
            j = (ordered_bits(income[i]) - lowest) >> dropped
            sums[0, j] += 1.0
            sums[1, j] += w
            sums[2, j] += w * income[i]


@entry
def collect(
    income: Reals,
    weight: Reals,
    lowest: np.uint64,
    dropped: np.uint64,
    chosen: np.uint64,
    start: int,
    stop: int,
    incomes: Reals,
    weights: Reals,
) -> None:
    """Fill incomes and weights with the rows of a bin that have a weight."""
    place = np.uint64(0)
    for i in range(start, stop):
        if weight[i] > 0.0 and (ordered_bits(income[i]) - lowest) >> dropped == chosen:
            incomes[place], weights[place] = income[i], weight[i]
            place += np.uint64(1)
