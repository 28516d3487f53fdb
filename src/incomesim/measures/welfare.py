"""Inequality as a loss of welfare: what income, equal for all, would be as good."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.domain import above, need_no_losses, need_positive_incomes
from incomesim.measures.entropy import exp_surplus, mld, power_surplus
from incomesim.measures.location import mean
from incomesim.measures.ranked import Incomes, ranked, weighted_sum

__all__ = ["atkinson", "equally_distributed_equivalent", "kolm"]


def atkinson(income: Incomes, weight: ArrayLike | None = None, *, epsilon: float) -> float:
    """Return Atkinson's index: the share of income that could be given up if all had the same.

    1 - (mean of (y/mean)^(1-epsilon))^(1/(1-epsilon)), at 1 one less the geometric over the arithmetic mean. Between 0
    and 1. `epsilon`, above 0, is the aversion to inequality. Raises UndefinedMeasure for negative incomes, a
    mean that is not above 0 and, at 1 and above, for incomes of 0. Source: Atkinson (1970), Journal of
    Economic Theory 2(3).
    """
    above(0.0, "epsilon", epsilon)
    people = ranked(income, weight)
    name = f"Atkinson's index with epsilon {epsilon:g}"
    need_no_losses(people, name) if epsilon < 1.0 else need_positive_incomes(people, name)
    if epsilon == 1.0:
        return float(-np.expm1(-mld(people)))
    power = 1.0 - epsilon
    return max(0.0, float(-np.expm1(np.log1p(power_surplus(people, power)) / power)))


def equally_distributed_equivalent(income: Incomes, weight: ArrayLike | None = None, *, epsilon: float) -> float:
    """Return the income that, had by all, would be as good as the distribution by Atkinson's index, in its unit.

    The mean times 1 less the index; between 0 and the mean. Raises UndefinedMeasure as `atkinson`. Source:
    Atkinson (1970).
    """
    people = ranked(income, weight)
    return mean(people) * (1.0 - atkinson(people, epsilon=epsilon))


def kolm(income: Incomes, weight: ArrayLike | None = None, *, kappa: float) -> float:
    """Return Kolm's absolute index, log(mean of exp(kappa (mean - y))) / kappa, in the unit of incomes.

    Not negative, for any incomes; the same when everybody gets as much more. `kappa`, above 0, is the aversion
    to inequality, in 1 over the unit of incomes. Source: Kolm (1976), Journal of Economic Theory 12(3).
    """
    above(0.0, "kappa", kappa)
    people = ranked(income, weight)
    if people.income[0] == people.income[-1]:
        return 0.0
    below_mean = kappa * (mean(people) - people.income)
    below_mean -= weighted_sum(below_mean, people.weight) / people.total_weight  # the mean is rounded
    most = float(below_mean[0])
    if most < 1.0:
        surplus = weighted_sum(exp_surplus(below_mean), people.weight) / people.total_weight
        return float(np.log1p(surplus)) / kappa
    return (most + float(np.log(weighted_sum(np.exp(below_mean - most), people.weight) / people.total_weight))) / kappa
