"""Who changes place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import Ranked, UndefinedMeasure, ranked

__all__ = ["quantile_groups", "transition_matrix"]


def quantile_groups(income: ArrayLike | Ranked, weight: ArrayLike | None = None, number: int = 5) -> NDArray[np.int64]:
    """Return for each row which of `number` equal groups of people it belongs to, 0 the poorest.

    By the weighted rank of the row's middle; equal incomes are divided in the order of the rows. Rows of
    weight 0 get -1.
    """
    people = ranked(income, weight)
    middle = (people.weight_below - 0.5 * people.weight) / people.total_weight
    groups = np.full(people.rows, -1)
    groups[people.order] = np.minimum((middle * number).astype(np.int64), number - 1)
    return groups


def transition_matrix(
    origin: ArrayLike, destination: ArrayLike, weight: ArrayLike | None = None, number: int = 5
) -> NDArray[np.float64]:
    """Return the shares (number, number) of people of each group of origin in each group of destination.

    Rows add up to 1. Raises UndefinedMeasure where a group of origin is empty.
    """
    start, end = np.asarray(origin), np.asarray(destination)
    weights = np.ones(len(start)) if weight is None else np.asarray(weight, np.float64)
    counts = np.bincount(start * number + end, weights, number * number).reshape(number, number)
    totals = counts.sum(axis=1, keepdims=True)
    if (totals <= 0.0).any():
        raise UndefinedMeasure(f"nobody starts in group {int(np.argmin(totals))}")
    shares: NDArray[np.float64] = counts / totals
    return shares
