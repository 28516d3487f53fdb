"""Means over people of functions of income over its mean, all in one pass."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import log_and_excess
from incomesim.compiled.compile import at, entry, stage
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, add_up, bring

__all__ = ["Term", "add_moments"]

Reals = NDArray[np.float64]


class Term(IntEnum):
    """Columns of sums of weight times a function of r = income / mean, d = r - 1.

    All but the first two are of incomes above 0 only. Each is 0 at r = 1 and never negative, so nothing cancels
    where incomes are nearly equal.
    """

    SQUARE = 0  # d^2
    ABSOLUTE = 1  # |d|
    LOG = 2  # d - log r
    THEIL = 3  # r log r - d
    LOG_SQUARE = 4  # (log r)^2


_SQUARE, _ABSOLUTE, _LOG, _THEIL, _LOG_SQUARE = (int(v) for v in Term)
_TERMS = len(Term)


@stage
def _add_strip(income: Reals, weight: Reals, centre: float, lanes: Reals, n: int) -> None:
    inverse = 1.0 / centre
    for first in range(0, n, LANES):
        for j in range(min(LANES, n - first)):
            y, w = income[at(first + j)], weight[at(first + j)]
            above = (y - centre) * inverse
            lanes[_SQUARE * LANES + j] += w * (above * above)
            lanes[_ABSOLUTE * LANES + j] += w * abs(above)
            positive = y > 0.0
            w = w if positive else 0.0
            d = above if positive else 0.0
            r = y * inverse if positive else 1.0
            log_r, excess = log_and_excess(r, d)
            lanes[_LOG * LANES + j] += w * excess
            lanes[_THEIL * LANES + j] += w * (d * log_r - excess)
            lanes[_LOG_SQUARE * LANES + j] += w * (log_r * log_r)


@entry
def add_moments(rows: Rows, centre: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Term) for the blocks of the rows from start to stop; `centre` is the mean."""
    income, weight, lanes = room[:STRIP], room[STRIP : 2 * STRIP], room[2 * STRIP :]
    for first in range(start, stop, BLOCK):
        lanes[:] = 0.0
        end = min(first + BLOCK, stop)
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            _add_strip(income, weight, centre, lanes, n)
        for term in range(_TERMS):
            sums[first // BLOCK, term] = add_up(lanes, term)
