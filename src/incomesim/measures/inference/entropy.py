"""Influence functions of generalised entropy and of the losses of welfare that are made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.entropy import mld, theil
from incomesim.measures.ranked import Ranked, UndefinedMeasure, weighted_sum
from incomesim.measures.welfare import atkinson

__all__ = [
    "of_atkinson",
    "of_cv",
    "of_equally_distributed_equivalent",
    "of_ge",
    "of_j_divergence",
    "of_kolm",
    "of_mld",
    "of_theil",
    "of_variance_of_logs",
]

Reals = NDArray[np.float64]


def of_ge(people: Ranked, value: float, *, alpha: float) -> Reals:
    """N u = (r^alpha - M (1 + alpha (r - 1))) / (alpha (alpha - 1)), with M the mean of r^alpha."""
    if alpha == 0.0:
        return of_mld(people, value)
    if alpha == 1.0:
        return of_theil(people, value)
    relative, factor = people.income / people.positive_mean, alpha * (alpha - 1.0)
    mean_power = 1.0 + factor * value
    surplus = relative**alpha - mean_power * (1.0 + alpha * (relative - 1.0))
    return np.asarray(surplus / (factor * people.total_weight))


def of_theil(people: Ranked, value: float) -> Reals:
    """N u = r (log r - T - 1) + 1."""
    relative = people.income / people.positive_mean
    logs = np.log(relative, out=np.zeros_like(relative), where=relative > 0.0)
    return (relative * (logs - value - 1.0) + 1.0) / people.total_weight


def of_mld(people: Ranked, value: float) -> Reals:
    """N u = r - 1 - log r - L."""
    relative = people.income / people.positive_mean
    return (relative - 1.0 - np.log(relative) - value) / people.total_weight


def of_j_divergence(people: Ranked, value: float) -> Reals:
    """That of the mean log deviation and of Theil's T."""
    return of_mld(people, mld(people)) + of_theil(people, theil(people))


def of_cv(people: Ranked, value: float) -> Reals:
    """2 V N u = r^2 - (2 r - 1) (1 + V^2)."""
    if value == 0.0:
        raise UndefinedMeasure("all incomes are equal; the coefficient of variation has no derivative there")
    relative = people.income / people.positive_mean
    square = 1.0 + value * value
    return (relative * relative - (2.0 * relative - 1.0) * square) / (2.0 * value * people.total_weight)


def of_variance_of_logs(people: Ranked, value: float) -> Reals:
    """N u = (log y - mean of logs)^2 - V."""
    logs = np.log(people.income)
    logs -= weighted_sum(logs, people.weight) / people.total_weight
    return (logs * logs - value) / people.total_weight


def of_atkinson(people: Ranked, value: float, *, epsilon: float) -> Reals:
    """N u = (1 - A) (1 + q (r - 1) - r^q / M) / q, with q = 1 - epsilon and M the mean of r^q; at 1 that of exp(-L)."""
    if epsilon == 1.0:
        return (1.0 - value) * of_mld(people, mld(people))
    relative, power = people.income / people.positive_mean, 1.0 - epsilon
    terms = 1.0 + power * (relative - 1.0) - (relative / (1.0 - value)) ** power
    return np.asarray((1.0 - value) * terms / (power * people.total_weight))


def of_equally_distributed_equivalent(people: Ranked, value: float, *, epsilon: float) -> Reals:
    """That of the mean times 1 - A."""
    loss, mean = atkinson(people, epsilon=epsilon), people.positive_mean
    of_mean = (people.income - mean) / people.total_weight
    return (1.0 - loss) * of_mean - mean * of_atkinson(people, loss, epsilon=epsilon)


def of_kolm(people: Ranked, value: float, *, kappa: float) -> Reals:
    """N u = (exp(kappa (mean - y - K)) - 1) / kappa + y - mean."""
    deviation = people.income - people.total_money / people.total_weight
    return (np.expm1(-kappa * (deviation + value)) / kappa + deviation) / people.total_weight
