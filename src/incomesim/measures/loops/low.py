"""Rows with a negative income and with none."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import entry
from incomesim.measures.loops.rows import BLOCK, STRIP, Rows, bring

__all__ = ["Low", "count_low"]

Reals = NDArray[np.float64]


class Low(IntEnum):
    """Columns of sums of rows with a negative income and of those with none: their number and weight."""

    NEGATIVE = 0
    ZERO = 1
    NEGATIVE_WEIGHT = 2
    ZERO_WEIGHT = 3


_NEGATIVE, _ZERO = int(Low.NEGATIVE), int(Low.ZERO)
_NEGATIVE_WEIGHT, _ZERO_WEIGHT = int(Low.NEGATIVE_WEIGHT), int(Low.ZERO_WEIGHT)


@entry
def count_low(rows: Rows, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Low) for the blocks of the rows from start to stop."""
    income, weight = room[:STRIP], room[STRIP : 2 * STRIP]
    for first in range(start, stop, BLOCK):
        block = first // BLOCK
        sums[block, :] = 0.0
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            for i in range(n):
                if income[i] <= 0.0 and weight[i] > 0.0:
                    zero = income[i] == 0.0
                    sums[block, _ZERO if zero else _NEGATIVE] += 1.0
                    sums[block, _ZERO_WEIGHT if zero else _NEGATIVE_WEIGHT] += weight[i]
