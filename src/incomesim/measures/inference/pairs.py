"""Influence functions of measures of two variables of the same people: taxes and incomes, incomes before and after.

Every `of_MEASURE(first, second, weight, value, ...)` takes the variables (n,) and weights (n,) above 0 and returns the
derivative (n,) with respect to each weight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.concentration import concentration
from incomesim.measures.inequality import gini
from incomesim.measures.ladder import ladder
from incomesim.measures.ranked import weighted_sum

__all__ = [
    "of_concentration",
    "of_elasticity_of_income",
    "of_erreygers",
    "of_extended_concentration",
    "of_hart",
    "of_kakwani",
    "of_musgrave_thin",
    "of_rank_rank_slope",
    "of_reynolds_smolensky",
    "of_spearman",
    "of_suits",
]

Reals = NDArray[np.float64]


def of_concentration(amount: Reals, rank_by: Reals, weight: Reals, value: float) -> Reals:
    """Twice the covariance of amount and rank over the mean amount."""
    return _over_mean(2.0 * _of_rank_covariance(amount, rank_by, weight), amount, weight, value)


def of_erreygers(amount: Reals, rank_by: Reals, weight: Reals, value: float, *, lowest: float, highest: float) -> Reals:
    """Eight times the covariance of amount and rank over the distance of the limits."""
    return np.asarray(8.0 * _of_rank_covariance(amount, rank_by, weight) / ((highest - lowest) * weight.sum()))


def of_extended_concentration(amount: Reals, rank_by: Reals, weight: Reals, value: float, *, nu: float) -> Reals:
    """1 less the mean of amounts weighed by the fall of (1-p)^nu over each rung, over the mean amount.

    A person changes the mean amount of the own rung and moves the ranks of those above.
    """
    steps = ladder(rank_by, weight)
    level = steps.sums(weight * amount) / steps.weight
    above = np.append(1.0, 1.0 - steps.top)
    above[-1] = 0.0
    fall = -np.diff(above**nu)
    moved = np.append(np.cumsum((nu * above[1:-1] ** (nu - 1.0) * np.diff(level))[::-1])[::-1], 0.0)
    numerator = (amount - level[steps.rung]) * (fall / steps.share)[steps.rung] - moved[steps.rung]
    return _over_mean(-_centred(numerator, weight), amount, weight, value - 1.0)


def of_kakwani(tax: Reals, income: Reals, weight: Reals, value: float) -> Reals:
    """Concentration of the tax less Gini of income."""
    of_tax = of_concentration(tax, income, weight, concentration(tax, income, weight))
    return of_tax - _of_gini(income, weight)


def of_reynolds_smolensky(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """Gini before less concentration after."""
    return _of_gini(before, weight) - of_concentration(after, before, weight, concentration(after, before, weight))


def of_musgrave_thin(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """One less the Gini after over one less the Gini before."""
    return (value * _of_gini(before, weight) - _of_gini(after, weight)) / (1.0 - gini(before, weight))


def of_suits(tax: Reals, income: Reals, weight: Reals, value: float) -> Reals:
    """1 less twice the mean of income times the tax of all who are poorer, over both means."""
    total = weight.sum()
    steps = ladder(income, weight)
    poorer = _below(steps.sums(weight * tax))[steps.rung] / total
    had = steps.sums(weight * income)
    richer = (had.sum() - _below(had))[steps.rung] / total
    mean_tax, mean = weighted_sum(tax, weight) / total, weighted_sum(income, weight) / total
    product = _centred(income * poorer + tax * richer, weight) * 2.0 / (mean_tax * mean)
    return np.asarray(((1.0 - value) * (tax / mean_tax + income / mean - 2.0) - product) / total)


def of_hart(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """1 less the correlation r of logs: N u = r (a^2 + b^2) / 2 - a b, with a and b standardised."""
    one, other = (_standardised(np.log(income), weight) for income in (before, after))
    return np.asarray((0.5 * (1.0 - value) * (one * one + other * other) - one * other) / weight.sum())


def of_elasticity_of_income(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """The residual of the regression of logs times the distance of the log before from its mean over the variance."""
    cause, effect = (_centred(np.log(income), weight) for income in (before, after))
    return np.asarray(cause * (effect - value * cause) / weighted_sum(cause * cause, weight))


def of_rank_rank_slope(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """Covariance of ranks over variance of ranks before; a person is a rank and moves those of others."""
    variance = rank_variance(before, weight)
    moved = _of_product_of_ranks(before, after, weight) - value * _of_product_of_ranks(before, before, weight)
    return np.asarray(moved / (variance * weight.sum()))


def of_spearman(before: Reals, after: Reals, weight: Reals, value: float) -> Reals:
    """Covariance of ranks over the root of both variances."""
    first, second = rank_variance(before, weight), rank_variance(after, weight)
    of_first = _of_product_of_ranks(before, before, weight) / first
    of_second = _of_product_of_ranks(after, after, weight) / second
    product = _of_product_of_ranks(before, after, weight) / np.sqrt(first * second)
    return np.asarray((product - 0.5 * value * (of_first + of_second)) / weight.sum())


def rank_variance(income: Reals, weight: Reals) -> float:
    """Return the variance of middle ranks, 1/12 where no incomes are equal."""
    rank = ladder(income, weight)
    return weighted_sum((rank.middle - 0.5) ** 2, rank.weight) / float(weight.sum())


def _of_product_of_ranks(one: Reals, other: Reals, weight: Reals) -> Reals:
    """N times the influence on the mean product of two ranks."""
    first, second = ladder(one, weight), ladder(other, weight)
    rank, other_rank = first.middle[first.rung], second.middle[second.rung]
    moved = _above(first.sums(weight * other_rank))[first.rung] + _above(second.sums(weight * rank))[second.rung]
    return _centred(rank * other_rank + moved / weight.sum(), weight)


def _of_rank_covariance(amount: Reals, rank_by: Reals, weight: Reals) -> Reals:
    """N times the influence on the covariance of amount and rank: one's own part, and the amounts of all above."""
    steps = ladder(rank_by, weight)
    own = amount * (steps.middle[steps.rung] - 0.5)
    return _centred(own + _above(steps.sums(weight * amount))[steps.rung] / weight.sum(), weight)


def _above(sums: Reals) -> Reals:
    """The sum of all higher rungs and half of the own."""
    return np.asarray(sums.sum() - _below(sums))


def _below(sums: Reals) -> Reals:
    """The sum of all lower rungs and half of the own."""
    return np.asarray(np.cumsum(sums) - 0.5 * sums)


def _of_gini(income: Reals, weight: Reals) -> Reals:
    return of_concentration(income, income, weight, gini(income, weight))


def _over_mean(of_numerator: Reals, amount: Reals, weight: Reals, value: float) -> Reals:
    total = weight.sum()
    mean = weighted_sum(amount, weight) / total
    return np.asarray((of_numerator - value * (amount - mean)) / (mean * total))


def _centred(values: Reals, weight: Reals) -> Reals:
    return np.asarray(values - weighted_sum(values, weight) / weight.sum())


def _standardised(values: Reals, weight: Reals) -> Reals:
    centred = _centred(values, weight)
    return np.asarray(centred / np.sqrt(weighted_sum(centred * centred, weight) / weight.sum()))
