"""The common task as a program would run it: households on threads, then the weighted Gini of every year."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.kernel.bins import bin_edges
from incomesim.kernel.common_task import FINENESS, advance_common_task, empty_histogram, new_common_work
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT

__all__ = ["SEED", "YEARS", "gini_by_year", "make_weights", "run_kernel", "sum_households"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

SEED, YEARS = 20222025, 40


def make_weights(households: int) -> Reals:
    """Return weights (N,) between 1 and 1.75 that differ, so that nobody can leave them out."""
    return 1.0 + np.arange(households) % 7 / 8.0


def run_kernel(weight: Reals, years: int = YEARS, threads: int = 1) -> tuple[float, ...]:
    """Return the weighted Gini of every year, each within 1e-5 of the exact one for large N."""
    return tuple(bounded.value for bounded in gini_by_year(sum_households(weight, years, threads)))


def sum_households(weight: Reals, years: int, threads: int = 1) -> Integers:
    """Return the histogram (T, H, 2) over all households; the same bits for any number of threads."""
    cuts = np.linspace(0, len(weight), threads + 1).astype(int)

    def sum_range(start: int, stop: int) -> Integers:
        histogram = empty_histogram(years)
        advance_common_task(int(start), weight[start:stop], np.uint64(SEED), new_common_work(), histogram)
        return histogram

    if threads == 1:
        return sum_range(0, len(weight))
    with ThreadPoolExecutor(threads) as pool:
        total: Integers = sum(pool.map(sum_range, cuts[:-1], cuts[1:]), empty_histogram(years))
    return total


def gini_by_year(histogram: Integers) -> tuple[measures.Bounded, ...]:
    """Return the weighted Gini of every year and how far off it can be."""
    low, high = bin_edges(FINENESS)
    return tuple(measures.bounded(measures.gini, _known_by_bins(low, high, year)) for year in histogram)


def _known_by_bins(low: Reals, high: Reals, counts: Integers) -> measures.Binned:
    """Incomes from bins (H,) and counts (H, 2). Raises ArithmeticError where they lie beyond the bins."""
    weight, money = np.ascontiguousarray(counts.T)
    if weight[0] or weight[-1]:
        raise ArithmeticError("there are incomes beyond the outermost bins")
    some = np.flatnonzero(weight)
    return measures.Binned(low[some], high[some], weight[some] * WEIGHT_UNIT, money[some] * MONEY_UNIT)
