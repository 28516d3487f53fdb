"""The general quadratic Lorenz curve: a piece of an ellipse, a hyperbola or (b^2 = 4a) a parabola.

L(1 - L) = a (p^2 - L) + b L (p - 1) + c (p - L)

Sources: Villasenor & Arnold (1989, Journal of Econometrics 40(2)), with Krause's corrigendum (2013, Journal of
Econometrics 174(1)); formulas of poverty measures after Datt (1998, IFPRI FCND discussion paper 50). e, m, n, r below
are Datt's; his roots s1 and s2 appear as 1/s, so that nothing is divided by m where b^2 is near 4a.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.grouped_data.curve import CONVEX, FULL, REAL, RISING, ZERO, Failure
from incomesim.measures.grouped_data.points import LorenzPoints
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["GeneralQuadratic", "fit_general_quadratic"]

Reals = NDArray[np.float64]

_PARABOLA = 1e-6  # |b^2 - 4a| below which the closed form of the Gini loses its digits
_SAME = 1e-9


@dataclass(frozen=True)
class GeneralQuadratic:
    """A general quadratic Lorenz curve. `a`, `b`, `c` are those of Datt (1998) and of the World Bank's PIP (A, B, C).

    L(0) = 0 needs e = -(a + b + c + 1) < 0, L'(0) = c/|e| is not below 0 where c is not, L(1) is the lower of 1
    and a + c. Raises UndefinedMeasure where |b^2 - 4a| is below 1e-6: the closed forms lose their digits there.
    """

    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.a, self.b, self.c))):
            raise UndefinedMeasure(f"a, b, c are {self.a}, {self.b}, {self.c}; they must be finite numbers")
        if abs(self.m) < _PARABOLA:
            raise UndefinedMeasure(f"b^2 - 4a is {self.m:.1e}; the formulas need one further from 0 than {_PARABOLA}")

    @property
    def e(self) -> float:
        """The absolute term: minus the square root in L at p = 0."""
        return -(self.a + self.b + self.c + 1.0)

    @property
    def m(self) -> float:
        """What p^2 is multiplied by under the root: below 0 for an ellipse."""
        return self.b * self.b - 4.0 * self.a

    @property
    def n(self) -> float:
        """What p is multiplied by under the root."""
        return 2.0 * self.b * self.e - 4.0 * self.c

    @property
    def r_squared(self) -> float:
        """Eight times L'' times the third power of the root."""
        return self.n * self.n - 4.0 * self.m * self.e * self.e

    def ordinate(self, p: ArrayLike) -> Reals:
        """Return L(p)."""
        rank = np.asarray(p, np.float64)
        return np.asarray(-0.5 * (self.b * rank + self.e + self._root(rank)))

    def slope(self, p: ArrayLike) -> Reals:
        """Return L'(p)."""
        rank = np.asarray(p, np.float64)
        with np.errstate(divide="ignore"):
            return np.asarray(-0.5 * self.b - (2.0 * self.m * rank + self.n) / (4.0 * self._root(rank)))

    def curvature(self, p: ArrayLike) -> Reals:
        """Return L''(p)."""
        with np.errstate(divide="ignore"):
            return np.asarray(self.r_squared / (8.0 * self._root(np.asarray(p, np.float64)) ** 3))

    def rank(self, slope: float) -> float:
        """Return where L' is `slope`: Datt's headcount for a line of `slope` times the mean."""
        if slope <= float(self.slope(0.0)):
            return 0.0
        if slope >= float(self.slope(1.0)):
            return 1.0
        tilt = self.b + 2.0 * slope
        pull = math.sqrt(self.r_squared) * tilt / math.sqrt(tilt * tilt - self.m)
        if self.n * pull >= 0.0:  # the root that adds two numbers of the same sign
            found = -(self.n + pull) / (2.0 * self.m)
        else:
            squares = self.n * self.n - (2.0 * self.e * tilt) ** 2
            found = squares / (2.0 * (tilt * tilt - self.m) * (self.n - pull))
        return min(max(found, 0.0), 1.0)

    def square_below(self, p: float) -> float:
        """Return the integral of L' squared from 0 to p."""
        r = math.sqrt(self.r_squared)
        twice = 2.0 * self.e * self.e
        logs = math.log1p(p * (r + self.n) / twice) - math.log1p(-p * (r - self.n) / twice)
        return r / 16.0 * logs - self.a * p - self.b * float(self.ordinate(p))

    @property
    def gini(self) -> float:
        """1 - 2 times the area below L, with the area below the root in closed form."""
        at_0, at_1, m, n = abs(self.e), abs(self.a + self.c - 1.0), self.m, self.n
        step = math.sqrt(abs(m)) / (at_0 + at_1)
        span = 2.0 * (math.atanh(step) if m > 0.0 else math.atan(step)) / math.sqrt(abs(m))
        area = ((2.0 * m + n) * at_1 - n * at_0) / (4.0 * m) - self.r_squared * span / (8.0 * m)
        return 1.0 + 0.5 * self.b + self.e + area

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The conditions that do not hold; see `Failure`."""
        unreal = self._unreal()
        if unreal:
            return (unreal,)
        found = []
        if self.e >= 0.0:
            found.append(Failure(ZERO, 0.0, 0.0, -self.e))
        if self.a + self.c < 1.0 - _SAME:
            found.append(Failure(FULL, 1.0, 1.0, self.a + self.c))
        if self.r_squared <= 0.0:
            found.append(Failure(CONVEX, 0.0, 1.0, float(np.min(self.curvature([0.0, 1.0])))))
        elif self.e < 0.0 and self.c < 0.0:
            found.append(Failure(RISING, 0.0, self.rank(0.0), float(self.slope(0.0))))
        return tuple(found)

    def _under_root(self, p: Reals) -> Reals:
        return np.asarray((self.m * p + self.n) * p + self.e * self.e)

    def _root(self, p: Reals) -> Reals:
        return np.asarray(np.sqrt(np.maximum(self._under_root(p), 0.0)))

    def _unreal(self) -> Failure | None:
        """Where the number under the root is below 0: between its roots, which for an ellipse lie outside."""
        if self.m < 0.0 or self.r_squared <= 0.0:
            return None
        r = math.sqrt(self.r_squared)
        lower, upper = max((-self.n - r) / (2.0 * self.m), 0.0), min((r - self.n) / (2.0 * self.m), 1.0)
        if upper - lower <= _SAME:
            return None
        lowest = min(max(-self.n / (2.0 * self.m), lower), upper)
        return Failure(REAL, lower, upper, float(self._under_root(np.asarray(lowest))))


def fit_general_quadratic(points: LorenzPoints) -> GeneralQuadratic:
    """Return the general quadratic Lorenz curve of a table of groups, by least squares of L(1 - L) on its three terms.

    The last point (1, 1) adds nothing and is left out. Look at `failures` of what comes back. Raises UndefinedMeasure
    for fewer than four groups, or for points that leave the parameters open (all incomes equal).
    """
    p, share = points.people[:-1], points.income[:-1]
    if len(p) < 3:
        raise UndefinedMeasure(f"there are {len(p) + 1} groups; three parameters need four or more")
    terms = np.column_stack([p * p - share, share * (p - 1.0), p - share])
    found, _, known, _ = np.linalg.lstsq(terms, share * (1.0 - share), rcond=None)
    if known < 3:
        raise UndefinedMeasure("these points leave the parameters open: they lie on a simpler curve")
    return GeneralQuadratic(*(float(value) for value in found))
