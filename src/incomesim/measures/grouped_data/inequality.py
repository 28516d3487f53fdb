"""Inequality and polarisation of a Lorenz curve."""

from __future__ import annotations

import math

from incomesim.measures.grouped_data.curve import (
    FULL,
    LorenzCurve,
    distribution,
    integral,
    refuse_income_below_zero,
)
from incomesim.measures.grouped_data.location import median
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["gini", "hoover", "mld", "theil", "wolfson"]


def gini(curve: LorenzCurve) -> float:
    """Return the Gini coefficient, in closed form."""
    return distribution(curve).gini


def hoover(curve: LorenzCurve) -> float:
    """Return the Hoover index: p - L(p) where it is largest, at the rank whose income is the mean."""
    p = distribution(curve).rank(1.0)
    return p - float(curve.ordinate(p))


def theil(curve: LorenzCurve) -> float:
    """Return Theil's T, the integral of L' log L'.

    Raises UndefinedMeasure for incomes below nothing (L' below 0 near p = 0) and where L(1) is below 1: income of a
    vanishing few makes it infinite.
    """
    refuse_income_below_zero(curve, "Theil's T")
    if any(failure.condition == FULL for failure in curve.failures):
        raise UndefinedMeasure("Theil's T is infinite: L(1) is below 1, so a vanishing few have income at the top")
    return integral(lambda p: _times_log(float(curve.slope(p))), 0.0, 1.0)


def mld(curve: LorenzCurve) -> float:
    """Return the mean log deviation, minus the integral of log L'; raises UndefinedMeasure like `watts`."""
    refuse_income_below_zero(curve, "the mean log deviation")
    return -integral(lambda p: math.log(float(curve.slope(p))), 0.0, 1.0)


def wolfson(curve: LorenzCurve) -> float:
    """Return Wolfson's polarisation, 2 (1 - 2 L(1/2) - Gini) times the mean over the median.

    Source: Wolfson (1994, American Economic Review 84(2)), on the scale of PIP.
    """
    return 2.0 * (1.0 - 2.0 * float(curve.ordinate(0.5)) - gini(curve)) / median(curve, mean=1.0)


def _times_log(value: float) -> float:
    return value * math.log(value) if value > 0.0 else 0.0
