"""Whole numbers that stand in the order of the incomes, with the number of the row in their low bits.

Sorting these sorts the rows: `np.sort` of bare whole numbers is several times as fast as an `argsort`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import entry, inlined

__all__ = ["Packing", "keep_rows", "order_runs", "ordered_bits", "pack", "varying_bits"]

Reals = NDArray[np.float64]
Words = NDArray[np.uint64]

_SIGN = np.uint64(1 << 63)
_TOP = np.uint64(63)
_ONE = np.uint64(1)
_FLOAT = np.uint64(1 << 62)  # with this bit and without the next lower the exponent is within bounds
_SHORT = 24  # rows: longer runs are left to the caller


class Packing(NamedTuple):
    """How an income becomes a key: ((its ordered bits - lowest) >> dropped) << row_bits, plus the row, plus 2^62.

    Below 2^61 without the last, keys are the bits of a float64 that is neither tiny nor infinite, and rises with them.
    """

    lowest: np.uint64
    dropped: np.uint64
    row_bits: np.uint64


@inlined
def ordered_bits(income: float) -> np.uint64:
    """Return a whole number that rises with the income; both zeros have the same."""
    bits = np.float64(income + 0.0).view(np.uint64)
    negative = np.uint64(0) - (bits >> _TOP)
    return np.uint64(bits ^ (negative | _SIGN))


@entry
def varying_bits(income: Reals, weight: Reals, start: int, stop: int, lowest: np.uint64) -> np.uint64:
    """Return the ordered bits in which a row with a weight, from start to stop, differs from the lowest income."""
    varying = np.uint64(0)
    for i in range(start, min(stop, income.shape[0])):
        different = ordered_bits(income[i]) ^ lowest
        varying |= different if weight[i] > 0.0 else np.uint64(0)
    return varying


@entry
def pack(income: Reals, weight: Reals, packing: Packing, start: int, stop: int, place: int, keys: Words) -> None:
    """Write the keys of the rows from start to stop that have a weight, from a place on."""
    for i in range(start, stop):
        if weight[i] > 0.0:
            prefix = (ordered_bits(income[i]) - packing.lowest) >> packing.dropped
            keys[np.uint64(place)] = _FLOAT | (prefix << packing.row_bits) | np.uint64(i)
            place += 1


@inlined
def _before(income: Reals, row: np.uint64, other: np.uint64) -> bool:
    """Whether a row stands before another: lower income, or the same and further up in the data."""
    return bool(income[row] < income[other] or (income[row] == income[other] and row < other))


@entry
def order_runs(income: Reals, packing: Packing, keys: Words, start: int, run: NDArray[np.int64]) -> bool:
    """Put rows with the same truncated income in order, in sorted keys from start on.

    Stops at a long run that is out of order, and returns whether there was one: `run` (2,) is where it starts and ends.
    """
    mask = (_ONE << packing.row_bits) - _ONE
    number = keys.shape[0]
    first = start
    while first < number - 1:
        prefix = keys[first] >> packing.row_bits
        if keys[first + 1] >> packing.row_bits != prefix:
            first += 1
            continue
        last = first + 1
        in_order = True
        while last < number and keys[last] >> packing.row_bits == prefix:
            in_order &= income[keys[last - 1] & mask] <= income[keys[last] & mask]
            last += 1
        if not in_order and last - first > _SHORT:
            run[0], run[1] = first, last
            return True
        if not in_order:
            for i in range(first + 1, last):
                key = keys[i]
                j = i
                while j > first and _before(income, key & mask, keys[j - 1] & mask):
                    keys[j] = keys[j - 1]
                    j -= 1
                keys[j] = key
        first = last
    return False


@entry
def keep_rows(keys: Words, packing: Packing, order: NDArray[np.uint32]) -> None:
    """Leave the rows of sorted keys in `order` (n,), which may be the same memory."""
    mask = (_ONE << packing.row_bits) - _ONE
    for i in range(keys.shape[0]):
        order[i] = np.uint32(keys[i] & mask)
