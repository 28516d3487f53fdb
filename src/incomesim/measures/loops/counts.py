"""Sums that everything else is relative to: people, money, the lowest and highest income, how many have nothing."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import at, entry, stage
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, add_up, bring

__all__ = ["Amount", "Low", "count", "count_low"]

Reals = NDArray[np.float64]


class Amount(IntEnum):
    """Columns of sums of all rows, and of extremes of those with a weight."""

    WEIGHT = 0
    MONEY = 1
    COUNTED = 2  # rows with a weight
    LOWEST = 3
    HIGHEST = 4
    LOWEST_WEIGHT = 5


class Low(IntEnum):
    """Columns of sums of rows with a negative income and of those with none: their number and weight."""

    NEGATIVE = 0
    ZERO = 1
    NEGATIVE_WEIGHT = 2
    ZERO_WEIGHT = 3


_WEIGHT, _MONEY, _COUNTED = int(Amount.WEIGHT), int(Amount.MONEY), int(Amount.COUNTED)
_LOWEST, _HIGHEST, _LOWEST_WEIGHT = int(Amount.LOWEST), int(Amount.HIGHEST), int(Amount.LOWEST_WEIGHT)
_NEGATIVE, _ZERO = int(Low.NEGATIVE), int(Low.ZERO)
_NEGATIVE_WEIGHT, _ZERO_WEIGHT = int(Low.NEGATIVE_WEIGHT), int(Low.ZERO_WEIGHT)


@stage
def _clear(lanes: Reals) -> None:
    lanes[:] = 0.0
    for j in range(LANES):
        lanes[_LOWEST * LANES + j] = np.inf
        lanes[_HIGHEST * LANES + j] = -np.inf
        lanes[_LOWEST_WEIGHT * LANES + j] = np.inf


@stage
def _count_strip(income: Reals, weight: Reals, lanes: Reals, n: int) -> None:
    """Zeros are added so that the compiler stores every extreme: storing only new ones is slow on some processors."""
    for first in range(0, n, LANES):
        for j in range(min(LANES, n - first)):
            y, w = income[at(first + j)], weight[at(first + j)]
            counted = w > 0.0
            lanes[_WEIGHT * LANES + j] += w
            lanes[_MONEY * LANES + j] += w * y
            lanes[_COUNTED * LANES + j] += 1.0 if counted else 0.0
            low, lowest = y if counted else np.inf, lanes[_LOWEST * LANES + j]
            lanes[_LOWEST * LANES + j] = (low if low < lowest else lowest) + 0.0
            high, highest = y if counted else -np.inf, lanes[_HIGHEST * LANES + j]
            lanes[_HIGHEST * LANES + j] = (high if high > highest else highest) + 0.0
            lightest = lanes[_LOWEST_WEIGHT * LANES + j]
            lanes[_LOWEST_WEIGHT * LANES + j] = (w if w < lightest else lightest) + 0.0


@entry
def count(rows: Rows, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Amount) for the blocks of the rows from start to stop."""
    income, weight, lanes = room[:STRIP], room[STRIP : 2 * STRIP], room[2 * STRIP :]
    for first in range(start, stop, BLOCK):
        block = first // BLOCK
        _clear(lanes)
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            _count_strip(income, weight, lanes, n)
        for field in (_WEIGHT, _MONEY, _COUNTED):
            sums[block, field] = add_up(lanes, field)
        lowest, highest, lightest = np.inf, -np.inf, np.inf
        for j in range(LANES):
            lowest = min(lowest, lanes[_LOWEST * LANES + j])
            highest = max(highest, lanes[_HIGHEST * LANES + j])
            lightest = min(lightest, lanes[_LOWEST_WEIGHT * LANES + j])
        sums[block, _LOWEST], sums[block, _HIGHEST], sums[block, _LOWEST_WEIGHT] = lowest, highest, lightest


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
