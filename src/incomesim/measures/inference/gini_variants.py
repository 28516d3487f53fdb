"""Influence functions of Gini coefficients for negative incomes and for small samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inequality import gini, lorenz_distance
from incomesim.measures.inference.inequality import by_ranks, last_of_tie, of_gini
from incomesim.measures.ranked import Ranked, weighted_sum

__all__ = [
    "of_chen_tsaur_rhai_gini",
    "of_gini_corrected_for_counts",
    "of_gini_corrected_for_weights",
    "of_raffinetti_gini",
]

Reals = NDArray[np.float64]


def of_raffinetti_gini(people: Ranked, value: float) -> Reals:
    """Absolute Gini over the mean of absolute incomes."""
    size = np.abs(people.income)
    mean_size = weighted_sum(size, people.weight) / people.total_weight
    numerator = by_ranks(people, people.income, lambda p: 2.0 * p - 1.0)
    return (numerator - value * (size - mean_size)) / (mean_size * people.total_weight)


def of_chen_tsaur_rhai_gini(people: Ranked, value: float) -> Reals:
    """Gini over 1 - 2 B, B the integral of L where it is negative: up to a rank where L is 0, so that may stay."""
    whole = gini(people)
    p, distance, slope = lorenz_distance(people)
    height, relative = p - distance, 1.0 + slope
    crossing = int(np.searchsorted(-(height[1:] < 0.0).astype(np.int8), 0)) if height[1] < 0.0 else -1
    of_whole = of_gini(people, whole)
    if crossing < 0:
        return of_whole
    end = p[crossing] - height[crossing] / relative[crossing]
    ranks = np.minimum(p, end)
    width = np.diff(ranks)
    mean_rank = 0.5 * (ranks[1:] ** 2 - ranks[:-1] ** 2)
    heights = np.append(height[: crossing + 1], np.zeros(len(height) - crossing - 1))
    area = float((0.5 * (heights[1:] + heights[:-1]) * width).sum())
    last = last_of_tie(people.income)
    ahead = np.append(np.cumsum((relative * width)[::-1])[::-1], 0.0)[last + 1]
    lacking = ahead - relative * (end - ranks[last + 1])
    of_area = (relative * mean_rank).sum() - relative * area - lacking
    return np.asarray((of_whole + 2.0 * value * of_area / people.total_weight) / (1.0 - 2.0 * area))


def of_gini_corrected_for_counts(people: Ranked, value: float) -> Reals:
    """That of G N / (N - 1), the number of people being a chance too."""
    number, whole = people.total_weight, gini(people)
    return of_gini(people, whole) * number / (number - 1.0) - whole / (number - 1.0) ** 2


def of_gini_corrected_for_weights(people: Ranked, value: float) -> Reals:
    """That of G / (1 - S), with S the sum of squared shares of the weights."""
    share = people.weight / people.total_weight
    squares = float((share * share).sum())
    of_squares = 2.0 * (share - squares) / people.total_weight
    return np.asarray((of_gini(people, gini(people)) + value * of_squares) / (1.0 - squares))
