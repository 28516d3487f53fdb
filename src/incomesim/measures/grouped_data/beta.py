"""The Beta Lorenz curve: L(p) = p - theta p^gamma (1 - p)^delta.

Sources: Kakwani (1980, Econometrica 48(2)); formulas of poverty measures after Datt (1998, IFPRI FCND discussion
paper 50). With gamma below 1, as fitted nearly always, its slope falls to minus infinity at p = 0: the poorest few
have less than nothing, and measures that need incomes above 0 do not exist.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import beta, hyp2f1

from incomesim.measures.grouped_data.curve import CONVEX, RISING, Failure
from incomesim.measures.grouped_data.points import LorenzPoints
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["BetaLorenz", "fit_beta_lorenz"]

Reals = NDArray[np.float64]

_LOWEST, _HIGHEST = 1e-300, 1.0 - 2.0**-53  # ranks between which a slope is looked for


@dataclass(frozen=True)
class BetaLorenz:
    """A Beta Lorenz curve; `theta`, `gamma`, `delta`, all above 0, are Datt's (A, B, C of the World Bank's PIP).

    L(0) = 0 and L(1) = 1 hold by its form. It is convex where gamma and delta are not above 1.
    """

    theta: float
    gamma: float
    delta: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) and value > 0.0 for value in (self.theta, self.gamma, self.delta)):
            found = f"{self.theta}, {self.gamma}, {self.delta}"
            raise UndefinedMeasure(f"theta, gamma, delta are {found}; they must be finite and above 0")

    def ordinate(self, p: ArrayLike) -> Reals:
        """Return L(p)."""
        rank = np.asarray(p, np.float64)
        return np.asarray(rank - self.theta * rank**self.gamma * (1.0 - rank) ** self.delta)

    def slope(self, p: ArrayLike) -> Reals:
        """Return L'(p)."""
        rank = np.asarray(p, np.float64)
        with np.errstate(divide="ignore"):
            poor = self.gamma * rank ** (self.gamma - 1.0) * (1.0 - rank) ** self.delta
            rich = self.delta * rank**self.gamma * (1.0 - rank) ** (self.delta - 1.0)
        return np.asarray(1.0 - self.theta * (poor - rich))

    def curvature(self, p: ArrayLike) -> Reals:
        """Return L''(p), for p between 0 and 1, both left out."""
        rank = np.asarray(p, np.float64)
        other, g, d = 1.0 - rank, self.gamma, self.delta
        form = g * (1.0 - g) / rank**2 + 2.0 * g * d / (rank * other) + d * (1.0 - d) / other**2
        return np.asarray(self.theta * rank**g * other**d * form)

    def rank(self, slope: float) -> float:
        """Return where L' is `slope`: the headcount for a line of `slope` times the mean."""
        if slope <= float(self.slope(_LOWEST)):
            return 0.0
        if slope >= float(self.slope(_HIGHEST)):
            return 1.0
        if float(self.slope(0.5)) > slope:  # by powers of ten: ranks may be tiny
            found = brentq(lambda power: float(self.slope(10.0**power)) - slope, -300.0, math.log10(0.5), xtol=1e-15)
            return float(10.0**found)
        return float(brentq(lambda p: float(self.slope(p)) - slope, 0.5, _HIGHEST, xtol=1e-15))

    def square_below(self, p: float) -> float:
        """Return the integral of L' squared from 0 to p; raises UndefinedMeasure where gamma is not above 1/2."""
        g, d = self.gamma, self.delta
        if g <= 0.5:
            raise UndefinedMeasure(f"gamma is {g:.4g}; the square of L' has an integral only above 1/2")
        if p == 0.0:
            return 0.0
        bends = (
            g * g * _incomplete_beta(p, 2.0 * g - 1.0, 2.0 * d + 1.0)
            - 2.0 * g * d * _incomplete_beta(p, 2.0 * g, 2.0 * d)
            + d * d * _incomplete_beta(p, 2.0 * g + 1.0, 2.0 * d - 1.0)
        )
        return 2.0 * float(self.ordinate(p)) - p + self.theta**2 * bends

    @property
    def gini(self) -> float:
        """2 theta B(1 + gamma, 1 + delta)."""
        return 2.0 * self.theta * float(beta(1.0 + self.gamma, 1.0 + self.delta))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The conditions that do not hold; see `Failure`."""
        g, d = self.gamma, self.delta
        found = []
        if g > 1.0:
            found.append(Failure(CONVEX, 0.0, self._turn(g * (1.0 - g), 2.0 * g * d, d * (1.0 - d)), -math.inf))
        if d > 1.0:
            turn = self._turn(d * (1.0 - d), 2.0 * g * d, g * (1.0 - g))
            found.append(Failure(CONVEX, 1.0 - turn, 1.0, -math.inf))
        if not found and float(self.slope(0.0)) < 0.0:
            found.append(Failure(RISING, 0.0, self.rank(0.0), float(self.slope(0.0))))
        return tuple(found)

    @staticmethod
    def _turn(first: float, second: float, third: float) -> float:
        """Return p where first (1-p)^2 + second p(1-p) + third p^2 first reaches 0, from below: first < 0 < second."""
        under = second * second - 4.0 * first * third
        if under < 0.0:
            return 1.0
        odds = -2.0 * first / (second + math.sqrt(under))
        return odds / (1.0 + odds)


def fit_beta_lorenz(points: LorenzPoints) -> BetaLorenz:
    """Return the Beta Lorenz curve of a table of groups, by least squares of log(p - L) on log p and log(1 - p).

    The last point (1, 1) is left out. Look at `failures` of what comes back. Raises UndefinedMeasure for fewer than
    four groups, or where some point has no less than its share: log(p - L) has no meaning there.
    """
    p, share = points.people[:-1], points.income[:-1]
    if len(p) < 3:
        raise UndefinedMeasure(f"there are {len(p) + 1} groups; three parameters need four or more")
    if (p <= share).any():
        raise UndefinedMeasure("the poorest have no less than their share; the curve needs L below p between 0 and 1")
    terms = np.column_stack([np.ones_like(p), np.log(p), np.log1p(-p)])
    log_theta, gamma, delta = np.linalg.lstsq(terms, np.log(p - share), rcond=None)[0]
    return BetaLorenz(math.exp(log_theta), float(gamma), float(delta))


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The integral of q^(a-1) (1-q)^(b-1) from 0 to x below 1, for any b."""
    return float(x**a / a * hyp2f1(a, 1.0 - b, a + 1.0, x))
