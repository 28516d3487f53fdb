"""The density of incomes at one income: what the error of every quantile and of every estimated line depends on."""

from __future__ import annotations

from math import log
from statistics import NormalDist

import numpy as np

from incomesim.measures.location import quantile
from incomesim.measures.ranked import Ranked, UndefinedMeasure, weighted_sum

__all__ = ["density", "density_at"]

_NORMAL = NormalDist()
_LEVEL = _NORMAL.inv_cdf(0.975)  # the bandwidth is the best one for intervals of 95 %


def density(people: Ranked, income: float, p: float) -> float:
    """Return the density (share of people per unit of income) at an income that has the rank p.

    The difference of ranks over that of incomes between the quantiles at p - h and p + h (Siddiqui 1960), taken
    in logs where these are above 0, so that a heavy tail does not matter. The bandwidth h is that of Hall &
    Sheather (1988, Journal of the Royal Statistical Society B 50(3)) for as many people as the weights are
    worth, (sum of w)^2 / sum of w^2. Raises UndefinedMeasure where all around have the same income.
    """
    if not 0.0 < p < 1.0:
        return 0.0
    h = _bandwidth(p, people.total_weight**2 / weighted_sum(people.weight, people.weight))
    lower, upper = max(p - h, 0.0), min(p + h, 1.0)
    low, high = quantile(people, p=lower), quantile(people, p=upper)
    width = income * log(high / low) if low > 0.0 else high - low
    if not width > 0.0:
        raise UndefinedMeasure(
            f"everybody between the ranks {lower:.4f} and {upper:.4f} has {low:g}: incomes have no density there, "
            "and the measure no influence function; use replicate weights"
        )
    return (upper - lower) / width


def density_at(people: Ranked, income: float) -> float:
    """Return the density of incomes at an income of any rank; 0 beyond the lowest and the highest."""
    row = int(np.searchsorted(people.income, income))
    return density(people, income, float(people.weight_below[row - 1]) / people.total_weight if row else 0.0)


def _bandwidth(p: float, number: float) -> float:
    z = _NORMAL.inv_cdf(p)
    flatness = 1.5 * _NORMAL.pdf(z) ** 2 / (2.0 * z * z + 1.0)
    return float(_LEVEL ** (2.0 / 3.0) * (flatness / number) ** (1.0 / 3.0))
