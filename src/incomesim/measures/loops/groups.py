"""Rows in order, dealt out to groups: each group keeps the order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import entry

__all__ = ["count_groups", "deal_out"]

Places = NDArray[np.uint32]
Integers = NDArray[np.int64]


@entry
def count_groups(order: Places, group: NDArray[Any], start: int, stop: int, number: Integers) -> None:
    """Add to number (groups,) how many of the rows from start to stop in order are in each group (rows,)."""
    for i in range(start, stop):
        number[np.uint64(group[order[i]])] += 1


@entry
def deal_out(order: Places, group: NDArray[Any], start: int, stop: int, place: Integers, split: Places) -> None:
    """Write the rows from start to stop in order to split (n,), those of a group from place[group] on, which moves."""
    for i in range(start, stop):
        row = order[i]
        code = np.uint64(group[row])
        split[place[code]] = row
        place[code] += 1
