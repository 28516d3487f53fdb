"""Inequality from ranks: areas and distances of the Lorenz curve.

With D(p) = p - L(p), the distance of the Lorenz curve from equality, the Gini coefficient is the integral of
2 D, Bonferroni's index that of D/p, de Vergottini's that of D/(1-p), Zenga's that of D/(p (1-L)) and Hoover's
the highest D. The curve is linear between rows, so integrals are exact and ties do not matter. Sums
are of distances from one income, so nearly equal incomes lose no digits and equal ones give 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import above, need_no_losses
from incomesim.measures.ranked import Incomes, Ranked, ranked, weighted_sum

__all__ = [
    "absolute_gini",
    "bonferroni",
    "de_vergottini",
    "gini",
    "hoover",
    "lorenz_asymmetry",
    "lorenz_distance",
    "relative_deviations",
    "rows_at_mean",
    "s_gini",
    "zenga",
]

Reals = NDArray[np.float64]

_SAME = 1e-12  # relative to the mean: incomes nearer to it than this are the mean


def gini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the Gini coefficient: half the mean absolute difference between two people over the mean.

    Between 0 (all equal) and 1 for incomes that are not negative; with negative ones it may exceed 1 (see
    `chen_tsaur_rhai_gini`). It is the population's formula: repeating every row leaves it as it is. Raises
    UndefinedMeasure where the mean is not above 0. Source: Sen (1973), On Economic Inequality, chapter 2.
    """
    people = ranked(income, weight)
    value = absolute_gini(people) / people.positive_mean
    return value if people.lowest < 0.0 else min(value, 1.0)


def absolute_gini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return half the mean absolute difference between two people, in the unit of incomes: Gini times mean.

    Not negative, for any incomes; the same when everybody gets as much more. Source: Kolm (1976), Journal
    of Economic Theory 12(3).
    """
    people = ranked(income, weight)
    total = people.total_weight
    if people.large:
        return max(people.steps.apart / (total * total), 0.0)
    rank = 2.0 * people.weight_below - people.weight - total
    return max(weighted_sum(people.income - _middle(people), people.weight * rank) / (total * total), 0.0)


def s_gini(income: Incomes, weight: ArrayLike | None = None, *, nu: float) -> float:
    """Return the single-parameter Gini of Donaldson & Weymark (1980, Journal of Economic Theory 22(1)).

    1 - (sum of y times the fall of (1-p)^nu over the person) / mean; `nu` above 1, 2 gives the Gini, higher
    numbers look more at the poorest. Between 0 and 1 for incomes that are not negative. Raises
    UndefinedMeasure where the mean is not above 0.
    """
    above(1.0, "nu", nu)
    people = ranked(income, weight)
    higher = np.append(1.0, 1.0 - people.share_below)
    gained = people.weight / people.total_weight + np.diff(higher**nu)
    return max(weighted_sum(people.income - _middle(people), gained) / people.positive_mean, 0.0)


def hoover(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the share of all income that would have to move for all to be equal: half the relative mean deviation.

    Also named after Pietra (1915), Schutz (1951) and Robin Hood; the largest distance of the Lorenz curve from
    the diagonal. Between 0 and 1 for incomes that are not negative. Raises UndefinedMeasure where the mean is
    not above 0. Source: Hoover (1936), Review of Economics and Statistics 18(4).
    """
    people = ranked(income, weight)
    if people.large:
        return 0.5 * people.mean_distance
    return 0.5 * weighted_sum(np.abs(relative_deviations(people)), people.weight) / people.total_weight


