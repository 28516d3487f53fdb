"""Rows dealt out to groups: each group keeps them in the order in which they come."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import entry
from incomesim.measures.loops.rows import Rows

__all__ = ["count_groups", "deal_out"]

Integers = NDArray[np.int64]


@entry
def count_groups(rows: Rows, group: NDArray[Any], start: int, stop: int, number: Integers) -> None:
    """Add to number (groups,) how many from start to stop are in each group (rows,).

    Those of an order, or without one the rows that have a weight.
    """
    if rows.order.shape[0] > 0:
        for i in range(start, stop):
            number[np.uint64(group[rows.order[i]])] += 1
    else:
        for i in range(start, stop):
            number[np.uint64(group[i])] += np.int64(rows.weight[i] > 0.0)


@entry
def deal_out(
    rows: Rows, group: NDArray[Any], start: int, stop: int, place: Integers, split: NDArray[np.uint32]
) -> None:
    """Write those from start to stop to split (n,), those of a group from place[group] on, which moves."""
    ordered = rows.order.shape[0] > 0
    for i in range(start, stop):
        row = np.uint32(rows.order[i]) if ordered else np.uint32(i)
        if ordered or rows.weight[i] > 0.0:
            code = np.uint64(group[row])
            split[np.uint64(place[code])] = row
            place[code] += 1
