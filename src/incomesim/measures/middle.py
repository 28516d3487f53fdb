"""How many people are in the middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.location import median
from incomesim.measures.ranked import Incomes, Ranked, ranked

__all__ = ["share_around_median", "share_between"]


def share_between(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of people with lower <= income < upper, between 0 and 1.

    With a third of 100,000 and of 500,000 yuan (three-person household, prices of 2018) the middle-income
    group of the National Bureau of Statistics of China.
    """
    people = ranked(income, weight)
    first, last = (int(np.searchsorted(people.income, limit)) for limit in (lower, upper))
    return max(_weight_of(people, last) - _weight_of(people, first), 0.0) / people.total_weight


def share_around_median(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of people with an income of lower to upper times the median.

    0.75 and 2 are the middle class of the OECD (2019, Under Pressure: The Squeezed Middle Class).
    """
    people = ranked(income, weight)
    middle = median(people)
    return share_between(people, lower=lower * middle, upper=upper * middle)


def _weight_of(people: Ranked, rows: int) -> float:
    """Weight of the first so many rows."""
    return float(people.weight_below[rows - 1]) if rows else 0.0
