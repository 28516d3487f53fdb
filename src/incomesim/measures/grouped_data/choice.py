"""Which of two fitted Lorenz curves to take, by the rule of the World Bank's PIP."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from incomesim.measures.grouped_data.beta import BetaLorenz, fit_beta_lorenz
from incomesim.measures.grouped_data.curve import FULL, LorenzCurve, is_distribution
from incomesim.measures.grouped_data.general_quadratic import GeneralQuadratic, fit_general_quadratic
from incomesim.measures.grouped_data.points import LorenzPoints
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["LorenzChoice", "choose_lorenz", "squared_error"]

_ENOUGH_OF_ALL = 0.9  # PIP takes a general quadratic with L(1) = a + c from here on
_LOOKED_AT = [0.001, 0.051]  # where PIP asks whether a Beta curve rises


@dataclass(frozen=True)
class LorenzChoice:
    """Two curves fitted to the same points, and which of them PIP takes for what.

    `for_inequality` is None where neither is valid, `for_poverty` where neither is a Lorenz curve. Errors are sums of
    squares of L at the points: `errors` of all, `errors_of_poor` up to the headcount and the first point beyond it,
    infinite for what is no curve; the general quadratic first, then Beta.
    """

    general_quadratic: GeneralQuadratic
    beta: BetaLorenz
    valid: tuple[bool, bool]
    errors: tuple[float, float]
    errors_of_poor: tuple[float, float]
    for_inequality: LorenzCurve | None
    for_poverty: LorenzCurve | None


def choose_lorenz(points: LorenzPoints, *, mean: float, line: float) -> LorenzChoice:
    """Return both curves fitted to a table of groups, and the rule's choice for inequality and for poverty.

    PIP (package wbpip, `gd_select_lorenz`): for inequality the valid curve, of two valid ones the one with the smaller
    sum of squared errors at all points; for poverty the valid one, of two valid or two invalid ones the one with the
    smaller sum up to the headcount. Its notion of valid is looser than `failures`: L(1) from 0.9 on will do, and
    whether a Beta curve rises is asked at two ranks, so that the fall near p = 0 goes by. A curve that is not convex,
    which PIP looks for in some ranks only, is never chosen here: no measure takes it.
    """
    if not (mean > 0.0 and line > 0.0):
        raise UndefinedMeasure(f"mean and line are {mean:g} and {line:g}, expected numbers above 0")
    quadratic, beta = fit_general_quadratic(points), fit_beta_lorenz(points)
    curves: tuple[LorenzCurve, LorenzCurve] = (quadratic, beta)
    valid = (_quadratic_is_valid(quadratic), _beta_is_valid(beta))
    errors = (_error(quadratic, points), _error(beta, points))
    errors_of_poor = (_error_of_poor(quadratic, points, line / mean), _error_of_poor(beta, points, line / mean))
    return LorenzChoice(
        general_quadratic=quadratic,
        beta=beta,
        valid=valid,
        errors=errors,
        errors_of_poor=errors_of_poor,
        for_inequality=curves[_better(valid, errors)] if any(valid) else None,
        for_poverty=curves[_better(valid, errors_of_poor)] if min(errors_of_poor) < math.inf else None,
    )


def squared_error(curve: LorenzCurve, points: LorenzPoints, *, up_to: float = 1.0) -> float:
    """Return the sum of squared errors of L at the points below rank `up_to` and at the first one beyond it."""
    number = int(np.count_nonzero(points.people < up_to)) + 1
    return float(((points.income - curve.ordinate(points.people))[:number] ** 2).sum())


def _error(curve: LorenzCurve, points: LorenzPoints) -> float:
    return squared_error(curve, points) if is_distribution(curve) else math.inf


def _error_of_poor(curve: LorenzCurve, points: LorenzPoints, slope: float) -> float:
    return squared_error(curve, points, up_to=curve.rank(slope)) if is_distribution(curve) else math.inf


def _better(valid: tuple[bool, bool], errors: tuple[float, float]) -> int:
    """The only valid one, else the one with the smaller error; the first of two equal ones."""
    return int(errors[1] < errors[0]) if valid[0] == valid[1] else int(valid[1])


def _quadratic_is_valid(curve: GeneralQuadratic) -> bool:
    return all(failure.condition == FULL and failure.value >= _ENOUGH_OF_ALL for failure in curve.failures)


def _beta_is_valid(curve: BetaLorenz) -> bool:
    return is_distribution(curve) and bool((curve.slope(_LOOKED_AT) >= 0.0).all())
