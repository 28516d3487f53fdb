"""Generalised entropy and its kin: means of a function of income over the mean.

All are sums of terms that vanish with the second power of the distance from the mean, so they lose no
digits where incomes are nearly equal and are 0 where they are equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import need_no_losses, need_positive_incomes
from incomesim.measures.inequality import relative_deviations
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked, weighted_sum

__all__ = ["cv", "exp_surplus", "ge", "j_divergence", "mld", "power_surplus", "theil", "variance_of_logs"]

Reals = NDArray[np.float64]

_SMALL = 0.01  # numbers nearer to 0 than this go into a series


def ge(income: Incomes, weight: ArrayLike | None = None, *, alpha: float) -> float:
    """Return generalised entropy of order alpha: (mean of (y/mean)^alpha - 1) / (alpha (alpha - 1)).

    Order 0 is the mean log deviation, 1 Theil's T, 2 half the squared coefficient of variation; lower orders look more
    at the poor. Not negative. Raises UndefinedMeasure for a mean that is not above 0, for negative incomes
    and, at orders of 0 and below, for incomes of 0. Source: Shorrocks (1980), Econometrica 48(3); Cowell
    (1980), Review of Economic Studies 47(3).
    """
    if not np.isfinite(alpha):
        raise UndefinedMeasure(f"found alpha {alpha:g}, expected a finite number")
    people = ranked(income, weight)
    name = f"generalised entropy of order {alpha:g}"
    need_no_losses(people, name) if alpha > 0.0 else need_positive_incomes(people, name)
    if alpha == 0.0:
        return mld(people)
    if alpha == 1.0:
        return theil(people)
    return max(0.0, power_surplus(people, alpha) / (alpha * (alpha - 1.0)))  # 0.0, not -0.0


def theil(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Theil's T, the mean of (y/mean) log(y/mean): generalised entropy of order 1.

    Between 0 and the log of the number of people; an income of 0 adds 0. Raises UndefinedMeasure for
    negative incomes or a mean that is not above 0. Source: Theil (1967), Economics and Information Theory.
    """
    people = ranked(income, weight)
    need_no_losses(people, "Theil's T")
    if people.logs_in_loops:
        return people.moments.theil
    deviation, log = _relative(people)
    return max(_mean(people, deviation * log - _log_surplus(deviation, log)) + _share_of_zeros(people), 0.0)


def mld(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the mean log deviation, the mean of log(mean/y): Theil's L, generalised entropy of order 0.

    Not negative, without upper limit. Raises UndefinedMeasure unless all incomes are above 0. Source:
    Theil (1967).
    """
    people = ranked(income, weight)
    need_positive_incomes(people, "the mean log deviation")
    if people.logs_in_loops:
        return people.moments.log
    return max(_mean(people, _log_surplus(*_relative(people))), 0.0)


def j_divergence(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the mean log deviation plus Theil's T: the mean of (y/mean - 1) log(y/mean).

    Not negative, without upper limit. Raises UndefinedMeasure unless all incomes are above 0. Source: Rohde (2016),
    Journal of the Royal Statistical Society A 179(3).
    """
    people = ranked(income, weight)
    need_positive_incomes(people, "the J-divergence")
    if people.logs_in_loops:
        return people.moments.log + people.moments.theil
    deviation, log = _relative(people)
    return _mean(people, deviation * log)


def cv(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the coefficient of variation: standard deviation of the population over the mean.

    Not negative. Raises UndefinedMeasure where the mean is not above 0.
    """
    people = ranked(income, weight)
    if people.large:
        return float(np.sqrt(people.moments.square))
    return float(np.sqrt(_mean(people, relative_deviations(people) ** 2)))


def variance_of_logs(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the variance of the natural log of income, around the mean of logs.

    Not negative, without upper limit. It may rise when a rich person gives to a less rich one. Raises
    UndefinedMeasure unless all incomes are above 0. Source: Cowell (2011), Measuring Inequality; Foster & Ok
    (1999), Econometrica 67(4), on how it fails.
    """
    people = ranked(income, weight)
    need_positive_incomes(people, "the variance of logs")
    if people.logs_in_loops:
        return people.moments.log_square - people.moments.log**2  # the mean of logs of y/mean is less than 0 by `log`
    _, log = _relative(people)
    return _mean(people, (log - _mean(people, log)) ** 2)


def power_surplus(people: Ranked, power: float) -> float:
    """Return the mean of (y/mean)^power - 1, for a power that is neither 0 nor 1."""
    if people.large and power == 2.0:
        return people.moments.square
    if people.logs_in_loops:
        return people.power_surplus(power)
    deviation, log = _relative(people)
    surplus = _log_surplus(deviation, log)
    if power < 0.5:
        terms = exp_surplus(power * log) - power * surplus
    else:
        terms = (power - 1.0) * (deviation * log - surplus) + np.exp(log) * exp_surplus((power - 1.0) * log)
    return _mean(people, terms) - (1.0 - power) * _share_of_zeros(people)


def exp_surplus(x: Reals) -> Reals:
    """Return exp(x) - 1 - x, without loss of digits near 0."""
    series = x * x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x / 5040)))))
    return np.where(np.abs(x) < _SMALL, series, np.expm1(x) - x)


def _log_surplus(deviation: Reals, log: Reals) -> Reals:
    """Return d - log(1 + d), without loss of digits near 0."""
    d = deviation
    series = d * d * (1 / 2 - d * (1 / 3 - d * (1 / 4 - d * (1 / 5 - d * (1 / 6 - d * (1 / 7 - d / 8))))))
    return np.where(np.abs(d) < _SMALL, series, d - log)


def _relative(people: Ranked) -> tuple[Reals, Reals]:
    """Deviation from the mean and log of income, both relative to the mean, of those with incomes other than 0."""
    deviation = relative_deviations(people)[_zeros(people) :]
    far_below = int(np.searchsorted(deviation, -0.5))
    low = people.income[_zeros(people) :][:far_below]  # 1 + d would lose digits of a small income
    log = np.append(np.log(low) - np.log(people.positive_mean), np.log1p(deviation[far_below:]))
    return deviation, log


def _zeros(people: Ranked) -> int:
    """How many of the first rows have no income, where none is negative."""
    return int(np.searchsorted(people.income, 0.0, side="right"))


def _share_of_zeros(people: Ranked) -> float:
    zeros = _zeros(people)
    return float(people.weight_below[zeros - 1]) / people.total_weight if zeros else 0.0


def _mean(people: Ranked, values: Reals) -> float:
    """The mean over all people of values of those with incomes other than 0; the others add nothing."""
    return weighted_sum(values, people.weight[len(people.weight) - len(values) :]) / people.total_weight
