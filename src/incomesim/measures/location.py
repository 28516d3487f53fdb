"""Means, quantiles and shares of income."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked

__all__ = ["lorenz_at", "mean", "mean_between_ranks", "median", "quantile", "quantile_ratio", "share", "share_ratio"]

_SAME = 1e-12  # relative to the total weight: ranks nearer than this are one


def mean(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the weighted mean of incomes, in their unit."""
    people = ranked(income, weight)
    return people.total_money / people.total_weight


def quantile(income: Incomes, weight: ArrayLike | None = None, *, p: float) -> float:
    """Return the income below which a share p of people lies, in the unit of incomes.

    The inverse of the weighted distribution function, averaged where it jumps exactly at p: type 2 of
    Hyndman & Fan (1996, American Statistician 50(4)), so the median of 1, 2, 3, 4 is 2.5.
    """
    if not 0.0 <= p <= 1.0:
        raise UndefinedMeasure(f"p is {p}, expected a share between 0 and 1")
    people = ranked(income, weight)
    wanted = p * people.total_weight
    slack = _SAME * people.total_weight
    last = len(people.income) - 1
    low = min(int(np.searchsorted(people.weight_below, wanted - slack)), last)
    high = min(int(np.searchsorted(people.weight_below, wanted + slack, side="right")), last)
    return float(0.5 * (people.income[low] + people.income[high]))


def median(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the median of incomes, in their unit."""
    return quantile(income, weight, p=0.5)


def quantile_ratio(income: Incomes, weight: ArrayLike | None = None, *, upper: float, lower: float) -> float:
    """Return the ratio of two quantiles, P90/P10 for 0.9 and 0.1; at least 1 for incomes above 0.

    Raises UndefinedMeasure where the lower quantile is not above 0.
    """
    people = ranked(income, weight)
    below = quantile(people, p=lower)
    if below <= 0.0:
        raise UndefinedMeasure(f"the lower quantile is {below:g}; a ratio needs one above 0")
    return quantile(people, p=upper) / below


def lorenz_at(people: Ranked, p: float) -> float:
    """Return the sum of income (weight times income) of the poorest share p of people.

    A person at the cut is divided, so the Lorenz curve is linear between rows.
    """
    wanted = min(p, 1.0) * people.total_weight
    row = min(int(np.searchsorted(people.weight_below, wanted)), len(people.income) - 1)
    beyond = people.weight_below[row] - wanted
    return float(people.money_below[row] - beyond * people.income[row])


def mean_between_ranks(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the mean income of the people between two ranks, 0.9 and 1 for the top tenth, in their unit."""
    if not 0.0 <= lower < upper <= 1.0:
        raise UndefinedMeasure(f"ranks are {lower} and {upper}, expected 0 <= lower < upper <= 1")
    people = ranked(income, weight)
    return (lorenz_at(people, upper) - lorenz_at(people, lower)) / (people.total_weight * (upper - lower))


def share(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of all income that goes to people between two ranks, 0.9 and 1 for the top tenth.

    Between 0 and 1 for incomes that are not negative. Raises UndefinedMeasure where the mean is not
    above 0.
    """
    if not 0.0 <= lower <= upper <= 1.0:
        raise UndefinedMeasure(f"ranks are {lower} and {upper}, expected 0 <= lower <= upper <= 1")
    people = ranked(income, weight)
    whole = people.positive_mean * people.total_weight
    return (lorenz_at(people, upper) - lorenz_at(people, lower)) / whole


def share_ratio(income: Incomes, weight: ArrayLike | None = None, *, top: float, bottom: float) -> float:
    """Return the income share of the richest `top` over that of the poorest `bottom`.

    S80/S20 for 0.2 and 0.2 (Eurostat's quintile share ratio), the Palma ratio for 0.1 and 0.4. Raises
    UndefinedMeasure where the poorest have nothing.
    """
    people = ranked(income, weight)
    lowest = share(people, lower=0.0, upper=bottom)
    if lowest <= 0.0:
        raise UndefinedMeasure(f"the poorest {bottom:.0%} have a share of {lowest:g}; a ratio needs one above 0")
    return share(people, lower=1.0 - top, upper=1.0) / lowest
