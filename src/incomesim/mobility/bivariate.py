"""The bivariate normal distribution, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, owens_t

__all__ = ["joint_below"]

Reals = NDArray[np.float64]


def joint_below(a: ArrayLike, b: ArrayLike, correlation: float) -> Reals:
    """Return the probability that two standard normals lie below `a` and `b`, which broadcast and may be infinite.

    By Owen's function (Owen 1956, Annals of Mathematical Statistics 27(4)), good to the last digits; `correlation`
    lies between -1 and 1, both included.
    """
    x, y = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    if not -1.0 <= correlation <= 1.0:
        raise ValueError(f"found the correlation {correlation}, expected -1 to 1")
    if correlation == 1.0:
        return np.asarray(ndtr(np.minimum(x, y)))
    if correlation == -1.0:
        return np.asarray(np.maximum(ndtr(x) - ndtr(-y), 0.0))
    finite = np.isfinite(x) & np.isfinite(y)
    inside = _by_owen(np.where(finite, x, 0.0), np.where(finite, y, 0.0), correlation)
    return np.where(finite, inside, np.minimum(ndtr(x), ndtr(y)))  # +inf: the other one alone; -inf: nothing


def _by_owen(x: Reals, y: Reals, correlation: float) -> Reals:
    rest = np.sqrt((1.0 - correlation) * (1.0 + correlation))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope_x = (y - correlation * x) / (x * rest)
        slope_y = (x - correlation * y) / (y * rest)
    apart = (x * y < 0.0) | ((x * y == 0.0) & (x + y < 0.0))
    value = 0.5 * (ndtr(x) + ndtr(y)) - owens_t(x, slope_x) - owens_t(y, slope_y) - 0.5 * apart
    middle = 0.25 + np.arcsin(correlation) / (2.0 * np.pi)
    found: Reals = np.where((x == 0.0) & (y == 0.0), middle, value)
    return found
