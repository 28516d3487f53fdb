"""Influence functions of measures of inequality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.ranked import Ranked, UndefinedMeasure

__all__ = ["of_cv", "of_gini", "of_mld", "of_theil"]

Reals = NDArray[np.float64]


def of_gini(people: Ranked, value: float) -> Reals:
    """2 (y C(y) + Y - T(y)) / (N Y) - (G + 1) (1 / N + y / Y), C and T cumulated through all ties.

    Source: Langel & Tille (2013, Journal of the Royal Statistical Society A 176(2)), with ties.
    """
    last = _last_of_tie(people.income)
    below, money = people.weight_below[last], people.money_below[last]
    relative = people.income / people.positive_mean
    share = below / people.total_weight
    above = 1.0 - money / people.total_money
    return (2.0 * (relative * share + above) - (value + 1.0) * (1.0 + relative)) / people.total_weight


def of_theil(people: Ranked, value: float) -> Reals:
    """N u = r (log r - T - 1) + 1."""
    relative = people.income / people.positive_mean
    logs = np.log(relative, out=np.zeros_like(relative), where=relative > 0.0)
    return (relative * (logs - value - 1.0) + 1.0) / people.total_weight


def of_mld(people: Ranked, value: float) -> Reals:
    """N u = r - 1 - log r - L."""
    relative = people.income / people.positive_mean
    return (relative - 1.0 - np.log(relative) - value) / people.total_weight


def of_cv(people: Ranked, value: float) -> Reals:
    """2 V N u = r^2 - (2 r - 1) (1 + V^2)."""
    if value == 0.0:
        raise UndefinedMeasure("all incomes are equal; the coefficient of variation has no derivative there")
    relative = people.income / people.positive_mean
    square = 1.0 + value * value
    return (relative * relative - (2.0 * relative - 1.0) * square) / (2.0 * value * people.total_weight)


def _last_of_tie(income: Reals) -> NDArray[np.int64]:
    """Return for every row the last row with the same income."""
    ends = np.flatnonzero(np.append(income[1:] != income[:-1], True))
    return np.repeat(ends, np.diff(ends, prepend=-1))
