"""Influence functions of the shares of the middle, in people and in income."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inference.density import density_at
from incomesim.measures.inference.location import of_median
from incomesim.measures.location import median
from incomesim.measures.ranked import Ranked

__all__ = [
    "of_income_share_around_median",
    "of_income_share_between",
    "of_share_around_median",
    "of_share_between",
]

Reals = NDArray[np.float64]


def of_share_between(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """N u = 1[lower <= y < upper] - S."""
    return (_inside(people, lower, upper) - value) / people.total_weight


def of_share_around_median(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """The limits move with the median, and at each there are people who cross it."""
    middle = median(people)
    fixed = of_share_between(people, value, lower=lower * middle, upper=upper * middle)
    return fixed + _crossing(people, middle, lower, upper, 0) * of_median(people, middle)


def of_income_share_between(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """Y u = y 1[lower <= y < upper] - S y."""
    return people.income * (_inside(people, lower, upper) - value) / people.total_money


def of_income_share_around_median(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """As that of the share of people; who crosses a limit takes it along."""
    middle = median(people)
    fixed = of_income_share_between(people, value, lower=lower * middle, upper=upper * middle)
    crossing = _crossing(people, middle, lower, upper, 1) / people.positive_mean
    return fixed + crossing * of_median(people, middle)


def _inside(people: Ranked, lower: float, upper: float) -> Reals:
    return ((people.income >= lower) & (people.income < upper)).astype(np.float64)


def _crossing(people: Ranked, middle: float, lower: float, upper: float, power: int) -> float:
    """How many people, or with power 1 how much income, pass the limits for each unit of the median."""
    return sum(
        sign * limit * density_at(people, limit * middle) * (limit * middle) ** power
        for sign, limit in ((1.0, upper), (-1.0, lower))
        if 0.0 < limit < np.inf
    )
