"""Influence functions of measures of poverty and affluence with a line that is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inference.inequality import by_ranks, last_of_tie
from incomesim.measures.poverty import watts
from incomesim.measures.ranked import Ranked

__all__ = [
    "of_affluence_concave",
    "of_affluence_convex",
    "of_affluence_gap",
    "of_chakravarty",
    "of_chu",
    "of_fgt",
    "of_sen",
    "of_sst",
    "of_watts",
]

Reals = NDArray[np.float64]


def of_fgt(people: Ranked, value: float, *, line: float, order: float, or_equal: bool) -> Reals:
    """N u = gap^order - P, with gap = 1 - y / line for the poor and 0 for others."""
    poor = people.income <= line if or_equal else people.income < line
    gap = np.where(poor, 1.0 - people.income / line, 0.0)
    powered: Reals = gap**order if order else poor.astype(np.float64)
    return (powered - value) / people.total_weight


def of_watts(people: Ranked, value: float, *, line: float) -> Reals:
    """N u = log(line / y) - W, 0 - W for those who are not poor."""
    return (-np.log(_reached(people, line)) - value) / people.total_weight


def of_chakravarty(people: Ranked, value: float, *, line: float, order: float) -> Reals:
    """N u = 1 - min(y / line, 1)^order - C."""
    return np.asarray((1.0 - _reached(people, line) ** order - value) / people.total_weight)


def of_chu(people: Ranked, value: float, *, line: float, order: float) -> Reals:
    """N u = (1 - C) (1 - (min(y / line, 1) / (1 - C))^order) / order; at order 0 that of 1 - exp(-Watts)."""
    if order == 0.0:
        return (1.0 - value) * of_watts(people, watts(people, line=line), line=line)
    left = 1.0 - value
    if left == 0.0:
        return np.zeros(len(people.income))
    return np.asarray(left * (1.0 - (_reached(people, line) / left) ** order) / (order * people.total_weight))


def of_sst(people: Ranked, value: float, *, line: float) -> Reals:
    """1 less the integral of min(quantile, line) / line times 2 (1-p)."""
    return by_ranks(people, np.minimum(people.income, line), lambda p: 2.0 * (p - 1.0)) / (line * people.total_weight)


def of_sen(people: Ranked, value: float, *, line: float) -> Reals:
    """That of the poverty gap, and of half the mean distance between two poor people over their share and the line."""
    poor = int(np.searchsorted(people.income, line))
    found = np.zeros(len(people.income))
    if poor == 0:
        return found
    income, total = people.income[:poor], people.total_weight
    last = last_of_tie(income)
    below, money = people.weight_below[:poor] / total, people.money_below[:poor] / total
    head = below[-1]
    distance = income * (2.0 * below[last] - head) + money[-1] - 2.0 * money[last]  # to the poor, by all people
    mean_distance = float((distance * people.weight[:poor]).sum()) / total
    gap = np.maximum(1.0 - people.income / line, 0.0)
    found[:poor] = distance / head - mean_distance / (2.0 * head**2)
    found -= mean_distance / (2.0 * head)
    return (gap - float((gap * people.weight).sum()) / total + found / line) / total


def of_affluence_convex(people: Ranked, value: float, *, line: float, order: float) -> Reals:
    """N u = (y / line - 1)^order - R for the rich, 0 - R for others."""
    return np.asarray((np.maximum(people.income / line - 1.0, 0.0) ** order - value) / people.total_weight)


def of_affluence_gap(people: Ranked, value: float, *, line: float, order: float) -> Reals:
    """N u = (1 - line / y)^order - R for the rich, 0 - R for others."""
    rich = people.income > line
    above = (1.0 - 1.0 / np.maximum(people.income / line, 1.0)) ** order
    return (np.where(rich, above, 0.0) - value) / people.total_weight


def of_affluence_concave(people: Ranked, value: float, *, line: float, order: float) -> Reals:
    """N u = 1 - (line / y)^order - R for the rich, 0 - R for others."""
    return np.asarray((1.0 - np.maximum(people.income / line, 1.0) ** -order - value) / people.total_weight)


def _reached(people: Ranked, line: float) -> Reals:
    """Income in lines, 1 for those who are not poor."""
    return np.minimum(people.income / line, 1.0)
