"""Influence functions of measures of polarisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inference.inequality import by_ranks, last_of_tie
from incomesim.measures.inference.location import of_median, of_money
from incomesim.measures.location import median
from incomesim.measures.polarisation import kernel_density
from incomesim.measures.ranked import Ranked, rank, weighted_sum

__all__ = ["of_der", "of_foster_wolfson", "of_wolfson"]

Reals = NDArray[np.float64]


def of_foster_wolfson(people: Ranked, value: float) -> Reals:
    """(mean - 2 GL(1/2) - absolute Gini) / median, GL(1/2) the income of the poorer half per head of all."""
    middle = median(people)
    numerator = people.income - 2.0 * of_money(people, 0.5) - by_ranks(people, people.income, lambda p: 2.0 * p - 1.0)
    numerator -= weighted_sum(numerator, people.weight) / people.total_weight
    return (numerator / people.total_weight - value * of_median(people, middle)) / middle


def of_wolfson(people: Ranked, value: float) -> Reals:
    """Twice that of half of it."""
    return 2.0 * of_foster_wolfson(people, 0.5 * value)


def of_der(people: Ranked, value: float, *, alpha: float, bandwidth: float) -> Reals:
    """That of the mean of f^alpha a times mean^(alpha - 1): each row is one of the mean, of f and of the distances a.

    The bandwidth is taken as it is.
    """
    total, mean = people.total_weight, people.positive_mean
    density = kernel_density(people, bandwidth)
    powered = density**alpha
    distance = _distances(people, people.weight) / total
    whole = weighted_sum(powered * distance, people.weight) / total
    found = powered * distance + _distances(people, people.weight * powered) / total - (2.0 + alpha) * whole
    if alpha and distance.min() > 0.0:  # nobody is at a distance where all are equal
        heavy = people.weight * alpha * density ** (alpha - 1.0) * distance
        found += kernel_density(rank(people.income, heavy), bandwidth) * heavy.sum() / total
    moved = (alpha - 1.0) * value * (people.income - mean) / mean
    return np.asarray((found * mean ** (alpha - 1.0) + moved) / total)


def _distances(people: Ranked, weight: Reals) -> Reals:
    """Sums (n,) of weight times distance to all others."""
    last = last_of_tie(people.income)
    below, money = np.cumsum(weight), np.cumsum(weight * people.income)
    return np.asarray(people.income * (2.0 * below[last] - below[-1]) + money[-1] - 2.0 * money[last])
