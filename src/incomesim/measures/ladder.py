"""People on rungs: all of the same income on one, so that nothing depends on the order of equals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.ranked import weighted_sum

__all__ = ["Ladder", "ladder", "middle_ranks", "rank_covariance"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ladder:
    """Different incomes in rising order, `value` (m,), and the sum of weights `weight` (m,) that has each.

    `rung` (n,) tells for each person on which rung it stands.
    """

    value: Reals
    weight: Reals
    rung: NDArray[np.int64]

    @property
    def share(self) -> Reals:
        """The shares of people (m,) on each rung."""
        return np.asarray(self.weight / self.weight.sum())

    @property
    def top(self) -> Reals:
        """The shares of people (m,) up to and including each rung; the last is 1."""
        sums = np.cumsum(self.weight)
        return np.asarray(sums / sums[-1])

    @property
    def middle(self) -> Reals:
        """The middle ranks (m,) of the rungs, between 0 and 1."""
        sums = np.cumsum(self.weight)
        return np.asarray((sums - 0.5 * self.weight) / sums[-1])

    def sums(self, amount: Reals) -> Reals:
        """Return the sums (m,) of an amount (n,), weights included, on each rung."""
        return np.asarray(np.bincount(self.rung, amount, len(self.value)), np.float64)


def ladder(income: Reals, weight: Reals) -> Ladder:
    """Return the rungs on which people (n,) stand by their income."""
    value, rung = np.unique(income, return_inverse=True)
    return Ladder(value, np.asarray(np.bincount(rung, weight, len(value)), np.float64), rung)


def middle_ranks(income: Reals, weight: Reals) -> Reals:
    """Return the rank (n,) of each person, between 0 and 1: the middle of those with the same income.

    Their weighted mean is 1/2. Source: Lerman & Yitzhaki (1989), Journal of Econometrics 42(1).
    """
    steps = ladder(income, weight)
    return np.asarray(steps.middle[steps.rung])


def rank_covariance(amount: Reals, rank_by: Reals, weight: Reals) -> float:
    """Return the covariance of an amount (n,) and the middle rank in `rank_by`, exactly 0 for a constant amount."""
    if amount.min() == amount.max():
        return 0.0
    total = weight.sum()
    centred = amount - weighted_sum(amount, weight) / total
    return weighted_sum(centred, weight * (middle_ranks(rank_by, weight) - 0.5)) / float(total)
