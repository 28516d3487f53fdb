"""Equal, or other, groups of households or persons by income per head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.population.households import Households

__all__ = ["income_group", "rank_in_groups"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


def income_group(households: Households, rows: NDArray[np.bool_], shares: Reals, of_persons: bool) -> Integers:
    """Return 0, 1, ... for the group of the chosen households each belongs to by income per head, -1 for others.

    `shares` (groups + 1,) are the cumulative shares of households, or of persons, at which groups begin and end.
    """
    weight = households.weight * households.persons if of_persons else households.weight
    group = np.full(len(households), -1)
    income = households.disposable() / households.persons
    group[rows] = rank_in_groups(income[rows], weight[rows], shares)
    return group


def rank_in_groups(income: Reals, weight: Reals, shares: Reals) -> Integers:
    """Return 0, 1, ... for the group that each stands in by rank of income, shape (n,).

    Whoever stands across the end of a group is in the one that the middle of its weight is in.
    """
    order = np.argsort(income, kind="stable")
    place = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    group = np.empty(len(income), np.int64)
    group[order] = np.searchsorted(shares[1:-1], place, side="right")
    return group
