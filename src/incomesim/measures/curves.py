"""Curves over ranks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import at_least
from incomesim.measures.location import lorenz_at, mean, quantile
from incomesim.measures.poverty import poor_of
from incomesim.measures.ranked import Incomes, ranked

__all__ = [
    "absolute_lorenz",
    "generalised_lorenz",
    "group_means",
    "lorenz",
    "quantile_curve",
    "tip",
]

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def lorenz(income: Incomes, weight: ArrayLike | None = None, *, points: int = 101) -> Curve:
    """Return the Lorenz curve: ranks p, evenly from 0 to 1, and the share of income of the poorest p.

    Raises UndefinedMeasure where the mean is not above 0. Source: Lorenz (1905).
    """
    people = ranked(income, weight)
    whole = people.positive_mean * people.total_weight
    at_least(2, "points", points)
    p = np.linspace(0.0, 1.0, points)
    return p, np.array([lorenz_at(people, rank) / whole for rank in p])


def generalised_lorenz(income: Incomes, weight: ArrayLike | None = None, *, points: int = 101) -> Curve:
    """Return ranks p, evenly from 0 to 1, and the income of the poorest p over all people, in the unit of incomes.

    The Lorenz curve times the mean, for any incomes; one that is nowhere lower means as much welfare or more. Source:
    Shorrocks (1983), Economica 50.
    """
    people = ranked(income, weight)
    at_least(2, "points", points)
    p = np.linspace(0.0, 1.0, points)
    return p, np.array([lorenz_at(people, rank) for rank in p]) / people.total_weight


def absolute_lorenz(income: Incomes, weight: ArrayLike | None = None, *, points: int = 101) -> Curve:
    """Return ranks p, evenly from 0 to 1, and what the poorest p have beyond p times the mean, in the unit of incomes.

    0 at both ends and not above 0 between, for any incomes; its integral is minus half the absolute Gini. Source:
    Moyes (1987), Economics Letters 23(2).
    """
    people = ranked(income, weight)
    p, height = generalised_lorenz(people, points=points)
    return p, height - p * mean(people)


def tip(income: Incomes, weight: ArrayLike | None = None, *, line: float, points: int = 101) -> Curve:
    """Return the TIP curve (three I's of poverty): ranks p and the gaps of the poorest p over all people, in lines.

    Gaps are (line - y) / line of the poor, 0 of others: the curve rises up to the share of the poor (incidence), to the
    poverty gap (intensity), and its bend is inequality among them. Raises UndefinedMeasure for a line that is
    not above 0. Source: Jenkins & Lambert (1997), Oxford Economic Papers 49(3).
    """
    people, poor = poor_of(income, weight, line)
    at_least(2, "points", points)
    p = np.linspace(0.0, 1.0, points)
    weight_below = np.append(0.0, people.weight_below[:poor]) / people.total_weight
    gaps = np.cumsum(people.weight[:poor] * (line - people.income[:poor])) / (line * people.total_weight)
    return p, np.interp(p, weight_below, np.append(0.0, gaps))


def quantile_curve(income: Incomes, weight: ArrayLike | None = None, *, points: int = 100) -> Curve:
    """Return Pen's parade: the middles p of `points` equal groups of people, and the income there."""
    people = ranked(income, weight)
    at_least(1, "points", points)
    p = (np.arange(points) + 0.5) / points
    return p, np.array([quantile(people, p=rank) for rank in p])


def group_means(income: Incomes, weight: ArrayLike | None = None, *, number: int = 100) -> NDArray[np.float64]:
    """Return the mean incomes of `number` equal groups of people from the poorest up, in their unit."""
    people = ranked(income, weight)
    at_least(1, "number", number)
    sums = [lorenz_at(people, rank) for rank in np.linspace(0.0, 1.0, number + 1)]
    means: NDArray[np.float64] = np.diff(sums) * number / people.total_weight
    return means
