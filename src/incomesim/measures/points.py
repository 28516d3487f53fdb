"""Where along the order of incomes a given number of people is reached."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.ranked import Ranked, Side

__all__ = ["Point", "point_at"]

Reals = NDArray[np.float64]


class Point(NamedTuple):
    """A row in order: its income, and the sums of weight and of weight times income up to and including it."""

    income: float
    weight_below: float
    money_below: float


def point_at(people: Ranked, wanted: float, side: Side = "left") -> Point:
    """Return the first row with at least so many people up to it ("left") or with more ("right"), or the last row.

    Large arrays that are not sorted yet stay so: the row is found by narrowing down.
    """
    if not people.large or people.chosen is not None:  # a group that stands side by side
        return _among(people.income, people.weight_below, people.money_below, wanted, side)
    if not people.is_sorted:
        from incomesim.measures.narrowing import narrow_down

        return Point(*narrow_down(people.listed, people.counts, wanted, side))
    below, money = people.steps.weight, people.steps.money
    block = min(int(np.searchsorted(below[1:], wanted, side=side)), len(below) - 2)
    income, weight = people.block(block)
    return _among(income, below[block] + np.cumsum(weight), money[block] + np.cumsum(weight * income), wanted, side)


def _among(income: Reals, below: Reals, money: Reals, wanted: float, side: Side) -> Point:
    row = min(int(np.searchsorted(below, wanted, side=side)), len(income) - 1)
    return Point(float(income[row]), float(below[row]), float(money[row]))
