"""A Lorenz curve given by a formula, and the conditions that make it one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import quad

from incomesim.measures.ranked import UndefinedMeasure

__all__ = [
    "CONVEX",
    "FULL",
    "REAL",
    "RISING",
    "ZERO",
    "Failure",
    "LorenzCurve",
    "distribution",
    "integral",
    "is_distribution",
    "positive",
    "refuse_income_below_zero",
]

Reals = NDArray[np.float64]

ZERO, FULL, RISING, CONVEX, REAL = "L(0) = 0", "L(1) = 1", "L'(p) >= 0", "L''(p) >= 0", "L(p) is a real number"
"""The conditions of a Lorenz curve (Datt 1998, section 3; Villasenor & Arnold 1989)."""

_CAN_BE_LIVED_WITH = {RISING, FULL}  # incomes below nothing among the poorest; income of the very top left over


@dataclass(frozen=True)
class Failure:
    """A condition that does not hold, the ranks `lower` to `upper` where it does not, and the worst value there."""

    condition: str
    lower: float
    upper: float
    value: float

    def __str__(self) -> str:
        where = f"p = {self.lower:.4g}" if self.lower == self.upper else f"p from {self.lower:.4g} to {self.upper:.4g}"
        return f"{self.condition} fails at {where}: {self.value:.4g}"


class LorenzCurve(Protocol):
    """The share L(p) of all income that the poorest share p of people has, as a formula.

    Its slope at p is the income of the person there over the mean, so with a mean it is a distribution.
    """

    def ordinate(self, p: ArrayLike) -> Reals:
        """Return L(p)."""

    def slope(self, p: ArrayLike) -> Reals:
        """Return L'(p), the income at rank p over the mean; may be infinite at the ends."""

    def curvature(self, p: ArrayLike) -> Reals:
        """Return L''(p), one over the density of relative income there."""

    def rank(self, slope: float) -> float:
        """Return the share of people whose income is below `slope` times the mean, between 0 and 1."""

    def square_below(self, p: float) -> float:
        """Return the integral of L'(q) squared for q from 0 to p, p below 1."""

    @property
    def gini(self) -> float:
        """The Gini coefficient."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The conditions that do not hold; empty for a Lorenz curve."""


def distribution(curve: LorenzCurve) -> LorenzCurve:
    """Return the curve where it describes people in order of income.

    Two failures are let pass, and each measure says what it makes of them: L' below 0 near p = 0 (somebody has less
    than nothing there) and L(1) below 1 (the rest is income of a vanishing few at the very top). Raises
    UndefinedMeasure for any other.
    """
    if not is_distribution(curve):
        raise UndefinedMeasure(f"this is no Lorenz curve: {'; '.join(map(str, curve.failures))}")
    return curve


def is_distribution(curve: LorenzCurve) -> bool:
    """Return whether `distribution` takes the curve."""
    return all(failure.condition in _CAN_BE_LIVED_WITH for failure in curve.failures)


def refuse_income_below_zero(curve: LorenzCurve, what: str) -> None:
    """Refuse a curve with somebody below 0, which is near p = 0 if anywhere."""
    lowest = float(distribution(curve).slope(0.0))
    if not lowest >= 0.0:
        poorest = curve.rank(0.0)
        raise UndefinedMeasure(f"{what} needs incomes above 0; this curve is below 0 for a share of {poorest:.2g}")


def positive(value: float, name: str) -> float:
    """Return a mean or a line that is one."""
    if not (math.isfinite(value) and value > 0.0):
        raise UndefinedMeasure(f"the {name} is {value:g}, expected a number above 0")
    return value


def integral(value: Callable[[float], float], start: float, end: float) -> float:
    """Return an integral over ranks to about 1e-9; values may be infinite at the ends."""
    width = end - start

    def slowed(u: float) -> float:  # ranks crowd at both ends, where slopes are steep
        return value(start + width * u * u * (3.0 - 2.0 * u)) * 6.0 * u * (1.0 - u)

    return width * float(quad(slowed, 0.0, 1.0, epsabs=1e-10, epsrel=1e-9, limit=400)[0])
