"""Poverty below a line, of a Lorenz curve with the mean of incomes."""

from __future__ import annotations

import math
from typing import NamedTuple

from incomesim.measures.grouped_data.curve import (
    LorenzCurve,
    distribution,
    integral,
    positive,
    refuse_income_below_zero,
)
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["Elasticity", "elasticity", "fgt", "line_range", "watts"]

PIP_LOWEST, PIP_HIGHEST = 0.001, 0.98
"""Ranks between which the World Bank's PIP takes a fitted curve to say something of a poverty line."""


class Elasticity(NamedTuple):
    """By how many per cent a poverty measure changes when the mean, or the Gini, rises by one per cent."""

    mean: float
    gini: float


def fgt(curve: LorenzCurve, *, mean: float, line: float, order: int) -> float:
    """Return the poverty measure of Foster, Greer & Thorbecke of order 0 (headcount), 1 (gap) or 2 (squared gap)."""
    if order not in (0, 1, 2):
        raise UndefinedMeasure(f"the order is {order}, expected 0, 1 or 2")
    lines = positive(line, "line") / positive(mean, "mean")
    poor = distribution(curve).rank(lines)
    if order == 0:
        return poor
    gap = poor - float(curve.ordinate(poor)) / lines
    if order == 1:
        return max(gap, 0.0)
    if not math.isfinite(float(curve.slope(poor))):
        raise UndefinedMeasure(f"a line of {line:g} is beyond the incomes that can be told apart at the top")
    return max(2.0 * gap - poor + curve.square_below(poor) / lines**2, 0.0)


def watts(curve: LorenzCurve, *, mean: float, line: float) -> float:
    """Return the poverty measure of Watts, the integral of log(line / income) over the poor.

    Raises UndefinedMeasure for incomes of 0 or less (L' at p = 0 not above 0), as of every Beta curve with gamma
    below 1.
    """
    lines = positive(line, "line") / positive(mean, "mean")
    refuse_income_below_zero(curve, "the measure of Watts")
    poor = curve.rank(lines)
    return integral(lambda p: math.log(lines / float(curve.slope(p))), 0.0, poor) if poor > 0.0 else 0.0


def elasticity(curve: LorenzCurve, *, mean: float, line: float, order: int) -> Elasticity:
    """Return the elasticities of an FGT measure to the mean, with the curve as it is, and to the Gini.

    The latter shifts every Lorenz ordinate by the same percentage of its distance from equality (Kakwani 1993, Review
    of Income and Wealth 39(2); Datt 1998). Raises UndefinedMeasure where nobody or everybody is poor.
    """
    poor, lines = fgt(curve, mean=mean, line=line, order=0), line / mean
    if not 0.0 < poor < 1.0:
        raise UndefinedMeasure(f"a share of {poor:g} is poor; elasticities need somebody on either side of the line")
    if order == 0:
        slack = 1.0 / (poor * float(curve.curvature(poor)))
        return Elasticity(-lines * slack, (1.0 - lines) * slack)
    here, before = (fgt(curve, mean=mean, line=line, order=each) for each in (order, order - 1))
    return Elasticity(order * (1.0 - before / here), order * (1.0 + (1.0 / lines - 1.0) * before / here))


def line_range(curve: LorenzCurve, *, mean: float) -> tuple[float, float]:
    """Return the lowest and the highest line that PIP takes the curve for: incomes at ranks 0.001 and 0.98.

    Beyond them the curve follows its form rather than data. (PIP itself moves them inwards by 4 units of money.)
    """
    lowest, highest = distribution(curve).slope([PIP_LOWEST, PIP_HIGHEST]) * positive(mean, "mean")
    return max(float(lowest), 0.0), float(highest)
