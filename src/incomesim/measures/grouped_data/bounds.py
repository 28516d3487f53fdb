"""What points of a Lorenz curve prove of the Gini, without any curve fitted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.bounded import Bounded
from incomesim.measures.grouped_data.points import LorenzPoints
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["gini_bounds"]

Reals = NDArray[np.float64]

_SWEEPS, _STILL = 10_000, 1e-14


def gini_bounds(points: LorenzPoints) -> Bounded:
    """Return the lowest and the highest Gini that a distribution without negative incomes can have with these points.

    The lowest has everybody at the mean of the group; in the highest the limits between groups are where inequality
    within them is largest, and the richest group has no limit. The value given is the middle of both. With known
    limits use `binned` and `bounded`, which is narrower. Raises UndefinedMeasure for a group with a mean below 0.
    Source: Mehran (1975, Journal of the American Statistical Association 70(349)).
    """
    p, share = np.append(0.0, points.people), np.append(0.0, points.income)
    width = np.diff(p)
    mean = np.diff(share) / width
    if mean[0] < 0.0:
        raise UndefinedMeasure("the poorest group has a mean below 0; the bounds are those of incomes from 0 on")
    lowest = 1.0 - float((width * (share[1:] + share[:-1])).sum())
    highest = lowest + float((width**2 * _spread(mean, _limits(width, mean))).sum())
    return Bounded(0.5 * (lowest + highest), lowest, highest)


def _spread(mean: Reals, limits: Reals) -> Reals:
    """How far each group can be spread: with shares that keep its mean at its two limits, none for the richest."""
    up, down = limits[1:-1] - mean[:-1], mean - limits[:-1]
    both = up + down[:-1]
    return np.append(np.divide(up * down[:-1], both, out=np.zeros_like(both), where=both > 0.0), down[-1])


def _limits(width: Reals, mean: Reals) -> Reals:
    """Incomes between groups that spread them most: a concave problem, solved one limit at a time."""
    limits = np.concatenate([[0.0], 0.5 * (mean[1:] + mean[:-1]), [np.inf]])
    for _ in range(_SWEEPS):
        before = limits.copy()
        for group in range(1, len(mean)):
            limits[group] = _best_limit(width[group - 1 : group + 1], mean[group - 1 : group + 1], limits, group)
        if np.abs(limits[1:-1] - before[1:-1]).max(initial=0.0) <= _STILL:
            break
    return limits


def _best_limit(width: Reals, mean: Reals, limits: Reals, group: int) -> float:
    """Where the spread below and above the limit balance: w d / (x - low) = w' u / (high - x), with x the limit."""
    (poorer, richer), low, high = width, limits[group - 1], limits[group + 1]
    below = poorer * (mean[0] - low)
    if np.isinf(high):
        best = low + below / richer
    else:
        above = richer * (high - mean[1])
        best = high if above <= 0.0 else (below * high + above * low) / (below + above)
    return float(min(max(best, mean[0]), mean[1]))
