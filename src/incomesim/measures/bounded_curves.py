"""Curves of binned incomes with the bounds of every point: what `bounded` says of one rank, at many ranks at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.bounds import ROUNDING
from incomesim.measures.ranked import Binned, Ranked

__all__ = ["BoundedCurve", "bounded_growth", "bounded_lorenz"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BoundedCurve:
    """Numbers, and the lowest and highest each can be, all of the same shape; low <= value <= high."""

    value: Reals
    low: Reals
    high: Reals

    @property
    def bound(self) -> Reals:
        """The largest possible distances from the true numbers."""
        return np.maximum(self.high - self.value, self.value - self.low)

    def __sub__(self, other: BoundedCurve) -> BoundedCurve:
        return BoundedCurve(self.value - other.value, self.low - other.high, self.high - other.low)

    def __getitem__(self, part: slice | NDArray[np.bool_]) -> BoundedCurve:
        return BoundedCurve(self.value[part], self.low[part], self.high[part])


def bounded_lorenz(people: Binned, ranks: Reals) -> BoundedCurve:
    """Return the shares of all income of the poorest shares `ranks` (n,) of people.

    Raises UndefinedMeasure where the mean is not above 0.
    """

    def shares(view: Ranked, ranks: Reals) -> Reals:
        money = _money_below(view, np.append(ranks, 0.0))
        return np.asarray((money[:-1] - money[-1]) / (view.positive_mean * view.total_weight))

    return _by_transfers(shares, people, ranks) - _by_transfers(shares, people, np.zeros(1))


def bounded_growth(before: Binned, after: Binned, ranks: Reals) -> tuple[NDArray[np.bool_], BoundedCurve]:
    """Return where growth has a meaning, and there the relative differences of the means between ranks.

    `ranks` (n,) rise from 0 to 1; flags have shape (n - 1,). There is no growth from what is, or may be, 0 or less.
    """
    old, new = (_means_between(people, ranks) for people in (before, after))
    known = old.low > 0.0
    old, new = old[known], new[known]
    ends = np.array([end / divisor for end in (new.low, new.high) for divisor in (old.low, old.high)])
    ratio = BoundedCurve(new.value / old.value, ends.min(axis=0), ends.max(axis=0))
    return known, BoundedCurve(ratio.value - 1.0, ratio.low - 1.0, ratio.high - 1.0)


def _means_between(people: Binned, ranks: Reals) -> BoundedCurve:
    """Mean incomes between neighbouring ranks, proven in both orders, so they lie where both say."""
    width = np.diff(ranks)

    def per_person(view: Ranked, ranks: Reals) -> Reals:
        return np.asarray(_money_below(view, ranks) / view.total_weight)

    def means(view: Ranked) -> Reals:
        return np.asarray(np.diff(_money_below(view, ranks)) / (view.total_weight * width))

    money = _by_transfers(per_person, people, ranks)
    parts, scale = money[slice(1, None)] - money[slice(None, -1)], 1.0 / width
    by_incomes = _within(*(means(view) for view in (people.estimate, people.lowest, people.highest)))
    low, high = np.maximum(parts.low * scale, by_incomes.low), np.minimum(parts.high * scale, by_incomes.high)
    return _within(parts.value * scale, low, high)


def _by_transfers(measure: Callable[[Ranked, Reals], Reals], people: Binned, ranks: Reals) -> BoundedCurve:
    return _within(*(measure(view, ranks) for view in (people.estimate, people.equal, people.spread)))


def _money_below(people: Ranked, ranks: Reals) -> Reals:
    """Sums of income of the poorest shares of people; who stands at the cut is divided."""
    wanted = np.minimum(ranks, 1.0) * people.total_weight
    row = np.minimum(np.searchsorted(people.weight_below, wanted), len(people.income) - 1)
    return np.asarray(people.money_below[row] - (people.weight_below[row] - wanted) * people.income[row])


def _within(value: Reals, one: Reals, other: Reals) -> BoundedCurve:
    low, high = np.minimum(one, other), np.maximum(one, other)
    known = high - low <= ROUNDING * np.maximum(np.abs(low), np.abs(high))
    held = np.where(known, one, np.minimum(np.maximum(value, low), high))
    return BoundedCurve(held, np.where(known, one, low), np.where(known, one, high))