def bonferroni(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Bonferroni's index: the mean over ranks p of 1 - (mean of the poorest p) / mean.

    Between 0 and 1 for incomes that are not negative; never below the Gini by more than its half. Raises
    UndefinedMeasure where the mean is not above 0. Source: Bonferroni (1930), Elementi di statistica
    generale.
    """
    people = ranked(income, weight)
    p, distance, slope = lorenz_distance(people)
    ratio = np.append(0.0, np.log(p[2:] / p[1:-1]))  # the first segment starts at 0, where the distance is 0 too
    at_zero = distance[:-1] + slope * p[:-1]
    return max(float((at_zero * ratio - slope * np.diff(p)).sum()), 0.0)


def de_vergottini(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return de Vergottini's index: the mean over ranks p of (mean of the richest 1-p) / mean - 1.

    Not negative, up to the log of the number of people. Raises UndefinedMeasure where the mean is not above
    0. Source: de Vergottini (1940), Giornale degli Economisti 2.
    """
    people = ranked(income, weight)
    p, distance, slope = lorenz_distance(people)
    above_p = 1.0 - p
    ratio = np.append(np.log(above_p[:-2] / above_p[1:-1]), 0.0)  # the last segment ends at distance 0
    at_one = distance[1:] - slope * above_p[1:]
    return max(float((at_one * ratio + slope * np.diff(p)).sum()), 0.0)


def zenga(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Zenga's index: the mean over ranks p of 1 - (mean of the poorest p) / (mean of the richest 1-p).

    Between 0 and 1. The integral over the Lorenz curve, linear between rows, not the finite-population sum of
    some programs, which changes when rows are repeated. Raises UndefinedMeasure for negative incomes or a mean
    that is not above 0. Source: Zenga (2007), Statistica & Applicazioni 5(1).
    """
    people = ranked(income, weight)
    need_no_losses(people, "Zenga's index")
    p, distance, slope = lorenz_distance(people)
    width, higher = np.diff(p), 1.0 - p + distance  # the income share of the richest 1-p
    at_zero = distance[:-1] + slope * p[:-1]  # minus the height at p = 0 of the line of a segment
    at_one = np.append((distance[:-1] - slope * (1.0 - p[:-1]))[:-1], 0.0)
    below = np.append(0.0, at_zero[1:] * np.log(p[2:] / p[1:-1]))
    steepness = 1.0 + slope
    lost = np.minimum(steepness[:-1] * width[:-1] / higher[:-2], 1.0 - 2.0**-53)  # of the share of the richest
    fall = np.append(-np.log1p(-lost), 0.0)
    over = np.divide(fall, steepness, out=width / higher[:-1], where=steepness > 0.0)
    return max(float(((below + at_one * over) / (1.0 + at_zero)).sum()), 0.0)


def lorenz_asymmetry(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return where the Lorenz curve has slope 1, as the rank plus the income share there.

    1 for a symmetric curve, as of equal or of lognormal incomes; above 1 where inequality is that of few rich,
    below where it is that of many poor. Between 0 and 2. Where somebody has the mean, the middle between the two ends
    of that stretch. Damgaard & Weiner (2000, Ecology 81(4)) go on into the first person above the mean, which vanishes
    when rows are repeated and so is left out. Raises UndefinedMeasure for negative incomes or a mean that is not
    above 0.
    """
    people = ranked(income, weight)
    need_no_losses(people, "the Lorenz asymmetry")
    mean, total = people.positive_mean, people.total_weight
    first, last = rows_at_mean(people)

    def at(rows: int) -> float:
        return (
            float(people.weight_below[rows - 1] / total + people.money_below[rows - 1] / total / mean) if rows else 0.0
        )

    return 0.5 * (at(first) + at(last))


def relative_deviations(people: Ranked) -> Reals:
    """Return (y - mean) / mean (n,), exactly 0 where all are equal.

    Raises UndefinedMeasure where the mean is not above 0.
    """
    mean = people.positive_mean
    if people.income[0] == people.income[-1]:
        return np.zeros(len(people.income))
    found = (people.income - mean) / mean
    return found - weighted_sum(found, people.weight) / people.total_weight  # the mean is rounded


def rows_at_mean(people: Ranked) -> tuple[int, int]:
    """Return the first row in order that has the mean, but for rounding, and the first that has more.

    Raises UndefinedMeasure where the mean is not above 0.
    """
    first, last = (
        int(np.searchsorted(people.income, people.positive_mean * (1.0 + side * _SAME))) for side in (-1.0, 1.0)
    )
    return first, last


def lorenz_distance(people: Ranked) -> tuple[Reals, Reals, Reals]:
    """Return ranks p (n+1,), the distance p - L(p) there (n+1,) and (y - mean) / mean (n,), by which it falls.

    Raises UndefinedMeasure where the mean is not above 0.
    """
    slope = relative_deviations(people)
    p = np.append(0.0, people.share_below)
    distance = np.append(0.0, np.maximum(-np.cumsum(slope * people.weight) / people.total_weight, 0.0))
    distance[-1] = 0.0
    return p, distance, slope


def _middle(people: Ranked) -> float:
    """An income in the middle, to measure distances from."""
    return float(people.income[len(people.income) // 2])
