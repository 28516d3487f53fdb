"""Gaps between groups, from their means: counties, provinces, town and country."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["max_min_ratio", "theil_between", "weighted_variation"]


def max_min_ratio(means: ArrayLike) -> float:
    """Return the highest over the lowest of the means, at least 1."""
    values = _positive(means)
    return float(values.max() / values.min())


def weighted_variation(means: ArrayLike, weight: ArrayLike) -> float:
    """Return the coefficient of variation of means weighted by people, not negative.

    Source: Williamson (1965), Economic Development and Cultural Change 13(4), his V_w.
    """
    values, shares, mean = _relative(means, weight)
    return float(np.sqrt(np.dot(shares, (values / mean - 1.0) ** 2)))


def theil_between(means: ArrayLike, weight: ArrayLike) -> float:
    """Return the part of Theil's T that lies between groups: T of their means, weighted by people."""
    values, shares, mean = _relative(means, weight)
    relative = values / mean
    return max(float(np.dot(shares * relative, np.log(relative))), 0.0)


def _relative(means: ArrayLike, weight: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    values, people = _positive(means), np.asarray(weight, np.float64)
    if people.shape != values.shape or not np.isfinite(people).all() or (people < 0.0).any() or people.sum() <= 0.0:
        raise UndefinedMeasure("weights must be finite, not negative, not all 0, one for each mean")
    shares = people / people.sum()
    return values, shares, float(np.dot(shares, values))


def _positive(means: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(means, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all() or values.min() <= 0.0:
        raise UndefinedMeasure("means must be finite and above 0, at least one of them")
    return values
