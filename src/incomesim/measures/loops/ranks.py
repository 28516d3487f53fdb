"""Sums along the order of incomes: how many people and how much money stand below, and how far apart people are."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import at, entry
from incomesim.measures.loops.rows import BLOCK, STRIP, Rows, bring

__all__ = ["Along", "add_along", "fill_below"]

Reals = NDArray[np.float64]


class Along(IntEnum):
    """Columns of sums of a block of rows in order; C is the weight in the block up to and including the row."""

    WEIGHT = 0
    MONEY = 1
    ABOVE = 2  # weight * (income - centre)
    APART = 3  # weight * (income - centre) * (2 C - weight)


_WEIGHT, _MONEY, _ABOVE, _APART = (int(v) for v in Along)


@entry
def add_along(rows: Rows, centre: float, start: int, stop: int, room: Reals, sums: Reals) -> None:
    """Fill sums (blocks, Along) for the blocks of the rows from start to stop."""
    income, weight = room[:STRIP], room[STRIP : 2 * STRIP]
    for first in range(start, stop, BLOCK):
        end = min(first + BLOCK, stop)
        below, money, above, apart = 0.0, 0.0, 0.0, 0.0
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            for i in range(n):
                w, y = weight[i], income[i]
                distance = w * (y - centre)
                apart += distance * ((below + below) + w)
                below += w
                money += w * y
                above += distance
        block = first // BLOCK
        sums[block, _WEIGHT], sums[block, _MONEY] = below, money
        sums[block, _ABOVE], sums[block, _APART] = above, apart


@entry
def fill_below(rows: Rows, start: int, stop: int, room: Reals, before: Reals, below: Reals, money: Reals) -> None:
    """Fill below and money (stop - start,) with sums of weight and of weight times income up to each row.

    `start` begins a block, and `before` (2,) holds the sums before it.
    """
    income, weight = room[:STRIP], room[STRIP : 2 * STRIP]
    people, yuan = before[0], before[1]
    for first in range(start, stop, BLOCK):
        end = min(first + BLOCK, stop)
        inside, gained = 0.0, 0.0
        for strip in range(first, end, STRIP):
            n = min(STRIP, end - strip)
            bring(rows, strip, n, income, weight)
            for i in range(n):
                inside += weight[i]
                gained += weight[i] * income[i]
                below[at(strip - start + i)] = people + inside
                money[at(strip - start + i)] = yuan + gained
        people += inside
        yuan += gained
