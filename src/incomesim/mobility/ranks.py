"""Normal ranks: a household's place in the distribution of its year, on the scale of the standard normal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["normal_ranks"]

Reals = NDArray[np.float64]


def normal_ranks(income: Reals, weight: Reals, pool: NDArray[np.int64]) -> Reals:
    """Return the weighted normal rank of each row among the rows of its pool.

    A row's rank is the share of weight below it and half of that beside it: equal incomes have one rank. The ranks
    are scaled to mean 0 and variance 1 in each pool, over its weights. A pool needs two different incomes.
    """
    order = np.lexsort((income, pool))
    first = np.ones(len(order), np.bool_)  # of a run of equal incomes in one pool
    first[1:] = (np.diff(income[order]) != 0.0) | (np.diff(pool[order]) != 0)
    run = np.empty(len(order), np.int64)
    run[order] = np.cumsum(first) - 1
    beside = np.bincount(run, weight)
    pool_of_run = pool[order][first]
    total = np.bincount(pool, weight)
    passed = np.cumsum(beside)
    before_pool = np.append(0.0, np.cumsum(total))[pool_of_run]
    share = (passed - 0.5 * beside - before_pool) / total[pool_of_run]
    score: Reals = ndtri(share)[run]
    score = score - (np.bincount(pool, weight * score) / total)[pool]
    return score / np.sqrt(np.bincount(pool, weight * score**2) / total)[pool]
