"""Gini coefficients for negative incomes and for small samples: none is the default, each has its own name."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.inequality import absolute_gini, gini, lorenz_distance
from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked, weighted_sum

__all__ = ["chen_tsaur_rhai_gini", "gini_corrected_for_counts", "gini_corrected_for_weights", "raffinetti_gini"]


def chen_tsaur_rhai_gini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the Gini coefficient normalised for negative incomes, between 0 and 1.

    The area between the diagonal and the Lorenz curve over the area below the diagonal and above the curve where that
    is negative; the Gini itself where no income is negative. Raises UndefinedMeasure where the mean is
    not above 0. Source: Chen, Tsaur & Rhai (1982, Oxford Economic Papers 34(3)) with the correction of Berrebi & Silber
    (1985, Oxford Economic Papers 37(3)).
    """
    people = ranked(income, weight)
    p, distance, _ = lorenz_distance(people)
    height = p - distance
    start, end, width = height[:-1], height[1:], np.diff(p)
    below = np.minimum(start, 0.0) + np.minimum(end, 0.0)  # twice the mean height where both are negative
    crossing = (start < 0.0) & (end > 0.0)
    part = np.divide(start, start - end, out=np.ones_like(start), where=crossing)
    return gini(people) / (1.0 - float((below * part * width).sum()))


def raffinetti_gini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return half the mean absolute difference between two people over the mean of absolute incomes.

    Between 0 and 1, for any incomes that are not all 0; the Gini itself where no income is negative. Raises
    UndefinedMeasure where all are 0. Source: Raffinetti, Siletti & Vernizzi (2015), Statistical Methods &
    Applications 24(3).
    """
    people = ranked(income, weight)
    size = weighted_sum(np.abs(people.income), people.weight) / people.total_weight
    if size == 0.0:
        raise UndefinedMeasure("all incomes are 0; this Gini needs one that is not")
    return min(absolute_gini(people) / size, 1.0)


def gini_corrected_for_counts(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the Gini times N / (N - 1), where weights are numbers of people observed and N is their sum.

    The mean absolute difference is then between two different people. Not replication invariant. Raises
    UndefinedMeasure where N is not above 1. Source: Deltas (2003), Review of Economics and Statistics 85(1).
    """
    people = ranked(income, weight)
    number = people.total_weight
    if number <= 1.0:
        raise UndefinedMeasure(f"{number:g} people were counted, expected more than 1")
    return gini(people) * number / (number - 1.0)


def gini_corrected_for_weights(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the Gini over 1 - (sum of squared weights) / (squared sum), where each row is one person of a sample.

    Weights are inverse chances of being sampled; with equal ones it is n / (n - 1) times the Gini. Rows of
    weight 0 do not count. Not replication invariant. Raises UndefinedMeasure for fewer than two people.
    Source: Davidson (2009), Journal of Econometrics 150(1), for equal weights.
    """
    people = ranked(income, weight)
    if len(people.weight) < 2:
        raise UndefinedMeasure("there is one person with a weight above 0, expected at least two")
    shares = people.weight / people.total_weight
    return gini(people) / (1.0 - float((shares * shares).sum()))
