"""An estimate with its standard error, and an interval on the scale where the measure keeps to its range."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from incomesim.measures.inference.design import BadDesign
from incomesim.measures.inference.scale import Scale

__all__ = ["Estimate", "check_level", "difference_of_independent", "estimated", "limits"]

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MOST = 700.0  # whose exponential is a number


@dataclass(frozen=True)
class Estimate:
    """A measure of a sample, its standard error, and an interval that has that of the population at `level`."""

    value: float
    standard_error: float
    low: float
    high: float
    level: float
    degrees_of_freedom: float
    scale: Scale


def estimated(value: float, variance: float, degrees_of_freedom: float, level: float, scale: Scale) -> Estimate:
    """Return the estimate with the interval of Student's t around it on a scale.

    A share of 0 or 1 has the limit of Clopper & Pearson (1934, Biometrika 26(4)) for as many clusters. Raises
    BadDesign where there are no degrees of freedom or the level is not between 0 and 1.
    """
    check_level(level)
    if not degrees_of_freedom > 0.0:
        raise BadDesign(
            f"there are {degrees_of_freedom:g} degrees of freedom, clusters less strata: too few rows to show variation"
        )
    error = sqrt(variance)
    reach = float(stdtrit(degrees_of_freedom, 0.5 + 0.5 * level)) * error
    in_log, in_log_odds = (np.array([scale is each]) for each in (Scale.LOG, Scale.LOGIT))
    low, high = (end.item() for end in limits(np.array([value]), np.array([reach]), in_log, in_log_odds))
    if scale is Scale.NONE_SEEN:
        unseen = 1.0 - (0.5 - 0.5 * level) ** (1.0 / (degrees_of_freedom + 1.0))
        low, high = max(value - unseen, 0.0), min(value + unseen, 1.0)
    return Estimate(value, error, low, high, level, degrees_of_freedom, scale)


def limits(value: Reals, reach: Reals, in_log: Flags, in_log_odds: Flags) -> tuple[Reals, Reals]:
    """Return the ends (n,) of intervals that reach so far on each side, of the number itself or on another scale.

    `in_log` (n,) are those symmetric in the log, `in_log_odds` in log odds, where the reach is that of the tangent.
    """
    low, high = value - reach, value + reach
    ratio = np.exp(np.minimum(reach[in_log] / value[in_log], _MOST))
    low[in_log], high[in_log] = value[in_log] / ratio, value[in_log] * ratio
    share = value[in_log_odds]
    ratio = np.exp(np.minimum(reach[in_log_odds] / (share * (1.0 - share)), _MOST))
    low[in_log_odds] = share / (share + (1.0 - share) * ratio)
    high[in_log_odds] = share * ratio / (1.0 - share + share * ratio)
    return low, high


def check_level(level: float) -> None:
    """Raise BadDesign unless the level is between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise BadDesign(f"level is {level}, expected a probability between 0 and 1, such as 0.95")


def difference_of_independent(before: Estimate, after: Estimate) -> Estimate:
    """Return after less before, of two samples that were drawn independently, at the level of the two.

    The degrees of freedom are those of Welch (1947, Biometrika 34(1/2)). For the same rows, or clusters,
    with two incomes take `estimate_difference`: it is far more exact. Raises BadDesign for two levels.
    """
    if before.level != after.level:
        raise BadDesign(f"found intervals of {before.level:g} and {after.level:g}, expected one level")
    parts = [estimate.standard_error**2 for estimate in (before, after)]
    freedom = [estimate.degrees_of_freedom for estimate in (before, after)]
    squares = sum(part * part / free for part, free in zip(parts, freedom, strict=True))
    together = sum(parts) ** 2 / squares if squares else min(freedom)
    return estimated(after.value - before.value, sum(parts), together, before.level, Scale.PLAIN)
