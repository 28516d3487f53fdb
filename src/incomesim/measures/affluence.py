"""Affluence above a line, the mirror of poverty.

Source: Peichl, Schaefer & Scheicher (2010), Review of Income and Wealth 56(3).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import above
from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked, weighted_sum

__all__ = ["affluence_concave", "affluence_convex", "affluence_gap"]


def affluence_convex(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float) -> float:
    """Return the mean over all people of ((y - line) / line) ** order for those strictly above the line, 0 for others.

    `order` is above 1, so the measure falls where a rich person gives to a less rich one. Without upper limit. Raises
    UndefinedMeasure for a line that is not above 0 or an order that is not above 1.
    """
    above(1.0, "order", order)
    return _mean_of_rich(income, weight, line, lambda reached: (1.0 / reached - 1.0) ** order)


def affluence_gap(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float) -> float:
    """Return the mean over all people of ((y - line) / y) ** order for those strictly above the line, 0 for others.

    `order` goes from 0, the share of the rich, to 1; above 0 the measure rises where a rich person gives to a less rich
    one. Between 0 and 1. Raises UndefinedMeasure for a line that is not above 0 or another order.
    """
    if not 0.0 <= order <= 1.0:
        raise UndefinedMeasure(f"found order {order:g}, expected 0 to 1; above it take affluence_convex")
    return _mean_of_rich(income, weight, line, lambda reached: (1.0 - reached) ** order)


def affluence_concave(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float) -> float:
    """Return the mean over all people of 1 - (line / y) ** order for those strictly above the line, 0 for others.

    `order` is above 0; the measure rises where a rich person gives to a less rich one. Between 0 and 1. Raises
    UndefinedMeasure for a line or an order that is not above 0.
    """
    above(0.0, "order", order)
    return _mean_of_rich(income, weight, line, lambda reached: 1.0 - reached**order)


def _mean_of_rich(
    income: Incomes, weight: ArrayLike | None, line: float, of: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> float:
    """The mean of a function of line / y over the rich, times their share."""
    above(0.0, "line", line)
    people = ranked(income, weight)
    rich = int(np.searchsorted(people.income, line, side="right"))
    return weighted_sum(of(line / people.income[rich:]), people.weight[rich:]) / people.total_weight
