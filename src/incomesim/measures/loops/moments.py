"""All sums that need no order, in one pass: people, money, extremes, and means of functions of income over a centre.

The centre is any usual income: what is relative to the mean follows from it (passes.py), so nobody need know
the mean before.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import log_and_excess
from incomesim.compiled.compile import at, entry, inlined, stage
from incomesim.measures.loops.rows import BLOCK, STRIP, Rows, bring

__all__ = ["LANES", "Amount", "Extreme", "add_moments"]

Reals = NDArray[np.float64]

LANES = 16
"""Sums side by side: as many as make vectors that need not wait for each other, and no more than the registers hold."""


class Amount(IntEnum):
    """Columns of sums of weight times a function of income y, r = y / centre, d = r - 1.

    The last three are of incomes above 0 only. From SQUARE on each is 0 at r = 1 and never negative, so nothing
    cancels where incomes are nearly equal.
    """

    WEIGHT = 0
    MONEY = 1
    SQUARE = 2  # d^2
    LOG = 3  # d - log r
    THEIL = 4  # r log r - d
    LOG_SQUARE = 5  # (log r)^2


class Extreme(IntEnum):
    """Columns after those: of rows with a weight, but for the last, which is of all rows."""

    COUNTED = 6
    LOWEST = 7
    HIGHEST = 8
    LOWEST_WEIGHT = 9


_WEIGHT, _MONEY, _SQUARE, _LOG, _THEIL, _LOG_SQUARE = (int(v) for v in Amount)
_COUNTED, _LOWEST, _HIGHEST, _LOWEST_WEIGHT = (int(v) for v in Extreme)
_AMOUNTS = len(Amount)


@stage
def _take_logs(income: Reals, centre: float, n: int, log: Reals, excess: Reals) -> None:
    inverse = 1.0 / centre
    for i in range(n):
        y = income[at(i)]
        positive = y > 0.0
        r, d = (y * inverse, (y - centre) * inverse) if positive else (1.0, 0.0)
        log[at(i)], excess[at(i)] = log_and_excess(r, d)


@inlined
def _add_row(
    y: float, w: float, log: float, excess: float, centre: float, inverse: float, lanes: Reals, j: int
) -> None:
    d = (y - centre) * inverse
    of_deviation, of_excess = w * d, w * excess
    lanes[at(_WEIGHT * LANES + j)] += w
    lanes[at(_MONEY * LANES + j)] += w * y
    lanes[at(_SQUARE * LANES + j)] += of_deviation * d
    lanes[at(_LOG * LANES + j)] += of_excess
    lanes[at(_THEIL * LANES + j)] += of_deviation * log - of_excess
    lanes[at(_LOG_SQUARE * LANES + j)] += w * (log * log)


@stage
def _add_strip(income: Reals, weight: Reals, log: Reals, excess: Reals, centre: float, n: int, lanes: Reals) -> None:
    inverse = 1.0 / centre
    whole = n // LANES * LANES
    for first in range(0, whole, LANES):
        for j in range(LANES):
            i = at(first + j)
            _add_row(income[i], weight[i], log[i], excess[i], centre, inverse, lanes, j)
    for j in range(n - whole):
        i = at(whole + j)
        _add_row(income[i], weight[i], log[i], excess[i], centre, inverse, lanes, j)


@inlined
def _keep_extremes(y: float, w: float, lanes: Reals, j: int) -> None:
    """Zeros are added so that the compiler stores every extreme: storing only new ones is slow on some processors."""
    low, high, light = lanes[at(j)], lanes[at(LANES + j)], lanes[at(2 * LANES + j)]
    lanes[at(j)] = (y if y < low else low) + 0.0
    lanes[at(LANES + j)] = (y if y > high else high) + 0.0
    lanes[at(2 * LANES + j)] = (w if w < light else light) + 0.0


@stage
def _find_extremes(income: Reals, weight: Reals, n: int, lanes: Reals) -> None:
    whole = n // LANES * LANES
    for first in range(0, whole, LANES):
        for j in range(LANES):
            _keep_extremes(income[at(first + j)], weight[at(first + j)], lanes, j)
    for j in range(n - whole):
        _keep_extremes(income[at(whole + j)], weight[at(whole + j)], lanes, j)


@entry
def add_moments(rows: Rows, centre: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Amount and Extreme) for the blocks of the rows from start to stop."""
    log, excess = room[:STRIP], room[STRIP : 2 * STRIP]
    income, weight = room[2 * STRIP : 3 * STRIP], room[3 * STRIP : 4 * STRIP]
    lanes, edges = room[4 * STRIP : 4 * STRIP + _AMOUNTS * LANES], room[4 * STRIP + _AMOUNTS * LANES :]
    for first in range(start, stop, BLOCK):
        end, of_block = min(first + BLOCK, stop), sums[first // BLOCK]
        lanes[:] = 0.0
        edges[:LANES], edges[LANES : 2 * LANES], edges[2 * LANES :] = np.inf, -np.inf, np.inf
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            if rows.order.shape[0] == 0:
                here, heavy = rows.income[strip : strip + n], rows.weight[strip : strip + n]
                _take_logs(here, centre, n, log, excess)
                _add_strip(here, heavy, log, excess, centre, n, lanes)
                _find_extremes(here, heavy, n, edges)
            else:
                bring(rows, strip, n, income, weight)
                _take_logs(income, centre, n, log, excess)
                _add_strip(income, weight, log, excess, centre, n, lanes)
                _find_extremes(income, weight, n, edges)
        for field in range(_AMOUNTS):
            of_block[field] = _add_up(lanes, field * LANES)
        of_block[_COUNTED] = end - first
        of_block[_LOWEST], of_block[_HIGHEST], of_block[_LOWEST_WEIGHT] = np.inf, -np.inf, np.inf
        for j in range(LANES):
            of_block[_LOWEST] = min(of_block[_LOWEST], edges[j])
            of_block[_HIGHEST] = max(of_block[_HIGHEST], edges[LANES + j])
            of_block[_LOWEST_WEIGHT] = min(of_block[_LOWEST_WEIGHT], edges[2 * LANES + j])
        if not of_block[_LOWEST_WEIGHT] > 0.0:
            _leave_out(rows, first, end, of_block)


@inlined
def _add_up(lanes: Reals, first: int) -> float:
    """Return the sum of the lanes of a field, halving them, whatever vectors the processor has."""
    width = LANES // 2
    while width > 0:
        for j in range(width):
            lanes[at(first + j)] += lanes[at(first + width + j)]
        width //= 2
    total: float = lanes[at(first)]
    return total


@stage
def _leave_out(rows: Rows, start: int, stop: int, of_block: Reals) -> None:
    """Number and extremes of the rows of a block that have a weight, where not all have one."""
    counted, lowest, highest = 0, np.inf, -np.inf
    for i in range(start, stop):
        row = np.uint64(rows.order[i]) if rows.order.shape[0] > 0 else np.uint64(i)
        if rows.weight[row] > 0.0:
            counted += 1
            lowest, highest = min(lowest, rows.income[row]), max(highest, rows.income[row])
    of_block[_COUNTED], of_block[_LOWEST], of_block[_HIGHEST] = counted, lowest, highest
