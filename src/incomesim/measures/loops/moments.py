"""All sums that need no order, in one pass: people, money, extremes, and means of functions of income over a centre.

The centre is any usual income: what is relative to the mean follows from it (passes.py), so nobody need know
the mean before.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import log_and_excess, log_of, reduced
from incomesim.compiled.compile import at, entry, inlined, stage
from incomesim.compiled.vectors import WIDTH, choose, fma, load, numbers_of, spread, store
from incomesim.measures.loops.rows import BLOCK, STRIP, Rows, bring

__all__ = ["ROOM", "Amount", "Extreme", "add_moments"]

Reals = NDArray[np.float64]
Sums = tuple[Reals, Reals, Reals, Reals, Reals, Reals]  # vectors, as in Amount
Edges = tuple[Reals, Reals, Reals]  # vectors: the lowest and highest incomes, the lowest weights

_STEP = 4 * WIDTH  # rows that a loop takes between one test for its end and the next


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


_COUNTED, _LOWEST, _HIGHEST, _LOWEST_WEIGHT = (int(v) for v in Extreme)

ROOM = 4 * STRIP
"""Numbers that `add_moments` needs room for."""


@inlined
def _widen(edges: Edges, income: Reals, weight: Reals) -> Edges:
    lowest, highest, lightest = edges
    return (
        choose(income < lowest, income, lowest),
        choose(income > highest, income, highest),
        choose(weight < lightest, weight, lightest),
    )


@inlined
def _begin_logs(income: Reals, weight: Reals, centre: float, n: int, log: Reals, room: Reals, edges: Edges) -> Edges:
    """Do the first step to logarithms of income over the centre; of incomes not above 0 they are without meaning."""
    inverse = 1.0 / centre
    for first in range(0, n, _STEP):
        for j in range(0, _STEP, WIDTH):
            i = at(first + j)
            y = load(income, i)
            k, s = reduced(y * inverse)
            store(log, i, k)
            store(room, i, s)
            edges = _widen(edges, y, load(weight, i))
    return edges


@inlined
def _end_logs(n: int, log: Reals, room: Reals) -> None:
    """Do the second step."""
    for first in range(0, n, _STEP):
        for j in range(0, _STEP, WIDTH):
            i = at(first + j)
            store(log, i, log_of(load(log, i), load(room, i)))


@inlined
def _take_logs_with_care(income: Reals, centre: float, n: int, log: Reals, excess: Reals) -> None:
    """Fill log and excess, d - log, with all digits near the centre; both are 0 of incomes not above 0."""
    inverse = 1.0 / centre
    for first in range(0, n, WIDTH):
        i = at(first)
        y = load(income, i)
        positive = y > 0.0
        log_r, above = log_and_excess(choose(positive, y * inverse, 1.0), choose(positive, (y - centre) * inverse, 0.0))
        store(log, i, log_r)
        store(excess, i, above)


@inlined
def _add(income: Reals, weight: Reals, log: Reals, excess: Reals | None, centre: float, n: int, sums: Sums) -> Sums:
    """Add rows to the sums; where there is no excess, d - log is near enough."""
    inverse = 1.0 / centre
    of_weight, of_money, of_square, of_log, of_log_over, of_log_square = sums
    for first in range(0, n, _STEP):
        for j in range(0, _STEP, WIDTH):
            i = at(first + j)
            y, w, log_r = load(income, i), load(weight, i), load(log, i)
            d = (y - centre) * inverse
            if excess is None:
                positive = y > 0.0
                log_r, above = choose(positive, log_r, 0.0), choose(positive, d - log_r, 0.0)
            else:
                above = load(excess, i)
            over = w * d
            of_weight = of_weight + w
            of_money = fma(w, y, of_money)
            of_square = fma(over, d, of_square)
            of_log = fma(w, above, of_log)
            of_log_over = fma(over, log_r, of_log_over)
            of_log_square = fma(w * log_r, log_r, of_log_square)
    return of_weight, of_money, of_square, of_log, of_log_over, of_log_square


@inlined
def _total(vector: Reals) -> float:
    a, b, c, d = numbers_of(vector)
    total: float = (a + c) + (b + d)
    return total


@entry
def add_moments(rows: Rows, centre: float, with_care: bool, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Amount and Extreme) for the blocks of the rows from start to stop.

    `with_care` keeps all digits where incomes are next to the centre, takes nearly twice as long and finds no extremes.
    """
    log, other = room[:STRIP], room[STRIP : 2 * STRIP]
    income, weight = room[2 * STRIP : 3 * STRIP], room[3 * STRIP :]
    zero, infinity = spread(0.0), spread(np.inf)
    for first in range(start, stop, BLOCK):
        end, of_block = min(first + BLOCK, stop), sums[first // BLOCK]
        added, edges = (zero, zero, zero, zero, zero, zero), (infinity, spread(-np.inf), infinity)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            here, heavy = rows.income[strip : strip + n], rows.weight[strip : strip + n]
            whole = (n + _STEP - 1) // _STEP * _STEP
            if rows.order.shape[0] > 0 or n < whole:
                bring(rows, strip, n, income, weight)
                income[n:whole], weight[n:whole] = income[0], weight[0]  # no extremes but those there are
                here, heavy = income[:whole], weight[:whole]
            if with_care:
                _take_logs_with_care(here, centre, whole, log, other)
                weight[n:whole] = 0.0
                added = _add(here, heavy, log, other, centre, whole, added)
            else:
                edges = _begin_logs(here, heavy, centre, whole, log, other, edges)
                _end_logs(whole, log, other)
                weight[n:whole] = 0.0
                added = _add(here, heavy, log, None, centre, whole, added)
        for field in range(len(added)):
            of_block[field] = _total(added[field])
        lowest, highest, lightest = edges
        of_block[_COUNTED] = end - first
        of_block[_LOWEST], of_block[_HIGHEST] = min(numbers_of(lowest)), max(numbers_of(highest))
        of_block[_LOWEST_WEIGHT] = min(numbers_of(lightest))
        if not of_block[_LOWEST_WEIGHT] > 0.0:
            _leave_out(rows, first, end, of_block)


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
