"""How far incomes fall short of a line."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import at, entry, stage
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, add_up, bring

__all__ = ["Short", "add_shortfalls"]

Reals = NDArray[np.float64]


class Short(IntEnum):
    """Columns of sums over rows strictly below the line: weight times a power of (line - income) / line."""

    WEIGHT = 0
    GAP = 1
    SQUARE = 2


_WEIGHT, _GAP, _SQUARE = (int(v) for v in Short)
_COLUMNS = len(Short)


@stage
def _add_strip(income: Reals, weight: Reals, line: float, lanes: Reals, n: int) -> None:
    for first in range(0, n, LANES):
        for j in range(min(LANES, n - first)):
            y, w = income[at(first + j)], weight[at(first + j)]
            poor = y < line
            gap = (line - y) / line if poor else 0.0
            lanes[_WEIGHT * LANES + j] += w if poor else 0.0
            lanes[_GAP * LANES + j] += w * gap
            lanes[_SQUARE * LANES + j] += w * (gap * gap)


@entry
def add_shortfalls(rows: Rows, line: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Short) for the blocks of the rows from start to stop."""
    income, weight, lanes = room[:STRIP], room[STRIP : 2 * STRIP], room[2 * STRIP :]
    for first in range(start, stop, BLOCK):
        lanes[:] = 0.0
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            _add_strip(income, weight, line, lanes, n)
        for column in range(_COLUMNS):
            sums[first // BLOCK, column] = add_up(lanes, column)
