"""Polarisation: how far people have drawn apart into groups that are near each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import above
from incomesim.measures.inequality import absolute_gini
from incomesim.measures.location import lorenz_at, positive_median
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank, ranked, weighted_sum

__all__ = ["der", "esteban_gradin_ray", "esteban_ray", "foster_wolfson", "kernel_density", "wolfson"]

Reals = NDArray[np.float64]

_BLOCK = 256  # incomes whose density is summed at once
_STEPS = 1_000  # towards the best groups; a few are enough
_CANDIDATES = 512  # rows where a first set of groups may end
_REACH = 9.0  # bandwidths beyond which a normal density is nothing: 1e-18 of its peak


def wolfson(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Wolfson's index of the shrinking middle, 2 (2 T - G) mean / median with T = 1/2 - L(1/2).

    0 where all are equal, 1 where half have nothing and half twice the mean; above 1 where the median is far below
    the mean. Raises UndefinedMeasure where the median is not above 0. Source: Wolfson (1994), American Economic
    Review 84(2). Some programs return half of it: `foster_wolfson`.
    """
    return 2.0 * foster_wolfson(income, weight)


def foster_wolfson(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return (Gini between less Gini within the halves below and above the median) mean / median: half of `wolfson`.

    Raises UndefinedMeasure where the median is not above 0. Source: Foster & Wolfson (2010, first 1992), Journal
    of Economic Inequality 8(2).
    """
    people = ranked(income, weight)
    middle = positive_median(people)
    if people.large:
        apart = (people.total_money - 2.0 * lorenz_at(people, 0.5)) / people.total_weight
        return max(apart - absolute_gini(people), 0.0) / middle
    start = people.weight_below - people.weight
    of_poorer_half = np.clip(0.5 * people.total_weight - start, 0.0, people.weight)
    apart = weighted_sum(people.income - middle, people.weight - 2.0 * of_poorer_half) / people.total_weight
    return max(apart - absolute_gini(people), 0.0) / middle


def esteban_ray(income: Incomes, weight: ArrayLike | None = None, *, alpha: float) -> float:
    """Return the polarisation of groups, the sum over pairs of share^(1+alpha) share' distance, over the mean.

    Each income is that of a group and its weight the people in it: give the means of groups, not persons. `alpha`,
    the weight of identification, lies in [1, 1.6]. Not negative; groups of one income each are one. Raises
    UndefinedMeasure where the mean is not above 0 and for another alpha. Source: Esteban & Ray (1994),
    Econometrica 62(4), with K = 1 and incomes over their mean.
    """
    _need_between(alpha, 1.0, 1.6)
    people = ranked(income, weight)
    starts = np.flatnonzero(np.append(True, np.diff(people.income) > 0.0))
    shares = np.add.reduceat(people.weight, starts) / people.total_weight
    return float((shares ** (1.0 + alpha) * _distance_to_others(people)[starts]).sum()) / people.positive_mean


def esteban_gradin_ray(
    income: Incomes, weight: ArrayLike | None = None, *, alpha: float, beta: float = 1.0, groups: int = 2
) -> float:
    """Return the polarisation of the best groups of persons, less `beta` times what they leave of the Gini.

    Persons are put into `groups` groups by income so that the Gini within is lowest (two groups divide at the mean),
    then it is esteban_ray(means of groups) - beta (Gini - Gini of means). May be negative. Raises
    UndefinedMeasure as `esteban_ray`. Source: Esteban, Gradin & Ray (2007), Journal of Economic Inequality 5(1).
    """
    if groups < 2:
        raise UndefinedMeasure(f"found {groups} groups, expected at least 2")
    people = ranked(income, weight)
    grouped = _means_of_best_groups(people, groups)
    lost = (absolute_gini(people) - absolute_gini(grouped)) / people.positive_mean
    return esteban_ray(grouped, alpha=alpha) - beta * max(lost, 0.0)


def der(income: Incomes, weight: ArrayLike | None = None, *, alpha: float, bandwidth: float) -> float:
    """Return the polarisation of a density f of incomes over their mean: that of Duclos, Esteban & Ray.

    The mean of f(y)^alpha times the mean distance of y to others, f by a normal kernel of `bandwidth` in the
    unit of incomes (their rule of thumb: 4.7 standard deviations times alpha^0.1 over the root of the number of rows).
    `alpha` lies in [0.25, 1], or is 0, which gives twice the Gini. Takes time with the number of pairs within
    nine bandwidths. Raises UndefinedMeasure where the mean is not above 0 and for another alpha. Source: Duclos,
    Esteban & Ray (2004), Econometrica 72(6).
    """
    if alpha != 0.0:
        _need_between(alpha, 0.25, 1.0)
    above(0.0, "bandwidth", bandwidth)
    people = ranked(income, weight)
    relative_density = kernel_density(people, bandwidth) * people.positive_mean
    terms = relative_density**alpha * _distance_to_others(people)
    return weighted_sum(terms, people.weight) / people.total_weight / people.positive_mean


def _need_between(alpha: float, lowest: float, highest: float) -> None:
    if not lowest <= alpha <= highest:
        raise UndefinedMeasure(f"found alpha {alpha:g}, expected {lowest:g} to {highest:g}")


def _distance_to_others(people: Ranked) -> Reals:
    """The mean absolute distance (n,) of each income to all."""
    y = people.income - people.income[len(people.income) // 2]
    money_below = np.cumsum(people.weight * y)
    rank = 2.0 * people.weight_below - people.total_weight
    return np.asarray((y * rank + money_below[-1] - 2.0 * money_below) / people.total_weight)


def kernel_density(people: Ranked, bandwidth: float) -> Reals:
    """Return the density (n,) at each income, by a normal kernel."""
    found = np.empty(len(people.income))
    for start in range(0, len(found), _BLOCK):
        at = people.income[start : start + _BLOCK]
        reach = at[0] - _REACH * bandwidth, at[-1] + _REACH * bandwidth
        near = slice(*np.searchsorted(people.income, reach))
        apart = (at[:, None] - people.income[near]) / bandwidth
        found[start : start + _BLOCK] = (np.exp(-0.5 * apart * apart) * people.weight[near]).sum(axis=1)
    return np.asarray(found / (people.total_weight * bandwidth * np.sqrt(2.0 * np.pi)))


def _means_of_best_groups(people: Ranked, groups: int) -> Ranked:
    """Groups by income with the highest Gini of means: each border is the mean of the two groups beside it."""
    weight_below, money_below = np.append(0.0, people.weight_below), np.append(0.0, people.money_below)
    borders = _first_borders(weight_below, money_below, groups)
    for _ in range(_STEPS):
        ends = np.concatenate([[0], borders, [len(people.income)]])
        weight, money = weight_below[ends], money_below[ends]
        beside = weight[2:] - weight[:-2]
        if (beside <= 0.0).any():
            break
        moved = np.searchsorted(people.income, (money[2:] - money[:-2]) / beside)
        if (moved == borders).all():
            break
        borders = moved
    heads, sums = np.diff(weight), np.diff(money)
    there = heads > 0.0
    return rank(sums[there] / heads[there], heads[there])


def _first_borders(weight_below: Reals, money_below: Reals, groups: int) -> NDArray[np.int64]:
    """The rows (groups - 1,) where the best groups start, among some evenly spread rows, or all where they are few.

    The Gini of means is 1 less the area under a polygon with its corners on the Lorenz curve; the least such area up to
    each row is found corner by corner, where several sets of borders may satisfy that each is the mean beside it.
    """
    rows = np.linspace(0, len(weight_below) - 1, min(len(weight_below), _CANDIDATES), dtype=np.int64)
    people, money = weight_below[rows], money_below[rows]
    area = (people - people[:, None]) * (money + money[:, None])
    area[np.tril_indices(len(rows), -1)] = np.inf
    least, came_from = area[0], []
    for _ in range(groups - 1):
        through = least[:, None] + area
        came_from.append(through.argmin(axis=0))
        least = through.min(axis=0)
    borders = [len(rows) - 1]
    for places in reversed(came_from):
        borders.append(int(places[borders[-1]]))
    return rows[borders[:0:-1]]
