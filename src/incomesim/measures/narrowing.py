"""A quantile of a large array without sorting it: count by ranges of incomes, and look into one range only."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.threads import share_out
from incomesim.measures.loops.bins import BINS, collect, count_bins
from incomesim.measures.loops.rows import Rows
from incomesim.measures.passes import Counts, rows_of
from incomesim.measures.ranked import Side
from incomesim.measures.sorting import key_of

__all__ = ["narrow_down"]

Reals = NDArray[np.float64]

_PARTS = 16  # of the rows, with counts of their own: fixed, so that sums do not depend on the threads
_FEW = 65_536  # rows: these are sorted


def narrow_down(rows: Rows, counts: Counts, wanted: float, side: Side) -> tuple[float, float, float]:
    """Return the income where so many people are reached, and the sums of weight and money up to there."""
    income, weight = rows.income, rows.weight
    lowest, highest = key_of(counts.lowest), key_of(counts.highest)
    below, money = 0.0, 0.0
    while highest > lowest and len(income) > _FEW:
        dropped = max((highest - lowest).bit_length() - (BINS - 1).bit_length(), 0)
        place = np.uint64(lowest), np.uint64(dropped)
        sums = _count(income, weight, *place)
        number, people, yuan = sums.sum(axis=0)
        reached = below + np.cumsum(people)
        occupied = np.flatnonzero(number)
        chosen = occupied[min(int(np.searchsorted(reached[occupied], wanted, side=side)), len(occupied) - 1)]
        below, money = below + people[:chosen].sum(), money + yuan[:chosen].sum()
        income, weight = _collect(income, weight, *place, int(chosen), sums[:, 0, chosen].astype(np.int64))
        lowest, highest = lowest + (int(chosen) << dropped), min(highest, lowest + (int(chosen + 1) << dropped) - 1)
    counted = np.flatnonzero(weight > 0.0)
    order = counted[np.argsort(income[counted], kind="stable")]
    income, weight = income[order], weight[order]
    people, yuan = below + np.cumsum(weight), money + np.cumsum(weight * income)
    row = min(int(np.searchsorted(people, wanted, side=side)), len(income) - 1)
    return float(income[row]), float(people[row]), float(yuan[row])


def _limits(rows: int) -> list[tuple[int, int]]:
    ends = np.linspace(0, rows, _PARTS + 1, dtype=np.int64)
    return [(int(start), int(stop)) for start, stop in pairwise(ends)]


def _count(income: Reals, weight: Reals, lowest: np.uint64, dropped: np.uint64) -> Reals:
    """Rows, weight and money (parts, 3, bins)."""
    sums = np.empty((_PARTS, 3, BINS))
    limits = _limits(len(income))
    share_out(lambda i: count_bins(income, weight, lowest, dropped, *limits[i], sums[i]), range(_PARTS))
    return sums


def _collect(
    income: Reals, weight: Reals, lowest: np.uint64, dropped: np.uint64, chosen: int, number: NDArray[np.int64]
) -> tuple[Reals, Reals]:
    """The rows of a bin, in the order of the data; `number` (parts,) says how many each part has."""
    ends = np.cumsum(number)
    incomes, weights = np.empty(ends[-1]), np.empty(ends[-1])
    limits = _limits(len(income))

    def fill(i: int) -> None:
        place = slice(ends[i] - number[i], ends[i])
        collect(income, weight, lowest, dropped, np.uint64(chosen), *limits[i], incomes[place], weights[place])

    share_out(fill, range(_PARTS))
    found = rows_of(incomes, weights)
    return found.income, found.weight
