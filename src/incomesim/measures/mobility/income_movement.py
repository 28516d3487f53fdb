"""How far incomes of the same people move, and whether by growth or from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns, positive_mean
from incomesim.measures.ladder import ladder
from incomesim.measures.ranked import UndefinedMeasure, weighted_sum

__all__ = ["Movement", "fields_ok", "fields_ok_log", "king"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Movement:
    """growth + transfer = the mean movement per person, without regard to direction."""

    growth: float
    transfer: float

    @property
    def total(self) -> float:
        """The mean movement."""
        return self.growth + self.transfer


def fields_ok(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> Movement:
    """Return the mean absolute change of income per person, in the unit of incomes, by growth and by transfer.

    Growth is the absolute change of the mean; transfer is twice what is lost by those who lose where the mean grows,
    and twice what is gained by those who gain where it shrinks. Source: Fields & Ok (1996), Journal of Economic
    Theory 71(2).
    """
    weights, old, new = columns(weight, before=before, after=after)
    return _movement(new - old, weights)


def fields_ok_log(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> Movement:
    """Return the mean absolute change of log income per person, by growth and by transfer as in `fields_ok`.

    About the mean relative change. Raises UndefinedMeasure unless all incomes are above 0. Source: Fields & Ok (1999),
    Economica 66(264).
    """
    weights, old, new = columns(weight, before=before, after=after)
    lowest = min(old.min(), new.min())
    if lowest <= 0.0:
        raise UndefinedMeasure(f"logs need incomes above 0; the lowest is {lowest:g}")
    return _movement(np.log(new) - np.log(old), weights)


def king(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None, *, aversion: float) -> float:
    """Return King's index of mobility: 1 - exp(-aversion times the mean change by re-ranking over the mean).

    The change by re-ranking is the distance between the income after and that of the place after which one's rank
    before would give; people of equal income before share the mean of their places. 0 where nobody changes place or
    `aversion` is 0, below 1. Raises UndefinedMeasure for an aversion below 0 or a mean after that is not above 0.
    Source: King (1983), Econometrica 51(1); per person as in Fields & Ok (1999), Handbook of Income Inequality
    Measurement.
    """
    weights, old, new = columns(weight, before=before, after=after)
    if not aversion >= 0.0:
        raise UndefinedMeasure(f"found aversion {aversion:g}, expected 0 or more")
    mean = positive_mean(new, weights)
    places = _at_old_ranks(old, new, weights)
    return 1.0 - float(np.exp(-aversion * weighted_sum(np.abs(places - new), weights) / (weights.sum() * mean)))


def _movement(change: Reals, weight: Reals) -> Movement:
    total = float(weight.sum())
    gained = weighted_sum(np.maximum(change, 0.0), weight) / total
    lost = weighted_sum(np.maximum(-change, 0.0), weight) / total
    return Movement(abs(gained - lost), 2.0 * min(gained, lost))


def _at_old_ranks(old: Reals, new: Reals, weight: Reals) -> Reals:
    """Return the mean income after (n,) of the places that the ranks before have."""
    before, after = ladder(old, weight), ladder(new, weight)
    money = np.append(0.0, np.cumsum(after.weight * after.value))
    below = np.interp(before.top * weight.sum(), np.append(0.0, np.cumsum(after.weight)), money)
    means = np.diff(below, prepend=0.0) / before.weight
    return np.asarray(means[before.rung])
