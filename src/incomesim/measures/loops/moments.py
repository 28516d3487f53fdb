"""All sums that need no order, in one pass: people, money, extremes, and means of functions of income over a centre.

The centre is any usual income: what is relative to the mean follows from it (passes.py), so nobody need know
the mean before.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import fma, log_and_excess, log_of, reduced
from incomesim.compiled.compile import at, entry, inlined, stage
from incomesim.measures.loops.rows import BLOCK, Rows, bring

__all__ = ["ROOM", "Amount", "Extreme", "add_moments"]

Reals = NDArray[np.float64]

_STRIP = 128  # rows at a time: what is found of them on the way stays in the nearest cache
_LANES = 16  # sums side by side: as many as make vectors that need not wait for each other
_STRIDE = 4 * _LANES  # rows that are added to each other before they are to the sums, which takes a store


class Amount(IntEnum):
    """Columns of sums of weight times a function of income y, r = y / centre, d = r - 1.

    The last three are of incomes above 0 only. From SQUARE on each is 0 at r = 1 and never negative, so little
    cancels where incomes are nearly equal.
    """

    WEIGHT = 0
    MONEY = 1
    SQUARE = 2  # d^2
    LOG = 3  # d - log r
    LOG_OVER = 4  # d log r
    LOG_SQUARE = 5  # (log r)^2


class Extreme(IntEnum):
    """Columns after those: of rows with a weight, but for the last, which is of all rows."""

    COUNTED = 6
    LOWEST = 7
    HIGHEST = 8
    LOWEST_WEIGHT = 9


_WEIGHT, _MONEY, _SQUARE, _LOG, _LOG_OVER, _LOG_SQUARE = (int(v) for v in Amount)
_COUNTED, _LOWEST, _HIGHEST, _LOWEST_WEIGHT = (int(v) for v in Extreme)
_AMOUNTS = len(Amount)


ROOM = 4 * _STRIP + (_AMOUNTS + 3) * _LANES
"""Numbers that `add_moments` needs room for."""


@stage
def _take_logs(income: Reals, centre: float, n: int, log: Reals, room: Reals) -> None:
    """Fill log (n,) with logarithms of income over the centre; of incomes that are not above 0 without meaning."""
    inverse = 1.0 / centre
    for i in range(n):
        log[at(i)], room[at(i)] = reduced(income[at(i)] * inverse)
    for i in range(n):
        log[at(i)] = log_of(log[at(i)], room[at(i)])


@stage
def _leave_out_low(income: Reals, centre: float, n: int, log: Reals, excess: Reals) -> None:
    """Fill excess (n,) with d - log; incomes that are not above 0 have no logarithm, and 0 for both."""
    inverse = 1.0 / centre
    for i in range(n):
        y = income[at(i)]
        log_r = log[at(i)] if y > 0.0 else 0.0
        log[at(i)] = log_r
        excess[at(i)] = (y - centre) * inverse - log_r if y > 0.0 else 0.0


@stage
def _take_logs_with_care(income: Reals, centre: float, n: int, log: Reals, excess: Reals) -> None:
    """Fill both as above, with all digits of d - log near the centre."""
    inverse = 1.0 / centre
    for i in range(n):
        y = income[at(i)]
        positive = y > 0.0
        r, d = (y * inverse, (y - centre) * inverse) if positive else (1.0, 0.0)
        log[at(i)], excess[at(i)] = log_and_excess(r, d)


@inlined
def _of_row(
    income: Reals, weight: Reals, log: Reals, excess: Reals | None, centre: float, by: float, i: int
) -> tuple[float, float, float, float, float, float]:
    """Of a row w, y, w d, d, log r and d - log r."""
    y, w = income[at(i)], weight[at(i)]
    d = (y - centre) * by
    return w, y, w * d, d, log[at(i)], d - log[at(i)] if excess is None else excess[at(i)]


@stage
def _add_strip(
    income: Reals, weight: Reals, log: Reals, excess: Reals | None, centre: float, n: int, lanes: Reals
) -> None:
    by = 1.0 / centre
    whole = n // _STRIDE * _STRIDE
    for first in range(0, whole, _STRIDE):
        for j in range(_LANES):
            i = first + j
            w0, y0, wd0, d0, log0, above0 = _of_row(income, weight, log, excess, centre, by, i)
            w1, y1, wd1, d1, log1, above1 = _of_row(income, weight, log, excess, centre, by, i + _LANES)
            w2, y2, wd2, d2, log2, above2 = _of_row(income, weight, log, excess, centre, by, i + 2 * _LANES)
            w3, y3, wd3, d3, log3, above3 = _of_row(income, weight, log, excess, centre, by, i + 3 * _LANES)
            lanes[at(_WEIGHT * _LANES + j)] += (w0 + w1) + (w2 + w3)
            lanes[at(_MONEY * _LANES + j)] += fma(w0, y0, w1 * y1) + fma(w2, y2, w3 * y3)
            lanes[at(_SQUARE * _LANES + j)] += fma(wd0, d0, wd1 * d1) + fma(wd2, d2, wd3 * d3)
            lanes[at(_LOG * _LANES + j)] += fma(w0, above0, w1 * above1) + fma(w2, above2, w3 * above3)
            lanes[at(_LOG_OVER * _LANES + j)] += fma(wd0, log0, wd1 * log1) + fma(wd2, log2, wd3 * log3)
            lanes[at(_LOG_SQUARE * _LANES + j)] += fma(w0 * log0, log0, w1 * log1 * log1) + fma(
                w2 * log2, log2, w3 * log3 * log3
            )
    for i in range(whole, n):
        w, y, wd, d, log_r, above = _of_row(income, weight, log, excess, centre, by, i)
        j = (i - whole) % _LANES
        lanes[at(_WEIGHT * _LANES + j)] += w
        lanes[at(_MONEY * _LANES + j)] += w * y
        lanes[at(_SQUARE * _LANES + j)] += wd * d
        lanes[at(_LOG * _LANES + j)] += w * above
        lanes[at(_LOG_OVER * _LANES + j)] += wd * log_r
        lanes[at(_LOG_SQUARE * _LANES + j)] += w * log_r * log_r


@inlined
def _lower(a: float, b: float) -> float:
    return a if a < b else b


@inlined
def _higher(a: float, b: float) -> float:
    return a if a > b else b


@stage
def _find_extremes(income: Reals, weight: Reals, n: int, edges: Reals) -> None:
    """Zeros are added so that the compiler stores every extreme: storing only new ones is slow on some processors."""
    whole = n // _STRIDE * _STRIDE
    for first in range(0, whole, _STRIDE):
        for j in range(_LANES):
            a, b, c, d = at(first + j), at(first + j + _LANES), at(first + j + 2 * _LANES), at(first + j + 3 * _LANES)
            low = _lower(_lower(income[a], income[b]), _lower(income[c], income[d]))
            high = _higher(_higher(income[a], income[b]), _higher(income[c], income[d]))
            light = _lower(_lower(weight[a], weight[b]), _lower(weight[c], weight[d]))
            edges[at(j)] = _lower(low, edges[at(j)]) + 0.0
            edges[at(_LANES + j)] = _higher(high, edges[at(_LANES + j)]) + 0.0
            edges[at(2 * _LANES + j)] = _lower(light, edges[at(2 * _LANES + j)]) + 0.0
    for i in range(whole, n):
        j = (i - whole) % _LANES
        edges[at(j)] = _lower(income[at(i)], edges[at(j)])
        edges[at(_LANES + j)] = _higher(income[at(i)], edges[at(_LANES + j)])
        edges[at(2 * _LANES + j)] = _lower(weight[at(i)], edges[at(2 * _LANES + j)])


@inlined
def _lowest(edges: Reals, first: int) -> float:
    lowest = np.inf
    for j in range(_LANES):
        lowest = _lower(edges[at(first + j)], lowest)
    return lowest


@entry
def add_moments(rows: Rows, centre: float, with_care: bool, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Amount and Extreme) for the blocks of the rows from start to stop.

    `with_care` keeps all digits where incomes are next to the centre, and takes half as long again.
    """
    log, excess = room[:_STRIP], room[_STRIP : 2 * _STRIP]
    income, weight = room[2 * _STRIP : 3 * _STRIP], room[3 * _STRIP : 4 * _STRIP]
    lanes, edges = room[4 * _STRIP : 4 * _STRIP + _AMOUNTS * _LANES], room[4 * _STRIP + _AMOUNTS * _LANES :]
    for first in range(start, stop, BLOCK):
        end, of_block = min(first + BLOCK, stop), sums[first // BLOCK]
        lanes[:] = 0.0
        edges[:_LANES], edges[_LANES : 2 * _LANES], edges[2 * _LANES :] = np.inf, -np.inf, np.inf
        for strip in range(first, end, _STRIP):
            n = min(_STRIP, end - strip)
            here, heavy = rows.income[strip : strip + n], rows.weight[strip : strip + n]
            if rows.order.shape[0] > 0:
                bring(rows, strip, n, income, weight)
                here, heavy = income[:n], weight[:n]
            _find_extremes(here, heavy, n, edges)
            if with_care:
                _take_logs_with_care(here, centre, n, log, excess)
                _add_strip(here, heavy, log, excess, centre, n, lanes)
                continue
            _take_logs(here, centre, n, log, excess)
            if _lowest(edges, 0) > 0.0:
                _add_strip(here, heavy, log, None, centre, n, lanes)
            else:
                _leave_out_low(here, centre, n, log, excess)
                _add_strip(here, heavy, log, excess, centre, n, lanes)
        for field in range(_AMOUNTS):
            of_block[field] = _add_up(lanes, field * _LANES)
        of_block[_COUNTED] = end - first
        of_block[_LOWEST], of_block[_HIGHEST] = _lowest(edges, 0), -np.inf
        for j in range(_LANES):
            of_block[_HIGHEST] = _higher(edges[at(_LANES + j)], of_block[_HIGHEST])
        of_block[_LOWEST_WEIGHT] = _lowest(edges, 2 * _LANES)
        if not of_block[_LOWEST_WEIGHT] > 0.0:
            _leave_out(rows, first, end, of_block)


@inlined
def _add_up(lanes: Reals, first: int) -> float:
    """Return the sum of the lanes of a field, halving them, whatever vectors the processor has."""
    width = _LANES // 2
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
