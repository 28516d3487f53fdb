"""Influence functions of means, quantiles, shares of income and shares of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inference.density import density
from incomesim.measures.location import QuantileType, lorenz_at, quantile
from incomesim.measures.ranked import Ranked, UndefinedMeasure

__all__ = [
    "of_eurostat_s80_s20",
    "of_mean",
    "of_mean_between_ranks",
    "of_median",
    "of_money",
    "of_palma",
    "of_quantile",
    "of_quantile_ratio",
    "of_share",
    "of_share_ratio",
]

Reals = NDArray[np.float64]


def of_mean(people: Ranked, value: float) -> Reals:
    """N u = y - mean."""
    return (people.income - value) / people.total_weight


def of_quantile(people: Ranked, value: float, *, p: float, kind: QuantileType = QuantileType.TYPE_2) -> Reals:
    """(p - 1[y <= Q]) / (N f(Q)), where those who have just Q count in part, so that a share p is at or below it.

    For all definitions the same: they differ by less than the distance between two rows.
    """
    if not 0.0 < p < 1.0:
        raise UndefinedMeasure(f"p is {p}; the lowest and the highest income have no influence function")
    cut = quantile(people, p=p)
    first, last = (int(np.searchsorted(people.income, cut, side=side)) for side in ("left", "right"))
    wanted = p * people.total_weight - (people.weight_below[first - 1] if first else 0.0)
    below = np.zeros(len(people.income))
    below[:first] = 1.0
    if last > first:
        below[first:last] = wanted / people.weight[first:last].sum()
    return (p - below) / (people.total_weight * density(people, cut, p))


def of_median(people: Ranked, value: float) -> Reals:
    """That of the quantile at one half."""
    return of_quantile(people, value, p=0.5)


def of_quantile_ratio(people: Ranked, value: float, *, upper: float, lower: float) -> Reals:
    """Relative to the ratio, the influence on the upper less that on the lower quantile."""
    above, below = quantile(people, p=upper), quantile(people, p=lower)
    return value * (of_quantile(people, above, p=upper) / above - of_quantile(people, below, p=lower) / below)


def of_share(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """Y u is the influence on the money between the ranks, less S y."""
    money = of_money(people, upper) - of_money(people, lower)
    return (money - value * people.income) / people.total_money


def of_share_ratio(people: Ranked, value: float, *, top: float, bottom: float) -> Reals:
    """Relative to the ratio, the influence on the money of the richest less that on the money of the poorest."""
    poorest, others = lorenz_at(people, bottom), lorenz_at(people, 1.0 - top)
    richest = (people.income - of_money(people, 1.0 - top)) / (people.total_money - others)
    return value * (richest - of_money(people, bottom) / poorest)


def of_palma(people: Ranked, value: float) -> Reals:
    """That of the share ratio of the richest tenth and the poorest four."""
    return of_share_ratio(people, value, top=0.1, bottom=0.4)


def of_eurostat_s80_s20(people: Ranked, value: float) -> Reals:
    """That of the share ratio of two fifths, which differs by those who stand at the cuts."""
    return of_share_ratio(people, value, top=0.2, bottom=0.2)


def of_mean_between_ranks(people: Ranked, value: float, *, lower: float, upper: float) -> Reals:
    """N u is the influence on the money between the ranks over their share of people, less the mean."""
    money = of_money(people, upper) - of_money(people, lower)
    return (money / (upper - lower) - value) / people.total_weight


def of_money(people: Ranked, p: float) -> Reals:
    """Return the influence on the income of the poorest share p of people: p Q - max(Q - y, 0), without a density."""
    if p <= 0.0:
        return np.zeros(len(people.income))
    if p >= 1.0:
        return people.income
    cut = quantile(people, p=p)
    money: Reals = p * cut + np.minimum(people.income - cut, 0.0)
    return money
