"""How an amount is spread over people who are ranked by something else: a tax or a benefit by income."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns, positive_mean
from incomesim.measures.curves import Curve
from incomesim.measures.domain import above, at_least
from incomesim.measures.ladder import Ladder, ladder, rank_covariance
from incomesim.measures.ranked import UndefinedMeasure, weighted_sum

__all__ = [
    "concentration",
    "concentration_curve",
    "curve_kinks",
    "erreygers",
    "extended_concentration",
]

Reals = NDArray[np.float64]


def concentration(amount: ArrayLike, rank_by: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the concentration index of an amount over people ranked by `rank_by`: twice cov(amount, rank) / mean.

    0 where the amount does not go with the rank, above 0 where those of high rank have more; between -1 and 1
    for amounts that are not negative, and the Gini where an amount ranks itself. People of equal `rank_by`
    share the middle rank. Raises UndefinedMeasure where the mean amount is not above 0. Sources: Kakwani (1980),
    Income Inequality and Poverty; Wagstaff, van Doorslaer & Paci (1991), Social Science & Medicine 33(5).
    """
    weights, amounts, ranking = columns(weight, amount=amount, rank_by=rank_by)
    return 2.0 * rank_covariance(amounts, ranking, weights) / positive_mean(amounts, weights)


def extended_concentration(
    amount: ArrayLike, rank_by: ArrayLike, weight: ArrayLike | None = None, *, nu: float
) -> float:
    """Return the concentration index that weighs the rank p by nu (1 - p)^(nu - 1): 2 is the plain one.

    The higher `nu`, the more counts what the lowest have; the integral is exact, with equals sharing. Raises
    UndefinedMeasure for `nu` of 1 or less or a mean amount that is not above 0. Source: Wagstaff (2002),
    Journal of Health Economics 21(4), with the ranks of the S-Gini of Donaldson & Weymark (1980).
    """
    above(1.0, "nu", nu)
    weights, amounts, ranking = columns(weight, amount=amount, rank_by=rank_by)
    mean = positive_mean(amounts, weights)
    steps = ladder(ranking, weights)
    richer = 1.0 - np.append(0.0, steps.top)
    richer[-1] = 0.0
    levels = steps.sums(weights * (amounts - mean)) / steps.weight
    return -weighted_sum(levels, -np.diff(richer**nu)) / mean


def erreygers(
    amount: ArrayLike, rank_by: ArrayLike, weight: ArrayLike | None = None, *, lowest: float, highest: float
) -> float:
    """Return Erreygers' corrected concentration index of an amount that lies between `lowest` and `highest`.

    4 mean / (highest - lowest) times the concentration index, so that the index of what one has and of what one
    lacks differ in sign only. Between -1 and 1. Raises UndefinedMeasure for amounts outside the limits or
    limits that do not rise. Source: Erreygers (2009), Journal of Health Economics 28(2).
    """
    weights, amounts, ranking = columns(weight, amount=amount, rank_by=rank_by)
    if not lowest < highest:
        raise UndefinedMeasure(f"found limits {lowest:g} and {highest:g}, expected the lowest below the highest")
    if amounts.min() < lowest or amounts.max() > highest:
        raise UndefinedMeasure(
            f"amounts run from {amounts.min():g} to {amounts.max():g}, expected {lowest:g} to {highest:g}"
        )
    return 8.0 * rank_covariance(amounts, ranking, weights) / (highest - lowest)


def concentration_curve(
    amount: ArrayLike, rank_by: ArrayLike, weight: ArrayLike | None = None, *, points: int = 101
) -> Curve:
    """Return ranks p, evenly from 0 to 1, and the share of the amount that goes to the lowest p by `rank_by`.

    The Lorenz curve where an amount ranks itself. People of equal `rank_by` share evenly. Raises UndefinedMeasure
    where the mean amount is not above 0. Source: Kakwani (1977), Econometrica 45(3).
    """
    weights, amounts, ranking = columns(weight, amount=amount, rank_by=rank_by)
    positive_mean(amounts, weights)
    at_least(2, "points", points)
    p = np.linspace(0.0, 1.0, points)
    return p, np.interp(p, *curve_kinks(amounts, ladder(ranking, weights), weights))


def curve_kinks(amount: Reals, steps: Ladder, weight: Reals) -> Curve:
    """Return the points (m + 1,) between which a concentration curve is straight: ranks and shares of the amount."""
    shares = np.cumsum(steps.sums(weight * amount))
    return np.append(0.0, steps.top), np.append(0.0, shares / shares[-1])
