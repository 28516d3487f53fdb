"""Influence functions of measures of inequality that go by ranks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.inequality import lorenz_distance, rows_at_mean
from incomesim.measures.inference.density import density_at
from incomesim.measures.ranked import Ranked, weighted_sum

__all__ = [
    "by_ranks",
    "last_of_tie",
    "of_absolute_gini",
    "of_bonferroni",
    "of_de_vergottini",
    "of_gini",
    "of_hoover",
    "of_lorenz_asymmetry",
    "of_s_gini",
    "of_zenga",
    "over_mean",
]

Reals = NDArray[np.float64]

_FEW = 1_000  # rows; more are so near to each other that fewer points between them do


def by_ranks(people: Ranked, income: Reals, of_rank: Callable[[Reals], Reals]) -> Reals:
    """Return N times the influence on the integral over ranks of the income (n,) there times a function of the rank.

    It rises from one income to the next by that function at the rank between them, times the distance (Serfling 1980,
    Approximation Theorems of Mathematical Statistics, chapter 8); so ties do not matter.
    """
    steps = of_rank(people.share_below[:-1]) * np.diff(income)
    risen = np.append(0.0, np.cumsum(steps))
    return risen - weighted_sum(risen, people.weight) / people.total_weight


def over_mean(people: Ranked, of_numerator: Reals, value: float) -> Reals:
    """Return the influence on a ratio to the mean, from N times that on what is divided."""
    mean = people.positive_mean
    return (of_numerator - value * (people.income - mean)) / (mean * people.total_weight)


def of_absolute_gini(people: Ranked, value: float) -> Reals:
    """The integral of the quantile function times 2 p - 1."""
    return by_ranks(people, people.income, lambda p: 2.0 * p - 1.0) / people.total_weight


def of_gini(people: Ranked, value: float) -> Reals:
    """Absolute Gini over mean: 2 (y C(y) + Y - T(y)) / (N Y) - (G + 1) (1 / N + y / Y), C and T up to all ties.

    Source: Langel & Tille (2013, Journal of the Royal Statistical Society A 176(2)).
    """
    return over_mean(people, by_ranks(people, people.income, lambda p: 2.0 * p - 1.0), value)


def of_s_gini(people: Ranked, value: float, *, nu: float) -> Reals:
    """1 less the integral of the quantile function times nu (1-p)^(nu-1), over the mean."""
    return over_mean(people, by_ranks(people, people.income, lambda p: 1.0 - nu * (1.0 - p) ** (nu - 1.0)), value)


def of_bonferroni(people: Ranked, value: float) -> Reals:
    """The integral of the quantile function times 1 + log p, over the mean."""
    return over_mean(people, by_ranks(people, people.income, lambda p: 1.0 + np.log(p)), value)


def of_de_vergottini(people: Ranked, value: float) -> Reals:
    """The integral of the quantile function times - log(1-p) - 1, over the mean."""
    return over_mean(people, by_ranks(people, people.income, lambda p: -np.log1p(-p) - 1.0), value)


def of_hoover(people: Ranked, value: float) -> Reals:
    """The mean of max(mean - y, 0) over the mean, which moves with all; half of those at the mean count as below it."""
    mean = people.positive_mean
    below = weighted_sum(_below_mean(people), people.weight) / people.total_weight
    lacking = np.maximum(mean - people.income, 0.0)
    moved = lacking - value * mean + below * (people.income - mean)
    return over_mean(people, moved, value)


def of_lorenz_asymmetry(people: Ranked, value: float) -> Reals:
    """Rank plus income share of those below the mean, and those who cross it as it moves: twice the density there."""
    mean = people.positive_mean
    below = _below_mean(people)
    relative = people.income / mean
    share = weighted_sum(relative * below, people.weight) / people.total_weight
    rank = weighted_sum(below, people.weight) / people.total_weight
    crossing = 2.0 * density_at(people, mean) * (people.income - mean)
    return (below * (1.0 + relative) - rank - share * relative + crossing) / people.total_weight


def of_zenga(people: Ranked, value: float) -> Reals:
    """Minus the integral of (1-p) / (p (1-L)^2) times the influence on L(p), by quadrature between the rows.

    N times the latter is, in means, p Q - L y at ranks of incomes up to y and (1-L) y - (1-p) Q above.
    """
    p, distance, slope = lorenz_distance(people)
    relative, width = 1.0 + slope, np.diff(p)
    below, above = np.zeros((2, len(slope))), np.zeros((2, len(slope)))
    for node, part in zip(*np.polynomial.legendre.leggauss(24 if len(slope) < _FEW else 3), strict=True):
        inside = 0.5 * (1.0 + node)
        rank = p[:-1] + inside * width
        height = rank - distance[:-1] - inside * np.diff(distance)
        higher, rest = 1.0 - rank, 1.0 - height
        higher[-1] = (1.0 - inside) * width[-1]
        rest[-1] = higher[-1] * relative[-1]  # both vanish at the end, their ratio does not
        heavy = 0.5 * part * width * higher / (rank * rest * rest)
        below += heavy * np.array([rank * relative, height])
        above += heavy * np.array([higher * relative, rest])
    last = np.minimum(last_of_tie(people.income), len(slope) - 2)  # the highest count as above themselves
    so_far, ahead = np.cumsum(below, axis=1), np.cumsum(above[:, ::-1], axis=1)[:, ::-1]
    influence = so_far[0, last] - relative * so_far[1, last] - ahead[0, last + 1] + relative * ahead[1, last + 1]
    return np.asarray(-influence / people.total_weight)


def last_of_tie(income: Reals) -> NDArray[np.int64]:
    """Return for every row the last row with the same income."""
    ends = np.flatnonzero(np.append(income[1:] != income[:-1], True))
    return np.repeat(ends, np.diff(ends, prepend=-1))


def _below_mean(people: Ranked) -> Reals:
    """1 for those below the mean, one half for those who have it, 0 for those above."""
    first, last = rows_at_mean(people)
    below = np.zeros(len(people.income))
    below[:first], below[first:last] = 1.0, 0.5
    return below
