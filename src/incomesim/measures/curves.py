"""Curves over ranks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.location import lorenz_at, quantile
from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked

__all__ = ["group_means", "growth_incidence", "lorenz", "quantile_curve"]

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def lorenz(income: Incomes, weight: ArrayLike | None = None, *, points: int = 101) -> Curve:
    """Return the Lorenz curve: ranks p, evenly from 0 to 1, and the share of income of the poorest p.

    Raises UndefinedMeasure where the mean is not above 0. Source: Lorenz (1905).
    """
    people = ranked(income, weight)
    whole = people.positive_mean * people.total_weight
    p = np.linspace(0.0, 1.0, points)
    return p, np.array([lorenz_at(people, rank) / whole for rank in p])


def quantile_curve(income: Incomes, weight: ArrayLike | None = None, *, points: int = 100) -> Curve:
    """Return Pen's parade: the middles p of `points` equal groups of people, and the income there."""
    people = ranked(income, weight)
    p = (np.arange(points) + 0.5) / points
    return p, np.array([quantile(people, p=rank) for rank in p])


def group_means(income: Incomes, weight: ArrayLike | None = None, *, number: int = 100) -> NDArray[np.float64]:
    """Return the mean incomes of `number` equal groups of people from the poorest up, in their unit."""
    people = ranked(income, weight)
    sums = [lorenz_at(people, rank) for rank in np.linspace(0.0, 1.0, number + 1)]
    means: NDArray[np.float64] = np.diff(sums) * number / people.total_weight
    return means


def growth_incidence(before: ArrayLike, after: ArrayLike) -> Curve:
    """Return the growth incidence curve of Ravallion & Chen (2003, Economics Letters 78(1)).

    `before` and `after` are `group_means` with as many groups: the middles p of the groups, and the relative
    difference of their means (0.05 is 5 % more). Groups are formed anew on either side: anonymous. Raises
    UndefinedMeasure where a mean before is not above 0.
    """
    old, new = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if old.min() <= 0.0:
        raise UndefinedMeasure(f"the lowest group has a mean of {old.min():g}; growth needs one above 0")
    return (np.arange(len(old)) + 0.5) / len(old), new / old - 1.0
