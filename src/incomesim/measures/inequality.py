"""Inequality of one distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked, weighted_sum

__all__ = ["cv", "gini", "mld", "theil"]


def gini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the Gini coefficient: half the mean absolute difference between two people over the mean.

    Between 0 (all equal) and 1 for incomes that are not negative; with negative ones it may exceed 1. It
    is the population's formula: repeating every row leaves it as it is. Raises UndefinedMeasure where
    the mean is not above 0. Source: Sen (1973), On Economic Inequality, chapter 2.
    """
    people = ranked(income, weight)
    mean = people.positive_mean
    middle = people.weight_below - 0.5 * people.weight
    total = people.total_weight
    value = 2.0 * weighted_sum(people.income, people.weight * middle) / (total * total * mean) - 1.0
    return value if people.income[0] < 0.0 else min(max(value, 0.0), 1.0)


def theil(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Theil's T, the mean of (y/mean) log(y/mean): generalised entropy of order 1.

    Between 0 and the log of the number of people; an income of 0 adds 0. Raises UndefinedMeasure for
    negative incomes or a mean that is not above 0. Source: Theil (1967), Economics and Information Theory.
    """
    people = ranked(income, weight)
    mean = people.positive_mean
    if people.income[0] < 0.0:
        raise UndefinedMeasure(f"Theil's T has no meaning for negative incomes; the lowest is {people.income[0]:g}")
    first = int(np.searchsorted(people.income, 0.0, side="right"))
    relative = people.income[first:] / mean
    return max(weighted_sum(np.log(relative), people.weight[first:] * relative) / people.total_weight, 0.0)


def mld(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the mean log deviation, the mean of log(mean/y): Theil's L, generalised entropy of order 0.

    Not negative, without upper limit. Raises UndefinedMeasure unless all incomes are above 0. Source:
    Theil (1967).
    """
    people = ranked(income, weight)
    if people.income[0] <= 0.0:
        raise UndefinedMeasure(f"the mean log deviation needs incomes above 0; the lowest is {people.income[0]:g}")
    mean = people.positive_mean
    return max(-weighted_sum(np.log(people.income / mean), people.weight) / people.total_weight, 0.0)


def cv(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the coefficient of variation: standard deviation of the population over the mean.

    Not negative. Raises UndefinedMeasure where the mean is not above 0.
    """
    people = ranked(income, weight)
    mean = people.positive_mean
    return float(np.sqrt(weighted_sum((people.income / mean - 1.0) ** 2, people.weight) / people.total_weight))
