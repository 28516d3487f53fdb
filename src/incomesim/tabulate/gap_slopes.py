"""How gaps between groups move with the means (R,) and the persons (R,) of the groups: derivatives by both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["max_min_slopes", "ratio_slopes", "theil_slopes", "variation_slopes"]

Reals = NDArray[np.float64]
Slopes = tuple[Reals, Reals]


def ratio_slopes(means: Reals, persons: Reals) -> Slopes:
    """Return those of the ratio of the first mean to the second."""
    first, second = means
    return np.array([1.0 / second, -first / second**2]), np.zeros_like(persons)


def max_min_slopes(means: Reals, persons: Reals) -> Slopes:
    """Return those of the ratio of the highest mean to the lowest."""
    slopes = np.zeros_like(means)
    high, low = np.argmax(means), np.argmin(means)
    slopes[high] += 1.0 / means[low]
    slopes[low] -= means[high] / means[low] ** 2
    return slopes, np.zeros_like(persons)


def variation_slopes(means: Reals, persons: Reals) -> Slopes:
    """Return those of the coefficient of variation; 0 where all means are the same."""
    share, mean = _shares(means, persons)
    relative = means / mean
    squares = float((share * relative**2).sum())
    variation = np.sqrt(max(squares - 1.0, 0.0))
    if variation == 0.0:
        return np.zeros_like(means), np.zeros_like(persons)
    by_mean = share * (relative - squares) / (mean * variation)
    by_person = (relative**2 - squares - 2.0 * squares * (relative - 1.0)) / (2.0 * variation * persons.sum())
    return by_mean, by_person


def theil_slopes(means: Reals, persons: Reals) -> Slopes:
    """Return those of Theil's T of the means."""
    share, mean = _shares(means, persons)
    relative = means / mean
    theil = float((share * relative * np.log(relative)).sum())
    by_mean = share * (np.log(relative) - theil) / mean
    by_person = (relative * np.log(relative) - theil - (theil + 1.0) * (relative - 1.0)) / persons.sum()
    return by_mean, by_person


def _shares(means: Reals, persons: Reals) -> tuple[Reals, float]:
    share = persons / persons.sum()
    return share, float((share * means).sum())
