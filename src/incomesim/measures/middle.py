"""How many people are in the middle, and what they have."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import need_no_losses, rising
from incomesim.measures.location import positive_median
from incomesim.measures.ranked import Incomes, ranked

__all__ = ["income_share_around_median", "income_share_between", "share_around_median", "share_between"]


def share_between(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of people with lower <= income < upper, between 0 and 1.

    With a third of 100,000 and of 500,000 yuan (three-person household, prices of 2018) the middle-income
    group of the National Bureau of Statistics of China.
    """
    rising(lower, upper)
    people = ranked(income, weight)
    if people.large and people.chosen is None:  # a group stands side by side, so that limits are looked up
        return max(people.shortfall(upper).share - people.shortfall(lower).share, 0.0)
    first, last = (int(np.searchsorted(people.income, limit)) for limit in (lower, upper))
    return max(_up_to(people.weight_below, last) - _up_to(people.weight_below, first), 0.0) / people.total_weight


def share_around_median(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of people with an income of lower to upper times the median.

    0.75 and 2 are the middle class of the OECD (2019, Under Pressure: The Squeezed Middle Class). Raises
    UndefinedMeasure where the median is not above 0.
    """
    people = ranked(income, weight)
    middle = positive_median(people)
    return share_between(people, lower=lower * middle, upper=upper * middle)


def income_share_between(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of all income that people with lower <= income < upper have, between 0 and 1.

    Raises UndefinedMeasure for negative incomes or a mean that is not above 0.
    """
    rising(lower, upper)
    people = ranked(income, weight)
    need_no_losses(people, "a share of income between limits")
    whole = people.positive_mean * people.total_weight
    first, last = (int(np.searchsorted(people.income, limit)) for limit in (lower, upper))
    return max(_up_to(people.money_below, last) - _up_to(people.money_below, first), 0.0) / whole


def income_share_around_median(
    income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float
) -> float:
    """Return the share of all income that people with an income of lower to upper times the median have.

    Raises UndefinedMeasure for negative incomes or a median that is not above 0.
    """
    people = ranked(income, weight)
    middle = positive_median(people)
    return income_share_between(people, lower=lower * middle, upper=upper * middle)


def _up_to(below: NDArray[np.float64], rows: int) -> float:
    """The cumulated sum of the first so many rows."""
    return float(below[rows - 1]) if rows else 0.0
