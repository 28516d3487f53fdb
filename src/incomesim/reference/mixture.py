"""Measures of a mixture of lognormals, in closed form (medians and quantiles: by a root of the distribution)."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

__all__ = [
    "Mixture", "below", "fgt", "gini", "mean", "mld", "part", "quantile", "share_of_poorest", "theil",
]  # fmt: skip

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mixture:
    """Parts (C): share of people, mean and standard deviation of their log income."""

    share: Reals
    location: Reals
    spread: Reals

    @property
    def means(self) -> Reals:
        """The mean of each part (C)."""
        found: Reals = np.exp(self.location + 0.5 * self.spread**2)
        return found

    @property
    def money(self) -> Reals:
        """The share of income of each part (C)."""
        found: Reals = self.share * self.means / mean(self)
        return found


def part(people: Mixture, chosen: NDArray[np.bool_]) -> Mixture:
    """Return the mixture of the parts that are `chosen` (C)."""
    share = people.share[chosen]
    return Mixture(share / share.sum(), people.location[chosen], people.spread[chosen])


def mean(people: Mixture) -> float:
    """Return the mean income."""
    return float(people.share @ people.means)


def below(people: Mixture, line: float) -> float:
    """Return the share of people below a line."""
    return float(people.share @ ndtr((np.log(line) - people.location) / people.spread))


def quantile(people: Mixture, p: float) -> float:
    """Return the income below which the share `p` of people is."""
    low, high = (people.location - 9.0 * people.spread).min(), (people.location + 9.0 * people.spread).max()
    return float(np.exp(brentq(lambda log: below(people, float(np.exp(log))) - p, low, high, xtol=1e-13)))


def gini(people: Mixture) -> float:
    """Return the Gini index: the mean of the larger of two incomes over the mean, less 1.

    The larger X of two lognormals X and Y brings E[X; X > Y] = mean(X) Phi((m_X - m_Y + s_X^2) / sqrt(s_X^2 + s_Y^2)).
    """
    variance = people.spread**2
    apart = people.location[:, None] - people.location[None, :] + variance[:, None]
    as_larger = people.means[:, None] * ndtr(apart / np.sqrt(variance[:, None] + variance[None, :]))
    return float(2.0 * people.share @ as_larger @ people.share / mean(people) - 1.0)


def theil(people: Mixture) -> float:
    """Return Theil's T: that of a lognormal is half its variance of logs."""
    return float(people.money @ (np.log(people.means / mean(people)) + 0.5 * people.spread**2))


def mld(people: Mixture) -> float:
    """Return the mean log deviation: that of a lognormal is half its variance of logs."""
    return float(np.log(mean(people)) - people.share @ people.location)


def fgt(people: Mixture, line: float, order: int) -> float:
    """Return the poverty index of Foster, Greer & Thorbecke of a whole order below a line."""
    found = 0.0
    for power in range(order + 1):
        moments = np.exp(power * people.location + 0.5 * power**2 * people.spread**2)
        depth = (np.log(line) - people.location) / people.spread - power * people.spread
        found += comb(order, power) * (-1.0 / line) ** power * float(people.share @ (moments * ndtr(depth)))
    return found


def share_of_poorest(people: Mixture, p: float) -> float:
    """Return the share of income that the poorest share `p` of people have."""
    log = np.log(quantile(people, p))
    return float(people.money @ ndtr((log - people.location) / people.spread - people.spread))
