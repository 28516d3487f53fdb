"""The order of the rows of a large array, by sorting whole numbers in place."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import or_

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.threads import available_threads, share_out
from incomesim.measures.loops.groups import count_groups, deal_out
from incomesim.measures.loops.keys import Packing, keep_rows, order_runs, pack, varying_bits
from incomesim.measures.loops.rows import BLOCK, Rows
from incomesim.measures.passes import PIECE, Counts, rows_of
from incomesim.measures.ranked import Ranked

__all__ = ["key_of", "sort_rows", "split_order", "split_rows"]

Words = NDArray[np.uint64]
Places = NDArray[np.uint32]
Codes = NDArray[np.unsignedinteger]

_ALL = (1 << 64) - 1
_KEY_BITS = 61  # what a float64 between 2 and 2^513 can hold


def key_of(income: float) -> int:
    """Return the whole number of 64 bits that stands for an income: it rises with the income."""
    bits = int(np.float64(income + 0.0).view(np.uint64))
    return bits ^ _ALL if bits >> 63 else bits | 1 << 63


def sort_rows(rows: Rows, counts: Counts) -> NDArray[np.uint32]:
    """Return the places of rows with a weight in rising order of income, equal ones as they stand in the data.

    Incomes become whole numbers in the same order, less the bits in which none differs from another and,
    where they and the number of the row need more than 61 bits together, less their last bits. These are
    sorted, then rows that differ in the last bits only are put in order. Needs 8 bytes for a row, keeps 4.
    """
    income, weight = rows.income, rows.weight
    packing, whole = _choose(rows, counts)
    before = np.append(0, np.cumsum(counts.counted))
    keys = np.empty(before[-1], np.uint64)

    def fill(start: int) -> None:
        pack(income, weight, packing, start, min(start + PIECE, len(income)), before[start // BLOCK], keys)

    share_out(fill, range(0, len(income), PIECE))
    _sort(keys)
    if not whole:
        _order_equals(rows, packing, keys)
    number = len(keys)
    keep_rows(keys, packing, keys.view(np.uint32))
    keys.resize((number + 1) // 2, refcheck=False)  # gives the other half of the memory back
    return keys.view(np.uint32)[:number]


def split_order(order: Places, group: Codes, number: int) -> list[Places]:
    """Return the order of each group 0 .. number-1; `group` (rows,) is by row. Needs 4 bytes for a row."""
    return _split(order, np.empty(0), group, number)


def split_rows(people: Ranked, group: Codes, number: int) -> list[Places]:
    """Return the rows of each group that have a weight, as they stand in the data. Needs 4 bytes for a row."""
    return _split(np.empty(0, np.uint32), people.given_weight, group, number)


def _split(order: Places, weight: NDArray[np.float64], group: Codes, number: int) -> list[Places]:
    rows = len(order) or len(weight)
    rows_in = rows_of(weight, weight, order)
    pieces = [(start, min(start + PIECE, rows)) for start in range(0, rows, PIECE)]
    counted = np.zeros((len(pieces), number), np.int64)
    share_out(lambda i: count_groups(rows_in, group, *pieces[i], counted[i]), range(len(pieces)))
    sizes = counted.sum(axis=0)
    place = np.cumsum(sizes) - sizes + np.cumsum(counted, axis=0) - counted
    split = np.empty(sizes.sum(), np.uint32)
    share_out(lambda i: deal_out(rows_in, group, *pieces[i], place[i], split), range(len(pieces)))
    return np.split(split, np.cumsum(sizes)[:-1])


def _choose(rows: Rows, counts: Counts) -> tuple[Packing, bool]:
    """How incomes become keys, and whether nothing of them is lost."""
    lowest, highest = key_of(counts.lowest), key_of(counts.highest)
    starts = range(0, len(rows.income), PIECE)
    within = share_out(
        lambda at: int(varying_bits(rows.income, rows.weight, at, at + PIECE, np.uint64(lowest))), starts
    )
    varying = reduce(or_, within)
    same = (varying & -varying).bit_length() - 1 if varying else 0
    row_bits = max((len(rows.income) - 1).bit_length(), 1)
    dropped = max(same, (highest - lowest).bit_length() + row_bits - _KEY_BITS)
    return Packing(np.uint64(lowest), np.uint64(dropped), np.uint64(row_bits)), dropped <= same


def _sort(keys: Words) -> None:
    """Sort in place, as the floats that have these bits: NumPy is quicker there than with whole numbers.

    The lower and the higher half are told apart, then sorted at the same time.
    """
    keys = keys.view(np.float64)
    if len(keys) <= PIECE or available_threads() == 1:
        keys.sort()
        return
    half = len(keys) // 2
    keys.partition(half)
    share_out(lambda part: part.sort(), [keys[:half], keys[half:]])


def _order_equals(rows: Rows, packing: Packing, keys: Words) -> None:
    mask = (np.uint64(1) << packing.row_bits) - np.uint64(1)

    def put_in_order(part: Words) -> None:
        run = np.zeros(2, np.int64)
        while order_runs(rows.income, packing, part, run[1], run):
            long = part[run[0] : run[1]]
            long[:] = long[np.argsort(rows.income[long & mask], kind="stable")]

    share_out(put_in_order, _between_runs(keys, packing))


def _between_runs(keys: Words, packing: Packing) -> list[Words]:
    """The keys in a few parts, none of which ends among equal prefixes."""
    number = min(len(keys) // PIECE + 1, 16)
    cuts = keys[np.linspace(0, len(keys) - 1, number, dtype=np.int64)[1:-1]] >> packing.row_bits << packing.row_bits
    ends = np.unique(np.concatenate([[0], np.searchsorted(keys, cuts), [len(keys)]]))
    return [keys[start:end] for start, end in pairwise(ends)]
