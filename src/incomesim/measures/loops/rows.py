"""Rows of incomes and weights, as they stand or in an order, brought to a small place that stays in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import at, entry, inlined, stage

__all__ = ["BLOCK", "LANES", "STRIP", "Rows", "add_up", "bring", "gather"]

Reals = NDArray[np.float64]

BLOCK = 2048  # rows to a row of sums: fixed, so that sums do not depend on how the blocks are shared out
STRIP = 512  # rows at a time
LANES = 128  # sums side by side, which the compiler turns into vectors; added up at the end of a block


class Rows(NamedTuple):
    """Incomes and weights (rows,), and which of the rows, in which order, are meant; `order` is empty for all."""

    income: Reals
    weight: Reals
    order: NDArray[np.uint32]


@stage
def bring(rows: Rows, start: int, n: int, income: Reals, weight: Reals) -> None:
    """Copy n rows from the start-th on."""
    if rows.order.shape[0] == 0:
        for i in range(n):
            income[i] = rows.income[at(start + i)]
        for i in range(n):
            weight[i] = rows.weight[at(start + i)]
    else:
        for i in range(n):
            row = np.uint64(rows.order[at(start + i)])
            income[i] = rows.income[row]
            weight[i] = rows.weight[row]


@entry
def gather(rows: Rows, start: int, income: Reals, weight: Reals) -> None:
    """Fill income and weight (n,) with rows from the start-th on."""
    bring(rows, start, income.shape[0], income, weight)


@inlined
def add_up(lanes: Reals, field: int) -> float:
    """Return the sum of the lanes of a field, halving them, whatever vectors the processor has."""
    first = field * LANES
    width = LANES // 2
    while width > 0:
        for j in range(width):
            lanes[at(first + j)] += lanes[at(first + width + j)]
        width //= 2
    total: float = lanes[at(first)]
    return total
