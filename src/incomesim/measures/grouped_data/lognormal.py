"""The Lorenz curve of a lognormal distribution, known from its Gini coefficient alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from incomesim.measures.grouped_data.curve import Failure
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["LognormalLorenz", "lognormal_with_gini"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class LognormalLorenz:
    """The Lorenz curve of incomes whose logarithms are normal with standard deviation `sigma`, above 0.

    Source: Aitchison & Brown (1957), The Lognormal Distribution, chapter 11.
    """

    sigma: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.sigma) and self.sigma > 0.0):
            raise UndefinedMeasure(f"sigma is {self.sigma}; it must be a finite number above 0")

    def ordinate(self, p: ArrayLike) -> Reals:
        """Return L(p)."""
        return np.asarray(ndtr(ndtri(np.asarray(p, np.float64)) - self.sigma))

    def slope(self, p: ArrayLike) -> Reals:
        """Return L'(p)."""
        return np.asarray(np.exp(self.sigma * (ndtri(np.asarray(p, np.float64)) - 0.5 * self.sigma)))

    def curvature(self, p: ArrayLike) -> Reals:
        """Return L''(p), for p between 0 and 1, both left out."""
        normal = ndtri(np.asarray(p, np.float64))
        return np.asarray(self.slope(p) * self.sigma * math.sqrt(2.0 * math.pi) * np.exp(0.5 * normal * normal))

    def rank(self, slope: float) -> float:
        """Return where L' is `slope`: the headcount for a line of `slope` times the mean."""
        return float(ndtr(math.log(slope) / self.sigma + 0.5 * self.sigma)) if slope > 0.0 else 0.0

    def square_below(self, p: float) -> float:
        """Return the integral of L' squared from 0 to p."""
        return math.exp(self.sigma**2) * float(ndtr(ndtri(p) - 2.0 * self.sigma))

    @property
    def gini(self) -> float:
        """2 Phi(sigma / sqrt 2) - 1."""
        return math.erf(0.5 * self.sigma)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """None: it is a Lorenz curve for every sigma."""
        return ()


def lognormal_with_gini(gini: float) -> LognormalLorenz:
    """Return the lognormal Lorenz curve with a Gini coefficient between 0 and 1, both left out."""
    if not 0.0 < gini < 1.0:
        raise UndefinedMeasure(f"the Gini is {gini}, expected a number between 0 and 1")
    return LognormalLorenz(math.sqrt(2.0) * float(ndtri(0.5 * (1.0 + gini))))
